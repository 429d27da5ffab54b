"""Reverse stress test: what the draws that fail have in common."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from workbook.model.sensitivity import ranks

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]
FEWEST_FAILING: Final = 30
SMALLEST_SHIFT: Final = 0.1


class Condition(NamedTuple):
    """One input in the failing draws: how far it is shifted, and the threshold that tells failing from sound best.

    `shift` is the rank-biserial correlation (-1: always lower than in sound draws, +1: always higher). Beyond
    `threshold`, on the side of `shift`, lie `share_failing` of the failing draws and `share_all` of all.
    """

    name: str
    shift: float
    threshold: float
    share_failing: float
    share_all: float

    @property
    def below(self) -> bool:
        """Whether failing draws lie below the threshold."""
        return self.shift < 0


def rank_biserial(values: Floats, failing: Bools) -> float:
    """P(failing above sound) - P(failing below sound): 2 U / (n m) - 1 of the rank-sum test.

    Source: Kerby (2014), the simple difference formula. Nought where all draws fail or none does.
    """
    fails = int(failing.sum())
    sound = len(failing) - fails
    if fails == 0 or sound == 0:
        return 0.0
    above = float(ranks(values)[failing].sum()) - fails * (fails - 1) / 2
    return 2 * above / (fails * sound) - 1


def threshold(values: Floats, failing: Bools, *, below: bool) -> float:
    """The value beyond which failing draws outnumber sound ones most: largest difference of shares (Youden 1950)."""
    order = np.argsort(values, kind="stable")
    ordered, fails = values[order], failing[order]
    gap = np.cumsum(fails) / fails.sum() - np.cumsum(~fails) / (~fails).sum()
    whole = np.append(ordered[1:] != ordered[:-1], True)
    gap = np.where(whole, gap, 0.0)
    at = int(gap.argmax() if below else gap.argmin())
    return float(ordered[at] if below or at + 1 == len(ordered) else ordered[at + 1])


def conditions(draws: Mapping[str, Floats], failing: Bools, *, most: int = 3) -> list[Condition]:
    """The inputs most shifted in the failing draws, the most first; empty where too few or all draws fail.

    At most `most`, each shifted by at least a tenth (house rule). Equal shifts are in order of name.
    """
    if min(failing.sum(), (~failing).sum()) < FEWEST_FAILING:
        return []
    shifts = {name: rank_biserial(values, failing) for name, values in draws.items()}
    worst = sorted((name for name in shifts if abs(shifts[name]) >= SMALLEST_SHIFT), key=lambda k: (-abs(shifts[k]), k))
    made = []
    for name in worst[:most]:
        values, below = draws[name], shifts[name] < 0
        limit = threshold(values, failing, below=below)
        beyond = values <= limit if below else values >= limit
        made.append(Condition(name, shifts[name], limit, float(beyond[failing].mean()), float(beyond.mean())))
    return made


def together(draws: Mapping[str, Floats], failing: Bools, found: Sequence[Condition]) -> tuple[float, float]:
    """Share of failing draws in which every condition holds, and share of all draws beyond them that fail."""
    holds = np.ones(len(failing), dtype=bool)
    for each in found:
        values = draws[each.name]
        holds &= values <= each.threshold if each.below else values >= each.threshold
    if not holds.any() or not failing.any():
        return 0.0, 0.0
    return float(holds[failing].mean()), float(failing[holds].mean())
