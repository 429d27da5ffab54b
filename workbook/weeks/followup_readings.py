"""From the pilot's results to what each draw of the model says they should have been, and the best plan afterwards."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from workbook.assumptions import Register
from workbook.evidence import Evidence, PilotSites
from workbook.model.leaks import split_causes
from workbook.model.outcomes import joint_covariance, rating_to_reductions, triangular_moments
from workbook.model.prioritise import best_plans
from workbook.results import Answer, PlanNow
from workbook.weeks import economics_flow as flow
from workbook.weeks.decision import DecisionProblem
from workbook.weeks.economics_flow import D_NAME, Offer
from workbook.weeks.followup_metrics import Measured, believed
from workbook.weeks.followup_update import Reading, Route
from workbook.weeks.week4_units import Side

Floats = npt.NDArray[np.float64]
Predict = Callable[[dict[str, Any], Any], Any]


def taken_offer(evidence: Evidence, problem: DecisionProblem) -> Offer | None:
    """The programme most pilot participants took, by key or name."""
    offers = {name: offer for offer in problem.offers for name in (offer.key, offer.programme.name)}
    taken = sorted(
        (row for row in evidence.participants if row.arm == "pilot" and row.programme in offers),
        key=lambda row: (-row.started, row.programme),
    )
    return offers[taken[0].programme] if taken else None


def tried_offer(evidence: Evidence, problem: DecisionProblem, side: Side) -> Offer | None:
    """The programme most pilot participants took, else the one with most seats in the track's own plan."""
    seats = problem.plans[problem.reference[side]].seats
    own = [offer for offer in problem.offers if offer.track == side]
    return taken_offer(evidence, problem) or max(own, key=lambda offer: sum(seats.get(offer.key, ())), default=None)


def reach(sites: PilotSites, offer: Offer) -> float:
    """People trained over the people worth training in the pilot's units, at most one."""
    people = sum(n for unit, n in zip(offer.blocks, offer.targets, strict=True) if unit in sites.pilot_units)
    return min(1.0, sites.trained / people) if people > 0 else 0.0


def months_since(evidence: Evidence, sites: PilotSites) -> int:
    """Whole months from the start to the as-of date, at least one."""
    as_of, start = evidence.settings.as_of, sites.start
    return max(1, 12 * (as_of.year - start.year) + as_of.month - start.month)


def strength(evidence: Evidence, sites: PilotSites, offer: Offer) -> float:
    """Reach x mean over the outcome months of ramp x maintenance: how much of the full effect the units could show."""
    months = months_since(evidence, sites)
    course = flow.course(offer.programme, offer.keep_share, start_month=0, months=months)
    return reach(sites, offer) * float(course[1:].mean())


def parts(values: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """How much of each metric each leak is: rework and its causes, days beyond the target, exits."""
    causes = split_causes(coordination_share=values["coordination_share"], other_share=values["other_cause_share"])
    return {
        "rework": {"rework": causes.coordination, "technical_skill_gap": causes.skills},
        "slow_decisions": {"slow_decisions": 1.0},
        "exits": {"regretted_exits": 1.0},
    }


def predicted(problem: DecisionProblem, offer: Offer, metric: str, share: float) -> Floats | None:
    """g_j of every draw: the reduction of the metric at the pilot's reach and time; None where nothing acts on it."""
    values = dict(problem.values)
    effects = flow.reductions(values, offer)
    acting = {leak: part for leak, part in parts(values).get(metric, {}).items() if leak in effects}
    if not acting or share <= 0:
        return None
    total = sum(effects[leak] * part for leak, part in acting.items()) * share
    return np.broadcast_to(np.asarray(total, dtype=float), (problem.parts.shape[1],)).copy()


def metric_reading(
    problem: DecisionProblem, evidence: Evidence, side: Side, measured: Sequence[Measured], *, site_sd: float
) -> Reading | None:
    """The work metrics read as reductions of their leaks, with their joint covariance; None where none can be."""
    sites, offer = evidence.pilot_sites, taken_offer(evidence, problem)
    if sites is None or offer is None:
        return None
    share = strength(evidence, sites, offer)
    kept = []
    for one in measured:
        says = predicted(problem, offer, one.shown.metric, share) if believed(one) else None
        if says is not None and one.reduction is not None:
            kept.append((one.shown.metric, one.reduction, says))
    if not kept:
        return None
    stacked = np.stack([row[2] for row in kept], axis=1)
    return Reading(
        route="work metrics",
        measures=tuple(row[0] for row in kept),
        observed=np.array([row[1].share for row in kept]),
        predicted=stacked,
        covariance=joint_covariance([row[1] for row in kept]),
        site=site_sds(problem, side, stacked, site_sd),
    )


def site_sds(problem: DecisionProblem, side: Side, says: Floats, site_sd: float) -> Floats:
    """The spread of d over sites, carried to each measure in proportion: tau x mean of g_j / mean of d."""
    d = float(np.mean(problem.draws[D_NAME[side]]))
    return np.asarray(site_sd * says.mean(axis=0) / d if abs(d) > 1e-9 else np.zeros(says.shape[1]))


def by_way_of_metrics(
    problem: DecisionProblem,
    evidence: Evidence,
    side: Side,
    *,
    d: float,
    standard_error: float,
    spread: dict[str, float],
    register: Register,
    site_sd: float,
) -> Reading | None:
    """The sceptical reading: a rating effect moves each metric by gamma x d x sigma/mu only; None without metrics.

    Held against the full effect in teams whose leader was trained.
    """
    offer = tried_offer(evidence, problem, side)
    if offer is None:
        return None
    says = {metric: predicted(problem, offer, metric, 1.0) for metric in spread}
    names = tuple(metric for metric, draws in says.items() if draws is not None)
    if not names:
        return None
    entry = register["rating_to_metric_share"]
    mean, variance = triangular_moments(low=entry.low, mode=entry.value, high=entry.high)
    seen, covariance = rating_to_reductions(
        d=d,
        standard_error=standard_error,
        spread=[spread[name] for name in names],
        share_mean=mean,
        share_variance=variance,
    )
    stacked = np.stack([np.asarray(says[name]) for name in names], axis=1)
    route: Route = "ratings by way of work metrics"
    return Reading(
        route=route,
        measures=names,
        observed=seen,
        predicted=stacked,
        covariance=covariance,
        site=site_sds(problem, side, stacked, site_sd),
    )


def plan_now(problem: DecisionProblem, weights: Floats, *, undecidable: bool) -> PlanNow:
    """The admissible plan of highest expected NPV under the weights, and how sure its class is."""
    means = weights @ problem.utilities
    best = best_plans(means, problem.classes, problem.admissible)
    kind = max(best, key=lambda one: (means[best[one]], -best[one]))
    rivals = problem.utilities_of([best[one] for one in best])
    top = rivals >= rivals.max(axis=1, keepdims=True)
    shares = weights @ (top / top.sum(axis=1, keepdims=True))
    plan = problem.plans[best[kind]]
    answer: Answer = "insufficient data" if undecidable else kind
    return PlanNow(
        answer=answer,
        certainty=None if undecidable else float(shares[list(best).index(kind)]),
        spend=plan.cost,
        share_leadership=plan.leadership_share,
        expected_npv=float(means[best[kind]]),
        p_npv_positive=float(weights @ (problem.utilities_of([best[kind]])[:, 0] > 0)),
    )
