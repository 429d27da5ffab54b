"""What `verify` says to do about a fault really mends it."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from tests.runner.harm import make_unreadable
from tests.runner.published import publish_client
from tests.runner.tiny import write_six
from tests.runner.tiny_results import write_stage
from workbook.inputs import scaffold
from workbook.runner.notebooks import NOTEBOOKS
from workbook.runner.publish import current_run, sealed
from workbook.runner.run import run_client
from workbook.runner.verify import verify


@pytest.fixture
def go(tmp_path, monkeypatch):
    """Run acme into out/acme, with the notebooks' work and the drawing done in a moment."""

    def executed(source: Path, target: Path, parameters: dict, *, cwd: Path) -> str:
        shutil.copy(source, target)
        options = {"draws": parameters["draws"], "seed": parameters["seed"]}
        write_stage(NOTEBOOKS[source.stem], cwd / "evidence.json", cwd / "stages", **options)
        return "forked"

    monkeypatch.setattr("workbook.runner.run.prepare", lambda: None)
    monkeypatch.setattr("workbook.runner.execute.execute", executed)
    monkeypatch.setattr("workbook.pack.html.write_html", lambda results, path: Path(path).write_text(results.client))
    scaffold(tmp_path / "acme")
    for path in (tmp_path / "acme").iterdir():
        if path.name not in ("client.yml", "employees.csv", "metrics.csv"):
            path.unlink()
    write_six(tmp_path / "notebooks")

    def run(**options):
        return run_client(tmp_path / "acme", tmp_path / "out", notebooks_folder=tmp_path / "notebooks", **options)

    return run


def _copied_from_beta(run: Path) -> None:
    """Another client's sound run lies in this one's place."""
    other = publish_client(run.parents[2], "beta", run=run.name)
    shutil.rmtree(run)
    shutil.copytree(other, run)


def _copied_from_another_run(run: Path) -> None:
    """Another run of the same client lies in this one's place."""
    other = publish_client(run.parents[2], "acme", run="fedcba9876543210")
    shutil.rmtree(run)
    other.rename(run)
    (run.parents[1] / "current").unlink()
    (run.parents[1] / "current").symlink_to(f"runs/{run.name}")


HARM = {
    "made.json was changed": lambda run: (run / "made.json").write_text("{}"),
    "made.json is missing": lambda run: (run / "made.json").unlink(),
    "run.json is missing": lambda run: (run / "run.json").unlink(),
    "evidence.json is missing": lambda run: (run / "evidence.json").unlink(),
    "run.json is of client beta": _copied_from_beta,
    "run.json is of run fedcba9876543210": _copied_from_another_run,
}


@pytest.mark.parametrize("what", HARM)
def test_R72_what_verify_finds_in_the_current_run_the_next_run_mends(what, go, tmp_path):
    run = go().run_folder
    HARM[what](run)
    found = verify(tmp_path / "out" / "acme")
    assert [str(fault) for fault in found.faults] == [f"runs/{run.name}/{what}"]
    assert (found.rebuilt, found.earlier) == (True, ())
    again = go()
    assert (again.outcome, again.run_folder.name) == ("published", f"{run.name}-2")
    assert verify(tmp_path / "out" / "acme").sound
    assert go().outcome == "unchanged"


@pytest.mark.parametrize("name", ["results.json", "run.json", "made.json", "restricted", ""])
def test_R72_what_cannot_be_read_is_made_again_and_left_behind(name, go, tmp_path, monkeypatch):
    run = go().run_folder
    make_unreadable(monkeypatch, run / name)
    assert {fault.what for fault in verify(tmp_path / "out" / "acme").faults} == {"cannot be read"}
    assert go().outcome == "published"
    assert verify(tmp_path / "out" / "acme").sound


def test_R72_runs_that_were_removed_are_missed_and_made_again(go, tmp_path):
    run = go().run_folder
    shutil.rmtree(run.parent)
    found = verify(tmp_path / "out" / "acme")
    assert [str(fault) for fault in found.faults] == ["runs is missing: nothing is published"]
    assert go().outcome == "published"
    assert verify(tmp_path / "out" / "acme").sound


def test_R72_a_damaged_run_that_is_not_current_is_no_runs_business_and_is_deleted_as_verify_says(go, tmp_path):
    before = go(seed=1).run_folder
    go()
    (before / "results.json").write_text("{}")
    assert go().outcome == "unchanged"
    found = verify(tmp_path / "out" / "acme")
    assert (found.rebuilt, found.earlier) == (False, (before.name,))
    shutil.rmtree(before)
    assert verify(tmp_path / "out" / "acme").sound


def test_a_run_of_another_content_key_is_not_taken_for_this_one_by_the_part_of_it_that_names_the_run(go, tmp_path):
    run = go().run_folder
    record = json.loads((run / "run.json").read_text())
    del record["digest"]
    record["key"] = record["key"][:16] + "0" * 48
    (run / "run.json").write_text(sealed(record))
    assert verify(tmp_path / "out" / "acme").sound
    again = go()
    assert (again.outcome, again.run_folder.name) == ("published", f"{run.name}-2")
    assert current_run(tmp_path / "out" / "acme") == again.run_folder
