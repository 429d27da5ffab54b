"""A figure as a picture in a notebook, for readers without a kernel: the finding, the chart and its note.

A picture is HTML that holds the chart as an SVG image: JupyterLab shows it in a notebook it does not trust, and it
stays sharp on paper. Drawing needs a JavaScript engine, which a run starts once and not once a notebook: there a kernel
puts out the drawing, and the runner draws it.
"""

from __future__ import annotations

import base64
import html
import json
import os
from typing import Final

from workbook.view import theme
from workbook.view.bundle import in_run
from workbook.view.figure import Figure
from workbook.view.figures.draw import chart_text, svg_of

DRAWING: Final = "text/vnd.workbook.drawing"
"""What a kernel of a run puts out instead of a picture."""
NO_IMAGES: Final = "WORKBOOK_NO_IMAGES"
"""Asks for pictures without their image: a test that compares words does not draw."""
SHOWN_WIDTH: Final = 720


def drawing(figure: Figure) -> str:
    """All a picture is made of, as one text: it passes through kernel and notebook faster than nested JSON.

    Raises ValueError for a figure without a chart.
    """
    left = {"title": figure.title, "text": figure.text, "note": figure.note, "chart": chart_text(figure)}
    return json.dumps(left)


def picture(left: str) -> str:
    """A drawing as HTML: title, image with the figures in words as its alternative, note."""
    drawn = json.loads(left)
    image = "" if os.environ.get(NO_IMAGES) else _on_card(svg_of(drawn["chart"]))
    source = base64.b64encode(image.encode()).decode()
    note = f"<p>{html.escape(drawn['note'])}</p>" if drawn["note"] else ""
    return (
        f'<figure style="margin:0"><figcaption><strong>{html.escape(drawn["title"])}</strong></figcaption>'
        f'<img width="{SHOWN_WIDTH}" alt="{html.escape(drawn["text"])}" src="data:image/svg+xml;base64,{source}">'
        f"{note}</figure>"
    )


def shown(figure: Figure) -> dict[str, str]:
    """What a display of `figure` holds beside widget and text: a picture, or in a run its drawing."""
    left = drawing(figure)
    return {DRAWING: left} if in_run() else {"text/html": picture(left)}


def _on_card(image: str) -> str:
    """The image on the light card's colour: its ink is made for it, whatever the page behind."""
    return image.replace(">", f'><rect width="100%" height="100%" fill="{theme.palette().card}"/>', 1)
