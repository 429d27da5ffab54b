"""Value of information, flips, tornado and break-even, all read off the one decision problem."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from workbook.assumptions import Assumption
from workbook.model.information import evpi, evppi_noise, evppi_of_each
from workbook.model.prioritise import Class, best_plans
from workbook.results import Flip, Information, InputInformation, TornadoBar
from workbook.weeks.decision import DecisionProblem
from workbook.weeks.economics_flow import D_NAME
from workbook.weeks.economics_leaks import NAMES
from workbook.words import Words

Floats = npt.NDArray[np.float64]
FLIP_DRAWS: Final = 1024
SCAN: Final = 9
PARTS: Final = 16
HALVINGS: Final = 2
ENOUGH_FOR_INFORMATION: Final = 0.05
"""Share of the budget that learning stand-in inputs may be worth before the answer is `insufficient data` (ours)."""
D_LIMIT: Final = 3.0


def defaulted_evppi(problem: DecisionProblem, tables: Iterable[str] | None = None) -> float:
    """What learning the leaks that stand in for missing tables would add, against deciding now without them.

    E max_x (E U_x + sum of phi_c m_cx) - the same for the plan chosen now. Exact, without regression: a plan's worth is
    linear in each leak, and what is left out is independent of the rest. `tables` narrows it to leaks that lack these.
    """
    wanted = None if tables is None else set(tables)
    learnt = [
        index
        for index, name in enumerate(NAMES)
        if not problem.counted[index] and (wanted is None or wanted & set(problem.missing[name]))
    ]
    allowed = np.flatnonzero(problem.admissible)
    if not learnt:
        return 0.0
    means = problem.means[allowed]
    worth = np.tile(means, (problem.parts.shape[1], 1))
    for index in learnt:
        rows = [k for k, term in enumerate(problem.feature_terms) if term.component == index]
        leak = problem.parts[index]
        typical = float(leak.mean())
        if not rows or typical <= 0:
            continue
        per_unit = problem.features[:, rows].mean(axis=0) / typical @ problem.coefficients[rows][:, allowed]
        worth += np.multiply.outer(leak, per_unit)
    now = int(np.flatnonzero(allowed == problem.chosen)[0])
    return max(float(worth.max(axis=1).mean() - worth.mean(axis=0)[now]), 0.0)


def tables_to_ask_for(problem: DecisionProblem) -> dict[str, float]:
    """What learning each missing table alone would be worth, the most valuable first."""
    tables = dict.fromkeys(table for missing in problem.missing.values() for table in missing)
    worth = {table: defaulted_evppi(problem, [table]) for table in tables}
    return dict(sorted(worth.items(), key=lambda pair: -pair[1]))


def information(problem: DecisionProblem, words: Words | None = None) -> Information:
    """EVPI, EVPPI of every input and group of inputs, tornado, drivers and stress test of the chosen plan."""
    from workbook.weeks import economics_drivers as drivers

    utilities = problem.utilities[:, problem.admissible]
    spread = utilities[:, np.ptp(utilities, axis=0) > 0] if utilities.shape[1] > 1 else utilities
    if spread.shape[1] < utilities.shape[1]:
        spread = np.concatenate([np.zeros((len(utilities), 1)), spread], axis=1)
    plan, used, say = spending_plan(problem), _used(problem), words or Words()
    noise = evppi_noise(spread, seed=1)
    learnt = evppi_of_each(spread, {name: problem.draws[name] for name in used})
    return Information(
        evpi=evpi(utilities),
        evppi={
            name: InputInformation(name=name, label=entry.label, evppi=learnt[name], noise=noise)
            for name, entry in used.items()
        },
        tornado=tuple(tornado(problem)),
        defaulted_tables_evppi=defaulted_evppi(problem),
        groups=tuple(drivers.groups(problem, spread, used)),
        drivers=drivers.drivers(problem, plan, say),
        stress=drivers.stress_test(problem, plan, say),
        correlations=tuple(drivers.correlations(problem)),
        correlations_note=drivers.correlations_note(problem, say),
    )


def _used(problem: DecisionProblem) -> dict[str, Assumption]:
    """Inputs that vary and that some counted component, effect or price of the plans depends on."""
    acted = {leak for offer in problem.offers for leak in offer.programme.effect_at_ref}
    return {
        name: problem.register[name]
        for name in problem.register.uncertain
        if not problem.register[name].is_default
        and not (name.startswith("effect_on_") and name.removeprefix("effect_on_") not in acted)
    }


def spending_plan(problem: DecisionProblem) -> int:
    """The chosen plan, or where nothing is bought the best plan that spends."""
    if problem.plans[problem.chosen].cost > 0 or len(problem.plans) == 1:
        return problem.chosen
    spending = [k for k, plan in enumerate(problem.plans) if plan.cost > 0]
    return max(spending, key=lambda k: (problem.means[k], -k))


def tornado(problem: DecisionProblem) -> list[TornadoBar]:
    """NPV of one plan with one input at its low and its high, the others at their value; widest first."""
    plan = spending_plan(problem)
    bars = [
        TornadoBar(
            name=name,
            label=entry.label,
            low_value=entry.low,
            high_value=entry.high,
            npv_low=ends[0],
            npv_high=ends[1],
        )
        for name, entry in _used(problem).items()
        for ends in [_npv_over(problem, plan, name, np.array([entry.low, entry.high]))]
    ]
    return sorted(bars, key=lambda bar: -abs(bar.npv_high - bar.npv_low))


def _npv_over(problem: DecisionProblem, plan: int, name: str, values: Floats) -> list[float]:
    """Point NPV of a plan with one assumption at each of `values`."""
    at = {**problem.point, name: values}
    features, costs = problem.features_at(at, problem.parts_at(at, len(values)))
    npv = features @ problem.counted_coefficients[:, plan] - costs @ problem.cost_rows[:, plan] * problem.start_factor
    return [float(money) for money in npv]


def break_even_d(problem: DecisionProblem, track: str) -> float | None:
    """Effect size at which the track's own plan has a point NPV of zero; None where none up to 3 SD does."""
    plan = problem.reference[track]
    if problem.plans[plan].cost <= 0:
        return None
    low, high = 0.0, D_LIMIT
    for _ in range(3):
        grid = np.linspace(low, high, 101)
        npv = np.array(_npv_over(problem, plan, D_NAME[track], grid))
        above = np.flatnonzero(npv >= 0)
        if len(above) == 0:
            return None
        first = int(above[0])
        if first == 0:
            return float(grid[0])
        low, high = float(grid[first - 1]), float(grid[first])
    return low + (high - low) * float(-npv[first - 1] / (npv[first] - npv[first - 1]))


def flips(problem: DecisionProblem) -> list[Flip]:
    """For each input the nearest value inside its range at which the answer changes, and how likely that is.

    The answer at a value is the class of the plan with the highest expected NPV given that value, the other inputs'
    draws held (the first 1,024 of them). Eight values either side are scanned outward, then the interval of the
    crossing is narrowed twice to a sixteenth.
    """
    found = [_flip(problem, name, entry) for name, entry in _used(problem).items()]
    return sorted(found, key=lambda flip: (flip.flips_at is None, -(flip.probability or 0.0)))


def _flip(problem: DecisionProblem, name: str, entry: Assumption) -> Flip:
    answer = problem.classes[problem.chosen]
    steps = [np.linspace(entry.value, end, SCAN)[1:] for end in (entry.low, entry.high)]
    answers = answers_at(problem, name, np.concatenate(steps))
    nearest: tuple[float, bool, Class] | None = None
    for values, found, upward in ((steps[0], answers[: SCAN - 1], False), (steps[1], answers[SCAN - 1 :], True)):
        other = next((k for k, there in enumerate(found) if there != answer), None)
        if other is None:
            continue
        before = float(values[other - 1]) if other else entry.value
        crossing, there = _halve(problem, name, before, float(values[other]), found[other])
        if nearest is None or abs(crossing - entry.value) < abs(nearest[0] - entry.value):
            nearest = (crossing, upward, there)
    if nearest is None:
        return Flip(
            assumption=name, label=entry.label, value_now=entry.value, flips_at=None, to_answer=None, probability=None
        )
    crossing, upward, there = nearest
    drawn = problem.draws[name]
    beyond = drawn >= crossing if upward else drawn <= crossing
    return Flip(
        assumption=name, label=entry.label, value_now=entry.value, flips_at=crossing,
        to_answer=there, probability=float(beyond.mean()),
    )  # fmt: skip


def _halve(problem: DecisionProblem, name: str, before: float, after: float, there: Class) -> tuple[float, Class]:
    """Narrow the interval in which the answer changes twice to a sixteenth of itself."""
    answer = problem.classes[problem.chosen]
    for _ in range(HALVINGS):
        values = np.linspace(before, after, PARTS + 1)[1:]
        found = answers_at(problem, name, values)
        first = next((k for k, kind in enumerate(found) if kind != answer), PARTS - 1)
        there = found[first] if found[first] != answer else there
        before, after = (float(values[first - 1]) if first else before), float(values[first])
    return after, there


def answers_at(problem: DecisionProblem, name: str, values: Floats) -> list[Class]:
    """Class of the best admissible plan given that one input has each of `values`, the others' draws held."""
    draws = min(FLIP_DRAWS, problem.parts.shape[1])
    held: dict[str, Any] = {**problem.point, **{key: row[:draws] for key, row in problem.draws.items()}}
    held[name] = values[:, None]
    features, costs = problem.features_at(held, problem.parts_at(held, len(values), draws))
    by_value = features.mean(axis=1), costs.mean(axis=1)
    return [_best_class(problem, problem.expected(f, c)) for f, c in zip(*by_value, strict=True)]


def _best_class(problem: DecisionProblem, means: Floats) -> Class:
    best = best_plans(means, problem.classes, problem.admissible)
    return max(best, key=lambda kind: (means[best[kind]], -best[kind]))
