"""Each sample client's verdict flips where the flip analysis says it does: set the input to that value and watch."""

from __future__ import annotations

import numpy as np
import pytest

from tests.test_samples import evidence_of
from workbook import weeks
from workbook.scenario import Scenario
from workbook.weeks.decision import DecisionProblem, decision_problem
from workbook.weeks.economics_information import FLIP_DRAWS

DECIDED = ("saas-scaleup", "enterprise-legacy", "technical-first")
SCENARIO = Scenario(draws=4096)


def answer_with(problem: DecisionProblem, name: str, value: float) -> str:
    """The class of the plan worth most on average when one input is known to be `value`, worked out afresh."""
    rows = slice(0, FLIP_DRAWS)
    values = {key: drawn[rows] if np.ndim(drawn) else drawn for key, drawn in problem.values.items()}
    values[name] = np.full(FLIP_DRAWS, value)
    features, costs = problem.features_at(values, problem.parts_at(values, FLIP_DRAWS))
    worth = problem.expected(features.mean(axis=0), costs.mean(axis=0))
    best = max(problem.best.values(), key=lambda plan: max(_of_class(problem, plan, worth)))
    return problem.classes[best]


def _of_class(problem: DecisionProblem, plan: int, worth: np.ndarray) -> list[float]:
    kind = problem.classes[plan]
    return [worth[k] for k, own in enumerate(problem.classes) if own == kind and problem.admissible[k]]


@pytest.mark.parametrize("name", DECIDED)
def test_the_answer_changes_at_the_stated_value_and_not_before(name: str) -> None:
    evidence = evidence_of(name)
    week1 = weeks.week1(evidence, SCENARIO)
    verdict = weeks.decide(evidence, SCENARIO, week1)
    problem = decision_problem(evidence, SCENARIO, week1)
    flips = [flip for flip in verdict.flips if flip.flips_at is not None]
    assert flips, "no sample client's answer stands whatever happens"
    for flip in flips:
        step = 0.02 * (flip.flips_at - flip.value_now)
        assert answer_with(problem, flip.assumption, flip.flips_at + step) == flip.to_answer, flip
        assert answer_with(problem, flip.assumption, flip.flips_at - step) == verdict.answer, flip


@pytest.mark.parametrize("name", DECIDED)
def test_a_client_whose_own_value_lies_beyond_the_flip_gets_the_other_answer(name: str) -> None:
    """The range moves along with the value and the plans are drawn up anew, so the step is a quarter of the way."""
    evidence = evidence_of(name)
    week1 = weeks.week1(evidence, SCENARIO)
    verdict = weeks.decide(evidence, SCENARIO, week1)
    flip = next(flip for flip in verdict.flips if flip.flips_at is not None)
    step = 0.25 * (flip.flips_at - flip.value_now)

    def answer_at(value: float) -> str:
        moved = SCENARIO.model_copy(update={"overrides": {flip.assumption: value}})
        return weeks.decide(evidence, moved, week1).answer

    assert answer_at(flip.flips_at + step) != verdict.answer
    assert answer_at(flip.value_now) == verdict.answer
