"""Week 4, the rules: criteria, milestones, metrics agreed, and the CFO page."""

from __future__ import annotations

from workbook import words
from workbook.results import Facts, MetricDefinition, Week4
from workbook.view.figure import Figure
from workbook.view.figures import build
from workbook.words import Words


def criteria(week4: Week4, facts: Facts) -> Figure:
    """Success criteria as traffic lights, written before the start."""
    found = week4.pilot.criteria
    if not found:
        return build.gap(key="week4-criteria", title="Success criteria: none yet", why=week4.pilot.why)
    title = (
        f"{Words.of(facts).count(len(found), 'criterion', 'criteria')} written before the start decide: go, "
        "extend or stop"
    )
    return build.figure(
        key="week4-criteria",
        title=title,
        text=f"{title}. " + " ".join(f"{c.metric}: green {c.green}; amber {c.amber}; red {c.red}." for c in found),
        note="They bind: what is written now is what is read later.",
        columns=("Metric", "Green: go", "Amber: extend", "Red: stop"),
        table=[(c.metric, c.green, c.amber, c.red) for c in found],
        height=0,
    )


def milestones(week4: Week4, facts: Facts) -> Figure:
    """What is looked at, when."""
    say = Words.of(facts)
    found = sorted(week4.pilot.milestones, key=lambda milestone: milestone.due)
    if not found:
        return build.gap(key="week4-milestones", title="Milestones: none yet", why=week4.pilot.why)
    title = f"{say.count(len(found), 'milestone')}, the last on {say.date(found[-1].due)}"
    return build.figure(
        key="week4-milestones",
        title=title,
        text=f"{title}. " + " ".join(f"{m.label}, {say.date(m.due)}: {words.sentence(m.what)}" for m in found),
        columns=("Milestone", "Due", "What"),
        table=[(m.label, say.date(m.due), m.what) for m in found],
        height=0,
    )


def metrics(week4: Week4, facts: Facts) -> Figure:
    """The metric dictionary, with who agreed and when."""
    say = Words.of(facts)
    found = week4.metrics
    if not found:
        return build.gap(
            key="week4-metrics", title="Metrics agreed: none yet", why="no metric was agreed before the start"
        )
    agreed = [m for m in found if m.agreed_by]
    late = [words.topic(m.metric) for m in found if m.added_after_start]
    moved = [words.topic(m.metric) for m in found if m.changed_after_start and not m.added_after_start]
    title = f"{len(agreed)} of {say.count(len(found), 'metric')} agreed by name" + "".join(
        f"; {what} after the start: {words.listing(names)}"
        for what, names in (("added", late), ("changed", moved))
        if names
    )
    return build.figure(
        key="week4-metrics",
        title=title,
        text=f"{title}. "
        + " ".join(
            f"{words.topic(m.metric)}: {say.number(m.baseline)} now, target {say.number(m.target)}." for m in found
        ),
        columns=(
            "Metric",
            "Definition",
            "Formula",
            "Purpose",
            "Owner",
            "Now",
            "Target",
            "Agreed by",
            "Agreed on",
            "When added",
        ),
        table=[
            (
                words.topic(m.metric),
                m.definition,
                m.formula,
                m.purpose,
                m.owner,
                say.number(m.baseline),
                say.number(m.target),
                m.agreed_by or "nobody yet",
                say.date(m.agreed_on) if m.agreed_on else "",
                _when_added(m, say),
            )
            for m in found
        ],
        height=0,
    )


def _when_added(metric: MetricDefinition, say: Words) -> str:
    if metric.added_after_start:
        return "after the start"
    return (
        f"before; changed after the start ({say.date(metric.changed_on)})" if metric.changed_after_start else "before"
    )


def business_case(week4: Week4, facts: Facts) -> Figure:
    """The CFO page, in sentences."""
    case = week4.business_case
    lines = [
        ("Decision asked", case.decision_asked),
        ("Verdict", case.verdict),
        ("Cost of waiting", case.cost_of_waiting),
        ("Range of return", case.range_of_return),
        *(("What could flip it", text) for text in case.what_could_flip_it or ("Nothing inside the ranges.",)),
        ("Pilot", case.pilot_ask),
        *(("Risk", text) for text in case.risks),
        *(
            ("Agreed", _worded(text, week4, facts))
            for text in case.who_agreed or ("Nobody has agreed to a metric yet.",)
        ),
    ]
    return build.figure(
        key="week4-case",
        title=f"For the CFO: {case.decision_asked.rstrip('.')}",
        text=" ".join(f"{label}: {words.sentence(text)}" for label, text in lines),
        columns=("What", "Answer"),
        table=[(label, words.sentence(text)) for label, text in lines],
        height=0,
    )


def _worded(text: str, week4: Week4, facts: Facts) -> str:
    """The sentence with each metric's code and date as a reader says them."""
    say = Words.of(facts)
    for line in week4.metrics:
        text = text.replace(f"'{line.metric}'", f"“{words.lower_first(words.topic(line.metric))}”")
        if line.agreed_on is not None:
            text = text.replace(line.agreed_on.isoformat(), say.date(line.agreed_on))
    return text
