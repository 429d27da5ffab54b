"""The cash flow equals a slow oracle in fractions, written from the formula alone, on random small companies.

B_t = sum over leaks and units of leak x share x [1 - product over programmes of (1 - e x reach x R x ramp x maint)],
with e = min(cap, effect at the reference d x d / d_ref); costs fall when the programmes start. Only the inputs (point
values, seats, prices) are taken from the model; every operation is exact arithmetic on them, month by month.
"""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.builders import COMPANY, company
from tests.economics_builders import causes, problem
from workbook.weeks.decision import DecisionProblem
from workbook.weeks.economics_flow import Offer
from workbook.weeks.economics_leaks import COMPONENTS, NAMES

REFERENCE_D = {"leadership": Fraction(31, 100), "technical": Fraction(64, 100)}


def exact(value: object) -> Fraction:
    """The very number a float holds."""
    return Fraction(float(value))  # type: ignore[arg-type]


def effect(made: DecisionProblem, offer: Offer, leak: str) -> Fraction:
    """Share of the leak removed where everybody took part, at the point values."""
    if leak not in offer.programme.effect_at_ref:
        return Fraction(0)
    low, likely, high = (exact(part) for part in offer.programme.effect_at_ref[leak])
    position = exact(made.point[f"effect_on_{leak}"])
    at_ref = likely + position * ((high - likely) if position > 0 else (likely - low))
    d = exact(made.point[f"d_{offer.track}"])
    share = min(exact(made.point["effect_cap_share"]), at_ref * d / REFERENCE_D[offer.track])
    return share * exact(offer.transfer) * exact(offer.attribution)


def strength(offer: Offer, month: int) -> Fraction:
    """Ramp times maintenance, `month` months after the start."""
    if month == 0:
        return Fraction(0)
    end, grow = exact(offer.programme.months), exact(offer.programme.months_to_effect)
    ramp = (Fraction(1) if month >= end else Fraction(0)) if grow == 0 else (month - end) / grow
    faded = max(Fraction(0), month - end - grow)
    kept = exact(offer.keep_share) ** int(faded) if faded.denominator == 1 else exact(offer.keep_share ** float(faded))
    return min(Fraction(1), max(Fraction(0), ramp)) * kept


def benefit(made: DecisionProblem, plan: int, month: int) -> Fraction:
    """What a plan saves in one month."""
    total = Fraction(0)
    for index, name in enumerate(NAMES):
        if not made.counted[index]:
            continue
        for unit in range(len(made.company.units)):
            left = Fraction(1)
            for offer, bought in zip(made.offers, made.seats, strict=True):
                reached = sum(
                    (int(seats) * exact(offer.cover[block, unit]) for block, seats in enumerate(bought[plan])),
                    start=Fraction(0),
                )
                part = effect(made, offer, COMPONENTS[name].leak) * min(Fraction(1), reached)
                left *= 1 - part * strength(offer, month)
            total += exact(made.point_parts[index, 0]) * exact(made.company.shares[name][unit]) * (1 - left)
    return total


def cost(made: DecisionProblem, plan: int) -> Fraction:
    """Prices shipped and own, and participants' time with on-costs."""
    total = Fraction(0)
    for offer, bought in zip(made.offers, made.seats, strict=True):
        seats = int(bought[plan].sum())
        total += exact(offer.bought_by_seats[seats]) * exact(made.point["price_level"])
        total += exact(offer.own_by_seats[seats])
        total += seats * exact(offer.time_money_per_participant) * (1 + exact(made.point["on_cost_share"]))
    return total


@settings(max_examples=8, deadline=None)
@given(
    budget=st.sampled_from([60_000.0, 240_000.0, 900_000.0]),
    cohort=st.integers(6, 90),
    skills=st.floats(0, 3e6),
    coordination=st.floats(0, 3e6),
    rework=st.floats(0, 0.3),
)
def test_every_month_of_the_best_plans_equals_the_oracle(budget, cohort, skills, coordination, rework) -> None:
    base = company(settings={"budget": budget}, initiatives=causes(skills=skills, coordination=coordination))
    rows = tuple(row.model_copy(update={"rework_share": rework}) for row in base.delivery)
    made = problem(base.model_copy(update={"delivery": rows}), cohort_size=cohort, draws=256)
    for plan in {made.chosen, *made.reference.values(), *made.best.values()}:
        benefits, costs = made.monthly(plan, point=True)
        for month in (0, 1, 4, 7, 12, made.terms.horizon_months):
            assert benefits[0, month] == pytest.approx(float(benefit(made, plan, month)), rel=1e-9, abs=1e-6)
        assert costs[0].sum() == pytest.approx(float(cost(made, plan)), rel=1e-9, abs=1e-6)


def test_the_oracle_is_not_asked_about_nothing() -> None:
    made = problem(draws=256)
    assert COMPANY not in made.company.units
    assert max(float(benefit(made, plan, 12)) for plan in made.best.values()) > 1000
