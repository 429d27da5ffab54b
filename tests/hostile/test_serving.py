"""Section F of the hostile list: one server of the app, asked for what it must not give."""

from __future__ import annotations

import asyncio
import contextlib
import http.client
import json
import os
import re
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from pathlib import Path

import psutil
import pytest
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidStatus

from tests.runner.tiny import write_notebook
from workbook.runner.app.handlers import HEADERS, KEY_COOKIE, LARGEST_MESSAGE, LONGEST_QUERY, MESSAGES_PER_SECOND
from workbook.runner.app.probe import EXECUTE, FORBIDDEN, PAYLOAD
from workbook.runner.notebooks import NOTEBOOKS
from workbook.runner.serve import ADDRESS, KEY, REFUSED, app_command, free_port, wait_until_open
from workbook.view.controls import TROUBLE

SECRET = "the-key-of-this-client"
LOCK = Path(__file__).resolve().parents[2] / "requirements.lock"
WIDGETS = """\
import time
from workbook.view.controls import Controls, Exactly, Slider
from workbook.view.widgets import Prose, paragraph

def move(values, exact):
    if values["budget"] == 13:
        raise RuntimeError("the inside of the program")

def compute(values):
    move(values, True)
    time.sleep(600 if values["budget"] == 99 else 0)
    return b""

def answer(widget, content, buffers):
    raise RuntimeError("the inside of the program")

slider = Slider(key="budget", label="Budget", low=0, high=100, step=1, value=50, start=50, words=str)
controls = Controls([slider], move, exactly=Exactly(compute, lambda values, said: None))
prose = Prose(blocks=[paragraph("</script><img src=x onerror=alert(1)>")])
prose.on_msg(answer)
"""
FLOORS = {
    "anyio": "4.4.0", "certifi": "2024.7.4", "h11": "0.16.0", "idna": "3.7", "jinja2": "3.1.6",
    "jupyter-core": "5.8.0", "jupyter-server": "2.14.1", "jupyterlab": "4.4.8", "pyarrow": "14.0.1",
    "requests": "2.32.4", "tornado": "6.5", "urllib3": "2.5.0", "voila": "0.5.6", "zipp": "3.19.1",
}  # fmt: skip
"""First versions without a published weakness that a served app could be reached through."""


@dataclass
class Site:
    """A running server."""

    port: int
    process: psutil.Process
    log: Path

    def get(self, path: str, *, key: str | None = SECRET, **headers: str) -> tuple[int, dict[str, str], str]:
        """Ask for a path exactly as written."""
        connection = http.client.HTTPConnection(ADDRESS, self.port, timeout=30)
        cookie = {"Cookie": f"{KEY_COOKIE}={key}"} if key else {}
        connection.request("GET", path, headers={**cookie, **headers})
        answer = connection.getresponse()
        with contextlib.closing(connection):
            return answer.status, dict(answer.getheaders()), answer.read().decode()

    def open(self, page: str = "start", *, origin: str = "") -> connect:
        """A page's websocket."""
        site = f"{ADDRESS}:{self.port}"
        return connect(
            f"ws://{site}/voila/live/0/{page}.ipynb",
            additional_headers={"Origin": origin or f"http://{site}", "Cookie": f"{KEY_COOKIE}={SECRET}"},
            open_timeout=60,
            proxy=None,
        )

    def processes(self) -> int:
        """Processes below the server: kernels, and what forks them."""
        return len(self.process.children(recursive=True))


@contextlib.contextmanager
def serving(folder: Path) -> Iterator[Site]:
    """A server of the notebooks above, from `folder`."""
    for name in NOTEBOOKS:
        cells = (WIDGETS, "controls", "prose") if name == "start" else ("1",)
        write_notebook(folder / f"{name}.ipynb", *cells)
    (folder / "evidence.json").write_text('{"private": true}')
    port, log = free_port(), folder / "server.log"
    with log.open("wb") as said:
        command = app_command(folder, port, viewers=2)
        server = subprocess.Popen(command, cwd=folder, env={**os.environ, KEY: SECRET}, stdout=said, stderr=said)
        try:
            wait_until_open(server, f"http://{ADDRESS}:{port}/")
            yield Site(port, psutil.Process(server.pid), log)
        finally:
            server.terminate()
            server.wait(timeout=30)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with serving(tmp_path_factory.mktemp("app")) as served:
        yield served


async def heard(connection: ClientConnection, until: str) -> list[dict]:
    """What comes, up to a message of this kind or the end."""
    found: list[dict] = []
    with contextlib.suppress(ConnectionClosed):
        while not found or found[-1]["kind"] != until:
            found.append(json.loads(await asyncio.wait_for(connection.recv(), 60)))
    return found


async def ending(site: Site, *messages: str | bytes) -> int | None:
    """The code with which the server closes after these messages."""
    async with site.open() as connection:
        with contextlib.suppress(ConnectionClosed):
            for message in messages:
                await connection.send(message)
        await heard(connection, "never")
        return connection.close_code


@contextlib.asynccontextmanager
async def alive(site: Site) -> AsyncIterator[tuple[ClientConnection, dict[str, str]]]:
    """A page that is alive, and its widgets' ids by the first name of what they hold."""
    async with site.open() as connection:
        said = await heard(connection, "alive")
        views = [view for one in said if one["kind"] == "cell" for view in one["views"]]
        yield connection, {("controls" if "sliders" in view["state"] else "prose"): view["id"] for view in views}


def move(model: str, values: object, number: object = 1) -> str:
    return json.dumps({"id": model, "content": {"kind": "move", "number": number, "exact": True, "values": values}})


@pytest.mark.parametrize("kind", ["execute", "inspect", "complete", "history", "debug", "shutdown"])
def test_R76_a_request_of_the_kernels_protocol_is_refused_and_runs_nothing(site, tmp_path, kind):
    mark = tmp_path / "executed"
    message = json.loads(EXECUTE)
    message["header"]["msg_type"] = f"{kind}_request"
    message["content"]["code"] = f"open({str(mark)!r}, 'w')"

    async def tried() -> tuple[list[dict], int | None]:
        async with alive(site) as (connection, models):
            await connection.send(json.dumps({"id": models["controls"], "content": message}))
            await connection.send(move(models["controls"], {"budget": 40}))
            assert (await heard(connection, "custom"))[-1]["content"]["kind"] == "done"
            await connection.send(json.dumps(message))
            return await heard(connection, "never"), connection.close_code

    said, code = asyncio.run(tried())
    assert (said, code) == ([], 1008)
    assert not mark.exists()
    assert site.get("/api/kernels/00000000-0000-0000-0000-000000000000/channels")[0] == 404


def test_R77_an_error_in_a_callback_is_one_friendly_sentence(site):
    async def tried() -> list[dict]:
        async with alive(site) as (connection, models):
            await connection.send(json.dumps({"id": models["prose"], "content": {"kind": "move"}}))
            await connection.send(move(models["controls"], {"budget": 13}, number=7))
            return await heard(connection, "custom")

    said = asyncio.run(tried())
    assert [one["content"] for one in said] == [{"kind": "done", "number": 7, "message": TROUBLE}]
    assert "the inside of the program" in site.log.read_text()


@pytest.mark.parametrize("path", ["/", *(f"/{path}" for path in FORBIDDEN), "/voila/render/start.ipynb"])
def test_R78_nothing_is_shown_without_the_key_nor_with_that_of_another_client(site, path):
    for key in (None, "the-key-of-another-client"):
        status, _, said = site.get(path, key=key)
        assert status == 403
        assert "private" not in said


def test_R79_a_path_that_climbs_out_of_a_folder_finds_nothing(site):
    for path in (
        "/voila/files/public/../private", "/voila/files/public/../evidence.json", "/voila/render/../evidence.json",
        "/voila/templates/workbook/static/../../../../../../etc/passwd", "/voila/widgets/..%2f..%2fevidence.json.js",
        "/voila/templates/workbook/static/%2e%2e/index.html.j2", "//evil.example/voila/render/start.ipynb",
    ):  # fmt: skip
        status, _, said = site.get(path)
        assert (path, status) == (path, 404)
        assert "private" not in said


def test_R80_the_tree_contents_files_and_kernels_have_no_address(site):
    for path in FORBIDDEN:
        status, headers, said = site.get(f"/{path}")
        assert (path, status) == (path, 404)
        assert "Diagnostic" in said or "diagnostic" in said
        assert headers["Content-Type"] == "text/html; charset=utf-8"


def test_R80_a_viewer_cannot_speak_to_the_widgets_of_another(site):
    async def tried() -> list[dict]:
        async with alive(site) as (_, theirs), alive(site) as (connection, own):
            await connection.send(move(theirs["controls"], {"budget": 13}, number=1))
            await connection.send(move(own["controls"], {"budget": 40}, number=2))
            return await heard(connection, "custom")

    assert [one["content"]["number"] for one in asyncio.run(tried()) if one["kind"] == "custom"] == [2]


def test_R80_a_page_of_another_site_cannot_open_the_websocket(site):
    async def tried() -> None:
        async with site.open(origin="https://evil.example"):
            pass

    with pytest.raises(InvalidStatus) as refused:
        asyncio.run(tried())
    assert refused.value.response.status_code == 403
    assert site.get("/voila/render/start.ipynb", Host="evil.example")[0] == 403


def test_R81_who_comes_when_all_places_are_taken_waits_and_hears_how_long_the_queue_is(site):
    async def tried() -> tuple[list[dict], list[dict]]:
        async with alive(site) as (first, _), alive(site), site.open() as third:
            waited = await heard(third, "busy")
            await first.close()
            return waited, await heard(third, "alive")

    waited, came = asyncio.run(tried())
    assert waited == [{"kind": "busy", "ahead": 0, "places": 2}]
    assert (came[0]["kind"], came[-1]) == ("starting", {"kind": "alive", "complete": True})


def test_R81_kernels_end_with_their_pages(site):
    def fewest(seconds: float) -> int:
        """The fewest processes seen in a while, or none too many at once."""
        until, seen = time.monotonic() + seconds, [site.processes()]
        while time.monotonic() < until and min(seen) > baseline:
            time.sleep(0.1)
            seen.append(site.processes())
        return min(seen)

    baseline = 0
    baseline = fewest(1)

    async def load() -> int:
        async with alive(site):
            return site.processes()

    assert [asyncio.run(load()) > baseline for _ in range(3)] == [True] * 3
    assert fewest(20) == baseline


def test_R81_a_killed_server_leaves_no_kernel_and_nothing_that_computes(tmp_path):
    async def killed(site: Site) -> list[psutil.Process]:
        async with alive(site) as (connection, models):
            before = site.processes()
            await connection.send(move(models["controls"], {"budget": 99}))
            until = time.monotonic() + 30
            left = site.process.children(recursive=True)
            while len(left) == before and time.monotonic() < until:
                await asyncio.sleep(0.05)
                left = site.process.children(recursive=True)
            assert len(left) > before
            site.process.kill()
            await heard(connection, "never")
            return left

    with serving(tmp_path) as site:
        left = asyncio.run(killed(site))
        assert psutil.wait_procs(left, timeout=10)[1] == []


def test_R82_forged_values_of_any_type_are_answered_with_validated_ones(site):
    forged = [None, 5, "x", [1], {}, {"budget": None}, {"budget": "9"}, {"budget": [1]}, {"budget": 1e308},
              {"budget": True}, {"other": 1}, {"budget": {"a": {}}}]  # fmt: skip

    async def tried() -> list[dict]:
        async with alive(site) as (connection, models):
            said = []
            for values in forged:
                await connection.send(move(models["controls"], values, number="x"))
                said += await heard(connection, "custom")
            await connection.send(json.dumps({"id": models["controls"], "content": {"kind": {"a": [None]}}}))
            await connection.send(move(models["controls"], {"budget": 7}, number=99))
            return said + await heard(connection, "custom")

    said = asyncio.run(tried())
    assert {one["content"]["message"] for one in said if one["kind"] == "custom"} == {""}
    assert said[-1]["content"]["number"] == 99
    values = [one["state"]["values"]["budget"] for one in said if one["kind"] == "update" and "values" in one["state"]]
    assert values == [100, 50, 7]


@pytest.mark.parametrize(
    "message",
    ["x" * (LARGEST_MESSAGE + 1), b"\x01\x02", "[" * 5000, "null", "[]", '{"id": 1, "content": {}}', '{"id": "a"}',
     '{"id": "a", "content": []}', '{"id": "a", "content": {}, "method": "update"}'],
    ids=["huge", "bytes", "deep", "null", "list", "number", "partial", "listed", "more"],
)  # fmt: skip
def test_R82_a_message_that_no_page_sends_ends_the_connection(site, message):
    assert asyncio.run(ending(site, message)) == (1009 if len(message) > LARGEST_MESSAGE else 1008)


def test_R82_a_flood_of_messages_ends_the_connection(site):
    flood = ['{"id": "a", "content": {}}'] * (MESSAGES_PER_SECOND + 1)
    assert asyncio.run(ending(site, *flood)) == 1008
    assert site.get("/voila/render/start.ipynb")[0] == 200


SABOTAGED = """\
import sys
from workbook.runner.app import handlers, server

del handlers.HEADERS["X-Frame-Options"]
handlers.Live.check_origin = lambda self, origin: True

class Open(handlers.Guarded):
    def get(self, path):
        self.finish("Traceback (most recent call last)")

meant = server.routes
server.routes = lambda base: [*meant(base), (r"/voila/files/(.*)", Open)]
sys.exit(server.main(sys.argv[1:]))
"""


def test_R83_a_server_that_is_not_as_meant_refuses_to_serve_and_says_where(tmp_path):
    for name in NOTEBOOKS:
        write_notebook(tmp_path / f"{name}.ipynb", "1")
    healthy = app_command(tmp_path, free_port())
    command = [sys.executable, "-c", SABOTAGED.replace("del handlers", KEEP + "del handlers"), *healthy[3:]]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=120, env={**os.environ, KEY: ""})
    assert ended.returncode == REFUSED
    assert ended.stderr.splitlines() == [
        "The app refuses to serve: it is not as it should be.",
        "GET voila/render/start.ipynb: X-Frame-Options is None, not 'DENY'",
        "GET voila/files/start.ipynb: 200, not 401, 403 or 404",
        "GET voila/files/start.ipynb: shows the inside of the program",
        "GET voila/files/evidence.json: 200, not 401, 403 or 404",
        "GET voila/files/evidence.json: shows the inside of the program",
        "GET voila/files/public/../private: 200, not 401, 403 or 404",
        "GET voila/files/public/../private: shows the inside of the program",
        "a websocket from another site is let in",
    ]


KEEP = "from workbook.runner.app import probe\nprobe.HEADERS = dict(handlers.HEADERS)\n"


def test_R84_every_answer_carries_the_headers_and_the_cookie_is_kept_from_scripts(site):
    for path in ("/", "/voila/render/start.ipynb", "/nothing", "/voila/templates/workbook/static/theme.css"):
        _, headers, _ = site.get(path)
        assert "Server" not in headers
        kept = {name: value for name, value in HEADERS.items() if name != "Cache-Control"}
        assert {name: headers.get(name) for name in kept} == kept
    policy = HEADERS["Content-Security-Policy"]
    assert "unsafe-eval" not in policy
    assert "script-src 'self'; style-src" in policy
    status, headers, _ = site.get(f"/voila/render/start.ipynb?key={SECRET}", key=None)
    assert (status, headers["Location"]) == (302, "/voila/render/start.ipynb")
    assert headers["Set-Cookie"] == f"{KEY_COOKIE}={SECRET}; HttpOnly; Path=/; SameSite=Lax"


def test_R84_files_are_kept_by_the_browser_and_pages_are_not(site):
    _, page, html = site.get("/voila/render/start.ipynb")
    assert page["Cache-Control"] == "no-store"
    address = re.search(r'href="(/voila/templates/workbook/static/theme\.css\?v=\w+)"', html).group(1)
    _, headers, plain = site.get(address)
    assert headers["Cache-Control"] == "private, max-age=31536000, immutable"
    assert headers["Vary"] == "Accept-Encoding"
    assert "--wb-" in plain


def test_R85_locked_versions_are_past_those_with_published_weaknesses():
    found = dict(re.findall(r"^([a-z0-9-]+)==([\w.]+)", LOCK.read_text(), re.MULTILINE))
    assert len(found) > 100
    numbers = {name: (_numbers(found[name]), _numbers(floor)) for name, floor in FLOORS.items() if name in found}
    assert set(numbers) >= {"jinja2", "jupyter-core", "jupyter-server", "jupyterlab", "tornado", "voila"}
    assert {name: pair for name, pair in numbers.items() if pair[0] < pair[1]} == {}


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in re.findall(r"\d+", version)[:3])


def test_R41_what_the_address_carries_is_not_written_into_the_page(site):
    _, _, plain = site.get("/voila/render/start.ipynb")
    for argument in ("theme", "template", "voila-template", "unheard_of"):
        assert site.get(f"/voila/render/start.ipynb?{argument}={PAYLOAD}")[2] == plain
    assert site.get(f"/voila/render/start.ipynb?budget={'9' * LONGEST_QUERY}")[0] == 400
    assert site.get(f"/{PAYLOAD}")[0] == 404
    assert "onerror" not in site.get(f"/{PAYLOAD}")[2]


def test_R41_the_last_runs_figures_cannot_end_the_block_they_stand_in(site):
    until = time.monotonic() + 60
    while '"blocks"' not in (page := site.get("/voila/render/start.ipynb")[2]) and time.monotonic() < until:
        time.sleep(0.2)
    block = page.split('id="wb-last"')[1].split("</script>")[0]
    assert r"\u003c/script\u003e\u003cimg src=x onerror" in block
    assert "<img" not in page
