"""Servers of the app for long tests and measurements: started, watched, and ended with everything they started."""

from __future__ import annotations

import contextlib
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

import psutil

from workbook import stages
from workbook.evidence import Evidence
from workbook.runner.notebooks import notebook_paths, shipped_notebooks
from workbook.runner.serve import ADDRESS, wait_until_open
from workbook.scenario import Scenario

SAMPLE: Final = Path(__file__).resolve().parents[1] / "data" / "samples" / "saas-scaleup" / "evidence.json"
OFFLINE: Final = ["--no-sandbox", "--disable-gpu", "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"]
MEASURE: Final = "--measure"
_ASKED_SECONDS, _KILLED_SECONDS = 8.0, 5.0


def published(folder: Path) -> Path:
    """A run of the sample in a new folder: evidence and results."""
    folder.mkdir()
    shutil.copy(SAMPLE, folder / "evidence.json")
    stages.compute_all(Evidence.load(SAMPLE), Scenario()).dump(folder / "results.json")
    return folder


def all_pages(folder: Path) -> Path:
    """The six notebooks in a new folder."""
    folder.mkdir()
    for path in notebook_paths(shipped_notebooks()).values():
        shutil.copy(path, folder)
    return folder


@contextlib.contextmanager
def served(name: str, command: Sequence[str], port: int, environment: dict[str, str], folder: Path) -> Iterator[int]:
    """The process of a server that answers, its log beside what it serves; nothing it started outlives it."""
    with (folder / f"{name}.log").open("wb") as log:
        process = subprocess.Popen(command, cwd=folder, env=environment, stdout=log, stderr=log)
    try:
        wait_until_open(process, f"http://{ADDRESS}:{port}/")
        yield process.pid
    finally:
        end(process.pid)


def end(pid: int) -> None:
    """End a process and all that it started: asked first, then killed."""
    with contextlib.suppress(psutil.Error):
        process = psutil.Process(pid)
        family = [process, *process.children(recursive=True)]
        process.terminate()
        _, left = psutil.wait_procs(family, timeout=_ASKED_SECONDS)
        for one in left:
            with contextlib.suppress(psutil.Error):
                one.kill()
        psutil.wait_procs(left, timeout=_KILLED_SECONDS)


def within(seconds: float, script: str, *arguments: str) -> int:
    """Run a script's own `--measure` with a new folder in a process that is ended, with all it started, in time."""
    began, folder = time.monotonic(), tempfile.mkdtemp(prefix="workbook-app-")
    process = subprocess.Popen([sys.executable, script, MEASURE, folder, *arguments])
    try:
        code = process.wait(timeout=seconds)
    except subprocess.TimeoutExpired:
        print(f"Not done within {seconds:.0f} seconds: ended.", flush=True)
        code = 1
    finally:
        end(process.pid)
        shutil.rmtree(folder, ignore_errors=True)
    print(f"took {time.monotonic() - began:.0f} seconds", flush=True)
    return code
