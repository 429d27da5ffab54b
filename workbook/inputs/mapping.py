"""Headers of a file → our column names: by client.yml, else by the same name, else by a known vendor's header."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from workbook.errors import Problem
from workbook.inputs.contract import Column, Table, exports
from workbook.inputs.raw import RawTable
from workbook.inputs.words import listed, nearest, shown, suggestion
from workbook.settings import Settings

SAME_NAME = "same name"
BY_CLIENT = "client.yml"


@dataclass(frozen=True)
class Match:
    """One column of ours, the header it is read from, and how that was found."""

    column: str
    header: str
    how: str
    position: int


@dataclass(frozen=True)
class HeaderMap:
    """How one table's headers are read, with what could not be matched."""

    matches: tuple[Match, ...]
    extra: tuple[str, ...]
    problems: tuple[Problem, ...]

    def position(self, column: str) -> int | None:
        """Where `column` stands in the file."""
        return next((match.position for match in self.matches if match.column == column), None)


def plain(header: str) -> str:
    """A header without case and punctuation, for comparing."""
    spelled = header.casefold().replace("%", " percent ").replace("#", " number ")
    return re.sub(r"[\W_]+", "_", spelled).strip("_")


def map_headers(raw: RawTable, table: Table, columns: tuple[Column, ...], said: Mapping[str, str]) -> HeaderMap:
    """Match the headers of `raw` to `columns`; `said` is what client.yml says (ours → theirs)."""
    problems: list[Problem] = []
    found: dict[str, Match] = {}
    taken: set[int] = set()
    names = [column.name for column in columns]
    for ours, theirs in said.items():
        places = _places(raw.headers, theirs)
        if ours not in names:
            continue
        if not places:
            what = f"{raw.place} has no column {shown(theirs)}."
            key = f"columns.{table.name}.{ours}"
            problems.append(Problem("client.yml", None, key, what, suggestion(theirs, raw.headers)))
            continue
        _claim(found, taken, ours, places, raw, BY_CLIENT, problems)
    for ours in names:
        if ours not in said:
            places = [i for i, header in enumerate(raw.headers) if plain(header) == ours and i not in taken]
            _claim(found, taken, ours, places, raw, SAME_NAME, problems)
    for ours in names:
        if ours not in said and ours not in found:
            _claim_export(found, taken, table.name, ours, raw, problems)
    problems += [
        _missing(raw, column, [header for i, header in enumerate(raw.headers) if i not in taken])
        for column in columns
        if column.required and column.name not in found and column.name not in said
    ]
    extra = tuple(header for i, header in enumerate(raw.headers) if i not in taken)
    matches = tuple(found[name] for name in names if name in found)
    return HeaderMap(matches, extra, tuple(problems))


def _places(headers: tuple[str, ...], theirs: str) -> list[int]:
    exact = [i for i, header in enumerate(headers) if header == theirs.strip()]
    return exact or [i for i, header in enumerate(headers) if plain(header) == plain(theirs)]


def _claim(
    found: dict[str, Match],
    taken: set[int],
    ours: str,
    places: list[int],
    raw: RawTable,
    how: str,
    problems: list[Problem],
) -> None:
    if not places:
        return
    if len(places) > 1:
        numbers = listed([i + 1 for i in places])
        what = f"The header {shown(raw.headers[places[0]])} stands over columns {numbers}."
        problems.append(Problem(raw.place, 1, ours, what, "Keep one, or give the others other names."))
    found[ours] = Match(ours, raw.headers[places[0]], how, places[0])
    taken.update(places)


def _claim_export(
    found: dict[str, Match],
    taken: set[int],
    table: str,
    ours: str,
    raw: RawTable,
    problems: list[Problem],
) -> None:
    hits: dict[int, str] = {}
    for vendor in _likely_vendors(raw, table):
        usual = {plain(e.header) for e in exports() if (e.vendor, e.table, e.column) == (vendor, table, ours)}
        mine = [i for i, header in enumerate(raw.headers) if i not in taken and plain(header) in usual]
        if hits and vendor_rank(raw, table, vendor) < vendor_rank(raw, table, next(iter(hits.values()))):
            break
        for i in mine:
            hits.setdefault(i, vendor)
    if len(hits) > 1:
        headers = listed([shown(raw.headers[i]) for i in hits], last="or")
        what = f"may be {headers}."
        remedy = f"Say which under columns: {table}: {ours} in client.yml."
        problems.append(Problem(raw.place, 1, ours, what, remedy))
    if hits:
        position = min(hits)
        found[ours] = Match(ours, raw.headers[position], f"{hits[position]} export", position)
        taken.update(hits)


def vendor_rank(raw: RawTable, table: str, vendor: str) -> int:
    """How many headers of the file are usual ones of this vendor's export."""
    usual = {plain(export.header) for export in exports() if (export.vendor, export.table) == (vendor, table)}
    return sum(plain(header) in usual for header in raw.headers)


def _likely_vendors(raw: RawTable, table: str) -> list[str]:
    vendors = dict.fromkeys(export.vendor for export in exports() if export.table == table)
    return sorted(vendors, key=lambda vendor: -vendor_rank(raw, table, vendor))


def _missing(raw: RawTable, column: Column, free: list[str]) -> Problem:
    near = nearest(column.name, [header for header in free if header])
    remedy = f"Add it, or name yours under columns: {raw.table}: {column.name} in client.yml."
    if near is not None:
        remedy += f" Is it {shown(near)}?"
    return Problem(raw.place, 1, column.name, "missing.", remedy)


def check_names(settings: Settings, tables: Mapping[str, Table]) -> list[Problem]:
    """Tables and columns named under `columns` and `values` in client.yml must exist."""
    problems = []
    for key, by_table in (("columns", settings.columns), ("values", settings.values)):
        for name, by_column in by_table.items():
            if name not in tables:
                problems.append(Problem("client.yml", None, f"{key}.{name}", "not known.", suggestion(name, tables)))
                continue
            known = [*tables[name].names, *extra_names(settings, name)]
            problems += [
                Problem("client.yml", None, f"{key}.{name}.{column}", "not known.", suggestion(column, known))
                for column in by_column
                if column not in known
            ]
    for name, by_column_values in settings.values.items():
        for column_name, labels in by_column_values.items():
            if name in tables and column_name in tables[name].names:
                problems += _label_targets(name, tables[name].column(column_name), labels)
    return problems


def extra_names(settings: Settings, table: str) -> tuple[str, ...]:
    """Columns beyond the contract that client.yml needs: the one that tells high performers."""
    own = table == "employees" and settings.high_performer.column
    return (settings.high_performer.column,) if own else ()


def _label_targets(table: str, column: Column, labels: Mapping[str, str]) -> list[Problem]:
    allowed = {"yes_no": ("yes", "no"), "label": column.allowed}.get(column.type, ())
    return [
        Problem(
            "client.yml",
            None,
            f"values.{table}.{column.name}.{theirs}",
            f"{shown(ours)} is not known.",
            suggestion(ours, allowed),
        )
        for theirs, ours in labels.items()
        if allowed and ours not in allowed
    ]
