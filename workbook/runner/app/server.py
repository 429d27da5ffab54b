"""Voilà's application with our settings, our handlers and nothing else."""

from __future__ import annotations

import argparse
import asyncio
import logging
import os
import sys
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import voila
from tornado import ioloop, web
from voila.app import Voila

from workbook.errors import BadArgument
from workbook.runner.app import probe
from workbook.runner.app.handlers import LARGEST_MESSAGE, NotFound, new_key, routes
from workbook.runner.app.kernels import PageKernel, page_environment
from workbook.runner.app.pages import AppPage, read_pages, view_message
from workbook.runner.app.places import Places
from workbook.runner.kernels import owner
from workbook.runner.serve import ADDRESS, KEY, REFUSED, VIEWERS
from workbook.view.static import TEMPLATE, jupyter_path

LOOPBACK: Final = frozenset({"127.0.0.1", "localhost", "::1"})
IDLE_SECONDS: Final = 1200
IDLE_SECONDS_WHEN_FULL: Final = 120
_LOOK_SECONDS: Final = 5
_PING_SECONDS: Final = 20
TESTED_VOILA: Final = "0.5."
log = logging.getLogger("workbook.app")


class App(Voila):
    """Voilà on the notebooks of one folder. Reads no configuration but ours."""

    viewers = VIEWERS
    hosts: frozenset[str] = LOOPBACK
    key = ""

    def load_config_file(self, *_: Any, **__: Any) -> None:
        """A user's or a folder's voila.json has no say."""

    def init_settings(self) -> dict[str, Any]:
        """Settings of tornado and of our handlers."""
        return {
            "base_url": self.base_url,
            "pages": read_pages(Path(self.root_dir), base_url=self.base_url, template_paths=self.template_paths),
            "folder": Path(self.root_dir),
            "places": Places(self.viewers),
            "hosts": self.hosts,
            "key": self.key,
            "probe": new_key(),
            "open": threading.Event(),
            "default_handler_class": NotFound,
            "websocket_max_message_size": LARGEST_MESSAGE,
            "websocket_ping_interval": _PING_SECONDS,
            "log_function": lambda handler: None,
        }

    def init_handlers(self) -> list[tuple[str, type[web.RequestHandler]]]:
        """Our handlers; none of Voilà's, which also serve files, kernels, contents and themes."""
        return routes(self.base_url)

    def start(self) -> None:
        """Listen, ask ourselves, then open."""
        settings = self.init_settings()
        self.app = web.Application(self.init_handlers(), **settings)
        ioloop.IOLoop.current().add_callback(self._open)
        ioloop.PeriodicCallback(self._rest_idle, _LOOK_SECONDS * 1000).start()
        self.listen()

    def listen(self) -> None:
        """Serve on our port until stopped; then end all kernels. Raises OSError when the port is taken."""
        self.app.listen(self.port, self.ip)
        self.ioloop = ioloop.IOLoop.current()
        try:
            self.ioloop.start()
        except KeyboardInterrupt:
            pass
        finally:
            self.ioloop.run_sync(PageKernel.close_all)

    async def _open(self) -> None:
        """Let viewers in once the server was seen to serve what it should and to refuse the rest."""
        settings = self.app.settings
        try:
            wrong = await probe.differences(
                port=self.port, base_url=self.base_url, probe=settings["probe"], key=self.key, address=self.ip
            )
        except Exception as error:
            wrong = [f"it could not ask itself ({type(error).__name__}: {error})"]
        if wrong:
            print("\n".join(["The app refuses to serve: it is not as it should be.", *wrong]), file=sys.stderr)
            sys.stderr.flush()
            os._exit(REFUSED)
        settings["open"].set()
        for page in settings["pages"].values():
            await first_sight(page, settings["folder"])

    def _rest_idle(self) -> None:
        self.app.settings["places"].rest_idle(idle_seconds=IDLE_SECONDS, idle_seconds_when_full=IDLE_SECONDS_WHEN_FULL)


async def first_sight(page: AppPage, folder: Path) -> None:
    """Run a page nobody has opened yet, so that its first viewer sees figures at once."""
    if page.last:
        return
    kernel = PageKernel(page.notebook, query="", cwd=folder)
    shown = {}
    try:
        await kernel.start()
        async for said in kernel.said():
            if said["kind"] == "cell" and said["views"]:
                shown[said["cell"]] = [view_message(view["id"], view["state"]) for view in said["views"]]
            elif said["kind"] == "alive" and said["complete"]:
                page.remember(shown)
            if said["kind"] in ("alive", "died"):
                break
    except Exception:
        log.exception("A page could not be prepared")
    finally:
        await asyncio.shield(kernel.close())


def check_version() -> None:
    """Raise BadArgument for a Voilà this server was not tested with."""
    if not voila.__version__.startswith(TESTED_VOILA):
        raise BadArgument(
            f"voila {voila.__version__} is installed; the app is tested with {TESTED_VOILA}*."
            " Install the locked packages: make setup."
        )


def main(arguments: Sequence[str] | None = None) -> int:
    """Serve a folder of notebooks until stopped. The key, where there is one, comes from WORKBOOK_KEY."""
    parser = argparse.ArgumentParser(prog="python -m workbook.runner.app", description=main.__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--base-url", default="/")
    parser.add_argument("--host", action="append", default=[], help="a name under which a proxy asks for the app")
    parser.add_argument("--viewers", type=int, default=VIEWERS)
    given = parser.parse_args(arguments)
    check_version()
    owner.prepare(page_environment(""))
    os.environ["JUPYTER_PATH"] = jupyter_path()
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(levelname)s %(message)s")
    app = App(ip=ADDRESS, port=given.port, base_url=given.base_url, open_browser=False)
    app.viewers, app.hosts = given.viewers, LOOPBACK | {name.lower() for name in given.host}
    app.key = os.environ.get(KEY, "")
    app.port_retries, app.log_level = 0, logging.ERROR
    app.config.VoilaConfiguration.template = TEMPLATE
    app.initialize([str(given.folder)])
    try:
        app.start()
    except OSError as error:
        print(f"Port {given.port} cannot be used: {error.strerror}.", file=sys.stderr)
        return 2
    return 0
