"""What the calendar needs: sessions still to be held, busy times, weeks managers chose, and cost by month."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping
from typing import Any

import pandas as pd

from workbook.evidence import COMPANY, CostMonth, SessionOpen
from workbook.measure.people import window_end, window_start
from workbook.measure.release import WITHHELD, Release, number
from workbook.measure.tables import day, numbers, text, whole
from workbook.measure.units import Units, plain
from workbook.settings import Settings

OPEN = ("planned", "postponed")
SLOT = "slot_chosen"


def monday(date: dt.date) -> dt.date:
    """The Monday of a day's week."""
    return date - dt.timedelta(days=date.weekday())


def wished_weeks(
    log: pd.DataFrame | None, people: pd.DataFrame | None, *, units: Units
) -> Mapping[str, tuple[dt.date, ...]]:
    """Mondays of the weeks that managers chose, by their unit; how many chose one, or who, is not told."""
    if log is None or people is None:
        return {}
    chosen = log[(log["kind"] == SLOT) & log["slot"].notna()]
    home = dict(zip(people["employee_id"].astype("object"), units.of(people["unit"]), strict=True))
    found: dict[str, set[dt.date]] = defaultdict(set)
    for manager, slot in zip(chosen["manager_id"].astype("object"), chosen["slot"], strict=True):
        if manager in home:
            found[home[manager]].add(monday(day(slot)))
    return {unit: tuple(sorted(weeks)) for unit, weeks in found.items()}


def open_sessions(
    table: pd.DataFrame, slots: Mapping[str, tuple[dt.date, ...]], *, units: Units, settings: Settings, release: Release
) -> tuple[SessionOpen, ...]:
    """Sessions planned or postponed and not yet held, by due date; one for everybody is busy whenever any unit is."""
    due = table["new_date"].where(table["new_date"].notna(), table["planned_date"])
    frame = pd.DataFrame(
        {
            "code": table["session_id"].astype("object"),
            "programme": table["programme"].astype("object").map(release.label),
            "raw": plain(table["unit"]).where(table["unit"].notna(), COMPANY),
            "unit": released_places(table["unit"], units),
            "status": table["status"].astype("object"),
            "planned": table["planned_date"],
            "due": due,
            "seats": numbers(table["seats"]),
            "hours": numbers(table["hours"]),
        }
    ).dropna(subset=["programme", "due"])
    frame["monday"] = frame["due"].map(lambda date: monday(day(date)))
    weekly = frame.groupby(["programme", "monday"]).size().groupby(level=0).max()
    note_unknown_places(frame["raw"], units=units, settings=settings, release=release)
    pace = {str(programme): int(most) for programme, most in weekly.items()}
    ahead = frame[frame["status"].isin(OPEN)].sort_values(["due", "programme", "code"], kind="stable")
    made = []
    for place, row in enumerate(ahead.itertuples(index=False), start=1):
        shown = release.label(row.code)
        made.append(
            SessionOpen(
                session=f"session {place}" if shown in {None, WITHHELD} else str(shown),
                programme=str(row.programme),
                unit=str(row.unit),
                status=str(row.status),
                planned=day(row.planned),  # type: ignore[arg-type]
                due=day(row.due),  # type: ignore[arg-type]
                seats=whole(row.seats),
                hours=number(row.hours),
                most_a_week=pace[str(row.programme)],
                blocked=busy(str(row.raw), settings),
                wished=slots.get(str(row.unit), ()),
            )
        )
    return tuple(made)


def released_places(column: pd.Series, units: Units) -> pd.Series:
    """The released unit of each session; the company where no unit is given or nobody is known to work in it."""
    found = units.of(column).where(column.notna(), COMPANY)
    return found.where(found.isin(units.names), COMPANY)


def note_unknown_places(named: pd.Series, *, units: Units, settings: Settings, release: Release) -> None:
    """Say which busy times of client.yml belong to a unit that no table names: they close no week."""
    known = {*units.released, *named}
    for unit in sorted({row.unit for row in settings.blackout} - known):
        release.note(f"client.yml, blackout: no table names the unit '{release.label(unit)}', so it closes no week")


def busy(unit: str, settings: Settings) -> tuple[tuple[dt.date, dt.date], ...]:
    """Busy times of a unit as client.yml gives them; of every unit for a session that is for everybody."""
    own = {(row.start, row.end) for row in settings.blackout if unit in {row.unit, COMPANY}}
    return tuple(sorted(own))


def cost_months(training: pd.DataFrame, *, settings: Settings, release: Release) -> tuple[CostMonth, ...]:
    """Money spent and budgeted by programme and month of the window; rows without a month come last."""
    month = training["month"]
    first = window_start(settings).replace(day=1)
    inside = month.isna() | (month.ge(first) & month.lt(window_end(settings)))
    rows = training[inside]
    frame = pd.DataFrame(
        {
            "programme": rows["programme"].astype("object").map(release.label),
            "track": rows["track"].astype("object").map(text),
            "month": rows["month"],
            "money": numbers(rows["cost"]).fillna(0.0),
            "budget": numbers(rows["budget"]),
            "participants": numbers(rows["participants"]).fillna(0.0),
        }
    ).dropna(subset=["programme", "track"])
    return tuple(
        CostMonth(
            programme=programme,
            track=track,
            month=month_of(at),
            money=float(group["money"].sum()),
            budget_money=number(group["budget"].sum(min_count=1)),
            participants=int(group["participants"].sum()),
        )
        for (programme, track, at), group in frame.groupby(["programme", "track", "month"], dropna=False)
    )


def month_of(at: Any) -> dt.date | None:
    """The first day of a month, or None where none was given."""
    return None if pd.isna(at) else day(at).replace(day=1)
