"""Rank correlations, the copula's rows and the repair of a matrix that cannot be."""

from __future__ import annotations

import numpy as np
import pytest

from workbook.assumptions import problems_of_correlations, shipped_register
from workbook.errors import BadArgument
from workbook.inputs.settings_file import read_settings
from workbook.model import correlation
from workbook.model.simulation import WIDTH, sobol_uniforms

REGISTER = shipped_register()
UNIFORMS = sobol_uniforms(draws=4096, seed=5)
PAIR = ("d_leadership", "effect_on_rework", 0.6)


def spearman(a, b):
    from scipy.stats import spearmanr

    return float(spearmanr(a, b).statistic)


def test_rank_and_normal_correlation_are_each_other_s_inverse():
    for rank in (-1.0, -0.3, 0.0, 0.7, 1.0):
        assert correlation.rank_correlation(correlation.normal_correlation(rank)) == pytest.approx(rank)


def test_a_matrix_that_can_be_comes_back_unchanged():
    matrix = np.array([[1.0, 0.5], [0.5, 1.0]])
    assert (correlation.nearest_correlation(matrix) == matrix).all()


def test_a_repaired_matrix_is_one_that_can_be():
    matrix = correlation.matrix_of("abc", [("a", "b", 0.9), ("b", "c", 0.9), ("a", "c", -0.9)])
    made = correlation.nearest_correlation(matrix)
    assert np.linalg.eigvalsh(made)[0] > 0
    assert np.diag(made) == pytest.approx(1)
    assert np.abs(made).max() <= 1 + 1e-12


def test_draws_have_the_rank_correlation_asked_for():
    drawn = REGISTER.with_correlations([PAIR]).draws(UNIFORMS)
    assert spearman(drawn["d_leadership"], drawn["effect_on_rework"]) == pytest.approx(0.6, abs=0.02)


def test_a_correlation_moves_only_the_later_of_its_two_columns():
    before, after = REGISTER.draws(UNIFORMS), REGISTER.with_correlations([PAIR]).draws(UNIFORMS)
    assert [name for name in before if (before[name] != after[name]).any()] == ["effect_on_rework"]


def test_each_number_keeps_its_own_distribution():
    before, after = REGISTER.draws(UNIFORMS), REGISTER.with_correlations([PAIR]).draws(UNIFORMS)
    shares = np.linspace(0.02, 0.98, 25)
    was, now = (np.quantile(drawn["effect_on_rework"], shares) for drawn in (before, after))
    assert now == pytest.approx(was, abs=0.02)


def test_contradicting_correlations_are_repaired_and_the_repair_is_told():
    asked = [("d_leadership", "effect_on_rework", 0.9), ("effect_on_rework", "d_technical", 0.9),
             ("d_leadership", "d_technical", -0.9)]  # fmt: skip
    made = REGISTER.with_correlations(asked)
    assert all(pair.repaired for pair in made.pairs)
    drawn = made.draws(UNIFORMS)
    for pair in made.pairs:
        assert spearman(drawn[pair.a], drawn[pair.b]) == pytest.approx(pair.used, abs=0.03)


def test_correlations_that_can_be_are_not_called_repaired():
    made = REGISTER.with_correlations([PAIR])
    assert [(pair.used, pair.repaired) for pair in made.pairs] == [(pytest.approx(0.6), False)]


def test_a_perfect_correlation_ties_two_numbers_together():
    drawn = REGISTER.with_correlations([("effect_on_rework", "effect_on_slow_decisions", 1.0)]).draws(UNIFORMS)
    assert spearman(drawn["effect_on_rework"], drawn["effect_on_slow_decisions"]) > 0.999


def test_what_does_not_vary_or_stands_in_for_a_table_is_kept_aside():
    asked = [("d_leadership", "effect_cap_share", 0.5), ("d_leadership", "rework_share", 0.5)]
    made = REGISTER.with_correlations(asked)
    assert made.pairs == ()
    assert [(pair.b, pair.used) for pair in made.unused_pairs] == [("effect_cap_share", 0.0), ("rework_share", 0.0)]
    assert not made.correlated
    assert all(entry.mixing == () for entry in made.values())


def test_every_problem_of_correlations_is_told():
    asked = [("d_leadershp", "d_technical", 0.1), ("d_technical", "d_technical", 0.1),
             ("d_technical", "d_leadership", 1.5), ("d_leadership", "d_technical", 0.2)]  # fmt: skip
    told = [
        "assumption 'd_leadershp': not known. Did you mean 'd_leadership'?",
        "correlation of 'd_technical' with itself: it is one. Name two different assumptions.",
        "correlation of 'd_technical' and 'd_leadership': 1.5 is outside -1 to 1.",
        "correlation of 'd_leadership' and 'd_technical': stated twice.",
    ]
    assert problems_of_correlations(REGISTER, asked) == told
    with pytest.raises(BadArgument) as refused:
        REGISTER.with_correlations(asked)
    assert str(refused.value) == "\n".join(told)


def test_mixing_uses_permanent_columns_with_weights_of_unit_length():
    made = REGISTER.with_correlations([PAIR])["effect_on_rework"]
    columns = [column for column, _ in made.mixing]
    assert columns == [REGISTER["d_leadership"].column, made.column]
    assert max(columns) < WIDTH
    assert sum(weight**2 for _, weight in made.mixing) == pytest.approx(1)


def test_correlations_in_client_yml_are_checked_at_the_door():
    head = "client: acme\ncurrency: GBP\nas_of: 2026-06-30\n"
    text = (
        "correlations: [{a: d_leadership, b: d_tecnical, rank: 0.4}, {a: rework_share, b: rework_share, rank: 0.1}]\n"
    )
    assert [str(problem) for problem in read_settings((head + text).encode()).problems] == [
        "client.yml, key 'correlations': Assumption 'd_tecnical': not known. Did you mean 'd_technical'? (line 4)",
        "client.yml, key 'correlations': Correlation of 'rework_share' with itself: it is one. "
        "Name two different assumptions. (line 4)",
    ]
    steep = "correlations: [{a: d_leadership, b: d_technical, rank: 1.4}]\n"
    assert [str(problem) for problem in read_settings((head + steep).encode()).problems] == [
        "client.yml, key 'correlations.1.rank': 1.4 is above 1. Write 1 or less. (line 4)"
    ]
    sound = read_settings((head + steep.replace("1.4", "0.4")).encode())
    assert sound.problems == ()
    assert [(pair.a, pair.b, pair.rank) for pair in sound.settings.correlations] == [
        ("d_leadership", "d_technical", 0.4)
    ]
