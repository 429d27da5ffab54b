"""Levers: declared once for slider, address and scenario; what an address asks for is checked before it is used."""

from __future__ import annotations

import math
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.builders import company
from workbook import stages, weeks
from workbook.scenario import Scenario, Thresholds, UnitWeights
from workbook.scenarios import save_scenario
from workbook.view import levers, static
from workbook.view.levers import LEVERS, reach, read_address, with_values
from workbook.view.page import Page, open_page
from workbook.view.page_weeks import PAGES

CLIENT = company()
FACTS = weeks.facts(CLIENT, Scenario())
REACHES = levers.reaches_of(tuple(LEVERS), Scenario(), FACTS, {"d_leadership": 0.31, "confidence_share": 0.7})
REFUSED = "The address asks for a value of {} that cannot be used; the usual one stands instead."


@pytest.fixture(scope="module")
def results() -> stages.Results:
    return stages.compute_all(CLIENT, Scenario(draws=256))


@pytest.fixture
def served(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, results: stages.Results) -> Any:
    """Opens a page as the server would, with an address."""
    run = tmp_path / "acme" / "runs" / "one"
    run.mkdir(parents=True)
    CLIENT.dump(run / "evidence.json")
    results.dump(run / "results.json")
    monkeypatch.setenv("SERVER_SOFTWARE", "voila/0.5")
    monkeypatch.setenv("WORKBOOK_EVIDENCE", str(run / "evidence.json"))
    monkeypatch.setenv("WORKBOOK_RESULTS", str(run))
    monkeypatch.setenv("WORKBOOK_SCENARIOS", str(tmp_path / "acme"))

    def opened(name: str, query: str = "") -> Page:
        monkeypatch.setenv("QUERY_STRING", query)
        return open_page(name, evidence_path="ignored")

    opened.home = tmp_path / "acme"  # type: ignore[attr-defined]
    return opened


def test_the_pages_script_carries_every_lever_and_nothing_else() -> None:
    script = (static.HERE / static.TEMPLATE_STATIC / "page.js").read_text(encoding="utf-8")
    listed = re.search(r"const KEYS = \[(.*?)\]", script, re.DOTALL)
    assert listed is not None
    assert re.findall(r'"([a-z_]+)"', listed.group(1)) == list(LEVERS)


def test_every_lever_lies_in_a_scenario_and_on_some_page() -> None:
    plain = Scenario().model_dump()
    for lever in LEVERS.values():
        group, _, name = lever.field.rpartition(".")
        assert group == "overrides" or name in (plain[group] if group else plain)
    assert {key for page in PAGES.values() for key in page.levers} == set(LEVERS)


@given(home=st.floats(0, 1e9), wished=st.floats(0, 1e10))
@settings(max_examples=60, deadline=None)
def test_a_clients_own_budget_is_a_step_and_every_wish_lands_on_a_step(home: float, wished: float) -> None:
    found = reach(LEVERS["budget"], home)
    assert found.on_step(home) == pytest.approx(home, abs=1e-6)
    landed = levers.wide(found, min(wished, levers.MOST_MONEY)).on_step(wished)
    steps = (landed - found.low) / found.step
    assert steps == pytest.approx(round(steps), abs=1e-6)
    assert abs(landed - wished) <= found.step or wished < found.low


@given(
    values=st.fixed_dictionaries(
        {},
        optional={
            key: st.integers(0, 40).map(lambda n, r=found: r.on_step(r.low + n * r.step))
            for key, found in REACHES.items()
        },
    )
)
@settings(max_examples=60, deadline=None)
def test_levers_moved_and_moved_back_leave_the_scenario_as_it_was(values: dict[str, float]) -> None:
    home = Scenario(name="lean", overrides={"days_to_fill": 90.0})
    there = with_values(home, home, values, REACHES)
    back = with_values(there, home, {key: REACHES[key].home for key in values}, REACHES)
    assert back == home


def test_a_lever_says_in_the_scenario_what_its_slider_says() -> None:
    moved = with_values(
        Scenario(),
        Scenario(),
        {"budget": 60_000, "cohort": 12, "start": 3, "effect": 0.2, "technical": 0.3, "risk": 0.5, "hours": 40,
         "growth_per_year": 0.3, "weight_turnover": 2.0},
        REACHES,
    )  # fmt: skip
    assert moved == Scenario(
        budget_money=60_000,
        cohort_size=12,
        start_month=3,
        overrides={"d_leadership": 0.2},
        minimum_technical_share=0.3,
        risk_aversion_share=0.5,
        hours_away_per_person=40,
        thresholds=Thresholds(growth_per_year=0.3),
        weights=UnitWeights(turnover=2.0),
    )
    top = with_values(moved, Scenario(), {"hours": REACHES["hours"].high}, REACHES)
    assert top.hours_away_per_person is None


@pytest.mark.parametrize(
    ("query", "budget", "cohort", "refused"),
    [
        ("budget=120000&cohort=30", 120_000.0, 30, ()),
        ("budget=121234.56", 120_000.0, None, ()),
        ("budget=-1&cohort=0", None, None, ("Budget", "Cohort size")),
        ("budget=nan&cohort=inf", None, None, ("Budget", "Cohort size")),
        ("budget=1e99&cohort=99999", None, None, ("Budget", "Cohort size")),
        ("budget=1&budget=2", None, None, ("Budget",)),
        ("budget=%3Cscript%3E&cohort=__import__", None, None, ("Budget", "Cohort size")),
        ("budget=٣٤٥", None, None, ("Budget",)),
        ("budget=", None, None, ("Budget",)),
        ("budget=" + "9" * 1500, None, None, ("Budget",)),
        ("start=13&risk=2&effect=-1", None, None, ("Start in", "Effect of leadership training",
                                                   "Weight of the worst fifth of draws")),
        ("other=1&utm=x", None, None, ()),
        ("", None, None, ()),
    ],
)  # fmt: skip
def test_R41_an_address_moves_a_lever_or_is_told_that_it_cannot(
    query: str, budget: float | None, cohort: int | None, refused: tuple[str, ...]
) -> None:
    good, bad = read_address(query).within(REACHES)
    scenario = with_values(Scenario(), Scenario(), good, REACHES)
    assert set(bad) == set(refused)
    assert scenario.cohort_size == cohort
    assert (scenario.budget_money is None) == (budget is None)
    if budget is not None:
        assert math.isclose(scenario.budget_money or 0, budget, abs_tol=REACHES["budget"].step)


def test_R41_an_endless_address_is_not_read() -> None:
    asked = read_address("budget=1&" * 10_000)
    assert dict(asked.values) == {}
    assert asked.scenario is None


def test_a_forged_address_shows_the_clients_own_figures_and_says_so(served: Any) -> None:
    page = served("week2", "budget=lots&cohort=12")
    plain = served("week2", "cohort=12")
    assert page.scenario == plain.scenario
    assert page.header().facts["notice"] == REFUSED.format("“Budget”")
    assert plain.header().facts["notice"] == ""


@pytest.mark.parametrize("name", list(PAGES))
def test_a_page_opened_at_a_moved_lever_shows_what_is_computed_there(name: str, served: Any) -> None:
    page = served(name, "cohort=12&growth_per_year=0.5")
    scenario = Scenario(draws=256, cohort_size=12, thresholds=Thresholds(growth_per_year=0.5))
    assert page.scenario == scenario
    assert page.parts["week1"] == weeks.week1(CLIENT, scenario)
    assert page.header().facts["answer"] == weeks.decide(CLIENT, scenario, page.parts["week1"]).answer
    assert page.rough == bool(page.levers)


def test_an_address_names_a_saved_scenario_and_moves_on_from_it(served: Any) -> None:
    save_scenario(served.home, Scenario(name="lean", cohort_size=9, overrides={"d_leadership": 0.2}), CLIENT)
    page = served("week2", "scenario=lean")
    assert page.scenario == Scenario(name="lean", draws=256, cohort_size=9, overrides={"d_leadership": 0.2})
    sliders = {slider["key"]: slider["start"] for slider in page.controls().sliders}
    assert (sliders["cohort"], sliders["effect"]) == (9.0, 0.2)
    moved = served("week2", "scenario=lean&cohort=20")
    assert (moved.scenario.cohort_size, moved.scenario.overrides) == (20, {"d_leadership": 0.2})
    facts = moved.header().facts
    assert (facts["scenario"], facts["moved"]) == ("lean", True)


@pytest.mark.parametrize("name", ["gone", "../../etc/passwd", "LEAN", "base%00"])
def test_R41_an_address_cannot_name_what_is_not_a_saved_scenario(name: str, served: Any) -> None:
    page = served("start", f"scenario={name}")
    assert page.scenario == Scenario(draws=256)
    assert page.notice == "The address names a scenario that is not saved here; the page shows what client.yml says."
