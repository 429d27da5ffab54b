"""Where the pilot runs, against whom, and what it could see."""

import datetime as dt
import math

import pytest

from tests.builders import evidence, exposure
from tests.weeks.pilot_company import UNITS, eight_units
from workbook import weeks
from workbook.evidence import COMPANY, MISSING_UNIT, SMALL_UNITS
from workbook.model import detectable
from workbook.scenario import Scenario
from workbook.weeks import week4_metrics as metrics
from workbook.weeks import week4_units as units
from workbook.weeks.week4_case import add_months, milestones
from workbook.weeks.week4_design import Chosen, design

TARGETS = {
    "manager_nps": {"change": 20},
    "high_performer_churn": {"change": -0.12},
    "time_to_fill": {"change": -0.5},
    "rework": {"change": -0.18},
    "profit": {"change": 0.1},
}


def trained(given, side) -> units.Trained:
    if side == "leadership":
        return units.Trained(side, "manager", {row.unit: row.managers for row in given.managers})
    people = {row.unit: row.headcount for row in given.headcount if row.level == "individual"}
    return units.Trained(side, "individual", people)


def chosen(given=None, *, side="leadership", seats=24, waiting=None) -> Chosen:
    given = eight_units() if given is None else given
    week1 = weeks.week1(given, Scenario())
    people = trained(given, side)
    ranked = units.candidates(given, week1, people)
    hosts = units.choose(given, ranked, seats=seats, comparison_seats=waiting or seats)
    return design(given, hosts, people.who, seats=seats, comparison_seats=waiting or seats)


def effects(given=None, *, side="leadership", seats=24, target_d=0.31):
    given = eight_units() if given is None else given
    setting = metrics.frame(
        given, chosen(given, side=side, seats=seats), trained(given, side), target_d=target_d, break_even_d=0.1
    )
    return metrics.effects(setting)


def test_units_rank_by_need_times_readiness_times_measurability():
    ranked = chosen().hosts.candidates
    assert {one.unit for one in ranked} == set(UNITS)
    for one in ranked:
        assert one.score == pytest.approx(one.need * one.readiness * one.measurability)
    assert [one.score for one in ranked] == sorted((one.score for one in ranked), reverse=True)


def test_a_unit_where_less_can_be_measured_falls_behind():
    full = eight_units()
    top = chosen(full).hosts.candidates[0]
    blind = full.model_copy(update={"delivery": tuple(row for row in full.delivery if row.unit != top.unit)})
    now = next(one for one in chosen(blind).hosts.candidates if one.unit == top.unit)
    assert (top.measurability, now.measurability) == (1.0, 0.75)


def test_merged_and_unnamed_units_cannot_host_a_pilot():
    given = eight_units()
    renamed = given.model_dump()
    text = given.model_dump_json().replace("Unit A", SMALL_UNITS).replace("Unit B", MISSING_UNIT)
    found = chosen(type(given).model_validate_json(text)).hosts.candidates
    assert {one.unit for one in found} == set(UNITS) - {"Unit A", "Unit B"}
    assert len(renamed["units"]) == 8


def test_places_are_drawn_by_lot_where_more_leaders_than_places_can_be_found():
    found = chosen(seats=24)
    assert found.design == "lottery with a wait-list"
    assert (found.pilot_n, found.comparison_n) == (24, 24)
    assert (found.hosts.pilot_people or 0) >= 48
    assert found.reason.startswith(f"The chosen units hold {found.hosts.pilot_people} leaders for 24 places")


def test_matched_units_follow_where_too_few_would_wait():
    found = chosen(seats=60)
    assert found.design == "matched difference-in-differences"
    assert not {one.unit for one in found.hosts.pilot} & {one.unit for one in found.hosts.comparison}
    assert found.pilot_n == found.hosts.pilot_people


def test_a_stepped_wedge_follows_where_everybody_fits_in():
    found = chosen(seats=100)
    assert (found.design, found.pilot_n, found.comparison_n) == ("stepped wedge", 76, 0)
    assert {one.unit for one in found.hosts.pilot} == set(UNITS)


def test_few_units_and_many_places_cut_the_first_wave_to_half_by_lot():
    given = eight_units()
    text = given.model_dump_json()
    keep = {"Unit G", "Unit H", COMPANY}
    small = type(given).model_validate_json(text)
    fields = ("headcount", "exposure", "roles", "managers", "survey", "delivery", "initiatives")
    small = small.model_copy(
        update={
            "units": ("Unit G", "Unit H"),
            **{name: tuple(row for row in getattr(small, name) if row.unit in keep) for name in fields},
        }
    )
    found = chosen(small, seats=24)
    assert (found.design, found.pilot_n, found.comparison_n) == ("lottery with a wait-list", 13, 12)


def test_without_leaders_by_unit_a_trend_line_is_all_there_is():
    given = eight_units()
    without = given.model_copy(update={"managers": ()})
    found = chosen(without)
    assert found.design == "trend line"
    assert "how many leaders each unit has is not known" in found.reason


def test_a_client_who_gave_nothing_gets_before_against_after_and_no_unit():
    found = chosen(evidence())
    assert (found.design, found.hosts.pilot) == ("pre/post", ())


def test_comparison_units_are_the_closest_on_the_baseline():
    given = eight_units()
    ranked = chosen(given).hosts.candidates
    by_name = {one.unit: one for one in ranked}
    pilot = (by_name["Unit A"], by_name["Unit H"])
    others = tuple(by_name[name] for name in ("Unit B", "Unit D", "Unit G"))
    assert [one.unit for one in units.closest(given, pilot, others)] == ["Unit B", "Unit G"]


def test_the_order_of_the_records_changes_neither_units_nor_effects():
    given = eight_units()
    fields = ("headcount", "exposure", "roles", "managers", "survey", "delivery", "units", "initiatives")
    turned = given.model_copy(update={name: tuple(reversed(getattr(given, name))) for name in fields})
    one, other = chosen(given, seats=60), chosen(turned, seats=60)
    assert [c.unit for c in one.hosts.pilot] == [c.unit for c in other.hosts.pilot]
    assert {c.unit for c in one.hosts.comparison} == {c.unit for c in other.hosts.comparison}
    first, second = effects(given), effects(turned)
    assert {name: e.mde for name, e in first.items()} == pytest.approx({name: e.mde for name, e in second.items()})


def test_twelve_leaders_an_arm_see_an_effect_of_1_197_at_least():
    """Source: methods design, section 5."""
    rating = effects(seats=12)["leader_rating"]
    assert rating.mde_standardised == pytest.approx(1.197, abs=5e-4)
    assert (rating.arms, rating.target, rating.break_even, rating.detects_target) == ((12, 12), 0.31, 0.1, False)


def test_the_curve_passes_through_the_worked_value_and_falls():
    """Source: methods design, section 5."""
    curve = {point.cohort_size: point.mde_standardised for point in metrics.curve(20, sides=2)}
    assert curve[12] == pytest.approx(1.197, abs=5e-4)
    assert 20 in curve
    assert list(curve.values()) == sorted(curve.values(), reverse=True)


def test_a_large_enough_pilot_sees_its_target():
    assert effects(side="technical", seats=100, target_d=0.64)["capability"].detects_target is True


def test_one_sided_testing_sees_smaller_effects():
    one = eight_units(own={"switches": {"sided": "one"}})
    assert (effects(one)["leader_rating"].mde or 0) < (effects()["leader_rating"].mde or 0)
    assert effects(one)["leader_rating"].method.endswith("one-sided 5%, power 80%")


def test_turnover_uses_the_companys_rate_and_the_person_years_of_the_teams():
    given = eight_units()
    company = next(row for row in given.exposure if row.unit == COMPANY and row.group == "all")
    rate = company.voluntary_exits / company.person_years
    years = 24 * 8 * 0.75
    error = math.sqrt(rate * 2 / years * (1 + 7 * 0.05))
    multiplier = detectable.multiplier_t(degrees_of_freedom=46, alpha=0.05, power=0.8, sides=2)
    assert effects(given)["voluntary_turnover"].mde == pytest.approx(multiplier * error)


def test_every_target_of_the_client_gets_a_line_even_if_nothing_measures_it():
    found = effects(eight_units(own={"targets": TARGETS}))
    assert set(TARGETS) <= set(found)
    assert found["manager_nps"].target == 20
    assert found["rework"].target == pytest.approx(-0.18 * 0.15)
    assert found["time_to_fill"].target == pytest.approx(-37.5)
    assert found["profit"].why == "no table measures it; agree how it is counted before the start"
    assert found["high_performer_churn"].target == pytest.approx(-0.12 * found_rate(eight_units()))


def found_rate(given) -> float:
    row = next(row for row in given.exposure if row.unit == COMPANY and row.group == "high_performers")
    return row.voluntary_exits / row.person_years


def test_turnover_targets_may_mean_percentage_points():
    own = {"targets": TARGETS, "switches": {"turnover_change": "points"}}
    assert effects(eight_units(own=own))["high_performer_churn"].target == -0.12


def test_a_metric_that_cannot_be_computed_says_why():
    bare = evidence(exposure=(exposure(exits=5, person_years=100.0, group="all"),))
    found = effects(bare)
    assert found["on_time"].why == "three units with twelve months of delivery.csv are needed"
    assert found["engagement"].why == "no released wave of engagement with a standard deviation"
    assert found["voluntary_turnover"].why == "without a comparison group a change cannot be told from drift"
    assert all(effect.mde is None or effect.why is None for effect in found.values())


def test_units_that_all_moved_alike_leave_no_spread_to_plan_with():
    found = effects(eight_units(own={"targets": {"velocity": {"change": 0.3}}}))
    assert found["velocity"].mde is None
    assert found["velocity"].why == (
        "all units moved by the same amount last year, which leaves no spread to plan with"
    )


def test_two_matched_units_are_too_few_to_say_anything():
    found = chosen(seats=60)
    two = Chosen(
        found.design,
        found.reason,
        units.Hosts(found.hosts.candidates, found.hosts.pilot[:1], found.hosts.comparison[:1]),
        12,
        12,
    )
    given = eight_units()
    setting = metrics.frame(given, two, trained(given, "leadership"), target_d=None, break_even_d=None)
    assert metrics.effects(setting)["leader_rating"].why == (
        "2 units cannot tell the programme's effect from differences between units; four are needed"
    )


def test_milestones_count_from_a_start_one_month_after_the_data():
    found = {one.label: one.due for one in milestones(dt.date(2025, 1, 31))}
    assert found == {
        "Start": dt.date(2025, 2, 28),
        "30 days": dt.date(2025, 3, 30),
        "60 days": dt.date(2025, 4, 29),
        "90 days": dt.date(2025, 5, 29),
        "Month 6": dt.date(2025, 8, 28),
        "Month 9": dt.date(2025, 11, 28),
    }
    assert add_months(dt.date(2024, 11, 30), 3) == dt.date(2025, 2, 28)
