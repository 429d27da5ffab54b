"""Follow-up: is it working, for whom, is it lasting, what next."""

from __future__ import annotations

from workbook.results import EffectSize, Facts, Followup, GrowthPoint
from workbook.view import words
from workbook.view.figure import Figure, Tile
from workbook.view.figures import build
from workbook.view.words import Words

ARMS = ("pilot", "comparison", "all")


def figures(followup: Followup, facts: Facts) -> tuple[Figure, ...]:
    """Every figure of the page, in order."""
    return (
        *growth_lines(followup, facts),
        growth(followup, facts),
        effect(followup, facts),
        update(followup, facts),
        reliability(followup, facts),
        kpis(followup, facts),
        calendar(followup, facts),
    )


def tiles(followup: Followup, facts: Facts) -> tuple[Tile, ...]:
    """Decision, effect, its new return, rater agreement."""
    say = Words.of(facts)
    found, posterior = followup.effect, followup.update.posterior
    return (
        build.tile(
            key="decision",
            label="Decision",
            value=words.name(followup.decision),
            note=words.sentence(" ".join(followup.decision_reasons)),
        ),
        build.tile(
            key="effect",
            label="Effect of the pilot",
            value=say.effect(found.ancova),
            note=f"target {say.effect(found.target)}" if found.ancova is not None else words.sentence(found.why or ""),
        ),
        build.tile(
            key="roi",
            label="ROI now expected",
            value=say.percent(posterior.roi_percent_p50 if posterior else None),
            note=f"payback {say.payback(posterior.payback_month_p50)}"
            if posterior
            else words.sentence(followup.update.why or ""),
        ),
        build.tile(
            key="agreement",
            label="Raters",
            value=say.count(followup.reliability.leaders, "leader"),
            note=followup.reliability.words,
        ),
    )


def growth_lines(followup: Followup, facts: Facts) -> tuple[Figure, ...]:
    """One chart a competency: pilot against comparison, day by day, with intervals."""
    competencies = list(dict.fromkeys(point.competency for point in followup.points))
    if not competencies:
        return (
            build.gap(key="followup-growth-lines", title="Scores over time: nothing to show yet", why=followup.why),
        )
    return tuple(_competency(followup, facts, competency, i) for i, competency in enumerate(competencies))


def _competency(followup: Followup, facts: Facts, competency: str, index: int) -> Figure:
    say = Words.of(facts)
    key = f"followup-competency-{index + 1}"
    points = [point for point in followup.points if point.competency == competency]
    shown = sorted(
        (p for p in points if p.mean is not None),
        key=lambda p: (ARMS.index(p.arm) if p.arm in ARMS else 9, p.wave_days),
    )
    growth = followup.growth.get(competency)
    pattern = growth.pattern if growth else "insufficient data"
    if not shown:
        why = words.WITHHELD if any(p.suppressed for p in points) else (growth.why if growth else None)
        return build.gap(key=key, title=f"{competency}: insufficient data", why=why)
    gain = "" if growth is None or growth.gain is None else f", {_signed(growth.gain, say)} by day 30"
    title = f"{competency}: {pattern}{gain}"
    rows = [
        {
            "day": p.wave_days,
            "mean": p.mean,
            "low": p.low,
            "high": p.high,
            "arm": words.name(p.arm),
            "said": say.score(p.mean),
            "interval": say.span(p.low, p.high, say.score),
            "n": f"{say.count(p.leaders, 'leader')}, {say.count(p.raters, 'rater')}",
        }
        for p in shown
    ]
    x = build.value(
        "day", build.plain_axis("Days from the start", values=sorted({p.wave_days for p in shown}), grid=False)
    )
    axis = build.plain_axis("Mean score")
    y = build.value("mean", axis, scale={"zero": False, "nice": True, "padding": 10})
    arms = {
        "field": "arm",
        "type": "nominal",
        "legend": {"title": None, "values": [words.name(arm) for arm in ARMS if any(p.arm == arm for p in shown)]},
        "scale": {"domain": ["Pilot", "Comparison", "Everyone"], "range": "category"},
    }
    bars = {
        "mark": {"type": "rule", "strokeWidth": 1.5, "opacity": 0.6},
        "transform": [{"filter": "isValid(datum.low) && isValid(datum.high)"}],
        "encoding": {"x": x, "y": {**y, "field": "low"}, "y2": {"field": "high"}, "color": arms},
    }
    tooltip = build.tips(("arm", "Arm"), ("day", "Day"), ("said", "Mean"), ("interval", "90% interval"), ("n", "n"))
    spec = build.base(
        [
            bars,
            {"mark": {"type": "line"}, "encoding": {"x": x, "y": y, "color": arms}},
            {"mark": {"type": "point", "size": 60}, "encoding": {"x": x, "y": y, "color": arms, "tooltip": tooltip}},
        ],
        height=200,
    )
    return build.figure(
        key=key,
        title=title,
        text=f"{title}. "
        + " ".join(
            _arm_sentence(arm, [p for p in shown if p.arm == arm], say) for arm in dict.fromkeys(p.arm for p in shown)
        ),
        note="Direct reports' ratings; upright lines are 90% intervals over leaders.",
        spec=spec,
        rows=rows,
        columns=("Arm", "Day", "Mean", "90% interval", "Leaders", "Raters"),
        table=[
            (
                words.name(p.arm),
                p.wave_days,
                words.WITHHELD if p.suppressed else say.score(p.mean),
                say.span(p.low, p.high, say.score),
                say.count(p.leaders),
                say.count(p.raters),
            )
            for p in points
        ],
        height=200,
    )


def _signed(value: float, say: Words) -> str:
    return ("+" if value > 0 else "") + say.score(value)


def _arm_sentence(arm: str, points: list[GrowthPoint], say: Words) -> str:
    steps = ", ".join(f"{say.score(p.mean)} on day {p.wave_days}" for p in points)
    return f"{words.name(arm)}: {steps}."


def growth(followup: Followup, facts: Facts) -> Figure:
    """Gain and maintenance by competency."""
    say = Words.of(facts)
    found = list(followup.growth.values())
    if not found:
        return build.gap(key="followup-growth", title="Gain and maintenance: nothing to show yet", why=followup.why)
    lasting = [g.competency for g in found if g.pattern in {"rising", "maintained"}]
    fading = [g for g in found if g.pattern == "decaying"]
    title = f"{len(lasting)} of {len(found)} competencies last" + (
        f"; {words.listing([g.competency for g in fading])} fade" + ("s" if len(fading) == 1 else "") if fading else ""
    )
    refreshers = " ".join(f"Refresh {g.competency} with {words.sentence(g.refresher)}" for g in fading if g.refresher)
    return build.figure(
        key="followup-growth",
        title=title,
        text=f"{title}. {refreshers}",
        note="Maintenance is the share of the day-30 gain still there on day 90, where the gain exceeds the error of measurement.",
        columns=(
            "Competency",
            "Pattern",
            "Gain by day 30",
            "Kept at day 90",
            "Error of measurement",
            "Comparison's gain",
            "Refresher",
        ),
        table=[
            (
                g.competency,
                g.pattern,
                _signed(g.gain, say) if g.gain is not None else words.NOT_KNOWN,
                say.share(g.maintenance),
                say.score(g.sem),
                _signed(g.comparison_gain, say) if g.comparison_gain is not None else words.NOT_KNOWN,
                g.refresher or g.why or "",
            )
            for g in found
        ],
        height=0,
    )


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
    rows = [
        {
            "label": "Effect",
            "value": found.ancova,
            "low": found.low,
            "high": found.high,
            "said": say.effect(found.ancova),
            "detail": wide,
            "tone": "plain",
        }
    ]
    marks = [
        {"at": at, "name": f"{label} {say.number(at, 2)}"}
        for label, at in (("target", found.target), ("break-even", found.break_even))
        if at is not None
    ]
    axis = build.plain_axis("Standard deviations of the baseline score")
    x = build.value("value", axis, scale={"zero": True, "nice": True})
    spec = build.base(
        [
            {
                "mark": {"type": "rule", "style": "whisker"},
                "encoding": {
                    "y": {**build.labels_y(), "axis": None},
                    "x": {**x, "field": "low"},
                    "x2": {"field": "high"},
                },
            },
            {
                "mark": {"type": "point", "size": 140},
                "encoding": {
                    "y": {**build.labels_y(), "axis": None},
                    "x": x,
                    "tooltip": build.tips(("said", "Effect"), ("detail", "80% interval")),
                },
            },
            {
                "data": {"name": "marks"},
                "mark": {"type": "rule", "style": "second-rule"},
                "encoding": {"x": {"field": "at", "type": "quantitative"}},
            },
            {
                "data": {"name": "marks"},
                "mark": {"type": "text", "style": "second-text", "align": "left", "dx": 4, "y": 8},
                "encoding": {
                    "x": {"field": "at", "type": "quantitative"},
                    "text": {"field": "name", "type": "nominal"},
                },
            },
            build.zero_line("x"),
        ],
        height={"step": 96},
    )
    arms = f"{found.leaders[0]} leaders against {found.leaders[1]}" if found.leaders else ""
    return build.figure(
        key="followup-effect",
        title=title,
        text=f"{title} ({wide or 'no interval'}, 80% interval). {followup.finding} {words.sentence(arms)} {words.sentence(found.design)}",
        note=f"Adjusted for the baseline (ANCOVA); line: 80% interval. Design: {found.design}.",
        spec=spec,
        data={"rows": rows, "marks": marks},
        columns=("Estimate", "Value"),
        table=[
            ("Adjusted for the baseline", say.effect(found.ancova)),
            ("80% interval", say.span(found.low, found.high, say.effect)),
            ("Difference in differences", say.effect(found.did)),
            ("Target", say.effect(found.target)),
            ("Break-even", say.effect(found.break_even)),
            ("Leaders", arms),
        ],
        height=150,
    )


def update(followup: Followup, facts: Facts) -> Figure:
    """What was believed before the pilot and what is believed after it."""
    say = Words.of(facts)
    found = followup.update
    if found.prior is None or found.posterior is None:
        return build.gap(key="followup-update", title="Before and after the pilot: not known", why=found.why)
    pairs = (("Before", found.prior), ("After", found.posterior))
    title = f"The expected effect moves from {say.effect(found.prior.d_p50)} to {say.effect(found.posterior.d_p50)}; net value from {say.money(found.prior.npv_p50)} to {say.money(found.posterior.npv_p50)}"
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
        columns=("Measure", "Value"),
        table=[
            ("Reliability of one rater, ICC(1)", say.number(found.icc1, 2)),
            ("95% limits", say.span(found.low, found.high, lambda v: say.number(v, 2))),
            ("Raters a leader", say.number(found.k0)),
            ("Reliability of the mean, ICC(k)", say.number(found.icck, 2)),
            ("Agreement within a team, r_wg(j), median", say.number(found.r_wgj, 2)),
            ("Agreement within a team, Lindell, median", say.number(found.lindell, 2)),
            ("Krippendorff's alpha", say.number(found.krippendorff_alpha, 2)),
            ("Leaders", say.count(found.leaders)),
        ],
        height=0,
    )


def kpis(followup: Followup, facts: Facts) -> Figure:
    """Key figures of the learning function."""
    say = Words.of(facts)
    found = followup.kpis
    if not found:
        return build.gap(key="followup-kpis", title="Key figures: none yet", why=followup.why)
    known = [kpi for kpi in found if kpi.value is not None and kpi.group != "activity"]
    title = f"{len(known)} of {len([k for k in found if k.group != 'activity'])} key figures of learning are known"
    return build.figure(
        key="followup-kpis",
        title=title,
        text=f"{title}. " + " ".join(f"{k.label}: {say.value(k.value, k.unit)}." for k in known),
        note="Completion and satisfaction are activity, never results.",
        columns=("Group", "Figure", "Value", "Remark"),
        table=[(words.name(k.group), k.label, say.value(k.value, k.unit), k.why or "") for k in found],
        height=0,
    )


def calendar(followup: Followup, facts: Facts) -> Figure:
    """Sessions held, postponed and cancelled, and why."""
    say = Words.of(facts)
    found = followup.calendar
    if not found:
        return build.gap(key="followup-calendar", title="Calendar: no sessions yet", why="no sessions were given")
    held, postponed, cancelled = (
        sum(getattr(line, status) for line in found) for status in ("held", "postponed", "cancelled")
    )
    title = f"{say.count(held, 'session')} held, {postponed} postponed, {cancelled} cancelled"
    statuses = ("held", "planned", "postponed", "cancelled")
    rows = [
        {
            "label": words.label(line.programme),
            "status": words.name(status),
            "value": getattr(line, status),
            "rank": rank,
        }
        for line in found
        for rank, status in enumerate(statuses)
    ]
    spec = build.base(
        [
            {
                "mark": {"type": "bar", "height": {"band": 0.6}, "cornerRadiusEnd": 0},
                "encoding": {
                    "y": build.labels_y(),
                    "x": build.value("value", build.plain_axis("Sessions", tickMinStep=1), stack="zero"),
                    "order": {"field": "rank", "type": "quantitative"},
                    "color": {
                        "field": "status",
                        "type": "nominal",
                        "legend": {"title": None},
                        "scale": {"domain": ["Held", "Postponed", "Planned", "Cancelled"], "range": "category"},
                    },
                    "tooltip": build.tips(("label", "Programme"), ("status", "Status"), ("value", "Sessions")),
                },
            }
        ],
        height={"step": 40},
    )
    reasons = [f"{reason} ({number})" for line in found for reason, number in line.reasons]
    return build.figure(
        key="followup-calendar",
        title=title,
        text=f"{title}." + (f" Reasons: {words.listing(reasons)}." if reasons else ""),
        spec=spec,
        rows=rows,
        columns=("Programme", "Held", "Planned", "Postponed", "Cancelled", "Attendance", "Reasons"),
        table=[
            (
                c.programme,
                c.held,
                c.planned,
                c.postponed,
                c.cancelled,
                say.share(c.attendance_share),
                "; ".join(f"{reason}: {number}" for reason, number in c.reasons),
            )
            for c in found
        ],
        height=40 * len(found) + 80,
    )
