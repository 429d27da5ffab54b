"""Spreadsheets and Parquet files → text cells, so that one road converts every table."""

from __future__ import annotations

import datetime as dt
import io
import math
import re
import warnings
from typing import Any

from workbook.errors import Problem
from workbook.inputs.raw import RawTable, broken, from_records

MOST_COLUMNS = 1_000


def number_text(value: float) -> str:
    """A number as text that no reader mistakes: three decimals get a fourth, so that no mark looks like thousands."""
    if not math.isfinite(value):
        return str(value)
    if value == int(value) and abs(value) < 1e15:
        return str(int(value))
    text = repr(value)
    return text + "0" if re.fullmatch(r"-?\d+\.\d{3}", text) else text


def cell_text(value: Any) -> str:
    """One typed cell as text: dates ISO, whole numbers without a point, truth as true/false, nothing as ''."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dt.datetime):
        midnight = value.time() == dt.time(0)
        return value.date().isoformat() if midnight else value.isoformat(sep=" ", timespec="seconds")
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, float):
        return number_text(value)
    return str(value)


def read_workbook(content: bytes, file: str, wanted: dict[str, str | None]) -> list[RawTable]:
    """Tables of an XLSX file: `wanted` maps table → sheet, or None for the first visible sheet."""
    import openpyxl

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True)
        except Exception as error:
            return [broken(table, file, _unreadable(file, "an XLSX workbook", error)) for table in wanted]
        try:
            visible = [sheet.title for sheet in book.worksheets if sheet.sheet_state == "visible"]
            read = []
            for table, sheet in wanted.items():
                title = sheet or (visible[0] if visible else None)
                several = sheet is not None or len(visible) > 1
                read.append(_sheet(book, table, file, title, named=several))
            return read
        finally:
            book.close()


def sheet_names(content: bytes) -> tuple[str, ...]:
    """Names of the visible sheets; none when the file is not a workbook."""
    import openpyxl

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True)
        except Exception:
            return ()
        names = tuple(sheet.title for sheet in book.worksheets if sheet.sheet_state == "visible")
        book.close()
        return names


def _sheet(book: Any, table: str, file: str, title: str | None, *, named: bool) -> RawTable:
    if title is None:
        return broken(table, file, Problem(file, None, None, "The workbook has no visible sheet.", "Unhide the table."))
    try:
        records = [[_padded(cell) for cell in row] for row in book[title].iter_rows(max_col=MOST_COLUMNS)]
    except Exception as error:
        return broken(table, file, _unreadable(file, "an XLSX workbook", error))
    records = _trimmed(records)
    return from_records(table, file, records, sheet=title if named else None, encoding="xlsx")


def _padded(cell: Any) -> str:
    """Text of a cell; a whole number shown with leading zeros keeps them."""
    value = cell.value
    if isinstance(value, int) and not isinstance(value, bool) and re.fullmatch(r"0{2,}", cell.number_format or ""):
        return str(value).zfill(len(cell.number_format))
    return cell_text(value)


def _trimmed(records: list[list[str]]) -> list[list[str]]:
    """Records of the width of the widest filled one: a sheet's far empty cells are not data."""
    width = max((i + 1 for record in records for i, cell in enumerate(record) if cell.strip()), default=0)
    return [[*record, *[""] * (width - len(record))][:width] for record in records]


def read_parquet(content: bytes, table: str, file: str) -> RawTable:
    """A table from the bytes of a Parquet file."""
    import pyarrow as pa
    import pyarrow.parquet as parquet

    try:
        arrow = parquet.read_table(pa.BufferReader(content))
    except Exception as error:
        return broken(table, file, _unreadable(file, "a Parquet file", error))
    columns = [[cell_text(value) for value in column.to_pylist()] for column in arrow.columns]
    records = [list(arrow.column_names), *(list(record) for record in zip(*columns, strict=True))]
    return from_records(table, file, records, encoding="parquet")


def _unreadable(file: str, kind: str, error: Exception) -> Problem:
    reason = str(error).splitlines()[0][:120] if str(error) else type(error).__name__
    remedy = "Save it again from its program, or as CSV UTF-8."
    return Problem(file, None, None, f"The file cannot be read as {kind} ({reason}).", remedy)
