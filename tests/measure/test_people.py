"""Headcount, exposure, pay and managers."""

import datetime as dt

import pytest

from tests.measure.clients import client, leaver, staff
from workbook.evidence import COMPANY
from workbook.measure import measure


def company_exposure(evidence, group="all", unit=COMPANY):
    rows = [row for row in evidence.exposure if row.group == group and row.unit == unit]
    return max(rows, key=lambda row: row.window_end, default=None)


def test_the_day_of_the_files_is_inside_the_window_and_the_window_is_twelve_months_long():
    people = [
        *staff("Sales", 20),
        leaver("x1", "Sales", dt.date(2025, 12, 31)),
        leaver("x2", "Sales", dt.date(2024, 12, 31)),
    ]
    row = company_exposure(measure(client({"employees": people})))

    assert (row.window_start, row.window_end) == (dt.date(2025, 1, 1), dt.date(2026, 1, 1))
    assert row.voluntary_exits == 1
    assert row.person_years == pytest.approx((20 * 365 + 364) / 365.25, abs=1e-5)


def test_only_voluntary_exits_count_and_they_are_told_apart_by_level():
    people = [
        *staff("Sales", 20),
        leaver("x1", "Sales", dt.date(2025, 6, 1)),
        leaver("x2", "Sales", dt.date(2025, 6, 1), exit_type="involuntary"),
        leaver("x3", "Sales", dt.date(2025, 6, 1), level="manager"),
    ]
    row = company_exposure(measure(client({"employees": people})))

    assert row.voluntary_exits == 2
    assert row.exits_by_level == {"executive": 0, "manager": 1, "individual": 1}


def test_somebody_who_left_before_the_window_adds_neither_time_nor_an_exit():
    people = [*staff("Sales", 20), leaver("x1", "Sales", dt.date(2025, 3, 1))]
    earlier = [leaver(f"y{k}", "Sales", dt.date(2023, 3, 1)) for k in range(9)]

    now = company_exposure(measure(client({"employees": people})))
    with_history = company_exposure(measure(client({"employees": [*people, *earlier]})))

    assert now == with_history


def test_units_add_up_to_the_company_in_exposure():
    people = [*staff("Sales", 20), *staff("Tech", 14), *staff(None, 11), leaver("x1", "Tech", dt.date(2025, 6, 1))]
    rows = [row for row in measure(client({"employees": people})).exposure if row.group == "all"]
    latest = [row for row in rows if row.window_end == dt.date(2026, 1, 1)]
    parts = [row for row in latest if row.unit != COMPANY]
    total = next(row for row in latest if row.unit == COMPANY)

    assert {row.unit for row in parts} == {"Sales", "Tech", "(missing)"}
    assert sum(row.person_years for row in parts) == pytest.approx(total.person_years, abs=1e-4)
    assert sum(row.voluntary_exits for row in parts) == total.voluntary_exits == 1


def test_headcount_goes_back_to_the_first_hire_and_no_further():
    people = [*staff("Sales", 10, hire_date=dt.date(2025, 7, 15)), *staff("Tech", 10, hire_date=dt.date(2025, 9, 1))]
    rows = [r for r in measure(client({"employees": people})).headcount if (r.unit, r.level) == (COMPANY, "all")]

    assert [row.month for row in rows] == [dt.date(2025, m, 1) for m in (7, 8, 9, 10, 11, 12)]
    assert [row.headcount for row in rows] == [0, 10, 20, 20, 20, 20]


def test_twenty_five_months_of_headcount_let_two_years_of_growth_be_seen():
    evidence = measure(client({"employees": [*staff("Sales", 20), leaver("x1", "Sales", dt.date(2024, 5, 1))]}))
    rows = [r for r in evidence.headcount if (r.unit, r.level) == (COMPANY, "all")]

    assert (rows[0].month, rows[-1].month, len(rows)) == (dt.date(2023, 12, 1), dt.date(2025, 12, 1), 25)
    assert (rows[0].headcount, rows[-1].headcount) == (21, 20)


def test_missing_leavers_are_pointed_out():
    late = [*staff("Sales", 20), leaver("x1", "Sales", dt.date(2025, 9, 30))]
    sentence = (
        "employees has no exits before 2025-09-30: headcount before then misses those who left, "
        "so growth looks higher than it was"
    )

    assert sentence in measure(client({"employees": late})).notes
    assert not any(
        "no exits" in note
        for note in measure(client({"employees": [*late, leaver("x2", "Sales", dt.date(2024, 1, 5))]})).notes
    )


def test_a_file_in_which_no_exit_has_a_type_measures_no_turnover():
    people = [*staff("Sales", 20), leaver("x1", "Sales", dt.date(2025, 6, 1), exit_type=None)]
    evidence = measure(client({"employees": people}))

    assert evidence.exposure == ()
    assert evidence.exit_months == ()
    assert "exits without exit_type count as not voluntary" in evidence.notes


def test_months_of_exits_are_whole_ones():
    people = [*staff("Sales", 20), leaver("x1", "Sales", dt.date(2025, 11, 15))]
    rows = measure(client({"employees": people}, as_of=dt.date(2025, 12, 20))).exit_months

    assert (rows[0].month, rows[-1].month, len(rows)) == (dt.date(2023, 12, 1), dt.date(2025, 11, 1), 24)
    assert rows[-1].voluntary_exits == 1
    assert rows[-1].person_years == pytest.approx((20 * 30 + 14) / 365.25, abs=1e-5)


def test_high_performers_by_threshold_have_their_own_exposure():
    people = [
        *staff("Sales", 12, prefix="low", performance=3),
        *staff("Sales", 8, prefix="high", performance=4),
        leaver("x1", "Sales", dt.date(2025, 7, 1), performance=5),
    ]
    row = company_exposure(
        measure(client({"employees": people}, high_performer={"at_least": 4})), group="high_performers"
    )

    assert row.voluntary_exits == 1
    assert row.person_years == pytest.approx((8 * 365 + 181) / 365.25, abs=1e-5)


def test_a_top_share_is_cut_where_equal_ratings_come_nearest_to_it():
    people = [
        *staff("Sales", 4, prefix="five", performance=5),
        *staff("Sales", 6, prefix="four", performance=4),
        *staff("Sales", 30, prefix="three", performance=3),
    ]
    evidence = measure(client({"employees": [*people, leaver("x1", "Sales", dt.date(2025, 6, 1), performance=3)]}))
    row = company_exposure(evidence, group="high_performers")

    assert row.person_years == pytest.approx(10 * 365 / 365.25, abs=1e-5)
    assert (
        "high performers: the top 24% of those rated (20% asked for; equal ratings cannot be split)" in evidence.notes
    )


def test_a_rehired_person_keeps_the_rating_of_the_earlier_spell():
    back = {"employee_id": "again", "unit": "Sales", "level": "individual", "exit_type": "voluntary"}
    people = [
        *staff("Sales", 12, prefix="low", performance=3),
        *staff("Sales", 6, prefix="high", performance=5),
        {**back, "hire_date": dt.date(2020, 1, 1), "exit_date": dt.date(2023, 1, 1), "performance": 5},
        {**back, "hire_date": dt.date(2024, 1, 1), "exit_date": dt.date(2025, 4, 1)},
    ]  # fmt: skip
    evidence = measure(client({"employees": people}, high_performer={"at_least": 4}))

    assert company_exposure(evidence, group="high_performers").voluntary_exits == 1


def test_pay_is_a_rounded_median_of_ten_or_what_the_client_says():
    people = [
        *(staff("Sales", 1, prefix=f"m{k}", level="manager", salary=60_000 + 1_234 * k)[0] for k in range(9)),
        *(staff("Sales", 1, prefix=f"i{k}", salary=40_000 + 777 * k)[0] for k in range(11)),
    ]
    measured = {row.level: row for row in measure(client({"employees": people})).pay}
    stated = {row.level: row for row in measure(client({"employees": people}, pay={"individual": 51_000})).pay}

    assert "manager" not in measured
    assert (measured["individual"].yearly_money, measured["individual"].n) == (43_900, 11)
    assert (stated["individual"].yearly_money, stated["individual"].source) == (51_000, "client.yml")


def test_managers_new_in_role_and_their_span_are_counted_where_there_are_five():
    bosses = [
        staff("Sales", 1, prefix=f"boss{k}", level="manager", role_start=dt.date(2025 if k < 2 else 2022, 6, 1))[0]
        for k in range(6)
    ]
    few = staff("Tech", 2, prefix="techboss", level="manager", role_start=dt.date(2025, 6, 1))
    people = [*bosses, *few, *staff("Sales", 18, manager_id="boss0000"), *staff("Tech", 12, manager_id="techboss000")]
    rows = {row.unit: row for row in measure(client({"employees": people})).managers}

    assert (rows[COMPANY].managers, rows[COMPANY].managers_under_12_months) == (8, 4)
    assert (rows[COMPANY].reports_with_manager, rows[COMPANY].span_mean) == (30, 15)
    assert rows["Tech"].managers == 2
    assert rows["Tech"].managers_under_12_months is rows["Tech"].span_mean is None
    assert rows["Sales"].managers_under_12_months is None, "the company less Sales would give Tech away"


def test_emerging_leaders_are_an_audience_when_there_are_five():
    people = [*staff("Sales", 16), *staff("Sales", 5, prefix="up", emerging_leader=True)]
    sizes = {row.audience: row.headcount for row in measure(client({"employees": people})).audiences}

    assert sizes == {"emerging": 5, "individual": 21, "all": 21}
    assert "emerging" not in {row.audience for row in measure(client({"employees": people[:-1]})).audiences}
