"""Finding things in Evidence for week 1: the right rows, their dates, files and owners."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Literal

from workbook.evidence import COMPANY, DeliveryMonth, Evidence, ExitMonth, Exposure, RoleCounts, Spend, SurveyCell
from workbook.model.survey import largest_sd, standard_error, t_interval
from workbook.model.turnover import annualised_rate, jeffreys_rate_interval
from workbook.results import Estimate, Point

COVERAGE = 0.90
WAVES_WITHIN_MONTHS = 36
STALE_AFTER_MONTHS = 24
POINTS_NEEDED = 6
LEAVERS_EXPECTED_FROM_PERSON_YEARS = 100
SURVEY_TABLES = ("survey", "survey_summary")


def months_between(earlier: dt.date, later: dt.date) -> int:
    """Calendar months from `earlier` to `later`, days ignored."""
    return (later.year - earlier.year) * 12 + later.month - earlier.month


def source_of(evidence: Evidence, *tables: str) -> str | None:
    """The files of those `tables` that were given."""
    files = [
        quality.file or quality.table for quality in evidence.quality if quality.table in tables and quality.present
    ]
    return ", ".join(dict.fromkeys(files)) or None


def owner_of(evidence: Evidence, *names: str) -> str | None:
    """Who owns the measure, by the client's own metric dictionary."""
    return next((metric.owner for metric in evidence.metrics if metric.metric in names), None)


def ask(evidence: Evidence, table: str, otherwise: str) -> str:
    """Why something is missing: `table` was not given, or `otherwise`."""
    given = any(evidence.has(name) for name in (SURVEY_TABLES if table == "survey" else (table,)))
    return otherwise if given else f"Table {table} was not given; ask for it."


def headcount_by_month(evidence: Evidence, unit: str = COMPANY) -> dict[dt.date, int]:
    """People of all levels on the first day of each month, oldest first."""
    rows = [row for row in evidence.headcount if row.unit == unit and row.level == "all"]
    return {row.month: row.headcount for row in sorted(rows, key=lambda row: row.month)}


def headcount_now(evidence: Evidence, unit: str = COMPANY) -> int | None:
    """People at the as-of date where released (company only), else on the first day of the latest month."""
    sizes = {row.audience: row.headcount for row in evidence.audiences}
    if unit == COMPANY and "all" in sizes:
        return sizes["all"]
    months = headcount_by_month(evidence, unit)
    return months[max(months)] if months else None


def exposure_of(evidence: Evidence, group: str, unit: str = COMPANY) -> Exposure | None:
    """The latest window of exits and person-years of a group, if anyone was at risk."""
    rows = [row for row in evidence.exposure if row.unit == unit and row.group == group and row.person_years > 0]
    return max(rows, key=lambda row: row.window_end, default=None)


def leavers_missing(evidence: Evidence) -> str | None:
    """Why exits cannot be believed: a hundred person-years and more without one leaver (house assumption)."""
    company = exposure_of(evidence, "all")
    if company is None or company.voluntary_exits > 0 or company.person_years < LEAVERS_EXPECTED_FROM_PERSON_YEARS:
        return None
    return "Table employees holds no leaver, so exits cannot be told from records left out; ask for leavers too."


def exit_months(evidence: Evidence, group: str) -> list[ExitMonth]:
    """Months of a group in which anyone was at risk, oldest first, within the client's window."""
    rows = [row for row in evidence.exit_months if row.group == group and row.person_years > 0]
    return sorted(rows, key=lambda row: row.month)[-max(evidence.settings.window_months, POINTS_NEEDED) :]


def rate_points(rows: Iterable[ExitMonth]) -> tuple[Point, ...]:
    """Annualised rates by month, with intervals."""
    points = []
    for row in rows:
        low, high = jeffreys_rate_interval(events=row.voluntary_exits, person_years=row.person_years, coverage=COVERAGE)
        rate = annualised_rate(events=row.voluntary_exits, person_years=row.person_years)
        points.append(Point(period=row.month, value=float(rate), low=float(low), high=float(high), n=row.person_years))
    return tuple(points)


def roles_of(evidence: Evidence, unit: str = COMPANY) -> RoleCounts | None:
    """Role counts of a unit or the company."""
    return next((row for row in evidence.roles if row.unit == unit), None)


def waves(evidence: Evidence, construct: str, unit: str = COMPANY) -> list[SurveyCell]:
    """Released waves of a construct with a mean and at least two answers, oldest first, up to the as-of date."""
    rows = [
        row
        for row in evidence.survey
        if row.unit == unit
        and row.construct_name == construct
        and row.mean is not None
        and (row.n or 0) >= 2
        and row.wave <= evidence.settings.as_of
    ]
    return sorted(rows, key=lambda row: row.wave)


def recent_waves(evidence: Evidence, construct: str, unit: str = COMPANY) -> list[SurveyCell]:
    """Waves of the last three years (house assumption): an old fall is not a current risk."""
    as_of = evidence.settings.as_of
    return [row for row in waves(evidence, construct, unit) if months_between(row.wave, as_of) <= WAVES_WITHIN_MONTHS]


def current_wave(evidence: Evidence, construct: str, unit: str = COMPANY) -> SurveyCell | None:
    """The last wave, if it is not older than two years (house assumption)."""
    fresh = [
        row
        for row in waves(evidence, construct, unit)
        if months_between(row.wave, evidence.settings.as_of) <= STALE_AFTER_MONTHS
    ]
    return fresh[-1] if fresh else None


def withheld(evidence: Evidence, construct: str) -> bool:
    """Whether the company's scores on a construct exist and may not be shown."""
    return any(row.construct_name == construct and row.suppressed and row.unit == COMPANY for row in evidence.survey)


def survey_gap(evidence: Evidence, construct: str) -> str:
    """Why a construct cannot be read from the surveys."""
    seen = waves(evidence, construct)
    if seen:
        otherwise = (
            f"The last wave with {construct} is of {seen[-1].wave:%B %Y}, more than two years old; ask for a new one."
        )
    elif withheld(evidence, construct):
        otherwise = f"Too few people answered on {construct}; its scores are withheld."
    else:
        otherwise = f"No survey item on {construct} was given; map one in client.yml or ask for it."
    return ask(evidence, "survey", otherwise)


def wave_error(cell: SurveyCell) -> float:
    """Standard error of a wave's mean; without an SD the largest one its mean allows."""
    mean, n = _filled(cell)
    sd = cell.sd
    if sd is None:
        sd = largest_sd(mean=mean, scale_min=cell.scale_min, scale_max=cell.scale_max)
    return float(standard_error(sd=sd, n=n))


def wave_mean(cell: SurveyCell) -> tuple[float, float, float]:
    """Mean of a wave with its 90 % interval."""
    mean, n = _filled(cell)
    low, high = t_interval(estimate=mean, standard_error=wave_error(cell), degrees_of_freedom=n - 1, coverage=COVERAGE)
    return mean, low, high


def wave_estimate(cell: SurveyCell) -> Estimate:
    """Mean of a wave as an estimate."""
    mean, low, high = wave_mean(cell)
    return Estimate(value=mean, low=low, high=high, n=cell.n)


def wave_points(cells: Sequence[SurveyCell]) -> tuple[Point, ...]:
    """Means by wave, with intervals."""
    made = ((cell, wave_mean(cell)) for cell in cells)
    return tuple(Point(period=cell.wave, value=mean, low=low, high=high, n=cell.n) for cell, (mean, low, high) in made)


def score_unit(cell: SurveyCell) -> Literal["share", "score"]:
    """`share` for a construct given as a share from 0 to 1, else `score`."""
    return "share" if (cell.scale_min, cell.scale_max) == (0.0, 1.0) else "score"


def deliveries(evidence: Evidence, column: str, unit: str = COMPANY) -> list[DeliveryMonth]:
    """Latest months in which `column` was recorded, at most as many as the window has; none over two years old."""
    as_of = evidence.settings.as_of
    rows = [
        row
        for row in evidence.delivery
        if row.unit == unit
        and getattr(row, column) is not None
        and months_between(row.month, as_of) <= STALE_AFTER_MONTHS
    ]
    return sorted(rows, key=lambda row: row.month)[-max(evidence.settings.window_months, POINTS_NEEDED) :]


def yearly_spend(evidence: Evidence) -> list[Spend]:
    """Training rows with money and hours a year: what was measured over the client's window, times 12 / its months."""
    times = 12 / evidence.settings.window_months
    return [row.model_copy(update={"money": row.money * times, "hours": row.hours * times}) for row in evidence.spend]


def _filled(cell: SurveyCell) -> tuple[float, float]:
    """Mean and n of a released cell."""
    if cell.mean is None or cell.n is None:
        raise ValueError("a withheld survey cell has no mean")
    return cell.mean, float(cell.n)
