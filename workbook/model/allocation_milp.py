"""The allocation as a mixed-integer linear program, solved by HiGHS: same answer each time, no limit on time.

Where two lines reach the same unit, what both would remove is counted from the point where their reaches must overlap
(the convex envelope of the product). That is exact at full and at no reach and too kind in between; the
allocation is therefore valued again outside, and the difference shown.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

import numpy as np
import numpy.typing as npt

from workbook.model.allocation import TRACKS, Line, Problem, Risk

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
GAP: Final = 1e-6
NODES: Final = 20_000
EARLIER: Final = 1e-9
"""Share of its benefit a seat loses for each block it stands behind: among equals the first block is filled."""
Status = Literal["optimal", "node limit", "infeasible"]
LimitName = Literal["budget", "cohort", "hours", "least leadership share", "most leadership share"]


@dataclass(frozen=True)
class Solution:
    """Seats by line, the objective of the program, the relative gap left, and by how much limits were exceeded."""

    status: Status
    seats: tuple[Ints, ...]
    objective: float
    gap: float
    exceeded: Mapping[str, float]


class _Program:
    """Columns and rows of a linear program as they are collected."""

    def __init__(self) -> None:
        self.cost: list[float] = []
        self.low: list[float] = []
        self.high: list[float] = []
        self.whole: list[int] = []
        self.at: tuple[list[int], list[int], list[float]] = ([], [], [])
        self.rows: list[tuple[float, float]] = []

    def column(self, *, low: float = 0.0, high: float = np.inf, cost: float = 0.0, whole: bool = False) -> int:
        """A new variable, and where it stands."""
        self.cost.append(cost)
        self.low.append(low)
        self.high.append(high)
        self.whole.append(int(whole))
        return len(self.cost) - 1

    def row(self, entries: Mapping[int, float], *, low: float = -np.inf, high: float = np.inf) -> None:
        """Low <= sum of entries <= high."""
        kept = [column for column, value in entries.items() if value != 0]
        rows, columns, values = self.at
        rows += [len(self.rows)] * len(kept)
        columns += kept
        values += [entries[column] for column in kept]
        self.rows.append((low, high))

    def solved(self, *, gap: float, nodes: int) -> Any:
        """What scipy's milp says."""
        from scipy.optimize import Bounds, LinearConstraint, milp
        from scipy.sparse import csr_array

        rows, columns, values = self.at
        matrix = csr_array((values, (rows, columns)), shape=(len(self.rows), len(self.cost)))
        low, high = np.array(self.rows).T
        with quiet():
            return milp(
                np.array(self.cost),
                integrality=np.array(self.whole),
                bounds=Bounds(np.array(self.low), np.array(self.high)),
                constraints=LinearConstraint(matrix, low, high),
                options={"mip_rel_gap": gap, "node_limit": nodes},
            )


@contextlib.contextmanager
def quiet() -> Iterator[None]:
    """The solver prints past Python, to descriptor 1: it points to nowhere meanwhile."""
    try:
        kept = os.dup(1)
    except OSError:
        yield
        return
    nowhere = os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nowhere, 1)
        yield
    finally:
        os.dup2(kept, 1)
        os.close(kept)
        os.close(nowhere)


def solve(
    problem: Problem,
    *,
    gap: float = GAP,
    nodes: int = NODES,
    spend: bool = False,
    relaxed: Mapping[str, float] | None = None,
    near: Sequence[Sequence[Ints]] = (),
    whole_seats: bool = True,
) -> Solution:
    """The allocation of highest worth. `spend` asks that something be bought.

    `near` are allocations at which overlaps are counted by their tangents too: no longer too kind there, though
    possibly too harsh elsewhere. Without `whole_seats` seats may be split (and are rounded in the answer): faster, to
    learn which lines are bought, not for a plan.
    `relaxed` maps limits to the money a unit beyond them counts for; the least such excess is then sought, not worth.
    """
    program = _Program()
    people = problem.limits.seats if "cohort" not in (relaxed or {}) else None
    lines = [_add_line(program, problem, line, people, whole_seats) for line in problem.lines]
    slack = {name: program.column(cost=price) for name, price in (relaxed or {}).items()}
    _add_limits(program, problem, lines, slack)
    if spend:
        program.row({column: 1.0 for line in lines for column in line.bought}, low=1)
    losses = _add_overlap(program, problem, lines, near)
    if relaxed is not None:
        program.cost = [program.cost[k] if k in slack.values() else 0.0 for k in range(len(program.cost))]
    elif problem.risk is not None:
        _add_risk(program, problem.risk, lines, losses)
    found = program.solved(gap=gap, nodes=nodes)
    if found.x is None:
        nothing = tuple(np.zeros_like(line.room) for line in problem.lines)
        return Solution(status="infeasible", seats=nothing, objective=0.0, gap=0.0, exceeded={})
    return Solution(
        status="optimal" if found.status == 0 else "node limit",
        seats=tuple(np.rint(found.x[line.seats]).astype(np.int64) for line in lines),
        objective=-float(found.fun),
        gap=float(found.mip_gap or 0.0),
        exceeded={name: float(found.x[column]) for name, column in slack.items()},
    )


@dataclass(frozen=True)
class _Columns:
    """Where one line's variables stand: seats by block, bought (a segment), seats a segment."""

    line: Line
    seats: list[int]
    bought: list[int]
    sizes: list[int]

    def money(self, weights: Floats) -> dict[int, float]:
        """Cost of the line as entries of a row."""
        made = {}
        for segment, bought, size in zip(self.line.segments, self.bought, self.sizes, strict=True):
            made[bought], made[size] = float(weights @ segment.fixed), float(weights @ segment.per_seat)
        return made

    def reach(self) -> list[dict[int, float]]:
        """Reach of each unit as entries of a row."""
        made: list[dict[int, float]] = [{} for _ in range(self.line.cover.shape[1])]
        for block, unit in np.argwhere(self.line.cover).tolist():
            made[unit][self.seats[block]] = float(self.line.cover[block, unit])
        return made


def _add_line(program: _Program, problem: Problem, line: Line, people: int | None, whole: bool) -> _Columns:
    gain = line.cover @ line.benefit
    order = np.arange(len(gain))
    gain = gain * (1 - EARLIER * order)
    seats = [
        program.column(high=float(room), cost=-float(each), whole=whole)
        for room, each in zip(line.open_room, gain, strict=True)
    ]
    most = min(int(line.open_room.sum()), line.most_groups * line.group_max)
    most = most if people is None else min(most, people)
    bought, sizes = [], []
    for segment in line.segments:
        weights = problem.expected_weights * line.cost_factor
        fixed, per_seat = weights @ segment.fixed, weights @ segment.per_seat
        chosen = program.column(high=1, cost=float(fixed), whole=True)
        size = program.column(cost=float(per_seat))
        program.row({size: 1.0, chosen: -float(segment.low)}, low=0)
        program.row({size: 1.0, chosen: -float(max(min(segment.high, most), 0))}, high=0)
        bought.append(chosen)
        sizes.append(size)
    program.row(dict.fromkeys(bought, 1.0), high=1)
    program.row({**dict.fromkeys(seats, 1.0), **dict.fromkeys(sizes, -1.0)}, low=0, high=0)
    if line.group_min > 1:
        groups = program.column(high=float(line.most_groups), whole=True)
        program.row({**dict.fromkeys(sizes, 1.0), groups: -float(line.group_min)}, low=0)
        program.row({**dict.fromkeys(sizes, 1.0), groups: -float(line.group_max)}, high=0)
    return _Columns(line, seats, bought, sizes)


def _add_limits(program: _Program, problem: Problem, lines: Sequence[_Columns], slack: Mapping[str, int]) -> None:
    limits = problem.limits

    def beyond(name: str, sign: float = -1.0) -> dict[int, float]:
        return {slack[name]: sign} if name in slack else {}

    cost: dict[str, dict[int, float]] = {track: {} for track in TRACKS}
    for columns in lines:
        cost[columns.line.track].update(columns.money(problem.point_weights))
    everything = {**cost["leadership"], **cost["technical"]}
    program.row({**everything, **beyond("budget")}, high=limits.budget_money)
    program.row({column: 1.0 for each in lines for column in each.sizes} | beyond("cohort"), high=limits.seats)
    program.row({column: 1.0 for each in lines for column in each.bought}, high=limits.most_programmes)
    for same in problem.exclusive:
        program.row({column: 1.0 for p in same for column in lines[p].bought}, high=1)
    low, high = limits.leadership_share
    for name, share, sign in (("least leadership share", low, 1.0), ("most leadership share", high, -1.0)):
        if share == (0.0 if sign > 0 else 1.0):
            continue
        leading = {column: sign * value * (1 - share) for column, value in cost["leadership"].items()}
        other = {column: -sign * value * share for column, value in cost["technical"].items()}
        program.row({**leading, **other, **beyond(name, 1.0)}, low=0)
    for unit in np.flatnonzero(np.isfinite(limits.hours_per_unit)).tolist():
        hours: dict[int, float] = {}
        for columns in lines:
            for block in np.flatnonzero(columns.line.hours_per_seat[:, unit]).tolist():
                hours[columns.seats[block]] = float(columns.line.hours_per_seat[block, unit])
        program.row({**hours, **beyond("hours")}, high=float(limits.hours_per_unit[unit]))


def _add_overlap(
    program: _Program, problem: Problem, lines: Sequence[_Columns], near: Sequence[Sequence[Ints]]
) -> list[tuple[int, int, int, float]]:
    """A variable for every pair of lines and unit: the pair, its column, the money of full overlap."""
    at = [[np.minimum(own @ each.line.cover, 1.0) for own, each in zip(seats, lines, strict=True)] for seats in near]
    reached = [each.reach() for each in lines]
    made = []
    for p in range(len(lines)):
        for q in range(p + 1, len(lines)):
            for unit in np.flatnonzero(problem.overlap[p, q] > 0).tolist():
                first, second = reached[p][unit], reached[q][unit]
                if not first or not second:
                    continue
                lost = float(problem.overlap[p, q, unit])
                column = program.column(cost=lost)
                program.row({**first, **second, column: -1.0}, high=1)
                made.append((p, q, column, lost))
                for reach in at:
                    a, b = float(reach[p][unit]), float(reach[q][unit])
                    if 0 < a < 1 or 0 < b < 1:
                        tangent = {k: b * v for k, v in first.items()} | {k: a * v for k, v in second.items()}
                        program.row({**tangent, column: -1.0}, high=a * b)
    return made


def _add_risk(
    program: _Program, risk: Risk, lines: Sequence[_Columns], losses: Sequence[tuple[int, int, int, float]]
) -> None:
    """Turn the objective into (1 - aversion) x expected worth + aversion x mean of the worst draws.

    Draws see the seats only through one sum a line and component, one a kind of overlap, and three of cost.
    """
    program.cost = [(1 - risk.aversion) * each for each in program.cost]
    reached: dict[tuple[int, int], int] = {}
    for p, columns in enumerate(lines):
        for component in np.flatnonzero(np.any(risk.benefits[:, p] != 0, axis=0)).tolist():
            gain = columns.line.cover @ risk.located[component]
            column = program.column()
            program.row(
                {**{s: float(g) for s, g in zip(columns.seats, gain, strict=True)}, column: -1.0}, low=0, high=0
            )
            reached[p, component] = column
    overlaps = []
    for kind in range(risk.losses.shape[1]):
        column = program.column()
        own = {at: lost for p, q, at, lost in losses if risk.kinds[p, q] == kind}
        program.row({**own, column: -1.0}, low=0, high=0)
        overlaps.append(column)
    bills = []
    for part in range(3):
        column = program.column()
        weights = np.eye(3)[part]
        entries: dict[int, float] = {}
        for columns in lines:
            entries.update(columns.money(weights * columns.line.cost_factor))
        program.row({**entries, column: -1.0}, low=0, high=0)
        bills.append(column)
    count = len(risk.benefits)
    level = program.column(low=-np.inf, cost=-risk.aversion)
    for draw in range(count):
        short = program.column(cost=risk.aversion / (risk.tail * count))
        entries = {column: float(risk.benefits[draw, p, c]) for (p, c), column in reached.items()}
        entries.update({column: -float(risk.losses[draw, kind]) for kind, column in enumerate(overlaps)})
        entries.update({column: -float(risk.costs[draw, part]) for part, column in enumerate(bills)})
        program.row({**entries, level: -1.0, short: 1.0}, low=0)
