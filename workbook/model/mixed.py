"""Growth of a cohort by a mixed model: leaders differ by a random intercept, waves and arms are fixed.

Score of leader i at wave w = fixed part + u_i + e_iw, u ~ N(0, tau^2), e ~ N(0, sigma^2). Fitted by restricted maximum
likelihood (Patterson & Thompson 1971) over the one ratio tau^2/sigma^2, which is searched, never iterated: there is
nothing that can fail to converge, and an estimate on the edge (tau^2 = 0) is said to be one.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]
LARGEST_RATIO = 1e4
HALVINGS = 200
SCAN = 61


@dataclass(frozen=True)
class MixedFit:
    """Fixed effects with their covariance; variances between (tau^2) and within (sigma^2) leaders.

    `degrees_of_freedom` are those of contrasts within leaders: rows - leaders - fixed columns that vary within leaders.
    """

    effects: Floats
    covariance: Floats
    between_variance: float
    within_variance: float
    degrees_of_freedom: float
    on_the_edge: bool

    def contrast(self, weights: ArrayLike) -> tuple[float, float]:
        """Estimate and standard error of a weighted sum of fixed effects."""
        w = np.asarray(weights, dtype=float)
        return float(w @ self.effects), math.sqrt(max(float(w @ self.covariance @ w), 0.0))


def random_intercept(*, design: Floats, outcome: ArrayLike, groups: ArrayLike) -> MixedFit | None:
    """REML fit; None where columns repeat each other or no group has two rows, so that nothing can be told apart."""
    y = np.asarray(outcome, dtype=float)
    _, index = np.unique(np.asarray(groups), return_inverse=True)
    sizes = np.bincount(index).astype(float)
    within = int(np.linalg.matrix_rank(design - _group_means(design, index, sizes)[index], tol=1e-9))
    degrees = len(y) - len(sizes) - within
    if np.linalg.matrix_rank(design) < design.shape[1] or degrees < 1:
        return None
    ratios = np.concatenate([[0.0], np.geomspace(1e-4, LARGEST_RATIO, SCAN)])
    scores = [_profile(design, y, index, sizes, ratio)[0] for ratio in ratios]
    best = int(np.argmin(scores))
    low, high = ratios[max(best - 1, 0)], ratios[min(best + 1, len(ratios) - 1)]
    ratio = _golden(design, y, index, sizes, low, high)
    edge = _profile(design, y, index, sizes, 0.0)[0] <= _profile(design, y, index, sizes, ratio)[0]
    ratio = 0.0 if edge else ratio
    _, effects, bread, sigma2 = _profile(design, y, index, sizes, ratio)
    return MixedFit(effects, sigma2 * bread, ratio * sigma2, sigma2, float(degrees), edge)


def _group_means(columns: Floats, index: NDArray[np.intp], sizes: Floats) -> Floats:
    sums = np.zeros((len(sizes), columns.shape[1]))
    np.add.at(sums, index, columns)
    return np.asarray(sums / sizes[:, None])


def _profile(
    design: Floats, y: Floats, index: NDArray[np.intp], sizes: Floats, ratio: float
) -> tuple[float, Floats, Floats, float]:
    """-2 restricted log-likelihood (less a constant) at a ratio, effects, their bread, and sigma^2 there.

    V^-1 = I - rho_i 11'/n_i with rho_i = n_i ratio / (1 + n_i ratio): rows less a part of their group's mean.
    """
    shrink = (1 - 1 / np.sqrt(1 + sizes * ratio))[index][:, None]
    x = design - shrink * _group_means(design, index, sizes)[index]
    z = y - (shrink * _group_means(y[:, None], index, sizes)[index])[:, 0]
    gram = x.T @ x
    bread = np.asarray(np.linalg.inv(gram), dtype=np.float64)
    effects = bread @ (x.T @ z)
    free = len(y) - design.shape[1]
    sigma2 = float(((z - x @ effects) ** 2).sum()) / free
    deviance = free * math.log(max(sigma2, 1e-300)) + float(np.log1p(sizes * ratio).sum())
    return deviance + float(np.linalg.slogdet(gram)[1]), effects, bread, sigma2


def _golden(design: Floats, y: Floats, index: NDArray[np.intp], sizes: Floats, low: float, high: float) -> float:
    """The ratio of least deviance between two bounds, by golden section."""
    step = (math.sqrt(5) - 1) / 2
    left, right = high - step * (high - low), low + step * (high - low)
    at_left, at_right = (_profile(design, y, index, sizes, point)[0] for point in (left, right))
    for _ in range(HALVINGS):
        if high - low <= 1e-12 * max(1.0, high):
            break
        if at_left <= at_right:
            high, right, at_right = right, left, at_left
            left = high - step * (high - low)
            at_left = _profile(design, y, index, sizes, left)[0]
        else:
            low, left, at_left = left, right, at_right
            right = low + step * (high - low)
            at_right = _profile(design, y, index, sizes, right)[0]
    return (low + high) / 2
