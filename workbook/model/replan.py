"""The calendar planned again: which session in which week, exactly, as a small mixed-integer program.

What is minimised is person-hour-weeks: each session weighs its person-hours, and loses for every week it comes late,
for being moved, for falling outside the weeks its managers chose, for being split and for giving way to self-paced
material. All prices are in weeks of delay of the whole session (house assumptions). Among calendars that cost the same
the one with the earlier dates is taken, sessions first in the list before later ones.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Literal

import numpy as np
import numpy.typing as npt

from workbook.errors import WorkbookError
from workbook.model.allocation_milp import quiet

Floats = npt.NDArray[np.float64]
Action = Literal["keep", "move", "split", "self-paced"]
SAME: Final = 1e-7
NODES: Final = 50_000


@dataclass(frozen=True)
class Prices:
    """Weeks of delay that other inconveniences are worth, and the share of a session that is critical."""

    critical_share: float = 0.6
    moved_weeks: float = 0.25
    unwished_weeks: float = 0.25
    split_weeks: float = 0.5
    self_paced_weeks: float = 8.0


@dataclass(frozen=True)
class OpenSession:
    """A session to place. `due` is a week (0 is the first that can be planned; negative: overdue).

    `free[w]` says whether its unit can attend in week w; `wished` are weeks chosen by managers (empty: no wish);
    `before` is the place in the list of the session that must be finished first.
    """

    key: str
    programme: str
    unit: str
    due: int
    person_hours: float
    free: tuple[bool, ...]
    wished: frozenset[int] = field(default_factory=frozenset)
    before: int | None = None


@dataclass(frozen=True)
class Placed:
    """Where a session goes: one week, two (critical part first), or none (self-paced); its cost in the objective."""

    action: Action
    weeks: tuple[int, ...]
    cost: float


def part_cost(session: OpenSession, week: int, share: float, prices: Prices) -> float:
    """Person-hour-weeks lost when `share` of a session is held in `week`: late, moved, outside the weeks wished."""
    late = max(week - max(session.due, 0), 0)
    moved = prices.moved_weeks * (week != session.due)
    unwished = prices.unwished_weeks * (bool(session.wished) and week not in session.wished)
    return session.person_hours * share * (late + moved + unwished)


def placing_cost(session: OpenSession, weeks: tuple[int, ...], prices: Prices) -> float:
    """Cost of a session held in no, one or two weeks: self-paced, whole, or split with the critical part first."""
    if not weeks:
        return session.person_hours * prices.self_paced_weeks
    if len(weeks) == 1:
        return part_cost(session, weeks[0], 1.0, prices)
    first = part_cost(session, weeks[0], prices.critical_share, prices)
    rest = part_cost(session, weeks[1], 1 - prices.critical_share, prices)
    return first + rest + session.person_hours * prices.split_weeks


@dataclass(frozen=True)
class _Columns:
    """Where a session's variables stand: whole[w], critical[w], rest[w] (weeks it can attend only), and self-paced."""

    whole: Mapping[int, int]
    critical: Mapping[int, int]
    rest: Mapping[int, int]
    self_paced: int


class _Program:
    """Costs and rows as they are collected."""

    def __init__(self) -> None:
        self.cost: list[float] = []
        self.later: list[float] = []
        self.rows: list[tuple[dict[int, float], float, float]] = []

    def column(self, cost: float, later: float) -> int:
        self.cost.append(cost)
        self.later.append(later)
        return len(self.cost) - 1

    def row(self, entries: Mapping[int, float], low: float, high: float) -> None:
        self.rows.append((dict(entries), low, high))

    def solved(self, objective: Sequence[float]) -> tuple[Floats, float]:
        """Values of the best solution and its objective. Self-paced material is always open, so there is one."""
        from scipy.optimize import Bounds, LinearConstraint, milp
        from scipy.sparse import csr_array

        at = [(r, c, v) for r, (entries, _, _) in enumerate(self.rows) for c, v in entries.items()]
        rows, columns, values = (np.array(part) for part in zip(*at, strict=True))
        matrix = csr_array((values, (rows, columns)), shape=(len(self.rows), len(self.cost)))
        limits = LinearConstraint(matrix, [low for _, low, _ in self.rows], [high for _, _, high in self.rows])
        with quiet():
            found: Any = milp(
                np.array(objective),
                integrality=np.ones(len(self.cost)),
                bounds=Bounds(0, 1),
                constraints=limits,
                options={"mip_rel_gap": 0.0, "node_limit": NODES},
            )
        if found.x is None:
            raise WorkbookError("The calendar could not be planned again: the solver found no answer.")
        return np.rint(found.x), float(found.fun)


def replan(
    sessions: Sequence[OpenSession], *, weeks: int, most_a_week: Mapping[str, int], prices: Prices | None = None
) -> tuple[Placed, ...]:
    """The cheapest calendar of all `sessions` over `weeks` weeks, in the order given.

    At most `most_a_week[programme]` sessions of a programme a week and one of a unit (two parts make one); a session
    starts only after the one `before` it is finished, unless that one became self-paced; nothing in a week that is not
    free. Solved twice: for the least cost, then for the earliest dates at that cost.
    """
    chosen = prices or Prices()
    if not sessions:
        return ()
    program = _Program()
    columns = [_columns(program, one, place, weeks, chosen) for place, one in enumerate(sessions)]
    for one, own in zip(sessions, columns, strict=True):
        _add_session(program, own, weeks)
        if one.before is not None:
            _add_order(program, columns[one.before], own, weeks)
    _add_capacity(program, sessions, columns, weeks, most_a_week)
    _, least = program.solved(program.cost)
    program.row(dict(enumerate(program.cost)), -np.inf, least + SAME * max(1.0, abs(least)))
    values, _ = program.solved(program.later)
    return tuple(_placed(one, own, values, chosen) for one, own in zip(sessions, columns, strict=True))


def _columns(program: _Program, one: OpenSession, place: int, weeks: int, prices: Prices) -> _Columns:
    earlier = 1 + 1 / (place + 2)
    open_weeks = [week for week in range(weeks) if one.free[week]]
    share = prices.critical_share
    split = one.person_hours * prices.split_weeks
    return _Columns(
        whole={w: program.column(part_cost(one, w, 1.0, prices), w * earlier) for w in open_weeks},
        critical={w: program.column(part_cost(one, w, share, prices) + split, w * earlier * share) for w in open_weeks},
        rest={w: program.column(part_cost(one, w, 1 - share, prices), w * earlier * (1 - share)) for w in open_weeks},
        self_paced=program.column(placing_cost(one, (), prices), weeks * earlier),
    )


def _add_session(program: _Program, own: _Columns, weeks: int) -> None:
    """Held whole, in two parts or not at all; the rest after the critical part."""
    once = [*own.whole.values(), *own.critical.values(), own.self_paced]
    program.row(dict.fromkeys(once, 1.0), 1, 1)
    if own.critical:
        both = dict.fromkeys(own.critical.values(), 1.0) | dict.fromkeys(own.rest.values(), -1.0)
        program.row(both, 0, 0)
    for week in own.rest:
        done = dict.fromkeys((c for w, c in own.critical.items() if w < week), -1.0)
        program.row(done | dict.fromkeys((c for w, c in own.rest.items() if w <= week), 1.0), -np.inf, 0)


def _add_order(program: _Program, before: _Columns, own: _Columns, weeks: int) -> None:
    """Nothing of a session up to a week unless the one before it was finished in an earlier week, or self-paced."""
    for week in range(weeks):
        begun = [c for kind in (own.whole, own.critical) for w, c in kind.items() if w <= week]
        finished = [c for kind in (before.whole, before.rest) for w, c in kind.items() if w < week]
        if begun:
            entries = dict.fromkeys(begun, 1.0) | dict.fromkeys([*finished, before.self_paced], -1.0)
            program.row(entries, -np.inf, 0)


def _add_capacity(
    program: _Program,
    sessions: Sequence[OpenSession],
    columns: Sequence[_Columns],
    weeks: int,
    most_a_week: Mapping[str, int],
) -> None:
    """Half-sessions a week by programme (trainers) and by unit (time away)."""
    groups: dict[tuple[str, str], list[_Columns]] = defaultdict(list)
    for one, own in zip(sessions, columns, strict=True):
        groups["programme", one.programme].append(own)
        groups["unit", one.unit].append(own)
    for (kind, name), members in groups.items():
        most = most_a_week.get(name, 1) if kind == "programme" else 1
        for week in range(weeks):
            taken: dict[int, float] = {}
            for own in members:
                for part, size in ((own.whole, 2.0), (own.critical, 1.0), (own.rest, 1.0)):
                    if week in part:
                        taken[part[week]] = size
            if taken:
                program.row(taken, -np.inf, 2 * most)


def _placed(one: OpenSession, own: _Columns, values: Floats, prices: Prices) -> Placed:
    def at(part: Mapping[int, int]) -> tuple[int, ...]:
        return tuple(week for week, column in part.items() if values[column] > 0.5)

    where = at(own.whole) or (*at(own.critical), *at(own.rest))
    cost = placing_cost(one, where, prices)
    if not where:
        return Placed("self-paced", (), cost)
    if len(where) == 2:
        return Placed("split", where, cost)
    return Placed("keep" if where[0] == one.due else "move", where, cost)
