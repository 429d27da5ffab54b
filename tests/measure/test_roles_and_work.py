"""Roles, delivery, initiatives, training, sessions and what gaps cost."""

import datetime as dt
import time

import pytest

from tests.measure.clients import answers, client, leaver, staff, varied
from workbook.evidence import COMPANY
from workbook.measure import measure

DAY = dt.date(2025, 10, 1)


def role(name, unit="Sales", **fields):
    return {"role_id": name, "unit": unit, "is_leadership": True, "is_critical": True, **fields}


def named(role_id, person, readiness="now"):
    return {"role_id": role_id, "employee_id": person, "readiness": readiness}


def counts(evidence, unit=COMPANY):
    return next(row for row in evidence.roles if row.unit == unit)


def test_one_person_named_for_two_roles_covers_one():
    roles = [role("A"), role("B"), role("C")]
    with_both = counts(
        measure(client({"roles": roles, "successors": [named("A", "X"), named("B", "X"), named("A", "Y")]}))
    )
    with_one = counts(measure(client({"roles": roles, "successors": [named("A", "X"), named("B", "X")]})))

    assert (with_both.named_any, with_both.matched) == (2, 2)
    assert (with_one.named_any, with_one.matched) == (2, 1)


def test_readiness_decides_who_counts_and_the_switch_which_standard():
    roles = [role("A"), role("B"), role("C")]
    given = [named("A", "X", "now"), named("B", "Y", "1_year"), named("C", "Z", "later")]
    found = counts(measure(client({"roles": roles, "successors": given})))
    strict = counts(measure(client({"roles": roles, "successors": given}, switches={"successor": "ready_now"})))

    assert (found.matched_named, found.matched_ready_1_year, found.matched_ready_now) == (3, 2, 1)
    assert (found.matched, strict.matched) == (2, 1)


def test_leavers_incumbents_and_roles_that_are_not_critical_do_not_count():
    people = [*staff("Sales", 12), leaver("gone", "Sales", dt.date(2025, 5, 1))]
    roles = [
        role("A", incumbent_id="sales001"),
        role("B", incumbent_id="sales002"),
        role("C", incumbent_id="sales003", is_critical=False),
    ]
    given = [named("A", "gone"), named("B", "sales002"), named("C", "sales004"), named("A", "stranger")]
    found = counts(measure(client({"employees": people, "roles": roles, "successors": given})))

    assert (found.roles, found.critical, found.leadership_vacant) == (3, 2, 0)
    assert (found.named_any, found.matched_named) == (0, 0)


def test_a_role_is_vacant_when_the_file_says_so_or_its_holder_left():
    people = [*staff("Sales", 12), leaver("gone", "Sales", dt.date(2025, 5, 1), level="manager")]
    roles = [role("A", incumbent_id="sales001"), role("B", incumbent_id="gone"), role("C", vacant_since=DAY)]
    evidence = measure(client({"employees": people, "roles": roles}))

    assert counts(evidence).leadership_vacant == 2
    assert evidence.role_flow.leadership_vacancies_opened == 1, "one left, one is open since October: at least one"
    assert not counts(evidence).successors_given


def test_the_value_of_a_role_is_its_own_or_revenues_or_pays():
    people = staff("Sales", 20, level="manager", salary=60_000.0)
    roles = [role("A", incumbent_id="sales001"), role("B", vacant_since=DAY, days_to_fill=100)]

    def flow(roles=roles, **settings):
        return measure(client({"employees": people, "roles": roles}, **settings)).role_flow

    own = flow([{**roles[0], "monthly_value": 9_000}, roles[1]], revenue=2_400_000)
    assert (own.vacant_value_money_per_month, own.role_value_source) == (9_000, "roles")
    assert (flow(revenue=2_400_000).vacant_value_money_per_month, flow(revenue=2_400_000).role_value_source) == (
        10_000,
        "revenue",
    )
    assert (flow().vacant_value_money_per_month, flow().role_value_source) == (7_500, "pay")
    assert flow().vacant_pay_money_per_month == 5_000
    assert (flow().days_to_fill_mean, flow().days_to_fill_n) == (100, 1)


def test_leaders_hired_over_ninety_days_before_their_role_came_from_inside():
    fresh = {"level": "manager", "role_start": dt.date(2025, 6, 1)}
    people = [*staff("Sales", 10), *staff("Sales", 3, prefix="in", **fresh),
              *staff("Sales", 2, prefix="out", **{**fresh, "hire_date": dt.date(2025, 5, 20)})]  # fmt: skip
    flow = measure(client({"employees": people, "roles": [role("A")]})).role_flow

    assert (flow.internal_fill_share, flow.internal_fill_n) == (0.6, 5)


def test_delivery_of_the_company_is_weighted_by_items_due_and_decisions():
    rows = [
        {"unit": "Sales", "month": DAY, "on_time_share": 0.9, "items_due": 30, "decision_days": 4, "decisions": 1},
        {"unit": "Tech", "month": DAY, "on_time_share": 0.5, "items_due": 10, "decision_days": 8, "decisions": 3},
    ]
    people = [*staff("Sales", 12), *staff("Tech", 12)]
    total = next(r for r in measure(client({"employees": people, "delivery": rows})).delivery if r.unit == COMPANY)
    unweighted = measure(client({"employees": people, "delivery": [{**r, "items_due": None} for r in rows]}))

    assert (total.on_time_share, total.items_due) == (pytest.approx(0.8), 40)
    assert (total.decision_days, total.decisions, total.rework_share) == (7, 4, None)
    assert next(r for r in unweighted.delivery if r.unit == COMPANY).on_time_share == pytest.approx(0.7)


def test_early_work_does_not_make_up_for_late_work():
    base = {"unit": "Sales", "cause": "skills", "cross_team": True}
    rows = [
        {**base, "initiative_id": name, "value_per_month": value, "delay_months": late}
        for name, value, late in (("I1", 1_000, 3), ("I2", 2_000, -5))
    ]
    found = next(r for r in measure(client({"initiatives": rows})).initiatives if r.unit == COMPANY)

    assert (found.initiatives, found.value_money_per_month, found.delayed_value_money) == (2, 3_000, 3_000)
    assert (found.delay_months_mean, found.cross_team) == (1.5, 2)


def test_spend_is_of_the_window_and_tied_to_priorities_with_an_agreed_metric():
    base = {
        "programme": "P",
        "audience": "manager",
        "track": "leadership",
        "participants": 10,
        "cost": 1_000,
        "hours": 80,
    }
    rows = [
        {**base, "priority": "Growth", "metric": "enps", "metric_agreed_by": "COO", "month": dt.date(2025, 1, 1)},
        {**base, "priority": "growth"},
        {**base, "priority": "something else"},
        {**base, "month": dt.date(2024, 12, 1)},
    ]
    evidence = measure(client({"training": rows}, priorities=("growth",)))
    (spend,) = evidence.spend

    assert (spend.money, spend.hours, spend.programmes, spend.participants) == (3_000, 240, 1, 30)
    assert (spend.priority_money, spend.priority_with_metric_money) == (2_000, 1_000)
    assert "training outside the window is left out of today's spend" in evidence.notes


def test_postponed_sessions_are_upcoming_on_their_new_day():
    base = {"programme": "P", "planned_date": DAY}
    rows = [
        {**base, "session_id": "S1", "status": "postponed", "new_date": dt.date(2026, 2, 1)},
        {**base, "session_id": "S2", "status": "held", "seats": 12, "attended": 9},
    ]
    found = {row.status: row for row in measure(client({"sessions": rows})).sessions}

    assert found["postponed"].upcoming == (dt.date(2026, 2, 1),)
    assert (found["held"].seats, found["held"].attended, found["held"].upcoming) == (12, 9, ())


def test_small_cohorts_are_shown_together():
    rows = [
        {"employee_id": f"e{k}", "programme": "P", "start_date": DAY, "cohort": "spring" if k < 3 else "autumn"}
        for k in range(20)
    ]
    found = measure(client({"participants": rows})).participants

    assert [(row.cohort, row.started) for row in found] == [(None, 20)]


def test_every_missing_table_says_what_it_costs_and_a_complete_one_nothing():
    quality = {row.table: row for row in measure(client({"survey": answers("Sales", varied(9))})).quality}

    assert quality["employees"].costs == ("growth, turnover, pay and team sizes cannot be measured",)
    assert quality["survey"].costs == ()
    assert all(row.costs for row in quality.values() if not row.present)


def test_a_client_who_gave_nothing_has_evidence_that_says_so():
    evidence = measure(client())

    assert evidence.units == ()
    assert evidence.survey == evidence.headcount == evidence.exposure == evidence.roles == ()
    assert evidence.rating_summary is evidence.role_flow is None


def test_five_thousand_people_and_a_hundred_thousand_answers_take_seconds():
    people = [row for k in range(20) for row in staff(f"Unit {k:02d}", 250, performance=k % 5, salary=50_000.0 + k)]
    waves = [dt.date(2025, month, 1) for month in range(1, 11)]
    said = [
        row
        for wave in waves
        for k in range(20)
        for item in ("engagement", "capability")
        for row in answers(f"Unit {k:02d}", varied(250), wave=wave, item=item)
    ]
    made = client({"employees": people, "survey": said})
    began = time.process_time()
    evidence = measure(made)

    assert len(said) == 100_000
    assert len(evidence.survey) == 21 * 20
    assert time.process_time() - began < 6, "two seconds on an idle machine"
