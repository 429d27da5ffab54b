"""Week 2 of `results_builder`: literal values only."""

from __future__ import annotations

from typing import Any

from workbook import results as r

UNITS = ("Platform", "Product", "Sales", "Customer Success")


def _leak(name: str, label: str, track: Any, monthly: float, shares: tuple[float, ...], n: float, basis: str) -> r.Leak:
    return r.Leak(
        name=name,
        label=label,
        track=track,
        monthly=monthly,
        low=monthly * 0.55,
        high=monthly * 1.7,
        n=n,
        basis=basis,
        by_unit=tuple(r.UnitMoney(unit=u, monthly=monthly * s) for u, s in zip(UNITS, shares, strict=True)),
    )


def _return(track: Any, npv: float, cost: float, payback: float, p_positive: float, break_even: float) -> r.Return:
    spread = r.Spread
    benefit = npv + cost
    return r.Return(
        track=track,
        cost=spread(point=cost, p10=cost * 0.95, p50=cost, p90=cost * 1.06),
        benefit=spread(point=benefit, p10=benefit * 0.4, p50=benefit * 0.95, p90=benefit * 1.7),
        roi_percent=spread(
            point=100 * npv / cost,
            p10=100 * (0.4 * benefit - cost) / cost,
            p50=100 * (0.95 * benefit - cost) / cost,
            p90=100 * (1.7 * benefit - cost) / cost,
        ),
        bcr=spread(point=benefit / cost, p10=0.4 * benefit / cost, p50=0.95 * benefit / cost, p90=1.7 * benefit / cost),
        npv=spread(point=npv, p10=0.4 * benefit - cost, p50=0.95 * benefit - cost, p90=1.7 * benefit - cost),
        payback_month=spread(point=payback, p10=payback - 3, p50=payback + 1, p90=None, why="not within horizon"),
        p_npv_positive=p_positive,
        p_payback_9=0.18,
        p_payback_18=0.71,
        payback_curve=tuple(r.PayPoint(month=m, probability=min(0.84, max(0.0, (m - 5) / 22))) for m in range(1, 25)),
        cumulative=tuple(
            r.FlowMonth(
                month=m,
                point=-cost + benefit * max(0, m - 4) / 20,
                p10=-cost + 0.4 * benefit * max(0, m - 4) / 20,
                p50=-cost + 0.95 * benefit * max(0, m - 4) / 20,
                p90=-cost + 1.7 * benefit * max(0, m - 4) / 20,
            )
            for m in range(1, 25)
        ),
        break_even_d=break_even,
        d_point=0.31 if track == "leadership" else 0.64,
        utility=r.Utility(
            net_money=296_593.59,
            break_even_d_simple=0.0526,
            break_even_d_full=0.0893,
            people=20,
            cascade=(
                r.Cascade(step="Naive", money=706_800.0),
                r.Cascade(step="After attrition", money=612_000.0),
                r.Cascade(step="After decay", money=489_637.17),
                r.Cascade(step="Discounted", money=416_593.59),
                r.Cascade(step="After costs", money=296_593.59),
            ),
        ),
        conservative=r.Conservative(roi_percent=12.0, npv=24_000.0, survives=track == "leadership"),
        plan=(
            r.PlanLine(
                programme="coaching",
                label="Coaching and simulation",
                track=track,
                unit="Platform",
                seats=14,
                cost=cost * 0.6,
                expected_benefit=benefit * 0.65,
            ),
            r.PlanLine(
                programme="coaching",
                label="Coaching and simulation",
                track=track,
                unit="Product",
                seats=10,
                cost=cost * 0.4,
                expected_benefit=benefit * 0.35,
            ),
        ),
        challenges=("The return is above 200 %: challenge the inputs before you quote it.",) if npv > 2 * cost else (),
    )


def build_week2() -> r.Week2:
    """Leaks, cost of delay, both returns, information and assumptions."""
    delay = {
        track: tuple(
            r.DelayPoint(months=k, money=per * k, low=per * k * 0.3, high=per * k * 1.9, rolling_money=per * k * 0.1)
            for k in range(1, 13)
        )
        for track, per in (("leadership", 21_500.0), ("technical", 6_100.0))
    }
    return r.Week2(
        leaks={
            "regretted_exits": _leak(
                "regretted_exits",
                "Regretted exits",
                "leadership",
                38_400.0,
                (0.4, 0.3, 0.2, 0.1),
                31,
                "31 exits x replacement share of pay",
            ),
            "vacancies": _leak(
                "vacancies",
                "Leadership vacancies",
                "leadership",
                11_200.0,
                (0.5, 0.3, 0.1, 0.1),
                7,
                "7 vacancies x days to fill",
            ),
            "cross_team_delay": _leak(
                "cross_team_delay", "Cross-team delay", "both", 9_600.0, (0.6, 0.3, 0.05, 0.05), 12, "12 initiatives"
            ),
            "rework": _leak("rework", "Rework", "both", 3_900.0, (0.7, 0.2, 0.05, 0.05), 48, "48 unit-months"),
            "slow_decisions": r.Leak(
                name="slow_decisions",
                label="Slow decisions",
                track="leadership",
                monthly=None,
                low=None,
                high=None,
                why="no decision days were given",
            ),
        },
        cost_of_delay=r.CostOfDelay(
            per_month=21_500.0,
            low=6_400.0,
            high=40_900.0,
            track="leadership",
            by_month=delay,
            tail_share={"leadership": 0.31, "technical": 0.22},
            longer_horizon_per_month={"leadership": 23_000.0, "technical": 6_500.0},
            last_worthwhile_month={"leadership": 14, "technical": 9},
            status_quo_per_month=63_100.0,
            status_quo_low=42_000.0,
            status_quo_high=97_000.0,
        ),
        returns={
            "leadership": _return("leadership", 348_000.0, 205_000.0, 11, 0.84, 0.11),
            "technical": _return("technical", 74_000.0, 180_000.0, 17, 0.58, 0.42),
        },
        p_leadership_beats_technical=0.81,
        information=r.Information(
            evpi=31_000.0,
            evppi={
                "leadership_d": r.InputInformation(
                    name="leadership_d", label="Effect of leadership training (d)", evppi=22_500.0, noise=300.0
                ),
                "replacement_share": r.InputInformation(
                    name="replacement_share", label="Replacement cost as share of pay", evppi=4_100.0, noise=250.0
                ),
                "reach": r.InputInformation(name="reach", label="Reach of the programme", evppi=120.0, noise=240.0),
            },
            tornado=(
                r.TornadoBar(
                    name="leadership_d",
                    label="Effect of leadership training (d)",
                    low_value=-0.09,
                    high_value=0.72,
                    npv_low=-190_000.0,
                    npv_high=905_000.0,
                ),
                r.TornadoBar(
                    name="replacement_share",
                    label="Replacement cost as share of pay",
                    low_value=0.2,
                    high_value=1.2,
                    npv_low=120_000.0,
                    npv_high=560_000.0,
                ),
                r.TornadoBar(
                    name="reach",
                    label="Reach of the programme",
                    low_value=0.5,
                    high_value=0.9,
                    npv_low=260_000.0,
                    npv_high=420_000.0,
                ),
            ),
            defaulted_tables_evppi=2_000.0,
        ),
        assumptions=(
            r.AssumptionUse(
                name="leadership_d",
                label="Effect of leadership training (d)",
                unit="SD",
                value=0.31,
                low=-0.09,
                high=0.72,
                distribution="triangular",
                evidence="published",
                source="Morrow, Jarrett & Rupinski (1997)",
            ),
            r.AssumptionUse(
                name="replacement_share",
                label="Replacement cost as share of pay",
                unit="share of yearly pay",
                value=0.33,
                low=0.2,
                high=1.2,
                distribution="triangular",
                evidence="published",
                source="Client finance team",
                changed_by="client",
            ),
            r.AssumptionUse(
                name="reach",
                label="Reach of the programme",
                unit="share",
                value=0.7,
                low=0.5,
                high=0.9,
                distribution="triangular",
                evidence="judgement",
                source="house assumption",
                defaulted_for="participants",
            ),
        ),
        scenario_budget_money=250_000.0,
        scenario_cohort_size=24,
    )


def empty_week2() -> r.Week2:
    """A week 2 in which no leak could be measured."""
    why = "no leak could be measured"
    none = r.Spread(point=None, p10=None, p50=None, p90=None, why=why)
    returns = {
        track: r.Return(
            track=track,
            cost=none,
            benefit=none,
            roi_percent=none,
            bcr=none,
            npv=none,
            payback_month=none,
            p_npv_positive=None,
            p_payback_9=None,
            p_payback_18=None,
            payback_curve=(),
            cumulative=(),
            break_even_d=None,
            d_point=0.31,
            utility=r.Utility(
                net_money=None, break_even_d_simple=None, break_even_d_full=None, people=0, why="no pay was given"
            ),
            conservative=r.Conservative(roi_percent=None, npv=None, survives=False),
            plan=(),
            why=why,
        )
        for track in ("leadership", "technical")
    }
    blank: dict[Any, Any] = {"leadership": None, "technical": None}
    return r.Week2(
        leaks={
            "vacancies": r.Leak(
                name="vacancies",
                label="Leadership vacancies",
                track="leadership",
                monthly=None,
                low=None,
                high=None,
                why="no roles table was given",
            )
        },
        cost_of_delay=r.CostOfDelay(
            per_month=None,
            low=None,
            high=None,
            track=None,
            by_month={"leadership": (), "technical": ()},
            tail_share=blank,
            longer_horizon_per_month=blank,
            last_worthwhile_month=blank,
            status_quo_per_month=None,
            status_quo_low=None,
            status_quo_high=None,
            why=why,
        ),
        returns=returns,
        p_leadership_beats_technical=None,
        information=r.Information(evpi=None, evppi={}, tornado=()),
        assumptions=(),
        scenario_budget_money=250_000.0,
        scenario_cohort_size=24,
    )
