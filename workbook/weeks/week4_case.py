"""The pilot's rules and dates, and one page for a CFO, in sentences."""

from __future__ import annotations

import calendar
import datetime as dt

from workbook.evidence import COMPANY, Evidence
from workbook.model.criteria import operating_characteristics
from workbook.results import (
    BusinessCase,
    CostOfDelay,
    Criterion,
    DetectableEffect,
    Flip,
    MetricDefinition,
    Milestone,
    Pilot,
    Verdict,
    Week3,
)
from workbook.weeks.week4_value import PILOT_MONTHS, Value
from workbook.words import Words, listing

START_MONTHS = 1
DAYS = (
    (30, "First ratings after the start; adherence and completeness against their lights"),
    (60, "Second ratings; barriers named by managers"),
    (90, "Third ratings: does the gain last?"),
)
MONTHS = (
    (6, "Success metrics of the units; interim reading, no decision against the criteria"),
    (9, "Decision by the criteria: scale, extend or stop"),
)


def add_months(day: dt.date, months: int) -> dt.date:
    """The same day `months` later, or the month's last day where it has no such day."""
    index = day.year * 12 + day.month - 1 + months
    year, month = index // 12, index % 12 + 1
    return dt.date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


def pilot_start(evidence: Evidence) -> dt.date | None:
    """The day the first participant of the pilot arm started; None while no pilot has."""
    days = [row.first_start for row in evidence.participants if row.arm == "pilot" and row.first_start is not None]
    return min(days, default=None)


def milestones(as_of: dt.date, started: dt.date | None = None) -> tuple[Milestone, ...]:
    """Start (else one month after the as-of date: house assumption), then 30, 60, 90 days and months 6 and 9."""
    start = started or add_months(as_of, START_MONTHS)
    assumed = "" if started else "; assumed one month after the data"
    begin = Milestone(label="Start", due=start, what=f"Baseline ratings taken and criteria signed{assumed}")
    by_day = tuple(
        Milestone(label=f"{days} days", due=start + dt.timedelta(days=days), what=what) for days, what in DAYS
    )
    by_month = tuple(
        Milestone(label=f"Month {months}", due=add_months(start, months), what=what) for months, what in MONTHS
    )
    return (begin, *by_day, *by_month)


def criteria(main: DetectableEffect, standard_error: float | None, words: Words) -> tuple[Criterion, ...]:
    """Adherence, completeness and outcome as traffic lights; the outcome rule with how often it would say what."""
    return (
        Criterion(
            metric="Adherence (sessions attended)",
            green="75% or more: the programme was tried",
            amber="50 to 75%: extend and remove what keeps people away",
            red="under 50%: nothing can be said about the programme",
        ),
        Criterion(
            metric="Data completeness (ratings received of those asked)",
            green="over 80%",
            amber="50 to 80%: read with care, missing answers count as no improvement",
            red="under 50%: no decision on outcome",
        ),
        outcome_criterion(main, standard_error, words),
    )


def outcome_criterion(main: DetectableEffect, standard_error: float | None, words: Words) -> Criterion:
    """Go, extend, stop on the main metric."""
    if main.target is None or main.break_even is None:
        rule = "the target and the break-even effect, agreed before the start"
        return Criterion(
            metric=main.label,
            green=f"Scale: the estimate reaches the target and its 80% interval lies above break-even ({rule})",
            amber="Extend: anything else",
            red="Stop: the whole 80% interval lies below break-even",
        )
    green = (
        f"Scale: the estimate is at least {main.target:.2f} SD and the lower limit of its 80% interval is above "
        f"{main.break_even:.2f} SD"
    )
    amber = "Extend: anything else"
    red = f"Stop: the upper limit of the 80% interval is below {main.break_even:.2f} SD"
    if standard_error is not None:
        reached, nothing = (
            operating_characteristics(
                truth=truth, target=main.target, break_even=main.break_even, standard_error=standard_error
            )
            for truth in (main.target, 0.0)
        )
        green += f". {often('scaled', reached['scale'], nothing['scale'], words)}"
        amber += f". {often('extended', reached['extend'], nothing['extend'], words)}"
        red += f". {often('stopped', reached['stop'], nothing['stop'], words)}"
    return Criterion(metric=main.label, green=green, amber=amber, red=red)


def often(what: str, reached: float, nothing: float, words: Words) -> str:
    """How often the rule says so, for a programme at its target and for one that does nothing."""
    return (
        f"With this pilot a programme at its target is {what} {words.share(reached)} of the time, "
        f"one without any effect {words.share(nothing)}"
    )


def metric_dictionary(evidence: Evidence) -> tuple[MetricDefinition, ...]:
    """The metrics agreed in advance; one agreed or changed after the pilot's start is marked.

    The start is the day the first participant of the pilot arm started, else the one planned.
    """
    start = pilot_start(evidence) or add_months(evidence.settings.as_of, START_MONTHS)
    return tuple(
        MetricDefinition(
            metric=row.metric,
            definition=row.definition,
            formula=row.formula,
            purpose=row.purpose,
            owner=row.owner,
            baseline=row.baseline,
            target=row.target,
            agreed_by=row.agreed_by,
            agreed_on=row.agreed_on,
            added_after_start=row.added_after_start or (row.agreed_on is not None and row.agreed_on > start),
            changed_on=row.changed_on,
            changed_after_start=row.changed_on is not None and row.changed_on > start,
        )
        for row in evidence.metrics
    )


def business_case(
    evidence: Evidence,
    verdict: Verdict,
    week3: Week3,
    pilot: Pilot,
    metrics: tuple[MetricDefinition, ...],
    value: Value,
    waiting: CostOfDelay,
    who: str,
) -> BusinessCase:
    """Decision asked, verdict and why, cost of waiting, range of return, flips, pilot ask, risks, who agreed."""
    words = Words.for_settings(evidence.settings)
    return BusinessCase(
        decision_asked=decision_asked(verdict, week3, words),
        verdict=verdict_sentence(verdict, words),
        cost_of_waiting=cost_of_waiting(waiting, words),
        range_of_return=range_of_return(verdict, week3, words),
        what_could_flip_it=flips(verdict, words),
        pilot_ask=pilot_ask(pilot, value, verdict, who, words),
        risks=risks(pilot, verdict, metrics),
        who_agreed=who_agreed(metrics),
    )


def decision_asked(verdict: Verdict, week3: Week3, words: Words) -> str:
    """What the CFO is asked to sign."""
    if verdict.answer == "insufficient data":
        wanted = listing(verdict.ask_for) or "the data listed on the first page"
        return f"Approve no programme yet. Approve the collection of what is missing: {wanted}."
    if verdict.answer == "neither" or not week3.plan:
        return "Approve no programme now: no plan tried is expected to earn its cost."
    seats = {
        track: sum(line.seats for line in week3.plan if line.track == track) for track in ("leadership", "technical")
    }
    wording = " and ".join(f"{count} {track} seats" for track, count in seats.items() if count)
    units = len({line.unit for line in week3.plan} - {COMPANY})
    places = "the whole company" if units == 0 else f"{units} unit{'s' if units != 1 else ''}"
    return (
        f"Approve {words.money(week3.spent)} of a budget of {words.money(week3.budget)} for {wording} in "
        f"{places}, beginning with the pilot below."
    )


def verdict_sentence(verdict: Verdict, words: Words) -> str:
    """The answer, how sure, and the first reasons."""
    sure = "" if verdict.certainty is None else f", with {words.share(verdict.certainty)} certainty"
    reasons = " ".join(verdict.reasons[:2])
    return f"{verdict.answer.capitalize()}{sure}. {reasons}".strip()


def range_of_return(verdict: Verdict, week3: Week3, words: Words) -> str:
    """Expected value of the plan and the frontier's 80% range at the budget nearest to the plan's."""
    if not week3.plan or not week3.frontier:
        return "No plan is proposed, so there is no return to range."
    at = min(week3.frontier, key=lambda point: abs(point.budget - week3.budget))
    tail = (
        ""
        if verdict.survives_conservative is None
        else (
            " It survives the conservative view (first year only, discounted for attribution and confidence)."
            if verdict.survives_conservative
            else " It does not survive the conservative view (first year, discounted for attribution and confidence)."
        )
    )
    return (
        f"The plan is expected to be worth {words.money(week3.expected_npv)} after its cost; eight times in ten a "
        f"plan of this budget is worth between {words.money(at.p10)} and {words.money(at.p90)}.{tail}"
    )


def flips(verdict: Verdict, words: Words) -> tuple[str, ...]:
    """Assumptions whose change within their range would change the answer, likeliest first."""
    found = [flip for flip in verdict.flips if flip.to_answer is not None]
    found.sort(key=lambda flip: -(flip.probability or 0.0))
    if not found:
        return ("No single assumption inside its range changes the answer.",)
    return tuple(flip_sentence(flip, words) for flip in found)


def flip_sentence(flip: Flip, words: Words) -> str:
    """One flip."""
    at = "" if flip.flips_at is None else f"at {words.number(flip.flips_at)} instead of {words.number(flip.value_now)} "
    odds = "" if flip.probability is None else f" (probability {words.share(flip.probability)})"
    return f"{flip.label}: {at}the answer becomes {flip.to_answer}{odds}."


def pilot_ask(pilot: Pilot, value: Value, verdict: Verdict, who: str, words: Words) -> str:
    """Units, people, months, cost, and whether finding out is worth it."""
    if not pilot.units:
        return f"No pilot can be laid out yet: {pilot.why or 'no unit can host it'}."
    cost = "" if pilot.cost is None else f", at a cost of {words.money(pilot.cost)}"
    compared = f", {pilot.comparison_size} waiting or compared" if pilot.comparison_size else ""
    opening = {
        "insufficient data": "No pilot is asked for until the missing data are in. It could be: run",
        "neither": "No pilot is asked for. One that could prove the verdict wrong would be: run",
    }.get(verdict.answer, "Run")
    ask = (
        f"{opening} a {PILOT_MONTHS}-month pilot ({pilot.design}): {pilot.cohort_size} {who} trained in "
        f"{listing(pilot.units)}{compared}{cost}."
    )
    return f"{ask} {worth(value, words)}".strip()


def worth(value: Value, words: Words) -> str:
    """Whether finding out first pays, its delay and its measurement netted out, and whether another size pays more."""
    if value.netted_money is None:
        return value.why or ""
    return f"{worth_as_planned(value, words)}{other_size(value, words)}"


def other_size(value: Value, words: Words) -> str:
    """The better size, where another one is advised."""
    if value.advice not in {"enlarge", "reduce"} or value.netted_money is None:
        return ""
    best = max(value.sizes, key=lambda one: one.net)
    more = words.money(best.net - value.netted_money)
    return f" A pilot of {best.cohort_size} instead would be worth {more} more."


def worth_as_planned(value: Value, words: Words) -> str:
    """The planned size against acting at once."""
    if value.netted_money is None:
        return value.why or ""
    amount = words.money(abs(value.netted_money))
    if not value.worth_running and (value.act_money or 0.0) <= 0:
        return f"What it would teach does not pay for it: it is expected to lose {amount}."
    if value.worth_running:
        return f"Piloting first is worth {amount} more than acting at once, with the delay netted out."
    return (
        f"Acting at once is worth {amount} more than piloting first, because of the months lost: measure the first "
        f"wave as it runs, and do not hold back the rest for its result."
    )


def cost_of_waiting(waiting: CostOfDelay, words: Words) -> str:
    """What one month of waiting costs; a negative cost is said as a saving."""
    if waiting.per_month is None or waiting.low is None or waiting.high is None:
        why = waiting.why or "there is no plan whose start could be put off"
        return f"No cost of waiting is given: {why}."
    verb = "costs" if waiting.per_month >= 0 else "saves"
    return (
        f"Each month of waiting with the {waiting.track} plan {verb} {words.money(abs(waiting.per_month))} "
        f"(90% interval {words.money(waiting.low)} to {words.money(waiting.high)}; negative: waiting is cheaper)."
    )


def risks(pilot: Pilot, verdict: Verdict, metrics: tuple[MetricDefinition, ...]) -> tuple[str, ...]:
    """What may go wrong with the finding out, most telling first."""
    found = []
    blind = [effect.label for effect in pilot.mde.values() if effect.detects_target is False]
    if blind:
        found.append(f"The pilot is too small to see an effect as small as its target in: {'; '.join(blind)}.")
    if pilot.design in {"trend line", "pre/post"}:
        found.append("Without a comparison group a change may have come from elsewhere.")
    if pilot.design == "matched difference-in-differences":
        found.append("Units were not drawn by lot: they may move apart for reasons of their own.")
    if pilot.ranking and pilot.units:
        found.append(
            "Units chosen because they are doing badly tend to improve by themselves; only a comparison shows it."
        )
    if any(metric.added_after_start for metric in metrics):
        found.append("Some metrics were added after the start and cannot count for or against the pilot.")
    if any(metric.changed_after_start for metric in metrics):
        found.append("Some metrics were changed after the start: they are read by their first wording.")
    if verdict.gate_agrees is False:
        found.append("The signals of week 1 and the economics do not point the same way.")
    return tuple(found)


def who_agreed(metrics: tuple[MetricDefinition, ...]) -> tuple[str, ...]:
    """Who agreed to which metric, and when."""
    agreed = [metric for metric in metrics if metric.agreed_by]
    if not agreed:
        return ("Nobody has agreed to a success metric yet.",)
    return tuple(
        f"{metric.agreed_by} agreed to '{metric.metric}'"
        + (f" on {metric.agreed_on.isoformat()}." if metric.agreed_on else ", date not given.")
        for metric in agreed
    )


def side_why(verdict: Verdict) -> str | None:
    """Why the pilot is laid out for a track the verdict does not name by itself."""
    if verdict.answer in {"leadership first", "technical first"}:
        return None
    reasons = {
        "split": "The verdict funds both tracks; its leadership part is the less certain one and the one to test.",
        "neither": "The verdict funds nothing; this is the leadership pilot that would have to prove otherwise.",
        "insufficient data": "The data do not say which track comes first; this is how a leadership pilot could run.",
    }
    return reasons[verdict.answer]
