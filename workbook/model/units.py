"""Ranking units by need under weights, and how much the ranking owes to the weights."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

TIE = 1e-12


def fill_unmeasured(*, strands: NDArray[np.float64]) -> NDArray[np.float64]:
    """Strands (units x strands) with gaps (nan) taken as the mean of the units measured on that strand.

    A gap then neither lifts nor lowers a unit. Every column needs one measured unit.
    """
    return np.where(np.isnan(strands), np.nanmean(strands, axis=0), strands)


def need_scores(*, strands: NDArray[np.float64], weights: NDArray[np.float64]) -> NDArray[np.float64]:
    """Weighted mean of strands (units x strands, 0 to 1) under weights (strands,) or (draws, strands), not all zero.

    Gives (units,) or (draws, units), 0 to 1.
    """
    return (weights / weights.sum(axis=-1, keepdims=True)) @ strands.T


def top_share(*, strands: NDArray[np.float64], weights: NDArray[np.float64], draws: int, seed: int) -> float:
    """How often the unit on top under `weights` is still on top when the weights move.

    Weights are drawn from a Dirichlet with mean `weights` and concentration = number of strands with a weight: uniform
    over all weightings when weights are equal. A tie for the top counts. Source: stability in weight space as in SMAA
    (Lahdelma, Hokkanen & Salminen 1998).
    """
    counted = weights > 0
    strands, weights = strands[:, counted], weights[counted]
    top = int(np.argmax(need_scores(strands=strands, weights=weights)))
    drawn = np.random.default_rng(seed).dirichlet(len(weights) * weights / weights.sum(), size=draws)
    scores = need_scores(strands=strands, weights=drawn)
    return float(np.mean(scores[:, top] >= scores.max(axis=1) - TIE))
