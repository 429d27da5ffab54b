"""The decision problem as an allocation of seats, and any allocation as a decision problem of one plan."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import numpy.typing as npt

from workbook.model import allocation
from workbook.model.plans import MOST_PROGRAMMES
from workbook.model.prioritise import MARGIN, Class, plan_class
from workbook.model.returns import discount_factors
from workbook.weeks import economics_flow as flow
from workbook.weeks.decision import DecisionProblem, admitted
from workbook.weeks.economics_leaks import COMPONENTS, NAMES
from workbook.weeks.economics_plans import described

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
RISK_DRAWS: Final = 256
TAIL_SHARE: Final = 0.2
"""The draws a cautious reader looks at: the worst fifth (house assumption)."""
STRICTLY: Final = 1e-6
MONEY_OF_CLASS: Final[dict[Class, tuple[float, float]]] = {
    "leadership first": (1 - MARGIN + STRICTLY, 1.0),
    "split": (MARGIN, 1 - MARGIN),
    "technical first": (0.0, MARGIN - STRICTLY),
    "neither": (0.0, 1.0),
}


@dataclass(frozen=True)
class Wishes:
    """What a person asks of the plan besides week 1's admission."""

    minimum_leadership_share: float
    hours_away_per_person: float | None
    risk_aversion_share: float


@dataclass(frozen=True)
class Moments:
    """Worth of each offer and pair: `first` (P, C) money of full reach alone, `second` (P, P, C) what a pair shares."""

    first: Floats
    second: Floats
    cost_weights: Floats


def effects(problem: DecisionProblem) -> Floats:
    """Reduction of each component by each offer where everyone took part, draw by draw: (P, C, S); uncounted zero."""
    made = np.zeros((len(problem.offers), len(NAMES), len(problem.features)))
    for p, offer in enumerate(problem.offers):
        removed = flow.reductions(problem.values, offer)
        for k, name in enumerate(NAMES):
            if problem.counted[k] and COMPONENTS[name].leak in removed:
                made[p, k] = removed[COMPONENTS[name].leak]
    return made


def moments(problem: DecisionProblem, removed: Floats, draws: slice) -> Moments:
    """Means over these draws, in present money over the window."""
    terms = problem.terms
    months = terms.horizon_months
    factors = discount_factors(yearly_rate=terms.yearly_rate, months=months)
    paths = np.array(
        [flow.course(o.programme, o.keep_share, start_month=terms.start_month, months=months) for o in problem.offers]
    )
    leaks, own = problem.parts[:, draws], removed[:, :, draws]
    count = leaks.shape[1]
    alone = np.einsum("cs,pcs->pc", leaks, own) / count * (paths @ factors)[:, None]
    pairs = np.stack([(own[:, k] * leaks[k]) @ own[:, k].T / count for k in range(len(NAMES))], axis=2)
    service = np.einsum("pt,qt,t->pq", paths, paths, factors)
    return Moments(alone, pairs * service[:, :, None], problem.cost_features[draws].mean(axis=0) * problem.start_factor)


def allocation_problem(
    problem: DecisionProblem,
    wishes: Wishes,
    found: Moments,
    *,
    budget_money: float,
    kind: Class | None = None,
    removed: Floats | None = None,
) -> allocation.Problem:
    """What is to be allocated within a budget; of one class of plan where `kind` is given. `removed` brings in risk."""
    located = np.stack([problem.company.shares[name] for name in NAMES])
    order, units = by_name(problem)
    lines = tuple(
        _line(problem.offers[p], order[p], units, found.first[p] @ located, wishes.hours_away_per_person is not None)
        for p in range(len(problem.offers))
    )
    hours = np.inf if wishes.hours_away_per_person is None else wishes.hours_away_per_person
    limits = allocation.Limits(
        budget_money=budget_money,
        seats=problem.terms.cohort_size,
        leadership_share=share_limits(problem, wishes, kind),
        hours_per_unit=hours * problem.company.headcount[units],
        most_programmes=2 * MOST_PROGRAMMES,
    )
    risk = None
    if removed is not None and wishes.risk_aversion_share > 0:
        risk = _risk(problem, removed, found, located[:, units], wishes.risk_aversion_share)
    return allocation.Problem(
        lines=lines,
        overlap=(found.second @ located)[:, :, units],
        point_weights=flow.cost_features(problem.point, 1)[0],
        expected_weights=found.cost_weights,
        limits=limits,
        risk=risk,
    )


def by_name(problem: DecisionProblem) -> tuple[list[list[int]], list[int]]:
    """Blocks of each offer and units in the order of their names, so that their order in the data decides nothing."""
    blocks = [sorted(range(len(o.blocks)), key=lambda b, o=o: o.blocks[b]) for o in problem.offers]  # type: ignore[misc]
    units = problem.company.units
    return blocks, sorted(range(len(units)), key=lambda u: units[u])


def in_order(problem: DecisionProblem, bought: Sequence[Ints], *, back: bool) -> list[Ints]:
    """Seats from the problem's order of blocks into that of their names; `back` the other way."""
    order, _ = by_name(problem)
    if not back:
        return [seats[blocks] for seats, blocks in zip(bought, order, strict=True)]
    return [seats[np.argsort(blocks)] for seats, blocks in zip(bought, order, strict=True)]


def share_limits(problem: DecisionProblem, wishes: Wishes, kind: Class | None) -> tuple[float, float]:
    """Least and most of the money for leadership: the scenario's shares, week 1's admission, and a class if asked."""
    low, high = wishes.minimum_leadership_share, 1 - problem.terms.minimum_technical_share
    if problem.terms.gate_fired is not True or problem.terms.readiness_red:
        high = min(high, 1 - MARGIN)
    least, most = MONEY_OF_CLASS[kind] if kind else (0.0, 1.0)
    return max(low, least), min(high, most)


def _line(offer: flow.Offer, order: list[int], units: list[int], benefit: Floats, timed: bool) -> allocation.Line:
    """An offer as a line. Executives sit in no unit: their time away is limited nowhere."""
    entry = offer.programme
    own_unit = len(offer.blocks) == len(units) and entry.audience != "executive"
    hours = entry.hours_per_participant * np.eye(len(units)) if own_unit and timed else None
    time = offer.time_money_per_participant * np.arange(len(offer.bought_by_seats))
    return allocation.Line(
        key=offer.key,
        track=offer.track,
        blocks=tuple(offer.blocks[b] for b in order),
        room=offer.targets.astype(np.int64)[order],
        cover=offer.cover[np.ix_(order, units)],
        benefit=benefit[units],
        hours_per_seat=np.zeros((len(order), len(units))) if hours is None else hours,
        group_min=entry.group_min,
        group_max=entry.group_max,
        most_groups=entry.groups_per_month,
        segments=allocation.segments(np.stack([offer.bought_by_seats, offer.own_by_seats, time])),
    )


def _risk(
    problem: DecisionProblem, removed: Floats, found: Moments, located: Floats, aversion: float
) -> allocation.Risk:
    """The first 256 draws, factored by programme and component; what pairs share in a draw, by pair of tracks."""
    draws = slice(0, min(RISK_DRAWS, len(problem.features)))
    leaks, own = problem.parts[:, draws], removed[:, :, draws]
    mean = np.einsum("cs,pcs->pc", leaks, own) / own.shape[2]
    every = np.einsum("cs,pcs->pc", problem.parts, removed) / removed.shape[2]
    service = np.divide(found.first, every, out=np.zeros_like(every), where=every != 0)
    benefits = (leaks[None] * own * service[:, :, None]).transpose(2, 0, 1)
    scale = np.divide(every, mean, out=np.ones_like(mean), where=np.abs(mean) > 1e-12 * max(np.abs(mean).max(), 1e-300))
    kinds, losses = _kinds_of_pairs(problem, leaks, own)
    return allocation.Risk(
        aversion=aversion,
        tail=TAIL_SHARE,
        located=located,
        benefits=benefits * np.clip(scale, 0.5, 2.0),
        costs=problem.cost_features[draws] * problem.start_factor,
        losses=losses,
        kinds=kinds,
    )


def _kinds_of_pairs(problem: DecisionProblem, leaks: Floats, own: Floats) -> tuple[Ints, Floats]:
    """Kind of each pair (both leadership, both technical, mixed) and its shared worth by draw over the mean (S, 3)."""
    leading = np.array([offer.track == "leadership" for offer in problem.offers])
    kinds = np.where(np.equal.outer(leading, leading), np.where(leading, 0, 1)[:, None], 2)
    groups = [own[leading].sum(axis=0), own[~leading].sum(axis=0)]
    products = [groups[0] * groups[0], groups[1] * groups[1], groups[0] * groups[1]]
    made = np.stack([(leaks * each).sum(axis=0) for each in products], axis=1)
    mean = made.mean(axis=0)
    return kinds.astype(np.int64), np.divide(made, mean, out=np.ones_like(made), where=mean > 0)


def single(problem: DecisionProblem, bought: Sequence[Ints]) -> DecisionProblem:
    """The same problem with these seats for its only plan, so that all that is said of a plan can be said of it."""
    seats = tuple(row[None, :] for row in bought)
    terms = flow.terms_of(problem.offers, seats) if seats else ()
    months = problem.terms.horizon_months
    factors = discount_factors(yearly_rate=problem.terms.yearly_rate, months=months)
    courses = flow.times(terms, problem.offers, start_month=problem.terms.start_month, months=months)
    located = np.stack([problem.company.shares[name] for name in NAMES])
    worth = {key: np.asarray(course @ factors) for key, course in courses.items()}
    rows = flow.coefficients(terms, problem.offers, flow.reaches(problem.offers, seats), located, worth)
    plans = tuple(described(problem.offers, seats, problem.company, problem.point))
    share, cost = plans[0].leadership_share or 0.0, plans[0].cost
    kind = plan_class(leadership_money=cost * share, technical_money=cost * (1 - share))
    return replace(
        problem,
        seats=seats,
        plans=plans,
        classes=(kind,),
        admissible=np.array([admitted(plans[0], kind, problem.terms)]),
        caps=np.zeros(1),
        feature_terms=terms,
        features=flow.features(terms, problem.offers, problem.values, problem.parts),
        coefficients=rows,
        cost_rows=flow.cost_parts(problem.offers, seats),
    )


def shortfall(worth: Floats, *, tail: float = TAIL_SHARE) -> float:
    """Mean of the worst `tail` share of the draws (conditional value at risk; Rockafellar & Uryasev, 2000)."""
    count = max(round(tail * len(worth)), 1)
    return float(np.partition(worth, count - 1)[:count].mean())


def score(worth: Floats, aversion: float) -> float:
    """What is to be made large: (1 - aversion) x mean + aversion x shortfall."""
    return float((1 - aversion) * worth.mean() + (aversion * shortfall(worth) if aversion > 0 else 0.0))
