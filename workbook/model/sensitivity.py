"""Which inputs drive a result: rank regression on the draws, first-order and total Sobol indices by pick-freeze."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from workbook.model.simulation import TINY

Floats = npt.NDArray[np.float64]
RESAMPLES: Final = 400


class Indices(NamedTuple):
    """Sobol indices of each input with 90 % bootstrap intervals: (inputs,) each; `unmoved` marks inputs without effect.

    All zero where the result does not vary.
    """

    first: Floats
    first_low: Floats
    first_high: Floats
    total: Floats
    total_low: Floats
    total_high: Floats
    unmoved: npt.NDArray[np.bool_]


class RankRegression(NamedTuple):
    """Standardised coefficients on ranks (inputs,), and the share of the result's rank variance they explain."""

    coefficients: Floats
    explained_share: float


def ranks(values: Floats) -> Floats:
    """Ranks from 0, ties at their mean rank; along the first axis."""
    made = np.empty(np.shape(values), dtype=float)
    columns, out = np.atleast_2d(np.asarray(values).T), np.atleast_2d(made.T)
    for row, target in zip(columns, out, strict=True):
        order = np.argsort(row, kind="stable")
        ordered = row[order]
        starts = np.flatnonzero(np.concatenate([[True], ordered[1:] != ordered[:-1]]))
        sizes = np.diff(np.append(starts, len(row)))
        target[order] = np.repeat(starts + (sizes - 1) / 2, sizes)
    return made


def rank_regression(inputs: Floats, result: Floats) -> RankRegression:
    """Least squares of the result's ranks on the ranks of all inputs (draws, inputs), standardised.

    Right where the result rises or falls steadily in each input; `explained_share` tells how far that holds. Holds for
    correlated inputs too: each coefficient is what the input adds beside the others. Source: Iman & Conover (1979).
    """
    x, y = ranks(inputs), ranks(result)
    spread_x, spread_y = x.std(axis=0), y.std()
    if spread_y == 0:
        return RankRegression(np.zeros(x.shape[1]), 0.0)
    moving = spread_x > 0
    z = (x[:, moving] - x[:, moving].mean(axis=0)) / spread_x[moving]
    t = (y - y.mean()) / spread_y
    found = np.linalg.lstsq(z.T @ z / len(t), z.T @ t / len(t), rcond=1e-10)[0]
    coefficients = np.zeros(x.shape[1])
    coefficients[moving] = found
    return RankRegression(coefficients, float(min(max(found @ (z.T @ t) / len(t), 0.0), 1.0)))


def two_samples(*, inputs: int, draws: int, seed: int) -> tuple[Floats, Floats]:
    """Two independent sets of uniforms (draws, inputs) for `sobol_indices`; `draws` a power of two.

    Both come from one scrambled Sobol matrix of twice the width: two sequences of their own would be tied together.
    """
    from scipy.stats import qmc

    points = qmc.Sobol(d=2 * inputs, scramble=True, rng=seed).random_base2(draws.bit_length() - 1)
    points = np.clip(points, TINY, 1 - TINY)
    return points[:, :inputs], points[:, inputs:]


def sobol_indices(model: Callable[[Floats], Floats], base: Floats, other: Floats, *, seed: int) -> Indices:
    """First-order and total indices of `model`, which takes inputs (draws, inputs) and gives (draws,).

    `base` and `other` are independent samples of independent inputs. First order: mean of f(B) (f(AB_i) - f(A)) over
    the variance; total: half the mean square of f(A) - f(AB_i) over the variance. Costs (inputs + 2) x draws
    evaluations. Sources: Saltelli et al. (2010), table 2, estimators b and f (Jansen 1999); the intervals are bootstrap
    percentiles over rows.
    """
    draws, inputs = base.shape
    at_base, at_other = model(base), model(other)
    centre, scale = at_base.mean(), max(float(np.abs(at_base).max()), 1e-300)
    moved = np.empty((draws, inputs))
    for k in range(inputs):
        swapped = base.copy()
        swapped[:, k] = other[:, k]
        moved[:, k] = model(swapped) - at_base
    variances = ((at_base - centre) ** 2 + (at_other - centre) ** 2) / 2
    unmoved = np.abs(moved).max(axis=0) <= 1e-12 * scale
    if variances.mean() <= (1e-12 * scale) ** 2:
        zero = np.zeros(inputs)
        return Indices(zero, zero, zero, zero, zero, zero, unmoved)
    first, total = (at_other - centre)[:, None] * moved, moved**2 / 2
    noise = np.random.default_rng(seed).multinomial(draws, np.full(draws, 1 / draws), size=RESAMPLES) / draws
    spread = (noise @ variances)[:, None]
    lows, highs = zip(*(np.percentile(noise @ rows / spread, [5, 95], axis=0) for rows in (first, total)), strict=True)
    means = [rows.mean(axis=0) / variances.mean() for rows in (first, total)]
    return Indices(means[0], lows[0], highs[0], means[1], np.maximum(lows[1], 0.0), highs[1], unmoved)
