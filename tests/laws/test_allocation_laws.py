"""Laws of exact allocation on random small companies."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.economics_builders import first_week, gate, in_another_currency, skills_gap
from tests.model.test_allocation import random_problem
from workbook import weeks
from workbook.model import allocation
from workbook.model.allocation_milp import solve
from workbook.scenario import Scenario

FEW = settings(max_examples=15, deadline=None, derandomize=True)
SEEDS = st.integers(0, 10_000)


@FEW
@given(seed=SEEDS, more=st.floats(0, 100), people=st.integers(0, 4))
def test_more_money_and_more_seats_are_never_worth_less(seed, more, people):
    asked = random_problem(seed, overlap=6.0)
    limits = replace(asked.limits, budget_money=asked.limits.budget_money + more, seats=asked.limits.seats + people)
    assert solve(replace(asked, limits=limits)).objective >= solve(asked).objective - 1e-4


@FEW
@given(seed=SEEDS)
def test_every_allocation_keeps_to_its_limits_to_the_cent(seed):
    asked = random_problem(seed, overlap=6.0)
    found = solve(asked)
    assert allocation.violations(asked, found.seats) == ()
    assert round(100 * allocation.cost_money(asked, found.seats)) <= round(100 * asked.limits.budget_money)


@FEW
@given(seed=SEEDS)
def test_units_in_another_order_are_worth_the_same(seed):
    asked = random_problem(seed)
    turned = replace(
        asked,
        lines=tuple(
            replace(
                each, blocks=each.blocks[::-1], room=each.room[::-1], benefit=each.benefit[::-1],
                cover=each.cover[::-1, ::-1],
            )
            for each in asked.lines
        ),
    )  # fmt: skip
    assert solve(turned).objective == pytest.approx(solve(asked).objective, abs=1e-4)


@FEW
@given(seed=SEEDS, factor=st.floats(0.01, 1e4))
def test_money_in_another_currency_changes_no_worth_but_its_scale(seed, factor):
    asked = random_problem(seed)
    scaled = replace(
        asked,
        lines=tuple(replace(each, benefit=each.benefit * factor) for each in asked.lines),
        point_weights=asked.point_weights * factor,
        expected_weights=asked.expected_weights * factor,
        limits=replace(asked.limits, budget_money=asked.limits.budget_money * factor),
    )
    worth = solve(asked).objective
    assert solve(scaled).objective == pytest.approx(factor * worth, rel=1e-5, abs=1e-4 * factor)


@FEW
@given(seed=SEEDS)
def test_the_same_question_has_the_same_answer(seed):
    asked = random_problem(seed, overlap=6.0)
    first, second = solve(asked), solve(asked)
    assert first.objective == second.objective
    assert all(np.array_equal(a, b) for a, b in zip(first.seats, second.seats, strict=True))


def third_week(client, **scenario):
    scenario = {"draws": 256, **scenario}
    return weeks.week3(client, Scenario(**scenario), gate(first_week(client), fired=True))


def bought(found):
    return {(line.programme, line.unit): line.seats for line in found.plan}


@settings(max_examples=3, deadline=None, derandomize=True)
@given(budget=st.floats(20_000, 900_000), people=st.integers(8, 120))
def test_the_exact_plan_is_never_worth_less_than_any_it_is_compared_with(budget, people):
    found = third_week(skills_gap(), budget_money=budget, cohort_size=people)
    assert all(
        each.gain >= -1e-6 for each in found.alternatives if each.name in ("do_nothing", "reference", "pro_rata")
    )
    assert found.spent <= budget + 0.005
    assert sum(line.cost for line in found.plan) == pytest.approx(found.spent, abs=0.005)
    assert found.exact.violations == ()


def test_the_order_of_units_changes_nothing_but_the_order_of_lines():
    client = skills_gap()
    turned = client.model_copy(update={"units": client.units[::-1]})
    there, back = third_week(client, cohort_size=60), third_week(turned, cohort_size=60)
    assert bought(there) == bought(back) != {}
    assert back.expected_npv == pytest.approx(there.expected_npv)


@pytest.mark.parametrize("factor", [0.01, 150.0])
def test_another_currency_buys_the_same_seats(factor):
    there = third_week(skills_gap(), cohort_size=60)
    abroad = third_week(in_another_currency(skills_gap(), factor), cohort_size=60)
    assert bought(abroad) == bought(there)
    assert abroad.expected_npv == pytest.approx(factor * there.expected_npv)
