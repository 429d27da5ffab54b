"""One table's text → a frame typed by contract, with every refusal of every cell."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from workbook.errors import Problem
from workbook.evidence import COMPANY, MISSING_UNIT, SMALL_UNITS
from workbook.inputs import cells
from workbook.inputs.cells import Reading, Refusal
from workbook.inputs.contract import Column, Table
from workbook.inputs.mapping import HeaderMap, extra_names
from workbook.inputs.numeric import read_numbers
from workbook.inputs.raw import RawTable
from workbook.inputs.words import counted, shown
from workbook.settings import Settings

MOST_ALIKE = 5
ROW = "__row__"


@dataclass(frozen=True)
class Converted:
    """A typed frame (with spreadsheet rows under `ROW`), what was wrong with it and what was done to it."""

    frame: pd.DataFrame
    problems: tuple[Problem, ...]
    marks: dict[str, str]
    notes: tuple[str, ...]
    completeness_share: float | None


def columns_of(table: Table, settings: Settings) -> tuple[Column, ...]:
    """Columns of a table for this client: the contract's, and the one that tells high performers."""
    own = tuple(
        Column(name=name, type="performance", description="Tells high performers.", example="", required=True)
        for name in extra_names(settings, table.name)
        if name not in table.names
    )
    return (*table.columns, *own)


def convert(raw: RawTable, table: Table, headers: HeaderMap, settings: Settings) -> Converted:
    """Convert every mapped column; columns not given are all-missing."""
    data: dict[str, object] = {}
    problems: list[Problem] = []
    notes: list[str] = []
    marks: dict[str, str] = {}
    for column in columns_of(table, settings):
        position = headers.position(column.name)
        if position is None:
            data[column.name] = _array([], np.full(len(raw.rows), -1), column, settings)
            continue
        codes, texts = pd.factorize(raw.columns[position])
        cleaned = [cells.clean(text) for text in texts]
        invisible = sum(a.strip() != b for a, b in zip(texts, cleaned, strict=True))
        if invisible:
            notes.append(f"{column.name}: {counted(invisible, 'value')} had invisible or odd characters, made plain")
        labels = settings.values.get(table.name, {}).get(column.name)  # noqa: PD011
        spoken = cells.translate(cleaned, labels) if labels else cleaned
        reading = _read(spoken, column, table, settings)
        values = _completed(reading.found, column, settings)
        problems += _refusals(values, codes, raw, column, cleaned)
        if reading.mark is not None:
            marks[column.name] = reading.mark
        notes += [f"{column.name}: {note}" for note in reading.notes]
        blanks = {i for i, text in enumerate(spoken) if not text}
        filled_in = int(np.isin(codes, list(blanks)).sum()) if column.blank == MISSING_UNIT and blanks else 0
        if filled_in:
            notes.append(f"{column.name}: {counted(filled_in, 'empty cell')} counted as {MISSING_UNIT}")
        data[column.name] = _array(values, codes, column, settings)
    frame = pd.DataFrame({**data, ROW: raw.rows})
    return Converted(frame, tuple(problems), marks, tuple(notes), _completeness(frame, table))


def _read(texts: Sequence[str], column: Column, table: Table, settings: Settings) -> Reading:
    place = f"{table.name}: {column.name}"
    if column.type == "label":
        return cells.read_labels(texts, column, place)
    if column.type == "yes_no":
        return cells.read_yes_no(texts, place)
    if column.type in {"date", "month"}:
        return cells.read_dates(texts, date_format=settings.date_format, month=column.type == "month")
    if column.type == "wave":
        return cells.read_waves(texts, column, date_format=settings.date_format)
    if column.type == "number" or (column.type == "performance" and not _by_labels(column, settings)):
        reading = read_numbers(texts, column, currency=settings.currency, decimal_mark=settings.decimal_mark)
        return _ask_for_label(reading, texts, place) if column.type == "performance" else reading
    return cells.read_text(texts)


def _by_labels(column: Column, settings: Settings) -> bool:
    return settings.high_performer.labels is not None and settings.high_performer.column == column.name


def _ask_for_label(reading: Reading, texts: Sequence[str], place: str) -> Reading:
    remedy = f"Give it a number under values: {place} in client.yml."
    values = [
        Refusal(f"{shown(text)} is not a number.", remedy)
        if isinstance(value, Refusal) and text[:1].isalpha()
        else value
        for text, value in zip(texts, reading.found, strict=True)
    ]
    return Reading(values, reading.mark, reading.notes)


def _completed(values: Sequence[object], column: Column, settings: Settings) -> list[object]:
    """Values with empty cells treated as declared, and dates after `as_of` refused where they make no sense."""
    empty: object = None
    if column.blank == MISSING_UNIT:
        empty = MISSING_UNIT
    elif not column.may_be_blank:
        empty = Refusal("is empty.", "Fill it in, or remove the row.")
    return [empty if value is None else _allowed(value, column, settings) for value in values]


def _allowed(value: object, column: Column, settings: Settings) -> object:
    if column.name == "unit" and value in {COMPANY, SMALL_UNITS}:
        return Refusal(f"{shown(value)} is a name the workbook uses itself.", "Give the unit another name.")
    if column.not_after_as_of:
        limit = settings.as_of
        day = _day(value)
        if day is not None and day > limit:
            return Refusal(f"{day} is after as_of ({limit}).", "Correct the date, or as_of in client.yml.")
    return value


def _day(value: object) -> dt.date | None:
    if isinstance(value, dt.date):
        return value
    if isinstance(value, str) and cells.ISO.fullmatch(value):
        return dt.date.fromisoformat(value)
    return None


def _refusals(
    values: Sequence[object], codes: np.ndarray, raw: RawTable, column: Column, texts: Sequence[str]
) -> list[Problem]:
    """One problem a cell for the first few of a kind, then how many more there are."""
    kinds: dict[str, list[int]] = defaultdict(list)
    for code, value in enumerate(values):
        if isinstance(value, Refusal):
            kinds[value.remedy].append(code)
    problems = []
    for remedy, bad in kinds.items():
        hits = np.flatnonzero(np.isin(codes, bad))
        for hit in hits[:MOST_ALIKE]:
            refusal = values[codes[hit]]
            assert isinstance(refusal, Refusal)
            row, text = int(raw.rows[hit]), texts[codes[hit]]
            problems.append(Problem(raw.place, row, column.name, refusal.what, remedy, text))
        if len(hits) > MOST_ALIKE:
            problems.append(more_rows(raw.place, column.name, hits, raw.rows))
    return problems


def more_rows(place: str, column: str | None, hits: np.ndarray, rows: np.ndarray) -> Problem:
    """The line that stands for all further rows with the same fault."""
    rest = len(hits) - MOST_ALIKE
    what = f"and {counted(rest, 'more row')} like these, the last is row {rows[hits[-1]]}."
    return Problem(place, None, column, what)


def _array(values: Sequence[Any], codes: np.ndarray, column: Column, settings: Settings) -> Any:
    """A column of the declared type from its distinct values; refused and missing ones are missing."""
    sound = [None if isinstance(value, Refusal) else value for value in values]
    if column.type in {"number", "performance"} and not _by_labels(column, settings):
        distinct = np.array([np.nan if value is None else value for value in [*sound, None]], dtype=float)
        if column.integer:
            return pd.Series(distinct[codes]).astype("Int64").array
        return distinct[codes]
    if column.type in {"date", "month"}:
        days = [np.datetime64("NaT" if value is None else value, "s") for value in [*sound, None]]
        return np.array(days, dtype="datetime64[s]")[codes]
    dtype = "boolean" if column.type == "yes_no" else "string"
    known = pd.Series([*sound, None], dtype=dtype).array
    return known.take(codes)


def _completeness(frame: pd.DataFrame, table: Table) -> float | None:
    """Share of cells filled among columns that should always have a value (house definition)."""
    expected = [column.name for column in table.columns if not column.conditional]
    if frame.empty or not expected:
        return None
    filled = frame[expected].notna().to_numpy()
    blank_units = int((frame["unit"] == MISSING_UNIT).sum()) if "unit" in expected else 0
    return float((filled.sum() - blank_units) / filled.size)
