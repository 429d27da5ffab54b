"""Draws: one permanent column of a fixed-width scrambled Sobol matrix for each uncertain number.

Because the matrix always has `WIDTH` columns, a new number takes a free column and no other number's draws move.
"""

from __future__ import annotations

import math
from typing import Final, Literal

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Distribution = Literal["fixed", "uniform", "triangular", "pert", "normal", "lognormal", "beta", "gamma"]
WIDTH: Final = 64
Z_90: Final = 1.6448536269514722
TINY: Final = 2.0**-33


def sobol_uniforms(*, draws: int, seed: int) -> Floats:
    """Scrambled Sobol points in (0, 1), shape (draws, WIDTH). `draws` must be a power of two.

    Source: Owen (1998) scrambling as implemented by scipy.stats.qmc.
    """
    from scipy.stats import qmc

    exponent = draws.bit_length() - 1
    if draws != 1 << exponent:
        raise ValueError(f"draws must be a power of two, such as {1 << exponent}; {draws} is not.")
    points: Floats = qmc.Sobol(d=WIDTH, scramble=True, rng=seed).random_base2(exponent)
    return np.clip(points, TINY, 1 - TINY)


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


def normal_quantile(u: Floats, *, mean: float, low: float, high: float) -> Floats:
    """Inverse of the normal distribution whose 90 % interval is as wide as high - low."""
    from scipy.special import ndtri

    return np.asarray(mean + ndtri(u) * (high - low) / (2 * Z_90))


def lognormal_quantile(u: Floats, *, median: float, low: float, high: float) -> Floats:
    """Inverse of the lognormal distribution with this median, its 90 % interval spanning the ratio high / low."""
    from scipy.special import ndtri

    return np.asarray(median * np.exp(ndtri(u) * math.log(high / low) / (2 * Z_90)))


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
