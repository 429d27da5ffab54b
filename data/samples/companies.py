"""What each synthetic company is like: the numbers `make_samples.py` draws around. Invented, all of them."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

AS_OF = dt.date(2026, 6, 30)
AREAS = ("sponsor", "management", "hr_systems", "processes", "culture", "individuals")


@dataclass(frozen=True)
class Company:
    """What one synthetic company is like. Rates are a year, money is its own currency."""

    slug: str
    seed: int
    units: dict[str, int]
    growth: float
    exit_rate: float
    high_performer_exit_rate: float
    critical_units: tuple[str, ...]
    pay: dict[str, float]
    critical_roles: int
    covered_share: float
    ready_now_share: float
    vacancy_rate: float
    days_to_fill: float
    survey_waves: tuple[dt.date, ...]
    survey_means: dict[str, tuple[float, float]]
    response: float
    on_time: tuple[float, float]
    rework: float
    decision_days: float
    contractor_money: float
    initiatives: tuple[tuple[int, str, float, float], ...]
    training: tuple[tuple[object, ...], ...]
    readiness: dict[str, float]
    interviews: dict[str, tuple[int, int, int]]
    unit_offset: dict[str, float] = field(default_factory=dict)
    manager_share: float = 0.11
    executive_share: float = 0.015
    months: int = 30


def month_start(day: dt.date, back: int = 0) -> dt.date:
    """The first day of the month `back` months before `day`'s."""
    index = day.year * 12 + day.month - 1 - back
    return dt.date(index // 12, index % 12 + 1, 1)


def quarters(count: int) -> tuple[dt.date, ...]:
    """The last `count` quarterly wave dates up to and including May of the as-of year."""
    return tuple(
        month_start(dt.date(2026, 5, 1), 3 * back) + dt.timedelta(days=14) for back in range(count - 1, -1, -1)
    )


SAAS = Company(
    slug="saas-scaleup", seed=80, growth=0.80, exit_rate=0.13, high_performer_exit_rate=0.19,
    units={"Platform": 150, "Product": 110, "Customer Success": 120, "Sales": 130, "Data": 60, "People & Finance": 55, "Security": 8, "Legal": 7},
    critical_units=("Platform", "Data"),
    pay={"executive": 165_000, "manager": 88_000, "individual": 58_000},
    critical_roles=26, covered_share=0.42, ready_now_share=0.12, vacancy_rate=0.13, days_to_fill=96,
    survey_waves=quarters(8),
    survey_means={"eng_1": (3.95, 3.45), "eng_2": (3.90, 3.50), "manager_effectiveness": (3.25, 2.95), "capability": (3.95, 3.95),
                  "cross_team": (3.70, 3.45), "promotion_readiness": (3.35, 2.85), "enps": (7.6, 6.9), "manager_nps": (7.3, 6.6)},
    response=0.72, on_time=(0.84, 0.70), rework=0.09, decision_days=9.0, contractor_money=18_000,
    initiatives=((9, "coordination", 34_000, 2.6), (2, "skills", 22_000, 1.2), (4, "other", 26_000, 1.4), (3, "both", 24_000, 1.6)),
    training=(
        ("Executive coaching", "executive", "leadership", 6, 84_000, 72, "2026-02", 80_000, "decision_making", "executive", "growth", None, None, "coaching"),
        ("New manager day", "manager", "leadership", 22, 17_600, 154, "2025-11", 20_000, "delegation", "manager", "growth", "manager_nps", "COO", "workshop"),
        ("Cloud certification", "individual", "technical", 96, 148_000, 2_300, "2026-03", 150_000, "cloud", "individual", "growth", "on_time_delivery", "CTO", "portal"),
        ("Data engineering track", "individual", "technical", 44, 92_000, 1_760, "2025-10", 90_000, "data", "individual", "quality", None, None, "workshop"),
        ("Security basics", "all", "technical", 540, 27_000, 540, "2026-01", 27_000, "security", "new", None, None, None, "microlearning"),
        ("Sales onboarding", "individual", "other", 61, 61_000, 1_830, "2026-04", 60_000, "product", "new", "growth", None, None, "workshop"),
    ),
    readiness={"sponsor": 4.2, "management": 3.6, "hr_systems": 3.4, "processes": 3.3, "culture": 3.8, "individuals": 4.1},
    interviews={"decisions take too long": (1, 4, 11), "manager has no time": (0, 3, 14), "handovers between teams": (1, 5, 9), "tools and skills": (6, 9, 2), "career path": (1, 4, 10)},
    unit_offset={"Customer Success": -0.35, "Sales": -0.15, "Platform": 0.05, "Data": 0.15},
)  # fmt: skip

LEGACY = Company(
    slug="enterprise-legacy", seed=30, growth=0.01, exit_rate=0.075, high_performer_exit_rate=0.085,
    units={"Core Systems": 520, "Claims": 480, "Policy Admin": 430, "Digital": 260, "Operations": 610, "Data & Reporting": 190, "Finance": 160, "HR": 70, "Legal": 40, "Architecture": 45, "Internal Audit": 14},
    critical_units=("Core Systems", "Data & Reporting", "Architecture"),
    pay={"executive": 190_000, "manager": 92_000, "individual": 61_000},
    critical_roles=64, covered_share=0.74, ready_now_share=0.30, vacancy_rate=0.03, days_to_fill=118,
    survey_waves=(dt.date(2024, 5, 15), dt.date(2025, 5, 15), dt.date(2026, 5, 15)),
    survey_means={"Q01": (3.55, 3.38), "Q07": (3.30, 3.25), "Q11": (3.10, 2.95), "Q15": (3.05, 2.85), "Q19": (3.10, 3.05), "Q30": (6.9, 6.6), "Q31": (7.0, 6.9)},
    response=0.55, on_time=(0.71, 0.58), rework=0.136, decision_days=15.5, contractor_money=310_000,
    initiatives=((14, "coordination", 62_000, 4.2), (11, "skills", 106_000, 4.4), (6, "both", 55_000, 4.0), (5, "other", 40_000, 2.0)),
    training=(
        ("Leadership forum", "executive", "leadership", 30, 210_000, 480, "2025-10", 200_000, "decision_making", "executive", "cost", None, None, "workshop"),
        ("Manager essentials", "manager", "leadership", 90, 126_000, 1_260, "2026-03", 130_000, "feedback", "manager", "quality", "manager_nps", "CHRO", "workshop"),
        ("Mainframe to cloud", "individual", "technical", 240, 468_000, 7_200, "2026-02", 450_000, "cloud", "individual", "quality", "velocity", "CIO", "workshop"),
        ("Test automation", "individual", "technical", 160, 176_000, 3_840, "2025-09", 180_000, "testing", "individual", "quality", None, None, "portal"),
        ("Regulatory refreshers", "all", "other", 2_700, 190_000, 5_400, "2026-01", 190_000, "regulation", "individual", None, None, None, "microlearning"),
        ("Graduate induction", "individual", "other", 60, 96_000, 2_400, "2025-09", 90_000, "product", "new", None, None, None, "workshop"),
    ),
    readiness={"sponsor": 3.9, "management": 3.4, "hr_systems": 3.2, "processes": 2.9, "culture": 3.2, "individuals": 3.6},
    interviews={"decisions take too long": (1, 6, 18), "manager has no time": (2, 9, 8), "handovers between teams": (0, 4, 22), "tools and skills": (2, 7, 15), "career path": (3, 12, 5)},
    unit_offset={"Core Systems": -0.20, "Claims": -0.10, "Digital": 0.20},
)  # fmt: skip

TECHNICAL = Company(
    slug="technical-first", seed=52, growth=0.04, exit_rate=0.06, high_performer_exit_rate=0.05,
    units={"Machining": 210, "Assembly": 240, "Automation": 120, "Quality": 80, "Maintenance": 95, "Engineering": 110, "Admin": 45},
    critical_units=("Automation", "Engineering"),
    pay={"executive": 150_000, "manager": 82_000, "individual": 52_000},
    critical_roles=30, covered_share=0.90, ready_now_share=0.55, vacancy_rate=0.02, days_to_fill=52,
    survey_waves=quarters(8),
    survey_means={"engagement": (3.75, 3.85), "manager_effectiveness": (3.95, 4.05), "capability": (3.15, 2.75),
                  "cross_team": (4.05, 4.10), "promotion_readiness": (3.60, 3.70), "enps": (7.7, 7.8), "manager_nps": (8.0, 8.2)},
    response=0.66, on_time=(0.82, 0.71), rework=0.15, decision_days=6.0, contractor_money=95_000,
    initiatives=((12, "skills", 46_000, 3.4), (1, "coordination", 20_000, 0.8), (3, "other", 25_000, 1.2)),
    training=(
        ("Supervisor academy", "manager", "leadership", 70, 154_000, 2_240, "2025-11", 150_000, "feedback", "manager", "quality", "manager_nps", "COO", "workshop"),
        ("Executive retreat", "executive", "leadership", 12, 66_000, 288, "2026-05", 60_000, "decision_making", "executive", None, None, None, "workshop"),
        ("Safety refreshers", "all", "other", 850, 51_000, 1_700, "2026-01", 51_000, "safety", "individual", None, None, None, "microlearning"),
        ("Robot cell basics", "individual", "technical", 36, 43_000, 720, "2026-03", 45_000, "automation", "individual", "quality", "rework", "plant director", "workshop"),
    ),
    readiness={"sponsor": 4.0, "management": 4.1, "hr_systems": 3.8, "processes": 3.7, "culture": 4.0, "individuals": 4.2},
    interviews={"decisions take too long": (6, 8, 1), "manager has no time": (5, 9, 2), "handovers between teams": (4, 8, 2), "tools and skills": (0, 3, 19), "career path": (4, 9, 3)},
    unit_offset={"Automation": -0.10, "Engineering": 0.10},
)  # fmt: skip

RETAIL = Company(
    slug="retail-network", seed=41, growth=0.02, exit_rate=0.24, high_performer_exit_rate=0.25,
    units={"North": 84, "South": 92, "City": 76, "Coast": 68, "Distribution": 60, "Head Office": 40},
    critical_units=("Distribution",),
    pay={"executive": 110_000, "manager": 38_000, "individual": 24_000},
    critical_roles=18, covered_share=0.80, ready_now_share=0.40, vacancy_rate=0.04, days_to_fill=41,
    survey_waves=quarters(6),
    survey_means={"engagement": (3.60, 3.32), "manager_effectiveness": (3.45, 3.40), "capability": (3.60, 3.60),
                  "cross_team": (3.60, 3.40), "promotion_readiness": (3.20, 3.15), "enps": (7.0, 6.7), "manager_nps": (7.2, 7.0)},
    response=0.61, on_time=(0.90, 0.86), rework=0.05, decision_days=5.0, contractor_money=4_000,
    initiatives=((9, "coordination", 18_000, 2.4), (1, "skills", 6_000, 1.0), (3, "other", 8_000, 1.5)),
    training=(
        ("Store manager course", "manager", "leadership", 24, 31_000, 480, "2026-02", 28_000, "feedback", "manager", "quality", "manager_nps", "COO", "workshop"),
        ("Store manager course", "manager", "leadership", 0, 6_400, 0, "2026-04", 5_000, "feedback", "manager", "quality", "manager_nps", "COO", "workshop"),
        ("Till system", "individual", "technical", 210, 12_600, 420, "2025-10", 13_000, "systems", "individual", "quality", None, None, "mobile"),
        ("Food hygiene", "all", "other", 380, 7_600, 760, "2026-01", 7_600, "safety", "individual", None, None, None, "microlearning"),
    ),
    readiness={"sponsor": 3.4, "management": 3.1, "hr_systems": 2.9, "processes": 3.2, "culture": 3.5, "individuals": 3.6},
    interviews={"decisions take too long": (3, 7, 4), "manager has no time": (0, 4, 13), "handovers between teams": (3, 6, 4), "tools and skills": (4, 8, 3), "career path": (1, 6, 7)},
    unit_offset={"Distribution": -0.15, "Coast": 0.10}, manager_share=0.16,
)  # fmt: skip

THIN = Company(
    slug="thin-data", seed=7, growth=0.15, exit_rate=0.10, high_performer_exit_rate=0.10,
    units={"Studio": 24, "Accounts": 15, "Office": 9},
    critical_units=("Studio",),
    pay={"executive": 95_000, "manager": 58_000, "individual": 36_000},
    critical_roles=5, covered_share=0.5, ready_now_share=0.2, vacancy_rate=0.0, days_to_fill=60,
    survey_waves=(dt.date(2026, 4, 15),),
    survey_means={"engagement": (3.6, 3.6), "cross_team": (3.5, 3.5)},
    response=0.6, on_time=(0.8, 0.8), rework=0.1, decision_days=8.0, contractor_money=0,
    initiatives=(), training=(), readiness=dict.fromkeys(AREAS, 3.4), interviews={}, months=18,
)  # fmt: skip
