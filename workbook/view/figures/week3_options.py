"""Week 3, the options: cost a person against scale, and the catalogue."""

from __future__ import annotations

from workbook import words
from workbook.results import Facts, Week3
from workbook.view.figure import Figure
from workbook.view.figures import build
from workbook.words import Words


def cost_per_person(week3: Week3, facts: Facts) -> Figure:
    """How cost a person falls with scale."""
    say = Words.of(facts)
    bought = {line.programme for line in week3.plan}
    shown = [p for p in week3.programmes if p.programme in bought and p.cost_per_person] or [
        p for p in week3.programmes if p.cost_per_person
    ][:4]
    if not shown:
        return build.gap(key="week3-cost", title="Cost a person: insufficient data", why="no programme was priced")
    first = shown[0]
    small, large = first.cost_per_person[0], first.cost_per_person[-1]
    title = f"{first.label} costs {say.money(small[1])} a person for {say.count(small[0], 'person', 'people')}" + (
        f", {say.money(large[1])} for {say.count(large[0])}" if large[0] != small[0] else ""
    )
    rows = [
        {"people": people, "value": money, "programme": words.label(p.label, line=40), "said": say.money(money)}
        for p in shown
        for people, money in p.cost_per_person
    ]
    x = build.value("people", build.plain_axis("People", grid=False), scale={"type": "log", "nice": False})
    y = build.value("value", build.money_axis(say, "Cost a person"), scale={"zero": True})
    colour = {
        "field": "programme",
        "type": "nominal",
        "sort": None,
        "scale": {"range": "category"},
        "legend": {"title": None, "columns": 1, "direction": "vertical", "labelLimit": 300},
    }
    spec = build.base(
        [
            {"mark": {"type": "line"}, "encoding": {"x": x, "y": y, "color": colour}},
            {
                "mark": {"type": "point", "size": 50},
                "encoding": {
                    "x": x,
                    "y": y,
                    "color": colour,
                    "tooltip": build.tips(("programme", "Programme"), ("people", "People"), ("said", "A person")),
                },
            },
        ],
        height=240,
    )
    return build.figure(
        key="week3-cost",
        title=title,
        text=f"{title}. "
        + " ".join(
            f"{p.label}: {say.money(p.cost_per_person[-1][1])} a person for {say.count(p.cost_per_person[-1][0])}."
            for p in shown[1:]
        ),
        note="Fully loaded: fees, fixed cost and participants' time. People on a logarithmic scale.",
        spec=spec,
        rows=rows,
        columns=("Programme", "People", "Cost a person"),
        table=[(p.label, people, say.money_full(money)) for p in shown for people, money in p.cost_per_person],
        height=240,
    )


def programmes(week3: Week3, facts: Facts) -> Figure:
    """The catalogue the plan chose from, with sources."""
    say = Words.of(facts)
    if not week3.programmes:
        return build.gap(key="week3-programmes", title="Programmes: none", why="the catalogue is empty")
    shipped = sum(words.judged(p.evidence) for p in week3.programmes)
    title = f"{say.count(len(week3.programmes), 'programme')} to choose from; {shipped} rest on judgement"
    return build.figure(
        key="week3-programmes",
        title=title,
        text=f"{title}. " + words.listing([p.label for p in week3.programmes]) + ".",
        columns=(
            "Programme",
            "Track",
            "For",
            "Outcome",
            "Delivery",
            "Months",
            "Months to effect",
            "Hours a person",
            "Evidence",
            "Source",
        ),
        table=[
            (
                p.label,
                words.name(p.track),
                words.name(p.audience),
                words.name(p.outcome),
                words.name(p.delivery),
                say.number(p.months),
                say.number(p.months_to_effect),
                say.number(p.hours_per_participant),
                p.evidence,
                p.source,
            )
            for p in week3.programmes
        ],
        height=0,
    )
