"""Week 4 and the verdict: the pilot, the business case, the answer and what would change it."""

from __future__ import annotations

import datetime as dt
from typing import Literal

from workbook.frozen import Frozen
from workbook.results.common import Answer


class DetectableEffect(Frozen):
    """What a pilot of this size can see in one metric; `mde_adjusted` with the baseline taken into account."""

    metric: str
    label: str
    unit: str
    arms: tuple[int, int]
    clusters: tuple[int, int] | None
    mde: float | None
    mde_standardised: float | None
    target: float | None
    break_even: float | None
    detects_target: bool | None
    method: str
    why: str | None = None
    mde_adjusted: float | None = None


class DesignOption(Frozen):
    """One design: whether it can be had here, and what it could see in each metric."""

    design: str
    chosen: bool
    possible: bool
    reason: str
    arms: tuple[int, int] | None = None
    mde: dict[str, DetectableEffect] = {}


class PilotSize(Frozen):
    """A pilot of another size out of the same people; `net` is its worth over acting at once, delay netted out."""

    cohort_size: int
    comparison_size: int
    cost: float
    standard_error: float
    learned: float
    net: float


class MdePoint(Frozen):
    """Detectable standardised effect at a cohort size (per arm)."""

    cohort_size: int
    mde_standardised: float


class Criterion(Frozen):
    """A success criterion written before the start, in traffic-light form."""

    metric: str
    green: str
    amber: str
    red: str


class Milestone(Frozen):
    """What is looked at, when."""

    label: str
    due: dt.date
    what: str


class PilotUnit(Frozen):
    """A unit's claim to host the pilot."""

    unit: str
    headcount: int | None
    leaders: int | None
    need: float
    readiness: float
    measurability: float
    score: float
    role: Literal["pilot", "comparison", "not used"]


class Pilot(Frozen):
    """How to find out."""

    track: Literal["leadership", "technical"]
    programme: str | None
    units: tuple[str, ...]
    comparison: tuple[str, ...]
    ranking: tuple[PilotUnit, ...]
    design: str
    design_reason: str
    cohort_size: int
    comparison_size: int
    mde: dict[str, DetectableEffect]
    mde_curve: tuple[MdePoint, ...]
    criteria: tuple[Criterion, ...]
    milestones: tuple[Milestone, ...]
    evsi: float | None
    worth_running: bool | None
    cost: float | None
    target_d: float | None
    break_even_d: float | None
    why: str | None = None
    designs: tuple[DesignOption, ...] = ()
    net_worth: float | None = None
    advice: Literal["run", "enlarge", "reduce", "skip"] | None = None
    sizes: tuple[PilotSize, ...] = ()


class BusinessCase(Frozen):
    """One page for a CFO, in sentences."""

    decision_asked: str
    verdict: str
    cost_of_waiting: str
    range_of_return: str
    what_could_flip_it: tuple[str, ...]
    pilot_ask: str
    risks: tuple[str, ...]
    who_agreed: tuple[str, ...]


class MetricDefinition(Frozen):
    """One line of the metric dictionary, and whether it was added or changed after the pilot's start."""

    metric: str
    definition: str
    formula: str
    purpose: str
    owner: str
    baseline: float | None
    target: float | None
    agreed_by: str | None
    agreed_on: dt.date | None
    added_after_start: bool
    changed_on: dt.date | None = None
    changed_after_start: bool = False


class Week4(Frozen):
    """How to find out, and the business case."""

    pilot: Pilot
    metrics: tuple[MetricDefinition, ...]
    business_case: BusinessCase


class Flip(Frozen):
    """The nearest value of one assumption at which the answer changes; None when none inside its range does."""

    assumption: str
    label: str
    value_now: float
    flips_at: float | None
    to_answer: Answer | None
    probability: float | None


class ClassValue(Frozen):
    """The best admissible plan of one class."""

    answer: Answer
    expected_npv: float
    p_best: float
    spend: float
    share_leadership: float | None
    admissible: bool
    why_not: str | None = None


class Verdict(Frozen):
    """The answer, how sure it is, and what would change it."""

    answer: Answer
    economic_answer: Answer
    reasons: tuple[str, ...]
    certainty: float | None
    classes: tuple[ClassValue, ...]
    evpi: float | None
    flips: tuple[Flip, ...]
    survives_conservative: bool | None
    gate_agrees: bool | None
    ask_for: tuple[str, ...] = ()
