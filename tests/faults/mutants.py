"""Faults a reviewer would put into the code: the checks must notice each of them."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

from workbook.runner import publish as published
from workbook.runner import run as runs


def _copies() -> None:
    """Publishing copies file by file into its place instead of renaming the finished folder."""

    def publish(finished: Path, out: Path, client: str, run: str) -> Path:
        target = out / client / "runs" / run
        target.mkdir(parents=True, exist_ok=True)
        for path in sorted(finished.rglob("*")):
            place = target / path.relative_to(finished)
            if path.is_dir():
                place.mkdir(exist_ok=True)
            else:
                place.write_bytes(path.read_bytes())
        published.point_current(out / client, run)
        return target

    runs.publish = publish


def _points_first() -> None:
    """`current` is pointed at the new run before the run is there."""
    whole = published.publish

    def publish(finished: Path, out: Path, client: str, run: str) -> Path:
        published.point_current(out / client, run)
        return whole(finished, out, client, run)

    runs.publish = publish


def _removes_link() -> None:
    """`current` is removed and made again instead of being replaced."""

    def point_current(home: Path, run: str) -> None:
        os.unlink(home / "current")
        os.symlink(f"runs/{run}", home / "current")

    published.point_current = point_current


def _empties_first() -> None:
    """Earlier runs are cleared away before the new one is published."""
    whole = published.publish

    def publish(finished: Path, out: Path, client: str, run: str) -> Path:
        shutil.rmtree(out / client / "runs")
        return whole(finished, out, client, run)

    runs.publish = publish


MUTANTS: dict[str, Callable[[], None]] = {
    "copies": _copies,
    "points first": _points_first,
    "removes the link": _removes_link,
    "empties first": _empties_first,
}
