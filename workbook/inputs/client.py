"""Client folder → Client, or every problem at once."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pandas as pd

from workbook.errors import BadArgument, InputProblems, Problem
from workbook.evidence import AssumptionChange, TableQuality
from workbook.inputs import survey
from workbook.inputs.changes import read_assumptions, read_programmes
from workbook.inputs.contract import Column, Table, exports, tables
from workbook.inputs.convert import ROW, Converted, columns_of, convert
from workbook.inputs.csv_text import read_csv
from workbook.inputs.files import TEXT_ENDINGS, Folder, near, open_folder, split_name, unread_notes
from workbook.inputs.mapping import HeaderMap, check_names, map_headers, plain
from workbook.inputs.office import read_parquet, read_workbook, sheet_names
from workbook.inputs.raw import RawTable
from workbook.inputs.rules import Company, check_company
from workbook.inputs.settings_file import FILE, SettingsText, read_settings
from workbook.inputs.text_columns import with_python_text
from workbook.settings import Settings


@dataclass(frozen=True)
class Client:
    """One client's records, in memory only. `tables` holds the tables given, every column of the contract in each."""

    settings: Settings
    tables: Mapping[str, pd.DataFrame]
    quality: tuple[TableQuality, ...]
    digests: Mapping[str, str]
    assumption_changes: tuple[AssumptionChange, ...] = ()
    programme_changes: tuple[dict[str, Any], ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class ReadTable:
    """One table as it was found, matched and converted."""

    table: Table
    raw: RawTable
    headers: HeaderMap | None = None
    converted: Converted | None = None
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Loaded:
    """Everything known about a client folder after one reading."""

    settings: SettingsText
    read: Mapping[str, ReadTable]
    frames: Mapping[str, pd.DataFrame]
    problems: tuple[Problem, ...]
    digests: Mapping[str, str]
    assumption_changes: tuple[AssumptionChange, ...] = ()
    programme_changes: tuple[dict[str, Any], ...] = ()
    notes: tuple[str, ...] = field(default=())


def read_client(folder: str | os.PathLike[str]) -> Client:
    """The client in `folder`. Raises InputProblems with every problem, BadArgument if there is no such folder.

    Of files that are not read, only those named nearly like a table are noted: other names may tell of people.
    """
    loaded = load(folder)
    if loaded.problems:
        raise InputProblems(str(folder), loaded.problems)
    return Client(
        settings=loaded.settings.settings,
        tables=MappingProxyType({name: frame for name, frame in loaded.frames.items() if not tables()[name].settings}),
        quality=tuple(quality_of(table, loaded) for table in tables().values() if not table.settings),
        digests=MappingProxyType(dict(loaded.digests)),
        assumption_changes=loaded.assumption_changes,
        programme_changes=loaded.programme_changes,
        notes=near(loaded.notes),
    )


@with_python_text
def load(folder: str | os.PathLike[str]) -> Loaded:
    """Read everything in a client folder once; problems are collected, not raised."""
    path = Path(folder)
    if not path.is_dir():
        raise BadArgument(f"{folder}: no such folder. Make one with: workbook new {folder}")
    found = open_folder(path, tables())
    text = _settings(found)
    raws, twice = _raw_tables(found, text.settings)
    problems = [*found.problems, *text.problems, *check_names(text.settings, tables()), *twice]
    read = {raw.table: _read_table(raw, text.settings) for raw in raws}
    for entry in read.values():
        problems += entry.raw.problems
        problems += entry.headers.problems if entry.headers else ()
        problems += entry.converted.problems if entry.converted else ()
    frames = _frames(read, text.settings)
    places = {name: read[name].raw.place for name in frames}
    ruled, notes = _apply_rules(frames, places, text.settings)
    changes, change_problems = _changes(found, frames, places)
    dropped = survey.summaries_beside_records(frames)
    if dropped:
        notes.setdefault("survey_summary", []).append(dropped)
    read = {name: replace(entry, notes=(*entry.notes, *notes.get(name, ()))) for name, entry in read.items()}
    return Loaded(
        settings=text,
        read=read,
        frames={name: frame.drop(columns=ROW) for name, frame in frames.items()},
        problems=tuple(_in_order([*problems, *ruled, *change_problems])),
        digests=found.digests,
        assumption_changes=changes[0],
        programme_changes=changes[1],
        notes=unread_notes(found, tables()),
    )


def _in_order(problems: list[Problem]) -> list[Problem]:
    """Files by name with the settings first; within a file as found: mapping, cells by column, rules."""
    distinct = list(dict.fromkeys(problems))
    return sorted(distinct, key=lambda problem: (problem.file != FILE, problem.file))


def _settings(found: Folder) -> SettingsText:
    if FILE in found.contents:
        return read_settings(found.contents[FILE])
    blank = read_settings(b"")
    if any(problem.file == FILE for problem in found.problems):
        return replace(blank, problems=())
    missing = Problem(
        FILE, None, None, "missing.", "Write one with client, currency and as_of; workbook new shows how."
    )
    return replace(blank, problems=(missing,))


def _raw_tables(found: Folder, settings: Settings) -> tuple[list[RawTable], list[Problem]]:
    """Each table's text, from the file or sheet of its name; a table found twice is a problem."""
    by_table: dict[str, list[RawTable]] = {}
    for name, content in found.contents.items():
        stem, ending = split_name(name)
        if ending in TEXT_ENDINGS:
            known = _known_headers(stem, settings)
            by_table.setdefault(stem, []).append(
                read_csv(content, stem, name, known=known, locale=settings.locale),
            )
        elif ending == ".parquet":
            by_table.setdefault(stem, []).append(read_parquet(content, stem, name))
        elif ending == ".xlsx":
            for raw in _from_workbook(content, stem, name, found):
                by_table.setdefault(raw.table, []).append(raw)
    problems = []
    for table, raws in by_table.items():
        for other in raws[1:]:
            what = f"The table {table} is in {raws[0].place} already."
            problems.append(Problem(other.place, None, None, what, "Keep one of the two."))
    return [by_table[name][0] for name in tables() if name in by_table], problems


def _from_workbook(content: bytes, stem: str, name: str, found: Folder) -> list[RawTable]:
    sheets = {plain(sheet): sheet for sheet in sheet_names(content)}
    wanted: dict[str, str | None] = {table: sheets[table] for table in tables() if table in sheets}
    if not wanted and stem in tables():
        wanted = {stem: None}
    if not wanted:
        found.unread.append(name)
        found.digests.pop(name, None)
    return read_workbook(content, name, wanted) if wanted else []


def _known_headers(table: str, settings: Settings) -> frozenset[str]:
    said = settings.columns.get(table, {}).values()
    usual = (export.header for export in exports() if export.table == table)
    return frozenset(name.casefold() for name in (*tables()[table].names, *said, *usual))


def _read_table(raw: RawTable, settings: Settings) -> ReadTable:
    table = tables()[raw.table]
    if not raw.headers:
        return ReadTable(table, raw)
    headers = map_headers(raw, table, columns_of(table, settings), settings.columns.get(table.name, {}))
    converted = convert(raw, table, headers, settings)
    ignored = (f"columns not used: {', '.join(headers.extra)}",) if headers.extra else ()
    empty = () if len(raw.rows) or table.settings else ("a header but no rows: insufficient data",)
    return ReadTable(table, raw, headers, converted, (*raw.notes, *converted.notes, *ignored, *empty))


def _frames(read: Mapping[str, ReadTable], settings: Settings) -> dict[str, pd.DataFrame]:
    """Frames of tables with rows; the survey knows its constructs."""
    frames = {
        name: entry.converted.frame
        for name, entry in read.items()
        if entry.converted is not None and len(entry.converted.frame)
    }
    if "survey" in frames:
        frames["survey"] = survey.with_constructs(frames["survey"], settings)
    return frames


def _apply_rules(
    frames: Mapping[str, pd.DataFrame], places: Mapping[str, str], settings: Settings
) -> tuple[list[Problem], dict[str, list[str]]]:
    company = Company(settings, frames, places)
    problems, notes = check_company(company)
    item_problems, item_notes = survey.check_items(company)
    if item_notes:
        notes.setdefault("survey", []).extend(item_notes)
    return [*problems, *item_problems, *survey.check_scores(company)], notes


def _changes(
    found: Folder, frames: Mapping[str, pd.DataFrame], places: Mapping[str, str]
) -> tuple[tuple[tuple[AssumptionChange, ...], tuple[dict[str, Any], ...]], list[Problem]]:
    assumptions: tuple[AssumptionChange, ...] = ()
    programmes: tuple[dict[str, Any], ...] = ()
    problems: list[Problem] = []
    if "assumptions" in frames:
        assumptions, faults = read_assumptions(frames["assumptions"], places["assumptions"])
        problems += faults
    if "programmes.yml" in found.contents:
        programmes, faults = read_programmes(found.contents["programmes.yml"])
        problems += faults
    return (assumptions, programmes), problems


def quality_of(table: Table, loaded: Loaded) -> TableQuality:
    """How complete one table is; `costs` are the answers lost without it, or what its absent columns cost."""
    entry = loaded.read.get(table.name)
    if entry is None or entry.converted is None or not len(entry.converted.frame):
        return TableQuality(
            table=table.name,
            present=False,
            file=None if entry is None else entry.raw.file,
            notes=() if entry is None else entry.notes,
            costs=table.answers,
        )
    frame = entry.converted.frame
    gaps = [column for column in table.columns if column.without and _is_gap(column, entry, frame)]
    return TableQuality(
        table=table.name,
        present=True,
        file=entry.raw.file,
        rows=len(frame),
        completeness_share=entry.converted.completeness_share,
        notes=entry.notes,
        costs=tuple(f"no {column.name}: {column.without}" for column in gaps),
    )


def _is_gap(column: Column, entry: ReadTable, frame: pd.DataFrame) -> bool:
    """Whether a column is absent, or empty although its cells should have values."""
    absent = entry.headers is None or entry.headers.position(column.name) is None
    return absent or (not column.conditional and bool(frame[column.name].isna().all()))
