"""What two other designs could see: units starting one after the other, and a trend line continued without a pilot."""

from __future__ import annotations

from collections import defaultdict

import numpy as np

from workbook.evidence import COMPANY
from workbook.model import detectable
from workbook.model.trend import fitted_line, forecast
from workbook.weeks.week4_detect import (
    PILOT_YEARS,
    TEAM_CORRELATION,
    WINDOW_MONTHS,
    Frame,
    Precision,
    company_exposure,
    few_units,
    group_share,
    headcounts,
    last_wave,
)

LEAST_UNITS = 3
TREND_POINTS = 6
PILOT_MONTHS = 9
NO_POINTS = "six points before the start are needed for a trend line"


def wedge(frame: Frame, *, people_per_cell: float, variance_person: float, variance_unit: float, sd: float | None,
          unit_name: str) -> Precision:  # fmt: skip
    """Hussey & Hughes' error for as many units and one step more, degrees of freedom units - 2."""
    units = len(frame.chosen.hosts.pilot)
    if units < LEAST_UNITS:
        return Precision(None, clusters=(units, 0), why=few_units(units))
    variance = detectable.stepped_wedge_variance(
        clusters=units,
        periods=units + 1,
        people_per_cell=people_per_cell,
        variance_person=variance_person,
        variance_cluster=variance_unit,
    )
    method = f"stepped wedge of {units} units (Hussey & Hughes 2007), {people_per_cell:.1f} {unit_name} a unit and step"
    return Precision(variance**0.5, units - 2, sd, (round(people_per_cell * units), 0), (units, 0), method)


def wedge_survey(frame: Frame, construct: str, *, promoters: bool = False) -> Precision:
    """A survey mean or net promoter score under a stepped wedge, one wave a step at the last wave's response rate."""
    cell = last_wave(frame.evidence, construct)
    label = construct.replace("_", " ")
    if cell is None or not cell.n:
        return Precision(None, why=f"no released wave of {label}")
    if promoters:
        if cell.promoters is None or cell.detractors is None:
            return Precision(None, why=f"no released wave of {label} with promoters and detractors")
        ups, downs = cell.promoters / cell.n, cell.detractors / cell.n
        variance = 100.0**2 * (ups + downs - (ups - downs) ** 2)
    elif cell.sd is None:
        return Precision(None, why=f"no released wave of {label} with a standard deviation")
    else:
        variance = cell.sd**2
    people, _ = headcounts(frame)
    if not people:
        return Precision(None, why="headcount by unit is not known")
    response = min(cell.n / cell.invited, 1.0) if cell.invited else 1.0
    return wedge(
        frame,
        people_per_cell=max(people * response / len(frame.chosen.hosts.pilot), 1.0),
        variance_person=variance * (1 - TEAM_CORRELATION),
        variance_unit=variance * TEAM_CORRELATION,
        sd=None if promoters else variance**0.5,
        unit_name="answers",
    )


def wedge_rate(frame: Frame, group: str) -> Precision:
    """Exits a person-year under a stepped wedge: Poisson within a cell, correlation .05 within a unit (house)."""
    row = company_exposure(frame.evidence, group)
    people, _ = headcounts(frame)
    if row is None or not people:
        return Precision(None, why="employees.csv is needed for exits and person-years")
    if row.voluntary_exits == 0:
        return Precision(None, why="no exit in the window: a rate of zero gives no spread to plan with")
    rate, units = row.voluntary_exits / row.person_years, len(frame.chosen.hosts.pilot)
    years = people * group_share(frame.evidence, row) * PILOT_YEARS / units / (units + 1)
    return wedge(
        frame,
        people_per_cell=years,
        variance_person=rate * (1 - TEAM_CORRELATION),
        variance_unit=rate / PILOT_YEARS * TEAM_CORRELATION,
        sd=None,
        unit_name="person-years",
    )


def months_of(frame: Frame, column: str) -> dict[str, dict[int, float]]:
    """Each host unit's months (counted from year 0) of a delivery column."""
    hosts = {one.unit for side in frame.units for one in side}
    found: dict[str, dict[int, float]] = defaultdict(dict)
    for row in frame.evidence.delivery:
        value = getattr(row, column)
        if row.unit in hosts and value is not None:
            found[row.unit][row.month.year * 12 + row.month.month] = float(value)
    return found


def wedge_series(frame: Frame, column: str) -> Precision:
    """A metric kept by unit and month: months are the observations, their spread within and between units the client's.

    The variance between units is that of their means less what months alone would make of it, never under zero.
    """
    series = [list(months.values()) for months in months_of(frame, column).values() if len(months) >= 2]
    if len(series) < LEAST_UNITS:
        return Precision(None, why="three host units with months of delivery.csv are needed")
    within = float(np.mean([np.var(values, ddof=1) for values in series]))
    length = float(np.mean([len(values) for values in series]))
    between = max(float(np.var([np.mean(values) for values in series], ddof=1)) - within / length, 0.0)
    if within < 1e-18:
        return Precision(None, why="no month differs from another, which leaves no spread to plan with")
    units = len(frame.chosen.hosts.pilot)
    return wedge(
        frame,
        people_per_cell=PILOT_MONTHS / (units + 1),
        variance_person=within,
        variance_unit=between,
        sd=None,
        unit_name="months",
    )


def continued(values: dict[int, float], *, months: int, what: str) -> Precision:
    """The error of the mean of later points about a line through earlier ones; degrees of freedom points - 2."""
    times = sorted(values)
    if len(times) < TREND_POINTS:
        return Precision(None, why=NO_POINTS)
    line = fitted_line(times=[float(time) for time in times], values=[values[time] for time in times])
    step = (times[-1] - times[0]) / (len(times) - 1)
    later = [times[-1] + step * (k + 1) for k in range(max(round(months / max(step, 1.0)), 1))]
    if line.residual_sd < 1e-9:
        return Precision(None, why="the points lie on a line, which leaves no spread to plan with")
    _, error = forecast(line, times=later)
    method = f"mean of {len(later)} {what} against the line through the {len(times)} before"
    return Precision(error, len(times) - 2, None, (len(later), len(times)), None, method)


def trend_series(frame: Frame, column: str) -> Precision:
    """Six months of the host units' mean against the line through the months before."""
    by_month: dict[int, list[float]] = defaultdict(list)
    for months in months_of(frame, column).values():
        for month, value in months.items():
            by_month[month].append(value)
    means = {month: float(np.mean(values)) for month, values in by_month.items()}
    return continued(means, months=WINDOW_MONTHS, what="months")


def trend_survey(frame: Frame, construct: str) -> Precision:
    """Company waves of the pilot's nine months against the line through the waves before."""
    waves = {
        cell.wave.year * 12 + cell.wave.month: float(cell.mean)
        for cell in frame.evidence.survey
        if cell.unit == COMPANY and cell.construct_name == construct and cell.mean is not None
    }
    return continued(waves, months=PILOT_MONTHS, what="waves")


def trend_rate(frame: Frame, group: str) -> Precision:
    """Monthly exits a person-year of the company, nine months against the line through the months before."""
    rates = {
        row.month.year * 12 + row.month.month: row.voluntary_exits / row.person_years
        for row in frame.evidence.exit_months
        if row.group == group and row.person_years > 0
    }
    return continued(rates, months=PILOT_MONTHS, what="months")
