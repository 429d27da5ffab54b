"""When the programmes of a plan start: every calendar written out and valued, the best one taken.

What a plan is worth is a sum over sets of programmes that act together; each set's money hangs on the draw, its time on
the starts of its members. All calendars are then one matrix product, exact for every draw.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
MOST_CALENDARS: Final = 262_144
EQUAL: Final = 1e-9
"""Calendars this close, as a share of the largest worth met, count as equal: the earlier one is taken."""


@dataclass(frozen=True)
class Timing:
    """Seats that are settled, starts that are not. P programmes, D draws, months 0..H.

    `together` are sets of programmes and `money` (D, sets) what each would bring a month at full effect (negative for
    what its members would remove twice). `months[p]` are the starts open to a programme, earliest first, `paths[p]`
    (starts, H + 1) its effect over time from each, `factors` (H + 1,) discount the months, `bills` (P, 3) are the
    parts of its cost, `weights` (D, 3) what multiplies them, `paid[p]` (starts,) discounts them.
    """

    together: tuple[tuple[int, ...], ...]
    money: Floats
    months: tuple[tuple[int, ...], ...]
    paths: tuple[Floats, ...]
    factors: Floats
    bills: Floats
    weights: Floats
    paid: tuple[Floats, ...]

    @property
    def shape(self) -> tuple[int, ...]:
        """How many starts each programme has."""
        return tuple(len(own) for own in self.months)

    @property
    def calendars(self) -> int:
        """How many calendars there are."""
        return int(np.prod(self.shape))


def worths(timing: Timing, first: int) -> Floats:
    """Worth (D, calendars) of every calendar in which the first programme takes its start number `first`."""
    shape = (1, *timing.shape[1:])
    paths = [timing.paths[0][first : first + 1], *timing.paths[1:]]
    paid = [timing.paid[0][first : first + 1], *timing.paid[1:]]
    rows = [_spread(_service([paths[p] for p in own], timing.factors), own, shape) for own in timing.together]
    for part in range(timing.bills.shape[1]):
        rows.append(np.sum([_spread(-timing.bills[p, part] * paid[p], (p,), shape) for p in range(len(shape))], axis=0))
    return np.hstack([timing.money, timing.weights]) @ np.stack(rows)


def _service(paths: Sequence[Floats], factors: Floats) -> Floats:
    """Discounted months in which all members are at full effect, for each combination of their starts."""
    grown = factors[None, :]
    for path in paths[:-1]:
        grown = (grown[:, None, :] * path[None, :, :]).reshape(-1, grown.shape[1])
    return (grown @ paths[-1].T).reshape([len(path) for path in paths])


def _spread(values: Floats, axes: Sequence[int], shape: tuple[int, ...]) -> Floats:
    """Values over some axes, repeated over the others and laid out flat."""
    kept = [shape[axis] if axis in axes else 1 for axis in range(len(shape))]
    return np.broadcast_to(values.reshape(kept), shape).ravel()


def best_calendar(timing: Timing, score: Callable[[Floats], Floats]) -> tuple[int, ...]:
    """The start months of highest score (of worth by draw: (D, n) to (n,)); among equals the earliest.

    Earliest is the least sum of months, then the first programme's earliest start, then the next one's.
    """
    scores = np.concatenate([score(worths(timing, first)) for first in range(timing.shape[0])])
    near = np.flatnonzero(scores >= scores.max() - EQUAL * np.abs(scores).max())
    starts = np.stack(
        [np.array(own)[at] for own, at in zip(timing.months, np.unravel_index(near, timing.shape), strict=True)],
        axis=1,
    )
    return tuple(min(map(tuple, starts.tolist()), key=lambda each: (sum(each), each)))
