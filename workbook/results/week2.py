"""Week 2: leaks, cost of delay, return of each track, and what drives them."""

from __future__ import annotations

from typing import Literal

from pydantic import ConfigDict, Field

from workbook.frozen import Frozen


class UnitMoney(Frozen):
    """A unit's part of a monthly amount."""

    unit: str
    monthly: float


class Leak(Frozen):
    """What the status quo costs a month through one channel; low and high are P5 and P95 over the draws."""

    name: str
    label: str
    track: Literal["leadership", "technical", "both"]
    monthly: float | None
    low: float | None
    high: float | None
    by_unit: tuple[UnitMoney, ...] = ()
    n: float | None = None
    basis: str = ""
    alternatives: dict[str, float] = {}
    why: str | None = None


class DelayPoint(Frozen):
    """Cost of starting `months` later (P5-P95); negative means waiting is cheaper."""

    months: int
    money: float
    low: float
    high: float
    rolling_money: float


class CostOfDelay(Frozen):
    """Cost of each month's delay of the track the verdict would fund, and of both tracks month by month."""

    per_month: float | None
    low: float | None
    high: float | None
    track: Literal["leadership", "technical"] | None
    by_month: dict[Literal["leadership", "technical"], tuple[DelayPoint, ...]]
    tail_share: dict[Literal["leadership", "technical"], float | None]
    longer_horizon_per_month: dict[Literal["leadership", "technical"], float | None]
    last_worthwhile_month: dict[Literal["leadership", "technical"], int | None]
    status_quo_per_month: float | None
    status_quo_low: float | None
    status_quo_high: float | None
    why: str | None = None


class Spread(Frozen):
    """A figure at the point values of all inputs, and its percentiles over the draws (None: not within horizon)."""

    point: float | None
    p10: float | None
    p50: float | None
    p90: float | None
    why: str | None = None


class PayPoint(Frozen):
    """Probability that the money is back by `month`."""

    month: int
    probability: float


class FlowMonth(Frozen):
    """Cumulative net money by month over the draws."""

    month: int
    point: float
    p10: float
    p50: float
    p90: float


class PlanLine(Frozen):
    """Seats bought of one programme in one unit."""

    programme: str
    label: str
    track: Literal["leadership", "technical"]
    unit: str
    seats: int
    cost: float
    expected_benefit: float
    start_month: int = 0


class Cascade(Frozen):
    """One step of the utility method's shrinkage from the naive figure down."""

    step: str
    money: float


class Utility(Frozen):
    """Brogden-Cronbach-Gleser utility of the same plan; it triangulates, and is never added."""

    net_money: float | None
    break_even_d_simple: float | None
    break_even_d_full: float | None
    people: int
    cascade: tuple[Cascade, ...] = ()
    why: str | None = None


class Conservative(Frozen):
    """First year only, point x attribution x confidence, no draws."""

    roi_percent: float | None
    npv: float | None
    survives: bool


class Return(Frozen):
    """What a track's reference plan returns."""

    track: Literal["leadership", "technical"]
    cost: Spread
    benefit: Spread
    roi_percent: Spread
    bcr: Spread
    npv: Spread
    payback_month: Spread
    p_npv_positive: float | None
    p_payback_9: float | None
    p_payback_18: float | None
    payback_curve: tuple[PayPoint, ...]
    cumulative: tuple[FlowMonth, ...]
    break_even_d: float | None
    d_point: float
    utility: Utility
    conservative: Conservative
    plan: tuple[PlanLine, ...]
    challenges: tuple[str, ...] = ()
    why: str | None = None
    irr_percent: Spread | None = None
    irr_expected_percent: float | None = None
    irr_none_share: float | None = None
    irr_multiple_share: float | None = None
    irr_note: str | None = None


class AssumptionUse(Frozen):
    """One assumption as it was used; `coverage` is the share of draws between low and high, None if it is fixed."""

    name: str
    label: str
    unit: str
    value: float
    low: float
    high: float
    distribution: str
    evidence: str
    source: str
    changed_by: Literal["client", "scenario", "measured"] | None = None
    defaulted_for: str | None = None
    coverage: float | None = None


class InputInformation(Frozen):
    """Expected value of learning one input exactly; `noise` is the same estimate with the input shuffled."""

    name: str
    label: str
    evppi: float
    noise: float


class TornadoBar(Frozen):
    """NPV of the chosen plan with one input at its low and at its high, others at their value."""

    name: str
    label: str
    low_value: float
    high_value: float
    npv_low: float
    npv_high: float


class GroupInformation(Frozen):
    """Expected value of learning a group of inputs together; `noise` is the same estimate with the draws shuffled."""

    name: str
    label: str
    inputs: tuple[str, ...]
    evppi: float
    noise: float


class Driver(Frozen):
    """How far one input drives the plan's NPV: rank coefficient; Sobol indices with 90 % intervals."""

    name: str
    label: str
    rank_coefficient: float
    first: float
    first_low: float
    first_high: float
    total: float
    total_low: float
    total_high: float


class Drivers(Frozen):
    """What drives the plan's NPV, the strongest input first. `note` says how to read it.

    `rank_explained_share` is how much of the rank variance the rank regression explains; `interaction_share` is one
    less the sum of first-order indices; `zero_effect` names inputs that vary and change nothing in this plan.
    """

    inputs: tuple[Driver, ...]
    rank_explained_share: float
    interaction_share: float
    correlated: bool
    zero_effect: tuple[str, ...]
    note: str


class StressCondition(Frozen):
    """An input shifted in the draws that lose money: `share_losing` of them lie beyond `threshold`, of all `share_all`.

    `shift` is the rank-biserial correlation: below 0 the input is lower in losing draws.
    """

    name: str
    label: str
    shift: float
    threshold: float
    below: bool
    share_losing: float
    share_all: float


class Stress(Frozen):
    """Reverse stress test: what the draws in which the plan loses money have in common, also in sentences."""

    p_loss: float
    conditions: tuple[StressCondition, ...]
    share_losing_together: float | None = None
    p_loss_together: float | None = None
    sentences: tuple[str, ...]


class CorrelationUse(Frozen):
    """A rank correlation the client stated and the one drawn with; `why` says why it is another or none."""

    a: str
    b: str
    asked: float
    used: float
    why: str | None = None


class Information(Frozen):
    """What it would be worth to know more before deciding, what drives the result, and what makes it fail."""

    evpi: float | None
    evppi: dict[str, InputInformation]
    tornado: tuple[TornadoBar, ...]
    defaulted_tables_evppi: float | None = None
    groups: tuple[GroupInformation, ...] = ()
    drivers: Drivers | None = None
    stress: Stress | None = None
    correlations: tuple[CorrelationUse, ...] = ()
    correlations_note: str | None = None


class Week2(Frozen):
    """What waiting costs and what acting returns. In JSON `returns` is called `return`."""

    model_config = ConfigDict(populate_by_name=True, serialize_by_alias=True)

    leaks: dict[str, Leak]
    cost_of_delay: CostOfDelay
    returns: dict[Literal["leadership", "technical"], Return] = Field(alias="return")
    p_leadership_beats_technical: float | None
    information: Information
    assumptions: tuple[AssumptionUse, ...]
    scenario_budget_money: float
    scenario_cohort_size: int
