"""Agreement of raters and pilot effects: published examples and hand calculations."""

import numpy as np
import pytest

from workbook.model import effect, ratings

SHROUT_FLEISS = [[9, 2, 5, 8], [6, 1, 3, 2], [8, 4, 6, 8], [7, 1, 2, 6], [10, 5, 6, 9], [6, 2, 4, 7]]
THREE_ITEMS = np.array([[4, 4, 5, 4, 3], [4, 5, 5, 4, 4], [3, 4, 4, 4, 3]]).T
KRIPPENDORFF = [  # four coders, twelve units, Krippendorff (2011), example with missing values
    [1, 2, 3, 3, 2, 1, 4, 1, 2, None, None, None],
    [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, None, 3],
    [None, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, None],
    [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, None],
]


@pytest.mark.parametrize(
    ("form", "value"),
    [
        (ratings.icc_2_1, 0.289764),
        (ratings.icc_3_1, 0.714841),
        (ratings.icc_2_k, 0.620051),
        (ratings.icc_3_k, 0.909316),
    ],
)
def test_two_way_correlations_of_shrout_and_fleiss_1979(form, value):
    assert form(ratings.two_way(SHROUT_FLEISS)) == pytest.approx(value, abs=5e-7)


def test_one_way_correlations_of_shrout_and_fleiss_1979():
    anova = ratings.one_way(SHROUT_FLEISS)

    assert ratings.icc_1_1(anova) == pytest.approx(0.165742, abs=5e-7)
    assert ratings.icc_1_k(anova) == pytest.approx(0.442797, abs=5e-7)
    assert anova.k0 == 4


def test_limits_of_the_single_rating_correlation_of_shrout_and_fleiss_contain_it_and_reach_below_zero():
    low, high = ratings.icc_1_1_interval(ratings.one_way(SHROUT_FLEISS), coverage=0.95)

    assert (low, high) == (pytest.approx(-0.1329, abs=5e-4), pytest.approx(0.7226, abs=5e-4))


def test_the_mean_of_k_ratings_is_spearman_brown_of_a_single_one():
    anova = ratings.one_way(SHROUT_FLEISS)
    stepped_up = ratings.spearman_brown(reliability=ratings.icc_1_1(anova), times=4)

    assert stepped_up == pytest.approx(ratings.icc_1_k(anova))


@pytest.mark.parametrize(("raters", "value"), [(5, 0.68), (6, 0.72), (10, 0.81)])
def test_a_single_subordinate_at_thirty_hundredths_needs_company(raters, value):
    assert ratings.spearman_brown(reliability=0.30, times=raters) == pytest.approx(value, abs=5e-3)


def test_unequal_groups_have_fewer_effective_raters_than_their_mean_size():
    # (18 - (4 + 16 + 144)/18)/2 = 4.4444
    assert ratings.effective_raters([2, 4, 12]) == pytest.approx(4.4444444)


def test_sums_of_squares_by_group_give_the_same_mean_squares_as_the_ratings_themselves():
    groups = [[3, 4, 4], [2, 2, 5, 1], [5, 5]]
    arrays = [np.array(group, dtype=float) for group in groups]

    assert ratings.one_way(groups) == ratings.one_way_from_groups(
        sizes=[3, 4, 2], means=[a.mean() for a in arrays], squares_within=[a.var() * len(a) for a in arrays]
    )


def test_five_raters_on_three_items_agree_as_worked_in_the_methods():
    variance = float(THREE_ITEMS.var(axis=0, ddof=1).mean())

    assert ratings.r_wg(THREE_ITEMS[:, 0], options=5) == pytest.approx(0.75)
    assert ratings.r_wg_j(mean_item_variance=variance, items=3, options=5) == pytest.approx(0.9303797, abs=5e-8)
    assert ratings.lindell_r_wg(mean_item_variance=variance, options=5) == pytest.approx(0.8166667, abs=5e-8)
    assert ratings.average_deviation(THREE_ITEMS) == pytest.approx(0.4533333, abs=5e-8)
    assert ratings.cronbach_alpha(THREE_ITEMS) == pytest.approx(0.84)


def test_polarised_raters_have_no_agreement_rather_than_a_negative_one():
    assert ratings.r_wg([1, 1, 5, 5], options=5) == 0
    assert ratings.r_wg_j(mean_item_variance=5.3, items=3, options=5) == 0
    assert ratings.lindell_r_wg(mean_item_variance=5.3, options=5) < 0


def test_alpha_of_raters_who_all_have_the_same_total_is_undefined():
    assert np.isnan(ratings.cronbach_alpha([[3, 4], [4, 3], [3, 4]]))


def test_ordinal_alpha_of_krippendorffs_example_with_gaps():
    values = np.array([[np.nan if v is None else v for v in coder] for coder in KRIPPENDORFF])
    counts = np.array([[(values[:, unit] == v).sum() for v in range(1, 6)] for unit in range(12)])

    assert ratings.krippendorff_alpha_ordinal(counts) == pytest.approx(0.815, abs=5e-4)


def test_ordinal_alpha_is_one_when_all_agree_and_undefined_when_all_values_are_the_same():
    assert ratings.krippendorff_alpha_ordinal([[3, 0], [0, 3]]) == pytest.approx(1)
    assert np.isnan(ratings.krippendorff_alpha_ordinal([[3, 0], [3, 0]]))
    assert np.isnan(ratings.krippendorff_alpha_ordinal([[1, 0], [0, 1]]))


def test_difference_in_differences_has_welchs_error_and_his_degrees_of_freedom_at_equal_variances():
    gains_pilot, gains_other = np.array([0.6, 0.2, 0.9, 0.4, 0.3]), np.array([0.1, 0.0, 0.3, -0.2, 0.1, 0.2])
    start = np.array([3.1, 3.4, 2.8, 3.0, 3.3, 3.2, 2.9, 3.5, 3.0, 3.1, 2.7])
    found = effect.difference_in_differences(
        before=start, after=start + np.concatenate([gains_pilot, gains_other]), treated=[1] * 5 + [0] * 6
    )

    assert found.points == pytest.approx(gains_pilot.mean() - gains_other.mean())
    assert found.standard_error == pytest.approx(np.sqrt(gains_pilot.var(ddof=1) / 5 + gains_other.var(ddof=1) / 6))
    assert found.degrees_of_freedom == pytest.approx((1 / 5 + 1 / 6) ** 2 / (1 / (25 * 4) + 1 / (36 * 5)))


def test_ancova_by_hand_removes_what_the_start_explains():
    # after = 1 + 0.5 before + 0.4 for the treated, exactly
    before, treated = np.array([2.0, 3.0, 4.0, 2.5, 3.5, 4.5]), np.array([1, 1, 1, 0, 0, 0])
    found = effect.ancova_effect(after=1 + 0.5 * before + 0.4 * treated, before=before, treated=treated)

    assert found.points == pytest.approx(0.4)
    assert found.standard_error == pytest.approx(0, abs=1e-9)


def test_ancova_agrees_with_the_adjusted_difference_of_means():
    rng = np.random.default_rng(5)
    before = rng.normal(3, 0.5, 24)
    treated = np.repeat([1.0, 0.0], 12)
    after = before * 0.6 + 0.3 * treated + rng.normal(0, 0.3, 24)
    found = effect.ancova_effect(after=after, before=before, treated=treated)
    within = [part - part.mean() for part in (before[:12], before[12:])]
    outcome = [part - part.mean() for part in (after[:12], after[12:])]
    slope = sum((w * o).sum() for w, o in zip(within, outcome, strict=True)) / sum((w**2).sum() for w in within)
    adjusted = after[:12].mean() - after[12:].mean() - slope * (before[:12].mean() - before[12:].mean())

    assert found.points == pytest.approx(adjusted)
    assert 15 < found.degrees_of_freedom <= 22


def test_pooled_sd_of_two_groups():
    assert effect.pooled_sd([1, 3], [2, 2, 5]) == pytest.approx(np.sqrt((2 + 6) / 3))
