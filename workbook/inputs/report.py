"""`workbook check`: what a client folder holds, how it would be read, what is wrong, and what each gap costs."""

from __future__ import annotations

import os
from dataclasses import dataclass

from workbook.errors import Problem
from workbook.inputs.client import Loaded, load, quality_of
from workbook.inputs.contract import Table, tables
from workbook.inputs.mapping import BY_CLIENT, SAME_NAME, Match
from workbook.inputs.words import counted
from workbook.settings import Settings


@dataclass(frozen=True)
class TableReport:
    """One table: where it was found, how it is read, how complete it is."""

    table: str
    present: bool
    file: str | None = None
    sheet: str | None = None
    encoding: str | None = None
    separator: str | None = None
    decimal_marks: tuple[tuple[str, str], ...] = ()
    matches: tuple[Match, ...] = ()
    rows: int = 0
    completeness_share: float | None = None
    notes: tuple[str, ...] = ()
    costs: tuple[str, ...] = ()

    @property
    def proposed(self) -> tuple[Match, ...]:
        """Columns matched by a vendor's header, which client.yml does not say yet."""
        return tuple(match for match in self.matches if match.how not in {SAME_NAME, BY_CLIENT})


@dataclass(frozen=True)
class CheckReport:
    """All of it; `ok` when a run can start. `settings` is None while client.yml has problems."""

    folder: str
    settings: Settings | None
    tables: tuple[TableReport, ...]
    problems: tuple[Problem, ...]
    notes: tuple[str, ...] = ()

    @property
    def ok(self) -> bool:
        """Whether the folder can be run as it is."""
        return not self.problems

    @property
    def proposed(self) -> dict[str, dict[str, str]]:
        """Table → our column → their header, as `write_mapping` would save it."""
        return {
            table.table: {match.column: match.header for match in table.proposed}
            for table in self.tables
            if table.proposed
        }

    def __str__(self) -> str:
        return "\n".join(_lines(self))


def check(folder: str | os.PathLike[str]) -> CheckReport:
    """Read a client folder and report; nothing is written. Raises BadArgument if there is no such folder."""
    loaded = load(folder)
    return CheckReport(
        folder=str(folder),
        settings=None if loaded.settings.problems else loaded.settings.settings,
        tables=tuple(_table_report(table, loaded) for table in tables().values() if _shown(table, loaded)),
        problems=loaded.problems,
        notes=loaded.notes,
    )


def _shown(table: Table, loaded: Loaded) -> bool:
    return not table.settings or table.name in loaded.read


def _table_report(table: Table, loaded: Loaded) -> TableReport:
    quality = quality_of(table, loaded)
    entry = loaded.read.get(table.name)
    if entry is None:
        return TableReport(table.name, present=False, costs=quality.costs)
    return TableReport(
        table=table.name,
        present=quality.present,
        file=entry.raw.file,
        sheet=entry.raw.sheet,
        encoding=entry.raw.encoding,
        separator=entry.raw.separator,
        decimal_marks=tuple(sorted(entry.converted.marks.items())) if entry.converted else (),
        matches=entry.headers.matches if entry.headers else (),
        rows=quality.rows,
        completeness_share=quality.completeness_share,
        notes=quality.notes,
        costs=quality.costs,
    )


def _lines(report: CheckReport) -> list[str]:
    settings = report.settings
    who = report.folder if settings is None else f"{settings.name or settings.client} ({settings.client})"
    lines = [
        f"{who}: "
        + ("ready to run" if report.ok else counted(len(report.problems), "problem") + " to mend before a run")
    ]
    if settings is not None:
        lines.append(f"  as of {settings.as_of}, money in {settings.currency}")
    lines += [f"  {problem}" for problem in report.problems]
    given = [table for table in report.tables if table.file is not None]
    absent = [table for table in report.tables if table.file is None]
    if given:
        lines += ["", "Tables as they would be read"]
        for table in given:
            lines += _given(table)
    if absent:
        lines += ["", "Tables not given, and what they would answer"]
        lines += [f"  {table.table}: {'; '.join(table.costs)}" for table in absent]
    if report.notes:
        lines += ["", "Other files", *(f"  {note}" for note in report.notes)]
    if report.proposed:
        lines += ["", "Columns matched by a vendor's usual header are saved with --write-mapping."]
    return lines


def _given(table: TableReport) -> list[str]:
    form = ", ".join(part for part in (table.encoding, table.separator and f"{table.separator}-separated") if part)
    place = f"{table.file}, sheet {table.sheet}" if table.sheet else str(table.file)
    facts = [counted(table.rows, "row")]
    if table.completeness_share is not None:
        facts.append(f"{table.completeness_share:.0%} complete")
    lines = [f"  {table.table} from {place}" + (f" ({form})" if form else "") + f": {', '.join(facts)}"]
    marks = {mark for _, mark in table.decimal_marks}
    if marks:
        named = {".": "point", ",": "comma"}
        columns = {mark: [column for column, its in table.decimal_marks if its == mark] for mark in sorted(marks)}
        lines.append(
            "    decimals: " + "; ".join(f"{named[mark]} in {', '.join(names)}" for mark, names in columns.items())
        )
    same = [match.column for match in table.matches if match.how == SAME_NAME]
    if same:
        lines.append(f"    by the same name: {', '.join(same)}")
    lines += [f"    {match.column} ← {match.header} ({match.how})" for match in table.matches if match.how != SAME_NAME]
    lines += [f"    note: {note}" for note in table.notes]
    lines += [f"    cost: {cost}" for cost in table.costs]
    return lines
