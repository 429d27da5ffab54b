"""The company the money side sees: people, pay and where each cost falls, as arrays over units."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from workbook.assumptions import Register
from workbook.evidence import COMPANY, DeliveryMonth, Evidence
from workbook.model.leaks import cause_amounts, shares_of_total
from workbook.weeks.week1_units import pooled_teams

Floats = npt.NDArray[np.float64]
LEVELS: Final = ("executive", "manager", "individual")


@dataclass(frozen=True)
class Company:
    """People by unit, pay by level and unit shares of every cost component. Money is a year's pay or a month's payroll.

    `shares` maps a component to the share of it in each unit (sums to one); `pay_measured` tells whether pay is known.
    """

    units: tuple[str, ...]
    headcount: Floats
    managers: Floats
    individuals: Floats
    emerging: Floats
    executives: float
    pay: Mapping[str, float]
    pay_measured: bool
    payroll_money_per_month: float
    unit_payroll: Floats
    delivery_units: npt.NDArray[np.bool_]
    exit_mix: Mapping[str, float]
    leadership_roles: float
    role_value_money_per_month: float | None
    role_pay_money_per_month: float
    role_value_source: str
    working_days: int
    shares: Mapping[str, Floats]

    @property
    def people(self) -> float:
        """Everyone."""
        return float(self.headcount.sum())


def company_of(evidence: Evidence, register: Register) -> Company:
    """Arrays over units from the released evidence, with declared stand-ins where nothing was given."""
    point = register.point
    units = evidence.units or (COMPANY,)
    headcount = _headcount(evidence, units, "all", point["default_headcount"])
    managers = _managers(evidence, units, headcount * point["manager_share"])
    executives = _audience(evidence, "executive") or max(headcount.sum() * point["executive_share"], 1.0)
    individuals = _levels(evidence, units, "individual")
    if individuals is None:
        individuals = np.maximum(headcount - managers, 0.0)
    emerging_all = _audience(evidence, "emerging") or individuals.sum() * point["emerging_share"]
    pay = _pay(evidence, register)
    unit_payroll = (managers * pay["manager"] + np.maximum(headcount - managers, 0) * pay["individual"]) / 12
    extra = executives * (pay["executive"] - pay["individual"]) / 12
    payroll = float(unit_payroll.sum() + extra)
    delivery = {unit for row in recent_delivery(evidence) if row.rework_share is not None for unit in (row.unit,)}
    flow = evidence.role_flow
    roles = _rows(evidence.roles, units)
    role_pay = flow.vacant_pay_money_per_month if flow and flow.vacant_pay_money_per_month else pay["manager"] / 12
    return Company(
        units=units,
        headcount=headcount,
        managers=managers,
        individuals=individuals,
        emerging=emerging_all * headcount / headcount.sum(),
        executives=float(executives),
        pay=pay,
        pay_measured=any(row.level == "individual" for row in evidence.pay),
        payroll_money_per_month=payroll,
        unit_payroll=unit_payroll * payroll / unit_payroll.sum(),
        delivery_units=np.array([COMPANY in delivery or unit in delivery for unit in units]),
        exit_mix=_exit_mix(evidence, managers.sum() / headcount.sum()),
        leadership_roles=float(sum(row.leadership for row in roles)) or float(managers.sum() + executives),
        role_value_money_per_month=flow.vacant_value_money_per_month if flow else None,
        role_pay_money_per_month=role_pay,
        role_value_source=(flow.role_value_source if flow and flow.vacant_value_money_per_month else None) or "pay",
        working_days=evidence.settings.working_days,
        shares=_shares(evidence, units, headcount, managers, unit_payroll),
    )


def recent_delivery(evidence: Evidence) -> tuple[DeliveryMonth, ...]:
    """Delivery records of the window: of units where there are any, else of the company."""
    months = sorted({row.month for row in evidence.delivery})[-evidence.settings.window_months :]
    rows = tuple(row for row in evidence.delivery if row.month in set(months))
    return tuple(row for row in rows if row.unit != COMPANY) or rows


def delay_by_cause(evidence: Evidence, unit: str | None = None) -> dict[str, float]:
    """Delayed value by coordination, skills and other, `both` split by the client's switch; of one unit or of all."""
    found = [row for row in evidence.initiatives if row.unit == (unit or COMPANY)]
    if unit is None and not found:
        found = list(evidence.initiatives)
    amounts: dict[str, float] = {}
    for row in found:
        amounts[row.cause] = amounts.get(row.cause, 0.0) + row.delayed_value_money
    return cause_amounts(by_cause=amounts, both_to_coordination_share=evidence.settings.switches.both_cause_split)


def initiative_count(evidence: Evidence, causes: Iterable[str] = ("coordination", "skills", "both", "other")) -> int:
    """How many initiatives of these causes the client listed."""
    wanted = set(causes)
    company = [row for row in evidence.initiatives if row.unit == COMPANY]
    return sum(row.initiatives for row in company or evidence.initiatives if row.cause in wanted)


def _headcount(evidence: Evidence, units: tuple[str, ...], level: str, default: float) -> Floats:
    found = _levels(evidence, units, level)
    if found is not None and found.sum() > 0:
        return np.maximum(found, 0.5)
    most: dict[str, int] = {}
    for cell in evidence.survey:
        most[cell.unit] = max(most.get(cell.unit, 0), cell.n or 0)
    answered, company = _per_unit(units, most), most.get(COMPANY, 0)
    if answered.sum() > 0:
        return np.maximum(answered, 0.5)
    return np.full(len(units), max(company, default) / len(units))


def _levels(evidence: Evidence, units: tuple[str, ...], level: str) -> Floats | None:
    rows = [row for row in evidence.headcount if row.level == level]
    if not rows:
        return None
    last = max(row.month for row in rows)
    now = {row.unit: float(row.headcount) for row in rows if row.month == last}
    if units == (COMPANY,) or any(unit in now for unit in units):
        return _per_unit(units, now)
    return np.full(len(units), now.get(COMPANY, 0.0) / len(units))


def _managers(evidence: Evidence, units: tuple[str, ...], default: Floats) -> Floats:
    counted = {row.unit: float(row.managers) for row in evidence.managers}
    if any(counted.get(unit) for unit in units):
        return _per_unit(units, counted)
    by_level = _levels(evidence, units, "manager")
    return by_level if by_level is not None and by_level.sum() > 0 else default


def _audience(evidence: Evidence, audience: str) -> float:
    return float(sum(row.headcount for row in evidence.audiences if row.audience == audience))


def _pay(evidence: Evidence, register: Register) -> dict[str, float]:
    known = {row.level: row.yearly_money for row in evidence.pay}
    point = register.point
    individual = point["pay_individual_money"]
    if "individual" not in known and "manager" in known and register["pay_individual_money"].is_default:
        individual = known["manager"] / point["pay_manager_multiple"]
    return {
        "individual": individual,
        "manager": known.get("manager", individual * point["pay_manager_multiple"]),
        "executive": known.get("executive", individual * point["pay_executive_multiple"]),
    }


def _exit_mix(evidence: Evidence, manager_share: float) -> dict[str, float]:
    rows = [row for row in evidence.exposure if row.group == "all" and row.unit == COMPANY]
    latest = max(rows, key=lambda row: row.window_end).exits_by_level if rows else {}
    total = sum(latest.values())
    if total == 0:
        return {"executive": 0.0, "manager": float(manager_share), "individual": 1 - float(manager_share)}
    return {level: latest.get(level, 0) / total for level in LEVELS}


def _rows(rows: Iterable[Any], units: tuple[str, ...]) -> list[Any]:
    """The company's row where there is one, else the units' rows."""
    made = list(rows)
    return [row for row in made if row.unit == COMPANY] or [row for row in made if row.unit in units]


def _per_unit(units: tuple[str, ...], amounts: Mapping[str, float]) -> Floats:
    return np.array([float(amounts.get(unit, 0.0)) for unit in units])


def _shares(
    evidence: Evidence, units: tuple[str, ...], headcount: Floats, managers: Floats, payroll: Floats
) -> dict[str, Floats]:
    by_headcount, by_payroll = shares_of_total(headcount), shares_of_total(payroll)

    def located(amounts: Floats, otherwise: Floats) -> Floats:
        return shares_of_total(amounts) if amounts.sum() > 0 else otherwise

    delay = {unit: delay_by_cause(evidence, unit) for unit in units}
    delivery = recent_delivery(evidence)
    rework = _mean_by_unit(units, delivery, lambda row: row.rework_share) * payroll
    days = _mean_by_unit(units, delivery, lambda row: row.decision_days) * _mean_by_unit(
        units, delivery, lambda row: row.decisions
    )
    vacant = _per_unit(units, {row.unit: row.leadership_vacant for row in evidence.roles})
    roles = _per_unit(units, {row.unit: row.leadership for row in evidence.roles})
    typical = roles * vacant.sum() / roles.sum() if roles.sum() > 0 else vacant
    return {
        "vacancies": located(vacant + typical, shares_of_total(managers)),
        "exits": located(_exits_by_unit(evidence, units) * payroll / headcount, by_payroll),
        "delay_coordination": located(_per_unit(units, {u: delay[u]["coordination"] for u in units}), by_headcount),
        "rework_coordination": located(rework, by_payroll),
        "decisions": located(days, by_headcount),
        "delay_skills": located(_per_unit(units, {u: delay[u]["skills"] for u in units}), by_headcount),
        "rework_skills": located(rework, by_payroll),
        "contractors": located(_mean_by_unit(units, delivery, lambda row: row.contractor_money), by_payroll),
    }


def _mean_by_unit(
    units: tuple[str, ...], rows: tuple[DeliveryMonth, ...], read: Callable[[DeliveryMonth], float | None]
) -> Floats:
    found: dict[str, list[float]] = {}
    for row in rows:
        value = read(row)
        if value is not None:
            found.setdefault(row.unit, []).append(value)
    return _per_unit(units, {unit: sum(values) / len(values) for unit, values in found.items()})


def _exits_by_unit(evidence: Evidence, units: tuple[str, ...]) -> Floats:
    """Leavers a year each unit is expected to have: its pooled rate x its person-years; zeros where none is known."""
    found = pooled_teams(evidence)
    if found is None:
        return np.zeros(len(units))
    rows, pooled = found
    expected = pooled.mean * pooled.person_years
    return _per_unit(units, {unit: float(expected[row]) for unit, row in rows.items()})
