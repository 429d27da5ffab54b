"""Worked examples of the pilot's formulas; each names where it comes from."""

from math import sqrt

import numpy as np
import pytest

from workbook.model import criteria, detectable, growth, kpis, matching_units, survey


def test_twelve_managers_an_arm_detect_1_197_standard_deviations():
    """Source: methods design, section 5, (t.975,22 + t.8,22) x sqrt(2/12)."""
    multiplier = detectable.multiplier_t(degrees_of_freedom=22, alpha=0.05, power=0.80, sides=2)
    error = detectable.standard_error_post(sd=1.0, n_per_arm=12)
    assert detectable.minimum_detectable_effect(multiplier=multiplier, standard_error=error) == pytest.approx(
        1.197, abs=5e-4
    )


@pytest.mark.parametrize(("sides", "expected"), [(1, 2.4865), (2, 2.8016)])
def test_the_normal_multiplier_at_80_percent_power(sides, expected):
    """Source: methods design, section 5, z(1 - alpha/sides) + z(power)."""
    assert detectable.multiplier_normal(alpha=0.05, power=0.80, sides=sides) == pytest.approx(expected, abs=5e-5)


@pytest.mark.parametrize(("pilot_share", "expected"), [(0.5, 1.0), (0.6, 1.02), (0.7, 1.09)])
def test_unequal_arms_cost_precision(pilot_share, expected):
    """Source: methods design, section 5, sqrt(.25/(T(1-T))): 60/40 1.02, 70/30 1.09."""
    assert detectable.allocation_penalty(pilot_share=pilot_share) == pytest.approx(expected, abs=5e-3)


def test_the_allocation_penalty_is_the_ratio_of_the_two_arm_errors():
    unequal = detectable.standard_error_two_arms(sd=1.0, n_pilot=60, n_comparison=40)
    equal = detectable.standard_error_two_arms(sd=1.0, n_pilot=50, n_comparison=50)
    assert unequal / equal == pytest.approx(detectable.allocation_penalty(pilot_share=0.6), rel=1e-12)


@pytest.mark.parametrize(
    ("correlation", "post", "did", "ancova"),
    [(0.0, sqrt(2), 2.0, sqrt(2)), (0.5, sqrt(2), sqrt(2), sqrt(1.5)), (0.8, sqrt(2), sqrt(0.8), sqrt(0.72))],
)
def test_standard_errors_by_design_for_one_person_an_arm(correlation, post, did, ancova):
    """Source: methods design, section 5, SE by design for per-arm n; DiD is worse than post when r < .5."""
    assert detectable.standard_error_post(sd=1.0, n_per_arm=1) == pytest.approx(post)
    assert detectable.standard_error_did(sd=1.0, n_per_arm=1, correlation=correlation) == pytest.approx(did)
    assert detectable.standard_error_ancova(sd=1.0, n_per_arm=1, correlation=correlation) == pytest.approx(ancova)


def test_the_design_effect_of_ten_people_with_rho_a_tenth_is_1_9():
    """Source: methods design, section 5, 1 + (m - 1) rho."""
    assert detectable.design_effect(people_per_cluster=10, intraclass_correlation=0.1) == pytest.approx(1.9)


def test_clusters_leave_two_fewer_degrees_of_freedom():
    """Source: methods design, section 5, df about clusters - 2."""
    assert detectable.cluster_degrees_of_freedom(clusters=8) == 6


def test_stepped_wedge_of_four_clusters_and_five_periods_has_variance_06():
    """Source: Hussey & Hughes (2007), as worked in methods design, section 5."""
    variance = detectable.stepped_wedge_variance(
        clusters=4, periods=5, people_per_cell=10, variance_person=1.0, variance_cluster=0.10
    )
    assert variance == pytest.approx(0.06, rel=1e-12)


def test_stepped_wedge_agrees_with_generalised_least_squares_written_out():
    """Source: the mixed model of Hussey & Hughes (2007), inverted numerically."""
    clusters, periods, cell, tau2 = 5, 6, 0.25, 0.3
    rows = [(c, p, float(p > c)) for c in range(clusters) for p in range(periods)]
    design = np.array([[float(p == q) for q in range(periods)] + [x] for _, p, x in rows])
    covariance = np.array(
        [[cell * (i == j) + tau2 * (a[0] == b[0]) for j, b in enumerate(rows)] for i, a in enumerate(rows)]
    )
    information = design.T @ np.linalg.solve(covariance, design)
    variance = detectable.stepped_wedge_variance(
        clusters=clusters, periods=periods, people_per_cell=4, variance_person=1.0, variance_cluster=tau2
    )
    assert variance == pytest.approx(np.linalg.inv(information)[-1, -1], rel=1e-9)


def test_the_cheapest_pairing_is_not_always_the_nearest_first():
    """Source: by enumeration; nearest first takes 1 + 9 = 10, the best pairing 2 + 3 = 5."""
    assert matching_units.assignment(distance=np.array([[1.0, 2.0], [3.0, 9.0]])) == ((0, 1), (1, 0))


def test_distance_counts_only_what_both_units_measured():
    pilot = np.array([[0.0, np.nan, 3.0]])
    others = np.array([[4.0, 7.0, np.nan], [0.0, 1.0, 4.0]])
    distance = matching_units.baseline_distance(pilot=pilot, others=others)
    assert distance.tolist() == [[4.0, pytest.approx(sqrt(0.5))]]


def test_units_with_nothing_in_common_are_far_apart():
    distance = matching_units.baseline_distance(pilot=np.array([[1.0, np.nan]]), others=np.array([[np.nan, 1.0]]))
    assert distance.tolist() == [[matching_units.FAR]]


def test_a_gain_of_half_a_point_of_which_a_quarter_is_left_is_decaying():
    """Source: methods design, section 6, gain S30 - S0 and maintenance (S90 - S0)/(S30 - S0)."""
    gain = growth.gain_points(first=3.7, baseline=3.2)
    kept = growth.maintenance_share(last=3.325, first=3.7, baseline=3.2)
    assert (gain, kept) == (pytest.approx(0.5), pytest.approx(0.25))
    assert growth.pattern(gain=gain, maintenance=kept, error=0.2) == "decaying"


@pytest.mark.parametrize(
    ("gain", "maintenance", "error", "expected"),
    [
        (0.1, 3.0, 0.2, "no gain"),
        (-0.4, 1.0, 0.2, "no gain"),
        (0.5, 1.0, 0.2, "maintained"),
        (0.5, 1.4, 0.2, "rising"),
        (0.5, None, 0.2, "insufficient data"),
        (None, None, 0.2, "insufficient data"),
        (0.5, 1.0, None, "insufficient data"),
    ],
)
def test_patterns_of_growth(gain, maintenance, error, expected):
    assert growth.pattern(gain=gain, maintenance=maintenance, error=error) == expected


def test_reliable_change_of_one_point_with_sem_a_third_exceeds_1_96():
    """Source: methods design, section 6, |change|/(SEM sqrt 2) > 1.96."""
    assert growth.reliable_change(change=-1.0, sem=1 / 3) == pytest.approx(3 / sqrt(2))


def test_the_90_percent_interval_of_a_mean_over_ten_leaders():
    """Source: Student's t, t(.95; 9) = 1.8331."""
    error = growth.cohort_mean_error(sd=0.5, leaders=10)
    low, high = survey.t_interval(estimate=3.0, standard_error=error, degrees_of_freedom=9, coverage=0.90)
    assert (low, high) == (
        pytest.approx(3 - 1.8331 * 0.1581139, abs=1e-5),
        pytest.approx(3 + 1.8331 * 0.1581139, abs=1e-5),
    )


@pytest.mark.parametrize(
    ("estimate", "low", "high", "expected"),
    [(0.4, 0.15, 0.65, "scale"), (0.4, 0.05, 0.75, "extend"), (0.2, 0.15, 0.25, "extend"), (-0.2, -0.4, 0.05, "stop")],
)
def test_the_outcome_rule(estimate, low, high, expected):
    """Source: methods design, section 5: go = estimate >= target and low > break-even; stop = high < break-even."""
    assert criteria.outcome(estimate=estimate, low=low, high=high, target=0.31, break_even=0.10) == expected


def test_the_outcome_rule_passes_half_the_time_when_the_truth_is_the_target():
    """Source: methods design, section 5, operating characteristics of the rule."""
    odds = criteria.operating_characteristics(truth=0.6, target=0.6, break_even=0.1, standard_error=0.2)
    assert odds["scale"] == pytest.approx(0.5)
    assert sum(odds.values()) == pytest.approx(1.0)


@pytest.mark.parametrize(
    ("share", "adherence", "completeness"),
    [
        (0.49, "red", "red"),
        (0.5, "amber", "amber"),
        (0.75, "green", "amber"),
        (0.80, "green", "amber"),
        (0.81, "green", "green"),
    ],
)
def test_traffic_lights(share, adherence, completeness):
    """Source: methods design, section 5: adherence green from 75 %, completeness green above 80 %, red below 50 %."""
    assert criteria.adherence_colour(share=share) == adherence
    assert criteria.completeness_colour(share=share) == completeness


def test_a_normal_belief_and_a_normal_result_of_equal_precision_meet_halfway():
    """Source: conjugate normal updating; precisions 25 + 25, so SD 1/sqrt(50)."""
    mean, sd = criteria.normal_posterior(prior_mean=0.3, prior_sd=0.2, estimate=0.7, standard_error=0.2)
    assert (mean, sd) == (pytest.approx(0.5), pytest.approx(1 / sqrt(50)))


def test_a_result_three_combined_errors_away_conflicts():
    """Source: z of the estimate under the prior predictive distribution: (1.8 - .3)/sqrt(.3^2 + .4^2)."""
    assert criteria.conflict(prior_mean=0.3, prior_sd=0.3, estimate=1.8, standard_error=0.4) == pytest.approx(3.0)


def test_a_share_of_nothing_is_unknown():
    assert kpis.share(part=0, whole=0) is None
    assert kpis.money_per_person(money=100.0, people=0) is None
    assert kpis.overspend_share(spent_money=110.0, budget_money=0.0) is None
    assert kpis.overspend_share(spent_money=110.0, budget_money=100.0) == pytest.approx(0.1)
