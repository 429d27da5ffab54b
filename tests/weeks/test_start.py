"""Facts and the start page."""

from __future__ import annotations

import pytest

from tests.builders import company, evidence, headcounts, quality, spend
from workbook import weeks
from workbook.evidence import TableQuality
from workbook.scenario import Scenario


@pytest.mark.parametrize(
    ("settings", "rows", "scenario", "expected"),
    [
        ({"budget": 300.0}, (spend("all", money=90.0),), 200.0, (200.0, "scenario")),
        ({"budget": 300.0}, (spend("all", money=90.0),), None, (300.0, "client.yml")),
        ({}, (spend("all", money=90.0), spend("manager", money=10.0)), None, (100.0, "training")),
        ({}, (), None, (1054.0 * 80, "assumption")),
    ],
)
def test_the_budget_is_the_scenarios_else_the_clients_else_todays_spend_else_1054_a_head(
    settings, rows, scenario, expected
) -> None:
    given = evidence(settings=settings, spend=rows, headcount=headcounts(now=80, year_ago=70))
    facts = weeks.facts(given, Scenario(budget_money=scenario))
    assert (facts.budget_money, facts.budget_source) == expected


def test_spend_of_half_a_year_is_doubled_to_a_year() -> None:
    half = evidence(settings={"window_months": 6}, spend=(spend("manager", money=90.0),))
    assert weeks.facts(half, Scenario()).budget_money == 180
    assert weeks.week1(half, Scenario()).spend.total_money == 180


def test_without_headcount_the_budget_is_for_the_cohort() -> None:
    assert weeks.facts(evidence(), Scenario(cohort_size=10)).budget_money == 10_540


def test_the_scenario_moves_the_cohort_and_the_comparison_follows_unless_set() -> None:
    assert weeks.facts(evidence(), Scenario(cohort_size=30)).comparison_size == 30
    fixed = evidence(settings={"comparison_size": 12})
    assert weeks.facts(fixed, Scenario(cohort_size=30)).comparison_size == 12


def test_facts_name_the_client_and_count_its_people() -> None:
    facts = weeks.facts(company(), Scenario())
    assert (facts.name, facts.headcount, facts.currency, facts.synthetic) == ("acme", 220, "EUR", False)


def test_a_survey_summary_stands_in_for_a_survey() -> None:
    start = weeks.start(evidence(tables=("survey_summary",)))
    assert "survey" not in start.missing
    assert "survey_summary" not in start.missing
    assert start.completeness_share == pytest.approx(1 / 14)
    assert ("Week 1", "Survey vendor", "Survey waves of two years", True) in start.checklist


def test_a_client_who_gave_nothing_misses_every_table_once() -> None:
    start = weeks.start(evidence())
    assert start.completeness_share == 0
    assert len(start.missing) == 14
    assert not any(done for *_, done in start.checklist)
    assert [when for when, *_ in start.checklist] == sorted(
        (when for when, *_ in start.checklist), key=lambda when: (when == "Follow-up", when)
    )


def test_half_filled_tables_count_half() -> None:
    half = tuple(
        TableQuality(table=row.table, present=True, completeness_share=0.5) if row.table == "employees" else row
        for row in quality(["roles"])
    )
    assert weeks.start(evidence(quality=half)).completeness_share == pytest.approx(1.5 / 14)


def test_roles_without_successors_are_not_done() -> None:
    item = "Roles, critical ones marked, and who could succeed"
    done = {what: done for _, _, what, done in weeks.start(evidence(tables=("roles",))).checklist}
    assert done[item] is False
    both = {what: done for _, _, what, done in weeks.start(evidence(tables=("roles", "successors"))).checklist}
    assert both[item] is True


def test_notes_of_the_measurement_are_passed_on() -> None:
    assert weeks.start(evidence(notes=("two units merged",))).notes == ("two units merged",)


def test_weeks_are_functions_however_their_modules_were_imported() -> None:
    import workbook.weeks.facts
    import workbook.weeks.week1  # noqa: F401 - binding the module is what is tested

    assert callable(weeks.facts)
    assert callable(weeks.week1)
    with pytest.raises(AttributeError, match="has no attribute 'week5'"):
        weeks.week5  # noqa: B018
