"""The decision problem as an allocation of seats, and any allocation as a decision problem of one plan."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
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
    """Money a month at full reach and effect: `alone` (P, C) of an offer, `shared` (P, P, C) what a pair shares."""

    alone: Floats
    shared: Floats
    cost_weights: Floats


@dataclass(frozen=True)
class Variant:
    """A programme at a start: which offer, how long after anything may start, and its blocks closed then, by name."""

    offer: int
    start_month: int = 0
    closed: tuple[bool, ...] = ()


def effects(problem: DecisionProblem) -> Floats:
    """Reduction of each component by each offer where everyone took part, draw by draw: (P, C, S); uncounted zero."""
    made = np.zeros((len(problem.offers), len(NAMES), len(problem.features)))
    for p in range(len(problem.offers)):
        removed = problem.effects[p]
        for k, name in enumerate(NAMES):
            if problem.counted[k] and COMPONENTS[name].leak in removed:
                made[p, k] = removed[COMPONENTS[name].leak]
    return made


def moments(problem: DecisionProblem, removed: Floats, draws: slice) -> Moments:
    """Means over these draws."""
    leaks, own = problem.parts[:, draws], removed[:, :, draws]
    count = leaks.shape[1]
    alone = np.einsum("cs,pcs->pc", leaks, own) / count
    pairs = np.stack([(own[:, k] * leaks[k]) @ own[:, k].T / count for k in range(len(NAMES))], axis=2)
    return Moments(alone, pairs, problem.cost_features[draws].mean(axis=0) * problem.start_factor)


def allocation_problem(
    problem: DecisionProblem,
    wishes: Wishes,
    found: Moments,
    *,
    budget_money: float,
    kind: Class | None = None,
    removed: Floats | None = None,
    variants: Sequence[Variant] | None = None,
    apart: Floats | None = None,
) -> allocation.Problem:
    """What is to be allocated within a budget; of one class of plan where `kind` is given. `removed` brings in risk.

    A line is a variant, by default each offer at its own start; of the variants of an offer one at most is bought.
    `apart` (P, P) replaces the discounted months two lines spend together.
    """
    made = [Variant(p, o.start_month) for p, o in enumerate(problem.offers)] if variants is None else variants
    at = [each.offer for each in made]
    located = np.stack([problem.company.shares[name] for name in NAMES])
    order, units = by_name(problem)
    service, together = services(problem, made)
    together = together if apart is None else apart
    first = found.alone[at] * service[:, None]
    timed = wishes.hours_away_per_person is not None
    monthly = discount_factors(yearly_rate=problem.terms.yearly_rate, months=problem.terms.horizon_months)
    lines = tuple(
        replace(
            _line(problem.offers[p], order[p], units, brings @ located, timed),
            cost_factor=float(monthly[each.start_month]),
            closed=each.closed,
        )
        for p, each, brings in zip(at, made, first, strict=True)
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
        risk = _risk(problem, removed[at], first, located[:, units], wishes.risk_aversion_share, at)
    other = np.not_equal.outer(at, at)
    shared = found.shared[np.ix_(at, at)] * (together * other)[:, :, None]
    starts = {p: tuple(k for k, own in enumerate(at) if own == p) for p in at}
    return allocation.Problem(
        lines=lines,
        overlap=(shared @ located)[:, :, units],
        point_weights=flow.cost_features(problem.point, 1)[0],
        expected_weights=found.cost_weights,
        limits=limits,
        risk=risk,
        exclusive=tuple(own for own in starts.values() if len(own) > 1),
    )


def services(problem: DecisionProblem, variants: Sequence[Variant]) -> tuple[Floats, Floats]:
    """Discounted months at full effect of each variant (P,), and of each pair together (P, P)."""
    terms = problem.terms
    months = terms.horizon_months
    factors = discount_factors(yearly_rate=terms.yearly_rate, months=months)
    offers = [replace(problem.offers[each.offer], start_month=each.start_month) for each in variants]
    paths = np.array([flow.started(offer, start_month=terms.start_month, months=months) for offer in offers])
    paths = paths.reshape(len(offers), months + 1)
    return paths @ factors, np.einsum("pt,qt,t->pq", paths, paths, factors)


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
    problem: DecisionProblem, removed: Floats, first: Floats, located: Floats, aversion: float, offers: Sequence[int]
) -> allocation.Risk:
    """The first 256 draws, factored by programme and component; what pairs share in a draw, by pair of tracks."""
    draws = slice(0, min(RISK_DRAWS, len(problem.features)))
    leaks, own = problem.parts[:, draws], removed[:, :, draws]
    mean = np.einsum("cs,pcs->pc", leaks, own) / own.shape[2]
    every = np.einsum("cs,pcs->pc", problem.parts, removed) / removed.shape[2]
    service = np.divide(first, every, out=np.zeros_like(every), where=every != 0)
    benefits = (leaks[None] * own * service[:, :, None]).transpose(2, 0, 1)
    scale = np.divide(every, mean, out=np.ones_like(mean), where=np.abs(mean) > 1e-12 * max(np.abs(mean).max(), 1e-300))
    kinds, losses = _kinds_of_pairs([problem.offers[p].track for p in offers], leaks, own)
    return allocation.Risk(
        aversion=aversion,
        tail=TAIL_SHARE,
        located=located,
        benefits=benefits * np.clip(scale, 0.5, 2.0),
        costs=problem.cost_features[draws] * problem.start_factor,
        losses=losses,
        kinds=kinds,
    )


def _kinds_of_pairs(tracks: Sequence[str], leaks: Floats, own: Floats) -> tuple[Ints, Floats]:
    """Kind of each pair (both leadership, both technical, mixed) and its shared worth by draw over the mean (S, 3)."""
    leading = np.array([track == "leadership" for track in tracks])
    kinds = np.where(np.equal.outer(leading, leading), np.where(leading, 0, 1)[:, None], 2)
    groups = [own[leading].sum(axis=0), own[~leading].sum(axis=0)]
    products = [groups[0] * groups[0], groups[1] * groups[1], groups[0] * groups[1]]
    made = np.stack([(leaks * each).sum(axis=0) for each in products], axis=1)
    mean = made.mean(axis=0)
    return kinds.astype(np.int64), np.divide(made, mean, out=np.ones_like(made), where=mean > 0)


def single(problem: DecisionProblem, bought: Sequence[Ints]) -> DecisionProblem:
    """The same problem with these seats for its only plan, so that all that is said of a plan can be said of it.

    Programmes start when the problem's offers do; `restarted` moves them.
    """
    seats = tuple(row[None, :] for row in bought)
    terms = flow.terms_of(problem.offers, seats) if seats else ()
    plans = tuple(described(problem.offers, seats, problem.company, problem.point))
    share, cost = plans[0].leadership_share or 0.0, plans[0].cost
    kind = plan_class(leadership_money=cost * share, technical_money=cost * (1 - share))
    one = replace(
        problem,
        seats=seats,
        plans=plans,
        classes=(kind,),
        admissible=np.array([admitted(plans[0], kind, problem.terms)]),
        caps=np.zeros(1),
        feature_terms=terms,
        features=flow.products(terms, problem.effects, problem.parts),
    )
    return restarted(one, [offer.start_month for offer in problem.offers])


def restarted(one: DecisionProblem, starts: Sequence[int]) -> DecisionProblem:
    """A problem of one plan with its programmes started so many months after anything may start."""
    offers = tuple(replace(offer, start_month=start) for offer, start in zip(one.offers, starts, strict=True))
    months, rate = one.terms.horizon_months, one.terms.yearly_rate
    courses = flow.times(one.feature_terms, offers, start_month=one.terms.start_month, months=months)
    factors = discount_factors(yearly_rate=rate, months=months)
    return replace(
        one,
        offers=offers,
        coefficients=reached(one, {key: np.asarray(course @ factors) for key, course in courses.items()}),
        cost_rows=flow.present_cost_parts(offers, one.seats, yearly_rate=rate),
    )


def reached(one: DecisionProblem, time: Mapping[tuple[int, ...], Floats]) -> Floats:
    """Coefficients (terms, 1) of a problem of one plan, given the time each set of offers is at full effect."""
    located = np.stack([one.company.shares[name] for name in NAMES])
    return flow.coefficients(one.feature_terms, one.offers, flow.reaches(one.offers, one.seats), located, time)


def shortfall(worth: Floats, *, tail: float = TAIL_SHARE) -> float:
    """Mean of the worst `tail` share of the draws (conditional value at risk; Rockafellar & Uryasev, 2000)."""
    return float(shortfalls(worth[:, None], tail=tail)[0])


def shortfalls(worth: Floats, *, tail: float = TAIL_SHARE) -> Floats:
    """The same of many plans at once: (draws, plans) to (plans,)."""
    count = max(round(tail * len(worth)), 1)
    return np.asarray(np.partition(worth, count - 1, axis=0)[:count].mean(axis=0))


def score(worth: Floats, aversion: float) -> float:
    """What is to be made large: (1 - aversion) x mean + aversion x shortfall."""
    return float(scores(worth[:, None], aversion)[0])


def scores(worth: Floats, aversion: float) -> Floats:
    """The same of many plans at once: (draws, plans) to (plans,)."""
    expected = (1 - aversion) * worth.mean(axis=0)
    return np.asarray(expected + aversion * shortfalls(worth) if aversion > 0 else expected)
