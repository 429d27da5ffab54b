"""Follow-up, the effect: pilot against comparison, what is believed now, how far raters agree."""

from __future__ import annotations

from workbook import words
from workbook.results import Effect, EffectSize, Facts, Followup
from workbook.view.figure import Figure
from workbook.view.figures import build
from workbook.words import Words

SMALLEST_P = 0.001


def effect(followup: Followup, facts: Facts) -> Figure:
    """Pilot against comparison with its interval, beside target and break-even."""
    say = Words.of(facts)
    found = followup.effect
    if found.ancova is None:
        return build.gap(key="followup-effect", title="Effect of the pilot: not known", why=found.why)
    wide = say.between(found.low, found.high, say.effect)
    title = f"The pilot moved ratings by {say.effect(found.ancova)}" + (
        f" against a target of {say.effect(found.target)}" if found.target is not None else ""
    )
    if found.answer != "works":
        title += f": {found.answer}"
    rows = [
        {"label": label, "value": at, "low": low, "high": high, "said": say.effect(at), "detail": detail}
        for label, at, low, high, detail in (
            ("Adjusted", found.ancova, found.low, found.high, wide),
            ("Difference of\ngains", found.did, found.did_low, found.did_high,
             say.between(found.did_low, found.did_high, say.effect)),
        )
        if at is not None
    ]  # fmt: skip
    marks = [
        {"at": at, "name": f"{label} {say.number(at, 2)}", "line": line}
        for line, (at, label) in enumerate(
            sorted(
                (at, label)
                for at, label in ((found.target, "target"), (found.break_even, "break-even"))
                if at is not None
            )
        )
    ]
    axis = build.plain_axis("Standard deviations of the baseline score")
    x = build.value("value", axis, scale={"zero": True, "nice": True})
    spec = build.base(
        [
            {
                "mark": {"type": "rule", "style": "whisker"},
                "encoding": {
                    "y": build.labels_y(),
                    "x": {**x, "field": "low"},
                    "x2": {"field": "high"},
                },
            },
            {
                "mark": {"type": "point", "size": 140},
                "encoding": {
                    "y": build.labels_y(),
                    "x": x,
                    "tooltip": build.tips(("label", "Estimate"), ("said", "Effect"), ("detail", "80% interval")),
                },
            },
            *(
                {
                    "data": {"name": "marks"},
                    "mark": {"type": "rule", "style": "second-rule"},
                    "encoding": {"x": {"field": "at", "type": "quantitative"}},
                }
                for _ in marks[:1]
            ),
            *(
                {
                    "data": {"name": "marks"},
                    "transform": [{"filter": f"datum.line == {line}"}],
                    "mark": {"type": "text", "style": "second-text", "align": side, "dx": gap, "y": 8},
                    "encoding": {
                        "x": {"field": "at", "type": "quantitative"},
                        "text": {"field": "name", "type": "nominal"},
                    },
                }
                for line, side, gap in ((0, "right", -4), (1, "left", 4))[: len(marks)]
            ),
            build.zero_line("x"),
        ],
        height={"step": 64},
    )
    arms = f"{found.leaders[0]} leaders against {found.leaders[1]}" if found.leaders else ""
    return build.figure(
        key="followup-effect",
        title=title,
        text=f"{title} ({wide or 'no interval'}, 80% interval). {followup.finding} {found.answer_words} "
        f"{words.sentence(arms)} {words.sentence(found.design)} {' '.join(found.warnings)}",
        note=" ".join(
            [f"Adjusted for the baseline (ANCOVA); lines: 80% intervals. Design: {found.design}.", *found.warnings]
        ),
        spec=spec,
        data={"rows": rows, "marks": marks},
        columns=("Estimate", "Value"),
        table=[
            ("Adjusted for the baseline", say.effect(found.ancova)),
            ("80% interval", say.span(found.low, found.high, say.effect)),
            ("95% interval", say.span(found.low95, found.high95, say.effect)),
            ("What that says", found.answer_words or found.answer),
            ("Difference in differences", say.effect(found.did)),
            ("Standardised difference of gains (Morris)", say.effect(found.d_ppc)),
            ("By the draw of lots alone", _chance(found, say)),
            ("Target", say.effect(found.target)),
            ("Break-even", say.effect(found.break_even)),
            ("Leaders", arms),
            ("What participants say (not added)", _participants(found, say)),
        ],
        height=64 * len(rows) + 60,
    )


def _chance(found: Effect, say: Words) -> str:
    if found.chance is None:
        return "not tested: nobody says that places were drawn by lot"
    how = "all" if found.chance.exact else "of"
    small = found.chance.p_value < SMALLEST_P
    size = f"p below {say.number(SMALLEST_P, 3)}" if small else f"p = {say.number(found.chance.p_value, 3)}"
    return f"{size} ({how} {say.count(found.chance.arms)} draws)"


def _participants(found: Effect, say: Words) -> str:
    said = found.participants
    if said is None:
        return "not asked"
    return (
        f"{say.money(said.each_money)} a year each, after their own share and confidence; {said.answers} of "
        f"{say.count(said.participants, 'participant')} answered, the others count as nothing"
    )


def update(followup: Followup, facts: Facts) -> Figure:
    """What was believed before the pilot and what is believed after it."""
    say = Words.of(facts)
    found = followup.update
    if found.prior is None or found.posterior is None:
        return build.gap(key="followup-update", title="Before and after the pilot: not known", why=found.why)
    pairs = (("Before", found.prior), ("After", found.posterior))
    title = (
        f"The expected effect moves from {say.effect(found.prior.d_p50)} to "
        f"{say.effect(found.posterior.d_p50)}; net value from {say.money(found.prior.npv_p50)} to "
        f"{say.money(found.posterior.npv_p50)}"
    )
    rows = [
        {
            "label": label,
            "value": size.d_p50,
            "low": size.d_p10,
            "high": size.d_p90,
            "end": size.d_p90,
            "said": say.effect(size.d_p50),
            "interval": say.span(size.d_p10, size.d_p90, say.effect),
        }
        for label, size in pairs
    ]
    axis = build.plain_axis("Effect, SD")
    x = build.value("value", axis)
    spec = build.base(
        [
            {
                "mark": {"type": "rule", "style": "whisker"},
                "encoding": {"y": build.labels_y(), "x": {**x, "field": "low"}, "x2": {"field": "high"}},
            },
            {
                "mark": {"type": "point", "size": 140},
                "encoding": {
                    "y": build.labels_y(),
                    "x": x,
                    "tooltip": build.tips(("label", "When"), ("said", "Median"), ("interval", "8 in 10 draws")),
                },
            },
            build.value_text(axis),
            build.zero_line("x"),
        ],
        height={"step": 46},
    )
    conflict = ""
    if found.conflict_z is not None and abs(found.conflict_z) > 2.5:
        conflict = " The result contradicts the assumptions: check both before you act."
    return build.figure(
        key="followup-update",
        title=title,
        text=f"{title}.{conflict} " + " ".join(_size_sentence(label, size, say) for label, size in pairs),
        note="Points: median; lines: 8 in 10 draws. The same draws as before, reweighted by the pilot's result.",
        spec=build.with_room(spec, axis),
        data=build.padded(rows, share=0.25),
        columns=("When", "Effect, median", "8 in 10 draws", "Net value", "ROI", "Payback"),
        table=[
            (
                label,
                say.effect(s.d_p50),
                say.span(s.d_p10, s.d_p90, say.effect),
                say.money_full(s.npv_p50),
                say.percent(s.roi_percent_p50),
                say.payback(s.payback_month_p50),
            )
            for label, s in pairs
        ],
        height=150,
    )


def _size_sentence(label: str, size: EffectSize, say: Words) -> str:
    return f"{label}: ROI {say.percent(size.roi_percent_p50)}, payback {say.payback(size.payback_month_p50)}."


def reliability(followup: Followup, facts: Facts) -> Figure:
    """How far raters agree, in words."""
    say = Words.of(facts)
    found = followup.reliability
    if found.icc1 is None:
        return build.gap(key="followup-reliability", title="Rater agreement: not known", why=found.why)
    title = f"Rater agreement: {found.words[:1].lower() + found.words[1:]}".rstrip(".")
    return build.figure(
        key="followup-reliability",
        title=title,
        text=f"{title}. One rater tells {say.share(found.icc1)} of the difference between leaders; the mean of "
        f"{say.number(found.k0)} raters tells {say.share(found.icck)}.",
        note="One-way intraclass correlation of direct reports' ratings at baseline; 95% limits.",
        columns=("Measure", "Value", "95% limits", "What it means"),
        table=[
            *(
                (
                    words.sentence(one.measure).rstrip("."),
                    say.number(one.value, 2),
                    say.span(one.low, one.high, lambda v: say.number(v, 2)) if one.low is not None else "",
                    words.sentence(one.words),
                )
                for one in found.readings
            ),
            ("Leaders", say.count(found.leaders), "", f"{say.number(found.k0)} raters each"),
            (
                "Raters a leader for .70",
                say.number(found.raters_wanted, 1) if found.raters_wanted is not None else words.NOT_KNOWN,
                "",
                "Scores are shown from five raters on; decisions about one leader need six.",
            ),
        ],
        height=0,
    )
