"""What must hold between rows and between tables of one client; each rule lists its rows."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from workbook.errors import Problem
from workbook.inputs.contract import Table, tables
from workbook.inputs.convert import MOST_ALIKE, ROW, more_rows
from workbook.inputs.lookalikes import alike_ids, alike_units
from workbook.inputs.words import counted, listed, shown
from workbook.settings import Settings

What = Callable[[pd.Series], str]


@dataclass(frozen=True)
class Company:
    """All tables of a client that could be read, by name, with the place each came from."""

    settings: Settings
    frames: Mapping[str, pd.DataFrame]
    places: Mapping[str, str]

    def problems(
        self, table: str, hits: pd.Series | np.ndarray, column: str | None, what: What, remedy: str
    ) -> list[Problem]:
        """A problem for each of the first rows hit, then how many more there are."""
        frame, place = self.frames[table], self.places[table]
        rows = np.flatnonzero(np.asarray(hits, dtype=bool))
        found = [
            Problem(place, int(frame[ROW].iloc[i]), column, what(frame.iloc[i]), remedy) for i in rows[:MOST_ALIKE]
        ]
        if len(rows) > MOST_ALIKE:
            found.append(more_rows(place, column, rows, frame[ROW].to_numpy()))
        return found


@dataclass(frozen=True)
class Finding:
    """Problems that stop a run, and notes (by table) on what was kept as it is."""

    problems: tuple[Problem, ...] = ()
    notes: Mapping[str, tuple[str, ...]] | None = None


def check_company(company: Company) -> tuple[list[Problem], dict[str, list[str]]]:
    """Every rule on every table given."""
    problems: list[Problem] = []
    notes: dict[str, list[str]] = {}
    for name in company.frames:
        problems += duplicate_keys(company, tables()[name])
    for rule in RULES:
        finding = rule(company)
        problems += finding.problems
        for table, lines in (finding.notes or {}).items():
            notes.setdefault(table, []).extend(lines)
    return problems, notes


def duplicate_keys(company: Company, table: Table) -> list[Problem]:
    """Rows whose key was seen before; missing keys never equal each other."""
    frame = company.frames[table.name]
    key = list(table.key)
    if not key or not len(frame):
        return []
    again = frame.duplicated(key) & frame[key].notna().all(axis=1)
    if not again.any():
        return []
    first = frame[~frame.duplicated(key)].set_index(key)[ROW]

    def what(row: pd.Series) -> str:
        named = listed([f"{name} {shown(_short(row[name]))}" for name in key])
        earlier = first.loc[tuple(row[name] for name in key) if len(key) > 1 else row[key[0]]]
        return f"{named} stands in row {int(earlier)} already."

    return company.problems(table.name, again, key[0], what, "Keep one row.")


def _short(value: object) -> str:
    return f"{value:%Y-%m-%d}" if isinstance(value, pd.Timestamp) else str(value)


def employee_dates(company: Company) -> Finding:
    """Exit before hire, exit type without exit date, overlapping spells of one person."""
    frame = company.frames.get("employees")
    if frame is None:
        return Finding()
    early = frame["exit_date"] < frame["hire_date"]
    undated = frame["exit_type"].notna() & frame["exit_date"].isna()
    problems = company.problems(
        "employees",
        early,
        "exit_date",
        lambda row: f"{_short(row['exit_date'])} is before hire_date ({_short(row['hire_date'])}).",
        "Correct one of them.",
    )
    problems += company.problems(
        "employees",
        undated,
        "exit_type",
        lambda row: f"{shown(row['exit_type'])}, but exit_date is empty.",
        "Add the date, or empty exit_type.",
    )
    problems += _overlaps(company, frame)
    untyped = int((frame["exit_date"].notna() & frame["exit_type"].isna()).sum())
    notes = (f"{counted(untyped, 'exit')} without exit_type, not counted as voluntary",) if untyped else ()
    return Finding(tuple(problems), {"employees": notes})


def _overlaps(company: Company, frame: pd.DataFrame) -> list[Problem]:
    ordered = frame.assign(_at=np.arange(len(frame))).sort_values(["employee_id", "hire_date"], kind="stable")
    same = ordered["employee_id"].eq(ordered["employee_id"].shift()).fillna(False).astype(bool)
    last_exit = ordered["exit_date"].shift()
    last_hire = ordered["hire_date"].shift()
    overlap = same & (last_exit.isna() | (ordered["hire_date"] < last_exit)) & (ordered["hire_date"] > last_hire)
    hits = np.zeros(len(frame), dtype=bool)
    hits[ordered.loc[overlap, "_at"].to_numpy()] = True
    earlier = dict(zip(ordered["_at"], ordered[ROW].shift(), strict=True))
    positions = dict(zip(frame[ROW], range(len(frame)), strict=True))
    return company.problems(
        "employees",
        hits,
        "hire_date",
        lambda row: (
            f"the spell of {shown(row['employee_id'])} begins before that of row "
            f"{int(earlier[positions[row[ROW]]])} has ended."
        ),
        "Give the earlier spell its exit_date, or join the two rows.",
    )


def managers(company: Company) -> Finding:
    """Nobody manages themselves, directly or in a circle; unknown managers are noted."""
    frame = company.frames.get("employees")
    if frame is None:
        return Finding()
    own = (frame["manager_id"] == frame["employee_id"]).fillna(False).astype(bool)
    problems = company.problems(
        "employees",
        own,
        "manager_id",
        lambda row: f"{shown(row['employee_id'])} is their own manager.",
        "Leave the cell empty for the person at the top.",
    )
    named = frame["manager_id"].notna() & frame["employee_id"].notna()
    present = frame[frame["exit_date"].isna() & named & ~own]
    boss = dict(zip(present["employee_id"], present["manager_id"], strict=True))
    for circle in circles(boss):
        row = int(present.loc[present["employee_id"] == circle[0], ROW].iloc[0])
        chain = " → ".join(shown(person) for person in [*circle[:6], *(["…"] if len(circle) > 6 else []), circle[0]])
        what = f"managers go in a circle: {chain}."
        problems.append(Problem(company.places["employees"], row, "manager_id", what, "Correct one of these managers."))
    unknown = frame["manager_id"].dropna()
    unknown = unknown[~unknown.isin(frame["employee_id"])]
    notes = (
        (f"{counted(len(unknown), 'manager_id')} of nobody in the table, kept as a name only",) if len(unknown) else ()
    )
    return Finding(tuple(problems), {"employees": notes})


def circles(boss: Mapping[str, str]) -> list[list[str]]:
    """Circles in who manages whom, each from its smallest id."""
    state: dict[str, int] = {}
    found = []
    for turn, start in enumerate(sorted(boss)):
        path: list[str] = []
        person = start
        while person in boss and person not in state:
            state[person] = turn
            path.append(person)
            person = boss[person]
        if person in path and state.get(person) == turn:
            circle = path[path.index(person) :]
            lowest = circle.index(min(circle))
            found.append([*circle[lowest:], *circle[:lowest]])
    return found


def roles_and_successors(company: Company) -> Finding:
    """Vacant roles have no holder; successors are people of the company in roles of the company."""
    roles, successors, employees = (company.frames.get(name) for name in ("roles", "successors", "employees"))
    problems: list[Problem] = []
    notes: dict[str, tuple[str, ...]] = {}
    if roles is not None:
        both = roles["incumbent_id"].notna() & roles["vacant_since"].notna()
        problems += company.problems(
            "roles",
            both,
            "vacant_since",
            lambda row: f"the role is vacant, but {shown(row['incumbent_id'])} holds it.",
            "Empty one of vacant_since and incumbent_id.",
        )
        if employees is not None:
            notes["roles"] = _strangers(roles["incumbent_id"], employees, "incumbent_id")
    if successors is not None and roles is not None:
        problems += company.problems(
            "successors",
            ~successors["role_id"].isin(roles["role_id"]) & successors["role_id"].notna(),
            "role_id",
            lambda row: f"{shown(row['role_id'])} is not in the table of roles.",
            "Correct it, or add the role.",
        )
    if successors is not None and employees is not None:
        problems += _absent_successors(company, successors, employees)
    return Finding(tuple(problems), notes)


def _absent_successors(company: Company, successors: pd.DataFrame, employees: pd.DataFrame) -> list[Problem]:
    known = successors["employee_id"].isin(employees["employee_id"])
    as_of = pd.Timestamp(company.settings.as_of)
    still = employees[employees["exit_date"].isna() | (employees["exit_date"] > as_of)]
    gone = known & ~successors["employee_id"].isin(still["employee_id"])
    return [
        *company.problems(
            "successors",
            ~known & successors["employee_id"].notna(),
            "employee_id",
            lambda row: f"{shown(row['employee_id'])} is not in the table of employees.",
            "Correct it, or add the person.",
        ),
        *company.problems(
            "successors",
            gone,
            "employee_id",
            lambda row: f"{shown(row['employee_id'])} has left.",
            "Remove the row.",
        ),
    ]


def _strangers(ids: pd.Series, employees: pd.DataFrame, column: str) -> tuple[str, ...]:
    given = ids.dropna()
    unknown = int((~given.isin(employees["employee_id"])).sum())
    return (f"{column}: {counted(unknown, 'value')} of nobody in employees, kept",) if unknown else ()


def people_elsewhere(company: Company) -> Finding:
    """Leaders rated, participants and managers involved who are unknown, or left before: noted and kept."""
    employees = company.frames.get("employees")
    if employees is None:
        return Finding()
    notes: dict[str, tuple[str, ...]] = {}
    last_exit = (
        employees.assign(_end=employees["exit_date"].fillna(pd.Timestamp.max.floor("s")))
        .groupby("employee_id")["_end"]
        .max()
    )
    for table, column, date in (
        ("ratings", "leader_id", None),
        ("participants", "employee_id", "start_date"),
        ("involvement", "manager_id", "date"),
    ):
        frame = company.frames.get(table)
        if frame is None:
            continue
        lines = _strangers(frame[column].drop_duplicates(), employees, column)
        when = _wave_dates(frame) if date is None else frame[date]
        left = when > frame[column].map(last_exit)
        if left.any():
            lines += (f"{counted(int(left.sum()), 'row')} of people who had left by then, kept",)
        notes[table] = lines
    return Finding(notes=notes)


def _wave_dates(frame: pd.DataFrame) -> pd.Series:
    return pd.to_datetime(frame["wave"].where(frame["wave"].str.len() == 10), format="%Y-%m-%d", errors="coerce")


def units_elsewhere(company: Company) -> Finding:
    """Units of other tables that employees do not have: noted, since a spelling may differ."""
    employees = company.frames.get("employees")
    if employees is None or not len(employees):
        return Finding()
    known = set(employees["unit"].dropna())
    notes = {}
    for name, frame in company.frames.items():
        if name != "employees" and "unit" in frame:
            strange = sorted(set(frame["unit"].dropna()) - known - {"(missing)"})
            if strange:
                named = listed([shown(unit) for unit in strange], most=5)
                notes[name] = (f"not a unit of employees: {named}",)
    return Finding(notes=notes)


def sessions(company: Company) -> Finding:
    """A session held lies in the past and has no more people than seats."""
    frame = company.frames.get("sessions")
    if frame is None:
        return Finding()
    as_of = company.settings.as_of
    problems = company.problems(
        "sessions",
        (frame["status"] == "held").fillna(False).astype(bool) & (frame["planned_date"] > pd.Timestamp(as_of)),
        "status",
        lambda row: f"'held' on {_short(row['planned_date'])}, after as_of ({as_of}).",
        "Write planned, or correct the date.",
    )
    crowded = int((frame["attended"] > frame["seats"]).fillna(False).sum())
    notes = (f"{counted(crowded, 'session')} with more people than seats, kept",) if crowded else ()
    return Finding(tuple(problems), {"sessions": notes})


def look_alikes(company: Company) -> Finding:
    """Ids that differ only in letters that look the same; units that differ only in case."""
    problems: list[Problem] = []
    notes: dict[str, tuple[str, ...]] = {}
    for name, column in (("employees", "employee_id"), ("roles", "role_id")):
        frame = company.frames.get(name)
        if frame is None:
            continue
        for one, other in alike_ids(frame[column].dropna().unique()):
            row = int(frame.loc[frame[column] == other, ROW].iloc[0])
            what = f"{shown(other)} looks like {shown(one)} but has letters of another alphabet."
            problems.append(Problem(company.places[name], row, column, what, "Write both with the same letters."))
    for name, frame in company.frames.items():
        if "unit" in frame:
            pairs = alike_units(frame["unit"].dropna().unique())
            notes[name] = tuple(f"units {shown(one)} and {shown(other)} may be one" for one, other in pairs[:5])
    return Finding(tuple(problems), notes)


RULES: tuple[Callable[[Company], Finding], ...] = (
    employee_dates,
    managers,
    roles_and_successors,
    people_elsewhere,
    units_elsewhere,
    sessions,
    look_alikes,
)
