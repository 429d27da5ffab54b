"""Who the client is, and by what conventions the figures are made."""

from __future__ import annotations

from typing import Literal

from workbook.evidence import Evidence
from workbook.model.spend import ATD_2024_DOLLARS_PER_EMPLOYEE
from workbook.results import Facts
from workbook.scenario import Scenario
from workbook.weeks.week1_read import headcount_now, yearly_spend

BudgetSource = Literal["client.yml", "training", "assumption", "scenario"]


def facts(evidence: Evidence, scenario: Scenario) -> Facts:
    """The client's facts under a scenario, which may set budget and cohort size."""
    settings = evidence.settings
    cohort = scenario.cohort_size or settings.cohort_size
    money, source = budget(evidence, scenario)
    return Facts(
        client=settings.client,
        name=settings.name or settings.client,
        currency=settings.currency,
        locale=settings.locale,
        as_of=settings.as_of,
        budget_money=money,
        budget_source=source,
        cohort_size=cohort,
        comparison_size=settings.comparison_size or cohort,
        horizon_months=settings.counted_months,
        discount_rate=settings.discount_rate,
        headcount=headcount_now(evidence),
        synthetic=settings.synthetic,
        licence=settings.licence,
        priorities=settings.priorities,
        switches=settings.switches,
    )


def budget(evidence: Evidence, scenario: Scenario) -> tuple[float, BudgetSource]:
    """The scenario's budget, else client.yml's, else what training costs a year, else 1,054 a head (house assumption).

    1,054 is ATD's figure for 2024 in US dollars, taken as that many units of the client's currency; where headcount is
    not known it is taken for the cohort only.
    """
    if scenario.budget_money is not None:
        return scenario.budget_money, "scenario"
    if evidence.settings.budget is not None:
        return evidence.settings.budget, "client.yml"
    today = sum(row.money for row in yearly_spend(evidence))
    if today > 0:
        return today, "training"
    people = headcount_now(evidence) or scenario.cohort_size or evidence.settings.cohort_size
    return ATD_2024_DOLLARS_PER_EMPLOYEE * people, "assumption"
