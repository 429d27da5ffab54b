"""Other plans for the same budget by the same draws: nothing, today's mix, pro rata, greedy, one track alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from workbook.model.plans import MOST_PROGRAMMES, fill, spread_pro_rata
from workbook.model.returns import discount_factors
from workbook.results import Alternative, Week1
from workbook.weeks import economics_flow as flow
from workbook.weeks.decision import DecisionProblem
from workbook.weeks.economics_leaks import NAMES

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]
IN_CLOSED_MONTHS = ", in closed months"


def alternatives(
    problem: DecisionProblem,
    week1: Week1,
    *,
    npv: float,
    bought: Sequence[Ints] | None,
    starts: Sequence[int] | None = None,
    shut: Sequence[Bools] | None = None,
    reference: bool = False,
) -> list[Alternative]:
    """Plans to compare with a plan of this expected NPV and these seats; `gain` is its expected NPV less theirs.

    `reference` puts the reference plan among them. The plan's seats spread pro rata start when its own do (`starts`),
    all others at once; where that month is closed to a unit they train (`shut`: blocks by offer), the label says so.
    """
    made = [Alternative(name="do_nothing", label="Do nothing", cost=0.0, npv=0.0, gain=npv)]
    others = [
        ("today", "Today's split between the tracks", todays_mix(problem, week1)),
        ("pro_rata", "The same seats spread over units by size", pro_rata(problem, bought)),
        ("greedy", "Best benefit for cost first, whatever the track", greedy(problem)),
    ]
    if reference:
        others.append(
            ("reference", "The reference plan, drawn up by rule", [own[problem.chosen] for own in problem.seats])
        )
    for track, label in (("leadership", "Leadership alone"), ("technical", "Technical training alone")):
        own = problem.reference[track]
        others.append((track, label, [seats[own] for seats in problem.seats] if problem.offers else None))
    for name, label, seats in others:
        if seats is not None:
            cost, worth = worth_of_seats(problem, seats, starts if name == "pro_rata" else None)
            closed = name != "pro_rata" and any(np.any(own[no] > 0) for own, no in zip(seats, shut or (), strict=False))
            label += IN_CLOSED_MONTHS if closed else ""
            made.append(Alternative(name=name, label=label, cost=cost, npv=worth, gain=npv - worth))
    return made


def worth_of_seats(
    problem: DecisionProblem, seats: Sequence[Ints], starts: Sequence[int] | None = None
) -> tuple[float, float]:
    """Point cost and expected NPV of any seats, one array of blocks an offer; of offers started later if asked."""
    acting = [k for k, bought in enumerate(seats) if bought.any()]
    if not acting:
        return 0.0, 0.0
    own = [seats[k][None, :] for k in acting]
    offers = [problem.offers[k] if starts is None else replace(problem.offers[k], start_month=starts[k])
              for k in acting]  # fmt: skip
    terms = tuple(term for term in flow.terms_of(offers, own) if problem.counted[term.component])
    months = problem.terms.horizon_months
    factors = discount_factors(yearly_rate=problem.terms.yearly_rate, months=months)
    courses = flow.times(terms, offers, start_month=problem.terms.start_month, months=months)
    shares = np.stack([problem.company.shares[name] for name in NAMES])
    worth = {key: np.asarray(course @ factors) for key, course in courses.items()}
    rows = flow.coefficients(terms, offers, flow.reaches(offers, own), shares, worth)
    effects = [problem.effects[k] for k in acting]
    benefit = float(flow.products(terms, effects, problem.parts).mean(axis=0) @ rows[:, 0]) if terms else 0.0
    bill = flow.cost_parts(offers, own)[:, 0]
    present = flow.present_cost_parts(offers, own, yearly_rate=problem.terms.yearly_rate)[:, 0]
    expected = float(problem.cost_features.mean(axis=0) @ present) * problem.start_factor
    return float(flow.cost_features(problem.point, 1)[0] @ bill), benefit - expected


def todays_mix(problem: DecisionProblem, week1: Week1) -> list[Ints] | None:
    """The budget split between the tracks as today's spending is; None where that is not known."""
    leading, technical = week1.spend.leadership_share, week1.spend.technical_share
    if not leading and not technical:
        return None
    share = (leading or 0.0) / ((leading or 0.0) + (technical or 0.0))
    people = round(problem.terms.cohort_size * share)
    split = {"leadership": (share, people), "technical": (1 - share, problem.terms.cohort_size - people)}
    made: dict[int, Ints] = {}
    for track, (part, seats) in split.items():
        own = [k for k, offer in enumerate(problem.offers) if offer.track == track]
        made.update(zip(own, _filled(problem, own, part, seats), strict=True))
    return [made[k] for k in range(len(problem.offers))]


def greedy(problem: DecisionProblem) -> list[Ints] | None:
    """The whole budget by expected benefit over cost."""
    everything = list(range(len(problem.offers)))
    return _filled(problem, everything, 1.0, problem.terms.cohort_size, ratio=True) if everything else None


def pro_rata(problem: DecisionProblem, bought: Sequence[Ints] | None) -> list[Ints] | None:
    """A plan's seats of each programme spread over units by the size of its audience; None where it buys nothing."""
    if bought is None or not any(seats.any() for seats in bought):
        return None
    return [
        spread_pro_rata(int(seats.sum()), offer.targets) for offer, seats in zip(problem.offers, bought, strict=True)
    ]


def _filled(
    problem: DecisionProblem, own: Sequence[int], part: float, seats: int, *, ratio: bool = False
) -> list[Ints]:
    options = flow.planning_options(
        [problem.offers[k] for k in own],
        problem.parts,
        [problem.effects[k] for k in own],
        problem.counted,
        yearly_rate=problem.terms.yearly_rate,
        horizon_months=problem.terms.horizon_months,
    )
    rows = fill(
        options,
        budgets_money=np.array([problem.terms.budget_money * part]),
        seats=np.array([seats]),
        unit_shares=np.stack([problem.company.shares[name] for name in NAMES]),
        rule="ratio" if ratio else "net",
        most_programmes=(2 if ratio else 1) * MOST_PROGRAMMES,
    )
    return [row[0] for row in rows]
