"""Laws of the money side (weeks 2 and 3), for whatever the inputs are."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.builders import month
from tests.economics_builders import (
    DRAWS,
    first_week,
    gate,
    in_another_currency,
    problem,
    skills_gap,
    whole,
)
from workbook import weeks
from workbook.assumptions import Register, shipped_register
from workbook.model import delay, information, plans, returns
from workbook.model.simulation import WIDTH, sobol_uniforms
from workbook.scenario import Scenario
from workbook.weeks import economics_flow as flow
from workbook.weeks.decision import decision_problem
from workbook.weeks.economics_leaks import COMPONENTS, NAMES

FEW = settings(max_examples=8, deadline=None)
MANY = settings(max_examples=30, deadline=None)
SMALL = Scenario(draws=256)
money = st.floats(min_value=-1e6, max_value=1e6, allow_nan=False)


@FEW
@given(factor=st.sampled_from([0.001, 0.7, 1.9, 130.0]), skills=st.booleans())
def test_multiplying_all_money_leaves_roi_payback_and_answer_and_multiplies_npv(factor, skills):
    client = skills_gap() if skills else whole()
    other = in_another_currency(client, factor)
    week1 = gate(first_week(client), fired=True)
    before, after = (weeks.week2(each, SMALL, week1, quick=True) for each in (client, other))
    verdicts = [weeks.decide(each, SMALL, week1, quick=True) for each in (client, other)]
    assert verdicts[0].answer == verdicts[1].answer
    assert verdicts[0].certainty == pytest.approx(verdicts[1].certainty)
    for track in ("leadership", "technical"):
        one, two = before.returns[track], after.returns[track]
        assert [(line.programme, line.unit, line.seats) for line in one.plan] == [
            (line.programme, line.unit, line.seats) for line in two.plan
        ]
        assert two.roi_percent.point == pytest.approx(one.roi_percent.point)
        assert two.roi_percent.p50 == pytest.approx(one.roi_percent.p50)
        assert two.payback_month == one.payback_month
        assert two.npv.point == pytest.approx(factor * one.npv.point)
        assert two.npv.p10 == pytest.approx(factor * one.npv.p10)


@MANY
@given(benefit=st.floats(0, 1e6), cost=st.floats(1, 1e6), more=st.floats(0, 1e6))
def test_a_higher_cost_never_raises_roi(benefit, cost, more):
    dearer, cheaper = (returns.roi_percent(benefits=benefit, costs=each) for each in (cost + more, cost))
    assert dearer <= cheaper + 1e-9 * max(1.0, abs(cheaper))


@FEW
@given(low=st.floats(0.05, 0.7), more=st.floats(0, 0.5), track=st.sampled_from(["leadership", "technical"]))
def test_a_larger_effect_never_lengthens_payback_nor_lowers_npv(low, more, track):
    made = problem()
    plan = made.reference[track]
    weaker, stronger = (replace(made, point={**made.point, f"d_{track}": d}) for d in (low, low + more))
    nets = [b - c for b, c in (each.monthly(plan, point=True) for each in (weaker, stronger))]
    assert returns.payback_month(nets[1])[0] <= returns.payback_month(nets[0])[0]
    worth = [returns.present_value(net, yearly_rate=0.08)[0] for net in nets]
    assert worth[1] >= worth[0] - 1e-6


@FEW
@given(longer=st.integers(0, 24), track=st.sampled_from(["leadership", "technical"]))
def test_a_longer_horizon_never_lowers_npv_when_no_benefit_is_negative(longer, track):
    made = problem()
    plan = made.reference[track]
    npvs = []
    for months in (made.terms.horizon_months, made.terms.horizon_months + longer):
        benefits, costs = made.monthly(plan, point=True, months=months)
        assert benefits.min() >= 0
        npvs.append(returns.present_value(benefits - costs, yearly_rate=0.08)[0])
    assert npvs[1] >= npvs[0] - 1e-6


@FEW
@given(budget=st.floats(5_000, 900_000), people=st.integers(4, 200))
def test_budgets_are_conserved_to_the_cent_and_seats_to_the_person(budget, people):
    scenario = Scenario(draws=256, budget_money=budget, cohort_size=people)
    bought = weeks.week3(whole(), scenario, gate(first_week(whole()), fired=True), quick=True)
    assert bought.spent + bought.unallocated == pytest.approx(budget, abs=0.005)
    assert bought.spent <= budget + 0.005
    assert sum(line.cost for line in bought.plan) == pytest.approx(bought.spent, abs=0.005)
    assert sum(line.seats for line in bought.plan) <= people
    gained = sum(line.expected_benefit for line in bought.plan)
    if bought.plan:
        assert gained - bought.expected_npv == pytest.approx(bought.spent, rel=0.05)


def test_a_larger_budget_is_never_worth_less():
    for client in (whole(), skills_gap()):
        frontier = weeks.week3(client, SMALL, gate(first_week(client), fired=True)).frontier
        worth = [point.npv for point in frontier]
        assert len(worth) == 11
        assert worth == sorted(worth)
        assert all(point.spent <= point.budget + 0.005 for point in frontier)


@FEW
@given(draw=st.integers(0, DRAWS - 1))
def test_draws_and_single_cases_agree(draw):
    made = problem()
    single = {name: float(np.broadcast_to(value, (DRAWS,))[draw]) for name, value in made.values.items()}
    features, costs = made.features_at(single, made.parts_at(single, 1))
    alone = features @ made.counted_coefficients - costs @ made.cost_rows * made.start_factor
    assert alone[0] == pytest.approx(made.utilities[draw], rel=1e-9, abs=1e-6)


def test_the_matrix_product_is_the_saturating_product_of_the_cash_flow():
    """Multiplying out changes nothing: B_t = sum leak x share x [1 - product (1 - e reach R ramp maint)]."""
    made = problem(cohort_size=60)
    for plan in {made.chosen, *made.reference.values(), *made.best.values()}:
        months = np.arange(made.terms.horizon_months + 1)
        expected = np.zeros(len(months))
        for index, name in enumerate(NAMES):
            for unit in range(len(made.company.units)):
                left = np.ones(len(months))
                for offer, bought in zip(made.offers, made.seats, strict=True):
                    effect = flow.reductions(made.point, offer).get(COMPONENTS[name].leak, 0.0)
                    reach = min(float(bought[plan] @ offer.cover[:, unit]), 1.0)
                    path = flow.course(offer.programme, offer.keep_share, start_month=0, months=len(months) - 1)
                    left *= 1 - effect * reach * path
                expected += made.point_parts[index, 0] * made.company.shares[name][unit] * (1 - left)
        benefits, _ = made.monthly(plan, point=True)
        assert benefits[0] == pytest.approx(expected, rel=1e-9, abs=1e-9)
        drawn, bill = made.monthly(plan, point=False)
        worth = returns.present_value(drawn - bill, yearly_rate=made.terms.yearly_rate)
        assert worth == pytest.approx(made.utilities[:, plan], rel=1e-9, abs=1e-6)


@FEW
@given(shift=st.sampled_from([-7, 1, 12]))
def test_whole_month_shifts_change_only_labels(shift):
    client = whole()

    def later(rows, *fields):
        return tuple(row.model_copy(update={f: month(shift, of=getattr(row, f)) for f in fields}) for row in rows)

    moved = client.model_copy(
        update={
            "settings": client.settings.model_copy(update={"as_of": month(shift, of=client.settings.as_of)}),
            "headcount": later(client.headcount, "month"),
            "exposure": later(client.exposure, "window_start", "window_end"),
            "exit_months": later(client.exit_months, "month"),
            "delivery": later(client.delivery, "month"),
            "survey": later(client.survey, "wave"),
        }
    )
    week1 = gate(first_week(client), fired=True)
    assert weeks.week2(client, SMALL, week1, quick=True) == weeks.week2(moved, SMALL, week1, quick=True)


def test_the_order_of_units_changes_no_figure_of_the_company():
    client = whole()
    turned = client.model_copy(update={"units": client.units[::-1]})
    week1 = gate(first_week(client), fired=True)
    before, after = (weeks.week2(each, SMALL, week1, quick=True) for each in (client, turned))
    for leak in before.leaks:
        assert after.leaks[leak].monthly == pytest.approx(before.leaks[leak].monthly)
    for track in ("leadership", "technical"):
        assert after.returns[track].npv.point == pytest.approx(before.returns[track].npv.point)


def test_adding_an_assumption_moves_no_other_one_s_draws():
    register = shipped_register()
    free = min(set(range(WIDTH)) - {entry.column for entry in register.values()})
    extra = register["d_leadership"].model_copy(update={"name": "newcomer", "column": free})
    uniforms = sobol_uniforms(draws=256, seed=3)
    before = register.draws(uniforms)
    after = Register({"newcomer": extra, **register.entries}).draws(uniforms)
    assert "newcomer" in after
    assert all((after[name] == before[name]).all() for name in before)


@MANY
@given(flow=st.lists(money, min_size=3, max_size=30), months=st.integers(0, 12))
def test_no_delay_costs_nothing_and_delay_past_the_window_costs_the_whole_npv(flow, months):
    net = np.array(flow)
    npv = float(returns.present_value(net, yearly_rate=0.08))
    assert delay.cost_of_delay_money(net, months=0, yearly_rate=0.08) == pytest.approx(0, abs=1e-6)
    assert delay.cost_of_delay_money(net, months=len(flow), yearly_rate=0.08) == pytest.approx(npv)


@MANY
@given(
    budgets=st.lists(st.floats(0, 5e4), min_size=1, max_size=4),
    people=st.integers(0, 60),
    room=st.lists(st.integers(0, 20), min_size=1, max_size=5),
    group_min=st.integers(1, 9),
    rule=st.sampled_from(["net", "ratio"]),
)
def test_reference_plans_keep_to_money_people_rooms_and_whole_groups(budgets, people, room, group_min, rule):
    units, most = len(room), max(sum(room), 1)
    seats = np.arange(most + 1)
    whole_ = plans.whole_groups(seats, group_min=group_min, group_max=group_min + 3, most_groups=3)
    cover = np.diag(1 / np.maximum(np.array(room, float), 1))
    options = [
        plans.Option(
            key=key, capacity=np.array(room), cover=cover,
            cost_by_seats=np.where(whole_, fixed * (seats > 0) + 700.0 * seats, np.inf),
            benefit=np.array([worth]), reduction=np.array([0.1]),
        )
        for key, fixed, worth in (("a", 900.0, 3e4), ("b", 0.0, 9e3))
    ]  # fmt: skip
    bought = plans.fill(
        options, budgets_money=np.array(budgets), seats=np.full(len(budgets), people),
        unit_shares=np.full((1, units), 1 / units), rule=rule,
    )  # fmt: skip
    totals = [rows.sum(axis=1) for rows in bought]
    spent = sum(option.cost_by_seats[total] for option, total in zip(options, totals, strict=True))
    assert (spent <= np.array(budgets) + 1e-6).all()
    assert (sum(totals) <= people).all()
    assert all((rows <= np.array(room)).all() and (rows >= 0).all() for rows in bought)


@MANY
@given(seed=st.integers(0, 10_000), error=st.floats(0.05, 5.0), plans_=st.integers(2, 5))
def test_a_study_is_worth_no_more_than_what_it_measures_and_that_no_more_than_everything(seed, error, plans_):
    rng = np.random.default_rng(seed)
    phi = rng.normal(size=512)
    utilities = np.outer(phi, rng.normal(size=plans_)) + rng.normal(size=(512, plans_))
    study = information.evsi(utilities, phi[:, None], np.array([error]), rng.standard_normal((128, 1)))
    learnt, everything = information.evppi(utilities, phi), information.evpi(utilities)
    slack = 0.25 * learnt + 0.02
    assert 0 <= study <= learnt + slack
    assert 0 <= learnt <= everything + 1e-12


@MANY
@given(seed=st.integers(0, 10_000), common=money, factor=st.floats(0.01, 1000))
def test_a_common_cash_flow_changes_no_value_of_information_and_money_scales_it(seed, common, factor):
    rng = np.random.default_rng(seed)
    phi, noise = rng.normal(size=256), rng.standard_normal((64, 1))
    utilities = np.outer(phi, rng.normal(size=3)) + rng.normal(size=(256, 3))

    def values(u):
        return np.array(
            [information.evpi(u), information.evppi(u, phi), information.evsi(u, phi[:, None], np.array([1.0]), noise)]
        )

    plain = values(utilities)
    assert values(utilities + common) == pytest.approx(plain, abs=1e-6)
    assert values(utilities * factor) == pytest.approx(plain * factor, rel=1e-9, abs=1e-9)


def test_the_same_question_twice_gives_the_same_bytes():
    week1 = gate(first_week(whole()), fired=True)
    one = weeks.week2(whole(), SMALL, week1).model_dump_json()
    from workbook.weeks import decision

    decision._kept.cache_clear()
    assert weeks.week2(whole(), SMALL, week1).model_dump_json() == one


def test_week_2_week_3_and_the_verdict_share_one_computation():
    week1 = gate(first_week(whole()), fired=True)
    assert decision_problem(whole(), SMALL, week1) is decision_problem(whole(), SMALL, week1)
