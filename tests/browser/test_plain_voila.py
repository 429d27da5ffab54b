"""The same notebooks and template in Voilà as it comes, for those who serve them by other means."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

from playwright.sync_api import Browser

from tests.browser.conftest import PATIENCE, SAMPLE, listening
from workbook.results import Results
from workbook.runner.notebooks import notebook_paths, shipped_notebooks
from workbook.runner.serve import ADDRESS, free_port, server_environment, wait_until_open

DRAWN = """() => {
  const charts = [...document.querySelectorAll(".wb-chart:not(.wb-chart-table)")];
  return document.querySelector(".wb-client-name") && charts.length && charts.every((one) => one.dataset.drawn);
}"""


def test_plain_voila_draws_a_page_with_our_template(browser: Browser, results: Results, tmp_path: Path) -> None:
    run, folder, port = tmp_path / "run", tmp_path / "app", free_port()
    run.mkdir()
    folder.mkdir()
    shutil.copy(SAMPLE, run / "evidence.json")
    results.dump(run / "results.json")
    shutil.copy(notebook_paths(shipped_notebooks())["start"], folder)
    command = [sys.executable, "-m", "voila", str(folder), "--no-browser", f"--port={port}", f"--Voila.ip={ADDRESS}"]
    with (tmp_path / "server.log").open("wb") as log:
        server = subprocess.Popen(
            [*command, "--template=workbook"], cwd=folder, env=server_environment(run), stdout=log, stderr=log
        )
    try:
        wait_until_open(server, f"http://{ADDRESS}:{port}/")
        opened = listening(browser.new_page())
        opened.page.goto(f"http://{ADDRESS}:{port}/voila/render/start.ipynb", wait_until="commit", timeout=PATIENCE)
        opened.page.wait_for_function(DRAWN, timeout=PATIENCE)
        assert opened.page.locator("h1").count() == 1
        assert opened.asked_outside(f"http://{ADDRESS}:{port}") == []
        opened.page.close()
    finally:
        server.terminate()
        server.wait(timeout=30)
