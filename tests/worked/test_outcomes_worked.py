"""From a pilot's metrics and ratings to shares of a cost: hand calculations and simulation as the oracle."""

import math

import numpy as np
import pytest

from workbook.model import detectable, effect, outcomes


def test_a_fall_from_what_it_would_have_been_is_a_share_of_that():
    """By hand: pilot .10 -> .08, comparison .10 -> .10: without the programme .10, so e = .2."""
    found = outcomes.reduction_of_units(
        after=[0.079, 0.081, 0.10, 0.10], before=[0.10, 0.10, 0.10, 0.10], treated=[1, 1, 0, 0]
    )
    assert found.share == pytest.approx(0.2)
    assert found.standard_error == pytest.approx(0.001 / 0.10), "the pilot's units alone scatter"


def test_a_metric_that_would_have_been_nothing_cannot_fall():
    assert outcomes.reduction_of_units(after=[0.0, -0.1, -0.1, -0.1], before=[0, 0, 0, 0], treated=[1, 1, 0, 0]) is None


def test_the_error_of_a_reduction_is_that_of_its_simulation():
    rng = np.random.default_rng(5)
    shares, errors = [], []
    for _ in range(500):
        level = rng.normal(0.2, 0.02, 16)
        treated = np.repeat([1.0, 0.0], 8)
        after = level * (1 - 0.3 * treated) + rng.normal(0, 0.01, 16)
        found = outcomes.reduction_of_units(after=after, before=level, treated=treated)
        shares.append(found.share)
        errors.append(found.standard_error)
    assert np.mean(shares) == pytest.approx(0.3, abs=0.005)
    assert np.std(shares) == pytest.approx(np.mean(errors), rel=0.1)


def test_exits_by_hand():
    """By hand: (4.5/100)/(9.5/100) over (10.5/100)/(10.5/100): e = 1 - .47368; Var of the log: sum of 1/(n + .5)."""
    found = outcomes.reduction_of_rates(events=[4, 9, 10, 10], exposure=[100.0] * 4)
    assert found.share == pytest.approx(1 - 4.5 / 9.5)
    assert found.standard_error == pytest.approx(4.5 / 9.5 * math.sqrt(1 / 4.5 + 1 / 9.5 + 2 / 10.5))


def test_a_rating_effect_moves_a_metric_by_a_part_of_its_spread():
    """By hand: gamma .1, d .5, sigma/mu .3: e = .015; with gamma certain its error is gamma sigma/mu times d's."""
    seen, covariance = outcomes.rating_to_reductions(
        d=0.5, standard_error=0.2, spread=[0.3], share_mean=0.1, share_variance=0.0
    )
    assert seen == pytest.approx([0.015])
    assert covariance[0, 0] == pytest.approx((0.3 * 0.1 * 0.2) ** 2)


def test_doubt_about_the_part_that_shows_agrees_with_simulation():
    rng = np.random.default_rng(6)
    gamma = rng.triangular(0, 0.1, 0.25, (2, 400_000))
    d = rng.normal(0.4, 0.15, 400_000)
    ratio = np.array([0.3, 0.5])
    mean, variance = outcomes.triangular_moments(low=0, mode=0.1, high=0.25)
    seen, covariance = outcomes.rating_to_reductions(
        d=0.4, standard_error=0.15, spread=ratio, share_mean=mean, share_variance=variance
    )
    drawn = gamma * d * ratio[:, None]
    assert (mean, variance) == (pytest.approx(gamma.mean(), rel=2e-3), pytest.approx(gamma.var(), rel=5e-3))
    assert seen == pytest.approx(drawn.mean(axis=1), rel=5e-3)
    np.testing.assert_allclose(covariance, np.cov(drawn), rtol=0.02)


def test_two_metrics_of_the_same_units_are_read_together():
    """Units whose rework and decisions move together: the covariance has their sign and lies within the errors."""
    rng = np.random.default_rng(7)
    shared, treated = rng.normal(0, 0.01, 12), np.repeat([1.0, 0.0], 6)
    pair = [
        outcomes.reduction_of_units(
            after=0.2 + shared + rng.normal(0, 0.003, 12) - 0.02 * treated, before=rng.normal(0.2, 0.01, 12),
            treated=treated,
        )
        for _ in range(2)
    ]  # fmt: skip
    joint = outcomes.joint_covariance(pair)
    assert 0.3 < joint[0, 1] / math.sqrt(joint[0, 0] * joint[1, 1]) < 1
    assert np.linalg.eigvalsh(joint).min() > 0


def test_metrics_of_other_units_are_independent_and_few_units_widen_the_error():
    exits = outcomes.reduction_of_rates(events=[5, 9, 8, 8], exposure=[50.0] * 4)
    rework = outcomes.reduction_of_units(after=[0.08, 0.09, 0.1, 0.11], before=[0.1] * 4, treated=[1, 1, 0, 0])
    joint = outcomes.joint_covariance([exits, rework])
    assert joint[0, 1] == 0
    assert joint[0, 0] == pytest.approx(exits.standard_error**2)
    widened = outcomes.small_sample_inflation(degrees_of_freedom=rework.degrees_of_freedom)
    assert joint[1, 1] == pytest.approx((rework.standard_error * widened) ** 2)
    assert widened == pytest.approx(1.8856 / 1.2816, abs=1e-3), "t(.90; 2) over z(.90)"


def test_estimating_the_slope_of_the_baseline_costs_small_pilots_precision():
    """Source: by simulation of the adjusted difference's variance; eight an arm, 1 + 1/12."""
    rng, treated = np.random.default_rng(8), np.repeat([1.0, 0.0], 8)
    found = [
        effect.ancova_effect(after=rng.normal(size=16), before=rng.normal(size=16), treated=treated).points
        for _ in range(1200)
    ]
    plain = detectable.standard_error_ancova(sd=1.0, n_per_arm=8, correlation=0.0)
    assert np.std(found) / plain == pytest.approx(detectable.estimated_slope_penalty(people=16), abs=0.07)
    assert detectable.estimated_slope_penalty(people=16) == pytest.approx(math.sqrt(13 / 12))
