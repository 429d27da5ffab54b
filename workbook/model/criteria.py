"""Criteria written before the start (traffic lights; go, stop or extend) and what a result does to a belief."""

from __future__ import annotations

from typing import Literal

from scipy.special import ndtr, ndtri

Colour = Literal["green", "amber", "red"]
Outcome = Literal["scale", "extend", "stop"]
OUTCOME_COVERAGE = 0.80
ADHERENCE_GREEN = 0.75
COMPLETENESS_GREEN = 0.80
FLOOR_RED = 0.50


def adherence_colour(*, share: float) -> Colour:
    """Green from 75 %, red under 50 %, else amber. Source: Avery et al. (2017) for the form."""
    if share < FLOOR_RED:
        return "red"
    return "green" if share >= ADHERENCE_GREEN else "amber"


def completeness_colour(*, share: float) -> Colour:
    """Green above 80 %, red under 50 %, else amber. Source: Avery et al. (2017) for the form."""
    if share < FLOOR_RED:
        return "red"
    return "green" if share > COMPLETENESS_GREEN else "amber"


def outcome(*, estimate: float, low: float, high: float, target: float, break_even: float) -> Outcome:
    """Scale when estimate >= target and low > break-even; stop when high < break-even; else extend.

    `low` and `high` are the limits of the two-sided 80 % interval, in the unit of the target.
    """
    if estimate >= target and low > break_even:
        return "scale"
    return "stop" if high < break_even else "extend"


def operating_characteristics(
    *, truth: float, target: float, break_even: float, standard_error: float
) -> dict[Outcome, float]:
    """How often the outcome rule says each thing when the effect is `truth` and the estimate is normal around it.

    Scale: the estimate passes max(target, break-even + z SE); stop: it falls under break-even - z SE; z = z(.90).
    When target = truth and the interval clears break-even, scale has probability one half.
    """
    half = float(ndtri((1 + OUTCOME_COVERAGE) / 2)) * standard_error
    bar = max(target, break_even + half)
    scale = float(ndtr((truth - bar) / standard_error))
    stop = float(ndtr((break_even - half - truth) / standard_error))
    return {"scale": scale, "stop": stop, "extend": max(0.0, 1 - scale - stop)}


def normal_posterior(
    *, prior_mean: float, prior_sd: float, estimate: float, standard_error: float
) -> tuple[float, float]:
    """Mean and SD after a normal prior meets a normal estimate: precisions add, means weigh by precision.

    The oracle for reweighting draws, and the spreadsheet's path.
    """
    precision = 1 / prior_sd**2 + 1 / standard_error**2
    mean = (prior_mean / prior_sd**2 + estimate / standard_error**2) / precision
    return mean, precision**-0.5


def conflict(*, prior_mean: float, prior_sd: float, estimate: float, standard_error: float) -> float:
    """(Estimate - prior mean)/sqrt(prior variance + SE^2): above 2.5 the result contradicts the assumptions."""
    return (estimate - prior_mean) / (prior_sd**2 + standard_error**2) ** 0.5
