"""Scenarios side by side: as a table for the page, as aligned text for the terminal, as CSV for a spreadsheet."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from workbook.weeks.compare import Compared, Comparison, Paired
from workbook.words import Words

LABEL_WIDTH, COLUMN_WIDTH = 26, 20
Say = Callable[[Compared], str]


def table(comparison: Comparison) -> str:
    """The comparison as aligned text, a column a scenario, in the client's locale and currency."""
    lines = [_line("scenario", [column.scenario.name for column in comparison.columns])]
    lines.append(_line("-" * (LABEL_WIDTH - 2), ["-" * (COLUMN_WIDTH - 2)] * len(comparison.columns)))
    for label, say in _rows(Words.of(comparison.facts), comparison.columns[0].scenario.name):
        lines.append(_line(label, [say(column) for column in comparison.columns]))
    lines.append("")
    for column in comparison.columns:
        if column.changed:
            moved = ", ".join(f"{key}={value:.12g}" for key, value in column.changed.items())
            lines.append(f"{column.scenario.name}: {moved}")
    lines.append(f"All on the same {comparison.draws:,} draws (seed {comparison.seed}).")
    return "\n".join(lines)


def page_table(comparison: Comparison, heads: Mapping[str, str]) -> tuple[list[str], list[list[str]]]:
    """The comparison as a table's heads and rows; `heads` renames columns, the others bear their scenario's name."""
    columns = comparison.columns
    names = [heads.get(column.scenario.name, column.scenario.name) for column in columns]
    found = _rows(Words.of(comparison.facts), names[0])
    return ["", *names], [[label[0].upper() + label[1:], *(say(column) for column in columns)] for label, say in found]


def _rows(say: Words, first: str) -> Iterator[tuple[str, Say]]:
    yield "verdict", lambda column: column.answer
    yield "certainty", lambda column: say.chance(column.certainty)
    yield "budget", lambda column: say.money_full(column.budget_money)
    yield "plan cost", lambda column: say.money_full(column.plan_cost)
    yield "share to leadership", lambda column: say.share(column.leadership_share)
    yield "NPV expected", lambda column: say.money_full(column.expected_npv)
    for name in ("p10", "p50", "p90"):
        yield f"NPV {name.upper()}", _money(say, name)
    yield "ROI P50", lambda column: say.percent(column.roi_percent.p50)
    yield (
        "payback P50",
        lambda column: say.payback(column.payback_month.p50) if column.plan_cost > 0 else "nothing is bought",
    )
    yield "P(NPV above 0)", lambda column: say.chance(column.p_npv_positive)
    for name in ("mean", "p10", "p90"):
        yield f"NPV less {first}'s, {name.upper() if name != 'mean' else name}", _difference(say, name)
    yield f"P(better than {first})", lambda column: _better(say, column.versus_first)


def _money(say: Words, name: str) -> Say:
    return lambda column: say.money_full(getattr(column.npv, name))


def _difference(say: Words, name: str) -> Say:
    return lambda c: "" if c.versus_first is None else say.money_full(getattr(c.versus_first, name))


def _better(say: Words, pair: Paired | None) -> str:
    if pair is None:
        return ""
    same = pair.mean == pair.p10 == pair.p90 == 0
    return "equal in all draws" if same else say.chance(pair.p_better)


def _line(label: str, cells: Sequence[str]) -> str:
    return (label.ljust(LABEL_WIDTH) + "".join(cell.ljust(COLUMN_WIDTH) for cell in cells)).rstrip()


def csv_text(comparison: Comparison) -> str:
    """The comparison as CSV, a row a scenario, nothing rounded; an empty cell is a figure that does not exist."""
    rows = [_flat(column) for column in comparison.columns]
    made = io.StringIO()
    writer = csv.DictWriter(made, list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return made.getvalue()


def _flat(column: Compared) -> dict[str, Any]:
    flat: dict[str, Any] = {
        "scenario": column.scenario.name,
        "changed": "; ".join(f"{key}={value!r}" for key, value in column.changed.items()),
    }
    for key in ("answer", "certainty", "budget_money", "plan_cost", "leadership_share", "expected_npv"):
        flat[key] = getattr(column, key)
    for key in ("npv", "roi_percent", "payback_month"):
        flat.update({f"{key}_{name}": value for name, value in getattr(column, key).model_dump().items()})
    flat["p_npv_positive"] = column.p_npv_positive
    pair = column.versus_first
    for name in Paired.model_fields:
        flat[f"npv_less_first_{name}" if name != "p_better" else "p_better_than_first"] = getattr(pair, name, None)
    return flat
