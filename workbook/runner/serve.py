"""The app for one published client (Voilà), and the analyst's JupyterLab on a working copy of its notebooks.

Neither server is told where the client folder is. What they show is found by environment variables: WORKBOOK_EVIDENCE
(the published `evidence.json`), WORKBOOK_RESULTS (the run's folder, with `results.json`) and WORKBOOK_SCENARIOS
(`out/<client>`, in whose `scenarios` folder the app keeps what is saved under a name; it writes nothing else).
"""

from __future__ import annotations

import contextlib
import os
import re
import secrets
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
import webbrowser
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from pathlib import Path
from typing import Final

from workbook.errors import BadArgument, RunFailed
from workbook.runner.notebooks import NOTEBOOKS, notebook_paths, shipped_notebooks
from workbook.runner.paths import local_path
from workbook.runner.publish import current_run
from workbook.view import static

ADDRESS: Final = "127.0.0.1"
KEY: Final = "WORKBOOK_KEY"
VIEWERS: Final = 20
REFUSED: Final = 3
"""Exit code of the app's server when it finds itself not as it should be."""
START_SECONDS: Final = 120


def published_run(home: str | Path) -> Path:
    """The current run of `out/<client>`.

    Raises BadArgument when the folder holds none.
    """
    run = current_run(local_path(home, what="published folder"))
    if run is None or not (run / "results.json").is_file():
        raise BadArgument(f"{home}: no published run here. Run the client first: workbook run <client folder>.")
    return run


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as probe:
        probe.bind((ADDRESS, 0))
        return int(probe.getsockname()[1])


def server_environment(run: Path) -> dict[str, str]:
    """Our environment, where the published figures are, and our Voilà template."""
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONWARNINGS"}
    return {
        **kept,
        "WORKBOOK_EVIDENCE": str(run / "evidence.json"),
        "WORKBOOK_RESULTS": str(run),
        **({"WORKBOOK_SCENARIOS": str(run.parent.parent)} if run.parent.name == "runs" else {}),
        "JUPYTER_PATH": static.jupyter_path(),
        "PYDEVD_DISABLE_FILE_VALIDATION": "1",
    }


def app_command(
    folder: Path, port: int, *, viewers: int = VIEWERS, base_url: str = "/", hosts: Sequence[str] = ()
) -> list[str]:
    """The app's server on a folder of notebooks, for this machine only (workbook/runner/app)."""
    return [
        *(sys.executable, "-m", "workbook.runner.app", str(folder), f"--port={port}", f"--viewers={viewers}"),
        f"--base-url={base_url}",
        *(f"--host={name}" for name in hosts),
    ]


def serve(
    home: str | Path,
    *,
    port: int = 0,
    browser: bool = True,
    viewers: int = VIEWERS,
    base_url: str = "/",
    hosts: Sequence[str] = (),
    key: bool = False,
) -> int:
    """Serve the app for `out/<client>` until interrupted. Returns the server's exit code.

    With `key` a browser must have opened the printed address once. Raises RunFailed when the server does not come up or
    refuses to serve.
    """
    run = published_run(home)
    base = f"/{base_url.strip('/')}/" if base_url.strip("/") else "/"
    if not re.fullmatch(r"/([A-Za-z0-9_-]+/)*", base):
        raise BadArgument(f"{base_url}: not a path an app can be served under. Use letters, digits, - and _.")
    secret = (os.environ.get(KEY) or secrets.token_urlsafe(24)) if key else ""
    with tempfile.TemporaryDirectory(prefix="workbook-app-", ignore_cleanup_errors=True) as folder:
        for path in notebook_paths(shipped_notebooks()).values():
            shutil.copy(path, folder)
        chosen = port or free_port()
        command = app_command(Path(folder), chosen, viewers=viewers, base_url=base, hosts=hosts)
        url = f"http://{ADDRESS}:{chosen}{base}"
        known = {**server_environment(run), KEY: secret}
        return _until_interrupted(command, known, Path(folder), url=url, browser=browser, key=secret)


def working_copy(home: str | Path) -> Path:
    """`out/<client>/lab/<run id>/`: the published notebooks and evidence, for an analyst to change; made once."""
    run = published_run(home)
    copy = run.parent.parent / "lab" / run.name
    if not copy.is_dir():
        copy.parent.mkdir(exist_ok=True)
        with tempfile.TemporaryDirectory(dir=copy.parent, prefix=".new-") as aside:
            fresh = Path(aside) / "copy"
            fresh.mkdir()
            for name in ("evidence.json", "results.json", *(f"{notebook}.ipynb" for notebook in NOTEBOOKS)):
                shutil.copy(run / name, fresh)
            os.replace(fresh, copy)
    return copy


def lab_command(folder: Path, port: int, *, browser: bool) -> list[str]:
    """JupyterLab on a folder: this machine only, with a token, asking nobody for news, updates or extensions."""
    return [
        *(sys.executable, "-m", "jupyterlab", f"--ServerApp.root_dir={folder}", f"--ServerApp.ip={ADDRESS}"),
        f"--ServerApp.port={port}",
        "--ServerApp.port_retries=0",
        f"--ServerApp.open_browser={browser}",
        "--LabApp.extension_manager=readonly",
        "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
        "--LabApp.news_url=None",
        f"--LabApp.app_settings_dir={static.HERE / 'lab'}",
        *(["--KernelManager.transport=ipc"] if os.name == "posix" else []),
        *(["--allow-root"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []),
    ]


def lab(home: str | Path, *, port: int = 0, browser: bool = True) -> int:
    """Open JupyterLab on the working copy until interrupted. Returns the server's exit code."""
    copy = working_copy(home)
    command = lab_command(copy, port or free_port(), browser=browser)
    return _until_interrupted(command, server_environment(published_run(home)), copy, url=None, browser=False)


def _until_interrupted(
    command: Sequence[str], environment: Mapping[str, str], cwd: Path, *, url: str | None, browser: bool, key: str = ""
) -> int:
    """Run a server, say where it is once it answers, and stop it when we are stopped."""
    server = subprocess.Popen(command, cwd=cwd, env=environment)
    try:
        if url is not None:
            wait_until_open(server, url)
            address = f"{url}?key={key}" if key else url
            print(f"The app is at {address}  (Ctrl-C ends it)", flush=True)
            if browser:
                webbrowser.open(address)
        return server.wait()
    except KeyboardInterrupt:
        return 0
    finally:
        server.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            server.wait(timeout=10)
        server.kill()


def wait_until_open(server: subprocess.Popen[bytes], url: str) -> None:
    """Return once the server lets viewers in; raise RunFailed when it ends, refuses or stays silent."""
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until:
        if server.poll() is not None:
            why = "it found itself not as it should be; see above" if server.returncode == REFUSED else "see above"
            raise RunFailed(f"The app was not served: {why} (code {server.returncode}). Is the port free?")
        try:
            with urllib.request.urlopen(f"{url}voila/templates/workbook/static/theme.css", timeout=5):
                return
        except urllib.error.HTTPError as answer:
            if answer.code != HTTPStatus.SERVICE_UNAVAILABLE:
                return
        except OSError:
            pass
        time.sleep(0.1)
    raise RunFailed(f"The app did not answer within {START_SECONDS} seconds.")
