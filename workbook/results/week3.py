"""Week 3: the plan, the frontier and what it is compared with."""

from __future__ import annotations

from typing import Literal

from workbook.frozen import Frozen
from workbook.results.week2 import PlanLine


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


class ProgrammeStart(Frozen):
    """When a programme of the plan starts, in months after the decision, and what waiting would cost.

    `quarter_later_money` and `half_year_later_money` are the expected NPV lost if it alone started that much later.
    """

    programme: str
    label: str
    track: Literal["leadership", "technical"]
    start_month: int
    training_ends_month: float
    full_effect_month: float
    quarter_later_money: float
    half_year_later_money: float


class ClosedMonths(Frozen):
    """Months after the decision in which a unit's people cannot start anything, of those weighed."""

    unit: str
    months: tuple[int, ...]


class PlanCalendar(Frozen):
    """The starts of the plan's programmes, chosen from every calendar its seats allow.

    `gain_over_at_once` is None where closed months rule out that all start at once.
    """

    lines: tuple[ProgrammeStart, ...]
    starts_weighed: tuple[int, ...]
    calendars: int
    gain_over_at_once: float | None
    closed: tuple[ClosedMonths, ...] = ()
    finding: str


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
    calendar: PlanCalendar | None = None


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
