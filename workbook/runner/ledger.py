"""`out/.work/ledger.sqlite`: who ran, when, with what, what failed and why. A convenience, never the source of truth.

What is published is known from the run folders. Rows that are missing here (the writer was killed, the file was lost or
damaged) are added from them by `sync`; failures of the past are then forgotten, which costs nobody a result. A fault in
the ledger never fails a run.
"""

from __future__ import annotations

import contextlib
import os
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from types import TracebackType
from typing import Final

import workbook
from workbook.runner.publish import MADE_FILE, current_run, read_run_file, read_sealed
from workbook.runner.report import RunReport

BUSY_SECONDS: Final = 30
COLUMNS: Final = (
    "client", "folder", "began", "seconds", "outcome", "kind", "reason", "run", "version", "seed", "draws", "attempts",
)  # fmt: skip
SCHEMA: Final = """
CREATE TABLE IF NOT EXISTS runs (
  id INTEGER PRIMARY KEY, client TEXT NOT NULL, folder TEXT NOT NULL, began TEXT NOT NULL, seconds REAL NOT NULL,
  outcome TEXT NOT NULL, kind TEXT NOT NULL, reason TEXT NOT NULL, run TEXT NOT NULL, version TEXT NOT NULL,
  seed INTEGER NOT NULL, draws INTEGER NOT NULL, attempts INTEGER NOT NULL);
CREATE INDEX IF NOT EXISTS runs_client ON runs (client, id);
"""


@dataclass(frozen=True)
class Row:
    """One run of one client; `client` is empty where its files could not be read."""

    client: str
    folder: str
    began: str
    seconds: float
    outcome: str
    kind: str
    reason: str
    run: str
    version: str
    seed: int
    draws: int
    attempts: int


def ledger_file(out: Path) -> Path:
    """Where the ledger of an output folder is."""
    return out / ".work" / "ledger.sqlite"


class Ledger:
    """An open ledger; several processes may write at once."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._base = sqlite3.connect(path, timeout=BUSY_SECONDS, isolation_level=None)
        self._base.execute("PRAGMA journal_mode=WAL")
        self._base.execute("PRAGMA synchronous=FULL")
        self._base.execute("PRAGMA secure_delete=ON")
        self._base.executescript(SCHEMA)
        self._base.execute(f"SELECT {', '.join(COLUMNS)} FROM runs ORDER BY id DESC LIMIT 1").fetchone()

    @classmethod
    def open(cls, out: Path) -> Ledger:
        """The ledger of an output folder; a damaged one is begun again, to be filled by `sync`."""
        path = ledger_file(out)
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            if not _sound(path):
                _drop(path)
            return cls(path)
        except sqlite3.OperationalError:
            raise
        except sqlite3.DatabaseError:
            _drop(path)
            return cls(path)

    @classmethod
    @contextlib.contextmanager
    def if_possible(cls, out: Path, *, wanted: bool) -> Iterator[Ledger | None]:
        """The ledger while a batch runs; None where it is not `wanted` and not there, or cannot be written."""
        ledger = None
        if wanted or ledger_file(out).exists():
            with contextlib.suppress(sqlite3.Error, OSError):
                ledger = cls.open(out)
        try:
            yield ledger
        finally:
            if ledger is not None:
                ledger.close()

    def close(self) -> None:
        """Close the file."""
        with contextlib.suppress(sqlite3.Error):
            self._base.close()

    def __enter__(self) -> Ledger:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def add(self, report: RunReport, *, seed: int, draws: int) -> None:
        """A row for a finished client; a ledger that cannot be written fails no run."""
        row = Row(
            report.client or "", report.folder, report.began, report.seconds, report.outcome, report.kind,
            "" if report.ran else report.reason, report.run_folder.name if report.run_folder else "",
            workbook.__version__, seed, draws, report.attempts,
        )  # fmt: skip
        with contextlib.suppress(sqlite3.Error):
            self._insert([row])

    def sync(self, out: Path) -> int:
        """Add published runs of which there is no row; returns how many."""
        known = {tuple(row) for row in self._base.execute("SELECT client, run FROM runs WHERE run <> ''")}
        missing = [row for row in published_rows(out) if (row.client, row.run) not in known]
        with contextlib.suppress(sqlite3.Error):
            self._insert(sorted(missing, key=lambda row: (row.began, row.client)))
        return len(missing)

    def clear(self) -> None:
        """Delete every row, so that `sync` makes the ledger anew from what is published."""
        self._base.execute("DELETE FROM runs")

    def rows(self) -> Iterator[Row]:
        """Every row, oldest first."""
        for row in self._base.execute(f"SELECT {', '.join(COLUMNS)} FROM runs ORDER BY began, id"):
            yield Row(*row)

    def last(self) -> list[Row]:
        """The newest row of each client, by name.

        A folder that could not be read is the client it was before; one that never could be has a row of its own.
        """
        newest: dict[str, Row] = {}
        whose: dict[str, str] = {}
        for row in self.rows():
            if row.client and row.folder:
                whose[row.folder] = row.client
                newest.pop(row.folder, None)
            client = row.client or whose.get(row.folder, "")
            newest[client or row.folder] = replace(row, client=client)
        return [row for _, row in sorted(newest.items())]

    def forget(self, client: str) -> int:
        """Delete a client's rows, and those of folders it was read from, so that no byte of them stays in the file."""
        read_from = "SELECT DISTINCT folder FROM runs WHERE client = ? AND folder <> ''"
        folders = [row[0] for row in self._base.execute(read_from, [client])]
        marks = ", ".join("?" * len(folders))
        found = self._base.execute(f"DELETE FROM runs WHERE client = ? OR folder IN ({marks})", [client, *folders])
        self._base.execute("VACUUM")
        self._base.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        return found.rowcount

    def _insert(self, rows: list[Row]) -> None:
        marks = ", ".join("?" * len(COLUMNS))
        self._base.execute("BEGIN IMMEDIATE")
        try:
            self._base.executemany(
                f"INSERT INTO runs ({', '.join(COLUMNS)}) VALUES ({marks})",
                [tuple(getattr(row, name) for name in COLUMNS) for row in rows],
            )
        except BaseException:
            self._base.execute("ROLLBACK")
            raise
        self._base.execute("COMMIT")


def published_rows(out: Path) -> list[Row]:
    """A row for every published run, from its own files."""
    found = []
    for home in clients_in(out):
        for run in sorted((home / "runs").iterdir()):
            record = read_run_file(run)
            if record is None:
                continue
            made = read_sealed(run / MADE_FILE) or {}
            found.append(
                Row(home.name, "", str(made.get("began", "")), float(made.get("seconds", 0)), "published", "", "",
                    run.name, str(record.get("version", "")), int(record.get("seed", 0)), int(record.get("draws", 0)),
                    int(made.get("attempts", 1)))
            )  # fmt: skip
    return found


def clients_in(out: Path) -> list[Path]:
    """The folders of an output folder that hold published runs, by name."""
    if not out.is_dir():
        return []
    return sorted(
        path for path in out.iterdir() if not path.name.startswith(".") and not path.is_symlink() and _holds_runs(path)
    )


def _holds_runs(home: Path) -> bool:
    return (home / "runs").is_dir() and not (home / "runs").is_symlink()


def stands(out: Path, client: str) -> bool:
    """Whether a published run of the client stands, whatever became of its last one."""
    return bool(client) and current_run(out / client) is not None


def _sound(path: Path) -> bool:
    """Whether an existing ledger is one that can be read whole; a missing one is."""
    if not path.exists():
        return True
    with contextlib.closing(sqlite3.connect(path, timeout=BUSY_SECONDS)) as base:
        columns = [row[1] for row in base.execute("PRAGMA table_info(runs)")]
        return base.execute("PRAGMA quick_check").fetchone() == ("ok",) and columns in ([], ["id", *COLUMNS])


def _drop(path: Path) -> None:
    """Remove a ledger and what SQLite keeps beside it."""
    for name in (path, Path(f"{path}-wal"), Path(f"{path}-shm")):
        with contextlib.suppress(FileNotFoundError):
            os.unlink(name)
