"""What a pilot promises comes true in simulated pilots, within the error of simulation (fixed seeds).

Small versions of `benchmarks/power.py`. A promise of p in N pilots is held when the share lies within four Monte Carlo
errors of p, and, where small samples are known to be only nearly exact, within a stated margin beyond that.
"""

import numpy as np
import pytest

from tests import pilot_simulation as simulate
from workbook.model import criteria, detectable

PILOTS = 600


def held(hits, promised, *, margin=0.0):
    """Whether the share of hits is the one promised."""
    return abs(simulate.share_of(hits) - promised) <= 4 * simulate.monte_carlo_error(promised, len(hits)) + margin


def rng(seed):
    return np.random.default_rng(seed)


@pytest.mark.parametrize("design", ["after only", "adjusted", "difference in differences"])
@pytest.mark.parametrize("n", [8, 24])
def test_the_smallest_detectable_effect_is_detected_in_four_pilots_of_five(design, n):
    assert held(simulate.detected(rng(1), PILOTS, design, n=n, correlation=0.6), 0.80, margin=0.01)


@pytest.mark.parametrize("design", ["adjusted", "difference in differences"])
@pytest.mark.parametrize("coverage", [0.80, 0.95])
def test_intervals_of_the_effect_cover_it_as_often_as_they_say(design, coverage):
    hits = simulate.covered(rng(2), PILOTS, design, n=8, correlation=0.6, coverage=coverage)
    assert held(hits, coverage, margin=0.01)


def test_intervals_over_whole_groups_cover_as_often_as_they_say():
    assert held(simulate.clustered(rng(3), 400, clusters=8, people=6, coverage=0.90), 0.90, margin=0.01)


def test_limits_of_the_reliability_cover_it_with_unequal_numbers_of_raters():
    assert held(simulate.icc_covered(rng(4), 400, leaders=20, reliability=0.3), 0.95, margin=0.01)


def test_the_lead_by_the_mixed_model_is_covered_with_scores_missing():
    assert held(simulate.growth_covered(rng(5), 60, n=10, missing=0.25), 0.90, margin=0.01)


def test_the_prediction_interval_of_a_line_holds_what_comes():
    assert held(simulate.forecast_covered(rng(6), PILOTS, before=8, after=4), 0.80)


def test_intervals_of_exits_cover_at_least_as_often_as_they_say():
    hits = simulate.rates_covered(rng(7), PILOTS, years=60.0, rate=0.12, fall=0.3)
    assert held(hits, 0.80, margin=0.04)


def test_intervals_of_units_cover_as_often_as_they_say():
    assert held(simulate.units_covered(rng(8), PILOTS, units=6, fall=0.1), 0.80, margin=0.01)


def test_p10_to_p90_of_the_updated_draws_hold_eight_truths_of_ten():
    assert held(simulate.posterior_covered(rng(9), PILOTS, error=0.2), 0.80)


def test_a_pilot_without_effect_is_inconclusive_or_without_effect_in_nineteen_of_twenty():
    found = list(simulate.said(rng(10), PILOTS, n=12, d=0.0, correlation=0.6))
    assert held([answer in {"inconclusive", "no effect"} for answer in found], 0.95, margin=0.005)


def test_a_large_pilot_without_effect_is_mostly_called_one_without_effect():
    found = list(simulate.said(rng(11), 30, n=300, d=0.0, correlation=0.6))
    assert found.count("no effect") > 20


def test_the_criteria_decide_as_often_as_their_printed_odds_say():
    error = detectable.standard_error_ancova(sd=1.0, n_per_arm=24, correlation=0.6)
    for seed, truth in ((12, 0.0), (13, 0.31)):
        odds = criteria.operating_characteristics(truth=truth, target=0.31, break_even=0.1, standard_error=error)
        found = list(simulate.decided(rng(seed), PILOTS, n=24, d=truth, correlation=0.6, target=0.31, break_even=0.1))
        for answer, promised in odds.items():
            assert held([one == answer for one in found], promised, margin=0.015), (truth, answer)


def test_the_randomisation_test_keeps_its_level_with_skewed_scores():
    hits = simulate.chance_rejected(rng(14), 400, n=10, shuffles=199)
    assert held(hits, 0.05)
