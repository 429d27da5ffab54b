"""Ranks, rank regression, Sobol indices."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import rankdata

from workbook.model import sensitivity as sens

X, Y = sens.two_samples(inputs=3, draws=1024, seed=2)


def test_ranks_are_scipy_s_mean_ranks():
    values = np.array([[3.0, 1.0], [1.0, 1.0], [3.0, 2.0], [0.0, 1.0]])
    expected = np.stack([rankdata(values[:, 0]) - 1, rankdata(values[:, 1]) - 1], axis=1)
    assert (sens.ranks(values) == expected).all()
    assert (sens.ranks(values[:, 0]) == expected[:, 0]).all()


def test_a_steadily_rising_result_is_explained_wholly_by_its_only_input():
    found = sens.rank_regression(X, np.exp(5 * X[:, 1]))
    assert found.coefficients == pytest.approx([0, 1, 0], abs=1e-9)
    assert found.explained_share == pytest.approx(1)


def test_a_falling_input_has_a_negative_coefficient_and_an_idle_one_none():
    idle = np.column_stack([X[:, :2], np.ones(len(X))])
    found = sens.rank_regression(idle, X[:, 0] - 2 * X[:, 1])
    assert found.coefficients[0] > 0 > found.coefficients[1]
    assert found.coefficients[2] == 0


def test_a_result_that_does_not_vary_has_no_drivers():
    assert sens.rank_regression(X, np.ones(len(X))).explained_share == 0
    found = sens.sobol_indices(lambda x: np.full(len(x), 4.0), X, Y, seed=1)
    assert (found.first.tolist(), found.total.tolist()) == ([0, 0, 0], [0, 0, 0])
    assert found.unmoved.all()


def test_a_sum_s_indices_are_its_shares_of_variance_and_the_idle_input_is_found():
    found = sens.sobol_indices(lambda x: 3 * x[:, 0] + x[:, 1], X, Y, seed=1)
    assert found.first == pytest.approx([0.9, 0.1, 0], abs=0.02)
    assert found.total == pytest.approx([0.9, 0.1, 0], abs=0.02)
    assert found.unmoved.tolist() == [False, False, True]
    assert (found.first_low <= found.first).all()
    assert (found.first <= found.first_high).all()


def test_the_two_samples_are_not_tied_to_each_other():
    both = np.corrcoef(np.concatenate([X, Y], axis=1).T) - np.eye(6)
    assert np.abs(both).max() < 0.05


def test_indices_do_not_depend_on_the_unit_or_the_zero_of_the_result():
    plain = sens.sobol_indices(lambda x: x[:, 0] * x[:, 1], X, Y, seed=1)
    moved = sens.sobol_indices(lambda x: 1e6 + 250 * x[:, 0] * x[:, 1], X, Y, seed=1)
    assert moved.first == pytest.approx(plain.first, abs=1e-9)
    assert moved.total == pytest.approx(plain.total, abs=1e-9)
