"""Succession, today's spend, readiness, involvement and interviews: what stands beside the signals."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from workbook.evidence import COMPANY, Evidence, Spend
from workbook.model import readiness as rubric
from workbook.model.spend import benchmark_per_employee, favourable_threshold, quadrant
from workbook.model.succession import coverage_share
from workbook.model.survey import below_probability
from workbook.results import (
    AudienceSpend,
    CoverageCell,
    Estimate,
    InterviewCount,
    InvolvementCount,
    Readiness,
    ReadinessItem,
    SpendAudit,
    StageCell,
    Succession,
)
from workbook.settings import Construct
from workbook.weeks import week1_read as read
from workbook.weeks.week1_signals import succession_gap

AUDIENCES = ("executive", "manager", "emerging", "individual")
STAGES = ("new", "individual", "emerging", "manager", "executive")
AREAS = {
    "sponsor": ("Sponsor", "Name an executive who opens the programme, attends and reports on it to the board."),
    "management": ("Management", "Agree objectives with each participant's manager before the first session."),
    "hr_systems": ("HR systems", "Bring goals, appraisal and promotion into line with what the programme teaches."),
    "processes": ("Processes", "Settle who decides and who hands over to whom before training people to do it."),
    "culture": ("Culture", "Have leaders ask for feedback in public and act on it before others are asked to."),
    "individuals": ("Individuals", "Let participants choose to take part, with time set aside in their week."),
}
KINDS = {
    "objectives_agreed": "Objectives agreed",
    "draft_reviewed": "Draft reviewed",
    "co_delivered": "Sessions co-delivered",
    "coaching": "Coaching given",
    "slot_chosen": "Slot chosen",
    "feedback_given": "Feedback given",
    "feedback_received": "Feedback received",
}
TACTICS = {
    "why": ("Why it is done", ("sponsor",), (), "Have the sponsor say why, in a meeting where questions are taken."),
    "new_process": (
        "What will be done anew",
        ("processes",),
        (),
        "Show the new process step by step before it starts.",
    ),
    "ideal_outcome": (
        "What a good outcome looks like",
        (),
        ("objectives_agreed",),
        "Agree with each manager what good looks like, in their own figures.",
    ),
    "feedback_sought": (
        "Feedback sought",
        (),
        ("draft_reviewed", "feedback_given", "feedback_received"),
        "Ask managers to review the draft, and tell them what was changed for it.",
    ),
}


def succession(evidence: Evidence) -> Succession:
    """Coverage of critical roles by naming and by matching; uncovered roles by unit, most first."""
    counts = read.roles_of(evidence)
    why = succession_gap(evidence, counts)
    if counts is None or why is not None:
        critical = counts.critical if counts else None
        return Succession(
            critical_roles=critical, coverage_named=None, coverage_matched=None, ready_now_matched=None, why=why
        )
    by_unit = [
        (row.unit, row.critical - row.matched, row.critical)
        for row in evidence.roles
        if row.unit != COMPANY and row.critical > 0
    ]
    return Succession(
        critical_roles=counts.critical,
        coverage_named=coverage_share(covered=counts.named_any, critical=counts.critical),
        coverage_matched=coverage_share(covered=counts.matched, critical=counts.critical),
        ready_now_matched=coverage_share(covered=counts.matched_ready_now, critical=counts.critical),
        uncovered_by_unit=tuple(sorted(by_unit, key=lambda row: (-row[1], row[0]))),
    )


def spend_audit(evidence: Evidence) -> SpendAudit:
    """Money and hours a year by audience, their ratio, the quadrant, and the two coverage maps with their holes."""
    rows = read.yearly_spend(evidence)
    sizes: dict[str, int] = {row.audience: row.headcount for row in evidence.audiences}
    heard = (*AUDIENCES, "all") if any(row.audience == "all" for row in rows) else AUDIENCES
    per_head = {name: _audience(name, [row for row in rows if row.audience == name], sizes.get(name)) for name in heard}
    money = sum(row.money for row in rows)
    executive, individual = per_head["executive"].money_per_head, per_head["individual"].money_per_head
    leaders, p_leaders = _capability(evidence, "manager_effectiveness")
    employees, p_employees = _capability(evidence, "capability")
    side = (
        quadrant(p_leaders_developed=p_leaders, p_employees_developed=p_employees)
        if p_leaders is not None and p_employees is not None
        else None
    )
    benchmark, benchmark_source = benchmark_per_employee(headcount=read.headcount_now(evidence))
    return SpendAudit(
        per_head=per_head if rows else {},
        total_money=money if rows else None,
        ratio_executive_individual=executive / individual if executive is not None and individual else None,
        leadership_share=_track_share(rows, "leadership"),
        technical_share=_track_share(rows, "technical"),
        leaders_capability=leaders,
        employees_capability=employees,
        quadrant=side[0] if side else "insufficient data",
        quadrant_certainty=side[1] if side else None,
        coverage=_coverage(rows, heard),
        journey=_journey(rows, heard),
        benchmark_money_per_head=benchmark,
        benchmark_source=benchmark_source,
        why=None if rows else read.ask(evidence, "training", "Table training holds no programme."),
    )


def _audience(name: str, rows: list[Spend], headcount: int | None) -> AudienceSpend:
    money, hours = sum(row.money for row in rows), sum(row.hours for row in rows)
    return AudienceSpend(
        audience=name,
        headcount=headcount,
        money=money,
        money_per_head=money / headcount if headcount else None,
        hours_per_head=hours / headcount if headcount else None,
        leadership_share=_track_share(rows, "leadership"),
        technical_share=_track_share(rows, "technical"),
    )


def _track_share(rows: Iterable[Spend], track: str) -> float | None:
    by_track: dict[str, float] = defaultdict(float)
    for row in rows:
        by_track[row.track] += row.money
    total = sum(by_track.values())
    return by_track[track] / total if total > 0 else None


def _capability(evidence: Evidence, construct: Construct) -> tuple[Estimate, float | None]:
    """The last score of a construct, and the probability that it lies in the favourable part of its scale."""
    cell = read.current_wave(evidence, construct)
    if cell is None or cell.n is None:
        hidden = read.withheld(evidence, construct)
        return Estimate(value=None, why=read.survey_gap(evidence, construct), suppressed=hidden), None
    scale = evidence.settings.scales.get(construct)
    threshold = favourable_threshold(
        scale_min=cell.scale_min,
        scale_max=cell.scale_max,
        favourable_from=scale.favourable_from if scale else None,
    )
    estimate = read.wave_estimate(cell)
    p_below = below_probability(
        estimate=estimate.value or 0.0,
        standard_error=read.wave_error(cell),
        degrees_of_freedom=cell.n - 1,
        threshold=threshold,
    )
    return estimate, 1 - p_below


def _coverage(rows: Iterable[Spend], audiences: Iterable[str]) -> tuple[CoverageCell, ...]:
    """Participants by audience and competency; zero where a competency trained elsewhere reaches nobody here."""
    counts: dict[tuple[str, str], int] = defaultdict(int)
    for row in rows:
        if row.competency is not None:
            counts[row.audience, row.competency] += row.participants
    competencies = sorted({competency for _, competency in counts})
    return tuple(
        CoverageCell(audience=audience, competency=competency, participants=counts.get((audience, competency), 0))
        for audience in audiences
        for competency in competencies
    )


def _journey(rows: Iterable[Spend], audiences: Iterable[str]) -> tuple[StageCell, ...]:
    """Participants by audience along the one learning journey; empty when no programme states its stage."""
    counts: dict[tuple[str, str], int] = defaultdict(int)
    for row in rows:
        if row.journey_stage is not None:
            counts[row.audience, row.journey_stage] += row.participants
    stages = (*STAGES, *sorted({stage for _, stage in counts} - set(STAGES))) if counts else ()
    return tuple(
        StageCell(audience=audience, journey_stage=stage, participants=counts.get((audience, stage), 0))
        for audience in audiences
        for stage in stages
    )


def readiness(evidence: Evidence) -> Readiness:
    """Colour, transfer factor and remedies. A red sponsor makes the whole red; a red area keeps it from green."""
    means = {row.area: row for row in evidence.readiness}
    areas = {
        area: ReadinessItem(
            area=area,
            label=label,
            score=means[area].mean if area in means else None,
            n=means[area].n if area in means else None,
            colour=rubric.colour(score=means[area].mean if area in means else None),
            remedy=remedy if area in means and means[area].mean < rubric.AMBER_BELOW else None,
        )
        for area, (label, remedy) in AREAS.items()
    }
    known = len(means) >= rubric.AREAS_NEEDED
    score = sum(row.mean for row in means.values()) / len(means) if known else None
    colour = rubric.overall_colour(
        score=score, sponsor=areas["sponsor"].colour, areas=[a.colour for a in areas.values()]
    )
    missing = [item.label for item in areas.values() if item.score is None]
    few = f"Not asked about: {', '.join(missing)}." if missing else None
    weakest = sorted((item for item in areas.values() if item.remedy), key=lambda item: item.score or 0.0)
    return Readiness(
        colour=colour,
        score=score,
        transfer_factor=float(rubric.transfer_factor(score=score)) if score is not None else 1.0,
        areas=areas,
        tactics=_tactics(evidence, areas),
        remedy=" ".join(item.remedy for item in weakest[:2] if item.remedy) or None,
        why=few if means else read.ask(evidence, "readiness", "Table readiness holds no answer."),
    )


def _tactics(evidence: Evidence, areas: dict[str, ReadinessItem]) -> tuple[ReadinessItem, ...]:
    """The four buy-in tactics, read from the readiness area or the involvement that shows them (house assumption)."""
    shares = {row.kind: row.manager_share for row in involvement(evidence)}
    managers = _managers(evidence)
    items = []
    for name, (label, from_areas, from_kinds, remedy) in TACTICS.items():
        seen = [areas[area].score for area in from_areas]
        seen += [rubric.score_of_share(share=shares.get(kind) or 0.0) for kind in from_kinds if shares and managers]
        score = max((value for value in seen if value is not None), default=None)
        n = areas[from_areas[0]].n if from_areas else managers
        colour = rubric.colour(score=score)
        needed = remedy if colour in {"red", "amber"} else None
        items.append(
            ReadinessItem(
                area=name, label=label, score=score, n=n if score is not None else None, colour=colour, remedy=needed
            )
        )
    return tuple(items)


def _managers(evidence: Evidence) -> int | None:
    return next((row.managers for row in evidence.managers if row.unit == COMPANY and row.managers > 0), None)


def involvement(evidence: Evidence) -> tuple[InvolvementCount, ...]:
    """How many managers did what the learning team asks of them; the kinds never seen are listed with zero."""
    if not evidence.involvement:
        return ()
    managers = _managers(evidence)
    rows = {row.kind: row for row in evidence.involvement}
    kinds = {**KINDS, **{kind: kind.replace("_", " ").capitalize() for kind in sorted(set(rows) - set(KINDS))}}
    counted = [(kind, label, rows.get(kind)) for kind, label in kinds.items()]
    return tuple(
        InvolvementCount(
            kind=kind,
            label=label,
            events=row.events if row else 0,
            managers=row.managers if row else 0,
            manager_share=min((row.managers if row else 0) / managers, 1.0) if managers else None,
        )
        for kind, label, row in counted
    )


def interviews(evidence: Evidence) -> tuple[InterviewCount, ...]:
    """Coded interview counts by theme, most often worse first; of the company, else summed over units."""
    company = [row for row in evidence.interviews if row.unit == COMPANY]
    counts: dict[str, dict[str, int]] = defaultdict(lambda: {"better": 0, "same": 0, "worse": 0})
    for row in company or evidence.interviews:
        counts[row.theme][row.direction] += row.interviews
    made = (InterviewCount(theme=theme, **count) for theme, count in counts.items())
    return tuple(sorted(made, key=lambda row: (-row.worse, row.theme)))
