"""The exact plan: found by the program, valued on all draws, held to its limits, never worse than the reference."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import combinations
from typing import Final

import numpy as np
import numpy.typing as npt

from workbook.model import allocation
from workbook.model.allocation_milp import Solution, solve
from workbook.model.prioritise import Class
from workbook.results import LimitToRelax, LineInclusion
from workbook.weeks import economics_exact as exact
from workbook.weeks import economics_flow as flow
from workbook.weeks.decision import DecisionProblem

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
ROUNDS: Final = 2
"""How often the program is solved again with overlaps counted where it went (house rule)."""
ENOUGH_OPTIMISM: Final = 1e-3
SINGLE_DRAWS: Final = 16
SINGLE_GAP: Final = 1e-3


@dataclass(frozen=True)
class Candidate:
    """An allocation valued on all draws: a decision problem of one plan, and the objective."""

    bought: tuple[Ints, ...]
    one: DecisionProblem
    worth: Floats
    score: float

    @property
    def cost(self) -> float:
        """Point cost."""
        return self.one.plans[0].cost

    @property
    def npv(self) -> float:
        """Expected net present value."""
        return float(self.one.means[0])

    @property
    def share(self) -> float | None:
        """Leadership share of the money."""
        return self.one.plans[0].leadership_share

    @property
    def kind(self) -> Class:
        """What the plan stands for."""
        return self.one.classes[0]

    def same(self, other: Sequence[Ints]) -> bool:
        """Whether the same seats are bought."""
        return all(np.array_equal(a, b) for a, b in zip(self.bought, other, strict=True))


@dataclass(frozen=True)
class Attempt:
    """What the program found, what that is worth, and what our own check of the limits says."""

    candidate: Candidate
    solution: Solution
    violations: tuple[str, ...]


@dataclass(frozen=True)
class Search:
    """Everything the search for exact plans needs, worked out once."""

    problem: DecisionProblem
    wishes: exact.Wishes

    @cached_property
    def removed(self) -> Floats:
        """Reductions by offer, component and draw."""
        return exact.effects(self.problem)

    @cached_property
    def moments(self) -> exact.Moments:
        """Expected worth over all draws."""
        return exact.moments(self.problem, self.removed, slice(None))

    @cached_property
    def nothing(self) -> Candidate:
        """The plan that buys nothing."""
        return self.valued([np.zeros(len(offer.targets), dtype=np.int64) for offer in self.problem.offers])

    def valued(self, bought: Sequence[Ints]) -> Candidate:
        """Seats valued on all draws."""
        one = exact.single(self.problem, bought)
        worth = one.utilities[:, 0]
        return Candidate(tuple(bought), one, worth, exact.score(worth, self.wishes.risk_aversion_share))

    def asked(self, budget_money: float, kind: Class | None = None) -> allocation.Problem:
        """What is to be allocated."""
        return exact.allocation_problem(
            self.problem, self.wishes, self.moments, budget_money=budget_money, kind=kind, removed=self.removed
        )

    def attempt(self, budget_money: float, kind: Class | None = None) -> Attempt:
        """The best of up to three solutions: with overlaps counted kindly, then by their tangents where it went.

        With risk in the objective, which takes longer, the first one.
        """
        asked = self.asked(budget_money, kind)
        first = solve(asked)
        best = self._attempted(asked, first)
        near: list[tuple[Ints, ...]] = []
        seats, score = first.seats, best.candidate.score
        for _ in range(ROUNDS if asked.risk is None else 0):
            if first.objective - score <= ENOUGH_OPTIMISM * abs(first.objective):
                break
            near.append(seats)
            again = solve(asked, near=near)
            if any(all(map(np.array_equal, own, again.seats)) for own in near):
                break
            found = self._attempted(asked, again)
            seats, score = again.seats, found.candidate.score
            if not found.violations and score > best.candidate.score:
                best = replace(found, solution=replace(again, objective=first.objective))
        return best

    def _attempted(self, asked: allocation.Problem, found: Solution) -> Attempt:
        wrong = allocation.violations(asked, found.seats)
        moved = allocation.refilled(asked, found.seats) if asked.risk is None else found.seats
        seats = found.seats if wrong or allocation.violations(asked, moved) else moved
        bought = exact.in_order(self.problem, seats, back=True)
        return Attempt(self.nothing if wrong else self.valued(bought), found, wrong)

    def reference(self, plans: DecisionProblem, budget_money: float, kind: Class | None = None) -> Candidate | None:
        """The best reference plan that keeps to every limit; the first of equals."""
        allowed = plans.admissible & (plans.caps <= budget_money * (1 + 1e-9))
        at = [k for k in np.flatnonzero(allowed).tolist() if kind is None or plans.classes[k] == kind]
        if self.wishes.minimum_leadership_share > 0 or self.wishes.hours_away_per_person is not None:
            asked = self.asked(budget_money, kind)
            at = [k for k in at if not allocation.violations(asked, self._rows(plans, k))]
        if not at:
            return None
        aversion = self.wishes.risk_aversion_share
        scores = (
            [float(plans.means[k]) for k in at]
            if aversion == 0
            else [exact.score(worth, aversion) for worth in plans.utilities_of(at).T]
        )
        return self.valued([bought[at[int(np.argmax(scores))]] for bought in plans.seats])

    def _rows(self, plans: DecisionProblem, plan: int) -> list[Ints]:
        return exact.in_order(self.problem, [bought[plan] for bought in plans.seats], back=False)


def best_of(candidates: Sequence[Candidate]) -> Candidate:
    """The candidate of highest objective; the first of equals to a millionth."""
    top = max(each.score for each in candidates)
    return next(each for each in candidates if each.score >= top - 1e-9 * max(abs(top), 1.0))


def along(search: Search, plans: DecisionProblem, budgets: Sequence[float]) -> dict[float, Candidate]:
    """The best plan at each budget, whatever its class. What fits a smaller budget is open to a larger one.

    From the largest budget down: a plan that would still be affordable is still the best, and need not be sought again.
    """
    found: dict[float, Candidate] = {}
    last: Candidate | None = None
    for budget in sorted(set(budgets), reverse=True):
        if last is None or round(100 * last.cost) > round(100 * budget):
            last = search.attempt(budget).candidate
        found[budget] = last
    before, made = search.nothing, {}
    for budget in sorted(found):
        own = search.reference(plans, budget)
        before = made[budget] = best_of([found[budget], *([own] if own else []), before])
    return made


def inclusion(search: Search, plan: Candidate, budget_money: float) -> tuple[tuple[LineInclusion, ...], float, int]:
    """How often each line of the plan is bought if a single draw is taken for certain; how often nothing is."""
    count = min(SINGLE_DRAWS, len(search.problem.features))
    times = [np.zeros(len(own)) for own in plan.bought]
    empty = 0
    certain = replace(search.wishes, risk_aversion_share=0.0)
    for draw in range(count):
        worth = exact.moments(search.problem, search.removed, slice(draw, draw + 1))
        asked = exact.allocation_problem(search.problem, certain, worth, budget_money=budget_money)
        bought = exact.in_order(search.problem, solve(asked, gap=SINGLE_GAP, whole_seats=False).seats, back=True)
        empty += not any(own.any() for own in bought)
        for total, own in zip(times, bought, strict=True):
            total += own > 0
    lines = [
        LineInclusion(programme=offer.key, unit=offer.blocks[block], share=float(total[block]) / count)
        for offer, own, total in zip(search.problem.offers, plan.bought, times, strict=True)
        for block in np.flatnonzero(own).tolist()
    ]
    return tuple(lines), empty / count, count


def limits_to_relax(search: Search, budget_money: float) -> tuple[LimitToRelax, ...]:
    """The fewest limits that must give way before anything at all can be bought, by the least money; empty if none."""
    asked = _with_room(search).asked(budget_money)
    if not asked.lines:
        return ()
    low, high = asked.limits.leadership_share
    if low > high:
        return _shares_exclude(search, budget_money)
    offers = search.problem.offers
    weights = flow.cost_features(search.problem.point, 1)[0]
    first = [line.segments[0] for line in asked.lines if line.segments]
    seat = min((float(weights @ (each.fixed / each.high + each.per_seat)) for each in first), default=0.0)
    hour = max(
        (o.time_money_per_participant / max(o.programme.hours_per_participant, 1.0) for o in offers), default=1.0
    )
    prices = {"budget": 1.0, "cohort": seat}
    if np.isfinite(asked.limits.hours_per_unit).any():
        prices["hours"] = hour
    prices |= {"least leadership share": 1.0} if low > 0 else {}
    prices |= {"most leadership share": 1.0} if high < 1 else {}
    if solve(asked, spend=True, relaxed={}).status != "infeasible":
        return ()
    for size in range(1, len(prices) + 1):
        found = [
            (name_set, solve(asked, spend=True, relaxed={name: prices[name] for name in name_set}))
            for name_set in combinations(prices, size)
        ]
        open_ = [(sum(prices[n] * each.exceeded[n] for n in names), names, each) for names, each in found
                 if each.status != "infeasible"]  # fmt: skip
        if open_:
            _, names, best = min(open_, key=lambda row: row[0])
            return tuple(_relaxed(name, best.exceeded[name], prices[name]) for name in names)
    return ()


def _relaxed(name: str, amount: float, price: float) -> LimitToRelax:
    unit = {"cohort": "seats", "hours": "hours"}.get(name, "money")
    return LimitToRelax.model_validate({"limit": name, "amount": amount, "unit": unit, "money": price * amount})


def _shares_exclude(search: Search, budget_money: float) -> tuple[LimitToRelax, ...]:
    """Two least shares that cannot both hold: how much of a budget spent in full they ask for twice."""
    low, high = exact.share_limits(search.problem, search.wishes, None)
    return (_relaxed("least leadership share", (low - high) * budget_money, 1.0),)


def _with_room(search: Search) -> Search:
    """The same search with seats for one group of any programme, however small the cohort."""
    problem = search.problem
    largest = max((offer.programme.group_min for offer in problem.offers), default=1)
    if largest <= problem.terms.cohort_size:
        return search
    offers = flow.offers_of(
        [offer.programme for offer in problem.offers],
        problem.company,
        problem.point,
        transfer=problem.terms.transfer,
        most_seats=largest,
    )
    return Search(replace(problem, offers=offers), search.wishes)
