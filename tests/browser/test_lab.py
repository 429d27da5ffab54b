"""JupyterLab shows the pages too: a notebook run there draws its charts, its sliders answer, no news is offered."""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
from collections.abc import Iterator

import nbformat
import pytest
from playwright.sync_api import Browser, expect

from tests.browser.conftest import PATIENCE, SAMPLE, VALUES, keep, listening, move
from workbook import stages, weeks
from workbook.evidence import Evidence
from workbook.runner.notebooks import notebook_paths, shipped_notebooks
from workbook.runner.serve import ADDRESS, free_port, lab_command, wait_until_open
from workbook.scenario import Scenario
from workbook.view.figures import week2 as week2_figures

DRAWS = 1024
NAME = "week2_cost_of_delay"
TOKEN = "a-token-for-this-test"
READY = """() => {
  const shown = window.jupyterapp?.shell?.currentWidget;
  const session = shown?.sessionContext;
  return shown?.context?.isReady && session?.isReady && session.session?.kernel?.status === "idle";
}"""
DRAWN = f"""() => {{
  const charts = [...document.querySelectorAll(".wb-chart:not(.wb-chart-table)")];
  const said = [...document.querySelectorAll(".jp-OutputArea-output")].map((node) => node.textContent).join(" ");
  return said.includes("{stages.finished(NAME)}") && charts.length > 5 && charts.every((one) => one.dataset.drawn);
}}"""


@pytest.fixture(scope="module")
def lab(chromium: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Address of JupyterLab on a folder with one notebook and its evidence."""
    folder = tmp_path_factory.mktemp("lab")
    shutil.copy(SAMPLE, folder / "evidence.json")
    notebook = nbformat.read(notebook_paths(shipped_notebooks())[NAME], as_version=4)
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs = []
        if "parameters" in cell.metadata.get("tags", ()):
            cell.source += f'\nevidence_path = "evidence.json"\ndraws = {DRAWS}'
    nbformat.write(notebook, folder / f"{NAME}.ipynb")
    port = free_port()
    command = [
        *lab_command(folder, port, browser=False),
        "--LabApp.expose_app_in_browser=True",
        f"--IdentityProvider.token={TOKEN}",
    ]
    own = {"JUPYTERLAB_SETTINGS_DIR": str(folder / ".settings"), "JUPYTERLAB_WORKSPACES_DIR": str(folder / ".spaces")}
    with (folder.parent / "lab.log").open("wb") as log:
        server = subprocess.Popen(command, cwd=folder, env={**os.environ, **own}, stdout=log, stderr=log)
        try:
            wait_until_open(server, f"http://{ADDRESS}:{port}/api")
            yield f"http://{ADDRESS}:{port}"
        finally:
            server.terminate()
            with contextlib.suppress(subprocess.TimeoutExpired):
                server.wait(timeout=20)
            server.kill()
            server.wait()


def test_a_notebook_run_in_jupyterlab_draws_and_its_sliders_answer(
    lab: str, browser: Browser, evidence: Evidence
) -> None:
    opened = listening(browser.new_page(viewport={"width": 1500, "height": 1000}))
    page = opened.page
    page.goto(f"{lab}/lab/tree/{NAME}.ipynb?token={TOKEN}", wait_until="commit", timeout=PATIENCE)
    page.wait_for_function(READY, timeout=PATIENCE)
    page.evaluate("() => { window.jupyterapp.commands.execute('notebook:run-all-cells') }")
    page.wait_for_selector(".wb-controls", timeout=PATIENCE)
    page.wait_for_function(DRAWN, timeout=PATIENCE)
    before = page.evaluate(VALUES)
    budget = move(page, "budget", "ArrowLeft", 30)
    scenario = Scenario(draws=DRAWS, budget_money=budget)
    week2 = weeks.week2(evidence, scenario, weeks.week1(evidence, scenario))
    tiles = week2_figures.tiles(week2, weeks.facts(evidence, scenario))
    assert budget == weeks.facts(evidence, Scenario(draws=DRAWS)).budget_money - 300_000
    assert page.evaluate(VALUES) == [tile.value for tile in tiles] != before
    ask, panel = page.locator(".wb-tile-ask").first, page.locator(".wb-tile-why").first
    ask.focus()
    page.keyboard.press("Enter")
    expect(panel).to_be_visible()
    page.keyboard.press("Escape")
    expect(panel).to_be_hidden()
    expect(ask).to_be_focused()
    expect(page.locator(".wb-client-name")).to_have_text(evidence.settings.name or "")
    assert page.get_by_text("Would you like to get notified about official Jupyter news?").count() == 0
    assert opened.asked_outside(lab) == []
    keep(page, f"{NAME}-jupyterlab")
    page.close()
