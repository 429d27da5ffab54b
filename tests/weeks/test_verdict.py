"""The verdict: five answers, by computation; moving the inputs moves it."""

from __future__ import annotations

import numpy as np
import pytest

from tests.builders import company
from tests.economics_builders import DRAWS, causes, first_week, gate, nothing_given, skills_gap, whole
from workbook import weeks
from workbook.scenario import Scenario
from workbook.weeks.decision import decision_problem
from workbook.weeks.economics_information import answers_at


def decided(client=None, *, fired=True, readiness=None, quick=True, **scenario):
    client = client or whole()
    week1 = gate(first_week(client), fired=fired, readiness=readiness)
    return weeks.decide(client, Scenario(**{"draws": DRAWS, **scenario}), week1, quick=quick)


def test_coordination_that_costs_most_puts_leadership_first():
    found = decided()
    assert found.answer == found.economic_answer == "leadership first"
    assert found.gate_agrees is True


def test_missing_skills_that_cost_most_put_technical_training_first():
    assert decided(skills_gap()).answer == "technical first"


def test_two_gaps_of_like_size_and_people_enough_for_both_give_a_split():
    both = company(initiatives=causes(coordination=3_500_000.0, skills=2_500_000.0))
    found = decided(both, cohort_size=90)
    assert found.answer == "split"
    assert any("hedges" in reason for reason in found.reasons) == (found.certainty < 0.5)


def test_training_that_does_not_work_buys_nothing():
    found = decided(overrides={"d_leadership": -0.05, "d_technical": -0.05})
    assert found.answer == "neither"
    assert found.reasons[0].startswith("No plan that spends money has a positive expected net present value: the best")


def test_an_unknown_gate_is_insufficient_data_whatever_the_money_says():
    found = decided(fired=None)
    assert found.answer == "insufficient data"
    assert found.certainty is None
    assert found.gate_agrees is None
    assert found.reasons[0] == "The gate of week 1 is unknown: too little was measured to say whether it fires."
    assert found.reasons[1] == "On what is measured alone the best choice would be: split."


def test_tables_whose_content_would_matter_are_asked_for():
    found = decided(company(initiatives=(), delivery=(), role_flow=None, roles=()), cohort_size=60, quick=False)
    assert found.answer == "insufficient data"
    assert found.ask_for[:2] in (("delivery", "initiatives"), ("initiatives", "delivery"))
    assert "more than 5% is too much to decide without." in found.reasons[0]


def test_a_missing_table_that_cannot_matter_does_not_stop_the_answer():
    found = decided(company(delivery=()), quick=False)
    assert found.answer == "leadership first"


def test_a_client_who_gave_nothing_is_told_what_to_bring():
    found = decided(nothing_given(), fired=None, quick=False)
    assert found.answer == "insufficient data"
    assert {"employees", "roles", "successors", "delivery", "initiatives", "survey"} == set(found.ask_for)


def test_a_gate_that_did_not_fire_keeps_leadership_from_being_first():
    found = decided(fired=False)
    assert found.answer != "leadership first"
    assert found.economic_answer == "leadership first"
    assert found.gate_agrees is False
    refused = next(row for row in found.classes if row.answer == "leadership first")
    assert (refused.admissible, refused.p_best) == (False, 0.0)
    assert refused.why_not == ("The gate of week 1 did not fire: the signals do not make a case for leadership first.")
    assert any(reason.startswith("By money alone the answer would be leadership first.") for reason in found.reasons)


def test_red_readiness_keeps_leadership_from_being_first_and_names_the_remedy():
    found = decided(readiness="red")
    refused = next(row for row in found.classes if row.answer == "leadership first")
    assert refused.why_not == "Readiness is red: a leadership programme would not carry. Find a sponsor."
    assert found.answer != "leadership first"


def test_a_demanded_technical_share_bars_plans_below_it():
    found = decided(minimum_technical_share=0.5, cohort_size=60)
    assert all(
        row.share_leadership is None or row.share_leadership <= 0.5 + 1e-9 for row in found.classes if row.admissible
    )


def test_certainties_of_the_admitted_classes_sum_to_one():
    found = decided()
    assert sum(row.p_best for row in found.classes) == pytest.approx(1)
    assert found.certainty == next(row.p_best for row in found.classes if row.answer == found.answer)


def test_a_flip_is_where_the_answer_changes():
    found = decided(quick=False)
    flip = next(flip for flip in found.flips if flip.assumption == "d_leadership")
    assert flip.flips_at < flip.value_now
    assert 0 < flip.probability < 1
    week1 = gate(first_week(whole()), fired=True)
    problem = decision_problem(whole(), Scenario(draws=DRAWS), week1)
    at, before = answers_at(problem, "d_leadership", np.array([flip.flips_at, flip.flips_at + 0.01]))
    assert at == flip.to_answer != found.answer
    assert before == found.answer


def test_inputs_that_cannot_change_the_answer_say_so():
    flips = decided(skills_gap(), quick=False).flips
    still = [flip for flip in flips if flip.flips_at is None]
    assert still
    assert all(flip.to_answer is None and flip.probability is None for flip in still)


def test_the_conservative_view_is_stated_either_way():
    found = decided()
    told = [reason for reason in found.reasons if "conservative view" in reason]
    assert len(told) == 1
    assert ("does not survive" in told[0]) == (found.survives_conservative is False)


def test_perfect_information_is_worth_more_when_the_call_is_closer():
    clear, close = decided(quick=False).evpi, decided(quick=False, overrides={"d_technical": 1.0}).evpi
    assert clear > 0
    assert close > clear
