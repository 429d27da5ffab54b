"""Delete everything that was made of a client: runs, saved scenarios, working copies, logs, ledger rows, portfolios.

What remains is a line in `deletions.jsonl`, without name, place or digest: when, why, how many files. The client's own
folder, and files that were exported or sent elsewhere, are not ours and are not touched.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import json
import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

import workbook
from workbook.errors import BadArgument
from workbook.runner.ledger import Ledger, clients_in, ledger_file
from workbook.runner.paths import local_path, refuse_linked_output
from workbook.runner.publish import LOCK, current_run, read_run_file, work_folder
from workbook.settings import is_slug

DELETIONS: Final = "deletions.jsonl"
Reason = Literal["asked for", "retention date passed"]


@dataclass(frozen=True)
class Purged:
    """What was deleted."""

    client: str
    files: int
    runs: int
    ledger_rows: int
    portfolio: bool


def client_home(place: str) -> tuple[Path, str]:
    """The output folder and the client of `out/<client>`.

    Raises BadArgument when nothing of ours is there.
    """
    given = Path(place)
    if given.is_symlink():
        raise BadArgument(f"{place}: this is a link. Name the folder itself.")
    home = local_path(place, what="published folder")
    ours = (home / "runs").is_dir() or (home.parent / ".work" / home.name).is_dir()
    if not is_slug(home.name) or not ours:
        raise BadArgument(f"{place}: nothing of a client is here. Give out/<client>.")
    return home.parent, home.name


def expired(out: Path, today: dt.date) -> list[tuple[Path, dt.date]]:
    """Clients whose retention date (`privacy.retain_until` in client.yml) has passed, with that date.

    The day named is the last on which the files may be kept.
    """
    found = []
    for home in clients_in(out):
        until = retained_until(home)
        if until is not None and until < today:
            found.append((home, until))
    return found


def retained_until(home: Path) -> dt.date | None:
    """The retention date that the current run was made with; None when none is set."""
    run = current_run(home)
    record = read_run_file(run) if run is not None else None
    until = record.get("retain_until") if record is not None else None
    return dt.date.fromisoformat(until) if until else None


def purge(out: Path, client: str, *, reason: Reason, today: dt.date) -> Purged:
    """Delete all of a client's output; safe to repeat after it was interrupted.

    Raises ClientBusy while a run of the client is under way.
    """
    refuse_linked_output(out, client)
    home, base = out / client, out / ".work" / client
    with work_folder(out, client) as work:
        files, runs = _count(home) + _count(base) - _count(work), len(list((home / "runs").glob("*")))
        portfolio = _drop_portfolio(out, work)
        if home.exists():
            os.replace(home, work / "purged")
        shutil.rmtree(work)
        rows = 0
        if ledger_file(out).exists():
            with Ledger.open(out) as ledger:
                rows = ledger.forget(client)
        _clear(base)
        _note(out, {"files": files, "runs": runs, "ledger_rows": rows, "why": reason}, today)
        _drop_lock(base)
    return Purged(client, files, runs, rows, portfolio)


def _clear(base: Path) -> None:
    """Remove all that is in a client's work folder but the lock we hold."""
    for left in base.iterdir():
        if left.is_dir() and not left.is_symlink():
            shutil.rmtree(left)
        elif left.name != LOCK:
            left.unlink()


def _drop_lock(base: Path) -> None:
    """Remove the lock and the emptied work folder, last of all: from here on another run of the client may begin.

    Where one has begun, the folder is its own and stays.
    """
    (base / LOCK).unlink()
    with contextlib.suppress(OSError):
        base.rmdir()


def _drop_portfolio(out: Path, work: Path) -> bool:
    """Remove the portfolios in the output folder, which show the client; the next `portfolio` makes them anew."""
    found = [path for path in out.glob("portfolio*") if path.is_file() or path.is_symlink()]
    for path in found:
        os.replace(path, work / path.name)
    return bool(found)


def _note(out: Path, record: dict[str, object], today: dt.date) -> None:
    """A line in `deletions.jsonl`: what was deleted when and why, and not whose."""
    line = json.dumps({"deleted": today.isoformat(), **record, "version": workbook.__version__}) + "\n"
    with (out / DELETIONS).open("a", encoding="utf-8", newline="\n") as file:
        file.write(line)
        file.flush()
        os.fsync(file.fileno())


def _count(folder: Path) -> int:
    return sum(1 for _ in _files(folder))


def _files(folder: Path) -> Iterator[Path]:
    for place, _, names in os.walk(folder):
        for name in names:
            yield Path(place) / name
