"""What it is worth to know more before deciding, and how a result changes belief. Utilities are (draws, plans)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from workbook.model.sensitivity import ranks

Floats = npt.NDArray[np.float64]
RIDGE: Final = 1e-9


def evpi(utilities: Floats) -> float:
    """Expected value of perfect information: E max_x U_x - max_x E U_x, the expected regret of the best plan."""
    return float(utilities.max(axis=1).mean() - utilities.mean(axis=0).max())


def evppi(utilities: Floats, phi: Floats, bins: int = 20) -> float:
    """Expected value of knowing one input exactly: E max_x E[U_x | phi] - max_x E U_x.

    The conditional expectation is the mean over `bins` groups of equal size by phi. Biased upward by the noise of the
    group means; `evppi_noise` gives its size. Source: Strong, Oakley & Brennan (2014) for the regression form.
    """
    return evppi_of_each(utilities, {"phi": phi}, bins)["phi"]


def evppi_of_each(utilities: Floats, inputs: Mapping[str, Floats], bins: int = 20) -> dict[str, float]:
    """`evppi` of every input by name; the draws' rows are laid out one after another once, for all of them."""
    draws, rows, now = len(utilities), np.ascontiguousarray(utilities), utilities.mean(axis=0).max()
    edges = np.linspace(0, draws, bins + 1).astype(int)[:-1]
    sizes = np.diff(np.append(edges, draws))[:, None]
    made = {}
    for name, phi in inputs.items():
        means = np.add.reduceat(rows[np.argsort(phi, kind="stable")], edges, axis=0) / sizes
        made[name] = max(float((means.max(axis=1) * sizes[:, 0]).sum() / draws - now), 0.0)
    return made


class Learnt(NamedTuple):
    """What learning is worth, and what the same estimate gives for inputs that know nothing (its upward bias)."""

    value: float
    noise: float


def evppi_group(utilities: Floats, phi: Floats, *, seed: int = 0) -> Learnt:
    """Expected value of knowing several inputs exactly, all together: E max_x E[U_x | phi] - max_x E U_x.

    `phi` (draws, inputs). The conditional expectation is a regression on cubic polynomials of each input's normal
    score and all products of two, fitted by least squares; neither the order of the inputs nor that of the plans
    matters. Kept between nought and the value of perfect information. The noise is the same with the draws shuffled.
    Source: Strong, Oakley & Brennan (2014), who regress likewise.
    """
    basis = _basis(phi)
    gram = basis.T @ basis
    gram[np.diag_indices_from(gram)] *= 1 + RIDGE
    most = max(evpi(utilities), 0.0)
    centre = utilities.mean(axis=0)
    shuffled = np.random.default_rng(seed).permutation(len(phi))
    found = []
    for rows in (utilities, utilities[shuffled]):
        fitted = basis @ np.linalg.solve(gram, basis.T @ (rows - centre)) + centre
        found.append(min(max(float(fitted.max(axis=1).mean() - centre.max()), 0.0), most))
    return Learnt(*found)


def _basis(phi: Floats) -> Floats:
    """Polynomials of the inputs' normal scores in an order that does not depend on the order of the inputs."""
    from scipy.special import ndtri

    z = ndtri((ranks(phi) + 0.5) / len(phi)).T
    z = z[np.lexsort(z[:, :8].T)]
    pairs = [z[i] * z[j] for i in range(len(z)) for j in range(i)]
    rows = np.stack([*z, *(z**2 - 1), *(z**3 - 3 * z), *pairs])
    return np.asarray((rows - rows.mean(axis=1, keepdims=True)).T)


def evppi_noise(utilities: Floats, bins: int = 20, seed: int = 0) -> float:
    """What `evppi` finds for an input that knows nothing: the same estimate for shuffled draws."""
    return evppi(utilities, np.random.default_rng(seed).permutation(len(utilities)).astype(float), bins)


def log_likelihood(predicted: Floats, observed: Floats, standard_error: Floats) -> Floats:
    """Log of N(observed; predicted_i, error) of each draw, less a constant.

    `predicted` (draws, measures) is what each draw says the study would find; `observed` (measures,).
    `standard_error` (measures,), or the joint covariance (measures, measures) where measures are correlated.
    """
    z = (np.atleast_2d(observed) - predicted).T
    if np.ndim(standard_error) == 2:
        z = np.linalg.solve(np.linalg.cholesky(standard_error), z)
    else:
        z = z / np.asarray(standard_error)[:, None]
    return np.asarray(-0.5 * np.sum(z**2, axis=0))


def normalised(log_weights: Floats) -> Floats:
    """Weights that sum to one from their logarithms."""
    weights = np.exp(log_weights - log_weights.max())
    return np.asarray(weights / weights.sum())


def reweight(predicted: Floats, observed: Floats, standard_error: Floats) -> Floats:
    """Weights of the draws after a result: w_i proportional to N(observed; predicted_i, error); they sum to one."""
    return normalised(log_likelihood(predicted, observed, standard_error))


def effective_draws(weights: Floats) -> float:
    """1 / sum of squared weights: how many equally weighted draws are left."""
    return float(1 / np.sum(weights**2))


def evsi(utilities: Floats, predicted: Floats, standard_error: Floats, noise: Floats) -> float:
    """Expected value of a study: E_y max_x E[U_x | y] - max_x E U_x, over outcomes simulated from the draws.

    `noise` (outcomes, measures) is standard normal and pseudo-random, never a second Sobol sequence. Outcome k is what
    draw k x step predicts plus its noise; its posterior is `reweight`. The same outcomes give the baseline mean, so
    that a common cash flow changes nothing.
    """
    observed = simulated_results(predicted, standard_error, noise)
    posterior = posterior_means(utilities, predicted, observed, standard_error)
    return max(float(posterior.max(axis=1).mean() - posterior.mean(axis=0).max()), 0.0)


def simulated_results(predicted: Floats, standard_error: Floats, noise: Floats) -> Floats:
    """Results a study may find: what evenly chosen draws predict, plus noise in standard errors."""
    outcomes = len(noise)
    chosen = np.linspace(0, len(predicted), outcomes, endpoint=False).astype(int)
    order = np.argsort(predicted[:, 0], kind="stable")[chosen + (len(predicted) // outcomes) // 2]
    return np.asarray(predicted[order] + noise * standard_error)


def posterior_means(utilities: Floats, predicted: Floats, observed: Floats, standard_error: Floats) -> Floats:
    """Expected worth of every plan after each result (results, plans), by `reweight`."""
    return np.stack([reweight(predicted, y, standard_error) for y in observed]) @ utilities


def tempered(log_weights: Floats, enough: float) -> Floats:
    """Weights to the highest power up to one that leaves `enough` effective draws, summing to one (by bisection)."""
    plain = normalised(log_weights)
    if effective_draws(plain) >= enough:
        return plain
    low, high = 0.0, 1.0
    for _ in range(60):
        middle = (low + high) / 2
        if effective_draws(normalised(middle * log_weights)) >= enough:
            low = middle
        else:
            high = middle
    return normalised(low * log_weights)
