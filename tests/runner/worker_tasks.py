"""Tasks for worker processes: plain functions, so that they can be sent there."""

from __future__ import annotations

import atexit
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from workbook.runner.report import RunReport


def behaves(folder: str, /, *, attempt: int = 1, on_step=None) -> RunReport:
    """Does what the folder's name says; the folder keeps count of the attempts."""
    home = Path(folder)
    with (home / "attempts").open("a") as file:
        file.write(f"{attempt}\n")
    if on_step:
        on_step(home.name, "measure")
    if home.name.startswith("dies") or (home.name.startswith("recovers") and attempt == 1):
        os.kill(os.getpid(), signal.SIGKILL)
    if home.name.startswith("hangs"):
        child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
        (home / "child").write_text(str(child.pid))
        time.sleep(600)
    if home.name.startswith("leaves"):
        atexit.register(lambda: (time.sleep(0.5), (home / "left").touch()))
    if home.name.startswith("eats"):
        eaten = "import time; kept = bytearray(400_000_000); time.sleep(600)"
        child = subprocess.Popen([sys.executable, "-c", eaten])
        (home / "child").write_text(str(child.pid))
        child.wait()
    return RunReport(folder, home.name, "published", attempts=attempt)
