"""The exact plan: found by the program, valued on all draws, held to its limits, never worse than the reference."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Final

import numpy as np
import numpy.typing as npt

from workbook.model import allocation
from workbook.model.allocation_milp import Solution, solve
from workbook.model.prioritise import Class
from workbook.results import LineInclusion
from workbook.weeks import economics_exact as exact
from workbook.weeks.decision import DecisionProblem
from workbook.weeks.economics_exact_calendar import MOST_STARTS, Openings, dated, first_starts, openings

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
ROUNDS: Final = 2
"""How often the program is solved again with overlaps counted where it went (house rule)."""
ENOUGH_OPTIMISM: Final = 1e-3
SINGLE_DRAWS: Final = 16
SINGLE_GAP: Final = 1e-3
JOINT_CELLS: Final = 480
"""Programmes x starts x units the joint program may hold; beyond, the starts met before and the earliest are taken."""


@dataclass(frozen=True)
class Candidate:
    """An allocation valued on all draws: a decision problem of one plan, and the objective.

    `calendars` is how many calendars were weighed for its seats.
    """

    bought: tuple[Ints, ...]
    one: DecisionProblem
    worth: Floats
    score: float
    calendars: int = 1

    @property
    def starts(self) -> tuple[int, ...]:
        """Months after anything may start at which each offer does; 0 for those not bought."""
        return tuple(o.start_month if own.any() else 0 for o, own in zip(self.one.offers, self.bought, strict=True))

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

    def equals(self, other: Candidate) -> bool:
        """Whether the same seats are bought with the same starts."""
        return self.starts == other.starts and all(map(np.array_equal, self.bought, other.bought))

    def same(self, other: Sequence[Ints]) -> bool:
        """Whether the same seats are bought, all at once."""
        return not any(self.starts) and all(np.array_equal(a, b) for a, b in zip(self.bought, other, strict=True))


@dataclass(frozen=True)
class Attempt:
    """What the program found, what that is worth, and what our own check of the limits says."""

    candidate: Candidate
    solution: Solution
    violations: tuple[str, ...]


@dataclass(frozen=True)
class Search:
    """Everything the search for exact plans needs, worked out once.

    `closed` are the months, counted from the decision, in which a unit's people cannot attend.
    """

    problem: DecisionProblem
    wishes: exact.Wishes
    closed: Mapping[str, frozenset[int]] = field(default_factory=dict)
    most_starts: int = MOST_STARTS

    @cached_property
    def open(self) -> Openings:
        """When each offer may start."""
        return openings(self.problem, self.closed, most_starts=self.most_starts)

    @cached_property
    def first_starts(self) -> tuple[int, ...]:
        """The start each offer is planned with before the calendar is looked at."""
        return first_starts(self.problem, self.moments, self.open)

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
        """Seats valued on all draws, everything started at once."""
        return self._valued(exact.single(self.problem, bought))

    def _valued(self, one: DecisionProblem, calendars: int = 1) -> Candidate:
        worth = one.utilities[:, 0]
        score = exact.score(worth, self.wishes.risk_aversion_share)
        return Candidate(tuple(own[0] for own in one.seats), one, worth, score, calendars)

    def timed(self, bought: Sequence[Ints]) -> Candidate | None:
        """Seats at their best calendar, valued on all draws; None where closed months leave none.

        Starts that draws chosen from many would put later must be better on all draws too.
        """
        one = exact.single(self.problem, bought)
        aversion = self.wishes.risk_aversion_share
        found = dated(one, self.open, aversion=aversion)
        if found is None:
            return None
        starts, calendars = found
        best = self._valued(exact.restarted(one, starts) if any(starts) else one, calendars)
        if aversion > 0 and any(starts):
            months = [self.open.open_to(p, own) if own.any() else (0,) for p, own in enumerate(best.bought)]
            early = self._valued(exact.restarted(one, [own[0] for own in months]), calendars)
            best = early if early.score >= best.score else best
        return best

    def variant(self, offer: int, start_month: int) -> exact.Variant:
        """An offer at a start, with its blocks closed then in the order of their names."""
        order, _ = exact.by_name(self.problem)
        closed = self.open.closed_at(offer, start_month)[order[offer]]
        return exact.Variant(offer, start_month, tuple(closed.tolist()) if closed.any() else ())

    def variants(self, starts: Sequence[int]) -> list[exact.Variant]:
        """Every offer at one start each."""
        return [self.variant(p, start) for p, start in enumerate(starts)]

    def asked(
        self,
        budget_money: float,
        kind: Class | None = None,
        *,
        variants: Sequence[exact.Variant] | None = None,
        apart: Floats | None = None,
    ) -> allocation.Problem:
        """What is to be allocated: by default every offer at its first start."""
        return exact.allocation_problem(
            self.problem,
            self.wishes,
            self.moments,
            budget_money=budget_money,
            kind=kind,
            removed=self.removed,
            variants=self.variants(self.first_starts) if variants is None else variants,
            apart=apart,
        )

    def attempt(self, budget_money: float, kind: Class | None = None, *, joint: bool = False) -> Attempt:
        """The best plan found: seats with every offer at its first start, then their best calendar.

        With `joint`, seats are sought once more with overlaps counted as if starts could avoid them, and dated; if
        either calendar moves a programme or months are closed, the programmes found are then sought over seats and
        starts together. With risk in the objective, which takes longer, only the first search is made.
        """
        asked = self.asked(budget_money, kind)
        best = self._searched(asked)
        if not joint or asked.risk is not None or all(len(own) == 1 for own in self.open.months):
            return best
        loose = self._attempted(asked, solve(self.asked(budget_money, kind, apart=self._least_together)))
        moved = any(best.candidate.starts) or any(loose.candidate.starts) or self.open.any_closed
        variants = self._joint_variants([best.candidate, loose.candidate])
        if moved and variants:
            both = self.asked(budget_money, kind, variants=variants)
            best = _better(self._searched(both, variants), best)
        return _better(replace(loose, solution=best.solution), best)

    @cached_property
    def _least_together(self) -> Floats:
        """The fewest discounted months each pair of offers can be made to spend together."""
        variants = [exact.Variant(p, month) for p, own in enumerate(self.open.months) for month in own]
        _, together = exact.services(self.problem, variants)
        ends = np.cumsum([0, *(len(own) for own in self.open.months)])[:-1]
        return np.asarray(np.minimum.reduceat(np.minimum.reduceat(together, ends, axis=0), ends, axis=1))

    def _joint_variants(self, found: Sequence[Candidate]) -> list[exact.Variant]:
        """Programmes of these plans at their starts there, at their first and their earliest ones, and then at others.

        Programmes in none of them are left out.
        """
        pool = [p for p in range(len(self.problem.offers)) if any(each.bought[p].any() for each in found)]
        most = max(JOINT_CELLS // (len(self.problem.company.units) * max(len(pool), 1)), 2)
        made = []
        for p in pool:
            known = [each.starts[p] for each in found if each.bought[p].any()]
            ranked = dict.fromkeys([*known, self.first_starts[p], *self.open.months[p]])
            made += [self.variant(p, month) for month in sorted(list(ranked)[:most])]
        return made

    def _searched(self, asked: allocation.Problem, variants: Sequence[exact.Variant] | None = None) -> Attempt:
        """The best of up to three solutions: with overlaps counted kindly, then by their tangents where it went."""
        first = solve(asked)
        best = self._attempted(asked, first, variants)
        near: list[tuple[Ints, ...]] = []
        seats, score = first.seats, best.candidate.score
        for _ in range(ROUNDS if asked.risk is None else 0):
            if first.objective - score <= ENOUGH_OPTIMISM * abs(first.objective):
                break
            near.append(seats)
            again = solve(asked, near=near)
            if any(all(map(np.array_equal, own, again.seats)) for own in near):
                break
            found = self._attempted(asked, again, variants)
            seats, score = again.seats, found.candidate.score
            if not found.violations and score > best.candidate.score:
                best = replace(found, solution=replace(again, objective=first.objective))
        return best

    def _attempted(
        self, asked: allocation.Problem, found: Solution, variants: Sequence[exact.Variant] | None = None
    ) -> Attempt:
        wrong = allocation.violations(asked, found.seats)
        moved = allocation.refilled(asked, found.seats) if asked.risk is None else found.seats
        seats = found.seats if wrong or allocation.violations(asked, moved) else moved
        candidate = None if wrong else self.timed(self._seats(seats, variants))
        if candidate is not None:
            wrong = self.wrong_with(candidate, asked.limits)
        return Attempt(self.nothing if wrong or candidate is None else candidate, found, wrong)

    def _seats(self, seats: Sequence[Ints], variants: Sequence[exact.Variant] | None) -> list[Ints]:
        """Seats of variants as seats of offers, in the problem's order."""
        offers = self.problem.offers
        at = range(len(offers)) if variants is None else [each.offer for each in variants]
        own = [np.zeros(len(offer.blocks), dtype=np.int64) for offer in offers]
        for p, bought in zip(at, seats, strict=True):
            own[p] = own[p] + bought
        return exact.in_order(self.problem, own, back=True)

    def wrong_with(self, candidate: Candidate, limits: allocation.Limits) -> tuple[str, ...]:
        """Every limit a plan breaks at its own starts, closed months included."""
        made = self.asked(limits.budget_money, variants=self.variants(candidate.starts))
        rows = exact.in_order(self.problem, candidate.bought, back=False)
        return allocation.violations(replace(made, limits=limits, risk=None), rows)

    def reference(self, plans: DecisionProblem, budget_money: float, kind: Class | None = None) -> Candidate | None:
        """The best reference plan that keeps to every limit, at its best calendar; the first of equals.

        None where closed months leave it no calendar.
        """
        allowed = plans.admissible & (plans.caps <= budget_money * (1 + 1e-9))
        at = [k for k in np.flatnonzero(allowed).tolist() if kind is None or plans.classes[k] == kind]
        if self.wishes.minimum_leadership_share > 0 or self.wishes.hours_away_per_person is not None:
            asked = self.asked(budget_money, kind, variants=[exact.Variant(p) for p in range(len(plans.offers))])
            at = [k for k in at if not allocation.violations(asked, self._rows(plans, k))]
        if not at:
            return None
        aversion = self.wishes.risk_aversion_share
        scores = (
            [float(plans.means[k]) for k in at]
            if aversion == 0
            else [exact.score(worth, aversion) for worth in plans.utilities_of(at).T]
        )
        return self.timed([bought[at[int(np.argmax(scores))]] for bought in plans.seats])

    def _rows(self, plans: DecisionProblem, plan: int) -> list[Ints]:
        return exact.in_order(self.problem, [bought[plan] for bought in plans.seats], back=False)


def _better(first: Attempt, second: Attempt) -> Attempt:
    """The attempt of higher objective; the second of equals to a millionth."""
    top = second.candidate.score
    return first if not first.violations and first.candidate.score > top + 1e-9 * max(abs(top), 1.0) else second


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
    starts = [own if bought.any() else first for own, bought, first in
              zip(plan.starts, plan.bought, search.first_starts, strict=True)]  # fmt: skip
    variants = search.variants(starts)
    for draw in range(count):
        worth = exact.moments(search.problem, search.removed, slice(draw, draw + 1))
        asked = exact.allocation_problem(search.problem, certain, worth, budget_money=budget_money, variants=variants)
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
