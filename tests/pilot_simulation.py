"""Pilots by simulation: many at once, the truth known, read by the workbook's own estimators.

Shared by `benchmarks/power.py` and the tests of the same laws. Every simulator takes a generator and a number of
pilots, and gives how often what was promised came true.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np

from workbook.model import criteria, detectable, effect, information, mixed, outcomes, ratings, trend
from workbook.model.survey import t_interval

Hits = list[bool]
BASELINE_MEAN, BASELINE_SD = 3.2, 0.5


def arms(rng: np.random.Generator, *, n: int, d: float, correlation: float) -> tuple[np.ndarray, ...]:
    """Leaders' means before and after in two arms of n; the effect is d standard deviations of the baseline."""
    before = rng.normal(BASELINE_MEAN, BASELINE_SD, 2 * n)
    noise = rng.normal(0, BASELINE_SD * np.sqrt(1 - correlation**2), 2 * n)
    treated = np.repeat([1.0, 0.0], n)
    after = BASELINE_MEAN + correlation * (before - BASELINE_MEAN) + noise + d * BASELINE_SD * treated
    return before, after, treated


def estimated(rng: np.random.Generator, design: str, *, n: int, d: float, correlation: float) -> effect.EffectEstimate:
    """One pilot read by one design, in rating points."""
    before, after, treated = arms(rng, n=n, d=d, correlation=correlation)
    if design == "difference in differences":
        return effect.difference_in_differences(after=after, before=before, treated=treated)
    known = before if design == "adjusted" else np.zeros_like(before)
    return effect.ancova_effect(after=after, before=known, treated=treated)


def limits(found: effect.EffectEstimate, coverage: float) -> tuple[float, float]:
    return t_interval(
        estimate=found.points, standard_error=found.standard_error, degrees_of_freedom=found.degrees_of_freedom,
        coverage=coverage,
    )  # fmt: skip


def detectable_d(design: str, *, n: int, correlation: float) -> float:
    """The effect in SD promised to be detected in four pilots of five (two-sided 5 %).

    Where the baseline is adjusted for, the cost of estimating its slope counts: without it, eight an arm have 75 %.
    """
    degrees = 2 * n - (3 if design == "adjusted" else 2)
    multiplier = detectable.multiplier_t(degrees_of_freedom=degrees, alpha=0.05, power=0.80, sides=2)
    error = {
        "after only": lambda: detectable.standard_error_post(sd=1.0, n_per_arm=n),
        "difference in differences": lambda: detectable.standard_error_did(
            sd=1.0, n_per_arm=n, correlation=correlation
        ),
        "adjusted": lambda: (
            detectable.standard_error_ancova(sd=1.0, n_per_arm=n, correlation=correlation)
            * detectable.estimated_slope_penalty(people=2 * n)
        ),
    }[design]()
    return detectable.minimum_detectable_effect(multiplier=multiplier, standard_error=error)


def detected(rng: np.random.Generator, pilots: int, design: str, *, n: int, correlation: float) -> Hits:
    """Whether the 95 % interval excludes zero when the effect is the smallest detectable one."""
    d = detectable_d(design, n=n, correlation=correlation)
    found = (limits(estimated(rng, design, n=n, d=d, correlation=correlation), 0.95) for _ in range(pilots))
    return [low > 0 or high < 0 for low, high in found]


def covered(
    rng: np.random.Generator, pilots: int, design: str, *, n: int, correlation: float, coverage: float, d: float = 0.4
) -> Hits:
    """Whether the interval holds the true effect."""
    found = (limits(estimated(rng, design, n=n, d=d, correlation=correlation), coverage) for _ in range(pilots))
    return [low <= d * BASELINE_SD <= high for low, high in found]


def clustered(rng: np.random.Generator, pilots: int, *, clusters: int, people: int, coverage: float) -> Hits:
    """Whole groups in one arm, ICC .2: whether the CR2 interval holds an effect of nought."""
    labels = np.repeat(np.arange(clusters), people)
    arm = np.repeat(np.arange(clusters) < clusters // 2, people).astype(float)
    design = np.column_stack([np.ones_like(arm), arm])
    hits = []
    for _ in range(pilots):
        outcome = rng.normal(0, 0.2**0.5, clusters)[labels] + rng.normal(0, 0.8**0.5, len(labels))
        found = effect.clustered_effect(design=design, outcome=outcome, column=1, clusters=labels)
        low, high = limits(found, coverage)
        hits.append(low <= 0 <= high)
    return hits


def icc_covered(rng: np.random.Generator, pilots: int, *, leaders: int, reliability: float) -> Hits:
    """Three to nine raters a leader: whether the 95 % limits of ICC(1,1) hold the true one."""
    hits = []
    for _ in range(pilots):
        sizes = rng.integers(5, 10, leaders)
        true = rng.normal(0, reliability**0.5, leaders)
        groups = [mean + rng.normal(0, (1 - reliability) ** 0.5, size) for mean, size in zip(true, sizes, strict=True)]
        low, high = ratings.icc_1_1_interval(ratings.one_way(groups), coverage=0.95)
        hits.append(low <= reliability <= high)
    return hits


def growth_covered(rng: np.random.Generator, pilots: int, *, n: int, missing: float) -> Hits:
    """Three waves, some scores missing at random: whether the mixed model's 90 % interval holds the lead of .2."""
    wave = np.repeat([0, 1, 2], 2 * n)
    treated = np.tile(np.repeat([1.0, 0.0], n), 3)
    leader = np.tile(np.arange(2 * n), 3)
    later = np.column_stack([wave == 1, wave == 2]).astype(float)
    design = np.column_stack([np.ones(6 * n), later, treated, later * treated[:, None]])
    hits = []
    for _ in range(pilots):
        outcome = rng.normal(0, 0.5, 2 * n)[leader] + rng.normal(0, 0.3, 6 * n) + 0.2 * treated * (wave == 2)
        keep = (wave == 0) | (rng.random(6 * n) > missing)
        fit = mixed.random_intercept(design=design[keep], outcome=outcome[keep], groups=leader[keep])
        if fit is None:
            raise ValueError("nothing to fit")
        lead, error = fit.contrast([0, 0, 0, 0, 0, 1])
        low, high = t_interval(
            estimate=lead, standard_error=error, degrees_of_freedom=fit.degrees_of_freedom, coverage=0.90
        )
        hits.append(low <= 0.2 <= high)
    return hits


def forecast_covered(rng: np.random.Generator, pilots: int, *, before: int, after: int) -> Hits:
    """A line with independent noise: whether the 80 % prediction interval holds the mean of the months after."""
    times, later = [float(k) for k in range(before)], [float(before + k) for k in range(after)]
    hits = []
    for _ in range(pilots):
        values = [0.12 - 0.001 * t + rng.normal(0, 0.01) for t in times]
        actual = float(np.mean([0.12 - 0.001 * t + rng.normal(0, 0.01) for t in later]))
        mean, error = trend.forecast(trend.fitted_line(times=times, values=values), times=later)
        low, high = t_interval(estimate=mean, standard_error=error, degrees_of_freedom=before - 2, coverage=0.80)
        hits.append(low <= actual <= high)
    return hits


def rates_covered(rng: np.random.Generator, pilots: int, *, years: float, rate: float, fall: float) -> Hits:
    """Exits in four cells: whether the 80 % interval of the log ratio holds the true one."""
    true = np.log(1 - fall)
    hits = []
    for _ in range(pilots):
        counts = [int(rng.poisson(years * rate * part)) for part in (1 - fall, 1.0, 1.0, 1.0)]
        found = outcomes.reduction_of_rates(events=counts, exposure=[years] * 4)
        beta, error = np.log(1 - found.share), found.standard_error / (1 - found.share)
        low, high = t_interval(estimate=beta, standard_error=error, degrees_of_freedom=1e6, coverage=0.80)
        hits.append(bool(low <= true <= high))
    return hits


def units_covered(rng: np.random.Generator, pilots: int, *, units: int, fall: float) -> Hits:
    """Rework in so many units an arm: whether the 80 % interval of the reduction holds the true one."""
    hits = []
    treated = np.repeat([1.0, 0.0], units)
    for _ in range(pilots):
        level = rng.normal(0.12, 0.02, 2 * units)
        before = level + rng.normal(0, 0.006, 2 * units)
        after = level * (1 - fall * treated) + rng.normal(0, 0.006, 2 * units)
        found = outcomes.reduction_of_units(after=after, before=before, treated=treated)
        if found is None:
            raise ValueError("nothing left to reduce")
        low, high = t_interval(
            estimate=found.share, standard_error=found.standard_error, degrees_of_freedom=found.degrees_of_freedom,
            coverage=0.80,
        )  # fmt: skip
        hits.append(bool(low <= fall <= high))
    return hits


def posterior_covered(rng: np.random.Generator, pilots: int, *, error: float, draws: int = 4096) -> Hits:
    """Truths drawn from the prior of d: whether P10 to P90 of the reweighted draws hold them (promised: 80 %)."""
    prior = np.sort(rng.triangular(-0.09, 0.31, 0.72, draws))
    hits = []
    for _ in range(pilots):
        true = float(rng.triangular(-0.09, 0.31, 0.72))
        seen = np.array([true + rng.normal(0, error)])
        share = np.cumsum(information.reweight(prior[:, None], seen, np.array([error])))
        low, high = prior[np.searchsorted(share, 0.1)], prior[np.searchsorted(share, 0.9)]
        hits.append(bool(low <= true <= high))
    return hits


def said(rng: np.random.Generator, pilots: int, *, n: int, d: float, correlation: float) -> Iterator[str]:
    """What the workbook answers about each pilot, read as the follow-up reads it."""
    for _ in range(pilots):
        found = estimated(rng, "adjusted", n=n, d=d, correlation=correlation)
        inner, outer = (tuple(part / BASELINE_SD for part in limits(found, level)) for level in (0.90, 0.95))
        yield effect.answer_of(inner=inner, outer=outer, negligible=0.20)  # type: ignore[arg-type]


def decided(
    rng: np.random.Generator, pilots: int, *, n: int, d: float, correlation: float, target: float, break_even: float
) -> Iterator[str]:
    """What the criteria decide about each pilot."""
    for _ in range(pilots):
        found = estimated(rng, "adjusted", n=n, d=d, correlation=correlation)
        low, high = limits(found, criteria.OUTCOME_COVERAGE)
        yield criteria.outcome(
            estimate=found.points / BASELINE_SD, low=low / BASELINE_SD, high=high / BASELINE_SD, target=target,
            break_even=break_even,
        )  # fmt: skip


def chance_rejected(rng: np.random.Generator, pilots: int, *, n: int, shuffles: int) -> Hits:
    """Skewed scores without any effect: whether the randomisation test rejects at 5 %."""
    hits = []
    for _ in range(pilots):
        before = rng.exponential(0.5, 2 * n)
        after = before + rng.exponential(0.5, 2 * n)
        treated = rng.permutation(np.repeat([1.0, 0.0], n))
        found = effect.randomisation_p(
            after=after, before=before, treated=treated, seed=int(rng.integers(1 << 30)), shuffles=shuffles
        )
        hits.append(found.p_value <= 0.05)
    return hits


def monte_carlo_error(share: float, pilots: int) -> float:
    """sqrt(p (1 - p)/pilots)."""
    return float(np.sqrt(max(share * (1 - share), 1e-12) / pilots))


def share_of(hits: Hits) -> float:
    return sum(hits) / len(hits)


Simulator = Callable[[np.random.Generator, int], Hits]
