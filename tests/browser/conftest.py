"""The app of a client, served once, and its six pages, opened once in one Chromium."""

from __future__ import annotations

import contextlib
import functools
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import axe_playwright_python
import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, Request, TimeoutError, sync_playwright

from workbook import stages
from workbook.evidence import Evidence
from workbook.results import Results
from workbook.runner.notebooks import NOTEBOOKS, notebook_paths, shipped_notebooks
from workbook.runner.serve import ADDRESS, app_command, free_port, server_environment, wait_until_open
from workbook.scenario import Scenario

REPOSITORY = Path(__file__).resolve().parents[2]
SAMPLE = REPOSITORY / "data" / "samples" / "saas-scaleup" / "evidence.json"
SCREENSHOTS = REPOSITORY / "artefacts" / "screenshots"
OFFLINE = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
]
PAINTED = """() => {
  const charts = [...document.querySelectorAll(".wb-chart")];
  const drawable = charts.filter((chart) => !chart.classList.contains("wb-chart-table"));
  const header = document.querySelector(".wb-client-name");
  const alive = document.documentElement.dataset.live === "alive";
  return alive && header && charts.length && drawable.every((chart) => chart.dataset.drawn);
}"""
VALUES = "() => [...document.querySelectorAll('.wb-tile-value')].map((node) => node.textContent)"
MOVED = "() => document.querySelector('.wb-controls').dataset.exact === 'yes'"
PATIENCE = 90_000
DRAWS = 4096


@dataclass
class Opened:
    """A page with what it asked for and what it complained of."""

    page: Page
    requests: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def painted(self) -> None:
        """Wait until every chart is drawn."""
        try:
            self.page.wait_for_function(PAINTED, timeout=PATIENCE)
        except TimeoutError as late:
            raise AssertionError(
                f"{self.page.url} is not drawn: {self.complaints}, {self.page.inner_text('body')[:2000]}"
            ) from late

    def asked_outside(self, site: str) -> list[str]:
        home = (site, site.replace("http:", "ws:"), f"blob:{site}", "data:")
        return [url for url in self.requests if not url.startswith(home)]


@pytest.fixture(scope="module")
def browser(chromium: str) -> Iterator[Browser]:
    with sync_playwright() as player:
        started = player.chromium.launch(executable_path=chromium, args=OFFLINE)
        yield started
        started.close()


@pytest.fixture(scope="session")
def evidence() -> Evidence:
    return Evidence.load(SAMPLE)


@pytest.fixture(scope="session")
def results(evidence: Evidence) -> Results:
    return stages.compute_all(evidence, Scenario(draws=DRAWS))


@contextlib.contextmanager
def serving(evidence: Evidence, results: Results, folder: Path) -> Iterator[str]:
    """Address of the app of one client, served as `workbook serve` serves it, from `folder/out`."""
    run = folder / "out" / results.client / "runs" / "one"
    run.mkdir(parents=True)
    evidence.dump(run / "evidence.json")
    results.dump(run / "results.json")
    app = folder / "app"
    app.mkdir()
    for path in notebook_paths(shipped_notebooks()).values():
        shutil.copy(path, app)
    port = free_port()
    with (folder / "server.log").open("wb") as log:
        server = subprocess.Popen(app_command(app, port), cwd=app, env=server_environment(run), stdout=log, stderr=log)
        try:
            wait_until_open(server, f"http://{ADDRESS}:{port}/")
            yield f"http://{ADDRESS}:{port}"
        finally:
            server.terminate()
            with contextlib.suppress(subprocess.TimeoutExpired):
                server.wait(timeout=10)
            server.kill()
            server.wait()


@pytest.fixture(scope="session")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder the sample is served from."""
    return tmp_path_factory.mktemp("served")


@pytest.fixture(scope="session")
def site(chromium: str, evidence: Evidence, results: Results, home: Path) -> Iterator[str]:
    """Address of the app of the committed sample."""
    with serving(evidence, results, home) as address:
        yield address


def listening(page: Page) -> Opened:
    opened = Opened(page)

    def heard(message: ConsoleMessage) -> None:
        if message.type == "error" or "Vega" in message.text or message.text.startswith("WARN"):
            opened.complaints.append(message.text)

    def asked(request: Request) -> None:
        opened.requests.append(request.url)

    page.on("console", heard)
    page.on("pageerror", lambda error: opened.complaints.append(str(error)))
    page.on("request", asked)
    return opened


def keep(page: Page, name: str) -> None:
    """A screenshot of the whole page among the artefacts."""
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=SCREENSHOTS / f"{name}.png", full_page=True)


@contextlib.contextmanager
def opened_side_by_side(site: str, browser: Browser) -> Iterator[dict[str, Opened]]:
    """All six pages, each in a window of its own, waited for until every chart is drawn."""
    size = {"width": 1440, "height": 900}
    opened = {name: listening(browser.new_page(viewport=size)) for name in NOTEBOOKS}
    for name, one in opened.items():
        one.page.goto(f"{site}/voila/render/{name}.ipynb", wait_until="commit", timeout=PATIENCE)
    for one in opened.values():
        one.painted()
    yield opened
    for one in opened.values():
        one.page.close()


@pytest.fixture(scope="module")
def pages(site: str, browser: Browser) -> Iterator[dict[str, Opened]]:
    """The six pages of the committed sample."""
    with opened_side_by_side(site, browser) as opened:
        yield opened


@functools.cache
def axe() -> str:
    """The source of axe-core."""
    return next(Path(axe_playwright_python.__file__).parent.glob("**/axe.min.js")).read_text(encoding="utf-8")


def barriers(page: Page) -> list[str]:
    """What axe-core calls serious or critical on a page, a line each."""
    page.evaluate(axe())
    found = page.evaluate("() => axe.run(document, { resultTypes: ['violations'] })")["violations"]
    return [
        f"{one['id']}: {one['nodes'][0]['html'][:200]}" for one in found if one["impact"] in ("serious", "critical")
    ]


def move(page: Page, slider: str, key: str, times: int) -> float:
    """Move a slider by keyboard, wait for the exact answer, return where it stands."""
    thumb = page.locator(f"input[name={slider}]")
    page.evaluate("() => { document.querySelector('.wb-controls').dataset.exact = '' }")
    thumb.focus()
    for _ in range(times):
        page.keyboard.press(key)
    page.wait_for_function(MOVED, timeout=PATIENCE)
    return float(thumb.input_value())
