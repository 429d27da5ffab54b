"""What was given, how good it is, and who still has to supply what, by when."""

from __future__ import annotations

from workbook.evidence import Evidence, TableQuality
from workbook.results import Start
from workbook.weeks.week1_read import SURVEY_TABLES

CHECKLIST = (
    ("Week 1", "HR systems", "Employees with leavers, levels, ratings and critical teams", ("employees",)),
    ("Week 1", "HR systems", "Roles, critical ones marked, and who could succeed", ("roles", "successors")),
    ("Week 1", "Survey vendor", "Survey waves of two years", SURVEY_TABLES),
    ("Week 1", "Learning team", "Programmes, people reached, hours and cost", ("training",)),
    ("Week 1", "Sponsor and managers", "Answers to the readiness questions", ("readiness",)),
    ("Week 1", "Learning team", "Log of what managers did for the programmes", ("involvement",)),
    ("Week 1", "Consultant", "Coded interviews", ("interviews",)),
    ("Week 1", "Delivery office", "Delivery records by unit and month", ("delivery",)),
    ("Week 2", "Portfolio office", "Late initiatives, their value a month and the cause", ("initiatives",)),
    ("Week 2", "Finance", "Budget, or today's training spend", ("budget",)),
    ("Week 2", "Finance", "Revenue, or the monthly value of leadership roles", ("revenue",)),
    ("Week 3", "Sponsor", "Priorities for the year", ("priorities",)),
    ("Week 4", "Sponsor", "Metrics agreed before the start, each with an owner", ("metrics",)),
    ("Week 4", "Sponsor", "Targets and by when they should be met", ("targets",)),
    ("Follow-up", "Learning team", "Participants and sessions", ("participants", "sessions")),
    ("Follow-up", "Direct reports", "Ratings of leaders at the start, 30, 60 and 90 days", ("ratings",)),
)
EITHER = {SURVEY_TABLES}


def start(evidence: Evidence) -> Start:
    """The state of the client's data. Survey and survey_summary stand in for each other and count as one table."""
    rows = _one_survey(evidence.quality)
    shares = [row.completeness_share or 0.0 if row.present else 0.0 for row in rows]
    return Start(
        tables=evidence.quality,
        completeness_share=sum(shares) / len(shares) if shares else 0.0,
        missing=tuple(row.table for row in rows if not row.present),
        checklist=tuple((when, who, what, _done(evidence, needs)) for when, who, what, needs in CHECKLIST),
        notes=evidence.notes,
    )


def _one_survey(quality: tuple[TableQuality, ...]) -> list[TableQuality]:
    """Tables with the two forms of survey folded into the one given, or into `survey` when neither was."""
    surveys = [row for row in quality if row.table in SURVEY_TABLES]
    best = max(surveys, key=lambda row: (row.present, row.completeness_share or 0.0), default=None)
    return [row for row in quality if row.table not in SURVEY_TABLES or row is best]


def _done(evidence: Evidence, needs: tuple[str, ...]) -> bool:
    """Whether all of `needs` were given: tables, or keys of client.yml; of the two forms of survey, either."""
    done = [_given(evidence, need) for need in needs]
    return any(done) if needs in EITHER else all(done)


def _given(evidence: Evidence, need: str) -> bool:
    settings = evidence.settings
    if need == "budget":
        return settings.budget is not None or evidence.has("training")
    if need == "revenue":
        flow = evidence.role_flow
        return settings.revenue is not None or (flow is not None and flow.role_value_source == "roles")
    if need in {"priorities", "targets"}:
        return bool(getattr(settings, need))
    return evidence.has(need)
