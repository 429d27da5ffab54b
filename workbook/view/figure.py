"""A figure: the finding as its title, a chart, the table behind it and the same in words."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Column:
    """A column of the table behind a chart: `field` in the rows, its `label`, and its cells already worded."""

    field: str
    label: str


@dataclass(frozen=True)
class Figure:
    """What a chart shows, ready for any medium.

    `title` states the finding. `spec` is Vega-Lite whose data are all named (`{"data": {"name": "rows"}}`, or several
    names), without title and without width, so that it reflows; `data` maps each name to its rows. `columns` and
    `table` are the worded table behind the chart. `text` holds the finding and its figures in plain text: nbval
    compares it and screen readers read it. `note` gives units, interval, n and source.
    """

    key: str
    title: str
    text: str
    note: str = ""
    spec: dict[str, Any] | None = None
    data: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    columns: tuple[Column, ...] = ()
    table: tuple[tuple[str, ...], ...] = ()
    height: int = 260


@dataclass(frozen=True)
class Tile:
    """A key figure: its label, the figure worded, a line beneath, and a status that also has a word."""

    key: str
    label: str
    value: str
    note: str = ""
    status: str = ""
