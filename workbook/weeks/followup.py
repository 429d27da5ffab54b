"""Follow-up: 30-60-90 days and beyond. Is it working, for whom, does it last, and what next?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np

from workbook.catalogue.programmes import Programme, merge
from workbook.evidence import Evidence
from workbook.model import returns
from workbook.results import Effect, Followup, Growth, Update, Week1
from workbook.scenario import Scenario
from workbook.weeks import followup_calendar as planning
from workbook.weeks import followup_costs as spending
from workbook.weeks import followup_effect as effects
from workbook.weeks import followup_growth as growing
from workbook.weeks import followup_kpis as figures
from workbook.weeks import followup_metrics as work
from workbook.weeks import followup_readings as reading
from workbook.weeks import followup_update as updating
from workbook.weeks.decision import DecisionProblem, decision_problem
from workbook.weeks.economics_flow import D_NAME
from workbook.weeks.economics_information import break_even_d
from workbook.weeks.followup_raters import NO_RATINGS, reliability
from workbook.weeks.verdict import answer_of
from workbook.weeks.week4_units import Side

SIDES: Final[tuple[Side, ...]] = ("leadership", "technical")
NO_PLAN = "the track's plan buys nothing, so there is no return to update"


def followup(evidence: Evidence, scenario: Scenario, week1: Week1) -> Followup:
    """Ratings, growth, effect, update, decision, key figures and calendar.

    The pilot's track is that of the programmes its participants took; ratings score leaders, so leadership when no
    participant is recorded.
    """
    problem = decision_problem(evidence, scenario, week1)
    programmes = merge(evidence.programme_changes)
    side = pilot_side(evidence, programmes)
    growth = growing.growth(evidence, refreshers(evidence, programmes))
    effect = effects.effect(
        evidence,
        target_d=problem.point[D_NAME[side]],
        break_even_d=break_even_d(problem, side),
        negligible_d=problem.point["negligible_effect_sd"],
    )
    target_days = problem.point["decision_target_days"]
    measured = work.metric_effects(evidence, decision_target_days=target_days)
    update = updated(evidence, problem, side, effect, measured)
    used = {name for route in update.routes if route.headline for name in route.measures}
    ruled, reasons = updating.decision(effect)
    sides = programme_sides(programmes)
    money = {each: planning.hour_week_money(problem, each) for each in SIDES}
    tried = reading.tried_offer(evidence, problem, side)
    return Followup(
        reliability=reliability(evidence.rating_summary),
        points=growing.points(evidence),
        growth=growth,
        effect=effect,
        update=update,
        decision=ruled or "insufficient data",
        decision_reasons=reasons,
        kpis=figures.kpis(
            evidence,
            effect=effect,
            growth=growth,
            roi_percent=None if update.posterior is None else update.posterior.roi_percent_p50,
            roi_why=update.why or NO_PLAN,
        ),
        calendar=figures.calendar(evidence),
        finding=finding(evidence, effect, growth),
        postponements=planning.postponements(evidence, sides, money),
        replan=planning.replanned(evidence, sides, money),
        touchpoints=planning.touchpoints(evidence),
        involvement_due=planning.involvement_due(evidence),
        costs=spending.costs(evidence),
        cost_per_person=spending.cost_per_person(tried),
        cost_programme=None if tried is None else tried.programme.name,
        why=None if evidence.ratings else NO_RATINGS,
        decision_odds=effects.rule_odds(effect),
        hindsight=growing.hindsight(evidence),
        cohort_growth=growing.cohort_growth(evidence.rating_summary),
        reliable_change=growing.reliable_change(evidence.rating_summary),
        metrics=tuple(one.shown.model_copy(update={"used": one.shown.metric in used}) for one in measured),
    )


def programme_sides(programmes: tuple[Programme, ...]) -> dict[str, Side]:
    """Track of every programme, by its key and by its name."""
    return {name: entry.track for entry in programmes for name in (entry.programme, entry.name)}


def pilot_side(evidence: Evidence, programmes: tuple[Programme, ...]) -> Side:
    """Track of the programme most pilot participants took, by key or name in the catalogue; else leadership."""
    tracks = programme_sides(programmes)
    taken = sorted(
        (row for row in evidence.participants if row.arm == "pilot" and row.programme in tracks),
        key=lambda row: (-row.started, row.programme),
    )
    return tracks[taken[0].programme] if taken else "leadership"


def refreshers(evidence: Evidence, programmes: tuple[Programme, ...]) -> dict[str, str]:
    """Each rated competency's microlearning in the catalogue, where there is one; case, spaces and dashes aside."""
    shipped = {
        plain(competency): entry.name
        for entry in reversed(programmes)
        if entry.delivery == "microlearning"
        for competency in entry.competencies
    }
    rated = {cell.competency for cell in evidence.ratings}
    return {competency: shipped[plain(competency)] for competency in rated if plain(competency) in shipped}


def plain(text: str) -> str:
    """Lower case with single underscores."""
    return "_".join(text.lower().replace("-", " ").replace("_", " ").split())


def updated(
    evidence: Evidence, problem: DecisionProblem, side: Side, effect: Effect, measured: Sequence[work.Measured]
) -> Update:
    """Prior and posterior of the track's d, of the return of its reference plan, and of the best plan of all.

    The headline reads ratings as the effect, together with the work metrics that were measured and may be believed;
    each reading alone, and the sceptical one by way of work metrics, stand beside it.
    """
    name, plan = D_NAME[side], problem.reference[side]
    if name not in problem.draws:
        why = f"{name} is fixed, so no result can move it"
        return Update(prior=None, posterior=None, effective_draws=None, conflict_z=None, why=why)
    rate = problem.terms.yearly_rate
    benefits, costs = problem.monthly(plan, point=False)
    worth, bill = (returns.present_value(flow, yearly_rate=rate) for flow in (benefits, costs))
    spent = problem.plans[plan].cost > 0
    prior = updating.Prior(
        d=problem.draws[name],
        npv_money=np.asarray(worth - bill),
        roi_percent=np.asarray(returns.roi_percent(benefits=worth, costs=bill)) if spent else None,
        payback_month=np.asarray(returns.payback_month(benefits - costs)) if spent else None,
    )
    undecidable = answer_of(problem) == "insufficient data"
    return updating.update(
        prior,
        readings(evidence, problem, side, effect, measured),
        why=effect.why,
        site_spread=problem.point["site_spread_sd"],
        plan=lambda weights: reading.plan_now(problem, weights, undecidable=undecidable),
    )


def readings(
    evidence: Evidence, problem: DecisionProblem, side: Side, effect: Effect, measured: Sequence[work.Measured]
) -> tuple[updating.Reading, ...]:
    """Every way to read the result, the headline first."""
    site_sd = problem.point["site_spread_sd"]
    metrics = reading.metric_reading(problem, evidence, side, measured, site_sd=site_sd)
    if effect.ancova is None or not effect.standard_error:
        return () if metrics is None else (metrics,)
    seen = {"standard_error": effect.standard_error, "site_sd": site_sd}
    rated = updating.rating_reading(problem.draws[D_NAME[side]], estimate=effect.ancova, **seen)
    target_days = problem.point["decision_target_days"]
    sceptical = reading.by_way_of_metrics(
        problem,
        evidence,
        side,
        d=effect.ancova,
        spread=work.spread_between_units(evidence, decision_target_days=target_days),
        register=problem.register,
        **seen,
    )
    others = () if metrics is None else (updating.together(rated, metrics), metrics)
    ordered = (others[0], rated, others[1]) if others else (rated,)
    return ordered if sceptical is None else (*ordered, sceptical)


def finding(evidence: Evidence, effect: Effect, growth: Mapping[str, Growth]) -> str:
    """The page's title."""
    if not evidence.ratings:
        return "There is nothing to follow up yet: no ratings were given."
    if effect.ancova is None:
        return f"Whether the pilot worked cannot be said: {effect.why}."
    sure = {"works": "more", "harms": "less"}.get(effect.answer)
    days = evidence.rating_summary.last_wave_days if evidence.rating_summary else None
    when = f" by day {days}" if days else ""
    size = f"{abs(effect.ancova):.2f} SD"
    if effect.answer == "no effect":
        text = f"Leaders in the pilot and in the comparison moved alike{when} ({effect.ancova:+.2f} SD)"
    elif sure is None:
        text = f"Leaders in the pilot and in the comparison cannot be told apart{when} ({effect.ancova:+.2f} SD)"
    else:
        text = f"Leaders in the pilot gained {size} {sure} than the comparison{when}"
    fading = [one.competency.replace("_", " ") for one in figures.by_competency(growth) if one.pattern == "decaying"]
    return f"{text}; fading: {', '.join(fading)}." if fading else f"{text}."
