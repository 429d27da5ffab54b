"""The six notebooks: thin, whole, readable without a kernel, and equal to what the model computes."""

from __future__ import annotations

import ast
import os
import re
import shutil
import subprocess
import sys
import tempfile
from base64 import b64decode
from pathlib import Path

import nbformat
import pytest

from tools.make_notebooks import source
from tools.notebook_pages import EXTRA, PAGES
from workbook.runner.execute import parameters_of
from workbook.runner.kernels.owner import default_provisioner
from workbook.runner.notebooks import NOTEBOOKS

REPOSITORY = Path(__file__).resolve().parents[2]
FOLDER = REPOSITORY / "notebooks"
SANITIZE = Path(__file__).with_name("sanitize.cfg")
PARAMETERS = {
    "evidence_path": str,
    "results_folder": str,
    "budget_money": float,
    "cohort_size": int,
    "draws": int,
    "seed": int,
}
LINES = 6
NEVER = (
    ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda, ast.For, ast.AsyncFor, ast.While, ast.If,
    ast.IfExp, ast.Try, ast.With, ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp, ast.BinOp, ast.UnaryOp,
    ast.BoolOp, ast.Compare, ast.Subscript, ast.JoinedStr, ast.AugAssign,
)  # fmt: skip


def notebook(name: str) -> nbformat.NotebookNode:
    return nbformat.read(FOLDER / f"{name}.ipynb", as_version=4)


def code_cells(name: str) -> list[nbformat.NotebookNode]:
    return [cell for cell in notebook(name).cells if cell.cell_type == "code"]


def texts(cell: nbformat.NotebookNode) -> list[str]:
    return [output.get("text") or output.data["text/plain"] for output in cell.outputs]


def test_the_notebooks_are_those_a_run_executes() -> None:
    assert {path.stem for path in FOLDER.glob("*.ipynb")} - set(EXTRA) == set(NOTEBOOKS) == set(PAGES)


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_a_cell_is_a_sentence_and_a_call(name: str) -> None:
    cells = notebook(name).cells
    for before, cell in zip([None, *cells], cells, strict=False):
        if cell.cell_type != "code":
            continue
        assert len(cell.source.splitlines()) <= LINES, cell.source
        assert not [node for node in ast.walk(ast.parse(cell.source)) if isinstance(node, NEVER)], cell.source
        assert before is not None, cell.source
        assert before.cell_type == "markdown", cell.source
        assert re.search(r"[.?!]$", before.source.strip()), before.source


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_the_parameters_are_declared_once_with_the_committed_sample_as_default(name: str) -> None:
    assert parameters_of(notebook(name), name=name) == PARAMETERS
    cell = next(cell for cell in code_cells(name) if "parameters" in cell.metadata.get("tags", []))
    assert cell.source == source(name, PAGES[name]).cells[2].source
    assert '"../data/samples/saas-scaleup/evidence.json"' in cell.source


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_a_committed_notebook_is_what_its_list_of_views_gives(name: str) -> None:
    committed = [(cell.cell_type, cell.id, cell.source, dict(cell.metadata)) for cell in notebook(name).cells]
    made = [(cell.cell_type, cell.id, cell.source, dict(cell.metadata)) for cell in source(name, PAGES[name]).cells]
    assert committed == made


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_every_code_cell_that_shows_something_shows_it_in_text(name: str) -> None:
    shows = [cell for cell in code_cells(name) if "parameters" not in cell.metadata.get("tags", [])]
    for cell in shows:
        assert cell.execution_count is not None, cell.source
        assert len(texts(cell)) == 1, cell.source
        assert texts(cell)[0].strip(), cell.source
    assert texts(shows[-1]) == [f"workbook: {name} finished\n"]


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_charts_are_images_for_readers_without_a_kernel(name: str) -> None:
    outputs = [output.get("data", {}) for cell in code_cells(name) for output in cell.outputs]
    pictures = [data["text/html"] for data in outputs if "text/html" in data]
    images = [image for shown in pictures for image in re.findall(r'src="data:image/svg\+xml;base64,([^"]+)"', shown)]
    assert len(images) == len(pictures) > 0
    assert max(map(len, images)) < 120_000
    assert {b64decode(image)[:4] for image in images} == {b"<svg"}
    assert (FOLDER / f"{name}.ipynb").stat().st_size < 1_000_000


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_a_committed_notebook_holds_no_widget_state_no_times_and_no_path_of_a_machine(name: str) -> None:
    cells = notebook(name).cells
    said = "\n".join(
        part for cell in cells for part in [cell.source, *(texts(cell) if cell.cell_type == "code" else [])]
    )
    assert set(notebook(name).metadata) == {"kernelspec", "language_info", "title"}
    assert all(set(cell.metadata) <= {"tags"} for cell in cells)
    assert "widget-view" not in (FOLDER / f"{name}.ipynb").read_text(encoding="utf-8")
    machine = (str(REPOSITORY), str(Path.home()), tempfile.gettempdir(), sys.prefix)
    assert [place for place in (*machine, "Traceback", "papermill") if place in said] == []


def nbval(folder: Path, *names: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """nbval over notebooks, apart from this test run's own configuration."""
    (folder / "pytest.ini").write_text("[pytest]\n", encoding="utf-8")
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-W", "ignore", "-c", "pytest.ini"]
    options = ["--nbval", "--nbval-current-env", "--nbval-sanitize-with", str(SANITIZE), "--nbval-cell-timeout", "240"]
    kept = {key: value for key, value in os.environ.items() if not key.startswith(("WORKBOOK_", "PYTEST_"))}
    return subprocess.run(
        [*command, *options, *(str(folder / "notebooks" / f"{name}.ipynb") for name in names)],
        cwd=folder,
        env={
            **kept,
            **default_provisioner(),
            "WORKBOOK_NO_IMAGES": "1",
            "PYDEVD_DISABLE_FILE_VALIDATION": "1",
            **environment,
        },
        capture_output=True,
        text=True,
        timeout=600,
    )


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """The notebooks and their evidence where nothing but they are."""
    shutil.copytree(FOLDER, tmp_path / "notebooks")
    sample = Path("data", "samples", "saas-scaleup", "evidence.json")
    (tmp_path / sample).parent.mkdir(parents=True)
    shutil.copy(REPOSITORY / sample, tmp_path / sample)
    return tmp_path


def test_the_committed_outputs_are_what_the_model_computes(checkout: Path) -> None:
    checked = nbval(checkout, *NOTEBOOKS)
    assert checked.returncode == 0, checked.stdout[-6000:] + checked.stderr[-2000:]
    cells = sum(len(code_cells(name)) for name in NOTEBOOKS)
    assert f"{cells} passed" in checked.stdout


def test_a_number_changed_in_the_model_makes_nbval_fail(checkout: Path) -> None:
    package = shutil.copytree(REPOSITORY / "workbook", checkout / "changed" / "workbook")
    model = package / "scenario.py"
    before = model.read_text(encoding="utf-8")
    after = before.replace("uncovered_share: float = 0.30", "uncovered_share: float = 0.35")
    assert after != before
    model.write_text(after, encoding="utf-8")
    checked = nbval(checkout, "week1_risk_map", PYTHONPATH=str(checkout / "changed"))
    assert checked.returncode == 1, checked.stdout[-3000:] + checked.stderr[-2000:]
    assert "mismatch 'text/plain'" in checked.stdout
    assert re.search(r"shold.{0,12}35 ?%", checked.stdout), checked.stdout[-3000:]
