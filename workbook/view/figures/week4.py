"""Week 4, how do we find out: the pilot, what it can see, its rules, and the CFO page."""

from __future__ import annotations

from typing import Any, Final

from workbook import words
from workbook.results import DetectableEffect, Facts, Pilot, Week4
from workbook.view.figure import Figure, Tile
from workbook.view.figures import build
from workbook.view.figures.labels import sides
from workbook.view.figures.week4_designs import ADVICE
from workbook.view.figures.week4_designs import designs as designs
from workbook.view.figures.week4_designs import worth as worth
from workbook.view.figures.week4_rules import business_case as business_case
from workbook.view.figures.week4_rules import criteria as criteria
from workbook.view.figures.week4_rules import metrics as metrics
from workbook.view.figures.week4_rules import milestones as milestones
from workbook.words import Words

MAP_MOST: Final = 1.05
MAP_PX: Final = 260
DOUBLED: Final = (6, 12, 24, 48, 96, 192)


def figures(week4: Week4, facts: Facts) -> tuple[Figure, ...]:
    """Every figure of the page, in order."""
    return (
        ranking(week4, facts),
        mde(week4, facts),
        detectable(week4, facts),
        designs(week4, facts),
        worth(week4, facts),
        criteria(week4, facts),
        milestones(week4, facts),
        metrics(week4, facts),
        business_case(week4, facts),
    )


def tiles(week4: Week4, facts: Facts) -> tuple[Tile, ...]:
    """Design, arms, smallest visible effect, worth."""
    say = Words.of(facts)
    pilot = week4.pilot
    if pilot.why is not None and not pilot.units:
        return (build.tile(key="pilot", label="Pilot", value="none yet", note=words.sentence(pilot.why)),)
    seen = _standardised(pilot)
    return (
        build.tile(
            key="design",
            label="Design",
            value=words.sentence(pilot.design).rstrip("."),
            note=words.sentence(pilot.design_reason.rstrip(".").rsplit(". ", 1)[-1]),
        ),
        build.tile(
            key="arms",
            label="Leaders in each arm",
            value=f"{pilot.cohort_size} and {pilot.comparison_size}",
            note=words.listing(list(pilot.units)),
        ),
        build.tile(
            key="mde",
            label="Smallest effect it can see",
            value=say.effect(seen),
            note=f"target {say.effect(pilot.target_d)}",
        ),
        build.tile(
            key="worth",
            label="What the pilot teaches",
            value=say.money(pilot.evsi),
            note=ADVICE[pilot.advice]
            if pilot.advice
            else ("its cost is not known" if pilot.cost is None else f"it costs {say.money(pilot.cost)}"),
        ),
    )


def _standardised(pilot: Pilot) -> float | None:
    """The smallest standardised effect visible with the arms as planned; without it, that of equal arms on the "
    "curve.
    """
    arms = (pilot.cohort_size, pilot.comparison_size)
    planned = [e.mde_standardised for e in pilot.mde.values() if e.arms == arms and e.mde_standardised is not None]
    equal = [point.mde_standardised for point in pilot.mde_curve if point.cohort_size == pilot.cohort_size]
    return next(iter([*planned, *equal]), None)


def ranking(week4: Week4, facts: Facts) -> Figure:
    """Units on a map of need against readiness, with the pilot and its comparison marked."""
    say = Words.of(facts)
    pilot = week4.pilot
    units = pilot.ranking
    if not units:
        return build.gap(key="week4-ranking", title="Where to pilot: insufficient data", why=pilot.why)
    compared = (
        f", compared with {words.listing(list(pilot.comparison))}"
        if pilot.comparison
        else (", compared within them" if pilot.comparison_size else ", with nothing to compare")
    )
    title = (
        f"Pilot in {words.listing(list(pilot.units))}{compared}" if pilot.units else "No unit is fit to host a pilot"
    )
    names = [words.label(u.unit, 30, 30) for u in units]
    beside = sides(
        tuple((u.need, u.readiness, name) for u, name in zip(units, names, strict=True)),
        most=MAP_MOST,
        high_px=MAP_PX,
    )
    rows = [
        {
            "need": u.need,
            "ready": u.readiness,
            "name": name,
            "role": words.name(u.role),
            "leaders": u.leaders or 0,
            "said": f"score {say.number(u.score, 2)}",
            "side": side,
        }
        for u, name, side in zip(units, names, beside, strict=True)
    ]
    scale = {"scale": {"domain": [0, MAP_MOST], "nice": False}}
    ticks = [0, 0.2, 0.4, 0.6, 0.8, 1]
    x = build.value("need", build.plain_axis("Need", values=ticks), **scale)
    y = build.value("ready", build.plain_axis("Readiness", values=ticks), **scale)
    roles = {"domain": ["Pilot", "Comparison", "a", "b", "Not used"], "range": "category"}
    spec = build.base(
        [
            {
                "mark": {"type": "point", "size": 170},
                "encoding": {
                    "x": x,
                    "y": y,
                    "color": {
                        "field": "role",
                        "type": "nominal",
                        "scale": roles,
                        "legend": {"title": None, "values": ["Pilot", "Comparison", "Not used"]},
                    },
                    "shape": {
                        "field": "role",
                        "type": "nominal",
                        "scale": {
                            "domain": ["Pilot", "Comparison", "a", "b", "Not used"],
                            "range": ["circle", "square", "cross", "cross", "triangle-up"],
                        },
                        "legend": {"title": None, "values": ["Pilot", "Comparison", "Not used"]},
                    },
                    "tooltip": build.tips(
                        ("name", "Unit"), ("role", "Role"), ("leaders", "Leaders"), ("said", "Claim")
                    ),
                },
            },
            {
                "mark": {
                    "type": "text",
                    "style": "value",
                    "dx": {"expr": "datum.side == 'right' ? 11 : datum.side == 'left' ? -11 : 0"},
                    "dy": {"expr": "datum.side == 'above' ? -16 : datum.side == 'below' ? 17 : 0"},
                    "align": {"expr": "datum.side == 'right' ? 'left' : datum.side == 'left' ? 'right' : 'center'"},
                },
                "encoding": {"x": x, "y": y, "text": {"field": "name", "type": "nominal"}},
            },
        ],
        height=MAP_PX,
    )
    return build.figure(
        key="week4-ranking",
        title=title,
        text=f"{title}. {words.sentence(pilot.design)} {words.sentence(pilot.design_reason)}",
        note="Claim to host = need × readiness × measurability.",
        spec=spec,
        rows=rows,
        columns=("Unit", "Role", "People", "Leaders", "Need", "Readiness", "Measurability", "Claim"),
        table=[
            (
                u.unit,
                words.name(u.role),
                say.count(u.headcount),
                say.count(u.leaders),
                say.number(u.need, 2),
                say.number(u.readiness, 2),
                say.number(u.measurability, 2),
                say.number(u.score, 2),
            )
            for u in units
        ],
    )


def mde(week4: Week4, facts: Facts) -> Figure:
    """Smallest effect a pilot can see at each cohort size, beside target and break-even."""
    say = Words.of(facts)
    pilot = week4.pilot
    points = sorted(pilot.mde_curve, key=lambda point: point.cohort_size)
    if not points:
        return build.gap(key="week4-mde", title="What the pilot can see: insufficient data", why=pilot.why)
    seen = _standardised(pilot)
    able = seen is not None and pilot.target_d is not None and seen <= pilot.target_d
    enough = next(
        (p.cohort_size for p in points if pilot.target_d is not None and p.mde_standardised <= pilot.target_d), None
    )
    against = "enough for" if able else "not"
    title = f"{pilot.cohort_size} leaders against {pilot.comparison_size} can see an effect of {say.effect(seen)}" + (
        f", {against} the target of {say.effect(pilot.target_d)}" if pilot.target_d is not None else ""
    )
    marks = [
        {"at": value, "name": f"{label} {say.number(value, 2)}", "below": label == "break-even"}
        for label, value in (("target", pilot.target_d), ("break-even", pilot.break_even_d))
        if value is not None
    ]
    least, most = points[0].cohort_size, points[-1].cohort_size
    sizes = build.plain_axis("Leaders in each arm", grid=False, values=[n for n in DOUBLED if least <= n <= most])
    x = build.value("people", sizes, scale={"type": "log", "nice": False})
    y = build.value("value", build.plain_axis("Smallest visible effect, SD"), scale={"zero": True})
    spec = build.base(
        [
            {"mark": {"type": "line", "interpolate": "monotone"}, "encoding": {"x": x, "y": y}},
            {
                "mark": {"type": "point", "size": 50},
                "encoding": {"x": x, "y": y, "tooltip": build.tips(("people", "Leaders an arm"), ("said", "Can see"))},
            },
            *(
                {
                    "data": {"name": "marks"},
                    "mark": {"type": "rule", "style": "second-rule"},
                    "encoding": {"y": {"field": "at", "type": "quantitative"}},
                }
                for _ in marks[:1]
            ),
            *(
                {
                    "data": {"name": "marks"},
                    "transform": [{"filter": f"datum.below == {'true' if below else 'false'}"}],
                    "mark": {
                        "type": "text",
                        "style": "second-text",
                        "align": "left",
                        "dy": 9 if below else -7,
                        "x": 4,
                    },
                    "encoding": {
                        "y": {"field": "at", "type": "quantitative"},
                        "text": {"field": "name", "type": "nominal"},
                    },
                }
                for below in sorted({bool(mark["below"]) for mark in marks})
            ),
            {
                "data": {"name": "now"},
                "mark": {"type": "rule", "style": "now"},
                "encoding": {"x": build.value("people", sizes)},
            },
        ],
        height=250,
    )
    more = f" It would take {say.count(enough)} an arm." if enough and not able else "" if able else _never(points, say)
    return build.figure(
        key="week4-mde",
        title=title,
        text=f"{title}.{more} Break-even is {say.effect(pilot.break_even_d)}.",
        note="Detectable with 80% power at 5%; the curve is for two equal arms; dashed upright: the planned "
        "size. People on a logarithmic scale.",
        spec=spec,
        data={
            "rows": [
                {"people": p.cohort_size, "value": p.mde_standardised, "said": say.effect(p.mde_standardised)}
                for p in points
            ],
            "marks": marks,
            "now": [{"people": pilot.cohort_size}],
        },
        columns=("Leaders in each arm", "Smallest visible effect"),
        table=[(p.cohort_size, say.effect(p.mde_standardised)) for p in points],
        height=250,
    )


def _never(points: list[Any], say: Words) -> str:
    return f" Even {say.count(points[-1].cohort_size)} an arm would not be enough."


def detectable(week4: Week4, facts: Facts) -> Figure:
    """For each success metric, what the pilot can see beside what it should."""
    say = Words.of(facts)
    effects = list(week4.pilot.mde.values())
    if not effects:
        return build.gap(key="week4-detectable", title="Success metrics: insufficient data", why=week4.pilot.why)
    seen = [effect.label for effect in effects if effect.detects_target]
    title = (
        f"The pilot can show the target in {len(seen)} of {len(effects)} metrics: {words.listing(seen)}"
        if seen
        else f"The pilot can show the target in none of {say.count(len(effects), 'metric')}"
    )
    return build.figure(
        key="week4-detectable",
        title=title,
        text=f"{title}. " + " ".join(_effect_sentence(effect, say) for effect in effects),
        note="A target smaller than what the pilot can see is not a reason to skip the pilot; it is a reason not "
        "to read a "
        "result near zero as failure. With baseline: adjusted for the score before, at r = .5 (house).",
        columns=(
            "Metric",
            "Arms",
            "Can see",
            "In SD",
            "With baseline",
            "Target",
            "Break-even",
            "Sees the target",
            "How",
        ),
        table=[
            (
                e.label,
                f"{e.arms[0]} and {e.arms[1]}",
                say.value(e.mde, e.unit),
                say.effect(e.mde_standardised),
                say.value(e.mde_adjusted, e.unit) if e.mde_adjusted is not None else "",
                say.value(e.target, e.unit),
                say.value(e.break_even, e.unit),
                _yes_no(e.detects_target),
                e.why or e.method,
            )
            for e in effects
        ],
        height=0,
    )


def _effect_sentence(effect: DetectableEffect, say: Words) -> str:
    if effect.mde is None and effect.mde_standardised is None:
        return f"{effect.label}: not known; {words.sentence(effect.why or 'it could not be computed')}"
    seen = say.value(effect.mde, effect.unit) if effect.mde is not None else say.effect(effect.mde_standardised)
    return f"{effect.label}: can see {seen}, target {say.value(effect.target, effect.unit)}."


def _yes_no(answer: bool | None) -> str:
    return {True: "yes", False: "no", None: words.NOT_KNOWN}[answer]
