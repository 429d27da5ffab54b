"""The follow-up of `results_builder`: literal values only."""

from __future__ import annotations

import datetime as dt
from typing import Any

from workbook import results as r


def build_followup() -> r.Followup:
    """Two arms, two competencies, four waves."""
    means = {
        ("pilot", "Coaching"): (3.20, 3.48, 3.55, 3.58),
        ("comparison", "Coaching"): (3.22, 3.24, 3.21, 3.26),
        ("pilot", "Deciding"): (3.05, 3.42, 3.30, 3.16),
        ("comparison", "Deciding"): (3.08, 3.10, 3.05, 3.09),
    }
    size = r.EffectSize
    return r.Followup(
        reliability=r.Reliability(
            icc1=0.29,
            icck=0.71,
            k0=6.1,
            low=0.14,
            high=0.45,
            r_wgj=0.81,
            lindell=0.62,
            krippendorff_alpha=0.27,
            leaders=46,
            words="Good enough to compare groups, not to rank leaders.",
            readings=(
                r.RaterReading(measure="one rater, ICC(1,1)", value=0.29, low=0.14, high=0.45, words="usual"),
                r.RaterReading(
                    measure="Krippendorff's alpha, ordinal", value=0.27, words="same score, not only the same order"
                ),
            ),
            raters_wanted=5.7,
        ),
        points=(
            *(
                r.GrowthPoint(
                    arm=arm,
                    competency=competency,
                    wave_days=day,
                    mean=mean,
                    low=mean - 0.13,
                    high=mean + 0.13,
                    leaders=23,
                    raters=140,
                    panel_mean=mean + 0.02,
                    panel_raters=118,
                )
                for (arm, competency), series in means.items()
                for day, mean in zip((0, 30, 60, 90), series, strict=True)
            ),
            r.GrowthPoint(
                arm="pilot",
                competency="Feedback",
                wave_days=0,
                mean=None,
                low=None,
                high=None,
                leaders=None,
                raters=None,
                suppressed=True,
            ),
        ),
        growth={
            "Coaching": r.Growth(
                competency="Coaching",
                gain=0.28,
                maintenance=1.36,
                sem=0.11,
                pattern="rising",
                comparison_gain=0.02,
                panel_gain=0.25,
            ),
            "Deciding": r.Growth(
                competency="Deciding",
                gain=0.37,
                maintenance=0.30,
                sem=0.12,
                pattern="decaying",
                comparison_gain=0.02,
                refresher="Decision clinics (microlearning)",
            ),
            "Feedback": r.Growth(
                competency="Feedback",
                gain=None,
                maintenance=None,
                sem=None,
                pattern="insufficient data",
                comparison_gain=None,
                why="fewer than five raters",
            ),
        },
        effect=r.Effect(
            ancova=0.36,
            did=0.33,
            low=0.12,
            high=0.60,
            leaders=(23, 23),
            target=0.31,
            break_even=0.11,
            design="matched comparison",
            answer="works",
            answer_words="The pilot works: its 95% interval lies above zero.",
            standard_error=0.17,
            degrees_of_freedom=42.0,
            low95=0.02,
            high95=0.70,
            did_low=0.08,
            did_high=0.58,
            d_ppc=0.35,
            chance=r.Chance(p_value=0.031, arms=10_000, exact=False),
            participants=r.ParticipantView(
                participants=23, answers=17, each_money=4_200.0, low=2_900.0, high=5_500.0, total_money=96_600.0
            ),
            regression_points=0.06,
            warnings=("Pilot leaders began lower than the others.",),
        ),
        update=r.Update(
            prior=size(
                d_p10=0.07, d_p50=0.31, d_p90=0.55, npv_p50=320_000.0, roi_percent_p50=156.0, payback_month_p50=12.0
            ),
            posterior=size(
                d_p10=0.18, d_p50=0.34, d_p90=0.50, npv_p50=371_000.0, roi_percent_p50=181.0, payback_month_p50=11.0
            ),
            effective_draws=9_120.0,
            conflict_z=0.3,
            site_spread=0.1,
            routes=(
                r.UpdateRoute(
                    route="ratings as the effect",
                    d_p50=0.34,
                    npv_p50=371_000.0,
                    roi_percent_p50=181.0,
                    effective_draws=9_120.0,
                    conflict_z=0.3,
                    contradicts=False,
                    headline=True,
                    measures=("ratings",),
                ),
                r.UpdateRoute(
                    route="ratings by way of work metrics",
                    d_p50=0.22,
                    npv_p50=214_000.0,
                    roi_percent_p50=None,
                    effective_draws=6_400.0,
                    conflict_z=-1.1,
                    contradicts=False,
                    headline=False,
                    measures=("rework", "slow_decisions"),
                ),
            ),
            plan_before=r.PlanNow(
                answer="leadership first",
                certainty=0.71,
                spend=240_000.0,
                share_leadership=0.9,
                expected_npv=340_000.0,
                p_npv_positive=0.81,
            ),
            plan_after=r.PlanNow(
                answer="leadership first",
                certainty=0.83,
                spend=240_000.0,
                share_leadership=0.9,
                expected_npv=402_000.0,
                p_npv_positive=0.93,
            ),
        ),
        decision="scale",
        decision_reasons=("The estimate is above the target and its lower limit is above break-even.",),
        kpis=(
            r.Kpi(
                group="business sync",
                label="Spend tied to a stated priority with an agreed metric",
                value=0.44,
                unit="share",
            ),
            r.Kpi(group="learning results", label="Change in behaviour", value=0.36, unit="score"),
            r.Kpi(group="operational value", label="Cost per person", value=8_540.0, unit="money"),
            r.Kpi(group="operational value", label="ROI after the pilot", value=181.0, unit="percent"),
            r.Kpi(group="activity", label="Completed", value=None, unit="count", why="no completion dates"),
        ),
        calendar=(
            r.CalendarLine(
                programme="Coaching and simulation",
                planned=3,
                held=18,
                postponed=4,
                cancelled=1,
                reasons=(("quarter end", 3), ("illness", 1)),
                attendance_share=0.88,
            ),
            r.CalendarLine(
                programme="Technical refresh",
                planned=2,
                held=6,
                postponed=0,
                cancelled=0,
                reasons=(),
                attendance_share=None,
            ),
        ),
        finding="Leaders in the pilot gained 0.36 SD over the comparison group by day 90.",
        **build_calendar(),
        decision_odds=(
            r.RuleOdds(label="no effect", truth=0.0, scale=0.03, extend=0.86, stop=0.11),
            r.RuleOdds(label="target", truth=0.31, scale=0.48, extend=0.51, stop=0.01),
        ),
        hindsight=(
            r.Hindsight(
                arm="pilot",
                competency="Coaching",
                leaders=23,
                shift=-0.21,
                shift_low=-0.30,
                shift_high=-0.12,
                gain=0.38,
                adjusted_gain=0.59,
                adjusted_low=0.47,
                adjusted_high=0.71,
                words="raters look back more strictly: the plain gain understates what they now see",
            ),
            r.Hindsight(
                arm="comparison",
                competency="Coaching",
                leaders=7,
                shift=0.02,
                shift_low=None,
                shift_high=None,
                gain=0.04,
                adjusted_gain=0.02,
                adjusted_low=None,
                adjusted_high=None,
                words="too few leaders to say whether the yardstick moved",
            ),
        ),
        cohort_growth=r.CohortGrowth(
            leaders=46,
            scores=171,
            between_share=0.62,
            waves=tuple(
                r.GrowthWave(
                    wave_days=day,
                    change=change,
                    change_low=change - 0.1,
                    change_high=change + 0.1,
                    lead=change - 0.02,
                    lead_low=change - 0.16,
                    lead_high=change + 0.12,
                )
                for day, change in ((30, 0.33), (60, 0.30), (90, 0.25))
            ),
            words="every score counts, also of leaders who missed a wave; a leader's waves are read together",
        ),
        reliable_change=r.ReliableChange(leaders=22, up=6, down=1),
        metrics=(
            r.MetricEffect(
                metric="rework",
                label="Rework",
                reduction=0.12,
                low=0.03,
                high=0.21,
                standard_error=0.06,
                pilot_units=4,
                comparison_units=4,
                design="units of both arms, adjusted for six months before",
                pre_trend=r.PreTrend(
                    slope=0.0004, low=-0.0011, high=0.0019, points=8, words="no sign that the gap was moving before"
                ),
                trend_line=r.TrendLine(forecast=0.104, low=0.095, high=0.113, actual=0.092, points=8, beyond=True),
            ),
            r.MetricEffect(
                metric="late_delivery",
                label="Work delivered late",
                reduction=None,
                low=None,
                high=None,
                standard_error=None,
                pilot_units=4,
                comparison_units=1,
                design="none",
                why="2 units an arm are needed",
            ),
        ),
    )


def build_calendar() -> dict[str, Any]:
    """What postponing cost, three sessions planned again, touchpoints and costs."""
    day = dt.date
    line = r.ReplanLine
    return {
        "postponements": (
            r.Postponement(
                programme="Coaching and simulation",
                status="postponed",
                reason="quarter end",
                sessions=3,
                person_hours=108.0,
                days_late=21.0,
                money=1_240.0,
            ),
            r.Postponement(
                programme="Technical refresh",
                status="cancelled",
                reason=None,
                sessions=1,
                person_hours=None,
                days_late=None,
                money=None,
                why="seats and hours of the sessions are needed",
            ),
        ),
        "replan": r.Replan(
            first_week=day(2026, 7, 6),
            weeks=16,
            lines=(
                line(
                    session="S16",
                    programme="Coaching and simulation",
                    unit="Sales",
                    action="keep",
                    planned=day(2026, 7, 10),
                    due=day(2026, 7, 10),
                    dates=(day(2026, 7, 10),),
                    weeks_late=0.0,
                    wish_kept=True,
                    reason="its day stands",
                ),
                line(
                    session="S17",
                    programme="Coaching and simulation",
                    unit="Platform",
                    action="split",
                    planned=day(2026, 7, 24),
                    due=day(2026, 7, 24),
                    dates=(day(2026, 7, 17), day(2026, 8, 7)),
                    weeks_late=0.8,
                    wish_kept=False,
                    reason="its unit is busy that week; the critical part comes first",
                ),
                line(
                    session="S18",
                    programme="Technical refresh",
                    unit="Platform",
                    action="self-paced",
                    planned=day(2026, 8, 7),
                    due=day(2026, 8, 7),
                    dates=(),
                    weeks_late=None,
                    wish_kept=None,
                    reason="no week is open soon enough",
                ),
            ),
            person_hour_weeks=351.0,
            late_money=484.0,
            beyond=2,
            rule="Least person-hour-weeks lost. House assumptions.",
        ),
        "touchpoints": (
            r.Touchpoint(
                due=day(2026, 3, 4), what="30 days: First ratings after the start", who="direct reports", state="done"
            ),
            r.Touchpoint(due=day(2026, 11, 2), what="Month 9: Decision by the criteria", who="sponsor", state="ahead"),
        ),
        "involvement_due": (
            r.InvolvementDue(
                kind="coaching",
                label="Coaching given",
                managers=26,
                of_managers=78,
                due=day(2026, 5, 3),
                state="overdue",
            ),
            r.InvolvementDue(
                kind="feedback_received",
                label="Feedback received",
                managers=0,
                of_managers=None,
                due=day(2026, 8, 3),
                state="ahead",
            ),
        ),
        "costs": (
            r.CostLine(
                programme="Coaching and simulation",
                month=None,
                actual=84_000.0,
                budget=80_000.0,
                over_share=0.05,
                participants=12,
                per_person=7_000.0,
            ),
            r.CostLine(
                programme="Coaching and simulation",
                month=day(2026, 2, 1),
                actual=60_000.0,
                budget=50_000.0,
                over_share=0.2,
                participants=8,
                per_person=7_500.0,
            ),
            r.CostLine(
                programme="Coaching and simulation",
                month=day(2026, 3, 1),
                actual=24_000.0,
                budget=30_000.0,
                over_share=-0.2,
                participants=4,
                per_person=6_000.0,
            ),
        ),
        "cost_per_person": (
            r.ScalePoint(people=6, per_person=11_000.0),
            r.ScalePoint(people=12, per_person=8_000.0),
            r.ScalePoint(people=24, per_person=6_500.0),
        ),
        "cost_programme": "Coaching and simulation",
    }


def empty_followup() -> r.Followup:
    """No ratings yet."""
    why = "no ratings were given"
    return r.Followup(
        reliability=r.Reliability(
            icc1=None,
            icck=None,
            k0=None,
            low=None,
            high=None,
            r_wgj=None,
            lindell=None,
            krippendorff_alpha=None,
            leaders=None,
            words="Not known.",
            why=why,
        ),
        points=(),
        growth={},
        effect=r.Effect(
            ancova=None,
            did=None,
            low=None,
            high=None,
            leaders=None,
            target=None,
            break_even=None,
            design="none",
            why=why,
        ),
        update=r.Update(prior=None, posterior=None, effective_draws=None, conflict_z=None, why=why),
        decision="insufficient data",
        decision_reasons=("No ratings were given.",),
        kpis=(),
        calendar=(),
        finding="There is nothing to follow up yet.",
        why=why,
    )
