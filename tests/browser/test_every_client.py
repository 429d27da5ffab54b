"""Every page of every sample client: drawn offline, without complaint, for a phone, in the dark, on paper, for all."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.browser.conftest import Opened, barriers, keep, opened_side_by_side, serving
from workbook import stages
from workbook.inputs import read_client
from workbook.measure import measure
from workbook.results import Results
from workbook.runner.notebooks import NOTEBOOKS
from workbook.scenario import Scenario

SAMPLES = Path(__file__).resolve().parents[2] / "data" / "samples"
CLIENTS = sorted(path.parent.name for path in SAMPLES.glob("*/client.yml"))
OVERFLOW = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"
MARKS = """() => [...document.querySelectorAll(".wb-chart[data-drawn]")]
  .filter((chart) => !chart.querySelector("svg .role-mark > *"))
  .map((chart) => chart.dataset.key)"""
UNNAMED = """() => [...document.querySelectorAll(".wb-chart[data-drawn] [role=img]")]
  .filter((node) => !node.getAttribute("aria-label")).length"""
TABLELESS = """() => [...document.querySelectorAll(".wb-chart[data-drawn]")]
  .filter((chart) => !chart.querySelector("tbody tr, .wb-list li"))
  .map((chart) => chart.dataset.key)"""


@pytest.fixture(scope="module", params=CLIENTS)
def client(
    request: pytest.FixtureRequest, chromium: str, browser: Browser, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[str, str, Results, dict[str, Opened]]]:
    """A sample client: its name, address, results and six open pages."""
    evidence = measure(read_client(SAMPLES / request.param))
    results = stages.compute_all(evidence, Scenario(draws=1024))
    folder = tmp_path_factory.mktemp(request.param)
    with serving(evidence, results, folder) as site, opened_side_by_side(site, browser) as pages:
        yield request.param, site, results, pages


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_a_page_is_whole_offline_on_every_screen_and_on_paper(
    name: str, client: tuple[str, str, Results, dict[str, Opened]]
) -> None:
    which, site, results, pages = client
    opened = pages[name]
    page = opened.page
    assert results.facts.name in page.title()
    assert page.locator("h1").count() == 1
    assert page.locator(".wb-answer").text_content() == results.verdict.answer.capitalize()
    assert page.evaluate(MARKS) == [], "charts without a mark"
    assert page.evaluate(TABLELESS) == [], "charts without a table behind them"
    assert page.evaluate(UNNAMED) == 0
    assert page.locator(".wb-chart .wb-message:visible, .wb-problem:visible").count() == 0
    keep(page, f"{which}-{name}-desktop")
    assert barriers(page) == []
    page.emulate_media(color_scheme="dark")
    page.set_viewport_size({"width": 390, "height": 844})
    page.wait_for_timeout(500)
    assert page.evaluate(OVERFLOW) <= 0
    assert page.evaluate("() => getComputedStyle(document.body).backgroundColor") == "rgb(15, 20, 26)"
    keep(page, f"{which}-{name}-390-dark")
    assert barriers(page) == []
    page.emulate_media(color_scheme="light")
    page.set_viewport_size({"width": 1280, "height": 900})
    paper = page.pdf(format="A4")
    assert paper.startswith(b"%PDF-")
    assert 1 <= paper.count(b"/Type /Page\n") <= 14
    assert opened.asked_outside(site) == []
    assert opened.complaints == []
