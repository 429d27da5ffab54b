"""Week 4 whole: the pilot's page and the business case."""

import pytest

from tests.builders import evidence
from tests.results_builder_week34 import build_week3
from tests.weeks.pilot_company import eight_units
from workbook import weeks
from workbook.results import Verdict, Week4
from workbook.scenario import Scenario
from workbook.weeks.decision import decision_problem
from workbook.weeks.week4_case import outcome_criterion, risks, worth
from workbook.weeks.week4_value import Value, pilot_offer, seats_money
from workbook.words import Words

SCENARIO = Scenario(draws=2048)
EMPTY = build_week3().model_copy(update={"plan": (), "spent": 0.0})

EUR = Words("en_GB", "EUR")


def verdict(answer: str = "leadership first", **more) -> Verdict:
    fields = {
        "answer": answer,
        "economic_answer": "neither" if answer == "insufficient data" else answer,
        "reasons": ("One reason.", "Another reason.", "A third."),
        "certainty": None if answer == "insufficient data" else 0.78,
        "classes": (),
        "evpi": 1000.0,
        "flips": (),
        "survives_conservative": None,
        "gate_agrees": True,
    }
    return Verdict(**{**fields, **more})


def page(given=None, *, answer="leadership first", week3=None, scenario=SCENARIO, **more) -> Week4:
    given = eight_units() if given is None else given
    week1 = weeks.week1(given, scenario)
    return weeks.week4(given, scenario, week1, week3 or EMPTY, verdict(answer, **more))


def test_the_pilot_tries_the_verdicts_track():
    assert page(answer="leadership first").pilot.track == "leadership"
    technical = page(answer="technical first").pilot
    assert (technical.track, technical.target_d) == ("technical", 0.64)
    assert "capability" in technical.mde


@pytest.mark.parametrize(
    ("answer", "because"),
    [
        ("split", "The verdict funds both tracks"),
        ("neither", "The verdict funds nothing"),
        ("insufficient data", "The data do not say which track comes first"),
    ],
)
def test_without_a_leading_track_the_leadership_pilot_is_shown_and_says_why(answer, because):
    pilot = page(answer=answer).pilot
    assert pilot.track == "leadership"
    assert (pilot.why or "").startswith(because)


def test_the_cohort_of_the_scenario_is_the_pilot_arm():
    pilot = page(scenario=SCENARIO.model_copy(update={"cohort_size": 12})).pilot
    assert (pilot.cohort_size, pilot.comparison_size) == (12, 12)
    assert pilot.mde["leader_rating"].mde_standardised == pytest.approx(1.197, abs=5e-4)


def test_a_larger_cohort_sees_smaller_effects():
    seen = [
        page(scenario=SCENARIO.model_copy(update={"cohort_size": n})).pilot.mde["leader_rating"].mde
        for n in (8, 16, 24)
    ]
    assert seen == sorted(seen, reverse=True)


def test_target_and_break_even_are_those_of_the_plan():
    given = eight_units()
    pilot = page(given).pilot
    problem = decision_problem(given, SCENARIO, weeks.week1(given, SCENARIO))
    assert pilot.target_d == problem.point["d_leadership"] == 0.31
    at_break_even = problem.features_at({**problem.point, "d_leadership": pilot.break_even_d}, problem.point_parts)
    worth_there = problem.expected(*(part.mean(axis=0) for part in at_break_even))[problem.reference["leadership"]]
    assert worth_there == pytest.approx(0, abs=1.0)


def test_the_pilot_costs_its_seats_at_the_catalogue_price_where_the_plan_has_none():
    given = eight_units()
    week1 = weeks.week1(given, SCENARIO)
    problem = decision_problem(given, SCENARIO, week1)
    offer = pilot_offer(EMPTY, problem, "leadership")
    assert offer is not None
    assert page(given).pilot.cost == pytest.approx(seats_money(offer, 24))


def test_the_pilot_costs_the_plans_own_price_where_the_plan_has_lines_in_its_units():
    given = eight_units()
    line = (
        build_week3()
        .plan[0]
        .model_copy(update={"programme": "manager_essentials", "unit": "Unit H", "seats": 30, "cost": 150_000.0})
    )
    pilot = page(given, week3=EMPTY.model_copy(update={"plan": (line,)})).pilot
    assert pilot.programme == "Manager essentials cohort"
    assert pilot.cost == pytest.approx(24 * 5_000.0)


def test_a_plan_with_fewer_seats_than_the_cohort_makes_a_smaller_pilot():
    line = build_week3().plan[0].model_copy(update={"programme": "manager_essentials", "unit": "Unit H", "seats": 16})
    pilot = page(week3=EMPTY.model_copy(update={"plan": (line,)})).pilot
    assert (pilot.cohort_size, pilot.comparison_size) == (16, 16)


def test_while_tables_are_missing_the_pilots_worth_is_not_claimed():
    found = page(answer="insufficient data")
    assert (found.pilot.evsi, found.pilot.worth_running) == (None, None)
    assert found.business_case.pilot_ask.startswith("No pilot is asked for until the missing data are in.")


def test_the_cost_of_waiting_is_the_one_week_2_shows():
    given = eight_units()
    week1 = weeks.week1(given, SCENARIO)
    shown = weeks.week2(given, SCENARIO, week1, quick=True).cost_of_delay.per_month
    assert shown is not None
    assert EUR.money(shown) in page(given).business_case.cost_of_waiting


def test_seats_beyond_the_priced_ones_cost_as_much_each():
    given = eight_units()
    problem = decision_problem(given, SCENARIO, weeks.week1(given, SCENARIO))
    offer = pilot_offer(EMPTY, problem, "leadership")
    assert offer is not None
    assert seats_money(offer, 48) == pytest.approx(2 * (seats_money(offer, 24) or 0))


def test_finding_out_is_worth_something_but_never_more_than_knowing():
    given = eight_units()
    week1 = weeks.week1(given, SCENARIO)
    problem = decision_problem(given, SCENARIO, week1)
    from workbook.model.information import evpi, evppi

    admissible = problem.utilities[:, problem.admissible]
    found = page(given).pilot.evsi
    assert found is not None
    assert 0 < found <= evppi(admissible, problem.draws["d_leadership"]) <= evpi(admissible)


def test_a_pilot_that_decides_nothing_does_not_pay_for_its_delay():
    """Waiting nine months of twenty-four for a result that would rarely change the plan loses money."""
    pilot = page().pilot
    assert pilot.worth_running is False
    assert "Acting at once is worth €" in page().business_case.pilot_ask


def test_without_anybody_left_to_train_the_net_worth_is_not_made_up():
    pilot = page(scenario=SCENARIO.model_copy(update={"cohort_size": 100})).pilot
    assert pilot.design == "stepped wedge"
    assert pilot.worth_running is None
    assert "Nobody is left to be trained after the pilot" in (pilot.why or "")


def test_worth_is_said_in_both_directions():
    assert worth(Value(0.3, 0.1, 5.0, 12_340.0, True), EUR) == (
        "Piloting first is worth €12k more than acting at once, with the delay netted out."
    )
    assert worth(Value(0.3, 0.1, 5.0, -1_000.0, False, act_money=9.0), EUR).startswith(
        "Acting at once is worth €1k more than piloting first"
    )
    assert worth(Value(0.3, 0.1, 5.0, -1_000.0, False, act_money=0.0), EUR) == (
        "What it would teach does not pay for it: it is expected to lose €1k."
    )


def test_a_client_who_gave_nothing_still_gets_a_page_that_says_why():
    found = page(evidence(), answer="insufficient data", ask_for=("employees", "delivery"))
    assert (found.pilot.units, found.pilot.design) == ((), "pre/post")
    assert "No unit can be named" in (found.pilot.why or "")
    assert found.business_case.decision_asked == (
        "Approve no programme yet. Approve the collection of what is missing: employees and delivery."
    )
    assert found.business_case.who_agreed == ("Nobody has agreed to a success metric yet.",)
    assert found.business_case.pilot_ask.startswith("No pilot can be laid out yet")


def test_criteria_carry_the_published_lights_and_the_rules_own_odds():
    rows = page().pilot.criteria
    assert rows[0].green.startswith("75%")
    assert rows[0].red.startswith("under 50%")
    assert rows[1].green == "over 80%"
    assert "the lower limit of its 80% interval is above" in rows[2].green
    assert "one without any effect" in rows[2].red


def test_an_estimate_at_the_target_passes_half_the_time_when_break_even_is_far():
    """Source: methods design, section 5."""
    main = page().pilot.mde["leader_rating"].model_copy(update={"target": 1.0, "break_even": 0.0})
    assert "a programme at its target is scaled 50% of the time" in outcome_criterion(main, 0.2, Words()).green


def test_without_a_break_even_the_criteria_say_that_it_must_be_agreed():
    main = page().pilot.mde["leader_rating"].model_copy(update={"break_even": None})
    assert "agreed before the start" in outcome_criterion(main, 0.2, Words()).green


def test_a_metric_agreed_after_the_start_is_marked():
    marked = {metric.metric: metric.added_after_start for metric in page().metrics}
    assert marked == {"Manager NPS": False, "Rework": True}


def test_the_business_case_is_one_page_of_sentences():
    case = page(survives_conservative=False).business_case
    assert case.decision_asked == "Approve no programme now: no plan tried is expected to earn its cost."
    assert case.verdict == "Leadership first, with 78% certainty. One reason. Another reason."
    assert case.cost_of_waiting.startswith("Each month of waiting with the leadership plan costs €")
    assert case.what_could_flip_it == ("No single assumption inside its range changes the answer.",)
    assert case.who_agreed[0] == "COO agreed to 'Manager NPS' on 2025-01-01."
    assert all(sentence.endswith(".") for sentence in (*case.risks, case.pilot_ask, case.range_of_return))


def test_a_plan_is_asked_for_in_money_seats_and_units():
    assert page(week3=build_week3()).business_case.decision_asked == (
        "Approve €227k of a budget of €250k for 24 leadership seats and 10 technical seats in 3 units, "
        "beginning with the pilot below."
    )


def test_a_gate_that_disagrees_with_the_money_is_a_named_risk():
    found = risks(page().pilot, verdict(gate_agrees=False), ())
    assert "The signals of week 1 and the economics do not point the same way." in found


def test_the_same_client_gives_the_same_page():
    assert page() == page()
