"""Follow-up: growth, effect, update, decision, key figures and calendar."""

import numpy as np
import pytest

from tests.weeks.pilot_company import RATED, eight_units, followed_up, rating_cells, rating_summary
from workbook import weeks
from workbook.evidence import ParticipantCount, RatingCell
from workbook.model import criteria
from workbook.results import Effect, Followup
from workbook.scenario import Scenario
from workbook.weeks import followup_update as updating
from workbook.weeks.followup import pilot_side
from workbook.weeks.followup_raters import agreement_in_words

SCENARIO = Scenario(draws=2048)
WEEK1 = weeks.week1(eight_units(), SCENARIO)


def page(**overrides) -> Followup:
    return weeks.followup(followed_up(**overrides), SCENARIO, WEEK1)


def result(d, estimate, standard_error, *, site_sd=0.0):
    """A rating effect read as d."""
    return updating.rating_reading(d, estimate=estimate, standard_error=standard_error, site_sd=site_sd)


def kpi(found: Followup, label: str):
    return next(one for one in found.kpis if one.label.startswith(label))


def test_without_ratings_everything_says_insufficient_data_and_why():
    found = weeks.followup(eight_units(), SCENARIO, WEEK1)
    why = "no ratings were given (ratings.csv)"
    assert (found.decision, found.why, found.effect.why) == ("insufficient data", why, why)
    assert (found.points, found.growth, found.update.posterior) == ((), {}, None)
    assert found.decision_reasons == (f"No decision: {why}.",)
    assert found.finding == "There is nothing to follow up yet: no ratings were given."
    assert found.update.prior is not None


def test_growth_and_maintenance_are_read_between_the_waves():
    """Source: methods design, section 6: gain S30 - S0, maintenance (S90 - S0)/(S30 - S0)."""
    found = page().growth
    assert found["Coaching"].gain == pytest.approx(0.3)
    assert found["Coaching"].maintenance == pytest.approx(0.35 / 0.3)
    assert found["Coaching"].comparison_gain == pytest.approx(0.05)
    assert {name: one.pattern for name, one in found.items()} == {
        "Coaching": "rising",
        "Feedback": "decaying",
        "Strategy": "no gain",
    }
    assert found["Strategy"].maintenance is None


def test_the_error_of_a_gain_is_the_raters_noise_in_both_waves():
    """Mean square within .25 over 8 raters and 24 leaders, twice: sqrt(2 x .25/(8 x 24))."""
    assert page().growth["Coaching"].sem == pytest.approx((2 * 0.25 / (8 * 24)) ** 0.5)


def test_a_fading_competency_is_matched_to_a_refresher_in_the_catalogue():
    found = page().growth
    assert found["Feedback"].refresher == "Microlearning refresher for managers"
    assert found["Coaching"].refresher is None


def test_a_competency_with_one_follow_up_wave_cannot_be_classed_yet():
    two = {key: series[:2] for key, series in RATED.items()}
    found = page(ratings=rating_cells(two, waves=(0, 30))).growth["Coaching"]
    assert (found.pattern, found.why) == ("insufficient data", "a second wave after the baseline is missing")
    assert found.gain == pytest.approx(0.3)


def test_a_withheld_baseline_gives_no_gain_and_no_number():
    hidden = RatingCell(
        arm="pilot", competency="Coaching", wave_days=0, leaders=None, raters=None, mean=None, suppressed=True
    )
    cells = tuple(c for c in rating_cells(RATED) if (c.arm, c.competency, c.wave_days) != ("pilot", "Coaching", 0))
    found = page(ratings=(hidden, *cells))
    assert found.growth["Coaching"].why == "the baseline is withheld: too few raters"
    point = next(p for p in found.points if p.suppressed)
    assert (point.mean, point.low, point.high, point.leaders, point.raters) == (None,) * 5


def test_points_carry_the_90_percent_interval_over_leaders():
    """t(.95; 23) = 1.71387 on .4/sqrt(24)."""
    point = next(p for p in page().points if (p.arm, p.competency, p.wave_days) == ("pilot", "Coaching", 30))
    assert point.mean == 3.5
    assert (point.low, point.high) == (pytest.approx(3.5 - 0.13994, abs=1e-5), pytest.approx(3.5 + 0.13994, abs=1e-5))
    for one in page().points:
        assert one.low < one.mean < one.high


def test_without_an_sd_the_interval_comes_from_the_mean_squares():
    """The mean square between leaders over k0 raters is the variance of their means: sqrt(1.28/8) = .4."""
    plain, without = rating_cells(RATED), tuple(c.model_copy(update={"sd": None}) for c in rating_cells(RATED))
    assert page(ratings=plain).points == page(ratings=without).points


def test_the_effect_is_in_sd_of_the_baseline_with_an_80_percent_interval():
    """t(.90; 44) = 1.30109 on .15."""
    found = page().effect
    assert (found.ancova, found.did) == (pytest.approx(0.5), pytest.approx(0.45))
    assert (found.low, found.high) == (pytest.approx(0.5 - 0.19516, abs=1e-4), pytest.approx(0.5 + 0.19516, abs=1e-4))
    assert (found.leaders, found.target) == ((24, 24), 0.31)


@pytest.mark.parametrize(
    ("effect", "error", "expected"),
    [(0.5, 0.15, "scale"), (0.5, 0.5, "extend"), (0.2, 0.02, "extend"), (-0.3, 0.1, "stop"), (0.0, 0.3, "extend")],
)
def test_the_criteria_decide(effect, error, expected):
    found = page(rating_summary=rating_summary(effect=effect, error=error))
    assert found.decision == expected
    assert found.decision_reasons[-1].startswith("By the criteria that")


def test_a_good_result_raises_the_belief_and_a_bad_one_lowers_it():
    good = page(rating_summary=rating_summary(effect=0.6, error=0.2)).update
    bad = page(rating_summary=rating_summary(effect=0.0, error=0.2)).update
    assert good.prior == bad.prior
    assert good.prior
    assert good.posterior
    assert bad.posterior
    assert bad.posterior.d_p50 < good.prior.d_p50 < good.posterior.d_p50
    assert bad.posterior.npv_p50 < good.prior.npv_p50 < good.posterior.npv_p50
    assert good.posterior.d_p90 - good.posterior.d_p10 < good.prior.d_p90 - good.prior.d_p10


def test_a_result_without_precision_leaves_the_belief_where_it_was():
    found = page(rating_summary=rating_summary(effect=2.0, error=1e6)).update
    assert found.posterior is not None
    assert found.posterior.model_dump() == pytest.approx(found.prior.model_dump())
    assert found.effective_draws == pytest.approx(2048, rel=1e-6)


def test_a_result_far_outside_the_assumptions_says_so_and_is_tempered():
    found = page(rating_summary=rating_summary(effect=3.0, error=0.05))
    assert (found.update.conflict_z or 0) > 2.5
    assert (found.update.why or "").startswith("the result contradicts the assumptions")
    assert found.update.posterior is not None
    assert found.update.posterior.d_p50 <= 0.72


def test_reweighting_normal_draws_is_the_normal_update():
    """The oracle: prior N(.3, .2), result .6 with SE .2 gives N(.45, .1414)."""
    d = np.random.default_rng(3).normal(0.3, 0.2, 60_000)
    prior = updating.Prior(d=d, npv_money=100_000 * d, roi_percent=None, payback_month=None)
    found = updating.update(prior, [result(d, 0.6, 0.2)], why=None).posterior
    mean, sd = criteria.normal_posterior(prior_mean=0.3, prior_sd=0.2, estimate=0.6, standard_error=0.2)
    assert found is not None
    assert found.d_p50 == pytest.approx(mean, abs=0.006)
    assert found.d_p90 - found.d_p10 == pytest.approx(2 * 1.28155 * sd, abs=0.012)
    assert found.npv_p50 == pytest.approx(100_000 * found.d_p50)


def test_the_order_of_the_draws_does_not_matter():
    d = np.random.default_rng(4).normal(0.3, 0.2, 2048)
    turned = d[::-1].copy()
    one, other = (
        updating.update(
            updating.Prior(d=v, npv_money=v, roi_percent=None, payback_month=None), [result(v, 0.5, 0.2)], why=None
        )
        for v in (d, turned)
    )
    assert one.posterior is not None
    assert other.posterior is not None
    assert one.posterior.model_dump() == pytest.approx(other.posterior.model_dump())
    assert one.effective_draws == pytest.approx(other.effective_draws)


def test_payback_beyond_the_horizon_stays_unknown_under_the_weights():
    months = np.array([6.0, np.inf, np.inf, np.inf])
    assert updating.finite(months, np.full(4, 0.25)) is None
    assert updating.finite(months, np.array([0.7, 0.1, 0.1, 0.1])) == 6.0


def test_no_target_means_no_decision():
    effect = Effect(ancova=0.5, did=None, low=0.3, high=0.7, leaders=None, target=0.31, break_even=None, design="pilot")
    assert updating.decision(effect) == (
        None,
        ("No decision: there is no break-even effect to hold the estimate against.",),
    )


def test_the_pilots_track_is_that_of_the_programme_its_people_took():
    from workbook.catalogue.programmes import shipped_programmes

    technical = next(entry for entry in shipped_programmes() if entry.track == "technical")
    taken = (ParticipantCount(programme=technical.name, arm="pilot", cohort=None, started=9, completed=9),)
    assert pilot_side(followed_up(participants=taken), shipped_programmes()) == "technical"
    assert pilot_side(followed_up(), shipped_programmes()) == "leadership"


def test_key_figures_keep_activity_apart_from_results():
    found = page()
    groups = [one.group for one in found.kpis]
    assert groups == sorted(groups, key=["business sync", "learning results", "operational value", "activity"].index)
    assert kpi(found, "Participants who completed").group == "activity"
    assert kpi(found, "Participants who completed").value == pytest.approx(0.75)
    assert kpi(found, "Sessions held as planned").value == pytest.approx(12 / 18)
    assert kpi(found, "Seats used").value == pytest.approx(200 / 240)
    assert kpi(found, "Competencies that rose").value == pytest.approx(1 / 3)
    assert kpi(found, "Cost per participant").value == pytest.approx(190_000 / 108)
    assert kpi(found, "Spent above budget").why == "training.csv with a budget column is needed"


def test_the_mean_over_all_competencies_is_not_counted_as_one_more():
    everything = {**RATED, ("pilot", "all"): (3.2, 3.5, 3.2), ("comparison", "all"): (3.2, 3.2, 3.2)}
    found = page(ratings=rating_cells(everything))
    assert found.growth["all"].pattern == "decaying"
    assert kpi(found, "Competencies that rose").value == pytest.approx(1 / 3)
    assert found.finding.endswith("fading: Feedback.")


def test_the_return_with_the_pilots_result_exists_only_with_a_result():
    label = "Median ROI of the programme, with the pilot's result taken in"
    assert kpi(page(), label).value == page().update.posterior.roi_percent_p50
    without = kpi(weeks.followup(eight_units(), SCENARIO, WEEK1), label)
    assert (without.value, without.why) == (None, "no ratings were given (ratings.csv)")


def test_a_share_of_no_sessions_is_unknown_and_names_the_table():
    found = page(sessions=(), participants=(), spend=())
    assert found.calendar == ()
    assert kpi(found, "Sessions held as planned").why == "sessions.csv is needed"
    assert kpi(found, "Participants who completed").why == "participants.csv is needed"
    assert kpi(found, "Spend tied").why == "training.csv is needed"


def test_the_calendar_counts_sessions_and_reasons_by_programme():
    first, second = page().calendar
    assert (first.programme, first.held, first.postponed, first.planned) == ("Essentials", 12, 4, 4)
    assert first.reasons == (("quarter end", 3), ("illness", 1))
    assert first.attendance_share == pytest.approx(200 / 240)
    assert (second.cancelled, second.attendance_share) == (2, None)


@pytest.mark.parametrize(
    ("icck", "raters", "words"),
    [
        (0.85, 8.0, "Direct reports of the same leader agree well: their mean score tells leaders apart."),
        (0.55, 8.0, "Direct reports agree in part: good enough to compare cohorts, not to rank leaders."),
        (0.2, 8.0, "Direct reports of the same leader hardly agree: read cohort means only, with their intervals."),
    ],
)
def test_agreement_is_put_in_words(icck, raters, words):
    assert agreement_in_words(icck, raters) == words


def test_fewer_than_six_raters_do_not_decide_about_a_leader():
    """Source: methods design, section 6: show at five, rank or decide at six."""
    assert agreement_in_words(0.75, 5.5).endswith("no decision about a single leader should rest on it.")
    assert page().reliability.words == "Direct reports agree well enough to follow leaders over time."


def test_a_withheld_summary_shows_no_agreement_and_no_effect():
    hidden = rating_summary(suppressed=True, why="too few leaders", icck=None)
    found = page(rating_summary=hidden)
    assert (found.reliability.icc1, found.reliability.why) == (None, "too few leaders")
    assert (found.decision, found.effect.ancova) == ("insufficient data", None)
    assert found.finding == "Whether the pilot worked cannot be said: too few leaders."


def test_without_a_spread_points_cannot_become_standard_deviations():
    found = page(rating_summary=rating_summary().model_copy(update={"sd_baseline": None}))
    why = "too few leaders to show the spread that turns rating points into standard deviations"
    assert (found.effect.why, found.decision) == (why, "insufficient data")


def test_the_finding_says_what_cannot_be_told_apart():
    found = page(rating_summary=rating_summary(effect=0.05, error=0.2))
    assert found.finding == (
        "Leaders in the pilot and in the comparison cannot be told apart by day 90 (+0.05 SD); fading: Feedback."
    )


def test_the_order_of_the_cells_changes_nothing():
    assert page(ratings=tuple(reversed(rating_cells(RATED)))) == page()
