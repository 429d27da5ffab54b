"""Week 2, what does waiting cost: leaks, delay, returns side by side."""

from __future__ import annotations

from typing import Any, Literal

from workbook import words
from workbook.results import Facts, Leak, Return, Week2
from workbook.view import sentences
from workbook.view.figure import Figure, Tile
from workbook.view.figures import build, week2_drivers, week2_rate, week2_return, week2_unknown
from workbook.words import Words

CHOSEN_FIRST: tuple[Literal["leadership", "technical"], ...] = ("leadership", "technical")


def figures(week2: Week2, facts: Facts) -> tuple[Figure, ...]:
    """Every figure of the page, in order."""
    return (
        leaks(week2, facts),
        doing_nothing(week2, facts),
        delay(week2, facts),
        returns(week2, facts),
        *week2_return.figures(week2, facts),
        week2_rate.rate(week2, facts),
        *week2_unknown.figures(week2, facts),
        *week2_drivers.figures(week2, facts),
    )


def tiles(week2: Week2, facts: Facts) -> tuple[Tile, ...]:
    """Cost of waiting, and the chosen track's return, payback and chance of gain."""
    say = Words.of(facts)
    cost = week2.cost_of_delay
    track = cost.track or "leadership"
    found = week2.returns.get(track)
    tiles = [
        build.tile(
            key="delay",
            label="Cost of a month's delay",
            value=say.money(cost.per_month),
            note=_spread_note(say, cost.low, cost.high)
            if cost.per_month is not None
            else words.sentence(cost.why or ""),
        )
    ]
    if found is None:
        return tuple(tiles)
    name = words.name(track).lower()
    if unstated := sentences.unstated(week2):
        asked = words.sentence(unstated)
        return (*tiles, build.tile(key="npv", label="Net value", value=words.NOT_KNOWN, note=asked))
    return (
        *tiles,
        build.tile(
            key="npv",
            label=f"Net value, {name}",
            value=say.money(found.npv.p50),
            note=_tenths(say, found.npv.p10, found.npv.p90) or words.sentence(found.why or ""),
        ),
        build.tile(
            key="payback",
            label=f"Payback, {name}",
            value=say.payback(found.payback_month.p50) if found.why is None else words.NOT_KNOWN,
            note="" if found.p_payback_18 is None else f"{say.chance(found.p_payback_18)} chance by month 18",
        ),
        build.tile(
            key="gain",
            label=f"Chance of gain, {name}",
            value=say.chance(found.p_npv_positive),
            note=""
            if week2.p_leadership_beats_technical is None
            else f"{say.chance(week2.p_leadership_beats_technical)} that leadership beats technical",
        ),
    )


def _spread_note(say: Words, low: float | None, high: float | None) -> str:
    return "" if low is None or high is None else f"90% interval {say.span(low, high, say.money)}"


def _tenths(say: Words, low: float | None, high: float | None) -> str:
    return "" if low is None or high is None else f"8 in 10 draws: {say.span(low, high, say.money)}"


def leaks(week2: Week2, facts: Facts) -> Figure:
    """What the status quo costs a month, leak by leak."""
    say = Words.of(facts)
    known = sorted((leak for leak in week2.leaks.values() if leak.monthly is not None), key=lambda x: -(x.monthly or 0))
    columns = ("Leak", "Helped by", "A month", "90% interval", "n", "Basis")
    table = [_leak_line(leak, say) for leak in (*known, *(x for x in week2.leaks.values() if x.monthly is None))]
    if not known:
        why = "; ".join(leak.why or "" for leak in week2.leaks.values() if leak.why) or week2.cost_of_delay.why
        return build.gap(
            key="week2-leaks", title="What waiting costs: insufficient data", why=why, columns=columns, table=table
        )
    total = week2.cost_of_delay.status_quo_per_month
    total = total if total is not None else sum(leak.monthly or 0.0 for leak in known)
    largest = known[0]
    part = (largest.monthly or 0.0) / total if total else 0.0
    weight = "mostly" if part > 0.5 else "most of all"
    title = f"The status quo leaks about {say.money(total)} a month, {weight} {largest.label.lower()}"
    rows = build.room(
        [
            {
                "label": words.label(leak.label),
                "value": leak.monthly,
                "low": leak.low,
                "high": leak.high,
                "said": say.money(leak.monthly),
                "track": words.name(leak.track) if leak.track != "both" else "Both",
                "interval": say.span(leak.low, leak.high, say.money),
            }
            for leak in known
        ],
        "value",
        "high",
    )
    axis = build.money_axis(say, "A month")
    colour = {
        "field": "track",
        "type": "nominal",
        "legend": {"title": None},
        "scale": {"domain": [*build.TRACKS, "Both"], "range": "category"},
    }
    tooltip = build.tips(("label", "Leak"), ("said", "A month"), ("interval", "90% interval"), ("track", "Helped by"))
    cost = week2.cost_of_delay
    wide = say.between(cost.status_quo_low, cost.status_quo_high, say.money)
    missing = [leak.label.lower() for leak in week2.leaks.values() if leak.monthly is None]
    return build.figure(
        key="week2-leaks",
        title=title,
        text=f"{title}{f' ({wide})' if wide else ''}. "
        + " ".join(
            f"{leak.label}: {say.money(leak.monthly)} ({say.between(leak.low, leak.high, say.money)})."
            for leak in known
        )
        + (f" Not measured: {words.listing(missing)}." if missing else ""),
        note="Money a month; lines are 90% intervals over the draws. The total leak is not the cost of delay: "
        "training stops a "
        "part of it.",
        spec=build.with_room(build.interval_bars(axis=axis, tooltip=tooltip, colour=colour), axis),
        data=build.padded(rows, share=0.2),
        columns=columns,
        table=table,
        height=40 * len(rows) + 80,
    )


def _leak_line(leak: Leak, say: Words) -> tuple[str, ...]:
    track = "both tracks" if leak.track == "both" else words.name(leak.track)
    if leak.monthly is None:
        return (leak.label, track, words.NOT_KNOWN, "", "", leak.why or "")
    interval = say.span(leak.low, leak.high, say.money_full)
    return (leak.label, track, say.money_full(leak.monthly), interval, say.count(leak.n), leak.basis)


def doing_nothing(week2: Week2, facts: Facts) -> Figure:
    """What the status quo adds up to while nothing changes."""
    say = Words.of(facts)
    cost = week2.cost_of_delay
    if cost.status_quo_per_month is None:
        return build.gap(key="week2-nothing", title="The cost of doing nothing: insufficient data", why=cost.why)
    monthly = (cost.status_quo_per_month, cost.status_quo_low, cost.status_quo_high)
    rows: list[dict[str, Any]] = [
        {
            "month": month,
            "value": month * monthly[0],
            "low": None if monthly[1] is None else month * monthly[1],
            "high": None if monthly[2] is None else month * monthly[2],
            "said": say.money(month * monthly[0]),
        }
        for month in range(facts.horizon_months + 1)
    ]
    year = min(12, facts.horizon_months)
    title = f"Doing nothing costs {say.money(year * monthly[0])} in {year} months"
    wide = say.between(
        None if monthly[1] is None else year * monthly[1], None if monthly[2] is None else year * monthly[2], say.money
    )
    axis = build.money_axis(say, "Cumulative")
    return build.figure(
        key="week2-nothing",
        title=title,
        text=f"{title}{f' ({wide})' if wide else ''}, at {say.money(monthly[0])} a month.",
        note="Undiscounted sum of all leaks if each stays as it is; band: 90% interval.",
        spec=band_spec(axis, "Months from today"),
        rows=rows,
        columns=("Month", "Cumulative", "90% interval"),
        table=[
            (str(r["month"]), say.money_full(r["value"]), say.span(r["low"], r["high"], say.money_full))
            for r in rows
            if r["month"] % 3 == 0
        ],
    )


def band_spec(axis: dict[str, Any], title: str, height: int = 240) -> dict[str, Any]:
    """A line with a band by month."""
    x = build.value("month", build.plain_axis(title, tickMinStep=1, grid=False))
    return build.base(
        [
            {
                "mark": {"type": "area"},
                "transform": [{"filter": "isValid(datum.low) && isValid(datum.high)"}],
                "encoding": {"x": x, "y": build.value("low", axis), "y2": {"field": "high"}},
            },
            {"mark": {"type": "line"}, "encoding": {"x": x, "y": build.value("value", axis)}},
            {
                "mark": {"type": "point", "opacity": 0, "size": 200},
                "encoding": {
                    "x": x,
                    "y": build.value("value", axis),
                    "tooltip": build.tips(("month", "Month"), ("said", "Money")),
                },
            },
        ],
        height=height,
    )


def delay(week2: Week2, facts: Facts) -> Figure:
    """Cost of starting later, leadership against technical."""
    say = Words.of(facts)
    cost = week2.cost_of_delay
    rows = [
        {
            "month": point.months,
            "value": point.money,
            "low": point.low,
            "high": point.high,
            "track": words.name(track),
            "said": say.money(point.money),
            "interval": say.span(point.low, point.high, say.money),
        }
        for track in CHOSEN_FIRST
        for point in cost.by_month.get(track, ())
    ]
    if not rows or cost.per_month is None:
        return build.gap(key="week2-delay", title="The cost of each month's delay: insufficient data", why=cost.why)
    track = f" of {cost.track} training" if cost.track else ""
    title = (
        f"Each month's delay{track} costs {say.money(cost.per_month)}"
        if cost.per_month >= 0
        else f"Waiting is cheaper: each month's delay{track} saves {say.money(-cost.per_month)}"
    )
    axis = build.money_axis(say, "Value lost")
    x = build.value("month", build.plain_axis("Start delayed by, months", tickMinStep=1, grid=False))
    colour = build.track_colour()
    spec = build.base(
        [
            {
                "mark": {"type": "area"},
                "encoding": {"x": x, "y": build.value("low", axis), "y2": {"field": "high"}, "color": colour},
            },
            {"mark": {"type": "line"}, "encoding": {"x": x, "y": build.value("value", axis), "color": colour}},
            {
                "mark": {"type": "point", "size": 30},
                "encoding": {
                    "x": x,
                    "y": build.value("value", axis),
                    "color": colour,
                    "tooltip": build.tips(
                        ("track", "Track"), ("month", "Months late"), ("said", "Costs"), ("interval", "90% interval")
                    ),
                },
            },
            build.zero_line(),
        ],
        height=260,
    )
    return build.figure(
        key="week2-delay",
        title=title,
        text=f"{title} ({say.between(cost.low, cost.high, say.money) or 'no interval'}). "
        f"{_delay_sentences(week2, say)}",
        note=f"Net present value over the same {facts.horizon_months} calendar months, started now less started "
        "later; bands: "
        "90% intervals. Below zero, waiting is cheaper.",
        spec=spec,
        rows=rows,
        columns=("Track", "Months late", "Costs", "90% interval", "If the window moves along"),
        table=[
            (
                words.name(track),
                point.months,
                say.money_full(point.money),
                say.span(point.low, point.high, say.money_full),
                say.money_full(point.rolling_money),
            )
            for track in CHOSEN_FIRST
            for point in cost.by_month.get(track, ())
        ],
    )


def _delay_sentences(week2: Week2, say: Words) -> str:
    cost = week2.cost_of_delay
    parts = []
    for track in CHOSEN_FIRST:
        points = {point.months: point for point in cost.by_month.get(track, ())}
        if 3 in points:
            parts.append(f"A quarter's delay of {track} training costs {say.money(points[3].money)}.")
        if (last := cost.last_worthwhile_month.get(track)) is not None:
            parts.append(f"{words.name(track)} training still pays if it starts by month {last}.")
        if (longer := cost.longer_horizon_per_month.get(track)) is not None:
            parts.append(f"With a year more in view, a month of {track} delay costs {say.money(longer)}.")
    return " ".join(parts)


def returns(week2: Week2, facts: Facts) -> Figure:
    """Leadership against technical, figure by figure."""
    say = Words.of(facts)
    found = {track: week2.returns[track] for track in CHOSEN_FIRST if track in week2.returns}
    known = {track: r for track, r in found.items() if r.npv.p50 is not None}
    unstated = sentences.unstated(week2)
    if unstated or not known:
        why = unstated or next((r.why for r in found.values() if r.why), None)
        return build.gap(key="week2-returns", title="Leadership against technical: insufficient data", why=why)
    best = max(known, key=lambda track: known[track].npv.p50 or 0.0)
    odds = week2.p_leadership_beats_technical
    gains = (known[best].npv.p50 or 0.0) > 0
    title = (
        f"{words.name(best)} training returns more: {say.money(known[best].npv.p50)} net over "
        f"{facts.horizon_months} months"
        if gains
        else f"Neither track pays back: the better, {best}, loses {say.money(-(known[best].npv.p50 or 0.0))}"
    )
    lines = (
        ("Cost", lambda r: say.money_full(r.cost.p50), None),
        ("Net value, median", lambda r: say.money_full(r.npv.p50), None),
        ("Net value, 8 in 10 draws", lambda r: say.span(r.npv.p10, r.npv.p90, say.money_full), None),
        ("Net value, every input at its value", lambda r: say.money_full(r.npv.point), None),
        ("ROI, median", lambda r: say.percent(r.roi_percent.p50), None),
        ("ROI, 8 in 10 draws", lambda r: say.span(r.roi_percent.p10, r.roi_percent.p90, say.percent), None),
        ("Benefit / cost, median", lambda r: say.number(r.bcr.p50), None),
        ("Payback, median", lambda r: say.payback(r.payback_month.p50) if r.why is None else words.NOT_KNOWN, None),
        ("Chance of gain", lambda r: say.chance(r.p_npv_positive), None),
        ("Chance of payback by month 9", lambda r: say.chance(r.p_payback_9), None),
        ("Chance of payback by month 18", lambda r: say.chance(r.p_payback_18), None),
        ("Break-even effect", lambda r: say.effect(r.break_even_d), None),
        ("Effect assumed", lambda r: say.effect(r.d_point), None),
        ("First year, cautious: net value", lambda r: say.money_full(r.conservative.npv), None),
        ("Survives the cautious view", lambda r: "yes" if r.conservative.survives else "no", None),
    )
    axis = build.money_axis(say, f"Net present value over {facts.horizon_months} months")
    drawn = build.track_intervals({track: r.npv for track, r in known.items()}, axis, say.money, say, share=0.2)
    return build.figure(
        key="week2-returns",
        title=title,
        text=f"{title}. "
        + " ".join(_return_sentence(track, r, say) for track, r in known.items())
        + (f" Leadership beats technical: {say.likelihood(odds)}." if odds is not None else ""),
        note="Bars: median over the draws; lines: 8 in 10 draws. ROI is net of cost.",
        columns=("Figure", *(words.name(track) for track in found)),
        table=[(label, *(read(r) for r in found.values())) for label, read, _ in lines],
        **drawn,
    )


def _return_sentence(track: str, found: Return, say: Words) -> str:
    challenge = " ".join(words.sentence(text) for text in found.challenges)
    return (
        f"{words.name(track)}: {say.money(found.cost.p50)} spent, net value {say.money(found.npv.p50)} "
        f"({say.between(found.npv.p10, found.npv.p90, say.money)} in 8 of 10 draws), ROI "
        f"{say.percent(found.roi_percent.p50)}, "
        f"payback {say.payback(found.payback_month.p50)}; a gain is {say.likelihood(found.p_npv_positive)}. {challenge}"
    ).strip()
