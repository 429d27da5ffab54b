"""Week 1, today's spend: who gets the money, what it covers, and leaders beside employees."""

from __future__ import annotations

from workbook import words
from workbook.results import Facts, Week1
from workbook.view.figure import Figure
from workbook.view.figures import build
from workbook.words import Words

QUADRANTS = {
    "resentment": "Developed employees meet weak leaders: expect resentment",
    "hand-holding": "Capable leaders carry employees: expect hand-holding",
    "healthy": "Leaders and employees are both capable",
    "neither": "Neither leaders nor employees are rated capable",
    "insufficient data": "Leaders against employees: insufficient data",
}


def figures(week1: Week1, facts: Facts) -> tuple[Figure, ...]:
    """Spend by audience, the quadrant, the coverage map and the learning journey."""
    return (spend(week1, facts), quadrant(week1, facts), coverage(week1, facts), journey(week1, facts))


def spend(week1: Week1, facts: Facts) -> Figure:
    """Training spend per head by audience."""
    say = Words.of(facts)
    found = week1.spend
    lines = [line for line in found.per_head.values() if line.money_per_head is not None]
    if not lines:
        return build.gap(key="week1-spend", title="Today's training spend: insufficient data", why=found.why)
    most = max(lines, key=lambda line: line.money_per_head or 0.0)
    title = (
        f"An executive gets {say.number(found.ratio_executive_individual)} times the training money of an "
        "individual contributor"
        if found.ratio_executive_individual is not None and found.ratio_executive_individual >= 1
        else f"{words.name(most.audience)} get the most training money: {say.money(most.money_per_head)} a head"
    )
    rows = [
        {
            "label": words.label(words.name(line.audience)),
            "value": line.money_per_head,
            "end": line.money_per_head,
            "said": say.money(line.money_per_head),
            "hours": f"{say.number(line.hours_per_head)} hours a head",
        }
        for line in lines
    ]
    axis = build.money_axis(say, "A head, a year")
    spec = build.with_room(
        build.plain_bars(
            axis=axis, tooltip=build.tips(("label", "Audience"), ("said", "A head"), ("hours", "Time")), step=36
        ),
        axis,
    )
    benchmark = (
        f"The benchmark is US ${say.number(found.benchmark_money_per_head)} an employee ({found.benchmark_source})"
    )
    text = (
        f"{title}. In all {say.money(found.total_money)}: {say.share(found.leadership_share)} on leadership and "
        f"{say.share(found.technical_share)} on technical training. "
        + " ".join(f"{words.name(line.audience)}: {say.money(line.money_per_head)} a head." for line in lines)
    )
    return build.figure(
        key="week1-spend",
        title=title,
        text=text,
        note=f"{benchmark}. Source: training records.",
        spec=spec,
        data=build.padded(rows),
        columns=("Audience", "People", "Money", "A head", "Hours a head", "On leadership", "On technical"),
        table=[
            (
                words.name(line.audience),
                say.count(line.headcount),
                say.money_full(line.money),
                say.money_full(line.money_per_head),
                say.number(line.hours_per_head),
                say.share_full(line.leadership_share),
                say.share_full(line.technical_share),
            )
            for line in found.per_head.values()
        ],
        height=36 * len(rows) + 50,
    )


def quadrant(week1: Week1, facts: Facts) -> Figure:
    """How capable leaders are beside how capable employees are."""
    say = Words.of(facts)
    found = week1.spend
    leaders, employees = found.leaders_capability, found.employees_capability
    title = QUADRANTS[found.quadrant]
    if leaders.value is None or employees.value is None:
        return build.gap(key="week1-quadrant", title=title, why=leaders.why or employees.why or found.why)
    row = {
        "x": employees.value,
        "x_low": employees.low,
        "x_high": employees.high,
        "y": leaders.value,
        "y_low": leaders.low,
        "y_high": leaders.high,
        "said": f"leaders {say.score(leaders.value)}, employees {say.score(employees.value)}",
    }
    scale = {"scale": {"domain": [1, 5]}}
    x = build.value("x", build.plain_axis("Employees' capability", values=[1, 2, 3, 4, 5]), **scale)
    y = build.value("y", build.plain_axis("Leaders' effectiveness", values=[1, 2, 3, 4, 5]), **scale)
    corners = [
        {"cx": 1.1, "cy": 4.85, "name": "hand-holding", "align": "left"},
        {"cx": 4.9, "cy": 4.85, "name": "healthy", "align": "right"},
        {"cx": 1.1, "cy": 1.15, "name": "neither", "align": "left"},
        {"cx": 4.9, "cy": 1.15, "name": "resentment", "align": "right"},
    ]
    corner_layers = [
        {
            "data": {"values": [c for c in corners if c["align"] == side]},
            "mark": {"type": "text", "style": "band-text", "align": side},
            "encoding": {
                "x": {"field": "cx", "type": "quantitative"},
                "y": {"field": "cy", "type": "quantitative"},
                "text": {"field": "name", "type": "nominal"},
            },
        }
        for side in ("left", "right")
    ]
    spec = build.base(
        [
            {
                "mark": {"type": "rule", "style": "interval"},
                "encoding": {"x": {**x, "field": "x_low"}, "x2": {"field": "x_high"}, "y": y},
            },
            {
                "mark": {"type": "rule", "style": "interval"},
                "encoding": {"x": x, "y": {**y, "field": "y_low"}, "y2": {"field": "y_high"}},
            },
            {
                "mark": {"type": "point", "size": 160},
                "encoding": {"x": x, "y": y, "tooltip": build.tips(("said", "Scores"))},
            },
            *corner_layers,
        ],
        height=230,
    )
    sure = (
        f" {words.sentence(say.likelihood(found.quadrant_certainty))}" if found.quadrant_certainty is not None else ""
    )
    return build.figure(
        key="week1-quadrant",
        title=title,
        text=f"{title}: {row['said']}, on a scale of 1 to 5.{sure}",
        note="Survey means with 90% intervals; never performance ratings.",
        spec=spec,
        rows=[row],
        columns=("Who", "Mean", "90% interval", "n"),
        table=[
            (who, say.score(e.value), say.span(e.low, e.high, say.score), say.count(e.n))
            for who, e in (("Leaders", leaders), ("Employees", employees))
        ],
        height=230,
    )


def _map(key: str, title: str, text: str, cells: list[tuple[str, str, int]], heading: str, note: str) -> Figure:
    rows = [
        {
            "row": words.label(row),
            "column": words.label(column, line=13),
            "value": number,
            "said": str(number) if number else "–",
            "tip": str(number) if number else "nobody (a hole)",
        }
        for row, column, number in cells
    ]
    x = {
        "field": "column",
        "type": "nominal",
        "sort": None,
        "axis": {
            "title": None,
            "labelExpr": "split(datum.label, '\\n')",
            "labelAngle": {"expr": "width < 340 ? -40 : 0"},
            "labelAlign": {"expr": "width < 340 ? 'right' : 'center'"},
            "labelBaseline": {"expr": "width < 340 ? 'middle' : 'top'"},
        },
    }
    y = build.labels_y("row")
    spec = build.base(
        [
            {
                "mark": {"type": "rect", "cornerRadius": 3},
                "encoding": {
                    "x": x,
                    "y": y,
                    "color": {
                        "field": "value",
                        "type": "quantitative",
                        "scale": {"range": "ramp", "type": "sqrt"},
                        "legend": None,
                    },
                    "opacity": {"condition": {"test": "datum.value > 0", "value": 0.55}, "value": 0.0},
                    "tooltip": build.tips(("row", heading), ("column", "Audience"), ("tip", "Participants")),
                },
            },
            {
                "transform": [{"filter": "datum.value == 0"}],
                "mark": {"type": "rect", "style": "hole-cell", "cornerRadius": 3, "filled": False},
                "encoding": {
                    "x": x,
                    "y": y,
                    "tooltip": build.tips(("row", heading), ("column", "Audience"), ("tip", "Participants")),
                },
            },
            {
                "transform": [{"filter": "datum.value > 0"}],
                "mark": {"type": "text", "style": "cell-text"},
                "encoding": {"x": x, "y": y, "text": {"field": "said", "type": "nominal"}},
            },
            {
                "transform": [{"filter": "datum.value == 0"}],
                "mark": {"type": "text", "style": "hole"},
                "encoding": {"x": x, "y": y, "text": {"field": "said", "type": "nominal"}},
            },
        ],
        height={"step": 34},
    )
    return build.figure(
        key=key,
        title=title,
        text=text,
        note=note,
        spec=spec,
        rows=rows,
        columns=(heading, "Audience", "Participants"),
        table=[(row, column, number or "0 (hole)") for row, column, number in cells],
        height=34 * len({row for row, _, _ in cells}) + 50,
    )


def coverage(week1: Week1, facts: Facts) -> Figure:
    """Participants by audience and competency; holes are marked."""
    cells = [
        (words.topic(cell.competency), words.name(cell.audience), cell.participants) for cell in week1.spend.coverage
    ]
    if not cells:
        why = "training records name no competency"
        return build.gap(key="week1-coverage", title="Coverage of competencies: not known", why=why)
    holes = [f"{competency} for {audience.lower()}" for competency, audience, number in cells if number == 0]
    title = (
        f"{len(holes)} of {len(cells)} cells of the coverage map are holes" if holes else "No hole in the coverage map"
    )
    text = f"{title}." + (
        f" Holes: {words.listing(holes[:6])}{' and others' if len(holes) > 6 else ''}." if holes else ""
    )
    return _map(
        "week1-coverage",
        title,
        text,
        cells,
        "Competency",
        "Participants in training records; an outlined cell with a dash is a hole: nobody was trained.",
    )


def journey(week1: Week1, facts: Facts) -> Figure:
    """Participants by audience and stage of the learning journey."""
    cells = [
        (words.name(cell.journey_stage), words.name(cell.audience), cell.participants) for cell in week1.spend.journey
    ]
    if not cells:
        return build.gap(key="week1-journey", title="Learning journey: not known", why="training records name no stage")
    holes = [f"{stage.lower()} stage for {audience.lower()}" for stage, audience, number in cells if number == 0]
    title = (
        f"{len(holes)} of {len(cells)} steps of the learning journey are empty"
        if holes
        else "The learning journey has no gap"
    )
    text = f"{title}." + (
        f" Empty: {words.listing(holes[:6])}{' and others' if len(holes) > 6 else ''}." if holes else ""
    )
    return _map(
        "week1-journey",
        title,
        text,
        cells,
        "Stage",
        "One journey for all levels, from new starter to executive; an outlined cell with a dash is a hole: nobody was "
        "trained.",
    )
