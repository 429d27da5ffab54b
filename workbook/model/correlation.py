"""Rank correlations between uncertain numbers: a Gaussian copula, and the repair of a matrix that cannot be."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
SMALLEST_EIGENVALUE: Final = 1e-6
SHOWN_CHANGE: Final = 5e-4


class Pair(NamedTuple):
    """A rank correlation between two numbers: the one asked for, and the one used."""

    a: str
    b: str
    asked: float
    used: float

    @property
    def repaired(self) -> bool:
        """Whether the matrix had to be moved so far that it shows."""
        return abs(self.used - self.asked) > SHOWN_CHANGE


def normal_correlation(rank: float) -> float:
    """Correlation of the normal scores that gives this rank correlation: 2 sin(pi rank / 6). Source: Pearson (1907)."""
    return 2 * math.sin(math.pi * rank / 6)


def rank_correlation(normal: float) -> float:
    """Rank correlation of two normals correlated by `normal`: 6 / pi asin(normal / 2). Source: Pearson (1907)."""
    return 6 / math.pi * math.asin(normal / 2)


def matrix_of(names: Sequence[str], pairs: Iterable[tuple[str, str, float]]) -> Floats:
    """Symmetric matrix over `names` with ones on the diagonal and zeros where no pair was named."""
    at = {name: k for k, name in enumerate(names)}
    made = np.eye(len(names))
    for a, b, value in pairs:
        made[at[a], at[b]] = made[at[b], at[a]] = value
    return made


def nearest_correlation(matrix: Floats, *, smallest: float = SMALLEST_EIGENVALUE, rounds: int = 500) -> Floats:
    """The correlation matrix nearest to a symmetric one in the Frobenius norm, eigenvalues at least `smallest`.

    Alternating projections onto the cone and onto unit diagonals with Dykstra's correction. Source: Higham (2002),
    Computing the nearest correlation matrix, algorithm 3.3. A matrix that already is one comes back unchanged.
    """
    if np.linalg.eigvalsh(matrix)[0] >= smallest:
        return matrix.copy()
    made, correction = matrix.copy(), np.zeros_like(matrix)
    for _ in range(rounds):
        shifted = made - correction
        values, vectors = np.linalg.eigh(shifted)
        cone = (vectors * np.maximum(values, smallest)) @ vectors.T
        correction = cone - shifted
        before, made = made, cone.copy()
        np.fill_diagonal(made, 1.0)
        if np.abs(made - before).max() < 1e-10:
            break
    values, vectors = np.linalg.eigh(made)
    cone = (vectors * np.maximum(values, smallest)) @ vectors.T
    scale = 1 / np.sqrt(np.diag(cone))
    return np.asarray(cone * np.outer(scale, scale))


def copula_rows(
    names: Sequence[str], pairs: Sequence[tuple[str, str, float]]
) -> tuple[dict[str, dict[str, float]], list[Pair]]:
    """What each number's normal score is made of, by number, and every pair as asked for and as used.

    Rows of the Cholesky factor in the order of `names`: the first keeps its own score, each later one adds its own to
    those before it. Numbers that no pair names are in neither.
    """
    asked = [(a, b, normal_correlation(rank)) for a, b, rank in pairs]
    matrix = nearest_correlation(matrix_of(names, asked))
    at = {name: k for k, name in enumerate(names)}
    factor = np.linalg.cholesky(matrix)
    rows = {
        name: {other: float(factor[k, j]) for j, other in enumerate(names[: k + 1]) if factor[k, j] != 0}
        for k, name in enumerate(names)
    }
    used = [Pair(a, b, rank, rank_correlation(float(matrix[at[a], at[b]]))) for a, b, rank in pairs]
    return rows, used
