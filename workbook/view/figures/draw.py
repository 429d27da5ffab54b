"""A figure as a drawing: spec with data and look, static SVG, or an Altair chart for analysts."""

from __future__ import annotations

import json
import logging
import re
from functools import cache, lru_cache
from typing import Any

from workbook.view import theme
from workbook.view.figure import Figure
from workbook.view.figures.build import LABEL_LINE

GAP_AROUND_BARS = 1.25
GAP_BETWEEN_LABELS = 8
WIDTH = 560
KEPT = 256
SCHEMA = "https://vega.github.io/schema/vega-lite/v6.json"


def full_spec(figure: Figure, *, dark: bool = False, width: int | str = "container") -> dict[str, Any]:
    """The figure's Vega-Lite spec with its data, look and width."""
    return {
        "$schema": SCHEMA,
        **fixed_spec(figure),
        "width": width,
        "autosize": {"type": "fit-x", "contains": "padding"},
        "datasets": figure.data,
        "config": theme.config(dark),
    }


def fixed_spec(figure: Figure) -> dict[str, Any]:
    """The figure's spec with its height in pixels instead of a step: Vega-Lite warns of a step in a fitted chart.

    A row is as high as the longest label needs. Right as long as the rows stay what they are; other rows need the
    spec again.
    """
    if figure.spec is None:
        raise ValueError(f"the figure '{figure.key}' has no chart; show its text")
    height = figure.spec.get("height")
    if not isinstance(height, dict):
        return figure.spec
    encodings = [layer["encoding"] for layer in figure.spec["layer"]]
    found = [encoding for encoding in encodings if encoding.get("y", {}).get("type") == "nominal"]
    within = next((encoding["yOffset"]["field"] for encoding in found if "yOffset" in encoding), None)
    labels = {str(row[found[0]["y"]["field"]]) for row in figure.data["rows"]}
    bars = len({row[within] for row in figure.data["rows"]}) * GAP_AROUND_BARS if within else 1.0
    lines = max((label.count("\n") + 1 for label in labels), default=1)
    each = max(height["step"] * bars, lines * LABEL_LINE + GAP_BETWEEN_LABELS)
    return {**figure.spec, "height": round(each * len(labels))}


def chart_text(figure: Figure, *, dark: bool = False, width: int = WIDTH) -> str:
    """The figure's spec, complete with its data, look and width, as JSON."""
    return json.dumps(full_spec(figure, dark=dark, width=width), allow_nan=False)


def svg(figure: Figure, *, dark: bool = False, width: int = WIDTH) -> str:
    """The figure as an SVG picture: text stays text, nothing is fetched."""
    return svg_of(chart_text(figure, dark=dark, width=width))


@lru_cache(maxsize=KEPT)
def svg_of(chart: str) -> str:
    """A complete spec as an SVG picture; the last few hundred pictures of a process are kept."""
    converter, options = _converter()
    return re.sub(r"(\d+\.\d\d)\d+", r"\1", _renumbered(str(converter.vegalite_to_svg(chart, **options))))


@cache
def _converter() -> tuple[Any, dict[str, Any]]:
    """vl-convert, allowed to fetch nothing: from version 2 that is said once, before it with every picture."""
    import vl_convert

    logging.getLogger("vl_convert").addHandler(logging.NullHandler())
    if hasattr(vl_convert, "configure"):
        vl_convert.configure(allowed_base_urls=[])
        return vl_convert, {}
    return vl_convert, {"allowed_base_urls": []}


def _renumbered(picture: str) -> str:
    """Clip paths numbered from 0: the renderer counts on over all pictures of a process."""
    names = {name: f"clip{i}" for i, name in enumerate(dict.fromkeys(re.findall(r"\bid=\"(clip\d+)\"", picture)))}
    return re.sub(r"(?<=id=\")clip\d+(?=\")|(?<=url\(#)clip\d+(?=\))", lambda found: names[found.group()], picture)


def altair_chart(figure: Figure) -> Any:
    """The figure as an Altair chart, for analysts who want to change it."""
    import altair

    return altair.Chart.from_dict(full_spec(figure, width=600))
