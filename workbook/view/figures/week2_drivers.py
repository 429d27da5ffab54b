"""Week 2, what drives the result: shares of the spread, groups of unknowns, what losing draws share."""

from __future__ import annotations

from workbook import words
from workbook.results import Drivers, Facts, Stress, Week2
from workbook.view import sentences
from workbook.view.figure import Figure
from workbook.view.figures import build
from workbook.words import Words

SHOWN = 8
ABSENT = "it was not computed for this run"
YET = "no return can be stated yet"


def figures(week2: Week2, facts: Facts) -> tuple[Figure, ...]:
    """Drivers, groups of unknowns, stress test."""
    return (drivers(week2, facts), groups(week2, facts), stress(week2, facts))


def drivers(week2: Week2, facts: Facts) -> Figure:
    """How much of the spread of the plan's net value each input accounts for, alone and with others."""
    say = Words.of(facts)
    found = week2.information.drivers
    if found is None or not found.inputs or sentences.unstated(week2):
        why = YET if sentences.unstated(week2) else ABSENT if found is None else "nothing that varies changes the plan"
        return build.gap(key="week2-drivers", title="What drives the result: insufficient data", why=why)
    top = found.inputs[0]
    title = f"{top.label} accounts for {say.share(max(top.first, 0.0))} of the uncertainty in the plan's net value"
    shown = found.inputs[:SHOWN]
    rows = build.room(
        [
            {
                "label": words.label(d.label, words.LONG_LABEL_LIMIT, 26),
                "value": max(d.total, 0.0),
                "low": d.total_low,
                "high": d.total_high,
                "said": say.share(max(d.total, 0.0)),
                "alone": say.share(max(d.first, 0.0)),
                "interval": say.span(d.total_low, d.total_high, say.share),
                "rank": say.number(d.rank_coefficient, 2),
            }
            for d in shown
        ],
        "value",
        "high",
    )
    axis = build.share_axis("Share of the spread, with what it does together with others")
    spec = build.interval_bars(
        axis=axis,
        tooltip=build.tips(
            ("label", "Input"),
            ("said", "Whole share"),
            ("interval", "90% interval"),
            ("alone", "Alone"),
            ("rank", "Rank coefficient"),
        ),
        step=44,
    )
    idle = _idle(found, week2)
    return build.figure(
        key="week2-drivers",
        title=title,
        text=f"{title} ({say.between(top.first_low, top.first_high, say.share)}, 90% interval). "
        + " ".join(f"{d.label}: {say.share(max(d.first, 0.0))}." for d in shown[1:4])
        + f" Interactions: {say.share(max(found.interaction_share, 0.0))}. {idle} {found.note}",
        note=f"Bars: whole share of the spread of net value (Sobol); lines: 90% intervals. {found.note}",
        spec=build.with_room(spec, axis),
        data=build.padded(rows, share=0.2),
        columns=("Input", "Alone", "90% interval", "With others", "90% interval", "Rank coefficient"),
        table=[
            (
                d.label,
                say.share_full(max(d.first, 0.0)),
                say.span(d.first_low, d.first_high, say.share_full),
                say.share_full(max(d.total, 0.0)),
                say.span(d.total_low, d.total_high, say.share_full),
                say.number(d.rank_coefficient, 2),
            )
            for d in found.inputs
        ]
        + ([("Changes nothing in this plan", idle, "", "", "", "")] if idle else []),
        height=44 * len(rows) + 50,
    )


def _idle(found: Drivers, week2: Week2) -> str:
    labels = {use.name: use.label for use in week2.assumptions}
    idle = [words.lower_first(labels.get(name, words.name(name))) for name in found.zero_effect]
    return f"Without effect on this plan: {words.listing(idle)}." if idle else ""


def groups(week2: Week2, facts: Facts) -> Figure:
    """What it would be worth to learn a group of inputs together."""
    say = Words.of(facts)
    found = sorted(week2.information.groups, key=lambda group: -group.evppi)
    if not found or sentences.unstated(week2):
        why = "first the tables that are missing" if sentences.unstated(week2) else ABSENT
        return build.gap(key="week2-groups", title="What kind of study would pay: insufficient data", why=why)
    labels = {use.name: use.label for use in week2.assumptions}
    top = found[0]
    title = (
        f"A study of {words.lower_first(top.label)} would be worth up to {say.money(top.evppi)}"
        if top.evppi > max(top.noise, 0.5)
        else "No kind of study is worth its while before deciding"
    )
    rows = [
        {
            "label": words.label(group.label, words.LONG_LABEL_LIMIT, 26),
            "value": group.evppi,
            "end": group.evppi,
            "said": say.money(group.evppi) + (", no more than noise" if 0.5 < group.evppi <= group.noise else ""),
            "inputs": say.count(len(group.inputs), "input"),
        }
        for group in found
    ]
    axis = build.money_axis(say, "Worth of knowing the whole group exactly")
    spec = build.plain_bars(
        axis=axis, tooltip=build.tips(("label", "Group"), ("said", "Worth up to"), ("inputs", "Inputs")), step=44
    )
    return build.figure(
        key="week2-groups",
        title=title,
        text=f"{title}. " + " ".join(f"{g.label}: {say.money(g.evppi)}." for g in found),
        note="Expected gain from knowing all inputs of a group before deciding. A group is what one study, audit or "
        "quote could answer; groups do not add up.",
        spec=build.with_room(spec, axis),
        data=build.padded(rows, share=0.45),
        columns=("Group", "Worth up to", "Noise", "Inputs"),
        table=[
            (
                g.label,
                say.money_full(g.evppi),
                say.money_full(g.noise),
                words.sentence("; ".join(words.lower_first(labels.get(name, words.name(name))) for name in g.inputs)),
            )
            for g in found
        ],
        height=44 * len(rows) + 50,
    )


def stress(week2: Week2, facts: Facts) -> Figure:
    """What the draws in which the plan loses money have in common."""
    say = Words.of(facts)
    found = week2.information.stress
    if found is None or sentences.unstated(week2):
        why = YET if sentences.unstated(week2) else ABSENT
        return build.gap(key="week2-stress", title="What would make it fail: insufficient data", why=why)
    title = _failing(found, say)
    if not found.conditions:
        return build.figure(
            key="week2-stress",
            title=title,
            text=f"{title}. {' '.join(words.sentence(text) for text in found.sentences)}",
            columns=("What losing draws have in common",),
            table=[(words.sentence(text),) for text in found.sentences],
            height=0,
        )
    units = sentences.units_of(week2.assumptions)
    named = [
        (c, f"{c.label} at {say.assumption(c.threshold, units.get(c.name, ''))} or {'less' if c.below else 'more'}")
        for c in found.conditions
    ]
    rows = [
        {
            "label": words.label(text, 90, 30),
            "value": share,
            "what": what,
            "said": f"{say.chance(share)} of {what.lower()}",
        }
        for c, text in named
        for what, share in (("Losing draws", c.share_losing), ("All draws", c.share_all))
    ]
    spec = build.base(
        [
            {
                "mark": {"type": "bar", "height": {"band": 0.85}},
                "encoding": {
                    "y": build.labels_y(),
                    "yOffset": {"field": "what", "type": "nominal", "sort": None},
                    "x": build.value("value", build.share_axis("Share of draws"), scale={"domain": [0, 1]}),
                    "color": {
                        "field": "what",
                        "type": "nominal",
                        "scale": {"domain": ["All draws", "Losing draws"], "range": "category"},
                        "legend": {"title": None},
                    },
                    "tooltip": build.tips(("label", "Condition"), ("said", "Holds in")),
                },
            }
        ],
        height={"step": 30},
    )
    return build.figure(
        key="week2-stress",
        title=title,
        text=f"{title}. {' '.join(words.sentence(text) for text in found.sentences)}",
        note="Reverse stress test: of the draws in which the plan loses money, the share in which each condition "
        "holds, beside its share of all draws.",
        spec=spec,
        rows=rows,
        columns=("Condition", "Of losing draws", "Of all draws", "Shift"),
        table=[
            (text, say.chance(c.share_losing), say.chance(c.share_all), say.number(c.shift, 2)) for c, text in named
        ],
        height=66 * len(named) + 80,
    )


def _failing(found: Stress, say: Words) -> str:
    odds = f"The plan loses money in {say.chance(found.p_loss)} of draws"
    if not found.conditions:
        return odds
    first = found.conditions[0]
    return f"{odds}, mostly with a {'low' if first.below else 'high'} {words.lower_first(first.label)}"
