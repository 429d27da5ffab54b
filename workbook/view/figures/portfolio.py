"""Many clients on one page: how many of each answer, how sure and how rewarding, and a table of all."""

from __future__ import annotations

from collections import Counter
from typing import Final, get_args

from workbook import words
from workbook.results import Answer
from workbook.results.portfolio import Portfolio, PortfolioRow
from workbook.view.figure import Figure, Tile
from workbook.view.figures import build
from workbook.words import NOT_KNOWN, Words

SAY: Final = Words()
ANSWERS: Final[tuple[Answer, ...]] = get_args(Answer)
SURE: Final = 0.8
LISTED: Final = 12
NOTE: Final = (
    "ROI over each client's horizon, of the track its answer funds, of leadership where it funds both or neither; "
    "intervals from P10 to P90. Source: the clients' own results.json."
)
ANONYMISED: Final = (
    "Anonymised: labels follow the figures and not the names; returns are rounded to tens of percent, certainty to "
    "steps of 5%, payback to quarters, data given down to tenths."
)
COLUMNS: Final = (
    "Client", "Verdict", "Certainty", "ROI, P50 (P10 to P90)", "Payback", "Readiness", "Data given", "As of", "Run on",
)  # fmt: skip


def tiles(portfolio: Portfolio) -> tuple[Tile, ...]:
    """Clients, answers that are sure, answers that wait for data, data given."""
    rows = portfolio.clients
    decided = [row for row in rows if row.certainty is not None]
    sure = sum(row.certainty is not None and row.certainty >= SURE for row in rows)
    waiting = sum(row.answer == "insufficient data" for row in rows)
    given = sum(row.completeness_share for row in rows) / len(rows) if rows else None
    left_out = f"{SAY.count(portfolio.left_out, 'more')} could not be read" if portfolio.left_out else ""
    return (
        build.tile(key="clients", label="Clients", value=SAY.count(len(rows)), note=left_out),
        build.tile(
            key="sure",
            label="Sure answers",
            value=f"{sure} of {len(decided)}",
            note=f"certainty {SAY.share(SURE)} or more",
        ),
        build.tile(key="waiting", label="Waiting for data", value=SAY.count(waiting), note="insufficient data"),
        build.tile(key="data", label="Data given", value=SAY.share(given), note="mean share of values asked for"),
    )


def figures(portfolio: Portfolio) -> tuple[Figure, ...]:
    """Every figure of the page, in order."""
    return (verdicts(portfolio), chances(portfolio), clients(portfolio))


def verdicts(portfolio: Portfolio) -> Figure:
    """How many clients have each answer."""
    counted = Counter(row.answer for row in portfolio.clients)
    most = max(ANSWERS, key=lambda answer: (counted[answer], -ANSWERS.index(answer)))
    total = len(portfolio.clients)
    title = f"{words.name(most)} is the most frequent answer: {counted[most]} of {SAY.count(total, 'client')}"
    rows = [
        {
            "label": words.name(answer),
            "value": counted[answer],
            "end": counted[answer],
            "said": SAY.count(counted[answer]),
        }
        for answer in ANSWERS
    ]
    axis = build.plain_axis("clients", tickMinStep=1)
    return build.figure(
        key="portfolio-verdicts",
        title=title,
        text=f"{title}. " + ", ".join(f"{words.name(answer)}: {counted[answer]}" for answer in ANSWERS) + ".",
        note=f"Unit: clients; n = {total}. A count, without interval. Source: the clients' own results.json.",
        spec=build.plain_bars(axis=axis, tooltip=build.tips(("label", "Verdict"), ("said", "Clients"))),
        rows=rows,
        columns=("Verdict", "Clients", "Share"),
        table=[
            (words.name(answer), counted[answer], SAY.share(counted[answer] / total if total else None))
            for answer in ANSWERS
        ],
        height=40 * len(rows) + 30,
    )


def chances(portfolio: Portfolio) -> Figure:
    """Certainty against return, a point a client; no labels, so that a thousand fit."""
    drawn = [row for row in portfolio.clients if row.certainty is not None and row.roi_p50 is not None]
    left = len(portfolio.clients) - len(drawn)
    columns = ("Client", "Verdict", "Certainty", "ROI, P50", "P10 to P90")
    table = [(row.name, words.name(row.answer), SAY.chance(row.certainty), *_roi(row)) for row in drawn]
    if not drawn:
        return build.gap(
            key="portfolio-map", title="Certainty and return: insufficient data",
            why="no client has both a certainty and a return", columns=columns, table=table,
        )  # fmt: skip
    gaining = sum((row.roi_p50 or 0) > 0 for row in drawn)
    both = sum((row.roi_p50 or 0) > 0 and (row.certainty or 0) >= SURE for row in drawn)
    title = (
        f"{gaining} of {SAY.count(len(drawn), 'client')} expect a return above zero, {both} of them with a sure answer"
    )
    rows = [
        {
            "client": words.label(row.name), "certainty": row.certainty, "roi": (row.roi_p50 or 0.0) / 100,
            "low": None if row.roi_p10 is None else row.roi_p10 / 100,
            "high": None if row.roi_p90 is None else row.roi_p90 / 100,
            "answer": words.name(row.answer), "sure": SAY.chance(row.certainty), "said": " ".join(_roi(row)),
        }
        for row in drawn
    ]  # fmt: skip
    x = build.value("certainty", build.share_axis("certainty of the answer"), scale={"domain": [0, 1]})
    y_axis = build.share_axis("ROI, P50 and P10 to P90")
    colour = {"field": "answer", "type": "nominal", "legend": {"title": None, "orient": "bottom", "columns": 2}}
    tooltip = build.tips(("client", "Client"), ("answer", "Verdict"), ("sure", "Certainty"), ("said", "ROI"))
    layers = [
        build.zero_line(),
        {
            "mark": {"type": "rule", "opacity": 0.35 if len(drawn) <= 100 else 0.08},
            "encoding": {
                "x": x,
                "y": {"field": "low", "type": "quantitative", "axis": y_axis},
                "y2": {"field": "high"},
                "color": colour,
            },
        },
        {
            "mark": {"type": "point", "filled": True, "opacity": 0.75, "size": 70 if len(drawn) <= 100 else 24},
            "encoding": {
                "x": x,
                "y": build.value("roi", y_axis),
                "color": colour,
                "shape": colour,
                "tooltip": tooltip,
            },
        },
    ]
    besides = f" {SAY.count(left, 'client')} without a certainty or a return {'is' if left == 1 else 'are'} not drawn."
    return build.figure(
        key="portfolio-map",
        title=title,
        text=f"{title}." + (besides if left else ""),
        note=f"n = {len(drawn)}. {NOTE}",
        spec=build.base(layers, height=300),
        rows=rows,
        columns=columns,
        table=table,
        height=340,
    )


def clients(portfolio: Portfolio) -> Figure:
    """All clients in a table."""
    sure = sum(row.certainty is not None and row.certainty >= SURE for row in portfolio.clients)
    rest = len(portfolio.clients) - LISTED
    first = [f"{'; '.join(line(row)[:5])}." for row in portfolio.clients[:LISTED]]
    more = f"And {SAY.count(rest)} more in the table." if rest > 0 else ""
    title = f"{SAY.count(len(portfolio.clients), 'client')}, {sure} with a certainty of {SAY.share(SURE)} or more"
    return build.figure(
        key="portfolio-clients",
        title=title,
        text=" ".join([f"{title}.", *first, more]).strip(),
        note=f"{NOTE} {ANONYMISED}" if portfolio.anonymous else NOTE,
        columns=COLUMNS,
        table=[line(row) for row in portfolio.clients],
        height=0,
    )


def line(row: PortfolioRow) -> tuple[str, ...]:
    """One client in words."""
    say = Words(horizon_months=row.horizon_months)
    middle, span = _roi(row)
    return (
        row.name,
        words.name(row.answer) + (" (synthetic data)" if row.synthetic else ""),
        say.chance(row.certainty),
        f"{middle} ({span})" if row.roi_p50 is not None else NOT_KNOWN,
        say.payback(row.payback_month) if row.roi_p50 is not None else NOT_KNOWN,
        words.name(row.readiness),
        f"{say.share(row.completeness_share)}, {row.tables_given} of {row.tables_asked} tables",
        say.date(row.as_of) if row.as_of else "",
        row.run_date or "",
    )


def _roi(row: PortfolioRow) -> tuple[str, str]:
    """The middle and the interval."""
    return SAY.percent(row.roi_p50), SAY.span(row.roi_p10, row.roi_p90, SAY.percent)
