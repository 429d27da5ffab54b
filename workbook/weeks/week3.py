"""Week 3: what to buy by reference plans, what the next money buys, and what else could have been done with it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

import numpy as np
import numpy.typing as npt

from workbook.evidence import Evidence
from workbook.model.plans import cost_per_person
from workbook.results import FrontierPoint, ProgrammeView, Week1, Week3
from workbook.scenario import Scenario
from workbook.weeks.decision import DecisionProblem, build, decision_problem
from workbook.weeks.economics_alternatives import alternatives
from workbook.weeks.economics_flow import Offer
from workbook.weeks.economics_returns import plan_lines
from workbook.weeks.verdict import answer_of

Ints = npt.NDArray[np.int64]
FRONTIER_STEPS: Final = 10
CURVE_POINTS: Final = 8
METHOD: Final = (
    "Reference plans: for each of ten amounts of money and nine leadership shares, programmes are taken one after "
    "another by what they are expected to add, the costliest units first, in whole groups, up to the money and the "
    "cohort; at most three programmes a track. The plan shown has the highest expected net present value of "
    "all that week 1 admits. Benefits and costs count participants' time; the budget does too."
)


def week3(evidence: Evidence, scenario: Scenario, week1: Week1, *, quick: bool = False) -> Week3:
    """The reference plan of highest expected NPV. `quick`, for sliders, leaves out frontier and price."""
    problem = decision_problem(evidence, scenario, week1, quick=quick)
    answer = answer_of(problem)
    bought = answer not in ("insufficient data", "neither")
    plan = problem.plans[problem.chosen] if bought else None
    lines = tuple(plan_lines(problem, problem.chosen)) if bought else ()
    spent = sum(line.cost for line in lines)
    points = () if quick else tuple(frontier(wide_problem(evidence, scenario, problem)))
    return Week3(
        plan=lines,
        spent=spent,
        budget=problem.terms.budget_money,
        unallocated=problem.terms.budget_money - spent,
        binding=binding(problem, answer),
        share_leadership=plan.leadership_share if plan else None,
        expected_npv=float(problem.means[problem.chosen]) if bought else 0.0,
        shadow_price=None if quick else shadow_price(wide_problem(evidence, scenario, problem)),
        frontier=points,
        switch_budget=switch_budget(points),
        alternatives=tuple(alternatives(problem, week1)),
        programmes=tuple(programme_view(offer) for offer in problem.offers),
        method=METHOD,
    )


def wide_problem(evidence: Evidence, scenario: Scenario, problem: DecisionProblem) -> DecisionProblem:
    """The same decision with twice the money, in steps of a tenth of the budget."""
    money = problem.terms.budget_money
    terms = replace(problem.terms, budget_money=2 * money, step_money=money / FRONTIER_STEPS)
    return build(evidence, scenario.model_copy(update={"draws": len(problem.features)}), terms)


def frontier(wide: DecisionProblem) -> list[FrontierPoint]:
    """The best admissible plan at eleven budgets from nothing to twice the present one."""
    most = wide.terms.budget_money
    made = []
    for step in range(FRONTIER_STEPS + 1):
        within = wide.within(most * step / FRONTIER_STEPS)
        plan = within.plans[within.chosen]
        low, high = np.percentile(within.utilities_of([within.chosen])[:, 0], [10, 90])
        made.append(
            FrontierPoint(
                budget=within.terms.budget_money,
                npv=float(within.means[within.chosen]),
                p10=float(low),
                p90=float(high),
                share_leadership=plan.leadership_share or 0.0,
                spent=plan.cost,
            )
        )
    return made


def shadow_price(wide: DecisionProblem) -> float | None:
    """What one more unit of money would add: best NPV at 110 % of the budget less that at 90 %, over the difference.

    A tenth of the budget either way, not 10,000: the step then means the same in every currency (house assumption).
    """
    budget = wide.terms.budget_money / 2
    if budget <= 0:
        return None
    more, less = (wide.within(budget * share) for share in (1.1, 0.9))
    gain = float(more.means[more.chosen] - less.means[less.chosen])
    return gain / (0.2 * budget)


def switch_budget(points: Sequence[FrontierPoint]) -> float | None:
    """The first budget at which the larger track is not the one the smallest spending budget buys."""
    spending = [point for point in points if point.spent > 0]
    first = spending[0].share_leadership >= 0.5 if spending else None
    return next((point.budget for point in spending if (point.share_leadership >= 0.5) != first), None)


def binding(problem: DecisionProblem, answer: str) -> tuple[str, ...]:
    """What keeps the plan from being larger."""
    if answer == "insufficient data":
        return ("insufficient data: nothing is bought before the missing tables are in",)
    plan = problem.plans[problem.chosen]
    if plan.cost <= 0:
        return ("expected return: no admissible plan is worth its cost",)
    seats = sum(sum(blocks) for blocks in plan.seats.values())
    made = []
    if seats >= problem.terms.cohort_size:
        made.append("cohort size: everyone the first wave can take is placed")
    cheapest = min(plan.cost / seats, problem.terms.budget_money)
    if problem.terms.budget_money - plan.cost < cheapest:
        made.append("budget: what is left buys no further seat at the plan's mean cost")
    if not made:
        made.append("expected return: further seats would cost more than they bring in, or make no whole group")
    return tuple(made)


def programme_view(offer: Offer) -> ProgrammeView:
    """One catalogue entry as the client sees it, its cost a person at several numbers of seats."""
    entry = offer.programme
    curve = cost_per_person(offer.cost_by_seats)
    picked = sorted({round(k) for k in np.linspace(0, len(curve) - 1, CURVE_POINTS)}) if curve else []
    return ProgrammeView(
        programme=entry.programme,
        label=entry.name,
        track=entry.track,
        audience=entry.audience,
        outcome=entry.outcome,
        delivery=entry.delivery,
        months=entry.months,
        months_to_effect=entry.months_to_effect,
        hours_per_participant=entry.hours_per_participant,
        cost_per_person=tuple(curve[k] for k in picked),
        evidence="house assumption" if entry.evidence == "judgement" else entry.evidence,
        source=entry.source,
    )
