"""What became of one client in a run."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from workbook.runner.faults import IntegrityError as IntegrityError
from workbook.runner.faults import Kind

Outcome = Literal["published", "unchanged", "refused", "failed", "integrity"]
RAN: frozenset[Outcome] = frozenset({"published", "unchanged"})


@dataclass(frozen=True)
class Step:
    """One step of a run and how long it took."""

    name: str
    seconds: float


@dataclass(frozen=True)
class RunReport:
    """One client's run. `refused`: its files were bad, nothing was written. `failed`: nothing was published.

    `run_folder` is the published folder, `message` the readable block when there is none, `trace` for `--debug` only.
    `kind` says what sort of fault it was, `attempts` how often it was tried, `began` when (UTC), `log` where to look.
    """

    folder: str
    client: str | None
    outcome: Outcome
    message: str = ""
    run_folder: Path | None = None
    steps: tuple[Step, ...] = ()
    trace: str = ""
    kind: Kind = ""
    attempts: int = 1
    began: str = ""
    seconds: float = 0.0
    log: Path | None = None

    @property
    def ran(self) -> bool:
        """Whether a good run is published, made now or before."""
        return self.outcome in RAN

    @property
    def reason(self) -> str:
        """The message in one line: for a list of problems their number and the first; the outcome where none is."""
        lines = [line.strip() for line in self.message.splitlines() if line.strip()]
        if not lines:
            return self.outcome
        head = lines[0].removeprefix(f"{self.folder}: ")
        return f"{head}: {lines[1]}" if self.kind == "input" and len(lines) > 1 else head


def exit_code(reports: tuple[RunReport, ...]) -> int:
    """0 all good, 1 some ran and some did not, 2 nothing could run, 3 integrity."""
    if any(report.outcome == "integrity" for report in reports):
        return 3
    ran = sum(report.ran for report in reports)
    return 0 if ran == len(reports) > 0 else 1 if ran else 2
