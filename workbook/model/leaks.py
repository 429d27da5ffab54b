"""What the status quo costs a month, one formula a leak. Every argument may be a number or an array of draws."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, Literal, NamedTuple

import numpy as np
import numpy.typing as npt

Quantity = Any
"""A float or an array of draws; both take the same road."""
Floats = npt.NDArray[np.float64]
DAYS_A_MONTH: Final = 365.25 / 12


class Overlap(NamedTuple):
    """Whether two drivers of value may be summed, and what is done where they may not."""

    first: str
    second: str
    rule: Literal["may be summed", "alternatives"]
    treatment: str


OVERLAPS: Final = (
    Overlap(
        "leadership_vacancies", "regretted_exits", "alternatives",
        "A leader's replacement cost contains the days the role stood empty: where leadership vacancies are priced, "
        "exits of managers and executives are left out of regretted exits.",
    ),
    Overlap(
        "cross_team_delay", "technical_skill_gap", "may be summed",
        "Every month of delay is split once between coordination, skills and other causes.",
    ),
    Overlap(
        "rework", "technical_skill_gap", "may be summed",
        "Every hour of rework is split once between coordination, skills and other causes.",
    ),
    Overlap(
        "cross_team_delay", "slow_decisions", "may be summed",
        "Delay is the value of work not yet delivered; slow decisions are paid time spent waiting.",
    ),
    Overlap(
        "regretted_exits", "engagement", "alternatives",
        "Engagement is never given a price: its cost is read in exits and delivery.",
    ),
    Overlap(
        "drivers", "utility", "alternatives",
        "The utility method triangulates the drivers; it is never added to them.",
    ),
)  # fmt: skip


class CauseShares(NamedTuple):
    """Shares of delay and rework by cause; they sum to one."""

    coordination: Quantity
    skills: Quantity
    other: Quantity


def split_causes(*, coordination_share: Quantity, other_share: Quantity) -> CauseShares:
    """Coordination, skills and other, summing to one; `coordination_share` is of what is not other."""
    known = 1 - other_share
    return CauseShares(known * coordination_share, known * (1 - coordination_share), other_share)


def cause_amounts(*, by_cause: Mapping[str, float], both_to_coordination_share: float) -> dict[str, float]:
    """Amounts by coordination, skills and other when `both` is shared out between the first two."""
    both = by_cause.get("both", 0.0)
    return {
        "coordination": by_cause.get("coordination", 0.0) + both * both_to_coordination_share,
        "skills": by_cause.get("skills", 0.0) + both * (1 - both_to_coordination_share),
        "other": by_cause.get("other", 0.0),
    }


def net_vacancy_cost_money_per_day(
    *, role_value_money_per_month: Quantity, role_pay_money_per_month: Quantity
) -> Quantity:
    """Value of the role lost a day less the salary not paid that day; never below zero."""
    return np.maximum(role_value_money_per_month - role_pay_money_per_month, 0.0) / DAYS_A_MONTH


def leadership_vacancies_money_per_month(
    *, vacancies_per_month: Quantity, days_to_fill: Quantity, net_cost_money_per_day: Quantity
) -> Quantity:
    """Vacancies opened a month x days each stands open x net daily cost."""
    return vacancies_per_month * days_to_fill * net_cost_money_per_day


def regretted_exits_money_per_month(
    *, exits_per_month: Quantity, regretted_share: Quantity, replacement_share: Quantity, pay_money_per_year: Quantity
) -> Quantity:
    """Voluntary exits a month x share regretted x replacement share of yearly pay, for one level."""
    return exits_per_month * regretted_share * replacement_share * pay_money_per_year


def delay_money_per_month(
    *, forgone_money_per_month: Quantity, value_share: Quantity, cause_share: Quantity
) -> Quantity:
    """Value forgone by delay a month x part of it that is real x share one cause has in it."""
    return forgone_money_per_month * value_share * cause_share


def rework_money_per_month(
    *, rework_share: Quantity, delivery_payroll_money_per_month: Quantity, cause_share: Quantity
) -> Quantity:
    """Rework share x delivery payroll x share one cause has in it."""
    return rework_share * delivery_payroll_money_per_month * cause_share


def slow_decisions_money_per_month(
    *, decisions_per_month: Quantity, days_above_target: Quantity, decision_day_money: Quantity
) -> Quantity:
    """Decisions a month x days above target x cost of a decision-day; days below target save nothing."""
    return decisions_per_month * np.maximum(days_above_target, 0.0) * decision_day_money


def shares_of_total(amounts: Floats) -> Floats:
    """Amounts as shares of their sum; equal shares when all are zero."""
    total = float(amounts.sum())
    return amounts / total if total > 0 else np.full(len(amounts), 1 / len(amounts))
