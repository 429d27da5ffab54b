"""What a worker of a cluster does with a folder: look whether it is fit, run the task within limits, tell its steps.

The task runs in one process below the Dask worker, kept for all its clients: what hangs or eats memory is ended there
with its kernels, and the Dask worker stays.
"""

from __future__ import annotations

import multiprocessing
import multiprocessing.util
import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from workbook.runner.limits import GB, SHARE_OF_MACHINE, Limits
from workbook.runner.provenance import code_digest, versions
from workbook.runner.report import RunReport
from workbook.runner.task import Task
from workbook.runner.workers import Workers

if TYPE_CHECKING:
    from distributed import Worker

SEVERAL: Final = "a worker runs one client at a time. Start it with --nthreads 1."
BUSY_SECONDS: Final = 3 * 3600
"""How long a worker waits for another run of its client, or as long as a client may take where that is longer."""
BUSY_LOOK_SECONDS: Final = 10


@dataclass(frozen=True)
class Needs:
    """What every worker must have: a file of ours with a word in it, our code and our libraries."""

    probe: str
    word: str
    code: str
    libraries: Mapping[str, str]

    def missing(self) -> str:
        """What makes this worker unfit, as a sentence; empty when it is fit. Never raises."""
        path = Path(self.probe)
        try:
            if not path.is_file() or path.read_text(encoding="utf-8") != self.word:
                return (
                    f"a worker does not see {path.parent.parent}: all machines need the same folders at the same paths."
                )
        except OSError as error:
            return f"a worker cannot read {path.parent.parent} ({error.strerror}): look at its file system."
        if code_digest() != self.code:
            return "a worker has another version of this package: install the same one on all machines."
        other = [
            f"{name} {versions()[name]} instead of {self.libraries[name]}"
            for name in self.libraries
            if versions()[name] != self.libraries[name]
        ]
        if other:
            return f"a worker has {', '.join(other)}: install the same libraries on all machines."
        return ""


@dataclass(frozen=True)
class Unfit:
    """Returned in place of a report: this worker can run no client; the sentence says why."""

    said: str


@dataclass(frozen=True)
class Work:
    """A task as a worker runs it. Steps are told under `topic`; memory without a limit is bound by the worker's own."""

    task: Task
    needs: Needs
    topic: str
    limits: Limits

    def __call__(self, folder: str) -> RunReport | Unfit:
        """Run the task on a folder. While another run of the client is under way, wait for its end."""
        from distributed import get_worker

        worker = get_worker()
        missing = SEVERAL if worker.state.nthreads != 1 else self.needs.missing()
        if missing:
            return Unfit(missing)
        limits = within(self.limits, worker.memory_manager.memory_limit)
        run = _process_below(worker, limits)

        def tell(client: str, step: str) -> None:
            worker.log_event(self.topic, [client, step])

        until, pause = time.monotonic() + max(BUSY_SECONDS, 60 * (limits.minutes or 0)), 0.5
        while True:
            report = next(run(self.task, [folder], on_step=tell))
            if report.kind != "busy" or time.monotonic() > until or not Path(self.needs.probe).is_file():
                return report
            time.sleep(pause)
            pause = min(2 * pause, BUSY_LOOK_SECONDS)


def within(limits: Limits, memory_bytes: int | None) -> Limits:
    """The limits; without one of memory, four fifths of what the worker may use, if that is bound."""
    if limits.memory_gb is not None or not memory_bytes:
        return limits
    return replace(limits, memory_gb=memory_bytes * SHARE_OF_MACHINE / GB)


_below: dict[str, tuple[Limits, Workers]] = {}


def _process_below(worker: Worker, limits: Limits) -> Workers:
    """The process in which this Dask worker runs clients: one at a time, ended with the Dask worker."""
    known = _below.get(worker.id)
    if known is not None and known[0] == limits:
        return known[1]
    if known is not None:
        known[1].__exit__(None, None, None)
    if not _below:
        multiprocessing.current_process().daemon = False
        multiprocessing.util.Finalize(None, _end_below, exitpriority=10)
    _below[worker.id] = (limits, Workers(1, limits=limits, retries=0))
    return _below[worker.id][1]


def _end_below() -> None:
    for _, workers in _below.values():
        workers.__exit__(None, None, None)
