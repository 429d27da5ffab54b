"""Effect of a pilot: published figures, hand calculations and other people's programs as the oracle."""

import math
from itertools import combinations

import numpy as np
import pytest

from workbook.model import effect, growth, information, mixed, ratings, trend
from workbook.model.survey import t_interval

SHROUT_FLEISS = [[9, 2, 5, 8], [6, 1, 3, 2], [8, 4, 6, 8], [7, 1, 2, 6], [10, 5, 6, 9], [6, 2, 4, 7]]


def test_morris_d_of_the_methods_design():
    """Source: methods design, section 6: T 3.2 -> 3.7, C 3.25 -> 3.35, SD .6/.55, n 12/12 -> .6710302."""
    found = effect.morris_d(
        pilot_gain=3.7 - 3.2, comparison_gain=3.35 - 3.25, pilot_sd=0.6, comparison_sd=0.55, pilot_n=12,
        comparison_n=12,
    )  # fmt: skip
    assert found == pytest.approx(0.6710302, abs=5e-8)


def test_trend_line_of_the_methods_design():
    """Source: methods design, section 6: y = 20, 19.5, 19, 19.2, 18.4, 18 at x = 1 ... 6."""
    line = trend.fitted_line(times=[1, 2, 3, 4, 5, 6], values=[20, 19.5, 19, 19.2, 18.4, 18])
    assert (line.intercept, line.slope) == (pytest.approx(20.3266667, abs=5e-8), pytest.approx(-0.3742857, abs=5e-8))


def test_the_error_of_one_forecast_is_the_textbook_prediction_error():
    """Source: s sqrt(1 + 1/n + (x - mean)^2/Sxx), any textbook on regression; numpy's own fit for s."""
    times, values = np.arange(1.0, 7), np.array([20, 19.5, 19, 19.2, 18.4, 18])
    line = trend.fitted_line(times=list(times), values=list(values))
    slope, intercept = np.polyfit(times, values, 1)
    s = math.sqrt(((values - intercept - slope * times) ** 2).sum() / 4)
    mean, error = trend.forecast(line, times=[7])
    assert mean == pytest.approx(intercept + 7 * slope)
    assert error == pytest.approx(s * math.sqrt(1 + 1 / 6 + 3.5**2 / 17.5))


def test_a_mean_of_forecasts_is_the_linear_combination_written_out():
    """Source: variance of the mean of three new points less the mean of their forecasts, from (X'X)^-1."""
    line = trend.fitted_line(times=[0, 1, 2, 3], values=[1.0, 3.0, 2.0, 5.0])
    design = np.column_stack([np.ones(4), np.arange(4)])
    at = np.array([1.0, np.mean([4, 5, 6])])
    variance = line.residual_sd**2 * (1 / 3 + at @ np.linalg.inv(design.T @ design) @ at)
    assert trend.forecast(line, times=[4, 5, 6])[1] == pytest.approx(math.sqrt(variance))


def test_every_draw_of_a_small_lottery_is_gone_through():
    """Source: by enumeration; 3 of 6, all gains of the treated above the others: 2 of 20 draws are as extreme."""
    before = np.full(6, 3.0)
    found = effect.randomisation_p(
        before=before, after=before + np.array([0.9, 0.8, 0.7, 0.3, 0.2, 0.1]), treated=[1, 1, 1, 0, 0, 0], seed=1
    )
    assert (found.p_value, found.arms, found.exact) == (pytest.approx(0.1), 20, True)


def test_the_permuted_statistic_is_the_ancova_coefficient_itself():
    """Source: by enumeration with the estimator, not with its short cut."""
    rng = np.random.default_rng(4)
    before, treated = rng.normal(3, 0.5, 8), np.array([1, 1, 1, 0, 0, 0, 0, 0])
    after = 0.5 * before + 0.4 * treated + rng.normal(0, 0.3, 8)
    seen = abs(effect.ancova_effect(after=after, before=before, treated=treated).points)
    hits = 0
    for chosen in combinations(range(8), 3):
        arm = np.isin(np.arange(8), chosen).astype(float)
        hits += abs(effect.ancova_effect(after=after, before=before, treated=arm).points) >= seen - 1e-12
    found = effect.randomisation_p(after=after, before=before, treated=treated, seed=1)
    assert found.p_value == pytest.approx(hits / math.comb(8, 3))


def test_a_large_lottery_is_drawn_with_a_seed_and_counts_the_draw_seen():
    rng = np.random.default_rng(4)
    before, treated = rng.normal(3, 0.5, 40), np.repeat([1.0, 0.0], 20)
    data = {"before": before, "after": before + 2 * treated, "treated": treated}
    found = effect.randomisation_p(**data, seed=3, shuffles=999)
    assert (found.p_value, found.arms, found.exact) == (pytest.approx(1 / 1000), 1000, False)
    assert found == effect.randomisation_p(**data, seed=3, shuffles=999)


def test_the_answer_follows_the_two_intervals():
    """Source: two-sided 95 % for an effect, two one-sided 5 % tests (the 90 % interval) for none."""
    said = [
        effect.answer_of(inner=inner, outer=outer, negligible=0.2)
        for inner, outer in (
            ((0.12, 0.58), (0.07, 0.63)),
            ((-0.58, -0.12), (-0.63, -0.07)),
            ((-0.15, 0.19), (-0.18, 0.22)),
            ((-0.1, 0.4), (-0.15, 0.45)),
        )
    ]
    assert said == ["works", "harms", "no effect", "inconclusive"]


def test_parallel_series_have_no_pre_trend_and_a_widening_gap_has_its_slope():
    found = effect.pre_trend(months=[0, 1, 2, 3], pilot=[5.0, 5.6, 5.9, 6.5], comparison=[5.0, 5.5, 6.0, 6.5])
    steep = effect.pre_trend(months=[0, 1, 2, 3], pilot=[5.0, 5.2, 5.4, 5.6], comparison=[5.0, 5.0, 5.0, 5.0])
    low, high = t_interval(
        estimate=found.points, standard_error=found.standard_error, degrees_of_freedom=2, coverage=0.90
    )
    assert low < 0 < high
    assert (steep.points, steep.degrees_of_freedom) == (pytest.approx(0.2), 2)


def test_whole_clusters_of_one_row_have_the_hc2_error():
    rng = np.random.default_rng(8)
    design = np.column_stack([np.ones(12), np.repeat([1.0, 0.0], 6), rng.normal(size=12)])
    outcome = rng.normal(size=12)
    alone = effect.clustered_effect(design=design, outcome=outcome, column=1, clusters=np.arange(12))
    plain = effect.least_squares_effect(design=design, outcome=outcome, column=1)
    assert alone.standard_error == pytest.approx(plain.standard_error)
    assert alone.degrees_of_freedom == pytest.approx(plain.degrees_of_freedom)


def test_equal_clusters_without_covariates_are_their_means():
    """Source: with equal clusters wholly in one arm, CR2 is Welch on cluster means (Bell & McCaffrey 2002)."""
    rng = np.random.default_rng(9)
    clusters, arm = np.repeat(np.arange(10), 4), np.repeat([1.0] * 5 + [0.0] * 5, 4)
    outcome = rng.normal(size=40) + np.repeat(rng.normal(size=10), 4)
    found = effect.clustered_effect(
        design=np.column_stack([np.ones(40), arm]), outcome=outcome, column=1, clusters=clusters
    )
    means = outcome.reshape(10, 4).mean(axis=1)
    assert found.points == pytest.approx(means[:5].mean() - means[5:].mean())
    assert found.standard_error == pytest.approx(math.sqrt(means[:5].var(ddof=1) / 5 + means[5:].var(ddof=1) / 5))
    assert found.degrees_of_freedom == pytest.approx(8)


def test_then_ratings_take_a_moved_yardstick_out_of_the_gain():
    """Source: by hand: 3.5 before, seen as 3.0 in hindsight, 3.6 at last: shift -.5, gain .1 as seen, .6 adjusted."""
    shift = growth.response_shift_points(then=3.0, baseline=3.5)
    gain = growth.adjusted_gain_points(last=3.6, then=3.0)
    assert (shift, gain) == (pytest.approx(-0.5), pytest.approx(0.6))
    assert gain + shift == pytest.approx(3.6 - 3.5)


def test_the_worst_picked_leaders_gain_by_themselves():
    """Source: Galton's regression, by hand: reliability .7, picked .5 below the mean, .15 back."""
    back = growth.regression_to_mean_points(reliability=0.7, selected_mean=2.7, everyone_mean=3.2)
    assert back == pytest.approx(0.15)


def test_leaders_picked_as_the_worst_regress_by_that_much_in_simulation():
    rng = np.random.default_rng(11)
    true = rng.normal(3.2, 0.4, 200_000)
    first, second = (true + rng.normal(0, 0.3, 200_000) for _ in range(2))
    worst = first < np.quantile(first, 0.25)
    reliability = 0.16 / 0.25
    back = growth.regression_to_mean_points(
        reliability=reliability, selected_mean=first[worst].mean(), everyone_mean=3.2
    )
    assert second[worst].mean() - first[worst].mean() == pytest.approx(back, abs=0.005)


def wave_rows(rng, leaders=20):
    """Leaders at two waves, half of them treated, with a gain of .3 for these."""
    before = rng.normal(3, 0.5, leaders)
    treated = np.repeat([1.0, 0.0], leaders // 2)
    after = before + 0.3 * treated + rng.normal(0, 0.3, leaders)
    later = np.repeat([0.0, 1.0], leaders)
    arm = np.tile(treated, 2)
    design = np.column_stack([np.ones(2 * leaders), later, arm, later * arm])
    return before, after, treated, design, np.tile(np.arange(leaders), 2)


def test_the_mixed_model_of_two_full_waves_is_the_t_test_on_gains():
    """Source: balanced repeated measures: the interaction is the difference of gains, its error the pooled one."""
    before, after, treated, design, leader = wave_rows(np.random.default_rng(2))
    fit = mixed.random_intercept(design=design, outcome=np.concatenate([before, after]), groups=leader)
    gains = after - before
    spread = effect.pooled_sd(gains[treated == 1], gains[treated == 0])
    estimate, error = fit.contrast([0, 0, 0, 1])
    assert estimate == pytest.approx(gains[treated == 1].mean() - gains[treated == 0].mean())
    assert error == pytest.approx(spread * math.sqrt(2 / 10), rel=1e-5)
    assert fit.degrees_of_freedom == 18


def test_the_mixed_model_with_gaps_agrees_with_statsmodels():
    """Source: statsmodels' MixedLM (REML) on the same rows, a third of the later ones missing."""
    from statsmodels.regression.mixed_linear_model import MixedLM

    before, after, _, design, leader = wave_rows(np.random.default_rng(3), leaders=30)
    outcome = np.concatenate([before, after])
    keep = np.random.default_rng(1).random(60) > np.repeat([0.0, 0.33], 30)
    ours = mixed.random_intercept(design=design[keep], outcome=outcome[keep], groups=leader[keep])
    theirs = MixedLM(outcome[keep], design[keep], groups=leader[keep]).fit(reml=True)
    assert ours.effects == pytest.approx(theirs.fe_params, abs=1e-4)
    assert ours.contrast([0, 0, 0, 1])[1] == pytest.approx(theirs.bse_fe[3], rel=1e-3)
    assert ours.between_variance == pytest.approx(float(np.squeeze(theirs.cov_re)), rel=2e-3)
    assert ours.within_variance == pytest.approx(theirs.scale, rel=2e-3)
    assert not ours.on_the_edge


def test_leaders_who_do_not_differ_give_a_variance_on_the_edge_and_plain_least_squares():
    outcome = np.array([1.0, 2.0, 2.0, 1.0, 1.5, 2.5, 2.5, 1.5])
    design = np.column_stack([np.ones(8), np.tile([0.0, 1.0], 4)])
    fit = mixed.random_intercept(design=design, outcome=outcome, groups=np.repeat(np.arange(4), 2))
    assert (fit.between_variance, fit.on_the_edge) == (0.0, True)
    assert fit.effects == pytest.approx(np.linalg.lstsq(design, outcome, rcond=None)[0])


def test_a_mixed_model_with_nothing_to_tell_apart_is_not_fitted():
    design = np.column_stack([np.ones(4), [0.0, 0, 1, 1]])
    assert mixed.random_intercept(design=design, outcome=[1.0, 2, 3, 4], groups=np.arange(4)) is None
    twice = np.column_stack([np.ones(4), np.ones(4)])
    assert mixed.random_intercept(design=twice, outcome=[1.0, 2, 3, 4], groups=[0, 0, 1, 1]) is None


@pytest.mark.parametrize(
    ("limits", "expected"),
    [
        (ratings.icc_2_1_interval, (0.019, 0.761)),
        (ratings.icc_3_1_interval, (0.342, 0.946)),
    ],
)
def test_limits_of_the_panel_forms_for_the_table_of_shrout_and_fleiss(limits, expected):
    """Source: the same table in the psych package's ICC: (2,1) .019 to .761, (3,1) .342 to .946."""
    assert limits(ratings.two_way(SHROUT_FLEISS), coverage=0.95) == pytest.approx(expected, abs=5e-4)


def test_limits_of_the_mean_of_four_are_those_of_one_stepped_up():
    """Source: the psych package's ICC1k for the same table: -.885 to .912."""
    anova = ratings.one_way(SHROUT_FLEISS)
    assert ratings.icc_1_k_interval(anova, coverage=0.95) == pytest.approx((-0.884, 0.912), abs=2e-3)


def test_raters_needed_is_spearman_brown_read_backwards():
    """Source: methods design, section 6: .30 a rater needs 5.4 for .70; ten give .81."""
    assert ratings.raters_needed(reliability=0.30, wanted=0.70) == pytest.approx(5.4444, abs=5e-5)
    assert ratings.spearman_brown(reliability=0.30, times=5.4444444) == pytest.approx(0.70)
    assert ratings.raters_needed(reliability=-0.1, wanted=0.7) == math.inf


def test_independent_measures_in_a_joint_covariance_are_their_product():
    rng = np.random.default_rng(5)
    predicted = rng.normal(size=(512, 3))
    observed, error = np.array([0.2, -0.1, 0.4]), np.array([0.3, 0.5, 0.2])
    joint = information.reweight(predicted, observed, np.diag(error**2))
    assert joint == pytest.approx(information.reweight(predicted, observed, error), rel=1e-9)


def test_a_measure_read_twice_counts_once():
    """Source: two copies of one measure with errors correlated .999 say hardly more than one; taken apart, too much."""
    draws = np.random.default_rng(6).normal(0.3, 0.2, 20_000)
    twice, observed = np.column_stack([draws, draws]), np.array([0.6, 0.6])
    alone = information.reweight(draws[:, None], observed[:1], np.array([0.2])) @ draws
    joint = information.reweight(twice, observed, 0.04 * np.array([[1, 0.999], [0.999, 1]])) @ draws
    apart = information.reweight(twice, observed, np.array([0.2, 0.2])) @ draws
    assert joint == pytest.approx(alone, abs=1e-3)
    assert apart > alone + 0.03


def test_a_joint_normal_result_updates_a_normal_belief_by_matrix_algebra():
    """Source: conjugate update: precision 1/s^2 + g'V^-1 g, mean its share of g'V^-1 y (prior N(.3, .2^2))."""
    draws = np.random.default_rng(7).normal(0.3, 0.2, 200_000)
    slopes, covariance = np.array([1.0, 0.5]), np.array([[0.04, 0.015], [0.015, 0.03]])
    observed = np.array([0.5, 0.05])
    weights = information.reweight(draws[:, None] * slopes, observed, covariance)
    precision = 1 / 0.04 + slopes @ np.linalg.solve(covariance, slopes)
    mean = (0.3 / 0.04 + slopes @ np.linalg.solve(covariance, observed)) / precision
    found = float(weights @ draws)
    assert found == pytest.approx(mean, abs=0.003)
    assert float(weights @ (draws - found) ** 2) ** 0.5 == pytest.approx(precision**-0.5, rel=0.02)


def test_the_update_at_a_result_is_the_posterior_the_value_of_information_uses():
    """Source: methods design, section 6: the same function, so the same expected worth of every plan."""
    rng = np.random.default_rng(12)
    d = rng.normal(0.3, 0.2, 4096)
    utilities = np.column_stack([np.zeros(4096), 100 * (d - 0.25), 300 * (d - 0.35)])
    error, noise = np.array([0.2]), rng.standard_normal((16, 1))
    results = information.simulated_results(d[:, None], error, noise)
    posterior = information.posterior_means(utilities, d[:, None], results, error)
    for observed, expected in zip(results, posterior, strict=True):
        assert information.reweight(d[:, None], observed, error) @ utilities == pytest.approx(expected)
    learned = posterior.max(axis=1).mean() - posterior.mean(axis=0).max()
    assert information.evsi(utilities, d[:, None], error, noise) == pytest.approx(learned)


def test_a_result_no_draw_expects_is_tempered_to_as_many_draws_as_asked_for():
    draws = np.linspace(-0.1, 0.7, 4096)[:, None]
    logs = information.log_likelihood(draws, np.array([30.0]), np.array([0.05]))
    weights = information.tempered(logs, 400)
    assert information.effective_draws(weights) == pytest.approx(400, rel=1e-3)
    assert float(weights @ draws[:, 0]) > 0.6
    mild = information.log_likelihood(draws, np.array([0.3]), np.array([0.2]))
    assert information.tempered(mild, 400) == pytest.approx(information.normalised(mild))
