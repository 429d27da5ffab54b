"""Designs side by side, and the pilot's worth in two stages on the decision's own plans."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from tests.builders import evidence
from tests.weeks.pilot_company import eight_units
from tests.weeks.test_week4 import page
from tests.weeks.test_week4_pilot import trained
from workbook import weeks
from workbook.model import detectable, information
from workbook.results import PilotSize
from workbook.scenario import Scenario
from workbook.weeks import week4_metrics as metrics
from workbook.weeks import week4_staged as staging
from workbook.weeks import week4_units as units
from workbook.weeks.decision import decision_problem
from workbook.weeks.followup_update import rating_reading
from workbook.weeks.week4_case import worth
from workbook.weeks.week4_design import Chosen
from workbook.weeks.week4_options import DESIGNS
from workbook.weeks.week4_value import Value
from workbook.words import Words

SCENARIO = Scenario(draws=1024)
EUR = Words("en_GB", "EUR")


@cache
def stage(cohort: int = 48) -> staging.Stage:
    given = eight_units()
    problem = decision_problem(given, SCENARIO.model_copy(update={"cohort_size": cohort}), weeks.week1(given, SCENARIO))
    offer = next(one for one in problem.offers if one.track == "leadership" and "(company)" not in one.blocks)
    return staging.Stage(problem, offer, tuple(offer.blocks[-4:]), cohort, "leadership", 7)


@cache
def designs() -> dict:
    return {one.design: one for one in page(scenario=SCENARIO).pilot.designs}


def test_the_pilot_is_valued_with_the_error_its_result_will_be_read_with():
    """At the observed result the update is then the very posterior the EVSI reckoned with."""
    read = rating_reading(np.array([0.1, 0.4]), estimate=0.3, standard_error=0.24, site_sd=0.10)
    assert staging.seen_error(0.24, 0.10) == pytest.approx(np.sqrt(np.diag(read.total)))
    assert stage().site_sd == stage().problem.point["site_spread_sd"] > 0


def test_all_five_designs_are_laid_out_and_one_is_the_chosen_one():
    found = designs()
    assert tuple(found) == DESIGNS
    assert [name for name, one in found.items() if one.chosen] == [page(scenario=SCENARIO).pilot.design]
    assert found["lottery with a wait-list"].mde == page(scenario=SCENARIO).pilot.mde


def test_a_design_that_cannot_be_had_says_why_and_sees_nothing():
    given = page(evidence(), answer="insufficient data", scenario=SCENARIO)
    found = {one.design: one for one in given.pilot.designs}
    for name in ("lottery with a wait-list", "stepped wedge", "matched difference-in-differences"):
        assert not found[name].possible
        assert found[name].reason == "how many leaders each unit has is not known"
        assert found[name].mde == {}
    assert found["trend line"].reason == "0 points before the start are too few; 6 are needed"
    assert found["pre/post"].chosen


def test_adjusting_for_the_baseline_at_half_a_correlation_takes_13_percent_off():
    effect = designs()["lottery with a wait-list"].mde["leader_rating"]
    slope = detectable.estimated_slope_penalty(people=sum(effect.arms))
    assert effect.mde_adjusted == pytest.approx(effect.mde * 0.75**0.5 * slope)
    assert designs()["pre/post"].mde["leader_rating"].mde_adjusted is None


def wedge_frame(given=None):
    given = given or eight_units()
    people = trained(given, "leadership")
    hosts = units.choose(
        given, units.candidates(given, weeks.week1(given, SCENARIO), people), seats=24, comparison_seats=24
    )
    chosen = Chosen("stepped wedge", "", units.everywhere(hosts), hosts.all_people, 0)
    return metrics.frame(given, chosen, people, target_d=0.31, break_even_d=0.1)


def test_a_survey_mean_under_a_stepped_wedge_is_hussey_and_hughes_on_the_units_answers():
    setting = wedge_frame()
    found = metrics.of_survey(setting, "engagement")
    cell = max(
        (c for c in setting.evidence.survey if c.unit == "(company)" and c.construct_name == "engagement"),
        key=lambda c: c.wave,
    )
    clusters = len(setting.chosen.hosts.pilot)
    people = sum(one.headcount for one in setting.chosen.hosts.pilot) * cell.n / cell.invited / clusters
    variance = detectable.stepped_wedge_variance(
        clusters=clusters,
        periods=clusters + 1,
        people_per_cell=people,
        variance_person=0.95 * cell.sd**2,
        variance_cluster=0.05 * cell.sd**2,
    )
    assert found.standard_error == pytest.approx(variance**0.5)
    assert (found.degrees_of_freedom, found.clusters) == (clusters - 2, (clusters, 0))


@pytest.mark.parametrize("kind", ["rate", "survey", "nps"])
def test_two_units_are_too_few_for_a_stepped_wedge(kind):
    setting = wedge_frame()
    hosts = replace(setting.chosen.hosts, pilot=setting.chosen.hosts.pilot[:2])
    small = replace(setting, chosen=replace(setting.chosen, hosts=hosts))
    found = {
        "rate": lambda: metrics.of_rate(small, "all"),
        "survey": lambda: metrics.of_survey(small, "engagement"),
        "nps": lambda: metrics.of_nps(small, "manager_nps"),
    }[kind]()
    assert found.standard_error is None
    assert found.why.startswith("2 units cannot tell")


def test_a_trend_line_needs_six_points_and_is_surer_the_straighter_they_lie():
    from workbook.weeks.week4_wedge import continued

    rough = {month: 0.8 + 0.05 * (month % 2) for month in range(12)}
    smooth = {month: 0.8 + 0.01 * (month % 2) for month in range(12)}
    errors = [continued(values, months=6, what="months").standard_error for values in (rough, smooth)]
    assert errors[0] == pytest.approx(5 * errors[1])
    assert continued(dict(list(rough.items())[:5]), months=6, what="months").why.startswith("six points")


def test_valuing_the_plans_own_seats_at_their_own_start_gives_their_own_utilities():
    problem = stage().problem
    worth_now = staging.worth_started(problem, problem.seats, start_month=problem.terms.start_month)
    assert worth_now == pytest.approx(problem.utilities, rel=1e-9, abs=1e-6)


def test_what_starts_beyond_the_window_costs_and_brings_nothing():
    problem = stage().problem
    late = staging.worth_started(problem, problem.seats, start_month=problem.terms.horizon_months + 1)
    assert not late.any()


def test_the_pilots_seats_lie_in_its_host_units_only():
    made = staging.pilot_seats(stage(), 20)
    at = [offer.key for offer in stage().problem.offers].index(stage().offer.key)
    assert [int(own.sum()) for own in made] == [20 if k == at else 0 for k in range(len(made))]
    inside = [block in stage().hosts for block in stage().offer.blocks]
    assert made[at][0][~np.array(inside)].sum() == 0


def test_pilot_and_rest_never_cost_more_than_the_budget_and_nothing_is_a_rest_too():
    from workbook.weeks import economics_flow as flow

    problem, pilot = stage().problem, staging.pilot_seats(stage(), 20)
    rest = staging.rest_seats(stage(), pilot)
    weights = flow.cost_features(problem.point, 1)[0]
    price = weights @ flow.cost_parts(problem.offers, rest) + (weights @ flow.cost_parts(problem.offers, pilot))[0]
    assert (price <= problem.terms.budget_money * (1 + 1e-9)).all()
    assert all(own[0].sum() == 0 for own in rest)
    assert all((own >= 0).all() for own in rest)


def test_a_surer_pilot_is_worth_no_less_and_a_blind_one_teaches_nothing():
    rows = [staging.pilot_first(stage(), 20, standard_error=error, measurement_money=0.0) for error in (0.05, 0.3, 1e6)]
    assert rows[0][1] >= rows[1][1] >= rows[2][1] == pytest.approx(0.0, abs=1e-6)
    assert rows[0][0] >= rows[1][0]


def test_what_a_pilot_shows_is_worth_no_more_than_knowing_the_effect():
    pilot = staging.pilot_seats(stage(), 20)
    rest = staging.worth_started(stage().problem, staging.rest_seats(stage(), pilot), start_month=9)
    most = information.evppi(rest, stage().problem.draws["d_leadership"], bins=64)
    learned = staging.pilot_first(stage(), 20, standard_error=0.2, measurement_money=0.0)[1]
    assert 0 <= learned <= most * 1.05 + 1e-6


def test_measurement_is_paid_for_in_full():
    free, _ = staging.pilot_first(stage(), 20, standard_error=0.3, measurement_money=0.0)
    paid, _ = staging.pilot_first(stage(), 20, standard_error=0.3, measurement_money=1_000.0)
    assert free - paid == pytest.approx(1_000.0)


def test_sizes_keep_everybody_and_the_net_worth_is_over_acting_at_once():
    found = staging.sizes(stage(), planned=20, standard_error=0.3, measurement_per_person=10.0)
    assert {one.cohort_size + one.comparison_size for one in found} == {48}
    own = next(one for one in found if one.cohort_size == 20)
    worth_first, learned = staging.pilot_first(stage(), 20, standard_error=0.3, measurement_money=480.0)
    assert own.standard_error == pytest.approx(0.3)
    assert own.learned == pytest.approx(learned)
    assert own.net == pytest.approx(worth_first - staging.act_at_once_money(stage().problem))


def test_equal_arms_are_the_surest():
    found = staging.sizes(stage(), planned=24, standard_error=0.3, measurement_per_person=0.0)
    assert min(found, key=lambda one: one.standard_error).cohort_size == 24


def size(people: int, net: float) -> PilotSize:
    return PilotSize(cohort_size=people, comparison_size=9, cost=1.0, standard_error=0.3, learned=1.0, net=net)


@pytest.mark.parametrize(
    ("nets", "advised"),
    [
        ((-5.0, -3.0, -1.0), "skip"),
        ((1.0, 10.0, 10.2), "run"),
        ((1.0, 10.0, 20.0), "enlarge"),
        ((20.0, 10.0, 1.0), "reduce"),
        ((-5.0, -1.0, 4.0), "enlarge"),
    ],
)
def test_the_advice_is_the_best_size_or_none(nets, advised):
    found = [size(people, net) for people, net in zip((12, 24, 36), nets, strict=True)]
    assert staging.advice(found, planned=24) == advised


def test_a_better_size_is_said_beside_the_planned_one():
    sizes = (size(24, 10_000.0), size(36, 15_000.0))
    said = worth(Value(0.3, 0.1, 5.0, 10_000.0, True, sizes=sizes, advice="enlarge"), EUR)
    assert said.endswith("A pilot of 36 instead would be worth €5k more.")


def test_while_a_slider_moves_the_detectable_effect_follows_and_the_worth_waits():
    given = eight_units()
    week1 = weeks.week1(given, SCENARIO)
    week3, verdict = weeks.week3(given, SCENARIO, week1, quick=True), weeks.decide(given, SCENARIO, week1)
    pilots = [
        weeks.week4(given, SCENARIO.model_copy(update={"cohort_size": n}), week1, week3, verdict, quick=True).pilot
        for n in (8, 16)
    ]
    seen = [pilot.mde["leader_rating"].mde for pilot in pilots]
    assert seen[0] > seen[1]
    assert {pilot.worth_running for pilot in pilots} == {None}
    assert all("worked out when the slider rests" in pilot.why for pilot in pilots)
