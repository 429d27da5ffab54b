"""What the server asks itself before it lets anybody in, and what it must find.

Each fact is one request: the page as it must be, or an address that must be refused. A difference is one line that
says what was asked, what was found and what was meant.
"""

from __future__ import annotations

import json
import re
import socket
from collections.abc import Mapping
from typing import Any, Final

from tornado import httpclient, httputil, websocket

from workbook.runner.app.handlers import HEADERS, KEY_COOKIE, LARGEST_MESSAGE, PROBE_HEADER

SECONDS: Final = 120
PAGE: Final = "voila/render/start.ipynb"
LIVE: Final = "voila/live/0/start.ipynb"
PAYLOAD: Final = "%22%3E%3Cimg%20src%3Dx%20onerror%3Dalert(1)%3E"
FORBIDDEN: Final = (
    *("voila/files/start.ipynb", "voila/files/evidence.json", "voila/files/public/../private", "files/start.ipynb"),
    *(
        "voila/tree",
        "voila/api/contents",
        "api/contents",
        "api/kernels",
        "api/sessions",
        "api/terminals",
        "lab",
        "tree",
    ),
    *("voila/render/evidence.json", "voila/render/../evidence.json", "voila/render/%2e%2e/evidence.json"),
    *(
        "voila/static/voila.js",
        "voila/templates/lab/static/voila.js",
        "voila/templates/workbook/static/../index.html.j2",
    ),
    *("voila/templates/workbook/static/%2e%2e/index.html.j2", "voila/labextensions/anywidget/package.json"),
    *("api/kernels/00000000-0000-0000-0000-000000000000", "api/kernels/00000000-0000-0000-0000-000000000000/channels"),
    *("voila/api/shutdown/00000000-0000-0000-0000-000000000000", "notebooks/start.ipynb", "metrics", "login"),
)
EXECUTE: Final = json.dumps(
    {
        "header": {"msg_id": "1", "msg_type": "execute_request", "version": "5.3", "session": "", "username": ""},
        "parent_header": {},
        "metadata": {},
        "content": {"code": "print('executed')", "silent": False, "allow_stdin": False},
        "channel": "shell",
        "buffers": [],
    }
)
_INSIDE = re.compile(r"Traceback|File &quot;|File \"|evidence_path|/home/|site-packages")


class _Asker:
    """Requests to ourselves, with the probe's own header."""

    def __init__(self, port: int, base_url: str, probe: str, key: str) -> None:
        self.port, self.base, self.probe, self.key = port, base_url.rstrip("/"), probe, key
        self.client = httpclient.AsyncHTTPClient(force_instance=True)

    def headers(self, more: Mapping[str, str] | None = None, *, key: bool = True) -> httputil.HTTPHeaders:
        cookie = {"Cookie": f"{KEY_COOKIE}={self.key}"} if self.key and key else {}
        return httputil.HTTPHeaders({PROBE_HEADER: self.probe, **cookie, **(more or {})})

    async def get(self, path: str, more: Mapping[str, str] | None = None, *, key: bool = True) -> Any:
        url = f"http://127.0.0.1:{self.port}{self.base}/{path}"
        request = httpclient.HTTPRequest(
            url, headers=self.headers(more, key=key), follow_redirects=False, request_timeout=SECONDS
        )
        return await self.client.fetch(request, raise_error=False)

    async def connect(self, more: Mapping[str, str] | None = None) -> websocket.WebSocketClientConnection:
        url = f"ws://127.0.0.1:{self.port}{self.base}/{LIVE}"
        origin = {"Origin": f"http://127.0.0.1:{self.port}"}
        request = httpclient.HTTPRequest(
            url, headers=self.headers({**origin, **(more or {})}), connect_timeout=SECONDS, request_timeout=SECONDS
        )
        return await websocket.websocket_connect(request)


async def differences(*, port: int, base_url: str, probe: str, key: str, address: str) -> list[str]:
    """What differs from what is meant, one line each; empty when all is well."""
    asker = _Asker(port, base_url, probe, key)
    found = [
        *_listening(address, port),
        *await _page(asker),
        *await _refusals(asker),
        *await _live(asker),
    ]
    asker.client.close()
    return found


def _listening(address: str, port: int) -> list[str]:
    """The server must be reachable on the loopback only."""
    wrong = [] if address.startswith("127.") or address == "::1" else [f"listening on {address}, not on the loopback"]
    own = {entry[4][0] for entry in _addresses() if not str(entry[4][0]).startswith(("127.", "::1", "fe80"))}
    for other in sorted(map(str, own)):
        with socket.socket(socket.AF_INET6 if ":" in other else socket.AF_INET) as tried:
            tried.settimeout(0.2)
            if tried.connect_ex((other, port)) == 0:
                wrong.append(f"reachable at {other}, not only on the loopback")
    return wrong


def _addresses() -> list[Any]:
    try:
        return list(socket.getaddrinfo(socket.gethostname(), None))
    except OSError:
        return []


async def _page(asker: _Asker) -> list[str]:
    """The first page is served whole, with every header, and repeats nothing of its address."""
    wrong = []
    answer = await asker.get(PAGE)
    text = answer.body.decode(errors="replace")
    if answer.code != 200 or 'id="wb-main"' not in text:
        wrong.append(f"GET {PAGE}: {answer.code}, not the page")
    wrong += [
        f"GET {PAGE}: {name} is {answer.headers.get(name)!r}, not {value!r}"
        for name, value in HEADERS.items()
        if answer.headers.get(name) != value
    ]
    if "Server" in answer.headers:
        wrong.append(f"GET {PAGE}: says that it is made by {answer.headers['Server']}")
    if found := _INSIDE.search(text):
        wrong.append(f"GET {PAGE}: shows the inside of the program ({found.group()})")
    for argument in ("theme", "template", "unheard_of"):
        said = (await asker.get(f"{PAGE}?{argument}={PAYLOAD}")).body.decode(errors="replace")
        if said != text:
            wrong.append(f"GET {PAGE}?{argument}=…: the address changes the page")
    return wrong


async def _refusals(asker: _Asker) -> list[str]:
    """Everything else is refused, and so is everything for another host or without the key."""
    wrong = []
    for path in FORBIDDEN:
        answer = await asker.get(path)
        if answer.code not in (401, 403, 404):
            wrong.append(f"GET {path}: {answer.code}, not 401, 403 or 404")
        if _INSIDE.search(answer.body.decode(errors="replace")) or PAYLOAD in answer.body.decode(errors="replace"):
            wrong.append(f"GET {path}: shows the inside of the program")
    if (code := (await asker.get(PAGE, {"Host": "evil.example"})).code) != 403:
        wrong.append(f"GET {PAGE} for another host: {code}, not 403")
    if asker.key and (code := (await asker.get(PAGE, key=False)).code) != 403:
        wrong.append(f"GET {PAGE} without the key: {code}, not 403")
    return wrong


async def _live(asker: _Asker) -> list[str]:
    """The socket runs the page; a stranger's origin, a kernel's message and a huge one are refused."""
    wrong = []
    try:
        stranger = await asker.connect({"Origin": "https://evil.example"})
        stranger.close()
        wrong.append("a websocket from another site is let in")
    except httpclient.HTTPError as refused:
        if refused.code != 403:
            wrong.append(f"a websocket from another site: {refused.code}, not 403")
    for message, what in ((EXECUTE, "a request to execute code"), ("x" * (LARGEST_MESSAGE + 1), "a huge message")):
        socket_ = await asker.connect()
        await socket_.write_message(message)
        heard = [said async for said in _heard(socket_)]
        if not all(isinstance(one, str) and json.loads(one)["kind"] in ("starting", "busy") for one in heard):
            wrong.append(f"{what}: answered, not refused")
    return wrong


async def _heard(connection: websocket.WebSocketClientConnection) -> Any:
    """What comes until the other side closes."""
    while (said := await connection.read_message()) is not None:
        yield said
