"""The portfolio as a spreadsheet: numbers as numbers, text that never becomes a formula or a link, the same bytes."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any, Final

from workbook import words
from workbook.results.portfolio import Portfolio, PortfolioRow
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
    head = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
    share = book.add_format({"num_format": "0%"})
    for column, (heading, width) in enumerate(HEADINGS):
        sheet.set_column(column, column, width, share if column in SHARES else None)
        sheet.write_string(0, column, heading, head)
    for place, row in enumerate(portfolio.clients, start=1):
        for column, value in enumerate(_values(row)):
            _write(sheet, place, column, value, share if column in SHARES else None)
    sheet.freeze_panes(1, 1)
    sheet.autofilter(0, 0, max(len(portfolio.clients), 1), len(HEADINGS) - 1)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
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
        sheet.write_string(row, column, cell_text(value))
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
    chart.add_series({"categories": ["Verdicts", 3, 0, last, 0], "values": ["Verdicts", 3, 1, last, 1], "gap": 60})
    chart.set_title({"name": figure.title, "overlay": False, "name_font": {"size": 11}})
    chart.set_legend({"none": True})
    chart.set_x_axis({"name": "clients", "major_gridlines": {"visible": False}})
    chart.set_y_axis({"reverse": True})
    sheet.insert_chart("D3", chart, {"description": figure.text})
    sheet.write_string(last + 2, 0, figure.note)


def _about(book: Any, portfolio: Portfolio) -> None:
    sheet = book.add_worksheet("About")
    sheet.set_column(0, 0, 110)
    wrap = book.add_format({"text_wrap": True})
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
        sheet.write_string(place, 0, text, wrap)
