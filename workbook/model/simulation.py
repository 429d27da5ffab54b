"""Draws: one permanent column of a fixed-width scrambled Sobol matrix for each uncertain number.

Because the matrix always has `WIDTH` columns, a new number takes a free column and no other number's draws move.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import lru_cache
from typing import Final, Literal

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int32]
Distribution = Literal["fixed", "uniform", "triangular", "pert", "normal", "lognormal", "beta", "gamma"]
WIDTH: Final = 64
Z_90: Final = 1.6448536269514722
TINY: Final = 2.0**-33
BITS: Final = 30
TABLE_END: Final = 6.5
TABLE_POINTS: Final = 1025
INTERVAL_COVERAGE: Final = 0.90
"""What a stated low and high cover together, unless said otherwise (house convention)."""


def sobol_uniforms(*, draws: int, seed: int, columns: Sequence[int] | None = None) -> Floats:
    """Scrambled Sobol points in (0, 1), shape (draws, WIDTH), or only some `columns` of them. `draws`: a power of two.

    Source: Owen (1998) scrambling as implemented by scipy.stats.qmc. The points are scipy's, made column by column: in
    Gray-code order the second half of a sequence is the first half backwards, moved by one direction number.
    """
    exponent = draws.bit_length() - 1
    if draws != 1 << exponent:
        raise ValueError(f"draws must be a power of two, such as {1 << exponent}; {draws} is not.")
    start, steps = _directions(exponent, seed)
    wanted = range(WIDTH) if columns is None else columns
    made = np.empty((len(wanted), draws))
    whole = np.empty(draws, dtype=np.int32)
    for row, column in zip(made, wanted, strict=True):
        whole[0] = start[column]
        for k in range(exponent):
            np.bitwise_xor(whole[(1 << k) - 1 :: -1][: 1 << k], steps[k, column], out=whole[1 << k : 2 << k])
        np.multiply(whole, 2.0**-BITS, out=row)
    return np.clip(made, TINY, 1 - TINY, out=made).T


@lru_cache(maxsize=8)
def _directions(exponent: int, seed: int) -> tuple[Integers, Integers]:
    """The first point (WIDTH,) and the scrambled direction numbers (exponent, WIDTH) of scipy's sequence.

    Read off the points before and at each power of two, so that only public functions of scipy are used.
    """
    from scipy.stats import qmc

    engine = qmc.Sobol(d=WIDTH, scramble=True, bits=BITS, rng=seed)
    made = 1
    start = before = _integers(engine.random(1))[0]
    steps = np.empty((exponent, WIDTH), dtype=np.int32)
    for k in range(exponent):
        if made < 1 << k:
            engine.fast_forward((1 << k) - 1 - made)
            before = _integers(engine.random(1))[0]
        at = _integers(engine.random(1))[0]
        steps[k], before, made = at ^ before, at, (1 << k) + 1
    return start, steps


def _integers(points: Floats) -> Integers:
    return np.asarray(np.rint(points * 2.0**BITS), dtype=np.int32)


def uniform_quantile(u: Floats, *, low: float, high: float) -> Floats:
    """Inverse of the uniform distribution on [low, high]."""
    return low + u * (high - low)


def triangular_quantile(u: Floats, *, low: float, mode: float, high: float) -> Floats:
    """Inverse of the triangular distribution; low <= mode <= high, low < high."""
    split = (mode - low) / (high - low)
    rising = low + np.sqrt(u * (high - low) * (mode - low))
    falling = high - np.sqrt((1 - u) * (high - low) * (high - mode))
    return np.where(u <= split, rising, falling)


def pert_quantile(u: Floats, *, low: float, mode: float, high: float) -> Floats:
    """Inverse of the PERT distribution: a beta on [low, high] whose mean is (low + 4 mode + high) / 6."""
    from scipy.special import betaincinv

    width = high - low
    rising, falling = 1 + 4 * (mode - low) / width, 1 + 4 * (high - mode) / width
    return np.asarray(low + width * betaincinv(rising, falling, u))


def normal_quantile(u: Floats, *, mean: float, low: float, high: float, z: float = Z_90) -> Floats:
    """Inverse of the normal distribution whose central interval of +-z deviations (90 %) is as wide as high - low."""
    from scipy.special import ndtri

    return np.asarray(mean + ndtri(u) * (high - low) / (2 * z))


def lognormal_quantile(u: Floats, *, median: float, low: float, high: float, z: float = Z_90) -> Floats:
    """Inverse of the lognormal distribution with this median, its +-z interval (90 %) spanning the ratio high / low."""
    from scipy.special import ndtri

    return np.asarray(median * np.exp(ndtri(u) * math.log(high / low) / (2 * z)))


def gamma_quantile(u: Floats, *, shape: float, scale: float) -> Floats:
    """Inverse of the gamma distribution: a rate's posterior after shape - 1/2 events in 1 / scale of exposure."""
    from scipy.special import gammaincinv

    return np.asarray(scale * gammaincinv(shape, u))


def beta_quantile(u: Floats, *, rising: float, falling: float) -> Floats:
    """Inverse of the beta distribution with these two parameters."""
    from scipy.special import betaincinv

    return np.asarray(betaincinv(rising, falling, u))


def beta_parameters(*, mean: float, low: float, high: float) -> tuple[float, float]:
    """Beta parameters with this mean and the standard deviation a 90 % interval of high - low implies."""
    variance = ((high - low) / (2 * Z_90)) ** 2
    strength = max(mean * (1 - mean) / variance - 1, 1e-3)
    return mean * strength, (1 - mean) * strength


def normal_scores(u: Floats) -> Floats:
    """Standard normal scores of uniforms."""
    from scipy.special import ndtri

    return np.asarray(ndtri(u))


def mixed_uniforms(columns: Floats, weights: Floats) -> Floats:
    """One uniform out of several independent ones by a Gaussian copula: Phi(sum of weight x score).

    `columns` (draws, k) are uniforms; `weights` (k,) have squares that sum to one, so that the result is uniform.
    """
    from scipy.special import ndtr

    return np.clip(ndtr(normal_scores(columns) @ weights), TINY, 1 - TINY)


@lru_cache(maxsize=512)
def beta_table(rising: float, falling: float) -> Floats:
    """Inverse of the beta distribution at `TABLE_POINTS` normal scores from -TABLE_END to TABLE_END."""
    return _kept_table(beta_quantile(_table_uniforms(), rising=rising, falling=falling))


@lru_cache(maxsize=512)
def gamma_table(shape: float) -> Floats:
    """Inverse of the gamma distribution of scale one at the same scores."""
    return _kept_table(gamma_quantile(_table_uniforms(), shape=shape, scale=1.0))


def from_table(u: Floats, table: Floats) -> Floats:
    """The inverse distribution read off its table by cubic interpolation in the normal score.

    Within 1e-7 of the exact inverse relative to its spread; about a twentieth of the time (the incomplete beta and
    gamma functions are slow to invert). Never leaves the table's own range.
    """
    place = (normal_scores(u) + TABLE_END) * ((len(table) - 1) / (2 * TABLE_END))
    at = np.clip(place.astype(np.int64), 1, len(table) - 3)
    t = place - at
    before, here, after, beyond = table[at - 1], table[at], table[at + 1], table[at + 2]
    made = here + t * (
        after
        - before / 3
        - here / 2
        - beyond / 6
        + t * ((before + after) / 2 - here + t * ((here - after) / 2 + (beyond - before) / 6))
    )
    return np.clip(made, table[0], table[-1])


def _table_uniforms() -> Floats:
    from scipy.special import ndtr

    return np.asarray(ndtr(np.linspace(-TABLE_END, TABLE_END, TABLE_POINTS)))


def _kept_table(table: Floats) -> Floats:
    table.flags.writeable = False
    return table


def kind_by_rule(*, low: float, value: float, high: float, minimum: float, maximum: float) -> Distribution:
    """The distribution of an interval nobody gave one for (house rule).

    No width: fixed. A share, limited to 0..1: beta. Value near the geometric middle of a positive interval: lognormal.
    Value near the arithmetic middle: normal. Else PERT with its mode at the value. Near: within a tenth of the width.
    """
    if low == high:
        return "fixed"
    if (minimum, maximum) == (0.0, 1.0) and low > 0 and high < 1:
        return "beta"
    if low > 0 and abs(math.log(value) - (math.log(low) + math.log(high)) / 2) <= 0.1 * math.log(high / low):
        return "lognormal"
    if abs(value - (low + high) / 2) <= 0.1 * (high - low):
        return "normal"
    return "pert"


@lru_cache(maxsize=256)
def triangular_bounds(*, low: float, mode: float, high: float, coverage: float) -> tuple[float, float]:
    """Bounds of the triangular distribution with this mode that leaves (1 - coverage) / 2 beyond low and beyond high.

    From (low - a)^2 = tail (b - a)(mode - a) and its mirror image, solved by repetition (a contraction).
    """
    tail = (1 - coverage) / 2
    left = right = high - low
    for _ in range(200):
        width = high - low + left + right
        left, right = math.sqrt(tail * width * (mode - low + left)), math.sqrt(tail * width * (high - mode + right))
    return low - left, high + right


@lru_cache(maxsize=256)
def pert_bounds(*, low: float, mode: float, high: float, coverage: float) -> tuple[float, float]:
    """Bounds of the PERT distribution with this mode that leaves (1 - coverage) / 2 beyond low and beyond high."""
    from scipy.optimize import least_squares
    from scipy.special import betainc

    tail, width = (1 - coverage) / 2, high - low

    def misses(logs: Floats) -> list[float]:
        bottom, top = low - width * math.exp(logs[0]), high + width * math.exp(logs[1])
        span = top - bottom
        rising, falling = 1 + 4 * (mode - bottom) / span, 1 + 4 * (top - mode) / span
        below = betainc(rising, falling, (low - bottom) / span)
        above = betainc(falling, rising, (top - high) / span)
        return [math.log(max(below, 1e-300) / tail), math.log(max(above, 1e-300) / tail)]

    found = least_squares(misses, [math.log(0.2), math.log(0.2)], xtol=1e-14, ftol=1e-14, gtol=1e-14).x
    return low - width * math.exp(found[0]), high + width * math.exp(found[1])


@lru_cache(maxsize=256)
def beta_of_interval(*, low: float, high: float, coverage: float) -> tuple[float, float]:
    """Beta parameters with (1 - coverage) / 2 below low and as much above high; 0 < low < high < 1."""
    from scipy.optimize import least_squares
    from scipy.special import betainc

    tail = (1 - coverage) / 2
    start = beta_parameters(mean=(low + high) / 2, low=low, high=high)

    def misses(logs: Floats) -> list[float]:
        rising, falling = math.exp(logs[0]), math.exp(logs[1])
        below, above = betainc(rising, falling, low), betainc(falling, rising, 1 - high)
        return [math.log(max(below, 1e-300) / tail), math.log(max(above, 1e-300) / tail)]

    at = [math.log(max(value, 0.05)) for value in start]
    found = least_squares(misses, at, bounds=(-7.0, 14.0), xtol=1e-14, ftol=1e-14, gtol=1e-14).x
    return math.exp(found[0]), math.exp(found[1])
