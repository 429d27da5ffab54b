"""What the client's own tables say about the assumptions, each with its sampling error."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from workbook.assumptions import Assumption, Register, shipped_register
from workbook.evidence import COMPANY, DeliveryMonth, Evidence
from workbook.model.simulation import Z_90, beta_quantile, gamma_quantile
from workbook.weeks.economics_company import Company, company_of, delay_by_cause, initiative_count, recent_delivery

TINY_SHARE = 1e-9


def register_of(evidence: Evidence, overrides: dict[str, float]) -> tuple[Register, Company]:
    """The register as this client and this scenario have it, and the company it describes.

    Shipped default < measured < the client's own assumptions < scenario.
    """
    shipped = shipped_register().measured(measured_pay(evidence, shipped_register()))
    company = company_of(evidence, shipped.changed(evidence.assumption_changes).overridden(overrides))
    register = shipped.measured(measured(evidence, company, shipped))
    register = register.changed(evidence.assumption_changes).overridden(overrides)
    asked = [(pair.a, pair.b, pair.rank) for pair in evidence.settings.correlations]
    return register.with_correlations(asked) if asked else register, company


def measured_pay(evidence: Evidence, register: Register) -> Iterator[Assumption]:
    """Pay of individual contributors where it is known."""
    for row in evidence.pay:
        if row.level == "individual":
            yield _changed(
                register["pay_individual_money"], value=row.yearly_money, low=row.yearly_money, high=row.yearly_money,
                distribution="fixed", source=f"{row.source}: pay of individual contributors",
            )  # fmt: skip


def measured(evidence: Evidence, company: Company, register: Register) -> Iterator[Assumption]:
    """Assumptions the client's tables answer, in their own units."""
    yield from _exit_rate(evidence, register)
    yield from _roles(evidence, company, register)
    yield from _initiatives(evidence, company, register)
    yield from _delivery(evidence, company, register)


def _exit_rate(evidence: Evidence, register: Register) -> Iterator[Assumption]:
    rows = [row for row in evidence.exposure if row.group == "all" and row.unit == COMPANY]
    if rows:
        row = max(rows, key=lambda row: row.window_end)
        if row.person_years > 0:
            yield _rate(
                register["voluntary_exit_rate"], row.voluntary_exits, row.person_years,
                f"employees: {row.voluntary_exits} voluntary exits in {row.person_years:.1f} person-years",
            )  # fmt: skip


def _roles(evidence: Evidence, company: Company, register: Register) -> Iterator[Assumption]:
    flow = evidence.role_flow
    if flow is None:
        return
    days = flow.days_to_fill_mean
    if days is not None and days > 0 and flow.days_to_fill_n > 0:
        spread = flow.days_to_fill_sd / days if flow.days_to_fill_sd else 0.35
        yield _around(
            register["days_to_fill"], days, spread / math.sqrt(flow.days_to_fill_n),
            f"roles: mean of {flow.days_to_fill_n} leadership roles filled",
        )  # fmt: skip
    years = company.leadership_roles * evidence.settings.window_months / 12
    entry = register["leadership_vacancy_rate"]
    if flow.leadership_vacancies_opened is not None:
        opened = flow.leadership_vacancies_opened
        yield _rate(entry, opened, years, f"roles: {opened} leadership vacancies opened in the window")
    elif days:
        vacant = sum(row.leadership_vacant for row in evidence.roles if row.unit == COMPANY)
        years = company.leadership_roles * days / 365.25
        yield _rate(
            entry, vacant, years, f"roles: {vacant} leadership roles stand empty, each for as long as it takes to fill"
        )


def _initiatives(evidence: Evidence, company: Company, register: Register) -> Iterator[Assumption]:
    if not evidence.initiatives:
        return
    causes, count = delay_by_cause(evidence), initiative_count(evidence)
    total = sum(causes.values())
    if total <= 0 or count == 0:
        return
    told = f"initiatives: {count} pieces of work"
    share = total / evidence.settings.window_months / company.payroll_money_per_month
    yield _around(register["delay_payroll_share"], share, math.sqrt(2 / count), told)
    named = initiative_count(evidence, ("coordination", "skills", "both"))
    known = causes["coordination"] + causes["skills"]
    if known > 0:
        yield _portion(register["coordination_share"], causes["coordination"] / known, named, told)
    yield _portion(register["other_cause_share"], causes["other"] / total, count, told)


def _delivery(evidence: Evidence, company: Company, register: Register) -> Iterator[Assumption]:
    rows = recent_delivery(evidence)
    if not rows:
        return
    payroll = dict(zip(company.units, company.unit_payroll, strict=True))
    people = dict(zip(company.units, company.headcount, strict=True))

    def yardstick(sizes: dict[str, float]) -> Callable[[DeliveryMonth], float]:
        return lambda row: float(sizes.get(row.unit, sum(sizes.values()) if row.unit == COMPANY else 0.0))

    months = len({row.month for row in rows})
    source = f"delivery: {months} months"
    rework = _monthly(rows, lambda row: row.rework_share, yardstick(payroll))
    if rework and np.mean(rework) > 0:
        yield _series(register["rework_share"], rework, source)
    days = _monthly(rows, lambda row: row.decision_days, lambda row: row.decisions or 1.0)
    if days:
        yield _series(register["decision_days"], days, source)
    decided = _summed(rows, lambda row: row.decisions)
    if decided and sum(decided) > 0:
        yield _series(register["decisions_per_person_month"], [n / sum(people.values()) for n in decided], source)
    paid = _summed(rows, lambda row: row.contractor_money)
    if paid:
        shares = [money / company.payroll_money_per_month for money in paid]
        yield _series(register["contractor_payroll_share"], shares, source)


def _monthly(
    rows: tuple[DeliveryMonth, ...],
    read: Callable[[DeliveryMonth], float | None],
    weigh: Callable[[DeliveryMonth], float],
) -> list[float]:
    """Weighted mean over units, month by month."""
    made = []
    for month in sorted({row.month for row in rows}):
        pairs = [(read(row), weigh(row)) for row in rows if row.month == month]
        weight = sum(w for value, w in pairs if value is not None)
        if weight > 0:
            made.append(sum(value * w for value, w in pairs if value is not None) / weight)
    return made


def _summed(rows: tuple[DeliveryMonth, ...], read: Callable[[DeliveryMonth], float | None]) -> list[float]:
    """Sum over units, month by month."""
    made = []
    for month in sorted({row.month for row in rows}):
        values = [value for row in rows if row.month == month and (value := read(row)) is not None]
        if values:
            made.append(float(sum(values)))
    return made


def _series(entry: Assumption, values: list[float], source: str) -> Assumption:
    """Mean of monthly values with the standard error their scatter implies (30 % under three months)."""
    mean = float(np.mean(values))
    if mean <= 0:
        return _changed(entry, value=0.0, low=0.0, high=0.0, distribution="fixed", source=source)
    spread = float(np.std(values, ddof=1)) / mean / math.sqrt(len(values)) if len(values) >= 3 else 0.30
    return _around(entry, mean, max(spread, 0.02), source)


def _around(entry: Assumption, value: float, relative_error: float, source: str) -> Assumption:
    """Lognormal about `value` with this relative standard error."""
    value = min(max(value, max(entry.minimum, TINY_SHARE)), entry.maximum)
    ratio = math.exp(Z_90 * relative_error)
    low, high = max(value / ratio, entry.minimum), min(value * ratio, entry.maximum)
    return _changed(entry, value=value, low=low, high=high, distribution="lognormal", source=source)


def _rate(entry: Assumption, events: int, exposure: float, source: str) -> Assumption:
    """Jeffreys gamma posterior of a rate: shape events + 1/2, scale 1 / exposure; the value is events / exposure."""
    shape, scale = events + 0.5, 1 / exposure
    low, high = gamma_quantile(np.array([0.05, 0.95]), shape=shape, scale=scale)
    value = min(events / exposure, entry.maximum)
    return _changed(
        entry, value=value, low=min(float(low), value), high=min(max(float(high), value), entry.maximum),
        distribution="gamma", shape=(shape,), scale=scale, source=source,
    )  # fmt: skip


def _portion(entry: Assumption, value: float, count: int, source: str) -> Assumption:
    """Jeffreys beta posterior of a share seen in `count` cases."""
    rising, falling = value * count + 0.5, (1 - value) * count + 0.5
    low, high = beta_quantile(np.array([0.05, 0.95]), rising=rising, falling=falling)
    return _changed(
        entry, value=value, low=min(float(low), value), high=max(float(high), value),
        distribution="beta", shape=(rising, falling), source=source,
    )  # fmt: skip


def _changed(entry: Assumption, **fields: Any) -> Assumption:
    return Assumption.model_validate(
        {**entry.model_dump(), "shape": (), "scale": 1.0, "evidence": "measured", "changed_by": "measured", **fields}
    )
