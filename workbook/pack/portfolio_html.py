"""The portfolio as one self-contained page: works offline, sorts, filters and pages its table, prints whole."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import quote

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from workbook.pack.html import TEMPLATES, page_css, page_policy
from workbook.results.portfolio import Portfolio, PortfolioRow
from workbook.view import theme
from workbook.view.figures import portfolio as figures
from workbook.view.figures.draw import svg
from workbook.view.why import tile_whys, why

ON_A_PAGE = 50
PICTURE_WIDTH = 520


def render(portfolio: Portfolio) -> str:
    """The page as text: the same bytes for the same portfolio."""
    script = (TEMPLATES / "portfolio.js").read_text(encoding="utf-8")
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["tone"] = theme.tone
    charts = (figures.verdicts(portfolio), figures.chances(portfolio))
    return environment.get_template("portfolio.html.j2").render(
        portfolio=portfolio,
        tiles=figures.tiles(portfolio),
        tile_whys=tile_whys("portfolio", None),
        whys={chart.key: why(chart.key, None) for chart in charts},
        charts=charts,
        pictures={
            chart.key: "data:image/svg+xml," + quote(svg(chart, width=PICTURE_WIDTH), safe=" '(),-./:=;@!*~_+")
            for chart in charts
            if chart.spec is not None
        },
        clients=figures.clients(portfolio),
        rows=[_row(row) for row in portfolio.clients],
        on_a_page=ON_A_PAGE,
        policy=Markup(page_policy([script])),
        css=Markup(page_css() + _read("portfolio.css")),
        script=Markup(script),
    )


def _row(row: PortfolioRow) -> list[dict[str, Any]]:
    """A client's cells: what is shown, and what the column is sorted by."""
    keys = (
        row.name.casefold(), row.answer, row.certainty, row.roi_p50, row.payback_month,
        row.readiness_score, row.completeness_share, row.as_of, row.run_date,
    )  # fmt: skip
    return [
        {"shown": shown, "key": "" if key is None else key} for shown, key in zip(figures.line(row), keys, strict=True)
    ]


def _read(name: str) -> str:
    return (Path(TEMPLATES) / name).read_text(encoding="utf-8")
