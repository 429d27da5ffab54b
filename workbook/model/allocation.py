"""What an allocation of seats is, what it is worth to first and second order, and whether it keeps to its limits.

Lines (programmes) buy seats in blocks (units, or the whole company). A line's cost has three parts (prices shipped,
the client's own prices, participants' time), weighed at point values for the budget and at expected ones for the worth.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
TRACKS: Final = ("leadership", "technical")
CENTS: Final = 100


@dataclass(frozen=True)
class Segment:
    """A run of seats (low to high) on which the three parts of the cost are `fixed` + seats x `per_seat`."""

    low: int
    high: int
    fixed: Floats
    per_seat: Floats


@dataclass(frozen=True)
class Line:
    """One programme. `room` (B,) seats a block; `cover` (B, U) reach a seat adds; `benefit` (U,) money of full reach.

    A delivered group holds `group_min` to `group_max` people, and at most `most_groups` groups run. `hours_per_seat`
    (B, U) is time away from work that a seat of a block costs a unit. What is paid later is worth `cost_factor` of its
    cost; the budget counts it whole. In `closed` blocks nobody can be trained when the line starts.
    """

    key: str
    track: str
    blocks: tuple[str, ...]
    room: Ints
    cover: Floats
    benefit: Floats
    hours_per_seat: Floats
    group_min: int
    group_max: int
    most_groups: int
    segments: tuple[Segment, ...]
    cost_factor: float = 1.0
    closed: tuple[bool, ...] = ()

    @property
    def open_room(self) -> Ints:
        """Seats a block that is not closed."""
        return np.where(self.closed, 0, self.room) if self.closed else self.room


@dataclass(frozen=True)
class Limits:
    """What a plan must keep to. `leadership_share`: least and most of the money; `hours_per_unit` (U,) may be inf."""

    budget_money: float
    seats: int
    leadership_share: tuple[float, float]
    hours_per_unit: Floats
    most_programmes: int


@dataclass(frozen=True)
class Risk:
    """The shortfall side of the objective: (1 - aversion) x expected worth + aversion x mean of the worst `tail` draws.

    `located` (C, U) where each component is lost; `benefits` (S, P, C) money of full reach, a draw; `costs` (S, 3)
    weights of the cost parts; `losses` (S, K) how a draw's overlap compares with the expected, by kind of pair;
    `kinds` (P, P).
    """

    aversion: float
    tail: float
    located: Floats
    benefits: Floats
    costs: Floats
    losses: Floats
    kinds: Ints


@dataclass(frozen=True)
class Problem:
    """An allocation to make. `overlap` (P, P, U), upper triangle: money two lines that reach everyone both remove.

    `exclusive` are sets of lines of which one at most may be bought: the same programme at different starts.
    """

    lines: tuple[Line, ...]
    overlap: Floats
    point_weights: Floats
    expected_weights: Floats
    limits: Limits
    risk: Risk | None = None
    exclusive: tuple[tuple[int, ...], ...] = ()


def segments(parts: Floats) -> tuple[Segment, ...]:
    """The runs of seats on which every row of `parts` (3, N + 1) is a straight line; no seats cost nothing."""
    most = parts.shape[1] - 1
    steps = np.diff(parts, axis=1)
    close = np.abs(np.diff(steps, axis=1)) <= 1e-9 * (1 + np.abs(steps[:, 1:]))
    straight = np.append(np.all(close, axis=0), False)
    made: list[Segment] = []
    low = 1
    while low <= most:
        slope = steps[:, low] if low < most else np.zeros(len(parts))
        high = min(low + 1, most)
        while high < most and straight[high - 1]:
            high += 1
        made.append(Segment(low=low, high=high, fixed=parts[:, low] - low * slope, per_seat=slope))
        low = high + 1
    return tuple(made)


def cost_parts(line: Line, seats: int) -> Floats:
    """The three parts of the cost of so many seats."""
    if seats == 0:
        return np.zeros(3)
    found = next(each for each in line.segments if each.low <= seats <= each.high)
    return found.fixed + seats * found.per_seat


def cost_money(problem: Problem, bought: Sequence[Ints], track: str | None = None) -> float:
    """Cost at point values, of one track or of all."""
    parts = [
        cost_parts(line, int(seats.sum()))
        for line, seats in zip(problem.lines, bought, strict=True)
        if track in (None, line.track)
    ]
    return float(problem.point_weights @ np.sum(parts, axis=0)) if parts else 0.0


def worth(problem: Problem, bought: Sequence[Ints]) -> float:
    """Expected worth to second order: benefits less what two lines would both remove, less expected costs."""
    reach = [np.minimum(seats @ line.cover, 1.0) for line, seats in zip(problem.lines, bought, strict=True)]
    total = sum(float(line.benefit @ own) for line, own in zip(problem.lines, reach, strict=True))
    for p, first in enumerate(reach):
        for q in range(p + 1, len(reach)):
            total -= float(problem.overlap[p, q] @ (first * reach[q]))
    rows = zip(problem.lines, bought, strict=True)
    bill = sum((cost_parts(line, int(seats.sum())) * line.cost_factor for line, seats in rows), np.zeros(3))
    return total - float(problem.expected_weights @ bill)


def violations(problem: Problem, bought: Sequence[Ints]) -> tuple[str, ...]:
    """Every limit an allocation breaks, in whole seats and whole cents; empty if none. Knows nothing of any solver."""
    limits, made = problem.limits, []
    for line, seats in zip(problem.lines, bought, strict=True):
        total = int(seats.sum())
        if np.any(seats < 0) or np.any(seats > line.room):
            made.append(f"{line.key}: more seats in a unit than people to train there")
        if line.closed and np.any(seats[list(line.closed)] > 0):
            made.append(f"{line.key}: starts in a month closed to a unit it trains")
        groups = -(-total // line.group_max)
        if groups * line.group_min > total or groups > line.most_groups:
            made.append(f"{line.key}: {total} seats make no whole groups")
        if total > 0 and not any(each.low <= total <= each.high for each in line.segments):
            made.append(f"{line.key}: no price for {total} seats")
    if any(sum(bool(bought[p].any()) for p in lines) > 1 for lines in problem.exclusive):
        made.append("calendar: a programme starts more than once")
    if made:
        return tuple(made)
    seats_in_all = sum(int(seats.sum()) for seats in bought)
    if seats_in_all > limits.seats:
        made.append(f"cohort: {seats_in_all} seats of {limits.seats}")
    if sum(bool(seats.any()) for seats in bought) > limits.most_programmes:
        made.append(f"programmes: more than {limits.most_programmes}")
    spent, leading = (round(CENTS * cost_money(problem, bought, track)) for track in (None, "leadership"))
    if spent > round(CENTS * limits.budget_money):
        made.append(f"budget: {spent / CENTS:.2f} of {limits.budget_money:.2f}")
    low, high = limits.leadership_share
    if not low * spent - 1 <= leading <= high * spent + 1:
        made.append(f"share: {leading / CENTS:.2f} of {spent / CENTS:.2f} on leadership, outside {low:g} to {high:g}")
    hours = sum((s @ line.hours_per_seat for line, s in zip(problem.lines, bought, strict=True)), np.zeros(1))
    if np.any(hours > limits.hours_per_unit * (1 + 1e-9)):
        made.append("hours away: more than a unit may be away from work")
    return tuple(made)


def refilled(problem: Problem, bought: Sequence[Ints]) -> tuple[Ints, ...]:
    """The same seats of every line, moved between its blocks until no line gains by it alone; costs stay as they are.

    Given the other lines, worth is linear in a line's seats by block: the best are filled first, equals in order.
    """
    seats = [own.copy() for own in bought]
    best = worth(problem, seats)
    for _ in range(len(seats) + 1):
        before = best
        for p, line in enumerate(problem.lines):
            if not seats[p].any():
                continue
            marginal = line.benefit.copy()
            for q, other in enumerate(problem.lines):
                if q != p and seats[q].any():
                    pair = problem.overlap[min(p, q), max(p, q)]
                    marginal -= pair * np.minimum(seats[q] @ other.cover, 1.0)
            order = np.argsort(-(line.cover @ marginal), kind="stable")
            room = line.open_room[order]
            moved = np.zeros_like(seats[p])
            moved[order] = np.clip(int(seats[p].sum()) - (np.cumsum(room) - room), 0, room)
            found = worth(problem, [*seats[:p], moved, *seats[p + 1 :]])
            if found > best + 1e-9 * max(abs(best), 1.0):
                seats[p], best = moved, found
        if best == before:
            break
    return tuple(seats)
