"""Companies for tests of the money side: `tests.builders.company()` with its money, causes and records moved."""

from __future__ import annotations

from functools import cache
from typing import Any

from tests.builders import COMPANY, UNIT_SIZES, company, delay, evidence
from workbook import weeks
from workbook.evidence import Evidence, Pay
from workbook.results import Week1
from workbook.scenario import Scenario
from workbook.weeks.decision import DecisionProblem, decision_problem

DRAWS = 512


def causes(**money: float) -> tuple:
    """Initiatives with this delayed value by cause, spread over the units of `company()` by size."""
    everyone = {**UNIT_SIZES, COMPANY: sum(UNIT_SIZES.values())}
    return tuple(
        delay(cause, delayed=amount * size / 220, unit=unit)
        for unit, size in everyone.items()
        for cause, amount in money.items()
    )


@cache
def whole() -> Evidence:
    """A client who gave every table."""
    return company()


@cache
def skills_gap() -> Evidence:
    """A client whose delay comes from missing skills, with contractors standing in for them."""
    base = company(initiatives=causes(skills=4_000_000.0, coordination=100_000.0))
    rich = tuple(row.model_copy(update={"contractor_money": 80_000.0}) for row in base.delivery)
    return base.model_copy(update={"delivery": rich})


@cache
def nothing_given() -> Evidence:
    """A client who gave no table at all."""
    return evidence(settings={"budget": 100_000.0})


def pay(individual: float) -> tuple[Pay, ...]:
    """Pay with the usual steps between levels."""
    return tuple(
        Pay(level=level, yearly_money=individual * step, n=20, source="employees")
        for level, step in (("executive", 3.0), ("manager", 1.6), ("individual", 1.0))
    )


FIRST_WEEKS: dict[int, tuple[Evidence, Week1]] = {}


def first_week(client: Evidence) -> Week1:
    """Week 1 of a client, worked out once for each client object."""
    if id(client) not in FIRST_WEEKS:
        FIRST_WEEKS[id(client)] = (client, weeks.week1(client, Scenario(draws=DRAWS)))
    return FIRST_WEEKS[id(client)][1]


def gate(week1: Week1, *, fired: bool | None, readiness: str | None = None) -> Week1:
    """Week 1 with another gate, and another colour of readiness."""
    changed: dict[str, Any] = {"gate": week1.gate.model_copy(update={"fired": fired})}
    if readiness is not None:
        changed["readiness"] = week1.readiness.model_copy(update={"colour": readiness, "remedy": "Find a sponsor."})
    return week1.model_copy(update=changed)


def problem(client: Evidence | None = None, **scenario: Any) -> DecisionProblem:
    """The decision problem of a client whose gate fired."""
    made = Scenario(**{"draws": DRAWS, **scenario})
    client = client or whole()
    return decision_problem(client, made, gate(first_week(client), fired=True))


def in_another_currency(client: Evidence, factor: float) -> Evidence:
    """The same client with every amount of money multiplied."""
    settings = client.settings.model_copy(
        update={
            "budget": None if client.settings.budget is None else client.settings.budget * factor,
            "revenue": None if client.settings.revenue is None else client.settings.revenue * factor,
        }
    )

    def scaled(rows: tuple, *fields: str) -> tuple:
        return tuple(
            row.model_copy(update={f: getattr(row, f) * factor for f in fields if getattr(row, f) is not None})
            for row in rows
        )

    flow = client.role_flow
    return client.model_copy(
        update={
            "settings": settings,
            "pay": scaled(client.pay, "yearly_money"),
            "delivery": scaled(client.delivery, "contractor_money"),
            "initiatives": scaled(client.initiatives, "value_money_per_month", "delayed_value_money"),
            "spend": scaled(client.spend, "money", "budget_money", "priority_money", "priority_with_metric_money"),
            "role_flow": flow and scaled((flow,), "vacant_value_money_per_month", "vacant_pay_money_per_month")[0],
        }
    )
