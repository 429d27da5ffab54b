"""A notebook counts as executed by facts, not by what papermill says."""

from __future__ import annotations

import json
import os
import sys

import nbformat
import pytest

from tests.runner.tiny import write_notebook
from workbook.errors import BadArgument, RunFailed
from workbook.runner.execute import cleaned, execute, judge
from workbook.runner.kernels.environment import kernel_environment


def _fails(tmp_path, *cells: str, ends: bool = True, seconds: int = 60) -> str:
    source = write_notebook(tmp_path / "week9.ipynb", *cells, ends=ends)
    with pytest.raises(RunFailed) as failed:
        execute(source, tmp_path / "done.ipynb", {"text": "x"}, cwd=tmp_path, cell_seconds=seconds)
    assert not (tmp_path / "done.ipynb").exists()
    return str(failed.value)


def test_a_cell_that_raises_fails_the_run_and_is_named(tmp_path):
    assert _fails(tmp_path, "x = 1", "raise ValueError('no such unit')") == "week9, cell 4: ValueError: no such unit"


def test_R63_a_cell_that_exits_with_code_0_fails_the_run(tmp_path):
    assert _fails(tmp_path, "import sys; sys.exit(0)").startswith("week9, code cell 3: SystemExit")


def test_R62_a_killed_kernel_fails_the_run(tmp_path):
    said = _fails(tmp_path, "import os, signal; os.kill(os.getpid(), signal.SIGKILL)")
    assert said == "week9: the kernel died (killed, or out of memory)."


def test_R64_a_cell_that_hangs_is_stopped(tmp_path):
    assert _fails(tmp_path, "while True: pass", seconds=1) == "week9: a cell ran longer than 1 seconds and was stopped."


def test_a_notebook_that_does_not_come_to_its_end_fails_the_run(tmp_path):
    assert _fails(tmp_path, "x = 1", ends=False) == "week9: the last cell did not print 'workbook: week9 finished'."


def test_a_kernel_is_this_interpreter_in_the_given_folder_apart_from_the_users_settings(tmp_path, monkeypatch):
    monkeypatch.setenv("JUPYTER_PATH", str(tmp_path / "elsewhere"))
    monkeypatch.setenv("PYTHONWARNINGS", "error")
    monkeypatch.setenv("WORKBOOK_EVIDENCE", "of another client")
    cell = (
        "import json, os, sys, IPython.paths\n"
        "mine = {k: v for k, v in os.environ.items() if k in ('JUPYTER_PATH', 'PYTHONWARNINGS', 'WORKBOOK_EVIDENCE')}\n"
        "said = [sys.executable, os.getcwd(), mine, IPython.paths.get_ipython_dir()]\n"
        "open('said.json', 'w').write(json.dumps(said))"
    )
    source = write_notebook(tmp_path / "n.ipynb", cell)
    execute(source, tmp_path / "done.ipynb", {}, cwd=tmp_path)
    executable, folder, environment, settings = json.loads((tmp_path / "said.json").read_text())
    assert (executable, folder, environment) == (sys.executable, str(tmp_path), {})
    assert not os.path.exists(settings)


def test_the_same_run_gives_the_same_bytes_without_paths_times_or_widgets(tmp_path):
    cell = (
        "from ipywidgets import IntSlider\n"
        "view = {'application/vnd.jupyter.widget' + '-view+json': {'model' + '_id': 'x'}}\n"
        "display({**view, 'text/plain': text}, raw=True)\n"
        "slider = IntSlider(); display(view, raw=True)"
    )
    source = write_notebook(tmp_path / "n.ipynb", cell)
    for target in ("first.ipynb", "second.ipynb"):
        execute(source, tmp_path / target, {"text": "shown"}, cwd=tmp_path)
    text = (tmp_path / "first.ipynb").read_text()
    assert text == (tmp_path / "second.ipynb").read_text()
    assert [word for word in ("papermill", "widget-view", "model_id", str(tmp_path)) if word in text] == []
    outputs = [output for code in nbformat.reads(text, as_version=4).cells for output in code.outputs]
    assert [output.get("data", {}).get("text/plain") for output in outputs] == ["shown", None]


def test_a_chart_is_drawn_by_the_runner_and_no_drawing_is_left_in_the_notebook(tmp_path):
    cell = (
        "from workbook.view.figure import Figure\n"
        "from workbook.view.live_chart import LiveChart\n"
        "x = {'field': 'v', 'type': 'quantitative'}\n"
        "spec = {'mark': 'point', 'data': {'name': 'rows'}, 'encoding': {'x': x}}\n"
        "display(LiveChart(Figure(key='a', title='A finding', text=text, spec=spec, data={'rows': [{'v': 1}]})))\n"
        "import sys; print('vl_convert' in sys.modules)"
    )
    execute(write_notebook(tmp_path / "n.ipynb", cell), tmp_path / "done.ipynb", {"text": "shown"}, cwd=tmp_path)
    outputs = [output for one in nbformat.read(tmp_path / "done.ipynb", 4).cells for output in one.get("outputs", [])]
    assert next(output.text for output in outputs if "text" in output) == "False\n"
    [shown] = [output.data for output in outputs if "text/html" in output.get("data", {})]
    assert set(shown) == {"text/html", "text/plain"}
    assert "<strong>A finding</strong>" in shown["text/html"]
    assert 'alt="shown" src="data:image/svg+xml;base64,PHN2Zy' in shown["text/html"]


@pytest.mark.parametrize("tagged", [0, 2])
def test_a_notebook_has_exactly_one_parameters_cell(tagged, tmp_path):
    path = write_notebook(tmp_path / "n.ipynb")
    notebook = nbformat.read(path, as_version=4)
    cell = notebook.cells.pop(0)
    notebook.cells += [{**cell, "id": f"p{number}"} for number in range(tagged)]
    nbformat.write(nbformat.from_dict(notebook), path)
    with pytest.raises(BadArgument) as refused:
        execute(path, tmp_path / "done.ipynb", {}, cwd=tmp_path)
    assert str(refused.value) == f"n: {tagged} cells are tagged 'parameters'; a notebook needs exactly one."


def test_a_cell_that_never_ran_is_noticed_although_nothing_raised(tmp_path):
    notebook = nbformat.read(write_notebook(tmp_path / "n.ipynb", "x = 1"), as_version=4)
    notebook.cells[0].execution_count = 1
    with pytest.raises(RunFailed, match=r"^n, code cell 2: it was never executed; the kernel stopped before it\.$"):
        judge(notebook, name="n")


def test_cleaning_a_clean_notebook_changes_nothing(tmp_path):
    notebook = nbformat.read(write_notebook(tmp_path / "n.ipynb", "x = 1"), as_version=4)
    assert nbformat.writes(cleaned(nbformat.from_dict(notebook))) == nbformat.writes(notebook)


def test_kernels_use_one_thread_a_library(tmp_path):
    environment = kernel_environment(tmp_path)
    assert {environment[name] for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")} == {"1"}
