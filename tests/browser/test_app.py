"""The app in a real Chromium with name resolution blocked: offline, drawn, moved by keyboard, readable everywhere."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Page, WebSocket, expect

from tests.browser.conftest import DRAWS, PATIENCE, Opened, keep, listening
from workbook import weeks
from workbook.evidence import Evidence
from workbook.results import Results
from workbook.runner.notebooks import NOTEBOOKS
from workbook.scenario import Scenario
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
VALUES = "() => [...document.querySelectorAll('.wb-tile-value')].map((node) => node.textContent)"
OVERFLOW = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"
MOVED = "() => document.querySelector('.wb-controls').dataset.exact === 'yes'"


def press(page: Page, slider: str, key: str, times: int) -> float:
    """Move a slider by keyboard, wait for the exact answer, return where it stands."""
    thumb = page.locator(f"input[name={slider}]")
    page.evaluate("() => { document.querySelector('.wb-controls').dataset.exact = '' }")
    thumb.focus()
    for _ in range(times):
        page.keyboard.press(key)
    page.wait_for_function(MOVED, timeout=PATIENCE)
    return float(thumb.input_value())


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
    budget = press(page, "budget", "ArrowLeft", 28)
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


def test_week_3_follows_the_cohort_slider_to_what_the_model_computes_there(
    pages: dict[str, Opened], evidence: Evidence, results: Results
) -> None:
    page = pages["week3_options"].page
    before = page.evaluate(VALUES)
    cohort = press(page, "cohort", "ArrowLeft", 24)
    assert cohort == results.facts.cohort_size - 24
    scenario = Scenario(draws=DRAWS, budget_money=results.facts.budget_money, cohort_size=round(cohort))
    week3 = weeks.week3(evidence, scenario, results.week1)
    tiles = week3_figures.tiles(week3, weeks.facts(evidence, scenario))
    assert page.evaluate(VALUES) == [tile.value for tile in tiles] != before


def test_week_4_follows_the_cohort_slider(pages: dict[str, Opened], evidence: Evidence, results: Results) -> None:
    page = pages["week4_pilot"].page
    cohort = round(press(page, "cohort", "ArrowLeft", 20))
    scenario = Scenario(draws=DRAWS, cohort_size=cohort)
    week3 = weeks.week3(evidence, scenario, results.week1)
    verdict = weeks.decide(evidence, scenario, results.week1)
    week4 = weeks.week4(evidence, scenario, results.week1, week3, verdict)
    tiles = week4_figures.tiles(week4, weeks.facts(evidence, scenario))
    assert page.evaluate(VALUES) == [tile.value for tile in tiles]


def test_a_threshold_of_week_1_changes_a_status(pages: dict[str, Opened]) -> None:
    page = pages["week1_risk_map"].page
    growth = page.locator(".wb-tile[data-key*=growth] .wb-status")
    before = growth.text_content()
    press(page, "growth_per_year", "End", 1)
    press(page, "uncovered_share", "End", 1)
    statuses = page.locator(".wb-tile .wb-status").all_text_contents()
    assert before == "present"
    assert "clear" in statuses


def test_the_links_carry_what_was_moved_and_the_next_page_starts_there(
    pages: dict[str, Opened], site: str, results: Results
) -> None:
    page = pages["week2_cost_of_delay"].page
    budget = press(page, "budget", "ArrowRight", 4)
    link = page.locator("a[rel=next]").get_attribute("href")
    assert link == f"week3_options.ipynb?budget={budget:.0f}&cohort={results.facts.cohort_size}"
    page.click("a[rel=next]")
    page.wait_for_selector("input[name=budget]", timeout=PATIENCE)
    assert float(page.locator("input[name=budget]").input_value()) == budget
    assert page.url.startswith(f"{site}/voila/render/week3_options.ipynb?budget={budget:.0f}&")


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_a_page_fits_a_phone_and_reads_in_the_dark(name: str, pages: dict[str, Opened]) -> None:
    page = pages[name].page
    page.set_viewport_size({"width": 390, "height": 844})
    page.wait_for_timeout(400)
    assert page.evaluate(OVERFLOW) <= 0
    keep(page, f"{name}-390")
    page.set_viewport_size({"width": 1440, "height": 900})
    page.emulate_media(color_scheme="dark")
    page.wait_for_timeout(400)
    assert page.evaluate("() => getComputedStyle(document.body).backgroundColor") == "rgb(15, 20, 26)"
    keep(page, f"{name}-dark")
    page.emulate_media(color_scheme="light", media="screen")


def test_paper_shows_figures_and_hides_what_cannot_be_pressed(pages: dict[str, Opened]) -> None:
    page = pages["week4_pilot"].page
    page.emulate_media(media="print")
    for hidden in (".wb-tools", ".wb-turn", ".wb-reset"):
        assert page.locator(hidden).first.is_hidden()
    assert page.locator(".wb-chart svg").first.is_visible()
    page.emulate_media(media="screen")


def test_a_page_that_is_left_ends_its_kernel(site: str, browser: Browser) -> None:
    opened = listening(browser.new_page())
    sockets: list[WebSocket] = []
    opened.page.on("websocket", lambda socket: sockets.append(socket))
    opened.page.goto(f"{site}/voila/render/start.ipynb", wait_until="commit", timeout=PATIENCE)
    opened.painted()
    opened.page.goto(f"{site}/voila/render/followup_30_60_90.ipynb", wait_until="commit", timeout=PATIENCE)
    opened.painted()
    assert [socket.is_closed() for socket in sockets] == [True, False]
    assert opened.complaints == []
    opened.page.close()
