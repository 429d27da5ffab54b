"""Follow-up in depth: growth by a mixed model, hindsight, work metrics, readings of the result, odds of criteria."""

from __future__ import annotations

from typing import Any

from workbook import words
from workbook.results import Facts, Followup, MetricEffect, PlanNow
from workbook.view.figure import Figure
from workbook.view.figures import build
from workbook.words import Words


def signed(value: float | None, say: Words) -> str:
    """A score with its sign."""
    return words.NOT_KNOWN if value is None else ("+" if value > 0 else "") + say.number(value, 2)


def cohort_growth(followup: Followup, facts: Facts) -> Figure:
    """Growth over waves, every score counted, with the lead over the comparison."""
    say, found = Words.of(facts), followup.cohort_growth
    key = "followup-cohort-growth"
    if found is None or not found.waves:
        return build.gap(
            key=key, title="Growth of the cohort: not known", why=followup.why or "ten leaders at two waves are needed"
        )
    last = found.waves[-1]
    lead = last.lead is not None
    size = (last.lead if lead else last.change) or 0.0
    ahead = "ahead of" if size >= 0 else "behind"
    title = f"By day {last.wave_days} leaders " + (
        f"are {say.number(abs(size), 2)} points {ahead} the comparison"
        if lead
        else f"moved by {signed(size, say)} points"
    )
    rows = [
        {
            "day": wave.wave_days,
            "value": wave.lead if lead else wave.change,
            "low": wave.lead_low if lead else wave.change_low,
            "high": wave.lead_high if lead else wave.change_high,
            "said": signed(wave.lead if lead else wave.change, say),
        }
        for wave in found.waves
    ]
    days = [wave.wave_days for wave in found.waves]
    x = build.value("day", build.plain_axis("Days from the start", values=days, grid=False))
    axis = build.plain_axis("Lead over the comparison, points" if lead else "Change since the start, points")
    y = build.value("value", axis, scale={"zero": True, "nice": True, "padding": 8})
    spec = build.base(
        [
            {
                "mark": {"type": "rule", "strokeWidth": 1.5},
                "encoding": {"x": x, "y": {**y, "field": "low"}, "y2": {"field": "high"}},
            },
            {"mark": {"type": "line"}, "encoding": {"x": x, "y": y}},
            {
                "mark": {"type": "point", "size": 80},
                "encoding": {"x": x, "y": y, "tooltip": build.tips(("day", "Day"), ("said", "Points"))},
            },
            build.zero_line("y"),
        ],
        height=180,
    )
    reliable = followup.reliable_change
    counted = (
        ""
        if reliable is None
        else f" Of {say.count(reliable.leaders, 'leader')}, {reliable.up} rose and {reliable.down} fell beyond their "
        "raters' noise."
    )
    return build.figure(
        key=key,
        title=title,
        text=f"{title}.{counted} {words.sentence(found.words)}",
        note=f"Mixed model with a random intercept of the leader; {found.leaders} leaders, {found.scores} scores; "
        f"{say.share(found.between_share)} of the variance lies between leaders; lines are 90% intervals.",
        spec=spec,
        rows=rows,
        columns=("Day", "Change", "90% interval", "Lead over the comparison", "90% interval"),
        table=[
            (
                wave.wave_days,
                signed(wave.change, say),
                span(wave.change_low, wave.change_high, say),
                signed(wave.lead, say),
                span(wave.lead_low, wave.lead_high, say),
            )
            for wave in found.waves
        ],
        height=180,
    )


def span(low: float | None, high: float | None, say: Words) -> str:
    """An interval of scores."""
    return say.span(low, high, lambda value: say.number(value, 2))


def hindsight(followup: Followup, facts: Facts) -> Figure:
    """Whether raters' yardstick moved, and the gain on one yardstick."""
    say, found = Words.of(facts), followup.hindsight
    key = "followup-hindsight"
    if not found:
        why = followup.why or "nobody was asked to look back (wave 'then' in ratings.csv)"
        return build.gap(key=key, title="Growth in hindsight: not asked", why=why)
    first = next((row for row in found if row.arm != "comparison" and row.competency == "all"), found[-1])
    title = (
        f"Looking back, {first.leaders} leaders gained {signed(first.adjusted_gain, say)} points; scored at the time, "
        f"{signed(first.gain, say)}"
    )
    return build.figure(
        key=key,
        title=title,
        text=f"{title}: {first.words}.",
        note="Then-test: raters say at the last wave how they now see the time before. Memory and wish may colour it. "
        "90% intervals over leaders.",
        columns=(
            "Arm",
            "Competency",
            "Leaders",
            "Yardstick moved by",
            "90% interval",
            "Gain as scored",
            "Gain in hindsight",
            "90% interval",
            "What it means",
        ),
        table=[
            (
                words.name(row.arm),
                words.topic(row.competency),
                row.leaders,
                signed(row.shift, say),
                span(row.shift_low, row.shift_high, say),
                signed(row.gain, say),
                signed(row.adjusted_gain, say),
                span(row.adjusted_low, row.adjusted_high, say),
                row.words,
            )
            for row in found
        ],
        height=0,
    )


def metrics(followup: Followup, facts: Facts) -> Figure:
    """Work metrics in the pilot's units against the comparison's."""
    say, found = Words.of(facts), followup.metrics
    key = "followup-metrics"
    if not found:
        return build.gap(
            key=key,
            title="Work in the pilot's units: not known",
            why="participants.csv with arms, employees.csv and delivery.csv are needed",
        )
    known = [one for one in found if one.reduction is not None]
    fell = [one for one in known if (one.low or 0.0) > 0]
    if fell:
        title = f"{words.listing([one.label for one in fell])} fell more in the pilot's units"
    elif known:
        title = f"No work metric is shown to have fallen ({len(known)} of {len(found)} could be compared)"
    else:
        title = "Work in pilot and comparison units could not be compared"
    rows: list[dict[str, Any]] = [
        {
            "label": words.label(one.label),
            "value": one.reduction,
            "low": one.low,
            "high": one.high,
            "said": say.share(one.reduction),
            "interval": say.span(one.low, one.high, say.share),
        }
        for one in known
    ]
    x = build.value("value", build.share_axis("Fell by, against the comparison"), scale={"zero": True, "nice": True})
    spec = build.base(
        [
            {
                "mark": {"type": "rule", "style": "whisker"},
                "encoding": {"y": build.labels_y(), "x": {**x, "field": "low"}, "x2": {"field": "high"}},
            },
            {
                "mark": {"type": "point", "size": 120},
                "encoding": {
                    "y": build.labels_y(),
                    "x": x,
                    "tooltip": build.tips(("label", "Metric"), ("said", "Fell by"), ("interval", "80% interval")),
                },
            },
            build.zero_line("x"),
        ],
        height={"step": 44},
    )
    return build.figure(
        key=key,
        title=title,
        text=f"{title}. " + " ".join(_metric_sentence(one, say) for one in found),
        note="Units with pilot participants against units with comparison participants, adjusted for the time before; "
        "80% intervals. Trend line: the pilot's own months before the start carried on.",
        spec=spec if rows else None,
        rows=rows or None,
        columns=(
            "Metric",
            "Fell by",
            "80% interval",
            "Units",
            "Trend before the start",
            "Own trend line",
            "In the update",
        ),
        table=[
            (
                one.label,
                say.share(one.reduction) if one.reduction is not None else words.sentence(one.why or ""),
                say.span(one.low, one.high, say.share),
                f"{one.pilot_units} against {one.comparison_units}",
                "not known" if one.pre_trend is None else one.pre_trend.words,
                _line(one, say),
                "yes" if one.used else "no",
            )
            for one in found
        ],
        height=44 * len(rows) + 80 if rows else 0,
    )


def _metric_sentence(one: MetricEffect, say: Words) -> str:
    if one.reduction is None:
        return f"{one.label}: {one.why or 'not known'}."
    return f"{one.label}: fell by {say.share(one.reduction)} ({say.between(one.low, one.high, say.share)})."


def _line(one: MetricEffect, say: Words) -> str:
    if one.trend_line is None:
        return "not known"
    line = one.trend_line
    place = "below" if line.actual < line.low else "above" if line.actual > line.high else "within"
    return f"{say.number(line.actual, 3)}, {place} {say.span(line.low, line.high, lambda v: say.number(v, 3))}"


def readings(followup: Followup, facts: Facts) -> Figure:
    """Every way to read the result, and the best plan before and after it."""
    say, found = Words.of(facts), followup.update
    key = "followup-readings"
    if not found.routes:
        return build.gap(key=key, title="Readings of the result: none yet", why=found.why)
    positive = [route for route in found.routes if route.npv_p50 > 0]
    before, after = found.plan_before, found.plan_after
    kept = before is not None and after is not None and before.answer == after.answer
    title = f"{len(positive)} of {say.count(len(found.routes), 'reading')} of the result leave a net gain"
    if after is not None:
        title += f"; the answer {'stays' if kept else 'becomes'} {after.answer}"
    rows = [
        {
            "label": words.label(words.sentence(route.route).rstrip(".")),
            "value": route.npv_p50,
            "said": say.money(route.npv_p50),
            "tone": "good" if route.npv_p50 > 0 else "bad",
        }
        for route in found.routes
    ]
    axis = build.money_axis(say, "Net value, median")
    spec = build.plain_bars(axis=axis, tooltip=build.tips(("label", "Reading"), ("said", "Net value")))
    return build.figure(
        key=key,
        title=title,
        text=f"{title}. {_plan_sentence('Before', before, say)} {_plan_sentence('Now', after, say)}",
        note="The same draws, weighted by each reading alone; the first is the headline. The sceptical one lets a "
        "rating change move work only in part (house assumption). "
        + (f"Spread between sites {say.effect(found.site_spread)}." if found.site_spread is not None else ""),
        spec=build.with_room(spec, axis),
        data=build.padded(build.room(rows, "value"), share=0.3),
        columns=("Reading", "Rests on", "Effect, median", "Net value", "ROI", "Draws left", "Fits the assumptions"),
        table=[
            *(
                (
                    words.sentence(route.route).rstrip("."),
                    words.listing([words.lower_first(words.topic(name)) for name in route.measures]),
                    say.effect(route.d_p50),
                    say.money_full(route.npv_p50),
                    say.percent(route.roi_percent_p50),
                    say.count(round(route.effective_draws)),
                    f"no (z {say.number(route.conflict_z, 1)})" if route.contradicts else "yes",
                )
                for route in found.routes
            ),
            *(_plan_row(label, plan, say) for label, plan in (("Best plan before", before), ("Best plan now", after))),
        ],
        height=44 * len(rows) + 60,
    )


def _plan_row(label: str, plan: PlanNow | None, say: Words) -> tuple[str, ...]:
    if plan is None:
        return (label, words.NOT_KNOWN, "", "", "", "", "")
    share = "" if plan.share_leadership is None else f", {say.share(plan.share_leadership)} on leadership"
    return (
        label,
        f"{plan.answer}: {say.money(plan.spend)}{share}",
        "",
        say.money_full(plan.expected_npv),
        "",
        "",
        f"pays in {say.share(plan.p_npv_positive)} of draws",
    )


def _plan_sentence(label: str, plan: PlanNow | None, say: Words) -> str:
    if plan is None:
        return ""
    return f"{label}: {plan.answer}, expected net value {say.money(plan.expected_npv)}."


def odds(followup: Followup, facts: Facts) -> Figure:
    """How often the criteria say each thing, were the truth known."""
    say, found = Words.of(facts), followup.decision_odds
    key = "followup-odds"
    if not found:
        return build.gap(
            key=key,
            title="Odds of the criteria: not known",
            why=followup.effect.why or "target or break-even is missing",
        )
    nothing, best = found[0], found[-1]
    title = (
        f"Without any effect these criteria say scale in {say.share(nothing.scale)} of pilots like this; "
        f"at the target, in {say.share(best.scale)}"
    )
    rows = [
        {
            "label": words.label(f"{words.sentence(row.label).rstrip('.')} ({say.effect(row.truth)})"),
            "what": what,
            "value": share,
            "rank": rank,
            "said": say.share(share),
        }
        for row in found
        for rank, (what, share) in enumerate((("Scale", row.scale), ("Extend", row.extend), ("Stop", row.stop)))
    ]
    bar = {
        "mark": {"type": "bar", "height": {"band": 0.6}, "cornerRadiusEnd": 0},
        "encoding": {
            "y": build.labels_y(),
            "x": build.value("value", build.share_axis("Share of pilots"), stack="zero", scale={"domain": [0, 1]}),
            "order": {"field": "rank", "type": "quantitative"},
            "color": {
                "field": "what",
                "type": "nominal",
                "scale": {"domain": ["Scale", "Extend", "Stop"], "range": "ordinal"},
                "legend": {"title": None},
            },
            "tooltip": build.tips(("label", "If the truth is"), ("what", "Decision"), ("said", "Share")),
        },
    }
    return build.figure(
        key=key,
        title=title,
        text=f"{title}.",
        note="At the precision this pilot reached. An estimate at the target passes half the time at best when the "
        "truth equals it: that is what a target means.",
        spec=build.base([bar], height={"step": 44}),
        rows=rows,
        columns=("If the truth is", "Effect", "Scale", "Extend", "Stop"),
        table=[
            (
                words.sentence(row.label).rstrip("."),
                say.effect(row.truth),
                say.share(row.scale),
                say.share(row.extend),
                say.share(row.stop),
            )
            for row in found
        ],
        height=44 * len(found) + 90,
    )
