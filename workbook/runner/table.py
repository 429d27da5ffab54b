"""What `workbook run` prints when it is done: a row a client, and where its pack is."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Sequence
from pathlib import Path

from workbook.results import Answer, Results, Return
from workbook.runner.paths import shown
from workbook.runner.report import RunReport
from workbook.words import NOT_KNOWN, Words, clean

HEADINGS = ("client", "verdict", "certainty", "gate", "ROI P50", "payback P50", "plan / budget")
WIDTHS = (18, 17, 10, 34, 15, 20, 20)


def summary(reports: Sequence[RunReport]) -> str:
    """The table of a batch: those that ran with their figures, then the packs, then those that did not run."""
    ran = [(report, Results.load(report.run_folder / "results.json")) for report in reports if report.run_folder]
    lines = [*_rows([HEADINGS]), *_rows(["-" * width for width in WIDTHS] for _ in ran[:1])] if ran else []
    lines += _rows(figures(results) for _, results in ran)
    if ran:
        lines += ["", "Packs (open in a browser):"]
        lines += [f"  {shown(pack_path(report, results))}" for report, results in ran]
    left_out = [report for report in reports if not report.run_folder]
    if left_out:
        lines += ["", "Not run:"]
        lines += [f"  {report.client or Path(report.folder).name}: {report.reason}" for report in left_out]
    return "\n".join(lines)


def figures(results: Results) -> tuple[str, ...]:
    """One client's row, in the client's locale and currency."""
    words = Words.of(results.facts)
    returns = _returns(results)
    known = results.verdict.answer != "insufficient data"
    return (
        results.client,
        results.verdict.answer,
        words.chance(results.verdict.certainty),
        clean(results.week1.gate.clause),
        " / ".join(words.percent(one.roi_percent.p50) for one in returns) if known else NOT_KNOWN,
        " / ".join(words.payback(one.payback_month.p50) for one in returns) if known else NOT_KNOWN,
        f"{words.money(results.week3.spent)} / {words.money(results.week3.budget)}",
    )


def pack_path(report: RunReport, results: Results) -> Path:
    """Where a reader finds the pack: by the link `current`, which outlives this run."""
    assert report.run_folder is not None
    home = report.run_folder.parent.parent
    name = f"{report.client or results.client}.html"
    through = home / "current" / "pack" / name
    return through if through.is_file() else report.run_folder / "pack" / name


def _returns(results: Results) -> list[Return]:
    """The return of the track the answer funds; of both where it funds both or neither."""
    funded: dict[Answer, tuple[str, ...]] = {"leadership first": ("leadership",), "technical first": ("technical",)}
    wanted = funded.get(results.verdict.answer, ("leadership", "technical"))
    return [found for track, found in results.week2.returns.items() if track in wanted]


def _rows(rows: Iterable[Sequence[str]]) -> list[str]:
    """Rows as aligned text; a cell wider than its column goes on in the next line."""
    lines = []
    for row in rows:
        cells = [textwrap.wrap(cell, width) or [""] for cell, width in zip(row, WIDTHS, strict=True)]
        for number in range(max(map(len, cells))):
            parts = [cell[number] if number < len(cell) else "" for cell in cells]
            lines.append("  ".join(part.ljust(width) for part, width in zip(parts, WIDTHS, strict=True)).rstrip())
    return lines
