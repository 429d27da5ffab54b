"""What a viewer of the app waits for, beside the usual ways, in a real Chromium, as ratios in one run.

Loading week 2 with a client in the address: the app beside the same notebook in Voilà as it comes (cold browser cache).
Moving a slider: keypress to painted charts on our page beside the same charts as Altair's `JupyterChart`, offline, with
an ipywidgets slider, in Voilà; then thirty keypresses in a second, and how long the charts go on moving afterwards.
Memory of a viewer: proportional set size of our kernels, their fork server included, beside a default kernel's.

Both pages with a slider hold the same six charts, and a key is answered when all six were painted again. With all
fourteen of week 2 most loads of the page beside fail: every offline JupyterChart brings Vega along (0.9 MB), and
anywidget gives up on a widget that is not ready in two seconds.

A load that hangs and a key without an answer are counted and printed; only those that succeed enter the ratios. Every
wait has an end, and so has the whole: after six minutes what is left is not measured, and nothing is left behind.

Run: python benchmarks/app.py        (needs Chromium; about three minutes)                                make bench-app
"""

from __future__ import annotations

import contextlib
import os
import statistics
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import nbformat
import psutil
from nbformat.v4 import new_code_cell, new_notebook
from playwright.sync_api import Browser, Error, Page, sync_playwright

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from tests.conftest import find_chromium
from tools.app_server import MEASURE, OFFLINE, all_pages, end, published, served, within
from workbook.runner.serve import ADDRESS, app_command, free_port, server_environment

PAGE, COMPARED = "week2_cost_of_delay", "jupyter_chart"
WHOLE_SECONDS: Final = 350
LOADS, MOVES, DRAG_KEYS, DRAG_PAUSE_MS, VIEWERS, TRIES = 3, 10, 30, 33, 3, 4
QUIET_MS, KEY_MS, DRAG_MS, REST_MS, LOAD_MS, OPEN_MS = 150, 5_000, 12_000, 8_000, 25_000, 20_000
MOVE_TARGET, NUMBERS_TARGET, ALIVE_TARGET, MEMORY_TARGET = 2.5, 5.0, 2.0, 2.0
CHARTS: Final = (
    "page.delay()", "page.returns()", "page.payback()",
    'page.cumulative("leadership")', 'page.cumulative("technical")', 'page.utility("leadership")',
)  # fmt: skip
"""Those of week 2 that every step of the slider changes, so that a key without an answer is one."""
SETUP = """\
from workbook.view.page import open_page

page = open_page("week2", evidence_path="")
page.header()
"""
JUPYTER_CHART = f"""\
import altair as alt
import ipywidgets
from altair import JupyterChart
from workbook.view.page import Page, open_page

alt.data_transformers.disable_max_rows()
JupyterChart.enable_offline()
Page.chart = lambda self, figure: figure
page = open_page("week2", evidence_path="")
slider = next(one for one in page.controls().by_key.values() if one.key == "cohort")
cohort = ipywidgets.FloatSlider(min=slider.low, max=slider.high, step=slider.step, value=slider.value)
kinds = [{", ".join(CHARTS)}]

def altair_of(figure):
    return alt.Chart.from_dict({{**figure.spec, "datasets": figure.data, "width": 500, "height": figure.height}})

charts = [JupyterChart(altair_of(kind(page.parts))) for kind in kinds]

def moved(change):
    page.move({{"cohort": change["new"]}}, False)
    for kind, chart in zip(kinds, charts):
        chart.chart = altair_of(kind(page.parts))

cohort.observe(moved, "value")
cohort
"""
WATCH = """() => {
  window.bench = { key: 0, last: 0, charts: new Set() };
  addEventListener("keydown", () => { bench.key = performance.now(); bench.last = 0; bench.charts.clear(); }, true);
  const inChart = (node) => {
    const element = node.nodeType === 1 ? node : node.parentElement;
    const drawing = element && element.closest("svg, canvas, .vega-embed");
    return drawing && (drawing.closest(".wb-chart") || drawing.closest(".vega-embed"));
  };
  new MutationObserver((changes) => {
    const charts = changes.map((change) => inChart(change.target)).filter(Boolean);
    if (!bench.key || !charts.length) return;
    for (const chart of charts) bench.charts.add(chart);
    const seen = () => { bench.last = performance.now(); };
    seen();
    requestAnimationFrame(seen);
  }).observe(document.body, { subtree: true, childList: true, attributes: true, characterData: true });
}"""
SETTLED = f"""() => bench.charts.size >= {len(CHARTS)} && performance.now() - bench.last > {QUIET_MS}
  && bench.last - bench.key"""
RESTED = """() => {
  const form = document.querySelector(".wb-controls");
  return !form || (form.dataset.exact === "yes" && !form.hasAttribute("aria-busy"));
}"""
NUMBERS = """() => [...document.querySelectorAll(".wb-tile-value")].some((one) => one.textContent && one.offsetParent)
  && performance.now()"""
DRAWN = """(least) => {
  const charts = [...document.querySelectorAll(".wb-chart:not(.wb-chart-table)")];
  const live = document.documentElement.dataset.live;
  return charts.length >= least && charts.every((one) => one.dataset.drawn) && (!live || live === "alive")
    && document.querySelector("input[type=range]") && performance.now();
}"""
EMBEDDED = "(least) => document.querySelectorAll('.vega-embed svg, .vega-embed canvas').length >= least"


class StoodStill(Exception):
    """A page whose charts did not answer a key."""


@dataclass
class Tally:
    """Times of what succeeded, and how often something was tried."""

    tried: int = 0
    took: list[float] = field(default_factory=list)

    @property
    def median(self) -> float | None:
        """The median of what succeeded; None when nothing did."""
        return statistics.median(self.took) if self.took else None

    @property
    def failed(self) -> int:
        """How many of those tried have no time."""
        return self.tried - len(self.took)


@dataclass
class Server:
    """A server under measurement, and what was measured on its pages."""

    name: str
    address: str
    process: psutil.Process
    numbers: Tally = field(default_factory=Tally)
    alive: Tally = field(default_factory=Tally)
    opens: Tally = field(default_factory=Tally)
    keys: Tally = field(default_factory=Tally)
    drag: Tally = field(default_factory=Tally)
    viewers: Tally = field(default_factory=Tally)

    def page(self, name: str, query: str = "") -> str:
        return f"{self.address}/voila/render/{name}.ipynb{query}"

    def memory(self) -> float:
        """Proportional set size of everything it started, in megabytes."""
        return sum(_pss(one) for one in self.process.children(recursive=True))


def _pss(process: psutil.Process) -> float:
    with contextlib.suppress(psutil.Error):
        return float(process.memory_full_info().pss) / 1e6
    return 0.0


def few_charts(folder: Path) -> Path:
    """Pages with week 2 cut to its sliders and six charts; and the same charts as JupyterChart."""
    all_pages(folder)
    ours = [SETUP, "page.controls()", *CHARTS]
    theirs = [JUPYTER_CHART, *(f"charts[{place}]" for place in range(len(CHARTS)))]
    for name, cells in ((PAGE, ours), (COMPARED, theirs)):
        made = new_notebook(cells=[new_code_cell(cell) for cell in cells], metadata=_kernel())
        nbformat.write(made, folder / f"{name}.ipynb")
    return folder


def _kernel() -> dict[str, object]:
    return {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}


def load(browser: Browser, server: Server, least: int) -> int:
    """One cold load; returns how many charts the page has, 0 when it hung."""
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    server.numbers.tried += 1
    server.alive.tried += 1
    try:
        page = context.new_page()
        page.goto(server.page(PAGE, "?client=acme"), wait_until="commit", timeout=LOAD_MS)
        server.numbers.took.append(page.wait_for_function(NUMBERS, timeout=LOAD_MS).json_value())
        server.alive.took.append(page.wait_for_function(DRAWN, arg=least, timeout=LOAD_MS).json_value())
        return page.locator(".wb-chart:not(.wb-chart-table)").count()
    except Error as hung:
        print(f"{server.name}: a load hung ({str(hung).splitlines()[0]})", flush=True)
        return 0
    finally:
        context.close()


def opened(browser: Browser, server: Server, name: str, thumb: str, ready: str) -> Page | None:
    """A page with its slider in focus, watched, that answered its first key; None when no load came to that."""
    for _ in range(TRIES):
        page = browser.new_page(viewport={"width": 1440, "height": 900})
        server.opens.tried += 1
        try:
            page.goto(server.page(name), wait_until="commit", timeout=OPEN_MS)
            page.wait_for_function(ready, arg=len(CHARTS), timeout=OPEN_MS)
            page.wait_for_timeout(4_000)
            page.evaluate(WATCH)
            page.locator(thumb).first.focus(timeout=OPEN_MS)
            server.opens.took.append(press(page, "ArrowRight"))
            rest(page)
            return page
        except (Error, StoodStill) as wrong:
            print(f"{server.name}: {name} was loaded in vain ({str(wrong).splitlines()[0]})", flush=True)
        page.close()
    return None


def rest(page: Page) -> None:
    """Wait until nothing is computed any more: the app answers a slider at rest once more, on all draws."""
    page.wait_for_timeout(1_000)
    with contextlib.suppress(Error):
        page.wait_for_function(RESTED, timeout=REST_MS)


def press(page: Page, *keys: str, pause_ms: int = 0, patience_ms: int = KEY_MS) -> float:
    """Press keys; milliseconds from the last one until the charts have moved and stand still."""
    for key in keys:
        page.keyboard.press(key)
        if pause_ms:
            page.wait_for_timeout(pause_ms)
    until = time.monotonic() + patience_ms / 1000
    while not (took := page.evaluate(SETTLED)):
        if time.monotonic() > until:
            raise StoodStill(f"no answer within {patience_ms} ms")
        time.sleep(0.02)
    return float(took)


def moved(pages: Sequence[tuple[Server, Page]]) -> None:
    """Keypress to painted charts, the pages in turn; a key that a page leaves without an answer is counted."""
    for turn in range(MOVES):
        for server, page in pages:
            page.bring_to_front()
            server.keys.tried += 1
            with contextlib.suppress(StoodStill, Error):
                server.keys.took.append(press(page, ("ArrowRight", "ArrowLeft")[turn % 2]))
            rest(page)


def dragged(pages: Sequence[tuple[Server, Page]]) -> None:
    """Thirty keys in a second, there and back; how long the charts go on moving after the last."""
    keys = ["ArrowRight"] * (DRAG_KEYS // 2) + ["ArrowLeft"] * (DRAG_KEYS // 2)
    for server, page in pages:
        page.bring_to_front()
        server.drag.tried += 1
        with contextlib.suppress(StoodStill, Error):
            server.drag.took.append(press(page, *keys, pause_ms=DRAG_PAUSE_MS, patience_ms=DRAG_MS))


def viewers_memory(browser: Browser, server: Server, least: int) -> None:
    """Megabytes a viewer, of several with the same page open; those whose page hangs are counted, not measured."""
    before = server.memory()
    pages = [browser.new_page() for _ in range(VIEWERS)]
    came = 0
    for page in pages:
        with contextlib.suppress(Error):
            page.goto(server.page(PAGE), wait_until="commit", timeout=LOAD_MS)
            page.wait_for_function(DRAWN, arg=least, timeout=LOAD_MS)
            came += 1
    time.sleep(3)
    used = server.memory() - before
    server.viewers.tried += VIEWERS
    # The fork server, which stands before the first viewer comes, is shared by all of them: it counts whole.
    server.viewers.took += [(used + before) / came] * came
    for page in pages:
        page.close()


def line(what: str, ours: Tally, theirs: Tally, target: float, unit: str) -> bool:
    """Print one comparison and what failed; whether it reaches its target."""
    mine, other = ours.median, theirs.median
    figures = "".join(f"{'—' if one is None else format(one, '.0f'):>9} {unit}" for one in (mine, other))
    failed = f"   failed {ours.failed}/{ours.tried} and {theirs.failed}/{theirs.tried}"
    if not mine or not other:
        print(f"{what:<44}{figures}    no ratio, at least {target:.1f}×: MISSED{failed}", flush=True)
        return False
    verdict = "reached" if other / mine >= target else "MISSED"
    print(f"{what:<44}{figures}{other / mine:8.1f}×   at least {target:.1f}×: {verdict}{failed}", flush=True)
    return other / mine >= target


def backlog(ours: Server, theirs: Server) -> bool:
    """Print how long the charts go on moving after thirty keys; whether ours do no longer than two moves take."""
    mine, other, move = ours.drag.median, theirs.drag.median, ours.keys.median
    reached = mine is not None and move is not None and mine <= 2 * move
    figures = "".join(f"{'—' if one is None else format(one, '.0f'):>9} ms" for one in (mine, other))
    verdict = "reached" if reached else "MISSED"
    print(f"{'thirty keys in a second: still after':<44}{figures}            at most two moves: {verdict}")
    vain = [f"{server.opens.failed} of {server.opens.tried}" for server in (ours, theirs)]
    print(f"pages with a slider loaded in vain: ours {vain[0]}, beside {vain[1]}", flush=True)
    return reached


def voila(folder: Path, port: int) -> list[str]:
    """Voilà as it comes."""
    return [sys.executable, "-m", "voila", str(folder), "--no-browser", f"--port={port}", f"--Voila.ip={ADDRESS}"]


def measured(folder: Path) -> bool:
    """Measure and print; whether all targets are reached."""
    environment = server_environment(published(folder / "run"))
    whole, few = all_pages(folder / "whole"), few_charts(folder / "few")
    with contextlib.ExitStack() as stack:

        def serving(name: str, command: Callable[[Path, int], list[str]], what: Path) -> Server:
            port = free_port()
            pid = stack.enter_context(served(name, command(what, port), port, environment, what))
            return Server(name, f"http://{ADDRESS}:{port}", psutil.Process(pid))

        ours, theirs = serving("app", app_command, whole), serving("voila", voila, whole)
        player = stack.enter_context(sync_playwright())
        browser = player.chromium.launch(executable_path=find_chromium(), args=OFFLINE, timeout=LOAD_MS)
        stack.callback(browser.close)
        time.sleep(8)
        least = load(browser, ours, 1) or 1
        load(browser, theirs, least)
        for server in (ours, theirs):
            server.numbers, server.alive = Tally(), Tally()
        for _ in range(LOADS):
            for server in (ours, theirs):
                load(browser, server, least)
        print(f"{'medians; load average ' + _load_average():<44}{'ours':>12}{'beside':>12}", flush=True)
        reached = [
            line("first numbers, client in the address", ours.numbers, theirs.numbers, NUMBERS_TARGET, "ms"),
            line("charts alive, client in the address", ours.alive, theirs.alive, ALIVE_TARGET, "ms"),
        ]
        for server in (ours, theirs):
            viewers_memory(browser, server, least)
            end(server.process.pid)
        reached.append(line("memory of a viewer", ours.viewers, theirs.viewers, MEMORY_TARGET, "MB"))
        ours, theirs = serving("app-few", app_command, few), serving("jupyter-chart", voila, few)
        time.sleep(4)
        found = [
            (ours, opened(browser, ours, PAGE, "input[name=cohort]", DRAWN)),
            (theirs, opened(browser, theirs, COMPARED, ".noUi-handle", EMBEDDED)),
        ]
        pages = [(server, page) for server, page in found if page is not None]
        moved(pages)
        reached.append(line("keypress to painted charts", ours.keys, theirs.keys, MOVE_TARGET, "ms"))
        dragged(pages)
        return all((*reached, backlog(ours, theirs)))


def _load_average() -> str:
    return ", ".join(f"{one:.1f}" for one in os.getloadavg())


def main() -> int:
    """Measure in a process of its own that is ended, with all it started, when its time is over. 1: a target missed."""
    if sys.argv[1:2] == [MEASURE]:
        return 0 if measured(Path(sys.argv[2])) else 1
    return within(WHOLE_SECONDS, __file__)


if __name__ == "__main__":
    sys.exit(main())
