"""Week 2, what we do not know: tornado, value of information and the assumptions with their sources."""

from __future__ import annotations

from workbook import words
from workbook.results import AssumptionUse, Facts, Week2
from workbook.view import sentences
from workbook.view.figure import Figure
from workbook.view.figures import build
from workbook.words import Words

SHOWN = 10
NAUGHT_MONEY = 0.5
"""Less is worded as nothing."""


def figures(week2: Week2, facts: Facts) -> tuple[Figure, ...]:
    """Tornado, information, assumptions."""
    return (tornado(week2, facts), information(week2, facts), assumptions(week2, facts))


def tornado(week2: Week2, facts: Facts) -> Figure:
    """Net value with one input at its low and at its high, others at their value."""
    say = Words.of(facts)
    bars = sorted(week2.information.tornado, key=lambda bar: -abs(bar.npv_high - bar.npv_low))
    unstated = "no return can be stated yet" if sentences.unstated(week2) else ""
    if unstated or not bars:
        why = unstated or "no plan was valued"
        return build.gap(key="week2-tornado", title="What moves the result: insufficient data", why=why)
    top = bars[0]
    low, high = sorted((top.npv_low, top.npv_high))
    title = f"{top.label} moves the result most: from {say.money(low)} to {say.money(high)}"
    units = {use.name: use.unit for use in week2.assumptions}
    rows = [
        {
            "label": words.label(bar.label, words.LONG_LABEL_LIMIT, 26),
            "value": npv,
            "other": other,
            "end": side,
            "at": f"{side}: {say.assumption(at, units.get(bar.name, ''))}",
            "said": say.money(npv),
        }
        for bar in bars[:SHOWN]
        for side, at, npv, other in (
            ("At its low", bar.low_value, bar.npv_low, bar.npv_high),
            ("At its high", bar.high_value, bar.npv_high, bar.npv_low),
        )
    ]
    axis = build.money_axis(say, "Net present value of the chosen plan")
    spec = build.base(
        [
            {
                "mark": {"type": "rule", "style": "whisker"},
                "transform": [{"filter": "datum.end == 'At its low'"}],
                "encoding": {"y": build.labels_y(), "x": build.value("value", axis), "x2": {"field": "other"}},
            },
            {
                "mark": {"type": "point", "size": 110},
                "encoding": {
                    "y": build.labels_y(),
                    "x": build.value("value", axis),
                    "color": {
                        "field": "end",
                        "type": "nominal",
                        "scale": {"domain": ["At its high", "At its low"], "range": "category"},
                        "legend": {"title": None},
                    },
                    "shape": {
                        "field": "end",
                        "type": "nominal",
                        "scale": {"domain": ["At its high", "At its low"], "range": ["circle", "diamond"]},
                        "legend": {"title": None},
                    },
                    "tooltip": build.tips(("label", "Input"), ("at", "Value"), ("said", "Net value")),
                },
            },
            build.zero_line("x"),
        ],
        height={"step": 44},
    )
    return build.figure(
        key="week2-tornado",
        title=title,
        text=f"{title}. "
        + " ".join(
            f"{b.label}: {say.money(b.npv_low)} at its low, {say.money(b.npv_high)} at its high." for b in bars[1:5]
        ),
        note="One input at a time at its low and its high, the others at their value.",
        spec=spec,
        rows=rows,
        columns=("Input", "Low", "High", "Net value at low", "Net value at high"),
        table=[
            (
                bar.label,
                say.assumption(bar.low_value, units.get(bar.name, "")),
                say.assumption(bar.high_value, units.get(bar.name, "")),
                say.money_full(bar.npv_low),
                say.money_full(bar.npv_high),
            )
            for bar in bars
        ],
        height=44 * min(len(bars), SHOWN) + 80,
    )


def information(week2: Week2, facts: Facts) -> Figure:
    """What it would be worth to learn one input before deciding."""
    say = Words.of(facts)
    found = week2.information
    bars = sorted(found.evppi.values(), key=lambda bar: -bar.evppi)
    unstated = "first the tables that are missing" if sentences.unstated(week2) else ""
    if found.evpi is None or unstated or not bars:
        why = unstated or "no decision was valued"
        return build.gap(key="week2-information", title="What to find out first: insufficient data", why=why)
    top = bars[0]
    worth = top.evppi > top.noise and top.evppi > 0
    heard = [bar for bar in bars if bar.evppi > max(bar.noise, NAUGHT_MONEY)]
    drawn = (heard or bars[:1])[:SHOWN]
    title = (
        f"Find out first: {top.label[:1].lower() + top.label[1:]}, worth up to {say.money(top.evppi)}"
        if worth
        else "No single unknown is worth measuring before deciding"
    )
    rows = [
        {
            "label": words.label(bar.label, words.LONG_LABEL_LIMIT, 26),
            "value": bar.evppi,
            "low": None,
            "high": None,
            "end": bar.evppi,
            "said": say.money(bar.evppi) if bar.evppi > bar.noise else f"{say.money(bar.evppi)}, no more than noise",
        }
        for bar in drawn
    ]
    left = len(bars) - len(heard)
    besides = (
        f" For {left} of {len(bars)} inputs it is nothing or no more than noise; the table lists them." if left else ""
    )
    axis = build.money_axis(say, "Worth of knowing it exactly")
    spec = build.plain_bars(axis=axis, tooltip=build.tips(("label", "Input"), ("said", "Worth up to")), step=44)
    return build.figure(
        key="week2-information",
        title=title,
        text=f"{title}. Knowing everything would be worth {say.money(found.evpi)}. "
        + " ".join(f"{bar.label}: {say.money(bar.evppi)}." for bar in drawn[1:4])
        + besides,
        note="Expected gain from knowing one input exactly before deciding; the table sets beside it the same estimate "
        f"with the input shuffled (noise). Knowing everything is the upper limit.{besides}",
        spec=build.with_room(spec, axis),
        data=build.padded(rows, share=0.5),
        columns=("Input", "Worth up to", "Noise"),
        table=[(bar.label, say.money_full(bar.evppi), say.money_full(bar.noise)) for bar in bars],
        height=44 * len(drawn) + 50,
    )


def assumptions(week2: Week2, facts: Facts) -> Figure:
    """Every assumption as it was used, with its range and source."""
    say = Words.of(facts)
    used = week2.assumptions
    if not used:
        return build.gap(key="week2-assumptions", title="Assumptions: none used", why="nothing was valued")
    own = [use for use in used if use.changed_by]
    judged = sum(words.judged(use.evidence) for use in used)
    title = (
        f"{say.count(len(used), 'assumption')}: {len(own)} set by the client or measured, {judged} resting on judgement"
    )
    return build.figure(
        key="week2-assumptions",
        title=title,
        text=f"{title}. " + " ".join(f"{use.label}: {say.assumption(use.value, use.unit)}." for use in own),
        note="Each has one value and one range, used by every figure here. Unchanged ones are the shipped values.",
        columns=("Assumption", "Value", "Low", "High", "Set by", "Evidence", "Source"),
        table=[
            (
                use.label,
                say.assumption(use.value, use.unit),
                say.assumption(use.low, use.unit, bare=True),
                say.assumption(use.high, use.unit, bare=True),
                _set_by(use),
                use.evidence,
                use.source,
            )
            for use in used
        ],
        height=0,
    )


def _set_by(use: AssumptionUse) -> str:
    if use.defaulted_for:
        return f"shipped value, for want of {words.name(use.defaulted_for).lower()}"
    return {"client": "the client", "scenario": "this scenario", "measured": "measured"}.get(
        use.changed_by or "", "shipped value"
    )
