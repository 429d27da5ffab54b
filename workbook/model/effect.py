"""Pilot against comparison on leaders' mean scores: ANCOVA, difference-in-differences, and how sure they are.

The leader is the unit: one row a leader, made from at least five raters. Standard errors are HC2 with the degrees of
freedom of Bell & McCaffrey (2002), which is what CR2 becomes when every cluster has one row. For two groups without a
covariate the error is Welch's, and the degrees of freedom are Welch's at equal variances.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]
EffectAnswer = Literal["works", "harms", "no effect", "inconclusive"]
MOST_EXACT = 20_000
SHUFFLES = 9_999
NEGLIGIBLE_SD = 0.20


@dataclass(frozen=True)
class EffectEstimate:
    """An effect in the outcome's own points, its standard error and degrees of freedom."""

    points: float
    standard_error: float
    degrees_of_freedom: float


@dataclass(frozen=True)
class Randomisation:
    """Two-sided p-value over the arms that a lottery could have drawn; `exact` when all of them were gone through."""

    p_value: float
    arms: int
    exact: bool


def least_squares_parts(*, design: Floats, outcome: Floats, column: int) -> tuple[EffectEstimate, Floats]:
    """Coefficient `column` of a least-squares fit, and what each row adds to its error: HC2 is their root sum square.

    The parts of two outcomes on the same rows, multiplied and summed, are the covariance of their coefficients. Needs
    full column rank and no row with leverage 1 (a row the fit must pass through).
    """
    inverse = np.linalg.inv(design.T @ design)
    influence = inverse @ design.T
    hat = design @ influence
    residuals = outcome - hat @ outcome
    room = 1 - np.diag(hat)
    weights = influence[column] ** 2 / room
    maker = np.eye(len(outcome)) - hat
    degrees = float((weights * room).sum() ** 2 / (weights @ maker**2 @ weights))
    parts = influence[column] * residuals / np.sqrt(room)
    made = EffectEstimate(
        points=float(influence[column] @ outcome),
        standard_error=float(np.sqrt((weights * residuals**2).sum())),
        degrees_of_freedom=degrees,
    )
    return made, np.asarray(parts)


def least_squares_effect(*, design: Floats, outcome: Floats, column: int) -> EffectEstimate:
    """Coefficient `column` of the least-squares fit of `outcome` on `design`, with its HC2 error and Satterthwaite df.

    Needs full column rank and no row with leverage 1 (a row the fit must pass through).
    """
    return least_squares_parts(design=design, outcome=outcome, column=column)[0]


def clustered_effect(*, design: Floats, outcome: Floats, column: int, clusters: ArrayLike) -> EffectEstimate:
    """Coefficient `column` with the CR2 error for whole clusters and the degrees of freedom of Bell & McCaffrey (2002).

    Var = sum over clusters of (a' A r)^2, a the coefficient's row of (X'X)^-1 X', A = (I - H_gg)^(-1/2) (generalised
    inverse), r the residuals. With one row a cluster it is HC2. Source: Bell & McCaffrey (2002); Pustejovsky & Tipton
    (2018) for the same rule with a working model of equal variances.
    """
    labels = np.asarray(clusters)
    influence = np.linalg.inv(design.T @ design) @ design.T
    hat = design @ influence
    residuals, maker = outcome - hat @ outcome, np.eye(len(outcome)) - hat
    columns, variance = [], 0.0
    for label in dict.fromkeys(labels.tolist()):
        rows = np.flatnonzero(labels == label)
        values, vectors = np.linalg.eigh(maker[np.ix_(rows, rows)])
        scale = np.where(values > 1e-10, 1 / np.sqrt(np.maximum(values, 1e-10)), 0.0)
        adjusted = influence[column, rows] @ (vectors * scale) @ vectors.T
        variance += float(adjusted @ residuals[rows]) ** 2
        columns.append(maker[:, rows] @ adjusted)
    spread = np.stack(columns, axis=1)
    gram = spread.T @ spread
    return EffectEstimate(
        points=float(influence[column] @ outcome),
        standard_error=math.sqrt(variance),
        degrees_of_freedom=float(np.trace(gram) ** 2 / (gram**2).sum()),
    )


def ancova_design(*, before: ArrayLike, treated: ArrayLike) -> Floats:
    """Columns one, treated, and before less its mean (left out where before does not vary)."""
    x, t = (np.asarray(part, dtype=float) for part in (before, treated))
    centred = x - x.mean()
    columns = [np.ones_like(x), t] if np.allclose(centred, 0) else [np.ones_like(x), t, centred]
    return np.column_stack(columns)


def ancova_effect(*, after: ArrayLike, before: ArrayLike, treated: ArrayLike) -> EffectEstimate:
    """Effect of `treated` (0/1) on `after` at equal `before`: after = a + effect treated + b (before - mean)."""
    outcome = np.asarray(after, dtype=float)
    return least_squares_effect(design=ancova_design(before=before, treated=treated), outcome=outcome, column=1)


def difference_in_differences(*, after: ArrayLike, before: ArrayLike, treated: ArrayLike) -> EffectEstimate:
    """Mean gain of the treated less mean gain of the others; the error is Welch's."""
    y, x, t = (np.asarray(part, dtype=float) for part in (after, before, treated))
    return least_squares_effect(design=np.column_stack([np.ones_like(y), t]), outcome=y - x, column=1)


def pooled_sd(first: ArrayLike, second: ArrayLike) -> float:
    """Square root of the variances of two groups weighted by their degrees of freedom."""
    one, other = np.asarray(first, dtype=float), np.asarray(second, dtype=float)
    squares = ((one - one.mean()) ** 2).sum() + ((other - other.mean()) ** 2).sum()
    return float(np.sqrt(squares / (len(one) + len(other) - 2)))


def small_sample_factor(*, degrees_of_freedom: float) -> float:
    """1 - 3/(4 df - 1): takes the upward bias off a standardised difference. Source: Hedges (1981)."""
    return 1 - 3 / (4 * degrees_of_freedom - 1)


def morris_d(
    *, pilot_gain: float, comparison_gain: float, pilot_sd: float, comparison_sd: float, pilot_n: int, comparison_n: int
) -> float:
    """d_ppc = c_P (gain of the pilot - gain of the comparison) / SD pooled at baseline.

    c_P = 1 - 3/(4 (n_T + n_C - 2) - 1). Source: Morris (2008).
    """
    degrees = pilot_n + comparison_n - 2
    squares = (pilot_n - 1) * pilot_sd**2 + (comparison_n - 1) * comparison_sd**2
    return (
        small_sample_factor(degrees_of_freedom=degrees) * (pilot_gain - comparison_gain) / math.sqrt(squares / degrees)
    )


def randomisation_p(
    *, after: ArrayLike, before: ArrayLike, treated: ArrayLike, seed: int, shuffles: int = SHUFFLES
) -> Randomisation:
    """How often a lottery alone gives an adjusted difference at least as large as the one seen, either way.

    The sharp null: nobody's score hangs on the draw. Statistic: the ANCOVA coefficient. All draws of the same size are
    gone through when there are at most 20,000; else `shuffles` seeded ones, the one seen counted among them
    ((hits + 1)/(shuffles + 1)), so that the test keeps its level. Source: Fisher (1935); Phipson & Smyth (2010).
    """
    y, x, t = (np.asarray(part, dtype=float) for part in (after, before, treated))
    n, pilots = len(y), int(t.sum())
    basis = np.linalg.qr(np.delete(ancova_design(before=x, treated=t), 1, axis=1))[0]
    left = y - basis @ (basis.T @ y)
    if math.comb(n, pilots) <= MOST_EXACT:
        arms = _every_draw(n, pilots)
    else:
        drawn = np.random.default_rng(seed).permuted(np.tile(t, (shuffles, 1)), axis=1)
        arms = np.vstack([t[None, :], drawn])
    statistic = np.abs(_adjusted(arms, left, basis))
    seen = abs(float(_adjusted(t[None, :], left, basis)[0]))
    hits = int((statistic >= seen - 1e-12 * max(1.0, seen)).sum())
    return Randomisation(p_value=hits / len(arms), arms=len(arms), exact=math.comb(n, pilots) <= MOST_EXACT)


def _every_draw(n: int, pilots: int) -> Floats:
    chosen = np.array(list(combinations(range(n), pilots)), dtype=int).reshape(-1, pilots)
    arms = np.zeros((len(chosen), n))
    np.put_along_axis(arms, chosen, 1.0, axis=1)
    return arms


def _adjusted(arms: Floats, left: Floats, basis: Floats) -> Floats:
    room = (arms**2).sum(axis=1) - ((arms @ basis) ** 2).sum(axis=1)
    moved = arms @ left
    return np.divide(moved, room, out=np.zeros_like(moved), where=room > 1e-12)


def answer_of(*, inner: tuple[float, float], outer: tuple[float, float], negligible: float) -> EffectAnswer:
    """What an estimate says, from its two-sided 95 % (`outer`) and 90 % (`inner`) intervals, in the same unit.

    Works or harms when the 95 % interval lies on one side of zero: without any effect, one pilot in twenty. No effect
    when the 90 % interval lies within +/- `negligible` (two one-sided tests at 5 %; Schuirmann 1987). Otherwise
    inconclusive, which is a result. A negligible effect of .20 SD is a house assumption.
    """
    if -negligible < inner[0] and inner[1] < negligible:
        return "no effect"
    if outer[0] > 0:
        return "works"
    return "harms" if outer[1] < 0 else "inconclusive"


def pre_trend(*, months: Sequence[float], pilot: ArrayLike, comparison: ArrayLike) -> EffectEstimate:
    """Slope over time of the difference between pilot and comparison before the start; needs three points or more.

    Ordinary least squares on the differences; degrees of freedom points - 2. Parallel trends are not proved by a slope
    that cannot be told from zero, only not contradicted.
    """
    gap = np.asarray(pilot, dtype=float) - np.asarray(comparison, dtype=float)
    time = np.asarray(months, dtype=float)
    centred = time - time.mean()
    slope = float(centred @ gap / (centred @ centred))
    residuals = gap - gap.mean() - slope * centred
    degrees = len(gap) - 2
    return EffectEstimate(
        points=slope,
        standard_error=math.sqrt(float(residuals @ residuals) / degrees / float(centred @ centred)),
        degrees_of_freedom=float(degrees),
    )
