"""Exact allocation against enumeration, and what it keeps to."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest

from workbook.model import allocation
from workbook.model.allocation_milp import quiet, solve
from workbook.model.plans import whole_groups


def priced(fixed: float, seat: float, most: int, *, tier: tuple[int, float] | None = None):
    seats = np.arange(most + 1)
    price = np.where(seats >= tier[0], tier[1], seat) if tier else np.full(most + 1, seat)
    parts = np.zeros((3, most + 1))
    parts[0] = np.where(seats > 0, fixed + price * seats, 0)
    parts[2] = 5.0 * seats
    return allocation.segments(parts)


def line(key, *, track="leadership", room=(3, 2), worth=(90.0, 40.0), fixed=10.0, seat=5.0, group=(1, 9), groups=9,
         tier=None, hours=0.0):  # fmt: skip
    size = np.array(room)
    return allocation.Line(
        key=key, track=track, blocks=tuple(f"u{k}" for k in range(len(room))), room=size,
        cover=np.diag(1 / size), benefit=np.array(worth, dtype=float), hours_per_seat=hours * np.eye(len(room)),
        group_min=group[0], group_max=group[1], most_groups=groups,
        segments=priced(fixed, seat, int(size.sum()), tier=tier),
    )  # fmt: skip


def problem(*lines, money=1000.0, seats=99, share=(0.0, 1.0), hours=np.inf, overlap=0.0, programmes=6, risk=None):
    count, units = len(lines), len(lines[0].room)
    return allocation.Problem(
        lines=lines, overlap=np.full((count, count, units), float(overlap)), point_weights=np.ones(3),
        expected_weights=np.ones(3),
        limits=allocation.Limits(money, seats, share, np.full(units, hours), programmes), risk=risk,
    )  # fmt: skip


def every_allocation(asked):
    rooms = [range(int(n) + 1) for each in asked.lines for n in each.room]
    cuts = np.cumsum([len(each.room) for each in asked.lines])[:-1]
    for seats in product(*rooms):
        yield tuple(np.split(np.array(seats), cuts))


def by_enumeration(asked):
    return max(
        allocation.worth(asked, each) for each in every_allocation(asked) if not allocation.violations(asked, each)
    )


def random_problem(seed: int, *, overlap: float = 0.0):
    draw = np.random.default_rng(seed)
    lines = [
        line(
            f"p{k}", track=("leadership", "technical")[k % 2], room=tuple(draw.integers(1, 4, 2)),
            worth=draw.uniform(5, 80, 2), fixed=float(draw.uniform(0, 30)), seat=float(draw.uniform(0, 12)),
            group=(int(draw.integers(1, 3)), int(draw.integers(3, 5))), groups=int(draw.integers(1, 3)),
            tier=(3, 2.0) if k == 1 else None, hours=float(draw.uniform(1, 3)),
        )
        for k in range(3)
    ]  # fmt: skip
    return problem(
        *lines, money=float(draw.uniform(20, 160)), seats=int(draw.integers(2, 9)),
        share=(float(draw.uniform(0, 0.4)), float(draw.uniform(0.6, 1))), hours=float(draw.uniform(2, 12)),
        overlap=overlap, programmes=2,
    )  # fmt: skip


@pytest.mark.parametrize("seed", range(12))
def test_small_allocations_are_those_of_enumeration(seed):
    """Source: every allocation written out and valued (our own enumeration)."""
    asked = random_problem(seed)
    found = solve(asked)
    assert allocation.violations(asked, found.seats) == ()
    assert found.objective == pytest.approx(by_enumeration(asked), abs=1e-4)
    assert found.objective == pytest.approx(allocation.worth(asked, found.seats), abs=1e-4)


@pytest.mark.parametrize("seed", range(4))
def test_with_overlaps_the_program_is_never_below_the_best_allocation(seed):
    asked = random_problem(seed, overlap=12.0)
    assert solve(asked).objective >= by_enumeration(asked) - 1e-4


def test_overlaps_are_exact_where_units_are_reached_in_full_or_not_at_all():
    asked = problem(line("a", room=(1, 1)), line("b", room=(1, 1)), overlap=30.0)
    found = solve(asked)
    assert found.objective == pytest.approx(by_enumeration(asked))


def test_a_tangent_takes_the_kindness_out_where_the_program_went():
    """Half of two lines in each unit: kindly counted they share nothing, by the tangent a quarter of 50 a unit."""
    lines = (line("a", room=(4, 4), worth=(90, 60)), line("b", room=(4, 4), worth=(90, 60)))
    asked = problem(*lines, seats=8, overlap=50.0, money=100)
    halves = [np.array([2, 2]), np.array([2, 2])]
    assert solve(asked, near=[halves]).objective <= solve(asked).objective + 1e-6
    assert allocation.worth(asked, halves) == pytest.approx(2 * (45 + 30) - 2 * 50 / 4 - 2 * (10 + 40))


@pytest.mark.parametrize("seed", range(6))
def test_refilling_moves_seats_within_lines_and_is_never_worth_less(seed):
    asked = random_problem(seed, overlap=12.0)
    draw = np.random.default_rng(seed)
    bought = [draw.integers(0, each.room + 1) for each in asked.lines]
    moved = allocation.refilled(asked, bought)
    assert [own.sum() for own in moved] == [own.sum() for own in bought]
    assert allocation.worth(asked, moved) >= allocation.worth(asked, bought)
    assert all(np.all(own <= each.room) for own, each in zip(moved, asked.lines, strict=True))
    again = allocation.refilled(asked, moved)
    assert all(np.array_equal(a, b) for a, b in zip(again, moved, strict=True))


@pytest.mark.parametrize(("group", "most"), [((8, 16), 3), ((3, 4), 2), ((2, 2), 3), ((1, 5), 1)])
def test_whole_groups_are_counted_as_the_reference_plans_count_them(group, most):
    asked = problem(line("a", room=(20,), worth=(1,), group=group, groups=most))
    seats = np.arange(21)
    allowed = whole_groups(seats, group_min=group[0], group_max=group[1], most_groups=most)
    ours = ["no whole groups" not in "".join(allocation.violations(asked, (np.array([n]),))) for n in seats]
    assert ours == allowed.tolist()


def test_the_runs_of_a_tiered_price():
    made = priced(10.0, 5.0, 6, tier=(4, 3.0))
    assert [(each.low, each.high) for each in made] == [(1, 3), (4, 6)]
    assert [float(each.fixed[0]) for each in made] == pytest.approx([10, 10])
    assert [each.per_seat.tolist() for each in made] == [[5, 0, 5], [3, 0, 5]]


def test_a_cheaper_tier_is_bought_up_to():
    asked = problem(line("a", room=(6,), worth=(66,), fixed=0, seat=9, tier=(6, 4.0)))
    assert solve(asked).seats[0].tolist() == [6]


def test_every_broken_limit_is_named():
    asked = problem(line("a", hours=2.0), line("b", track="technical"), money=60, seats=4, share=(0.5, 1), hours=3)
    assert allocation.violations(asked, (np.array([2, 0]), np.array([3, 1]))) == (
        "cohort: 6 seats of 4",
        "budget: 80.00 of 60.00",
        "share: 30.00 of 80.00 on leadership, outside 0.5 to 1",
        "hours away: more than a unit may be away from work",
    )
    assert allocation.violations(asked, (np.array([4, 0]), np.array([0, 0]))) == (
        "a: more seats in a unit than people to train there",
    )


def test_nothing_that_spends_fits_a_budget_below_every_price():
    asked = problem(line("a", fixed=500, group=(2, 9)), money=100)
    assert solve(asked).objective == pytest.approx(0, abs=1e-9)
    assert solve(asked, spend=True).status == "infeasible"
    least = solve(asked, spend=True, relaxed={"budget": 1.0})
    assert least.exceeded["budget"] == pytest.approx(500 + 2 * 10 - 100)
    assert solve(asked, spend=True, relaxed={"cohort": 1.0}).status == "infeasible"


def test_a_group_larger_than_the_cohort_asks_for_so_many_more_seats():
    asked = problem(line("a", room=(9, 9), group=(8, 9)), seats=5)
    assert solve(asked, spend=True).status == "infeasible"
    assert solve(asked, spend=True, relaxed={"cohort": 1.0}).exceeded["cohort"] == pytest.approx(3)


def risky(asked, aversion, benefits):
    """Two lines, two draws equally likely; one component, half of it in each unit."""
    made = allocation.Risk(
        aversion=aversion, tail=0.5, located=np.array([[0.5, 0.5]]), benefits=benefits, costs=np.ones((2, 3)),
        losses=np.ones((2, 1)), kinds=np.zeros((2, 2), dtype=np.int64),
    )  # fmt: skip
    return allocation.Problem(asked.lines, asked.overlap, np.ones(3), np.ones(3), asked.limits, made)


def test_aversion_to_risk_prefers_the_steady_programme():
    """Two draws: the wild line returns 400 or 0, the steady one 150 in both; the worst half of two draws is one."""
    wild, steady = line("wild", worth=(100.0, 100.0)), line("steady", worth=(75.0, 75.0))
    asked = problem(wild, steady, programmes=1)
    benefits = np.array([[[400.0], [150.0]], [[0.0], [150.0]]])
    picks = [[bool(seats.any()) for seats in solve(risky(asked, aversion, benefits)).seats] for aversion in (0.0, 1.0)]
    assert picks == [[True, False], [False, True]]
    assert solve(risky(asked, 1.0, benefits)).objective == pytest.approx(150 - 60)


@pytest.mark.parametrize("seed", range(4))
def test_weighed_against_risk_small_allocations_are_those_of_enumeration(seed):
    """Source: every allocation valued on eight draws, mean of the worst two (our own enumeration)."""
    plain = random_problem(seed)
    draw = np.random.default_rng(100 + seed)
    factors = draw.lognormal(0, 0.8, (8, 3))
    factors /= factors.mean(axis=0)
    units = np.array([each.benefit for each in plain.lines])
    risk = allocation.Risk(
        aversion=0.6, tail=0.25, located=np.eye(2), benefits=factors[:, :, None] * units, costs=np.ones((8, 3)),
        losses=np.ones((8, 1)), kinds=np.zeros((3, 3), dtype=np.int64),
    )  # fmt: skip
    asked = allocation.Problem(plain.lines, plain.overlap, np.ones(3), np.ones(3), plain.limits, risk)

    def score(bought):
        gains = np.array([own @ line.cover @ line.benefit for own, line in zip(bought, asked.lines, strict=True)])
        worth = factors @ gains - allocation.cost_money(asked, bought)
        return 0.4 * worth.mean() + 0.6 * np.sort(worth)[:2].mean()

    best = max(score(each) for each in every_allocation(asked) if not allocation.violations(asked, each))
    found = solve(asked)
    assert found.objective == pytest.approx(best, abs=1e-4)
    assert score(found.seats) == pytest.approx(best, abs=1e-4)


def test_the_solver_prints_nothing(capfd):
    with quiet():
        print("", end="", flush=True)
        __import__("os").write(1, b"from below")
    solve(random_problem(1))
    assert capfd.readouterr().out == ""
