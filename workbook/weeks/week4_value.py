"""What the pilot costs, what it must show, and whether finding out is worth its price and its delay."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from workbook.evidence import COMPANY, Evidence
from workbook.model import information
from workbook.results import PilotSize, Week1, Week3
from workbook.scenario import Scenario
from workbook.weeks import week4_staged as staging
from workbook.weeks.decision import DecisionProblem, decision_problem
from workbook.weeks.economics_flow import D_NAME, Offer
from workbook.weeks.economics_information import break_even_d
from workbook.weeks.week4_design import Chosen
from workbook.weeks.week4_units import Side, Trained

Advice = staging.Advice
Floats = npt.NDArray[np.float64]
PILOT_MONTHS = staging.PILOT_MONTHS
OUTCOMES = staging.OUTCOMES
AT_REST = "Whether it is worth its delay is worked out when the slider rests."
RATERS_EACH = 6
WAVES = 5
QUESTIONNAIRE_HOURS = 0.25


@dataclass(frozen=True)
class Value:
    """Target and break-even effect, and the worth of finding out; `worth` says it in a sentence, `why` what is missing.

    `netted_money` is what the pilot first brings over acting at once, delay, lost months and measurement included;
    `act_money` is what acting at once is expected to be worth (zero: best to do nothing).
    """

    target_d: float | None
    break_even_d: float | None
    evsi: float | None
    netted_money: float | None
    worth_running: bool | None
    act_money: float | None = None
    why: str | None = None
    sizes: tuple[PilotSize, ...] = ()
    advice: Advice | None = None


def pilot_offer(week3: Week3, problem: DecisionProblem, side: Side) -> Offer | None:
    """The programme tried: the one with most seats in the plan on this track, else the track's first in the catalogue.

    A programme bought by unit goes before one bought for the whole company (executive coaching), which no units can
    compare.
    """
    offers = [offer for offer in problem.offers if offer.track == side]
    seats = {
        offer.key: sum(line.seats for line in week3.plan if line.programme == offer.key and line.track == side)
        for offer in offers
    }
    by_unit = [offer for offer in offers if COMPANY not in offer.blocks]
    return max(by_unit or offers, key=lambda offer: seats[offer.key], default=None)


def trained_by(evidence: Evidence, offer: Offer | None, side: Side) -> Trained:
    """The people of the programme's audience in each unit whose headcount is known."""
    if offer is None:
        return Trained(side, "manager" if side == "leadership" else "individual", {})
    known = {row.unit for row in evidence.headcount}
    people = {unit: round(float(n)) for unit, n in zip(offer.blocks, offer.targets, strict=True) if unit in known}
    return Trained(side, offer.programme.audience, people)


def pilot_money(week3: Week3, offer: Offer | None, chosen: Chosen) -> float | None:
    """What the pilot's seats cost, participants' time included.

    At the plan's cost a seat in the host units where it has lines there, else at the catalogue's price in the client's
    currency.
    """
    if offer is None or not chosen.hosts.pilot:
        return None
    hosts = {one.unit for one in chosen.hosts.pilot}
    lines = [line for line in week3.plan if line.programme == offer.key and line.unit in hosts and line.seats > 0]
    if lines:
        return sum(line.cost for line in lines) / sum(line.seats for line in lines) * chosen.pilot_n
    return seats_money(offer, chosen.pilot_n)


def seats_money(offer: Offer, seats: int) -> float | None:
    """What `seats` seats of a programme cost; beyond the largest number priced, at that number's cost a seat."""
    priced = len(offer.cost_by_seats) - 1
    found = [n for n in range(min(seats, priced), 0, -1) if np.isfinite(offer.cost_by_seats[n])]
    return float(offer.cost_by_seats[found[0]] / found[0] * seats) if found else None


def measurement_money(evidence: Evidence, people: int) -> float:
    """Raters' time at individual pay: six raters a person, five waves, a quarter of an hour each (house assumption)."""
    pay = next((row.yearly_money for row in evidence.pay if row.level == "individual"), 0.0)
    hours = people * RATERS_EACH * WAVES * QUESTIONNAIRE_HOURS
    return hours * pay / (evidence.settings.working_days * 8)


def value_of(
    evidence: Evidence,
    scenario: Scenario,
    week1: Week1,
    chosen: Chosen,
    offer: Offer | None,
    cost_money: float | None,
    side: Side,
    standard_error: float | None,
    *,
    decidable: bool,
    quick: bool = False,
) -> Value:
    """Target, break-even, EVSI, and whether the pilot beats acting at once, its delay netted out.

    Where the verdict is `insufficient data` the missing tables come first: neither worth is claimed (`decidable`).
    `quick` leaves the comparison with acting at once out.
    """
    problem = decision_problem(evidence, scenario, week1, quick=quick)
    name = D_NAME[side]
    target, even = problem.point.get(name), break_even_d(problem, side)
    if name not in problem.draws:
        return Value(target, even, None, None, None, why=f"{name} is fixed, so there is nothing to find out.")
    if not decidable:
        return Value(target, even, None, None, None, why="What it is worth hangs on the tables that are missing.")
    if standard_error is None:
        return Value(target, even, None, None, None, why="The pilot's precision is not known, so neither is its worth.")
    noise = np.random.default_rng(scenario.seed).standard_normal((OUTCOMES, 1))
    error = staging.seen_error(standard_error, problem.point["site_spread_sd"])
    found = information.evsi(problem.utilities[:, problem.admissible], problem.draws[name][:, None], error, noise)
    if quick:
        return Value(target, even, found, None, None, why=AT_REST)
    if not cost_money or offer is None:
        return Value(
            target, even, found, None, None, why="What the pilot costs is not known, so neither is its net worth."
        )
    if not chosen.comparison_n:
        why = "Nobody is left to be trained after the pilot, so there is no later decision it could inform."
        return Value(target, even, found, None, None, why=why)
    stage = staged(evidence, scenario, week1, chosen, offer, side)
    each = measurement_money(evidence, 1)
    tried = staging.sizes(stage, planned=chosen.pilot_n, standard_error=standard_error, measurement_per_person=each)
    netted = next(one.net for one in tried if one.cohort_size == chosen.pilot_n)
    return Value(
        target,
        even,
        found,
        netted,
        netted > 0,
        act_money=staging.act_at_once_money(stage.problem),
        sizes=tried,
        advice=staging.advice(tried, planned=chosen.pilot_n),
    )


def staged(
    evidence: Evidence, scenario: Scenario, week1: Week1, chosen: Chosen, offer: Offer, side: Side
) -> staging.Stage:
    """The decision for pilot and waiting people together, whose plans are taken in two stages."""
    people = chosen.pilot_n + chosen.comparison_n
    wide = decision_problem(evidence, scenario.model_copy(update={"cohort_size": people}), week1, quick=True)
    return staging.Stage(
        problem=wide,
        offer=next((one for one in wide.offers if one.key == offer.key), offer),
        hosts=tuple(one.unit for one in chosen.hosts.pilot),
        people=people,
        side=side,
        seed=scenario.seed,
    )
