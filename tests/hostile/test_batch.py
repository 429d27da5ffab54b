"""Several clients at once keep apart: what is one's own stands nowhere else."""

from __future__ import annotations

import random
import tempfile
from pathlib import Path

from tests.hostile.batch_clients import holding, marker, write_clients, write_notebooks
from workbook.runner.batch import run_clients
from workbook.runner.publish import current_run

ROOT = Path(__file__).resolve().parents[2]


def test_R49_each_clients_marker_stands_only_in_its_own_output_logs_and_caches_included(tmp_path, monkeypatch):
    numbers = [3, 1, 4, 2]
    random.Random(9).shuffle(numbers)
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    monkeypatch.setenv("TMPDIR", str(scratch))
    monkeypatch.setattr(tempfile, "tempdir", str(scratch))
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    folders = write_clients(tmp_path / "clients", numbers)
    notebooks = write_notebooks(tmp_path / "notebooks")
    reports = run_clients(folders, tmp_path / "out", jobs=2, notebooks_folder=notebooks)
    assert [report.message for report in reports] == [""] * len(numbers)
    for number in numbers:
        client = f"client-{number:04d}"
        assert holding(tmp_path / "out", marker(number)) == {client}
        assert holding(scratch, marker(number)) == set()
        run = current_run(tmp_path / "out" / client)
        assert f"{marker(number)}\\n" in (run / "start.ipynb").read_text()
