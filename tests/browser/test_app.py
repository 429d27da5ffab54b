"""The app in a real Chromium with name resolution blocked: offline, drawn, moved by keyboard, readable everywhere."""

from __future__ import annotations

import contextlib
import time
from pathlib import Path

import psutil
import pytest
from playwright.sync_api import Browser, expect

from tests.browser.conftest import DRAWS, MOVED, PATIENCE, VALUES, Opened, keep, listening, move
from workbook import weeks
from workbook.evidence import Evidence
from workbook.results import Results
from workbook.runner.notebooks import NOTEBOOKS
from workbook.scenario import Scenario, Thresholds, UnitWeights
from workbook.scenarios import load_scenario
from workbook.view.figures import week1 as week1_figures
from workbook.view.figures import week1_people, week2_unknown
from workbook.view.figures import week2 as week2_figures
from workbook.view.figures import week3 as week3_figures
from workbook.view.figures import week4 as week4_figures
from workbook.words import Words

MARKS = """() => [...document.querySelectorAll(".wb-chart[data-drawn]")].map((chart) => ({
  key: chart.dataset.key,
  marks: chart.querySelectorAll("svg .mark-group path, svg .mark-rect path, svg .mark-symbol path, svg .mark-line path,"
    + " svg .mark-area path, svg .mark-rule line").length,
  label: chart.querySelector("[role=img]").getAttribute("aria-label"),
}))"""


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_a_page_is_drawn_without_a_request_leaving_the_machine(
    name: str, pages: dict[str, Opened], site: str, results: Results
) -> None:
    opened = pages[name]
    page = opened.page
    keep(page, f"{name}-desktop")
    assert opened.asked_outside(site) == []
    assert opened.complaints == []
    drawn = page.evaluate(MARKS)
    assert len(drawn) >= 1
    assert [chart["key"] for chart in drawn if chart["marks"] == 0] == []
    assert all(chart["label"] for chart in drawn)
    assert page.locator("h1").count() == 1
    assert results.facts.name in page.title()
    verdict = results.verdict.answer.capitalize()
    expect(page.locator(".wb-answer")).to_have_text(verdict)
    expect(page.locator(".wb-steps a[aria-current=page]")).to_have_count(1)
    assert page.locator(".wb-message:visible, .wb-problem:visible").count() == 0


def test_week_2_follows_the_budget_slider_to_what_the_model_computes_there(
    pages: dict[str, Opened], evidence: Evidence, results: Results
) -> None:
    page = pages["week2_cost_of_delay"].page
    before = page.evaluate(VALUES)
    budget = move(page, "budget", "ArrowLeft", 28)
    assert budget < results.facts.budget_money
    scenario = Scenario(draws=DRAWS, budget_money=budget, cohort_size=results.facts.cohort_size)
    week2 = weeks.week2(evidence, scenario, results.week1)
    tiles = week2_figures.tiles(week2, weeks.facts(evidence, scenario))
    assert page.evaluate(VALUES) == [tile.value for tile in tiles] != before
    output = page.locator("output.wb-slider-value").first
    said = Words.of(results.facts).money_full(budget)
    expect(output).to_have_text(said)
    assert page.locator("input[name=budget]").get_attribute("aria-valuetext") == said
    keep(page, "week2_cost_of_delay-moved")


MOVES_MEANWHILE = """(key) => {
  window.seen = [];
  const chart = document.querySelector(`[data-key=${key}] [role=img]`);
  const form = document.querySelector(".wb-controls");
  const slider = form.querySelector("input[name=budget]");
  const note = () => seen.push([Number(form.dataset.answered), form.dataset.exact, chart.getAttribute("aria-label")]);
  const meanwhile = () => {
    note();
    const exactUnderWay = form.dataset.exact === "no" && form.hasAttribute("aria-busy");
    if (window.dropped || !exactUnderWay) return;
    window.dropped = { number: Number(form.dataset.answered) + 1, budget: Number(slider.value) };
    slider.value = slider.max;
    slider.dispatchEvent(new Event("input", { bubbles: true }));
  };
  const attributes = ["data-answered", "data-exact", "aria-busy"];
  new MutationObserver(meanwhile).observe(form, { attributes: true, attributeFilter: attributes });
  new MutationObserver(note).observe(chart, { attributes: true, attributeFilter: ["aria-label"] });
}"""


def test_a_move_during_the_exact_pass_is_answered_first_and_the_pass_is_never_painted(
    site: str, browser: Browser, evidence: Evidence, results: Results
) -> None:
    def learnt(budget: float) -> str:
        scenario = Scenario(draws=DRAWS, budget_money=budget, cohort_size=results.facts.cohort_size)
        week2 = weeks.week2(evidence, scenario, results.week1)
        return week2_unknown.information(week2, weeks.facts(evidence, scenario)).text

    opened = listening(browser.new_page())
    page = opened.page
    page.goto(f"{site}/voila/render/week2_cost_of_delay.ipynb", wait_until="commit", timeout=PATIENCE)
    opened.painted()
    page.evaluate(MOVES_MEANWHILE, "week2-information")
    page.locator("input[name=budget]").focus()
    for _ in range(32):
        page.keyboard.press("ArrowLeft")
    page.wait_for_function("() => window.dropped", timeout=PATIENCE)
    page.wait_for_function(MOVED, timeout=PATIENCE)
    dropped, seen = page.evaluate("() => [window.dropped, window.seen]")
    answered = list(dict.fromkeys(number for number, _, _ in seen))[-3:]
    assert answered == [dropped["number"] + step for step in (-1, 1, 2)]
    assert [exact for number, exact, _ in seen if number == dropped["number"] + 1][-1] == "no"
    at_the_end = learnt(float(page.locator("input[name=budget]").get_attribute("max")))
    assert seen[-1][-1] == at_the_end
    assert learnt(dropped["budget"]) not in {at_the_end, *(text for _, _, text in seen)}
    assert opened.complaints == []
    page.close()


def test_week_3_follows_the_cohort_slider_to_what_the_model_computes_there(
    pages: dict[str, Opened], evidence: Evidence, results: Results
) -> None:
    page = pages["week3_options"].page
    before = page.evaluate(VALUES)
    cohort = move(page, "cohort", "ArrowLeft", 24)
    assert cohort == results.facts.cohort_size - 24
    scenario = Scenario(draws=DRAWS, budget_money=results.facts.budget_money, cohort_size=round(cohort))
    week3 = weeks.week3(evidence, scenario, results.week1)
    tiles = week3_figures.tiles(week3, weeks.facts(evidence, scenario))
    assert page.evaluate(VALUES) == [tile.value for tile in tiles] != before


def test_week_4_follows_the_cohort_slider(pages: dict[str, Opened], evidence: Evidence, results: Results) -> None:
    page = pages["week4_pilot"].page
    cohort = round(move(page, "cohort", "ArrowLeft", 20))
    scenario = Scenario(draws=DRAWS, cohort_size=cohort)
    week3 = weeks.week3(evidence, scenario, results.week1)
    verdict = weeks.decide(evidence, scenario, results.week1)
    week4 = weeks.week4(evidence, scenario, results.week1, week3, verdict)
    tiles = week4_figures.tiles(week4, weeks.facts(evidence, scenario))
    assert page.evaluate(VALUES) == [tile.value for tile in tiles]


def test_week_1_follows_thresholds_and_weights_to_what_is_computed_there(
    pages: dict[str, Opened], evidence: Evidence, results: Results
) -> None:
    page = pages["week1_risk_map"].page
    page.locator(".wb-slider-group > summary").click()
    growth = move(page, "growth_per_year", "End", 1)
    weight = move(page, "weight_delivery", "End", 1)
    scenario = Scenario(
        draws=DRAWS, thresholds=Thresholds(growth_per_year=growth), weights=UnitWeights(delivery=weight)
    )
    week1 = weeks.week1(evidence, scenario)
    facts = weeks.facts(evidence, scenario)
    assert (growth, weight) == (0.6, 3.0)
    assert page.evaluate(VALUES) == [tile.value for tile in week1_figures.tiles(week1, facts)]
    statuses = page.locator(".wb-tile .wb-status").all_text_contents()
    assert statuses == [tile.status for tile in week1_figures.tiles(week1, facts)]
    ranked = week1_people.units(week1, facts)
    expect(page.locator("[data-key=week1-units] .wb-chart-title")).to_have_text(ranked.title)
    rows = page.locator("[data-key=week1-units] tbody th").all_text_contents()
    assert rows == [row[0] for row in ranked.table]
    assert page.url.endswith("?growth_per_year=0.6&weight_delivery=3")


def test_week_3_follows_its_limits_to_what_the_model_computes_there(
    pages: dict[str, Opened], evidence: Evidence, results: Results
) -> None:
    page = pages["week3_options"].page
    page.locator(".wb-reset").click()
    page.locator(".wb-slider-group > summary").click()
    technical = move(page, "technical", "ArrowRight", 6)
    hours = move(page, "hours", "ArrowLeft", 10)
    scenario = Scenario(draws=DRAWS, minimum_technical_share=technical, hours_away_per_person=hours)
    week3 = weeks.week3(evidence, scenario, results.week1)
    tiles = week3_figures.tiles(week3, weeks.facts(evidence, scenario))
    assert page.evaluate(VALUES) == [tile.value for tile in tiles]
    move(page, "hours", "End", 1)
    output = page.locator("output[for*=wb-hours]")
    expect(output).to_have_text("no limit")


def test_the_links_carry_what_was_moved_and_the_next_page_starts_there(
    pages: dict[str, Opened], site: str, results: Results
) -> None:
    page = pages["week2_cost_of_delay"].page
    budget = move(page, "budget", "ArrowRight", 4)
    link = page.locator("a[rel=next]").get_attribute("href")
    assert link == f"week3_options.ipynb?budget={budget:.0f}"
    page.click("a[rel=next]")
    page.wait_for_selector("input[name=budget]", timeout=PATIENCE)
    assert float(page.locator("input[name=budget]").input_value()) == budget
    assert page.url == f"{site}/voila/render/week3_options.ipynb?budget={budget:.0f}"


def test_a_reload_starts_where_the_slider_stood(pages: dict[str, Opened], results: Results) -> None:
    opened = pages["week4_pilot"]
    page = opened.page
    cohort = move(page, "cohort", "ArrowRight", 3)
    page.reload(wait_until="commit")
    opened.painted()
    assert float(page.locator("input[name=cohort]").input_value()) == cohort
    page.locator(".wb-reset").click()
    page.wait_for_function("() => !location.search")


def test_a_forged_address_is_answered_with_a_sentence(site: str, browser: Browser, results: Results) -> None:
    opened = listening(browser.new_page())
    forged = "?budget=%3Csvg%20onload%3D1%3E&cohort=7e9&scenario=../../x"
    opened.page.goto(f"{site}/voila/render/start.ipynb{forged}", wait_until="commit", timeout=PATIENCE)
    opened.painted()
    expect(opened.page.locator(".wb-client > .wb-message")).to_have_text(
        "The address names a scenario that is not saved here; the page shows what client.yml says. The address asks "
        "for a value of “Budget” and “Cohort size” that cannot be used; the usual one stands instead."
    )
    assert opened.page.locator("a[rel=next]").get_attribute("href") == "week1_risk_map.ipynb"
    assert opened.complaints == []
    opened.page.close()


def test_a_setting_is_kept_compared_and_opened_again_by_its_link(
    pages: dict[str, Opened], home: Path, results: Results, site: str
) -> None:
    opened = pages["week2_cost_of_delay"]
    page = opened.page
    page.goto(f"{site}/voila/render/week2_cost_of_delay.ipynb", wait_until="commit", timeout=PATIENCE)
    opened.painted()
    page.locator(".wb-slider-group > summary").click()
    effect = move(page, "effect", "ArrowLeft", 8)
    page.locator(".wb-scenarios > summary").click()
    page.fill(".wb-scenarios .wb-input", "weak-effect")
    page.keyboard.press("Enter")
    said = page.locator(".wb-message-plain")
    expect(said).to_have_text("Saved as “weak-effect”.", timeout=PATIENCE)
    out = home / "out" / results.client
    assert load_scenario(out, "weak-effect") == Scenario(name="weak-effect", overrides={"d_leadership": effect})
    budget = move(page, "budget", "ArrowLeft", 3)
    page.locator(".wb-scenarios-list input").check()
    page.get_by_role("button", name="Compare").click()
    table = page.locator(".wb-scenarios-outcome table")
    table.wait_for(timeout=PATIENCE)
    assert table.locator("thead th").all_text_contents() == ["", "Client's own", "weak-effect", "This page"]
    row = table.locator("tr", has_text="Budget").locator("td").all_text_contents()
    assert row[-1] == Words.of(results.facts).money_full(budget)
    keep(page, "week2_cost_of_delay-scenarios")
    page.locator(".wb-scenarios-list a", has_text="weak-effect").click()
    page.wait_for_url("**?scenario=weak-effect")
    opened.painted()
    expect(page.locator(".wb-scenarios summary")).to_have_text("Scenario: weak-effect")
    assert float(page.locator("input[name=effect]").input_value()) == effect
    assert page.locator("a[rel=next]").get_attribute("href") == "week3_options.ipynb?scenario=weak-effect"
    assert sorted(path.name for path in out.rglob("*") if path.is_file()) == [
        "evidence.json", "results.json", "weak-effect.json"
    ]  # fmt: skip


def test_a_unit_chosen_in_one_chart_is_followed_in_the_others_and_let_go_with_escape(pages: dict[str, Opened]) -> None:
    page = pages["week1_risk_map"].page
    chart = page.locator("[data-key=week1-units]")
    chart.locator(".role-mark path").first.click()
    unit = page.locator(".wb-select").input_value()
    assert unit
    expect(chart.locator("tbody tr.wb-picked th")).to_have_text([unit])
    other = page.locator("[data-key=week1-turnover]")
    expect(other.locator("text.wb-picked").first).to_have_text(unit)
    assert other.locator(".wb-unpicked").count() > 0
    page.keyboard.press("Escape")
    assert page.locator(".wb-picked, .wb-unpicked").count() == 0
    page.locator(".wb-select").focus()
    page.keyboard.press("ArrowDown")
    expect(page.locator(".wb-follow [role=status]")).to_contain_text("is highlighted in")
    page.keyboard.press("Escape")


def test_two_viewers_do_not_disturb_each_other(site: str, browser: Browser, results: Results) -> None:
    address = f"{site}/voila/render/week2_cost_of_delay.ipynb"
    first, second = (listening(browser.new_context().new_page()) for _ in range(2))
    for one in (first, second):
        one.page.goto(address, wait_until="commit", timeout=PATIENCE)
    for one in (first, second):
        one.painted()
    before = second.page.evaluate(VALUES)
    move(first.page, "budget", "Home", 1)
    moved = first.page.evaluate(VALUES)
    move(second.page, "cohort", "ArrowLeft", 10)
    assert second.page.evaluate(VALUES) not in (before, moved)
    assert first.page.evaluate(VALUES) == moved != before
    assert float(second.page.locator("input[name=budget]").input_value()) == results.facts.budget_money
    for one in (first, second):
        one.page.context.close()


def test_paper_shows_figures_and_hides_what_cannot_be_pressed(pages: dict[str, Opened]) -> None:
    page = pages["week4_pilot"].page
    page.emulate_media(media="print")
    for hidden in (".wb-tools", ".wb-turn", ".wb-reset"):
        assert page.locator(hidden).first.is_hidden()
    assert page.locator(".wb-chart svg").first.is_visible()
    page.emulate_media(media="screen")


def kernels() -> int:
    """Processes below this one that are a kernel or the server kernels are forked from."""
    found = 0
    for process in psutil.Process().children(recursive=True):
        with contextlib.suppress(psutil.Error):
            found += any("workbook.runner.kernels" in part or "ipykernel" in part for part in process.cmdline())
    return found


def test_a_page_that_is_left_ends_its_kernel(site: str, browser: Browser) -> None:
    opened = listening(browser.new_page())
    opened.page.goto(f"{site}/voila/render/start.ipynb", wait_until="commit", timeout=PATIENCE)
    opened.painted()
    with_one = kernels()
    for name in ("followup_30_60_90", "start", "week4_pilot"):
        opened.page.goto(f"{site}/voila/render/{name}.ipynb", wait_until="commit", timeout=PATIENCE)
        opened.painted()
    until = time.monotonic() + 20
    while kernels() > with_one and time.monotonic() < until:
        opened.page.wait_for_timeout(200)
    assert kernels() <= with_one
    assert opened.complaints == []
    opened.page.close()
