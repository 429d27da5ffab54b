"""What the tests of the cluster run on its workers."""

from __future__ import annotations

import os
import signal
import time
from dataclasses import dataclass
from pathlib import Path

from tests.runner.worker_tasks import behaves
from workbook.runner.publish import publish, work_folder, write_run_file
from workbook.runner.report import RunReport
from workbook.runner.run import OnStep, reported


@dataclass(frozen=True)
class Slow:
    """Publishes a run of nothing under `out`, unless it is there; says in `told` who tried, and waits for `go`.

    Who finds the client busy says so in `told/busy`.
    """

    out: str
    told: str
    go: str

    def __call__(self, folder: str, /, *, attempt: int = 1, on_step: OnStep | None = None) -> RunReport:
        report = reported(folder, lambda: self._run(folder, on_step))
        if report.kind == "busy":
            (Path(self.told) / "busy").touch()
        return report

    def _run(self, folder: str, on_step: OnStep | None) -> RunReport:
        name = Path(folder).name
        with work_folder(Path(self.out), name) as work:
            if (Path(self.out) / name / "runs" / "abc").is_dir():
                return RunReport(folder, name, "unchanged")
            if on_step:
                on_step(name, "waits")
            (Path(self.told) / f"{name}-{os.getppid()}-{time.monotonic_ns()}").touch()
            while not Path(self.go).exists():
                time.sleep(0.05)
            (work / "run").mkdir()
            write_run_file(work / "run", {"client": name})
            publish(work / "run", Path(self.out), name, "abc")
            with (Path(self.told) / "published").open("a") as published:
                published.write(f"{name}\n")
        return RunReport(folder, name, "published")


def fells(folder: str, /, *, attempt: int = 1, on_step: OnStep | None = None) -> RunReport:
    """Kills the Dask worker above it where the folder's name says so."""
    if Path(folder).name.startswith("fells"):
        os.kill(os.getppid(), signal.SIGKILL)
        time.sleep(60)
    return behaves(folder, attempt=attempt, on_step=on_step)


class Raises:
    """Cannot be read where it is sent, but in the process that made it."""

    def __init__(self) -> None:
        self.home = os.getpid()

    def __reduce__(self) -> tuple[object, tuple[int]]:
        return _made_in, (self.home,)

    def __call__(self, folder: str, /, *, attempt: int = 1, on_step: OnStep | None = None) -> RunReport:
        return RunReport(folder, None, "published")


def _made_in(process: int) -> Raises:
    if os.getpid() != process:
        raise ValueError("made elsewhere")
    return Raises()
