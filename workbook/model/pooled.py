"""Turnover by team, each team borrowing from the others as far as they turn out alike.

Leavers y_j of team j in E_j person-years: y_j ~ Poisson(lambda_j E_j), lambda_j ~ Gamma(1/c^2, 1/(c^2 mu)), so that
mu is the usual rate and c the coefficient of variation between teams. c ~ HalfNormal(1); mu has the Jeffreys density
mu^(-1/2) between RATE_LOW and RATE_HIGH (house assumption: wide bounds, which make it proper). Both are integrated over
a grid; an estimate plugged in for c would often be exactly zero and would call all teams the same.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.special import betainc, gammainc, gammaincc, gammaincinv, gammaln, ndtri

Floats = NDArray[np.float64]
RATE_LOW, RATE_HIGH = 1e-3, 3.0
SPREAD_LOW, SPREAD_HIGH = 0.01, 4.0
COARSE: Final = (200, 80)
FINE: Final = (96, 40)
NEGLIGIBLE_LOG: Final = 30.0
NEGLIGIBLE_WEIGHT: Final = 1e-9
NEWTON_STEPS: Final = 8


@dataclass(frozen=True)
class Pooled:
    """Posterior of all teams' rates: a mixture over K grid points of independent gammas, for J teams.

    `weights` (K,) sum to 1; `usual` (K,) is mu and `spread` (K,) is c; `events`, `person_years` are (J,).
    """

    weights: Floats
    usual: Floats
    spread: Floats
    events: Floats
    person_years: Floats

    @cached_property
    def shape(self) -> Floats:
        """Shape of each team's gamma at each grid point (K, J): y_j + 1/c^2."""
        return self.events + (self.spread**-2)[:, None]

    @cached_property
    def rate(self) -> Floats:
        """Inverse scale of each team's gamma at each grid point (K, J): E_j + 1/(c^2 mu)."""
        return self.person_years + (self.spread**-2 / self.usual)[:, None]

    @cached_property
    def mean(self) -> Floats:
        """Posterior mean rate of each team (J,), a fraction a year."""
        return self.weights @ (self.shape / self.rate)

    @property
    def company_rate(self) -> float:
        """Posterior mean of the company's rate: teams' leavers over teams' person-years, sum of the teams' own."""
        return float(self.mean @ self.person_years / self.person_years.sum())

    def beyond(self, threshold_per_year: float) -> Floats:
        """P(a team's rate > threshold) (J,)."""
        return self.weights @ gammaincc(self.shape, self.rate * threshold_per_year)

    @cached_property
    def above_company(self) -> Floats:
        """P(a team's rate > the company's) (J,), both uncertain; the company is the sum of the teams.

        A team is above the whole exactly when it is above all the others together. Their sum of gammas is matched by
        one gamma of the same mean and variance at each grid point (Satterthwaite; within .002 of the exact value).
        A team that is the whole company is as likely above as below: .5.
        """
        if len(self.events) == 1:
            return np.array([0.5])
        first, second = self.person_years * self.shape / self.rate, self.person_years**2 * self.shape / self.rate**2
        others = self.person_years.sum() - self.person_years
        mean = (first.sum(axis=1, keepdims=True) - first) / others
        variance = (second.sum(axis=1, keepdims=True) - second) / others**2
        inverse_scale = mean / variance
        return self.weights @ betainc(mean * inverse_scale, self.shape, inverse_scale / (inverse_scale + self.rate))

    def quantile(self, probability: float) -> Floats:
        """The rate of each team (J,) below which it lies with this probability; Newton steps in probit and log rate."""
        square = self.weights @ (self.shape * (self.shape + 1) / self.rate**2)
        matched = self.mean**2 / (square - self.mean**2)
        log_rate = np.log(np.maximum(gammaincinv(matched, probability) * self.mean / matched, 1e-9))
        target = ndtri(probability)
        for _ in range(NEWTON_STEPS):
            scaled = self.rate * np.exp(log_rate)
            below = np.clip(self.weights @ gammainc(self.shape, scaled), 1e-15, 1 - 1e-15)
            slope = self.weights @ np.exp(self.shape * np.log(scaled) - scaled - gammaln(self.shape))
            at = ndtri(below)
            density = np.exp(-(at**2) / 2) / np.sqrt(2 * np.pi)
            log_rate = log_rate + np.clip((target - at) * density / np.maximum(slope, 1e-300), -1.0, 1.0)
        return np.exp(log_rate)

    def interval(self, coverage: float) -> tuple[Floats, Floats]:
        """Equal-tailed interval of each team's rate, fractions a year."""
        tail = (1 - coverage) / 2
        return self.quantile(tail), self.quantile(1 - tail)


def log_posterior(*, events: Floats, person_years: Floats, usual: Floats, spread: Floats) -> Floats:
    """Log posterior density of (log mu, c) at pairs (K,), up to a constant: negative binomial leavers times priors."""
    shape = spread[:, None] ** -2
    per_team = (
        gammaln(events + shape)
        - gammaln(shape)
        - (shape + events) * np.log1p(person_years * usual[:, None] / shape)
        + events * np.log(usual[:, None] / shape)
    )
    return per_team.sum(axis=1) + np.log(usual) / 2 - spread**2 / 2


def pooled_turnover(*, events: Floats, person_years: Floats) -> Pooled:
    """Posterior of J teams' turnover rates from leavers and person-years (J,), all person-years above 0.

    A first grid over the whole prior finds where the posterior lies, a second covers that part finely. The order of
    the teams does not matter.
    """
    whole = ((np.log(RATE_LOW), np.log(RATE_HIGH)), (SPREAD_LOW, SPREAD_HIGH))
    usual, spread, _ = _grid(whole, COARSE)
    height = log_posterior(events=events, person_years=person_years, usual=usual, spread=spread)
    likely = height > height.max() - NEGLIGIBLE_LOG
    steps = [1.6 * (high - low) / number for (low, high), number in zip(whole, COARSE, strict=True)]
    window = tuple(
        (max(float(seen.min()) - step, low), min(float(seen.max()) + step, high))
        for seen, step, (low, high) in zip((np.log(usual[likely]), spread[likely]), steps, whole, strict=True)
    )
    usual, spread, areas = _grid(window, FINE)
    height = log_posterior(events=events, person_years=person_years, usual=usual, spread=spread)
    weights = areas * np.exp(height - height.max())
    kept = weights > weights.sum() * NEGLIGIBLE_WEIGHT
    return Pooled(
        weights=weights[kept] / weights[kept].sum(),
        usual=usual[kept],
        spread=spread[kept],
        events=events,
        person_years=person_years,
    )


def _grid(window: tuple[tuple[float, float], ...], sizes: tuple[int, int]) -> tuple[Floats, Floats, Floats]:
    """Rates crossed with spreads, and each pair's area: trapezoids in the log rate, Gauss-Legendre in the spread."""
    (low, high), (least, most) = window
    logs = np.linspace(low, high, sizes[0])
    widths = np.where((logs == logs[0]) | (logs == logs[-1]), 0.5, 1.0)
    nodes, heights = np.polynomial.legendre.leggauss(sizes[1])
    usual, spread = np.meshgrid(np.exp(logs), least + (most - least) * (nodes + 1) / 2)
    return usual.ravel(), spread.ravel(), np.outer(heights, widths).ravel()
