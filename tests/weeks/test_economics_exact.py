"""The allocation's figures against those of the decision problem."""

from __future__ import annotations

import numpy as np
import pytest

from tests.economics_builders import problem
from workbook.model import allocation
from workbook.weeks import economics_exact as exact

WISHES = exact.Wishes(minimum_leadership_share=0.0, hours_away_per_person=None, risk_aversion_share=0.5)


def asked(made, **how):
    removed = exact.effects(made)
    found = exact.moments(made, removed, slice(None))
    return exact.allocation_problem(made, WISHES, found, budget_money=made.terms.budget_money, removed=removed, **how)


def rows(made, plan):
    return [bought[plan] for bought in made.seats]


def test_a_plan_on_its_own_is_worth_what_it_is_among_the_others():
    made = problem(cohort_size=60)
    for plan in (0, made.chosen, len(made.plans) - 1):
        one = exact.single(made, rows(made, plan))
        assert one.means[0] == pytest.approx(made.means[plan])
        assert one.plans[0].cost == pytest.approx(made.plans[plan].cost)
        assert np.allclose(one.utilities[:, 0], made.utilities[:, plan])


def test_with_up_to_two_programmes_the_allocation_s_worth_is_the_exact_one():
    made = problem(cohort_size=60, start_month=3)
    few = [k for k, plan in enumerate(made.plans) if len(plan.seats) in (1, 2)]
    assert any(len(made.plans[k].seats) == 2 for k in few)
    to_make = asked(made)
    for plan in few:
        bought = exact.in_order(made, rows(made, plan), back=False)
        assert allocation.worth(to_make, bought) == pytest.approx(made.means[plan], abs=0.01)
        assert allocation.cost_money(to_make, bought) == pytest.approx(made.plans[plan].cost)


def test_every_reference_plan_keeps_to_the_allocation_s_limits():
    made = problem(cohort_size=60)
    to_make = asked(made)
    for plan in np.flatnonzero(made.admissible & made.affordable).tolist():
        assert allocation.violations(to_make, exact.in_order(made, rows(made, plan), back=False)) == ()


def test_the_draws_of_the_risk_side_have_the_expected_worth_for_their_mean():
    made = problem(cohort_size=60)
    to_make = asked(made)
    single = to_make.risk.benefits.mean(axis=0) @ to_make.risk.located
    assert single == pytest.approx(np.array([line.benefit for line in to_make.lines]), rel=1e-6, abs=1e-6)


def test_seats_go_into_the_order_of_names_and_back():
    made = problem()
    bought = [np.arange(len(offer.blocks)) for offer in made.offers]
    there = exact.in_order(made, bought, back=False)
    assert all(np.array_equal(a, b) for a, b in zip(exact.in_order(made, there, back=True), bought, strict=True))


def test_the_worst_fifth_of_ten_draws_is_the_mean_of_two():
    assert exact.shortfall(np.array([5.0, 1, 9, 3, 8, 7, 6, 4, 2, 10])) == pytest.approx(1.5)
    assert exact.score(np.array([0.0, 10.0]), 0.0) == 5.0
