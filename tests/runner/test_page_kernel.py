"""A page's kernel: how it starts, what it is told, what it says of its cells, and that nothing of it stays."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path

import nbformat
import psutil

from tests.runner.tiny import write_notebook
from workbook.runner.app.kernels import PageKernel, page_environment
from workbook.runner.app.pages import cell_message, view_message
from workbook.runner.kernels import owner

CELLS = (
    "import os\nfrom workbook.view.widgets import Prose, paragraph",
    "Prose(blocks=[paragraph(os.environ['QUERY_STRING'] + str('WORKBOOK_KEY' in os.environ))])",
    "raise ValueError('the inside')",
    "Prose(blocks=[])",
)


def test_a_pages_kernel_is_forked_shows_its_cells_up_to_the_first_that_fails_and_ends(tmp_path: Path, monkeypatch):
    monkeypatch.setenv("WORKBOOK_KEY", "secret")
    notebook = nbformat.read(write_notebook(tmp_path / "page.ipynb", *CELLS), as_version=4)

    async def run() -> tuple[list[str], list[dict], int]:
        owner.prepare(page_environment("budget=1"))
        kernel = PageKernel(notebook, query="budget=1", cwd=tmp_path)
        await kernel.start()
        pid, said = kernel.pid, []
        async for one in kernel.said():
            said.append(one)
            if one["kind"] == "alive":
                break
        assert not kernel.ask("no-such-widget", {"kind": "move"})
        await kernel.close()
        await kernel.close()
        return kernel.told, said, pid

    told, said, pid = asyncio.run(run())
    if owner.possible():
        assert told == ["forked"]
    shown = [
        (one["cell"], [view["state"]["blocks"][0]["text"] for view in one["views"]], one["failed"]) for one in said[:-1]
    ]
    assert shown == [
        ("parameters", [], False), ("cell-0", [], False), ("cell-1", ["budget=1False"], False), ("cell-2", [], True),
    ]  # fmt: skip
    assert said[-1] == {"kind": "alive", "complete": False}
    assert PageKernel.running == set()
    assert not psutil.pid_exists(pid) or psutil.Process(pid).status() == psutil.STATUS_ZOMBIE
    assert os.environ["WORKBOOK_KEY"] == "secret"


SLOW = """\
import time
from workbook.view.controls import Controls, Exactly, Slider

def compute(values):
    time.sleep(600 if values["budget"] == 1 else 0)
    return b"exact"

slider = Slider(key="budget", label="Budget", low=0, high=100, step=1, value=50, start=50, words=str)
"""
SLIDERS = (SLOW, "Controls([slider], lambda values, exact: None, exactly=Exactly(compute, lambda values, said: None))")


def test_a_move_does_not_wait_for_exact_figures_under_way_and_they_end_with_their_kernel(tmp_path: Path):
    notebook = nbformat.read(write_notebook(tmp_path / "page.ipynb", *SLIDERS), as_version=4)

    async def run() -> tuple[list[int], list[psutil.Process]]:
        owner.prepare(page_environment(""))
        kernel = PageKernel(notebook, query="", cwd=tmp_path)
        await kernel.start()
        done, left = [], []
        model = ""
        async for one in kernel.said():
            if one["kind"] == "cell" and one["views"]:
                model = one["views"][0]["id"]
            elif one["kind"] == "alive":
                for number, budget, exact in ((1, 1, True), (2, 2, False), (3, 3, True)):
                    content = {"kind": "move", "number": number, "exact": exact, "values": {"budget": budget}}
                    assert kernel.ask(model, content)
            elif one["kind"] == "custom":
                done.append(one["content"]["number"])
                if done == [2, 3]:
                    assert kernel.ask(model, {"kind": "move", "number": 4, "exact": True, "values": {"budget": 1}})
                    while not (left := psutil.Process(kernel.pid).children()):
                        await asyncio.sleep(0.01)
                    break
        await kernel.close()
        return done, left

    done, left = asyncio.run(run())
    assert done == [2, 3]
    assert len(left) == 1
    gone, alive = psutil.wait_procs(left, timeout=10)
    assert (gone, alive) == (left, [])


def test_a_browser_is_sent_only_what_differs_from_the_figures_it_has():
    state = {"_esm": "no module of ours", "_css": "", "layout": "IPY_MODEL_1", "blocks": [1]}
    known = {"one": [view_message("old", state)]}
    assert known == {"one": [{"id": "old", "module": "", "state": {"blocks": [1]}}]}
    said = {"cell": "one", "views": [{"id": "new", "state": state}], "failed": False}
    assert cell_message(said, known)["views"] == [{"id": "new"}]
    assert cell_message(said, {})["views"] == [view_message("new", state)]
    moved = {**said, "views": [{"id": "new", "state": {**state, "blocks": [2]}}]}
    assert cell_message(moved, known)["views"] == [{"id": "new", "module": "", "state": {"blocks": [2]}}]
