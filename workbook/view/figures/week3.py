"""Week 3, what should we buy: the plan, the frontier, the mix of tracks, and what it is compared with."""

from __future__ import annotations

from typing import Any

from workbook import words
from workbook.results import Facts, Week3
from workbook.view import sentences
from workbook.view.figure import Figure, Tile
from workbook.view.figures import build
from workbook.view.figures.week3_calendar import calendar as calendar
from workbook.view.figures.week3_calendar import starts
from workbook.view.figures.week3_exact import inclusion as inclusion
from workbook.view.figures.week3_exact import search as search
from workbook.view.figures.week3_options import cost_per_person as cost_per_person
from workbook.view.figures.week3_options import programmes as programmes
from workbook.words import Words

WHY_EMPTY = "no plan is worth its cost, or none could be valued"


def figures(week3: Week3, facts: Facts) -> tuple[Figure, ...]:
    """Every figure of the page, in order."""
    return (
        plan(week3, facts),
        calendar(week3, facts),
        frontier(week3, facts),
        share(week3, facts),
        alternatives(week3, facts),
        search(week3, facts),
        inclusion(week3, facts),
        cost_per_person(week3, facts),
        binding(week3, facts),
        programmes(week3, facts),
    )


def tiles(week3: Week3, facts: Facts) -> tuple[Tile, ...]:
    """Spent of budget, seats, expected net value, share to leadership."""
    say = Words.of(facts)
    seats = sum(line.seats for line in week3.plan)
    unbought = sentences.unbought(week3)
    return (
        build.tile(
            key="spent",
            label="Plan spends",
            value=say.money(week3.spent),
            note=f"of a budget of {say.money(week3.budget)}",
        ),
        build.tile(
            key="seats", label="Seats", value=say.count(seats), note=f"first wave up to {say.count(facts.cohort_size)}"
        ),
        build.tile(
            key="npv",
            label="Expected net value",
            value=say.money(week3.expected_npv) if not unbought else words.NOT_KNOWN,
            note=f"over {facts.horizon_months} months" if not unbought else words.sentence(unbought),
        ),
        build.tile(
            key="mix",
            label="Share to leadership",
            value=say.share(week3.share_leadership) if week3.plan else "nothing bought",
            note="of the money spent" if week3.plan else "",
        ),
    )


def plan(week3: Week3, facts: Facts) -> Figure:
    """What to buy: programme by unit, seats, cost and expected benefit."""
    say = Words.of(facts)
    lines = sorted(week3.plan, key=lambda line: (-line.cost, line.label, line.unit))
    if not lines:
        return build.gap(key="week3-plan", title="The plan buys nothing", why=sentences.unbought(week3) or WHY_EMPTY)
    seats = sum(line.seats for line in lines)
    title = (
        f"Buy {say.count(seats, 'seat')} for {say.money(week3.spent)}; expect {say.money(week3.expected_npv)} net over "
        f"{facts.horizon_months} months"
    )
    rows = [
        {
            "label": words.label(f"{line.label}, {line.unit}", 90, 28),
            "value": amount,
            "what": what,
            "said": f"{say.count(line.seats, 'seat')}, {say.money(line.cost)}",
            "worth": say.money(line.expected_benefit),
        }
        for line in lines
        for what, amount in (("Cost", line.cost), ("Expected benefit", line.expected_benefit))
    ]
    axis = build.money_axis(say, None)
    spec = build.base(
        [
            {
                "mark": {"type": "bar", "height": {"band": 0.9}},
                "encoding": {
                    "y": build.labels_y(),
                    "yOffset": {"field": "what", "type": "nominal", "sort": None},
                    "x": build.value("value", axis),
                    "color": {
                        "field": "what",
                        "type": "nominal",
                        "scale": {"domain": ["Expected benefit", "Cost"], "range": "category"},
                        "legend": {"title": None},
                    },
                    "tooltip": build.tips(("label", "Line"), ("said", "Buys"), ("worth", "Expected benefit")),
                },
            }
        ],
        height={"step": 23},
    )
    return build.figure(
        key="week3-plan",
        title=title,
        text=f"{title}. "
        + " ".join(
            f"{line.label} in {line.unit}: {say.count(line.seats, 'seat')}, {say.money(line.cost)}, expected benefit "
            f"{say.money(line.expected_benefit)}."
            for line in lines
        )
        + f" How it was made: {words.sentence(week3.method)}",
        note="Expected benefit is the mean over the draws, before cost.",
        spec=spec,
        rows=rows,
        columns=("Programme", "Track", "Unit", "Seats", "Cost", "Expected benefit", "Starts"),
        table=[
            (
                line.label,
                words.name(line.track),
                line.unit,
                line.seats,
                say.money_full(line.cost),
                say.money_full(line.expected_benefit),
                starts(line.start_month, say),
            )
            for line in lines
        ],
        height=50 * len(lines) + 70,
    )


def _budget_x(say: Words) -> dict[str, Any]:
    return build.value("budget", build.money_axis(say, "Budget", grid=False))


def _budget_mark(say: Words) -> dict[str, Any]:
    return {
        "data": {"name": "now"},
        "mark": {"type": "rule", "style": "now"},
        "encoding": {"x": build.value("budget", build.money_axis(say, "Budget", grid=False))},
    }


def frontier(week3: Week3, facts: Facts) -> Figure:
    """The best net value at each budget."""
    say = Words.of(facts)
    points = sorted(week3.frontier, key=lambda point: point.budget)
    if not points or sentences.unbought(week3):
        return build.gap(
            key="week3-frontier",
            title="Net value against budget: insufficient data",
            why=sentences.unbought(week3) or WHY_EMPTY,
        )
    best = max(points, key=lambda point: (point.npv, -point.budget))
    price = week3.shadow_price
    title = (
        f"Net value peaks at {say.money(best.npv)} with a budget of {say.money(best.budget)}"
        if best is not points[-1]
        else f"More budget still adds value: {say.money(best.npv)} at {say.money(best.budget)}"
    )
    last = (
        f" The last {say.money(10_000)} of the budget add {say.money(10_000 * price)} of net value."
        if price is not None
        else ""
    )
    axis = build.money_axis(say, "Net present value")
    x, y = _budget_x(say), build.value("npv", axis)
    spec = build.base(
        [
            {"mark": {"type": "area"}, "encoding": {"x": x, "y": build.value("p10", axis), "y2": {"field": "p90"}}},
            {"mark": {"type": "line"}, "encoding": {"x": x, "y": y}},
            {
                "mark": {"type": "point", "size": 60},
                "encoding": {
                    "x": x,
                    "y": y,
                    "tooltip": build.tips(
                        ("at", "Budget"), ("said", "Net value"), ("interval", "8 in 10 draws"), ("mix", "To leadership")
                    ),
                },
            },
            _budget_mark(say),
            build.zero_line(),
        ],
        height=260,
    )
    rows = [
        {
            "budget": p.budget,
            "npv": p.npv,
            "p10": p.p10,
            "p90": p.p90,
            "at": say.money(p.budget),
            "said": say.money(p.npv),
            "interval": say.span(p.p10, p.p90, say.money),
            "mix": say.share(p.share_leadership),
        }
        for p in points
    ]
    return build.figure(
        key="week3-frontier",
        title=title,
        text=f"{title}.{last}",
        note="Best plan found at each budget: line expected value, band 8 in 10 draws. Dashed: the budget in hand.",
        spec=spec,
        data={"rows": rows, "now": [{"budget": week3.budget}]},
        columns=("Budget", "Spent", "Net value", "8 in 10 draws", "To leadership"),
        table=[
            (
                say.money_full(p.budget),
                say.money_full(p.spent),
                say.money_full(p.npv),
                say.span(p.p10, p.p90, say.money_full),
                say.share_full(p.share_leadership),
            )
            for p in points
        ],
    )


def share(week3: Week3, facts: Facts) -> Figure:
    """Share of the money that goes to leadership at each budget."""
    say = Words.of(facts)
    points = [point for point in sorted(week3.frontier, key=lambda point: point.budget) if point.spent > 0]
    if not points:
        return build.gap(
            key="week3-share", title="The mix of tracks: insufficient data", why=sentences.unbought(week3) or WHY_EMPTY
        )
    first, last = points[0], points[-1]
    ends = (say.share(first.share_leadership), say.share(last.share_leadership))
    title = (
        f"The better buy switches between tracks at a budget of {say.money(week3.switch_budget)}"
        if week3.switch_budget is not None
        else f"Leadership takes {ends[0]} of a small budget, {ends[1]} of a large one"
        if ends[0] != ends[1]
        else f"Leadership takes {ends[0]} of the money at any budget"
    )
    x = _budget_x(say)
    y = build.value("value", build.share_axis("Share to leadership"), scale={"domain": [0, 1]})
    rows = [
        {
            "budget": p.budget,
            "value": p.share_leadership,
            "said": say.share(p.share_leadership),
            "at": say.money(p.budget),
        }
        for p in points
    ]
    spec = build.base(
        [
            {"mark": {"type": "line", "interpolate": "monotone"}, "encoding": {"x": x, "y": y}},
            {
                "mark": {"type": "point", "size": 50},
                "encoding": {"x": x, "y": y, "tooltip": build.tips(("at", "Budget"), ("said", "To leadership"))},
            },
            _budget_mark(say),
        ],
        height=210,
    )
    return build.figure(
        key="week3-share",
        title=title,
        text=f"{title}. In the plan {say.share(week3.share_leadership)} goes to leadership.",
        note="Best plan found at each budget. Dashed: the budget in hand.",
        spec=spec,
        data={"rows": rows, "now": [{"budget": week3.budget}]},
        columns=("Budget", "Share to leadership"),
        table=[(say.money_full(p.budget), say.share_full(p.share_leadership)) for p in points],
        height=210,
    )


def alternatives(week3: Week3, facts: Facts) -> Figure:
    """The plan against doing nothing, today's spend, pro rata and greedy."""
    say = Words.of(facts)
    others = sorted(week3.alternatives, key=lambda other: -other.npv)
    if not others or sentences.unbought(week3):
        return build.gap(
            key="week3-alternatives",
            title="What else could be bought: insufficient data",
            why=sentences.unbought(week3) or WHY_EMPTY,
        )
    today = next((other for other in others if other.name.startswith("today")), None)
    rival = today or others[0]
    title = (
        f"The plan returns {say.money(abs(rival.gain))} {'more' if rival.gain >= 0 else 'less'} than "
        f"{_lower(rival.label)}"
    )
    rows = [
        {
            "label": "This plan",
            "value": week3.expected_npv,
            "end": max(week3.expected_npv, 0.0),
            "said": say.money(week3.expected_npv),
            "kind": "plan",
        },
        *(
            {
                "label": words.label(o.label, words.LONG_LABEL_LIMIT),
                "value": o.npv,
                "end": max(o.npv, 0.0),
                "said": say.money(o.npv),
                "kind": "other",
            }
            for o in others
        ),
    ]
    axis = build.money_axis(say, "Expected net value")
    colour = {
        "field": "kind",
        "type": "nominal",
        "legend": None,
        "scale": {"domain": ["plan", "a", "b", "c", "other"], "range": "category"},
    }
    spec = build.plain_bars(
        axis=axis, tooltip=build.tips(("label", "Plan"), ("said", "Net value")), colour=colour, step=44
    )
    return build.figure(
        key="week3-alternatives",
        title=title,
        text=f"{title}. " + " ".join(f"{o.label}: {say.money(o.npv)} net for {say.money(o.cost)}." for o in others),
        note=f"Expected net value over {facts.horizon_months} months, by the same model.",
        spec=build.with_room(spec, axis),
        data=build.padded(rows),
        columns=("Plan", "Cost", "Net value", "This plan returns more by"),
        table=[
            ("This plan", say.money_full(week3.spent), say.money_full(week3.expected_npv), ""),
            *((o.label, say.money_full(o.cost), say.money_full(o.npv), say.money_full(o.gain)) for o in others),
        ],
        height=44 * len(rows) + 50,
    )


def _lower(label: str) -> str:
    return label[:1].lower() + label[1:]


def binding(week3: Week3, facts: Facts) -> Figure:
    """What limits the plan."""
    say = Words.of(facts)
    limits = [words.sentence(limit).rstrip(".") for limit in week3.binding]
    title = limits[0] if limits else "Nothing binds: the plan stops where it pays"
    left = f"{say.money(week3.unallocated)} of {say.money(week3.budget)} stays unspent"
    known_price = None if sentences.unbought(week3) else week3.shadow_price
    price = (
        ""
        if known_price is None
        else f" Another {say.money(1_000)} of budget would add {say.money(1_000 * known_price)} of net value."
    )
    return build.figure(
        key="week3-binding",
        title=title,
        text=f"{' '.join(f'{limit}.' for limit in limits) or words.sentence(title)} {left}.{price}",
        columns=("What", "Answer"),
        table=[
            *(("Limit", limit) for limit in limits),
            ("Budget left unspent", say.money_full(week3.unallocated)),
            *(
                (("Another 1,000 of budget adds", say.money_full(1_000 * known_price)),)
                if known_price is not None
                else ()
            ),
        ],
        height=0,
    )
