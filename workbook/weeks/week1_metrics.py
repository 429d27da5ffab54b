"""Business metrics that may be degrading: delivery on time, turnover in critical teams, promotion readiness."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Literal

from workbook.evidence import Evidence
from workbook.model.signals import trend_status
from workbook.model.trend import mann_kendall_p, theil_sen_slope
from workbook.results import Metric, Point
from workbook.scenario import Scenario
from workbook.weeks import week1_read as read

LABELS = {
    "on_time_delivery": "On-time delivery",
    "critical_team_turnover": "Turnover in critical teams",
    "promotion_readiness": "Promotion readiness",
}
METHOD = "Theil-Sen slope, Mann-Kendall test"
DAYS_PER_MONTH = 365.25 / 12
Unit = Literal["share", "score", "share a year"]


def metrics(evidence: Evidence, scenario: Scenario) -> dict[str, Metric]:
    """The three metrics with their trends; fewer than six points are insufficient data."""
    return {
        "on_time_delivery": _on_time(evidence, scenario),
        "critical_team_turnover": _critical_teams(evidence, scenario),
        "promotion_readiness": _promotion(evidence, scenario),
    }


def _on_time(evidence: Evidence, scenario: Scenario) -> Metric:
    rows = read.deliveries(evidence, "on_time_share")
    points = tuple(Point(period=row.month, value=row.on_time_share, n=row.items_due) for row in rows)
    gap = read.ask(evidence, "delivery", "Table delivery has no column on_time_share; ask for it.")
    source = read.source_of(evidence, "delivery")
    return _metric(scenario, "on_time_delivery", points, gap, source, unit="share", higher_is_better=True)


def _critical_teams(evidence: Evidence, scenario: Scenario) -> Metric:
    points = read.rate_points(read.exit_months(evidence, "critical_teams"))
    unmarked = "Table employees gives no exits by month in critical teams; ask for exit_type and critical_team."
    gap = read.ask(evidence, "employees", unmarked)
    missing = read.leavers_missing(evidence)
    if missing is not None:
        points, gap = (), missing
    source = read.source_of(evidence, "employees")
    return _metric(scenario, "critical_team_turnover", points, gap, source, unit="share a year", higher_is_better=False)


def _promotion(evidence: Evidence, scenario: Scenario) -> Metric:
    cells = read.recent_waves(evidence, "promotion_readiness")
    gap = read.survey_gap(evidence, "promotion_readiness")
    fresh = read.current_wave(evidence, "promotion_readiness") is not None
    points = read.wave_points(cells) if fresh else ()
    unit = read.score_unit(cells[-1]) if cells else "score"
    source = read.source_of(evidence, *read.SURVEY_TABLES)
    return _metric(scenario, "promotion_readiness", points, gap, source, unit=unit, higher_is_better=True)


def months_since(first: dt.date, days: Sequence[dt.date]) -> list[float]:
    """Months from `first`: whole ones when all are first days of a month, else days / 30.4."""
    if first.day == 1 and all(day.day == 1 for day in days):
        return [float(read.months_between(first, day)) for day in days]
    return [(day - first).days / DAYS_PER_MONTH for day in days]


def _metric(
    scenario: Scenario,
    name: str,
    points: tuple[Point, ...],
    gap: str,
    source: str | None,
    *,
    unit: Unit,
    higher_is_better: bool,
) -> Metric:
    values = [point.value for point in points if point.value is not None]
    if len(values) < read.POINTS_NEEDED:
        few = f"{len(values)} of the {read.POINTS_NEEDED} points a trend needs were given; ask for earlier ones."
        return Metric(
            name=name,
            label=LABELS[name],
            status="insufficient data",
            trend=None,
            p_value=None,
            value=values[-1] if values else None,
            n=len(values),
            method=None,
            higher_is_better=higher_is_better,
            unit=unit,
            source=source,
            why=few if values else gap,
            series=points,
        )
    times = months_since(points[0].period, [point.period for point in points])
    p_worse = mann_kendall_p(values=values, rising=not higher_is_better)
    p_better = mann_kendall_p(values=values, rising=higher_is_better)
    return Metric(
        name=name,
        label=LABELS[name],
        status=trend_status(p_worse=p_worse, p_better=p_better, p_value=scenario.thresholds.degrading_p_value),
        trend=theil_sen_slope(times=times, values=values),
        p_value=p_worse,
        value=values[-1],
        n=len(values),
        method=METHOD,
        higher_is_better=higher_is_better,
        unit=unit,
        source=source,
        series=points,
    )
