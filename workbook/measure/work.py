"""Delivery and initiatives: records about work, weighted by the work and not by people."""

from __future__ import annotations

from typing import Any

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


def weighted_means(frame: pd.DataFrame, value: str, weight: str) -> dict[Any, float]:
    """Mean of `value` by unit and month where known; plain where a weight is missing or all are zero."""
    known = frame[frame[value].notna()]
    rows = pd.DataFrame(
        {
            "unit": known["unit"],
            "month": known["month"],
            "value": known[value],
            "weight": known[weight],
            "product": known[value] * known[weight],
            "unweighted": known[weight].isna(),
        }
    ).groupby(["unit", "month"])
    weights, plain = rows["weight"].sum(), rows["value"].mean()
    usable = ~rows["unweighted"].any() & weights.gt(0)
    return (rows["product"].sum() / weights.where(usable)).where(usable, plain).to_dict()


def delivery_months(delivery: pd.DataFrame, *, units: Units, settings: Settings) -> tuple[DeliveryMonth, ...]:
    """Delivery by unit and month up to `as_of`; shares weighted by items due, days to decide by decisions."""
    columns = {name: numbers(delivery[name]) for name in {*SUMMED, *WEIGHTED}}
    month = delivery["month"].dt.to_period("M").dt.to_timestamp()
    frame = pd.DataFrame({"unit": units.of(delivery["unit"]), "month": month, **columns})
    frame = frame[frame["month"].le(pd.Timestamp(settings.as_of))]
    frame = with_company(frame)
    totals: dict[Any, dict[Any, Any]] = frame.groupby(["unit", "month"])[list(SUMMED)].sum(min_count=1).to_dict("index")
    means = {name: weighted_means(frame, name, weight) for name, weight in WEIGHTED.items()}
    return tuple(
        DeliveryMonth(
            unit=unit,
            month=day(when),
            **{ours: number(totals[(unit, when)][theirs]) for theirs, ours in SUMMED.items()},
            **{name: number(found.get((unit, when))) for name, found in means.items()},
        )
        for at in units_first(units.names)
        for unit, when in totals
        if unit == at
    )


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
