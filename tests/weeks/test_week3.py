"""Week 3: the plan, the frontier, alternatives, the catalogue as the client sees it; and the grid."""

from __future__ import annotations

from functools import cache

import pytest

from tests.builders import company, delay
from tests.economics_builders import DRAWS, first_week, gate, nothing_given, problem, skills_gap, whole
from workbook import weeks
from workbook.scenario import Scenario
from workbook.weeks.grid import cohort_sizes


def computed(client, *, quick, fired, **scenario):
    week1 = gate(first_week(client), fired=fired)
    return weeks.week3(client, Scenario(**{"draws": DRAWS, **scenario}), week1, quick=quick)


@cache
def _kept(client_id, quick, fired, scenario):
    return computed(CLIENTS[client_id], quick=quick, fired=fired, **dict(scenario))


CLIENTS = {}


def third_week(client=None, *, quick=False, fired=True, **scenario):
    """Week 3 of a client, worked out once for each question."""
    client = client or whole()
    if "overrides" in scenario:
        return computed(client, quick=quick, fired=fired, **scenario)
    CLIENTS[id(client)] = client
    return _kept(id(client), quick, fired, tuple(sorted(scenario.items())))


def test_the_plan_is_the_verdict_s():
    found = third_week(skills_gap())
    assert {line.track for line in found.plan} == {"technical"}
    assert found.share_leadership == 0
    assert found.spent == pytest.approx(sum(line.cost for line in found.plan))


def test_the_costliest_units_are_trained_first():
    late = (delay("skills", delayed=4_000_000.0, unit="Sales"), delay("skills", delayed=400_000.0, unit="Engineering"))
    client = skills_gap().model_copy(update={"initiatives": late})
    few, many = (third_week(client, cohort_size=people, quick=True).plan for people in (8, 60))
    assert {line.unit for line in few} == {"Sales"}
    assert {line.unit for line in many} > {"Sales"}


def test_seats_come_in_whole_groups():
    found = third_week(cohort_size=60)
    sizes = {view.programme: view for view in found.programmes}
    for programme in {line.programme for line in found.plan}:
        seats = sum(line.seats for line in found.plan if line.programme == programme)
        assert seats in {n for n, _ in sizes[programme].cost_per_person} or seats >= 4


def test_nothing_is_bought_on_insufficient_data():
    found = third_week(nothing_given(), fired=None)
    assert found.plan == ()
    assert (found.spent, found.unallocated) == (0, 100_000)
    assert found.binding == ("insufficient data: nothing is bought before the missing tables are in",)


def test_nothing_is_bought_where_nothing_pays():
    found = third_week(overrides={"d_leadership": -0.09, "d_technical": -0.09})
    assert found.plan == ()
    assert found.binding == ("expected return: no admissible plan is worth its cost",)
    assert found.expected_npv == 0


def test_a_small_cohort_binds_and_more_money_is_worth_nothing():
    found = third_week(cohort_size=8)
    assert "cohort size: everyone the first wave can take is placed" in found.binding
    assert found.shadow_price == pytest.approx(0, abs=0.05)


def test_alternatives_are_valued_by_the_same_draws():
    found = {each.name: each for each in third_week().alternatives}
    assert set(found) == {"do_nothing", "today", "pro_rata", "greedy", "reference", "leadership", "technical"}
    best = third_week().expected_npv
    assert all(each.gain == pytest.approx(best - each.npv) for each in found.values())
    assert found["do_nothing"].npv == 0
    assert found["leadership"].gain >= -1e-6
    assert found["technical"].gain >= -1e-6
    assert found["pro_rata"].gain >= -1e-6
    assert found["reference"].gain >= 0


def test_today_is_left_out_where_today_s_spending_is_unknown():
    assert "today" not in {each.name for each in third_week(company(spend=())).alternatives}


def test_cost_a_person_falls_with_scale():
    view = next(view for view in third_week(cohort_size=60).programmes if view.programme == "manager_essentials")
    costs = [cost for _, cost in view.cost_per_person]
    assert costs == sorted(costs, reverse=True)
    assert view.cost_per_person[0][0] == 8


def test_a_programme_taken_out_is_not_offered():
    client = company(programme_changes=({"programme": "executive_coaching", "available": "false", "source": "policy"},))
    assert "executive_coaching" not in {view.programme for view in third_week(client).programmes}


def test_the_frontier_runs_from_nothing_to_twice_the_budget():
    points = third_week().frontier
    assert [points[0].budget, points[0].npv, points[-1].budget] == [0, 0, 1_000_000]
    assert all(point.p10 <= point.p90 for point in points)


def test_a_quick_answer_is_the_reference_plan_and_says_so():
    quick, full = third_week(quick=True), third_week()
    assert quick.exact is None
    assert quick.method.startswith("Approximate: reference plans.")
    assert full.method.startswith("Exact: ")
    assert full.exact.reference_npv == pytest.approx(quick.expected_npv)
    assert full.expected_npv >= quick.expected_npv


def test_the_exact_plan_is_valued_on_all_draws_and_kept_to_its_limits():
    found = third_week(skills_gap(), cohort_size=60)
    how = found.exact
    assert how.status in ("optimal", "reference plan kept")
    assert how.violations == ()
    assert how.gap <= 1e-6
    assert found.expected_npv == how.npv == pytest.approx(found.frontier[5].npv)
    assert how.optimism == pytest.approx(how.model_npv - how.npv)
    assert how.gain_over_reference >= 0
    assert how.shortfall <= how.npv
    assert found.spent + found.unallocated == found.budget


def test_every_line_says_how_often_single_draws_would_buy_it():
    found = third_week()
    assert {(each.programme, each.unit) for each in found.exact.inclusion} == {
        (line.programme, line.unit) for line in found.plan
    }
    assert all(0 <= each.share <= 1 for each in found.exact.inclusion)
    assert found.exact.inclusion_draws == 16
    assert any(each.share > 0.5 for each in found.exact.inclusion)


def test_the_same_client_gives_the_same_plan_again():
    first, second = (computed(whole(), quick=False, fired=True, cohort_size=40) for _ in range(2))
    assert first.model_dump_json() == second.model_dump_json()


def test_a_least_leadership_share_is_kept_to():
    found = third_week(skills_gap(), minimum_leadership_share=0.3, cohort_size=60)
    assert found.share_leadership >= 0.3 - 1e-6
    assert found.share_leadership > third_week(skills_gap(), cohort_size=60).share_leadership
    quick = third_week(skills_gap(), minimum_leadership_share=0.3, cohort_size=60, quick=True)
    assert quick.share_leadership is None or quick.share_leadership >= 0.3 - 1e-6
    assert (
        "No plan that keeps to the scenario's limits is of the verdict's kind (technical first)." in found.exact.notes
    )


def test_time_away_is_kept_to_in_every_unit():
    most = 2.0
    found = third_week(cohort_size=60, hours_away_per_person=most)
    free = third_week(cohort_size=60)
    hours = {view.programme: view.hours_per_participant for view in found.programmes}
    audience = {view.programme: view.audience for view in found.programmes}
    used: dict[str, float] = {}
    for each in found.plan:
        if audience[each.programme] != "executive":
            used[each.unit] = used.get(each.unit, 0.0) + each.seats * hours[each.programme]
    people = dict(zip(problem(whole()).company.units, problem(whole()).company.headcount, strict=True))
    assert all(used[unit] <= most * people[unit] + 1e-6 for unit in used)
    assert sum(each.seats for each in found.plan) < sum(each.seats for each in free.plan)
    assert found.expected_npv <= free.expected_npv


def test_where_nobody_may_be_away_nobody_is_trained():
    found = third_week(hours_away_per_person=0.0)
    assert found.plan == ()
    assert found.binding == ("time away: within the hours units can spare no admissible plan is worth its cost",)


def test_it_says_so_where_the_verdict_speaks_of_a_plan_that_spends_other_money():
    found = third_week(cohort_size=60)
    named = next(each.cost for each in found.alternatives if each.name == "reference")
    said = any(note.startswith("The verdict compares reference plans;") for note in found.exact.notes)
    assert said == (abs(named - found.spent) > 0.005 * found.spent)


def test_two_least_shares_that_cannot_both_hold_say_by_how_much():
    found = third_week(minimum_leadership_share=0.7, minimum_technical_share=0.5)
    assert found.plan == ()
    assert found.exact.status == "no plan keeps to the limits"
    assert [(each.limit, each.unit) for each in found.exact.relax] == [("least leadership share", "money")]
    assert found.exact.relax[0].money == pytest.approx(0.2 * 500_000)


def test_groups_larger_than_the_cohort_ask_for_seats():
    catalogue = [view.programme for view in third_week().programmes]
    closed = tuple(
        {"programme": each, "available": "false", "source": "policy"}
        for each in catalogue
        if each != "manager_essentials"
    )
    found = third_week(company(programme_changes=closed), cohort_size=5)
    assert found.exact.status == "no plan keeps to the limits"
    (relax,) = found.exact.relax
    assert (relax.limit, relax.amount, relax.unit) == ("cohort", pytest.approx(3), "seats")
    assert relax.money > 0
    assert found.binding == ("limits: no plan that spends money keeps to all of them",)


def test_a_budget_below_every_price_asks_for_money():
    found = third_week(budget_money=300.0)
    assert found.exact.status == "no plan keeps to the limits"
    assert [each.limit for each in found.exact.relax] == ["budget"]


def test_full_aversion_to_risk_never_has_a_worse_bad_fifth():
    bold, careful = third_week(), third_week(risk_aversion_share=1.0)
    assert careful.exact.shortfall >= bold.exact.shortfall - 1e-6
    assert careful.expected_npv <= bold.expected_npv + 1e-6
    assert careful.plan != () or careful.binding == ("risk: at this appetite no admissible plan is worth its cost",)


def test_the_grid_holds_the_present_budget_and_cohort_and_agrees_there():
    client = whole()
    week1 = gate(first_week(client), fired=True)
    scenario = Scenario(draws=DRAWS)
    grid = weeks.grid(client, scenario, week1)
    assert (len(grid.budgets), len(grid.cohort_sizes), len(grid.points)) == (11, 9, 99)
    here = next(point for point in grid.points if (point.budget, point.cohort_size) == (500_000, 24))
    verdict, week2 = weeks.decide(client, scenario, week1), weeks.week2(client, scenario, week1, quick=True)
    assert here.answer == verdict.answer
    assert here.certainty == pytest.approx(verdict.certainty)
    assert here.npv["leadership"] == pytest.approx(week2.returns["leadership"].npv.p50)
    assert here.roi_percent["technical"] == pytest.approx(week2.returns["technical"].roi_percent.p50)
    assert all(point.answer == "neither" for point in grid.points if point.budget == 0)


@pytest.mark.parametrize("now", [1, 3, 24, 400])
def test_nine_cohort_sizes_hold_the_present_one(now):
    sizes = cohort_sizes(now)
    assert len(sizes) == 9
    assert now in sizes
    assert list(sizes) == sorted(set(sizes))
