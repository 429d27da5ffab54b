"""The calendar planned again: against trying everything, and what holds for every calendar."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workbook.model.replan import OpenSession, Placed, Prices, part_cost, placing_cost, replan

PRICES = Prices()


def session(key="a", *, due=0, hours=10.0, busy=(), weeks=4, unit=None, programme="P", wished=(), before=None):
    return OpenSession(
        key=key,
        programme=programme,
        unit=unit or key,
        due=due,
        person_hours=hours,
        free=tuple(week not in busy for week in range(weeks)),
        wished=frozenset(wished),
        before=before,
    )


def allowed(sessions, where, most_a_week) -> bool:
    """Whether sessions may be held in these weeks: the rules, written out again."""
    for one, weeks in zip(sessions, where, strict=True):
        if not all(one.free[week] for week in weeks) or list(weeks) != sorted(set(weeks)):
            return False
        if one.before is not None and weeks and where[one.before] and weeks[0] <= where[one.before][-1]:
            return False
    limits = [(lambda one, p=p: one.programme == p, most) for p, most in most_a_week.items()]
    limits += [(lambda one, u=u: one.unit == u, 1) for u in sorted({one.unit for one in sessions})]
    for belongs, most in limits:
        for week in range(len(sessions[0].free)):
            taken = [
                2 if len(at) == 1 else 1 for one, at in zip(sessions, where, strict=True) if belongs(one) and week in at
            ]
            if sum(taken) > 2 * most:
                return False
    return True


def cheapest_by_trying(sessions, weeks, most_a_week) -> float:
    places = [(), *((w,) for w in range(weeks)), *((a, b) for a in range(weeks) for b in range(a + 1, weeks))]
    return min(
        sum(placing_cost(one, at, PRICES) for one, at in zip(sessions, where, strict=True))
        for where in product(places, repeat=len(sessions))
        if allowed(sessions, where, most_a_week)
    )


CASES = st.lists(
    st.tuples(
        st.integers(-1, 3),
        st.sampled_from([6.0, 12.0, 36.0]),
        st.sets(st.integers(0, 3), max_size=3),
        st.sampled_from(["Sales", "Product"]),
        st.sets(st.integers(0, 3), max_size=2),
    ),
    min_size=1,
    max_size=3,
)


def made(rows) -> list[OpenSession]:
    last: dict[str, int] = {}
    sessions = []
    for place, (due, hours, busy, unit, wished) in enumerate(rows):
        sessions.append(
            session(f"s{place}", due=due, hours=hours, busy=busy, unit=unit, wished=wished, before=last.get(unit))
        )
        last[unit] = place
    return sessions


@settings(max_examples=40, deadline=None)
@given(CASES)
def test_no_calendar_costs_less_than_the_one_found(rows):
    sessions = made(rows)
    placed = replan(sessions, weeks=4, most_a_week={"P": 1})
    assert sum(put.cost for put in placed) == pytest.approx(cheapest_by_trying(sessions, 4, {"P": 1}), rel=1e-6)


@settings(max_examples=40, deadline=None)
@given(CASES, st.integers(1, 2))
def test_every_calendar_found_keeps_the_rules(rows, most):
    sessions = made(rows)
    placed = replan(sessions, weeks=4, most_a_week={"P": most})
    assert allowed(sessions, [put.weeks for put in placed], {"P": most})
    for one, put in zip(sessions, placed, strict=True):
        assert put.cost == placing_cost(one, put.weeks, PRICES)
        assert (put.action == "keep") == (put.weeks == (one.due,))


def test_a_session_whose_week_is_free_stays():
    assert replan([session(due=2)], weeks=4, most_a_week={}) == (Placed("keep", (2,), 0.0),)


def test_a_session_in_a_busy_week_moves_to_the_nearest_earlier_one_at_no_delay():
    (put,) = replan([session(due=2, busy=(2,))], weeks=4, most_a_week={})
    assert (put.action, put.weeks, put.cost) == ("move", (0,), 2.5)


def test_two_units_that_share_the_one_week_before_a_long_gap_split_it_between_their_critical_parts():
    gap = range(1, 9)
    pair = [session(key, due=0, busy=gap, weeks=12, hours=10.0) for key in "ab"]
    placed = replan(pair, weeks=12, most_a_week={"P": 1}, prices=Prices(self_paced_weeks=20))
    assert [(put.action, put.weeks) for put in placed] == [("split", (0, 9)), ("split", (0, 9))]


def test_without_any_free_week_self_paced_material_stands_in():
    (put,) = replan([session(busy=range(4))], weeks=4, most_a_week={})
    assert (put.action, put.weeks, put.cost) == ("self-paced", (), 80.0)


def test_managers_choice_is_worth_less_than_a_week_of_delay():
    assert replan([session(due=1, wished=(1, 3))], weeks=4, most_a_week={})[0].weeks == (1,)
    assert replan([session(due=1, wished=(3,))], weeks=4, most_a_week={})[0].weeks == (1,)
    assert replan([session(due=2, busy=(2,), wished=(1,))], weeks=4, most_a_week={})[0].weeks == (1,)


def test_of_two_equal_sessions_the_first_in_the_list_gets_the_earlier_week():
    pair = [session("a", due=1, busy=(1,)), session("b", due=1, busy=(1,))]
    assert [put.weeks for put in replan(pair, weeks=4, most_a_week={"P": 2})] == [(0,), (0,)]
    late = [session("a", due=-1, busy=(0,)), session("b", due=-1, busy=(0,))]
    assert [put.weeks for put in replan(late, weeks=4, most_a_week={"P": 1})] == [(1,), (2,)]


def test_a_part_costs_its_share_of_the_delay():
    one = session(due=1, hours=10.0)
    assert part_cost(one, 3, 0.6, PRICES) == pytest.approx(10 * 0.6 * (2 + 0.25))
    assert placing_cost(one, (1, 3), PRICES) == pytest.approx(10 * 0.4 * 2.25 + 10 * 0.5)


def test_no_session_asks_for_no_calendar():
    assert replan([], weeks=4, most_a_week={}) == ()


def test_the_cost_scales_with_the_person_hours():
    rng = np.random.default_rng(3)
    rows = [(int(rng.integers(0, 4)), 12.0, {int(rng.integers(0, 4))}, "Sales", set()) for _ in range(3)]
    small = sum(put.cost for put in replan(made(rows), weeks=4, most_a_week={"P": 1}))
    large = made([(due, 36.0, busy, unit, wished) for due, _, busy, unit, wished in rows])
    assert sum(put.cost for put in replan(large, weeks=4, most_a_week={"P": 1})) == pytest.approx(3 * small)
