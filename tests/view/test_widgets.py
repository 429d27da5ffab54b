"""Widgets: what they say in text, what they send, what they take from a browser."""

from __future__ import annotations

import base64
import math
import re
from typing import Any
from xml.etree import ElementTree

import pytest

from workbook.view import static, theme
from workbook.view.bundle import IN_RUN, WIDGET_VIEW
from workbook.view.controls import TROUBLE, Controls, Slider
from workbook.view.figure import Column, Figure, Tile
from workbook.view.header import Header
from workbook.view.live_chart import LiveChart
from workbook.view.picture import DRAWING, NO_IMAGES, drawing, picture
from workbook.view.widgets import Prose, Tiles, bullets, heading, lead, note, pairs, paragraph, table

PAYLOAD = "</script><img src=x onerror=alert(1)>"


def figure(*, value: float = 5.0, title: str = "Rework costs most") -> Figure:
    return Figure(
        key="leaks",
        title=title,
        text=f"{title}: {value:.0f} a month.",
        note="n = 4",
        spec={
            "mark": "bar",
            "data": {"name": "rows"},
            "encoding": {
                "x": {"field": "value", "type": "quantitative"},
                "y": {"field": "label", "type": "nominal"},
            },
        },
        data={"rows": [{"label": PAYLOAD, "value": value}]},
        columns=(Column("label", "Leak"), Column("value", "Money")),
        table=((PAYLOAD, f"{value:.0f}"),),
    )


def slider(**changes: Any) -> Slider:
    given: dict[str, Any] = {
        "key": "budget",
        "label": "Budget",
        "low": 300.0,
        "high": 1_000_300.0,
        "step": 10_000.0,
        "value": 400_300.0,
        "start": 400_300.0,
        "words": lambda value: f"{value:,.0f}",
    }
    return Slider(**given | changes)


def sent_by(widget: Any, monkeypatch: pytest.MonkeyPatch) -> list[tuple[Any, Any]]:
    sent: list[tuple[Any, Any]] = []
    monkeypatch.setattr(widget, "send", lambda content, buffers=None: sent.append((content, buffers)))
    return sent


def image_of(shown: str) -> str:
    """The SVG inside a picture."""
    found = re.search(r'src="data:image/svg\+xml;base64,([^"]+)"', shown)
    assert found is not None
    return base64.b64decode(found[1]).decode()


def test_a_chart_emits_widget_picture_and_text_in_one_bundle() -> None:
    data, metadata = LiveChart(figure())._repr_mimebundle_()
    assert set(data) == {WIDGET_VIEW, "text/html", "text/plain"}
    assert data["text/plain"] == "Rework costs most: 5 a month."
    assert metadata == {}


def test_a_picture_holds_the_finding_the_chart_and_its_note_and_nothing_of_a_clients_words_is_markup() -> None:
    shown = picture(drawing(figure(title=f"Rework {PAYLOAD}")))
    assert shown.startswith(
        '<figure style="margin:0"><figcaption><strong>Rework &lt;/script&gt;&lt;img src=x onerror=alert(1)&gt;'
        '</strong></figcaption><img width="720" alt="Rework &lt;/script&gt;'
    )
    assert shown.endswith("<p>n = 4</p></figure>")
    image = ElementTree.fromstring(image_of(shown))
    assert image.tag == "{http://www.w3.org/2000/svg}svg"
    assert PAYLOAD[:20] in "".join(image.itertext())
    tags = {element.tag.partition("}")[2] for element in image.iter()}
    assert tags & {"script", "image", "a", "foreignObject"} == set()


def test_in_a_run_a_chart_has_no_widget_and_leaves_a_drawing_that_gives_the_same_picture(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    drawn = LiveChart(figure())._repr_mimebundle_()[0]["text/html"]
    monkeypatch.setenv(IN_RUN, "1")
    left = LiveChart(figure())._repr_mimebundle_()[0]
    assert set(left) == {DRAWING, "text/plain"}
    assert picture(left[DRAWING]) == drawn


def test_the_apps_kernels_have_widgets_although_they_are_forked_from_the_process_a_runs_are_forked_from(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv(IN_RUN, "1")
    monkeypatch.setenv("SERVER_SOFTWARE", "voila/0.5")
    assert set(LiveChart(figure())._repr_mimebundle_()[0]) == {WIDGET_VIEW, "text/plain"}


def test_a_page_in_voila_needs_no_picture(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SERVER_SOFTWARE", "voila/0.5")
    assert set(LiveChart(figure())._repr_mimebundle_()[0]) == {WIDGET_VIEW, "text/plain"}


def test_a_picture_without_its_image_has_all_its_words(monkeypatch: pytest.MonkeyPatch) -> None:
    with_image = picture(drawing(figure()))
    monkeypatch.setenv(NO_IMAGES, "1")
    assert picture(drawing(figure())) == re.sub(r'(?<=base64,)[^"]+', "", with_image)


def test_a_figure_without_a_chart_has_no_picture() -> None:
    bare = Figure(key="a", title="No gap", text="No gap.")
    assert set(LiveChart(bare)._repr_mimebundle_()[0]) == {WIDGET_VIEW, "text/plain"}


def test_a_new_figure_sends_its_data_and_words_but_not_its_unchanged_spec(monkeypatch: pytest.MonkeyPatch) -> None:
    chart = LiveChart(figure())
    changed: list[str] = []
    chart.observe(lambda change: changed.append(change["name"]))
    chart.show(figure(value=7.0))
    assert set(changed) == {"text", "data", "table"}
    assert chart.words() == "Rework costs most: 7 a month."


def test_a_chart_gives_its_page_the_vega_bundle_when_asked_and_nothing_else(monkeypatch: pytest.MonkeyPatch) -> None:
    chart = LiveChart(figure())
    sent = sent_by(chart, monkeypatch)
    for forged in ("vega", None, {"kind": "other"}, 7, ["vega"]):
        chart._answer(chart, forged, [])
    assert sent == []
    chart._answer(chart, {"kind": "vega"}, [])
    assert sent == [({"kind": "vega"}, [static.vega_bundle()])]


def test_a_picture_of_a_figure_without_a_chart_is_refused() -> None:
    with pytest.raises(ValueError, match=r"^the figure 'a' has no chart; show its text$"):
        drawing(Figure(key="a", title="", text=""))


def test_tiles_say_label_value_status_and_note() -> None:
    row = Tiles.of([Tile(key="a", label="Growth", value="34%", note="n = 80", status="present")])
    assert row.words() == "Growth: 34% [present] (n = 80)"
    assert row.tiles[0]["tone"] == "bad"
    row.show([Tile(key="a", label="Growth", value="12%")])
    assert row.words() == "Growth: 12%"
    assert row.tiles[0]["tone"] == theme.tone("")


def test_prose_says_its_blocks_in_order() -> None:
    prose = Prose(
        blocks=[
            heading("Why"),
            lead("It pays."),
            paragraph("Most of it."),
            bullets(["one", "two"]),
            pairs([("Owner", "CFO")]),
            table(["Unit", "Seats"], [["Platform", "16"], ["Data", "4"]]),
            note("n = 20"),
        ]
    )
    assert prose.words().splitlines() == [
        "",
        "Why",
        "It pays.",
        "Most of it.",
        "  - one",
        "  - two",
        "  Owner: CFO",
        "  Unit      Seats",
        "  Platform  16",
        "  Data      4",
        "n = 20",
    ]


def test_the_header_says_client_date_and_verdict() -> None:
    facts = {"name": "Acme", "line": "GBP · as of 1 May 2026", "badge": "", "answer": "split"}
    header = Header(facts={**facts, "answer_words": "Split", "certainty": "71% certain", "page": "Start"})
    assert header.words() == "Acme · GBP · as of 1 May 2026\nVerdict so far: Split (71% certain)"


@pytest.mark.parametrize(
    ("wished", "taken"),
    [
        (423_000, 420_300.0),
        (0, 300.0),
        (1e300, 1_000_300.0),
        (-5, 300.0),
        (math.nan, 400_300.0),
        (math.inf, 400_300.0),
        ("500000", 400_300.0),
        (True, 400_300.0),
        (None, 400_300.0),
        ({"a": 1}, 400_300.0),
        ([1] * 1000, 400_300.0),
    ],
)
def test_a_forged_slider_value_lands_on_a_step_or_changes_nothing(wished: object, taken: float) -> None:
    assert slider().nearest(wished) == taken


def test_controls_answer_each_move_with_validated_values(monkeypatch: pytest.MonkeyPatch) -> None:
    moves: list[tuple[dict[str, float], bool]] = []
    controls = Controls([slider()], lambda values, exact: moves.append((values, exact)))
    sent = sent_by(controls, monkeypatch)
    controls._asked(controls, {"kind": "move", "number": 3, "exact": True, "values": {"budget": 1, "evil": 9}}, [])
    controls._asked(controls, {"kind": "move", "number": "x", "values": "nonsense"}, [])
    for ignored in (None, "move", {"kind": "else"}):
        controls._asked(controls, ignored, [])
    assert moves == [({"budget": 300.0}, True), ({"budget": 400_300.0}, False)]
    assert [content for content, _ in sent] == [
        {"kind": "done", "number": 3, "message": ""},
        {"kind": "done", "number": 0, "message": ""},
    ]
    assert controls.words() == "Budget: 400,300 (from 300 to 1,000,300)"


def test_R77_a_failing_recomputation_tells_the_reader_one_friendly_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(values: dict[str, float], exact: bool) -> None:
        raise RuntimeError("/secret/path.py line 3")

    controls = Controls([slider()], fails)
    monkeypatch.setattr(controls.log, "exception", lambda *_: None)
    sent = sent_by(controls, monkeypatch)
    controls._asked(controls, {"kind": "move", "number": 1, "values": {"budget": 500_300}}, [])
    assert sent == [({"kind": "done", "number": 1, "message": TROUBLE}, None)]
    assert controls.values == {"budget": 400_300.0}


def test_R36_no_script_of_ours_makes_markup_from_text() -> None:
    scripts = [*(static.HERE / "assets").glob("*.js"), *(static.HERE / static.TEMPLATE_STATIC).glob("*.js")]
    assert len(scripts) >= 7
    for path in scripts:
        code = re.sub(r"//.*", "", path.read_text(encoding="utf-8"))
        found = re.findall(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function", code)
        assert (path.name, found) == (path.name, [])


def test_pages_name_no_address_outside_this_machine() -> None:
    folder = static.HERE / "voila"
    ours = [path for path in [*folder.rglob("*"), *(static.HERE / "assets").iterdir()] if path.is_file()]
    addresses = {
        (path.name, address)
        for path in ours
        for address in re.findall(r"(?:https?:)?//[a-z][\w.-]+\.[a-z]{2,}", path.read_text(encoding="utf-8"))
    }
    assert {address for _, address in addresses} <= {"http://www.w3.org"}


def test_the_committed_palette_is_the_theme() -> None:
    committed = static.HERE / static.TEMPLATE_STATIC / "theme.css"
    assert committed.read_text(encoding="utf-8") == static.palette_css()


def test_the_bundle_is_made_once_and_served_whole(tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    import vl_convert

    made: list[str] = []
    monkeypatch.setenv("WORKBOOK_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(vl_convert, "javascript_bundle", lambda snippet: made.append(snippet) or f"/*vega*/{snippet}")
    static._folder.cache_clear()
    static.vega_bundle.cache_clear()
    try:
        folder = static.prepare()
        static.vega_bundle.cache_clear()
        assert static.prepare() == folder == tmp_path / "cache"
        served = (folder / static.TEMPLATE_STATIC / "vega.js").read_text(encoding="utf-8")
        assert made == [static.SNIPPET]
        assert served.startswith("/*vega*/window.workbookVegaEmbed = vegaEmbed;")
        assert "window.workbookThemes = " in served
        assert static.jupyter_path().split(static.os.pathsep)[:2] == [str(static.HERE), str(folder)]
    finally:
        static._folder.cache_clear()
        static.vega_bundle.cache_clear()


def test_a_cache_that_cannot_be_written_is_replaced_by_a_temporary_folder(
    tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("not a folder")
    monkeypatch.setenv("WORKBOOK_CACHE", str(blocked / "cache"))
    static._folder.cache_clear()
    try:
        assert static._folder().is_dir()
    finally:
        static._folder.cache_clear()
