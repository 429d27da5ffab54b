"""Week 4: what each design could show, and whether to run, enlarge or skip the pilot."""

from __future__ import annotations

from typing import Any

from workbook import words
from workbook.results import DesignOption, DetectableEffect, Facts, PilotSize, Week4
from workbook.view.figure import Figure
from workbook.view.figures import build
from workbook.words import Words

ADVICE = {
    "run": "run it as planned",
    "enlarge": "enlarge it",
    "reduce": "make it smaller",
    "skip": "do not let the decision wait for it",
}


def designs(week4: Week4, facts: Facts) -> Figure:
    """Every design with its detectable effect in every metric."""
    say = Words.of(facts)
    pilot = week4.pilot
    found = pilot.designs
    if not found:
        return build.gap(key="week4-designs", title="Designs: insufficient data", why=pilot.why)
    metrics = list(dict.fromkeys(key for one in found for key in one.mde))
    labels = [next(one.mde[key].label for one in found if key in one.mde) for key in metrics]
    sees = {one.design: [e.label for e in one.mde.values() if e.detects_target] for one in found if one.possible}
    title = _title(found, sees, say)
    return build.figure(
        key="week4-designs",
        title=title,
        text=f"{title}. " + " ".join(_sentence(one, sees.get(one.design, []), say) for one in found),
        note="Smallest effect seen four times in five; a star: no larger than the target. Trend line and before/after "
        "show change, not its cause. Why a design is chosen or cannot be had stands in words.",
        columns=("Design", "Arms", *labels),
        table=[
            (
                words.sentence(one.design).rstrip(".") + (" (chosen)" if one.chosen else ""),
                "not possible" if one.arms is None else f"{one.arms[0]} and {one.arms[1]}",
                *(_seen(one.mde.get(key), say) for key in metrics),
            )
            for one in found
        ],
        height=0,
    )


def _title(found: tuple[DesignOption, ...], sees: dict[str, list[str]], say: Words) -> str:
    chosen = next((one for one in found if one.chosen), None)
    possible = say.count(len(sees), "design")
    verb = "is" if len(sees) == 1 else "are"
    if chosen is None:
        return f"{possible} {verb} possible here"
    shown = sees.get(chosen.design, [])
    what = (
        f"sees the target in {words.listing([words.lower_first(name) for name in shown])}"
        if shown
        else "sees no target"
    )
    return f"{possible} {verb} possible here; the chosen one, {chosen.design}, {what}"


def _seen(effect: DetectableEffect | None, say: Words) -> str:
    if effect is None:
        return ""
    return say.value(effect.mde, effect.unit) + (" *" if effect.detects_target else "")


def _sentence(one: DesignOption, sees: list[str], say: Words) -> str:
    if not one.possible:
        return f"{words.sentence(one.design).rstrip('.')}: not possible, {one.reason.rstrip('.')}."
    return f"{words.sentence(one.design).rstrip('.')}: sees {say.count(len(sees), 'target')}."


def worth(week4: Week4, facts: Facts) -> Figure:
    """Whether the pilot is worth its cost and its delay, at several sizes."""
    say = Words.of(facts)
    pilot = week4.pilot
    if pilot.worth_running is None or pilot.evsi is None:
        return build.gap(
            key="week4-worth",
            title="Whether the pilot is worth its cost: not known",
            why=pilot.why or "its worth was not computed",
        )
    shown = f"what it shows is worth {say.money(pilot.evsi)}"
    title = (
        f"Piloting first is worth it: {shown}"
        if pilot.worth_running
        else f"Waiting for a pilot is not worth it: {shown}"
    )
    if pilot.net_worth is not None and pilot.advice:
        better = "more" if pilot.net_worth > 0 else "less"
        title = (
            f"{words.sentence(ADVICE[pilot.advice]).rstrip('.')}. Piloting first is worth "
            f"{say.money(abs(pilot.net_worth))} {better} than acting at once"
        )
    rows = [_row(one, pilot.cohort_size, say) for one in pilot.sizes]
    return build.figure(
        key="week4-worth",
        title=title,
        text=f"{title}. {words.sentence(shown)} The pilot costs {say.money(pilot.cost)}. The time lost while it runs "
        "is counted. " + " ".join(f"With {one.cohort_size} people: {say.money(one.net)}." for one in pilot.sizes),
        note="Worth over acting at once with the same people, delay and raters' time netted out; approximate: fewer "
        "draws, pilot and rest added up where they meet in a unit.",
        spec=_spec(say) if len(rows) > 1 else None,
        rows=rows or None,
        columns=("People in the pilot", "Who wait", "Cost", "Its result, nine months on", "Net worth"),
        table=[
            (
                f"{one.cohort_size}" + (" (planned)" if one.cohort_size == pilot.cohort_size else ""),
                one.comparison_size,
                say.money_full(one.cost),
                say.money_full(one.learned),
                say.money_full(one.net),
            )
            for one in pilot.sizes
        ]
        or [("planned", "", say.money_full(pilot.cost), say.money_full(pilot.evsi), words.NOT_KNOWN)],
        height=190 if len(rows) > 1 else 0,
    )


def _row(one: PilotSize, planned: int, say: Words) -> dict[str, Any]:
    return {
        "people": one.cohort_size,
        "value": one.net,
        "said": say.money(one.net),
        "what": "Planned size" if one.cohort_size == planned else "Another size",
    }


def _spec(say: Words) -> dict[str, Any]:
    x = build.value("people", build.plain_axis("People in the pilot", grid=False), scale={"zero": False, "padding": 20})
    y = build.value("value", build.money_axis(say, "Worth over acting at once"))
    kinds = {"domain": ["Planned size", "Another size"], "range": "category"}
    return build.base(
        [
            {"mark": {"type": "line"}, "encoding": {"x": x, "y": y}},
            {
                "mark": {"type": "point", "size": 90},
                "encoding": {
                    "x": x,
                    "y": y,
                    "color": {"field": "what", "type": "nominal", "scale": kinds, "legend": {"title": None}},
                    "tooltip": build.tips(("people", "People"), ("said", "Worth")),
                },
            },
            build.zero_line(),
        ],
        height=190,
    )
