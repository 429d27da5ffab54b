"""The calendar of the follow-up: cost of postponing, the re-plan, what is due, and cost tracking."""

from __future__ import annotations

import datetime as dt

import pytest

from tests.builders import AS_OF, evidence
from tests.weeks.pilot_company import eight_units, followed_up
from workbook import weeks
from workbook.evidence import CostMonth, Involvement, MetricAgreed, ParticipantCount, SessionCount, SessionOpen
from workbook.scenario import Scenario
from workbook.weeks import followup_calendar as planning
from workbook.weeks.decision import decision_problem
from workbook.weeks.followup_costs import costs
from workbook.weeks.week4_case import metric_dictionary, risks
from workbook.weeks.week4_units import Side

SCENARIO = Scenario(draws=1024)
MONDAY = planning.first_monday(AS_OF)
SIDES: dict[str, Side] = {"Essentials": "leadership"}
DAY = dt.timedelta(days=1)


def opened(session="S1", *, week=2, unit="Unit A", **more) -> SessionOpen:
    due = MONDAY + week * planning.WEEK + 2 * DAY
    fields = {"programme": "Essentials", "status": "planned", "planned": due, "due": due, "seats": 12, "hours": 3.0}
    return SessionOpen(**{**fields, "session": session, "unit": unit, **more})


def planned(*sessions: SessionOpen, rate: float | None = 2.0):
    given = followed_up(sessions_open=sessions)
    return planning.replanned(given, SIDES, {"leadership": rate, "technical": None})


def busy(*weeks_: int):
    return tuple((MONDAY + week * planning.WEEK, MONDAY + week * planning.WEEK + 4 * DAY) for week in weeks_)


def test_a_session_out_of_a_busy_week_is_held_in_another_and_says_why():
    (line,) = planned(opened(blocked=busy(2))).lines
    assert line.action == "move"
    assert not any(first <= line.dates[0] <= last for first, last in busy(2))
    assert line.dates[0].weekday() == line.due.weekday()
    assert line.reason == "its unit is busy that week"


def test_one_busy_day_closes_the_whole_week():
    day = MONDAY + 2 * planning.WEEK
    (line,) = planned(opened(blocked=((day, day),))).lines
    assert planning.first_monday(line.dates[0]) != day + planning.WEEK


def test_a_calendar_without_conflicts_stands():
    found = planned(opened("S1", week=1), opened("S2", week=3))
    assert [line.action for line in found.lines] == ["keep", "keep"]
    assert (found.person_hour_weeks, found.late_money) == (0.0, 0.0)


def test_what_comes_late_costs_its_person_hours_times_the_rate():
    found = planned(opened(week=0, blocked=busy(0, 1, 2)))
    assert found.lines[0].weeks_late == 3
    assert found.late_money == pytest.approx(36 * 3 * 2.0)
    assert planned(opened(week=0, blocked=busy(0, 1, 2)), rate=None).late_money is None


def test_a_session_of_this_week_stands_unless_one_before_it_is_still_open():
    soon = {"planned": AS_OF + DAY, "due": AS_OF + DAY}
    (line,) = planned(opened(**soon)).lines
    assert (line.dates, line.reason) == ((AS_OF + DAY,), "it is this week and stands")
    earlier = opened("S0", planned=AS_OF - 30 * DAY, due=AS_OF - 20 * DAY)
    first, second = planned(earlier, opened(**soon)).lines
    assert first.reason == "its day has passed"
    assert first.dates < second.dates


def test_no_session_comes_before_the_one_before_it():
    found = planned(opened("S1", week=1, blocked=busy(0, 1, 2)), opened("S2", week=2))
    days = {line.session: line.dates for line in found.lines}
    assert days["S1"][-1] < days["S2"][0]


def test_sessions_far_ahead_are_left_alone_and_counted():
    found = planned(opened(week=1), opened("S2", week=planning.WEEKS + 3))
    assert [line.session for line in found.lines] == ["S1"]
    assert found.beyond == 1


def test_unknown_seats_count_like_the_usual_session():
    found = planned(opened(week=0, blocked=busy(0), seats=None), opened("S2", week=1, unit="Unit B"))
    assert found.late_money == pytest.approx(36 * found.lines[0].weeks_late * 2.0)


def test_the_order_of_the_sessions_changes_nothing():
    rows = [opened(f"S{k}", week=k % 3, unit=f"Unit {'AB'[k % 2]}", blocked=busy(1)) for k in range(5)]
    assert planned(*rows) == planned(*rows[::-1])


def test_without_sessions_there_is_no_plan_and_without_open_ones_it_says_so():
    assert planning.replanned(evidence(), SIDES, {}) is None
    found = planned()
    assert (found.lines, found.why) == ((), "no session is open in the weeks ahead")


def test_postponing_is_priced_by_the_cost_of_delay_of_the_tracks_plan():
    given = followed_up()
    week1 = weeks.week1(given, SCENARIO)
    problem = decision_problem(given, SCENARIO, week1)
    rate = planning.hour_week_money(problem, "leadership")
    plan = problem.plans[problem.reference["leadership"]]
    hours = {offer.key: offer.programme.hours_per_participant for offer in problem.offers}
    person_hours = sum(sum(blocks) * hours[key] for key, blocks in plan.seats.items())
    month = weeks.week2(given, SCENARIO, week1).cost_of_delay.by_month["leadership"][1].money
    assert rate == pytest.approx(month * 12 / 52 / person_hours)


def test_postponements_are_listed_with_reasons_dearest_first():
    row = SessionCount(
        programme="Essentials", status="postponed", reason="illness", sessions=2, seats=24, attended=None, hours=6,
        person_hours=72.0, late_person_hour_days=72.0 * 14,
    )  # fmt: skip
    cheap = row.model_copy(update={"status": "cancelled", "reason": None, "late_person_hour_days": 72.0})
    unknown = row.model_copy(update={"person_hours": None, "late_person_hour_days": None, "reason": "strike"})
    given = followed_up(sessions=(cheap, unknown, row))
    found = planning.postponements(given, SIDES, {"leadership": 2.0, "technical": None})
    assert [(one.status, one.money, one.days_late) for one in found] == [
        ("postponed", 72 * 2 * 2.0, 14.0),
        ("cancelled", pytest.approx(72 / 7 * 2.0), 1.0),
        ("postponed", None, None),
    ]
    assert found[2].why == "seats and hours of the sessions are needed"
    assert planning.postponements(given, SIDES, {})[0].why == "no plan of the track gives a cost of delay"


def started(day: dt.date) -> tuple[ParticipantCount, ...]:
    return (
        ParticipantCount(programme="Essentials", arm="pilot", cohort=None, started=24, completed=20, first_start=day),
    )


def test_touchpoints_count_from_the_day_the_pilot_started_and_know_which_ratings_are_in():
    given = followed_up(participants=started(AS_OF - 100 * DAY))
    found = {point.what.split(":")[0]: point for point in planning.touchpoints(given)}
    assert found["30 days"].due == AS_OF - 70 * DAY
    assert {name: point.state for name, point in found.items()} == {
        "Start": "done",
        "30 days": "done",
        "60 days": "overdue",
        "90 days": "done",
        "Month 6": "ahead",
        "Month 9": "ahead",
    }


def test_before_a_pilot_everything_lies_ahead():
    assert {point.state for point in planning.touchpoints(eight_units())} == {"ahead"}


def test_managers_part_is_done_when_three_in_four_took_part():
    managers = next(row.managers for row in eight_units().managers if row.unit == "(company)")
    log = (
        Involvement(kind="coaching", events=200, managers=managers),
        Involvement(kind="slot_chosen", events=1, managers=1),
    )
    given = followed_up(involvement=log, participants=started(AS_OF - 100 * DAY))
    found = {one.kind: one for one in planning.involvement_due(given)}
    assert (found["coaching"].state, found["slot_chosen"].state) == ("done", "overdue")
    assert found["feedback_received"].managers == 0
    assert planning.involvement_due(evidence()) == ()


def month_of(programme="P", month=1, money=100.0, budget=80.0, people=4) -> CostMonth:
    return CostMonth(
        programme=programme,
        track="leadership",
        month=None if month is None else dt.date(2024, month, 1),
        money=money,
        budget_money=budget,
        participants=people,
    )


def test_budget_is_held_against_what_had_a_budget():
    rows = (month_of(month=2), month_of(month=1, money=60.0, budget=None), month_of("Q", money=500.0, people=0))
    found = costs(evidence(cost_months=rows))
    assert [(one.programme, one.month and one.month.month) for one in found] == [
        ("Q", None),
        ("Q", 1),
        ("P", None),
        ("P", 1),
        ("P", 2),
    ]
    total = found[2]
    assert (total.actual, total.budget, total.over_share, total.per_person) == (160.0, 80.0, pytest.approx(0.25), 20.0)
    assert (found[3].budget, found[3].over_share) == (None, None)
    assert found[0].per_person is None


def test_a_person_costs_less_as_more_take_part():
    given = followed_up()
    found = weeks.followup(given, SCENARIO, weeks.week1(given, SCENARIO))
    prices = [point.per_person for point in found.cost_per_person]
    assert len(prices) > 2
    assert prices[0] > prices[-1]
    assert found.cost_programme


def agreed(**more) -> MetricAgreed:
    fields = {"metric": "m", "definition": "d", "formula": "f", "purpose": "p", "owner": "o"}
    return MetricAgreed(**{**fields, **more})


def test_a_metric_agreed_or_changed_after_the_pilots_own_start_is_marked():
    start = AS_OF - 100 * DAY
    rows = (
        agreed(agreed_on=start - DAY),
        agreed(agreed_on=start + DAY),
        agreed(agreed_on=start - DAY, changed_on=start + DAY),
    )
    found = metric_dictionary(evidence(metrics=rows, participants=started(start)))
    assert [(one.added_after_start, one.changed_after_start) for one in found] == [
        (False, False),
        (True, False),
        (False, True),
    ]
    given = eight_units()
    page = weeks.week4(
        given,
        SCENARIO,
        weeks.week1(given, SCENARIO),
        weeks.week3(given, SCENARIO, weeks.week1(given, SCENARIO), quick=True),
        weeks.decide(given, SCENARIO, weeks.week1(given, SCENARIO)),
    )
    verdict = weeks.decide(given, SCENARIO, weeks.week1(given, SCENARIO))
    assert any("changed after the start" in risk for risk in risks(page.pilot, verdict, found))
