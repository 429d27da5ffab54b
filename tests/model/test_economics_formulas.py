"""Returns, leaks, delay and prioritising: the corners worked examples do not reach."""

from __future__ import annotations

import numpy as np
import pytest

from workbook.model import delay, information, irr, leaks, prioritise, returns


def test_a_year_of_monthly_rates_is_the_yearly_rate():
    rate = returns.monthly_rate(yearly_rate=0.08)
    assert (1 + rate) ** 12 == pytest.approx(1.08)
    assert returns.discount_factors(yearly_rate=0.08, months=12)[[0, 12]] == pytest.approx([1, 1 / 1.08])


def test_a_programme_that_needs_no_time_works_at_once():
    assert returns.ramp(month=np.array([1, 2, 3]), end_month=2, months_to_effect=0).tolist() == [0, 1, 1]


def test_the_position_in_a_range_is_linear_on_either_side():
    at = returns.effect_in_range(low=0.0, likely=0.1, high=0.4, position=np.array([-1, -0.5, 0, 0.5, 1]))
    assert at == pytest.approx([0, 0.05, 0.1, 0.25, 0.4])


def test_reductions_of_several_programmes_act_on_what_the_others_leave():
    assert returns.remaining_share(0.5, 0.5, 0.2) == pytest.approx(0.2)


def test_an_internal_rate_makes_the_present_value_zero():
    flow = np.array([-100.0, 30, 30, 30, 30])
    rate = float(irr.irr_of_flows(flow).yearly[0])
    assert returns.present_value(flow, yearly_rate=rate) == pytest.approx(0, abs=1e-6)


def test_a_role_worth_less_than_its_salary_saves_no_money_when_empty():
    assert leaks.net_vacancy_cost_money_per_day(role_value_money_per_month=5.0, role_pay_money_per_month=9.0) == 0


def test_quick_decisions_save_nothing():
    assert leaks.slow_decisions_money_per_month(decisions_per_month=9, days_above_target=-3, decision_day_money=10) == 0


def test_shares_of_nothing_are_equal():
    assert leaks.shares_of_total(np.zeros(4)).tolist() == [0.25] * 4


def test_waiting_is_cheaper_when_the_plan_loses_money():
    net = np.array([-100.0, 10, 10, 10])
    assert delay.cost_of_delay_money(net, months=1, yearly_rate=0.08) > 0
    assert delay.cost_of_delay_money(net, months=4, yearly_rate=0.08) < 0
    assert delay.last_worthwhile_month(net, yearly_rate=0.08) is None


def test_the_last_worthwhile_month_is_the_last_start_that_still_pays():
    net = np.array([-100.0, *[20.0] * 9])
    worth = [delay.npv_started_later(net, months=k, yearly_rate=0.08) for k in range(9)]
    last = delay.last_worthwhile_month(net, yearly_rate=0.08)
    assert worth[last] >= 0 > worth[last + 1]


def test_the_best_plan_of_a_class_is_the_first_of_equals_and_the_admitted():
    means = np.array([0.0, 5.0, 7.0, 7.0, 9.0])
    classes = ("neither", "split", "split", "split", "leadership first")
    admissible = np.array([True, True, True, True, False])
    assert prioritise.best_plans(means, classes, admissible) == {"neither": 0, "split": 2}


def test_equal_plans_share_their_wins():
    utilities = np.array([[0.0, 1.0, 1.0], [0.0, -1.0, -2.0]])
    found = prioritise.probability_best(utilities, {"neither": 0, "split": 1, "technical first": 2})
    assert found == {"neither": 0.5, "split": 0.25, "technical first": 0.25}


def test_an_input_that_decides_nothing_is_worth_nothing():
    utilities = np.stack([np.zeros(512), np.linspace(5, 9, 512)], axis=1)
    assert information.evppi(utilities, np.arange(512.0)) == pytest.approx(0, abs=1e-9)
    assert information.evppi_noise(utilities, seed=3) == pytest.approx(0, abs=1e-9)


def test_a_vague_result_leaves_all_draws_in_play():
    weights = information.reweight(np.linspace(0, 1, 100)[:, None], np.array([0.5]), np.array([1e6]))
    assert weights.sum() == pytest.approx(1)
    assert information.effective_draws(weights) == pytest.approx(100)
