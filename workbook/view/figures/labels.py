"""Where the names of points go so that they hide neither each other nor a point."""

from __future__ import annotations

from functools import lru_cache
from typing import Final, NamedTuple

PLOT_WIDE_PX: Final = 300.0
"""Width the names are laid out for: a narrow card; where there is more room, names are only further apart."""
ROUNDS: Final = 4
WORSE: Final = 3.0
LETTER_PX, LINE_PX, POINT_PX, AWAY_PX = 6.4, 15.0, 15.0, 10.0


class Box(NamedTuple):
    """A rectangle in pixels."""

    left: float
    top: float
    right: float
    bottom: float

    def shared(self, other: Box) -> float:
        """The area two rectangles have in common."""
        wide = min(self.right, other.right) - max(self.left, other.left)
        high = min(self.bottom, other.bottom) - max(self.top, other.top)
        return max(wide, 0.0) * max(high, 0.0)


@lru_cache(maxsize=8)
def sides(points: tuple[tuple[float, float, str], ...], *, most: float, high_px: float) -> tuple[str, ...]:
    """For each point (x, y, name) on axes from 0 to `most`: `above`, `below`, `right` or `left`.

    One after the other, each name takes the first side that hides least: other points, names in place, and whatever
    lies outside the plot; points and the edge count more. Gone through a few times, so that early names make room.
    Kept for the next call: a slider moves no unit.
    """
    places = [(x / most * PLOT_WIDE_PX, high_px - y / most * high_px) for x, y, _ in points]
    half = POINT_PX / 2
    dots = [Box(x - half, y - half, x + half, y + half) for x, y in places]
    options = [_boxes(x, y, len(name) * LETTER_PX) for (x, y), (_, _, name) in zip(places, points, strict=True)]
    chosen: dict[int, str] = {}
    for _ in range(ROUNDS):
        for place, boxes in enumerate(options):
            near = [dot for other, dot in enumerate(dots) if other != place]
            names = [options[other][side] for other, side in chosen.items() if other != place]
            hidden = {
                side: sum(box.shared(name) for name in names)
                + WORSE * (sum(box.shared(dot) for dot in near) + _outside(box, high_px))
                for side, box in boxes.items()
            }
            chosen[place] = min(hidden.items(), key=lambda found: found[1])[0]
    return tuple(chosen[place] for place in range(len(points)))


def _boxes(x: float, y: float, wide: float) -> dict[str, Box]:
    return {
        "above": Box(x - wide / 2, y - AWAY_PX - LINE_PX, x + wide / 2, y - AWAY_PX),
        "below": Box(x - wide / 2, y + AWAY_PX, x + wide / 2, y + AWAY_PX + LINE_PX),
        "right": Box(x + AWAY_PX, y - LINE_PX / 2, x + AWAY_PX + wide, y + LINE_PX / 2),
        "left": Box(x - AWAY_PX - wide, y - LINE_PX / 2, x - AWAY_PX, y + LINE_PX / 2),
    }


def _outside(box: Box, high_px: float) -> float:
    whole = (box.right - box.left) * (box.bottom - box.top)
    return whole - box.shared(Box(0.0, 0.0, PLOT_WIDE_PX, high_px))
