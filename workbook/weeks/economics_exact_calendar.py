"""When programmes may start, and the best start of each programme of a plan whose seats are settled."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from workbook.evidence import COMPANY
from workbook.model.calendar import MOST_CALENDARS, Timing, best_calendar
from workbook.model.returns import discount_factors
from workbook.settings import Settings
from workbook.weeks import economics_exact as exact
from workbook.weeks import economics_flow as flow
from workbook.weeks.decision import DecisionProblem
from workbook.weeks.economics_leaks import NAMES
from workbook.weeks.week4_case import add_months

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]
STEP_MONTHS: Final = 3
"""Programmes start a whole number of quarters after anything may start (house rule)."""
MOST_STARTS: Final = 8
"""Starts weighed for a programme: two years of quarters, as far as the horizon allows (house rule)."""
FEW_CALENDARS: Final = 4096
"""With risk in the objective up to so many calendars are weighed on all draws, more on the first 256 (house rule)."""


@dataclass(frozen=True)
class Openings:
    """Months at which each offer may start, counted from when anything may, and its blocks closed then."""

    months: tuple[tuple[int, ...], ...]
    closed: tuple[tuple[Bools, ...], ...]

    def open_to(self, offer: int, seats: Ints) -> tuple[int, ...]:
        """Months at which an offer may start given the blocks it trains."""
        rows = zip(self.months[offer], self.closed[offer], strict=True)
        return tuple(month for month, closed in rows if not np.any(seats[closed] > 0))

    def closed_at(self, offer: int, month: int) -> Bools:
        """Blocks closed to an offer that starts then."""
        return self.closed[offer][self.months[offer].index(month)]

    @property
    def any_closed(self) -> bool:
        """Whether any block is closed at any start."""
        return any(bool(closed.any()) for own in self.closed for closed in own)


def closed_months(settings: Settings, months: int) -> dict[str, frozenset[int]]:
    """Months after the as-of date, 0..months, in which each unit of `blackout` is closed.

    Closed is a month at least half of whose days are busy (house rule): in a shorter gap a group starts before or after
    it. Month m runs from m months after the as-of date to the day before month m + 1.
    """
    begins = [add_months(settings.as_of, month) for month in range(months + 2)]
    days: dict[str, set[int]] = {}
    for busy in settings.blackout:
        own = days.setdefault(busy.unit, set())
        own |= set(range(busy.start.toordinal(), busy.end.toordinal() + 1))
    edges = [begin.toordinal() for begin in begins]
    return {
        unit: frozenset(
            m for m in range(months + 1) if 2 * len(own & {*range(edges[m], edges[m + 1])}) >= edges[m + 1] - edges[m]
        )
        for unit, own in days.items()
    }


def openings(
    problem: DecisionProblem, closed: Mapping[str, frozenset[int]], *, most_starts: int = MOST_STARTS
) -> Openings:
    """Quarters at which each offer may start: training must end within the horizon; the first is always there.

    A unit's closed months close its own block; the company's close every block, executives' too.
    """
    terms = problem.terms
    everywhere = closed.get(COMPANY, frozenset())
    months, shut = [], []
    for offer in problem.offers:
        latest = terms.horizon_months - terms.start_month - offer.programme.months
        own = tuple(m for m in range(0, STEP_MONTHS * most_starts, STEP_MONTHS) if m == 0 or m < latest)
        months.append(own)
        shut.append(
            tuple(
                np.array(
                    [terms.start_month + m in closed.get(block, frozenset()) | everywhere for block in offer.blocks],
                    dtype=bool,
                )
                for m in own
            )
        )
    return Openings(tuple(months), tuple(shut))


def first_starts(problem: DecisionProblem, found: exact.Moments, open_: Openings) -> tuple[int, ...]:
    """The start at which each offer alone would bring most if it trained everyone open to it then; else the earliest.

    Without closed months that is the first.
    """
    located = np.stack([problem.company.shares[name] for name in NAMES])
    made = []
    for p, offer in enumerate(problem.offers):
        variants = [exact.Variant(p, month) for month in open_.months[p]]
        service, _ = exact.services(problem, variants)
        by_block = offer.cover @ (found.alone[p] @ located) * offer.targets
        brings = [
            float(worth * by_block[~closed].sum()) for worth, closed in zip(service, open_.closed[p], strict=True)
        ]
        made.append(open_.months[p][int(np.argmax(brings))] if max(brings) > 0 else open_.months[p][0])
    return tuple(made)


def timing(one: DecisionProblem, months: Sequence[tuple[int, ...]], acting: Sequence[int], draws: int) -> Timing:
    """What the worth of one plan hangs on, for the starts `months` of its programmes `acting`.

    `draws` 0 takes means.
    """
    at = {p: k for k, p in enumerate(acting)}
    still = exact.reached(one, {term.offers: np.array(1.0) for term in one.feature_terms})[:, 0]
    rate, horizon = one.terms.yearly_rate, one.terms.horizon_months
    rows = slice(0, draws) if draws else slice(None)
    features = one.features[rows] if draws else one.features.mean(axis=0)[None, :]
    weights = one.cost_features[rows] if draws else one.cost_features.mean(axis=0)[None, :]
    money: dict[tuple[int, ...], Floats] = {}
    for k, term in enumerate(one.feature_terms):
        if one.counted[term.component]:
            own = tuple(at[p] for p in term.offers)
            money[own] = money.get(own, np.zeros(len(features))) + features[:, k] * still[k]
    paths = tuple(
        np.array(
            [
                flow.course(
                    one.offers[p].programme, one.offers[p].keep_share, start_month=one.terms.start_month + m,
                    months=horizon,
                )
                for m in own
            ]
        )
        for p, own in zip(acting, months, strict=True)
    )  # fmt: skip
    monthly = discount_factors(yearly_rate=rate, months=horizon + max(max(own) for own in months))
    return Timing(
        together=tuple(money),
        money=np.stack(list(money.values()), axis=1) if money else np.zeros((len(features), 0)),
        months=tuple(months),
        paths=paths,
        factors=monthly[: horizon + 1],
        bills=np.stack([flow.cost_parts([one.offers[p]], [one.seats[p]])[:, 0] for p in acting]),
        weights=weights * one.start_factor,
        paid=tuple(monthly[list(own)] for own in months),
    )


def dated(one: DecisionProblem, open_: Openings, *, aversion: float) -> tuple[tuple[int, ...], int] | None:
    """The best starts of one plan's programmes (0 for those not bought) and how many calendars were weighed.

    None where a programme cannot start in any month because of closed months.
    """
    acting = [p for p, bought in enumerate(one.seats) if bought.any()]
    starts = [0] * len(one.seats)
    if not acting:
        return tuple(starts), 1
    months = [open_.open_to(p, one.seats[p][0]) for p in acting]
    if not all(months):
        return None
    most = int(MOST_CALENDARS ** (1 / len(acting)) + 1e-9)
    months = [own[:most] for own in months]
    calendars = int(np.prod([len(own) for own in months]))
    draws = 0 if aversion == 0 else len(one.features) if calendars <= FEW_CALENDARS else exact.RISK_DRAWS
    if calendars > 1:
        found = best_calendar(timing(one, months, acting, draws), lambda worth: exact.scores(worth, aversion))
    else:
        found = tuple(own[0] for own in months)
    for p, month in zip(acting, found, strict=True):
        starts[p] = month
    return tuple(starts), calendars
