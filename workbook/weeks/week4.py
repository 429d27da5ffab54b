"""Week 4: how to find out, and the business case."""

from __future__ import annotations

from workbook.evidence import Evidence
from workbook.results import Pilot, PilotUnit, Verdict, Week1, Week3, Week4
from workbook.scenario import Scenario
from workbook.weeks import week4_case as case
from workbook.weeks import week4_metrics as metrics
from workbook.weeks.decision import decision_problem
from workbook.weeks.week2 import cost_of_delay
from workbook.weeks.week4_design import Chosen, design
from workbook.weeks.week4_detect import Frame, person_score
from workbook.weeks.week4_options import options
from workbook.weeks.week4_units import Candidate, Side, candidates, choose
from workbook.weeks.week4_value import pilot_money, pilot_offer, trained_by, value_of
from workbook.words import Words

UNDECIDED = "insufficient data"


def week4(
    evidence: Evidence, scenario: Scenario, week1: Week1, week3: Week3, verdict: Verdict, *, quick: bool = False
) -> Week4:
    """The pilot that would settle the verdict: where, against whom, what it can see, by which rules, at what worth.

    The track is the verdict's; when the verdict names none, the leadership one, and `pilot.why` says so. `cohort_size`
    people are trained (scenario, else client.yml), or as many as the plan seats on that track when those are fewer; the
    start is one month after the as-of date. `quick` leaves out the comparison with acting at once.
    """
    side: Side = "technical" if verdict.answer == "technical first" else "leadership"
    seats = pilot_seats(week3, scenario.cohort_size or evidence.settings.cohort_size, side)
    waiting = evidence.settings.comparison_size or seats
    problem = decision_problem(evidence, scenario, week1, quick=quick)
    offer = pilot_offer(week3, problem, side)
    trained = trained_by(evidence, offer, side)
    hosts = choose(evidence, candidates(evidence, week1, trained), seats=seats, comparison_seats=waiting)
    chosen = design(evidence, hosts, trained.who, seats=seats, comparison_seats=waiting)
    cost = pilot_money(week3, offer, chosen)
    error = person_score(Frame(evidence, chosen, trained)).standard_error
    value = value_of(
        evidence, scenario, week1, chosen, offer, cost, side, error,
        decidable=verdict.answer != UNDECIDED, quick=quick,
    )  # fmt: skip
    setting = metrics.frame(evidence, chosen, trained, target_d=value.target_d, break_even_d=value.break_even_d)
    effects = metrics.effects(setting)
    pilot = Pilot(
        track=side,
        programme=None if offer is None else offer.programme.name,
        units=names(chosen.hosts.pilot),
        comparison=names(chosen.hosts.comparison),
        ranking=tuple(ranking_line(one, chosen) for one in chosen.hosts.candidates),
        design=chosen.design,
        design_reason=chosen.reason,
        cohort_size=chosen.pilot_n,
        comparison_size=chosen.comparison_n,
        mde=effects,
        mde_curve=metrics.curve(chosen.pilot_n, sides=setting.sides),
        criteria=case.criteria(effects[metrics.main_metric(trained)[0]], error, Words.for_settings(evidence.settings)),
        milestones=case.milestones(evidence.settings.as_of, case.pilot_start(evidence)),
        evsi=value.evsi,
        worth_running=value.worth_running,
        cost=cost,
        target_d=value.target_d,
        break_even_d=value.break_even_d,
        designs=options(
            evidence,
            chosen,
            hosts,
            trained,
            seats=seats,
            comparison_seats=waiting,
            target_d=value.target_d,
            break_even_d=value.break_even_d,
        ),
        net_worth=value.netted_money,
        advice=value.advice,
        sizes=value.sizes,
        why=" ".join(filter(None, (case.side_why(verdict), no_unit(chosen), value.why))) or None,
    )
    agreed = case.metric_dictionary(evidence)
    delay = cost_of_delay(problem)
    page = case.business_case(evidence, verdict, week3, pilot, agreed, value, delay, trained.who)
    return Week4(pilot=pilot, metrics=agreed, business_case=page)


def pilot_seats(week3: Week3, cohort_size: int, side: Side) -> int:
    """The cohort, or the plan's seats on the track when those are fewer: the pilot is the beginning of the plan."""
    planned = sum(line.seats for line in week3.plan if line.track == side)
    return min(cohort_size, planned) if planned else cohort_size


def no_unit(chosen: Chosen) -> str | None:
    """Why no unit is named, if none is."""
    return None if chosen.hosts.pilot else "No unit can be named: units could not be ranked."


def names(units: tuple[Candidate, ...]) -> tuple[str, ...]:
    """Unit names, in order."""
    return tuple(one.unit for one in units)


def ranking_line(one: Candidate, chosen: Chosen) -> PilotUnit:
    """One line of the ranking with the unit's part in the pilot."""
    return PilotUnit(
        unit=one.unit,
        headcount=one.headcount,
        leaders=one.leaders,
        need=one.need,
        readiness=one.readiness,
        measurability=one.measurability,
        score=one.score,
        role="pilot" if one in chosen.hosts.pilot else "comparison" if one in chosen.hosts.comparison else "not used",
    )
