"""What `workbook status` prints: a row a client, and under it why the last run failed and where to look."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Final

from workbook.errors import BadArgument
from workbook.runner.failures import failure_log
from workbook.runner.ledger import Ledger, Row, clients_in, ledger_file, stands
from workbook.runner.paths import shown
from workbook.runner.purge import retained_until
from workbook.words import clean

HEADINGS: Final = ("client", "last run", "when (UTC)", "took", "tries", "run", "version", "published")
WIDEST: Final = 40


def status(out: Path, *, rebuild: bool = False, today: dt.date) -> str:
    """The ledger as text, brought up to what is published first.

    Raises BadArgument where nothing was ever run.
    """
    if not ledger_file(out).exists() and not clients_in(out):
        raise BadArgument(f"{shown(out)}: nothing was run here. Run a client first: workbook run <client folder>.")
    with Ledger.open(out) as ledger:
        if rebuild:
            ledger.clear()
        ledger.sync(out)
        rows = ledger.last()
    return "\n".join([*_table(out, rows), *_failures(out, rows), *_retention(out, today)])


def _table(out: Path, rows: Sequence[Row]) -> list[str]:
    cells = [HEADINGS, *(_cells(out, row) for row in rows)]
    widths = [max(len(row[column]) for row in cells) for column in range(len(HEADINGS))]
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in cells]
    return [lines[0], "  ".join("-" * width for width in widths), *lines[1:], "", _count(rows)]


def _cells(out: Path, row: Row) -> tuple[str, ...]:
    return (
        _who(row)[:WIDEST],
        row.outcome,
        row.began.replace("T", " ").removesuffix("Z"),
        f"{row.seconds:.0f} s",
        str(row.attempts),
        row.run or "-",
        row.version,
        "yes" if stands(out, row.client) else "no",
    )


def _who(row: Row) -> str:
    return clean(row.client or Path(row.folder).name, WIDEST)


def _count(rows: Sequence[Row]) -> str:
    failed = sum(row.outcome not in ("published", "unchanged") for row in rows)
    good = f"{len(rows)} client{'s' if len(rows) != 1 else ''}"
    return f"{good}, the last run of {failed} failed." if failed else f"{good}, all good."


def _failures(out: Path, rows: Iterable[Row]) -> list[str]:
    """A line a failure: why, and where to look."""
    lines = []
    for row in rows:
        if row.outcome in ("published", "unchanged"):
            continue
        log = failure_log(out, row.client) if row.client and row.kind != "input" else None
        look = (
            f"look in {shown(log)}" if log is not None and log.exists() else f"workbook check {shown(Path(row.folder))}"
        )
        lines.append(f"  {_who(row)}: {clean(row.reason)} ({look})")
    return ["", "Failed:", *lines] if lines else []


def _retention(out: Path, today: dt.date) -> list[str]:
    """A line for each client that was to be deleted by now."""
    dated = [(home.name, until) for home in clients_in(out) if (until := retained_until(home)) and until < today]
    if not dated:
        return []
    lines = [f"  {client}: to be kept until {until.isoformat()}" for client, until in dated]
    return ["", f"Retention date passed (delete them: workbook purge --expired {shown(out)}):", *lines]
