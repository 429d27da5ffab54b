"""The follow-up: agreement of raters, growth, effect, update, decision."""

from __future__ import annotations

import datetime as dt
from typing import Literal

from workbook.frozen import Frozen
from workbook.results.followup_effect import (
    Chance,
    CohortGrowth,
    Hindsight,
    MetricEffect,
    ParticipantView,
    PlanNow,
    RaterReading,
    ReliableChange,
    RuleOdds,
    UpdateRoute,
)


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
    readings: tuple[RaterReading, ...] = ()
    raters_wanted: float | None = None


class Effect(Frozen):
    """Pilot against comparison on the mean rating, last wave against baseline, in SD of the baseline score.

    `low` and `high` are the 80 % interval of `ancova`, `low95` and `high95` its 95 % one; `design` says how far a cause
    may be claimed. `answer` follows from the intervals; an inconclusive pilot has given an answer.
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
    answer: Literal["works", "harms", "no effect", "inconclusive", "insufficient data"] = "insufficient data"
    answer_words: str = ""
    standard_error: float | None = None
    degrees_of_freedom: float | None = None
    low95: float | None = None
    high95: float | None = None
    did_low: float | None = None
    did_high: float | None = None
    d_ppc: float | None = None
    chance: Chance | None = None
    participants: ParticipantView | None = None
    regression_points: float | None = None
    warnings: tuple[str, ...] = ()


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
    contradicts: bool = False
    tempered: bool = False
    site_spread: float | None = None
    routes: tuple[UpdateRoute, ...] = ()
    plan_before: PlanNow | None = None
    plan_after: PlanNow | None = None


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
    panel_mean: float | None = None
    panel_raters: int | None = None


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
    panel_gain: float | None = None


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


class Postponement(Frozen):
    """Sessions of a programme that were postponed or cancelled for one reason, and what that has cost so far."""

    programme: str
    status: Literal["postponed", "cancelled"]
    reason: str | None
    sessions: int
    person_hours: float | None
    days_late: float | None
    money: float | None
    why: str | None = None


class ReplanLine(Frozen):
    """Where a session still to be held goes. `dates`: one, two (critical part first), or none (self-paced)."""

    session: str
    programme: str
    unit: str
    action: Literal["keep", "move", "split", "self-paced"]
    planned: dt.date
    due: dt.date
    dates: tuple[dt.date, ...]
    weeks_late: float | None
    wish_kept: bool | None
    reason: str


class Replan(Frozen):
    """The calendar planned again over `weeks` weeks from `first_week`; `late_money` is what its lateness costs."""

    first_week: dt.date
    weeks: int
    lines: tuple[ReplanLine, ...]
    person_hour_weeks: float
    late_money: float | None
    beyond: int
    rule: str
    why: str | None = None


class Touchpoint(Frozen):
    """Something due from somebody on a day: ratings, unit metrics, the decision, managers' own part."""

    due: dt.date
    what: str
    who: str
    state: Literal["done", "overdue", "ahead"]


class InvolvementDue(Frozen):
    """One kind of involvement: how many of the managers took part, and by when the others should."""

    kind: str
    label: str
    managers: int
    of_managers: int | None
    due: dt.date
    state: Literal["done", "overdue", "ahead"]


class CostLine(Frozen):
    """Budget against actual of a programme in a month; month None: all months together."""

    programme: str
    month: dt.date | None
    actual: float
    budget: float | None
    over_share: float | None
    participants: int
    per_person: float | None


class ScalePoint(Frozen):
    """Cost a person of the programme tried when so many people take part."""

    people: int
    per_person: float


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
    postponements: tuple[Postponement, ...] = ()
    replan: Replan | None = None
    touchpoints: tuple[Touchpoint, ...] = ()
    involvement_due: tuple[InvolvementDue, ...] = ()
    costs: tuple[CostLine, ...] = ()
    cost_per_person: tuple[ScalePoint, ...] = ()
    cost_programme: str | None = None
    decision_odds: tuple[RuleOdds, ...] = ()
    hindsight: tuple[Hindsight, ...] = ()
    cohort_growth: CohortGrowth | None = None
    reliable_change: ReliableChange | None = None
    metrics: tuple[MetricEffect, ...] = ()
