"""Several clients at once, with real kernels and worker processes; and what refuses to start at all."""

from __future__ import annotations

import json
import os
from pathlib import Path

import nbformat
import pytest

from tests.runner.tiny import PARAMETERS, write_notebook
from tests.runner.tiny_results import CELL
from workbook.__main__ import main
from workbook.errors import BadArgument
from workbook.inputs import scaffold
from workbook.runner.batch import run_clients
from workbook.runner.notebooks import NOTEBOOKS
from workbook.runner.paths import refuse_linked_output
from workbook.runner.publish import current_run, is_whole
from workbook.runner.report import RunReport, exit_code
from workbook.runner.run import STEPS, reported
from workbook.runner.table import summary
from workbook.runner.task import ReadTask

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def batch(tmp_path_factory):
    """Three client folders, the middle one broken, run two at a time."""
    home = tmp_path_factory.mktemp("batch")
    for name in ("acme", "beta"):
        scaffold(home / name)
    (home / "broken").mkdir()
    (home / "broken" / "client.yml").write_text("client: broken\ncurrency: GBP\nas_of: 2025-12-31\nhorizon: 24\n")
    (home / "notebooks").mkdir()
    for name, stage in NOTEBOOKS.items():
        cell = CELL.format(stage=stage)
        write_notebook(home / "notebooks" / f"{name}.ipynb", cell, parameters=PARAMETERS)
    told: list[tuple[str, str]] = []
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("PYTHONPATH", str(ROOT))
        reports = run_clients(
            [home / "acme", home / "broken", home / "beta"],
            home / "out",
            jobs=2,
            notebooks_folder=home / "notebooks",
            on_step=lambda client, step: told.append((client, step)),
        )
    return home, reports, told


def test_a_bad_client_is_reported_and_stops_no_other(batch):
    _, reports, _ = batch
    assert [report.outcome for report in reports] == ["published", "refused", "published"]
    assert exit_code(reports) == 1
    assert "key 'horizon': not known" in reports[1].message
    assert "Traceback" not in reports[1].message


def test_nothing_is_written_for_a_bad_client(batch):
    home, _, _ = batch
    assert sorted(os.listdir(home / "out")) == [".work", "acme", "beta"]
    assert [name for name in sorted(os.listdir(home / "out" / ".work")) if not name.startswith("ledger")] == [
        "acme",
        "beta",
    ]


def test_every_client_has_a_whole_run_with_its_own_notebooks(batch):
    home, _, _ = batch
    for name in ("acme", "beta"):
        run = current_run(home / "out" / name)
        assert is_whole(run)
        assert json.loads((run / "run.json").read_text())["client"] == name
        for notebook in NOTEBOOKS:
            cells = nbformat.read(run / f"{notebook}.ipynb", as_version=4).cells
            assert cells[-1].outputs[0].text == f"workbook: {notebook} finished\n"
            assert "injected-parameters" in cells[1].metadata.tags


def test_no_path_of_this_machine_stands_in_anything_published_but_the_restricted_tier(batch):
    home, _, _ = batch
    run = current_run(home / "out" / "acme")
    said = [path.name for path in run.rglob("*") if path.is_file() and str(home) in path.read_text(encoding="utf-8")]
    assert said == []


def test_steps_are_told_from_the_worker_processes_in_order(batch):
    _, _, told = batch
    for name in ("acme", "beta"):
        assert [step for client, step in told if client == name] == list(STEPS)


def test_the_summary_holds_a_row_a_client_the_packs_and_those_left_out(batch, monkeypatch):
    home, reports, _ = batch
    monkeypatch.chdir(home)
    lines = summary(reports).splitlines()
    assert lines[0].split("  ")[0] == "client"
    assert [
        heading
        for heading in ("verdict", "certainty", "gate", "ROI P50", "payback P50", "plan / budget")
        if heading not in lines[0]
    ] == []
    assert sum("leadership first" in line for line in lines) == 2
    assert [line.strip() for line in lines if line.endswith(".html")] == [
        f"out/{name}/current/pack/{name}.html" for name in ("acme", "beta")
    ]
    assert lines[-2] == "Not run:"
    assert lines[-1].startswith("  broken: ")


def test_R03_two_folders_with_one_client_name_are_refused_before_any_run(tmp_path):
    for name in ("one", "two"):
        scaffold(tmp_path / name)
        path = tmp_path / name / "client.yml"
        path.write_text(path.read_text().replace(f"client: {name}", "client: acme"))
    with pytest.raises(BadArgument) as refused:
        run_clients([tmp_path / "one", tmp_path / "two"], tmp_path / "out", notebooks_folder=_six(tmp_path))
    assert str(refused.value) == (
        f"{tmp_path / 'one'} and {tmp_path / 'two'} both say client: acme. "
        "Give each client a name of its own in client.yml."
    )
    assert not (tmp_path / "out").exists()


def test_R03_one_folder_given_twice_is_refused(tmp_path):
    scaffold(tmp_path / "one")
    with pytest.raises(BadArgument) as refused:
        run_clients([tmp_path / "one", f"{tmp_path}/./one/"], tmp_path / "out", notebooks_folder=_six(tmp_path))
    assert str(refused.value) == f"{tmp_path / 'one'} is given twice."


def test_R73_a_client_whose_output_folder_is_a_link_fails_alone(tmp_path):
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "beta").symlink_to(tmp_path / "elsewhere")
    for name in ("acme", "beta", "corn"):
        scaffold(tmp_path / name)

    def executor(task, folders, *, on_step=None):
        """Reads as usual, and runs in name only."""
        for folder in folders:
            name = Path(folder).name
            ran = reported(folder, lambda name=name, folder=folder: _published(tmp_path / "out", folder, name))
            yield task(folder) if isinstance(task, ReadTask) else ran

    folders = [tmp_path / name for name in ("acme", "beta", "corn")]
    reports = run_clients(folders, tmp_path / "out", executor=executor, notebooks_folder=_six(tmp_path))
    assert [report.outcome for report in reports] == ["published", "refused", "published"]
    assert reports[1].log is None
    assert list((tmp_path / "elsewhere").iterdir()) == []


def _published(out: Path, folder: str, name: str) -> RunReport:
    refuse_linked_output(out, name)
    return RunReport(folder, name, "published")


def test_when_no_client_can_run_the_command_ends_with_code_2(tmp_path, capsys, monkeypatch):
    monkeypatch.setattr("workbook.runner.batch.shipped_notebooks", lambda: _six(tmp_path))
    (tmp_path / "empty").mkdir()
    assert main(["run", str(tmp_path / "empty"), str(tmp_path / "none"), "--out", str(tmp_path / "out")]) == 2
    said = capsys.readouterr()
    assert "client.yml" in said.err
    assert "Traceback" not in said.err + said.out
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("outcomes", "code"),
    [
        (["published"], 0),
        (["published", "unchanged"], 0),
        (["published", "refused"], 1),
        (["unchanged", "failed"], 1),
        (["failed"], 2),
        (["refused", "failed"], 2),
        ([], 2),
        (["published", "integrity"], 3),
    ],
)
def test_exit_codes_say_all_some_none_or_integrity(outcomes, code):
    assert exit_code(tuple(RunReport("x", None, outcome) for outcome in outcomes)) == code


def _six(folder: Path) -> Path:
    place = folder / "notebooks"
    place.mkdir(exist_ok=True)
    for name in NOTEBOOKS:
        write_notebook(place / f"{name}.ipynb", parameters=PARAMETERS)
    return place
