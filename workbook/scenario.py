"""What a person may move without touching the data: budget, cohort, thresholds, weights, assumptions."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from workbook.frozen import Frozen


class Thresholds(Frozen):
    """Week 1 thresholds. Published by the source article where it names one (10 %, 30 %), else this project's own."""

    growth_per_year: float = 0.20
    uncovered_share: float = 0.30
    cross_team_score_share: float = 0.625
    coordination_share: float = 0.50
    high_performer_turnover: float = 0.10
    critical_roles_uncovered: float = 0.30
    present_probability: float = 0.80
    trigger_probability: float = 0.90
    degrading_p_value: float = 0.05


class UnitWeights(Frozen):
    """How much each strand counts when units are ranked; relative, need not sum to one."""

    turnover: Annotated[float, Field(ge=0)] = 1.0
    succession: Annotated[float, Field(ge=0)] = 1.0
    engagement: Annotated[float, Field(ge=0)] = 1.0
    friction: Annotated[float, Field(ge=0)] = 1.0
    delivery: Annotated[float, Field(ge=0)] = 1.0


class Scenario(Frozen):
    """One setting of everything that moves. `None` means what client.yml says.

    `risk_aversion_share`: 0 values a plan by its expected worth, 1 by the mean of its worst fifth of draws.
    `hours_away_per_person`: most hours a unit's people may be away in the first wave, on average; None is no limit.
    """

    name: str = "base"
    budget_money: Annotated[float, Field(ge=0)] | None = None
    cohort_size: Annotated[int, Field(ge=1)] | None = None
    start_month: Annotated[int, Field(ge=0, le=60)] = 0
    minimum_technical_share: Annotated[float, Field(ge=0, le=1)] = 0.0
    minimum_leadership_share: Annotated[float, Field(ge=0, le=1)] = 0.0
    risk_aversion_share: Annotated[float, Field(ge=0, le=1)] = 0.0
    hours_away_per_person: Annotated[float, Field(ge=0)] | None = None
    thresholds: Thresholds = Thresholds()
    weights: UnitWeights = UnitWeights()
    overrides: dict[str, float] = {}
    draws: Annotated[int, Field(ge=256)] = 16_384
    seed: Annotated[int, Field(ge=0)] = 20_240_101
