"""Follow-up: is it working, for whom, is it lasting, what next."""

from __future__ import annotations

from typing import Any

from workbook import words
from workbook.results import Facts, Followup, Growth, GrowthPoint
from workbook.view.figure import Figure, Tile
from workbook.view.figures import build
from workbook.view.figures.followup_calendar import calendar as calendar
from workbook.view.figures.followup_calendar import due as due
from workbook.view.figures.followup_calendar import postponed as postponed
from workbook.view.figures.followup_calendar import replan as replan
from workbook.view.figures.followup_costs import at_scale as at_scale
from workbook.view.figures.followup_costs import costs as costs
from workbook.view.figures.followup_depth import cohort_growth as cohort_growth
from workbook.view.figures.followup_depth import hindsight as hindsight
from workbook.view.figures.followup_depth import metrics as metrics
from workbook.view.figures.followup_depth import odds as odds
from workbook.view.figures.followup_depth import readings as readings
from workbook.view.figures.followup_effect import effect as effect
from workbook.view.figures.followup_effect import reliability as reliability
from workbook.view.figures.followup_effect import update as update
from workbook.words import Words

ARMS = ("pilot", "comparison", "all")
ALL = "all"


def figures(followup: Followup, facts: Facts) -> tuple[Figure, ...]:
    """Every figure of the page, in order."""
    return (
        *growth_lines(followup, facts),
        growth(followup, facts),
        cohort_growth(followup, facts),
        hindsight(followup, facts),
        effect(followup, facts),
        odds(followup, facts),
        metrics(followup, facts),
        update(followup, facts),
        readings(followup, facts),
        reliability(followup, facts),
        kpis(followup, facts),
        costs(followup, facts),
        at_scale(followup, facts),
        calendar(followup, facts),
        postponed(followup, facts),
        replan(followup, facts),
        due(followup, facts),
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
            note=f"target {say.effect(found.target)}; {found.answer}"
            if found.ancova is not None
            else words.sentence(found.why or ""),
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
    rated = max(len(competencies(followup)), 1)
    return tuple(growth_line(followup, facts, number) for number in range(1, rated + 1))


def growth_line(followup: Followup, facts: Facts, number: int) -> Figure:
    """The chart of the competency with this number, from 1."""
    known = competencies(followup)
    if number <= len(known):
        return _competency(followup, facts, known[number - 1], number - 1)
    if number == 1:
        return build.gap(key="followup-growth-lines", title="Scores over time: nothing to show yet", why=followup.why)
    return build.figure(key=f"followup-competency-{number}", title="", text="No further competency was rated.")


def competencies(followup: Followup) -> list[str]:
    """What leaders were rated on, in the order it was first rated."""
    return list(dict.fromkeys(point.competency for point in followup.points))


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
    if any(p.arm != "all" for p in shown):
        shown = [p for p in shown if p.arm != "all"]
    if not shown:
        why = words.WITHHELD if any(p.suppressed for p in points) else (growth.why if growth else None)
        return build.gap(key=key, title=f"{words.topic(competency)}: insufficient data", why=why)
    gain = "" if growth is None or growth.gain is None else f", {_signed(growth.gain, say)} by day 30"
    title = f"{words.topic(competency)}: {pattern}{gain}"
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
    names = [words.name(arm) for arm in dict.fromkeys(p.arm for p in shown)]
    arms = {
        "field": "arm",
        "type": "nominal",
        "legend": {"title": None},
        "scale": {"domain": [words.clean(name) for name in names], "range": "category"},
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
        note="Direct reports' ratings; upright lines are 90% intervals over leaders. Stable raters: there at the "
        "first and the last wave; left empty where few others could be worked out.",
        spec=spec,
        rows=rows,
        columns=("Arm", "Day", "Mean", "90% interval", "Leaders", "Raters", "Stable raters' mean"),
        table=[
            (
                words.name(p.arm),
                p.wave_days,
                words.WITHHELD if p.suppressed else say.score(p.mean),
                say.span(p.low, p.high, say.score),
                say.count(p.leaders),
                say.count(p.raters),
                say.score(p.panel_mean) if p.panel_mean is not None else "",
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
    """Gain and maintenance by competency, every one of them in one chart."""
    say = Words.of(facts)
    found = [g for g in followup.growth.values() if g.competency != ALL]
    if not found:
        return build.gap(key="followup-growth", title="Gain and maintenance: nothing to show yet", why=followup.why)
    classed = [g for g in found if g.pattern != "insufficient data"]
    lasting = [g for g in classed if g.pattern in {"rising", "maintained"}]
    fading = [g for g in classed if g.pattern == "decaying"]
    title = f"{len(lasting)} of {say.count(len(classed), 'competency', 'competencies')} last" + (
        f"; {words.lower_first(words.listing([words.topic(g.competency) for g in fading]))} fade"
        + ("s" if len(fading) == 1 else "")
        if fading
        else ""
    )
    refreshers = " ".join(
        f"Refresh {words.lower_first(words.topic(g.competency))} with {words.sentence(g.refresher)}"
        for g in fading
        if g.refresher
    )
    rows = _gains(followup, [g.competency for g in found], say)
    columns = (
        "Competency",
        "Pattern",
        "Gain by day 30",
        "Kept at day 90",
        "Error of measurement",
        "Comparison's gain",
        "Stable raters' gain",
        "Refresher",
    )
    return build.figure(
        key="followup-growth",
        title=title,
        text=f"{title}. " + " ".join(_growth_sentence(g, say) for g in classed) + f" {refreshers}",
        note="Change of the mean score since the start. Kept at day 90: the share of the day-30 gain still there, "
        "where the gain exceeds the error of measurement.",
        spec=_gain_spec(rows) if rows else None,
        rows=rows or None,
        columns=columns,
        table=[
            (
                words.topic(g.competency),
                g.pattern,
                _signed(g.gain, say) if g.gain is not None else words.NOT_KNOWN,
                say.share(g.maintenance),
                say.score(g.sem),
                _signed(g.comparison_gain, say) if g.comparison_gain is not None else words.NOT_KNOWN,
                _signed(g.panel_gain, say) if g.panel_gain is not None else "",
                g.refresher or g.why or "",
            )
            for g in found
        ],
        height=44 * len(found) + 90 if rows else 0,
    )


def _growth_sentence(found: Growth, say: Words) -> str:
    gain = words.NOT_KNOWN if found.gain is None else _signed(found.gain, say)
    kept = "" if found.maintenance is None else f", {say.share(found.maintenance)} of that at day 90"
    return f"{words.topic(found.competency)}: {found.pattern}, {gain} by day 30{kept}."


def _gains(followup: Followup, competencies: list[str], say: Words) -> list[dict[str, Any]]:
    """Change since each arm's first wave, at the second and the last wave."""
    rows = []
    for competency in competencies:
        for arm in ("pilot", "comparison"):
            waves = sorted(
                (p.wave_days, p.mean)
                for p in followup.points
                if p.competency == competency and p.arm == arm and p.mean is not None
            )
            if len(waves) < 2:
                continue
            later = [waves[1], waves[-1]] if arm == "pilot" and len(waves) > 2 else [waves[-1]]
            rows += [
                {
                    "label": words.label(words.topic(competency)),
                    "value": mean - waves[0][1],
                    "what": f"{words.name(arm)}, {'last wave' if at == len(later) - 1 else 'second wave'}",
                    "said": f"{_signed(mean - waves[0][1], say)} by day {day}",
                }
                for at, (day, mean) in enumerate(later)
            ]
    return rows


def _gain_spec(rows: list[dict[str, Any]]) -> dict[str, Any]:
    kinds = ["Pilot, last wave", "Comparison, last wave", "Pilot, second wave"]
    scale = {"domain": kinds, "range": "category"}
    return build.base(
        [
            {
                "mark": {"type": "point", "size": 110},
                "encoding": {
                    "y": build.labels_y(),
                    "x": build.value("value", build.plain_axis("Change of the mean score since the start")),
                    "color": {"field": "what", "type": "nominal", "scale": scale, "legend": {"title": None}},
                    "shape": {
                        "field": "what",
                        "type": "nominal",
                        "scale": {"domain": kinds, "range": ["circle", "square", "diamond"]},
                        "legend": {"title": None},
                    },
                    "tooltip": build.tips(("label", "Competency"), ("what", "Arm and wave"), ("said", "Change")),
                },
            },
            build.zero_line("x"),
        ],
        height={"step": 44},
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
