"""Weeks 3 and 4 of `results_builder`: literal values only."""

from __future__ import annotations

import datetime as dt

from workbook import results as r


def build_week3() -> r.Week3:
    """A plan of four lines, a frontier and four alternatives."""
    line = r.PlanLine
    return r.Week3(
        plan=(
            line(
                programme="coaching",
                label="Coaching and simulation",
                track="leadership",
                unit="Platform",
                seats=12,
                cost=96_000.0,
                expected_benefit=301_000.0,
            ),
            line(
                programme="coaching",
                label="Coaching and simulation",
                track="leadership",
                unit="Product",
                seats=8,
                cost=64_000.0,
                expected_benefit=158_000.0,
            ),
            line(
                programme="rotation",
                label="Rotation and mentoring",
                track="leadership",
                unit="Sales",
                seats=4,
                cost=45_000.0,
                expected_benefit=94_000.0,
                start_month=3,
            ),
            line(
                programme="refresh",
                label="Technical refresh",
                track="technical",
                unit="Platform",
                seats=10,
                cost=22_000.0,
                expected_benefit=38_000.0,
            ),
        ),
        spent=227_000.0,
        budget=250_000.0,
        unallocated=23_000.0,
        binding=("cohort size: 24 leadership seats are all used",),
        share_leadership=0.903,
        expected_npv=364_000.0,
        shadow_price=0.42,
        frontier=tuple(
            r.FrontierPoint(budget=b, npv=npv, p10=npv - b * 0.9, p90=npv * 2.1, share_leadership=share, spent=b * 0.92)
            for b, npv, share in (
                (50_000.0, 110_000.0, 1.0),
                (100_000.0, 205_000.0, 1.0),
                (150_000.0, 281_000.0, 1.0),
                (200_000.0, 340_000.0, 0.94),
                (250_000.0, 364_000.0, 0.9),
                (300_000.0, 377_000.0, 0.76),
                (400_000.0, 381_000.0, 0.6),
            )
        ),
        switch_budget=None,
        alternatives=(
            r.Alternative(name="nothing", label="Do nothing", cost=0.0, npv=0.0, gain=364_000.0),
            r.Alternative(name="today", label="Today's spend", cost=231_000.0, npv=-18_000.0, gain=382_000.0),
            r.Alternative(
                name="pro_rata", label="Pro rata by headcount", cost=240_000.0, npv=190_000.0, gain=174_000.0
            ),
            r.Alternative(
                name="greedy", label="Best benefit per pound first", cost=226_000.0, npv=355_000.0, gain=9_000.0
            ),
        ),
        programmes=(
            r.ProgrammeView(
                programme="coaching",
                label="Coaching and simulation",
                track="leadership",
                audience="manager",
                outcome="behaviour",
                delivery="coaching",
                months=4,
                months_to_effect=3,
                hours_per_participant=32,
                cost_per_person=((6, 11_000.0), (12, 8_000.0), (24, 6_500.0), (48, 5_800.0)),
                evidence="published",
                source="Lacerenza et al. (2017)",
            ),
            r.ProgrammeView(
                programme="refresh",
                label="Technical refresh",
                track="technical",
                audience="individual",
                outcome="technical",
                delivery="workshop",
                months=2,
                months_to_effect=1,
                hours_per_participant=24,
                cost_per_person=((6, 3_400.0), (12, 2_400.0), (24, 1_900.0), (48, 1_650.0)),
                evidence="judgement",
                source="house assumption",
            ),
        ),
        method="reference plan",
    )


def build_week4() -> r.Week4:
    """A pilot of 24 against 24, its criteria and the CFO page."""
    effect = r.DetectableEffect
    return r.Week4(
        pilot=r.Pilot(
            track="leadership",
            programme="Coaching and simulation",
            units=("Platform", "Product"),
            comparison=("Sales",),
            ranking=(
                r.PilotUnit(
                    unit="Platform",
                    headcount=140,
                    leaders=16,
                    need=0.82,
                    readiness=0.7,
                    measurability=0.9,
                    score=0.52,
                    role="pilot",
                ),
                r.PilotUnit(
                    unit="Product",
                    headcount=96,
                    leaders=11,
                    need=0.64,
                    readiness=0.75,
                    measurability=0.85,
                    score=0.41,
                    role="pilot",
                ),
                r.PilotUnit(
                    unit="Sales",
                    headcount=118,
                    leaders=13,
                    need=0.51,
                    readiness=0.6,
                    measurability=0.9,
                    score=0.28,
                    role="comparison",
                ),
                r.PilotUnit(
                    unit="Customer Success",
                    headcount=58,
                    leaders=6,
                    need=0.33,
                    readiness=0.55,
                    measurability=0.5,
                    score=0.09,
                    role="not used",
                ),
            ),
            design="wait-list lottery",
            design_reason="More leaders want a seat than the first wave holds.",
            cohort_size=24,
            comparison_size=24,
            mde={
                "rating": effect(
                    metric="rating",
                    label="Mean rating by direct reports",
                    unit="SD",
                    arms=(24, 24),
                    clusters=None,
                    mde=0.46,
                    mde_standardised=0.83,
                    target=0.31,
                    break_even=0.11,
                    detects_target=False,
                    method="ANCOVA, two-sided 5 %, power 80 %",
                ),
                "manager_nps": effect(
                    metric="manager_nps",
                    label="Manager NPS",
                    unit="points",
                    arms=(24, 24),
                    clusters=None,
                    mde=18.0,
                    mde_standardised=None,
                    target=20.0,
                    break_even=None,
                    detects_target=True,
                    method="difference of two proportions",
                ),
                "rework": effect(
                    metric="rework",
                    label="Rework share",
                    unit="share",
                    arms=(2, 1),
                    clusters=None,
                    mde=None,
                    mde_standardised=None,
                    target=-0.18,
                    break_even=None,
                    detects_target=None,
                    method="not computed",
                    why="too few unit-months",
                ),
            },
            mde_curve=tuple(
                r.MdePoint(cohort_size=n, mde_standardised=m)
                for n, m in ((6, 1.8), (12, 1.2), (24, 0.83), (48, 0.58), (96, 0.41), (192, 0.29))
            ),
            criteria=(
                r.Criterion(
                    metric="Adherence", green="at least 80 % of sessions attended", amber="50 to 80 %", red="under 50 %"
                ),
                r.Criterion(
                    metric="Mean rating",
                    green="at or above target and above break-even",
                    amber="in between",
                    red="below break-even",
                ),
            ),
            milestones=(
                r.Milestone(label="30 days", due=dt.date(2026, 7, 30), what="First ratings by direct reports"),
                r.Milestone(label="90 days", due=dt.date(2026, 9, 28), what="Third ratings; does it last?"),
                r.Milestone(label="Month 9", due=dt.date(2027, 3, 30), what="Decide: scale, extend or stop"),
            ),
            evsi=14_200.0,
            worth_running=True,
            cost=18_000.0,
            target_d=0.31,
            break_even_d=0.11,
            net_worth=6_300.0,
            advice="run",
            designs=build_designs(),
            sizes=tuple(
                r.PilotSize(
                    cohort_size=n,
                    comparison_size=48 - n,
                    cost=750.0 * n,
                    standard_error=error,
                    learned=9_000.0,
                    net=net,
                )
                for n, error, net in ((12, 0.33, 2_100.0), (24, 0.29, 6_300.0), (36, 0.33, 5_000.0))
            ),
        ),
        metrics=(
            r.MetricDefinition(
                metric="Manager NPS",
                definition="Would you recommend your manager?",
                formula="% 9-10 less % 0-6",
                purpose="engagement",
                owner="HR analytics",
                baseline=-4.0,
                target=16.0,
                agreed_by="COO",
                agreed_on=dt.date(2026, 6, 1),
                added_after_start=False,
            ),
            r.MetricDefinition(
                metric="Rework share",
                definition="Items reopened",
                formula="reopened / delivered",
                purpose="quality",
                owner="Delivery office",
                baseline=0.14,
                target=0.115,
                agreed_by=None,
                agreed_on=None,
                added_after_start=True,
            ),
        ),
        business_case=r.BusinessCase(
            decision_asked="Approve £227,000 for 24 leadership seats and 10 technical seats, from Platform and "
            "Product.",
            verdict="Leadership first. The best leadership plan beats every other class of plan in 78 of 100 draws.",
            cost_of_waiting="Each month of waiting costs about £22k (90 % interval £6k to £41k).",
            range_of_return="Median ROI 156 %; one in ten draws loses money.",
            what_could_flip_it=("If the effect of leadership training is below 0.12 the answer becomes neither.",),
            pilot_ask="Run a wait-list lottery with 24 leaders in each arm for nine months.",
            risks=("The pilot cannot see an effect as small as the target.",),
            who_agreed=("COO agreed Manager NPS on 1 June 2026.",),
        ),
    )


def build_designs() -> tuple[r.DesignOption, ...]:
    """The lottery chosen, a stepped wedge that sees less, and one design that cannot be had."""
    effect = r.DetectableEffect(
        metric="rating", label="Mean rating by direct reports", unit="SD", arms=(24, 24), clusters=None, mde=0.83,
        mde_standardised=0.83, target=0.31, break_even=0.11, detects_target=False, method="two arms", mde_adjusted=0.72,
    )  # fmt: skip
    seen = effect.model_copy(
        update={"mde": 0.30, "mde_standardised": 0.30, "detects_target": True, "mde_adjusted": None, "clusters": (4, 0)}
    )
    option = r.DesignOption
    return (
        option(design="wait-list lottery", chosen=True, possible=True, reason="Places drawn by lot.", arms=(24, 24),
               mde={"rating": effect}),
        option(design="stepped wedge", chosen=False, possible=True, reason="Unit by unit.", arms=(46, 0),
               mde={"rating": seen}),
        option(design="trend line", chosen=False, possible=False, reason="3 points before the start are too few"),
    )  # fmt: skip


def empty_week4() -> r.Week4:
    """No pilot could be designed."""
    return r.Week4(
        pilot=r.Pilot(
            track="leadership",
            programme=None,
            units=(),
            comparison=(),
            ranking=(),
            design="none",
            design_reason="",
            cohort_size=24,
            comparison_size=24,
            mde={},
            mde_curve=(),
            criteria=(),
            milestones=(),
            evsi=None,
            worth_running=None,
            cost=None,
            target_d=None,
            break_even_d=None,
            why="there is no plan to pilot",
        ),
        metrics=(),
        business_case=r.BusinessCase(
            decision_asked="Approve nothing yet; send the files listed.",
            verdict="Insufficient data.",
            cost_of_waiting="Not known.",
            range_of_return="Not known.",
            what_could_flip_it=(),
            pilot_ask="None yet.",
            risks=(),
            who_agreed=(),
        ),
    )
