"""Week 1, business metrics over time."""

from __future__ import annotations

from workbook import words
from workbook.results import Facts, Metric
from workbook.view.figure import Figure
from workbook.view.figures import build
from workbook.words import Words


def metric(found: Metric, facts: Facts) -> Figure:
    """One business metric over time."""
    say = Words.of(facts)
    key = f"week1-metric-{found.name}"
    points = [point for point in found.series if point.value is not None]
    if found.status == "insufficient data" and len(points) < 2:
        return build.gap(key=key, title=f"{found.label}: insufficient data", why=found.why)
    title = f"{found.label}: {say.value(found.value, found.unit)}, {found.status}"
    slope = "" if found.trend is None else f" The slope is {_slope(found, say)} a month"
    test = "" if found.p_value is None else f" (p = {say.number(found.p_value, 3)}, {found.method or 'trend test'})"
    rows = [
        {
            "period": point.period.isoformat(),
            "month": say.month(point.period),
            "value": point.value,
            "said": say.value(point.value, found.unit),
        }
        for point in points
    ]
    axis = build.share_axis(None) if found.unit.startswith("share") else build.plain_axis(None)
    x = {
        "field": "period",
        "type": "temporal",
        "scale": {"type": "utc"},
        "axis": {"title": None, "format": "%b %y", "tickCount": 4, "grid": False},
    }
    y = build.value("value", axis, scale={"zero": False, "nice": True, "padding": 12})
    spec = build.base(
        [
            {"mark": {"type": "line"}, "encoding": {"x": x, "y": y}},
            {
                "mark": {"type": "point", "size": 36},
                "encoding": {"x": x, "y": y, "tooltip": build.tips(("month", "Month"), ("said", "Value"))},
            },
        ],
        height=150,
    )
    better = "higher is better" if found.higher_is_better else "lower is better"
    return build.figure(
        key=key,
        title=title,
        text=f"{title}.{slope}{test}{'.' if slope else ''}" + (f" {words.sentence(found.why)}" if found.why else ""),
        note=words.sentence(
            f"{better}; n = {say.count(found.n)}" + (f"; source: {found.source}" if found.source else "")
        ),
        spec=spec if rows else None,
        rows=rows,
        columns=("Month", found.label),
        table=[(say.month(point.period), say.value(point.value, found.unit)) for point in points],
        height=150,
    )


def _slope(found: Metric, say: Words) -> str:
    assert found.trend is not None
    sign = "+" if found.trend > 0 else "−" if found.trend < 0 else ""
    size = abs(found.trend)
    if found.unit.startswith("share"):
        return f"{sign}{say.number(size * 100, 2)} percentage points"
    return f"{sign}{say.number(size, 3)}"
