"""What the calendar may know: sessions still to be held, busy times, weeks chosen, cost by month."""

from __future__ import annotations

import datetime as dt

from tests.measure.clients import AS_OF, client, staff
from workbook.evidence import COMPANY, SMALL_UNITS
from workbook.measure import measure
from workbook.settings import Blackout

DAY = dt.date(2026, 1, 14)
BASE = {"programme": "P", "planned_date": DAY, "status": "planned", "seats": 12, "hours": 3}


def opened(rows, *, people=(), log=(), **settings):
    given = {"sessions": rows, "employees": [*staff("Sales", 30), *staff("Legal", 3), *people]}
    if log:
        given["involvement"] = log
    return measure(client(given, **settings)).sessions_open


def test_planned_and_postponed_sessions_are_open_and_held_and_cancelled_ones_are_not():
    rows = [
        {**BASE, "session_id": f"S{k}", "status": status, "unit": "Sales"}
        for k, status in enumerate(("planned", "postponed", "held", "cancelled"))
    ]
    assert [one.session for one in opened(rows)] == ["S0", "S1"]


def test_a_postponed_session_is_due_on_its_new_day():
    (one,) = opened([{**BASE, "session_id": "S1", "status": "postponed", "new_date": dt.date(2026, 2, 3)}])
    assert (one.planned, one.due) == (DAY, dt.date(2026, 2, 3))


def test_a_session_knows_the_busy_times_of_its_own_unit_and_one_for_all_those_of_every_unit():
    busy = (
        Blackout(unit="Sales", start=dt.date(2026, 1, 12), end=dt.date(2026, 1, 16)),
        Blackout(unit="Legal", start=dt.date(2026, 3, 2), end=dt.date(2026, 3, 6)),
    )
    rows = [{**BASE, "session_id": "S1", "unit": "Sales"}, {**BASE, "session_id": "S2"}]
    sales, everybody = opened(rows, blackout=busy)
    assert sales.blocked == ((dt.date(2026, 1, 12), dt.date(2026, 1, 16)),)
    assert (everybody.unit, len(everybody.blocked)) == (COMPANY, 2)


def test_a_session_of_a_small_unit_is_shown_under_the_small_units():
    rows = [{**BASE, "session_id": "S1", "unit": "Legal"}]
    (one,) = opened(rows, people=staff("Tax", 4) + staff("Audit", 5))
    assert one.unit == SMALL_UNITS


def test_the_weeks_managers_chose_are_mondays_of_their_unit_without_names():
    log = [
        {"date": AS_OF, "manager_id": "sales000", "kind": "slot_chosen", "slot": dt.date(2026, 1, 21)},
        {"date": AS_OF, "manager_id": "sales001", "kind": "slot_chosen", "slot": dt.date(2026, 1, 23)},
        {"date": AS_OF, "manager_id": "sales002", "kind": "coaching", "slot": dt.date(2026, 2, 2)},
        {"date": AS_OF, "manager_id": "stranger", "kind": "slot_chosen", "slot": dt.date(2026, 2, 9)},
    ]
    (one,) = opened([{**BASE, "session_id": "S1", "unit": "Sales"}], log=log)
    assert one.wished == (dt.date(2026, 1, 19),)


def test_no_identifier_or_name_of_a_manager_leaves_with_the_calendar():
    log = [{"date": AS_OF, "manager_id": "sales000", "kind": "slot_chosen", "slot": DAY, "note": "ask sales000"}]
    found = opened([{**BASE, "session_id": "sales000", "unit": "Sales", "reason": "sales000 ill"}], log=log)
    assert "sales000" not in "".join(one.model_dump_json() for one in found)
    assert found[0].session == "session 1"


def test_the_pace_of_a_programme_is_the_most_sessions_it_ever_had_in_a_week():
    rows = [
        {**BASE, "session_id": "S1", "planned_date": dt.date(2025, 12, 1), "status": "held"},
        {**BASE, "session_id": "S2", "planned_date": dt.date(2025, 12, 5), "status": "held"},
        {**BASE, "session_id": "S3"},
    ]
    assert [one.most_a_week for one in opened(rows)] == [2]


def test_the_order_of_the_rows_changes_nothing():
    rows = [{**BASE, "session_id": f"S{k}", "unit": "Sales", "seats": 6 + k} for k in range(5)]
    assert opened(rows) == opened(rows[::-1])


def test_lateness_is_weighed_by_person_hours():
    rows = [
        {**BASE, "session_id": "S1", "planned_date": dt.date(2025, 12, 1), "status": "postponed",
         "new_date": dt.date(2025, 12, 11), "reason": "illness"},
        {**BASE, "session_id": "S2", "planned_date": dt.date(2025, 12, 21), "status": "cancelled", "reason": "illness"},
        {**BASE, "session_id": "S3", "planned_date": dt.date(2025, 12, 1), "status": "held"},
    ]  # fmt: skip
    found = {row.status: row for row in measure(client({"sessions": rows})).sessions}
    assert found["postponed"].late_person_hour_days == 36 * 10
    assert found["cancelled"].late_person_hour_days == 36 * 10
    assert found["held"].late_person_hour_days == 0
    assert found["held"].person_hours == 36


def test_costs_are_kept_by_programme_and_month_of_the_window():
    row = {"programme": "P", "audience": "manager", "track": "leadership", "participants": 4, "hours": 8}
    rows = [
        {**row, "cost": 100.0, "budget": 80.0, "month": dt.date(2025, 3, 1)},
        {**row, "cost": 50.0, "month": dt.date(2025, 3, 1)},
        {**row, "cost": 20.0, "budget": 30.0, "month": None},
        {**row, "cost": 999.0, "budget": 1.0, "month": dt.date(2020, 3, 1)},
    ]
    found = measure(client({"training": rows})).cost_months
    assert [(one.month, one.money, one.budget_money, one.participants) for one in found] == [
        (dt.date(2025, 3, 1), 150.0, 80.0, 8),
        (None, 20.0, 30.0, 4),
    ]


def test_busy_times_of_a_unit_that_no_table_names_are_pointed_out():
    busy = (
        Blackout(unit="Salse", start=DAY, end=DAY),
        Blackout(unit="Sales", start=DAY, end=DAY),
    )
    given = {"sessions": [{**BASE, "session_id": "S1", "unit": "Sales"}], "employees": staff("Sales", 30)}
    notes = [note for note in measure(client(given, blackout=busy)).notes if "blackout" in note]
    assert notes == ["client.yml, blackout: no table names the unit 'Salse', so it closes no week"]


def test_the_days_of_the_pilots_first_participants_are_known_by_group_only():
    rows = [
        {"employee_id": f"e{k}", "programme": "P", "start_date": DAY + dt.timedelta(days=k), "arm": "pilot"}
        for k in range(6)
    ]
    (row,) = measure(client({"participants": rows})).participants
    assert (row.started, row.first_start) == (6, DAY)
    assert measure(client({"participants": rows[:4]})).participants == ()


def test_a_metric_keeps_the_day_it_last_changed():
    row = {"metric": "m", "definition": "d", "formula": "f", "purpose": "p", "owner": "o", "changed_on": DAY}
    (found,) = measure(client({"metrics": [row]})).metrics
    assert found.changed_on == DAY
