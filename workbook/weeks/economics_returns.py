"""What a plan returns: spread over the draws, payback, utility cross-check and the conservative view."""

from __future__ import annotations

from typing import Any, Final, Literal

import numpy as np
import numpy.typing as npt

from workbook.model import irr, returns, utility
from workbook.results import Cascade, Conservative, FlowMonth, PayPoint, PlanLine, Return, Spread, Utility
from workbook.settings import Switches
from workbook.weeks import economics_flow as flow
from workbook.weeks.decision import DecisionProblem
from workbook.weeks.economics_information import break_even_d
from workbook.weeks.economics_leaks import COMPONENTS, NAMES

Floats = npt.NDArray[np.float64]
Track = Literal["leadership", "technical"]
PAYBACK_EARLY, PAYBACK_LATE = 9, 18
CHALLENGE_ROI_PERCENT: Final = 200.0
CHALLENGE_PAYBACK_MONTHS: Final = 6


def plan_return(problem: DecisionProblem, track: Track, switches: Switches, *, quick: bool) -> Return:
    """Return of a track's own plan: the whole budget and the whole cohort on that track alone."""
    plan = problem.reference[track]
    rate = problem.terms.yearly_rate
    benefits, costs = problem.monthly(plan, point=False)
    point_benefits, point_costs = problem.monthly(plan, point=True)
    worth = returns.present_value(benefits, yearly_rate=rate)
    bill = returns.present_value(costs, yearly_rate=rate)
    point_worth = float(returns.present_value(point_benefits, yearly_rate=rate)[0])
    point_bill = float(returns.present_value(point_costs, yearly_rate=rate)[0])
    net, point_net = benefits - costs, point_benefits - point_costs
    spent = point_bill > 0
    back = returns.payback_month(net) if spent else np.zeros(len(net))
    why = None if spent else why_nothing(problem, track)
    return Return(
        track=track,
        cost=spread(bill, point_bill),
        benefit=spread(worth, point_worth),
        roi_percent=_ratio(returns.roi_percent, worth, bill, point_worth, point_bill),
        bcr=_ratio(returns.bcr, worth, bill, point_worth, point_bill),
        npv=spread(worth - bill, point_worth - point_bill),
        payback_month=_payback(back, point_net) if spent else _absent("nothing is bought"),
        p_npv_positive=float(np.mean(worth > bill)) if spent else None,
        p_payback_9=float(np.mean(back <= PAYBACK_EARLY)) if spent else None,
        p_payback_18=float(np.mean(back <= PAYBACK_LATE)) if spent else None,
        payback_curve=tuple(
            PayPoint(month=month, probability=float(np.mean(back <= month)))
            for month in range(1, problem.terms.horizon_months + 1)
        )
        if spent
        else (),
        cumulative=tuple(running(net, point_net)),
        break_even_d=None if quick else break_even_d(problem, track),
        d_point=problem.point[flow.D_NAME[track]],
        utility=cross_check(problem, plan, track, switches, point_bill),
        conservative=conservative(problem, plan),
        plan=tuple(plan_lines(problem, plan)),
        challenges=tuple(challenges(point_worth, point_bill, point_net)) if spent else (),
        why=why,
        **({} if quick or not spent else internal_rate(net, point_net)),
    )


def internal_rate(net: Floats, point_net: Floats) -> dict[str, Any]:
    """Internal rate of return in percent a year: at point values, of the expected flow, and over the draws.

    Percentiles leave out draws with several rates; a draw that never earns its money back counts as the lowest.
    """
    drawn, single = irr.irr_of_flows(net), irr.irr_of_flows(np.stack([point_net[0], net.mean(axis=0)]))
    at_point, expected = (_percent(rate) for rate in irr.finite_rates(single))
    p10, p50, p90 = (_percent(rate) for rate in irr.percentiles(drawn, (0.1, 0.5, 0.9)))
    why = None if at_point is not None else _why_no_rate(single, 0)
    notes = [f"At point values {why}."] if why else []
    notes += [f"For the expected flow {_why_no_rate(single, 1)}."] if expected is None else []
    return {
        "irr_percent": Spread(point=at_point, p10=p10, p50=p50, p90=p90, why=why),
        "irr_expected_percent": expected,
        "irr_none_share": float(np.mean(drawn.none)),
        "irr_multiple_share": float(np.mean(drawn.multiple)),
        "irr_note": " ".join(notes) or None,
    }


def _percent(rate: float | None) -> float | None:
    return None if rate is None else 100 * rate


def _why_no_rate(rates: irr.Rates, row: int) -> str:
    if rates.multiple[row]:
        return "multiple internal rates fit the flow, none of which is the answer: read the net present value"
    if rates.none[row]:
        return "there is none: no rate between -99% and 1,000% a year makes the flow worth nothing"
    return "the rate is beyond 1,000% a year"


def why_nothing(problem: DecisionProblem, track: Track) -> str:
    """Why a track's plan is empty."""
    if problem.terms.budget_money <= 0:
        return "there is no budget"
    if not any(offer.track == track for offer in problem.offers):
        return f"the catalogue holds no {track} programme"
    return "budget and cohort are too small for one whole group of any programme"


def spread(values: Floats, point: float) -> Spread:
    """Point value and percentiles."""
    p10, p50, p90 = (float(value) for value in np.percentile(values, [10, 50, 90]))
    return Spread(point=point, p10=p10, p50=p50, p90=p90)


def _absent(why: str) -> Spread:
    return Spread(point=None, p10=None, p50=None, p90=None, why=why)


def _ratio(formula, worth: Floats, bill: Floats, point_worth: float, point_bill: float) -> Spread:  # type: ignore[no-untyped-def]
    if point_bill <= 0:
        return _absent("nothing is bought")
    return spread(formula(benefits=worth, costs=bill), float(formula(benefits=point_worth, costs=point_bill)))


def _payback(back: Floats, point_net: Floats) -> Spread:
    """Percentiles of months that may be infinite: the value of an actual draw, None where it is beyond the horizon."""
    ordered = np.sort(back)
    picked = [float(ordered[min(int(share * len(ordered)), len(ordered) - 1)]) for share in (0.1, 0.5, 0.9)]
    point = float(returns.payback_month(point_net)[0])
    p10, p50, p90 = (month if np.isfinite(month) else None for month in picked)
    within = bool(np.isfinite(point))
    return Spread(
        point=point if within else None, p10=p10, p50=p50, p90=p90, why=None if within else "not within the horizon"
    )


def running(net: Floats, point_net: Floats) -> list[FlowMonth]:
    """Cumulative net money by month."""
    p10, p50, p90 = np.percentile(np.cumsum(net, axis=1), [10, 50, 90], axis=0)
    point = np.cumsum(point_net[0])
    return [
        FlowMonth(
            month=month, point=float(point[month]), p10=float(p10[month]), p50=float(p50[month]), p90=float(p90[month])
        )
        for month in range(len(point))
    ]


def first_year(monthly: Floats) -> Floats:
    """The first twelve months of a flow, nothing afterwards."""
    return np.where(np.arange(monthly.shape[-1]) <= 12, monthly, 0.0)


def conservative(problem: DecisionProblem, plan: int) -> Conservative:
    """First twelve months, point values, effects times attribution times confidence, no draws."""
    point = dict(problem.point)
    own = [offer for offer, bought in zip(problem.offers, problem.seats, strict=True) if bought[plan].any()]
    benefits, costs = problem.monthly(plan, point=True)
    bill = float(returns.present_value(costs, yearly_rate=problem.terms.yearly_rate)[0])
    if bill <= 0:
        return Conservative(roi_percent=None, npv=0.0, survives=False)
    judged = any(offer.programme.evidence == "judgement" for offer in own)
    haircut = point["confidence_share"] * (point["attribution_share"] if judged else 1.0)
    worth = haircut * float(returns.present_value(first_year(benefits), yearly_rate=problem.terms.yearly_rate)[0])
    return Conservative(
        roi_percent=float(returns.roi_percent(benefits=worth, costs=bill)), npv=worth - bill, survives=worth >= bill
    )


def cross_check(problem: DecisionProblem, plan: int, track: Track, switches: Switches, bill: float) -> Utility:
    """Brogden-Cronbach-Gleser utility of the same people at the same cost; never added to anything."""
    seats = [
        (offer, int(bought[plan].sum()))
        for offer, bought in zip(problem.offers, problem.seats, strict=True)
        if bought[plan].any()
    ]
    people = sum(n for _, n in seats)
    if people == 0:
        return Utility(
            net_money=None, break_even_d_simple=None, break_even_d_full=None, people=0, why="nobody is trained"
        )
    point = problem.point
    years = max(round(problem.terms.horizon_months / 12), 1)
    pay = sum(n * problem.company.pay[flow.pay_level(offer.programme)] for offer, n in seats) / people
    keep = sum(n * offer.keep_share for offer, n in seats) / people
    survival = float(np.exp(-point["voluntary_exit_rate"]))
    service = {
        "years": years,
        "survival_share": survival,
        "decay_share": keep**12,
        "variable_cost_share": point["variable_cost_share"],
        "tax_share": 0.0 if switches.tax == "none" else switches.tax,
        "yearly_rate": problem.terms.yearly_rate,
    }
    factor = utility.service_factor(**service)  # type: ignore[arg-type]
    sd_y = point["sd_y_pay_share"] * pay
    d = point[flow.D_NAME[track]]
    tax = float(service["tax_share"])
    return Utility(
        net_money=float(
            utility.utility_money(
                people=people, d=d, sd_y_money=sd_y, service_years=factor, cost_money=bill, tax_share=tax
            )
        ),
        break_even_d_simple=utility.break_even_d_simple(cost_money=bill, people=people, years=years, sd_y_money=sd_y),
        break_even_d_full=utility.break_even_d_full(
            cost_money=bill, people=people, sd_y_money=sd_y, service_years=factor, tax_share=tax
        ),
        people=people,
        cascade=tuple(
            Cascade(step=step.step, money=step.money)
            for step in utility.cascade(people=people, d=d, sd_y_money=sd_y, attribution_share=1.0, **service)  # type: ignore[arg-type]
        ),
    )


def plan_lines(problem: DecisionProblem, plan: int) -> list[PlanLine]:
    """Seats, cost and expected benefit by programme and unit; both sum to the plan's own.

    A programme's cost is shared by seats; the plan's expected benefit by what each line would bring in alone.
    """
    weights = flow.cost_features(problem.point, 1)[0]
    alone = _alone(problem, plan)
    total = float(problem.features.mean(axis=0) @ problem.counted_coefficients[:, plan])
    scale = total / sum(value for row in alone for value in row) if any(any(row) for row in alone) else 0.0
    made = []
    for offer, bought, brings in zip(problem.offers, problem.seats, alone, strict=True):
        seats = bought[plan]
        n = int(seats.sum())
        if n == 0:
            continue
        cost = float(weights @ flow.cost_parts([offer], [bought[plan : plan + 1]])[:, 0])
        made += [
            PlanLine(
                programme=offer.key,
                label=offer.programme.name,
                track=offer.track,
                unit=offer.blocks[block],
                seats=int(seats[block]),
                cost=cost * int(seats[block]) / n,
                expected_benefit=scale * brings[block],
                start_month=problem.terms.start_month + offer.start_month,
            )
            for block in np.flatnonzero(seats).tolist()
        ]
    return made


def _alone(problem: DecisionProblem, plan: int) -> list[list[float]]:
    """Expected benefit of each offer's blocks, each as if nothing else were bought."""
    shares = np.stack([problem.company.shares[name] for name in NAMES])
    made = []
    for index, (offer, bought) in enumerate(zip(problem.offers, problem.seats, strict=True)):
        seats = bought[plan]
        if not seats.any():
            made.append([0.0] * len(seats))
            continue
        effect = flow.reductions(problem.values, offer)
        worth = np.array(
            [
                float(np.mean(problem.parts[k] * effect[COMPONENTS[name].leak]))
                if problem.counted[k] and COMPONENTS[name].leak in effect
                else 0.0
                for k, name in enumerate(NAMES)
            ]
        )
        service = _service(problem, index)
        by_unit = worth @ shares * service
        made.append([float(np.minimum(seats[b] * offer.cover[b], 1.0) @ by_unit) for b in range(len(seats))])
    return made


def _service(problem: DecisionProblem, index: int) -> float:
    offer = problem.offers[index]
    months = problem.terms.horizon_months
    path = flow.started(offer, start_month=problem.terms.start_month, months=months)
    return float(returns.present_value(path, yearly_rate=problem.terms.yearly_rate))


def challenges(worth: float, bill: float, net: Floats) -> list[str]:
    """Figures good enough to be doubted (this project's thresholds)."""
    made = []
    if returns.roi_percent(benefits=worth, costs=bill) > CHALLENGE_ROI_PERCENT:
        made.append("An ROI above 200% asks for a challenge: which leak carries it, and who measured that?")
    if float(returns.payback_month(net)[0]) < CHALLENGE_PAYBACK_MONTHS:
        made.append("A payback under six months asks for a challenge: programmes take longer than that to show.")
    return made
