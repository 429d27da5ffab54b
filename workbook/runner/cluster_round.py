"""Folders given to the workers of one scheduler, one at a time each, as long as that scheduler is there.

A folder is bound to one worker: when that worker is lost, nobody but its own client is suspected, and a worker that
turns out unfit is given nothing more.
"""

from __future__ import annotations

import logging
import time
from collections import Counter, deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING, Final

from workbook.errors import RunFailed
from workbook.runner.cluster_task import SEVERAL, Unfit, Work
from workbook.runner.faults import kind_of
from workbook.runner.report import RunReport
from workbook.runner.workers import DIED

if TYPE_CHECKING:
    from distributed import Client, Future

BACK_SECONDS: Final = 300
LOOK_SECONDS: Final = 2
ANSWER_SECONDS: Final = 20
LOSSES: Final = 3
log = logging.getLogger("workbook.cluster")


@dataclass(frozen=True)
class _Given:
    """A folder and the worker that has it."""

    future: Future
    folder: str
    address: str


class Round:
    """Iterates over the reports of `folders`, as they are finished.

    `tried` counts how often a folder came back without a report, `proven` are workers known to be fit; both are kept
    up to date. Raises RunFailed when for BACK_SECONDS there was no fit worker, and what Dask raises when the scheduler
    has gone; a folder whose report was not yielded then is still to be run.
    """

    def __init__(
        self, client: Client, work: Work, folders: Iterable[str], tried: Counter[str], proven: set[str], retries: int
    ) -> None:
        self._client = client
        self._work = work
        self._waiting = deque(folders)
        self._tried = tried
        self._proven = proven
        self._retries = retries
        self._given: dict[object, _Given] = {}
        self._done: SimpleQueue[Future] = SimpleQueue()
        self._there: dict[str, int] = {}
        self._unfit: dict[str, str] = {}
        self._looked = -float(LOOK_SECONDS)
        self._some_fit = time.monotonic()

    def __iter__(self) -> Iterator[RunReport]:
        while self._waiting or self._given:
            if time.monotonic() - self._looked >= LOOK_SECONDS:
                yield from self._look()
            self._give()
            try:
                future = self._done.get(timeout=LOOK_SECONDS)
            except Empty:
                continue
            report = self._hear(future)
            if report is not None:
                yield report

    def _look(self) -> Iterator[RunReport]:
        """See which workers there are: what a lost one had is given to another, or reported when lost too often."""
        if self._client.status != "running":
            raise ConnectionError(f"the scheduler at {self._client.scheduler} has gone")
        threads: dict[str, int] = self._client.nthreads()
        self._looked = time.monotonic()
        load = {address: len(tasks) for address, tasks in self._client.processing().items()}
        self._there = {address: load.get(address, 0) for address in threads}
        self._unfit = {address: said for address, said in self._unfit.items() if address in threads}
        for address, number in threads.items():
            if number != 1:
                self._put_aside(address, SEVERAL)
        for given in [one for one in self._given.values() if one.address not in threads]:
            report = self._lost(self._taken_back(given.future))
            if report is not None:
                yield report
        if self._given or self._there.keys() - self._unfit:
            self._some_fit = time.monotonic()
        elif time.monotonic() - self._some_fit > BACK_SECONDS:
            raise RunFailed(self._none_fit())

    def _give(self) -> None:
        """A folder to each worker that is fit and has none of ours; first to those with the least of other batches."""
        free = self._there.keys() - self._unfit - {given.address for given in self._given.values()}
        for address in sorted(free, key=self._there.__getitem__):
            if not self._waiting:
                return
            folder = self._waiting.popleft()
            future = self._client.submit(self._work, folder, pure=False, workers=[address])
            self._given[future.key] = _Given(future, folder, address)
            future.add_done_callback(self._done.put)

    def _hear(self, future: Future) -> RunReport | None:
        """The report of a task that has ended; None when its folder has to be run again, or was taken back before."""
        from distributed import KilledWorker

        if future.key not in self._given:
            return None
        given = self._given[future.key]
        try:
            said: RunReport | Unfit = future.result(timeout=ANSWER_SECONDS)
        except KilledWorker:
            return self._lost(self._taken_back(future))
        except Exception as error:
            if future.status == "error":
                return self._raised(error, self._taken_back(future))
            if future.status == "cancelled" or self._client.status != "running":
                raise
            return self._lost(self._taken_back(future))
        self._taken_back(future)
        if isinstance(said, Unfit):
            self._put_aside(given.address, said.said)
            self._waiting.appendleft(given.folder)
            return None
        self._proven.add(given.address)
        before = self._tried[given.folder]
        if said.message == DIED and before < self._retries:
            self._tried[given.folder] += 1
            self._waiting.append(given.folder)
            return None
        return replace(said, attempts=said.attempts + before)

    def _taken_back(self, future: Future) -> _Given:
        """What was given, no longer asked for."""
        given = self._given.pop(future.key)
        future.release()
        return given

    def _raised(self, error: Exception, given: _Given) -> RunReport | None:
        """A task raises nothing by itself: a worker that never ran one is unfit; else the folder has failed."""
        said = f"a worker could not run it ({type(error).__name__}: {error})."
        if given.address not in self._proven:
            self._put_aside(given.address, said)
            self._waiting.appendleft(given.folder)
            return None
        return RunReport(given.folder, None, "failed", message=f"{given.address}: {said}", kind=kind_of(error))

    def _lost(self, given: _Given) -> RunReport | None:
        self._tried[given.folder] += 1
        times = self._tried[given.folder]
        if times <= LOSSES:
            self._waiting.append(given.folder)
            return None
        said = f"{times} times its worker was lost while it ran (killed, out of memory, or cut off)."
        return RunReport(given.folder, None, "failed", message=said, kind="kernel", attempts=times)

    def _put_aside(self, address: str, said: str) -> None:
        if address not in self._unfit:
            log.warning("%s: %s It is given nothing.", address, said)
        self._unfit[address] = said

    def _none_fit(self) -> str:
        if not self._unfit:
            return "The scheduler has no workers any more. Start some: dask worker."
        return "\n".join(f"{address}: {said}" for address, said in sorted(self._unfit.items()))
