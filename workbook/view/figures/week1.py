"""Week 1, where does it hurt: signals, triggers, metrics and the gate."""

from __future__ import annotations

from workbook import words
from workbook.results import Facts, Signal, Trigger, Week1
from workbook.view.figure import Figure, Tile
from workbook.view.figures import build, week1_people, week1_spend
from workbook.view.figures.week1_metrics import metric as metric
from workbook.words import Words


def figures(week1: Week1, facts: Facts) -> tuple[Figure, ...]:
    """Every figure of the page, in order."""
    return (
        gate(week1, facts),
        signals(week1, facts),
        *(signal(found, facts) for found in week1.signals.values()),
        triggers(week1, facts),
        *(metric(found, facts) for found in week1.metrics.values()),
        *week1_people.figures(week1, facts),
        *week1_spend.figures(week1, facts),
    )


def tiles(week1: Week1, facts: Facts) -> tuple[Tile, ...]:
    """The four signals: value, interval, n, and the status in a word."""
    say = Words.of(facts)
    return tuple(
        build.tile(
            key=found.name,
            label=found.label,
            value=_value(found, say),
            note=_detail(found, say) if found.value is not None else words.sentence(found.why or "not measured"),
            status=found.status,
        )
        for found in week1.signals.values()
    )


def _value(found: Signal, say: Words) -> str:
    return say.value(found.value, found.unit)


def _bare(found: Signal, say: Words, value: float | None) -> str:
    return say.value(value, found.unit.removesuffix(" a year"))


def _census(found: Signal) -> bool:
    return found.low is not None and found.low == found.high


def _interval(found: Signal, say: Words) -> str:
    if _census(found):
        return "a count, no interval"
    if found.low is None or found.high is None:
        return "no interval"
    return f"90% interval {_bare(found, say, found.low)} to {_bare(found, say, found.high)}"


def _detail(found: Signal, say: Words) -> str:
    parts = [_interval(found, say)]
    if found.n is not None:
        parts.append(f"n = {say.count(found.n)}")
    return f"{'; '.join(parts)}; threshold {_value_of(found.threshold, found, say)}"


def _value_of(value: float | None, found: Signal, say: Words) -> str:
    return say.value(value, found.unit)


def gate(week1: Week1, facts: Facts) -> Figure:
    """The gate as a sentence, with the clause that decided it."""
    found = week1.gate
    heads = {
        True: "The case for leadership development is open",
        False: "The case for leadership development is not made",
        None: "We cannot say yet whether leadership development has a case",
    }
    clause = found.clause.rstrip(".")
    known = found.fired is not None
    title = f"{heads[found.fired]}: {words.lower_first(clause.split('. ')[0])}" if known else heads[None]
    unknown = [
        text
        for number, text in (
            (found.signals_unknown, f"{found.signals_unknown} of the signals"),
            (found.metrics_unknown, f"{found.metrics_unknown} of the metrics"),
            (len(found.triggers_unknown), f"{len(found.triggers_unknown)} of the hard triggers"),
        )
        if number
    ]
    counts = (
        f"{found.signals_present} of {len(week1.signals)} signals are present, {found.metrics_degrading} of "
        f"{len(week1.metrics)} metrics are degrading and {len(found.triggers_fired)} of {len(week1.triggers)} hard "
        "triggers fired."
    )
    rule = (
        "The gate opens on two signals with one degrading metric, or on one hard trigger."
        if facts.switches.hard_trigger_alone
        else "The gate opens on two signals with one degrading metric; a hard trigger alone does not open it here."
    )
    return build.figure(
        key="week1-gate",
        title=title,
        text=f"{heads[found.fired]}: {words.lower_first(clause)}. {counts}"
        + (f" Not known: {words.listing(unknown)}." if unknown else ""),
        note=rule,
        columns=("Test", "Yes", "Not known", "Of"),
        table=[
            ("Signals present", found.signals_present, found.signals_unknown, len(week1.signals)),
            ("Metrics degrading", found.metrics_degrading, found.metrics_unknown, len(week1.metrics)),
            ("Hard triggers fired", len(found.triggers_fired), len(found.triggers_unknown), len(week1.triggers)),
        ],
        height=0,
    )


def signals(week1: Week1, facts: Facts) -> Figure:
    """How sure it is that each signal lies beyond its threshold."""
    say = Words.of(facts)
    all_signals = list(week1.signals.values())
    known = [found for found in all_signals if found.p_beyond is not None]
    present = [found.label for found in all_signals if found.status == "present"]
    title = (
        f"{len(present)} of {len(all_signals)} signals are present: {words.listing([p.lower() for p in present])}"
        if present
        else f"Not one of the {len(all_signals)} signals is established"
    )
    columns = (
        "Signal",
        "Status",
        "Value",
        "90% interval",
        "n",
        "Threshold",
        "Chance beyond",
        "Trend",
        "Date",
        "Source",
    )
    table = [
        (
            s.label,
            s.status,
            _value(s, say),
            _interval(s, say),
            say.count(s.n),
            _value_of(s.threshold, s, say),
            say.chance(s.p_beyond),
            s.trend or "",
            say.date(s.date),
            s.source or s.why or "not known",
        )
        for s in all_signals
    ]
    if not known:
        why = "none of the signals could be measured"
        return build.gap(key="week1-signals", title=title, why=why, columns=columns, table=table)
    rows = [
        {
            "label": words.label(found.label),
            "value": found.p_beyond,
            "said": f"{found.status}, {say.chance(found.p_beyond)}",
            "measured": f"{_value(found, say)} ({_detail(found, say)})",
            "tone": build.tone_of(found.status),
        }
        for found in known
    ]
    axis = build.share_axis("Probability that the true value is beyond the threshold", values=[0, 0.2, 0.5, 0.8, 1])
    spec = build.base(
        [
            {
                "data": {"values": [{"from": 0.8, "to": 1.0}]},
                "mark": {"type": "rect", "style": "band"},
                "encoding": {"x": build.value("from", axis), "x2": {"field": "to"}},
            },
            {
                "mark": {"type": "bar", "height": {"band": 0.22}},
                "encoding": {"y": build.labels_y(), "x": build.value("value", axis), "color": build.tone_colour()},
            },
            {
                "mark": {"type": "point", "size": 130},
                "encoding": {
                    "y": build.labels_y(),
                    "x": build.value("value", axis, scale={"domain": [0, 1]}),
                    "color": build.tone_colour(),
                    "tooltip": build.tips(("label", "Signal"), ("said", "Status"), ("measured", "Measured")),
                },
            },
        ],
        height={"step": 44},
    )
    facts_said = " ".join(
        f"{s.label}: {s.status}, {_value(s, say)} ({_detail(s, say)}), {say.likelihood(s.p_beyond)} to be beyond it."
        if s.value is not None
        else f"{s.label}: {s.status}; {words.sentence(s.why or 'not measured')}"
        for s in all_signals
    )
    return build.figure(
        key="week1-signals",
        title=title,
        text=f"{title}. {facts_said}",
        note="Present from 80% (shaded), clear up to 20%, near in between. A signal without data is not counted "
        "as clear.",
        spec=spec,
        rows=rows,
        columns=columns,
        table=table,
        height=44 * len(rows) + 50,
    )


def signal(found: Signal, facts: Facts) -> Figure:
    """One signal's value and interval against its threshold, in its own unit."""
    say = Words.of(facts)
    key = f"week1-signal-{found.name}"
    if found.value is None:
        return build.gap(key=key, title=f"{found.label}: insufficient data", why=found.why)
    side = "worse than" if (found.value > found.threshold) == found.higher_is_worse else "on the safe side of"
    value, threshold = _value(found, say), _value_of(found.threshold, found, say)
    title = f"{found.label}: {value}, {side} the threshold of {threshold}"
    if found.value == found.threshold:
        title = f"{found.label}: {value}, exactly at the threshold"
    return build.figure(
        key=key,
        title=title,
        text=f"{title}. {words.sentence(found.status)} {words.sentence(_detail(found, say))}",
        note=_source(found, say),
        spec=_threshold_spec(_axis(found.unit), legend=False),
        rows=[_threshold_row(found, say)],
        columns=("Signal", "Value", "90% interval", "Threshold", "n"),
        table=[(found.label, value, _interval(found, say), threshold, say.count(found.n))],
        height=96,
    )


def _source(found: Signal, say: Words) -> str:
    parts = [
        f"Source: {found.source}" if found.source else "",
        say.date(found.date) if found.date else "",
        f"Owner: {found.owner}" if found.owner else "",
    ]
    return words.sentence("; ".join(part for part in parts if part))


def _axis(unit: str) -> dict:
    titles = {
        "score": "Score",
        "points": "Points",
        "days": "Days",
        "count": "Number",
        "share": None,
        "share a year": "A year",
    }
    return build.share_axis(titles.get(unit)) if unit.startswith("share") else build.plain_axis(titles.get(unit))


def _threshold_row(found: Signal, say: Words) -> dict:
    return {
        "label": words.label(found.label),
        "value": found.value,
        "low": found.low,
        "high": found.high,
        "threshold": found.threshold,
        "said": _value(found, say),
        "limit": f"threshold {_bare(found, say, found.threshold)}",
        "detail": _detail(found, say),
        "tone": build.tone_of(found.status),
    }


def _threshold_spec(axis: dict, *, legend: bool) -> dict:
    y = build.labels_y()
    if not legend:
        y = {**y, "axis": None}
    return build.base(
        [
            {
                "mark": {"type": "rule", "style": "whisker"},
                "transform": [{"filter": "isValid(datum.low) && isValid(datum.high)"}],
                "encoding": {
                    "y": y,
                    "x": build.value("low", axis, scale={"zero": False, "nice": True, "padding": 24}),
                    "x2": {"field": "high"},
                    "color": build.tone_colour(),
                },
            },
            {
                "mark": {"type": "tick", "style": "threshold", "thickness": 2, "bandSize": 34},
                "encoding": {"y": y, "x": build.value("threshold", axis)},
            },
            {
                "mark": {"type": "point", "size": 120},
                "encoding": {
                    "y": y,
                    "x": build.value("value", axis),
                    "color": build.tone_colour(),
                    "tooltip": build.tips(
                        ("label", "Measure"), ("said", "Value"), ("detail", "Interval and threshold")
                    ),
                },
            },
        ],
        height={"step": 52},
    )


def triggers(week1: Week1, facts: Facts) -> Figure:
    """The hard triggers: interval against threshold."""
    say = Words.of(facts)
    found = list(week1.triggers.values())
    fired = [trigger.label for trigger in found if trigger.fired]
    unknown = [trigger.label for trigger in found if trigger.fired is None]
    title = (
        f"{'Both hard triggers' if len(fired) == 2 else 'A hard trigger'} fired: "
        f"{words.listing([f.lower() for f in fired])}"
        if fired
        else "No hard trigger could be shown to fire"
        if unknown
        else "No hard trigger fired"
    )
    columns = ("Trigger", "Fired", "Value", "90% interval", "n", "Threshold", "Chance beyond")
    table = [
        (
            t.label,
            _fired(t),
            _value(t, say),
            _interval(t, say),
            say.count(t.n),
            f"over {_bare(t, say, t.threshold)}",
            say.chance(t.p_beyond),
        )
        for t in found
    ]
    lines = " ".join(
        f"{t.label}: {_value(t, say)} ({_detail(t, say)}); {_fired(t)}."
        if t.value is not None
        else f"{t.label}: not known; {words.sentence(t.why or 'not measured')}"
        for t in found
    )
    known = [t for t in found if t.value is not None]
    if not known:
        return build.gap(
            key="week1-triggers", title=title, why="neither could be measured", columns=columns, table=table
        )
    return build.figure(
        key="week1-triggers",
        title=title,
        text=f"{title}. {lines}",
        note="Upright mark: the threshold. A rate must be beyond it with 90% probability; a count of roles must "
        "simply exceed it.",
        spec=_threshold_spec(build.share_axis(None), legend=True),
        rows=[_threshold_row(t, say) for t in known],
        columns=columns,
        table=table,
        height=52 * len(known) + 40,
    )


def _fired(trigger: Trigger) -> str:
    return {True: "fired", False: "not fired", None: "not known"}[trigger.fired]
