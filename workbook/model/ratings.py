"""How far raters agree: intraclass correlations, within-group agreement and Krippendorff's alpha.

Ratings of one leader come from that leader's own direct reports, so the one-way forms are the default; the two-way
forms hold when every judge rates every target. Sources: Shrout & Fleiss (1979) for the correlations and their limits;
James, Demaree & Wolf (1984) for r_wg(j); Lindell, Brandt & Whitney (1999) for r*_wg; Burke, Finkelstein & Dusig (1999)
for AD_M; Cronbach (1951) for alpha; Krippendorff (2011) for the ordinal alpha.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class OneWay:
    """One-way analysis of variance of ratings within targets (leaders)."""

    targets: int
    ratings: int
    ms_between: float
    ms_within: float
    k0: float


@dataclass(frozen=True)
class TwoWay:
    """Two-way analysis of variance of a full targets x judges table without replication."""

    targets: int
    judges: int
    ms_targets: float
    ms_judges: float
    ms_error: float


def effective_raters(sizes: ArrayLike) -> float:
    """k0 = (N - sum(n^2)/N)/(g - 1): raters a target when groups are unequal; the common size when they are equal."""
    n = np.asarray(sizes, dtype=float)
    total = n.sum()
    return float((total - (n**2).sum() / total) / (len(n) - 1))


def one_way_from_groups(*, sizes: ArrayLike, means: ArrayLike, squares_within: ArrayLike) -> OneWay:
    """Mean squares from each target's number of ratings, mean and sum of squares about it; needs two targets."""
    n, m, within = (np.asarray(part, dtype=float) for part in (sizes, means, squares_within))
    total, targets = n.sum(), len(n)
    grand = (n * m).sum() / total
    return OneWay(
        targets=targets,
        ratings=int(total),
        ms_between=float((n * (m - grand) ** 2).sum() / (targets - 1)),
        ms_within=float(within.sum() / (total - targets)),
        k0=effective_raters(n),
    )


def one_way(groups: Sequence[ArrayLike]) -> OneWay:
    """Mean squares between and within targets; `groups` holds each target's ratings, of any number."""
    arrays = [np.asarray(group, dtype=float) for group in groups]
    return one_way_from_groups(
        sizes=[len(group) for group in arrays],
        means=[group.mean() for group in arrays],
        squares_within=[((group - group.mean()) ** 2).sum() for group in arrays],
    )


def icc_1_1(anova: OneWay) -> float:
    """(MSB - MSW)/(MSB + (k0 - 1) MSW): reliability of a single rating. May be negative; undefined without variance."""
    denominator = anova.ms_between + (anova.k0 - 1) * anova.ms_within
    return (anova.ms_between - anova.ms_within) / denominator if denominator > 0 else float("nan")


def icc_1_k(anova: OneWay) -> float:
    """(MSB - MSW)/MSB: reliability of a target's mean rating. May be negative; undefined when targets do not differ."""
    return (anova.ms_between - anova.ms_within) / anova.ms_between if anova.ms_between > 0 else float("nan")


def icc_1_1_interval(anova: OneWay, *, coverage: float) -> tuple[float, float]:
    """Limits of ICC(1,1) from the F distribution; with unequal groups k0 stands for k, an approximation."""
    from scipy.special import fdtri

    between, within, k = anova.targets - 1, anova.ratings - anova.targets, anova.k0
    if anova.ms_within <= 0:
        return float("nan"), float("nan")
    ratio, upper = anova.ms_between / anova.ms_within, (1 + coverage) / 2
    low = ratio / float(fdtri(between, within, upper))
    high = ratio * float(fdtri(within, between, upper))
    return (low - 1) / (low + k - 1), (high - 1) / (high + k - 1)


def icc_1_k_interval(anova: OneWay, *, coverage: float) -> tuple[float, float]:
    """Limits of ICC(1,k): those of ICC(1,1), stepped up by Spearman-Brown to k0 raters."""
    low, high = icc_1_1_interval(anova, coverage=coverage)
    return (
        spearman_brown(reliability=low, times=anova.k0),
        spearman_brown(reliability=high, times=anova.k0),
    )


def raters_needed(*, reliability: float, wanted: float) -> float:
    """Raters whose mean has the reliability wanted: wanted (1 - r) / (r (1 - wanted)); infinite where r <= 0.

    Spearman-Brown read backwards.
    """
    return wanted * (1 - reliability) / (reliability * (1 - wanted)) if reliability > 0 else float("inf")


def spearman_brown(*, reliability: float, times: float) -> float:
    """K r/(1 + (k - 1) r): reliability of the mean of `times` as many raters.

    At -1/(k - 1), where targets do not differ at all, it is minus infinity.
    """
    room = 1 + (times - 1) * reliability
    return times * reliability / room if room > 0 else float("-inf")


def two_way(table: ArrayLike) -> TwoWay:
    """Mean squares of a full table, one row a target and one column a judge."""
    x = np.asarray(table, dtype=float)
    targets, judges = x.shape
    rows, columns, grand = x.mean(axis=1, keepdims=True), x.mean(axis=0, keepdims=True), x.mean()
    return TwoWay(
        targets=targets,
        judges=judges,
        ms_targets=float(judges * ((rows - grand) ** 2).sum() / (targets - 1)),
        ms_judges=float(targets * ((columns - grand) ** 2).sum() / (judges - 1)),
        ms_error=float(((x - rows - columns + grand) ** 2).sum() / ((targets - 1) * (judges - 1))),
    )


def icc_2_1(anova: TwoWay) -> float:
    """Single rating, judges a sample of judges, agreement counts."""
    k, n, error = anova.judges, anova.targets, anova.ms_error
    return (anova.ms_targets - error) / (anova.ms_targets + (k - 1) * error + k * (anova.ms_judges - error) / n)


def icc_3_1(anova: TwoWay) -> float:
    """Single rating, these judges only, consistency counts."""
    return (anova.ms_targets - anova.ms_error) / (anova.ms_targets + (anova.judges - 1) * anova.ms_error)


def icc_2_k(anova: TwoWay) -> float:
    """Mean of the judges, judges a sample of judges."""
    return (anova.ms_targets - anova.ms_error) / (anova.ms_targets + (anova.ms_judges - anova.ms_error) / anova.targets)


def icc_3_k(anova: TwoWay) -> float:
    """Mean of the judges, these judges only; equals Cronbach's alpha with judges as items."""
    return (anova.ms_targets - anova.ms_error) / anova.ms_targets


def icc_2_1_interval(anova: TwoWay, *, coverage: float) -> tuple[float, float]:
    """Limits of ICC(2,1), Satterthwaite's degrees of freedom for judges and error. Source: Shrout & Fleiss (1979)."""
    from scipy.special import fdtri

    k, n, upper = anova.judges, anova.targets, (1 + coverage) / 2
    if anova.ms_error <= 0 or anova.ms_targets <= 0:
        return float("nan"), float("nan")
    rho, ratio = icc_2_1(anova), anova.ms_judges / anova.ms_error
    top = (k - 1) * (n - 1) * (k * rho * ratio + n * (1 + (k - 1) * rho) - k * rho) ** 2
    bottom = (n - 1) * k**2 * rho**2 * ratio**2 + (n * (1 + (k - 1) * rho) - k * rho) ** 2
    degrees = top / bottom
    against, over = float(fdtri(n - 1, degrees, upper)), float(fdtri(degrees, n - 1, upper))
    shared = k * anova.ms_judges + (k * n - k - n) * anova.ms_error
    low = n * (anova.ms_targets - against * anova.ms_error) / (against * shared + n * anova.ms_targets)
    high = n * (over * anova.ms_targets - anova.ms_error) / (shared + n * over * anova.ms_targets)
    return low, high


def icc_3_1_interval(anova: TwoWay, *, coverage: float) -> tuple[float, float]:
    """Limits of ICC(3,1) from the F distribution. Source: Shrout & Fleiss (1979)."""
    from scipy.special import fdtri

    k, n, upper = anova.judges, anova.targets, (1 + coverage) / 2
    if anova.ms_error <= 0:
        return float("nan"), float("nan")
    ratio, error = anova.ms_targets / anova.ms_error, (n - 1) * (k - 1)
    low = ratio / float(fdtri(n - 1, error, upper))
    high = ratio * float(fdtri(error, n - 1, upper))
    return (low - 1) / (low + k - 1), (high - 1) / (high + k - 1)


def uniform_variance(*, options: int) -> float:
    """(A^2 - 1)/12: variance of answers spread evenly over A options, the null of r_wg."""
    return (options**2 - 1) / 12


def r_wg(scores: ArrayLike, *, options: int) -> float:
    """1 - s^2/sigma^2 for one item (sample variance, uniform null); negative values are set to 0."""
    return max(0.0, 1 - float(np.var(np.asarray(scores, dtype=float), ddof=1)) / uniform_variance(options=options))


def r_wg_j(*, mean_item_variance: float, items: int, options: int) -> float:
    """J u/(J u + 1 - u) with u = 1 - mean s^2/sigma^2, over J items; 0 when u is negative."""
    u = lindell_r_wg(mean_item_variance=mean_item_variance, options=options)
    return items * u / (items * u + 1 - u) if u > 0 else 0.0


def lindell_r_wg(*, mean_item_variance: float, options: int) -> float:
    """r*_wg = 1 - mean s^2/sigma^2: does not rise with the number of items; negative when answers are polarised."""
    return 1 - mean_item_variance / uniform_variance(options=options)


def average_deviation(table: ArrayLike) -> float:
    """AD_M(J): mean over items of the mean absolute deviation from the item's mean; rows are raters."""
    x = np.asarray(table, dtype=float)
    return float(np.abs(x - x.mean(axis=0)).mean())


def cronbach_alpha(table: ArrayLike) -> float:
    """J/(J - 1) (1 - sum of item variances / variance of the sum); undefined when all totals are equal.

    Internal consistency of items, not agreement between raters. Rows are raters, columns items.
    """
    x = np.asarray(table, dtype=float)
    items, total = x.shape[1], float(np.var(x.sum(axis=1), ddof=1))
    return items / (items - 1) * (1 - float(np.var(x, axis=0, ddof=1).sum()) / total) if total > 0 else float("nan")


def krippendorff_alpha_ordinal(counts: ArrayLike) -> float:
    """1 - observed/expected disagreement for ordered values with gaps.

    `counts` has one row per unit rated and one column per value, in order: how many raters gave that value. Units with
    fewer than two ratings do not count. Undefined (nan) when no unit is left or all values are the same.
    """
    n = np.asarray(counts, dtype=float)
    raters = n.sum(axis=1)
    n, raters = n[raters >= 2], raters[raters >= 2]
    if len(n) == 0:
        return float("nan")
    pairs = (n / (raters - 1)[:, None]).T @ n - np.diag((n / (raters - 1)[:, None]).sum(axis=0))
    totals = pairs.sum(axis=1)
    steps = np.cumsum(totals) - totals / 2
    distance = (steps[:, None] - steps[None, :]) ** 2
    expected = (np.outer(totals, totals) * distance).sum()
    return 1 - float((totals.sum() - 1) * (pairs * distance).sum() / expected) if expected > 0 else float("nan")
