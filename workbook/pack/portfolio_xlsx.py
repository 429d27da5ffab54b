"""The portfolio as a spreadsheet: numbers as numbers, text that never becomes a formula or a link, the same bytes."""

from __future__ import annotations

import datetime as dt
from math import ceil
from pathlib import Path
from typing import Any, Final

from workbook import words
from workbook.results.portfolio import Portfolio, PortfolioRow
from workbook.view import theme
from workbook.view.figures import portfolio as figures

MADE: Final = dt.datetime(2026, 1, 1)
CELL_LETTERS: Final = 32_000
HEADINGS: Final = (
    ("Client", 30), ("Verdict", 20), ("Certainty", 11), ("Track", 12), ("ROI P10", 11), ("ROI P50", 11),
    ("ROI P90", 11), ("Payback, month", 12), ("Horizon, months", 11), ("Readiness", 18), ("Readiness score", 11),
    ("Data given", 11), ("Tables given", 11), ("Tables asked", 11), ("Currency", 10), ("As of", 12), ("Run on", 12),
    ("Synthetic", 10),
)  # fmt: skip
SHARES: Final = (2, 4, 5, 6, 11)
NUMBERS: Final = (*SHARES, 7, 8, 10, 12, 13)
LINE_POINTS: Final = 15
ABOUT_LETTERS: Final = 110


def write_xlsx(portfolio: Portfolio, path: Path) -> Path:
    """Write the spreadsheet: a sheet of clients, one of verdicts with a chart, one that says what is what."""
    import xlsxwriter

    book = xlsxwriter.Workbook(str(path), {"strings_to_formulas": False, "strings_to_urls": False})
    book.set_properties({"title": "Portfolio", "author": "", "company": "", "created": MADE})
    _clients(book, portfolio)
    _verdicts(book, portfolio)
    _about(book, portfolio)
    book.close()
    return path


def cell_text(text: object) -> str:
    """Client text for a cell: control characters visible, cut visibly where a cell would not hold it."""
    return words.clean(text, CELL_LETTERS)


def _clients(book: Any, portfolio: Portfolio) -> None:
    sheet = book.add_worksheet("Clients")
    head, number_head = (
        book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "bottom", **more})
        for more in ({"align": "left", "indent": 1}, {"align": "right"})
    )
    share, text = book.add_format({"num_format": "0%"}), book.add_format({"indent": 1})
    sheet.set_row(0, 2 * LINE_POINTS + 2)
    for column, (heading, width) in enumerate(HEADINGS):
        style = share if column in SHARES else None if column in NUMBERS else text
        sheet.set_column(column, column, width, style)
        sheet.write_string(0, column, heading, number_head if column in NUMBERS else head)
        for place, row in enumerate(portfolio.clients, start=1):
            _write(sheet, place, column, _values(row)[column], style)
    sheet.freeze_panes(1, 1)
    sheet.autofilter(0, 0, max(len(portfolio.clients), 1), len(HEADINGS) - 1)
    _one_page_wide(sheet)
    sheet.repeat_rows(0)


def _values(row: PortfolioRow) -> tuple[str | float | None, ...]:
    return (
        row.name, words.name(row.answer), row.certainty, words.name(row.track) if row.track else None,
        *(None if roi is None else roi / 100 for roi in (row.roi_p10, row.roi_p50, row.roi_p90)),
        row.payback_month, row.horizon_months, words.name(row.readiness), row.readiness_score,
        row.completeness_share, row.tables_given, row.tables_asked, row.currency,
        row.as_of.isoformat() if row.as_of else None, row.run_date, "yes" if row.synthetic else "no",
    )  # fmt: skip


def _write(sheet: Any, row: int, column: int, value: str | float | None, style: Any = None) -> None:
    """A number as a number, text as text, and nothing where nothing is known."""
    if isinstance(value, str):
        sheet.write_string(row, column, cell_text(value), style)
    elif value is not None:
        sheet.write_number(row, column, value, style)


def _verdicts(book: Any, portfolio: Portfolio) -> None:
    figure = figures.verdicts(portfolio)
    sheet = book.add_worksheet("Verdicts")
    bold = book.add_format({"bold": True})
    sheet.set_column(0, 0, 24)
    sheet.write_string(0, 0, figure.title, bold)
    for column, heading in enumerate(("Verdict", "Clients")):
        sheet.write_string(2, column, heading, bold)
    counts = [(answer, sum(row.answer == answer for row in portfolio.clients)) for answer in figures.ANSWERS]
    for place, (answer, count) in enumerate(counts, start=3):
        sheet.write_string(place, 0, words.name(answer))
        sheet.write_number(place, 1, count)
    chart = book.add_chart({"type": "bar"})
    last = 2 + len(counts)
    chart.add_series(
        {
            "categories": ["Verdicts", 3, 0, last, 0],
            "values": ["Verdicts", 3, 1, last, 1],
            "gap": 60,
            "fill": {"color": theme.LIGHT.accent},
            "data_labels": {"value": True},
        }
    )
    chart.set_title({"name": figure.title, "overlay": False, "name_font": {"size": 11}})
    chart.set_legend({"none": True})
    chart.set_x_axis({"visible": False, "min": 0, "major_gridlines": {"visible": False}})
    chart.set_y_axis({"reverse": True, "line": {"none": True}, "major_tick_mark": "none"})
    chart.set_size({"width": 560, "height": 300})
    sheet.insert_chart("D3", chart, {"description": figure.text})
    sheet.write_string(last + 12, 0, figure.note)
    _one_page_wide(sheet)


def _about(book: Any, portfolio: Portfolio) -> None:
    sheet = book.add_worksheet("About")
    sheet.set_column(0, 0, ABOUT_LETTERS)
    wrap = book.add_format({"text_wrap": True, "valign": "top"})
    lines = [
        f"{figures.clients(portfolio).title}.",
        figures.NOTE,
        "An empty cell is a figure that is not known. Payback counts months from the decision; an empty one beside an "
        "ROI is not within the horizon. Data given is the share of the values asked for.",
    ]
    if portfolio.anonymous:
        lines.append(figures.ANONYMISED)
    if portfolio.left_out:
        lines.append(f"{portfolio.left_out} published clients could not be read and are left out.")
    for place, text in enumerate(lines):
        sheet.set_row(place, LINE_POINTS * ceil(len(text) / (0.9 * ABOUT_LETTERS)) + 3)
        sheet.write_string(place, 0, text, wrap)
    _one_page_wide(sheet)


def _one_page_wide(sheet: Any) -> None:
    """A4, landscape, as many pages long as it needs."""
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
