"""Scenarios side by side on the same draws, so that a difference is the scenarios' and not the dice's."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
import numpy.typing as npt

from workbook import weeks
from workbook.errors import BadArgument
from workbook.evidence import Evidence
from workbook.frozen import Frozen
from workbook.model.returns import payback_month, present_value, roi_percent
from workbook.results import Answer, Facts
from workbook.scenario import Scenario
from workbook.weeks.decision import DecisionProblem, decision_problem
from workbook.weeks.verdict import answer_of

Floats = npt.NDArray[np.float64]
SAME_FOR_ALL: Final = ("name", "draws", "seed")


class Percentiles(Frozen):
    """P10, P50 and P90 over the draws; None where the figure is not reached within the horizon or does not exist."""

    p10: float | None
    p50: float | None
    p90: float | None


class Paired(Frozen):
    """Net present value less the first scenario's, draw by draw. Draws in which both are equal are not better."""

    mean: float
    p10: float
    p50: float
    p90: float
    p_better: float


class Compared(Frozen):
    """One scenario's decision: the plan it would choose and what that plan is worth. `versus_first` is the pair."""

    scenario: Scenario
    changed: dict[str, float]
    budget_money: float
    answer: Answer
    certainty: float | None
    plan_cost: float
    leadership_share: float | None
    expected_npv: float
    npv: Percentiles
    roi_percent: Percentiles
    payback_month: Percentiles
    p_npv_positive: float | None
    versus_first: Paired | None


class Comparison(Frozen):
    """Scenarios of one client on the same draws; the first is what the others are compared with."""

    facts: Facts
    draws: int
    seed: int
    columns: tuple[Compared, ...]


def compare(evidence: Evidence, scenarios: Sequence[Scenario]) -> Comparison:
    """Work every scenario out on the first one's seed and draws and pair each with the first, draw by draw.

    Each assumption has its own column of the draws, so a scenario that moves one assumption moves no other. Raises
    BadArgument when there is no scenario or two bear the same name.
    """
    if not scenarios:
        raise BadArgument("compare: no scenario was named. Name one at least, such as base.")
    names = [scenario.name for scenario in scenarios]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise BadArgument(f"compare: '{twice[0]}' is named twice. Name each scenario once.")
    first = scenarios[0]
    same = {"draws": first.draws, "seed": first.seed}
    columns: list[Compared] = []
    base: Floats | None = None
    for scenario in scenarios:
        worth, column = _column(evidence, scenario.model_copy(update=same), base)
        base = worth if base is None else base
        columns.append(column)
    return Comparison(facts=weeks.facts(evidence, columns[0].scenario), columns=tuple(columns), **same)


def _column(evidence: Evidence, scenario: Scenario, base: Floats | None) -> tuple[Floats, Compared]:
    """The chosen plan's worth by draw, and the scenario's column."""
    problem = decision_problem(evidence, scenario, weeks.week1(evidence, scenario))
    chosen, answer = problem.chosen, answer_of(problem)
    plan, worth = problem.plans[chosen], problem.utilities_of([problem.chosen])[:, 0]
    spends = plan.cost > 0
    roi, back = _returns(problem, chosen) if spends else (None, None)
    return worth, Compared(
        scenario=scenario,
        changed=changes(scenario),
        budget_money=problem.terms.budget_money,
        answer=answer,
        certainty=None if answer == "insufficient data" else problem.certainty[problem.classes[chosen]],
        plan_cost=plan.cost,
        leadership_share=plan.leadership_share,
        expected_npv=float(worth.mean()),
        npv=_percentiles(worth),
        roi_percent=_percentiles(roi),
        payback_month=_percentiles(back),
        p_npv_positive=float(np.mean(worth > 0)) if spends else None,
        versus_first=None if base is None else paired(worth, base),
    )


def _returns(problem: DecisionProblem, plan: int) -> tuple[Floats, Floats]:
    """ROI in percent and month of payback, by draw."""
    benefits, costs = problem.monthly(plan, point=False)
    rate = problem.terms.yearly_rate
    worth, bill = (present_value(flow, yearly_rate=rate) for flow in (benefits, costs))
    return np.asarray(roi_percent(benefits=worth, costs=bill)), payback_month(benefits - costs)


def paired(worth: Floats, base: Floats) -> Paired:
    """Difference of two scenarios' worth over common draws (S,), and how often the first of them is better."""
    gain = worth - base
    p10, p50, p90 = (float(value) for value in np.percentile(gain, [10, 50, 90]))
    return Paired(mean=float(gain.mean()), p10=p10, p50=p50, p90=p90, p_better=float(np.mean(gain > 0)))


def _percentiles(values: Floats | None) -> Percentiles:
    """Values that actual draws took, so that months may be infinite: those become None."""
    if values is None:
        return Percentiles(p10=None, p50=None, p90=None)
    found = np.percentile(values, [10, 50, 90], method="inverted_cdf")
    p10, p50, p90 = (float(value) if np.isfinite(value) else None for value in found)
    return Percentiles(p10=p10, p50=p50, p90=p90)


def changes(scenario: Scenario) -> dict[str, float]:
    """What a scenario moves away from client.yml, by key; assumptions under their own names."""
    plain = Scenario().model_dump()
    moved: dict[str, float] = {}
    for key, value in scenario.model_dump().items():
        if key in SAME_FOR_ALL or value == plain[key]:
            continue
        if key == "overrides":
            moved.update(value)
        elif isinstance(value, dict):
            moved.update({f"{key}.{part}": v for part, v in value.items() if v != plain[key].get(part)})
        else:
            moved[key] = value
    return moved
