"""Laws of draws, intervals, information and drivers, for whatever the inputs are."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from tests.economics_builders import DRAWS, first_week, gate, in_another_currency, problem, whole
from workbook import weeks
from workbook.assumptions import shipped_register
from workbook.evidence import AssumptionChange
from workbook.model import correlation, information, returns, simulation
from workbook.scenario import Scenario
from workbook.settings import Correlation
from workbook.weeks import economics_drivers as drivers
from workbook.weeks.decision import decision_problem
from workbook.weeks.economics_information import information as information_of
from workbook.weeks.economics_information import spending_plan
from workbook.weeks.economics_one_plan import one_plan, replay
from workbook.weeks.economics_returns import plan_return

FEW = settings(max_examples=8, deadline=None)
MANY = settings(max_examples=40, deadline=None)
REGISTER = shipped_register()
U = (np.arange(20_000) + 0.5) / 20_000
ranks = st.floats(-0.95, 0.95)


def correlated(*pairs):
    client = whole()
    stated = tuple(Correlation(a=a, b=b, rank=rank) for a, b, rank in pairs)
    return client.model_copy(update={"settings": client.settings.model_copy(update={"correlations": stated})})


def problem_of(client):
    return decision_problem(client, Scenario(draws=DRAWS), gate(first_week(whole()), fired=True))


@MANY
@given(name=st.sampled_from(REGISTER.uncertain), low=st.floats(0.02, 0.9), middle=st.floats(0, 1), top=st.floats(0, 1))
def test_a_stated_interval_covers_what_it_says(name, low, middle, top):
    """5 % of draws lie below the client's low and 5 % above the high, whatever the distribution the rule picks."""
    entry = REGISTER[name]
    span = min(entry.maximum, 10 * max(entry.high, 1)) - entry.minimum
    bottom = entry.minimum + low * span * 0.5
    high = bottom + (0.05 + 0.9 * top) * (entry.minimum + 0.95 * span - bottom)
    value = bottom + (0.05 + 0.9 * middle) * (high - bottom)
    change = AssumptionChange(name=name, value=value, low=bottom, high=high, source="workshop")
    made = REGISTER.changed([change])[name]
    drawn = made.draws(U)
    assert made.coverage == 0.90
    assert np.mean(drawn < bottom - 1e-9 * span) == pytest.approx(0.05, abs=0.002)
    assert np.mean(drawn > high + 1e-9 * span) == pytest.approx(0.05, abs=0.002)


@FEW
@given(name=st.sampled_from(REGISTER.uncertain))
def test_a_table_of_an_inverse_agrees_with_the_inverse_and_rises(name):
    entry = REGISTER[name]
    drawn = entry.draws(U)
    assert (np.diff(drawn) >= -1e-9 * (entry.high - entry.low)).all()
    if entry.distribution == "pert":
        exact = simulation.pert_quantile(U, low=entry.low, mode=entry.value, high=entry.high)
        assert drawn == pytest.approx(exact, abs=1e-7 * (entry.high - entry.low))


@MANY
@given(
    a=st.floats(-1, 1),
    b=st.floats(-1, 1),
    c=st.floats(-1, 1),
    d=st.floats(-1, 1),
    e=st.floats(-1, 1),
    f=st.floats(-1, 1),
)
def test_any_symmetric_matrix_is_repaired_to_one_that_can_be(a, b, c, d, e, f):
    matrix = np.array([[1, a, b, c], [a, 1, d, e], [b, d, 1, f], [c, e, f, 1]])
    made = correlation.nearest_correlation(matrix)
    assert np.linalg.eigvalsh(made)[0] > 0
    assert np.diag(made) == pytest.approx(1)
    assert made == pytest.approx(made.T)
    if np.linalg.eigvalsh(matrix)[0] >= correlation.SMALLEST_EIGENVALUE:
        assert (made == matrix).all()


@FEW
@given(first=ranks, second=ranks, swap=st.booleans())
def test_the_order_in_which_correlations_are_stated_changes_nothing(first, second, swap):
    pairs = [("d_leadership", "effect_on_rework", first), ("effect_on_rework", "on_cost_share", second)]
    turned = [(b, a, rank) if swap else (a, b, rank) for a, b, rank in reversed(pairs)]
    one, two = (REGISTER.with_correlations(stated) for stated in (pairs, turned))
    assert one.entries == two.entries


def test_an_input_used_twice_is_one_draw_so_that_x_less_x_is_nothing():
    """A reused variable is the same array wherever it is read: two plans alike differ by exactly nothing."""
    made = problem(whole())
    twin = problem_of(whole().model_copy())
    for name, drawn in made.draws.items():
        assert made.values[name] is drawn
        assert (drawn - twin.draws[name] == 0).all()
    plan = spending_plan(made)
    again = one_plan(made, plan).npv(made.values, DRAWS)
    assert again - one_plan(twin, plan).npv(twin.values, DRAWS) == pytest.approx(0, abs=0)
    assert again == pytest.approx(made.utilities[:, plan], rel=1e-9, abs=1e-6)


@MANY
@given(index=st.integers(0, DRAWS - 1), plan=st.integers(0, 60))
def test_a_draw_replayed_alone_gives_its_own_net_present_value(index, plan):
    made = problem(whole())
    assume(plan < len(made.plans))
    found = replay(made, index, plan)
    assert found["npv"] == pytest.approx(made.utilities[index, plan], rel=1e-9, abs=1e-6)
    assert all(found["inputs"][name] == drawn[index] for name, drawn in made.draws.items())


def test_a_draw_that_does_not_exist_is_refused():
    with pytest.raises(IndexError, match=r"^draw 512 does not exist: there are 512, counted from 0\.$"):
        replay(problem(whole()), DRAWS)


def test_a_plan_alone_has_the_monthly_flow_it_has_among_others():
    made = problem(whole())
    plan = spending_plan(made)
    benefits, costs = made.monthly(plan, point=False)
    found = one_plan(made, plan).monthly(made.values, DRAWS)
    assert found == pytest.approx(benefits - costs, rel=1e-9, abs=1e-6)


@MANY
@given(seed=st.integers(0, 2**32 - 1), inputs=st.integers(1, 4), plans=st.integers(1, 5))
def test_learning_a_group_is_worth_something_between_nothing_and_everything_in_any_order(seed, inputs, plans):
    rng = np.random.default_rng(seed)
    phi = rng.normal(size=(512, inputs))
    utilities = phi @ rng.normal(size=(inputs, plans)) + rng.normal(size=(512, plans))
    found = information.evppi_group(utilities, phi).value
    order = rng.permutation(inputs)
    assert 0 <= found <= information.evpi(utilities) + 1e-12
    assert information.evppi_group(utilities, phi[:, order]).value == pytest.approx(found, rel=1e-9, abs=1e-12)
    turned = information.evppi_group(utilities[:, rng.permutation(plans)], phi).value
    assert turned == pytest.approx(found, rel=1e-9, abs=1e-12)


def test_learning_more_is_never_worth_less():
    made = problem(whole())
    found = information_of(made)
    noise = max(group.noise for group in found.groups)
    alone = {name: each.evppi for name, each in found.evppi.items()}
    for group in found.groups:
        assert group.evppi <= found.evpi + 1e-9
        assert group.evppi >= max(alone[name] for name in group.inputs) * 0.9 - noise
    assert {name for group in found.groups for name in group.inputs} == set(alone)


def test_inputs_without_effect_are_named_and_moving_them_moves_nothing():
    made = problem(whole())
    plan = spending_plan(made)
    found = drivers.drivers(made, plan, drivers.Words())
    alone = one_plan(made, plan)
    here = alone.npv(made.point, 1)
    for name in found.zero_effect:
        assert alone.npv({**made.point, name: made.register[name].high}, 1) == pytest.approx(here, rel=1e-9)
    named = {driver.name for driver in found.inputs} | set(found.zero_effect)
    assert named == {name for name in made.register.uncertain if not made.register[name].is_default}


def test_the_draws_that_lose_lie_beyond_the_thresholds_told():
    made = problem(whole())
    plan = spending_plan(made)
    found = drivers.stress_test(made, plan, drivers.Words())
    losing = made.utilities[:, plan] < 0
    assert found.p_loss == pytest.approx(losing.mean())
    assert found.conditions
    for each in found.conditions:
        drawn = made.draws[each.name]
        beyond = drawn <= each.threshold if each.below else drawn >= each.threshold
        assert each.share_losing == pytest.approx(beyond[losing].mean())
        assert each.share_losing > each.share_all == pytest.approx(beyond.mean())


def test_correlated_inputs_change_what_is_said_about_drivers():
    made = problem_of(correlated(("d_leadership", "effect_on_rework", 0.7)))
    found = information_of(made)
    assert found.drivers.correlated
    assert found.drivers.note.startswith("Some inputs are drawn together, so the spread cannot be divided among them")
    assert [(use.a, use.b, use.asked, use.why) for use in found.correlations] == [
        ("d_leadership", "effect_on_rework", 0.7, None)
    ]
    assert found.correlations_note is None
    assert not information_of(problem(whole())).drivers.correlated


def test_a_repaired_matrix_is_shown_in_the_results():
    made = problem_of(
        correlated(
            ("d_leadership", "effect_on_rework", 0.9), ("effect_on_rework", "on_cost_share", 0.9),
            ("d_leadership", "on_cost_share", -0.9),
        )
    )  # fmt: skip
    found = information_of(made)
    assert found.correlations_note.startswith(
        "The stated correlations contradict each other. The nearest set that can be is used: 3 of 3 moved, most of all "
    )
    assert all(use.why for use in found.correlations)


def test_rising_together_widens_what_the_plan_may_return():
    plain = problem_of(correlated())
    plan = spending_plan(plain)
    rising = [each for each in drivers.drivers(plain, plan, drivers.Words()).inputs if each.rank_coefficient > 0]
    tied = problem_of(correlated((rising[0].name, rising[1].name, 0.9)))
    assert tied.plans[plan] == plain.plans[plan]
    assert tied.utilities[:, plan].std() > plain.utilities[:, plan].std()


def test_eight_in_ten_futures_fall_between_the_tenth_and_the_ninetieth_percentile():
    """Coverage by simulation: futures drawn pseudo-randomly from the same declarations, not from the Sobol points."""
    made = decision_problem(whole(), Scenario(draws=4096), gate(first_week(whole()), fired=True))
    rng = np.random.default_rng(99)
    futures = {name: made.register[name].draws(rng.random(20_000)) for name in made.register.uncertain}
    for track in ("leadership", "technical"):
        said = plan_return(made, track, whole().settings.switches, quick=True).npv
        came = one_plan(made, made.reference[track]).npv({**made.point, **futures}, 20_000)
        assert np.mean(came < said.p10) == pytest.approx(0.10, abs=0.01)
        assert np.mean(came > said.p90) == pytest.approx(0.10, abs=0.01)


def test_the_internal_rate_makes_the_net_present_value_nothing():
    made = problem(whole())
    for track in ("leadership", "technical"):
        found = plan_return(made, track, whole().settings.switches, quick=False)
        assert found.irr_percent.p10 <= found.irr_percent.p50 <= found.irr_percent.p90
        assert found.irr_none_share + found.irr_multiple_share <= 1
        benefits, costs = made.monthly(made.reference[track], point=True)
        rate = found.irr_percent.point / 100
        worth = (benefits - costs)[0] @ (1 + rate) ** (-np.arange(benefits.shape[1]) / 12)
        assert worth == pytest.approx(0, abs=1e-6 * costs.sum())
        assert (found.irr_percent.point > 100 * made.terms.yearly_rate) == (found.npv.point > 0)


def test_sliders_do_none_of_this():
    week1 = gate(first_week(whole()), fired=True)
    found = weeks.week2(whole(), Scenario(draws=DRAWS), week1, quick=True)
    assert found.information.drivers is None
    assert found.information.groups == ()
    assert found.information.stress is None
    assert found.returns["leadership"].irr_percent is None


def test_a_plan_simulated_in_chunks_from_its_own_columns_has_the_same_draws():
    client = correlated(("d_leadership", "effect_on_rework", 0.7), ("d_technical", "price_level", -0.4))
    week1 = gate(first_week(whole()), fired=True)
    made = decision_problem(client, Scenario(draws=16_384), week1)
    for plan in (spending_plan(made), *made.reference.values()):
        alone = one_plan(made, plan)
        found = alone.simulated(alone.uniforms(draws=16_384, seed=Scenario().seed))
        assert found.npv == pytest.approx(made.utilities_of([plan])[:, 0], rel=1e-9, abs=1e-6)
        benefits, costs = made.monthly(plan, point=False)
        assert (found.payback_month == returns.payback_month(benefits - costs)).mean() > 0.9999
        assert found.costs == pytest.approx(costs.sum(axis=1) * made.start_factor)


@pytest.mark.parametrize("start", [0, 5])
def test_a_later_start_moves_the_simulated_payback_along(start):
    made = decision_problem(whole(), Scenario(draws=DRAWS, start_month=start), gate(first_week(whole()), fired=True))
    alone = one_plan(made, spending_plan(made))
    found = alone.simulated(alone.uniforms(draws=DRAWS, seed=Scenario().seed))
    assert found.payback_month == pytest.approx(returns.payback_month(alone.monthly(made.values, DRAWS)))


@FEW
@given(factor=st.sampled_from([0.001, 0.7, 130.0]))
def test_another_currency_changes_no_rate_no_driver_and_no_threshold(factor):
    week1 = gate(first_week(whole()), fired=True)
    here, there = (
        weeks.week2(client, Scenario(draws=DRAWS), week1) for client in (whole(), in_another_currency(whole(), factor))
    )
    for track in ("leadership", "technical"):
        one, two = here.returns[track].irr_percent, there.returns[track].irr_percent
        assert two.point == pytest.approx(one.point, rel=1e-6)
        assert two.p50 == pytest.approx(one.p50, rel=1e-6)
    one, two = here.information, there.information
    assert [driver.name for driver in two.drivers.inputs] == [driver.name for driver in one.drivers.inputs]
    assert [driver.total for driver in two.drivers.inputs] == pytest.approx(
        [driver.total for driver in one.drivers.inputs], rel=1e-6
    )
    assert two.drivers.zero_effect == one.drivers.zero_effect
    assert [(each.name, each.share_losing) for each in two.stress.conditions] == [
        (each.name, each.share_losing) for each in one.stress.conditions
    ]
    assert [group.evppi for group in two.groups] == pytest.approx([factor * group.evppi for group in one.groups])


def test_the_share_said_to_lie_between_low_and_high_does():
    used = {
        use.name: use
        for use in weeks.week2(whole(), Scenario(draws=DRAWS), first_week(whole()), quick=True).assumptions
    }
    made = problem(whole()).register
    for name, use in used.items():
        if use.coverage is None:
            assert made[name].fixed
            continue
        drawn = made[name].draws(U)
        inside = np.mean((drawn >= use.low) & (drawn <= use.high))
        assert inside == pytest.approx(use.coverage, abs=0.05), name


def test_a_correlation_that_has_no_effect_is_listed_with_the_reason():
    found = information_of(problem_of(correlated(("d_leadership", "effect_cap_share", 0.5))))
    assert [(use.used, use.why) for use in found.correlations] == [
        (0.0, "‘Most of a leak that one programme may take away’: no uncertainty declared")
    ]
    assert not found.drivers.correlated
