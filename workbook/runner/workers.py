"""An executor of worker processes that knows which client each one runs.

A worker that dies, hangs or eats memory takes one client with it: the others go on, and a fresh worker takes its place.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import signal
import threading
import time
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from multiprocessing.connection import Connection, wait
from types import TracebackType
from typing import Any, Final

from workbook.runner.faults import RETRIES, Kind
from workbook.runner.limits import LOOK_SECONDS, Limits, kill_tree
from workbook.runner.report import RunReport
from workbook.runner.run import OnStep, now
from workbook.runner.task import Task

CLIENTS_A_WORKER: Final = 200
STOP_SECONDS: Final = 15
DIED: Final = "its process died (killed, or out of memory)."


@dataclass(frozen=True)
class _Job:
    """A folder and the attempt it is at."""

    folder: str
    attempt: int = 1


class _Worker:
    """A process and the pipe to it."""

    def __init__(self) -> None:
        spawn = multiprocessing.get_context("spawn")
        self.pipe, theirs = spawn.Pipe()
        self.process = spawn.Process(target=_work, args=(theirs,), daemon=False)
        self.process.start()
        theirs.close()
        self.job: _Job | None = None
        self.began = 0.0
        self.since = ""
        self.client = ""
        self.served = 0
        self.told_to_stop = False

    def give(self, task: Task, job: _Job) -> None:
        """Start a folder."""
        self.job, self.began, self.since, self.client = job, time.monotonic(), now(), ""
        self.served += 1
        with contextlib.suppress(OSError):
            self.pipe.send((task, job.folder, job.attempt))

    def tell_to_stop(self) -> None:
        """An idle process ends when its pipe closes; a busy one as on Ctrl-C: kernels and work folders are removed."""
        if self.told_to_stop:
            return
        self.told_to_stop = True
        if self.job is None:
            self.pipe.close()
        elif self.process.is_alive():
            self.process.terminate()

    def stop(self) -> None:
        """End the process, told or not; by force if it does not."""
        self.tell_to_stop()
        self.process.join(STOP_SECONDS)
        if self.process.is_alive() and self.process.pid is not None:
            kill_tree(self.process.pid)
        self.process.join()
        self.pipe.close()

    def kill(self) -> None:
        """End the process and its kernels at once."""
        if self.process.pid is not None:
            kill_tree(self.process.pid, self.client)
        self.process.join()
        self.pipe.close()


class Workers:
    """`jobs` worker processes within `limits`; a context manager, and an executor.

    A folder whose worker died without our doing is tried again, `retries` times.
    """

    def __init__(self, jobs: int, *, limits: Limits | None = None, retries: int = RETRIES) -> None:
        self._jobs = max(jobs, 1)
        self._limits = limits or Limits()
        self._retries = retries
        self._idle: list[_Worker] = []
        self._busy: list[_Worker] = []

    def __enter__(self) -> Workers:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for worker in [*self._idle, *self._busy]:
            worker.tell_to_stop()
        for worker in [*self._idle, *self._busy]:
            worker.stop()
        self._idle, self._busy = [], []

    def __call__(self, task: Task, folders: Sequence[str], /, *, on_step: OnStep | None = None) -> Iterator[RunReport]:
        """Run the task on every folder."""
        waiting = deque(_Job(folder) for folder in folders)
        while waiting or self._busy:
            while waiting and len(self._busy) < self._jobs:
                worker = self._idle.pop() if self._idle else _Worker()
                worker.give(task, waiting.popleft())
                self._busy.append(worker)
            wait([worker.pipe for worker in self._busy], timeout=LOOK_SECONDS if self._limits else None)
            for worker in list(self._busy):
                report = self._hear(worker, on_step) or self._overrun(worker)
                if report is None:
                    continue
                if report.kind == "kernel" and report.message == DIED and report.attempts <= self._retries:
                    waiting.appendleft(_Job(report.folder, report.attempts + 1))
                    continue
                yield report

    def _hear(self, worker: _Worker, on_step: OnStep | None) -> RunReport | None:
        """What a worker has to say: its steps are passed on; its report is returned, or that it died."""
        try:
            while worker.pipe.poll():
                said = worker.pipe.recv()
                if isinstance(said, RunReport):
                    self._busy.remove(worker)
                    worker.job = None
                    if worker.served < CLIENTS_A_WORKER:
                        self._idle.append(worker)
                    else:
                        worker.stop()
                    return said
                if said is None:
                    worker.began = time.monotonic()
                    continue
                worker.client = said[0]
                if on_step:
                    on_step(*said)
        except (EOFError, OSError):
            return self._ended(worker, DIED, "kernel")
        return None

    def _overrun(self, worker: _Worker) -> RunReport | None:
        """A report when the worker has passed a limit; it is ended."""
        process = worker.process.pid
        if process is None or not self._limits:
            return None
        said = self._limits.passed(process, worker.client, worker.began)
        return self._ended(worker, said, "limit") if said else None

    def _ended(self, worker: _Worker, said: str, kind: Kind) -> RunReport:
        job = worker.job
        assert job is not None
        worker.kill()
        self._busy.remove(worker)
        seconds = round(time.monotonic() - worker.began, 3)
        report = RunReport(job.folder, None, "failed", message=said, kind=kind, began=worker.since, seconds=seconds)
        return replace(report, attempts=job.attempt)


def _work(pipe: Connection) -> None:
    """A worker's life: take a folder, say so, tell its steps, give its report, until the pipe closes."""
    signal.signal(signal.SIGTERM, _interrupt)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    with contextlib.suppress(EOFError, OSError, KeyboardInterrupt):
        while True:
            task, folder, attempt = pipe.recv()
            pipe.send(None)

            def tell(*step: Any) -> None:
                pipe.send(step)

            pipe.send(task(folder, attempt=attempt, on_step=tell))


def _interrupt(number: int, frame: object) -> None:
    raise KeyboardInterrupt


def _end_with_parent() -> None:
    """When the process that started us is killed, end as on a signal, so that no kernel and no half run stays."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        wait([parent.sentinel])
        os.kill(os.getpid(), signal.SIGTERM)
