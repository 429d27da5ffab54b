"""Values of week 1 with their sources. METHODS is section 1 of the design, which names where each rule is from."""

from __future__ import annotations

from collections.abc import Callable
from math import erf, log, sqrt
from typing import Any

import numpy as np
import pytest

from workbook.model.gate import at_least
from workbook.model.nps import change_needed_points, net_promoter_points, nps_standard_error_points
from workbook.model.proportion import (
    annualised_growth,
    exceeds_share,
    reaches_growth,
    share_beyond_probability,
)
from workbook.model.readiness import colour, transfer_factor
from workbook.model.signals import coordination_share, status, trigger_fired
from workbook.model.spend import benchmark_per_employee, favourable_threshold, quadrant
from workbook.model.succession import coverage_share, maximum_matching, named_roles
from workbook.model.survey import (
    below_probability,
    difference_standard_error,
    largest_sd,
    standard_error,
    t_interval,
    welch_degrees_of_freedom,
)
from workbook.model.trend import (
    exact_tail,
    inversion_counts,
    mann_kendall_p,
    mann_kendall_s,
    s_variance,
    slope_interval,
    theil_sen_slope,
    trend_probability,
)
from workbook.model.turnover import (
    annualised_rate,
    garwood_rate_interval,
    jeffreys_rate_interval,
    rate_beyond_probability,
)
from workbook.model.units import top_share

THREE = {"events": 3, "person_years": 20}
TEN_PERCENT = {"person_years": 20, "threshold_per_year": 0.10}
BENCH = {"X": "AB", "Y": "A"}
RISING_BUT_ONE_PAIR_SHORT = (1, 2, 3, 5, 6, 4)

NPS_25 = {"promoters": 10, "detractors": 5, "n": 25}
ERROR_25 = 100 * sqrt(0.56 / 25)
FALLING = (20, 19.5, 19, 19.2, 18.4, 18)
T_10 = {"estimate": 0.0, "standard_error": 1.0, "degrees_of_freedom": 10}
WAVES_OF_TEN = {"first": 1.0, "n_first": 10, "second": 1.0, "n_second": 10}
DELAYED = {"coordination_money": 4, "both_money": 2, "total_money": 10, "both_share": 0.5}
SCALE = {"scale_min": 1, "scale_max": 5}

# source and statement · formula · inputs · which part of a pair · value · largest difference
CASES = [
    ("METHODS: 3 leavers in 20 person-years", annualised_rate, THREE, None, 0.15, 0),
    ("METHODS: Jeffreys 95 % low of those", jeffreys_rate_interval, {**THREE, "coverage": 0.95}, 0, 0.042, 5e-4),
    ("METHODS: Jeffreys 95 % high", jeffreys_rate_interval, {**THREE, "coverage": 0.95}, 1, 0.400, 5e-4),
    ("METHODS: Garwood 95 % low", garwood_rate_interval, {**THREE, "coverage": 0.95}, 0, 0.031, 5e-4),
    ("METHODS: Garwood 95 % high", garwood_rate_interval, {**THREE, "coverage": 0.95}, 1, 0.438, 5e-4),
    (
        "by hand: 0 events in 1 year, -ln .025",
        garwood_rate_interval,
        {"events": 0, "person_years": 1, "coverage": 0.95},
        1,
        -log(0.025),
        1e-9,
    ),
    ("METHODS: P(3 in 20 is above 10 %)", rate_beyond_probability, {"events": 3, **TEN_PERCENT}, None, 0.780, 5e-4),
    (
        "by hand: arcsine law, no answer yet, P(share > 1/4)",
        share_beyond_probability,
        {"successes": 0, "n": 0, "threshold_share": 0.25},
        None,
        2 / 3,
        1e-12,
    ),
    ("METHODS: standard error of an NPS", nps_standard_error_points, NPS_25, None, ERROR_25, 1e-12),
    ("METHODS: it is known to 29 points", lambda **k: 1.96 * nps_standard_error_points(**k), NPS_25, None, 29, 0.5),
    (
        "METHODS: a change needs 41 points",
        change_needed_points,
        {"standard_error_points": ERROR_25, "z": 1.96},
        None,
        41,
        0.5,
    ),
    ("by hand: passives count in n only", net_promoter_points, NPS_25, None, 20, 1e-12),
    ("METHODS: Mann-Kendall, n=6, S>=11", exact_tail, {"s": 11, "n": 6}, 0, 0.0278, 5e-5),
    ("by hand: n=4, all rising, 1 of 24", exact_tail, {"s": 6, "n": 4}, 0, 1 / 24, 1e-12),
    ("Kendall's table: n=8, S=16", exact_tail, {"s": 16, "n": 8}, 0, 0.031, 5e-4),
    ("Kendall's table: n=10, S=21", exact_tail, {"s": 21, "n": 10}, 0, 0.036, 5e-4),
    ("by hand: one tie of two among three", s_variance, {"values": (1, 1, 2)}, None, (66 - 18) / 18, 1e-12),
    ("by hand: median of 1, 1.5, 2", theil_sen_slope, {"times": (0, 1, 2), "values": (0, 1, 3)}, None, 1.5, 1e-12),
    ("by hand: 14 pairs fall, 1 rises", mann_kendall_s, {"values": FALLING}, None, -13, 0),
    ("METHODS: matching covers 2/3 with Y", coverage_share, {"covered": 2, "critical": 3}, None, 2 / 3, 1e-12),
    ("by hand: 100 to 180", annualised_growth, {"now": 180, "before": 100, "months": 12}, None, 0.80, 1e-12),
    ("by hand: 10 % in half a year", annualised_growth, {"now": 110, "before": 100, "months": 6}, None, 0.21, 1e-12),
    ("by hand: coordination with half of both", coordination_share, DELAYED, None, 0.5, 1e-12),
    ("by hand: 3.5 of 1 to 5", favourable_threshold, {**SCALE, "favourable_from": None}, None, 3.5, 1e-12),
    ("by hand: largest SD at mean 3", largest_sd, {"mean": 3, **SCALE}, None, 2, 1e-12),
    ("by hand: SD .8 of 100", standard_error, {"sd": 0.8, "n": 100}, None, 0.08, 1e-12),
    ("by hand: 3-4-5", difference_standard_error, {"first": 3, "second": 4}, None, 5, 1e-12),
    ("by hand: two waves of 10, 18 degrees", welch_degrees_of_freedom, WAVES_OF_TEN, None, 18, 1e-12),
    ("t table: 97.5 %, 10 degrees", t_interval, {**T_10, "coverage": 0.95}, 1, 2.228, 5e-4),
    ("t table: 95 %, 10 degrees", below_probability, {**T_10, "threshold": 1.812}, None, 0.95, 5e-4),
    ("METHODS: readiness is centred on 1", transfer_factor, {"score": 3.0}, None, 1.0, 1e-12),
    ("METHODS: readiness from .6", transfer_factor, {"score": 1.0}, None, 0.6, 1e-12),
    ("METHODS: readiness to 1.2", transfer_factor, {"score": 5.0}, None, 1.2, 1e-12),
    ("METHODS: ATD 2014, under 500", benchmark_per_employee, {"headcount": 499}, 0, 1716, 0),
    ("METHODS: ATD 2014, 500 to 9,999", benchmark_per_employee, {"headcount": 9_999}, 0, 911, 0),
    ("METHODS: ATD 2014, from 10,000", benchmark_per_employee, {"headcount": 10_000}, 0, 868, 0),
    ("METHODS: ATD 2024, all sizes", benchmark_per_employee, {"headcount": None}, 0, 1054, 0),
]


@pytest.mark.parametrize(
    ("formula", "inputs", "part", "value", "within"), [case[1:] for case in CASES], ids=[case[0] for case in CASES]
)
def test_value_is_that_of_its_source(
    formula: Callable[..., Any], inputs: dict[str, Any], part: int | None, value: float, within: float
) -> None:
    ours = formula(**inputs)
    assert (ours if part is None else ours[part]) == pytest.approx(value, abs=max(within, 1e-12), rel=0)


def pairs(bench: dict[str, str]) -> list[tuple[str, str]]:
    return [(role, person) for person, roles in bench.items() for role in roles]


def test_one_person_named_for_two_roles_covers_one_of_them_as_methods_works_out() -> None:
    with_y, without_y = pairs(BENCH), pairs({"X": "AB"})
    assert len(named_roles("ABC", with_y)) == len(named_roles("ABC", without_y)) == 2
    assert maximum_matching("ABC", with_y) == {"A": "Y", "B": "X"}
    assert len(maximum_matching("ABC", without_y)) == 1


def test_nine_of_thirty_is_not_more_than_thirty_percent_and_ten_is() -> None:
    assert 1 - 21 / 30 > 0.30, "floats say otherwise, which is why counts are compared exactly"
    assert not exceeds_share(count=9, total=30, threshold_share=0.30)
    assert exceeds_share(count=10, total=30, threshold_share=0.30)
    assert not exceeds_share(count=0, total=0, threshold_share=0.30)


def test_growth_of_exactly_the_threshold_is_rapid() -> None:
    assert reaches_growth(now=120, before=100, threshold_share=0.20)
    assert reaches_growth(now=66, before=55, threshold_share=0.20)
    assert not reaches_growth(now=119, before=100, threshold_share=0.20)


@pytest.mark.parametrize(("leavers", "fires", "point"), [(2, False, False), (3, False, True), (4, True, True)])
def test_three_leavers_in_twenty_person_years_do_not_fire_and_four_do(leavers: int, fires: bool, point: bool) -> None:
    p_beyond = float(rate_beyond_probability(events=leavers, **TEN_PERCENT))
    known = {"p_beyond": p_beyond, "point_beyond": leavers / 20 > 0.10, "trigger_probability": 0.90}
    assert trigger_fired(**known, rule="established") is fires
    assert trigger_fired(**known, rule="point") is point


def test_two_of_four_signals_show_18_percent_of_the_time_by_certainty_and_69_by_the_bare_point() -> None:
    grid = (np.arange(20) + 0.5) / 20
    certainties = np.stack(np.meshgrid(grid, grid, grid, grid), axis=-1).reshape(-1, 4)

    def share(rule: str) -> float:
        states = {
            p: status(p_beyond=p, point_beyond=p > 0.5, present_probability=0.80, rule=rule) == "present" for p in grid
        }
        present = np.vectorize(states.get)(certainties).sum(axis=1)
        return float(np.mean([at_least(needed=2, true=int(k), unknown=0) for k in present]))

    assert share("established") == pytest.approx(0.18, abs=0.005)
    assert share("point") == pytest.approx(0.69, abs=0.005)


def test_six_different_orders_of_three_have_inversions_1_2_2_1() -> None:
    assert inversion_counts(3) == (1, 2, 2, 1)
    assert sum(inversion_counts(6)) == 720


def test_mann_kendall_with_ties_is_the_corrected_normal_approximation() -> None:
    values = (1, 1, 2, 3, 3, 4)
    z = (mann_kendall_s(values=values) - 1) / sqrt(s_variance(values=values))
    assert mann_kendall_p(values=values, rising=True) == pytest.approx(0.5 * (1 - erf(z / sqrt(2))))
    assert mann_kendall_p(values=(2, 2, 2), rising=True) == 1.0


def test_a_series_without_trend_is_as_likely_to_rise_as_to_fall() -> None:
    assert trend_probability(values=(2, 2, 2), rising=True) == 0.5
    assert trend_probability(values=(1, 3, 4, 2, 0.5), rising=True) == pytest.approx(0.5, abs=0.2)
    assert trend_probability(values=RISING_BUT_ONE_PAIR_SHORT, rising=True) > 0.95


def test_a_unit_stays_on_top_for_the_share_of_weightings_found_by_hand() -> None:
    """Strands (1, 0) against (0, 1/2): first while w > (1 - w)/2, so for w above 1/3 of all weightings."""
    strands, equal = np.array([[1.0, 0.0], [0.0, 0.5]]), np.array([1.0, 1.0])
    assert top_share(strands=strands, weights=equal, draws=20_000, seed=7) == pytest.approx(2 / 3, abs=0.01)
    assert top_share(strands=strands[::-1], weights=equal, draws=20_000, seed=7) == pytest.approx(2 / 3, abs=0.01)


@pytest.mark.parametrize(("p", "name"), [(0.80, "present"), (0.79, "near"), (0.21, "near"), (0.20, "clear")])
def test_a_signal_is_clear_only_when_ruled_out_as_surely_as_present_is_established(p: float, name: str) -> None:
    assert status(p_beyond=p, point_beyond=p > 0.5, present_probability=0.80, rule="established") == name


def test_the_interval_of_a_straight_line_is_its_slope() -> None:
    assert slope_interval(times=range(6), values=range(0, 12, 2), coverage=0.90) == (2, 2)


@pytest.mark.parametrize(
    ("leaders", "employees", "name"),
    [(0.9, 0.9, "healthy"), (0.9, 0.2, "hand-holding"), (0.1, 0.8, "resentment"), (0.3, 0.4, "neither")],
)
def test_developed_employees_under_weak_leaders_are_resentment(leaders: float, employees: float, name: str) -> None:
    assert quadrant(p_leaders_developed=leaders, p_employees_developed=employees)[0] == name


def test_the_certainty_of_a_quadrant_is_that_of_both_its_sides() -> None:
    assert quadrant(p_leaders_developed=0.1, p_employees_developed=0.8)[1] == pytest.approx(0.72)


def test_readiness_turns_amber_at_two_and_a_half_and_green_at_three_and_a_half() -> None:
    assert [colour(score=s) for s in (2.49, 2.5, 3.49, 3.5, None)] == [
        "red",
        "amber",
        "amber",
        "green",
        "insufficient data",
    ]
