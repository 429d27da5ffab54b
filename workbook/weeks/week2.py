"""Week 2: what the status quo costs, what waiting costs, what each track returns, and what it is worth to know more."""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

from workbook.evidence import COMPANY, Evidence
from workbook.model import delay
from workbook.results import AssumptionUse, CostOfDelay, DelayPoint, Information, Leak, UnitMoney, Week1, Week2
from workbook.scenario import Scenario
from workbook.weeks.decision import DecisionProblem, decision_problem
from workbook.weeks.economics_company import initiative_count
from workbook.weeks.economics_information import information
from workbook.weeks.economics_leaks import COMPONENTS, LEAKS, NAMES, exits, vacancies
from workbook.weeks.economics_returns import Track, plan_return, why_nothing
from workbook.weeks.verdict import answer_of
from workbook.words import Words, listing

Floats = npt.NDArray[np.float64]
MONTHS_OF_DELAY: Final = 12
TRACKS: Final[tuple[Track, Track]] = ("leadership", "technical")


def week2(evidence: Evidence, scenario: Scenario, week1: Week1, *, quick: bool = False) -> Week2:
    """What waiting costs and what acting returns. `quick`, for sliders: 4,096 draws, no tornado or EVPPI."""
    problem = decision_problem(evidence, scenario, week1, quick=quick)
    switches, words = evidence.settings.switches, Words.for_settings(evidence.settings)
    return Week2(
        leaks=leaks(problem, evidence),
        cost_of_delay=cost_of_delay(problem),
        returns={track: plan_return(problem, track, switches, quick=quick) for track in TRACKS},
        p_leadership_beats_technical=leadership_beats_technical(problem),
        information=Information(evpi=None, evppi={}, tornado=()) if quick else information(problem, words),
        assumptions=assumptions_used(problem),
        scenario_budget_money=problem.terms.budget_money,
        scenario_cohort_size=problem.terms.cohort_size,
    )


def leaks(problem: DecisionProblem, evidence: Evidence) -> dict[str, Leak]:
    """Each leak at point values with P5 and P95 over the draws; None where a table it needs is missing."""
    made = {}
    for leak, kind in LEAKS.items():
        parts = [k for k, name in enumerate(NAMES) if COMPONENTS[name].leak == leak]
        known = [k for k in parts if problem.counted[k]]
        lacking = tuple(dict.fromkeys(table for k in parts for table in problem.missing[NAMES[k]]))
        if not known:
            made[leak] = Leak(
                name=leak, label=kind.label, track=kind.track, monthly=None, low=None, high=None, basis=kind.basis,
                why=f"needs {listing(lacking)}",
            )  # fmt: skip
            continue
        point = float(problem.point_parts[known, 0].sum())
        low, high = (float(value) for value in np.percentile(problem.parts[known].sum(axis=0), [5, 95]))
        by_unit = sum(problem.point_parts[k, 0] * problem.company.shares[NAMES[k]] for k in known)
        made[leak] = Leak(
            name=leak,
            label=kind.label,
            track=kind.track,
            monthly=point,
            low=min(low, point),
            high=max(high, point),
            by_unit=tuple(
                UnitMoney(unit=unit, monthly=float(money))
                for unit, money in zip(problem.company.units, np.asarray(by_unit), strict=True)
            ),
            n=_cases(leak, evidence),
            basis=kind.basis,
            alternatives=_alternatives(leak, problem, evidence),
            why=f"in part: the rest needs {listing(lacking)}" if lacking else None,
        )
    return made


def _cases(leak: str, evidence: Evidence) -> float | None:
    """How many cases a leak rests on."""
    if leak == "leadership_vacancies" and evidence.role_flow:
        return evidence.role_flow.leadership_vacancies_opened
    if leak == "regretted_exits":
        rows = [row for row in evidence.exposure if row.group == "all" and row.unit == COMPANY]
        return max(rows, key=lambda row: row.window_end).voluntary_exits if rows else None
    if leak in ("cross_team_delay", "technical_skill_gap"):
        return initiative_count(evidence) or None
    return len({row.month for row in evidence.delivery}) or None


def _alternatives(leak: str, problem: DecisionProblem, evidence: Evidence) -> dict[str, float]:
    """Other ways to price the same leak; never added to it."""
    company, point = problem.company, problem.point
    if leak == "leadership_vacancies":
        by_pay = point["role_value_pay_multiple"] * company.role_pay_money_per_month
        made = {"salary_based": float(vacancies(point, company, by_pay))}
        if evidence.settings.revenue:
            by_revenue = evidence.settings.revenue / company.people / 12
            made["revenue_based"] = float(vacancies(point, company, by_revenue))
        return made
    if leak == "regretted_exits":
        return {
            "individuals_only": float(exits(point, company, leaders_too=False)),
            "with_leaders_exits": float(exits(point, company, leaders_too=True)),
        }
    return {}


def cost_of_delay(problem: DecisionProblem) -> CostOfDelay:
    """Cost of each month's delay of both tracks' own plans, and of the track the verdict would fund."""
    track = funded_track(problem)
    by_month = {each: delay_points(problem, each) for each in TRACKS}
    first = by_month[track][1] if track and len(by_month[track]) > 1 else None
    rate = problem.terms.yearly_rate
    nets = {each: _net(problem, each) for each in TRACKS}
    longer = {each: _net(problem, each, months=problem.terms.horizon_months + 12) for each in TRACKS}
    counted = problem.parts[problem.counted].sum(axis=0)
    total = float(problem.point_parts[problem.counted, 0].sum())
    low, high = (float(value) for value in np.percentile(counted, [5, 95]))
    any_known = bool(problem.counted.any())
    return CostOfDelay(
        per_month=first.money if first else None,
        low=first.low if first else None,
        high=first.high if first else None,
        track=track,
        by_month=by_month,
        tail_share={each: _tail_share(nets[each], rate) for each in TRACKS},
        longer_horizon_per_month={
            each: float(delay.cost_of_delay_money(longer[each], months=1, yearly_rate=rate))
            if nets[each].any()
            else None
            for each in TRACKS
        },
        last_worthwhile_month={
            each: delay.last_worthwhile_month(nets[each], yearly_rate=rate) if nets[each].any() else None
            for each in TRACKS
        },
        status_quo_per_month=total if any_known else None,
        status_quo_low=min(low, total) if any_known else None,
        status_quo_high=max(high, total) if any_known else None,
        why=None if first else why_no_delay(problem),
    )


def funded_track(problem: DecisionProblem) -> Track | None:
    """The track the verdict would fund: of a split, the larger one; none for `neither` and `insufficient data`."""
    if answer_of(problem) == "insufficient data":
        return None
    share = problem.plans[problem.chosen].leadership_share
    if share is None:
        return None
    return "leadership" if share >= 0.5 else "technical"


def why_no_delay(problem: DecisionProblem) -> str:
    """Why no cost of delay is given for a decision."""
    track = funded_track(problem)
    if track is not None:
        return why_nothing(problem, track)
    if answer_of(problem) == "insufficient data":
        return "insufficient data: no track would be funded yet"
    return "no plan is worth funding, so waiting costs nothing"


def _net(problem: DecisionProblem, track: Track, months: int | None = None) -> Floats:
    benefits, costs = problem.monthly(problem.reference[track], point=True, months=months)
    return np.asarray((benefits - costs)[0])


def delay_points(problem: DecisionProblem, track: Track) -> tuple[DelayPoint, ...]:
    """Cost of starting the track's own plan 0..12 months later: point value with P5 and P95 over the draws."""
    rate = problem.terms.yearly_rate
    benefits, costs = problem.monthly(problem.reference[track], point=False)
    point = _net(problem, track)
    windows = delay.npv_by_window(benefits - costs, yearly_rate=rate)
    later = np.arange(min(MONTHS_OF_DELAY, problem.terms.horizon_months) + 1)
    drawn = windows[:, -1:] - (1 + rate) ** (-later / 12) * windows[:, windows.shape[1] - 1 - later]
    lows, highs = np.percentile(drawn, [5, 95], axis=0)
    made = []
    for months in later.tolist():
        money = float(delay.cost_of_delay_money(point, months=months, yearly_rate=rate))
        made.append(
            DelayPoint(
                months=months,
                money=money,
                low=min(float(lows[months]), money),
                high=max(float(highs[months]), money),
                rolling_money=float(delay.deferral_money(point, months=months, yearly_rate=rate)),
            )
        )
    return tuple(made)


def _tail_share(net: Floats, rate: float) -> float | None:
    cost = float(delay.cost_of_delay_money(net, months=1, yearly_rate=rate))
    return float(delay.tail_share(net, months=1, yearly_rate=rate)) if cost > 0 else None


def leadership_beats_technical(problem: DecisionProblem) -> float | None:
    """How often the same budget returns more on leadership than on technical training; equal draws count half."""
    if problem.terms.budget_money <= 0:
        return None
    both = problem.utilities_of([problem.reference["leadership"], problem.reference["technical"]])
    return float(np.mean(both[:, 0] > both[:, 1]) + 0.5 * np.mean(both[:, 0] == both[:, 1]))


def assumptions_used(problem: DecisionProblem) -> tuple[AssumptionUse, ...]:
    """Every assumption as it was used; `defaulted_for` names the table whose absence it stands in for."""
    return tuple(
        AssumptionUse(
            name=entry.name,
            label=entry.label,
            unit=entry.unit,
            value=entry.value,
            low=entry.low,
            high=entry.high,
            distribution=entry.distribution,
            evidence="house assumption" if entry.evidence == "judgement" else entry.evidence,
            source=entry.source,
            changed_by=entry.changed_by,
            defaulted_for=entry.defaulted_for if entry.is_default else None,
            coverage=entry.covered_share,
        )
        for entry in problem.register.values()
    )
