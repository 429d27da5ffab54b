"""Follow-up, the calendar: what postponing costs, the sessions planned again, and what is due from whom."""

from __future__ import annotations

from typing import Any

from workbook import words
from workbook.results import Facts, Followup, ReplanLine
from workbook.view.figure import Figure
from workbook.view.figures import build
from workbook.words import Words

ACTIONS = {"keep": "Stays", "move": "Moved", "split": "Split", "self-paced": "Self-paced"}
ACTED = {"move": "moved", "split": "split", "self-paced": "given as self-paced material", "keep": "as planned"}


def calendar(followup: Followup, facts: Facts) -> Figure:
    """Sessions held, postponed and cancelled, and why."""
    say = Words.of(facts)
    found = followup.calendar
    if not found:
        return build.gap(key="followup-calendar", title="Calendar: no sessions yet", why="no sessions were given")
    held, postponed, cancelled = (
        sum(getattr(line, status) for line in found) for status in ("held", "postponed", "cancelled")
    )
    title = f"{say.count(held, 'session')} held, {postponed} postponed, {cancelled} cancelled"
    statuses = ("held", "planned", "postponed", "cancelled")
    rows = [
        {
            "label": words.label(words.topic(line.programme)),
            "status": words.name(status),
            "value": getattr(line, status),
            "rank": rank,
        }
        for line in found
        for rank, status in enumerate(statuses)
    ]
    spec = build.base(
        [
            {
                "mark": {"type": "bar", "height": {"band": 0.6}, "cornerRadiusEnd": 0},
                "encoding": {
                    "y": build.labels_y(),
                    "x": build.value("value", build.plain_axis("Sessions", tickMinStep=1), stack="zero"),
                    "order": {"field": "rank", "type": "quantitative"},
                    "color": {
                        "field": "status",
                        "type": "nominal",
                        "legend": {"title": None},
                        "scale": {"domain": ["Held", "Postponed", "Planned", "Cancelled"], "range": "category"},
                    },
                    "tooltip": build.tips(("label", "Programme"), ("status", "Status"), ("value", "Sessions")),
                },
            }
        ],
        height={"step": 40},
    )
    reasons = [f"{reason} ({number})" for line in found for reason, number in line.reasons]
    return build.figure(
        key="followup-calendar",
        title=title,
        text=f"{title}. "
        + " ".join(
            f"{words.topic(line.programme)}: {line.held} held, {line.planned} still planned, "
            f"{line.postponed} postponed, {line.cancelled} cancelled, attendance {say.share(line.attendance_share)}."
            for line in found
        )
        + (f" Reasons: {words.listing(reasons)}." if reasons else ""),
        spec=spec,
        rows=rows,
        columns=("Programme", "Held", "Planned", "Postponed", "Cancelled", "Attendance", "Reasons"),
        table=[
            (
                words.topic(c.programme),
                c.held,
                c.planned,
                c.postponed,
                c.cancelled,
                say.share(c.attendance_share),
                "; ".join(f"{reason}: {number}" for reason, number in c.reasons),
            )
            for c in found
        ],
        height=40 * len(found) + 80,
    )


def postponed(followup: Followup, facts: Facts) -> Figure:
    """Sessions postponed and cancelled, why, and what that has cost."""
    say = Words.of(facts)
    found = followup.postponements
    if not found:
        why = "no session was postponed or cancelled" if followup.calendar else "no sessions were given"
        return build.gap(key="followup-postponed", title="Cost of postponing: nothing to count", why=why)
    sessions = sum(one.sessions for one in found)
    known = [one.money for one in found if one.money is not None]
    total = sum(known)
    cost = f"{'cost' if total >= 0 else 'saved'} {say.money(abs(total))} so far" if known else "moved"
    title = f"{say.count(sessions, 'session')} postponed or cancelled {cost}"
    return build.figure(
        key="followup-postponed",
        title=title,
        text=f"{title}. "
        + " ".join(
            f"{words.topic(one.programme)}, {one.status}, {one.reason or 'no reason given'}: "
            f"{say.count(one.sessions, 'session')}, {say.money(one.money)}."
            for one in found
        ),
        note="Person-hours that came late × the cost of a person-hour's delay by a week, from the cost of delay of the "
        "track's own plan. Cancelled sessions count until the as-of date.",
        columns=("Programme", "What became of it", "Reason", "Sessions", "Person-hours", "Days late", "Cost", "Remark"),
        table=[
            (
                words.topic(one.programme),
                one.status,
                one.reason or "no reason given",
                one.sessions,
                say.count(one.person_hours),
                say.number(one.days_late, 0),
                say.money_full(one.money),
                one.why or "",
            )
            for one in found
        ],
        height=0,
    )


def replan(followup: Followup, facts: Facts) -> Figure:
    """The sessions still to be held, planned again."""
    say = Words.of(facts)
    found = followup.replan
    if found is None or not found.lines:
        why = None if found is None else found.why
        return build.gap(key="followup-replan", title="Re-plan: nothing to plan", why=why or "no sessions were given")
    counts = {action: sum(line.action == action for line in found.lines) for action in ACTIONS}
    parts = [f"{counts[action]} {name}" for action, name in ACTED.items() if counts[action]]
    stand = "all stay as planned" if counts["keep"] == len(found.lines) else words.listing(parts)
    title = f"{say.count(len(found.lines), 'session')} still to be held: {stand}"
    rows = [row for line in found.lines for row in _drawn(line, say)]
    late = "" if found.late_money is None else f" What is late in it costs {say.money(found.late_money)}."
    beyond = f" {say.count(found.beyond, 'further session')} later on stay as planned." if found.beyond else ""
    return build.figure(
        key="followup-replan",
        title=title,
        text=f"{title}. " + " ".join(_sentence(line, say) for line in found.lines) + late + beyond,
        note=f"Upright line: the day it was due. {found.rule}",
        spec=_spec(rows),
        rows=rows,
        columns=("Session", "Programme", "Unit", "Was due", "What", "Now", "Weeks late", "Managers' week", "Why"),
        table=[
            (
                line.session,
                words.topic(line.programme),
                line.unit,
                say.date(line.due),
                ACTIONS[line.action].lower(),
                _when(line, say),
                say.number(line.weeks_late, 1) if line.weeks_late is not None else "",
                {True: "yes", False: "no", None: "none chosen"}[line.wish_kept],
                line.reason,
            )
            for line in found.lines
        ],
        height=34 * len(found.lines) + 90,
    )


def _when(line: ReplanLine, say: Words) -> str:
    if not line.dates:
        return "self-paced, from now"
    if len(line.dates) == 2:
        return f"critical part {say.date(line.dates[0])}, rest {say.date(line.dates[1])}"
    return say.date(line.dates[0])


def _sentence(line: ReplanLine, say: Words) -> str:
    return f"{line.session}, {words.topic(line.programme)}, {line.unit}: {_when(line, say)}; {line.reason}."


def _drawn(line: ReplanLine, say: Words) -> list[dict[str, Any]]:
    label = words.label(f"{line.session} {line.unit}", 40, 26)
    about = {"label": label, "said": _when(line, say), "why": line.reason}
    days = line.dates or (line.due,)
    return [
        {
            **about,
            "day": day.isoformat(),
            "due": line.due.isoformat(),
            "what": ACTIONS[line.action],
        }
        for day in days
    ]


def _spec(rows: list[dict[str, Any]]) -> dict[str, Any]:
    axis = {"title": "Day", "format": "%-d %b", "tickCount": 5, "labelOverlap": True}
    x = {"type": "temporal", "axis": axis, "scale": {"type": "utc"}}
    domain = [name for name in ACTIONS.values() if any(row["what"] == name for row in rows)]
    tooltip = build.tips(("label", "Session"), ("what", "What"), ("said", "When"), ("why", "Why"))
    shapes = {"Stays": "circle", "Moved": "diamond", "Split": "square", "Self-paced": "triangle-up"}
    return build.base(
        [
            {
                "mark": {"type": "rule", "style": "interval", "aria": False},
                "encoding": {
                    "y": build.labels_y(),
                    "x": {"field": "due", **x},
                    "x2": {"field": "day"},
                },
            },
            {
                "mark": {"type": "tick", "thickness": 2, "size": 14},
                "encoding": {"y": build.labels_y(), "x": {"field": "due", **x}, "tooltip": tooltip},
            },
            {
                "mark": {"type": "point", "size": 110},
                "encoding": {
                    "y": build.labels_y(),
                    "x": {"field": "day", **x},
                    "color": {
                        "field": "what",
                        "type": "nominal",
                        "scale": {"domain": domain, "range": "category"},
                        "legend": {"title": None},
                    },
                    "shape": {
                        "field": "what",
                        "type": "nominal",
                        "scale": {"domain": domain, "range": [shapes[name] for name in domain]},
                        "legend": {"title": None},
                    },
                    "tooltip": tooltip,
                },
            },
        ],
        height={"step": 34},
    )


def due(followup: Followup, facts: Facts) -> Figure:
    """Touchpoints and managers' part: what is due, from whom, and what is overdue."""
    say = Words.of(facts)
    if not followup.touchpoints and not followup.involvement_due:
        return build.gap(key="followup-due", title="What is due: nothing yet", why="no pilot is planned")
    lines = [(point.due, words.sentence(point.what), point.who, point.state, "") for point in followup.touchpoints]
    lines += [
        (
            one.due,
            f"Managers: {words.lower_first(one.label)}",
            "managers",
            one.state,
            f"{one.managers}" + ("" if one.of_managers is None else f" of {one.of_managers}"),
        )
        for one in followup.involvement_due
    ]
    lines.sort(key=lambda line: (line[3] == "done", line[0], line[1]))
    ahead = [line for line in lines if line[3] == "ahead"]
    behind = sum(one.state == "overdue" for one in followup.involvement_due)
    missed = sum(point.state == "overdue" for point in followup.touchpoints)
    title = "; ".join(
        filter(
            None,
            (
                f"Next: {_short(ahead[0][1])}, {say.date(ahead[0][0])}" if ahead else "",
                f"{say.count(missed, 'touchpoint')} missed" if missed else "",
                f"managers are behind in {behind} of {len(followup.involvement_due)} parts" if behind else "",
            ),
        )
    )
    title = words.sentence(title or "Every touchpoint is done").rstrip(".")
    return build.figure(
        key="followup-due",
        title=title,
        text=f"{title}. "
        + " ".join(f"{say.date(day)}: {what.rstrip('.')} ({state})." for day, what, _, state, _ in lines),
        note="Managers' part counts as done when three in four took part (house assumption).",
        columns=("Due", "What", "From", "State", "Took part"),
        table=[(say.date(day), what, who, state, part) for day, what, who, state, part in lines],
        height=0,
    )


def _short(what: str) -> str:
    """`Month 9: Decision …` is `month 9`, `Managers: feedback received` is `feedback received`."""
    head, _, tail = what.rstrip(".").partition(": ")
    return tail if head == "Managers" else words.lower_first(head)
