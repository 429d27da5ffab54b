"""What the exact plan costs and what it is worth, as ratios in one run: 12 programmes x 40 units.

Beside it: the calendar of a plan of six programmes at eight starts each, greedy choice by benefit for cost, and the
shortfall program with every unit in every draw's row (unfactored) instead of one sum a programme and component.
Run: python benchmarks/allocation.py
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from dataclasses import replace
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from workbook.model import allocation
from workbook.model.allocation_milp import solve
from workbook.model.calendar import Timing, best_calendar

PROGRAMMES, UNITS, COMPONENTS, DRAWS, SEATS = 12, 40, 8, 256, 240


def made_up(seed: int = 1) -> allocation.Problem:
    """A company of forty units of uneven pain, twelve programmes with groups and tiers, pairs that overlap."""
    draw = np.random.default_rng(seed)
    located = draw.dirichlet(np.full(UNITS, 0.7), COMPONENTS)
    acts = draw.random((PROGRAMMES, COMPONENTS)) < 0.45
    share = np.where(acts, draw.uniform(0.03, 0.2, (PROGRAMMES, COMPONENTS)), 0.0)
    leak = draw.uniform(0.5e6, 3e6, COMPONENTS)
    lines = []
    for p in range(PROGRAMMES):
        room = draw.integers(3, 25, UNITS)
        seats = np.arange(SEATS + 1)
        price = np.where(seats >= 40, 1_700.0, 2_000.0) * draw.uniform(0.6, 1.6)
        parts = np.stack([np.where(seats > 0, draw.uniform(5e3, 3e4) + price * seats, 0), 0 * seats, 900.0 * seats])
        lines.append(
            allocation.Line(
                key=f"p{p}", track=allocation.TRACKS[p % 2], blocks=tuple(f"u{u:02d}" for u in range(UNITS)), room=room,
                cover=np.diag(1 / room), benefit=(share[p] * leak) @ located, hours_per_seat=np.zeros((UNITS, UNITS)),
                group_min=int(draw.integers(1, 9)), group_max=16, most_groups=8, segments=allocation.segments(parts),
            )
        )  # fmt: skip
    overlap = np.einsum("pc,qc,c,cu->pqu", share, share, leak, located)
    limits = allocation.Limits(500_000.0, SEATS, (0.25, 0.75), np.full(UNITS, np.inf), 6)
    effect = draw.lognormal(0, 0.5, (DRAWS, PROGRAMMES, 1)) * draw.lognormal(0, 0.3, (DRAWS, 1, COMPONENTS))
    benefits = share * leak * effect / effect.mean(axis=0)
    risk = allocation.Risk(
        aversion=0.5, tail=0.2, located=located, benefits=benefits, costs=np.ones((DRAWS, 3)),
        losses=np.ones((DRAWS, 1)), kinds=np.zeros((PROGRAMMES, PROGRAMMES), dtype=np.int64),
    )  # fmt: skip
    return allocation.Problem(tuple(lines), overlap, np.ones(3), np.ones(3), limits, risk)


def greedy(problem: allocation.Problem) -> float:
    """Whole programmes by benefit for cost, as many seats as still fit, the costliest units first."""
    bought = [np.zeros_like(line.room) for line in problem.lines]
    rank = [
        line.benefit.sum() / allocation.cost_money(problem, _one(problem, p)) for p, line in enumerate(problem.lines)
    ]
    for p in np.argsort(rank)[::-1].tolist():
        line, best = problem.lines[p], allocation.worth(problem, bought)
        order = np.argsort(-(line.cover @ line.benefit))
        room = line.room[order]
        for total in range(line.group_min, SEATS + 1):
            own = np.zeros_like(line.room)
            own[order] = np.clip(total - (np.cumsum(room) - room), 0, room)
            tried = [*bought[:p], own, *bought[p + 1 :]]
            free = replace(problem, limits=replace(problem.limits, leadership_share=(0.0, 1.0)))
            if not allocation.violations(free, tried) and allocation.worth(problem, tried) > best:
                bought, best = tried, allocation.worth(problem, tried)
    return allocation.worth(problem, bought)


def _one(problem: allocation.Problem, p: int) -> list[Any]:
    """A single seat of one programme."""
    own = [np.zeros_like(line.room) for line in problem.lines]
    own[p][0] = 1
    return own


def unfactored(problem: allocation.Problem) -> allocation.Problem:
    """The same shortfall program with every unit of every programme in each draw's row."""
    assert problem.risk is not None
    benefits = problem.risk.benefits @ problem.risk.located
    return replace(problem, risk=replace(problem.risk, located=np.eye(UNITS), benefits=benefits))


def starts(seed: int = 2) -> Timing:
    """Six programmes that all act together, eight quarters each, two years."""
    draw, months = np.random.default_rng(seed), 25
    together = tuple(own for size in range(1, 7) for own in combinations(range(6), size))
    paths = np.zeros((8, months))
    for k in range(8):
        paths[k, 3 * k + 3 :] = 0.97 ** np.arange(months - 3 * k - 3)
    money = np.array([[(-0.1) ** (len(own) - 1) * draw.uniform(5e3, 2e4) for own in together]])
    factors = 1.0065 ** -np.arange(months)
    return Timing(
        together=together, money=money, months=(tuple(range(0, 24, 3)),) * 6, paths=(paths,) * 6, factors=factors,
        bills=draw.uniform(1e4, 5e4, (6, 3)), weights=np.ones((1, 3)), paid=(factors[:24:3],) * 6,
    )  # fmt: skip


def timed(call: Callable[[], Any]) -> tuple[Any, float]:
    """Result and processor seconds."""
    start = time.process_time()
    made = call()
    return made, time.process_time() - start


def main() -> None:
    """Print the table."""
    risky = made_up()
    plain = replace(risky, risk=None)
    solve(replace(plain, lines=plain.lines[:2], overlap=plain.overlap[:2, :2]))
    exact, took = timed(lambda: solve(plain))
    worth = allocation.worth(plain, allocation.refilled(plain, exact.seats))
    base, greedy_took = timed(lambda: greedy(plain))
    points, frontier = timed(
        lambda: [solve(replace(plain, limits=replace(plain.limits, budget_money=b * 1e5))) for b in range(1, 13)]
    )
    cautious, factored = timed(lambda: solve(risky, gap=1e-4))
    print(f"{PROGRAMMES} programmes x {UNITS} units, {SEATS} seats{'':20}{'seconds':>10}")
    print(f"{'exact plan, expected worth, ' + exact.status:58}{took:>10.2f}")
    timing = starts()
    _, calendar = timed(lambda: best_calendar(timing, lambda values: values.mean(axis=0)))
    print(f"{f'its calendar, all {timing.calendars:,} of them':58}{calendar:>10.2f}")
    print(f"{'greedy by benefit for cost':58}{greedy_took:>10.2f}")
    print(f"{'frontier of ' + str(len(points)) + ' budgets':58}{frontier:>10.2f}")
    print(f"{f'shortfall on {DRAWS} draws, factored, {cautious.status}':58}{factored:>10.2f}")
    kind = exact.objective / worth - 1
    print(f"the exact plan is worth {worth / base:.3f} of greedy's; the program is {abs(kind):.2%} too kind")
    slow, plain_took = timed(lambda: solve(unfactored(risky), gap=1e-4))
    same = abs(slow.objective / cautious.objective - 1) < 2e-4
    print(f"every unit in each draw's row: {plain_took:.2f} s, {plain_took / factored:.1f} x the factored form")
    print(f"both find the same worth: {same}")


if __name__ == "__main__":
    main()
