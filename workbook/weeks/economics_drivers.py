"""What drives a plan's worth, what learning groups of inputs is worth, what the draws that lose have in common."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

import numpy as np
import numpy.typing as npt

from workbook.assumptions import Assumption
from workbook.model import sensitivity, stress
from workbook.model.information import evppi_group
from workbook.results import CorrelationUse, Driver, Drivers, GroupInformation, Stress, StressCondition
from workbook.weeks.decision import DecisionProblem
from workbook.weeks.economics_one_plan import one_plan
from workbook.words import Words, listing

Floats = npt.NDArray[np.float64]
INDEX_DRAWS: Final = 2048
INDEX_SEED: Final = 7
GROUP_DRAWS: Final = 8192
MOST_CONDITIONS: Final = 3
GROUPS: Final = {
    "effects": "What programmes achieve",
    "leaks": "How large the leaks are and what causes them",
    "people_costs": "What people and empty roles cost",
    "prices": "What programmes cost to buy",
}
PEOPLE_COSTS: Final = (
    "on_cost_share",
    "replacement_individual_share",
    "replacement_manager_share",
    "replacement_executive_share",
    "role_value_factor",
    "role_value_pay_multiple",
    "decision_day_person_days",
)


def group_of(name: str) -> str:
    """The group an input belongs to: one question a study, an audit or a quote could answer."""
    if name.startswith(("d_", "effect_on_", "effect_cap")):
        return "effects"
    if name == "price_level":
        return "prices"
    return "people_costs" if name in PEOPLE_COSTS else "leaks"


def groups(problem: DecisionProblem, utilities: Floats, used: Mapping[str, Assumption]) -> Iterator[GroupInformation]:
    """EVPPI of each group of inputs that vary, in the order of `GROUPS`."""
    for group, label in GROUPS.items():
        names = sorted(name for name in used if group_of(name) == group)
        if names:
            phi = np.stack([problem.draws[name][:GROUP_DRAWS] for name in names], axis=1)
            learnt = evppi_group(utilities[:GROUP_DRAWS], phi, seed=1)
            yield GroupInformation(name=group, label=label, inputs=tuple(names), evppi=learnt.value, noise=learnt.noise)


def drivers(problem: DecisionProblem, plan: int, words: Words) -> Drivers | None:
    """Rank regression on the draws and Sobol indices of a plan's NPV; None where the plan spends nothing."""
    names = [name for name in problem.register.uncertain if not problem.register[name].is_default]
    if problem.plans[plan].cost <= 0 or not names:
        return None
    alone = one_plan(problem, plan)
    draws = min(INDEX_DRAWS, len(problem.features))

    def npv(inputs: Floats) -> Floats:
        return alone.npv({**problem.point, **dict(zip(names, inputs.T, strict=True))}, len(inputs))

    samples = sensitivity.two_samples(inputs=len(names), draws=draws, seed=INDEX_SEED)
    base, other = (
        np.stack([problem.register[name].draws(uniforms[:, k]) for k, name in enumerate(names)], axis=1)
        for uniforms in samples
    )
    indices = sensitivity.sobol_indices(npv, base, other, seed=INDEX_SEED)
    inputs = np.stack([problem.draws[name] for name in names], axis=1)
    regression = sensitivity.rank_regression(inputs[:, ~indices.unmoved], problem.utilities_of([plan])[:, 0])
    coefficients = np.zeros(len(names))
    coefficients[~indices.unmoved] = regression.coefficients
    made = [
        Driver(
            name=name,
            label=problem.register[name].label,
            rank_coefficient=float(coefficients[k]),
            **{
                part: float(getattr(indices, part)[k])
                for part in ("first", "first_low", "first_high", "total", "total_low", "total_high")
            },
        )
        for k, name in enumerate(names)
        if not indices.unmoved[k]
    ]
    return Drivers(
        inputs=tuple(sorted(made, key=lambda driver: (-driver.total, driver.name))),
        rank_explained_share=regression.explained_share,
        interaction_share=float(1 - indices.first.sum()),
        correlated=problem.register.correlated,
        zero_effect=tuple(name for k, name in enumerate(names) if indices.unmoved[k]),
        note=_note(problem.register.correlated, words.share(regression.explained_share)),
    )


def _note(correlated: bool, explained: str) -> str:
    ranks = f"The rank coefficients explain {explained} of the spread in ranks."
    if correlated:
        return (
            "Some inputs are drawn together, so the spread cannot be divided among them: the shares below are those of "
            "the same model with every input drawn on its own; only the rank coefficients hold for the draws of this "
            f"run. {ranks}"
        )
    return (
        "An input's own share is the part of the spread of the net present value that would go if it alone were known; "
        f"its whole share adds what it does together with others. {ranks}"
    )


def stress_test(problem: DecisionProblem, plan: int, words: Words) -> Stress | None:
    """What the draws in which a plan loses money have in common; None where the plan spends nothing."""
    if problem.plans[plan].cost <= 0:
        return None
    losing = problem.utilities_of([plan])[:, 0] < 0
    p_loss = float(losing.mean())
    drawn = {name: row for name, row in problem.draws.items() if not problem.register[name].is_default}
    found = stress.conditions(drawn, losing, most=MOST_CONDITIONS)
    both = stress.together(drawn, losing, found) if found else None
    conditions = tuple(
        StressCondition(
            name=each.name,
            label=problem.register[each.name].label,
            shift=each.shift,
            threshold=each.threshold,
            below=each.below,
            share_losing=each.share_failing,
            share_all=each.share_all,
        )
        for each in found
    )
    whose = "The plan loses" if plan == problem.chosen else "The best plan that spends would lose"
    said = [f"{whose} money in {words.chance(p_loss)} of {words.count(len(losing), 'draw')}."]
    if not conditions:
        said.append(_nothing_in_common(losing))
    else:
        told = [_condition(problem.register[each.name], each, words) for each in conditions]
        said.append(f"What these have in common: {listing(told)}.")
    if both and len(conditions) > 1:
        whole = "Both" if len(conditions) == 2 else "All three"
        said.append(
            f"{whole} hold at once in {words.chance(both[0])} of the losing draws; "
            f"where they do, {words.chance(both[1])} of draws lose."
        )
    return Stress(
        p_loss=p_loss,
        conditions=conditions,
        share_losing_together=both[0] if both else None,
        p_loss_together=both[1] if both else None,
        sentences=tuple(said),
    )


def _nothing_in_common(losing: npt.NDArray[np.bool_]) -> str:
    if losing.sum() < stress.FEWEST_FAILING:
        return "These are too few to say what they have in common."
    if (~losing).sum() < stress.FEWEST_FAILING:
        return "Hardly any draw earns money, whatever the inputs."
    return "No single input is shifted enough in them to be named."


def _condition(entry: Assumption, found: StressCondition, words: Words) -> str:
    side = "or less" if found.below else "or more"
    unit = {"position": "on a range from −1 to 1", "ratio": ""}.get(entry.unit, entry.unit)
    where = words.assumption(found.threshold, unit)
    shares = f"{words.chance(found.share_losing)} of them, {words.chance(found.share_all)} of all draws"
    return f"‘{entry.label}’ at {where} {side} ({shares})"


def correlations(problem: DecisionProblem) -> Iterator[CorrelationUse]:
    """The rank correlations stated by the client, as drawn."""
    for pair in problem.register.pairs:
        why = "no set of numbers can have all the stated correlations: the nearest that can be is used"
        yield CorrelationUse(a=pair.a, b=pair.b, asked=pair.asked, used=pair.used, why=why if pair.repaired else None)
    for pair in problem.register.unused_pairs:
        idle = [name for name in (pair.a, pair.b) if problem.register[name].fixed]
        why = (
            f"{listing([f'‘{problem.register[name].label}’' for name in idle])}: no uncertainty declared"
            if idle
            else "one stands in for a missing table"
        )
        yield CorrelationUse(a=pair.a, b=pair.b, asked=pair.asked, used=0.0, why=why)


def correlations_note(problem: DecisionProblem, words: Words) -> str | None:
    """A sentence where the stated correlations had to be repaired; None otherwise."""
    moved = [pair for pair in problem.register.pairs if pair.repaired]
    if not moved:
        return None
    most = max(moved, key=lambda pair: round(abs(pair.used - pair.asked), 6))
    return (
        f"The stated correlations contradict each other. The nearest set that can be is used: {len(moved)} of "
        f"{len(problem.register.pairs)} moved, most of all that of ‘{problem.register[most.a].label}’ with "
        f"‘{problem.register[most.b].label}’, from {words.number(most.asked, 2)} to {words.number(most.used, 2)}."
    )
