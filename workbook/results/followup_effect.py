"""The follow-up in depth: agreement measure by measure, growth over waves, work metrics, the update's routes."""

from __future__ import annotations

from typing import Literal

from workbook.frozen import Frozen
from workbook.results.common import Answer


class RaterReading(Frozen):
    """One measure of agreement, its 95 % limits where it has any, and what it means."""

    measure: str
    value: float | None
    low: float | None = None
    high: float | None = None
    words: str


class Hindsight(Frozen):
    """A then-test: how far raters' yardstick moved, and the gain on the yardstick they hold now; 90 % intervals."""

    arm: str
    competency: str
    leaders: int
    shift: float
    shift_low: float | None
    shift_high: float | None
    gain: float
    adjusted_gain: float
    adjusted_low: float | None
    adjusted_high: float | None
    words: str


class GrowthWave(Frozen):
    """Growth since baseline by the mixed model, in points, and the pilot's lead over the comparison; 90 % intervals."""

    wave_days: int
    change: float
    change_low: float
    change_high: float
    lead: float | None
    lead_low: float | None
    lead_high: float | None


class CohortGrowth(Frozen):
    """The mixed model: leaders, what share of the variance lies between them, and its waves."""

    leaders: int
    scores: int
    between_share: float
    waves: tuple[GrowthWave, ...]
    words: str


class ReliableChange(Frozen):
    """Leaders whose change from the first to the last wave exceeds their raters' noise."""

    leaders: int
    up: int
    down: int


class Chance(Frozen):
    """Randomisation test under a lottery: how often the draw alone gives such a difference."""

    p_value: float
    arms: int
    exact: bool


class ParticipantView(Frozen):
    """What participants say the programme brought, after their own share and confidence; 80 % interval; money a year.

    Stands beside the measured effect and is never added to it.
    """

    participants: int
    answers: int
    each_money: float
    low: float | None
    high: float | None
    total_money: float


class PreTrend(Frozen):
    """Slope a month, before the start, of the difference between pilot and comparison; 90 % interval."""

    slope: float
    low: float
    high: float
    points: int
    words: str


class TrendLine(Frozen):
    """Pilot units alone: the mean their line before the start forecasts, its 80 % prediction interval, what came."""

    forecast: float
    low: float
    high: float
    actual: float
    points: int
    beyond: bool


class MetricEffect(Frozen):
    """A work metric in pilot and comparison units: the share by which it fell, with its 80 % interval.

    `reduction` is e = (comparison - pilot)/comparison after the start, adjusted for the time before; for exits
    1 - exp(log rate ratio). `used` says whether it entered the update.
    """

    metric: str
    label: str
    reduction: float | None
    low: float | None
    high: float | None
    standard_error: float | None
    pilot_units: int
    comparison_units: int
    design: str
    pre_trend: PreTrend | None = None
    trend_line: TrendLine | None = None
    used: bool = False
    why: str | None = None


class RuleOdds(Frozen):
    """How often the criteria say each thing when the true effect is `truth`."""

    label: str
    truth: float
    scale: float
    extend: float
    stop: float


class PlanNow(Frozen):
    """The best admissible plan under given weights of the draws: what it stands for, its money, its worth."""

    answer: Answer
    certainty: float | None
    spend: float
    share_leadership: float | None
    expected_npv: float
    p_npv_positive: float


class UpdateRoute(Frozen):
    """The posterior by one reading of the result: what was read, what it gives."""

    route: Literal[
        "ratings as the effect", "ratings by way of work metrics", "work metrics", "ratings and work metrics"
    ]
    d_p50: float
    npv_p50: float
    roi_percent_p50: float | None
    effective_draws: float
    conflict_z: float
    contradicts: bool
    headline: bool
    measures: tuple[str, ...]
