"""A chart that gets its Vega-Lite once and afterwards only data."""

from __future__ import annotations

from typing import Any

import traitlets

from workbook.view.bundle import bundle
from workbook.view.figure import Figure
from workbook.view.figures.draw import fixed_spec
from workbook.view.picture import shown
from workbook.view.static import in_voila, stylesheet, vega_bundle
from workbook.view.widgets import Shown, script

Why = tuple[str, str] | None


class LiveChart(Shown):
    """A figure: finding, chart, note, the table behind it, downloads, and why: its formula and its source."""

    _esm = script("live_chart")
    _css = "" if in_voila() else stylesheet()
    key = traitlets.Unicode().tag(sync=True)
    title = traitlets.Unicode().tag(sync=True)
    text = traitlets.Unicode().tag(sync=True)
    note = traitlets.Unicode().tag(sync=True)
    spec = traitlets.Dict(allow_none=True, default_value=None).tag(sync=True)
    data = traitlets.Dict().tag(sync=True)
    columns: traitlets.List[str] = traitlets.List().tag(sync=True)
    table: traitlets.List[list[str]] = traitlets.List().tag(sync=True)
    why: traitlets.List[str] = traitlets.List().tag(sync=True)
    height = traitlets.Int(260).tag(sync=True)

    def __init__(self, figure: Figure, why: Why = None) -> None:
        super().__init__(**_state(figure, why))
        self.figure = figure
        self.on_msg(self._answer)

    def show(self, figure: Figure, why: Why = None) -> None:
        """Show another figure; only what differs is sent, in one message."""
        self.figure = figure
        with self.hold_sync():
            for name, value in _state(figure, why).items():
                setattr(self, name, value)

    def words(self) -> str:
        """The finding and its figures."""
        return self.figure.text

    def _repr_mimebundle_(self, **_: object) -> tuple[dict[str, Any], dict[str, Any]]:
        more = None if in_voila() or self.figure.spec is None else shown(self.figure)
        return bundle(model_id=self.shown_as(), text=self.words(), more=more), {}

    def _answer(self, _: object, content: object, buffers: object) -> None:
        if isinstance(content, dict) and content.get("kind") == "vega":
            self.send({"kind": "vega"}, [vega_bundle()])


def _state(figure: Figure, why: Why) -> dict[str, Any]:
    return {
        "key": figure.key,
        "title": figure.title,
        "text": figure.text,
        "note": figure.note,
        "spec": None if figure.spec is None else fixed_spec(figure),
        "data": figure.data,
        "columns": [column.label for column in figure.columns],
        "table": [list(row) for row in figure.table],
        "height": figure.height,
        "why": list(why or ()),
    }
