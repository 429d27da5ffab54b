"""One client's run, with the notebooks' work done in this process: what is published, and when nothing is."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path

import pytest

from tests.runner.tiny import write_six
from tests.runner.tiny_results import write_stage
from workbook.errors import BadArgument, InputProblems, RunFailed
from workbook.inputs import scaffold
from workbook.measure import DisclosureFault
from workbook.results import Results
from workbook.runner import provenance
from workbook.runner import run as runs
from workbook.runner.batch import run_clients
from workbook.runner.notebooks import NOTEBOOKS
from workbook.runner.publish import current_run, is_whole
from workbook.runner.report import IntegrityError
from workbook.runner.run import STEPS, run_client


class Notebooks:
    """Stands in for papermill: writes the stage file a notebook would write, and counts."""

    def __init__(self) -> None:
        self.executed: list[str] = []
        self.given: list[dict[str, object]] = []
        self.fails_at = ""
        self.silent_at = ""

    def __call__(self, source: Path, target: Path, parameters: dict, *, cwd: Path) -> str:
        self.executed.append(source.stem)
        self.given.append(dict(parameters))
        if source.stem == self.fails_at:
            raise RunFailed(f"{source.stem}, cell 4: ValueError: no such unit")
        shutil.copy(source, target)
        if source.stem != self.silent_at:
            options = {"draws": parameters["draws"], "seed": parameters["seed"]}
            write_stage(
                NOTEBOOKS[source.stem], cwd / parameters["evidence_path"], cwd / parameters["results_folder"], **options
            )
        return "forked"


@pytest.fixture
def notebooks(monkeypatch) -> Notebooks:
    stand_in = Notebooks()
    monkeypatch.setattr("workbook.runner.execute.execute", stand_in)
    monkeypatch.setattr("workbook.pack.html.write_html", lambda results, path: Path(path).write_text(results.client))
    return stand_in


@pytest.fixture
def acme(tmp_path) -> Path:
    """A folder with few tables, so that a run takes a moment."""
    scaffold(tmp_path / "acme")
    for path in (tmp_path / "acme").iterdir():
        if path.name not in ("client.yml", "employees.csv", "metrics.csv"):
            path.unlink()
    return tmp_path / "acme"


@pytest.fixture
def go(tmp_path, acme, notebooks):
    write_six(tmp_path / "notebooks")

    def run(**options):
        return run_client(acme, tmp_path / "out", notebooks_folder=tmp_path / "notebooks", **options)

    return run


def test_a_run_publishes_evidence_results_notebooks_pack_and_its_own_record(go, notebooks, tmp_path):
    told = []
    report = go(on_step=lambda client, step: told.append((client, step)))
    assert report.outcome == "published"
    assert notebooks.executed == list(NOTEBOOKS)
    assert told == [("acme", step) for step in STEPS]
    run = current_run(tmp_path / "out" / "acme")
    assert run == report.run_folder
    names = sorted(path.relative_to(run).as_posix() for path in run.rglob("*") if path.is_file())
    assert names == sorted([
        "evidence.json", "results.json", "run.json", "made.json", "pack/acme.html", "pack/calendar.ics",
        *(f"{name}.ipynb" for name in NOTEBOOKS),
        *(f"restricted/{name}.csv" for name in ("attendance", "leader_changes", "leader_scores", "succession")),
        "restricted/restricted.json",
    ])  # fmt: skip
    assert is_whole(run)
    assert Results.load(run / "results.json").provenance.inputs.keys() >= {"client.yml", "employees.csv"}
    assert (run / "restricted").stat().st_mode & 0o077 == 0


def test_the_record_says_what_the_run_was_made_from_and_beside_it_how_it_was_made(go):
    report = go(draws=1024, seed=7, attempt=2)
    record = json.loads((report.run_folder / "run.json").read_text())
    made = json.loads((report.run_folder / "made.json").read_text())
    assert [step["step"] for step in made["steps"]] == list(STEPS[:-1])
    assert (made["attempts"], made["began"], made["kernels"]) == (2, report.began, ["forked"])
    assert record["steps"] == list(STEPS)
    assert record["retain_until"] is None
    assert (record["draws"], record["seed"], record["client"]) == (1024, 7, "acme")
    assert record["key"].startswith(record["run"])
    assert record["inputs"].keys() >= {"client.yml", "employees.csv"}
    assert list(record["notebooks"]) == list(NOTEBOOKS)
    assert record["versions"].keys() == {"python", *provenance.LIBRARIES}


def test_notebooks_are_given_typed_values_and_no_path_of_this_machine(go, notebooks, tmp_path):
    go(draws=1024, seed=7)
    assert (
        notebooks.given
        == [
            {
                "evidence_path": "evidence.json",
                "results_folder": "stages",
                "budget_money": 0.0,
                "cohort_size": 0,
                "draws": 1024,
                "seed": 7,
            }
        ]
        * 6
    )


def test_R70_an_unchanged_client_is_not_executed_again_and_keeps_its_bytes(go, notebooks, tmp_path):
    first = go()
    before = (first.run_folder / "run.json").read_bytes()
    notebooks.executed.clear()
    second = go()
    assert (second.outcome, second.run_folder) == ("unchanged", first.run_folder)
    assert notebooks.executed == []
    assert (first.run_folder / "run.json").read_bytes() == before


def test_the_tables_of_an_unchanged_client_are_not_read_again_those_of_a_changed_one_are(go, acme, monkeypatch):
    first = go()
    with monkeypatch.context() as nothing_read:
        nothing_read.setattr("workbook.runner.run.read_folder", lambda folder: pytest.fail("the tables were read"))
        assert (go().outcome, go().run_folder) == ("unchanged", first.run_folder)
    with (acme / "employees.csv").open("a") as table:
        table.write("\n")
    assert go().run_folder != first.run_folder


def test_an_unchanged_client_is_executed_when_forced_and_gives_the_same_figures(go, notebooks):
    first = go()
    before = (first.run_folder / "results.json").read_bytes()
    assert go(force=True).outcome == "published"
    assert len(notebooks.executed) == 12
    assert (first.run_folder / "results.json").read_bytes() == before
    assert os.listdir(first.run_folder.parent) == [first.run_folder.name]


@pytest.mark.parametrize("changed", ["input", "notebook", "draws", "seed", "code", "library"])
def test_R71_one_byte_changed_makes_a_run_of_its_own(changed, go, acme, tmp_path, monkeypatch):
    first = go()
    options = {}
    if changed == "input":
        (acme / "metrics.csv").write_text((acme / "metrics.csv").read_text() + "\n")
    if changed == "notebook":
        path = tmp_path / "notebooks" / "start.ipynb"
        path.write_text(path.read_text() + " ")
    if changed in ("draws", "seed"):
        options = {changed: 512}
    if changed == "code":
        monkeypatch.setattr(provenance, "code_digest", lambda: "other")
    if changed == "library":
        newer = {**provenance.versions(), "pyarrow": "999"}
        monkeypatch.setattr(provenance, "versions", lambda: newer)
    second = go(**options)
    assert second.outcome == "published"
    assert second.run_folder.name != first.run_folder.name
    assert first.run_folder.is_dir()


def test_R71_a_file_that_is_nearly_a_table_is_noted_by_a_run_of_its_own(go, acme):
    first = go()
    (acme / "minutes of the board.txt").write_text("of no concern")
    assert go().outcome == "unchanged"
    (acme / "employes.csv").write_text("employee_id\n")
    second = go()
    assert second.outcome == "published"
    assert second.run_folder != first.run_folder
    assert (
        "employes.csv is not read. Did you mean 'employees.csv'?" in (second.run_folder / "evidence.json").read_text()
    )
    assert go().outcome == "unchanged"


@pytest.mark.parametrize("changed", ["code", "notebook"])
def test_R71_what_changes_while_the_client_runs_is_not_published_as_what_it_was(
    changed, go, notebooks, tmp_path, monkeypatch
):
    def edit(client: str, step: str) -> None:
        if step == "pack" and changed == "code":
            monkeypatch.setattr(runs, "code_digest_now", lambda: "other")
        if step == "pack" and changed == "notebook":
            path = tmp_path / "notebooks" / "start.ipynb"
            path.write_text(path.read_text() + " ")

    with pytest.raises(RunFailed) as failed:
        go(on_step=edit)
    assert str(failed.value) == (
        "The program or a notebook was changed while the client ran. Nothing was published; run it again."
    )
    assert not (tmp_path / "out" / "acme").exists()


def test_R71_of_two_clients_only_the_one_whose_file_changed_is_run_again(acme, notebooks, tmp_path):
    write_six(tmp_path / "notebooks")
    other = tmp_path / "other"
    shutil.copytree(acme, other)
    (other / "client.yml").write_text((acme / "client.yml").read_text().replace("client: acme", "client: other"))

    def outcomes() -> list[str]:
        reports = run_clients([acme, other], tmp_path / "out", notebooks_folder=tmp_path / "notebooks")
        return [report.outcome for report in reports]

    assert outcomes() == ["published", "published"]
    with (other / "metrics.csv").open("a") as table:
        table.write("\n")
    notebooks.executed.clear()
    assert outcomes() == ["unchanged", "published"]
    assert notebooks.executed == list(NOTEBOOKS)


def test_going_back_to_earlier_inputs_points_current_at_the_earlier_run(go, notebooks, tmp_path):
    first = go()
    go(seed=1)
    notebooks.executed.clear()
    assert go().outcome == "unchanged"
    assert notebooks.executed == []
    assert current_run(tmp_path / "out" / "acme") == first.run_folder


def test_R72_a_damaged_published_run_is_made_again(go, notebooks):
    first = go()
    good = (first.run_folder / "results.json").read_bytes()
    (first.run_folder / "results.json").write_bytes(good[:-2] + b"!\n")
    again = go()
    assert again.outcome == "published"
    assert (again.run_folder / "results.json").read_bytes() == good
    assert again.run_folder.name == f"{first.run_folder.name}-2"
    assert not first.run_folder.exists()
    assert go().outcome == "unchanged"


@pytest.mark.parametrize("at", ["start", "week3_options", "followup_30_60_90"])
def test_R68_a_failing_notebook_leaves_the_last_good_run_and_no_work_folder(at, go, notebooks, tmp_path):
    good = go()
    notebooks.fails_at = at
    with pytest.raises(RunFailed) as failed:
        go(seed=1)
    assert str(failed.value) == f"{at}, cell 4: ValueError: no such unit"
    assert current_run(tmp_path / "out" / "acme") == good.run_folder
    assert is_whole(good.run_folder)
    assert os.listdir(tmp_path / "out" / "acme" / "runs") == [good.run_folder.name]
    assert os.listdir(tmp_path / "out" / ".work" / "acme") == ["lock"]


def test_a_first_run_that_fails_publishes_no_folder_at_all(go, notebooks, tmp_path):
    notebooks.fails_at = "week4_pilot"
    with pytest.raises(RunFailed):
        go()
    assert not (tmp_path / "out" / "acme").exists()


def test_a_notebook_that_computes_nothing_fails_the_run(go, notebooks):
    notebooks.silent_at = "week2_cost_of_delay"
    with pytest.raises(RunFailed) as failed:
        go()
    assert str(failed.value) == "week2_cost_of_delay: it wrote no results.week2.json."


def test_evidence_that_breaks_its_own_rules_is_an_integrity_fault_and_nothing_is_published(go, tmp_path, monkeypatch):
    def fault(client):
        raise DisclosureFault("The evidence was not released:\n  a small group shows")

    monkeypatch.setattr("workbook.measure.measure", fault)
    with pytest.raises(IntegrityError, match="a small group shows"):
        go()
    assert not (tmp_path / "out" / "acme").exists()


def test_a_bad_folder_is_refused_before_anything_is_written(go, acme, tmp_path):
    (acme / "client.yml").write_text("client: acme\n")
    with pytest.raises(InputProblems):
        go()
    assert not (tmp_path / "out").exists()


def test_a_folder_without_the_six_notebooks_is_named(acme, tmp_path):
    with pytest.raises(BadArgument) as refused:
        run_client(acme, tmp_path / "out", notebooks_folder=write_empty(tmp_path / "none"))
    assert str(refused.value) == f"{tmp_path / 'none'}: no {', '.join(f'{name}.ipynb' for name in NOTEBOOKS)}."


def write_empty(folder: Path) -> Path:
    folder.mkdir()
    return folder
