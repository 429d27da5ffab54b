"""A disk or a power cut at any file operation: the last good pack stays, nothing torn is published, the next run mends.

`make soak` runs every operation; here are every seventh and the mutants that show that the checks can fail.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections import defaultdict
from pathlib import Path

import pytest

from tests.faults.mutants import MUTANTS
from tests.runner.tiny import write_notebook
from workbook.errors import RunFailed
from workbook.runner import execute as engine

ROOT = Path(__file__).resolve().parents[2]
PARTS = ("crash:1:7", "EIO:4:19", "ENOSPC:2:19", *(f"mutant:{name}:2" for name in MUTANTS))


@pytest.fixture(scope="module")
def faults(tmp_path_factory) -> dict[str, list[dict]]:
    """What broke, by part."""
    home = tmp_path_factory.mktemp("faults")
    ran = subprocess.run(
        [sys.executable, "-m", "tests.faults.driver", str(home), *PARTS],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=600,
    )
    assert ran.returncode == 0, ran.stderr[-3000:]
    found: dict[str, list[dict]] = defaultdict(list)
    for told in map(json.loads, ran.stdout.splitlines()):
        found[told.get("part", "count")].append(told)
    return found


@pytest.mark.parametrize(("mode", "least"), [("crash", 9), ("EIO", 3), ("ENOSPC", 3)])
def test_R66_R67_a_fault_at_any_file_operation_harms_no_pack_and_a_clean_run_recovers(mode, least, faults):
    assert faults["count"][0]["operations"] > 50
    assert len(faults[mode]) >= least
    assert [told for told in faults[mode] if told["broken"]] == []


@pytest.mark.parametrize(
    ("mutant", "noticed"),
    [
        ("copies", "a torn run is published"),
        ("points first", "current names no run"),
        ("removes the link", "current names no run"),
        ("empties first", "the last good run was harmed"),
    ],
)
def test_R66_publishing_that_is_not_atomic_is_noticed(mutant, noticed, faults):
    assert [said for told in faults[f"mutant {mutant}"] for said in told["broken"] if said.startswith(noticed)]


def test_R63_whoever_trusts_what_papermill_reports_publishes_a_notebook_that_stopped_half_way(tmp_path, monkeypatch):
    source = write_notebook(tmp_path / "week9.ipynb", "import sys; sys.exit(0)", "x = 1")

    def executed() -> None:
        engine.execute(source, tmp_path / "done.ipynb", {}, cwd=tmp_path)

    with pytest.raises(RunFailed):
        executed()
    assert not (tmp_path / "done.ipynb").exists()
    monkeypatch.setattr(engine, "judge", lambda notebook, *, name: None)
    monkeypatch.setattr("papermill.execute.raise_for_execution_errors", lambda *given: None)
    executed()
    assert (tmp_path / "done.ipynb").exists()
