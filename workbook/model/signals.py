"""From certainty to status: present, near, clear; degrading, stable, improving."""

from __future__ import annotations

from typing import Literal


def status(
    *,
    p_beyond: float | None,
    point_beyond: bool | None,
    present_probability: float,
    rule: Literal["established", "point"],
) -> Literal["present", "near", "clear", "insufficient data"]:
    """Status of a signal whose probability of lying beyond its threshold is `p_beyond`.

    Established rule (house assumption): present from `present_probability`, clear up to its complement, else near.
    Point rule: present when the estimate itself is beyond. Insufficient data when there is no probability.
    """
    if p_beyond is None or point_beyond is None:
        return "insufficient data"
    if rule == "point":
        return "present" if point_beyond else "clear"
    if p_beyond >= present_probability:
        return "present"
    return "clear" if p_beyond <= 1 - present_probability + 1e-12 else "near"


def trigger_fired(
    *,
    p_beyond: float | None,
    point_beyond: bool | None,
    trigger_probability: float,
    rule: Literal["established", "point"],
) -> bool | None:
    """Whether a hard trigger fired; None when it could not be checked. 3 leavers of 20 do not fire, 4 of 20 do."""
    if p_beyond is None or point_beyond is None:
        return None
    return point_beyond if rule == "point" else p_beyond >= trigger_probability


def trend_status(*, p_worse: float, p_better: float, p_value: float) -> Literal["degrading", "stable", "improving"]:
    """Degrading (improving) when the one-sided p-value toward harm (good) is at most `p_value`."""
    if p_worse <= p_value:
        return "degrading"
    return "improving" if p_better <= p_value else "stable"


def coordination_share(*, coordination_money: float, both_money: float, total_money: float, both_share: float) -> float:
    """Share of delayed value caused by coordination: (coordination + both x both_share) / all. Needs total > 0."""
    return (coordination_money + both_money * both_share) / total_money
