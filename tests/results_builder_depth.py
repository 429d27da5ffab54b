"""What later models add to the figures of `results_builder`: literal values only."""

from __future__ import annotations

from typing import Any

from workbook import results as r

TURNOVER = (
    r.TeamTurnover(unit="Platform", rate=0.21, low=0.15, high=0.28, p_above_company=0.97, person_years=131.5),
    r.TeamTurnover(unit="Sales", rate=0.12, low=0.08, high=0.17, p_above_company=0.44, person_years=88.25),
)
DRIVERS = r.Drivers(
    inputs=(
        r.Driver(
            name="leadership_d",
            label="Effect of leadership training (d)",
            rank_coefficient=0.81,
            first=0.62,
            first_low=0.57,
            first_high=0.67,
            total=0.71,
            total_low=0.66,
            total_high=0.76,
        ),
        r.Driver(
            name="reach",
            label="Reach of the programme",
            rank_coefficient=0.22,
            first=-0.01,
            first_low=-0.03,
            first_high=0.02,
            total=0.05,
            total_low=0.03,
            total_high=0.07,
        ),
    ),
    rank_explained_share=0.91,
    interaction_share=0.08,
    correlated=False,
    zero_effect=("replacement_share",),
    note="The rank coefficients explain 91% of the spread in ranks.",
)
GROUPS = (
    r.GroupInformation(
        name="prices", label="What programmes cost to buy", inputs=("price_level",), evppi=0.0, noise=0.0
    ),
    r.GroupInformation(
        name="effects", label="What programmes achieve", inputs=("leadership_d", "reach"), evppi=24_000.0, noise=310.0
    ),
)
STRESS = r.Stress(
    p_loss=0.22,
    conditions=(
        r.StressCondition(
            name="leadership_d",
            label="Effect of leadership training (d)",
            shift=-0.88,
            threshold=0.19,
            below=True,
            share_losing=0.86,
            share_all=0.27,
        ),
    ),
    sentences=("The plan loses money in 22% of 16,384 draws.",),
)
EXACT = r.ExactPlan(
    status="optimal",
    gap=0.0,
    model_npv=366_000.0,
    npv=364_000.0,
    optimism=2_000.0,
    shortfall=-41_000.0,
    tail_share=0.2,
    risk_aversion_share=0.25,
    reference_npv=351_000.0,
    gain_over_reference=13_000.0,
    same_as_reference=False,
    same_as_greedy=False,
    inclusion=(
        r.LineInclusion(programme="rotation", unit="Sales", share=0.25),
        r.LineInclusion(programme="coaching", unit="Platform", share=0.875),
    ),
    inclusion_draws=16,
    bought_nothing_share=0.125,
    notes=("A plan of the other kind is nearly as good.",),
    calendar=r.PlanCalendar(
        lines=(
            r.ProgrammeStart(
                programme="coaching",
                label="Coaching and simulation",
                track="leadership",
                start_month=0,
                training_ends_month=4,
                full_effect_month=7,
                quarter_later_money=41_000.0,
                half_year_later_money=83_000.0,
            ),
            r.ProgrammeStart(
                programme="rotation",
                label="Rotation and mentoring",
                track="leadership",
                start_month=3,
                training_ends_month=9,
                full_effect_month=13,
                quarter_later_money=11_500.0,
                half_year_later_money=24_000.0,
            ),
            r.ProgrammeStart(
                programme="refresh",
                label="Technical refresh",
                track="technical",
                start_month=0,
                training_ends_month=2,
                full_effect_month=3,
                quarter_later_money=5_000.0,
                half_year_later_money=10_500.0,
            ),
        ),
        starts_weighed=(0, 3, 6, 9, 12, 15, 18, 21),
        calendars=294,
        gain_over_at_once=None,
        closed=(r.ClosedMonths(unit="Sales", months=(0,)),),
        finding="Closed months rule out that all start at once. Later: Rotation and mentoring (by 3 months). No other "
        "of 294 calendars is worth more.",
    ),
)
IMPOSSIBLE = EXACT.model_copy(
    update={
        "status": "no plan keeps to the limits",
        "inclusion": (),
        "relax": (r.LimitToRelax(limit="Budget", amount=12_000.0, unit="money", money=12_000.0),),
    }
)


def deeper_week1(week1: r.Week1) -> r.Week1:
    """Week 1 with turnover by team."""
    return week1.model_copy(update={"team_turnover": TURNOVER})


def deeper_week2(week2: r.Week2) -> r.Week2:
    """Week 2 with rates of return, drivers, groups and the stress test."""
    rates: dict[str, Any] = {
        "irr_percent": r.Spread(point=61.0, p10=-4.0, p50=58.0, p90=140.0),
        "irr_expected_percent": 63.0,
        "irr_none_share": 0.025,
        "irr_multiple_share": 0.0,
    }
    known = {"groups": GROUPS, "drivers": DRIVERS, "stress": STRESS}
    return week2.model_copy(
        update={
            "returns": {track: found.model_copy(update=rates) for track, found in week2.returns.items()},
            "information": week2.information.model_copy(update=known),
        }
    )


def deeper_week3(week3: r.Week3) -> r.Week3:
    """Week 3 with how the plan was found."""
    return week3.model_copy(update={"exact": EXACT})
