"""The six leaks and the eight components they are made of, for point values and draws alike."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, Literal, NamedTuple

import numpy as np

from workbook.assumptions import Register
from workbook.model import leaks as formulas
from workbook.weeks.economics_company import Company

Quantity = Any


class Component(NamedTuple):
    """A part of a leak with one cause of measurement: which leak, and which assumptions it needs measured."""

    leak: str
    needs: tuple[str, ...]


class LeakKind(NamedTuple):
    """A leak's label, the track that acts on it, and how it is worked out."""

    label: str
    track: Literal["leadership", "technical", "both"]
    basis: str


COMPONENTS: Final[dict[str, Component]] = {
    "vacancies": Component("leadership_vacancies", ("leadership_vacancy_rate", "days_to_fill", "pay_individual_money")),
    "exits": Component("regretted_exits", ("voluntary_exit_rate", "pay_individual_money")),
    "delay_coordination": Component(
        "cross_team_delay", ("delay_payroll_share", "coordination_share", "other_cause_share")
    ),
    "rework_coordination": Component(
        "rework", ("rework_share", "coordination_share", "other_cause_share", "pay_individual_money")
    ),
    "decisions": Component("slow_decisions", ("decision_days", "decisions_per_person_month", "pay_individual_money")),
    "delay_skills": Component(
        "technical_skill_gap", ("delay_payroll_share", "coordination_share", "other_cause_share")
    ),
    "rework_skills": Component(
        "technical_skill_gap", ("rework_share", "coordination_share", "other_cause_share", "pay_individual_money")
    ),
    "contractors": Component("technical_skill_gap", ("contractor_payroll_share",)),
}
NAMES: Final = tuple(COMPONENTS)
LEAKS: Final[dict[str, LeakKind]] = {
    "leadership_vacancies": LeakKind(
        "Leadership vacancies", "leadership",
        "vacancies opened a month × days to fill × (value of the role − salary not paid) a day",
    ),
    "regretted_exits": LeakKind(
        "Regretted exits", "leadership", "voluntary exits a month × share regretted × replacement share of yearly pay",
    ),
    "cross_team_delay": LeakKind(
        "Delay between teams", "leadership",
        "value a month × months late ÷ months of the window × part of it that is real × coordination's share",
    ),
    "rework": LeakKind("Rework", "leadership", "rework share × delivery payroll × coordination's share"),
    "slow_decisions": LeakKind(
        "Slow decisions", "leadership", "decisions a month × days above target × cost of a decision-day",
    ),
    "technical_skill_gap": LeakKind(
        "Technical skill gap", "technical",
        "skills' share of delay + skills' share of rework + part of contractors' cost that stands in for skills",
    ),
}  # fmt: skip


def components(values: Mapping[str, Quantity], company: Company, *, vacancies_priced: bool) -> dict[str, Quantity]:
    """Money a month of each component. `values` hold every assumption, each a number or an array of draws."""
    causes = formulas.split_causes(
        coordination_share=values["coordination_share"], other_share=values["other_cause_share"]
    )
    payroll = company.payroll_money_per_month
    delivered = float(company.unit_payroll[company.delivery_units].sum()) or payroll
    delivery_payroll = delivered * values["delivery_time_share"] * (1 + values["on_cost_share"])
    rework = {"rework_share": values["rework_share"], "delivery_payroll_money_per_month": delivery_payroll}
    delay = {
        "forgone_money_per_month": values["delay_payroll_share"] * payroll,
        "value_share": values["initiative_value_share"],
    }
    return {
        "vacancies": vacancies(values, company),
        "exits": exits(values, company, leaders_too=not vacancies_priced),
        "delay_coordination": formulas.delay_money_per_month(**delay, cause_share=causes.coordination),
        "rework_coordination": formulas.rework_money_per_month(**rework, cause_share=causes.coordination),
        "decisions": formulas.slow_decisions_money_per_month(
            decisions_per_month=values["decisions_per_person_month"] * company.people,
            days_above_target=values["decision_days"] - values["decision_target_days"],
            decision_day_money=values["decision_day_person_days"]
            * (payroll / company.people * 12 / company.working_days)
            * (1 + values["on_cost_share"]),
        ),
        "delay_skills": formulas.delay_money_per_month(**delay, cause_share=causes.skills),
        "rework_skills": formulas.rework_money_per_month(**rework, cause_share=causes.skills),
        "contractors": values["contractor_payroll_share"] * payroll * values["contractor_skill_share"],
    }


def vacancies(values: Mapping[str, Quantity], company: Company, role_value_money: float | None = None) -> Quantity:
    """Leadership vacancies a month; `role_value_money` instead of the role value the evidence gives, if wanted."""
    value = role_value_money
    if value is None and company.role_value_source != "pay":
        value = company.role_value_money_per_month
    if value is None:
        value = values["role_value_pay_multiple"] * company.role_pay_money_per_month
    return formulas.leadership_vacancies_money_per_month(
        vacancies_per_month=values["leadership_vacancy_rate"] * company.leadership_roles / 12,
        days_to_fill=values["days_to_fill"],
        net_cost_money_per_day=formulas.net_vacancy_cost_money_per_day(
            role_value_money_per_month=value * values["role_value_factor"],
            role_pay_money_per_month=company.role_pay_money_per_month,
        ),
    )


def exits(values: Mapping[str, Quantity], company: Company, *, leaders_too: bool) -> Quantity:
    """Regretted exits a month over levels; leaders only where their vacancies are not priced already."""
    levels = ("individual", "manager", "executive") if leaders_too else ("individual",)
    return sum(
        formulas.regretted_exits_money_per_month(
            exits_per_month=values["voluntary_exit_rate"] * company.people * company.exit_mix[level] / 12,
            regretted_share=values["regretted_share"],
            replacement_share=values[f"replacement_{level}_share"],
            pay_money_per_year=company.pay[level],
        )
        for level in levels
    )


def missing_tables(register: Register) -> dict[str, tuple[str, ...]]:
    """Tables each component lacks; a component is counted only when this is empty."""
    return {
        name: tuple(
            dict.fromkeys(
                table for need in part.needs if register[need].is_default and (table := register[need].defaulted_for)
            )
        )
        for name, part in COMPONENTS.items()
    }


def stacked(parts: Mapping[str, Quantity], *shape: int) -> np.ndarray:
    """Components as rows of an array (components, draws), or of more axes for a `shape` of several."""
    return np.stack([np.broadcast_to(np.asarray(parts[name], dtype=float), shape) for name in NAMES])
