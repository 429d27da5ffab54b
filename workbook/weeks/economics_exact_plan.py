"""The plan week 3 shows, of the verdict's kind, and how it was found."""

from __future__ import annotations

from typing import Final

from workbook.results import Answer, ExactPlan, LimitToRelax
from workbook.weeks import economics_exact as exact
from workbook.weeks.economics_alternatives import greedy
from workbook.weeks.economics_exact_limits import limits_to_relax
from workbook.weeks.economics_exact_search import Attempt, Candidate, Search, best_of, inclusion
from workbook.weeks.economics_exact_told import calendar_of, unknown_units
from workbook.words import Words

NOTEWORTHY: Final = 0.005
"""A plan of another kind is mentioned from this share of the plan's worth on (house assumption)."""


def exact_plan(search: Search, answer: Answer, *, free: Candidate, say: Words) -> tuple[Candidate, ExactPlan]:
    """The best plan of the verdict's kind within the budget, and how it was found. `free`: the best of any kind."""
    problem = search.problem
    money = problem.terms.budget_money
    if answer == "insufficient data" or money <= 0 or not problem.offers:
        return search.nothing, _nothing_bought(search, ())
    if answer == "neither":
        return search.nothing, _nothing_bought(search, tuple(_other_kind(search.nothing, free, say)))
    kind = problem.classes[problem.chosen]
    attempt, reference = search.attempt(money, kind, joint=True), search.reference(problem, money, kind)
    notes = unknown_units(search)
    if reference is None and attempt.candidate.cost <= 0:
        attempt, reference = search.attempt(money, joint=True), search.reference(problem, money)
        notes.append(f"No plan that keeps to the scenario's limits is of the verdict's kind ({kind}).")
    known = [attempt.candidate, *([reference] if reference else []), search.nothing]
    plan = best_of(known)
    if plan.cost <= 0:
        notes.append("At this appetite for risk, or within these limits, nothing is worth buying.")
        return search.nothing, _nothing_bought(search, tuple(notes))
    return plan, _how(
        search,
        attempt,
        plan,
        reference or search.nothing,
        [*notes, *_beside_verdict(search, plan, say), *_other_kind(plan, free, say)],
        say,
    )


def _how(
    search: Search, attempt: Attempt, plan: Candidate, reference: Candidate, notes: list[str], say: Words
) -> ExactPlan:
    solution, money = attempt.solution, search.problem.terms.budget_money
    start = greedy(search.problem)
    kept = plan is reference
    lines, nothing, draws = inclusion(search, plan, money)
    if kept:
        notes.append("The program found nothing worth more than the reference plan, which is therefore shown.")
    same_as_greedy = start is not None and plan.same(start)
    if same_as_greedy:
        notes.append("The plan is the one greedy choice arrives at: the search added nothing to it.")
    return ExactPlan(
        status="reference plan kept" if kept else "node limit" if solution.status == "node limit" else "optimal",
        gap=solution.gap,
        model_npv=solution.objective,
        npv=plan.npv,
        optimism=solution.objective - attempt.candidate.score,
        shortfall=exact.shortfall(plan.worth),
        tail_share=exact.TAIL_SHARE,
        risk_aversion_share=search.wishes.risk_aversion_share,
        reference_npv=reference.npv,
        gain_over_reference=plan.npv - reference.npv,
        same_as_reference=plan.equals(reference),
        same_as_greedy=same_as_greedy,
        violations=attempt.violations,
        inclusion=lines,
        inclusion_draws=draws,
        bought_nothing_share=nothing,
        notes=tuple(notes),
        calendar=calendar_of(search, plan, say),
    )


def _nothing_bought(search: Search, notes: tuple[str, ...]) -> ExactPlan:
    relax: tuple[LimitToRelax, ...] = limits_to_relax(search, search.problem.terms.budget_money)
    return ExactPlan(
        status="no plan keeps to the limits" if relax else "nothing bought",
        gap=0.0,
        model_npv=0.0,
        npv=0.0,
        optimism=0.0,
        shortfall=0.0,
        tail_share=exact.TAIL_SHARE,
        risk_aversion_share=search.wishes.risk_aversion_share,
        reference_npv=0.0,
        gain_over_reference=0.0,
        same_as_reference=True,
        same_as_greedy=False,
        relax=relax,
        notes=notes,
    )


def _beside_verdict(search: Search, plan: Candidate, say: Words) -> list[str]:
    """A sentence where the plan spends noticeably other money than the reference plan the verdict speaks of."""
    spoken = search.problem.plans[search.problem.chosen].cost
    if abs(spoken - plan.cost) <= NOTEWORTHY * plan.cost:
        return []
    return [
        f"The verdict compares reference plans; the one it names spends {say.money(spoken)}, this plan "
        f"{say.money(plan.cost)}."
    ]


def _other_kind(plan: Candidate, free: Candidate, say: Words) -> list[str]:
    """A sentence where the best plan of any kind is of another kind and worth noticeably more."""
    more = free.score - plan.score
    if free.kind == plan.kind or more <= NOTEWORTHY * max(abs(plan.score), 1.0):
        return []
    return [
        f"Among exact plans one of another kind ({free.kind}) would be worth {say.money(more)} more: the verdict is a "
        "close call."
    ]
