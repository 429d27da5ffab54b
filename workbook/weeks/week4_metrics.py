"""The success metrics of a pilot: which there are, what is wanted of each, and what each could show."""

from __future__ import annotations

from workbook.evidence import COMPANY, Evidence
from workbook.model import detectable
from workbook.results import DetectableEffect, MdePoint
from workbook.weeks import week4_wedge as wedge
from workbook.weeks.week4_design import Chosen
from workbook.weeks.week4_detect import (
    ALPHA,
    CURVE,
    PILOT_YEARS,
    POWER,
    UNIT_SERIES,
    WINDOW_MONTHS,
    Frame,
    Precision,
    company_exposure,
    detectable_effect,
    mean,
    nps,
    person_score,
    rate,
    survey_score,
    unit_series,
)
from workbook.weeks.week4_units import Trained

RATES = {"high_performer_churn": ("high_performers", "Voluntary turnover of high performers")}
PROMOTER_SCORES = {"manager_nps": "Manager NPS", "enps": "Employee NPS"}
SURVEY_SCORES = {
    "manager_effectiveness": "Manager effectiveness score",
    "cross_team": "Cross-team score",
    "promotion_readiness": "Promotion readiness score",
}


def main_metric(trained: Trained) -> tuple[str, str]:
    """The score on those trained, on which the outcome rule is read: its name and label."""
    if trained.side == "technical":
        return "capability", "Capability score of those trained"
    if trained.lead_teams:
        return "leader_rating", "Direct reports' rating of their leader"
    return "leader_rating", "Rating of emerging leaders by those they work with"


def frame(
    evidence: Evidence, chosen: Chosen, trained: Trained, *, target_d: float | None, break_even_d: float | None
) -> Frame:
    """The shared setting: the programme's d is the target of the person-level score, client.yml names the others."""
    metric = main_metric(trained)[0]
    wanted = {name: amount for name, amount in client_targets(evidence).items() if amount is not None}
    return Frame(
        evidence=evidence,
        chosen=chosen,
        trained=trained,
        targets={**wanted, **({} if target_d is None else {metric: target_d})},
        break_evens={} if break_even_d is None else {metric: break_even_d},
    )


def client_targets(evidence: Evidence) -> dict[str, float | None]:
    """Each target of client.yml as a change in the metric's own unit; None when its baseline is not measured.

    Relative for on-time, rework, velocity, time to fill and turnover (points when the switch says so), points for net
    promoter scores and survey scores.
    """
    relative_turnover = evidence.settings.switches.turnover_change == "relative"
    wanted: dict[str, float | None] = {}
    for name, target in evidence.settings.targets.items():
        base = baseline(evidence, name)
        points = name in PROMOTER_SCORES or name in SURVEY_SCORES or name == "engagement"
        if points or (not relative_turnover and name in {"high_performer_churn", "voluntary_turnover"}):
            wanted[name] = target.change
        else:
            wanted[name] = None if base is None else base * target.change
    return wanted


def baseline(evidence: Evidence, name: str) -> float | None:
    """Where a metric stands now, company-wide."""
    if name in UNIT_SERIES:
        column = UNIT_SERIES[name][1]
        rows = sorted(
            (row.month, getattr(row, column))
            for row in evidence.delivery
            if row.unit == COMPANY and getattr(row, column) is not None
        )
        return mean(value for _, value in rows[-WINDOW_MONTHS:]) if rows else None
    if name in {"high_performer_churn", "voluntary_turnover"}:
        row = company_exposure(evidence, RATES[name][0] if name in RATES else "all")
        return None if row is None else row.voluntary_exits / row.person_years
    if name == "time_to_fill":
        return None if evidence.role_flow is None else evidence.role_flow.days_to_fill_mean
    return None


def effects(setting: Frame) -> dict[str, DetectableEffect]:
    """What the pilot could see in every success metric: the standing four, then what the client's targets add."""
    evidence = setting.evidence
    main, label = main_metric(setting.trained)
    made = {
        main: detectable_effect(setting, main, label, "SD", person_score(setting)),
        "on_time": of_units(setting, "on_time"),
        "voluntary_turnover": detectable_effect(
            setting, "voluntary_turnover", "Voluntary turnover", "share a year", of_rate(setting, "all")
        ),
        "engagement": detectable_effect(
            setting, "engagement", "Engagement score", "score", of_survey(setting, "engagement")
        ),
    }
    for name in evidence.settings.targets:
        if name not in made:
            made[name] = of_target(setting, name)
    return made


def of_units(setting: Frame, name: str) -> DetectableEffect:
    """A metric kept by unit and month."""
    label, column, unit = UNIT_SERIES[name]
    return detectable_effect(setting, name, label, unit, of_series(setting, column))


def of_series(setting: Frame, column: str) -> Precision:
    """A metric kept by unit and month, under the design at hand."""
    if setting.chosen.design == "stepped wedge":
        return wedge.wedge_series(setting, column)
    if setting.chosen.design == "trend line":
        return wedge.trend_series(setting, column)
    return unit_series(setting, column)


def of_rate(setting: Frame, group: str) -> Precision:
    """Exits a person-year, under the design at hand."""
    if setting.chosen.design == "stepped wedge":
        return wedge.wedge_rate(setting, group)
    if setting.chosen.design == "trend line":
        return wedge.trend_rate(setting, group)
    return rate(setting, group)


def of_survey(setting: Frame, construct: str) -> Precision:
    """A survey mean, under the design at hand."""
    if setting.chosen.design == "stepped wedge":
        return wedge.wedge_survey(setting, construct)
    if setting.chosen.design == "trend line":
        return wedge.trend_survey(setting, construct)
    return survey_score(setting, construct)


def of_nps(setting: Frame, construct: str) -> Precision:
    """A net promoter score, under the design at hand."""
    if setting.chosen.design == "stepped wedge":
        return wedge.wedge_survey(setting, construct, promoters=True)
    return nps(setting, construct)


def of_target(setting: Frame, name: str) -> DetectableEffect:
    """A metric the client named as a target."""
    if name in UNIT_SERIES:
        return of_units(setting, name)
    if name in RATES:
        group, label = RATES[name]
        return detectable_effect(setting, name, label, "share a year", of_rate(setting, group))
    if name in PROMOTER_SCORES:
        return detectable_effect(setting, name, PROMOTER_SCORES[name], "points", of_nps(setting, name))
    if name in SURVEY_SCORES:
        return detectable_effect(setting, name, SURVEY_SCORES[name], "score", of_survey(setting, name))
    if name == "time_to_fill":
        return detectable_effect(setting, name, "Days to fill a leadership role", "days", time_to_fill(setting))
    label = name.replace("_", " ").capitalize()
    why = "no table measures it; agree how it is counted before the start"
    return detectable_effect(setting, name, label, "", Precision(None, why=why))


def time_to_fill(setting: Frame) -> Precision:
    """Days to fill a leadership role: the vacancies the arms can expect in nine months decide."""
    flow = setting.evidence.role_flow
    chosen = setting.chosen
    if flow is None or flow.days_to_fill_sd is None or not flow.leadership_vacancies_opened:
        return Precision(None, why="roles.csv with days_to_fill and vacancies is needed")
    managers = next((row.managers for row in setting.evidence.managers if row.unit == COMPANY), None)
    if not managers or not setting.trained.lead_teams:
        return Precision(None, why="how many of the leadership roles lie in the pilot is not known")
    a_leader = flow.leadership_vacancies_opened * PILOT_YEARS / managers
    expected = (chosen.pilot_n * a_leader, chosen.comparison_n * a_leader)
    arms = (round(expected[0]), round(expected[1]))
    if min(expected) < 1 or sum(expected) < 4:
        return Precision(None, arms=arms, why="too few vacancies are expected around the pilot in nine months")
    error = detectable.standard_error_two_arms(sd=flow.days_to_fill_sd, n_pilot=expected[0], n_comparison=expected[1])
    method = f"{expected[0]:.0f} and {expected[1]:.0f} vacancies expected in nine months"
    return Precision(error, sum(expected) - 2, flow.days_to_fill_sd, arms, None, method)


def curve(cohort_size: int, *, sides: int) -> tuple[MdePoint, ...]:
    """Detectable SD against the cohort, two equal arms of people drawn one by one; 12 an arm: 1.197 two-sided."""
    sizes = sorted({*CURVE, *([cohort_size] if cohort_size > 1 else [])})
    return tuple(
        MdePoint(
            cohort_size=n,
            mde_standardised=detectable.minimum_detectable_effect(
                multiplier=detectable.multiplier_t(degrees_of_freedom=2 * n - 2, alpha=ALPHA, power=POWER, sides=sides),
                standard_error=detectable.standard_error_post(sd=1.0, n_per_arm=n),
            ),
        )
        for n in sizes
    )
