"""Parts that the pages' figures share: Vega-Lite pieces, and the one door through which text enters a figure."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from workbook import words
from workbook.results import Spread
from workbook.view import theme
from workbook.view.figure import Column, Figure, Tile
from workbook.words import Words, clean, significant

Rows = list[dict[str, Any]]
Spec = dict[str, Any]
STATUSES = ["good", "warn", "bad", "none", "plain"]
TRACKS = ["Leadership", "Technical"]
DIGITS_IN_ROWS = 7
LABEL_LINE = 14
CENTRED: Spec = {
    "condition": [
        {"test": f"length(split(datum.label, '\\n')) == {lines}", "value": -LABEL_LINE * (lines - 1) / 2}
        for lines in (2, 3, 4)
    ],
    "value": 0,
}


def figure(
    *,
    key: str,
    title: str,
    text: str,
    note: str = "",
    spec: Spec | None = None,
    rows: Rows | None = None,
    data: dict[str, Rows] | None = None,
    columns: Sequence[str] = (),
    table: Iterable[Sequence[object]] = (),
    height: int = 260,
) -> Figure:
    """A figure whose texts are cleaned and whose numbers are rounded to what a drawing needs."""
    named = data if data is not None else ({"rows": rows} if rows is not None else {})
    return Figure(
        key=re.sub(r"[^A-Za-z0-9_-]+", "-", key),
        title=clean(title),
        text=clean(text),
        note=clean(note),
        spec=spec,
        data={name: [_drawable(row) for row in values] for name, values in named.items()},
        columns=tuple(Column(field=f"c{i}", label=clean(label)) for i, label in enumerate(columns)),
        table=tuple(tuple(clean(cell) for cell in row) for row in table),
        height=height,
    )


def gap(
    *, key: str, title: str, why: str | None, columns: Sequence[str] = (), table: Iterable[Sequence[object]] = ()
) -> Figure:
    """A sentence in the place of a chart that cannot be drawn."""
    reason = clean(why or "there are no figures to show").rstrip(".")
    if title.endswith("insufficient data"):
        reason = re.sub(r"^insufficient data: ", "", reason, flags=re.IGNORECASE)
    return figure(
        key=key, title=title, text=f"{clean(title).rstrip('.')}: {reason}.", columns=columns, table=table, height=0
    )


def tile(*, key: str, label: str, value: str, note: str = "", status: str = "") -> Tile:
    """A key figure with cleaned text."""
    return Tile(key=key, label=clean(label), value=clean(value), note=clean(note), status=status)


def _drawable(row: dict[str, Any]) -> dict[str, Any]:
    return {field: _cell(value) for field, value in row.items()}


def _cell(value: Any) -> Any:
    if isinstance(value, bool) or value is None or isinstance(value, int):
        return value
    if isinstance(value, float):
        return significant(value, DIGITS_IN_ROWS)
    return "\n".join(clean(line) for line in str(value).split("\n"))


def money_axis(say: Words, title: str | None, **more: Any) -> dict[str, Any]:
    """An axis in the client's currency: `£100k`, `−£1.2m`."""
    symbol = json.dumps(say.symbol, ensure_ascii=False)
    number = "replace(replace(format(abs(datum.value), '~s'), 'M', 'm'), 'G', 'bn')"
    text = f"{symbol} + {number}" if say.symbol_first else f"{number} + ' ' + {symbol}"
    return {"title": title, "labelExpr": f"(datum.value < 0 ? '−' : '') + {text}", "tickCount": 5, **more}


def share_axis(title: str | None, **more: Any) -> dict[str, Any]:
    """An axis in per cent."""
    return {"title": title, "format": ".1~%", **_ticks(more), **more}


def plain_axis(title: str | None, **more: Any) -> dict[str, Any]:
    """An axis of plain numbers."""
    return {"title": title, **_ticks(more), **more}


def _ticks(more: dict[str, Any]) -> dict[str, int]:
    """About five ticks; where `more` names them none is left out, as a count below theirs would."""
    return {} if "values" in more else {"tickCount": 5}


def labels_y(field: str = "label") -> dict[str, Any]:
    """A discrete axis of labels in the order of the rows, on as many lines as the label has."""
    return {
        "field": field,
        "type": "nominal",
        "sort": None,
        "axis": {
            "title": None,
            "labelExpr": "split(datum.label, '\\n')",
            "labelLimit": 200,
            "labelLineHeight": LABEL_LINE,
            "labelOffset": CENTRED,
        },
    }


def value(field: str, axis: dict[str, Any], **more: Any) -> dict[str, Any]:
    """A quantitative channel."""
    return {"field": field, "type": "quantitative", "axis": axis, **more}


def track_colour(field: str = "track") -> dict[str, Any]:
    """Leadership in the accent, technical in the second colour."""
    return {
        "field": field,
        "type": "nominal",
        "scale": {"domain": TRACKS, "range": "category"},
        "legend": {"title": None},
    }


def tone_colour(field: str = "tone") -> dict[str, Any]:
    """Status colours; the word stands beside, so there is no legend."""
    return {"field": field, "type": "nominal", "scale": {"domain": STATUSES, "range": "ordinal"}, "legend": None}


def tips(*pairs: tuple[str, str]) -> list[dict[str, str]]:
    """Tooltip fields, already worded, with their headings."""
    return [{"field": field, "type": "nominal", "title": title} for field, title in pairs]


def base(layers: list[Spec], *, height: int | dict[str, int], **more: Any) -> Spec:
    """A layered spec over the rows, reflowing in width; its height may be a step, to which nothing can be fitted."""
    fit = {"type": "fit-x", "contains": "padding"}
    return {"data": {"name": "rows"}, "height": height, "autosize": fit, "layer": layers, **more}


def interval_bars(
    *, axis: dict[str, Any], tooltip: list[dict[str, str]], colour: dict[str, Any] | None = None, step: int = 40
) -> Spec:
    """Horizontal bars from zero with an interval line and the worded value at the end.

    Rows: `label`, `value`, `low`, `high`, `end` (where the value is written), `said`.
    """
    spec = plain_bars(axis=axis, tooltip=tooltip, colour=colour, step=step)
    interval = {
        "mark": {"type": "rule", "style": "interval"},
        "transform": [{"filter": "isValid(datum.low) && isValid(datum.high)"}],
        "encoding": {"y": labels_y(), "x": value("low", axis), "x2": {"field": "high"}},
    }
    return {**spec, "layer": [spec["layer"][0], interval, spec["layer"][1]]}


def track_intervals(
    spreads: Mapping[str, Spread],
    axis: dict[str, Any],
    show: Callable[[float | None], str],
    say: Words,
    *,
    share: float,
) -> dict[str, Any]:
    """A bar a track: its median and the interval of 8 in 10 draws. Gives `spec`, `data` and `height` of a figure.

    `share` of the axis is left free for the written values.
    """
    rows = room(
        [
            {
                "label": words.name(track),
                "track": words.name(track),
                "value": spread.p50,
                "low": spread.p10,
                "high": spread.p90,
                "said": show(spread.p50),
                "interval": say.span(spread.p10, spread.p90, show),
            }
            for track, spread in spreads.items()
        ],
        "value",
        "high",
    )
    spec = interval_bars(
        axis=axis,
        tooltip=tips(("label", "Track"), ("said", "Median"), ("interval", "8 in 10 draws")),
        colour={**track_colour(), "legend": None},
        step=52,
    )
    return {"spec": with_room(spec, axis), "data": padded(rows, share=share), "height": 52 * len(rows) + 60}


def plain_bars(
    *, axis: dict[str, Any], tooltip: list[dict[str, str]], colour: dict[str, Any] | None = None, step: int = 40
) -> Spec:
    """Horizontal bars from zero with the worded value at the end. Rows: `label`, `value`, `end`, `said`."""
    bar: Spec = {
        "mark": {"type": "bar", "height": {"band": 0.58}},
        "encoding": {"y": labels_y(), "x": value("value", axis), "tooltip": tooltip},
    }
    if colour:
        bar["encoding"]["color"] = colour
    return base([bar, value_text(axis)], height={"step": step})


def value_text(axis: dict[str, Any], field: str = "end") -> Spec:
    """The worded value to the right of a bar, a line or a point."""
    return {
        "mark": {"type": "text", "style": "value", "align": "left", "dx": 7},
        "encoding": {"y": labels_y(), "x": value(field, axis), "text": {"field": "said", "type": "nominal"}},
    }


def zero_line(channel: str = "y") -> Spec:
    """A line at zero."""
    return {"data": {"values": [{}]}, "mark": {"type": "rule", "style": "zero"}, "encoding": {channel: {"datum": 0}}}


def room(rows: Rows, *fields: str) -> Rows:
    """The rows with `end`: the right-most of zero and the given fields, where the value is written."""
    return [{**row, "end": max([0.0, *(row[f] for f in fields if row.get(f) is not None)])} for row in rows]


def padded(rows: Rows, field: str = "end", share: float = 0.3) -> dict[str, Rows]:
    """The rows, and the invisible point that leaves room for the written values."""
    ends = [row[field] for row in rows if row.get(field) is not None]
    lows = [row[f] for row in rows for f in ("low", "value") if row.get(f) is not None]
    top, bottom = max([*ends, 0.0]), min([*lows, 0.0])
    return {"rows": rows, "room": [{"x": top + (top - bottom) * share}]}


def with_room(spec: Spec, axis: dict[str, Any]) -> Spec:
    """The spec with an invisible point of the data `room`, so that written values are not cut."""
    point = {
        "data": {"name": "room"},
        "mark": {"type": "point", "opacity": 0},
        "encoding": {"x": value("x", axis)},
    }
    return {**spec, "layer": [*spec["layer"], point]}


def tone_of(status: str) -> str:
    """The tone of a status word, for `tone_colour`."""
    return theme.tone(status)
