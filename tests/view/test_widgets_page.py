"""Pages: what they are opened with, what their sliders may ask, what a move changes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.builders import company
from workbook import stages, weeks
from workbook.errors import BadArgument
from workbook.scenario import Scenario
from workbook.view.controls import Controls
from workbook.view.figures import week2 as week2_figures
from workbook.view.levers import nice_step
from workbook.view.page import Page, open_page
from workbook.view.page_weeks import PAGES
from workbook.view.widgets import _tile_rows

DRAWS = 512


@pytest.fixture(scope="module")
def evidence_path(tmp_path_factory: pytest.TempPathFactory) -> str:
    path = tmp_path_factory.mktemp("page") / "evidence.json"
    company().dump(path)
    return str(path)


@pytest.fixture
def opened(evidence_path: str) -> Any:
    return lambda name, **more: open_page(name, evidence_path=evidence_path, **{"draws": DRAWS, **more})


def test_every_page_belongs_to_a_stage_and_a_notebook_of_the_run() -> None:
    from workbook.runner.notebooks import NOTEBOOKS

    assert {page.notebook: page.stage for page in PAGES.values()} == NOTEBOOKS
    assert list(PAGES) == list(stages.STAGES)


def test_an_unknown_page_is_refused_with_the_known_ones(evidence_path: str) -> None:
    with pytest.raises(BadArgument) as refusal:
        open_page("week9", evidence_path=evidence_path)
    assert str(refusal.value) == ("'week9' is not a page. Pages: start, week1, week2, week3, week4, followup.")


def test_missing_evidence_is_refused_with_the_remedy() -> None:
    with pytest.raises(BadArgument) as refusal:
        open_page("start", evidence_path="nowhere.json")
    assert str(refusal.value) == ("nowhere.json: no such evidence file. Run `workbook run` for this client first.")


def test_a_page_shows_what_its_stage_computes_and_leaves_it_in_the_folder(
    opened: Any, evidence_path: str, tmp_path: Path
) -> None:
    page = opened("week1", results_folder=str(tmp_path))
    evidence = stages.Evidence.load(evidence_path)
    assert page.parts["week1"] == weeks.week1(evidence, Scenario(draws=DRAWS))
    assert [path.name for path in tmp_path.iterdir()] == ["results.week1.json"]
    assert opened("week2", results_folder=str(tmp_path)).parts["week1"] == page.parts["week1"]


@pytest.mark.parametrize(("about", "step"), [(10_000, 10_000), (9_999, 5_000), (49, 20), (1.7, 1), (0, 1)])
def test_a_step_is_a_round_number_not_above_the_wish(about: float, step: float) -> None:
    assert nice_step(about) == step


@pytest.mark.parametrize("budget", [0.0, 1.0, 750.0, 184_321.0, 5e9])
def test_the_clients_own_budget_is_a_step_of_the_slider(opened: Any, budget: float) -> None:
    page = opened("start", budget_money=budget)
    slider = page.slider("budget")
    assert slider.nearest(slider.start) == pytest.approx(slider.start)
    assert slider.low <= slider.start < slider.high
    assert 40 <= (slider.high - slider.low) / slider.step <= 300 or slider.step == 1


def test_a_move_shows_what_the_weeks_compute_there(opened: Any, evidence_path: str) -> None:
    page = opened("week2")
    controls, tiles, leaks = page.controls(), page.tiles(), page.leaks()
    header = page.header()
    page.move({"budget": 60_000.0, "cohort": 12.0}, True)
    evidence = stages.Evidence.load(evidence_path)
    scenario = Scenario(draws=DRAWS, budget_money=60_000.0, cohort_size=12)
    week1 = weeks.week1(evidence, scenario)
    week2 = weeks.week2(evidence, scenario, week1)
    facts = weeks.facts(evidence, scenario)
    assert isinstance(controls, Controls)
    assert tiles.tiles == _tile_rows(week2_figures.tiles(week2, facts))
    assert leaks.figure == week2_figures.leaks(week2, facts)
    assert header.facts["answer"] == weeks.decide(evidence, scenario, week1).answer


def test_a_quick_move_keeps_what_only_an_exact_one_finds(opened: Any) -> None:
    for name, part, slow in (("week2", "week2", ["information"]), ("week3", "week3", ["frontier", "shadow_price"])):
        page = opened(name)
        before = page.parts[part]
        page.move({"budget": 60_000.0, "cohort": 12.0}, False)
        after = page.parts[part]
        assert after != before
        assert [getattr(after, field) for field in slow] == [getattr(before, field) for field in slow]


def test_a_threshold_moves_the_signal_it_belongs_to(opened: Any) -> None:
    page = opened("week1")
    values = {slider["key"]: slider["start"] for slider in page.controls().sliders}
    assert values["growth_per_year"] == 0.2
    page.move({**values, "growth_per_year": 0.6}, True)
    assert page.parts["week1"].signals["growth"].threshold == 0.6
    assert page.parts["week1"].signals["growth"].status == "clear"


@pytest.mark.parametrize("name", list(PAGES))
def test_every_view_of_a_page_says_something(name: str, opened: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from tools.notebook_pages import PAGES as notebooks

    monkeypatch.setenv("WORKBOOK_NO_IMAGES", "1")
    page = opened(name)
    listed = next(listed for listed in notebooks.values() if listed.page == name)
    for view in listed.views:
        shown = eval(view.call, {"page": page})
        assert shown._repr_mimebundle_()[0]["text/plain"].strip(), view.call


def test_the_last_line_is_the_one_the_runner_waits_for(opened: Any, capsys: pytest.CaptureFixture[str]) -> None:
    opened("start").finish()
    assert capsys.readouterr().out == "workbook: start finished\n"


def test_in_voila_a_page_paints_saved_results_and_writes_nothing(
    evidence_path: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    evidence = stages.Evidence.load(evidence_path)
    stages.compute_all(evidence, Scenario(draws=256, seed=7)).dump(tmp_path / "results.json")
    monkeypatch.setenv("SERVER_SOFTWARE", "voila/0.5")
    monkeypatch.setenv("WORKBOOK_EVIDENCE", evidence_path)
    monkeypatch.setenv("WORKBOOK_RESULTS", str(tmp_path))
    monkeypatch.setattr(stages, "run_stage", lambda *_: pytest.fail("computed instead of painted"))
    page: Page = open_page("week3", evidence_path="ignored")
    saved = stages.Results.load(tmp_path / "results.json")
    assert page.parts["week3"] == saved.week3
    assert page.scenario == Scenario(draws=256, seed=7)
    assert [path.name for path in tmp_path.iterdir()] == ["results.json"]
    monkeypatch.undo()
    monkeypatch.setenv("SERVER_SOFTWARE", "voila/0.5")
    monkeypatch.setenv("WORKBOOK_EVIDENCE", evidence_path)
    monkeypatch.setenv("WORKBOOK_RESULTS", str(tmp_path))
    monkeypatch.setenv("QUERY_STRING", "budget=60000&cohort=12")
    moved = open_page("week3", evidence_path="ignored")
    assert moved.parts["week3"].budget == 60_000.0
    assert moved.base_facts.budget_money == saved.facts.budget_money
    assert [path.name for path in tmp_path.iterdir()] == ["results.json"]


def test_week_4_moves_without_weighing_plans_it_does_not_show_and_weighs_them_at_rest(opened: Any) -> None:
    page = opened("week4")
    page.move({"cohort": 12.0}, False)
    quick = page.parts["week3"]
    page.move({"cohort": 12.0}, True)
    exact = page.parts["week3"]
    assert quick.alternatives == ()
    assert "do_nothing" in [other.name for other in exact.alternatives]
