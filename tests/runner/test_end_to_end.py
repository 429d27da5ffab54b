"""The shipped notebooks on a sample client, by the command a consultant types."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

from workbook import stages
from workbook.__main__ import main
from workbook.evidence import Evidence
from workbook.results import Results
from workbook.runner.notebooks import NOTEBOOKS
from workbook.runner.publish import current_run
from workbook.scenario import Scenario

SAMPLE = Path(__file__).resolve().parents[2] / "data" / "samples" / "thin-data"
DRAWS, SEED = 1024, 11


@pytest.fixture(scope="module")
def out(tmp_path_factory) -> Path:
    """A run of `thin-data` beside a folder that is no client."""
    home = tmp_path_factory.mktemp("end-to-end")
    (home / "nobody").mkdir()
    command = ["run", str(SAMPLE), str(home / "nobody"), "--out", str(home / "out")]
    assert main([*command, "--draws", str(DRAWS), "--seed", str(SEED)]) == 1
    return home / "out"


def test_the_published_results_are_what_the_model_computes_without_any_notebook(out):
    run = current_run(out / "thin-data")
    evidence = Evidence.load(run / "evidence.json")
    computed = stages.compute_all(evidence, Scenario(draws=DRAWS, seed=SEED))
    assert Results.load(run / "results.json") == computed
    assert computed.verdict.answer == "insufficient data"


def test_every_published_notebook_ran_to_its_end_and_shows_something_beside_widgets(out):
    run = current_run(out / "thin-data")
    for name in NOTEBOOKS:
        text = (run / f"{name}.ipynb").read_text(encoding="utf-8")
        assert "widget-view" not in text
        assert str(out) not in text
        cells = [cell for cell in nbformat.reads(text, as_version=4).cells if cell.cell_type == "code"]
        assert cells[-1].outputs[-1].text == stages.finished(name) + "\n"
        assert sum(bool(cell.outputs) for cell in cells) >= len(cells) // 2


def test_the_pack_names_the_client_and_holds_the_answer(out):
    page = (current_run(out / "thin-data") / "pack" / "thin-data.html").read_text(encoding="utf-8")
    assert "Tern &amp; Finch" in page
    assert "nsufficient data" in page


def test_made_again_by_another_process_elsewhere_every_byte_is_the_same(out, tmp_path):
    command = [sys.executable, "-m", "workbook", "run", str(SAMPLE), "--out", str(tmp_path / "again")]
    environment = {**os.environ, "PYTHONHASHSEED": "7", "TZ": "Asia/Tokyo"}
    subprocess.run([*command, "--draws", str(DRAWS), "--seed", str(SEED)], env=environment, check=True)
    first, second = (
        {path.relative_to(run): path.read_bytes() for path in run.rglob("*") if path.is_file()}
        for run in (current_run(out / "thin-data"), current_run(tmp_path / "again" / "thin-data"))
    )
    assert set(first) == set(second)
    assert [str(path) for path in first if first[path] != second[path]] == ["made.json"]


def test_unchanged_the_client_is_not_run_again(out, capsys):
    command = ["run", str(SAMPLE), "--out", str(out), "--draws", str(DRAWS), "--seed", str(SEED)]
    assert main(command) == 0
    assert capsys.readouterr().err == "thin-data: unchanged\n"
