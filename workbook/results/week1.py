"""Week 1 and the start page: what was given, signals, triggers, metrics, gate, people and spend."""

from __future__ import annotations

import datetime as dt
from typing import Literal

from workbook.evidence import TableQuality
from workbook.frozen import Frozen
from workbook.results.common import Colour, Estimate, Point, Status, TrendStatus


class Signal(Frozen):
    """One of the four signals, with what it rests on."""

    name: str
    label: str
    status: Status
    value: float | None
    low: float | None
    high: float | None
    n: float | None
    threshold: float
    p_beyond: float | None
    unit: Literal["share", "score", "points", "days", "count", "share a year"]
    higher_is_worse: bool = True
    date: dt.date | None = None
    source: str | None = None
    trend: str | None = None
    owner: str | None = None
    why: str | None = None
    series: tuple[Point, ...] = ()


class Trigger(Signal):
    """A hard trigger; `fired` is None when it could not be checked."""

    fired: bool | None


class Metric(Frozen):
    """A business metric that may be degrading. `trend` is the slope a month (Theil-Sen), in the metric's unit."""

    name: str
    label: str
    status: TrendStatus
    trend: float | None
    p_value: float | None
    value: float | None
    n: float | None
    method: str | None
    higher_is_better: bool
    unit: Literal["share", "score", "points", "share a year"]
    source: str | None = None
    why: str | None = None
    series: tuple[Point, ...] = ()


class Gate(Frozen):
    """Whether the case for leadership development is open: three-valued, with the clause that decided."""

    fired: bool | None
    clause: str
    signals_present: int
    signals_unknown: int
    metrics_degrading: int
    metrics_unknown: int
    triggers_fired: tuple[str, ...]
    triggers_unknown: tuple[str, ...]


class Succession(Frozen):
    """Coverage of critical roles: by naming, and by maximum matching of people to roles. Shares of critical roles."""

    critical_roles: int | None
    coverage_named: float | None
    coverage_matched: float | None
    ready_now_matched: float | None
    uncovered_by_unit: tuple[tuple[str, int, int], ...] = ()
    why: str | None = None


class AudienceSpend(Frozen):
    """Today's spend on one audience."""

    audience: str
    headcount: int | None
    money: float
    money_per_head: float | None
    hours_per_head: float | None
    leadership_share: float | None
    technical_share: float | None


class CoverageCell(Frozen):
    """Participants of one audience in one competency; zero is a hole."""

    audience: str
    competency: str
    participants: int


class StageCell(Frozen):
    """Participants of one audience at one stage of the learning journey; zero is a hole."""

    audience: str
    journey_stage: str
    participants: int


class SpendAudit(Frozen):
    """Where the training money goes, and whether leaders and employees are developed alike."""

    per_head: dict[str, AudienceSpend]
    total_money: float | None
    ratio_executive_individual: float | None
    leadership_share: float | None
    technical_share: float | None
    leaders_capability: Estimate
    employees_capability: Estimate
    quadrant: Literal["resentment", "hand-holding", "healthy", "neither", "insufficient data"]
    quadrant_certainty: float | None
    coverage: tuple[CoverageCell, ...] = ()
    journey: tuple[StageCell, ...] = ()
    benchmark_money_per_head: float
    benchmark_source: str
    why: str | None = None


class ReadinessItem(Frozen):
    """One area of the readiness rubric."""

    area: str
    label: str
    score: float | None
    n: int | None
    colour: Colour
    remedy: str | None = None


class Readiness(Frozen):
    """Whether the organisation is ready to carry a leadership programme; `transfer_factor` scales effects around 1."""

    colour: Colour
    score: float | None
    transfer_factor: float
    areas: dict[str, ReadinessItem]
    tactics: tuple[ReadinessItem, ...] = ()
    remedy: str | None = None
    why: str | None = None


class InvolvementCount(Frozen):
    """How many managers did what the learning team asks of them."""

    kind: str
    label: str
    events: int
    managers: int
    manager_share: float | None


class InterviewCount(Frozen):
    """Coded interview counts; never scored."""

    theme: str
    better: int
    same: int
    worse: int


class UnitRank(Frozen):
    """A unit's weighted need, 0 to 1, from the strands that could be measured there."""

    unit: str
    headcount: int | None
    score: float
    strands: dict[str, float | None]
    delivery_risk: Colour
    capability_risk: Colour


class UnitRanking(Frozen):
    """Units by need. `top_share` is how often the top unit stays on top when the weights move."""

    units: tuple[UnitRank, ...]
    top_share: float | None
    weights: dict[str, float]
    why: str | None = None


class TeamTurnover(Frozen):
    """A team's voluntary turnover a person-year, pooled over teams; low and high are the 90 % interval."""

    unit: str
    rate: float
    low: float
    high: float
    p_above_company: float
    person_years: float


class Extra(Frozen):
    """A supporting measure that no rule reads (bench strength, span of control, NPS change...)."""

    name: str
    label: str
    estimate: Estimate
    unit: Literal["share", "score", "points", "days", "count", "share a year", "money"]
    sentence: str


class Start(Frozen):
    """What was given, how good it is, and what each gap costs."""

    tables: tuple[TableQuality, ...]
    completeness_share: float
    missing: tuple[str, ...]
    checklist: tuple[tuple[str, str, str, bool], ...]
    notes: tuple[str, ...] = ()


class Week1(Frozen):
    """Current risks."""

    signals: dict[str, Signal]
    triggers: dict[str, Trigger]
    metrics: dict[str, Metric]
    gate: Gate
    succession: Succession
    spend: SpendAudit
    readiness: Readiness
    involvement: tuple[InvolvementCount, ...]
    interviews: tuple[InterviewCount, ...]
    units: UnitRanking
    extras: tuple[Extra, ...] = ()
    team_turnover: tuple[TeamTurnover, ...] = ()
