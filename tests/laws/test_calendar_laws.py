"""Laws of the calendar of a plan."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from tests.economics_builders import in_another_currency, problem
from tests.weeks.test_economics_calendar import WISHES, client, programme
from workbook.weeks import economics_exact as exact
from workbook.weeks.economics_exact_calendar import dated, openings
from workbook.weeks.economics_exact_search import Search

FEW = settings(max_examples=30, deadline=None, derandomize=True)
FADES = st.floats(0, 0.6)
EFFECTS = st.floats(0.05, 0.35)
DRAWS = 256


def plan(made, share: float):
    return exact.single(made, [np.floor(offer.targets * share).astype(np.int64) for offer in made.offers])


def two(decays, effects):
    return tuple(
        programme(name, decay=decay, effect=effect, fixed=1_000.0)
        for name, decay, effect in zip(("first", "second"), decays, effects, strict=True)
    )


@FEW
@given(decays=st.tuples(FADES, FADES), effects=st.tuples(EFFECTS, EFFECTS), fewer=st.integers(1, 4),
       more=st.integers(0, 4))  # fmt: skip
def test_a_larger_set_of_start_months_is_never_worth_less(decays, effects, fewer, more):
    made = problem(client(*two(decays, effects)), draws=DRAWS, cohort_size=300)
    one = plan(made, 0.8)
    worth = []
    for most in (fewer, fewer + more):
        starts, calendars = dated(one, openings(made, {}, most_starts=most), aversion=0.0)
        assert calendars == most**2
        worth.append(float(exact.restarted(one, starts).means[0]))
    assert worth[1] >= worth[0] - 1e-6 * abs(worth[0])


@FEW
@given(decay=FADES, effect=EFFECTS, share=st.floats(0.2, 1))
def test_a_lone_worthwhile_programme_never_gains_by_waiting_while_leaks_stay_level(decay, effect, share):
    made = problem(client(programme("first", decay=decay, effect=effect, fixed=1_000.0)), draws=DRAWS, cohort_size=300)
    one = plan(made, share)
    worth = [float(exact.restarted(one, [start]).means[0]) for start in range(0, 24, 3)]
    assume(worth[0] >= 0)
    assert max(worth) == worth[0]
    assert dated(one, openings(made, {}), aversion=0.0)[0] == (0,)


@settings(max_examples=8, deadline=None, derandomize=True)
@given(decays=st.tuples(FADES, FADES), factor=st.sampled_from([0.01, 0.5, 7.0, 1000.0]))
def test_money_in_another_currency_leaves_the_starts_as_they_are(decays, factor):
    shipped = client(*two(decays, (0.3, 0.28)))
    other = in_another_currency(shipped, factor)
    rescaled = tuple(
        {**each, **{name: each[name] * factor for name in ("fixed_money", "money_per_participant")}}
        if "fixed_money" in each
        else each
        for each in other.programme_changes
    )
    other = other.model_copy(update={"programme_changes": rescaled})
    found = []
    for own in (shipped, other):
        made = Search(problem(own, draws=DRAWS, cohort_size=300), WISHES)
        found.append(made.attempt(made.problem.terms.budget_money, joint=True).candidate)
    assert found[0].starts == found[1].starts
    assert found[1].npv == pytest.approx(factor * found[0].npv, rel=1e-3)


@FEW
@given(shut=st.lists(st.integers(0, 23), max_size=8), decay=FADES, unit=st.sampled_from(["Sales", "Support"]))
def test_closed_months_are_never_worth_more_and_never_started_in(shut, decay, unit):
    made = problem(client(*two((decay, 0.3), (0.3, 0.28))), draws=DRAWS, cohort_size=300)
    one = plan(made, 0.7)
    free, _ = dated(one, openings(made, {}), aversion=0.0)
    held = dated(one, openings(made, {unit: frozenset(shut)}), aversion=0.0)
    if held is None:
        assert set(shut) >= {0, 3, 6, 9, 12, 15, 18, 21}
        return
    assert not set(held[0]) & set(shut)
    assert exact.restarted(one, held[0]).means[0] <= exact.restarted(one, free).means[0] + 1e-6
