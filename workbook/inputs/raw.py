"""A table as it stands in a file: text in columns, with the row numbers a spreadsheet shows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from workbook.errors import Problem


@dataclass(frozen=True)
class RawTable:
    """Headers and text cells of one table; `rows[i]` is the spreadsheet's number of the i-th record."""

    table: str
    file: str
    headers: tuple[str, ...]
    columns: tuple[np.ndarray, ...]
    rows: np.ndarray
    sheet: str | None = None
    encoding: str | None = None
    separator: str | None = None
    notes: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = field(default=())

    @property
    def place(self) -> str:
        """The file, with the sheet where the file has several tables."""
        return self.file if self.sheet is None else f"{self.file}, sheet {self.sheet}"


def broken(table: str, file: str, *problems: Problem) -> RawTable:
    """A table that could not be read."""
    return RawTable(table, file, (), (), np.array([], dtype=int), problems=problems)


def from_records(
    table: str,
    file: str,
    records: Sequence[Sequence[str]],
    *,
    sheet: str | None = None,
    encoding: str | None = None,
    separator: str | None = None,
    notes: tuple[str, ...] = (),
) -> RawTable:
    """A table from records of text; the first record that is not blank is the header.

    Blank records are dropped, empty cells beyond the header too; a record of another width is a problem, because its
    values may stand in the wrong columns.
    """
    place = file if sheet is None else f"{file}, sheet {sheet}"
    filled = [i for i, record in enumerate(records) if any(cell.strip() for cell in record)]
    if not filled:
        remedy = "Write at least the header, or remove the file."
        return broken(table, file, Problem(place, None, None, "The file is empty.", remedy))
    header = [cell.strip() for cell in records[filled[0]]]
    while header and not header[-1]:
        header.pop()
    body = [records[i] for i in filled[1:]]
    rows = np.array(filled[1:], dtype=int) + 1
    width = len(header)
    problems = []
    if any(len(record) != width for record in body):
        body, faults = _evened(body, width)
        problems = [_uneven(place, int(rows[i]), cells, width, separator) for i, cells in faults[:5]]
        if len(faults) > 5:
            problems.append(Problem(place, None, None, f"The same in {len(faults) - 5:,} more rows."))
    blank_names = [i for i, name in enumerate(header) if not name]
    columns = [np.array(column, dtype=object) for column in zip(*body, strict=True)] if body else []
    columns = columns or [np.array([], dtype=object) for _ in header]
    for i in blank_names:
        if any(cell.strip() for cell in columns[i]):
            what = f"Column {i + 1} has values but no name."
            problems.append(Problem(place, 1, None, what, "Name it in the header or remove it."))
    kept = [i for i in range(width) if header[i]]
    return RawTable(
        table=table,
        file=file,
        headers=tuple(header[i] for i in kept),
        columns=tuple(columns[i] for i in kept),
        rows=rows,
        sheet=sheet,
        encoding=encoding,
        separator=separator,
        notes=notes,
        problems=tuple(problems),
    )


def _evened(body: list[Sequence[str]], width: int) -> tuple[list[Sequence[str]], list[tuple[int, int]]]:
    """Records cut to `width`, and (index, cells) of those that have more or fewer cells than the header."""
    even: list[Sequence[str]] = []
    faults = []
    for i, record in enumerate(body):
        cells = list(record)
        while len(cells) > width and not cells[-1].strip():
            cells.pop()
        if len(cells) != width:
            faults.append((i, len(cells)))
            cells = [*cells, *[""] * (width - len(cells))][:width]
        even.append(cells)
    return even, faults


def _uneven(place: str, row: int, cells: int, width: int, separator: str | None) -> Problem:
    mark = f" A text or number that contains '{separator}' needs quotes around it." if separator else ""
    what = f"{cells} cells, but the header has {width}."
    return Problem(place, row, None, what, f"Give every row as many cells as the header.{mark}")
