"""Did ratings rise, and did the rise last: gain, measurement error, maintenance and the pattern they make."""

from __future__ import annotations

import math
from typing import Any, Literal

Quantity = Any
RELIABLE_Z = 1.96
Pattern = Literal["rising", "maintained", "decaying", "no gain", "insufficient data"]


def gain_points(*, first: float, baseline: float) -> float:
    """Mean score at the first follow-up wave less the mean at baseline, in rating points."""
    return first - baseline


def maintenance_share(*, last: float, first: float, baseline: float) -> float:
    """(S90 - S0)/(S30 - S0): how much of the gain is left. Meaningless unless the gain exceeds the SEM."""
    return (last - baseline) / (first - baseline)


def leader_score_error(*, ms_within: float, raters_per_leader: float) -> float:
    """sqrt(MS_within / k): the SEM of one leader's mean score over k raters (one-way model)."""
    return math.sqrt(ms_within / raters_per_leader)


def cohort_mean_error(*, sd: float, leaders: float) -> float:
    """SD over leaders / sqrt(leaders): the standard error of a cohort's mean score."""
    return sd / math.sqrt(leaders)


def reliable_change(*, change: Quantity, sem: Quantity) -> Quantity:
    """|change| / (SEM sqrt 2); above 1.96 one leader's change is more than noise. Source: Jacobson & Truax (1991)."""
    return abs(change) / (sem * math.sqrt(2))


def change_sem(*, ms_within: float, raters_before: Quantity, raters_after: Quantity) -> Quantity:
    """sqrt(MS_within (1/k0 + 1/k1) / 2): the SEM of a leader's mean where waves have other numbers of raters."""
    return (ms_within * (1 / raters_before + 1 / raters_after) / 2) ** 0.5


def pattern(*, gain: float | None, maintenance: float | None, error: float | None) -> Pattern:
    """What became of a gain: no gain when it does not exceed its error, else by the share maintained.

    Under .8 decaying, over 1.1 rising, between them maintained (house assumption). Without a second follow-up wave a
    gain cannot yet be classed.
    """
    if gain is None or error is None:
        return "insufficient data"
    if gain <= error:
        return "no gain"
    if maintenance is None:
        return "insufficient data"
    if maintenance < 0.8:
        return "decaying"
    return "rising" if maintenance > 1.1 else "maintained"


def response_shift_points(*, then: float, baseline: float) -> float:
    """Then-rating less baseline: how far raters' own yardstick moved. Negative: they look back more strictly.

    The then-rating is given after the programme, of the time before it. Source: Howard et al. (1979).
    """
    return then - baseline


def adjusted_gain_points(*, last: float, then: float) -> float:
    """Last wave less then-rating: the gain on the yardstick raters hold now. Memory and wish may colour it."""
    return last - then


def regression_to_mean_points(*, reliability: float, selected_mean: float, everyone_mean: float) -> float:
    """(1 - reliability)(mean of all - mean of those picked): what picked leaders gain by themselves at a second look.

    Holds for leaders picked by the very score that is compared later. Source: Galton (1886); Davis (1976).
    """
    return (1 - reliability) * (everyone_mean - selected_mean)
