"""The Evidence of a pilot: ratings of leaders, where it runs, and what its participants say. Parts of `evidence`."""

from __future__ import annotations

import datetime as dt
from typing import Literal

from workbook.frozen import Frozen


class RatingCell(Frozen):
    """Direct reports' ratings of leaders: one arm x competency x wave.

    `leaders` rated by at least the floor's raters; variance components are one-way (leader mean squares);
    `k0` is the effective raters a leader for unequal groups. Stable-panel means use raters present at baseline too.
    """

    arm: Literal["pilot", "comparison", "all"]
    competency: str
    wave_days: int
    leaders: int | None
    raters: int | None
    mean: float | None
    sd: float | None = None
    ms_between: float | None = None
    ms_within: float | None = None
    k0: float | None = None
    panel_mean: float | None = None
    panel_raters: int | None = None
    suppressed: bool = False


class ThenTest(Frozen):
    """Leaders rated at baseline, at the last wave, and then again of the time before (then-test); means over leaders.

    Errors are those of the paired differences over leaders; None under the floor for distributions.
    """

    arm: Literal["pilot", "comparison", "all"]
    competency: str
    leaders: int
    last_wave_days: int
    baseline_mean: float
    then_mean: float
    last_mean: float
    shift_se: float | None = None
    gain_se: float | None = None


class GrowthStep(Frozen):
    """Mixed model of one wave: change of the pilot (or of all) since baseline, and its lead over the comparison."""

    wave_days: int
    change: float
    change_se: float
    lead: float | None = None
    lead_se: float | None = None


class GrowthModel(Frozen):
    """Scores of leaders over waves with a random intercept of the leader (REML), mean over competencies, in points."""

    leaders: int
    scores: int
    between_variance: float
    within_variance: float
    degrees_of_freedom: float
    on_the_edge: bool
    steps: tuple[GrowthStep, ...]


class RatingSummary(Frozen):
    """Reliability and pilot-against-comparison estimates, made from leader means before release.

    Effects are in rating points with standard errors and degrees of freedom; `sd_baseline` turns them into SD units.
    `panel_*` are two-way forms, given where the same raters rated every leader. `randomisation_*` need a lottery.
    `reliable_*` count pilot leaders (all, without arms) whose change exceeds their raters' noise.
    """

    leaders: int | None
    raters: int | None
    icc1: float | None
    icc1_low: float | None
    icc1_high: float | None
    icck: float | None
    k0: float | None
    r_wgj_median: float | None
    lindell_median: float | None
    krippendorff_alpha: float | None
    pilot_leaders: int | None
    comparison_leaders: int | None
    last_wave_days: int | None
    ancova_points: float | None
    ancova_se: float | None
    ancova_df: float | None
    did_points: float | None
    did_se: float | None
    sd_baseline: float | None
    suppressed: bool = False
    why: str | None = None
    icck_low: float | None = None
    icck_high: float | None = None
    cronbach_alpha: float | None = None
    panel_icc1: float | None = None
    panel_icc1_low: float | None = None
    panel_icc1_high: float | None = None
    panel_icck: float | None = None
    panel_consistency: float | None = None
    panel_raters: int | None = None
    d_ppc: float | None = None
    randomisation_p: float | None = None
    randomisation_arms: int | None = None
    randomisation_exact: bool | None = None
    pilot_before: float | None = None
    comparison_before: float | None = None
    before_gap_se: float | None = None
    reliable_leaders: int | None = None
    reliable_up: int | None = None
    reliable_down: int | None = None
    growth_model: GrowthModel | None = None


class ParticipantEstimate(Frozen):
    """What the pilot's participants say it brought: reported gain x programme's share x confidence, money a year.

    Those who did not answer, or claimed far more than the others, count as nothing. `each_se` from ten answers on.
    """

    participants: int
    answers: int
    each_money_per_year: float
    each_se: float | None = None
    extreme_left_out: bool = False


class ArmExits(Frozen):
    """Voluntary exits and person-years of the units of one arm, before and after the pilot's start."""

    arm: Literal["pilot", "comparison"]
    period: Literal["before", "after"]
    person_years: float
    voluntary_exits: int


class PilotSites(Frozen):
    """Where the pilot runs: its start, units with pilot participants only, with comparison only, and with both."""

    start: dt.date
    pilot_units: tuple[str, ...]
    comparison_units: tuple[str, ...]
    mixed_units: tuple[str, ...]
    trained: int
    exits: tuple[ArmExits, ...] = ()
