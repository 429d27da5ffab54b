"""The calendar: what postponing has cost, the sessions still to be held planned again, and what is due from whom."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from statistics import median
from typing import Final, Literal

from workbook.evidence import COMPANY, Evidence, SessionCount, SessionOpen
from workbook.model.replan import OpenSession, Placed, Prices, placing_cost, replan
from workbook.results import InvolvementDue, Postponement, Replan, ReplanLine, Touchpoint
from workbook.weeks.decision import DecisionProblem
from workbook.weeks.week1_people import KINDS
from workbook.weeks.week2 import delay_points
from workbook.weeks.week4_case import milestones, pilot_start
from workbook.weeks.week4_units import Side

WEEKS: Final = 16
MOST_SESSIONS: Final = 40
WEEK: Final = dt.timedelta(weeks=1)
WEEKS_A_YEAR: Final = 52
DONE_SHARE: Final = 0.75
PRICES: Final = Prices()
RULE: Final = (
    "Least person-hour-weeks lost. Of a session's person-hours count, in weeks of delay: each week late 1, being moved "
    "0.25, a week its managers did not choose 0.25, being split 0.5, self-paced material instead 8. The critical part "
    "is 60%. No session in a week with a busy day of its unit, one a week for a unit, no more of a programme than its "
    "calendar ever had in a week, none before the one before it is finished. Among equals the earlier date. "
    "House assumptions."
)
INVOLVEMENT: Final = {
    "objectives_agreed": 0,
    "draft_reviewed": 0,
    "slot_chosen": 0,
    "co_delivered": 2,
    "coaching": 3,
    "feedback_given": 1,
    "feedback_received": 2,
}
"""The milestone (0 start, then 30, 60, 90 days) by which managers should have done each (house assumption)."""
RATINGS: Final = {1: 30, 2: 60, 3: 90}


def hour_week_money(problem: DecisionProblem, side: Side) -> float | None:
    """Cost of one person-hour of a track's training coming one week late.

    Cost of the first month's delay x 12/52, over the person-hours of the track's own plan. None without such a plan;
    negative where waiting is cheaper.
    """
    points = delay_points(problem, side)
    seats = problem.plans[problem.reference[side]].seats
    hours = {offer.key: offer.programme.hours_per_participant for offer in problem.offers}
    planned = sum(sum(blocks) * hours[key] for key, blocks in seats.items() if key in hours)
    if len(points) < 2 or planned <= 0:
        return None
    return points[1].money * 12 / WEEKS_A_YEAR / planned


def postponements(
    evidence: Evidence, sides: Mapping[str, Side], money: Mapping[Side, float | None]
) -> tuple[Postponement, ...]:
    """Postponed and cancelled sessions by programme and reason, costliest first; cancelled ones count until today."""
    rows = [row for row in evidence.sessions if row.status in {"postponed", "cancelled"}]
    made = [_postponement(row, money.get(sides.get(row.programme, "leadership"))) for row in rows]
    return tuple(sorted(made, key=lambda one: (-(one.money or 0.0), one.programme, one.status, one.reason or "")))


def _postponement(row: SessionCount, rate: float | None) -> Postponement:
    late = row.late_person_hour_days
    known = late is not None and row.person_hours
    why = None
    if not known:
        why = "seats and hours of the sessions are needed"
    elif rate is None:
        why = "no plan of the track gives a cost of delay"
    return Postponement(
        programme=row.programme,
        status="postponed" if row.status == "postponed" else "cancelled",
        reason=row.reason,
        sessions=row.sessions,
        person_hours=row.person_hours,
        days_late=late / row.person_hours if late is not None and row.person_hours else None,
        money=late / 7 * rate if known and late is not None and rate is not None else None,
        why=why,
    )


def first_monday(as_of: dt.date) -> dt.date:
    """The Monday after a day."""
    return as_of + dt.timedelta(days=7 - as_of.weekday())


def replanned(evidence: Evidence, sides: Mapping[str, Side], money: Mapping[Side, float | None]) -> Replan | None:
    """Every session still to be held, with its best week; None where no sessions are recorded."""
    if not evidence.sessions:
        return None
    start = first_monday(evidence.settings.as_of)
    ordered = sorted(evidence.sessions_open, key=lambda one: (one.due, one.programme, one.unit, one.session))
    at_hand = [one for one in ordered if stands(one, ordered, evidence.settings.as_of, start)]
    near = [one for one in ordered if one not in at_hand and (one.due - start).days // 7 < WEEKS][:MOST_SESSIONS]
    inputs = open_sessions(near, start)
    pace = {one.programme: one.most_a_week for one in near}
    placed = replan(inputs, weeks=WEEKS, most_a_week=pace, prices=PRICES)
    lines = tuple(_line(one, given, put, start) for one, given, put in zip(near, inputs, placed, strict=True))
    rates = [money.get(sides.get(one.programme, "leadership")) for one in near]
    late = [
        None if rate is None or line.weeks_late is None else line.weeks_late * given.person_hours * rate
        for line, given, rate in zip(lines, inputs, rates, strict=True)
    ]
    return Replan(
        first_week=start,
        weeks=WEEKS,
        lines=tuple(_standing(one) for one in at_hand) + lines,
        person_hour_weeks=sum(put.cost for put in placed),
        late_money=None if not late or any(each is None for each in late) else sum(each or 0.0 for each in late),
        beyond=len(ordered) - len(near) - len(at_hand),
        rule=RULE,
        why=None if near or at_hand else "no session is open in the weeks ahead",
    )


def open_sessions(near: Sequence[SessionOpen], start: dt.date) -> tuple[OpenSession, ...]:
    """Sessions as the planner sees them; unknown person-hours are the median of the known ones, else one."""
    known = [one.seats * one.hours for one in near if one.seats and one.hours]
    usual = float(median(known)) if known else 1.0
    order = sorted(range(len(near)), key=lambda k: (near[k].planned, near[k].due, near[k].session))
    before: dict[int, int] = {}
    last: dict[tuple[str, str], int] = {}
    for k in order:
        same = (near[k].programme, near[k].unit)
        if same in last:
            before[k] = last[same]
        last[same] = k
    return tuple(
        OpenSession(
            key=one.session,
            programme=one.programme,
            unit=one.unit,
            due=(one.due - start).days // 7,
            person_hours=one.seats * one.hours if one.seats and one.hours else usual,
            free=tuple(is_free(one, start + week * WEEK) for week in range(WEEKS)),
            wished=frozenset(
                (monday - start).days // 7 for monday in one.wished if 0 <= (monday - start).days // 7 < WEEKS
            ),
            before=before.get(k),
        )
        for k, one in enumerate(near)
    )


def is_free(one: SessionOpen, monday: dt.date) -> bool:
    """Whether no day of the working week lies in a busy time of the session's unit."""
    friday = monday + dt.timedelta(days=4)
    return all(friday < first or monday > last for first, last in one.blocked)


def stands(one: SessionOpen, others: Sequence[SessionOpen], as_of: dt.date, start: dt.date) -> bool:
    """Whether a session lies in what is left of this week, its unit is free and nothing before it is still to be held.

    Such a session is too near to be moved.
    """
    waiting = any(
        (other.programme, other.unit) == (one.programme, one.unit)
        and (other.planned, other.due, other.session) < (one.planned, one.due, one.session)
        for other in others
    )
    return as_of < one.due < start and is_free(one, start - WEEK) and not waiting


def _standing(one: SessionOpen) -> ReplanLine:
    return ReplanLine(
        session=one.session,
        programme=one.programme,
        unit=one.unit,
        action="keep",
        planned=one.planned,
        due=one.due,
        dates=(one.due,),
        weeks_late=0.0,
        wish_kept=None,
        reason="it is this week and stands",
    )


def _line(one: SessionOpen, given: OpenSession, put: Placed, start: dt.date) -> ReplanLine:
    weekday = min(one.due.weekday(), 4)
    dates = tuple(start + dt.timedelta(weeks=week, days=weekday) for week in put.weeks)
    shares = (1.0,) if len(put.weeks) == 1 else (PRICES.critical_share, 1 - PRICES.critical_share)
    late = sum(share * max(week - max(given.due, 0), 0) for week, share in zip(put.weeks, shares, strict=False))
    return ReplanLine(
        session=one.session,
        programme=one.programme,
        unit=one.unit,
        action=put.action,
        planned=one.planned,
        due=one.due,
        dates=dates,
        weeks_late=late if put.weeks else None,
        wish_kept=all(week in given.wished for week in put.weeks) if given.wished and put.weeks else None,
        reason=_reason(given, put, passed=one.due < start and is_free(one, first_monday(one.due) - WEEK)),
    )


def _reason(given: OpenSession, put: Placed, *, passed: bool) -> str:
    if put.action == "keep":
        return "its day stands"
    if put.action == "self-paced":
        return "no week is open soon enough"
    if passed:
        because = "its day has passed"
    elif given.due < 0 or not given.free[given.due]:
        because = "its unit is busy that week"
    elif put.cost < placing_cost(given, (given.due,), PRICES):
        because = "its managers chose another week"
    else:
        because = "another session needs its week"
    return f"{because}; the critical part comes first" if put.action == "split" else because


def touchpoints(evidence: Evidence) -> tuple[Touchpoint, ...]:
    """Milestones of the pilot that runs, or of the one to come, with what has been done of them."""
    as_of = evidence.settings.as_of
    started = pilot_start(evidence)
    waves = {cell.wave_days for cell in evidence.ratings}
    made = []
    for place, milestone in enumerate(milestones(as_of, started)):
        done = {0: started is not None and 0 in waves}.get(place, RATINGS.get(place) in waves)
        who = "direct reports" if place in RATINGS else "learning lead" if place < 4 else "sponsor"
        made.append(
            Touchpoint(
                due=milestone.due,
                what=f"{milestone.label}: {milestone.what}",
                who=who,
                state="done" if done else state(milestone.due, as_of),
            )
        )
    return tuple(made)


def state(due: dt.date, as_of: dt.date) -> Literal["overdue", "ahead"]:
    """Whether a day not yet answered for has passed."""
    return "overdue" if due < as_of else "ahead"


def involvement_due(evidence: Evidence) -> tuple[InvolvementDue, ...]:
    """What managers are to do, how many have, and by when the others should; soonest first."""
    if not evidence.has("involvement"):
        return ()
    as_of = evidence.settings.as_of
    dates = [one.due for one in milestones(as_of, pilot_start(evidence))]
    managers = next((row.managers for row in evidence.managers if row.unit == COMPANY), None)
    counted = {row.kind: row.managers for row in evidence.involvement}
    made = []
    for kind, place in INVOLVEMENT.items():
        did = counted.get(kind, 0)
        done = managers is not None and did >= DONE_SHARE * managers
        made.append(
            InvolvementDue(
                kind=kind,
                label=KINDS[kind],
                managers=did,
                of_managers=managers,
                due=dates[place],
                state="done" if done else state(dates[place], as_of),
            )
        )
    return tuple(sorted(made, key=lambda one: (one.due, one.kind)))
