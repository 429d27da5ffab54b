"""Pilot first or act at once: the decision problem's own plans, taken in two stages.

Everything is valued over the same months with the same draws. Acting at once: the best admissible plan for pilot and
waiting people together. Piloting first: the pilot's seats now, and nine months later the rest of whichever plan the
result favours. Approximate in three ways, all said in docs/methods.md: at most 4,096 draws; what pilot and rest save in
the same unit is added up, not saturated; the waiting people are all who can be trained later.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from workbook.model import detectable, information
from workbook.model.plans import spread_pro_rata
from workbook.model.returns import discount_factors
from workbook.results import PilotSize
from workbook.weeks import economics_flow as flow
from workbook.weeks.decision import DecisionProblem
from workbook.weeks.economics_flow import D_NAME, Offer
from workbook.weeks.economics_leaks import NAMES
from workbook.weeks.week4_units import Side

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Advice = Literal["run", "enlarge", "reduce", "skip"]
PILOT_MONTHS = 9
OUTCOMES = 128
LEAST_ARM = 6
SIZE_FACTORS = (0.5, 0.75, 1.0, 1.25, 1.5)
CLEARLY = 1.05


@dataclass(frozen=True)
class Stage:
    """What a pilot first is made of: the problem for everybody, the programme, its host units, people of both arms."""

    problem: DecisionProblem
    offer: Offer
    hosts: tuple[str, ...]
    people: int
    side: Side
    seed: int

    @property
    def site_sd(self) -> float:
        """How much the programme's effect differs between sites, in SD."""
        return self.problem.point["site_spread_sd"]


def worth_started(problem: DecisionProblem, seats: Sequence[Ints], *, start_month: int) -> Floats:
    """NPV of any seats (one array of (plans, blocks) an offer) in every draw when all start at `start_month`.

    The same window as the problem's own utilities; at its own start month equal to them. (draws, plans).
    """
    months, rate = problem.terms.horizon_months, problem.terms.yearly_rate
    factors = discount_factors(yearly_rate=rate, months=max(months, start_month))
    terms = tuple(term for term in flow.terms_of(problem.offers, seats) if problem.counted[term.component])
    draws = problem.parts.shape[1]
    bill = flow.cost_features(problem.values, draws) @ flow.cost_parts(problem.offers, seats)
    worth = -bill * (factors[start_month] if start_month <= months else 0.0)
    if terms and start_month <= months:
        course = flow.times(terms, problem.offers, start_month=start_month, months=months)
        value = {together: np.asarray(flows @ factors[: months + 1]) for together, flows in course.items()}
        shares = np.stack([problem.company.shares[name] for name in NAMES])
        rows = flow.coefficients(terms, problem.offers, flow.reaches(problem.offers, seats), shares, value)
        worth = worth + flow.products(terms, problem.effects, problem.parts) @ rows
    return np.asarray(worth)


def pilot_seats(stage: Stage, size: int) -> list[Ints]:
    """The pilot's seats as a plan of one row: its programme over the host units by their people, nothing else."""
    made = [np.zeros((1, len(offer.targets)), dtype=np.int64) for offer in stage.problem.offers]
    at = next(k for k, offer in enumerate(stage.problem.offers) if offer.key == stage.offer.key)
    inside = np.array([block in stage.hosts for block in stage.offer.blocks])
    sizes = np.where(inside if inside.any() else True, stage.offer.targets, 0.0)
    made[at][0] = spread_pro_rata(size, sizes)
    return made


def rest_seats(stage: Stage, pilot: Sequence[Ints]) -> list[Ints]:
    """Every admissible plan without the seats the pilot has filled, one row each; the first row buys nothing.

    A rest whose price with the pilot's exceeds the budget is left out.
    """
    problem = stage.problem
    rest = [np.maximum(own[problem.admissible] - tried, 0) for own, tried in zip(problem.seats, pilot, strict=True)]
    weights = flow.cost_features(problem.point, 1)[0]
    price = weights @ flow.cost_parts(problem.offers, rest)
    spent = float((weights @ flow.cost_parts(problem.offers, pilot))[0])
    kept = price + spent <= problem.terms.budget_money * (1 + 1e-9)
    return [np.concatenate([np.zeros((1, own.shape[1]), dtype=np.int64), own[kept]]) for own in rest]


def pilot_first(stage: Stage, size: int, *, standard_error: float, measurement_money: float) -> tuple[float, float]:
    """Worth of piloting first with `size` people, and the part of it that is owed to what the pilot shows.

    U(pilot now) - measurement + E_y max_x E[U_x of the rest, started after the pilot | y].
    """
    problem, start = stage.problem, stage.problem.terms.start_month
    pilot = pilot_seats(stage, size)
    now = float(worth_started(problem, pilot, start_month=start).mean())
    rest = worth_started(problem, rest_seats(stage, pilot), start_month=start + PILOT_MONTHS)
    noise = np.random.default_rng(stage.seed).standard_normal((OUTCOMES, 1))
    d = problem.draws[D_NAME[stage.side]]
    learned = information.evsi(rest, d[:, None], seen_error(standard_error, stage.site_sd), noise)
    return now - measurement_money + learned + float(rest.mean(axis=0).max()), learned


def seen_error(standard_error: float, site_sd: float) -> Floats:
    """Error (1,) with which a pilot tells the programme's effect: its own and its site's, sqrt(SE^2 + tau^2).

    The follow-up reads the result with the same error.
    """
    return np.array([np.hypot(standard_error, site_sd)])


def act_at_once_money(problem: DecisionProblem) -> float:
    """max_x E U_x over the admissible plans."""
    return float(problem.means[problem.admissible].max())


def sizes(stage: Stage, *, planned: int, standard_error: float, measurement_per_person: float) -> tuple[PilotSize, ...]:
    """The pilot at several sizes out of the same people, the rest of whom wait and are compared.

    A size the host units cannot seat, or that leaves an arm of fewer than six, is left out. The standard error moves
    with the arms as that of two means does.
    """
    found = sorted({round(planned * factor) for factor in SIZE_FACTORS} | {planned})
    base = detectable.standard_error_two_arms(sd=1.0, n_pilot=planned, n_comparison=stage.people - planned)
    act = act_at_once_money(stage.problem)
    made = []
    for size in found:
        waiting = stage.people - size
        seats = pilot_seats(stage, size)
        housed = sum(int(own.sum()) for own in seats) == size
        if size != planned and (min(size, waiting) < LEAST_ARM or not housed):
            continue
        error = detectable.standard_error_two_arms(sd=1.0, n_pilot=size, n_comparison=waiting) / base * standard_error
        worth, learned = pilot_first(
            stage, size, standard_error=error, measurement_money=measurement_per_person * stage.people
        )
        weights = flow.cost_features(stage.problem.point, 1)[0]
        cost = float((weights @ flow.cost_parts(stage.problem.offers, seats))[0])
        made.append(
            PilotSize(
                cohort_size=size, comparison_size=waiting, cost=cost, standard_error=error, learned=learned,
                net=worth - act,
            )
        )  # fmt: skip
    return tuple(made)


def advice(found: Sequence[PilotSize], *, planned: int) -> Advice:
    """Run, enlarge or reduce the pilot, or skip it: the size of highest net worth, if that is above nothing.

    Another size is advised only where its net worth is 5 % higher (house rule).
    """
    own = next(one for one in found if one.cohort_size == planned)
    best = max(found, key=lambda one: one.net)
    if best.net <= 0:
        return "skip"
    if own.net > 0 and best.net <= CLEARLY * own.net:
        return "run"
    return "enlarge" if best.cohort_size > planned else "reduce"
