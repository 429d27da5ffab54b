"""Week 3: what to buy, what the next money buys, and what else could have been done with it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

import numpy as np

from workbook.evidence import Evidence
from workbook.model.plans import cost_per_person
from workbook.results import Answer, ExactPlan, FrontierPoint, ProgrammeView, Week1, Week3
from workbook.scenario import Scenario
from workbook.weeks.decision import DecisionProblem, build, decision_problem
from workbook.weeks.economics_alternatives import alternatives
from workbook.weeks.economics_exact import Wishes
from workbook.weeks.economics_exact_calendar import MOST_STARTS, STEP_MONTHS, closed_months
from workbook.weeks.economics_exact_plan import exact_plan
from workbook.weeks.economics_exact_search import Candidate, Search, along, best_of
from workbook.weeks.economics_flow import Offer
from workbook.weeks.economics_returns import plan_lines
from workbook.weeks.verdict import answer_of
from workbook.words import Words

FRONTIER_STEPS: Final = 10
AROUND: Final = (0.9, 1.1)
CURVE_POINTS: Final = 8
METHOD: Final = (
    "Approximate: reference plans. For each of ten amounts of money and nine leadership shares, programmes are taken "
    "one after another by what they are expected to add, the costliest units first, in whole groups, up to the money "
    "and the cohort; at most three programmes a track, all started together. The plan shown has the highest expected "
    "net present value of all that week 1 admits. Benefits and costs count participants' time; the budget does too."
)
EXACT_METHOD: Final = (
    "Exact: seats of every programme in every unit by mixed-integer programming (HiGHS), within budget, cohort, whole "
    "groups, price tiers, audiences, time away and shares of the tracks, for the highest expected net present value "
    "of the verdict's kind of plan; at most six programmes. What two programmes would both remove is counted pair by "
    "pair. Then the calendar: each programme starts in one of the quarters the horizon leaves, none in a month closed "
    "to a unit it trains, by trying every combination. The plan is valued on all draws, held against its limits in "
    "whole seats and cents, and replaced by the reference plan should that be worth more. Benefits and costs count "
    "participants' time."
)


def week3(evidence: Evidence, scenario: Scenario, week1: Week1, *, quick: bool = False, compared: bool = True) -> Week3:
    """What to buy. `quick`, for sliders, shows the reference plan, without frontier and price.

    Where nobody sees what it is compared with, a quick plan may go without (`compared`).
    """
    problem = decision_problem(evidence, scenario, week1, quick=quick)
    answer = answer_of(problem)
    wishes = Wishes(
        minimum_leadership_share=scenario.minimum_leadership_share,
        hours_away_per_person=scenario.hours_away_per_person,
        risk_aversion_share=scenario.risk_aversion_share,
    )
    closed = closed_months(evidence.settings, evidence.settings.horizon_months + STEP_MONTHS * MOST_STARTS)
    search = Search(problem, wishes, closed)
    money = problem.terms.budget_money
    if quick:
        return _told(search, answer, week1, plan=_approximate(search, answer), compared=compared)
    plans = wide_problem(evidence, scenario, problem)
    budgets = [2 * money * step / FRONTIER_STEPS for step in range(FRONTIER_STEPS + 1)]
    found = along(search, plans, [*budgets, *(money * share for share in AROUND), money])
    plan, how = exact_plan(search, answer, free=found[money], say=Words.for_settings(evidence.settings))
    found = known_there(found, plan)
    points = tuple(frontier_point(budget, found[budget]) for budget in budgets)
    told = _told(search, answer, week1, plan=plan, exact=how)
    return told.model_copy(
        update={
            "shadow_price": shadow_price(found, money),
            "frontier": points,
            "switch_budget": switch_budget(points),
        }
    )


def _approximate(search: Search, answer: Answer) -> Candidate:
    """The reference plan of the verdict's kind, or of any kind where the scenario's limits leave none."""
    if answer in ("insufficient data", "neither"):
        return search.nothing
    money, problem = search.problem.terms.budget_money, search.problem
    kinds = (problem.classes[problem.chosen], None)
    found = next((own for kind in kinds if (own := search.reference(problem, money, kind))), search.nothing)
    return best_of([found, search.nothing]) if search.wishes.risk_aversion_share > 0 else found


def _told(
    search: Search,
    answer: Answer,
    week1: Week1,
    *,
    plan: Candidate,
    exact: ExactPlan | None = None,
    compared: bool = True,
) -> Week3:
    problem = search.problem
    bought = plan.cost > 0
    return Week3(
        plan=tuple(plan_lines(plan.one, 0)) if bought else (),
        spent=plan.cost,
        budget=problem.terms.budget_money,
        unallocated=problem.terms.budget_money - plan.cost,
        binding=binding(search, plan, answer, exact),
        share_leadership=plan.share,
        expected_npv=plan.npv if bought else 0.0,
        shadow_price=None,
        frontier=(),
        switch_budget=None,
        alternatives=tuple(
            alternatives(
                problem,
                week1,
                npv=plan.npv,
                bought=plan.bought,
                starts=plan.starts,
                shut=[own[0] for own in search.open.closed],
                reference=exact is not None and bought,
            )
            if compared
            else ()
        ),
        programmes=tuple(programme_view(offer) for offer in problem.offers),
        method=METHOD if exact is None else EXACT_METHOD,
        exact=exact,
    )


def wide_problem(evidence: Evidence, scenario: Scenario, problem: DecisionProblem) -> DecisionProblem:
    """The same decision with twice the money, in steps of a tenth of the budget."""
    money = problem.terms.budget_money
    terms = replace(problem.terms, budget_money=2 * money, step_money=money / FRONTIER_STEPS)
    return build(evidence, scenario.model_copy(update={"draws": len(problem.features)}), terms)


def frontier_point(budget: float, plan: Candidate) -> FrontierPoint:
    """The best admissible plan at a budget, whatever its kind."""
    low, high = np.percentile(plan.worth, [10, 90])
    return FrontierPoint(
        budget=budget,
        npv=plan.npv,
        p10=float(low),
        p90=float(high),
        share_leadership=plan.share or 0.0,
        spent=plan.cost,
    )


def known_there(found: Mapping[float, Candidate], plan: Candidate) -> dict[float, Candidate]:
    """The best plan at each budget, now that the published plan, sought longer, is known too."""
    return {
        budget: best_of([own, plan]) if round(100 * plan.cost) <= round(100 * budget) else own
        for budget, own in found.items()
    }


def shadow_price(found: Mapping[float, Candidate], budget_money: float) -> float | None:
    """What one more unit of money would add: best plan at 110 % of the budget less that at 90 %, over the difference.

    A tenth of the budget either way, not 10,000: the step then means the same in every currency (house assumption).
    """
    if budget_money <= 0:
        return None
    less, more = (found[budget_money * share].score for share in AROUND)
    return (more - less) / ((AROUND[1] - AROUND[0]) * budget_money)


def switch_budget(points: Sequence[FrontierPoint]) -> float | None:
    """The first budget at which the larger track is not the one the smallest spending budget buys."""
    spending = [point for point in points if point.spent > 0]
    first = spending[0].share_leadership >= 0.5 if spending else None
    return next((point.budget for point in spending if (point.share_leadership >= 0.5) != first), None)


def binding(search: Search, plan: Candidate, answer: str, exact: ExactPlan | None = None) -> tuple[str, ...]:
    """What keeps the plan from being larger."""
    terms, wishes = search.problem.terms, search.wishes
    if answer == "insufficient data":
        return ("insufficient data: nothing is bought before the missing tables are in",)
    if plan.cost <= 0 and exact is not None and exact.relax:
        return ("limits: no plan that spends money keeps to all of them",)
    shut = units_closed(search)
    if plan.cost <= 0 and len(shut) == len(search.problem.company.units):
        return ("calendar: every unit is closed in all months in which a programme could start",)
    if plan.cost <= 0 and answer != "neither" and wishes.risk_aversion_share > 0:
        return ("risk: at this appetite no admissible plan is worth its cost",)
    if plan.cost <= 0 and answer != "neither" and wishes.hours_away_per_person is not None:
        return ("time away: within the hours units can spare no admissible plan is worth its cost",)
    if plan.cost <= 0:
        return ("expected return: no admissible plan is worth its cost",)
    seats = sum(int(own.sum()) for own in plan.bought)
    made = []
    if seats >= terms.cohort_size:
        made.append("cohort size: everyone the first wave can take is placed")
    if terms.budget_money - plan.cost < min(plan.cost / seats, terms.budget_money):
        made.append("budget: what is left buys no further seat at the plan's mean cost")
    share, low = plan.share or 0.0, wishes.minimum_leadership_share
    if low > 0 and share < low + 0.01:
        made.append("leadership share: it is at the least the scenario asks for")
    if terms.minimum_technical_share > 0 and 1 - share < terms.minimum_technical_share + 0.01:
        made.append("technical share: it is at the least the scenario asks for")
    made += [f"time away: {unit} can spare no further seat" for unit in full_units(search, plan)]
    if exact is not None:
        made += [f"calendar: {unit} is closed in all months in which a programme could start" for unit in shut]
    if not made:
        made.append("expected return: further seats would cost more than they bring in, or make no whole group")
    return tuple(made)


def units_closed(search: Search) -> list[str]:
    """Units in which no programme they are offered could start in any month."""
    every: dict[str, bool] = {}
    for offer, closed in zip(search.problem.offers, search.open.closed, strict=True):
        for block, always in zip(offer.blocks, np.all(closed, axis=0).tolist(), strict=True):
            every[block] = every.get(block, True) and always
    return [unit for unit in search.problem.company.units if every.get(unit)]


def full_units(search: Search, plan: Candidate) -> list[str]:
    """Units with less time to spare than the shortest programme in the plan takes."""
    most = search.wishes.hours_away_per_person
    if most is None:
        return []
    company = search.problem.company
    used, least = np.zeros(len(company.units)), np.inf
    for offer, own in zip(search.problem.offers, plan.bought, strict=True):
        if own.any() and len(own) == len(used) and offer.programme.audience != "executive":
            used += own * offer.programme.hours_per_participant
            least = min(least, offer.programme.hours_per_participant)
    return [unit for unit, room in zip(company.units, most * company.headcount - used, strict=True) if room < least]


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
