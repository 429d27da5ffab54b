"""Client text in charts, tables, tooltips and tiles of the real widgets, without a server: nothing of it runs."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser

from tests.browser.conftest import keep, listening
from workbook.view import static
from workbook.view.figure import Column, Figure
from workbook.view.header import Header
from workbook.view.live_chart import _state
from workbook.view.widgets import script

PAYLOADS = (
    "</script><img src=x onerror=\"window.hacked='markup'\">",
    "<svg onload=\"window.hacked='svg'\">",
    "javascript:window.hacked='link'",
    '"><iframe srcdoc="<script>parent.hacked=\'frame\'</script>">',
    "${window.hacked='template'}",
)
STUB = """
const widget = async (source, state) => {
  const url = URL.createObjectURL(new Blob([source], { type: "text/javascript" }));
  const module = await import(url);
  const el = document.createElement("div");
  el.style.width = "640px";
  document.body.append(el);
  const model = { get: (name) => state[name], on: () => {}, off: () => {}, send: () => {} };
  module.default.render({ model, el });
  return el;
};
window.workbookVega = Promise.resolve(window.workbookVegaEmbed);
"""


def hostile_figure(payload: str) -> Figure:
    encoding = {
        "x": {"field": "value", "type": "quantitative", "axis": {"title": payload}},
        "y": {"field": "label", "type": "nominal"},
        "color": {"field": "label", "type": "nominal", "legend": {"title": payload}},
        "tooltip": [{"field": "label", "title": payload}, {"field": "value"}],
        "href": {"field": "link", "type": "nominal"},
    }
    return Figure(
        key=payload,
        title=payload,
        text=payload,
        note=payload,
        spec={"data": {"name": "rows"}, "mark": "bar", "encoding": encoding},
        data={"rows": [{"label": payload, "value": 3, "link": payload}, {"label": "Platform", "value": 5, "link": ""}]},
        columns=(Column("label", payload), Column("value", "Money")),
        table=((payload, payload), ("Platform", "5")),
    )


@pytest.fixture(scope="module")
def bench(browser: Browser) -> Any:
    """A bare page with the Vega bundle and a model that only answers questions."""
    page = browser.new_page(viewport={"width": 800, "height": 900})
    opened = listening(page)
    page.set_content(f"<!DOCTYPE html><html><head><style>{static.stylesheet()}</style></head><body></body></html>")
    page.add_script_tag(content=static.vega_bundle().decode(), type="module")
    page.wait_for_function("() => window.workbookVegaEmbed && window.workbookThemes")
    page.add_script_tag(content=STUB + "window.widget = widget;")
    yield opened
    page.close()


@pytest.mark.parametrize("payload", PAYLOADS)
def test_R36_client_text_in_a_chart_is_drawn_as_text_and_never_runs(payload: str, bench: Any) -> None:
    page = bench.page
    page.evaluate("() => document.body.replaceChildren()")
    state = json.loads(json.dumps(_state(hostile_figure(payload), (payload, payload))))
    page.evaluate("([source, state]) => { window.widget(source, state) }", [script("live_chart"), state])
    page.wait_for_selector(".wb-chart[data-drawn=yes]")
    assert page.locator(".wb-chart-title").text_content() == payload
    page.locator(".wb-chart svg .mark-rect path").first.hover()
    page.wait_for_selector(".wb-tooltip:not([hidden])")
    assert payload in page.locator(".wb-tooltip").text_content()
    page.locator(".wb-chart-details summary").first.click()
    assert page.locator("tbody th").first.text_content() == payload
    page.locator(".wb-chart svg .mark-rect path").first.click()
    assert page.locator("iframe, .wb-chart img").count() == 0
    assert page.evaluate("() => window.hacked") is None
    assert bench.complaints == []


@pytest.mark.parametrize("payload", PAYLOADS)
def test_R37_client_text_in_tiles_prose_and_header_is_text(payload: str, bench: Any) -> None:
    page = bench.page
    page.evaluate("() => document.body.replaceChildren()")
    tile = dict.fromkeys(("key", "label", "value", "note", "status", "tone"), payload)
    blocks = [
        *({"kind": kind, "text": payload} for kind in ("heading", "lead", "paragraph", "note")),
        {"kind": "list", "items": [payload]},
        {"kind": "facts", "items": [[payload, payload]]},
        {"kind": "table", "columns": [payload, payload], "rows": [[payload, payload]], "caption": payload},
    ]
    facts = dict.fromkeys(("name", "line", "badge", "answer", "answer_words", "certainty", "page"), payload)
    header = {
        "facts": {**facts, "notice": payload, "scenario": payload, "moved": True},
        "saved": [{"name": "lean", "words": payload}],
        "cannot_keep": payload,
        "names": {payload: [payload]},
    }
    shown = {
        "tiles": {"tiles": [tile], "whys": {payload: [payload, payload]}},
        "prose": {"blocks": blocks},
        "header": header,
    }
    for name, state in shown.items():
        page.evaluate("([source, state]) => { window.widget(source, state) }", [script(name), state])
    page.wait_for_selector(".wb-client-name")
    assert page.locator(".wb-tile-value").text_content() == payload
    page.locator(".wb-tile-ask").click()
    assert page.locator(".wb-tile-why-how").text_content() == payload
    assert page.locator(".wb-client-name").text_content() == payload
    assert page.locator("body script, iframe, img, body > div svg").count() == 0
    assert page.evaluate("() => window.hacked") is None
    assert Header(facts=facts).words().count(payload) == 5


def test_R44_a_table_taken_away_runs_no_formula_and_leaves_numbers_as_they_are(bench: Any) -> None:
    page = bench.page
    page.evaluate("() => document.body.replaceChildren()")
    harmful = ("=1+1", "+SUM(A1:A9)", "-2+3+cmd|' /C calc'!A0", "@SUM(1)", "\t=1", "\r=1", '=HYPERLINK("x","y")', "-")
    harmless = ("-5", "-1.5%", "+0.30", "−£3k", "-1,204.5", "1 200", "a=b", 'say "no", twice', "")
    figure = Figure(
        key="R44",
        title="Cells",
        text="Cells",
        columns=(Column("cell", "=cell"), Column("value", "Value")),
        table=tuple((cell, "1") for cell in (*harmful, *harmless)),
    )
    state = json.loads(json.dumps(_state(figure, None)))
    page.evaluate("([source, state]) => { window.widget(source, state) }", [script("live_chart"), state])
    with page.expect_download() as got:
        page.get_by_role("button", name="CSV", exact=True).click()
    text = Path(got.value.path()).read_bytes().decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text, newline="")))
    assert rows[0] == ["'=cell", "Value"]
    assert [row[0] for row in rows[1:]] == [*(f"'{cell}" for cell in harmful), *harmless]
    assert got.value.suggested_filename == "r44.csv"


def test_a_chart_in_a_narrow_card_redraws_to_its_width(bench: Any) -> None:
    page = bench.page
    page.evaluate("() => document.body.replaceChildren()")
    state = json.loads(json.dumps(_state(hostile_figure("Sales"), None)))
    page.evaluate("([source, state]) => { window.widget(source, state) }", [script("live_chart"), state])
    page.wait_for_selector(".wb-chart[data-drawn=yes]")
    wide = page.locator(".wb-chart svg").bounding_box()["width"]
    page.evaluate("() => { document.body.firstElementChild.style.width = '320px' }")
    page.wait_for_function("() => document.querySelector('.wb-chart svg').getBoundingClientRect().width <= 322")
    assert 630 <= wide <= 642
    keep(page, "chart-narrow")
