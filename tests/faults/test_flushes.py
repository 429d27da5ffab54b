"""What publishing builds upon is on the disk first: a power cut takes what was written and not flushed."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.runner.published import publish_client
from workbook.runner import publish as published

RUN = "0123456789abcdef"
SEALED = ("evidence.json", "made.json", "pack", "pack/acme.html", "results.json", "run.json")


class Disk:
    """Knows which files and folders are flushed, and what is not when a name appears in their stead.

    A folder is unflushed again when something is moved into it; files are taken to be written before any flush.
    """

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self.flushed: set[int] = set()
        self.lost: dict[str, list[str]] = {}
        self._fsync, self._replace = os.fsync, os.replace
        patch.setattr(os, "fsync", self._flushing)
        patch.setattr(os, "replace", self._moving)

    def at_risk(self, folder: Path, *inside: Path) -> list[str]:
        """What of a folder, or of the paths named, a power cut would take now."""
        paths = inside or (folder, *folder.rglob("*"))
        return sorted(path.relative_to(folder).as_posix() for path in paths if path.stat().st_ino not in self.flushed)

    def _flushing(self, descriptor: int) -> None:
        self._fsync(descriptor)
        self.flushed.add(os.fstat(descriptor).st_ino)

    def _moving(self, source: Path, target: Path) -> None:
        target = Path(target)
        if target.name == RUN:
            self.lost["the run appears"] = self.at_risk(Path(source))
        if target.name == "current":
            self.lost["current names it"] = self.at_risk(target.parent, target.parent / "runs")
        self._replace(source, target)
        self.flushed.discard(target.parent.stat().st_ino)


def _lost(out: Path, monkeypatch) -> dict[str, list[str]]:
    """What a power cut would take at each step of publishing acme, and when it is done."""
    disk = Disk(monkeypatch)
    publish_client(out, "acme", run=RUN)
    home = out / "acme"
    return {**disk.lost, "it is published": disk.at_risk(out, home / "runs", home, out)}


def test_R67_all_of_a_run_is_on_the_disk_before_its_name_is_and_its_name_before_current_says_it(tmp_path, monkeypatch):
    assert _lost(tmp_path / "out", monkeypatch) == {
        "the run appears": [],
        "current names it": [],
        "it is published": [],
    }


@pytest.mark.parametrize(
    ("left_out", "lost"),
    [
        (
            lambda path: True,
            {"the run appears": [".", *SEALED], "current names it": ["runs"],
             "it is published": [".", "acme", "acme/runs"]},
        ),
        (lambda path: path.name == "results.json", {"the run appears": ["results.json"]}),
        (lambda path: path.name == "pack", {"the run appears": ["pack"]}),
        (lambda path: path.name == "run", {"the run appears": ["."]}),
        (lambda path: path.name == "runs", {"current names it": ["runs"], "it is published": ["acme/runs"]}),
        (lambda path: path.name == "acme", {"it is published": ["acme"]}),
        (lambda path: path.name == "out", {"it is published": ["."]}),
    ],
    ids=["all", "a file", "a folder of the run", "the run", "the folder of runs", "the client's folder", "the output"],
)  # fmt: skip
def test_R67_a_flush_that_is_left_out_is_noticed(left_out, lost, tmp_path, monkeypatch):
    whole = published._flush
    monkeypatch.setattr(published, "_flush", lambda path: None if left_out(path) else whole(path))
    found = _lost(tmp_path / "out", monkeypatch)
    assert {step: what for step, what in found.items() if what} == lost
