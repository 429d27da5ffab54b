"""One plan alone, compiled: its NPV for any values of the inputs, its monthly flow, and the replay of a single draw."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt

from workbook.model.returns import discount_factors
from workbook.model.simulation import sobol_uniforms
from workbook.weeks import economics_flow as flow
from workbook.weeks.decision import DecisionProblem
from workbook.weeks.economics_leaks import NAMES

Floats = npt.NDArray[np.float64]
CHUNK: Final = 8192
PROBES: Final = 16


class Outcome(NamedTuple):
    """Results of one plan by draw: net present value, benefits and costs at present value, payback month or inf."""

    npv: Floats
    benefits: Floats
    costs: Floats
    payback_month: Floats


@dataclass(frozen=True)
class OnePlan:
    """A plan of a problem with all that does not depend on the inputs worked out. F features, H horizon months.

    `bill` (3,) are the parts of its cost as worth in the month in which anything may start, `bills` by month when due.
    """

    problem: DecisionProblem
    offers: tuple[flow.Offer, ...]
    terms: tuple[flow.Term, ...]
    by_month: Floats
    present: Floats
    bill: Floats
    bills: Mapping[int, Floats]

    def npv(self, values: Mapping[str, Any], draws: int) -> Floats:
        """Net present value at `values` (numbers or arrays of `draws`): (draws,)."""
        costs = flow.cost_features(values, draws) @ self.bill * self.problem.start_factor
        return np.asarray(self._features(values, draws) @ self.present - costs)

    def monthly(self, values: Mapping[str, Any], draws: int) -> Floats:
        """Net flow by month 0..H, undiscounted: (draws, H + 1)."""
        net = self._features(values, draws) @ self.by_month
        for due, bill in self.bills.items():
            if due < net.shape[1]:
                net[:, due] -= flow.cost_features(values, draws) @ bill
        return net

    def outcome(self, values: Mapping[str, Any], draws: int) -> Outcome:
        """Net present value, benefits, costs and payback of each draw."""
        features, weights = self._features(values, draws), flow.cost_features(values, draws)
        benefits, costs = features @ self.present, weights @ self.bill * self.problem.start_factor
        running = self._running @ features.T
        for due, bill in self.bills.items():
            running[due:] -= weights @ bill
        back = running >= -1e-9 * np.abs(running).max(axis=0)
        months = np.where(back.any(axis=0), back.argmax(axis=0).astype(float), np.inf)
        return Outcome(np.asarray(benefits - costs), np.asarray(benefits), np.asarray(costs), months)

    def simulated(self, uniforms: Floats) -> Outcome:
        """The plan's outcome over all draws, from the columns of the draw matrix in `columns`: (draws, columns).

        Worked off in chunks that fit the processor's cache; only the inputs that move the plan are drawn.
        """
        register, place = self.problem.register, {column: k for k, column in enumerate(self.columns)}
        made = []
        for at in range(0, len(uniforms), CHUNK):
            rows = uniforms[at : at + CHUNK]
            drawn = {name: register[name].drawn_from(rows, place) for name in self.inputs}
            made.append(self.outcome({**self.problem.point, **drawn}, len(rows)))
        return Outcome(*(np.concatenate(parts) for parts in zip(*made, strict=True)))

    def uniforms(self, *, draws: int, seed: int) -> Floats:
        """The columns of the draw matrix this plan needs."""
        return sobol_uniforms(draws=draws, seed=seed, columns=self.columns)

    @cached_property
    def columns(self) -> tuple[int, ...]:
        """Columns of the draw matrix the inputs are drawn from."""
        register = self.problem.register
        return tuple(sorted({column for name in self.inputs for column in register[name].columns}))

    @cached_property
    def inputs(self) -> tuple[str, ...]:
        """Inputs that vary and move this plan: found by swapping each between a few draws."""
        draws = {name: row[:PROBES] for name, row in self.problem.draws.items()}
        here = self.npv({**self.problem.point, **draws}, PROBES)
        return tuple(
            name
            for name, row in draws.items()
            if (self.npv({**self.problem.point, **draws, name: row[::-1]}, PROBES) != here).any()
        )

    @cached_property
    def _running(self) -> Floats:
        return np.ascontiguousarray(np.cumsum(self.by_month, axis=1).T)

    def _features(self, values: Mapping[str, Any], draws: int) -> Floats:
        return flow.features(self.terms, self.offers, values, self.problem.parts_at(values, draws))


def one_plan(problem: DecisionProblem, plan: int) -> OnePlan:
    """A plan of the problem, alone."""
    acting = [k for k, bought in enumerate(problem.seats) if bought[plan].any()]
    offers = tuple(problem.offers[k] for k in acting)
    seats = [problem.seats[k][plan : plan + 1] for k in acting]
    months = problem.terms.horizon_months
    if not offers:
        return OnePlan(problem, (), (), np.zeros((0, months + 1)), np.zeros(0), np.zeros(3), {})
    terms = tuple(term for term in flow.terms_of(offers, seats) if problem.counted[term.component])
    shares = np.stack([problem.company.shares[name] for name in NAMES])
    time = flow.times(terms, offers, start_month=problem.terms.start_month, months=months)
    rows = flow.coefficients(terms, offers, flow.reaches(offers, seats), shares, time) if terms else None
    by_month = np.zeros((0, months + 1)) if rows is None else rows[:, 0, :]
    factors = discount_factors(yearly_rate=problem.terms.yearly_rate, months=months)
    bill = flow.present_cost_parts(offers, seats, yearly_rate=problem.terms.yearly_rate)[:, 0]
    bills: dict[int, Floats] = {}
    for offer, own in zip(offers, seats, strict=True):
        due = problem.terms.start_month + offer.start_month
        bills[due] = bills.get(due, np.zeros(3)) + flow.cost_parts([offer], [own])[:, 0]
    return OnePlan(problem, offers, terms, by_month, by_month @ factors, bill, bills)


def replay(problem: DecisionProblem, index: int, plan: int | None = None) -> dict[str, Any]:
    """One draw again, alone: its inputs by name and the NPV of a plan (the chosen one) at exactly these.

    `index` counts the draws from 0. Raises IndexError beyond the last.
    """
    if not 0 <= index < len(problem.features):
        raise IndexError(f"draw {index} does not exist: there are {len(problem.features)}, counted from 0.")
    chosen = problem.chosen if plan is None else plan
    inputs = {**problem.point, **{name: float(drawn[index]) for name, drawn in problem.draws.items()}}
    return {"inputs": inputs, "npv": float(one_plan(problem, chosen).npv(inputs, 1)[0])}
