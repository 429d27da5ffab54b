"""Budget x cohort size, worked out in advance for sliders that have no kernel behind them."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import numpy as np

from workbook.evidence import Evidence
from workbook.model import returns
from workbook.results import Grid, GridPoint, Week1
from workbook.scenario import Scenario
from workbook.weeks.decision import DecisionProblem, build, decision_problem
from workbook.weeks.verdict import answer_of

BUDGET_STEPS: Final = 10
COHORTS: Final = 9
GRID_DRAWS: Final = 2048
COHORT_FACTORS: Final = (0.25, 0.5, 0.75, 1.0, 1.5, 2.0, 2.5, 3.0, 4.0)


def grid(evidence: Evidence, scenario: Scenario, week1: Week1) -> Grid:
    """Answer and medians of the reference plans at eleven budgets (nothing to twice the present) and nine cohorts."""
    draws = min(scenario.draws, GRID_DRAWS)
    small = scenario.model_copy(update={"draws": draws})
    terms = decision_problem(evidence, small, week1).terms
    money = terms.budget_money
    budgets = tuple(2 * money * step / BUDGET_STEPS for step in range(BUDGET_STEPS + 1))
    sizes = cohort_sizes(terms.cohort_size)
    points = []
    for size in sizes:
        wide = build(
            evidence, small, replace(terms, budget_money=2 * money, step_money=money / BUDGET_STEPS, cohort_size=size)
        )
        figures: dict[int, tuple[float, float | None, float | None, float | None, float]] = {}
        points += [grid_point(wide.within(budget), figures) for budget in budgets]
    return Grid(budgets=budgets, cohort_sizes=sizes, points=tuple(points))


def cohort_sizes(now: int) -> tuple[int, ...]:
    """Nine different cohort sizes around the present one, which is among them."""
    made = {max(1, round(now * factor)) for factor in COHORT_FACTORS}
    larger = max(made)
    while len(made) < COHORTS:
        larger += 1
        made.add(larger)
    return tuple(sorted(made))


def grid_point(
    problem: DecisionProblem, figures: dict[int, tuple[float, float | None, float | None, float | None, float]]
) -> GridPoint:
    """One point: medians over the draws of both tracks' own plans and of the chosen one."""
    answer = answer_of(problem)
    plans = {**problem.reference, "chosen": problem.chosen}
    if problem.terms.budget_money <= 0:
        plans = dict.fromkeys(plans, 0)
    for plan in plans.values():
        if plan not in figures:
            figures[plan] = plan_figures(problem, plan)
    kept = {name: figures[plan] for name, plan in plans.items()}
    seats = problem.plans[plans["chosen"]].seats
    return GridPoint(
        budget=problem.terms.budget_money,
        cohort_size=problem.terms.cohort_size,
        answer=answer,
        certainty=None if answer == "insufficient data" else problem.certainty[problem.classes[problem.chosen]],
        npv={name: each[0] for name, each in kept.items()},
        roi_percent={name: each[1] for name, each in kept.items()},
        p_npv_positive={name: each[2] for name, each in kept.items()},
        payback_month={name: each[3] for name, each in kept.items()},
        spent={name: each[4] for name, each in kept.items()},
        seats=sum(sum(blocks) for blocks in seats.values()),
    )


def plan_figures(problem: DecisionProblem, plan: int) -> tuple[float, float | None, float | None, float | None, float]:
    """Median NPV, median ROI, P(NPV > 0), median payback month and point cost of a plan."""
    cost = problem.plans[plan].cost
    if cost <= 0:
        return 0.0, None, None, None, 0.0
    benefits, costs = problem.monthly(plan, point=False)
    rate = problem.terms.yearly_rate
    worth, bill = (returns.present_value(each, yearly_rate=rate) for each in (benefits, costs))
    back = float(np.sort(returns.payback_month(benefits - costs))[len(benefits) // 2])
    return (
        float(np.median(worth - bill)),
        float(np.median(returns.roi_percent(benefits=worth, costs=bill))),
        float(np.mean(worth > bill)),
        back if np.isfinite(back) else None,
        cost,
    )
