"""From expected money to an answer: classes of plans, the best of each, and how sure that is."""

from __future__ import annotations

from typing import Final, Literal

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Class = Literal["leadership first", "technical first", "split", "neither"]
CLASSES: Final[tuple[Class, ...]] = ("leadership first", "technical first", "split", "neither")
MARGIN: Final = 0.25
"""A track has to take more than 1 - MARGIN of the money to be called first (this project's rule)."""


def plan_class(*, leadership_money: float, technical_money: float, margin: float = MARGIN) -> Class:
    """What a plan stands for: nothing spent, mostly leadership, mostly technical, or split."""
    spent = leadership_money + technical_money
    if spent <= 0:
        return "neither"
    share = leadership_money / spent
    return "leadership first" if share > 1 - margin else "technical first" if share < margin else "split"


def best_plans(means: Floats, classes: tuple[Class, ...], admissible: npt.NDArray[np.bool_]) -> dict[Class, int]:
    """The plan of highest expected utility in each admissible class; the first of equals."""
    best: dict[Class, int] = {}
    for index, (kind, allowed) in enumerate(zip(classes, admissible, strict=True)):
        if allowed and (kind not in best or means[index] > means[best[kind]]):
            best[kind] = index
    return best


def probability_best(utilities: Floats, best: dict[Class, int]) -> dict[Class, float]:
    """How often each class's best plan beats the best plans of all other classes; equal ones share."""
    kinds = list(best)
    values = utilities[:, [best[kind] for kind in kinds]]
    top = values >= values.max(axis=1, keepdims=True)
    shares = (top / top.sum(axis=1, keepdims=True)).mean(axis=0)
    return {kind: float(share) for kind, share in zip(kinds, shares, strict=True)}
