"""Readiness rubric: scores of 1 to 5 into colours, and into how well training transfers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

Quantity: TypeAlias = float | NDArray[np.float64]
Colour: TypeAlias = Literal["green", "amber", "red", "insufficient data"]
RED_BELOW = 2.5
AMBER_BELOW = 3.5
AREAS_NEEDED = 4


def colour(*, score: float | None) -> Colour:
    """Red below 2.5, amber below 3.5, green from there, on a scale of 1 to 5 (house assumption)."""
    if score is None:
        return "insufficient data"
    if score < RED_BELOW:
        return "red"
    return "amber" if score < AMBER_BELOW else "green"


def transfer_factor(*, score: Quantity) -> Quantity:
    """How effects transfer here against the average site of the evidence: .6 at 1, 1 at 3, 1.2 at 5, straight between.

    House assumption: training supports structural change and does not cause it, so a poor site loses more than a good
    one gains.
    """
    return np.interp(score, (1.0, 3.0, 5.0), (0.6, 1.0, 1.2))


def score_of_share(*, share: float) -> float:
    """A share of managers as a score of the same rubric: 1 + 4 x share (house assumption)."""
    return 1 + 4 * share


def overall_colour(*, score: float | None, sponsor: str, areas: Sequence[str]) -> Colour:
    """Colour of the whole from the mean of the areas asked about, None when they were too few (house assumption).

    Without a sponsor nothing carries, so a red sponsor makes the whole red whatever the rest; any other red area, and
    any area not asked about, keeps the whole from green.
    """
    if sponsor == "red":
        return "red"
    overall = colour(score=score)
    doubt = "red" in areas or "insufficient data" in areas
    return "amber" if overall == "green" and doubt else overall
