"""Time at risk and voluntary exits: by unit and group in two windows, by month for the company."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from workbook.evidence import COMPANY, ExitMonth, Exposure, Group
from workbook.measure.people import LEVELS, window_end, window_start
from workbook.measure.release import Release
from workbook.measure.tables import day, month_starts, units_first
from workbook.measure.units import Units
from workbook.settings import Settings

DAYS_A_YEAR = 365.25
TREND_MONTHS = 24
GROUPS: tuple[Group, ...] = ("all", "high_performers", "critical_teams", "leaders")
NEVER = np.datetime64("9999-01-01", "D")


class AtRisk(NamedTuple):
    """People of one group and unit in a span of time, their person-years, and their voluntary exits by level."""

    people: int
    years: float
    exits: int
    exits_by_level: dict[str, int]


class Spells(NamedTuple):
    """Columns of the spells as arrays, for counting spans of time quickly."""

    unit: NDArray[np.object_]
    person: NDArray[np.int64]
    level: NDArray[np.object_]
    hired: NDArray[np.datetime64]
    left: NDArray[np.datetime64]
    voluntary: NDArray[np.bool_]
    groups: dict[str, NDArray[np.bool_]]


def arrays(frame: pd.DataFrame) -> Spells:
    """The spells as arrays; those who have not left leave in the year 9999."""
    left = frame["left"].to_numpy().astype("datetime64[D]")
    return Spells(
        unit=frame["unit"].to_numpy(dtype=object),
        person=pd.factorize(frame["person"])[0],
        level=frame["level"].to_numpy(dtype=object),
        hired=frame["hired"].to_numpy().astype("datetime64[D]"),
        left=np.where(np.isnat(left), NEVER, left),
        voluntary=frame["voluntary"].to_numpy(dtype=bool),
        groups={group: frame[group].to_numpy(dtype=bool) for group in GROUPS},
    )


def at_risk(spells: Spells, chosen: NDArray[np.bool_], *, start: pd.Timestamp, end: pd.Timestamp) -> AtRisk:
    """Those of `chosen` who were employed in [start, end), with days at risk / 365.25 and exits in it."""
    first, last = np.datetime64(start, "D"), np.datetime64(end, "D")
    there = chosen & (spells.hired < last) & (spells.left >= first)
    days = (np.minimum(spells.left, last) - np.maximum(spells.hired, first))[there].astype("int64").clip(min=0)
    gone = there & spells.voluntary & (spells.left < last)
    return AtRisk(
        people=len(np.unique(spells.person[there])),
        years=round(float(days.sum()) / DAYS_A_YEAR, 6),
        exits=int(gone.sum()),
        exits_by_level={level: int((spells.level[gone] == level).sum()) for level in LEVELS},
    )


def gives_away(*, inside: int, everyone: int, floor: int, all_may_belong: bool) -> bool:
    """Whether a group's row would expose the few outside it, or that nobody is outside."""
    outside = everyone - inside
    return inside > 0 and (0 < outside < floor or (outside == 0 and not all_may_belong))


def exposure(frame: pd.DataFrame, *, units: Units, settings: Settings, release: Release) -> tuple[Exposure, ...]:
    """Person-years at risk and voluntary exits in the window and in the one before, by unit and group."""
    if frame.empty or (frame["untyped"].any() and not frame["voluntary"].any()):
        return ()
    end, start = window_end(settings), window_start(settings)
    windows = ((start, end), (start - pd.DateOffset(months=settings.window_months), start))
    spells, rows = arrays(frame), []
    here = {unit: spells.unit == unit for unit in units.names} | {COMPANY: np.ones(len(frame), dtype=bool)}
    for since, until in windows:
        if since + pd.DateOffset(months=1) < frame["hired"].min():
            continue
        everyone = {unit: at_risk(spells, mask, start=since, end=until).people for unit, mask in here.items()}
        for group in GROUPS:
            found = {
                unit: at_risk(spells, mask & spells.groups[group], start=since, end=until)
                for unit, mask in here.items()
            }
            shown = shown_units(found, everyone, group=group, release=release)
            rows += [
                Exposure(
                    unit=unit,
                    group=group,
                    window_start=day(since),
                    window_end=day(until),
                    person_years=found[unit].years,
                    voluntary_exits=found[unit].exits,
                    exits_by_level=found[unit].exits_by_level,
                )
                for unit in units_first(units.names)
                if unit in shown
            ]
    return tuple(rows)


def shown_units(
    found: dict[str, AtRisk], everyone: dict[str, int], *, group: Group, release: Release
) -> frozenset[str]:
    """Units, and the company, whose row of a group passes the floors; none without the company's."""
    flagged = {
        unit
        for unit, row in found.items()
        if group != "all"
        and gives_away(
            inside=row.people,
            everyone=everyone[unit],
            floor=release.scores_from,
            all_may_belong=group != "high_performers",
        )
    }
    what = f"exposure row of {group.replace('_', ' ')}"
    if COMPANY in flagged or not release.count(found[COMPANY].people, what=what):
        return frozenset()
    parts = {unit: row.people for unit, row in found.items() if unit != COMPANY}
    return release.partition(parts, what=what, flagged=flagged) | {COMPANY}


def exit_months(frame: pd.DataFrame, *, settings: Settings, release: Release) -> tuple[ExitMonth, ...]:
    """Voluntary exits of the last 24 whole months, company-wide."""
    if frame.empty or not frame["voluntary"].any():
        return ()
    last = window_end(settings).replace(day=1) - pd.DateOffset(months=1)
    starts = [m for m in month_starts(last, TREND_MONTHS) if m >= frame["hired"].min().replace(day=1)]
    spells, what = arrays(frame), "month of exits"
    rows: list[ExitMonth] = []
    groups: tuple[Group, ...] = ("all", "critical_teams")
    for group in groups:
        for month in starts:
            after = month + pd.DateOffset(months=1)
            everyone = at_risk(spells, spells.groups["all"], start=month, end=after).people
            row = at_risk(spells, spells.groups[group], start=month, end=after)
            enough = all(release.count(n, what=what) is not None for n in (row.people, everyone - row.people))
            if row.people and enough:
                rows.append(ExitMonth(group=group, month=day(month), person_years=row.years, voluntary_exits=row.exits))
    return tuple(rows)
