"""What the pilot costs, what it must show, and whether finding out is worth its price and its delay."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from workbook.evidence import COMPANY, Evidence
from workbook.model import information
from workbook.results import Week1, Week3
from workbook.scenario import Scenario
from workbook.weeks.decision import DecisionProblem, decision_problem
from workbook.weeks.economics_flow import D_NAME, Offer
from workbook.weeks.economics_information import break_even_d
from workbook.weeks.week4_design import Chosen
from workbook.weeks.week4_units import Side, Trained

Floats = npt.NDArray[np.float64]
PILOT_MONTHS = 9
OUTCOMES = 128
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
    cost_money: float | None,
    side: Side,
    standard_error: float | None,
    *,
    decidable: bool,
) -> Value:
    """Target, break-even, EVSI, and whether the pilot beats acting at once, its delay netted out.

    Where the verdict is `insufficient data` the missing tables come first: neither worth is claimed (`decidable`).
    """
    problem = decision_problem(evidence, scenario, week1)
    name = D_NAME[side]
    target, even = problem.point.get(name), break_even_d(problem, side)
    if name not in problem.draws:
        return Value(target, even, None, None, None, why=f"{name} is fixed, so there is nothing to find out.")
    if not decidable:
        return Value(target, even, None, None, None, why="What it is worth hangs on the tables that are missing.")
    if standard_error is None:
        return Value(target, even, None, None, None, why="The pilot's precision is not known, so neither is its worth.")
    noise = np.random.default_rng(scenario.seed).standard_normal((OUTCOMES, 1))
    error = np.array([standard_error])
    found = information.evsi(problem.utilities[:, problem.admissible], problem.draws[name][:, None], error, noise)
    if not cost_money:
        return Value(
            target, even, found, None, None, why="What the pilot costs is not known, so neither is its net worth."
        )
    if not chosen.comparison_n:
        why = "Nobody is left to be trained after the pilot, so there is no later decision it could inform."
        return Value(target, even, found, None, None, why=why)
    act = act_at_once_money(evidence, scenario, week1, chosen)
    netted = pilot_first_money(evidence, scenario, week1, chosen, cost_money, side, error, noise) - act
    return Value(target, even, found, netted, netted > 0, act_money=act)


def act_at_once_money(evidence: Evidence, scenario: Scenario, week1: Week1, chosen: Chosen) -> float:
    """max_x E U_x when pilot and waiting people may all start now."""
    everyone = scenario.model_copy(update={"cohort_size": chosen.pilot_n + chosen.comparison_n})
    problem = decision_problem(evidence, everyone, week1, quick=True)
    return float(problem.means[problem.admissible].max())


def pilot_first_money(
    evidence: Evidence,
    scenario: Scenario,
    week1: Week1,
    chosen: Chosen,
    cost_money: float,
    side: Side,
    error: Floats,
    noise: Floats,
) -> float:
    """U(pilot now) - measurement + E_y max_x E[U_x of the rest, started after the pilot | y].

    The rest is what a plan for everybody, started nine months later, adds to the pilot (plans that hold the pilot), or
    a plan of the other track that the remaining money buys, or nothing.
    """
    small = {"cohort_size": chosen.pilot_n, "budget_money": cost_money, "minimum_technical_share": 0.0}
    wide = {"cohort_size": chosen.pilot_n + chosen.comparison_n}
    later = {"start_month": scenario.start_month + PILOT_MONTHS}
    now = decision_problem(evidence, scenario.model_copy(update=small), week1, quick=True)
    pilot_now = float(now.means[now.reference[side]])
    same = decision_problem(evidence, scenario.model_copy(update={**small, **later}), week1, quick=True)
    after = decision_problem(evidence, scenario.model_copy(update={**wide, **later}), week1, quick=True)
    rest = rest_utilities(after, same.utilities_of([same.reference[side]])[:, 0], cost_money, side)
    learned = information.evsi(rest, after.draws[D_NAME[side]][:, None], error, noise)
    people = chosen.pilot_n + chosen.comparison_n
    return pilot_now - measurement_money(evidence, people) + learned + float(rest.mean(axis=0).max())


def rest_utilities(after: DecisionProblem, pilot_later: Floats, cost_money: float, side: Side) -> Floats:
    """What each admissible plan adds after a pilot of `cost_money` on `side`; the first column adds nothing."""
    columns = [np.zeros(len(pilot_later))]
    for index in np.flatnonzero(after.admissible):
        plan = after.plans[index]
        leading = plan.cost * (plan.leadership_share or 0.0)
        own = leading if side == "leadership" else plan.cost - leading
        worth = after.utilities_of([int(index)])[:, 0]
        if own >= cost_money * (1 - 1e-9):
            columns.append(worth - pilot_later)
        elif own == 0 and 0 < plan.cost <= after.terms.budget_money - cost_money:
            columns.append(worth)
    return np.stack(columns, axis=1)
