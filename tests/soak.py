"""The long form of the batch's tests: `make soak`, or a part of it, such as `python -m tests.soak kills 6 clients 100`.

kills N      the runner is killed (SIGKILL) at N random times, then once run to its end
clients N    N tiny clients in one go; the memory of the runner and its workers is told as they pass and may not rise
faults K     every K-th file operation crashes, and gives EIO and ENOSPC
markers N    N clients in random order, in parallel, each marker only in its own output
"""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import psutil

from tests.hostile.batch_clients import holding, marker, write_clients, write_notebooks
from workbook.runner.limits import memory_bytes
from workbook.runner.publish import current_run, is_whole
from workbook.runner.verify import verify

ROOT = Path(__file__).resolve().parents[1]
MORE = 1.2
"""How much more memory the second half of many clients may take than the first."""
DEFAULTS = {"kills": 36, "faults": 1, "markers": 20, "clients": 1000}
GO = """\
import sys
from pathlib import Path
from workbook import __main__ as command
from workbook.runner import batch
if __name__ == "__main__":
    batch.shipped_notebooks = lambda: Path(sys.argv[1])
    sys.exit(command.main(sys.argv[2:]))
"""


def start(home: Path, folders: list[str], *, jobs: int = 2) -> subprocess.Popen:
    """`workbook run` on the folders, with tiny notebooks."""
    (home / "go.py").write_text(GO)
    command = [sys.executable, str(home / "go.py"), str(home / "notebooks"), "run", *folders]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    log = (home / "log").open("a")
    return subprocess.Popen(
        [*command, "--out", str(home / "out"), "-j", str(jobs)], env=environment, stdout=log, stderr=log
    )


def torn(out: Path) -> list[str]:
    """Runs that are published and not whole, and clients whose `current` names nothing."""
    found = [str(run) for run in out.glob("*/runs/*") if not is_whole(run)]
    return found + [
        str(home) for home in out.glob("client-*") if (home / "current").is_symlink() and not current_run(home)
    ]


def orphans(home: Path) -> list[int]:
    """Processes that still work below the folder."""
    found = []
    for process in psutil.process_iter(["pid"]):
        try:
            if str(home) in process.cwd() or any(str(home) in part for part in process.cmdline()):
                found.append(process.pid)
        except psutil.Error:
            continue
    return [pid for pid in found if pid != os.getpid()]


def kills(home: Path, number: int) -> None:
    """The runner is killed at random times; nothing torn, no orphan, and the next run goes on where it stopped.

    When all clients are published it begins anew.
    """
    rng = random.Random(number)
    folders = write_clients(home / "clients", range(4))
    write_notebooks(home / "notebooks")
    for kill in range(1, number + 1):
        run = start(home, folders)
        time.sleep(rng.uniform(1, 20))
        run.send_signal(signal.SIGKILL)
        run.wait()
        until = time.monotonic() + 60
        while orphans(home) and time.monotonic() < until:
            time.sleep(0.5)
        assert orphans(home) == [], orphans(home)
        assert torn(home / "out") == [], torn(home / "out")
        done = sum(current_run(path) is not None for path in (home / "out").glob("client-*"))
        print(f"kill {kill}: nothing torn, no orphan, {done} of {len(folders)} published", flush=True)
        if done == len(folders):
            shutil.rmtree(home / "out")
    assert start(home, folders).wait() == 0
    assert [verify(home / "out" / Path(folder).name).faults for folder in folders] == [()] * len(folders)
    print("then run to its end: every pack as published")


def clients(home: Path, number: int) -> None:
    """Many tiny clients in one go; the memory of all processes, at tenths of the way."""
    folders = write_clients(home / "clients", range(number))
    write_notebooks(home / "notebooks")
    began = time.monotonic()
    run = start(home, folders)
    told: list[tuple[int, int]] = []
    while run.poll() is None:
        time.sleep(2)
        done = len(list((home / "out").glob("*/current"))) if (home / "out").exists() else 0
        if done * 10 // number > (told[-1][0] * 10 // number if told else 0):
            told.append((done, round(memory_bytes(run.pid) / 1e6)))
            print(f"{done} clients, {told[-1][1]} MB, {time.monotonic() - began:.0f} s", flush=True)
    assert run.returncode == 0, (home / "log").read_text()[-2000:]
    seconds = time.monotonic() - began
    print(
        f"{number} clients in {seconds:.0f} s: {seconds / number:.2f} s each, {seconds / number / 6:.2f} s a notebook"
    )
    assert torn(home / "out") == []
    half = len(told) // 2
    early, late = (max((megabytes for _, megabytes in part), default=0) for part in (told[:half], told[half:]))
    assert late <= MORE * early, f"memory rose from {early} to {late} MB"
    print(f"at most {early} MB in the first half of the way, {late} MB in the second")


def faults(home: Path, step: int) -> None:
    """Every `step`-th file operation, in all three ways."""
    parts = [f"{mode}:1:{step}" for mode in ("crash", "EIO", "ENOSPC")]
    ran = subprocess.run(
        [sys.executable, "-m", "tests.faults.driver", str(home / "faults"), *parts],
        cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)}, capture_output=True, text=True, check=True,
    )  # fmt: skip
    told = [json.loads(line) for line in ran.stdout.splitlines()]
    harmed = [one for one in told if one.get("broken")]
    print(f"{len(told) - 1} faults of {told[0]['operations']} operations, {len(harmed)} broke something")
    assert harmed == [], harmed


def markers(home: Path, number: int) -> None:
    """Clients in random order, in parallel, keep apart."""
    numbers = list(range(number))
    random.Random(number).shuffle(numbers)
    folders = write_clients(home / "clients", numbers)
    write_notebooks(home / "notebooks")
    assert start(home, folders).wait() == 0
    for one in numbers:
        assert holding(home / "out", marker(one)) == {f"client-{one:04d}"}
    print(f"{number} clients: each marker only in its own output")


def main(arguments: list[str]) -> None:
    """The parts named, each with its number; all of them by default."""
    pairs = list(zip(arguments[::2], map(int, arguments[1::2]), strict=True)) or list(DEFAULTS.items())
    for name, number in pairs:
        print(f"{name} {number}", flush=True)
        with tempfile.TemporaryDirectory(prefix="soak-") as home:
            {"kills": kills, "clients": clients, "faults": faults, "markers": markers}[name](Path(home), number)


if __name__ == "__main__":
    main(sys.argv[1:])
