"""Rates of events over person-years at risk: voluntary turnover, vacancies, exits."""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammaincc, gammaincinv

Quantity: TypeAlias = float | NDArray[np.float64]


def annualised_rate(*, events: Quantity, person_years: Quantity) -> Quantity:
    """Events a person-year: events / person_years, a fraction a year. Needs person_years > 0.

    Exposure is the sum of time at risk, not opening headcount, so people who joined or left count for their time only.
    """
    return events / person_years


def jeffreys_rate_interval(*, events: Quantity, person_years: Quantity, coverage: float) -> tuple[Quantity, Quantity]:
    """Equal-tailed interval of a Poisson rate from the posterior Gamma(events + 1/2, person_years).

    The lower limit is 0 where no event was seen, so that the interval holds the estimate. Fractions a year.
    Source: Jeffreys prior of the Poisson rate; Brown, Cai & DasGupta (2003).
    """
    tail = (1 - coverage) / 2
    low = np.where(np.asarray(events) > 0, gammaincinv(events + 0.5, tail), 0.0) / person_years
    high = gammaincinv(events + 0.5, 1 - tail) / person_years
    return low[()], high


def garwood_rate_interval(*, events: float, person_years: float, coverage: float) -> tuple[float, float]:
    """Exact (never too short) interval of a Poisson rate, fractions a year. Source: Garwood (1936)."""
    tail = (1 - coverage) / 2
    low = float(gammaincinv(events, tail)) if events > 0 else 0.0
    return low / person_years, float(gammaincinv(events + 1, 1 - tail)) / person_years


def rate_beyond_probability(*, events: Quantity, person_years: Quantity, threshold_per_year: Quantity) -> Quantity:
    """P(true rate > threshold) under Gamma(events + 1/2, person_years).

    3 leavers in 20 person-years against 10 % a year: .780, so 15 % is not established; 4 leavers: .911.
    """
    return gammaincc(events + 0.5, threshold_per_year * person_years)
