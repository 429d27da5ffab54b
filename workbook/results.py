"""`results.json`: the contract between the model and everything that shows it.

Rates are fractions, ROI is in percent, money is in the client's currency, months count from the decision (1 is the
first month), dates are ISO 8601. A missing number is `None` beside a `why`; a suppressed one is `None` with
`suppressed=True`. Nothing here is rounded. `workbook schema` prints the JSON Schema made from these classes.
"""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Literal

from pydantic import ConfigDict, Field

from workbook.evidence import TableQuality
from workbook.frozen import Frozen
from workbook.settings import Switches

Status = Literal["present", "near", "clear", "insufficient data"]
TrendStatus = Literal["degrading", "stable", "improving", "insufficient data"]
Answer = Literal["leadership first", "technical first", "split", "neither", "insufficient data"]
Colour = Literal["green", "amber", "red", "insufficient data"]


class Facts(Frozen):
    """Who the client is and by what conventions the figures were made."""

    client: str
    name: str
    currency: str
    locale: str
    as_of: dt.date
    budget_money: float
    budget_source: Literal["client.yml", "training", "assumption", "scenario"]
    cohort_size: int
    comparison_size: int
    horizon_months: int
    discount_rate: float
    headcount: int | None
    synthetic: bool
    licence: str | None
    priorities: tuple[str, ...]
    switches: Switches


class Provenance(Frozen):
    """What made these figures: digest (SHA-256) of each input file, version, seed, draws."""

    inputs: dict[str, str]
    version: str
    seed: int
    draws: int


class Point(Frozen):
    """One observation of a series; low and high are the 90 % interval."""

    period: dt.date
    value: float | None
    low: float | None = None
    high: float | None = None
    n: float | None = None


class Estimate(Frozen):
    """A measured number with its 90 % interval (95 % where `coverage` says so)."""

    value: float | None
    low: float | None = None
    high: float | None = None
    n: float | None = None
    coverage: float = 0.90
    why: str | None = None
    suppressed: bool = False


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


class Alternative(Frozen):
    """A plan to compare with; `gain` is the published plan's expected NPV less this one's."""

    name: str
    label: str
    cost: float
    npv: float
    gain: float


class FrontierPoint(Frozen):
    """The best plan found at a budget."""

    budget: float
    npv: float
    p10: float
    p90: float
    share_leadership: float
    spent: float


class ProgrammeView(Frozen):
    """One catalogue entry as the client sees it."""

    programme: str
    label: str
    track: Literal["leadership", "technical"]
    audience: str
    outcome: str
    delivery: str
    months: float
    months_to_effect: float
    hours_per_participant: float
    cost_per_person: tuple[tuple[int, float], ...]
    evidence: str
    source: str


class LineInclusion(Frozen):
    """How often a line is bought when the plan is drawn up anew for single draws, each taken for certain."""

    programme: str
    unit: str
    share: float


class LimitToRelax(Frozen):
    """A limit that keeps anything from being bought: how far it must give way, in its own unit and in money."""

    limit: str
    amount: float
    unit: Literal["money", "seats", "hours"]
    money: float


class ExactPlan(Frozen):
    """How the plan was found. `model_npv` is the program's own figure, `optimism` that less the figure on all draws.

    `relax` names the smallest set of limits that would have to give way where no plan that spends money keeps to all.
    """

    status: Literal["optimal", "node limit", "reference plan kept", "nothing bought", "no plan keeps to the limits"]
    gap: float
    model_npv: float
    npv: float
    optimism: float
    shortfall: float
    tail_share: float
    risk_aversion_share: float
    reference_npv: float
    gain_over_reference: float
    same_as_reference: bool
    same_as_greedy: bool
    violations: tuple[str, ...] = ()
    inclusion: tuple[LineInclusion, ...] = ()
    inclusion_draws: int = 0
    bought_nothing_share: float | None = None
    relax: tuple[LimitToRelax, ...] = ()
    notes: tuple[str, ...] = ()


class Week3(Frozen):
    """What to buy. `exact` tells how the plan was found; None where it is the approximate reference plan."""

    plan: tuple[PlanLine, ...]
    spent: float
    budget: float
    unallocated: float
    binding: tuple[str, ...]
    share_leadership: float | None
    expected_npv: float
    shadow_price: float | None
    frontier: tuple[FrontierPoint, ...]
    switch_budget: float | None
    alternatives: tuple[Alternative, ...]
    programmes: tuple[ProgrammeView, ...]
    method: str
    exact: ExactPlan | None = None


class DetectableEffect(Frozen):
    """What a pilot of this size can see in one metric."""

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
    """One line of the metric dictionary."""

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


class Reliability(Frozen):
    """Agreement of direct reports on their leaders at baseline: one-way ICC of the mean over competencies.

    `low` and `high` are the 95 % limits of `icc1`; `r_wgj` and `lindell` are medians over leaders.
    """

    icc1: float | None
    icck: float | None
    k0: float | None
    low: float | None
    high: float | None
    r_wgj: float | None
    lindell: float | None
    krippendorff_alpha: float | None
    leaders: int | None
    words: str
    why: str | None = None


class Effect(Frozen):
    """Pilot against comparison on the mean rating, last wave against baseline, in SD of the baseline score.

    `low` and `high` are the 80 % interval of `ancova`; `design` says how far a cause may be claimed.
    """

    ancova: float | None
    did: float | None
    low: float | None
    high: float | None
    leaders: tuple[int, int] | None
    target: float | None
    break_even: float | None
    design: str
    why: str | None = None


class EffectSize(Frozen):
    """The programme's effect size d and what follows from it."""

    d_p10: float
    d_p50: float
    d_p90: float
    npv_p50: float
    roi_percent_p50: float | None
    payback_month_p50: float | None


class Update(Frozen):
    """The model's effect before and after the pilot's result was taken in by reweighting the draws."""

    prior: EffectSize | None
    posterior: EffectSize | None
    effective_draws: float | None
    conflict_z: float | None
    why: str | None = None


class GrowthPoint(Frozen):
    """Mean score of an arm on a competency at a wave, with its 90 % interval over leaders."""

    arm: str
    competency: str
    wave_days: int
    mean: float | None
    low: float | None
    high: float | None
    leaders: int | None
    raters: int | None
    suppressed: bool = False


class Growth(Frozen):
    """Gain and maintenance of one competency in the pilot arm."""

    competency: str
    gain: float | None
    maintenance: float | None
    sem: float | None
    pattern: Literal["rising", "maintained", "decaying", "no gain", "insufficient data"]
    comparison_gain: float | None
    refresher: str | None = None
    why: str | None = None


class Kpi(Frozen):
    """One key figure of the learning function; `activity` ones are never results."""

    group: Literal["business sync", "learning results", "operational value", "activity"]
    label: str
    value: float | None
    unit: Literal["share", "score", "money", "percent", "count"]
    why: str | None = None


class CalendarLine(Frozen):
    """Sessions of a programme by status."""

    programme: str
    planned: int
    held: int
    postponed: int
    cancelled: int
    reasons: tuple[tuple[str, int], ...]
    attendance_share: float | None


class Followup(Frozen):
    """30-60-90 days and beyond, by cohort."""

    reliability: Reliability
    points: tuple[GrowthPoint, ...]
    growth: dict[str, Growth]
    effect: Effect
    update: Update
    decision: Literal["scale", "extend", "stop", "insufficient data"]
    decision_reasons: tuple[str, ...]
    kpis: tuple[Kpi, ...]
    calendar: tuple[CalendarLine, ...]
    finding: str
    why: str | None = None


class GridPoint(Frozen):
    """Figures of the reference plans at one budget and cohort size, for sliders without a kernel."""

    budget: float
    cohort_size: int
    answer: Answer
    certainty: float | None
    npv: dict[Literal["leadership", "technical", "chosen"], float]
    roi_percent: dict[Literal["leadership", "technical", "chosen"], float | None]
    p_npv_positive: dict[Literal["leadership", "technical", "chosen"], float | None]
    payback_month: dict[Literal["leadership", "technical", "chosen"], float | None]
    spent: dict[Literal["leadership", "technical", "chosen"], float]
    seats: int


class Grid(Frozen):
    """budget (11) x cohort size (9)."""

    budgets: tuple[float, ...]
    cohort_sizes: tuple[int, ...]
    points: tuple[GridPoint, ...]


class Results(Frozen):
    """All of it."""

    client: str
    currency: str
    as_of: dt.date
    cohort_size: int
    facts: Facts
    provenance: Provenance
    quality: Start
    week1: Week1
    week2: Week2
    week3: Week3
    week4: Week4
    verdict: Verdict
    followup: Followup
    grid: Grid

    @classmethod
    def load(cls, path: str | Path) -> Results:
        """Read `results.json`."""
        return cls.model_validate_json(Path(path).read_bytes())

    def dump(self, path: str | Path) -> None:
        """Write `results.json`, the same bytes for the same results."""
        Path(path).write_text(self.model_dump_json(indent=1) + "\n", encoding="utf-8", newline="\n")
