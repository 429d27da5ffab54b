"""Budget against actual by programme and month, and what a person costs as more take part."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Final

import numpy as np

from workbook.evidence import CostMonth, Evidence
from workbook.model import kpis as model
from workbook.results import CostLine, ScalePoint
from workbook.weeks.economics_flow import Offer

SIZES: Final = (6, 9, 12, 18, 24, 36, 48, 72, 96, 144, 192, 288, 384)


def costs(evidence: Evidence) -> tuple[CostLine, ...]:
    """Each programme's months in order, after the line of all its months; dearest programme first."""
    rows: dict[str, list[CostMonth]] = {}
    for row in evidence.cost_months:
        rows.setdefault(row.programme, []).append(row)
    ranked = sorted(rows, key=lambda name: (-sum(row.money for row in rows[name]), name))
    made: list[CostLine] = []
    for name in ranked:
        made.append(line(name, None, rows[name]))
        months = sorted({row.month for row in rows[name] if row.month is not None})
        made += [line(name, month, [row for row in rows[name] if row.month == month]) for month in months]
    return tuple(made)


def line(programme: str, month: dt.date | None, rows: Iterable[CostMonth]) -> CostLine:
    """Sums of some months; over budget is told of the rows that have one."""
    given = list(rows)
    budgeted = [row for row in given if row.budget_money is not None]
    budget = sum(row.budget_money or 0.0 for row in budgeted)
    actual, people = sum(row.money for row in given), sum(row.participants for row in given)
    return CostLine(
        programme=programme,
        month=month,
        actual=actual,
        budget=budget if budgeted else None,
        over_share=model.overspend_share(spent_money=sum(row.money for row in budgeted), budget_money=budget),
        participants=people,
        per_person=model.money_per_person(money=actual, people=people),
    )


def cost_per_person(offer: Offer | None) -> tuple[ScalePoint, ...]:
    """Cost a seat of a programme at sizes that whole groups can fill, participants' time included."""
    if offer is None:
        return ()
    most = len(offer.cost_by_seats) - 1
    sizes = sorted({n for n in (*SIZES, most) if 0 < n <= most})
    return tuple(
        ScalePoint(people=n, per_person=float(offer.cost_by_seats[n] / n))
        for n in sizes
        if np.isfinite(offer.cost_by_seats[n])
    )
