"""Follow-up: what the effect says, how raters agree, work metrics, readings of the result and the plan afterwards."""

import numpy as np
import pytest

from tests.builders import month
from tests.weeks.pilot_company import RATED, UNITS, eight_units, followed_up, rating_cells, rating_summary
from workbook import weeks
from workbook.evidence import (
    COMPANY,
    ArmExits,
    DeliveryMonth,
    GrowthModel,
    GrowthStep,
    ParticipantCount,
    ParticipantEstimate,
    PilotSites,
    ThenTest,
)
from workbook.model import criteria, information
from workbook.results import Followup
from workbook.scenario import Scenario
from workbook.weeks import followup_metrics as work
from workbook.weeks import followup_update as updating
from workbook.weeks.decision import decision_problem
from workbook.weeks.followup_readings import plan_now, strength, taken_offer

SCENARIO = Scenario(draws=1024)
WEEK1 = weeks.week1(eight_units(), SCENARIO)
PILOT_UNITS, OTHER_UNITS = tuple(list(UNITS)[:4]), tuple(list(UNITS)[4:])
START = month(-6)


def page(**overrides) -> Followup:
    return weeks.followup(followed_up(**overrides), SCENARIO, WEEK1)


def delivered(*, fall: float = 0.0, drift: float = 0.0, noise: float = 0.004) -> tuple[DeliveryMonth, ...]:
    """Rework and decision days of eight units over 14 months; pilot units fall by `fall` after the start."""
    rng = np.random.default_rng(17)
    rows = []
    for unit in (*UNITS, COMPANY):
        level = 0.10 + 0.004 * (len(unit) + [*UNITS, COMPANY].index(unit))
        for k in range(-13, 1):
            pilot, after = unit in PILOT_UNITS, month(k) > START
            share = level * (1 - fall * pilot * after) + drift * pilot * k + rng.normal(0, noise)
            days = 5 + 4 * (1 - fall * pilot * after) * (1 + level) + rng.normal(0, 20 * noise)
            rows.append(
                DeliveryMonth(
                    unit=unit, month=month(k), on_time_share=0.85, items_due=20.0, rework_share=share,
                    decision_days=days, decisions=4.0,
                )
            )  # fmt: skip
    return tuple(rows)


def sites(**more) -> PilotSites:
    fields = {
        "start": START, "pilot_units": PILOT_UNITS, "comparison_units": OTHER_UNITS, "mixed_units": (), "trained": 24,
    }  # fmt: skip
    return PilotSites(**{**fields, **more})


def with_sites(*, fall=0.0, drift=0.0, **more):
    return {
        "delivery": delivered(fall=fall, drift=drift),
        "pilot_sites": sites(**more),
        "participants": (
            ParticipantCount(programme="manager_essentials", arm="pilot", cohort="first", started=24, completed=20),
        ),
    }


@pytest.mark.parametrize(
    ("effect", "error", "answer"),
    [(0.5, 0.15, "works"), (-0.5, 0.15, "harms"), (0.02, 0.05, "no effect"), (0.2, 0.15, "inconclusive")],
)
def test_the_answer_is_given_with_its_reason(effect, error, answer):
    found = page(rating_summary=rating_summary(effect=effect, error=error)).effect
    assert found.answer == answer
    assert answer.split()[0][:4] in found.answer_words or "shows no effect" in found.answer_words


def test_an_inconclusive_pilot_is_not_called_a_gain_in_the_title():
    found = page(rating_summary=rating_summary(effect=0.2, error=0.13))
    assert (found.effect.low > 0, found.effect.answer) == (True, "inconclusive")
    assert found.finding.startswith("Leaders in the pilot and in the comparison cannot be told apart by day 90 (+0.20")


@pytest.mark.parametrize(
    ("assignment", "part"),
    [
        ("lottery", "drawn by lot, so"), ("matched", "matched on the baseline"), ("volunteers", "of their own will"),
        ("lowest_scores", "picked for low scores"), ("unknown", "causal only if"),
    ],
)  # fmt: skip
def test_the_design_says_how_leaders_came_into_the_pilot(assignment, part):
    own = {"pilot_assignment": assignment}
    found = weeks.followup(
        eight_units(ratings=rating_cells(RATED), rating_summary=rating_summary(), own=own), SCENARIO, WEEK1
    ).effect
    assert part in found.design


def test_leaders_picked_as_the_worst_are_told_what_would_have_come_by_itself():
    """By hand: (1 - .77) x (3.2 - 2.9) with equal arms at 2.9 and 3.5: .069 points."""
    summary = rating_summary(pilot_before=2.9, comparison_before=3.5, before_gap_se=0.1)
    own = {"pilot_assignment": "lowest_scores"}
    evidence = eight_units(ratings=rating_cells(RATED), rating_summary=summary, own=own)
    found = weeks.followup(evidence, SCENARIO, WEEK1).effect
    assert found.regression_points == pytest.approx(0.069)
    assert found.warnings == (
        "Pilot leaders were picked for their low scores: about 0.07 points of their rise would have come by itself "
        "(regression to the mean). Adjusting for the baseline takes it out as far as it is linear; the plain gain "
        "does not.",
    )


def test_a_pilot_that_began_lower_is_warned_of_regression_even_if_nobody_says_it_was_picked():
    lower = page(rating_summary=rating_summary(pilot_before=2.9, comparison_before=3.2, before_gap_se=0.1)).effect
    level = page(rating_summary=rating_summary(pilot_before=3.1, comparison_before=3.2, before_gap_se=0.1)).effect
    assert lower.regression_points == pytest.approx(0.23 * 0.15)
    assert "began lower than the others" in lower.warnings[0]
    assert level.regression_points is None
    assert level.warnings == ("How leaders came into the pilot is not said: state pilot_assignment in client.yml.",)


def test_chance_morris_and_participants_stand_beside_the_effect():
    summary = rating_summary(randomisation_p=0.03, randomisation_arms=924, randomisation_exact=True, d_ppc=0.44)
    said = ParticipantEstimate(participants=24, answers=15, each_money_per_year=3_000.0, each_se=400.0)
    found = page(rating_summary=summary, participant_estimate=said).effect
    assert (found.chance.p_value, found.chance.arms, found.chance.exact) == (0.03, 924, True)
    assert found.d_ppc == 0.44
    assert found.participants.total_money == 72_000.0
    assert found.participants.low < 3_000.0 < found.participants.high


def test_what_participants_say_moves_nothing_else():
    said = ParticipantEstimate(participants=24, answers=15, each_money_per_year=9e9, each_se=4.0)
    one, other = page(participant_estimate=said), page()
    assert one.update == other.update
    assert (one.decision, one.effect.ancova) == (other.decision, other.effect.ancova)


def test_the_odds_of_the_criteria_are_those_of_the_rule_at_the_precision_reached():
    found = page()
    for row in found.decision_odds:
        expected = criteria.operating_characteristics(
            truth=row.truth, target=found.effect.target, break_even=found.effect.break_even,
            standard_error=found.effect.standard_error,
        )  # fmt: skip
        assert {"scale": row.scale, "extend": row.extend, "stop": row.stop} == pytest.approx(expected)
    assert [row.label for row in found.decision_odds] == ["no effect", "break-even", "target"]


def test_every_measure_of_agreement_is_put_in_words():
    summary = rating_summary(icck_low=0.66, icck_high=0.86, cronbach_alpha=0.8, panel_icc1=0.4, panel_icck=0.8)
    found = page(rating_summary=summary).reliability
    assert [one.measure for one in found.readings] == [
        "one rater, ICC(1,1)", "mean of 8.0 raters, ICC(1,k)", "mean of 5 raters, Spearman-Brown",
        "mean of 6 raters, Spearman-Brown", "mean of 10 raters, Spearman-Brown",
        "agreement within a team, r_wg(j), median", "agreement within a team, r*_wg (Lindell), median",
        "Krippendorff's alpha, ordinal", "Cronbach's alpha of the rubric", "one rater of a panel, ICC(2,1)",
        "mean of the panel, ICC(2,k)",
    ]  # fmt: skip
    assert all(one.words for one in found.readings)
    assert [round(one.value, 2) for one in found.readings[2:5]] == [0.68, 0.72, 0.81]
    assert found.raters_wanted == pytest.approx(5.44, abs=0.01)


def test_stable_raters_have_a_gain_of_their_own_where_both_means_may_be_shown():
    cells = tuple(
        cell.model_copy(update={"panel_mean": cell.mean + 0.1, "panel_raters": 150})
        if (cell.arm, cell.wave_days) in {("pilot", 0), ("pilot", 30)} and cell.competency == "Coaching"
        else cell
        for cell in rating_cells(RATED)
    )
    found = page(ratings=cells)
    assert found.growth["Coaching"].panel_gain == pytest.approx(0.3)
    assert found.growth["Feedback"].panel_gain is None
    assert {p.panel_mean for p in found.points if p.arm == "comparison"} == {None}


def test_hindsight_gives_the_shift_and_the_gain_on_one_yardstick():
    row = ThenTest(
        arm="pilot", competency="Coaching", leaders=24, last_wave_days=90, baseline_mean=3.2, then_mean=2.9,
        last_mean=3.5, shift_se=0.05, gain_se=0.06,
    )  # fmt: skip
    found = page(then_tests=(row, row.model_copy(update={"arm": "comparison", "shift_se": None}))).hindsight
    assert [(one.arm, one.words[:11]) for one in found] == [("comparison", "too few lea"), ("pilot", "raters look")]
    pilot = found[1]
    assert (pilot.shift, pilot.gain, pilot.adjusted_gain) == pytest.approx((-0.3, 0.3, 0.6))
    assert pilot.shift_low < -0.3 < pilot.shift_high < 0


def test_growth_by_the_mixed_model_is_shown_with_intervals():
    model = GrowthModel(
        leaders=48, scores=140, between_variance=0.12, within_variance=0.04, degrees_of_freedom=88, on_the_edge=False,
        steps=(GrowthStep(wave_days=90, change=0.3, change_se=0.05, lead=0.25, lead_se=0.08),),
    )  # fmt: skip
    found = page(rating_summary=rating_summary(growth_model=model)).cohort_growth
    assert found.between_share == pytest.approx(0.75)
    assert found.waves[0].lead_low < 0.25 < found.waves[0].lead_high
    assert page().cohort_growth is None


def test_metrics_that_fell_in_the_pilots_units_are_found_and_update_the_model():
    found = page(**with_sites(fall=0.3))
    rework = next(one for one in found.metrics if one.metric == "rework")
    assert rework.reduction == pytest.approx(0.3, abs=0.06)
    assert 0 < rework.low < rework.reduction < rework.high
    assert (rework.used, rework.pilot_units, rework.comparison_units) == (True, 4, 4)
    assert "no sign" in rework.pre_trend.words
    assert rework.trend_line.beyond
    assert rework.trend_line.actual < rework.trend_line.low
    assert [route.route for route in found.update.routes][:3] == [
        "ratings and work metrics", "ratings as the effect", "work metrics",
    ]  # fmt: skip
    assert found.update.routes[0].headline


def test_metrics_that_did_not_fall_lower_the_belief_that_ratings_alone_would_raise():
    still = page(**with_sites(fall=0.0)).update
    both, ratings_alone = still.routes[0], still.routes[1]
    assert both.d_p50 < ratings_alone.d_p50


def test_a_gap_that_was_already_moving_keeps_a_metric_out_of_the_update():
    found = {one.metric: one for one in page(**with_sites(fall=0.0, drift=-0.004)).metrics}
    assert "already moving" in found["rework"].pre_trend.words
    assert not found["rework"].used
    assert found["slow_decisions"].used


def test_arms_in_the_same_units_cannot_be_compared():
    found = page(**with_sites(pilot_units=(), comparison_units=OTHER_UNITS, mixed_units=PILOT_UNITS)).metrics
    assert {one.why for one in found} == {work.MIXED}
    assert page().metrics == ()


def test_one_unit_an_arm_has_its_own_trend_line_only():
    found = page(**with_sites(fall=0.3, pilot_units=PILOT_UNITS[:1], comparison_units=OTHER_UNITS[:1])).metrics
    rework = next(one for one in found if one.metric == "rework")
    assert (rework.reduction, rework.design) == (None, "trend line")
    assert rework.trend_line is not None


def test_exits_are_compared_as_rates():
    """By hand: (4.5/50)/(9.5/50) over (8.5/50)/(8.5/50): ratio .4737, so 52.6 % fewer."""
    counts = {("pilot", "before"): 8, ("pilot", "after"): 4, ("comparison", "before"): 8, ("comparison", "after"): 9}
    exits = tuple(
        ArmExits(arm=arm, period=period, person_years=50.0, voluntary_exits=count)
        for (arm, period), count in counts.items()
    )
    found = next(one for one in page(**with_sites(exits=exits)).metrics if one.metric == "exits")
    assert found.reduction == pytest.approx(1 - 4.5 / 9.5)
    assert found.low < found.reduction < found.high
    assert found.used


def test_what_units_could_show_is_reach_times_the_course_of_the_effect():
    evidence = followed_up(**with_sites(fall=0.3))
    problem = decision_problem(evidence, SCENARIO, WEEK1)
    offer = taken_offer(evidence, problem)
    managers = sum(n for unit, n in zip(offer.blocks, offer.targets, strict=True) if unit in PILOT_UNITS)
    share = strength(evidence, evidence.pilot_sites, offer)
    assert 0 < share < 24 / managers
    few = evidence.pilot_sites.model_copy(update={"trained": 12})
    assert strength(evidence, few, offer) == pytest.approx(share / 2)


def test_the_sceptical_reading_believes_less_than_ratings_taken_as_the_effect():
    found = {route.route: route for route in page(**with_sites(fall=0.1)).update.routes}
    assert found["ratings by way of work metrics"].d_p50 < found["ratings as the effect"].d_p50
    assert not found["ratings by way of work metrics"].headline


def test_differences_between_sites_make_the_update_more_cautious():
    d = np.random.default_rng(3).normal(0.3, 0.2, 20_000)
    prior = updating.Prior(d=d, npv_money=d, roi_percent=None, payback_month=None)
    here, there = (
        updating.update(
            prior, [updating.rating_reading(d, estimate=0.6, standard_error=0.2, site_sd=tau)], why=None
        ).posterior.d_p50
        for tau in (0.0, 0.2)
    )
    mean, _ = criteria.normal_posterior(prior_mean=0.3, prior_sd=0.2, estimate=0.6, standard_error=0.08**0.5)
    assert 0.3 < there < here
    assert there == pytest.approx(mean, abs=0.01)


def test_the_update_is_the_posterior_by_which_the_pilot_was_valued():
    """The plan after a result has the expected worth that EVSI gives the plans after the same result."""
    evidence = followed_up()
    problem = decision_problem(evidence, SCENARIO, WEEK1)
    d, error = problem.draws["d_leadership"], np.array([0.18])
    noise = np.random.default_rng(1).standard_normal((8, 1))
    observed = information.simulated_results(d[:, None], error, noise)
    worth = information.posterior_means(problem.utilities, d[:, None], observed, error)
    for result, means in zip(observed, worth, strict=True):
        reading = updating.rating_reading(d, estimate=float(result[0]), standard_error=0.18, site_sd=0.0)
        weights = information.reweight(reading.predicted, reading.observed, reading.total)
        assert plan_now(problem, weights, undecidable=False).expected_npv == pytest.approx(
            means[problem.admissible].max()
        )


def test_the_plan_before_is_the_verdicts_and_the_plan_after_follows_the_weights():
    evidence = followed_up(rating_summary=rating_summary(effect=-0.05, error=0.03))
    problem = decision_problem(evidence, SCENARIO, WEEK1)
    found = weeks.followup(evidence, SCENARIO, WEEK1).update
    verdict = weeks.decide(evidence, SCENARIO, WEEK1, quick=True)
    assert found.plan_before.expected_npv == pytest.approx(float(problem.means[problem.chosen]))
    if verdict.answer != "insufficient data":
        assert found.plan_before.answer == verdict.answer
        assert found.plan_before.certainty == pytest.approx(verdict.certainty)
    assert found.plan_after.expected_npv <= found.plan_before.expected_npv


def test_a_result_that_contradicts_the_assumptions_says_so_in_every_reading():
    found = page(rating_summary=rating_summary(effect=3.0, error=0.05)).update
    assert (found.contradicts, found.tempered) == (True, True)
    rated = next(route for route in found.routes if route.route == "ratings as the effect")
    assert rated.contradicts
