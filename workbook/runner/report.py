"""What became of one client in a run."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from workbook.errors import WorkbookError

Outcome = Literal["published", "unchanged", "refused", "failed", "integrity"]
RAN: frozenset[Outcome] = frozenset({"published", "unchanged"})


class IntegrityError(WorkbookError):
    """Something about to leave, or already published, is not what it should be; the command ends with code 3."""


@dataclass(frozen=True)
class Step:
    """One step of a run and how long it took."""

    name: str
    seconds: float


@dataclass(frozen=True)
class RunReport:
    """One client's run. `refused`: its files were bad, nothing was written. `failed`: nothing was published.

    `run_folder` is the published folder, `message` the readable block when there is none, `trace` for `--debug` only.
    """

    folder: str
    client: str | None
    outcome: Outcome
    message: str = ""
    run_folder: Path | None = None
    steps: tuple[Step, ...] = ()
    trace: str = ""

    @property
    def ran(self) -> bool:
        """Whether a good run is published, made now or before."""
        return self.outcome in RAN


def exit_code(reports: tuple[RunReport, ...]) -> int:
    """0 all good, 1 some ran and some did not, 2 nothing could run, 3 integrity."""
    if any(report.outcome == "integrity" for report in reports):
        return 3
    ran = sum(report.ran for report in reports)
    return 0 if ran == len(reports) > 0 else 1 if ran else 2
