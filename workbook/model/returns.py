"""From effects to money: monthly cash flow, discounting, benefit-cost ratio, ROI, NPV, IRR, payback.

Months count from the decision. Cash flows are arrays whose last axis runs over months 0..H: a benefit of month t falls
at the end of month t, a cost of month 0 on the day of the decision.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

Quantity = Any
Floats = npt.NDArray[np.float64]


def monthly_rate(*, yearly_rate: Quantity) -> Quantity:
    """(1 + r)^(1/12) - 1."""
    return (1 + yearly_rate) ** (1 / 12) - 1


def discount_factors(*, yearly_rate: float, months: int) -> Floats:
    """Factors v^t for t = 0..months."""
    return np.asarray((1 + monthly_rate(yearly_rate=yearly_rate)) ** -np.arange(months + 1.0))


def ramp(*, month: Quantity, end_month: float, months_to_effect: float) -> Quantity:
    """Share of the full effect at `month`: clip((t - t_end) / months to effect, 0, 1); a step if it takes none."""
    since = np.asarray(month, dtype=float) - end_month
    if months_to_effect <= 0:
        return (since >= 0).astype(float)
    return np.clip(since / months_to_effect, 0.0, 1.0)


def maintenance(
    *, month: Quantity, end_month: float, months_to_effect: float, keep_share_per_month: Quantity
) -> Quantity:
    """Share of the effect still there: keep^max(0, t - t_end - months to effect)."""
    return keep_share_per_month ** np.maximum(np.asarray(month, dtype=float) - end_month - months_to_effect, 0.0)


def effect_share(*, effect_at_ref: Quantity, d: Quantity, d_ref: float, cap: Quantity) -> Quantity:
    """Share of a leak removed: min(cap, effect at the reference d x d / d_ref). A negative d does harm."""
    return np.minimum(cap, effect_at_ref * d / d_ref)


def redesigned_factor(*, loss_share_per_feature: Quantity, features_changed: int) -> Quantity:
    """What a change of design makes of an effect: (1 - loss)^(-features added); features left out count below zero."""
    return (1 - loss_share_per_feature) ** -float(features_changed)


def reinforced_decay_share_per_month(
    *, decay_share_per_month: Quantity, slowing_share: Quantity, reinforcements_changed: int
) -> Quantity:
    """Fading a month after a change of reinforcement: decay x (1 - slowing)^(kinds added), never above one."""
    return np.minimum(decay_share_per_month * (1 - slowing_share) ** float(reinforcements_changed), 1.0)


def effect_in_range(*, low: float, likely: float, high: float, position: Quantity) -> Quantity:
    """The value at `position` between low (-1), likely (0) and high (+1), linear on either side."""
    return likely + np.where(np.asarray(position) > 0, (high - likely) * position, (likely - low) * position)


def remaining_share(*reductions: Quantity) -> Quantity:
    """Share of a leak left after several reductions, each acting on what the others leave: the product of (1 - e)."""
    left: Quantity = 1.0
    for reduction in reductions:
        left = left * (1 - reduction)
    return left


def present_value(flow: Floats, *, yearly_rate: float) -> Quantity:
    """Sum of the flow discounted by month; last axis months 0..H."""
    return np.asarray(flow) @ discount_factors(yearly_rate=yearly_rate, months=np.shape(flow)[-1] - 1)


def bcr(*, benefits: Quantity, costs: Quantity) -> Quantity:
    """Benefit-cost ratio: benefits / costs."""
    return benefits / costs


def roi_percent(*, benefits: Quantity, costs: Quantity) -> Quantity:
    """100 x (benefits - costs) / costs: a benefit-cost ratio of 3 is an ROI of 200 %, never 300 %."""
    return 100 * (benefits - costs) / costs


def payback_month(net: Floats) -> Floats:
    """First month in which the running sum of `net` is at least zero; infinity where it never is.

    Undiscounted. Last axis months 0..H; a plan that never went below zero has paid back at month 0.
    """
    running = np.cumsum(np.asarray(net, dtype=float), axis=-1)
    back = running >= -1e-9 * np.max(np.abs(running), axis=-1, keepdims=True)
    return np.where(back.any(axis=-1), back.argmax(axis=-1).astype(float), np.inf)
