"""Loads every page of one client many times in a real Chromium: no page may hang, nothing may pile up.

A page counts as loaded when its charts are drawn and its kernel answers. Afterwards no kernel may be left, and the
server may have grown by no more than a little. Run: python tools/soak_app.py [loads a page]     (make soak-app)
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import psutil
from playwright.sync_api import Browser, Error, sync_playwright

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from tests.conftest import find_chromium
from workbook import stages
from workbook.evidence import Evidence
from workbook.runner.notebooks import NOTEBOOKS, notebook_paths, shipped_notebooks
from workbook.runner.serve import ADDRESS, app_command, free_port, server_environment, wait_until_open
from workbook.scenario import Scenario

SAMPLE = Path(__file__).resolve().parents[1] / "data" / "samples" / "saas-scaleup" / "evidence.json"
LOADS, LONG_MS, MOST_GROWTH_MB = 50, 60_000, 150
OFFLINE = ["--no-sandbox", "--disable-gpu", "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"]
LOADED = """() => {
  const charts = [...document.querySelectorAll(".wb-chart:not(.wb-chart-table)")];
  return document.documentElement.dataset.live === "alive" && document.querySelector(".wb-client-name")
    && charts.every((one) => one.dataset.drawn) && !document.querySelector(".wb-problem");
}"""


def load(browser: Browser, address: str) -> tuple[float, str]:
    """Seconds a page took, and what went wrong: empty when nothing did."""
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    page = context.new_page()
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
    began = time.monotonic()
    try:
        page.goto(address, wait_until="commit", timeout=LONG_MS)
        page.wait_for_function(LOADED, timeout=LONG_MS)
    except Error as error:
        live = page.evaluate("() => document.documentElement.dataset.live")
        complaints.append(f"{str(error).splitlines()[0]} (the page is {live})")
    took = time.monotonic() - began
    context.close()
    return took, "; ".join(complaints)


def settled(server: psutil.Process, baseline: int) -> int:
    """How many processes the server has too many once its kernels had time to end."""
    until = time.monotonic() + 30
    while (extra := len(server.children(recursive=True)) - baseline) > 0 and time.monotonic() < until:
        time.sleep(0.2)
    return max(0, extra)


def main(loads: int) -> int:
    """Soak the app of the sample client. Exit code 1 when a page hung or something piled up."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as name:
        run, app = Path(name, "run"), Path(name, "app")
        run.mkdir()
        app.mkdir()
        shutil.copy(SAMPLE, run / "evidence.json")
        stages.compute_all(Evidence.load(SAMPLE), Scenario(draws=4096)).dump(run / "results.json")
        for path in notebook_paths(shipped_notebooks()).values():
            shutil.copy(path, app)
        port = free_port()
        process = subprocess.Popen(app_command(app, port), cwd=app, env=server_environment(run))
        failed = []
        try:
            wait_until_open(process, f"http://{ADDRESS}:{port}/")
            server = psutil.Process(process.pid)
            with sync_playwright() as player:
                browser = player.chromium.launch(executable_path=find_chromium(), args=OFFLINE)
                load(browser, f"http://{ADDRESS}:{port}/voila/render/start.ipynb")
                time.sleep(10)
                baseline, before = len(server.children(recursive=True)), server.memory_info().rss / 1e6
                for page in NOTEBOOKS:
                    took = []
                    for turn in range(loads):
                        seconds, wrong = load(browser, f"http://{ADDRESS}:{port}/voila/render/{page}.ipynb")
                        took.append(seconds)
                        if wrong:
                            failed.append(f"{page}, load {turn + 1}: {wrong}")
                    print(
                        f"{page:<24}{loads:4} loads, slowest {max(took):5.1f} s, {len(failed)} failed so far",
                        flush=True,
                    )
                browser.close()
            left, growth = settled(server, baseline), server.memory_info().rss / 1e6 - before
        finally:
            process.terminate()
            process.wait(timeout=30)
    print(f"kernels left: {left}; the server grew by {growth:.0f} MB (at most {MOST_GROWTH_MB})")
    print("\n".join(failed) or "no page hung, none complained")
    return 0 if not failed and left == 0 and growth <= MOST_GROWTH_MB else 1


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else LOADS))
