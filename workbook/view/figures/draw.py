"""A figure as a drawing: spec with data and look, static SVG, or an Altair chart for analysts."""

from __future__ import annotations

import copy
import re
from typing import Any

from workbook.view import theme
from workbook.view.figure import Figure
from workbook.view.figures.build import LABEL_LINE

GAP_AROUND_BARS = 1.25
GAP_BETWEEN_LABELS = 8
SCHEMA = "https://vega.github.io/schema/vega-lite/v6.json"


def full_spec(figure: Figure, *, dark: bool = False, width: int | str = "container") -> dict[str, Any]:
    """The figure's Vega-Lite spec with its data, look and width."""
    if figure.spec is None:
        raise ValueError(f"the figure '{figure.key}' has no chart; show its text")
    spec = copy.deepcopy(fixed_spec(figure))
    return {
        "$schema": SCHEMA,
        **spec,
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


def svg(figure: Figure, *, dark: bool = False, width: int = 640) -> str:
    """The figure as an SVG picture: text stays text, nothing is fetched."""
    import vl_convert

    picture = str(vl_convert.vegalite_to_svg(full_spec(figure, dark=dark, width=width), allowed_base_urls=[]))
    return re.sub(r"(\d+\.\d\d)\d+", r"\1", _renumbered(picture))


def _renumbered(picture: str) -> str:
    """Clip paths numbered from 0: the renderer counts on over all pictures of a process."""
    names = {name: f"clip{i}" for i, name in enumerate(dict.fromkeys(re.findall(r"\bid=\"(clip\d+)\"", picture)))}
    return re.sub(r"(?<=id=\")clip\d+(?=\")|(?<=url\(#)clip\d+(?=\))", lambda found: names[found.group()], picture)


def altair_chart(figure: Figure) -> Any:
    """The figure as an Altair chart, for analysts who want to change it."""
    import altair

    return altair.Chart.from_dict(full_spec(figure, width=600))
