"""The calendar of the exact plan in figures and a sentence: when each programme starts, and what waiting would cost."""

from __future__ import annotations

from typing import Final

from workbook.evidence import COMPANY
from workbook.results import ClosedMonths, PlanCalendar, ProgrammeStart
from workbook.weeks import economics_exact as exact
from workbook.weeks.economics_exact_search import Candidate, Search
from workbook.words import Words, listing

QUARTER: Final = 3
HALF_YEAR: Final = 6


def calendar_of(search: Search, plan: Candidate, say: Words) -> PlanCalendar:
    """When the programmes of a plan start, and how that was chosen."""
    first = search.problem.terms.start_month
    weighed = sorted({month for own in search.open.months for month in own})
    lines = tuple(_line(search, plan, p) for p, own in enumerate(plan.bought) if own.any())
    gain = _gain_over_at_once(search, plan)
    closed = tuple(
        ClosedMonths(unit=unit, months=found)
        for unit, months in sorted(search.closed.items())
        if (found := tuple(first + month for month in weighed if first + month in months))
    )
    return PlanCalendar(
        lines=lines,
        starts_weighed=tuple(first + month for month in weighed),
        calendars=plan.calendars,
        gain_over_at_once=gain,
        closed=closed,
        finding=_finding(plan, lines, first, gain, say),
    )


def _line(search: Search, plan: Candidate, p: int) -> ProgrammeStart:
    programme = search.problem.offers[p].programme
    start = search.problem.terms.start_month + plan.starts[p]
    return ProgrammeStart(
        programme=programme.programme,
        label=programme.name,
        track=programme.track,
        start_month=start,
        training_ends_month=start + programme.months,
        full_effect_month=start + programme.months + programme.months_to_effect,
        quarter_later_money=_later(plan, p, QUARTER),
        half_year_later_money=_later(plan, p, HALF_YEAR),
    )


def _later(plan: Candidate, p: int, months: int) -> float:
    """Expected NPV lost if one programme started later and all else stayed."""
    starts = [start + (months if k == p else 0) for k, start in enumerate(plan.starts)]
    return plan.npv - float(exact.restarted(plan.one, starts).means[0])


def _gain_over_at_once(search: Search, plan: Candidate) -> float | None:
    """Expected NPV over that of the same seats all started at once; None where closed months rule that out."""
    if any(own.any() and 0 not in search.open.open_to(p, own) for p, own in enumerate(plan.bought)):
        return None
    return plan.npv - float(exact.restarted(plan.one, [0] * len(plan.bought)).means[0])


def _finding(plan: Candidate, lines: tuple[ProgrammeStart, ...], first: int, gain: float | None, say: Words) -> str:
    calendars = say.count(plan.calendars, "calendar")
    late = [line for line in lines if line.start_month > first]
    at_once = "Everything starts at once" if first == 0 else f"Everything starts in month {first}, as early as it may"
    if not late and plan.calendars == 1:
        return f"{at_once}: horizon or closed months leave no later start."
    if not late:
        price = say.money(min(line.quarter_later_money for line in lines))
        more = " or more, depending on which" if len(lines) > 1 else ""
        return (
            f"{at_once}: of {calendars} none is worth more. Waiting a quarter with one programme would cost "
            f"{price}{more}."
        )
    who = listing([f"{line.label} (by {say.count(line.start_month - first, 'month')})" for line in late])
    if gain is None:
        return f"Closed months rule out that all start at once. Later: {who}. No other of {calendars} is worth more."
    return (
        f"Starting in turn is worth {say.money(gain)} more than all at once, as what two programmes would both remove "
        f"is then removed in turn. Later: {who}. No other of {calendars} is worth more."
    )


def unknown_units(search: Search) -> list[str]:
    """A sentence for each unit of client.yml's closed weeks that the figures do not know."""
    known = {*search.problem.company.units, COMPANY}
    return [
        f"client.yml closes weeks for {unit}, which is no unit of these figures: the calendar does not know them."
        for unit in sorted(set(search.closed) - known)
    ]
