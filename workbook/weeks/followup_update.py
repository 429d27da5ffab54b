"""What the pilot's result does to the belief about the programme, and what that decides."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from workbook.model import criteria, information
from workbook.results import Effect, EffectSize, PlanNow, Update, UpdateRoute

Floats = npt.NDArray[np.float64]
Route = Literal["ratings as the effect", "ratings by way of work metrics", "work metrics", "ratings and work metrics"]
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


@dataclass(frozen=True)
class Reading:
    """One way to read the pilot's result: what was seen (m,), what each draw says (draws, m), and the error.

    `covariance` (m, m) is the sampling error; `site` (m,) how far one site's result may lie from the others' (SD of the
    measure over sites): the same for all measures of a site, so it adds its outer product.
    """

    route: Route
    measures: tuple[str, ...]
    observed: Floats
    predicted: Floats
    covariance: Floats
    site: Floats

    @property
    def total(self) -> Floats:
        """Sampling error and differences between sites together (m, m)."""
        return np.asarray(self.covariance + np.outer(self.site, self.site))


@dataclass(frozen=True)
class Belief:
    """Weights of the draws after a reading, and how well the reading fits the assumptions."""

    weights: Floats
    effective: float
    z: float
    contradicts: bool
    tempered: bool


def rating_reading(d: Floats, *, estimate: float, standard_error: float, site_sd: float) -> Reading:
    """The ratings' effect in SD, read as an observation of the programme's d at one site."""
    return Reading(
        route="ratings as the effect",
        measures=("ratings",),
        observed=np.array([estimate]),
        predicted=d[:, None],
        covariance=np.array([[standard_error**2]]),
        site=np.array([site_sd]),
    )


def together(first: Reading, second: Reading) -> Reading:
    """Two readings of different measures at the same site, their sampling errors independent."""
    m, n = len(first.observed), len(second.observed)
    covariance = np.zeros((m + n, m + n))
    covariance[:m, :m], covariance[m:, m:] = first.covariance, second.covariance
    return Reading(
        route="ratings and work metrics",
        measures=first.measures + second.measures,
        observed=np.concatenate([first.observed, second.observed]),
        predicted=np.hstack([first.predicted, second.predicted]),
        covariance=covariance,
        site=np.concatenate([first.site, second.site]),
    )


def belief(reading: Reading) -> Belief:
    """The draws reweighted by a reading: N(seen; what the draw says, sampling error + differences between sites).

    When it contradicts the assumptions (|z| > 2.5 for a measure, or under 400 effective draws; a tenth of the draws in
    small runs) it says so; with too few draws the weights are tempered until enough count.
    """
    logs = information.log_likelihood(reading.predicted, reading.observed, reading.total)
    weights = information.normalised(logs)
    left = information.effective_draws(weights)
    enough = min(ENOUGH_DRAWS, ENOUGH_SHARE * len(weights))
    zs = [
        criteria.conflict(
            prior_mean=float(reading.predicted[:, j].mean()),
            prior_sd=float(reading.predicted[:, j].std()),
            estimate=float(reading.observed[j]),
            standard_error=float(reading.total[j, j] ** 0.5),
        )
        for j in range(len(reading.observed))
    ]
    z = max(zs, key=abs)
    return Belief(
        weights=information.tempered(logs, enough),
        effective=left,
        z=z,
        contradicts=left < enough or abs(z) > CONFLICT_Z,
        tempered=left < enough,
    )


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


def update(
    prior: Prior,
    readings: Sequence[Reading],
    *,
    why: str | None,
    site_spread: float | None = None,
    plan: Callable[[Floats], PlanNow] | None = None,
) -> Update:
    """Prior and posterior of the programme's effect by reweighting its draws; the first reading is the headline.

    Every reading's own posterior stands beside it. `plan` gives the best plan under weights, before and after.
    """
    even = np.full(len(prior.d), 1 / len(prior.d))
    before, plan_before = size(prior, even), None if plan is None else plan(even)
    if not readings:
        return Update(
            prior=before,
            posterior=None,
            effective_draws=None,
            conflict_z=None,
            why=why,
            site_spread=site_spread,
            plan_before=plan_before,
        )
    beliefs = [belief(reading) for reading in readings]
    head = beliefs[0]
    note = None
    if head.contradicts:
        note = f"the result contradicts the assumptions (z = {head.z:.1f}, {head.effective:.0f} effective draws)"
        note += "; the update is tempered" if head.tempered else ""
    return Update(
        prior=before,
        posterior=size(prior, head.weights),
        effective_draws=head.effective,
        conflict_z=head.z,
        why=note,
        contradicts=head.contradicts,
        tempered=head.tempered,
        site_spread=site_spread,
        routes=tuple(
            route(prior, reading, found, headline=place == 0)
            for place, (reading, found) in enumerate(zip(readings, beliefs, strict=True))
        ),
        plan_before=plan_before,
        plan_after=None if plan is None else plan(head.weights),
    )


def route(prior: Prior, reading: Reading, found: Belief, *, headline: bool) -> UpdateRoute:
    """What one reading gives."""
    return UpdateRoute(
        route=reading.route,
        d_p50=weighted_quantile(prior.d, found.weights, 0.5),
        npv_p50=weighted_quantile(prior.npv_money, found.weights, 0.5),
        roi_percent_p50=finite(prior.roi_percent, found.weights),
        effective_draws=found.effective,
        conflict_z=found.z,
        contradicts=found.contradicts,
        headline=headline,
        measures=reading.measures,
    )


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
