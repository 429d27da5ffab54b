"""From what a pilot changed in work metrics to the share by which a cost falls, and from ratings to the same."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import ndtri, stdtrit

from workbook.model.effect import ancova_design, least_squares_parts

Floats = NDArray[np.float64]
ANCOVA_FROM = 8
LEAST_ERROR = 1e-6


@dataclass(frozen=True)
class Reduction:
    """e = share by which a metric is lower with the programme, its standard error, degrees of freedom.

    `parts` are the units' parts of the error: multiplied with those of another metric on the same units and summed they
    give the covariance of the two.
    """

    share: float
    standard_error: float
    degrees_of_freedom: float
    parts: Floats | None = None


def reduction_of_units(*, after: ArrayLike, before: ArrayLike, treated: ArrayLike) -> Reduction | None:
    """E = (Y_C - Y_T)/Y_C on units' means: Y_T those of the pilot, Y_C the same less the effect.

    The effect is that of an ANCOVA from eight units on, of a difference in differences below (house rule), with HC2
    errors. e = 1 - Y_T/Y_C, so a pilot unit's part of the error counts 1/Y_C and a comparison unit's (1 - e)/Y_C (delta
    method). None where Y_C is not positive.
    """
    y, x, t = (np.asarray(part, dtype=float) for part in (after, before, treated))
    if len(y) >= ANCOVA_FROM:
        design, outcome = ancova_design(before=x, treated=t), y
    else:
        design, outcome = np.column_stack([np.ones_like(y), t]), y - x
    found, parts = least_squares_parts(design=design, outcome=outcome, column=1)
    without = float(y[t == 1].mean()) - found.points
    if without <= 0:
        return None
    share = -found.points / without
    carried = -parts * np.where(t == 1, 1.0, max(1 - share, 0.0)) / without
    return Reduction(
        share=share,
        standard_error=float(np.sqrt((carried**2).sum())),
        degrees_of_freedom=found.degrees_of_freedom,
        parts=np.asarray(carried),
    )


def reduction_of_rates(*, events: Sequence[int], exposure: Sequence[float]) -> Reduction:
    """E = 1 - exp(beta) of rates, in the order pilot after, comparison after, pilot before, comparison before.

    beta is the log of the ratio of rate ratios after and before; one half is added to every count (Haldane 1956,
    Anscombe 1956), Var beta = sum of 1/(count + 1/2), SE(e) = exp(beta) SE(beta) (delta method).
    """
    rates = [(count + 0.5) / years for count, years in zip(events, exposure, strict=True)]
    beta = math.log(rates[0] / rates[1]) - math.log(rates[2] / rates[3])
    error = math.sqrt(sum(1 / (count + 0.5) for count in events))
    return Reduction(share=1 - math.exp(beta), standard_error=math.exp(beta) * error, degrees_of_freedom=math.inf)


def small_sample_inflation(*, degrees_of_freedom: float) -> float:
    """t(.90; df)/z(.90): what makes a normal error as wide as the t interval it stands for (80 %, house rule)."""
    if math.isinf(degrees_of_freedom):
        return 1.0
    return float(stdtrit(degrees_of_freedom, 0.9)) / float(ndtri(0.9))


def joint_covariance(reductions: Sequence[Reduction]) -> Floats:
    """Covariance of several reductions: products of units' parts where they are the same units, else none.

    Every error is widened for its degrees of freedom df; covariances from few units are shrunk by df/(df + 2) (house
    rule), so that the matrix can be inverted.
    """
    width = np.array([small_sample_inflation(degrees_of_freedom=one.degrees_of_freedom) for one in reductions])
    errors = np.array([max(one.standard_error, LEAST_ERROR) for one in reductions])
    made = np.diag(errors**2)
    for i, one in enumerate(reductions):
        for j, other in enumerate(reductions):
            if i != j and one.parts is not None and other.parts is not None and len(one.parts) == len(other.parts):
                degrees = min(one.degrees_of_freedom, other.degrees_of_freedom)
                made[i, j] = float(one.parts @ other.parts) * degrees / (degrees + 2)
    return np.asarray(made * np.outer(width, width))


def triangular_moments(*, low: float, mode: float, high: float) -> tuple[float, float]:
    """Mean and variance of a triangular distribution."""
    mean = (low + mode + high) / 3
    return mean, (low**2 + mode**2 + high**2 - low * mode - low * high - mode * high) / 18


def rating_to_reductions(
    *, d: float, standard_error: float, spread: ArrayLike, share_mean: float, share_variance: float
) -> tuple[Floats, Floats]:
    """e_j = gamma_j d sigma_j/mu_j for several metrics, with its covariance.

    `spread` is sigma/mu of each metric between units; gamma_j are independent with this mean and variance, and d has
    this error: Var e_j = (sigma_j/mu_j)^2 (E gamma^2 (d^2 + s^2) - (E gamma)^2 d^2), Cov = product x (E gamma)^2 s^2.
    That gamma lies between 0 and .25 is a house assumption: a standardised effect is not a percentage.
    """
    ratio = np.asarray(spread, dtype=float)
    squared = share_mean**2 + share_variance
    covariance = np.outer(ratio, ratio) * share_mean**2 * standard_error**2
    own = ratio**2 * (squared * (d**2 + standard_error**2) - share_mean**2 * d**2)
    np.fill_diagonal(covariance, own)
    return share_mean * d * ratio, covariance
