"""Work metrics in the pilot's units and in the comparison's: what fell, by how much, and whether it may be believed."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from workbook.evidence import DeliveryMonth, Evidence, PilotSites
from workbook.model.criteria import OUTCOME_COVERAGE
from workbook.model.effect import pre_trend
from workbook.model.outcomes import Reduction, reduction_of_rates, reduction_of_units
from workbook.model.survey import t_interval
from workbook.model.trend import fitted_line, forecast
from workbook.results import MetricEffect, PreTrend, TrendLine

BEFORE_MONTHS: Final = 6
LEAST_MONTHS: Final = 3
LINE_FROM: Final = 6
LEAST_UNITS: Final = 2
PRE_TREND_COVERAGE: Final = 0.90
NO_SITES: Final = "which units hold the pilot is not known: participants.csv with arms and employees.csv are needed"
MIXED: Final = "people of both arms work in the same units, so units cannot be compared"


@dataclass(frozen=True)
class Kind:
    """A metric kept by unit and month: how it is read; lower is better."""

    metric: str
    label: str
    read: Callable[[DeliveryMonth, float], float | None]


@dataclass(frozen=True)
class Measured:
    """A metric's result and, where there is one, the reduction behind it."""

    shown: MetricEffect
    reduction: Reduction | None


def _late(row: DeliveryMonth, _: float) -> float | None:
    return None if row.on_time_share is None else 1 - row.on_time_share


def _rework(row: DeliveryMonth, _: float) -> float | None:
    return row.rework_share


def _excess(row: DeliveryMonth, target_days: float) -> float | None:
    return None if row.decision_days is None else row.decision_days - target_days


KINDS: Final = (
    Kind("rework", "Rework", _rework),
    Kind("slow_decisions", "Days to a decision beyond the target", _excess),
    Kind("late_delivery", "Work delivered late", _late),
)


def metric_effects(evidence: Evidence, *, decision_target_days: float) -> tuple[Measured, ...]:
    """Every metric that both arms' units keep, then exits; nothing where no units hold the pilot."""
    sites = evidence.pilot_sites
    if sites is None or not (sites.pilot_units or sites.mixed_units):
        return ()
    made = [of_units(evidence, sites, kind, decision_target_days) for kind in KINDS]
    return (*(one for one in made if one is not None), *of_exits(sites))


def series(
    evidence: Evidence, units: tuple[str, ...], kind: Kind, target_days: float
) -> dict[str, dict[dt.date, float]]:
    """The metric by unit and month."""
    found: dict[str, dict[dt.date, float]] = {}
    for row in evidence.delivery:
        value = kind.read(row, target_days) if row.unit in units else None
        if value is not None:
            found.setdefault(row.unit, {})[row.month] = value
    return found


def split(months: dict[dt.date, float], start: dt.date) -> tuple[list[float], list[float]]:
    """The last six months before the month of the start, and all months after it; the month itself is neither."""
    first = start.replace(day=1)
    before = [months[month] for month in sorted(months) if month < first][-BEFORE_MONTHS:]
    return before, [months[month] for month in sorted(months) if month > first]


def of_units(evidence: Evidence, sites: PilotSites, kind: Kind, target_days: float) -> Measured | None:
    """One metric by unit: reduction, trend before the start, and the pilot's own line. None where nobody keeps it."""
    arms = {
        "pilot": series(evidence, sites.pilot_units, kind, target_days),
        "comparison": series(evidence, sites.comparison_units, kind, target_days),
    }
    if not arms["pilot"] and not sites.mixed_units:
        return None
    base = MetricEffect(
        metric=kind.metric,
        label=kind.label,
        reduction=None,
        low=None,
        high=None,
        standard_error=None,
        pilot_units=len(arms["pilot"]),
        comparison_units=len(arms["comparison"]),
        design="none",
    )
    if not arms["pilot"]:
        return Measured(base.model_copy(update={"why": MIXED}), None)
    line = trend_line(arms["pilot"], sites.start)
    base = base.model_copy(update={"trend_line": line})
    rows = [
        (float(arm == "pilot"), float(np.mean(before)), float(np.mean(after)))
        for arm, units in arms.items()
        for before, after in (split(units[unit], sites.start) for unit in sorted(units))
        if min(len(before), len(after)) >= LEAST_MONTHS
    ]
    treated = [row[0] for row in rows]
    if min(treated.count(1.0), treated.count(0.0)) < LEAST_UNITS:
        need = f"{LEAST_UNITS} units an arm with {LEAST_MONTHS} months before and after the start are needed"
        return Measured(base.model_copy(update={"why": need, "design": "trend line" if line else "none"}), None)
    found = reduction_of_units(after=[row[2] for row in rows], before=[row[1] for row in rows], treated=treated)
    if found is None:
        return Measured(base.model_copy(update={"why": "without the programme it would be at or below zero"}), None)
    low, high = t_interval(
        estimate=found.share,
        standard_error=found.standard_error,
        degrees_of_freedom=found.degrees_of_freedom,
        coverage=OUTCOME_COVERAGE,
    )
    shown = base.model_copy(
        update={
            "reduction": found.share,
            "low": low,
            "high": high,
            "standard_error": found.standard_error,
            "pilot_units": treated.count(1.0),
            "comparison_units": treated.count(0.0),
            "design": "units of both arms, adjusted for six months before",
            "pre_trend": before_start(arms, sites.start),
        }
    )
    return Measured(shown, found)


def monthly(units: dict[str, dict[dt.date, float]]) -> dict[dt.date, float]:
    """Mean over the units that have every month any of them has; by month."""
    months = sorted({month for own in units.values() for month in own})
    whole = [own for own in units.values() if len(own) == len(months)]
    return {month: float(np.mean([own[month] for own in whole])) for month in months} if whole else {}


def before_start(arms: dict[str, dict[str, dict[dt.date, float]]], start: dt.date) -> PreTrend | None:
    """Whether pilot and comparison moved alike before the start; None under three months."""
    pilot, other = (monthly(arms[arm]) for arm in ("pilot", "comparison"))
    months = [month for month in sorted(pilot) if month in other and month < start.replace(day=1)]
    if len(months) < LEAST_MONTHS:
        return None
    times = [12.0 * month.year + month.month for month in months]
    found = pre_trend(months=times, pilot=[pilot[m] for m in months], comparison=[other[m] for m in months])
    low, high = t_interval(
        estimate=found.points,
        standard_error=found.standard_error,
        degrees_of_freedom=found.degrees_of_freedom,
        coverage=PRE_TREND_COVERAGE,
    )
    moved = low > 0 or high < 0
    words = "the gap was already moving before the start" if moved else "no sign that the gap was moving before"
    if not moved and len(months) < LINE_FROM:
        words += f", but {len(months)} months show little"
    return PreTrend(slope=found.points, low=low, high=high, points=len(months), words=words)


def trend_line(units: dict[str, dict[dt.date, float]], start: dt.date) -> TrendLine | None:
    """The pilot's own months before the start carried on, against what came; None under six months or three after."""
    values, first = monthly(units), start.replace(day=1)
    before, after = ([m for m in sorted(values) if (m < first) == early and m != first] for early in (True, False))
    if len(before) < LINE_FROM or len(after) < LEAST_MONTHS:
        return None

    def times(months: list[dt.date]) -> list[float]:
        return [12.0 * (month.year - first.year) + month.month - first.month for month in months]

    line = fitted_line(times=times(before), values=[values[month] for month in before])
    mean, error = forecast(line, times=times(after))
    low, high = t_interval(
        estimate=mean, standard_error=error, degrees_of_freedom=len(before) - 2, coverage=OUTCOME_COVERAGE
    )
    actual = float(np.mean([values[month] for month in after]))
    return TrendLine(
        forecast=mean, low=low, high=high, actual=actual, points=len(before), beyond=not low <= actual <= high
    )


def of_exits(sites: PilotSites) -> tuple[Measured, ...]:
    """Voluntary exits in both arms' units, by a ratio of rate ratios."""
    rows = {(row.arm, row.period): row for row in sites.exits}
    order = (("pilot", "after"), ("comparison", "after"), ("pilot", "before"), ("comparison", "before"))
    if set(rows) != set(order):
        return ()
    found = reduction_of_rates(
        events=[rows[key].voluntary_exits for key in order],  # type: ignore[index]
        exposure=[rows[key].person_years for key in order],  # type: ignore[index]
    )
    beta, error = math.log(1 - found.share), found.standard_error / (1 - found.share)
    low, high = t_interval(estimate=beta, standard_error=error, degrees_of_freedom=1e6, coverage=OUTCOME_COVERAGE)
    shown = MetricEffect(
        metric="exits",
        label="Voluntary exits",
        reduction=found.share,
        low=1 - math.exp(high),
        high=1 - math.exp(low),
        standard_error=found.standard_error,
        pilot_units=len(sites.pilot_units),
        comparison_units=len(sites.comparison_units),
        design="units of both arms, rates after against a year before",
    )
    return (Measured(shown, replace(found, parts=None)),)


def believed(one: Measured) -> bool:
    """Whether a metric may enter the update: it has a reduction, and the gap was not moving before the start."""
    trend = one.shown.pre_trend
    return one.reduction is not None and (trend is None or trend.low <= 0 <= trend.high)


def spread_between_units(evidence: Evidence, *, decision_target_days: float) -> dict[str, float]:
    """sigma/mu of each metric between units over the window's last twelve months; needs three units."""
    made = {}
    units = tuple({row.unit for row in evidence.delivery} & set(evidence.units))
    for kind in KINDS:
        means = [
            float(np.mean([months[m] for m in sorted(months)[-12:]]))
            for months in series(evidence, units, kind, decision_target_days).values()
        ]
        if len(means) >= 3 and np.mean(means) > 0 and np.ptp(means) > 0:
            made[kind.metric] = float(np.std(sorted(means), ddof=1) / np.mean(sorted(means)))
    return made
