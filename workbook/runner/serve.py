"""The app for one published client (Voilà), and the analyst's JupyterLab on a working copy of its notebooks.

Neither server is told where the client folder is. What they show is found by environment variables: WORKBOOK_EVIDENCE
(the published `evidence.json`), WORKBOOK_RESULTS (the run's folder, with `results.json`) and WORKBOOK_SCENARIOS
(`out/<client>`, in whose `scenarios` folder the app keeps what is saved under a name; it writes nothing else).
"""

from __future__ import annotations

import contextlib
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import webbrowser
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import workbook
from workbook.errors import BadArgument, RunFailed
from workbook.runner.notebooks import NOTEBOOKS, notebook_paths, shipped_notebooks
from workbook.runner.paths import local_path
from workbook.runner.publish import current_run
from workbook.view import static

ADDRESS: Final = "127.0.0.1"
START_SECONDS: Final = 60
IDLE_SECONDS: Final = 1200


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


def voila_command(folder: Path, port: int) -> list[str]:
    """Voilà on a folder: this machine only, no tracebacks, no theme from the address, idle kernels ended."""
    template = Path(workbook.__file__).resolve().parent / "view" / "voila" / "templates" / "workbook"
    return [
        *(sys.executable, "-m", "voila", str(folder), "--no-browser", f"--port={port}"),
        f"--Voila.ip={ADDRESS}",
        "--Voila.port_retries=0",
        "--Voila.log_level=ERROR",
        *(["--KernelManager.transport=ipc"] if os.name == "posix" else []),
        "--VoilaConfiguration.allow_theme_override=NO",
        "--VoilaConfiguration.allow_template_override=NO",
        "--VoilaConfiguration.show_tracebacks=False",
        "--VoilaConfiguration.strip_sources=True",
        f"--MappingKernelManager.cull_idle_timeout={IDLE_SECONDS}",
        "--MappingKernelManager.cull_interval=60",
        *(["--template=workbook"] if template.is_dir() else []),
    ]


def serve(home: str | Path, *, port: int = 0, browser: bool = True) -> int:
    """Serve the app for `out/<client>` until interrupted. Returns the server's exit code."""
    run = published_run(home)
    with tempfile.TemporaryDirectory(prefix="workbook-app-", ignore_cleanup_errors=True) as folder:
        for path in notebook_paths(shipped_notebooks()).values():
            shutil.copy(path, folder)
        chosen = port or free_port()
        command = voila_command(Path(folder), chosen)
        return _until_interrupted(command, run, Path(folder), url=f"http://{ADDRESS}:{chosen}/", browser=browser)


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
        *(["--KernelManager.transport=ipc"] if os.name == "posix" else []),
        *(["--allow-root"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []),
    ]


def lab(home: str | Path, *, port: int = 0, browser: bool = True) -> int:
    """Open JupyterLab on the working copy until interrupted. Returns the server's exit code."""
    copy = working_copy(home)
    command = lab_command(copy, port or free_port(), browser=browser)
    return _until_interrupted(command, published_run(home), copy, url=None, browser=False)


def _until_interrupted(command: Sequence[str], run: Path, cwd: Path, *, url: str | None, browser: bool) -> int:
    """Run a server, say where it is once it answers, and stop it when we are stopped."""
    server = subprocess.Popen(command, cwd=cwd, env=server_environment(run))
    try:
        if url is not None:
            _wait_for(server, int(url.rstrip("/").rsplit(":", 1)[1]))
            print(f"The app is at {url}  (Ctrl-C ends it)", flush=True)
            if browser:
                webbrowser.open(url)
        return server.wait()
    except KeyboardInterrupt:
        return 0
    finally:
        server.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            server.wait(timeout=10)
        server.kill()


def _wait_for(server: subprocess.Popen[bytes], port: int) -> None:
    """Return once the server listens; raise RunFailed when it ends or stays silent."""
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until:
        if server.poll() is not None:
            raise RunFailed(f"The server ended at once (code {server.returncode}). Is the port {port} free?")
        with contextlib.suppress(OSError), socket.create_connection((ADDRESS, port), timeout=1):
            return
        time.sleep(0.1)
    raise RunFailed(f"The server did not answer within {START_SECONDS} seconds.")
