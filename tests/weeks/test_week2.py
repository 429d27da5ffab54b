"""Week 2: leaks, cost of delay, return of each track, information."""

from __future__ import annotations

import numpy as np
import pytest

from tests.builders import company
from tests.economics_builders import DRAWS, causes, first_week, gate, nothing_given, pay, problem, skills_gap, whole
from workbook import weeks
from workbook.evidence import AssumptionChange
from workbook.model.leaks import OVERLAPS
from workbook.scenario import Scenario
from workbook.weeks import economics_flow as flow
from workbook.weeks.economics_inputs import register_of
from workbook.weeks.week1_units import pooled_teams

SMALL = Scenario(draws=DRAWS)


def second_week(client=None, *, quick=True, fired=True, **scenario):
    client = client or whole()
    return weeks.week2(
        client, Scenario(**{"draws": DRAWS, **scenario}), gate(first_week(client), fired=fired), quick=quick
    )


def test_leaks_are_worked_out_as_declared():
    """220 people, 26 exits in 198 person-years, 12 vacancies of 22 leadership roles in a year, 75 days to fill."""
    found = second_week().leaks
    exits = 26 / 198 * 220 / 12
    assert found["regretted_exits"].monthly == pytest.approx(exits * 0.5 * 0.33 * 60_000)
    assert found["leadership_vacancies"].monthly == pytest.approx(12 / 12 * 75 * (25_000 - 8_000) / (365.25 / 12))
    assert found["cross_team_delay"].monthly == pytest.approx((900_000 + 100_000) / 12 * 0.6)
    payroll = (176 * 60_000 + 44 * 95_000 + 11 * (180_000 - 60_000)) / 12
    assert found["rework"].monthly == pytest.approx(0.15 * 0.5 * 1.25 * payroll * 10 / 15)


def test_every_leak_s_interval_holds_its_value_and_its_units_sum_to_it():
    for leak in second_week().leaks.values():
        assert leak.low <= leak.monthly <= leak.high
        assert sum(unit.monthly for unit in leak.by_unit) == pytest.approx(leak.monthly)


def test_the_status_quo_is_the_sum_of_the_leaks():
    found = second_week()
    total = sum(leak.monthly for leak in found.leaks.values())
    assert found.cost_of_delay.status_quo_per_month == pytest.approx(total)


def test_leaders_exits_are_left_out_where_their_vacancies_are_priced():
    """The overlap table: a leader's replacement cost contains the days the role stood empty."""
    rule = next(row for row in OVERLAPS if {row.first, row.second} == {"leadership_vacancies", "regretted_exits"})
    assert rule.rule == "alternatives"
    exposure = tuple(
        row.model_copy(update={"exits_by_level": {"individual": 20, "manager": 6}}) if row.group == "all" else row
        for row in whole().exposure
    )
    with_roles = second_week(company(exposure=exposure)).leaks["regretted_exits"]
    without = second_week(company(exposure=exposure, role_flow=None, roles=())).leaks["regretted_exits"]
    assert with_roles.monthly == pytest.approx(with_roles.alternatives["individuals_only"])
    assert without.monthly == pytest.approx(without.alternatives["with_leaders_exits"])
    assert without.monthly > with_roles.monthly


def test_every_pair_of_drivers_of_value_is_declared_once():
    pairs = [frozenset((row.first, row.second)) for row in OVERLAPS]
    assert len(pairs) == len(set(pairs))
    assert all(row.treatment.endswith(".") for row in OVERLAPS)


def test_a_vacancy_is_shown_by_salary_and_by_revenue():
    forms = second_week().leaks["leadership_vacancies"].alternatives
    assert forms["salary_based"] == pytest.approx(12 / 12 * 75 * (1.5 - 1) * 8_000 / (365.25 / 12))
    assert forms["revenue_based"] == pytest.approx(75 * (60e6 / 220 / 12 - 8_000) / (365.25 / 12))


def test_a_leak_without_its_table_has_no_amount_and_says_what_it_needs():
    found = second_week(company(initiatives=(), delivery=())).leaks
    assert found["cross_team_delay"].monthly is None
    assert found["cross_team_delay"].why == "needs initiatives"
    assert found["rework"].why == "needs delivery and initiatives"
    assert found["technical_skill_gap"].why == "needs initiatives and delivery"


def test_a_leak_measured_in_part_counts_that_part_and_says_so():
    found = second_week(company(delivery=())).leaks["technical_skill_gap"]
    assert found.monthly == pytest.approx((300_000 + 100_000) / 12 * 0.6)
    assert found.why == "in part: the rest needs delivery"


def test_nothing_given_gives_no_figure_and_no_failure():
    found = second_week(nothing_given(), fired=None, quick=False)
    assert all(leak.monthly is None for leak in found.leaks.values())
    assert found.cost_of_delay.per_month is None
    assert found.cost_of_delay.why == "insufficient data: no track would be funded yet"
    assert found.information.defaulted_tables_evppi > 0


def test_waiting_is_priced_for_the_track_the_verdict_would_fund():
    assert second_week().cost_of_delay.track == "leadership"
    technical = second_week(skills_gap()).cost_of_delay
    assert technical.track == "technical"
    assert technical.per_month == technical.by_month["technical"][1].money
    assert technical.low <= technical.per_month <= technical.high


def test_no_plan_worth_funding_leaves_no_cost_of_delay():
    poor = company(pay=pay(60_000), initiatives=causes(coordination=10.0, skills=10.0), role_flow=None, roles=())
    found = second_week(poor, overrides={"rework_share": 0.0, "voluntary_exit_rate": 0.0, "decision_days": 0.0,
                                         "contractor_payroll_share": 0.0})  # fmt: skip
    assert found.cost_of_delay.track is None
    assert found.cost_of_delay.why == "no plan is worth funding, so waiting costs nothing"


def test_cost_of_delay_starts_at_zero_and_pure_deferral_costs_less():
    points = second_week().cost_of_delay.by_month["leadership"]
    assert [point.months for point in points] == list(range(13))
    assert points[0].money == pytest.approx(0)
    assert points[6].rolling_money < points[6].money


def test_a_return_is_consistent_with_itself():
    for made in second_week(quick=False).returns.values():
        assert made.roi_percent.point == pytest.approx(100 * (made.bcr.point - 1))
        assert made.npv.point == pytest.approx(made.benefit.point - made.cost.point)
        assert made.npv.p10 <= made.npv.p50 <= made.npv.p90
        assert sum(line.cost for line in made.plan) == pytest.approx(made.cost.point)
        assert made.p_payback_9 <= made.p_payback_18 == made.payback_curve[17].probability
        assert made.cumulative[0].point == pytest.approx(-made.cost.point)
        assert len(made.cumulative) == len(made.payback_curve) + 1 == 25


def test_at_the_break_even_effect_the_plan_returns_what_it_costs():
    d = second_week(quick=False).returns["leadership"].break_even_d
    found = second_week(overrides={"d_leadership": d}).returns["leadership"]
    assert 0 < d < 0.72
    assert found.npv.point == pytest.approx(0, abs=0.002 * found.cost.point)


def test_the_conservative_view_is_never_better_than_the_point_value():
    for made in second_week().returns.values():
        assert made.conservative.npv < made.npv.point


def test_the_utility_method_stands_beside_and_shrinks_step_by_step():
    made = second_week().returns["leadership"].utility
    assert made.cascade[0].step == "naive"
    assert made.break_even_d_simple > 0
    assert made.people == sum(line.seats for line in second_week().returns["leadership"].plan)


def test_an_empty_budget_buys_nothing_and_says_why():
    made = second_week(budget_money=0.0).returns["technical"]
    assert made.plan == ()
    assert (made.why, made.roi_percent.why) == ("there is no budget", "nothing is bought")
    small = second_week(budget_money=500.0).returns["technical"]
    assert small.why == "budget and cohort are too small for one whole group of any programme"


def test_starting_later_costs_what_the_cost_of_delay_says():
    now = second_week()
    later = second_week(start_month=3).returns["leadership"].npv.point
    point = now.cost_of_delay.by_month["leadership"][3]
    assert now.returns["leadership"].npv.point - later == pytest.approx(point.money)


def test_learning_one_input_is_worth_no_more_than_learning_all():
    found = second_week(quick=False, draws=2048).information
    assert found.evpi > 0
    assert all(0 <= each.evppi <= found.evpi + 1e-6 for each in found.evppi.values())
    assert max(found.evppi, key=lambda name: found.evppi[name].evppi) in ("d_leadership", "d_technical")
    assert found.tornado[0].name == "d_leadership"
    widths = [abs(bar.npv_high - bar.npv_low) for bar in found.tornado]
    assert widths == sorted(widths, reverse=True)


def test_a_client_s_own_assumption_is_used_and_named():
    change = AssumptionChange(name="rework_share", value=0.30, low=0.2, high=0.4, source="audit 2024")
    found = second_week(company(assumption_changes=(change,)))
    used = next(entry for entry in found.assumptions if entry.name == "rework_share")
    assert (used.value, used.low, used.high, used.changed_by, used.source) == (0.30, 0.2, 0.4, "client", "audit 2024")
    assert found.leaks["rework"].monthly == pytest.approx(2 * second_week().leaks["rework"].monthly)


def test_measured_assumptions_say_where_they_were_measured():
    used = {entry.name: entry for entry in second_week().assumptions}
    assert used["voluntary_exit_rate"].source == "employees: 26 voluntary exits in 198.0 person-years"
    assert used["voluntary_exit_rate"].changed_by == "measured"
    assert used["voluntary_exit_rate"].low < 26 / 198 < used["voluntary_exit_rate"].high
    assert used["regretted_share"].evidence == "house assumption"
    assert second_week(nothing_given(), fired=None).assumptions[14].defaulted_for == "employees"


def test_a_programme_price_of_the_client_stands_as_it_is():
    own = {"programme": "manager_essentials", "fixed_money": "0", "money_per_participant": "100", "source": "quote"}
    offers = {offer.key: offer for offer in problem(company(programme_changes=(own,)), cohort_size=30).offers}
    made = offers["manager_essentials"]
    assert made.own_by_seats[20] == 2_000
    assert made.bought_by_seats[20] == 0
    assert offers["cross_team_simulation"].bought_by_seats[20] == pytest.approx(30_000 + 20 * 2_200)


def test_first_year_view_counts_no_later_benefit():
    settings = whole().settings.model_copy(
        update={"switches": whole().settings.switches.model_copy(update={"npv_view": "first_year"})}
    )
    shorter = whole().settings.model_copy(update={"horizon_months": 12})
    short, year = (second_week(whole().model_copy(update={"settings": each})) for each in (settings, shorter))
    assert short.returns["leadership"].benefit.point < second_week().returns["leadership"].benefit.point
    assert short == year


def offered(**changes):
    own = {"programme": "manager_essentials", "source": "as we would run it", **changes}
    offers = {offer.key: offer for offer in problem(company(programme_changes=(own,)), cohort_size=30).offers}
    return offers["manager_essentials"]


def test_a_shipped_programme_without_two_of_its_design_features_does_less():
    less = offered(moderators="needs_analysis, practice, spaced")
    assert less.design_factor == pytest.approx(0.92**2)
    values = problem().point
    whole_effect, part = (flow.reductions(values, each)["rework"] for each in (offered(), less))
    assert part == pytest.approx(0.92**2 * whole_effect)


def test_effects_the_client_states_itself_hold_for_its_own_design():
    own = offered(moderators="practice", effect_at_ref={"rework": "0.01, 0.02, 0.03"})
    assert own.design_factor == 1


def test_leaving_out_reinforcement_makes_an_effect_fade_faster():
    assert offered().keep_share == pytest.approx(0.97)
    assert offered(reinforcement="coaching").keep_share == pytest.approx(1 - 0.03 / 0.75)
    assert offered(reinforcement="coaching", decay_share_per_month="0.05").keep_share == pytest.approx(0.95)


def test_exits_are_placed_by_the_pooled_rates_of_the_teams():
    evidence = whole()
    rows, pooled = pooled_teams(evidence)
    found = register_of(evidence, {})[1]
    weight = np.array([(pooled.mean * pooled.person_years)[rows[unit]] for unit in found.units])
    weight = weight * found.unit_payroll / found.headcount
    assert found.shares["exits"] == pytest.approx(weight / weight.sum())
