"""Delivery and initiatives: records about work, weighted by the work and not by people."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from workbook.evidence import DelayValue, DeliveryMonth
from workbook.measure.release import Release, number
from workbook.measure.tables import day, numbers, units_first, with_company, yes
from workbook.measure.units import Units
from workbook.settings import Settings

CAUSES = ("coordination", "skills", "both", "other")
SUMMED = {"items_due": "items_due", "decisions": "decisions", "contractor_cost": "contractor_money"}
WEIGHTED = {
    "on_time_share": "items_due",
    "rework_share": "items_due",
    "decision_days": "decisions",
    "velocity": "items_due",
}


def weighted_mean(values: pd.Series, weights: pd.Series) -> float | None:
    """Mean of the values known, weighted; plain when a weight is missing or all are zero."""
    known = values.notna()
    value, weight = values[known].to_numpy(), weights[known].to_numpy()
    if len(value) == 0:
        return None
    if np.isnan(weight).any() or weight.sum() <= 0:
        return float(value.mean())
    return float((value * weight).sum() / weight.sum())


def delivery_months(delivery: pd.DataFrame, *, units: Units, settings: Settings) -> tuple[DeliveryMonth, ...]:
    """Delivery by unit and month up to `as_of`; shares weighted by items due, days to decide by decisions."""
    columns = {name: numbers(delivery[name]) for name in {*SUMMED, *WEIGHTED}}
    month = delivery["month"].dt.to_period("M").dt.to_timestamp()
    frame = pd.DataFrame({"unit": units.of(delivery["unit"]), "month": month, **columns})
    frame = frame[frame["month"].le(pd.Timestamp(settings.as_of))]
    rows: dict[tuple[str, Any], DeliveryMonth] = {}
    groups: Any = with_company(frame).groupby(["unit", "month"])
    for (unit, when), group in groups:
        sums = {ours: number(group[theirs].sum(min_count=1)) for theirs, ours in SUMMED.items()}
        means = {name: weighted_mean(group[name], group[weight]) for name, weight in WEIGHTED.items()}
        rows[(str(unit), when)] = DeliveryMonth(unit=str(unit), month=day(when), **sums, **means)
    order = list(units_first(units.names))
    return tuple(rows[key] for key in sorted(rows, key=lambda key: (order.index(key[0]), key[1])))


def delays(initiatives: pd.DataFrame, *, units: Units, release: Release) -> tuple[DelayValue, ...]:
    """Initiatives by unit and cause; early ones (negative delay) do not make up for late ones."""
    value, late = numbers(initiatives["value_per_month"]), numbers(initiatives["delay_months"]).clip(lower=0)
    if value.isna().any() or late.isna().any():
        release.note("initiatives without a value or a delay count as costing nothing")
    cause = initiatives["cause"].astype("object")
    frame = pd.DataFrame(
        {
            "unit": units.of(initiatives["unit"]),
            "cause": cause.where(cause.isin(CAUSES), "other"),
            "value": value.fillna(0.0),
            "late": late.fillna(0.0),
            "cross": yes(initiatives["cross_team"]),
        }
    )
    frame["delayed"] = frame["value"] * frame["late"]
    grouped = with_company(frame).groupby(["unit", "cause"])
    sums: dict[Any, dict[Any, Any]] = grouped.agg(
        n=("value", "size"),
        value=("value", "sum"),
        late=("late", "mean"),
        delayed=("delayed", "sum"),
        cross=("cross", "sum"),
    ).to_dict("index")
    return tuple(
        DelayValue(
            unit=unit,
            cause=cause,
            initiatives=int(sums[(unit, cause)]["n"]),
            value_money_per_month=float(sums[(unit, cause)]["value"]),
            delay_months_mean=float(sums[(unit, cause)]["late"]),
            delayed_value_money=float(sums[(unit, cause)]["delayed"]),
            cross_team=int(sums[(unit, cause)]["cross"]),
        )
        for unit in units_first(units.names)
        for cause in CAUSES
        if (unit, cause) in sums
    )
