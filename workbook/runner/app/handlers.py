"""All that the server answers: pages, a closed list of files, and one websocket a page."""

from __future__ import annotations

import asyncio
import contextlib
import hmac
import json
import logging
import secrets
import time
from collections.abc import Mapping
from typing import Any, ClassVar, Final

from tornado import web, websocket
from tornado.httputil import split_host_and_port

from workbook.runner.app.assets import Asset, template_files, widget_modules
from workbook.runner.app.kernels import PageKernel
from workbook.runner.app.pages import AppPage, cell_message, view_message
from workbook.runner.app.places import Places, Ticket

LONGEST_QUERY: Final = 2_000
LARGEST_MESSAGE: Final = 65_536
MESSAGES_PER_SECOND: Final = 40
KEY_COOKIE: Final = "workbook-key"
PROBE_HEADER: Final = "X-Workbook-Probe"
RETRY_SECONDS: Final = 5
CONTENT_POLICY: Final = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data: blob:",
        "font-src 'self'",
        "connect-src 'self'",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
    )
)
"""Styles may stand in the page: Vega writes them on what it draws. Scripts may not, and nothing is evaluated."""
HEADERS: Final[dict[str, str]] = {
    "Content-Security-Policy": CONTENT_POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
    "Cache-Control": "no-store",
}
log = logging.getLogger("workbook.app")


class Guarded(web.RequestHandler):
    """Headers on every answer; a request for another host, without the key or with a long query is refused."""

    def set_default_headers(self) -> None:
        """What every answer carries; who made the server is nobody's business."""
        self.clear_header("Server")
        for name, value in HEADERS.items():
            self.set_header(name, value)

    def prepare(self) -> None:
        """Let through whom the server is meant for."""
        host = split_host_and_port(self.request.host.lower())[0].strip("[]")
        if host not in self.settings["hosts"]:
            raise web.HTTPError(403)
        if len(self.request.query) > LONGEST_QUERY:
            raise web.HTTPError(400)
        probing = hmac.compare_digest(self.request.headers.get(PROBE_HEADER, ""), self.settings["probe"])
        if not self.settings["open"].is_set() and not probing:
            self.set_header("Retry-After", str(RETRY_SECONDS))
            raise web.HTTPError(503)
        if self.settings["key"] and not self._has_key():
            raise web.HTTPError(403)

    def _has_key(self) -> bool:
        """Whether the cookie carries the key; an address that does sets the cookie and is asked for again without."""
        key: str = self.settings["key"]
        if hmac.compare_digest(self.get_cookie(KEY_COOKIE, "") or "", key):
            return True
        given = self.get_query_argument("key", "")
        if self.request.method == "GET" and hmac.compare_digest(given.encode(), key.encode()):
            path = self.settings["base_url"]
            self.set_cookie(KEY_COOKIE, key, path=path, httponly=True, samesite="Lax")
            self.redirect(self.request.path)
            return True
        return False

    def write_error(self, status_code: int, **_: Any) -> None:
        """A page of our own: what happened and where to go; never what was asked for, never a trace."""
        self.set_header("Content-Type", "text/html; charset=utf-8")
        headline, line = NOTICES.get(status_code, NOTICES[500])
        start = f"{self.settings['base_url']}voila/render/start.ipynb"
        style = f"{self.settings['base_url']}voila/templates/workbook/static/"
        refresh = f'<meta http-equiv="refresh" content="{RETRY_SECONDS}">' if status_code == 503 else ""
        link = "" if status_code in (403, 503) else f' <a href="{start}">Back to the start</a>'
        self.finish(NOTICE.format(refresh=refresh, style=style, headline=headline, line=line, link=link))


NOTICES: Final = {
    400: ("This address cannot be read", "It is longer than any address this app makes."),
    403: ("This is not open to you", "Use the address, with its key, that the person who runs the app gave you."),
    404: ("There is no such page here", "The diagnostic has six pages and nothing else."),
    405: ("There is no such page here", "The diagnostic has six pages and nothing else."),
    500: ("Something went wrong", "The server's log says what."),
    503: ("One moment, please", "The app is starting, or very many people want to see it; this page tries again soon."),
}
NOTICE: Final = """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
{refresh}<title>{headline} · Leadership diagnostic</title>
<link rel="stylesheet" href="{style}theme.css">
<link rel="stylesheet" href="{style}workbook.css">
</head>
<body data-voila="voila">
<main class="wb-notice"><h1>{headline}</h1><p>{line}{link}</p></main>
</body>
</html>
"""


class NotFound(Guarded):
    """Whatever is not on the list."""

    def prepare(self) -> None:
        """Refused whatever the method."""
        super().prepare()
        if not self._finished:
            raise web.HTTPError(404)


class Home(Guarded):
    """The root leads to the first page."""

    def get(self) -> None:
        """Lead on."""
        self.redirect(f"{self.settings['base_url']}voila/render/start.ipynb")


class Files(Guarded):
    """A closed list of files, which browsers keep under the digest in their address."""

    lists: ClassVar[Mapping[str, Any]] = {"static": template_files, "widgets": widget_modules}

    def get(self, kind: str, name: str) -> None:
        """The file, compressed where the browser takes it so."""
        found: Asset | None = self.lists[kind]().get(name)
        if found is None:
            raise web.HTTPError(404)
        self.set_header("Content-Type", found.kind)
        self.set_header("Cache-Control", "private, max-age=31536000, immutable")
        self.set_header("Etag", f'"{found.digest}"')
        send(self, found.plain, found.packed)


class PageHandler(Guarded):
    """A page of the diagnostic."""

    def get(self, name: str) -> None:
        """The page with the last run's figures; it comes alive over its websocket."""
        page: AppPage | None = self.settings["pages"].get(name)
        if page is None:
            raise web.HTTPError(404)
        self.set_header("Content-Type", "text/html; charset=utf-8")
        send(self, *page.html())


def send(handler: web.RequestHandler, plain: bytes, packed: bytes) -> None:
    """One of two forms of a body, whichever the browser takes."""
    handler.set_header("Vary", "Accept-Encoding")
    if "gzip" in handler.request.headers.get("Accept-Encoding", ""):
        handler.set_header("Content-Encoding", "gzip")
        handler.finish(packed)
    else:
        handler.finish(plain)


class Live(Guarded, websocket.WebSocketHandler):
    """One viewer on one page: a place, a kernel for as long as the socket is open, and messages of its widgets."""

    kernel: PageKernel | None = None
    ticket: Ticket | None = None

    async def get(self, *arguments: Any, **named: Any) -> None:
        """Refuse the upgrade while even the queue is full, or for a page that is none."""
        if arguments[1] not in self.settings["pages"]:
            raise web.HTTPError(404)
        if self.settings["places"].crowded:
            self.set_header("Retry-After", str(10 * RETRY_SECONDS))
            raise web.HTTPError(503)
        await super().get(*arguments, **named)

    def get_compression_options(self) -> dict[str, Any]:
        """Figures compress well."""
        return {}

    async def open(self, *arguments: str, **_: str) -> None:
        """Queue for a place; then run the page."""
        self.page: AppPage = self.settings["pages"][arguments[1]]
        self._known = self.page.last if arguments[0] == self.page.digest else {}
        self._spent, self._since = 0, time.monotonic()
        self.ticket = Ticket(told=self._wait, rest=lambda: self._end("resting"))
        self.work = asyncio.ensure_future(self._run())

    def on_message(self, message: str | bytes) -> None:
        """A widget's own message, `{"id": …, "content": {…}}`; anything else ends the connection."""
        content = _widget_message(message)
        if content is None or self._too_many():
            if self.settings["open"].is_set():
                log.warning("A message that no page sends was refused.")
            self.close(1008)
        elif self.kernel is not None and self.ticket is not None:
            self.ticket.seen()
            self.kernel.ask(*content)

    def on_close(self) -> None:
        """The viewer has left: the kernel ends and the place is free."""
        if self.ticket is not None:
            self.work.cancel()

    async def _run(self) -> None:
        places: Places = self.settings["places"]
        assert self.ticket is not None
        kernel = None
        try:
            await places.enter(self.ticket)
            self._say({"kind": "starting"})
            kernel = PageKernel(self.page.notebook, query=self.request.query, cwd=self.settings["folder"])
            await kernel.start()
            self.kernel = kernel
            await self._pass_on(kernel)
        except (asyncio.CancelledError, websocket.WebSocketClosedError):
            pass
        except Exception:
            log.exception("A page's kernel failed")
            self._end("died")
        finally:
            self.kernel = None
            if kernel is not None:
                await asyncio.shield(kernel.close())
            places.leave(self.ticket)

    async def _pass_on(self, kernel: PageKernel) -> None:
        """Give the browser what the kernel says; keep what a page at the client's own setting first shows."""
        own_setting = not self.request.query
        shown: dict[str, list[dict[str, Any]]] = {}
        async for said in kernel.said():
            match said["kind"]:
                case "cell":
                    shown[said["cell"]] = [view_message(view["id"], view["state"]) for view in said["views"]]
                    self._say(cell_message(said, self._known))
                case "alive":
                    if own_setting and said["complete"]:
                        self.page.remember({cell: views for cell, views in shown.items() if views})
                    self._say(said)
                case "died":
                    self._end("died")
                case _:
                    self._say(said)

    def _say(self, said: Mapping[str, Any]) -> None:
        with contextlib.suppress(websocket.WebSocketClosedError):
            self.write_message(json.dumps(said, separators=(",", ":"), allow_nan=False))

    def _wait(self, ahead: int) -> None:
        self._say({"kind": "busy", "ahead": ahead, "places": self.settings["places"].most})

    def _end(self, kind: str) -> None:
        self._say({"kind": kind})
        self.close(1000)

    def _too_many(self) -> bool:
        now = time.monotonic()
        if now - self._since > 1.0:
            self._spent, self._since = 0, now
        self._spent += 1
        return self._spent > MESSAGES_PER_SECOND


def _widget_message(message: str | bytes) -> tuple[str, dict[str, Any]] | None:
    """The widget and the content of a message, when it is one."""
    if not isinstance(message, str):
        return None
    try:
        given = json.loads(message)
    except (ValueError, RecursionError):
        return None
    if not isinstance(given, dict) or set(given) != {"id", "content"}:
        return None
    model, content = given["id"], given["content"]
    return (model, content) if isinstance(model, str) and isinstance(content, dict) else None


def new_key() -> str:
    """A key nobody guesses."""
    return secrets.token_urlsafe(24)


def routes(base_url: str) -> list[tuple[str, type[web.RequestHandler]]]:
    """Every address there is."""
    base = base_url.rstrip("/")
    page = r"([a-z0-9_]+)\.ipynb"
    return [
        (rf"{base}/", Home),
        (rf"{base}/voila/render/{page}", PageHandler),
        (rf"{base}/voila/live/([0-9a-f]+)/{page}", Live),
        (rf"{base}/voila/templates/workbook/(static)/([\w.-]+)", Files),
        (rf"{base}/voila/(widgets)/([0-9a-f]+)\.js", Files),
    ]
