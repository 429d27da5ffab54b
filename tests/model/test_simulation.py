"""Inverse distributions and the draw matrix."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from workbook.assumptions import shipped_register
from workbook.model import simulation as sim

U = (np.arange(4096) + 0.5) / 4096


def test_each_inverse_agrees_with_scipy():
    pairs = [
        (sim.uniform_quantile(U, low=2, high=5), stats.uniform(2, 3)),
        (sim.triangular_quantile(U, low=-0.09, mode=0.31, high=0.72), stats.triang(0.4 / 0.81, -0.09, 0.81)),
        (sim.pert_quantile(U, low=0.2, mode=0.5, high=0.9), stats.beta(1 + 4 * 3 / 7, 1 + 4 * 4 / 7, 0.2, 0.7)),
        (sim.normal_quantile(U, mean=1, low=0, high=2), stats.norm(1, 1 / stats.norm.ppf(0.95))),
        (
            sim.lognormal_quantile(U, median=2, low=1, high=4),
            stats.lognorm(np.log(4) / 2 / stats.norm.ppf(0.95), scale=2),
        ),
        (sim.gamma_quantile(U, shape=3.5, scale=1 / 20), stats.gamma(3.5, scale=1 / 20)),
        (sim.beta_quantile(U, rising=2.5, falling=7.5), stats.beta(2.5, 7.5)),
    ]
    for found, expected in pairs:
        assert found == pytest.approx(expected.ppf(U), rel=1e-7, abs=1e-9)


def test_low_and_high_are_the_ninety_percent_interval_of_a_lognormal():
    found = sim.lognormal_quantile(np.array([0.05, 0.5, 0.95]), median=2, low=1, high=4)
    assert found == pytest.approx([1, 2, 4])


def test_three_leavers_in_twenty_person_years_give_the_jeffreys_interval():
    """Methods design, section 1: 15 %, 95 % interval 4.2-40.0 %."""
    low, high = sim.gamma_quantile(np.array([0.025, 0.975]), shape=3.5, scale=1 / 20)
    assert (round(low, 3), round(high, 3)) == (0.042, 0.400)


def test_beta_parameters_keep_mean_and_spread():
    rising, falling = sim.beta_parameters(mean=0.3, low=0.2, high=0.4)
    made = stats.beta(rising, falling)
    assert made.mean() == pytest.approx(0.3)
    assert made.std() == pytest.approx(0.2 / (2 * sim.Z_90))


def test_the_matrix_has_one_width_and_stays_inside_the_unit_interval():
    points = sim.sobol_uniforms(draws=512, seed=7)
    assert points.shape == (512, sim.WIDTH)
    assert 0 < points.min() < points.max() < 1
    assert points.mean(axis=0) == pytest.approx(np.full(sim.WIDTH, 0.5), abs=0.01)
    assert (points == sim.sobol_uniforms(draws=512, seed=7)).all()


def test_draws_that_are_no_power_of_two_are_refused():
    with pytest.raises(ValueError, match=r"^draws must be a power of two, such as 512; 1000 is not\.$"):
        sim.sobol_uniforms(draws=1000, seed=1)


def test_columns_are_hardly_correlated():
    points = sim.sobol_uniforms(draws=4096, seed=20_240_101)
    off = np.abs(np.corrcoef(points.T) - np.eye(sim.WIDTH))
    assert off.max() < 0.05


@pytest.mark.parametrize("draws", [1, 2, 8, 512, 4096])
def test_points_made_column_by_column_are_scipy_s(draws):
    expected = stats.qmc.Sobol(d=sim.WIDTH, scramble=True, rng=7).random_base2(draws.bit_length() - 1)
    assert (sim.sobol_uniforms(draws=draws, seed=7) == np.clip(expected, sim.TINY, 1 - sim.TINY)).all()


def test_some_columns_are_those_of_the_whole_matrix():
    whole = sim.sobol_uniforms(draws=512, seed=7)
    assert (sim.sobol_uniforms(draws=512, seed=7, columns=[40, 3]) == whole[:, [40, 3]]).all()


@pytest.mark.parametrize("kind", ["uniform", "triangular", "pert", "normal", "lognormal", "beta"])
def test_every_kind_of_distribution_covers_a_stated_interval(kind):
    entry = shipped_register()["rework_share"].model_copy(
        update={"value": 0.3, "low": 0.2, "high": 0.5, "distribution": kind, "coverage": 0.8}
    )
    drawn = entry.draws(U)
    assert np.mean(drawn < 0.2) == pytest.approx(0.1, abs=1e-3)
    assert np.mean(drawn > 0.5) == pytest.approx(0.1, abs=1e-3)


@pytest.mark.parametrize(
    ("low", "value", "high", "maximum", "kind"),
    [
        (2.0, 2.0, 2.0, 9.0, "fixed"),
        (0.1, 0.2, 0.4, 1.0, "beta"),
        (1.0, 3.0, 9.0, 99.0, "lognormal"),
        (-1.0, 0.0, 1.0, 9.0, "normal"),
        (0.0, 1.0, 9.0, 99.0, "pert"),
        (1.0, 8.5, 9.0, 99.0, "pert"),
    ],
)
def test_an_interval_s_distribution_follows_from_its_shape_and_limits(low, value, high, maximum, kind):
    assert sim.kind_by_rule(low=low, value=value, high=high, minimum=min(low, 0.0), maximum=maximum) == kind


def test_draws_beyond_a_hard_limit_are_put_on_it():
    entry = shipped_register()["on_cost_share"].model_copy(
        update={"value": 0.05, "low": 0.01, "high": 0.4, "distribution": "normal", "coverage": 0.9}
    )
    drawn = entry.draws(U)
    assert drawn.min() == entry.minimum
    assert np.mean(drawn > 0.4) == pytest.approx(0.05, abs=1e-3)
