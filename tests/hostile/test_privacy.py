"""Hostile rows R50 to R54 and R58 on the Evidence itself: floors, complements, differencing, one-sided groups."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest

from tests.measure.clients import answers, client, leaver, rated, staff, varied
from workbook.evidence import COMPANY, SMALL_UNITS, SurveyCell
from workbook.measure import DisclosureFault, audit, measure
from workbook.model.privacy import complement_is_safe, hidden_cells, recoverable, small_groups

WAVE = dt.date(2025, 10, 1)


def cells(evidence, construct="engagement"):
    return {cell.unit: cell for cell in evidence.survey if cell.construct_name == construct}


def two_units(sales: int, technology: int, **settings):
    people = [*staff("Sales", 12), *staff("Technology", 15), *staff("Legal", 14)]
    given = [*answers("Sales", varied(sales)), *answers("Technology", varied(technology))]
    return measure(client({"employees": people, "survey": given}, **settings))


def test_R50_sales_with_four_answers_is_hidden_and_so_is_technology_beside_it_alone():
    found = cells(two_units(4, 9))

    assert found["Sales"].suppressed
    assert found["Technology"].suppressed
    assert (found[COMPANY].n, found[COMPANY].suppressed) == (13, False)


def test_R50_a_complement_of_six_is_shown():
    found = cells(two_units(6, 9))

    assert (found["Sales"].n, found["Technology"].n, found[COMPANY].n) == (6, 9, 15)


def test_R50_a_hidden_cell_holds_no_number_at_all():
    hidden = cells(two_units(4, 9))["Sales"]

    assert {
        hidden.n,
        hidden.mean,
        hidden.sd,
        hidden.favourable,
        hidden.promoters,
        hidden.detractors,
        hidden.invited,
    } == {None}


def test_R50_no_spread_and_no_counts_under_ten_and_none_beside_them_that_would_give_them():
    people = [*staff("Sales", 30), *staff("Technology", 30), *staff("Legal", 30)]
    given = [*answers("Sales", varied(7)), *answers("Technology", varied(20)), *answers("Legal", varied(25))]
    found = cells(measure(client({"employees": people, "survey": given})))

    assert all(found[unit].mean is not None for unit in ("Sales", "Technology", "Legal"))
    assert found["Sales"].sd is found["Sales"].favourable is None
    assert found["Technology"].sd is found["Technology"].favourable is None, "the company less the rest is Sales"
    assert found["Legal"].favourable is not None
    assert found[COMPANY].favourable is not None


def test_R50_a_company_of_four_answers_says_nothing():
    evidence = measure(client({"survey": answers("Sales", varied(4))}))

    assert [cell.suppressed for cell in evidence.survey] == [True, True]
    assert "1 survey cell withheld (fewer than 5 people)" not in evidence.notes
    assert "2 survey cells withheld (fewer than 5 people)" in evidence.notes


def test_R50_interview_statements_need_ten_and_four_leaders_have_no_mean():
    said = [{"date": WAVE, "unit": "Sales", "theme": "handovers", "direction": "worse"}] * 9
    people = staff("Sales", 20)
    evidence = measure(client({"employees": people, "interviews": said, "ratings": rated(["a1", "a2", "a3", "a4"])}))

    assert evidence.interviews == ()
    assert all(cell.suppressed and cell.mean is None for cell in evidence.ratings)
    assert evidence.rating_summary.suppressed
    assert evidence.rating_summary.icc1 is None


def test_R51_small_units_are_merged_before_measuring_and_the_totals_stay():
    people = [*staff("Sales", 40), *staff("Legal", 6), *staff("Tax", 5), leaver("x1", "Legal", dt.date(2025, 6, 1))]
    evidence = measure(client({"employees": people}))

    assert evidence.units == (SMALL_UNITS, "Sales")
    assert not any("Legal" in str(row) or "Tax" in str(row) for row in (*evidence.headcount, *evidence.exposure))


def test_R51_a_merged_group_that_is_still_small_takes_the_next_smallest_unit_in():
    people = [*staff("Sales", 40), *staff("Legal", 6), *staff("Tax", 12)]

    assert measure(client({"employees": people})).units == (SMALL_UNITS, "Sales")
    assert small_groups({"Sales": 40, "Legal": 6, "Tax": 12}, floor=10) == {"Legal", "Tax"}


@pytest.mark.parametrize("seed", range(6))
def test_R52_no_hidden_group_is_in_the_row_span_of_what_is_published(seed):
    rng = np.random.default_rng(seed)
    names = [f"U{k}" for k in range(7)]
    sizes = {name: int(n) for name, n in zip(names, rng.integers(1, 14, size=7), strict=True)}
    people = [person for name in names for person in staff(name, 20)]
    given = [row for name in names for row in answers(name, varied(sizes[name]))]
    found = cells(measure(client({"employees": people, "survey": given})))
    atoms = [name for name in names for _ in range(sizes[name])]
    for field, floor in (("mean", 5), ("favourable", 10)):
        published = np.array(
            [
                [unit in (COMPANY, atom) for atom in atoms]
                for unit, cell in found.items()
                if getattr(cell, field) is not None
            ],
            dtype=float,
        ).reshape(-1, len(atoms))
        for name in names:
            if sizes[name] < floor:
                assert not recoverable(published, np.array([name == atom for atom in atoms], dtype=float))
        rest = np.ones(len(atoms)) - published[1:].sum(axis=0) if len(published) else np.ones(len(atoms))
        assert not 0 < rest.sum() < floor or not recoverable(published, rest)


def test_R52_rows_that_span_a_hidden_group_are_recognised():
    total, shown = np.ones(3), np.array([0.0, 0.0, 1.0])

    assert recoverable(np.vstack([total, shown]), np.array([1.0, 1.0, 0.0]))
    assert not recoverable(np.vstack([total, shown]), np.array([1.0, 0.0, 0.0]))


def test_R52_a_leader_seen_at_one_wave_only_is_in_no_mean():
    pilots, others = [f"a{k}" for k in range(8)], [f"b{k}" for k in range(8)]
    given = [
        *rated(pilots, arm="pilot"), *rated(others, arm="comparison"),
        *rated(pilots[:-1], arm="pilot", wave="90", gain=0.5), *rated(others, arm="comparison", wave="90"),
    ]  # fmt: skip
    evidence = measure(client({"ratings": given}))
    leaders = {(cell.arm, cell.wave_days): cell.leaders for cell in evidence.ratings if cell.competency == "all"}

    assert leaders[("pilot", 0)] == leaders[("pilot", 90)] == 7
    assert leaders[("comparison", 0)] == 8


def test_R52_the_sum_over_arms_is_hidden_where_it_would_give_a_small_arm_away():
    given = [*rated([f"a{k}" for k in range(8)], arm="pilot"), *rated(["b1", "b2", "b3"], arm="comparison")]
    found = {cell.arm: cell.suppressed for cell in measure(client({"ratings": given})).ratings}

    assert found == {"pilot": False, "comparison": True}


@pytest.mark.parametrize(("joined", "shown"), [(0, True), (1, False), (4, False), (5, True)])
def test_R52_a_stable_panel_is_shown_when_nobody_or_five_raters_joined(joined, shown):
    leaders = [f"a{k}" for k in range(6)]
    later = [
        *rated(leaders, wave="30"),
        *(row for k in range(joined) for row in rated([leaders[k]], raters=7, wave="30")[-2:]),
    ]
    cell = next(
        cell
        for cell in measure(client({"ratings": [*rated(leaders), *later]})).ratings
        if (cell.competency, cell.wave_days) == ("all", 30)
    )

    assert not cell.suppressed
    assert (cell.panel_mean is not None) == shown


def test_R53_a_unit_in_which_everybody_gave_the_top_score_is_hidden_and_not_alone():
    people = [*staff("Sales", 30), *staff("Technology", 30), *staff("Legal", 30)]
    given = [*answers("Sales", [5.0] * 12), *answers("Technology", varied(20)), *answers("Legal", varied(25))]
    found = cells(measure(client({"employees": people, "survey": given})))

    assert found["Sales"].suppressed
    assert found["Technology"].suppressed
    assert not found["Legal"].suppressed


@pytest.mark.parametrize("scores", [[4.0, 5.0] * 8, [1.0, 2.0, 3.0] * 5])
def test_R53_counts_that_say_what_everybody_answered_are_withheld(scores):
    found = cells(measure(client({"survey": answers("Sales", scores)})))

    assert found[COMPANY].mean is not None
    assert found[COMPANY].favourable is None


def test_R54_one_dominant_salary_leaves_no_trace():
    people = staff("Sales", 14, salary=50_000.0)
    rich = [{**people[0], "salary": 9_876_543.0}, *people[1:]]

    assert measure(client({"employees": people})).pay == measure(client({"employees": rich})).pay


def test_R54_pay_of_nine_people_is_not_published():
    assert measure(client({"employees": staff("Sales", 9, salary=50_000.0)})).pay == ()


def test_R58_ids_and_addresses_in_labels_do_not_leave():
    people = staff("Sales", 20)
    held = [
        {"session_id": "S1", "programme": "Leading", "planned_date": WAVE, "status": "cancelled", "reason": reason}
        for reason in ("ask ann@acme.example", "sales003 was ill", "trainer ill")
    ]
    said = [{"date": WAVE, "unit": "Sales", "theme": "sales001 shouts", "direction": "worse"}] * 12
    evidence = measure(client({"employees": people, "sessions": held, "interviews": said}))
    written = evidence.model_dump_json()

    assert "sales0" not in written
    assert "ann@" not in written
    assert {row.reason for row in evidence.sessions} == {"(withheld)", "trainer ill"}


def test_R58_no_id_of_anybody_is_in_the_evidence():
    people = staff("Sales", 20, critical_team=True, performance=4)
    roles = [{"role_id": "R1", "unit": "Sales", "is_leadership": True, "is_critical": True, "incumbent_id": "sales001"}]
    named = [{"role_id": "R1", "employee_id": "sales002", "readiness": "now"}]
    given = {
        "employees": people, "roles": roles, "successors": named, "survey": answers("Sales", varied(12)),
        "ratings": rated([f"sales{k:03d}" for k in range(6)]),
        "participants": [
            {"employee_id": f"sales{k:03d}", "programme": "Leading", "start_date": WAVE} for k in range(9)
        ],
        "involvement": [{"date": WAVE, "manager_id": "sales001", "kind": "coaching", "note": "sales004 cried"}],
    }  # fmt: skip
    written = measure(client(given)).model_dump_json()

    assert "sales0" not in written
    assert "p-sales" not in written
    assert "cried" not in written


def test_R50_the_auditor_stops_evidence_that_breaks_a_floor():
    evidence = two_units(6, 9)
    leak = SurveyCell(unit="Sales", wave=WAVE, construct_name="enps", n=4, mean=7.0, sd=1.0, scale_min=0, scale_max=10)
    broken = evidence.model_copy(update={"survey": (*evidence.survey, leak)})

    assert audit(evidence) == ()
    assert audit(broken) == (
        "survey, Sales, 2025-10-01, enps: shown below the floor for scores",
        "survey, Sales, 2025-10-01, enps: spread or counts shown below the floor for distributions",
    )


def test_R51_the_auditor_sees_a_total_that_gives_a_unit_away():
    evidence = two_units(6, 9)
    sales = next(cell for cell in evidence.survey if cell.unit == "Sales")
    hidden = SurveyCell(
        unit="Sales",
        wave=WAVE,
        construct_name="engagement",
        n=None,
        mean=None,
        scale_min=1,
        scale_max=5,
        suppressed=True,
    )
    broken = evidence.model_copy(
        update={"survey": tuple(hidden if cell is sales else cell for cell in evidence.survey)}
    )

    assert audit(broken) == ("survey, 2025-10-01, engagement: the only withheld unit can be had by subtraction",)


def test_R51_faulty_evidence_is_not_handed_over(monkeypatch):
    monkeypatch.setattr("workbook.measure.audit", lambda evidence: ("something leaks",))

    with pytest.raises(DisclosureFault) as raised:
        measure(client({"survey": answers("Sales", varied(9))}))
    assert str(raised.value) == "The evidence was not released:\n  something leaks"


def test_R55_high_performers_of_a_unit_are_hidden_when_the_others_are_few_or_none():
    people = [
        *staff("Sales", 20, performance=3), *staff("Sales", 8, prefix="sh", performance=5),
        *staff("Tech", 3, performance=3), *staff("Tech", 12, prefix="th", performance=5),
        *staff("Legal", 12, performance=5), *staff("Ops", 20, performance=3),
        *staff("Ops", 9, prefix="oh", performance=5),
        leaver("x1", "Ops", dt.date(2025, 5, 1), performance=3),
    ]  # fmt: skip
    evidence = measure(client({"employees": people}, high_performer={"at_least": 5}))
    shown = {row.unit for row in evidence.exposure if row.group == "high_performers"}

    assert shown == {"Ops", "Sales", COMPANY}


def test_R50_the_rules_of_the_floor_in_numbers():
    assert hidden_cells({"Sales": 4, "Technology": 9}, floor=5) == {"Sales", "Technology"}
    assert hidden_cells({"Sales": 6, "Technology": 9}, floor=5) == frozenset()
    assert hidden_cells({"A": 3, "B": 3, "C": 9}, floor=5) == {"A", "B"}
    assert hidden_cells({"A": 2, "B": 2, "C": 9, "D": 20}, floor=5) == {"A", "B", "C"}
    assert hidden_cells({"A": 0, "B": 9}, floor=5) == frozenset()
    assert complement_is_safe(total=15, shown=9, floor=5)
    assert not complement_is_safe(total=13, shown=9, floor=5)
