"""Key figures of the learning function and its calendar. Activity is shown as activity, never as a result."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from workbook.evidence import Evidence, SessionCount
from workbook.model import kpis as model
from workbook.results import CalendarLine, Effect, Growth, Kpi

NO_TRAINING = "training.csv is needed"
NO_SESSIONS = "sessions.csv is needed"
NO_PARTICIPANTS = "participants.csv is needed"
OVERALL = "all"
LASTING = {"rising", "maintained"}


def kpis(
    evidence: Evidence, *, effect: Effect, growth: Mapping[str, Growth], roi_percent: float | None, roi_why: str | None
) -> tuple[Kpi, ...]:
    """Business sync, learning results, operational value, activity: in that order."""
    return (
        business_sync(evidence),
        *learning_results(effect, growth),
        *operational_value(evidence),
        Kpi(
            group="operational value",
            label="Median ROI of the programme, with the pilot's result taken in",
            value=roi_percent,
            unit="percent",
            why=roi_why if roi_percent is None else None,
        ),
        activity(evidence),
    )


def business_sync(evidence: Evidence) -> Kpi:
    """Share of training spend tied to a stated priority with an agreed metric."""
    total = sum(row.money for row in evidence.spend)
    tied = sum(row.priority_with_metric_money for row in evidence.spend)
    return Kpi(
        group="business sync",
        label="Spend tied to a stated priority with an agreed metric",
        value=model.share(part=tied, whole=total),
        unit="share",
        why=None if total > 0 else NO_TRAINING,
    )


def by_competency(growth: Mapping[str, Growth]) -> list[Growth]:
    """Growth of single competencies: their mean over all, where it is given beside them, is not counted again."""
    single = [one for name, one in growth.items() if name != OVERALL]
    return single or list(growth.values())


def learning_results(effect: Effect, growth: Mapping[str, Growth]) -> tuple[Kpi, ...]:
    """Change in behaviour against the comparison, and how many competencies kept their gain."""
    classed = [one for one in by_competency(growth) if one.pattern != "insufficient data"]
    lasting = sum(one.pattern in LASTING for one in classed)
    return (
        Kpi(
            group="learning results",
            label="Change in behaviour against the comparison, in standard deviations",
            value=effect.ancova,
            unit="score",
            why=effect.why,
        ),
        Kpi(
            group="learning results",
            label="Competencies that rose and kept the gain",
            value=model.share(part=lasting, whole=len(classed)),
            unit="share",
            why=None if classed else "no competency has a baseline and two later waves",
        ),
    )


def operational_value(evidence: Evidence) -> tuple[Kpi, ...]:
    """Cost per person, actual against budget, seats used, sessions held on time."""
    money, people = sum(row.money for row in evidence.spend), sum(row.participants for row in evidence.spend)
    budgeted = [row for row in evidence.spend if row.budget_money is not None]
    budget = sum(row.budget_money or 0.0 for row in budgeted)
    over = model.overspend_share(spent_money=sum(row.money for row in budgeted), budget_money=budget)
    counted = [row for row in evidence.sessions if row.status == "held" and row.seats and row.attended is not None]
    seats = sum(row.seats or 0 for row in counted)
    used = model.share(part=sum(row.attended or 0 for row in counted), whole=seats)
    due = sum(row.sessions for row in evidence.sessions if row.status != "planned")
    held = sum(row.sessions for row in evidence.sessions if row.status == "held")
    on_time = model.share(part=held, whole=due)
    return (
        Kpi(
            group="operational value",
            label="Cost per participant",
            value=model.money_per_person(money=money, people=people),
            unit="money",
            why=None if people > 0 else NO_TRAINING,
        ),
        Kpi(
            group="operational value",
            label="Spent above budget",
            value=over,
            unit="share",
            why=None if over is not None else "training.csv with a budget column is needed",
        ),
        Kpi(
            group="operational value",
            label="Seats used in sessions held",
            value=used,
            unit="share",
            why=None if used is not None else f"{NO_SESSIONS}, with seats and attended",
        ),
        Kpi(
            group="operational value",
            label="Sessions held as planned",
            value=on_time,
            unit="share",
            why=None if on_time is not None else NO_SESSIONS,
        ),
    )


def activity(evidence: Evidence) -> Kpi:
    """Completion: what happened, not what it brought."""
    started = sum(row.started for row in evidence.participants)
    done = model.share(part=sum(row.completed for row in evidence.participants), whole=started)
    return Kpi(
        group="activity",
        label="Participants who completed",
        value=done,
        unit="share",
        why=None if done is not None else NO_PARTICIPANTS,
    )


def calendar(evidence: Evidence) -> tuple[CalendarLine, ...]:
    """Sessions of each programme by status, with the reasons they moved, most frequent first."""
    programmes = sorted({row.programme for row in evidence.sessions})
    return tuple(
        calendar_line(name, [row for row in evidence.sessions if row.programme == name]) for name in programmes
    )


def calendar_line(programme: str, rows: list[SessionCount]) -> CalendarLine:
    """One programme's sessions."""
    by_status: Counter[str] = Counter()
    reasons: Counter[str] = Counter()
    for row in rows:
        by_status[row.status] += row.sessions
        if row.status in {"postponed", "cancelled"} and row.reason:
            reasons[row.reason] += row.sessions
    held = [row for row in rows if row.status == "held" and row.seats and row.attended is not None]
    return CalendarLine(
        programme=programme,
        planned=by_status["planned"],
        held=by_status["held"],
        postponed=by_status["postponed"],
        cancelled=by_status["cancelled"],
        reasons=tuple(sorted(reasons.items(), key=lambda item: (-item[1], item[0]))),
        attendance_share=model.share(
            part=sum(row.attended or 0 for row in held), whole=sum(row.seats or 0 for row in held)
        ),
    )
