"""Laws of week 1: what must hold for any company."""

from __future__ import annotations

from itertools import combinations, permutations, product
from math import factorial

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.builders import (
    company,
    delay,
    delivery_months,
    evidence,
    exposure,
    headcounts,
    role_counts,
    survey_wave,
)
from workbook.evidence import COMPANY
from workbook.model.gate import gate_fired
from workbook.model.proportion import exceeds_share, jeffreys_share_interval, share_beyond_probability
from workbook.model.succession import maximum_matching, named_roles
from workbook.model.survey import below_probability, largest_sd, t_interval
from workbook.model.trend import (
    exact_tail,
    mann_kendall_p,
    mann_kendall_s,
    slope_interval,
    theil_sen_slope,
    trend_probability,
)
from workbook.model.turnover import garwood_rate_interval, jeffreys_rate_interval, rate_beyond_probability
from workbook.model.units import need_scores, top_share
from workbook.scenario import Scenario, Thresholds, UnitWeights
from workbook.weeks import week1

ROUNDING = 1e-12

quick = settings(max_examples=40, deadline=None)
events = st.integers(0, 60)
years = st.floats(0.5, 500)
truth = st.sampled_from((True, False, None))
names = st.sampled_from("ABCDEF")
people = st.sampled_from("uvwxyz")
benches = st.sets(st.tuples(names, people), max_size=14)
series = st.lists(st.integers(-50, 50), min_size=6, max_size=12)
BASE = Scenario()


@quick
@given(events, years, st.floats(0.01, 1))
def test_one_more_leaver_never_lowers_the_probability(leavers: int, at_risk: float, threshold: float) -> None:
    one, more = (
        rate_beyond_probability(events=k, person_years=at_risk, threshold_per_year=threshold)
        for k in (leavers, leavers + 1)
    )
    assert more >= one


@quick
@given(events, years, st.floats(0.01, 1), st.floats(0.01, 1))
def test_a_higher_threshold_is_never_more_likely_passed(k: int, at_risk: float, first: float, second: float) -> None:
    low, high = sorted((first, second))
    rate = {"events": k, "person_years": at_risk}
    beyond = [rate_beyond_probability(**rate, threshold_per_year=threshold) for threshold in (low, high)]
    assert beyond[1] <= beyond[0] * (1 + ROUNDING)
    share = {"successes": min(k, 60), "n": 60}
    beyond = [share_beyond_probability(**share, threshold_share=threshold) for threshold in (low, high)]
    assert beyond[1] <= beyond[0] * (1 + ROUNDING)


@quick
@given(events, years, st.floats(0.5, 0.99))
def test_intervals_of_rates_contain_the_rate_and_leave_out_what_they_say(k: int, at_risk: float, cover: float) -> None:
    low, high = jeffreys_rate_interval(events=k, person_years=at_risk, coverage=cover)
    exact_low, exact_high = garwood_rate_interval(events=k, person_years=at_risk, coverage=cover)
    assert exact_low <= low <= k / at_risk <= high <= exact_high
    above = rate_beyond_probability(events=k, person_years=at_risk, threshold_per_year=high)
    assert above == pytest.approx((1 - cover) / 2, abs=1e-9)


@quick
@given(st.integers(0, 40), st.integers(0, 40), st.floats(0.5, 0.99))
def test_intervals_of_shares_contain_the_share(successes: int, failures: int, cover: float) -> None:
    n = successes + failures or 1
    successes = min(successes, n)
    low, high = jeffreys_share_interval(successes=successes, n=n, coverage=cover)
    assert 0 <= low <= successes / n <= high <= 1


@quick
@given(st.lists(st.integers(0, 30), min_size=1, max_size=6), years)
def test_draws_and_single_cases_agree(counts: list[int], at_risk: float) -> None:
    draws = rate_beyond_probability(events=np.array(counts, float), person_years=at_risk, threshold_per_year=0.1)
    single = [rate_beyond_probability(events=k, person_years=at_risk, threshold_per_year=0.1) for k in counts]
    assert draws.tolist() == single
    lows, highs = jeffreys_rate_interval(events=np.array(counts, float), person_years=at_risk, coverage=0.9)
    assert [*zip(lows.tolist(), highs.tolist(), strict=True)] == [
        jeffreys_rate_interval(events=k, person_years=at_risk, coverage=0.9) for k in counts
    ]


@quick
@given(benches)
def test_a_matching_uses_namings_only_and_nobody_twice_and_is_as_large_as_any(bench: set[tuple[str, str]]) -> None:
    found = maximum_matching("ABCD", bench)
    assert set(found.items()) <= bench
    assert len(set(found.values())) == len(found) <= len(named_roles("ABCD", bench))
    assert len(found) == largest_by_trying_all(sorted(pair for pair in bench if pair[0] in "ABCD"))


def largest_by_trying_all(bench: list[tuple[str, str]]) -> int:
    for size in range(min(4, len(bench)), 0, -1):
        for chosen in combinations(bench, size):
            if len({role for role, _ in chosen}) == len({person for _, person in chosen}) == size:
                return size
    return 0


@quick
@given(benches, st.tuples(names, people), st.randoms(use_true_random=False))
def test_one_more_successor_never_uncovers_a_role_and_order_never_matters(bench, naming, random) -> None:
    before = maximum_matching("ABCDEF", bench)
    assert len(maximum_matching("ABCDEF", {*bench, naming})) >= len(before)
    shuffled, roles = list(bench), list("ABCDEF")
    random.shuffle(shuffled)
    random.shuffle(roles)
    assert maximum_matching(roles, shuffled) == before


@quick
@given(st.integers(0, 200), st.integers(1, 200), st.integers(0, 100))
def test_a_count_passes_a_share_exactly_when_integers_say_so(count: int, total: int, percent: int) -> None:
    assert exceeds_share(count=count, total=total, threshold_share=percent / 100) == (100 * count > percent * total)


@pytest.mark.parametrize("n", [2, 3, 4, 5, 6])
def test_the_mann_kendall_distribution_is_that_of_all_orders(n: int) -> None:
    scores = [mann_kendall_s(values=order) for order in permutations(range(n))]
    for s in range(-n * n, n * n + 1):
        at_least, here = exact_tail(s=s, n=n)
        assert at_least == pytest.approx(sum(score >= s for score in scores) / factorial(n), abs=1e-12)
        assert here == pytest.approx(scores.count(s) / factorial(n), abs=1e-12)


@quick
@given(series)
def test_a_series_turned_upside_down_falls_as_surely_as_it_rose(values: list[int]) -> None:
    down = [-value for value in values]
    assert mann_kendall_p(values=values, rising=True) == mann_kendall_p(values=down, rising=False)
    rise, fall = (trend_probability(values=values, rising=rising) for rising in (True, False))
    assert rise + fall == pytest.approx(1)
    slope = theil_sen_slope(times=range(len(values)), values=values)
    low, high = slope_interval(times=range(len(values)), values=values, coverage=0.9)
    assert low <= slope <= high


@quick
@given(series, st.integers(1, 9), st.integers(-20, 20))
def test_a_trend_does_not_depend_on_the_unit_of_measure(values: list[int], times: int, plus: int) -> None:
    moved = [value * times + plus for value in values]
    assert mann_kendall_p(values=moved, rising=False) == mann_kendall_p(values=values, rising=False)
    steps = range(len(values))
    assert theil_sen_slope(times=steps, values=moved) == pytest.approx(
        times * theil_sen_slope(times=steps, values=values)
    )


@quick
@given(
    st.lists(truth, min_size=4, max_size=4),
    st.lists(truth, min_size=3, max_size=3),
    st.lists(truth, min_size=2, max_size=2),
    st.booleans(),
)
def test_the_gate_says_what_all_completions_of_the_unknown_agree_on(signals, metrics, triggers, alone: bool) -> None:
    asked = [*signals, *metrics, *triggers]
    answers = set()
    for guess in product((True, False), repeat=asked.count(None)):
        guesses = iter(guess)
        full = [next(guesses) if value is None else value for value in asked]
        answers.add((sum(full[:4]) >= 2 and sum(full[4:7]) >= 1) or (alone and any(full[7:])))
    expected = answers.pop() if len(answers) == 1 else None
    assert gate_fired(signals=signals, metrics=metrics, triggers=triggers, hard_trigger_alone=alone) is expected


@quick
@given(st.lists(st.integers(1, 5), min_size=2, max_size=30))
def test_no_answers_spread_wider_than_their_mean_allows(scores: list[int]) -> None:
    bound = largest_sd(mean=float(np.mean(scores)), scale_min=1, scale_max=5)
    assert np.std(scores) <= bound + 1e-9


@quick
@given(st.floats(1, 5), st.floats(0, 1), st.integers(1, 200), st.floats(1, 5), st.floats(1, 5))
def test_a_score_is_likelier_below_a_higher_threshold(mean, error, freedom, first, second) -> None:
    known = {"estimate": mean, "standard_error": error, "degrees_of_freedom": freedom}
    low, high = sorted((first, second))
    assert below_probability(**known, threshold=low) <= below_probability(**known, threshold=high)
    bounds = t_interval(**known, coverage=0.9)
    assert bounds[0] <= mean <= bounds[1]


tables = st.lists(st.lists(st.floats(0, 1), min_size=3, max_size=3), min_size=2, max_size=6).map(np.array)
weighting = st.lists(st.floats(0.1, 5), min_size=3, max_size=3).map(np.array)


@quick
@given(tables, weighting, st.floats(0.1, 9))
def test_scores_lie_between_the_strands_and_ignore_the_sum_of_weights(table, weights, times: float) -> None:
    scores = need_scores(strands=table, weights=weights)
    assert (scores >= table.min(axis=1) - 1e-12).all()
    assert (scores <= table.max(axis=1) + 1e-12).all()
    assert need_scores(strands=table, weights=weights * times) == pytest.approx(scores)


@quick
@given(tables, weighting)
def test_a_unit_worst_on_every_strand_always_stays_on_top(table, weights) -> None:
    worst = np.vstack([table * 0.9, np.ones(3)])
    assert top_share(strands=worst, weights=weights, draws=200, seed=1) == 1.0
    assert 0 < top_share(strands=table, weights=weights, draws=200, seed=1) <= 1


@quick
@given(st.integers(0, 12), st.integers(5, 100), st.integers(1, 20), st.integers(0, 20))
def test_one_more_leaver_never_closes_the_gate_and_one_more_successor_never_opens_it(
    leavers: int, at_risk: int, critical: int, covered: int
) -> None:
    covered = min(covered, critical)

    def fired(exits: int, matched: int) -> bool | None:
        given_ = evidence(
            exposure=(exposure(exits=exits, person_years=at_risk),),
            roles=(role_counts(critical=critical, matched=matched),),
            headcount=headcounts(now=100, year_ago=100),
        )
        return week1(given_, BASE).gate.fired

    order = {False: 0, None: 1, True: 2}
    assert order[fired(leavers + 1, covered)] >= order[fired(leavers, covered)]
    assert order[fired(leavers, min(covered + 1, critical))] <= order[fired(leavers, covered)]


@settings(max_examples=20, deadline=None)
@given(st.randoms(use_true_random=False))
def test_the_order_of_rows_changes_nothing(random) -> None:
    base = company()
    shuffled = {}
    for field in ("headcount", "exposure", "roles", "survey", "delivery", "initiatives", "spend", "readiness", "units"):
        rows = list(getattr(base, field))
        random.shuffle(rows)
        shuffled[field] = tuple(rows)
    assert week1(base.model_copy(update=shuffled), BASE) == week1(base, BASE)


def doubled(base):
    """The same company twice over: counts, exposure and money double, shares and means stay."""
    twice = {
        "headcount": [row.model_copy(update={"headcount": 2 * row.headcount}) for row in base.headcount],
        "exposure": [
            row.model_copy(update={"person_years": 2 * row.person_years, "voluntary_exits": 2 * row.voluntary_exits})
            for row in base.exposure
        ],
        "exit_months": [
            row.model_copy(update={"person_years": 2 * row.person_years, "voluntary_exits": 2 * row.voluntary_exits})
            for row in base.exit_months
        ],
        "roles": [
            row.model_copy(update={f: 2 * v for f, v in row if isinstance(v, int) and not isinstance(v, bool)})
            for row in base.roles
        ],
        "survey": [row.model_copy(update={"n": 2 * row.n, "favourable": 2 * row.favourable}) for row in base.survey],
        "audiences": [row.model_copy(update={"headcount": 2 * row.headcount}) for row in base.audiences],
        "spend": [
            row.model_copy(update={f: 2 * getattr(row, f) for f in ("money", "hours", "participants")})
            for row in base.spend
        ],
        "initiatives": [
            row.model_copy(update={f: 2 * getattr(row, f) for f in ("initiatives", "delayed_value_money")})
            for row in base.initiatives
        ],
    }
    return base.model_copy(update={field: tuple(rows) for field, rows in twice.items()})


def test_a_company_twice_over_has_the_same_rates_and_spends_twice_as_much() -> None:
    once, twice = week1(company(), BASE), week1(doubled(company()), BASE)
    for group in ("signals", "triggers", "metrics"):
        assert {n: s.value for n, s in getattr(once, group).items()} == pytest.approx(
            {n: s.value for n, s in getattr(twice, group).items()}
        )
    assert once.succession.coverage_matched == twice.succession.coverage_matched
    assert once.spend.ratio_executive_individual == twice.spend.ratio_executive_individual
    assert twice.spend.total_money == 2 * once.spend.total_money
    certain = [abs(w.triggers["high_performer_turnover"].p_beyond - 0.5) for w in (once, twice)]
    assert certain[1] >= certain[0], "more of the same makes it surer"


@quick
@given(st.floats(0.01, 1000))
def test_the_unit_of_money_changes_no_share_and_no_status(rate: float) -> None:
    base = company()
    money = {
        "spend": tuple(row.model_copy(update={"money": row.money * rate}) for row in base.spend),
        "initiatives": tuple(
            row.model_copy(update={"delayed_value_money": row.delayed_value_money * rate}) for row in base.initiatives
        ),
    }
    ours, theirs = week1(base, BASE), week1(base.model_copy(update=money), BASE)
    assert {n: s.status for n, s in ours.signals.items()} == {n: s.status for n, s in theirs.signals.items()}
    assert theirs.spend.ratio_executive_individual == pytest.approx(ours.spend.ratio_executive_individual)
    assert theirs.spend.leadership_share == pytest.approx(ours.spend.leadership_share)
    assert theirs.units == ours.units


def test_a_unit_without_any_record_leaves_the_others_as_they_were() -> None:
    base = company()
    more = base.model_copy(update={"units": (*base.units, "Legal")})
    ours, theirs = week1(base, BASE), week1(more, BASE)
    assert theirs.units.units == ours.units.units
    assert theirs.units.why == "Nothing could be measured in Legal."
    assert theirs.signals == ours.signals


@quick
@given(st.floats(0, 0.6), st.floats(0, 0.6))
def test_a_stricter_threshold_never_clears_a_signal(first: float, second: float) -> None:
    strict, lax = sorted((first, second))
    found = [
        week1(
            company(initiatives=(delay("coordination", delayed=5.0), delay("skills", delayed=5.0)), survey=()),
            Scenario(thresholds=Thresholds(coordination_share=limit, growth_per_year=limit, uncovered_share=limit)),
        ).signals
        for limit in (strict, lax)
    ]
    for name in ("growth", "succession", "friction"):
        assert found[0][name].p_beyond >= found[1][name].p_beyond


@quick
@given(st.lists(st.floats(1.2, 4.8), min_size=6, max_size=9), st.integers(20, 400))
def test_every_interval_shown_contains_what_it_belongs_to(means: list[float], n: int) -> None:
    waves = [
        survey_wave(c, mean=m, n=n, offset=-3 * k) for c in ("engagement", "cross_team") for k, m in enumerate(means)
    ]
    given_ = company(survey=tuple(waves), delivery=delivery_months(*(m / 5 for m in means)))
    found = week1(given_, BASE)
    shown = [*found.signals.values(), *found.triggers.values(), *(extra.estimate for extra in found.extras)]
    shown += [point for signal in found.signals.values() for point in signal.series]
    for thing in shown:
        if thing.value is not None and thing.low is not None:
            assert thing.low - 1e-9 <= thing.value <= thing.high + 1e-9


@quick
@given(st.lists(st.floats(0, 3), min_size=5, max_size=5))
def test_ranking_scores_are_shares_in_falling_order(weights: list[float]) -> None:
    strands = dict(zip(("turnover", "succession", "engagement", "friction", "delivery"), weights, strict=True))
    ranking = week1(company(), Scenario(weights=UnitWeights(**strands))).units
    scores = [unit.score for unit in ranking.units]
    assert scores == sorted(scores, reverse=True)
    assert all(0 <= score <= 1 for score in scores)
    assert COMPANY not in {unit.unit for unit in ranking.units}
