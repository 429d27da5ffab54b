"""Week 1 of `results_builder`: literal values only."""

from __future__ import annotations

import datetime as dt
from typing import Any

from workbook import results as r

MONTHS = tuple(dt.date(2025, 7, 1) if m == 7 else dt.date(2025 + (m > 12), (m - 1) % 12 + 1, 1) for m in range(7, 19))


def _series(values: tuple[float, ...]) -> tuple[r.Point, ...]:
    return tuple(r.Point(period=m, value=v, n=40) for m, v in zip(MONTHS, values, strict=False))


def _signal(
    name: str,
    label: str,
    status: Any,
    value: float | None,
    low: float | None,
    high: float | None,
    threshold: float,
    unit: Any,
    **more: Any,
) -> r.Signal:
    base: dict[str, Any] = {
        "name": name,
        "label": label,
        "status": status,
        "value": value,
        "low": low,
        "high": high,
        "n": 412.0,
        "threshold": threshold,
        "p_beyond": 0.93,
        "unit": unit,
        "date": dt.date(2026, 6, 30),
        "source": f"{name}.csv",
        "owner": "HR",
    }
    return r.Signal(**{**base, **more})


def build_week1() -> r.Week1:
    """Three signals present, one near; one trigger fired; one metric degrading."""
    falling = (0.86, 0.85, 0.86, 0.83, 0.82, 0.81, 0.8, 0.79, 0.77, 0.78, 0.75, 0.74)
    level = (0.62, 0.61, 0.63, 0.6, 0.62, 0.61, 0.63, 0.62, 0.61, 0.62, 0.6, 0.61)
    return r.Week1(
        signals={
            "growth": _signal(
                "growth", "Rapid growth", "present", 0.34, 0.29, 0.39, 0.20, "share a year", trend="rising"
            ),
            "succession": _signal(
                "succession", "Succession gaps", "present", 0.42, 0.42, 0.42, 0.30, "share", n=31.0, p_beyond=1.0
            ),
            "engagement": _signal(
                "engagement",
                "Engagement decline",
                "near",
                -0.16,
                -0.33,
                0.01,
                0.0,
                "score",
                p_beyond=0.71,
                higher_is_worse=False,
                series=_series((3.9, 3.88, 3.86, 3.8, 3.82, 3.74)),
            ),
            "friction": _signal(
                "friction",
                "Cross-team friction",
                "present",
                3.1,
                2.98,
                3.22,
                3.5,
                "score",
                higher_is_worse=False,
                p_beyond=0.99,
            ),
        },
        triggers={
            "high_performer_turnover": r.Trigger(
                **_signal(
                    "high_performer_turnover",
                    "Turnover among high performers",
                    "near",
                    0.13,
                    0.08,
                    0.21,
                    0.10,
                    "share a year",
                    n=78.0,
                    p_beyond=0.82,
                ).model_dump(),
                fired=False,
            ),
            "critical_roles_uncovered": r.Trigger(
                **_signal(
                    "critical_roles_uncovered",
                    "Critical roles without a successor",
                    "present",
                    0.42,
                    0.42,
                    0.42,
                    0.30,
                    "share",
                    n=31.0,
                    p_beyond=1.0,
                ).model_dump(),
                fired=True,
            ),
        },
        metrics={
            "on_time_delivery": r.Metric(
                name="on_time_delivery",
                label="On-time delivery",
                status="degrading",
                trend=-0.011,
                p_value=0.001,
                value=0.74,
                n=12,
                method="Theil-Sen, Mann-Kendall",
                higher_is_better=True,
                unit="share",
                source="delivery.csv",
                series=_series(falling),
            ),
            "critical_team_turnover": r.Metric(
                name="critical_team_turnover",
                label="Turnover in critical teams",
                status="stable",
                trend=0.0,
                p_value=0.44,
                value=0.12,
                n=12,
                method="Theil-Sen, Mann-Kendall",
                higher_is_better=False,
                unit="share a year",
                series=_series(tuple(v / 5 for v in level)),
            ),
            "promotion_readiness": r.Metric(
                name="promotion_readiness",
                label="Promotion readiness",
                status="insufficient data",
                trend=None,
                p_value=None,
                value=None,
                n=None,
                method=None,
                higher_is_better=True,
                unit="share",
                why="fewer than six waves",
            ),
        },
        gate=r.Gate(
            fired=True,
            clause="a hard trigger fired: more than 30 % of critical roles have no successor",
            signals_present=3,
            signals_unknown=0,
            metrics_degrading=1,
            metrics_unknown=1,
            triggers_fired=("critical_roles_uncovered",),
            triggers_unknown=(),
        ),
        succession=r.Succession(
            critical_roles=31,
            coverage_named=0.81,
            coverage_matched=0.58,
            ready_now_matched=0.23,
            uncovered_by_unit=(("Platform", 7, 12), ("Product", 3, 8), ("Sales", 2, 7), ("Customer Success", 1, 4)),
        ),
        spend=r.SpendAudit(
            per_head={
                "executive": r.AudienceSpend(
                    audience="executive",
                    headcount=9,
                    money=64_000.0,
                    money_per_head=7_111.0,
                    hours_per_head=21.0,
                    leadership_share=0.9,
                    technical_share=0.0,
                ),
                "manager": r.AudienceSpend(
                    audience="manager",
                    headcount=46,
                    money=52_000.0,
                    money_per_head=1_130.0,
                    hours_per_head=11.0,
                    leadership_share=0.4,
                    technical_share=0.5,
                ),
                "individual": r.AudienceSpend(
                    audience="individual",
                    headcount=357,
                    money=115_000.0,
                    money_per_head=322.0,
                    hours_per_head=6.0,
                    leadership_share=0.02,
                    technical_share=0.9,
                ),
            },
            total_money=231_000.0,
            ratio_executive_individual=22.1,
            leadership_share=0.35,
            technical_share=0.56,
            leaders_capability=r.Estimate(value=3.2, low=3.1, high=3.3, n=340),
            employees_capability=r.Estimate(value=3.8, low=3.7, high=3.9, n=350),
            quadrant="resentment",
            quadrant_certainty=0.94,
            coverage=(
                r.CoverageCell(audience="manager", competency="Coaching", participants=0),
                r.CoverageCell(audience="manager", competency="Deciding", participants=12),
                r.CoverageCell(audience="individual", competency="Cloud", participants=140),
                r.CoverageCell(audience="individual", competency="Coaching", participants=0),
            ),
            journey=(
                r.StageCell(audience="individual", journey_stage="new", participants=60),
                r.StageCell(audience="manager", journey_stage="manager", participants=0),
            ),
            benchmark_money_per_head=1_054.0,
            benchmark_source="ATD 2024",
        ),
        readiness=r.Readiness(
            colour="amber",
            score=3.4,
            transfer_factor=0.94,
            areas={
                "sponsor": r.ReadinessItem(area="sponsor", label="Sponsor", score=4.1, n=6, colour="green"),
                "management": r.ReadinessItem(
                    area="management",
                    label="Management",
                    score=2.4,
                    n=6,
                    colour="red",
                    remedy="Agree objectives with each manager before the first session.",
                ),
                "culture": r.ReadinessItem(area="culture", label="Culture", score=3.3, n=6, colour="amber"),
                "processes": r.ReadinessItem(
                    area="processes", label="Processes", score=None, n=None, colour="insufficient data"
                ),
            },
            remedy="Agree objectives with each manager before the first session.",
        ),
        involvement=(
            r.InvolvementCount(
                kind="objectives_agreed", label="Objectives agreed", events=14, managers=12, manager_share=0.26
            ),
        ),
        interviews=(r.InterviewCount(theme="Handovers", better=1, same=4, worse=9),),
        units=r.UnitRanking(
            units=(
                r.UnitRank(
                    unit="Platform",
                    headcount=140,
                    score=0.82,
                    strands={"turnover": 0.9, "succession": 0.8},
                    delivery_risk="red",
                    capability_risk="red",
                ),
                r.UnitRank(
                    unit="Product",
                    headcount=96,
                    score=0.64,
                    strands={"turnover": 0.7, "succession": 0.5},
                    delivery_risk="amber",
                    capability_risk="red",
                ),
                r.UnitRank(
                    unit="Sales",
                    headcount=118,
                    score=0.51,
                    strands={"turnover": 0.5, "succession": None},
                    delivery_risk="green",
                    capability_risk="amber",
                ),
                r.UnitRank(
                    unit="Customer Success",
                    headcount=58,
                    score=0.33,
                    strands={"turnover": 0.3, "succession": None},
                    delivery_risk="insufficient data",
                    capability_risk="green",
                ),
            ),
            top_share=0.87,
            weights={"turnover": 1.0, "succession": 1.0, "engagement": 1.0, "friction": 1.0, "delivery": 1.0},
        ),
        extras=(
            r.Extra(
                name="span",
                label="Span of control",
                estimate=r.Estimate(value=8.4, low=7.6, high=9.2, n=46),
                unit="count",
                sentence="A manager leads 8.4 people on average.",
            ),
        ),
    )


def empty_week1() -> r.Week1:
    """Nothing could be measured."""
    why = "the table was not given"
    gap: dict[str, Any] = {
        "value": None,
        "low": None,
        "high": None,
        "n": None,
        "p_beyond": None,
        "why": why,
        "date": None,
        "source": None,
        "owner": None,
    }
    labels = {
        "growth": "Rapid growth",
        "succession": "Succession gaps",
        "engagement": "Engagement decline",
        "friction": "Cross-team friction",
    }
    none = r.Estimate(value=None, why=why)

    def blank(name: str, label: str) -> r.Signal:
        return _signal(
            name,
            label,
            "insufficient data",
            None,
            None,
            None,
            0.3,
            "share",
            **{k: v for k, v in gap.items() if k not in {"value", "low", "high"}},
        )

    triggers = {
        "high_performer_turnover": "Turnover among high performers",
        "critical_roles_uncovered": "Critical roles without a successor",
    }
    metrics = {
        "on_time_delivery": "On-time delivery",
        "critical_team_turnover": "Turnover in critical teams",
        "promotion_readiness": "Promotion readiness",
    }
    return r.Week1(
        signals={name: blank(name, label) for name, label in labels.items()},
        triggers={name: r.Trigger(**blank(name, label).model_dump(), fired=None) for name, label in triggers.items()},
        metrics={
            name: r.Metric(
                name=name,
                label=label,
                status="insufficient data",
                trend=None,
                p_value=None,
                value=None,
                n=None,
                method=None,
                higher_is_better=True,
                unit="share",
                why=why,
            )
            for name, label in metrics.items()
        },
        gate=r.Gate(
            fired=None,
            clause="four signals and three metrics are not known",
            signals_present=0,
            signals_unknown=4,
            metrics_degrading=0,
            metrics_unknown=3,
            triggers_fired=(),
            triggers_unknown=("high_performer_turnover", "critical_roles_uncovered"),
        ),
        succession=r.Succession(
            critical_roles=None, coverage_named=None, coverage_matched=None, ready_now_matched=None, why=why
        ),
        spend=r.SpendAudit(
            per_head={},
            total_money=None,
            ratio_executive_individual=None,
            leadership_share=None,
            technical_share=None,
            leaders_capability=none,
            employees_capability=none,
            quadrant="insufficient data",
            quadrant_certainty=None,
            benchmark_money_per_head=1_054.0,
            benchmark_source="ATD 2024",
            why=why,
        ),
        readiness=r.Readiness(colour="insufficient data", score=None, transfer_factor=1.0, areas={}, why=why),
        involvement=(),
        interviews=(),
        units=r.UnitRanking(units=(), top_share=None, weights={}, why=why),
    )
