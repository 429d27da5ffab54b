"""The one way a client is run, here, in a worker process or on another machine: call a `ClientTask` with its folder.

A task holds plain values only, so that it can be sent to another process; what it returns can be sent back. An executor
takes a task and folders and yields a report a folder, in whatever order they are finished.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from workbook.runner.faults import RETRIED, RETRIES
from workbook.runner.report import RunReport
from workbook.runner.run import OnStep, known_before, read_folder, reported, run_client


class Task(Protocol):
    """Runs one folder and never raises; `attempt` counts from 1, over all processes that tried."""

    def __call__(self, folder: str, /, *, attempt: int = 1, on_step: OnStep | None = None) -> RunReport:
        """Run it."""
        ...


class Executor(Protocol):
    """Runs a task on folders: one report a folder, as each is finished."""

    def __call__(self, task: Task, folders: Sequence[str], /, *, on_step: OnStep | None = None) -> Iterator[RunReport]:
        """Run them."""
        ...


@dataclass(frozen=True)
class ClientTask:
    """Reads, runs and publishes one client; faults of the machinery are tried again `retries` times."""

    out: str
    notebooks_folder: str
    draws: int
    seed: int
    force: bool = False
    retries: int = RETRIES

    def __call__(self, folder: str, /, *, attempt: int = 1, on_step: OnStep | None = None) -> RunReport:
        """Run the client; the report says how many attempts it took."""
        while True:
            number = attempt

            def once(number: int = number) -> RunReport:
                return run_client(
                    folder, self.out, notebooks_folder=self.notebooks_folder, draws=self.draws, seed=self.seed,
                    force=self.force, attempt=number, on_step=on_step,
                )  # fmt: skip

            report = replace(reported(folder, once), attempts=number)
            if report.kind not in RETRIED or number > self.retries:
                return report
            attempt += 1


@dataclass(frozen=True)
class ReadTask:
    """Reads a client folder and throws the records away; `client` is set when a run can start.

    What `then`, the task that comes next, published before from the same bytes is not read again.
    """

    then: ClientTask | None = None

    def __call__(self, folder: str, /, *, attempt: int = 1, on_step: OnStep | None = None) -> RunReport:
        """Read it."""
        return reported(folder, lambda: RunReport(folder, self._client(folder), "unchanged"))

    def _client(self, folder: str) -> str:
        task = self.then
        if task is not None and not task.force:
            known = known_before(
                folder, task.out, notebooks_folder=task.notebooks_folder, draws=task.draws, seed=task.seed
            )
            if known is not None:
                return known[0]
        return read_folder(folder).settings.client


def in_this_process(task: Task, folders: Sequence[str], /, *, on_step: OnStep | None = None) -> Iterator[RunReport]:
    """An executor: one folder after the other, here."""
    for folder in folders:
        yield task(folder, on_step=on_step)
