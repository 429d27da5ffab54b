"""Worked values of methods design, section 2, 3 and 8 and of the literature they name."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import norm

from workbook.assumptions import shipped_register
from workbook.catalogue.programmes import shipped_programmes
from workbook.model import delay, information, irr, leaks, returns, utility
from workbook.model.prioritise import plan_class

SCHMIDT = "Schmidt, Hunter & Pearlman; methods design, section 3.4"
COHORT = {
    "years": 3, "survival_share": 0.87, "decay_share": 0.75, "yearly_rate": 0.10, "variable_cost_share": 0.0,
    "tax_share": 0.0,
}  # fmt: skip


def test_a_benefit_cost_ratio_of_3_is_an_roi_of_200_percent():
    """Methods design, section 3.3 and the first trap of section 8."""
    assert returns.bcr(benefits=300.0, costs=100.0) == 3
    assert returns.roi_percent(benefits=300.0, costs=100.0) == 200


def test_published_managerial_and_technical_training_returns_45_and_418_percent():
    """Morrow, Jarrett & Rupinski (1997): ROI 45 % is a benefit-cost ratio of 1.45, 418 % one of 5.18."""
    assert returns.roi_percent(benefits=1.45, costs=1.0) == pytest.approx(45)
    assert returns.roi_percent(benefits=5.18, costs=1.0) == pytest.approx(418)


def test_the_shipped_effect_sizes_are_the_published_ones():
    """Morrow, Jarrett & Rupinski (1997) and Lacerenza et al. (2017), as methods design, section 3.1 sets the priors."""
    register = shipped_register()
    leading, technical = register["d_leadership"], register["d_technical"]
    assert (leading.low, leading.value, leading.high, leading.distribution) == (-0.09, 0.31, 0.72, "triangular")
    assert (technical.low, technical.value, technical.high, technical.distribution) == (-0.09, 0.64, 1.11, "triangular")
    assert "Lacerenza" in leading.source
    assert all("Morrow" in entry.source for entry in (leading, technical))


def test_replacement_shares_are_the_published_ones():
    """Methods design, section 2: default 33 % individual, 75 % manager, executives to 213 %; SD_y 40-70 %."""
    register = shipped_register()
    assert register["replacement_individual_share"].value == 0.33
    assert register["replacement_manager_share"].value == 0.75
    assert register["replacement_executive_share"].high == 2.13
    assert (register["sd_y_pay_share"].value, register["sd_y_pay_share"].high) == (0.40, 0.70)


def test_the_manager_programme_promises_no_more_than_twice_the_supervisor_trial():
    """Methods design, section 3.5: supervisor RCT +7.3 % line efficiency during, +5.8 % over six months after."""
    essentials = next(entry for entry in shipped_programmes() if entry.programme == "manager_essentials")
    assert all(low < 0.058 for low, _, _ in essentials.effect_at_ref.values())
    assert all(likely < 2 * 0.073 for _, likely, _ in essentials.effect_at_ref.values())


def test_utility_of_a_hundred_people_over_three_years():
    """Methods design, section 3.4: d=.50, SD_y=50,000, N=100, T=3, C=25,000 gives 7,475,000."""
    assert utility.utility_money(
        people=100, d=0.50, sd_y_money=50_000, service_years=3, cost_money=25_000, tax_share=0
    ) == pytest.approx(7_475_000)


def test_utility_of_twenty_managers_with_attrition_decay_and_discount():
    """Methods design, section 3.4: yearly 235,600; 153,729; 100,308.17; PV 416,593.59; NPV 296,593.59."""
    gross = 20 * 0.31 * 38_000
    years = [gross * (0.87 * 0.75) ** t for t in range(3)]
    assert years == pytest.approx([235_600, 153_729, 100_308.1725])
    factor = utility.service_factor(**COHORT)
    assert gross * factor == pytest.approx(416_593.59, abs=0.01)
    net = utility.utility_money(
        people=20, d=0.31, sd_y_money=38_000, service_years=factor, cost_money=120_000, tax_share=0
    )
    assert net == pytest.approx(296_593.59, abs=0.01)


def test_break_even_effect_sizes():
    """Methods design, section 3.4: d*_full .0892956604, d*_simple .0526315789."""
    factor = utility.service_factor(**COHORT)
    assert utility.break_even_d_full(
        cost_money=120_000, people=20, sd_y_money=38_000, service_years=factor
    ) == pytest.approx(0.0892956604, abs=1e-10)
    assert utility.break_even_d_simple(cost_money=120_000, people=20, years=3, sd_y_money=38_000) == pytest.approx(
        0.0526315789, abs=1e-10
    )


def test_attrition_and_decay_start_in_the_second_year_and_act_on_the_effect():
    """Traps of methods design, section 8: attrition from period 2; decay on effect, not N; one year knows neither."""
    assert utility.service_factor(**{**COHORT, "years": 1}) == pytest.approx(1 / 1.1)


def test_the_shrinkage_cascade_ends_where_the_formula_does():
    """Methods design, section 3.4: naive, attrition, decay, variable cost, tax, discount, attribution."""
    steps = utility.cascade(people=20, d=0.31, sd_y_money=38_000, attribution_share=0.5, **COHORT)
    assert [step.step for step in steps] == [
        "naive", "attrition", "decay", "variable cost", "tax", "discount", "attribution",
    ]  # fmt: skip
    assert steps[0].money == pytest.approx(3 * 235_600)
    assert steps[1].money == pytest.approx(235_600 * (1 + 0.87 + 0.87**2))
    assert steps[5].money == pytest.approx(416_593.59, abs=0.01)
    assert steps[6].money == pytest.approx(steps[5].money / 2)


def test_cost_of_delay_is_discounting_what_is_left_plus_the_lost_tail():
    """Methods design, section 2: CoD(k) = (1 - v^k) NPV_{H-k} + sum over t = H-k+1..H of b(t) v^t."""
    net = np.array([-100.0, 0, 0, 20, 30, 30, 30, 30, 30])
    v = 1.08 ** (-1 / 12)
    k, horizon = 3, 8
    npv_short = sum(net[t] * v**t for t in range(horizon - k + 1))
    tail = sum(net[t] * v**t for t in range(horizon - k + 1, horizon + 1))
    expected = (1 - v**k) * npv_short + tail
    assert delay.cost_of_delay_money(net, months=k, yearly_rate=0.08) == pytest.approx(expected)
    assert delay.tail_share(net, months=k, yearly_rate=0.08) == pytest.approx(tail / expected)


def test_pure_deferral_moves_the_window_along():
    """Methods design, section 2: the rolling form is NPV (1 - v^k)."""
    net = np.array([-100.0, 60, 60])
    npv = returns.present_value(net, yearly_rate=0.08)
    assert delay.deferral_money(net, months=6, yearly_rate=0.08) == pytest.approx(npv * (1 - 1.08**-0.5))


def test_cd3_gives_the_cheapest_of_all_orders():
    """Methods design, section 2: cost of delay over duration orders exactly when undiscounted, constant, one queue."""
    cost, duration = np.array([10.0, 3.0, 8.0, 1.0, 6.0]), np.array([2.0, 1.0, 5.0, 0.5, 3.0])
    order = tuple(
        np.argsort(-delay.cd3(cost_of_delay_money_per_month=cost, duration_months=duration), kind="stable").tolist()
    )
    best = delay.best_order(cost_of_delay_money_per_month=cost, duration_months=duration)
    costs = [
        delay.waiting_cost_money(each, cost_of_delay_money_per_month=cost, duration_months=duration)
        for each in (order, best)
    ]
    assert costs[0] == pytest.approx(costs[1])


def test_a_vacancy_is_priced_net_of_the_salary_not_paid():
    """Methods design, section 2: 2 vacancies a month, 90 days, value 15,000 and salary 10,000 a month."""
    daily = leaks.net_vacancy_cost_money_per_day(role_value_money_per_month=15_000.0, role_pay_money_per_month=10_000.0)
    assert daily == pytest.approx(5_000 / 30.4375)
    assert leaks.leadership_vacancies_money_per_month(
        vacancies_per_month=2, days_to_fill=90, net_cost_money_per_day=daily
    ) == pytest.approx(2 * 90 * 5_000 / 30.4375)


def test_three_exits_a_month_cost_a_third_of_a_year_s_pay_each():
    """Methods design, section 2: replacement share 33 % of yearly pay; half of the exits regretted."""
    assert leaks.regretted_exits_money_per_month(
        exits_per_month=3, regretted_share=0.5, replacement_share=0.33, pay_money_per_year=60_000
    ) == pytest.approx(29_700)


def test_every_delay_is_split_once():
    """Methods design, section 2: coordination, skills and other sum to one; `both` by the switch."""
    causes = leaks.split_causes(coordination_share=0.6, other_share=0.25)
    assert causes == pytest.approx((0.45, 0.30, 0.25))
    amounts = leaks.cause_amounts(
        by_cause={"coordination": 40.0, "skills": 20.0, "both": 30.0, "other": 10.0}, both_to_coordination_share=0.5
    )
    assert amounts == {"coordination": 55.0, "skills": 35.0, "other": 10.0}


def test_an_effect_is_proportional_to_d_up_to_its_cap():
    """Methods design, section 3.1: e = min(cap, effect at ref x d / d_ref); harm is possible."""
    d = np.array([-0.09, 0.0, 0.31, 0.62, 3.1])
    found = returns.effect_share(effect_at_ref=0.10, d=d, d_ref=0.31, cap=0.35)
    assert found == pytest.approx([-0.0290323, 0.0, 0.10, 0.20, 0.35], abs=1e-6)


def test_effects_grow_over_months_to_effect_and_fade_afterwards():
    """Methods design, section 3.1: three months of course, four to full effect, 5 % lost a month afterwards."""
    month = np.array([3, 5, 7, 9])
    assert returns.ramp(month=month, end_month=3, months_to_effect=4) == pytest.approx([0, 0.5, 1, 1])
    kept = returns.maintenance(month=month, end_month=3, months_to_effect=4, keep_share_per_month=0.95)
    assert kept == pytest.approx([1, 1, 1, 0.9025])


def test_payback_is_the_first_month_not_below_zero_or_never():
    """Methods design, section 3.3; the trap of a payback never reached in section 8."""
    flows = np.array([[-100.0, 40, 60, 10], [-100.0, 10, 10, 10], [-100.0, 40, 61, -10]])
    assert returns.payback_month(flows).tolist() == [2, np.inf, 2]


def test_several_internal_rates_of_return_are_said_plainly():
    """Methods design, section 3.3 and 8: none, one, or multiple."""
    yearly = np.zeros(25)
    yearly[[0, 12, 24]] = [-1600, 10_000, -10_000]
    assert irr.irr_of_flows(yearly).multiple.tolist() == [True]
    assert irr.irr_of_flows(np.array([100.0, 10.0])).none.tolist() == [True]
    once = np.zeros(13)
    once[[0, 12]] = [-100, 110]
    assert irr.irr_of_flows(once).yearly == pytest.approx([0.10])


@pytest.mark.parametrize(
    ("leadership", "technical", "answer"),
    [
        (0, 0, "neither"),
        (76, 24, "leadership first"),
        (75, 25, "split"),
        (25, 75, "split"),
        (24, 76, "technical first"),
    ],
)
def test_a_plan_is_first_only_beyond_the_margin_of_a_quarter(leadership, technical, answer):
    """Methods design, section 3.7: N spends nothing, L share > 1 - m, T share < m, S otherwise; m = 25 %."""
    assert plan_class(leadership_money=leadership, technical_money=technical) == answer


def test_perfect_information_on_a_normal_project_has_its_closed_form():
    """Methods design, section 3.7: do it or leave it, NPV ~ N(20, 100): EVPI = E max(U, 0) - 20."""
    mean, sd, n = 20.0, 100.0, 2**14
    worth = mean + sd * norm.ppf((np.arange(n) + 0.5) / n)
    closed = mean * norm.cdf(mean / sd) + sd * norm.pdf(mean / sd) - mean
    utilities = np.stack([np.zeros(n), worth], axis=1)
    assert information.evpi(utilities) == pytest.approx(closed, rel=1e-3)
    assert information.evppi(utilities, worth) == pytest.approx(closed, rel=0.02)


def test_a_study_of_a_normal_project_has_its_closed_form():
    """Methods design, section 3.7: EVSI with posterior-mean spread sd^2 / sqrt(sd^2 + se^2) (normal-normal)."""
    mean, sd, se, n, outcomes = 20.0, 100.0, 80.0, 2**13, 2048
    theta = np.random.default_rng(1).permutation(mean + sd * norm.ppf((np.arange(n) + 0.5) / n))
    utilities = np.stack([np.zeros(n), theta], axis=1)
    noise = np.random.default_rng(2).standard_normal((outcomes, 1))
    spread = sd**2 / np.sqrt(sd**2 + se**2)
    closed = mean * norm.cdf(mean / spread) + spread * norm.pdf(mean / spread) - mean
    found = information.evsi(utilities, theta[:, None], np.array([se]), noise)
    assert found == pytest.approx(closed, rel=0.06)


def test_reweighting_draws_gives_the_normal_posterior():
    """Methods design, section 6: normal-normal is the oracle of the update."""
    prior = 0.3 + 0.2 * norm.ppf((np.arange(2**13) + 0.5) / 2**13)
    weights = information.reweight(prior[:, None], np.array([0.6]), np.array([0.1]))
    assert weights @ prior == pytest.approx((0.3 / 0.04 + 0.6 / 0.01) / (1 / 0.04 + 1 / 0.01), abs=1e-3)
