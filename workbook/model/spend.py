"""Today's training spend, and whether leaders and employees are developed alike."""

from __future__ import annotations

from typing import Literal

Quadrant = Literal["resentment", "hand-holding", "healthy", "neither"]
ATD_2024_DOLLARS_PER_EMPLOYEE = 1_054.0
ATD_2024_SOURCE = "ATD 2024, organisations of all sizes, US dollars per employee and year"
ATD_2014_BY_SIZE = (
    (500, 1_716.0, "ATD 2014, under 500 staff, US dollars of 2014 per employee and year"),
    (10_000, 911.0, "ATD 2014, 500-9,999 staff, US dollars of 2014 per employee and year"),
    (None, 868.0, "ATD 2014, 10,000 staff and more, US dollars of 2014 per employee and year"),
)


def benchmark_per_employee(*, headcount: int | None) -> tuple[float, str]:
    """Published training spend per employee and year in US dollars, with its source.

    The latest figures by size are of 2014; the latest for all sizes (1,054 dollars, 13.7 hours, 165 dollars an hour,
    2.9 % of revenue) is of 2024 and stands in where headcount is not known. Source: ATD, State of the Industry.
    """
    if headcount is None:
        return ATD_2024_DOLLARS_PER_EMPLOYEE, ATD_2024_SOURCE
    money, source = next((m, s) for limit, m, s in ATD_2014_BY_SIZE if limit is None or headcount < limit)
    return money, f"{source}; for all sizes in 2024: 1,054"


def favourable_threshold(*, scale_min: float, scale_max: float, favourable_from: float | None) -> float:
    """Halfway between the middle of the scale and its first favourable score: 3.5 on a scale of 1 to 5.

    Without `favourable_from` the favourable part starts at three quarters of the range (house assumption).
    """
    first = favourable_from if favourable_from is not None else scale_min + 0.75 * (scale_max - scale_min)
    return ((scale_min + scale_max) / 2 + first) / 2


def quadrant(*, p_leaders_developed: float, p_employees_developed: float) -> tuple[Quadrant, float]:
    """Likelier side on each axis, and the probability that both sides are right (axes taken as independent).

    Developed employees under weak leaders: resentment; the reverse: hand-holding; both: healthy; none: neither.
    Source: the leadership/employee article's own two-by-two.
    """
    leaders, employees = p_leaders_developed >= 0.5, p_employees_developed >= 0.5
    names: dict[tuple[bool, bool], Quadrant] = {
        (True, True): "healthy",
        (True, False): "hand-holding",
        (False, True): "resentment",
        (False, False): "neither",
    }
    certainty = max(p_leaders_developed, 1 - p_leaders_developed) * max(
        p_employees_developed, 1 - p_employees_developed
    )
    return names[leaders, employees], certainty
