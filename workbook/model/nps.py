"""Net promoter scores (employees' or of managers) and how much of a change is noise."""

from __future__ import annotations

import math


def net_promoter_points(*, promoters: float, detractors: float, n: float) -> float:
    """100 x (share scoring 9-10 minus share scoring 0-6), -100 to 100; passives count in n only. Needs n > 0."""
    return 100 * (promoters - detractors) / n


def nps_standard_error_points(*, promoters: float, detractors: float, n: float) -> float:
    """100 x sqrt((p + d - (p - d)^2) / n), the multinomial standard error, in points. Needs n > 0."""
    p, d = promoters / n, detractors / n
    return 100 * math.sqrt(max(p + d - (p - d) ** 2, 0.0) / n)


def change_needed_points(*, standard_error_points: float, z: float) -> float:
    """Smallest change between two waves of this size that is not noise: z x sqrt(2) x SE. z is 1.96 for 95 %."""
    return z * math.sqrt(2) * standard_error_points
