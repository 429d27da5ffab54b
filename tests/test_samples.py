"""The sample clients get the verdict their design calls for, by computation, and it moves when the inputs move."""

from __future__ import annotations

import functools
from itertools import pairwise
from pathlib import Path

import pytest

from workbook import weeks
from workbook.evidence import Evidence
from workbook.inputs import read_client
from workbook.measure import measure
from workbook.results import Followup
from workbook.scenario import Scenario
from workbook.weeks.week4_case import metric_dictionary

SAMPLES = Path(__file__).parents[1] / "data" / "samples"
SCENARIO = Scenario(draws=4096)
DESIGNED = {
    "saas-scaleup": "leadership first",
    "enterprise-legacy": "split",
    "technical-first": "technical first",
    "retail-network": "leadership first",
    "thin-data": "insufficient data",
    "open-survey": "insufficient data",
}


PILOTS = {"saas-scaleup": "scale", "enterprise-legacy": "extend", "retail-network": "stop"}


@functools.cache
def followup_of(name: str) -> Followup:
    """What became of one sample client's pilot."""
    evidence = evidence_of(name)
    return weeks.followup(evidence, SCENARIO, weeks.week1(evidence, SCENARIO))


@functools.cache
def evidence_of(name: str) -> Evidence:
    """What one sample client releases."""
    return measure(read_client(SAMPLES / name))


def answer(evidence: Evidence, scenario: Scenario = SCENARIO) -> str:
    """The verdict on some evidence."""
    return weeks.decide(evidence, scenario, weeks.week1(evidence, scenario)).answer


def with_initiatives(evidence: Evidence, cause: str, factor: float) -> Evidence:
    """The same client, with the value held up by one cause multiplied."""
    rows = [
        row.model_copy(
            update={
                "value_money_per_month": row.value_money_per_month * factor,
                "delayed_value_money": row.delayed_value_money * factor,
            }
        )
        if row.cause == cause
        else row
        for row in evidence.initiatives
    ]
    return evidence.model_copy(update={"initiatives": tuple(rows)})


@pytest.mark.parametrize(("name", "designed"), DESIGNED.items())
def test_each_sample_gets_the_verdict_its_design_calls_for(name: str, designed: str) -> None:
    assert answer(evidence_of(name)) == designed


@pytest.mark.parametrize(("name", "designed"), PILOTS.items())
def test_each_finished_pilot_gets_the_decision_its_design_calls_for(name: str, designed: str) -> None:
    assert followup_of(name).decision == designed


def test_the_pilot_that_worked_lies_wholly_above_break_even() -> None:
    effect = followup_of("saas-scaleup").effect
    assert effect.low > effect.break_even
    assert effect.ancova > effect.target


def test_the_inconclusive_pilot_leaves_break_even_inside_its_interval() -> None:
    effect = followup_of("enterprise-legacy").effect
    assert effect.low < effect.break_even < effect.high
    assert effect.answer == "inconclusive"


def test_the_faded_pilot_had_gained_by_day_30_and_kept_nothing_by_day_90() -> None:
    found = followup_of("retail-network")
    competencies = [one for one in found.growth.values() if one.competency != "all"]
    assert all(one.gain > 0.15 for one in competencies)
    assert all(one.pattern == "decaying" for one in competencies)
    assert found.effect.high < found.effect.break_even


def test_the_calendars_of_finished_pilots_keep_out_of_busy_weeks_and_in_their_order() -> None:
    for name in PILOTS:
        blocked = {one.session: one.blocked for one in evidence_of(name).sessions_open}
        lines = followup_of(name).replan.lines
        assert any(line.action != "keep" for line in lines)
        days = [(line.session, day) for line in lines for day in line.dates]
        assert not any(first <= day <= last for session, day in days for first, last in blocked[session])
        for unit in {line.unit for line in lines}:
            own = sorted((line for line in lines if line.unit == unit and line.dates), key=lambda line: line.planned)
            assert all(one.dates[-1] < two.dates[0] for one, two in pairwise(own))


def test_a_metric_that_came_or_changed_after_the_start_is_marked_in_the_samples() -> None:
    found = {one.metric: one for one in metric_dictionary(evidence_of("saas-scaleup"))}
    assert [name for name, one in found.items() if one.added_after_start] == ["engagement"]
    assert [name for name, one in found.items() if one.changed_after_start] == ["high_performer_churn"]


def test_the_scale_up_answers_neither_when_leadership_programmes_do_nothing() -> None:
    assert answer(evidence_of("saas-scaleup"), Scenario(draws=4096, overrides={"d_leadership": 0.0})) == "neither"


def test_the_scale_up_turns_technical_when_skills_hold_up_thirty_times_the_value_and_leadership_does_nothing() -> None:
    moved = with_initiatives(evidence_of("saas-scaleup"), "skills", 30.0)
    assert answer(moved, Scenario(draws=4096, overrides={"d_leadership": 0.0})) == "technical first"


def test_the_enterprise_turns_to_leadership_when_no_value_waits_for_skills() -> None:
    evidence = evidence_of("enterprise-legacy")
    without = with_initiatives(with_initiatives(evidence, "skills", 0.01), "both", 0.01)
    no_contractors = tuple(row.model_copy(update={"contractor_money": None}) for row in without.delivery)
    assert answer(without.model_copy(update={"delivery": no_contractors})) == "leadership first"


def test_the_manufacturer_answers_neither_when_no_value_waits_for_skills() -> None:
    evidence = with_initiatives(evidence_of("technical-first"), "skills", 0.01)
    no_contractors = tuple(
        row.model_copy(update={"contractor_money": None, "rework_share": 0.0}) for row in evidence.delivery
    )
    assert answer(evidence.model_copy(update={"delivery": no_contractors})) == "neither"


def test_the_manufacturer_may_not_answer_leadership_first_while_the_gate_is_shut() -> None:
    evidence = evidence_of("technical-first")
    week1 = weeks.week1(evidence, SCENARIO)
    verdict = weeks.decide(evidence, SCENARIO, week1)
    leadership = next(entry for entry in verdict.classes if entry.answer == "leadership first")
    assert week1.gate.fired is False
    assert not leadership.admissible


def test_thin_data_says_which_tables_to_ask_for() -> None:
    evidence = evidence_of("thin-data")
    verdict = weeks.decide(evidence, SCENARIO, weeks.week1(evidence, SCENARIO))
    assert {"roles", "successors"} <= {word for ask in verdict.ask_for for word in ask.split()}


def leaves(value: object, path: str = "") -> dict[str, object]:
    """Every leaf of a JSON value by its path."""
    if isinstance(value, dict):
        return {key: leaf for name in value for key, leaf in leaves(value[name], f"{path}.{name}").items()}
    if isinstance(value, list):
        return {key: leaf for place, item in enumerate(value) for key, leaf in leaves(item, f"{path}[{place}]").items()}
    return {path: value}


def test_the_committed_evidence_is_what_the_sample_releases_today() -> None:
    committed = leaves(Evidence.load(SAMPLES / "saas-scaleup" / "evidence.json").model_dump(mode="json"))
    today = leaves(evidence_of("saas-scaleup").model_dump(mode="json"))
    assert committed.keys() == today.keys()
    apart = {
        path: (committed[path], value)
        for path, value in today.items()
        if committed[path] != (pytest.approx(value, rel=1e-9) if isinstance(value, float) else value)
    }
    assert apart == {}


@pytest.mark.parametrize(
    "name", ["saas-scaleup", "enterprise-legacy", "technical-first", "retail-network", "thin-data"]
)
def test_every_synthetic_sample_says_that_it_is_synthetic(name: str) -> None:
    settings = evidence_of(name).settings
    assert settings.synthetic
    assert "(synthetic)" in (settings.name or "")


def test_the_open_sample_names_its_licence() -> None:
    assert evidence_of("open-survey").settings.licence == "MIT, peopleanalyticsdata, copyright 2021 Akshay Kotha"
