"""Small Evidence objects for tests: `evidence()` is a client who gave nothing, `company()` one who gave everything."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from workbook.evidence import (
    COMPANY,
    AudienceSize,
    DelayValue,
    DeliveryMonth,
    Evidence,
    ExitMonth,
    Exposure,
    Headcount,
    InterviewTheme,
    Involvement,
    Managers,
    Pay,
    ReadinessArea,
    RoleCounts,
    RoleFlow,
    Spend,
    SurveyCell,
    TableQuality,
)
from workbook.settings import Settings

AS_OF = dt.date(2025, 1, 1)
TABLES = [
    "employees",
    "roles",
    "successors",
    "survey",
    "survey_summary",
    "delivery",
    "initiatives",
    "training",
    "readiness",
    "involvement",
    "interviews",
    "ratings",
    "sessions",
    "participants",
    "metrics",
]
FIELD_TABLES = {
    "headcount": ("employees",),
    "exposure": ("employees",),
    "exit_months": ("employees",),
    "managers": ("employees",),
    "audiences": ("employees",),
    "roles": ("roles", "successors"),
    "role_flow": ("roles",),
    "survey": ("survey",),
    "delivery": ("delivery",),
    "initiatives": ("initiatives",),
    "spend": ("training",),
    "readiness": ("readiness",),
    "involvement": ("involvement",),
    "interviews": ("interviews",),
    "ratings": ("ratings",),
    "sessions": ("sessions",),
    "participants": ("participants",),
    "metrics": ("metrics",),
}


def month(offset: int, of: dt.date = AS_OF) -> dt.date:
    """First day of the month `offset` months from `of` (negative: before)."""
    index = of.year * 12 + of.month - 1 + offset
    return dt.date(index // 12, index % 12 + 1, 1)


def settings(**overrides: Any) -> Settings:
    """Settings of a client called acme as of 1 January 2025, in euro."""
    return Settings(**{"client": "acme", "currency": "EUR", "as_of": AS_OF, **overrides})


def quality(tables: Iterable[str]) -> tuple[TableQuality, ...]:
    """Quality of all contract tables, those in `tables` being present and complete."""
    given = set(tables)
    return tuple(
        TableQuality(table=t, present=True, file=f"{t}.csv", rows=10, completeness_share=1.0)
        if t in given
        else TableQuality(table=t, present=False)
        for t in TABLES
    )


def evidence(*, tables: Iterable[str] | None = None, **overrides: Any) -> Evidence:
    """Evidence with the fields given; `settings` may be a dict of overrides; tables are inferred from the fields.

    `roles` with `successors_given=False` everywhere does not bring a successors table.
    """
    given = overrides.pop("settings", {})
    made = given if isinstance(given, Settings) else settings(**given)
    if tables is None:
        tables = {t for field, names in FIELD_TABLES.items() if overrides.get(field) for t in names}
        if not any(row.successors_given for row in overrides.get("roles", ())):
            tables.discard("successors")
    found = dict.fromkeys(
        row.unit
        for field in ("headcount", "exposure", "roles", "survey", "delivery")
        for row in overrides.get(field, ())
    )
    base: dict[str, Any] = {
        "settings": made,
        "digests": {},
        "quality": quality(tables),
        "units": tuple(unit for unit in found if unit != COMPANY),
    }
    return Evidence(**{**base, **overrides})


def headcounts(*, now: int, year_ago: int, unit: str = COMPANY) -> tuple[Headcount, ...]:
    """Headcount of 13 months, moving in a straight line from `year_ago` to `now`."""
    return tuple(
        Headcount(unit=unit, level="all", month=month(k - 12), headcount=round(year_ago + (now - year_ago) * k / 12))
        for k in range(13)
    )


def exposure(*, exits: int, person_years: float, group: str = "high_performers", unit: str = COMPANY) -> Exposure:
    """Voluntary exits and person-years of the last twelve months."""
    return Exposure(
        unit=unit,
        group=group,
        window_start=month(-12),
        window_end=AS_OF,
        person_years=person_years,
        voluntary_exits=exits,
        exits_by_level={"individual": exits},
    )


def role_counts(*, critical: int, matched: int, unit: str = COMPANY, successors_given: bool = True) -> RoleCounts:
    """Roles of a unit where naming, matching and readiness agree."""
    return RoleCounts(
        unit=unit,
        roles=critical,
        critical=critical,
        leadership=critical,
        leadership_vacant=critical - matched,
        named_any=matched,
        matched=matched,
        matched_named=matched,
        matched_ready_1_year=matched,
        matched_ready_now=matched // 2,
        successors_given=successors_given,
    )


def survey_wave(
    construct: str, *, mean: float, offset: int = 0, n: int = 100, sd: float = 0.8, unit: str = COMPANY, **more: Any
) -> SurveyCell:
    """One construct in the wave `offset` months from the as-of date, on a scale of 1 to 5."""
    fields: dict[str, Any] = {
        "unit": unit,
        "wave": month(offset),
        "construct_name": construct,
        "n": n,
        "mean": mean,
        "sd": sd,
        "favourable": None if n is None or mean is None else round(n * min(max((mean - 1) / 4, 0), 1)),
        "invited": None if n is None else 2 * n,
        "scale_min": 1.0,
        "scale_max": 5.0,
    }
    return SurveyCell(**{**fields, **more})


def delivery_months(*shares: float, unit: str = COMPANY) -> tuple[DeliveryMonth, ...]:
    """Delivery records of consecutive months, the last being the month before the as-of date."""
    return tuple(
        DeliveryMonth(
            unit=unit,
            month=month(k - len(shares)),
            on_time_share=share,
            items_due=40.0,
            rework_share=0.15,
            decision_days=9.0,
            decisions=6.0,
            velocity=30.0,
            contractor_money=20_000.0,
        )
        for k, share in enumerate(shares)
    )


def delay(cause: str, *, delayed: float, unit: str = COMPANY, initiatives: int = 4) -> DelayValue:
    """Initiatives of one cause, on average two months late."""
    return DelayValue(
        unit=unit,
        cause=cause,
        initiatives=initiatives,
        value_money_per_month=delayed / 2,
        delay_months_mean=2.0,
        delayed_value_money=delayed,
        cross_team=initiatives if cause == "coordination" else 0,
    )


def spend(audience: str, *, track: str = "leadership", money: float, participants: int = 10, **more: Any) -> Spend:
    """One row of today's training."""
    fields: dict[str, Any] = {
        "audience": audience,
        "track": track,
        "programmes": 1,
        "participants": participants,
        "money": money,
        "hours": 16.0 * participants,
    }
    return Spend(**{**fields, **more})


UNIT_SIZES = {"Engineering": 120, "Sales": 60, "Support": 40}


def company(**overrides: Any) -> Evidence:
    """A company of 220 in three units that gave every table week 1 to week 3 read. Override any field."""
    units = UNIT_SIZES
    shares = {"executive": 0.05, "manager": 0.15, "individual": 0.80}
    everyone = {**units, COMPANY: sum(units.values())}
    waves = [
        survey_wave(construct, mean=mean - 0.02 * (k + 18) / 6, offset=k, n=round(size * 0.7), unit=unit)
        for unit, size in everyone.items()
        for construct, mean in (
            ("engagement", 3.8),
            ("cross_team", 3.3),
            ("manager_effectiveness", 3.4),
            ("capability", 3.9),
            ("promotion_readiness", 3.2),
        )
        for k in (-18, -15, -12, -9, -6, -3, 0)
    ]
    fields: dict[str, Any] = {
        "settings": {"budget": 500_000.0, "revenue": 60_000_000.0},
        "headcount": tuple(
            Headcount(unit=unit, level=level, month=month(k), headcount=round(size * share * (1 + 0.02 * k)))
            for unit, size in everyone.items()
            for level, share in {"all": 1.0, **shares}.items()
            for k in range(-12, 1)
        ),
        "exposure": tuple(
            exposure(exits=round(size * rate), person_years=size * part, group=group, unit=unit)
            for unit, size in everyone.items()
            for group, part, rate in (
                ("all", 0.9, 0.12),
                ("high_performers", 0.2, 0.04),
                ("critical_teams", 0.3, 0.05),
                ("leaders", 0.18, 0.02),
            )
        ),
        "exit_months": tuple(
            ExitMonth(group=group, month=month(k - 12), person_years=size / 12, voluntary_exits=exits)
            for group, size in (("all", 200.0), ("high_performers", 44.0), ("critical_teams", 66.0))
            for k, exits in enumerate((1, 2, 1, 2, 1, 3, 2, 3, 2, 3, 4, 3))
        ),
        "pay": tuple(
            Pay(level=level, yearly_money=pay, n=n, source="employees")
            for level, pay, n in (
                ("executive", 180_000.0, 11),
                ("manager", 95_000.0, 33),
                ("individual", 60_000.0, 176),
            )
        ),
        "roles": tuple(
            role_counts(critical=size // 10, matched=size // 20, unit=unit) for unit, size in everyone.items()
        ),
        "role_flow": RoleFlow(
            days_to_fill_mean=75.0,
            days_to_fill_sd=30.0,
            days_to_fill_n=14,
            leadership_vacancies_opened=12,
            vacant_value_money_per_month=25_000.0,
            vacant_pay_money_per_month=8_000.0,
            role_value_source="revenue",
            internal_fill_share=0.4,
            internal_fill_n=10,
        ),
        "managers": tuple(
            Managers(
                unit=unit,
                managers=round(size * 0.2),
                managers_under_12_months=round(size * 0.06),
                reports_with_manager=round(size * 0.9),
                span_mean=4.5,
            )
            for unit, size in everyone.items()
        ),
        "survey": tuple(waves),
        "delivery": tuple(
            row for unit in everyone for row in delivery_months(*(0.9 - 0.01 * k for k in range(12)), unit=unit)
        ),
        "initiatives": tuple(
            delay(cause, delayed=money * size / 220, unit=unit)
            for unit, size in everyone.items()
            for cause, money in (
                ("coordination", 900_000.0),
                ("skills", 300_000.0),
                ("both", 200_000.0),
                ("other", 100_000.0),
            )
        ),
        "spend": (
            spend("executive", money=60_000.0, participants=8, competency="strategy", journey_stage="executive"),
            spend("manager", money=40_000.0, participants=20, competency="coaching", journey_stage="manager"),
            spend("individual", track="technical", money=90_000.0, participants=80, competency="craft"),
        ),
        "audiences": tuple(
            AudienceSize(audience=audience, headcount=size)
            for audience, size in (
                ("executive", 11),
                ("manager", 33),
                ("emerging", 20),
                ("individual", 176),
                ("all", 220),
            )
        ),
        "readiness": tuple(
            ReadinessArea(area=area, mean=3.6, n=8, sd=0.7)
            for area in ("sponsor", "management", "hr_systems", "processes", "culture", "individuals")
        ),
        "involvement": (
            Involvement(kind="objectives_agreed", events=10, managers=9),
            Involvement(kind="feedback_given", events=4, managers=4),
        ),
        "interviews": (
            InterviewTheme(unit=COMPANY, theme="hand-offs", direction="worse", interviews=7),
            InterviewTheme(unit=COMPANY, theme="hand-offs", direction="better", interviews=2),
        ),
    }
    return evidence(**{**fields, **overrides})
