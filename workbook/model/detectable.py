"""How small an effect a pilot of a given size can see, before it is run.

The minimum detectable effect is a multiplier times the standard error of the estimator the design allows. Standard
errors are per-arm formulas; clusters, unequal arms and stepped wedges change the standard error, few clusters the
multiplier.
"""

from __future__ import annotations

import math

from scipy.special import ndtri, stdtrit


def multiplier_normal(*, alpha: float, power: float, sides: int) -> float:
    """z(1 - alpha/sides) + z(power): the limit for large samples. One-sided .05 at 80 %: 2.4865; two-sided 2.8016."""
    return float(ndtri(1 - alpha / sides) + ndtri(power))


def multiplier_t(*, degrees_of_freedom: float, alpha: float, power: float, sides: int) -> float:
    """t(1 - alpha/sides; df) + t(power; df), the small-sample multiplier. Needs df > 0. Source: Bloom (1995)."""
    return float(stdtrit(degrees_of_freedom, 1 - alpha / sides) + stdtrit(degrees_of_freedom, power))


def minimum_detectable_effect(*, multiplier: float, standard_error: float) -> float:
    """M x SE, in the unit of the standard error. Source: Bloom (1995)."""
    return multiplier * standard_error


def standard_error_two_arms(*, sd: float, n_pilot: float, n_comparison: float) -> float:
    """Sigma x sqrt(1/n1 + 1/n2): a difference of two independent means."""
    return sd * math.sqrt(1 / n_pilot + 1 / n_comparison)


def standard_error_post(*, sd: float, n_per_arm: float) -> float:
    """Sigma x sqrt(2/n): arms compared after the pilot only."""
    return sd * math.sqrt(2 / n_per_arm)


def standard_error_did(*, sd: float, n_per_arm: float, correlation: float) -> float:
    """Sigma x sqrt(4(1 - r)/n): difference in differences; worse than post-only while r < .5."""
    return sd * math.sqrt(4 * (1 - correlation) / n_per_arm)


def estimated_slope_penalty(*, people: int) -> float:
    """sqrt(1 + 1/(people - 4)): what estimating the baseline's slope costs two equal arms, on average over draws.

    The arms' chance difference in the baseline over its spread within arms, E = (4/people)/(people - 4) for a normal
    baseline. Source: Cochran (1957). Needs five people or more.
    """
    return float(math.sqrt(1 + 1 / (people - 4)))


def standard_error_ancova(*, sd: float, n_per_arm: float, correlation: float) -> float:
    """Sigma x sqrt(2(1 - r^2)/n): after, adjusted for before; never worse than either of the others."""
    return sd * math.sqrt(2 * (1 - correlation**2) / n_per_arm)


def design_effect(*, people_per_cluster: float, intraclass_correlation: float) -> float:
    """1 + (m - 1) x rho: how many times the variance grows when whole groups are assigned."""
    return 1 + (people_per_cluster - 1) * intraclass_correlation


def allocation_penalty(*, pilot_share: float) -> float:
    """sqrt(.25 / (T(1 - T))): how many times the standard error grows when the arms are unequal. 60/40: 1.02."""
    return math.sqrt(0.25 / (pilot_share * (1 - pilot_share)))


def cluster_degrees_of_freedom(*, clusters: int) -> int:
    """Clusters - 2: what is left when two arm means have been taken from cluster means."""
    return clusters - 2


def stepped_wedge_variance(
    *, clusters: int, periods: int, people_per_cell: float, variance_person: float, variance_cluster: float
) -> float:
    """Variance of the effect in a stepped wedge where one cluster crosses over at each step.

    I s2 (s2 + T tau2) / ((I U - W) s2 + (U^2 + I T U - T W - I V) tau2), with s2 = variance of a cell mean,
    U = treated cells, W = sum over periods of squared treated clusters, V = sum over clusters of squared treated
    periods. Cluster i is treated from period i + 1 on. Needs at least 2 clusters and 3 periods.
    Source: Hussey & Hughes (2007).
    """
    treated = [[period > cluster for period in range(periods)] for cluster in range(clusters)]
    u = sum(map(sum, treated))
    w = sum(sum(row[period] for row in treated) ** 2 for period in range(periods))
    v = sum(sum(row) ** 2 for row in treated)
    s2 = variance_person / people_per_cell
    numerator = clusters * s2 * (s2 + periods * variance_cluster)
    within = (clusters * u - w) * s2
    between = (u**2 + clusters * periods * u - periods * w - clusters * v) * variance_cluster
    return numerator / (within + between)


def standard_error_rate(*, rate: float, person_years_pilot: float, person_years_comparison: float) -> float:
    """sqrt(rate x (1/E1 + 1/E2)): difference of two Poisson rates, both at `rate` (events a person-year)."""
    return math.sqrt(rate * (1 / person_years_pilot + 1 / person_years_comparison))
