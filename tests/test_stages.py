"""Stages read what earlier ones saved, only where it was made from the same things."""

from __future__ import annotations

import pytest

from tests.builders import company
from workbook import stages, weeks
from workbook.errors import BadArgument
from workbook.scenario import Scenario

SCENARIO = Scenario(draws=256, seed=5)


@pytest.fixture(scope="module")
def evidence():
    return company()


def test_each_stage_writes_its_own_part_and_together_they_are_the_whole(evidence, tmp_path):
    for name in stages.STAGES:
        before = set(tmp_path.iterdir())
        stages.run_stage(name, evidence, SCENARIO, tmp_path)
        assert {path.name for path in set(tmp_path.iterdir()) - before} == {f"results.{name}.json"}
    assert stages.load_all(tmp_path, evidence, SCENARIO) == stages.compute_all(evidence, SCENARIO)


def test_a_saved_stage_is_read_and_not_computed_again(evidence, tmp_path, monkeypatch):
    stages.run_stage("week1", evidence, SCENARIO, tmp_path)
    monkeypatch.setattr(weeks, "week1", lambda *_: pytest.fail("computed again"))
    assert stages.run_stage("followup", evidence, SCENARIO, tmp_path).keys() == {"followup"}


@pytest.mark.parametrize("changed", ["scenario", "evidence"])
def test_a_stage_made_from_something_else_is_computed_again(changed, evidence, tmp_path, monkeypatch):
    stages.run_stage("week1", evidence, SCENARIO, tmp_path)
    computed = []
    week1 = weeks.week1
    monkeypatch.setattr(weeks, "week1", lambda *given: computed.append(given) or week1(*given))
    scenario = Scenario(draws=256, seed=6) if changed == "scenario" else SCENARIO
    other = evidence if changed == "scenario" else company(notes=("another reading",))
    stages.run_stage("followup", other, scenario, tmp_path)
    assert computed == [(other, scenario)]


def test_without_a_folder_nothing_is_written(evidence, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    stages.run_stage("start", evidence, SCENARIO, "")
    stages.run_stage("start", evidence, SCENARIO, None)
    assert list(tmp_path.iterdir()) == []


def test_merging_says_which_stage_is_missing(evidence, tmp_path):
    stages.run_stage("start", evidence, SCENARIO, tmp_path)
    with pytest.raises(BadArgument) as refused:
        stages.load_all(tmp_path, evidence, SCENARIO)
    assert str(refused.value) == "results.week1.json is missing, or was made from other evidence."


def test_an_unknown_stage_is_named_with_those_there_are(evidence):
    with pytest.raises(BadArgument) as refused:
        stages.run_stage("week9", evidence, SCENARIO)
    assert str(refused.value) == "'week9' is not a stage. Stages: start, week1, week2, week3, week4, followup."


def test_nought_stands_for_what_the_client_says():
    scenario = stages.scenario_of(budget_money=0.0, cohort_size=0, draws=512, seed=1)
    assert (scenario.budget_money, scenario.cohort_size) == (None, None)
    moved = stages.scenario_of(budget_money=5000.0, cohort_size=12, draws=512, seed=1)
    assert (moved.budget_money, moved.cohort_size) == (5000.0, 12)


def test_the_verdict_is_worked_out_once_for_the_notebooks_of_a_run(evidence, tmp_path, monkeypatch):
    first = stages.run_stage("verdict", evidence, SCENARIO, tmp_path)["verdict"]
    monkeypatch.setattr(weeks, "decide", lambda *_: pytest.fail("worked out again"))
    assert stages.saved_stage("verdict", evidence, SCENARIO, tmp_path) == {"verdict": first}
    assert stages.run_stage("week3", evidence, SCENARIO, tmp_path)["verdict"] == first
    assert stages.saved_stage("verdict", evidence, Scenario(draws=256, seed=6), tmp_path) is None
    assert stages.saved_stage("verdict", evidence, SCENARIO, "") is None
