"""What the pilot's result does to the belief about the programme, and what that decides."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from workbook.model import criteria, information
from workbook.results import Effect, EffectSize, Update

Floats = npt.NDArray[np.float64]
ENOUGH_DRAWS = 400.0
ENOUGH_SHARE = 0.10
CONFLICT_Z = 2.5


@dataclass(frozen=True)
class Prior:
    """Draws of the programme's d and what each means for its plan; payback in months, nan when beyond the horizon."""

    d: Floats
    npv_money: Floats
    roi_percent: Floats | None
    payback_month: Floats | None


def weighted_quantile(values: Floats, weights: Floats, share: float) -> float:
    """The smallest value with at least `share` of the weight at or below it; nan counts as larger than any number."""
    order = np.argsort(values, kind="stable")
    place = int(np.searchsorted(np.cumsum(weights[order]), share * weights.sum() * (1 - 1e-12)))
    return float(values[order[min(place, len(values) - 1)]])


def size(prior: Prior, weights: Floats) -> EffectSize:
    """Percentiles of d and medians of what follows from it, under the weights."""
    low, middle, high = (weighted_quantile(prior.d, weights, share) for share in (0.1, 0.5, 0.9))
    return EffectSize(
        d_p10=low,
        d_p50=middle,
        d_p90=high,
        npv_p50=weighted_quantile(prior.npv_money, weights, 0.5),
        roi_percent_p50=finite(prior.roi_percent, weights),
        payback_month_p50=finite(prior.payback_month, weights),
    )


def finite(values: Floats | None, weights: Floats) -> float | None:
    """The weighted median, or None when it is not a number."""
    if values is None:
        return None
    middle = weighted_quantile(values, weights, 0.5)
    return middle if np.isfinite(middle) else None


def update(prior: Prior, *, estimate: float | None, standard_error: float | None, why: str | None) -> Update:
    """Prior and posterior of the programme's effect by reweighting its draws with the pilot's estimate (in SD).

    When the result contradicts the assumptions (|z| > 2.5, or too few effective draws) the weights are tempered until
    enough draws count: the posterior then leans on the result less than a plain update would, and `why` says so.
    """
    even = np.full(len(prior.d), 1 / len(prior.d))
    before = size(prior, even)
    if estimate is None or standard_error is None or standard_error <= 0:
        return Update(prior=before, posterior=None, effective_draws=None, conflict_z=None, why=why)
    logs = information.log_likelihood(prior.d[:, None], np.array([estimate]), np.array([standard_error]))
    weights = information.normalised(logs)
    z = criteria.conflict(
        prior_mean=float(prior.d.mean()),
        prior_sd=float(prior.d.std()),
        estimate=estimate,
        standard_error=standard_error,
    )
    left = information.effective_draws(weights)
    enough = min(ENOUGH_DRAWS, ENOUGH_SHARE * len(prior.d))
    note = None
    if left < enough or abs(z) > CONFLICT_Z:
        weights = information.tempered(logs, enough)
        note = f"the result contradicts the assumptions (z = {z:.1f}, {left:.0f} effective draws)"
        if left < enough:
            note += "; the update is tempered"
    return Update(prior=before, posterior=size(prior, weights), effective_draws=left, conflict_z=z, why=note)


def decision(effect: Effect) -> tuple[criteria.Outcome | None, tuple[str, ...]]:
    """Scale, extend or stop by the rule written before the start, with the sentences that say why."""
    estimate, low, high = effect.ancova, effect.low, effect.high
    if estimate is None or low is None or high is None:
        return None, (f"No decision: {effect.why or 'the effect is not known'}.",)
    if effect.target is None or effect.break_even is None:
        missing = "target" if effect.target is None else "break-even effect"
        return None, (f"No decision: there is no {missing} to hold the estimate against.",)
    ruled = criteria.outcome(estimate=estimate, low=low, high=high, target=effect.target, break_even=effect.break_even)
    reached = "reaches" if estimate >= effect.target else "does not reach"
    if low > effect.break_even:
        lies = "lies above"
    elif high < effect.break_even:
        lies = "lies below"
    else:
        lies = "includes"
    rule = {
        "scale": "By the criteria that means: scale.",
        "extend": "By the criteria that is neither go nor stop: extend. An inconclusive result is a result.",
        "stop": "By the criteria that means: stop.",
    }[ruled]
    return ruled, (
        f"The estimate of {estimate:.2f} SD {reached} the target of {effect.target:.2f} SD.",
        f"Its 80% interval, {low:.2f} to {high:.2f} SD, {lies} the break-even effect of {effect.break_even:.2f} SD.",
        rule,
    )
