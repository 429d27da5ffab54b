"""The follow-up: agreement of raters, growth, effect, update, decision."""

from __future__ import annotations

from typing import Literal

from workbook.frozen import Frozen


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
