"""Loads every page of one client many times in a real Chromium: no page may hang, nothing may pile up.

A page counts as loaded when its charts are drawn and its kernel answers; two are loaded at a time. Told, and the exit
code is 1: a page that hangs or complains, a request that leaves the machine, a kernel left behind, memory that the
server or its fork server gained for good, loads that twenty minutes were too short for, and a process that outlives a
server killed at once. Run: python tools/soak_app.py [loads a page]                                     (make soak-app)
"""

from __future__ import annotations

import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import psutil
from playwright.sync_api import Browser, BrowserContext, Error, Page, sync_playwright

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from tests.conftest import find_chromium
from tools.app_server import MEASURE, OFFLINE, all_pages, published, served, within
from workbook.runner.notebooks import NOTEBOOKS
from workbook.runner.serve import ADDRESS, app_command, free_port, server_environment

LOADS, WHOLE_SECONDS, LOAD_SECONDS, LOAD_MS = 50, 1260, 1200, 30_000
MOST_GROWTH_MB: Final = 150
ALONE_SECONDS, DEAD_SECONDS = 60.0, 10.0
LOADED = """() => {
  const charts = [...document.querySelectorAll(".wb-chart:not(.wb-chart-table)")];
  return document.documentElement.dataset.live === "alive" && document.querySelector(".wb-client-name")
    && charts.every((one) => one.dataset.drawn) && !document.querySelector(".wb-problem");
}"""


@dataclass
class Load:
    """One page being loaded: what it is, its window, and what went wrong."""

    name: str
    context: BrowserContext
    page: Page
    began: float
    wrong: list[str] = field(default_factory=list)


def begun(browser: Browser, site: str, name: str) -> Load:
    """A page asked for in a window of its own, watched."""
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    page = context.new_page()
    load = Load(name, context, page, time.monotonic())
    home = (site, site.replace("http:", "ws:"), f"blob:{site}", "data:")
    page.on("pageerror", lambda error: load.wrong.append(str(error)))
    page.on("console", lambda said: load.wrong.append(said.text) if said.type == "error" else None)
    page.on("request", lambda asked: None if asked.url.startswith(home) else load.wrong.append(f"asked {asked.url}"))
    try:
        page.goto(f"{site}/voila/render/{name}.ipynb", wait_until="commit", timeout=LOAD_MS)
    except Error as error:
        load.wrong.append(f"not served: {str(error).splitlines()[0]}")
    return load


def finished(load: Load) -> float:
    """Seconds until the page was alive; what went wrong is noted. Its window is closed."""
    try:
        load.page.wait_for_function(LOADED, timeout=LOAD_MS)
    except Error as error:
        load.wrong.append(f"hung: {str(error).splitlines()[0]}")
    took = time.monotonic() - load.began
    load.context.close()
    return took


def memory_mb(server: psutil.Process) -> float:
    """Resident memory of the server and what lives below it while nobody looks: its fork server."""
    return sum(one.memory_info().rss for one in (server, *server.children(recursive=True))) / 1e6


def kernels_left(server: psutil.Process, baseline: int) -> int:
    """How many processes the server has too many once its kernels had time to end."""
    until = time.monotonic() + ALONE_SECONDS
    while (extra := len(server.children(recursive=True)) - baseline) > 0 and time.monotonic() < until:
        time.sleep(0.2)
    return max(0, extra)


def outliving(server: psutil.Process, browser: Browser, site: str) -> list[str]:
    """Kill the server at once, with a page open; what of it still runs seconds later."""
    last = begun(browser, site, next(iter(NOTEBOOKS)))
    last.page.wait_for_timeout(2_000)
    family = server.children(recursive=True)
    server.kill()
    left = psutil.wait_procs(family, timeout=DEAD_SECONDS)[1]
    last.context.close()
    return [f"{one.pid} {' '.join(one.cmdline()[:4])}" for one in left]


def measured(folder: Path, loads: int) -> int:
    """Soak the app of the sample client. Exit code 1 when anything is wrong."""
    environment = server_environment(published(folder / "run"))
    app, port = all_pages(folder / "app"), free_port()
    site, wrong = f"http://{ADDRESS}:{port}", []
    with served("app", app_command(app, port), port, environment, app) as pid, sync_playwright() as player:
        server = psutil.Process(pid)
        browser = player.chromium.launch(executable_path=find_chromium(), args=OFFLINE, timeout=LOAD_MS)
        finished(begun(browser, site, "start"))
        time.sleep(10)
        kernels_left(server, 1)
        baseline, before = len(server.children(recursive=True)), memory_mb(server)
        took: dict[str, list[float]] = {name: [] for name in NOTEBOOKS}
        names = [name for _ in range(loads) for name in NOTEBOOKS]
        until = time.monotonic() + LOAD_SECONDS
        for first, second in zip(names[::2], names[1::2], strict=True):
            if time.monotonic() > until:
                break
            for load in [begun(browser, site, name) for name in (first, second)]:
                took[load.name].append(finished(load))
                wrong += [f"{load.name}, load {len(took[load.name])}: {what}" for what in load.wrong]
        for name, seconds in took.items():
            middle, slowest = sorted(seconds)[len(seconds) // 2], max(seconds)
            print(f"{name:<24}{len(seconds):4} loads, median {middle:4.1f} s, slowest {slowest:4.1f} s", flush=True)
        done = sum(map(len, took.values()))
        left, growth = kernels_left(server, baseline), memory_mb(server) - before
        outlived = outliving(server, browser, site)
        browser.close()
    print(f"kernels left: {left}; memory gained: {growth:.0f} MB (at most {MOST_GROWTH_MB})")
    print(f"loads: {done} of {len(names)}; processes that outlived the killed server: {len(outlived)}")
    print("\n".join([*wrong, *outlived]) or "no page hung, none complained, no request left the machine", flush=True)
    well = not wrong and not outlived and left == 0 and growth <= MOST_GROWTH_MB and done == len(names)
    return 0 if well else 1


def main() -> int:
    """Soak in a process of its own that is ended, with all it started, when its time is over."""
    if sys.argv[1:2] == [MEASURE]:
        return measured(Path(sys.argv[2]), int(sys.argv[3]))
    return within(WHOLE_SECONDS, __file__, sys.argv[1] if len(sys.argv) > 1 else str(LOADS))


if __name__ == "__main__":
    sys.exit(main())
