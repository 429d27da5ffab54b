"""Shares of counted things, and whether a count passes a share exactly."""

from __future__ import annotations

from decimal import Decimal
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray
from scipy.special import betaincc, betaincinv

Quantity: TypeAlias = float | NDArray[np.float64]


def jeffreys_share_interval(*, successes: Quantity, n: Quantity, coverage: float) -> tuple[Quantity, Quantity]:
    """Equal-tailed interval of a share from the posterior Beta(successes + 1/2, n - successes + 1/2).

    The limit is 0 with no success and 1 with no failure. `n` may be an effective sample size. Needs n > 0.
    Source: Brown, Cai & DasGupta (2001), Interval estimation for a binomial proportion.
    """
    tail = (1 - coverage) / 2
    a, b = successes + 0.5, n - successes + 0.5
    low = np.where(np.asarray(successes) > 0, betaincinv(a, b, tail), 0.0)
    high = np.where(np.asarray(n - successes) > 0, betaincinv(a, b, 1 - tail), 1.0)
    return low[()], high[()]


def share_beyond_probability(*, successes: Quantity, n: Quantity, threshold_share: Quantity) -> Quantity:
    """P(true share > threshold) under Beta(successes + 1/2, n - successes + 1/2)."""
    return betaincc(successes + 0.5, n - successes + 0.5, threshold_share)


def exceeds_share(*, count: int, total: int, threshold_share: float) -> bool:
    """Whether `count` of `total` is strictly more than `threshold_share`, in exact arithmetic.

    The threshold is read as the decimal it is written as, so 9 of 30 is not more than 0.3, though in floating point
    1 - 21/30 > 0.3 is true. False when `total` is zero.
    """
    return Decimal(count) > Decimal(repr(float(threshold_share))) * total


def reaches_growth(*, now: int, before: int, threshold_share: float) -> bool:
    """Whether `now` is at least (1 + threshold) x `before`, in exact arithmetic: 120 from 100 is growth of 0.2."""
    return Decimal(now) >= (1 + Decimal(repr(float(threshold_share)))) * before


def annualised_growth(*, now: float, before: float, months: float) -> float:
    """(now / before)^(12 / months) - 1, a fraction a year. Needs before > 0 and months > 0; -1 when nobody is left."""
    return float((now / before) ** (12 / months) - 1)
