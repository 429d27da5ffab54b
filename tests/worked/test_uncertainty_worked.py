"""Worked values of the uncertainty methods, each with its source or its closed form."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy.stats import norm

from workbook.model import correlation, information, irr, sensitivity, stress
from workbook.model.simulation import sobol_uniforms

Z = norm.ppf(sobol_uniforms(draws=16_384, seed=11)[:, :3])


def test_ishigami_s_function_has_its_known_indices():
    """Ishigami & Homma (1990), a = 7, b = 0.1: variances in closed form, as in Saltelli et al. (2008)."""
    a, b = 7.0, 0.1
    whole = a**2 / 8 + b * math.pi**4 / 5 + b**2 * math.pi**8 / 18 + 0.5
    first = np.array([0.5 * (1 + b * math.pi**4 / 5) ** 2, a**2 / 8, 0.0]) / whole
    both = b**2 * math.pi**8 * (1 / 18 - 1 / 50) / whole
    total = first + np.array([both, 0, both])

    def model(u):
        x = math.pi * (2 * u - 1)
        return np.sin(x[:, 0]) + a * np.sin(x[:, 1]) ** 2 + b * x[:, 2] ** 4 * np.sin(x[:, 0])

    base, other = sensitivity.two_samples(inputs=3, draws=8192, seed=1)
    found = sensitivity.sobol_indices(model, base, other, seed=1)
    assert first == pytest.approx([0.3139, 0.4424, 0], abs=5e-5)
    assert total == pytest.approx([0.5576, 0.4424, 0.2437], abs=5e-5)
    assert found.first == pytest.approx(first, abs=0.015)
    assert found.total == pytest.approx(total, abs=0.015)
    assert (found.first_low <= first).all()
    assert (first <= found.first_high).all()
    assert (found.total_low <= total).all()
    assert (total <= found.total_high).all()


def test_higham_s_example_has_its_known_nearest_correlation_matrix():
    """Higham (2002), Computing the nearest correlation matrix, section 4: distance .5278."""
    matrix = np.array([[1.0, 1, 0], [1, 1, 1], [0, 1, 1]])
    found = correlation.nearest_correlation(matrix, smallest=0.0)
    assert found == pytest.approx(np.array([[1, 0.7607, 0.1573], [0.7607, 1, 0.7607], [0.1573, 0.7607, 1]]), abs=5e-5)
    assert np.linalg.norm(found - matrix) == pytest.approx(0.5278, abs=5e-5)


def test_perfect_information_on_two_normals_is_worth_the_expected_gap():
    """E max(A, B) - max(E A, E B) = s phi(g / s) - g Phi(-g / s), s^2 = var(A - B), g = |E A - E B| (Clark 1961)."""
    mean_a, mean_b, sd_a, sd_b, rho = 30.0, 10.0, 40.0, 25.0, 0.3
    a = mean_a + sd_a * Z[:, 0]
    b = mean_b + sd_b * (rho * Z[:, 0] + math.sqrt(1 - rho**2) * Z[:, 1])
    s, g = math.sqrt(sd_a**2 + sd_b**2 - 2 * rho * sd_a * sd_b), mean_a - mean_b
    closed = s * norm.pdf(g / s) - g * norm.cdf(-g / s)
    assert information.evpi(np.stack([a, b], axis=1)) == pytest.approx(closed, rel=5e-3)


def test_partial_information_agrees_with_quadrature():
    """U_1 = p + q + .8 pq + 2r - .5 against doing nothing; learning p and q together, by Gauss-Hermite quadrature."""
    p, q, r = Z.T
    utilities = np.stack([np.zeros(len(p)), p + q + 0.8 * p * q + 2 * r - 0.5], axis=1)
    nodes, weights = np.polynomial.hermite_e.hermegauss(120)
    weights = weights / weights.sum()
    known = nodes[:, None] + nodes[None, :] + 0.8 * nodes[:, None] * nodes[None, :] - 0.5
    closed = float(weights @ np.maximum(known, 0) @ weights) - max(-0.5, 0)
    found, noise = information.evppi_group(utilities, np.stack([p, q], axis=1), seed=1)
    assert found == pytest.approx(closed, rel=0.02)
    single = float(weights @ np.maximum(nodes - 0.5, 0))
    assert information.evppi(utilities, p) == pytest.approx(single, rel=0.05)
    assert information.evppi_group(utilities, p[:, None]).value == pytest.approx(single, rel=0.05)
    assert noise < 0.02 * closed


def test_two_internal_rates_are_called_multiple():
    """-100 now, +230 in a year, -132 in two: 10 % and 20 % both make it worth nothing (a textbook flow)."""
    flow = np.zeros(25)
    flow[[0, 12, 24]] = -100, 230, -132
    for rate in (0.10, 0.20):
        assert flow[0] + flow[12] / (1 + rate) + flow[24] / (1 + rate) ** 2 == pytest.approx(0, abs=1e-9)
    assert irr.irr_of_flows(flow).multiple.tolist() == [True]


def test_a_hundred_that_becomes_a_hundred_and_twenty_one_in_two_years_earns_ten_percent():
    flow = np.zeros(25)
    flow[[0, 24]] = -100, 121
    assert irr.irr_of_flows(flow).yearly[0] == pytest.approx(0.10, abs=1e-9)


def test_the_rank_biserial_is_the_share_of_pairs_for_less_the_share_against():
    """Kerby (2014): losing draws 1, 2, 4 against sound 3, 5, 6: one pair of nine goes the other way, so -7/9."""
    values = np.array([1.0, 2, 4, 3, 5, 6])
    assert stress.rank_biserial(values, np.arange(6) < 3) == pytest.approx(-7 / 9)


def test_a_rank_correlation_of_a_half_needs_normals_correlated_by_point_five_one_eight():
    """Pearson (1907): r = 2 sin(pi rho / 6)."""
    assert correlation.normal_correlation(0.5) == pytest.approx(2 * math.sin(math.pi / 12))
    assert correlation.normal_correlation(0.5) == pytest.approx(0.517638, abs=1e-6)
