"""Laws of releasing: higher floors publish less; order and names do not matter; merging keeps totals."""

from __future__ import annotations

import datetime as dt
import hashlib

import numpy as np
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from tests.measure.clients import answers, client, leaver, rated, staff, varied
from workbook.evidence import COMPANY, SMALL_UNITS
from workbook.measure import audit, measure
from workbook.model.privacy import hidden_cells, recoverable, small_groups

SIZES = st.dictionaries(st.sampled_from("ABCDEFGH"), st.integers(0, 40), min_size=1, max_size=8)
UNITS = st.lists(st.tuples(st.integers(3, 26), st.integers(0, 26)), min_size=1, max_size=4)
FEW = settings(max_examples=5, deadline=None, phases=(Phase.explicit, Phase.reuse, Phase.generate))
LEFT = dt.date(2025, 6, 1)


def tables(units):
    """A company of several units: staff, one leaver each, and some of them answering."""
    names = [f"Unit {k}" for k in range(len(units))]
    people, said = [], []
    for name, (size, replies) in zip(names, units, strict=True):
        people += staff(name, size, performance=3, critical_team=True)
        people += staff(name, size // 3, prefix=f"hp{name}", performance=5, level="manager")
        people.append(leaver(f"left {name}", name, LEFT, performance=5))
        said += answers(name, varied(replies)) + answers(name, varied(replies, 4, 9), item="enps")
    return {"employees": people, "survey": said}


def pseudonym(name, salt):
    """Another name, in another order."""
    return hashlib.sha256(f"{name}{salt}".encode()).hexdigest()[:12]


def released(evidence, *, named_only=True):
    """Keys of everything released about named units and the company, spread and counts separately."""
    keys = {("exposure", r.unit, r.group, r.window_start) for r in evidence.exposure}
    for cell in evidence.survey:
        place = ("survey", cell.unit, cell.construct_name)
        keys |= {(*place, field) for field in ("mean", "sd", "favourable") if getattr(cell, field) is not None}
    return {key for key in keys if key[1] != SMALL_UNITS} if named_only else keys


@given(SIZES, st.integers(2, 12), st.integers(0, 8), st.sets(st.sampled_from("ABCDEFGH"), max_size=2))
@settings(max_examples=60, deadline=None)
def test_a_higher_floor_hides_every_cell_that_a_lower_one_hides(sizes, floor, more, flagged):
    assert hidden_cells(sizes, floor=floor, flagged=flagged) <= hidden_cells(sizes, floor=floor + more, flagged=flagged)


@given(SIZES, st.integers(2, 12))
@settings(max_examples=60, deadline=None)
def test_the_total_less_the_shown_cells_never_gives_a_small_group(sizes, floor):
    hidden = hidden_cells(sizes, floor=floor)
    rest, everyone = sum(sizes[cell] for cell in hidden), sum(sizes.values())

    assert rest == 0 or rest >= floor or rest == everyone
    if len([n for n in sizes.values() if n]) > 1 and hidden:
        cells = [cell for cell in sizes if sizes[cell]]
        published = np.array([[1.0] * len(cells), *([float(c == s) for c in cells] for s in cells if s not in hidden)])
        assert not any(recoverable(published, np.array([float(c == h) for c in cells])) for h in hidden)


@given(SIZES, st.integers(2, 20), st.integers(0, 10))
@settings(max_examples=60, deadline=None)
def test_merging_leaves_no_small_group_unless_the_company_is_one_and_grows_with_the_floor(sizes, floor, more):
    merged = small_groups(sizes, floor=floor)
    together, everyone = sum(sizes[cell] for cell in merged), sum(sizes.values())

    assert all(sizes[cell] >= floor for cell in set(sizes) - merged)
    assert together == 0 or together >= floor or together == everyone
    assert merged <= small_groups(sizes, floor=floor + more)


@given(UNITS, st.integers(1, 12), st.integers(0, 10))
@FEW
def test_a_higher_anonymity_floor_publishes_a_subset(units, scores, spread):
    given_tables = tables(units)
    low = measure(client(given_tables))
    high = measure(
        client(given_tables, privacy={"scores_from": 5 + scores, "distributions_from": 10 + spread + scores})
    )

    assert released(high, named_only=False) <= released(low, named_only=False)


@given(UNITS, st.integers(1, 20))
@FEW
def test_a_higher_floor_for_units_names_a_subset_of_them(units, more):
    low = measure(client(tables(units)))
    high = measure(client(tables(units), privacy={"units_from": 10 + more}))

    assert set(high.units) - {SMALL_UNITS} <= set(low.units) - {SMALL_UNITS}


@given(UNITS, st.randoms(use_true_random=False))
@FEW
def test_the_order_of_rows_changes_nothing(units, random):
    in_order = tables(units)
    shuffled = {name: random.sample(rows, len(rows)) for name, rows in in_order.items()}

    assert measure(client(shuffled)) == measure(client(in_order))


@given(UNITS, st.integers(0, 1000))
@FEW
def test_the_names_of_people_change_nothing(units, salt):
    original = tables(units)
    renamed = {
        name: [
            {**row, **{key: pseudonym(row[key], salt) for key in ("employee_id", "respondent") if key in row}}
            for row in rows
        ]
        for name, rows in original.items()
    }  # fmt: skip

    assert measure(client(renamed)) == measure(client(original))


@given(UNITS)
@FEW
def test_a_company_twice_as_large_has_twice_the_counts_and_the_same_rates(units):
    once = tables(units)
    twin = {
        name: [*rows, *({**r, **{k: f"{r[k]}-twin" for k in ("employee_id", "respondent") if k in r}} for r in rows)]
        for name, rows in once.items()
    }
    single, double = measure(client(once)), measure(client(twin))
    first = {(r.group, r.window_start): r for r in single.exposure if r.unit == COMPANY}
    second = {(r.group, r.window_start): r for r in double.exposure if r.unit == COMPANY}

    for key, row in first.items():
        assert second[key].voluntary_exits == 2 * row.voluntary_exits
        assert second[key].person_years == pytest.approx(2 * row.person_years, abs=1e-5)
    assert {r.month: 2 * r.headcount for r in single.headcount if (r.unit, r.level) == (COMPANY, "all")} == {
        r.month: r.headcount for r in double.headcount if (r.unit, r.level) == (COMPANY, "all")
    }
    means = {c.construct_name: (c.mean, c.n) for c in single.survey if c.unit == COMPANY and not c.suppressed}
    twice = {c.construct_name: (c.mean, c.n) for c in double.survey if c.unit == COMPANY}
    assert all(twice[name] == (pytest.approx(mean), 2 * n) for name, (mean, n) in means.items())


@given(UNITS)
@FEW
def test_merging_small_units_keeps_the_totals_and_the_audit_is_content(units):
    evidence = measure(client(tables(units)))
    headcount = {
        unit: sum(r.headcount for r in evidence.headcount if r.unit == unit and r.level == "all")
        for unit in (*evidence.units, COMPANY)
    }
    for group, start in {(r.group, r.window_start) for r in evidence.exposure}:
        rows = {r.unit: r for r in evidence.exposure if (r.group, r.window_start) == (group, start)}
        if set(rows) == {*evidence.units, COMPANY}:
            parts = [row.voluntary_exits for unit, row in rows.items() if unit != COMPANY]
            assert sum(parts) == rows[COMPANY].voluntary_exits

    assert sum(headcount[unit] for unit in evidence.units) == headcount[COMPANY]
    assert audit(evidence) == ()


@given(st.integers(1, 9), st.integers(1, 9), st.integers(5, 8), st.integers(0, 4))
@FEW
def test_a_higher_floor_publishes_a_subset_of_ratings_and_no_cell_below_it(pilots, others, raters, more):
    told = [
        *rated([f"a{k}" for k in range(pilots)], raters=raters, arm="pilot"),
        *rated([f"b{k}" for k in range(others)], raters=raters, arm="comparison"),
    ]
    low = measure(client({"ratings": told}))
    high = measure(client({"ratings": told}, privacy={"scores_from": 5 + more}))

    def shown(evidence):
        return {(c.arm, c.competency) for c in evidence.ratings if not c.suppressed}

    assert shown(high) <= shown(low)
    assert all(cell.leaders >= 5 + more for cell in high.ratings if not cell.suppressed)
