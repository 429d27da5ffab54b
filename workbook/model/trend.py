"""Is it falling? Theil-Sen slope and Mann-Kendall test over a short series; and the straight line that goes on."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from functools import lru_cache
from itertools import combinations
from statistics import median
from typing import NamedTuple

from scipy.special import ndtr, ndtri

EXACT_UP_TO = 40


def pair_slopes(*, times: Sequence[float], values: Sequence[float]) -> list[float]:
    """Slopes of all pairs of points at different times, sorted."""
    points = zip(times, values, strict=True)
    return sorted((y2 - y1) / (t2 - t1) for (t1, y1), (t2, y2) in combinations(points, 2) if t1 != t2)


def theil_sen_slope(*, times: Sequence[float], values: Sequence[float]) -> float:
    """Median of all pairwise slopes, in value per unit of time. Needs two different times. Source: Sen (1968)."""
    return float(median(pair_slopes(times=times, values=values)))


def mann_kendall_s(*, values: Sequence[float]) -> int:
    """Rising pairs minus falling pairs of values in order of time. Source: Mann (1945), Kendall (1975)."""
    return sum((later > earlier) - (later < earlier) for earlier, later in combinations(values, 2))


@lru_cache(maxsize=64)
def inversion_counts(n: int) -> tuple[int, ...]:
    """How many orders of n different values have 0, 1, ... n(n-1)/2 falling pairs (Mahonian numbers)."""
    counts = [1]
    for size in range(2, n + 1):
        counts = [sum(counts[max(0, k - size + 1) : k + 1]) for k in range(len(counts) + size - 1)]
    return tuple(counts)


def exact_tail(*, s: int, n: int) -> tuple[float, float]:
    """P(S >= s) and P(S = s) when n different values stand in random order."""
    counts = inversion_counts(n)
    pairs = n * (n - 1) // 2
    total = math.factorial(n)
    at_least = sum(count for falling, count in enumerate(counts) if pairs - 2 * falling >= s)
    falling_here, odd = divmod(pairs - s, 2)
    here = counts[falling_here] if not odd and 0 <= falling_here <= pairs else 0
    return at_least / total, here / total


def s_variance(*, values: Sequence[float]) -> float:
    """Variance of S in random order, ties taken off: [n(n-1)(2n+5) - sum t(t-1)(2t+5)] / 18. Source: Kendall (1975)."""

    def part(m: int) -> int:
        return m * (m - 1) * (2 * m + 5)

    return (part(len(values)) - sum(part(tied) for tied in Counter(values).values())) / 18


def mann_kendall_p(*, values: Sequence[float], rising: bool) -> float:
    """One-sided p-value that the series has no trend, against a rise (or, with rising=False, a fall).

    Exact without ties up to 40 points (n=6: S >= 11 has p = .0278); else the normal approximation with tie and
    continuity correction. 1.0 when every value is the same.
    """
    s = mann_kendall_s(values=values) * (1 if rising else -1)
    if len(set(values)) == len(values) <= EXACT_UP_TO:
        return exact_tail(s=s, n=len(values))[0]
    variance = s_variance(values=values)
    return float(ndtr((1 - s) / math.sqrt(variance))) if variance > 0 else 1.0


def trend_probability(*, values: Sequence[float], rising: bool) -> float:
    """Certainty that the series rises (falls): 1 minus the mid-p-value, so that rise and fall sum to one.

    A reading of a test as a probability, one half when S is zero (house assumption).
    """
    s = mann_kendall_s(values=values) * (1 if rising else -1)
    if len(set(values)) == len(values) <= EXACT_UP_TO:
        at_least, here = exact_tail(s=s, n=len(values))
        return 1 - (at_least - here / 2)
    variance = s_variance(values=values)
    return float(ndtr(s / math.sqrt(variance))) if variance > 0 else 0.5


def slope_interval(*, times: Sequence[float], values: Sequence[float], coverage: float) -> tuple[float, float]:
    """Interval of the Theil-Sen slope: order statistics (N -/+ z sqrt(Var S)) / 2 of the pairwise slopes.

    Large-sample, so rough below ten points. Source: Sen (1968), as in Gilbert (1987), ch. 16.
    """
    slopes = pair_slopes(times=times, values=values)
    reach = float(ndtri((1 + coverage) / 2)) * math.sqrt(s_variance(values=values))
    first = max(math.floor((len(slopes) - reach) / 2) - 1, 0)
    return slopes[first], slopes[len(slopes) - 1 - first]


class Line(NamedTuple):
    """A straight line fitted by least squares, and what its forecasts need."""

    intercept: float
    slope: float
    residual_sd: float
    n: int
    mean_time: float
    squares: float


def fitted_line(*, times: Sequence[float], values: Sequence[float]) -> Line:
    """Least-squares line through a series; needs three different times. The residual SD has n - 2 degrees of freedom.

    y = 20, 19.5, 19, 19.2, 18.4, 18 at x = 1 ... 6 gives intercept 20.3266667 and slope -.3742857.
    """
    n = len(times)
    mean_time, mean_value = sum(times) / n, sum(values) / n
    squares = sum((time - mean_time) ** 2 for time in times)
    slope = sum((t - mean_time) * (y - mean_value) for t, y in zip(times, values, strict=True)) / squares
    intercept = mean_value - slope * mean_time
    left = sum((y - intercept - slope * t) ** 2 for t, y in zip(times, values, strict=True))
    return Line(intercept, slope, math.sqrt(left / (n - 2)), n, mean_time, squares)


def forecast(line: Line, *, times: Sequence[float]) -> tuple[float, float]:
    """Mean of the line over later times, and the standard error of the mean of as many new points there.

    SE^2 = s^2 (1/m + 1/n + (mean later time - mean time)^2 / Sxx) for m new points, independent about the line; for
    m = 1 the usual prediction error. Degrees of freedom n - 2. Autocorrelated series are surer on paper than in fact.
    """
    later = sum(times) / len(times)
    error = line.residual_sd * math.sqrt(1 / len(times) + 1 / line.n + (later - line.mean_time) ** 2 / line.squares)
    return line.intercept + line.slope * later, error
