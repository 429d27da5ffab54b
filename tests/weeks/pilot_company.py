"""A company of eight units for the tests of week 4 and of the follow-up, and ratings for it."""

from __future__ import annotations

from typing import Any

from tests.builders import company, delay, delivery_months, exposure, month, role_counts, settings, survey_wave
from workbook.evidence import (
    COMPANY,
    Evidence,
    Headcount,
    Managers,
    MetricAgreed,
    ParticipantCount,
    RatingCell,
    RatingSummary,
    SessionCount,
)

UNITS = {f"Unit {letter}": 60 + 10 * k for k, letter in enumerate("ABCDEFGH")}


def eight_units(*, managers_share: float = 0.1, own: dict[str, Any] | None = None, **overrides: Any) -> Evidence:
    """Eight units of 60 to 130 people whose turnover, engagement and delivery differ; a tenth of them leaders."""
    everyone = {**UNITS, COMPANY: sum(UNITS.values())}
    names = list(everyone)
    fields: dict[str, Any] = {
        "settings": settings(budget=400_000.0, revenue=80_000_000.0, **(own or {})),
        "headcount": tuple(
            Headcount(unit=unit, level=level, month=month(k), headcount=round(size * part))
            for unit, size in everyone.items()
            for level, part in (("all", 1.0), ("manager", managers_share), ("individual", 1 - managers_share))
            for k in (-12, 0)
        ),
        "exposure": tuple(
            exposure(
                exits=round(size * rate * (1 + 0.1 * names.index(unit))),
                person_years=size * part,
                group=group,
                unit=unit,
            )
            for unit, size in everyone.items()
            for group, part, rate in (("all", 0.95, 0.10), ("high_performers", 0.2, 0.03))
        ),
        "managers": tuple(
            Managers(
                unit=unit,
                managers=round(size * managers_share),
                managers_under_12_months=round(size * managers_share * 0.2),
                reports_with_manager=round(size * 0.9),
                span_mean=8.0,
            )
            for unit, size in everyone.items()
        ),
        "survey": tuple(
            survey_wave(
                construct,
                mean=3.9 - 0.05 * names.index(unit) - 0.01 * (k + 18) / 6,
                offset=k,
                n=round(size * 0.7),
                unit=unit,
                promoters=round(size * 0.2),
                detractors=round(size * 0.15),
                invited=size,
            )
            for unit, size in everyone.items()
            for construct in ("engagement", "manager_nps", "capability", "cross_team")
            for k in (-18, -12, -6, 0)
        ),
        "delivery": tuple(
            row
            for unit in everyone
            for row in delivery_months(*(0.9 - 0.002 * names.index(unit) * k for k in range(12)), unit=unit)
        ),
        "roles": tuple(
            role_counts(critical=size // 10, matched=size // 20, unit=unit) for unit, size in everyone.items()
        ),
        "initiatives": tuple(
            delay(cause, delayed=money * size / everyone[COMPANY], unit=unit)
            for unit, size in everyone.items()
            for cause, money in (("coordination", 1_800_000.0), ("skills", 300_000.0))
        ),
        "metrics": (
            MetricAgreed(
                metric="Manager NPS",
                definition="Would you recommend your manager?",
                formula="% 9-10 less % 0-6",
                purpose="engagement",
                owner="HR analytics",
                agreed_by="COO",
                agreed_on=month(0),
            ),
            MetricAgreed(
                metric="Rework",
                definition="Items reopened",
                formula="reopened / delivered",
                purpose="quality",
                owner="Delivery office",
                agreed_by="CFO",
                agreed_on=month(4),
            ),
        ),
    }
    return company(**{**fields, **overrides})


def rating_cells(
    means: dict[tuple[str, str], tuple[float, ...]], *, waves: tuple[int, ...] = (0, 30, 90), leaders: int = 24
) -> tuple[RatingCell, ...]:
    """Cells of 24 leaders and 192 raters an arm; raters' noise gives each cohort mean an error of about .036."""
    return tuple(
        RatingCell(
            arm=arm,
            competency=competency,
            wave_days=day,
            leaders=leaders,
            raters=8 * leaders,
            mean=mean,
            sd=0.4,
            ms_between=1.28,
            ms_within=0.25,
            k0=8.0,
        )
        for (arm, competency), series in means.items()
        for day, mean in zip(waves, series, strict=True)
    )


def rating_summary(*, effect: float = 0.5, error: float = 0.15, sd: float = 0.4, **more: Any) -> RatingSummary:
    """24 leaders an arm; `effect` and `error` in SD of the baseline score."""
    fields: dict[str, Any] = {
        "leaders": 48,
        "raters": 384,
        "icc1": 0.3,
        "icc1_low": 0.2,
        "icc1_high": 0.42,
        "icck": 0.77,
        "k0": 8.0,
        "r_wgj_median": 0.85,
        "lindell_median": 0.6,
        "krippendorff_alpha": 0.28,
        "pilot_leaders": 24,
        "comparison_leaders": 24,
        "last_wave_days": 90,
        "ancova_points": effect * sd,
        "ancova_se": error * sd,
        "ancova_df": 44.0,
        "did_points": effect * sd * 0.9,
        "did_se": error * sd * 1.1,
        "sd_baseline": sd,
    }
    return RatingSummary(**{**fields, **more})


RATED = {
    ("pilot", "Coaching"): (3.2, 3.5, 3.55),
    ("comparison", "Coaching"): (3.2, 3.25, 3.2),
    ("pilot", "Feedback"): (3.0, 3.5, 3.1),
    ("comparison", "Feedback"): (3.0, 3.0, 3.0),
    ("pilot", "Strategy"): (3.4, 3.41, 3.5),
    ("comparison", "Strategy"): (3.4, 3.4, 3.4),
}


def sessions() -> tuple[SessionCount, ...]:
    """Two programmes; one lost sessions to quarter end."""
    row = SessionCount
    return (
        row(programme="Essentials", status="held", reason=None, sessions=12, seats=240, attended=200, hours=96),
        row(
            programme="Essentials",
            status="postponed",
            reason="quarter end",
            sessions=3,
            seats=60,
            attended=None,
            hours=24,
        ),
        row(programme="Essentials", status="postponed", reason="illness", sessions=1, seats=20, attended=None, hours=8),
        row(programme="Essentials", status="planned", reason=None, sessions=4, seats=80, attended=None, hours=32),
        row(programme="Refresh", status="cancelled", reason=None, sessions=2, seats=40, attended=None, hours=16),
    )


def followed_up(**overrides: Any) -> Evidence:
    """Eight units with a pilot that has run for three months."""
    fields: dict[str, Any] = {
        "ratings": rating_cells(RATED),
        "rating_summary": rating_summary(),
        "sessions": sessions(),
        "participants": (
            ParticipantCount(programme="Essentials", arm="pilot", cohort="first", started=24, completed=18),
        ),
    }
    return eight_units(**{**fields, **overrides})
