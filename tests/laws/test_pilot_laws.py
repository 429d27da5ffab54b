"""Laws of the pilot's formulas and of the pilot itself."""

from itertools import permutations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workbook.model import criteria, detectable, information, matching_units, survey

sizes = st.integers(min_value=3, max_value=500)
shares = st.floats(min_value=0.0, max_value=1.0)
effects = st.floats(min_value=-3, max_value=3)
errors = st.floats(min_value=0.01, max_value=2)


def mde(n: int, rho: float = 0.0, people: int = 10) -> float:
    inflate = detectable.design_effect(people_per_cluster=people, intraclass_correlation=rho)
    error = detectable.standard_error_post(sd=inflate**0.5, n_per_arm=n)
    multiplier = detectable.multiplier_t(degrees_of_freedom=2 * n - 2, alpha=0.05, power=0.8, sides=2)
    return detectable.minimum_detectable_effect(multiplier=multiplier, standard_error=error)


@settings(max_examples=40, deadline=None)
@given(n=sizes, more=st.integers(min_value=1, max_value=100))
def test_more_people_never_raise_the_detectable_effect(n, more):
    assert mde(n + more) < mde(n)


@settings(max_examples=40, deadline=None)
@given(n=sizes, rho=shares, more=st.floats(min_value=0.001, max_value=1.0))
def test_a_higher_correlation_within_groups_never_lowers_the_detectable_effect(n, rho, more):
    assert mde(n, rho=min(rho + more, 2.0)) > mde(n, rho=rho)


@settings(max_examples=40, deadline=None)
@given(n=st.integers(min_value=3, max_value=2000))
def test_the_t_multiplier_lies_above_its_normal_limit(n):
    exact = detectable.multiplier_t(degrees_of_freedom=n, alpha=0.05, power=0.8, sides=2)
    assert exact > detectable.multiplier_normal(alpha=0.05, power=0.8, sides=2)


@settings(max_examples=40, deadline=None)
@given(n=sizes, correlation=st.floats(min_value=-0.99, max_value=0.99))
def test_adjusting_for_the_baseline_is_never_worse_than_either_other_design(n, correlation):
    ancova = detectable.standard_error_ancova(sd=1, n_per_arm=n, correlation=correlation)
    did = detectable.standard_error_did(sd=1, n_per_arm=n, correlation=correlation)
    post = detectable.standard_error_post(sd=1, n_per_arm=n)
    assert ancova <= min(did, post) * (1 + 1e-12)
    assert (did > post) == (4 * (1 - correlation) > 2)


@settings(max_examples=40, deadline=None)
@given(share=st.floats(min_value=0.01, max_value=0.99))
def test_equal_arms_are_best_and_the_penalty_is_symmetric(share):
    penalty = detectable.allocation_penalty(pilot_share=share)
    assert penalty >= 1
    assert penalty == pytest.approx(detectable.allocation_penalty(pilot_share=1 - share))


@settings(max_examples=30, deadline=None)
@given(
    clusters=st.integers(min_value=2, max_value=8),
    people=st.floats(min_value=1, max_value=50),
    tau2=st.floats(min_value=0.0, max_value=2.0),
)
def test_a_stepped_wedge_gains_from_people_and_loses_from_noise(clusters, people, tau2):
    def variance(n: float, sigma2: float) -> float:
        return detectable.stepped_wedge_variance(
            clusters=clusters, periods=clusters + 1, people_per_cell=n, variance_person=sigma2, variance_cluster=tau2
        )

    assert variance(people + 1, 1.0) < variance(people, 1.0) < variance(people, 1.5)


@settings(max_examples=40, deadline=None)
@given(value=effects, error=errors, df=st.integers(min_value=1, max_value=200), wide=st.sampled_from([0.8, 0.9, 0.95]))
def test_intervals_contain_their_estimate_and_widen_with_coverage(value, error, df, wide):
    low, high = survey.t_interval(estimate=value, standard_error=error, degrees_of_freedom=df, coverage=wide)
    inner = survey.t_interval(estimate=value, standard_error=error, degrees_of_freedom=df, coverage=0.5)
    assert low < inner[0] < value < inner[1] < high


@settings(max_examples=60, deadline=None)
@given(estimate=effects, error=errors, target=effects, break_even=effects)
def test_the_outcome_rule_never_scales_what_it_would_stop(estimate, error, target, break_even):
    rule = criteria.outcome(
        estimate=estimate, low=estimate - error, high=estimate + error, target=target, break_even=break_even
    )
    assert (rule == "scale") == (estimate >= target and estimate - error > break_even)
    assert (rule == "stop") == (estimate + error < break_even)


@settings(max_examples=60, deadline=None)
@given(truth=effects, more=st.floats(min_value=0.01, max_value=2), target=effects, break_even=effects, error=errors)
def test_a_better_programme_is_scaled_more_and_stopped_less(truth, more, target, break_even, error):
    worse, better = (
        criteria.operating_characteristics(truth=t, target=target, break_even=break_even, standard_error=error)
        for t in (truth, truth + more)
    )
    assert better["scale"] >= worse["scale"]
    assert better["stop"] <= worse["stop"]
    assert sum(better.values()) == pytest.approx(1)


def test_the_operating_characteristics_agree_with_simulation():
    truth, target, break_even, error = 0.4, 0.31, 0.10, 0.2
    estimates = np.random.default_rng(7).normal(truth, error, 20_000)
    half = 1.2815515655 * error
    said = [
        criteria.outcome(estimate=e, low=e - half, high=e + half, target=target, break_even=break_even)
        for e in estimates
    ]
    odds = criteria.operating_characteristics(truth=truth, target=target, break_even=break_even, standard_error=error)
    for answer, probability in odds.items():
        assert said.count(answer) / len(said) == pytest.approx(probability, abs=0.012)


@settings(max_examples=40, deadline=None)
@given(
    prior=effects,
    prior_sd=errors,
    estimate=effects,
    error=errors,
)
def test_a_posterior_lies_between_belief_and_result_and_is_surer_than_both(prior, prior_sd, estimate, error):
    mean, sd = criteria.normal_posterior(prior_mean=prior, prior_sd=prior_sd, estimate=estimate, standard_error=error)
    assert min(prior, estimate) - 1e-9 <= mean <= max(prior, estimate) + 1e-9
    assert sd < min(prior_sd, error)


@settings(max_examples=20, deadline=None)
@given(
    seed=st.integers(min_value=0, max_value=10_000),
    estimate=st.floats(min_value=-0.5, max_value=1.0),
    error=st.floats(min_value=0.1, max_value=1.0),
)
def test_reweighting_normal_draws_gives_the_normal_posterior(seed, estimate, error):
    draws = np.random.default_rng(seed).normal(0.3, 0.25, 40_000)
    weights = information.reweight(draws[:, None], np.array([estimate]), np.array([error]))
    mean, sd = criteria.normal_posterior(prior_mean=0.3, prior_sd=0.25, estimate=estimate, standard_error=error)
    found = float(weights @ draws)
    assert found == pytest.approx(mean, abs=0.025)
    assert float(weights @ (draws - found) ** 2) ** 0.5 == pytest.approx(sd, rel=0.08)


@settings(max_examples=20, deadline=None)
@given(estimate=effects)
def test_a_result_without_precision_leaves_the_prior_as_it_was(estimate):
    draws = np.linspace(-1, 1, 256)
    weights = information.reweight(draws[:, None], np.array([estimate]), np.array([1e9]))
    assert weights == pytest.approx(np.full(256, 1 / 256), rel=1e-9)


@settings(max_examples=40, deadline=None)
@given(
    values=st.lists(st.floats(min_value=0, max_value=10), min_size=12, max_size=12),
    shuffle=st.permutations(range(4)),
)
def test_the_order_of_candidate_units_does_not_change_the_least_distance(values, shuffle):
    distance = np.array(values).reshape(3, 4)
    pairs = matching_units.assignment(distance=distance)
    shuffled = distance[:, list(shuffle)]
    again = matching_units.assignment(distance=shuffled)
    assert len({row for row, _ in pairs}) == len({column for _, column in pairs}) == 3
    assert sum(distance[p] for p in pairs) == pytest.approx(sum(shuffled[p] for p in again))


@settings(max_examples=40, deadline=None)
@given(values=st.lists(st.floats(min_value=0, max_value=10), min_size=15, max_size=15))
def test_no_pairing_of_units_is_closer_than_the_one_found(values):
    distance = np.array(values).reshape(3, 5)
    found = sum(distance[pair] for pair in matching_units.assignment(distance=distance))
    tried = [sum(distance[row, column] for row, column in enumerate(columns)) for columns in permutations(range(5), 3)]
    assert found == pytest.approx(min(tried))


@settings(max_examples=40, deadline=None)
@given(scale=st.floats(min_value=0.1, max_value=1000), shift=st.floats(min_value=-100, max_value=100))
def test_the_unit_of_a_baseline_measure_does_not_matter_for_matching(scale, shift):
    features = np.array([[1.0, 5.0], [2.0, np.nan], [4.0, 7.0]])
    moved = features * [scale, 1.0] + [shift, 0.0]
    np.testing.assert_allclose(
        matching_units.standardised(features=features), matching_units.standardised(features=moved), atol=1e-6
    )


@settings(max_examples=40, deadline=None)
@given(n1=sizes, n2=sizes, copies=st.integers(min_value=2, max_value=5))
def test_so_many_copies_of_everybody_shrink_every_error_by_the_root(n1, n2, copies):
    once = detectable.standard_error_two_arms(sd=1, n_pilot=n1, n_comparison=n2)
    more = detectable.standard_error_two_arms(sd=1, n_pilot=copies * n1, n_comparison=copies * n2)
    assert more * copies**0.5 == pytest.approx(once)


@settings(max_examples=20, deadline=None)
@given(estimate=effects, error=errors, copies=st.integers(min_value=2, max_value=4))
def test_copies_of_every_draw_leave_the_posterior_as_it_was(estimate, error, copies):
    draws = np.linspace(-1, 1, 128)
    one = information.reweight(draws[:, None], np.array([estimate]), np.array([error])) @ draws
    many = np.tile(draws, copies)
    again = information.reweight(many[:, None], np.array([estimate]), np.array([error])) @ many
    assert again == pytest.approx(one)
