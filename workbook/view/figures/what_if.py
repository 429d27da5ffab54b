"""Another budget, another cohort: the grid of reference plans between which a page without a kernel interpolates."""

from __future__ import annotations

from itertools import pairwise
from typing import Literal

from workbook import words
from workbook.results import Facts, Grid, GridPoint, Verdict
from workbook.view.figure import Figure
from workbook.view.figures import build
from workbook.words import Words

KINDS: dict[Literal["chosen", "leadership", "technical"], str] = {
    "chosen": "Best plan",
    "leadership": "Leadership only",
    "technical": "Technical only",
}


def unmovable(grid: Grid) -> bool:
    """Whether no case of the grid has an answer."""
    return all(point.answer == "insufficient data" for point in grid.points)


def what_if(grid: Grid, facts: Facts, verdict: Verdict | None = None) -> Figure:
    """Net value against budget at the cohort size of the run; the published case keeps the verdict's certainty."""
    say = Words.of(facts)
    if unmovable(grid):
        why = (
            "on what was measured alone no return can be stated"
            if grid.points
            else "no plan could be valued, so there is nothing to move"
        )
        return build.gap(key="what-if", title="Another budget or cohort: insufficient data", why=why)
    cohort = min(grid.cohort_sizes, key=lambda size: (abs(size - facts.cohort_size), size))
    line = sorted((point for point in grid.points if point.cohort_size == cohort), key=lambda point: point.budget)
    if verdict and cohort == facts.cohort_size:
        line = [
            point.model_copy(update={"certainty": verdict.certainty})
            if point.budget == facts.budget_money and point.answer == verdict.answer
            else point
            for point in line
        ]
    best = max(line, key=lambda point: (point.npv["chosen"], -point.budget))
    title = f"With {say.count(cohort, 'seat')} a wave, net value is highest at a budget of {say.money(best.budget)}"
    axis = build.money_axis(say, "Net present value")
    x = build.value("budget", build.money_axis(say, "Budget", grid=False))
    y = build.value("value", axis)
    colour = {
        "field": "kind",
        "type": "nominal",
        "legend": {"title": None},
        "scale": {"domain": list(KINDS.values()), "range": "category"},
    }
    spec = build.base(
        [
            {
                "mark": {"type": "line"},
                "encoding": {
                    "x": x,
                    "y": y,
                    "color": colour,
                    "strokeDash": {
                        "field": "kind",
                        "type": "nominal",
                        "scale": {"domain": list(KINDS.values()), "range": [[1, 0], [6, 5], [6, 5]]},
                        "legend": {"title": None},
                    },
                },
            },
            {
                "mark": {"type": "point", "opacity": 0, "size": 160},
                "encoding": {
                    "x": x,
                    "y": y,
                    "color": colour,
                    "tooltip": build.tips(("kind", "Plan"), ("at", "Budget"), ("said", "Net value")),
                },
            },
            {"data": {"name": "now"}, "mark": {"type": "rule", "style": "now"}, "encoding": {"x": x}},
            {
                "data": {"name": "now"},
                "mark": {"type": "point", "size": 130},
                "encoding": {"x": x, "y": y, "color": colour},
            },
            build.zero_line(),
        ],
        height=260,
    )
    rows = [
        {
            "budget": point.budget,
            "value": point.npv[kind],
            "kind": label,
            "at": say.money(point.budget),
            "said": say.money(point.npv[kind]),
        }
        for kind, label in KINDS.items()
        for point in line
    ]
    nearest = min(line, key=lambda point: abs(point.budget - facts.budget_money))
    return build.figure(
        key="what-if",
        title=title,
        text=f"{title}: {say.money(best.npv['chosen'])}. {_answers(line, say)}",
        note="Plans drawn up by rule at each budget, from fewer draws than the figures elsewhere; between them the "
        "page interpolates.",
        spec=spec,
        data={
            "rows": rows,
            "now": [{"budget": facts.budget_money, "value": nearest.npv["chosen"], "kind": KINDS["chosen"]}],
        },
        columns=("Budget", "Answer", "Certainty", "Seats", "Best plan", "Leadership only", "Technical only"),
        table=[
            (
                say.money_full(point.budget),
                point.answer,
                say.chance(point.certainty),
                say.count(point.seats),
                *(say.money_full(point.npv[kind]) for kind in KINDS),
            )
            for point in line
        ],
    )


def _answers(line: list[GridPoint], say: Words) -> str:
    changes = [line[0], *(b for a, b in pairwise(line) if a.answer != b.answer)]
    return words.sentence("; ".join(f"from {say.money(point.budget)}: {point.answer}" for point in changes))
