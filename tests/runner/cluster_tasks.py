"""What the tests of the cluster run on its workers."""

from __future__ import annotations

import os
import time
from dataclasses import dataclass
from pathlib import Path

from workbook.runner.publish import publish, work_folder, write_run_file
from workbook.runner.report import RunReport
from workbook.runner.run import OnStep, reported


@dataclass(frozen=True)
class Slow:
    """Publishes a run of nothing under `out`, unless it is there; says in `told` who tried, and waits for `go`."""

    out: str
    told: str
    go: str

    def __call__(self, folder: str, /, *, attempt: int = 1, on_step: OnStep | None = None) -> RunReport:
        return reported(folder, lambda: self._run(folder, on_step))

    def _run(self, folder: str, on_step: OnStep | None) -> RunReport:
        name = Path(folder).name
        with work_folder(Path(self.out), name) as work:
            if (Path(self.out) / name / "runs" / "abc").is_dir():
                return RunReport(folder, name, "unchanged")
            if on_step:
                on_step(name, "waits")
            (Path(self.told) / f"{name}-{os.getpid()}-{time.monotonic_ns()}").touch()
            while not Path(self.go).exists():
                time.sleep(0.05)
            (work / "run").mkdir()
            write_run_file(work / "run", {"client": name})
            publish(work / "run", Path(self.out), name, "abc")
            with (Path(self.told) / "published").open("a") as published:
                published.write(f"{name}\n")
        return RunReport(folder, name, "published")
