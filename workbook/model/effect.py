"""Pilot against comparison on leaders' mean scores: ANCOVA and difference-in-differences.

The leader is the unit: one row a leader, made from at least five raters. Standard errors are HC2 with the degrees of
freedom of Bell & McCaffrey (2002), which is what CR2 becomes when every cluster has one row. For two groups without a
covariate the error is Welch's, and the degrees of freedom are Welch's at equal variances.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class EffectEstimate:
    """An effect in the outcome's own points, its standard error and degrees of freedom."""

    points: float
    standard_error: float
    degrees_of_freedom: float


def least_squares_effect(*, design: Floats, outcome: Floats, column: int) -> EffectEstimate:
    """Coefficient `column` of the least-squares fit of `outcome` on `design`, with its HC2 error and Satterthwaite df.

    Needs full column rank and no row with leverage 1 (a row the fit must pass through).
    """
    inverse = np.linalg.inv(design.T @ design)
    influence = inverse @ design.T
    hat = design @ influence
    residuals = outcome - hat @ outcome
    room = 1 - np.diag(hat)
    weights = influence[column] ** 2 / room
    maker = np.eye(len(outcome)) - hat
    degrees = float((weights * room).sum() ** 2 / (weights @ maker**2 @ weights))
    return EffectEstimate(
        points=float(influence[column] @ outcome),
        standard_error=float(np.sqrt((weights * residuals**2).sum())),
        degrees_of_freedom=degrees,
    )


def ancova_effect(*, after: ArrayLike, before: ArrayLike, treated: ArrayLike) -> EffectEstimate:
    """Effect of `treated` (0/1) on `after` at equal `before`: after = a + effect treated + b (before - mean)."""
    y, x, t = (np.asarray(part, dtype=float) for part in (after, before, treated))
    centred = x - x.mean()
    columns = [np.ones_like(y), t] if np.allclose(centred, 0) else [np.ones_like(y), t, centred]
    return least_squares_effect(design=np.column_stack(columns), outcome=y, column=1)


def difference_in_differences(*, after: ArrayLike, before: ArrayLike, treated: ArrayLike) -> EffectEstimate:
    """Mean gain of the treated less mean gain of the others; the error is Welch's."""
    y, x, t = (np.asarray(part, dtype=float) for part in (after, before, treated))
    return least_squares_effect(design=np.column_stack([np.ones_like(y), t]), outcome=y - x, column=1)


def pooled_sd(first: ArrayLike, second: ArrayLike) -> float:
    """Square root of the variances of two groups weighted by their degrees of freedom."""
    one, other = np.asarray(first, dtype=float), np.asarray(second, dtype=float)
    squares = ((one - one.mean()) ** 2).sum() + ((other - other.mean()) ** 2).sum()
    return float(np.sqrt(squares / (len(one) + len(other) - 2)))
