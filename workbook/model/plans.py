"""Reference plans: costliest units first, whole groups, up to budget and seats; many plans at once and no solver.

A plan buys seats of options (programmes) in blocks (units, or the whole company). Q plans are filled side by side.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
MOST_PROGRAMMES: Final = 3
"""Programmes a track may run in its first wave (house assumption)."""
Rule = Literal["net", "ratio"]


@dataclass(frozen=True)
class Option:
    """One programme as the planner sees it. B blocks, C cost components, U units.

    `capacity` (B,) seats worth buying a block; `cover` (B, U) reach of a unit a seat of a block adds; `cost_by_seats`
    (N + 1,) point cost of n seats, infinite where n seats do not make whole groups; `benefit` (C,) expected present
    value of reaching everyone, a component; `reduction` (C,) expected reduction share behind it.
    """

    key: str
    capacity: Ints
    cover: Floats
    cost_by_seats: Floats
    benefit: Floats
    reduction: Floats


def whole_groups(seats: Ints, *, group_min: int, group_max: int, most_groups: int) -> npt.NDArray[np.bool_]:
    """Whether each number of seats can be split into at most `most_groups` groups of group_min to group_max people."""
    groups = -(-np.asarray(seats) // group_max)
    return np.asarray((groups <= most_groups) & (groups * group_min <= seats))


def cost_per_person(cost_by_seats: Floats) -> tuple[tuple[int, float], ...]:
    """Cost a person at each number of seats that makes whole groups: how it falls with scale."""
    return tuple(
        (n, float(cost_by_seats[n] / n)) for n in range(1, len(cost_by_seats)) if np.isfinite(cost_by_seats[n])
    )


def fill(
    options: Sequence[Option],
    *,
    budgets_money: Floats,
    seats: Ints,
    unit_shares: Floats,
    rule: Rule = "net",
    most_programmes: int = MOST_PROGRAMMES,
) -> list[Ints]:
    """Seats (Q, B) of each option for Q pairs of budget and seats.

    Up to `most_programmes` times the option is taken that adds most: expected benefit less cost (`net`), or expected
    benefit over cost (`ratio`, and where nothing pays for itself). It gets as many seats as money,
    people and whole groups allow, the costliest units first. After the first, only options that pay for themselves are
    taken. `unit_shares` (C, U) says where each component is lost; what earlier options remove is no longer there for
    later ones. Equals: the first in order.
    """
    count = len(budgets_money)
    offered = [_Offered(option) for option in options]
    left, state = [np.ones(unit_shares.shape)], np.zeros(count, dtype=np.int64)
    money, people = budgets_money.astype(float).copy(), seats.astype(np.int64).copy()
    bought = [np.zeros((count, len(option.capacity)), dtype=np.int64) for option in options]
    open_ = np.ones((count, len(options)), dtype=bool)
    for turn in range(min(most_programmes, len(options))):
        most = np.stack([each.most(money, people) for each in offered], axis=1)
        benefits, costs = np.zeros(most.shape), np.zeros(most.shape)
        for index, each in enumerate(offered):
            rows = open_[:, index] & (most[:, index] > 0)
            benefits[rows, index] = each.benefits(state[rows], most[rows, index], left, unit_shares)
            costs[:, index] = each.option.cost_by_seats[most[:, index]]
        gains = benefits - costs
        allowed = open_ & (most > 0)
        if turn > 0:
            allowed &= gains > 0
        ratios = benefits / np.maximum(costs, 1e-12)
        pays = (allowed & (gains > 0)).any(axis=1, keepdims=True)
        score = np.where(allowed, ratios if rule == "ratio" else np.where(pays, gains, ratios), -np.inf)
        pick, taken = score.argmax(axis=1), allowed.any(axis=1)
        after: dict[tuple[int, int, int], int] = {}
        for row in np.flatnonzero(taken).tolist():
            index, before = int(pick[row]), int(state[row])
            key = (before, index, int(most[row, index]))
            offer, reach = offered[index].known[key[0], key[2]]
            bought[index][row] = offer
            if key not in after:
                after[key] = len(left)
                left.append(left[before] * (1 - options[index].reduction[:, None] * reach))
            state[row] = after[key]
            open_[row, index] = False
            money[row] -= costs[row, index]
            people[row] -= key[2]
    return bought


class _Offered:
    """One option while plans are filled. Plans that bought the same so far share a state, worked out once."""

    def __init__(self, option: Option) -> None:
        self.option = option
        cover = option.cover
        square = cover.shape[0] == cover.shape[1]
        self.own = (
            np.diagonal(cover) if square and np.count_nonzero(cover) == np.count_nonzero(cover.diagonal()) else None
        )
        self.known: dict[tuple[int, int], tuple[Ints, Floats]] = {}
        self.ranked: dict[int, tuple[Floats, Ints]] = {}
        self.worth: dict[tuple[int, int], float] = {}

    def most(self, money: Floats, people: Ints) -> Ints:
        """The most seats (Q,) that money and people allow, in whole groups, no more than there is room for."""
        prices = self.option.cost_by_seats
        n = np.arange(len(prices))
        fits = (prices <= money[:, None] + 1e-9) & (n <= people[:, None])
        return np.asarray(np.where(fits, n, 0).max(axis=1))

    def benefits(self, state: Ints, most: Ints, left: Sequence[Floats], unit_shares: Floats) -> Floats:
        """Expected benefit of `most` seats in the costliest units of each row's state."""
        made = np.empty(len(state))
        for row, key in enumerate(zip(state.tolist(), most.tolist(), strict=True)):
            if key not in self.worth:
                self._fill(key, left[key[0]] * unit_shares)
            made[row] = self.worth[key]
        return made

    def _fill(self, key: tuple[int, int], weights: Floats) -> None:
        state, most = key
        if state not in self.ranked:
            by_unit = self.option.benefit @ weights
            value = by_unit * self.own if self.own is not None else self.option.cover @ by_unit
            self.ranked[state] = by_unit, np.argsort(-value, kind="stable")
        by_unit, order = self.ranked[state]
        room = self.option.capacity[order]
        offer = np.zeros_like(room)
        offer[order] = np.clip(most - (np.cumsum(room) - room), 0, room)
        reach = np.minimum(offer * self.own if self.own is not None else offer @ self.option.cover, 1.0)
        self.known[key] = offer, reach
        self.worth[key] = float(by_unit @ reach)


def spread_pro_rata(seats: int, sizes: Floats) -> Ints:
    """`seats` shared out by size, whole seats, largest remainders first; never more than the size itself."""
    room = np.floor(sizes).astype(np.int64)
    if seats >= room.sum():
        return room
    exact = seats * sizes / sizes.sum()
    given = np.minimum(np.floor(exact).astype(np.int64), room)
    for index in np.argsort(-(exact - given), kind="stable").tolist() * seats:
        if given.sum() >= seats:
            break
        if given[index] < room[index]:
            given[index] += 1
    return given
