"""The calendar of the exact plan: against enumeration, closed months kept, staggering found where it pays."""

from __future__ import annotations

import datetime as dt
from functools import cache
from itertools import product
from typing import Any

import numpy as np
import pytest

from tests.builders import company
from tests.economics_builders import causes, problem
from tests.weeks.test_week3 import computed
from workbook.catalogue.programmes import shipped_programmes
from workbook.model.allocation import violations
from workbook.settings import Blackout
from workbook.weeks import economics_exact as exact
from workbook.weeks import economics_flow as flow
from workbook.weeks.economics_exact_calendar import closed_months
from workbook.weeks.economics_exact_search import Search
from workbook.weeks.economics_leaks import COMPONENTS, NAMES
from workbook.weeks.week4_case import add_months

WISHES = exact.Wishes(minimum_leadership_share=0.0, hours_away_per_person=None, risk_aversion_share=0.0)


def programme(key: str, *, decay: float, effect: float = 0.3, fixed: float = 40_000.0, **more: Any) -> dict[str, Any]:
    """A programme for technical staff that acts on one leak, quickly."""
    return {
        "programme": key, "name": key, "track": "technical", "audience": "individual", "outcome": "technical",
        "delivery": "workshop", "fixed_money": fixed, "money_per_participant": 500.0, "hours_per_participant": 4.0,
        "group_min": 1, "group_max": 40, "months": 1.0, "months_to_effect": 1.0, "decay_share_per_month": decay,
        "effect_at_ref": {"technical_skill_gap": (effect, effect, effect)}, "journey_stage": "individual",
        "evidence": "published", "source": "test", **more,
    }  # fmt: skip


def client(*programmes: dict[str, Any], blackout: tuple[Blackout, ...] = ()):
    """A client offered these programmes and no other, whose skills are what delays its work."""
    gone = tuple({"programme": each.programme, "available": "false", "source": "test"} for each in shipped_programmes())
    base = skilled()
    return base.model_copy(
        update={
            "programme_changes": (*programmes, *gone),
            "settings": base.settings.model_copy(update={"blackout": blackout}),
        }
    )


@cache
def skilled():
    return company(initiatives=causes(skills=4_000_000.0, coordination=100_000.0))


def busy(unit: str, first: int, last: int) -> Blackout:
    """A unit closed from one month after the as-of date to another."""
    as_of = company().settings.as_of
    return Blackout(unit=unit, start=add_months(as_of, first), end=add_months(as_of, last))


FADING = (programme("first", decay=0.4), programme("second", decay=0.4, effect=0.28))
LASTING = (programme("first", decay=0.01), programme("second", decay=0.01, effect=0.28))


def search(*programmes: dict[str, Any], closed: dict[str, frozenset[int]] | None = None, **more: Any) -> Search:
    starts = more.pop("most_starts", 8)
    made = problem(client(*programmes), **{"cohort_size": 66, "draws": 256, **more})
    return Search(made, WISHES, closed or {}, starts)


def month_by_month(made: Search, bought, starts) -> float:
    """Expected NPV straight from the saturating product, month by month."""
    one, terms = made.problem, made.problem.terms
    monthly = (1 + terms.yearly_rate) ** (-1 / 12)
    shares = np.stack([one.company.shares[name] for name in NAMES])
    reach = [np.minimum(own @ offer.cover, 1) for offer, own in zip(one.offers, bought, strict=True)]
    effects = [flow.reductions(one.values, offer) for offer in one.offers]
    total = 0.0
    for month in range(terms.horizon_months + 1):
        grown = [
            flow.course(o.programme, o.keep_share, start_month=terms.start_month + start, months=terms.horizon_months)[
                month
            ]
            for o, start in zip(one.offers, starts, strict=True)
        ]
        for k, name in enumerate(NAMES):
            leak = COMPONENTS[name].leak
            if not one.counted[k]:
                continue
            left = np.ones((one.parts.shape[1], shares.shape[1]))
            for p in range(len(one.offers)):
                if leak in effects[p]:
                    left *= 1 - np.outer(effects[p][leak] * np.ones(len(left)), reach[p] * grown[p])
            total += monthly**month * float(np.mean(one.parts[k] * ((1 - left) @ shares[k])))
    weights = one.cost_features.mean(axis=0)
    for offer, own, start in zip(one.offers, bought, starts, strict=True):
        bill = flow.cost_parts([offer], [own[None, :]])[:, 0]
        total -= float(weights @ bill) * monthly ** (terms.start_month + start)
    return total


def starts_of(found) -> dict[str, int]:
    offers = found.candidate.one.offers
    return {
        o.key: start
        for o, start, own in zip(offers, found.candidate.starts, found.candidate.bought, strict=True)
        if own.any()
    }


def test_a_staggered_plan_is_worth_the_product_s_sum_over_months():
    """Source: the saturating product of docs/methods.md, written out over months, units and draws."""
    made = search(*FADING, start_month=2)
    bought = [np.minimum(own.targets, 7).astype(np.int64) for own in made.problem.offers]
    one = exact.restarted(exact.single(made.problem, bought), (0, 9))
    assert one.means[0] == pytest.approx(month_by_month(made, bought, (0, 9)), rel=1e-9)
    assert one.utilities[:, 0].mean() == pytest.approx(one.means[0])
    benefits, costs = one.monthly(0, point=False)
    monthly = (1 + one.terms.yearly_rate) ** (-np.arange(benefits.shape[1]) / 12)
    assert float(((benefits - costs) @ monthly).mean()) == pytest.approx(one.means[0])
    assert np.flatnonzero(costs[0]).tolist() == [2, 11]


@pytest.mark.parametrize(
    ("pair", "closed"),
    [(FADING, {}), (FADING, {"Sales": frozenset({0, 1, 2})}), (LASTING, {"Sales": frozenset({0, 1, 2})})],
    ids=["fading", "fading, Sales closed", "lasting, Sales closed"],
)
def test_tiny_companies_get_the_plan_of_enumeration_over_seats_and_starts(pair, closed):
    """Source: groups of eight split over units two seats at a time, every pair of starts (our own enumeration)."""
    blocks = [{**each, "group_min": 8, "group_max": 8, "groups_per_month": 1} for each in pair]
    made = search(*blocks, closed=closed, most_starts=3, cohort_size=16)
    offers = made.problem.offers
    rooms = [offer.targets.astype(int) for offer in offers]
    best = 0.0
    for splits in product(*([None, *_splits(room, 8)] for room in rooms)):
        bought = [np.zeros(3, np.int64) if own is None else np.array(own) for own in splits]
        one = exact.single(made.problem, bought)
        for starts in product((0, 3, 6), repeat=2):
            allowed = all(start in made.open.open_to(p, bought[p]) for p, start in enumerate(starts) if bought[p].any())
            if allowed:
                best = max(best, float(exact.restarted(one, starts).means[0]))
    found = made.attempt(made.problem.terms.budget_money, joint=True)
    assert found.violations == ()
    assert found.candidate.npv == pytest.approx(best, rel=2e-3)


def _splits(room, seats):
    return [each for each in product(*(range(0, min(int(most), seats) + 1, 2) for most in room)) if sum(each) == seats]


def test_where_effects_fade_fast_starting_in_turn_is_found_and_worth_more():
    found = search(*FADING, cohort_size=300).attempt(500_000.0, joint=True)
    assert starts_of(found) == {"first": 0, "second": 6}
    together = search(*FADING, cohort_size=300, most_starts=1).attempt(500_000.0, joint=True)
    assert starts_of(together) == {"first": 0, "second": 0}
    assert found.candidate.npv > 1.1 * together.candidate.npv


def test_the_page_says_what_starting_in_turn_is_worth_and_what_waiting_would_cost():
    told = computed(client(*FADING), quick=False, fired=True, cohort_size=300)
    made = told.exact.calendar
    assert [(line.programme, line.start_month) for line in made.lines] == [("first", 0), ("second", 6)]
    assert {line.start_month for line in told.plan if line.programme == "second"} == {6}
    assert made.finding.startswith("Starting in turn is worth €")
    assert made.finding.endswith("Later: second (by 6 months). No other of 64 calendars is worth more.")
    assert made.gain_over_at_once > 0
    assert all(line.quarter_later_money > 0 for line in made.lines)
    assert (made.lines[1].training_ends_month, made.lines[1].full_effect_month) == (7, 8)
    assert made.starts_weighed == (0, 3, 6, 9, 12, 15, 18, 21)


def test_a_programme_waits_for_closed_months_and_the_page_says_so():
    shut = tuple(busy(unit, 0, 4) for unit in ("Engineering", "Sales", "Support"))
    told = computed(client(LASTING[0], blackout=(*shut, busy("Elsewhere", 0, 1))), quick=False, fired=True)
    assert {line.start_month for line in told.plan} == {6}
    made = told.exact.calendar
    assert made.gain_over_at_once is None
    assert made.finding == (
        "Closed months rule out that all start at once. Later: first (by 6 months). No other of 6 calendars is worth "
        "more."
    )
    assert [(each.unit, each.months) for each in made.closed] == [
        ("Elsewhere", (0,)), ("Engineering", (0, 3)), ("Sales", (0, 3)), ("Support", (0, 3)),
    ]  # fmt: skip
    assert (
        "client.yml closes weeks for Elsewhere, which is no unit of these figures: the calendar does not know them."
        in told.exact.notes
    )
    npv = {each.name: each.npv for each in told.alternatives}
    assert npv["pro_rata"] <= told.expected_npv + 1e-6


def test_a_cautious_plan_keeps_closed_months_too():
    shut = tuple(busy(unit, 0, 1) for unit in ("Engineering", "Sales", "Support"))
    told = computed(client(*LASTING, blackout=shut), quick=False, fired=True, risk_aversion_share=0.5)
    assert {line.start_month for line in told.plan} == {3}


def test_with_risk_in_the_objective_the_calendar_of_highest_objective_is_taken():
    """Source: every pair of starts, valued (our own enumeration)."""
    wishes = exact.Wishes(minimum_leadership_share=0.0, hours_away_per_person=None, risk_aversion_share=0.7)
    made = Search(problem(client(*FADING), cohort_size=300, draws=256), wishes)
    seats = [offer.targets.astype(np.int64) for offer in made.problem.offers]
    one = exact.single(made.problem, seats)
    scores = {
        starts: exact.score(exact.restarted(one, starts).utilities[:, 0], 0.7)
        for starts in product(range(0, 24, 3), repeat=2)
    }
    found = made.timed(seats)
    assert found.starts == max(scores, key=lambda each: scores[each])
    assert found.score == pytest.approx(max(scores.values()))


def test_a_programme_that_pays_only_apart_from_another_is_bought_apart():
    free = (FADING[0], programme("second", decay=0.4, fixed=0.0))
    made = search(*free, cohort_size=300)
    alone = search(FADING[0], cohort_size=300).attempt(500_000.0, joint=True).candidate
    pair = exact.single(made.problem, [alone.bought[0], alone.bought[0]])
    at_once, apart = (float(exact.restarted(pair, (0, start)).means[0]) - alone.npv for start in (0, 12))
    assert apart > at_once > 0
    priced = (FADING[0], programme("second", decay=0.4, fixed=(at_once + apart) / 2))
    assert starts_of(search(*priced, cohort_size=300, most_starts=1).attempt(500_000.0, joint=True)) == {"first": 0}
    found = search(*priced, cohort_size=300).attempt(500_000.0, joint=True)
    assert sorted(starts_of(found)) == ["first", "second"]
    assert found.candidate.npv > alone.npv


def test_where_effects_last_everything_starts_at_once():
    found = search(*LASTING).attempt(500_000.0, joint=True)
    assert starts_of(found) == {"first": 0, "second": 0}


def test_no_programme_starts_in_a_month_closed_to_a_unit_it_trains():
    made = search(LASTING[0], closed={unit: frozenset(range(4)) for unit in ("Engineering", "Sales", "Support")})
    found = made.attempt(500_000.0, joint=True)
    assert starts_of(found) == {"first": 6}
    assert made.reference(made.problem, 500_000.0).starts == (6,)


def test_a_small_unit_that_is_closed_at_first_is_left_out_or_waited_for_whichever_is_worth_more():
    made = search(LASTING[0], closed={"Support": frozenset({0})}, cohort_size=20)
    found = made.attempt(500_000.0, joint=True)
    assert starts_of(found) == {"first": 0}
    support = made.problem.company.units.index("Support")
    assert found.candidate.bought[0][support] == 0
    assert found.candidate.bought[0].sum() == 20


def test_a_plan_that_starts_in_a_closed_month_is_found_out():
    made = search(LASTING[0], closed={"Sales": frozenset({0})})
    plan = made.valued([np.minimum(made.problem.offers[0].targets, 5).astype(np.int64)])
    limits = made.asked(500_000.0).limits
    assert made.wrong_with(plan, limits) == ("first: starts in a month closed to a unit it trains",)


def test_a_programme_bought_at_two_starts_is_found_out():
    made = search(LASTING[0])
    asked = made.asked(500_000.0, variants=[exact.Variant(0, 0), exact.Variant(0, 3)])
    assert violations(asked, [np.array([2, 0, 0]), np.array([0, 2, 0])]) == (
        "calendar: a programme starts more than once",
    )


def test_where_every_start_is_closed_nothing_is_bought_and_the_page_says_why():
    shut = tuple(busy(unit, 0, 40) for unit in ("Engineering", "Sales", "Support"))
    found = computed(client(*LASTING, blackout=shut), quick=False, fired=True)
    assert found.plan == ()
    assert found.binding == ("calendar: every unit is closed in all months in which a programme could start",)


def test_a_month_is_closed_when_half_of_its_days_are_busy():
    made = client(blackout=()).settings
    as_of = made.as_of
    begin, end = add_months(as_of, 2), add_months(as_of, 3)
    half = (end - begin).days // 2 + (end - begin).days % 2
    for days, closed in ((half, {2}), (half - 1, set())):
        weeks = Blackout(unit="Sales", start=begin, end=begin + dt.timedelta(days=days - 1))
        assert closed_months(made.model_copy(update={"blackout": (weeks,)}), 12) == {"Sales": frozenset(closed)}
    two = tuple(
        Blackout(unit="Sales", start=begin + dt.timedelta(days=k), end=begin + dt.timedelta(days=k + half // 2 - 1))
        for k in (0, half)
    )
    whole = Blackout(unit="Sales", start=add_months(as_of, 5), end=add_months(as_of, 8) - dt.timedelta(days=1))
    tried = made.model_copy(update={"blackout": (*two, whole)})
    assert closed_months(tried, 12) == {"Sales": frozenset({5, 6, 7} | ({2} if 2 * (half // 2) >= half else set()))}
    day_before = Blackout(unit="Sales", start=as_of - dt.timedelta(days=9), end=as_of - dt.timedelta(days=1))
    assert closed_months(made.model_copy(update={"blackout": (day_before,)}), 12) == {"Sales": frozenset()}


def test_the_company_closed_closes_executives_too():
    made = Search(problem(cohort_size=60), WISHES, {"(company)": frozenset({0})})
    assert all(closed[0].all() for closed in made.open.closed)
    units = Search(problem(cohort_size=60), WISHES, dict.fromkeys(("Engineering", "Sales", "Support"), frozenset({0})))
    open_at_once = [o.key for o, own in zip(units.problem.offers, units.open.closed, strict=True) if not own[0].any()]
    assert set(open_at_once) == {o.key for o in units.problem.offers if o.programme.audience == "executive"}
