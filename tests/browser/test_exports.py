"""What a reader takes away or asks about: each chart's PNG, SVG and CSV, each tile's why, and a page that stands still.

One page of the committed sample is opened; its charts, tables and tiles are compared with what the model computed.
"""

from __future__ import annotations

import csv
import io
import struct
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.conftest import PAINTED, PATIENCE, VALUES, Opened, barriers, keep, listening, move
from workbook.results import Results
from workbook.view.figure import Figure
from workbook.view.figures import week2 as week2_figures
from workbook.view.why import tile_whys

NAME = "week2_cost_of_delay"
PNG = b"\x89PNG\r\n\x1a\n"
SVG = "{http://www.w3.org/2000/svg}svg"
MOST_SHIFT = 0.1
SHIFTS = """() => {
  window.shifts = [];
  new PerformanceObserver((seen) => window.shifts.push(...seen.getEntries().map((one) => one.value)))
    .observe({ type: "layout-shift", buffered: true });
}"""
CHARTS = "() => [...document.querySelectorAll('.wb-chart[data-drawn]')].map((chart) => chart.dataset.key)"


@pytest.fixture(scope="module")
def week2(site: str, browser: Browser) -> Iterator[Opened]:
    """The page of week 2, drawn."""
    opened = listening(browser.new_page(viewport={"width": 1280, "height": 900}))
    opened.page.goto(f"{site}/voila/render/{NAME}.ipynb", wait_until="commit", timeout=PATIENCE)
    opened.painted()
    yield opened
    opened.page.close()


@pytest.fixture(scope="module")
def figures(results: Results) -> dict[str, Figure]:
    """The figures of week 2 by key."""
    return {figure.key: figure for figure in week2_figures.figures(results.week2, results.facts)}


def taken(page: Page, chart: Locator, kind: str) -> tuple[str, bytes]:
    """Name and content of a chart's file, by its button."""
    with page.expect_download(timeout=PATIENCE) as got:
        chart.get_by_role("button", name=kind, exact=True).click()
    return got.value.suggested_filename, Path(got.value.path()).read_bytes()


def words_of(text: str) -> str:
    return " ".join(text.split())


def test_every_chart_of_a_page_is_taken_away_as_picture_drawing_and_table(
    week2: Opened, figures: dict[str, Figure]
) -> None:
    page = week2.page
    drawn = [key for key in page.evaluate(CHARTS) if key in figures]
    assert len(drawn) >= 8
    for key in drawn:
        figure, chart = figures[key], page.locator(f".wb-chart[data-key='{key}']")
        chart.locator("summary", has_text="Figures and downloads").click()
        name, picture = taken(page, chart, "PNG")
        wide, high = struct.unpack(">II", picture[16:24])
        box = chart.locator(".wb-chart-canvas").bounding_box()
        assert (name, picture[:8]) == (f"{key}.png", PNG)
        assert wide >= 2 * (box["width"] - 4)
        assert high > 2 * box["height"]
        name, drawing = taken(page, chart, "SVG")
        root = ElementTree.fromstring(drawing)
        said = words_of(" ".join(root.itertext()))
        assert (name, root.tag) == (f"{key}.svg", SVG)
        assert words_of(figure.title) in said
        assert words_of(figure.note) in said
        name, table = taken(page, chart, "CSV")
        rows = list(csv.reader(io.StringIO(table.decode("utf-8-sig"))))
        assert name == f"{key}.csv"
        assert rows == [[column.label for column in figure.columns], *(list(row) for row in figure.table)]
        chart.locator("summary", has_text="Figures and downloads").click()
    assert week2.complaints == []


def test_a_tiles_why_opens_and_closes_by_keyboard_and_stays_open_while_a_slider_moves(
    week2: Opened, results: Results
) -> None:
    page = week2.page
    asks, panels = page.locator(".wb-tile-ask"), page.locator(".wb-tile-why")
    tiles = week2_figures.tiles(results.week2, results.facts)
    told = tile_whys("week2", results.facts)
    names = [f"How “{tile.label}” is worked out" for tile in tiles]
    assert [ask.get_attribute("aria-label") for ask in asks.all()] == names
    asks.nth(1).focus()
    page.keyboard.press("Enter")
    expect(panels.nth(1)).to_be_visible()
    expect(asks.nth(1)).to_have_attribute("aria-expanded", "true")
    assert asks.nth(1).get_attribute("aria-controls") == panels.nth(1).get_attribute("id")
    assert panels.nth(1).locator("p").all_text_contents() == [
        f"{tiles[1].label}: how it is worked out",
        told[tiles[1].key][0],
        f"Source: {told[tiles[1].key][1]}",
    ]
    assert barriers(page) == []
    keep(page, f"{NAME}-why")
    before = page.evaluate(VALUES)
    panels.nth(1).evaluate("(node) => { node.firstChild.kept = 'same node' }")
    move(page, "budget", "ArrowLeft", 28)
    assert page.evaluate(VALUES) != before
    expect(panels.nth(1)).to_be_visible()
    assert panels.nth(1).evaluate("(node) => node.firstChild.kept") == "same node"
    page.locator(".wb-reset").click()
    asks.nth(2).focus()
    page.keyboard.press("Space")
    expect(panels.nth(2)).to_be_visible()
    expect(panels.nth(1)).to_be_hidden()
    page.keyboard.press("Escape")
    expect(panels.nth(2)).to_be_hidden()
    expect(asks.nth(2)).to_be_focused()
    expect(asks.nth(2)).to_have_attribute("aria-expanded", "false")


def test_an_open_why_fits_a_phone_in_the_dark_and_is_left_off_paper(week2: Opened) -> None:
    page = week2.page
    page.set_viewport_size({"width": 390, "height": 844})
    page.emulate_media(color_scheme="dark")
    page.locator(".wb-tile-ask").first.click()
    panel = page.locator(".wb-tile-why").first
    box = panel.bounding_box()
    first, second, third = (tile.bounding_box() for tile in page.locator(".wb-tile").all()[:3])
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= 390
    assert first["y"] == second["y"] < box["y"] < third["y"]
    assert page.evaluate("() => document.documentElement.scrollWidth") <= 390
    assert barriers(page) == []
    keep(page, f"{NAME}-why-390-dark")
    page.emulate_media(media="print", color_scheme="light")
    expect(panel).to_be_hidden()
    expect(page.locator(".wb-tile-ask").first).to_be_hidden()
    page.emulate_media(media="screen")
    page.keyboard.press("Escape")
    page.set_viewport_size({"width": 1280, "height": 900})


@pytest.mark.parametrize("size", [(1280, 900), (390, 844)], ids=["desktop", "phone"])
@pytest.mark.parametrize("name", [NAME, "week4_pilot"])
def test_nothing_jumps_from_first_paint_until_the_numbers_are_alive(
    name: str, size: tuple[int, int], site: str, browser: Browser
) -> None:
    page = browser.new_page(viewport={"width": size[0], "height": size[1]})
    page.add_init_script(f"({SHIFTS})()")
    page.goto(f"{site}/voila/render/{name}.ipynb", wait_until="commit", timeout=PATIENCE)
    page.wait_for_function(PAINTED, timeout=PATIENCE)
    page.wait_for_timeout(300)
    assert sum(page.evaluate("() => window.shifts")) < MOST_SHIFT
    page.close()
