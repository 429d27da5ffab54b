"""Follow-up, the costs: budget against actual by programme and month, and cost a person as more take part."""

from __future__ import annotations

from workbook import words
from workbook.results import CostLine, Facts, Followup
from workbook.view.figure import Figure
from workbook.view.figures import build
from workbook.words import Words

ACTUAL, BUDGET = "Spent", "Budget"


def costs(followup: Followup, facts: Facts) -> Figure:
    """Budget against actual by programme, months in the table."""
    say = Words.of(facts)
    totals = [line for line in followup.costs if line.month is None]
    if not totals:
        return build.gap(
            key="followup-costs", title="Budget against actual: nothing to show", why="training.csv is needed"
        )
    budgeted = [line for line in totals if line.budget is not None]
    spent, budget = (sum(part) for part in (_with_budget(budgeted), [line.budget or 0.0 for line in budgeted]))
    if budget > 0:
        over = spent / budget - 1
        stand = f"{say.share(abs(over))} {'over' if over > 0 else 'under'} budget" if round(over, 3) else "on budget"
        title = f"Spent {say.money(spent)} of {say.money(budget)}: {stand}"
    else:
        title = f"Spent {say.money(sum(line.actual for line in totals))}; no budget was given"
    rows = [
        {"label": words.label(words.topic(line.programme)), "what": what, "value": value, "said": say.money(value)}
        for line in totals
        for what, value in ((ACTUAL, line.actual), (BUDGET, line.budget))
        if value is not None
    ]
    axis = build.money_axis(say, None)
    kinds = {"domain": [ACTUAL, BUDGET], "range": "category"}
    spec = build.base(
        [
            {
                "mark": {"type": "bar", "height": {"band": 0.55}},
                "transform": [{"filter": f"datum.what == '{ACTUAL}'"}],
                "encoding": {
                    "y": build.labels_y(),
                    "x": build.value("value", axis),
                    "color": {"field": "what", "type": "nominal", "scale": kinds, "legend": {"title": None}},
                    "tooltip": build.tips(("label", "Programme"), ("what", "What"), ("said", "Money")),
                },
            },
            {
                "mark": {"type": "tick", "thickness": 3, "size": 26},
                "transform": [{"filter": f"datum.what == '{BUDGET}'"}],
                "encoding": {
                    "y": build.labels_y(),
                    "x": build.value("value", axis),
                    "color": {"field": "what", "type": "nominal", "scale": kinds, "legend": {"title": None}},
                    "tooltip": build.tips(("label", "Programme"), ("what", "What"), ("said", "Money")),
                },
            },
        ],
        height={"step": 40},
    )
    return build.figure(
        key="followup-costs",
        title=title,
        text=f"{title}. "
        + " ".join(
            f"{words.topic(line.programme)}: {say.money(line.actual)} spent, budget {say.money(line.budget)}."
            for line in totals
        ),
        note="Training of the window, as recorded; the cross line is the budget. Months stand in the table.",
        spec=spec,
        rows=rows,
        columns=("Programme", "Month", "Spent", "Budget", "Above budget", "People", "Cost a person"),
        table=[
            (
                words.topic(line.programme),
                "all" if line.month is None else say.month(line.month),
                say.money_full(line.actual),
                say.money_full(line.budget),
                say.share(line.over_share),
                say.count(line.participants),
                say.money_full(line.per_person),
            )
            for line in _shown(followup.costs)
        ],
        height=40 * len(totals) + 80,
    )


def _with_budget(lines: list[CostLine]) -> list[float]:
    """What was spent of the money that had a budget: budget x (1 + share above it)."""
    return [(line.budget or 0.0) * (1 + (line.over_share or 0.0)) for line in lines]


def _shown(lines: tuple[CostLine, ...]) -> list[CostLine]:
    """All lines but the total of a programme that has a single month."""
    months = {line.programme: sum(other.programme == line.programme for other in lines) - 1 for line in lines}
    return [line for line in lines if line.month is not None or months[line.programme] != 1]


def at_scale(followup: Followup, facts: Facts) -> Figure:
    """Cost a person of the programme tried as more people take part."""
    say = Words.of(facts)
    points = followup.cost_per_person
    if not points:
        return build.gap(
            key="followup-scale", title="Cost a person as more take part: not known", why="no programme was tried"
        )
    first, last = points[0], points[-1]
    title = (
        f"{followup.cost_programme}: {say.money(first.per_person)} a person for {say.count(first.people)}, "
        f"{say.money(last.per_person)} for {say.count(last.people)}"
    )
    x = build.value("people", build.plain_axis("People trained", grid=False))
    y = build.value("value", build.money_axis(say, "Cost a person"), scale={"zero": True})
    tooltip = build.tips(("people", "People"), ("said", "Cost a person"))
    spec = build.base(
        [
            {"mark": {"type": "line"}, "encoding": {"x": x, "y": y}},
            {"mark": {"type": "point", "size": 60}, "encoding": {"x": x, "y": y, "tooltip": tooltip}},
        ],
        height=220,
    )
    return build.figure(
        key="followup-scale",
        title=title,
        text=f"{title}. Fixed cost is shared by more people, and prices fall where the catalogue has steps.",
        note="Catalogue price in the client's currency, participants' time included.",
        spec=spec,
        rows=[{"people": p.people, "value": p.per_person, "said": say.money(p.per_person)} for p in points],
        columns=("People", "Cost a person"),
        table=[(say.count(p.people), say.money_full(p.per_person)) for p in points],
        height=220,
    )
