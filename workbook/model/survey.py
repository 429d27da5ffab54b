"""Mean scores of survey constructs: error, certainty against a threshold, change between waves."""

from __future__ import annotations

import math
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray
from scipy.special import stdtr, stdtrit

Quantity: TypeAlias = float | NDArray[np.float64]


def largest_sd(*, mean: float, scale_min: float, scale_max: float) -> float:
    """The largest standard deviation scores with this mean can have: sqrt((mean - min)(max - mean)).

    Stands in where only mean and n were given, so that certainty is never overstated. Source: Bhatia & Davis (2000).
    """
    return math.sqrt(max(mean - scale_min, 0.0) * max(scale_max - mean, 0.0))


def standard_error(*, sd: Quantity, n: Quantity) -> Quantity:
    """Standard error of a mean of n independent answers, sd / sqrt(n), in score points. Needs n > 0."""
    return sd / np.sqrt(n)


def difference_standard_error(*, first: float, second: float) -> float:
    """Standard error of a difference of two independent means, sqrt(SE1^2 + SE2^2)."""
    return math.hypot(first, second)


def welch_degrees_of_freedom(*, first: float, n_first: float, second: float, n_second: float) -> float:
    """Degrees of freedom of a difference of two means with standard errors `first` and `second`. Needs n > 1.

    Infinite where both errors are zero. Source: Welch (1947).
    """
    spread = first**4 / (n_first - 1) + second**4 / (n_second - 1)
    return (first**2 + second**2) ** 2 / spread if spread > 0 else math.inf


def t_interval(
    *, estimate: float, standard_error: float, degrees_of_freedom: float, coverage: float
) -> tuple[float, float]:
    """Estimate -/+ t(df) x SE, two-sided."""
    half = float(stdtrit(degrees_of_freedom, (1 + coverage) / 2)) * standard_error if standard_error > 0 else 0.0
    return estimate - half, estimate + half


def below_probability(*, estimate: float, standard_error: float, degrees_of_freedom: float, threshold: float) -> float:
    """P(true value < threshold) when it is estimate + SE x t(df): the flat-prior posterior.

    With no error at all, 1 below the threshold, 0 above and one half on it.
    """
    if standard_error == 0:
        return 0.5 if estimate == threshold else float(estimate < threshold)
    return float(stdtr(degrees_of_freedom, (threshold - estimate) / standard_error))
