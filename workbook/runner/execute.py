"""One notebook, executed by papermill in a fresh kernel, judged by facts and cleaned of what does not belong to it.

What papermill reports is not enough: after a killed kernel every cell says `completed`, and `sys.exit(0)` is no error.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import nbformat

from workbook.errors import BadArgument, RunFailed
from workbook.runner.faults import KernelDied, LimitExceeded
from workbook.runner.parameters import declared_parameters, typed_parameters
from workbook.stages import finished

CELL_SECONDS: Final = 600
START_SECONDS: Final = 120
WIDGET_VIEW: Final = "application/vnd.jupyter.widget-view+json"
_ANSI = re.compile(r"\x1b\[[0-9;]*m")


def read_notebook(path: Path) -> nbformat.NotebookNode:
    """A notebook file, version 4."""
    return nbformat.read(path, as_version=4)


def parameters_of(notebook: nbformat.NotebookNode, *, name: str) -> dict[str, type]:
    """The parameters a notebook declares in its one cell tagged `parameters`."""
    cells = [cell for cell in notebook.cells if "parameters" in cell.metadata.get("tags", [])]
    if len(cells) != 1:
        raise BadArgument(f"{name}: {len(cells)} cells are tagged 'parameters'; a notebook needs exactly one.")
    return declared_parameters(cells[0].source, notebook=name)


def execute(
    source: Path, target: Path, parameters: Mapping[str, object], *, cwd: Path, cell_seconds: int = CELL_SECONDS
) -> str:
    """Execute `source` with `parameters` in `cwd` and write the cleaned notebook to `target`.

    Returns how its kernel was started: `forked`, or `ordinary` and why. Raises BadArgument or TypeError for parameters
    before a kernel starts, RunFailed when the notebook did not come to its end; then nothing is written.
    """
    name = source.stem
    notebook = read_notebook(source)
    typed = typed_parameters(parameters_of(notebook, name=name), parameters, notebook=name)
    executed = by_papermill(notebook, typed, name=name, cwd=cwd, cell_seconds=cell_seconds)
    started = str(executed.metadata.papermill["kernel"])
    judge(executed, name=name)
    write(cleaned(with_pictures(executed)), target)
    return started


def write(notebook: nbformat.NotebookNode, target: Path) -> None:
    """Write a notebook as Jupyter writes it, ending with one newline."""
    text = nbformat.writes(notebook, indent=1)
    target.write_text(text.rstrip("\n") + "\n", encoding="utf-8", newline="\n")


def by_papermill(
    notebook: nbformat.NotebookNode,
    parameters: Mapping[str, Any],
    *,
    name: str,
    cwd: Path,
    cell_seconds: int = CELL_SECONDS,
) -> nbformat.NotebookNode:
    """The run by papermill, which gets the notebook and no path: its paths are format strings and may be addresses."""
    import papermill
    from nbclient.exceptions import CellTimeoutError, DeadKernelError

    from workbook.runner.kernels import engine

    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
    logging.getLogger("papermill").setLevel(logging.ERROR)
    logging.getLogger("traitlets").setLevel(logging.CRITICAL)
    try:
        return papermill.execute_notebook(
            notebook,
            None,
            parameters=dict(parameters),
            engine_name=engine.register(),
            kernel_name="python3",
            language="python",
            progress_bar=False,
            request_save_on_cell_execute=False,
            cwd=str(cwd),
            start_timeout=START_SECONDS,
            execution_timeout=cell_seconds,
        )
    except papermill.PapermillExecutionError as error:
        said = _ANSI.sub("", f"{error.ename}: {error.evalue}").strip().rstrip(":")
        raise RunFailed(f"{name}, cell {error.cell_index + 1}: {said}") from error
    except CellTimeoutError as error:
        raise LimitExceeded(f"{name}: a cell ran longer than {cell_seconds} seconds and was stopped.") from error
    except DeadKernelError as error:
        raise KernelDied(f"{name}: the kernel died (killed, or out of memory).") from error
    except RuntimeError as error:
        if not str(error).startswith(("Kernel died before", "Kernel didn't respond")):
            raise
        raise KernelDied(f"{name}: the kernel did not start within {START_SECONDS} seconds.") from error


def judge(notebook: nbformat.NotebookNode, *, name: str) -> None:
    """Raise RunFailed unless every code cell ran, none holds an error, and the last one printed the sentinel."""
    cells = [cell for cell in notebook.cells if cell.cell_type == "code" and cell.source.strip()]
    for number, cell in enumerate(cells, start=1):
        errors = [output for output in cell.outputs if output.output_type == "error"]
        if errors:
            raise RunFailed(f"{name}, code cell {number}: {errors[0].ename}: {errors[0].evalue}".rstrip(": "))
        if cell.execution_count is None:
            raise RunFailed(f"{name}, code cell {number}: it was never executed; the kernel stopped before it.")
    printed = "".join(_text(output) for output in cells[-1].outputs) if cells else ""
    if finished(name) not in printed:
        raise RunFailed(f"{name}: the last cell did not print '{finished(name)}'.")


def _text(output: Mapping[str, Any]) -> str:
    """What an output shows as plain text."""
    text = output.get("text") or output.get("data", {}).get("text/plain") or ""
    return "".join(text)


def with_pictures(notebook: nbformat.NotebookNode) -> nbformat.NotebookNode:
    """The notebook with a picture wherever its kernel left a drawing: one process draws for all kernels of a client."""
    from workbook.view.picture import DRAWING, picture

    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            drawing = output.get("data", {}).pop(DRAWING, None)
            if drawing is not None:
                output.data["text/html"] = picture(drawing)
    return notebook


def cleaned(notebook: nbformat.NotebookNode) -> nbformat.NotebookNode:
    """The notebook without widget state, papermill's paths and times, and random cell names: same run, same bytes."""
    for key in ("widgets", "papermill"):
        notebook.metadata.pop(key, None)
    for number, cell in enumerate(notebook.cells):
        for key in ("papermill", "execution"):
            cell.metadata.pop(key, None)
        if not cell.metadata.get("tags", True):
            del cell.metadata["tags"]
        if "injected-parameters" in cell.metadata.get("tags", []):
            cell.id = f"injected-parameters-{number}"
        if cell.cell_type == "code":
            cell.outputs = [output for output in map(_without_widget, cell.outputs) if output is not None]
    return notebook


def _without_widget(output: nbformat.NotebookNode) -> nbformat.NotebookNode | None:
    """An output without its live widget; None when nothing else was in it."""
    if "data" in output and output.data.pop(WIDGET_VIEW, None) is not None and not output.data:
        return None
    return output
