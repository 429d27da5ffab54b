"""Where the names of points go so that they hide neither each other nor a point."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

PLOT_WIDE_PX: Final = 300.0
"""Width the names are laid out for: a narrow card; where there is more room, names are only further apart."""
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


def sides(points: Sequence[tuple[float, float, str]], *, most: float, high_px: float) -> list[str]:
    """For each point (x, y, name) on axes from 0 to `most`: `above`, `below`, `right` or `left`.

    One after the other, each name takes the first side that hides least: other points, names placed before it, and
    whatever lies outside the plot.
    """
    places = [(x / most * PLOT_WIDE_PX, high_px - y / most * high_px) for x, y, _ in points]
    half = POINT_PX / 2
    dots = [Box(x - half, y - half, x + half, y + half) for x, y in places]
    names: list[Box] = []
    chosen: list[str] = []
    for place, (x, y) in enumerate(places):
        others = [dot for other, dot in enumerate(dots) if other != place] + names
        options = _boxes(x, y, len(points[place][2]) * LETTER_PX)
        hidden = {
            side: sum(box.shared(other) for other in others) + _outside(box, high_px) for side, box in options.items()
        }
        best = min(hidden, key=lambda side: hidden[side])
        chosen.append(best)
        names.append(options[best])
    return chosen


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
