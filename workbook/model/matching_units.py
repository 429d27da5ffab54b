"""Which units are compared with the pilot's: the closest on the baseline, each used once."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

FAR = 1e6


def standardised(*, features: NDArray[np.float64]) -> NDArray[np.float64]:
    """Each column of (units, features) centred and divided by its SD over the units; NaN stays, constants become 0."""
    known = ~np.isnan(features)
    counts = np.maximum(known.sum(axis=0), 1)
    mean = np.where(known, features, 0).sum(axis=0) / counts
    centred = features - mean
    sd = np.sqrt(np.where(known, centred**2, 0).sum(axis=0) / counts)
    return centred / np.where(sd > 0, sd, 1)


def baseline_distance(*, pilot: NDArray[np.float64], others: NDArray[np.float64]) -> NDArray[np.float64]:
    """Root mean squared difference over the features both units have; (pilots, others). No shared feature: FAR."""
    difference = pilot[:, None, :] - others[None, :, :]
    shared = (~np.isnan(difference)).sum(axis=2)
    squares = np.where(np.isnan(difference), 0, difference**2).sum(axis=2)
    return np.where(shared > 0, np.sqrt(squares / np.maximum(shared, 1)), FAR)


def assignment(*, distance: NDArray[np.float64]) -> tuple[tuple[int, int], ...]:
    """Pairs (row, column) with the least total distance, each row and column at most once.

    Source: Kuhn (1955), the assignment problem, as solved by scipy.optimize.linear_sum_assignment.
    """
    from scipy.optimize import linear_sum_assignment

    rows, columns = linear_sum_assignment(distance)
    return tuple((int(row), int(column)) for row, column in zip(rows, columns, strict=True))
