"""Week 2, the return of each track: payback, cumulative net money and the utility cross-check."""

from __future__ import annotations

from typing import Any, Literal

from workbook import words
from workbook.results import Facts, Week2
from workbook.view import sentences
from workbook.view.figure import Figure
from workbook.view.figures import build
from workbook.words import Words

TRACKS: tuple[Literal["leadership", "technical"], ...] = ("leadership", "technical")
SAME_GAP = "it needs the tables named above"
BAND_FROM_MONTH, BAND_TO_MONTH = 9, 18


def figures(week2: Week2, facts: Facts) -> tuple[Figure, ...]:
    """Payback, cumulative net by track, utility by track."""
    return (
        payback(week2, facts),
        *(cumulative(week2, facts, track) for track in TRACKS),
        *(utility(week2, facts, track) for track in TRACKS),
    )


def payback(week2: Week2, facts: Facts) -> Figure:
    """Probability that the money is back by each month, with the 9 to 18 month band."""
    say = Words.of(facts)
    curves = {track: week2.returns[track].payback_curve for track in TRACKS if track in week2.returns}
    rows: list[dict[str, Any]] = [
        {
            "month": point.month,
            "value": point.probability,
            "track": words.name(track),
            "said": say.chance(point.probability),
        }
        for track, curve in curves.items()
        for point in curve
    ]
    unstated = SAME_GAP if sentences.unstated(week2) else None
    if unstated or not rows:
        why = unstated or next((found.why for found in week2.returns.values() if found.why), None)
        return build.gap(key="week2-payback", title="When the money is back: insufficient data", why=why)
    best = max(
        (track for track in curves if curves[track]), key=lambda track: max(p.probability for p in curves[track])
    )
    found = week2.returns[best]
    title = (
        f"{words.name(best)} training is back by month {BAND_TO_MONTH} with {say.chance(found.p_payback_18)} "
        "probability"
    )
    x = build.value("month", build.plain_axis("Months from the decision", tickMinStep=3, grid=False))
    y = build.value("value", build.share_axis("Probability that the money is back"), scale={"domain": [0, 1]})
    spec = build.base(
        [
            {
                "data": {"values": [{"from": BAND_FROM_MONTH, "to": BAND_TO_MONTH}]},
                "mark": {"type": "rect", "style": "band"},
                "encoding": {"x": {"field": "from", "type": "quantitative"}, "x2": {"field": "to"}},
            },
            {
                "data": {"values": [{"at": BAND_FROM_MONTH, "top": 1, "text": "9 to 18 months"}]},
                "mark": {"type": "text", "style": "band-text", "align": "left", "baseline": "top", "dx": 6, "dy": 4},
                "encoding": {
                    "x": {"field": "at", "type": "quantitative"},
                    "y": {"field": "top", "type": "quantitative"},
                    "text": {"field": "text", "type": "nominal"},
                },
            },
            {"mark": {"type": "line"}, "encoding": {"x": x, "y": y, "color": build.track_colour()}},
            {
                "mark": {"type": "point", "opacity": 0, "size": 160},
                "encoding": {
                    "x": x,
                    "y": y,
                    "color": build.track_colour(),
                    "tooltip": build.tips(("track", "Track"), ("month", "By month"), ("said", "Probability")),
                },
            },
        ],
        height=250,
    )
    said = [
        f"{words.name(track)}: {say.chance(r.p_payback_9)} by month 9, {say.chance(r.p_payback_18)} by month 18, "
        "median "
        f"{say.payback(r.payback_month.p50)}."
        for track, r in week2.returns.items()
        if r.payback_curve
    ]
    months = sorted({row["month"] for row in rows})
    known = [track for track in curves if curves[track]]
    by_month = {(track, point.month): point.probability for track in known for point in curves[track]}
    return build.figure(
        key="week2-payback",
        title=title,
        text=f"{title}. {' '.join(said)}",
        note="Share of draws in which cumulative net money is no longer negative. The band is when comparable "
        "programmes aim to pay back.",
        spec=spec,
        rows=rows,
        columns=("By month", *(words.name(track) for track in known)),
        table=[
            (month, *(say.chance(by_month.get((track, month))) for track in known))
            for month in months
            if month % 3 == 0
        ],
        height=250,
    )


def cumulative(week2: Week2, facts: Facts, track: str) -> Figure:
    """Cumulative net money of a track's reference plan by month."""
    say = Words.of(facts)
    key = f"week2-cumulative-{track}"
    found = next((r for name, r in week2.returns.items() if name == track), None)
    unstated = SAME_GAP if sentences.unstated(week2) else None
    if found is None or unstated or not found.cumulative:
        why = unstated or found.why if found else "this track was not valued"
        return build.gap(key=key, title=f"{words.name(track)}, net money over time: insufficient data", why=why)
    flows = found.cumulative
    last, deepest = flows[-1], min(flows, key=lambda flow: flow.p50)
    end = f"{say.money(abs(last.p50))} {'ahead' if last.p50 >= 0 else 'behind'}"
    title = f"{words.name(track)}: at worst {say.money(-min(deepest.p50, 0.0))} down, then {end} by month {last.month}"
    rows = [
        {
            "month": flow.month,
            "value": flow.p50,
            "low": flow.p10,
            "high": flow.p90,
            "said": say.money(flow.p50),
            "interval": say.span(flow.p10, flow.p90, say.money),
        }
        for flow in flows
    ]
    axis = build.money_axis(say, "Cumulative net money")
    x = build.value("month", build.plain_axis("Months from the decision", tickMinStep=3, grid=False))
    y = build.value("value", axis)
    tooltip = build.tips(("month", "Month"), ("said", "Median"), ("interval", "8 in 10 draws"))
    spec = build.base(
        [
            {"mark": {"type": "area"}, "encoding": {"x": x, "y": build.value("low", axis), "y2": {"field": "high"}}},
            {"mark": {"type": "line"}, "encoding": {"x": x, "y": y}},
            {"mark": {"type": "point", "opacity": 0, "size": 160}, "encoding": {"x": x, "y": y, "tooltip": tooltip}},
            build.zero_line(),
        ],
        height=240,
    )
    return build.figure(
        key=key,
        title=title,
        text=f"{title} (median; {say.between(last.p10, last.p90, say.money)} in 8 of 10 draws). "
        f"Payback: {say.payback(found.payback_month.p50)}.",
        note="Line: median; band: 8 in 10 draws; not discounted.",
        spec=spec,
        rows=rows,
        columns=("Month", "Every input at its value", "Median", "8 in 10 draws"),
        table=[
            (
                flow.month,
                say.money_full(flow.point),
                say.money_full(flow.p50),
                say.span(flow.p10, flow.p90, say.money_full),
            )
            for flow in flows
            if flow.month % 3 == 0 or flow is last
        ],
        height=240,
    )


def utility(week2: Week2, facts: Facts, track: str) -> Figure:
    """The utility method's cascade from the naive figure down; a cross-check, never added."""
    say = Words.of(facts)
    key = f"week2-utility-{track}"
    found = next((r.utility for name, r in week2.returns.items() if name == track), None)
    unstated = SAME_GAP if sentences.unstated(week2) else None
    if found is None or unstated or not found.cascade:
        why = unstated or (found.why if found else "this track was not valued")
        return build.gap(key=key, title=f"{words.name(track)}, cross-check by utility: insufficient data", why=why)
    title = (
        f"Cross-check: utility puts {track} training at {say.money(found.net_money)} net; it breaks even at "
        f"{say.effect(found.break_even_d_full)}"
    )
    rows = [
        {
            "label": words.label(words.name(step.step)),
            "value": step.money,
            "end": max(step.money, 0.0),
            "said": say.money(step.money),
        }
        for step in found.cascade
    ]
    axis = build.money_axis(say, None)
    spec = build.plain_bars(axis=axis, tooltip=build.tips(("label", "Step"), ("said", "Money")), step=32)
    return build.figure(
        key=key,
        title=title,
        text=f"{title}. {' '.join(f'{words.name(step.step)}: {say.money(step.money)}.' for step in found.cascade)} "
        f"It needs no effect assumption to say that {say.effect(found.break_even_d_simple)} pays for the "
        "programme when nothing "
        "is lost on the way.",
        note=f"Brogden-Cronbach-Gleser utility for {say.count(found.people, 'person', 'people')}. It checks the "
        "return above and "
        "is never added to it.",
        spec=build.with_room(spec, axis),
        data=build.padded(rows),
        columns=("Step", "Money"),
        table=[(words.name(step.step), say.money_full(step.money)) for step in found.cascade],
        height=32 * len(rows) + 40,
    )
