"""Start: what we were given, how good it is, what each gap costs, and the four weeks' checklist."""

from __future__ import annotations

from workbook import words
from workbook.results import Facts, Start
from workbook.view.figure import Figure, Tile
from workbook.view.figures import build
from workbook.words import Words


def tiles(start: Start, facts: Facts) -> tuple[Tile, ...]:
    """Tables given, completeness, people, date."""
    say = Words.of(facts)
    given = sum(table.present for table in start.tables)
    return (
        build.tile(key="tables", label="Tables given", value=f"{given} of {len(start.tables)}"),
        build.tile(
            key="completeness",
            label="Completeness",
            value=say.share(start.completeness_share),
            note="of the values asked for",
        ),
        build.tile(key="people", label="People", value=say.count(facts.headcount), note=f"on {say.date(facts.as_of)}"),
        build.tile(
            key="budget", label="Budget", value=say.money(facts.budget_money), note=f"from {_budget_source(facts)}"
        ),
    )


def _budget_source(facts: Facts) -> str:
    names = {"training": "today's training spend", "assumption": "a house assumption", "scenario": "this scenario"}
    return names.get(facts.budget_source, facts.budget_source)


def figures(start: Start, facts: Facts) -> tuple[Figure, ...]:
    """Every figure of the page, in order."""
    return (completeness(start, facts), gaps(start, facts), notes(start, facts), checklist(start, facts))


def completeness(start: Start, facts: Facts) -> Figure:
    """How complete each table is."""
    say = Words.of(facts)
    given = [table for table in start.tables if table.present]
    missing = [table for table in start.tables if not table.present]
    share = say.share(start.completeness_share)
    title = f"We were given {len(given)} of {len(start.tables)} tables; overall {share} is complete"
    rows = [
        {
            "label": words.label(words.name(table.table)),
            "value": table.completeness_share or 0.0,
            "end": table.completeness_share or 0.0,
            "said": say.share(table.completeness_share) if table.present else "not given",
            "rows": say.count(table.rows, "row"),
            "tone": _tone(table.completeness_share if table.present else None),
        }
        for table in sorted(start.tables, key=lambda t: (not t.present, -(t.completeness_share or 0.0), t.table))
    ]
    axis = build.share_axis(None, values=[0, 0.25, 0.5, 0.75, 1])
    spec = build.plain_bars(
        axis=axis,
        tooltip=build.tips(("label", "Table"), ("said", "Complete"), ("rows", "Rows")),
        colour=build.tone_colour(),
        step=28,
    )
    spec["layer"][0]["encoding"]["x"]["scale"] = {"domain": [0, 1.25]}
    weakest = min(given, key=lambda t: t.completeness_share or 0.0, default=None)
    text = f"{title}." + (
        f" The weakest is {words.name(weakest.table)} with {say.share(weakest.completeness_share)}." if weakest else ""
    )
    return build.figure(
        key="start-completeness",
        title=title,
        text=text + (f" Not given: {words.listing([words.name(t.table) for t in missing])}." if missing else ""),
        note="Share of values present in the columns asked for. A missing table costs answers, never a guess.",
        spec=spec,
        rows=rows,
        columns=("Table", "File", "Rows", "Complete", "What we noticed"),
        table=[
            (
                words.name(t.table),
                t.file or "not given",
                say.count(t.rows) if t.present else "",
                say.share_full(t.completeness_share) if t.present else "not given",
                " ".join(words.sentence(note) for note in t.notes),
            )
            for t in start.tables
        ],
        height=28 * len(rows) + 30,
    )


def _tone(share: float | None) -> str:
    if share is None:
        return "none"
    return "good" if share >= 0.9 else "warn" if share >= 0.7 else "bad"


def gaps(start: Start, facts: Facts) -> Figure:
    """What each gap costs in certainty."""
    costly = [(table, cost) for table in start.tables for cost in table.costs]
    verb = "is" if len(costly) == 1 else "are"
    title = (
        f"{Words.of(facts).count(len(costly), 'answer')} {verb} weaker for want of data"
        if costly
        else "No gap in the data costs an answer"
    )
    return build.figure(
        key="start-gaps",
        title=title,
        text=title + ". " + " ".join(f"{words.name(t.table)}: {words.sentence(cost)}" for t, cost in costly),
        columns=("Table", "State", "What it costs"),
        table=[
            (words.name(t.table), "given, with gaps" if t.present else "not given", words.sentence(c))
            for t, c in costly
        ],
        height=0,
    )


def checklist(start: Start, facts: Facts) -> Figure:
    """Who supplies what by when, and what is done."""
    done = sum(item[3] for item in start.checklist)
    if not start.checklist:
        return build.gap(key="start-checklist", title="Checklist of the four weeks", why="there is no checklist")
    title = f"{done} of {len(start.checklist)} things the four weeks need are in hand"
    open_items = [
        f"{words.lower_first(what)} ({who}, {words.lower_first(when)})"
        for when, who, what, ready in start.checklist
        if not ready
    ]
    return build.figure(
        key="start-checklist",
        title=title,
        text=f"{title}." + (f" Still open: {words.listing(open_items)}." if open_items else ""),
        columns=("When", "Who", "What", "State"),
        table=[(when, who, what, "done" if ready else "open") for when, who, what, ready in start.checklist],
        height=0,
    )


def notes(start: Start, facts: Facts) -> Figure:
    """What was merged, withheld or read in a certain way."""
    if not start.notes:
        return build.gap(key="start-notes", title="Merged or withheld to protect people", why="nothing had to be")
    said = [words.sentence(note) for note in start.notes]
    number = Words.of(facts).count(len(said), "thing was", "things were")
    title = f"{number} merged, withheld or read in a certain way"
    return build.figure(
        key="start-notes",
        title=title,
        text=f"{title}, mostly to protect people; the table lists each." if len(said) > 1 else f"{title}. {said[0]}",
        columns=("Note",),
        table=[(note,) for note in said],
        height=0,
    )
