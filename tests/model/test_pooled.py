"""Turnover pooled over teams: brute-force integration, limits of shrinkage, and what chance does to small teams."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import gamma as gamma_distribution

from tests.builders import exposure
from tests.weeks.test_week1 import run
from workbook.evidence import COMPANY, SMALL_UNITS
from workbook.model.pooled import RATE_HIGH, RATE_LOW, SPREAD_HIGH, pooled_turnover

EVENTS, YEARS = np.array([1.0, 3.0, 12.0, 0.0]), np.array([2.0, 30.0, 100.0, 15.0])


def pooled(*, events, person_years):
    return pooled_turnover(events=np.asarray(events, dtype=float), person_years=np.asarray(person_years, dtype=float))


def brute_force(draws: int = 200_000) -> np.ndarray:
    """Draws of all teams' rates from a dense grid, with the negative binomial written out by its product."""
    logs = np.linspace(np.log(RATE_LOW), np.log(RATE_HIGH), 900)
    usual, spread = (grid.ravel() for grid in np.meshgrid(np.exp(logs), np.linspace(0.005, SPREAD_HIGH, 400)))
    shape, inverse = spread**-2, spread**-2 / usual
    height = np.log(usual) / 2 - spread**2 / 2
    for y, years in zip(EVENTS, YEARS, strict=True):
        rising = sum((np.log(shape + k) for k in range(int(y))), np.zeros_like(shape))
        height += rising - (shape + y) * np.log1p(years / inverse) - y * np.log(inverse)
    weights = np.exp(height - height.max())
    generator = np.random.default_rng(11)
    at = generator.choice(len(weights), size=draws, p=weights / weights.sum())
    return generator.gamma(EVENTS + shape[at][:, None]) / (YEARS + inverse[at][:, None])


def test_it_agrees_with_brute_force_integration():
    rates, found = brute_force(), pooled(events=EVENTS, person_years=YEARS)
    low, high = found.interval(0.90)
    company = rates @ YEARS / YEARS.sum()
    assert found.mean == pytest.approx(rates.mean(axis=0), abs=2e-3)
    assert found.beyond(0.10) == pytest.approx((rates > 0.10).mean(axis=0), abs=5e-3)
    assert found.above_company == pytest.approx((rates > company[:, None]).mean(axis=0), abs=6e-3)
    assert np.array([low, high]) == pytest.approx(np.quantile(rates, [0.05, 0.95], axis=0), abs=8e-3)
    assert found.company_rate == pytest.approx(company.mean(), abs=1e-3)


def test_the_quantiles_are_those_of_the_mixture():
    found = pooled(events=EVENTS, person_years=YEARS)
    for probability in (0.01, 0.05, 0.5, 0.95):
        below = found.weights @ gamma_distribution.cdf(found.quantile(probability), found.shape, scale=1 / found.rate)
        assert below == pytest.approx(np.full(4, probability), abs=1e-6)


def test_a_huge_team_keeps_its_own_rate():
    found = pooled(events=[3_000, 2, 1], person_years=[10_000, 40, 30])
    assert found.mean[0] == pytest.approx(0.30, rel=0.005)


def test_teams_alike_are_pulled_to_what_they_share():
    found = pooled(events=[10] * 30, person_years=[100] * 30)
    low, high = found.interval(0.90)
    alone = gamma_distribution.ppf([0.05, 0.95], 10.5, scale=1 / 100)
    assert found.mean == pytest.approx(np.full(30, 0.10), abs=0.001)
    assert high[0] - low[0] < 0.6 * (alone[1] - alone[0])
    assert found.above_company == pytest.approx(np.full(30, 0.5), abs=0.03)


def test_a_team_nobody_watched_takes_the_rate_of_the_others():
    found = pooled(events=[0] + [20] * 8, person_years=[0.01] + [100] * 8)
    assert found.mean[0] == pytest.approx(0.20, rel=0.05)


def test_the_company_is_the_sum_of_its_teams():
    found = pooled(events=EVENTS, person_years=YEARS)
    assert found.company_rate * YEARS.sum() == pytest.approx(found.mean @ YEARS)


def test_a_company_of_one_team_is_as_likely_above_itself_as_below():
    assert pooled(events=[3], person_years=[20]).above_company.tolist() == [0.5]


@settings(max_examples=8, deadline=None)
@given(st.permutations(range(4)))
def test_the_order_of_the_teams_changes_nothing(order):
    order = list(order)
    straight = pooled(events=EVENTS, person_years=YEARS)
    turned = pooled(events=EVENTS[order], person_years=YEARS[order])
    assert turned.mean == pytest.approx(straight.mean[order], rel=1e-9)
    assert turned.above_company == pytest.approx(straight.above_company[order], rel=1e-9)


@settings(max_examples=8, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 60), st.floats(0.5, 400)), min_size=2, max_size=12), st.data())
def test_intervals_hold_the_mean_and_one_more_leaver_never_lowers_a_team(counts, data):
    events, years = (list(column) for column in zip(*counts, strict=True))
    found = pooled(events=events, person_years=years)
    low, high = found.interval(0.90)
    assert np.all((low > 0) & (low < found.mean) & (low < high))
    assert np.all((found.above_company >= 0) & (found.above_company <= 1 + 1e-12))
    k = data.draw(st.integers(0, len(events) - 1))
    more = pooled(events=[y + (j == k) for j, y in enumerate(events)], person_years=years)
    assert more.mean[k] > found.mean[k]


def test_small_teams_with_a_leaver_do_not_top_the_list_by_chance():
    """Twelve companies whose ten teams all leave at 12 %: raw rates put a team of 3 on top, pooled ones seldom do."""
    years = np.array([3.0] * 5 + [60.0] * 5)
    generator = np.random.default_rng(5)
    raw_small = pooled_small = certain = 0
    for _ in range(12):
        events = generator.poisson(0.12 * years)
        found = pooled(events=events, person_years=years)
        raw_small += np.argmax(events / years) < 5
        pooled_small += np.argmax(found.above_company) < 5
        certain += np.sum(found.above_company[:5] > 0.9)
    assert raw_small >= 9
    assert pooled_small <= raw_small // 2
    assert certain == 0


TEAMS = (("Bakery", 1, 3.0), ("Sales", 24, 120.0), ("Support", 6, 110.0), (SMALL_UNITS, 2, 9.0))


def weekly(teams=TEAMS):
    whole = (COMPANY, sum(y for _, y, _ in teams), sum(years for *_, years in teams))
    return run(exposure=tuple(exposure(exits=y, person_years=e, group="all", unit=u) for u, y, e in (whole, *teams)))


def test_week_1_lists_named_teams_by_certainty_of_being_above_the_company():
    found = weekly()
    assert [row.unit for row in found.team_turnover] == ["Sales", "Bakery", "Support"]
    by_unit = {row.unit: row for row in found.team_turnover}
    assert by_unit["Bakery"].rate < 0.8 / 3, "one leaver in three person-years is pulled to the others"
    assert all(row.low < row.rate < row.high for row in found.team_turnover)
    strands = {unit.unit: unit.strands["turnover"] for unit in found.units.units}
    assert strands == {unit: row.p_above_company for unit, row in by_unit.items()}
    assert found.units.units[0].unit == "Sales"


def test_without_exits_there_is_no_list_of_teams():
    assert run().team_turnover == ()
    assert weekly((("Sales", 0, 200.0), ("Support", 0, 200.0))).team_turnover == ()
