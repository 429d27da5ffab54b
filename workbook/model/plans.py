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
    left = np.ones((count, *unit_shares.shape))
    money, people = budgets_money.astype(float).copy(), seats.astype(np.int64).copy()
    bought = [np.zeros((count, len(option.capacity)), dtype=np.int64) for option in options]
    open_ = np.ones((count, len(options)), dtype=bool)
    for turn in range(min(most_programmes, len(options))):
        offers = [_offer(option, money, people, left * unit_shares) for option in options]
        gains = np.stack([benefit - cost for _, benefit, cost in offers], axis=1)
        sizes = np.stack([offer.sum(axis=1) for offer, _, _ in offers], axis=1)
        allowed = open_ & (sizes > 0)
        if turn > 0:
            allowed &= gains > 0
        ratios = np.stack([benefit / np.maximum(cost, 1e-12) for _, benefit, cost in offers], axis=1)
        pays = (allowed & (gains > 0)).any(axis=1, keepdims=True)
        score = np.where(allowed, ratios if rule == "ratio" else np.where(pays, gains, ratios), -np.inf)
        pick, taken = score.argmax(axis=1), allowed.any(axis=1)
        for index, option in enumerate(options):
            rows = taken & (pick == index)
            if not rows.any():
                continue
            offer, _, cost = offers[index]
            bought[index][rows] = offer[rows]
            open_[rows, index] = False
            money[rows] -= cost[rows]
            people[rows] -= offer[rows].sum(axis=1)
            reach = np.minimum(offer[rows] @ option.cover, 1.0)
            left[rows] *= 1 - option.reduction[:, None] * reach[:, None, :]
    return bought


def _offer(option: Option, money: Floats, people: Ints, weights: Floats) -> tuple[Ints, Floats, Floats]:
    """Seats (Q, B), expected benefit (Q,) and cost (Q,) of filling one option with what is left."""
    n = np.arange(len(option.cost_by_seats))
    fits = (option.cost_by_seats <= money[:, None] + 1e-9) & (n <= people[:, None])
    most = np.where(fits, n, 0).max(axis=1)
    by_unit = np.einsum("c,qcu->qu", option.benefit, weights)
    value = by_unit @ option.cover.T
    order = np.argsort(-value, axis=1, kind="stable")
    room = option.capacity[order]
    before = np.cumsum(room, axis=1) - room
    ranked = np.clip(most[:, None] - before, 0, room)
    offer = np.zeros_like(ranked)
    np.put_along_axis(offer, order, ranked, axis=1)
    reach = np.minimum(offer @ option.cover, 1.0)
    return offer, np.sum(by_unit * reach, axis=1), option.cost_by_seats[most]


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
