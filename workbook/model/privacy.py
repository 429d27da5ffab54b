"""Anonymity floors: which cells of a published table may be shown, and which groups must be merged first.

Every rule takes numbers of people, never the people. A group is *small* when it has between one and `floor` - 1 people;
an empty group is not small: there is nobody to expose.
"""

from __future__ import annotations

from collections.abc import Collection, Hashable, Mapping
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

Cell = TypeVar("Cell", bound=Hashable)


def is_small(people: int, *, floor: int) -> bool:
    """Whether a group has people, but fewer than `floor`."""
    return 0 < people < floor


def complement_is_safe(*, total: int, shown: int, floor: int) -> bool:
    """Whether total - shown leaves nobody or at least `floor` people, so that subtracting exposes no small group."""
    return not is_small(total - shown, floor=floor)


def sets_differ_safely(first: Collection[Hashable], second: Collection[Hashable], *, floor: int) -> bool:
    """Whether two sets of people, both published, differ by nobody or by at least `floor` people on either side."""
    one, other = set(first), set(second)
    return not is_small(len(one - other), floor=floor) and not is_small(len(other - one), floor=floor)


def hidden_cells(people: Mapping[Cell, int], *, floor: int, flagged: Collection[Cell] = ()) -> frozenset[Cell]:
    """Cells of one partition that must not be shown beside the partition's total.

    Small cells and `flagged` ones are hidden; then, smallest first, further cells, until at least two are hidden and
    they hold at least `floor` people together: otherwise the total less what is shown gives the hidden ones away. Cells
    are taken in the order of (people, name), so a higher floor never shows a cell that a lower one hides.
    """
    order = sorted((cell for cell, n in people.items() if n > 0), key=lambda cell: (people[cell], str(cell)))
    hidden = [cell for cell in order if people[cell] < floor or cell in flagged]
    if not hidden:
        return frozenset()
    for cell in order:
        if len(hidden) >= 2 and sum(people[each] for each in hidden) >= floor:
            break
        if cell not in hidden:
            hidden.append(cell)
    return frozenset(hidden)


def small_groups(people: Mapping[Cell, int], *, floor: int) -> frozenset[Cell]:
    """Groups to merge into one before anything is measured.

    Every group under `floor`, and the next smallest ones until the merged group has `floor` people itself, so that
    neither it nor a part of it can be had by subtraction. None when no group is under the floor.
    """
    order = sorted(people, key=lambda cell: (people[cell], str(cell)))
    merged = [cell for cell in order if people[cell] < floor]
    if not any(people[cell] for cell in merged):
        return frozenset(merged)
    for cell in order[len(merged) :]:
        if sum(people[each] for each in merged) >= floor:
            break
        merged.append(cell)
    return frozenset(merged)


def recoverable(published: NDArray[np.float64], group: NDArray[np.float64]) -> bool:
    """Whether sums over `group` can be computed from published sums: is its indicator in their row span?

    `published` has one row per published total and one column per atom (a respondent, or a group that is never split);
    `group` is the indicator of the atoms whose total an intruder wants.
    """
    if published.size == 0:
        return not bool(np.any(group))
    rank = np.linalg.matrix_rank(published)
    return bool(np.linalg.matrix_rank(np.vstack([published, group])) == rank)
