"""Many clients: all are checked before the first one runs, then each runs on its own, in this process or in a pool."""

from __future__ import annotations

import contextlib
import multiprocessing
import signal
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Protocol

from workbook.errors import BadArgument
from workbook.runner.notebooks import notebook_paths, shipped_notebooks
from workbook.runner.paths import local_path
from workbook.runner.report import RunReport
from workbook.runner.run import DRAWS, SEED, OnStep, read_folder, reported, run_client

Task = Callable[[str], RunReport]


class _Queue(Protocol):
    """What we use of a multiprocessing queue."""

    def put(self, item: Any) -> None: ...
    def get(self) -> Any: ...


@dataclass(frozen=True)
class _Run:
    """Runs one folder; sent to worker processes, so it holds plain values only."""

    out: str
    notebooks_folder: str
    draws: int
    seed: int
    force: bool
    told: _Queue | None = None
    on_step: OnStep | None = None

    def __call__(self, folder: str) -> RunReport:
        tell = self.on_step or (partial(_tell, self.told) if self.told is not None else None)
        options: dict[str, Any] = {"draws": self.draws, "seed": self.seed, "force": self.force, "on_step": tell}
        return reported(folder, lambda: run_client(folder, self.out, notebooks_folder=self.notebooks_folder, **options))


def run_clients(
    folders: Sequence[str | Path],
    out: str | Path,
    *,
    jobs: int = 1,
    notebooks_folder: str | Path | None = None,
    draws: int = DRAWS,
    seed: int = SEED,
    force: bool = False,
    on_step: OnStep | None = None,
    on_done: Callable[[RunReport], None] | None = None,
) -> tuple[RunReport, ...]:
    """Run several client folders, `jobs` at a time. One report a folder, in the order given.

    A bad folder is reported and nothing is written for it. Raises BadArgument before any run for a folder or output
    that is no local path, and for two folders with the same client name.
    """
    places = [str(local_path(folder, what="client folder")) for folder in folders]
    target = str(local_path(out, what="output folder"))
    notebooks = Path(notebooks_folder).resolve() if notebooks_folder else shipped_notebooks()
    notebook_paths(notebooks)
    for first, second in zip(sorted(places), sorted(places)[1:], strict=False):
        if first == second:
            raise BadArgument(f"{first} is given twice.")
    checks = dict(zip(places, _each(validate, places, jobs=jobs), strict=True))
    _refuse_same_names(checks)
    good = [place for place in places if checks[place].client]
    for place in places:
        if on_done and not checks[place].client:
            on_done(checks[place])
    with _relay(on_step, jobs) as told:
        direct = on_step if told is None else None
        task = _Run(target, str(notebooks), draws, seed, force, told, direct)
        for place, report in zip(good, _each(task, good, jobs=jobs, on_done=on_done), strict=True):
            checks[place] = report
    return tuple(checks[place] for place in places)


def validate(folder: str) -> RunReport:
    """Read a client folder and throw the records away; `client` is set when a run can start."""

    def read() -> RunReport:
        return RunReport(folder, read_folder(folder).settings.client, "unchanged")

    return reported(folder, read)


def _refuse_same_names(checks: dict[str, RunReport]) -> None:
    """Two clients of one name would write into one folder."""
    seen: dict[str, str] = {}
    for folder, report in checks.items():
        if report.client is None:
            continue
        if report.client in seen:
            raise BadArgument(
                f"{seen[report.client]} and {folder} both say client: {report.client}. "
                "Give each client a name of its own in client.yml."
            )
        seen[report.client] = folder


def _each(
    task: Task, folders: Sequence[str], *, jobs: int, on_done: Callable[[RunReport], None] | None = None
) -> Iterator[RunReport]:
    """`task` on each folder, in order. When a worker dies, what it took along runs again, each in its own process."""
    if jobs <= 1 or len(folders) <= 1:
        for folder in folders:
            yield _told(task(folder), on_done)
        return
    with _pool(min(jobs, len(folders))) as pool:
        futures = [pool.submit(task, folder) for folder in folders]
        for folder, future in zip(folders, futures, strict=True):
            try:
                report = future.result()
            except BrokenProcessPool:
                report = _alone(task, folder)
            yield _told(report, on_done)


def _alone(task: Task, folder: str) -> RunReport:
    try:
        with _pool(1) as pool:
            return pool.submit(task, folder).result()
    except BrokenProcessPool:
        return RunReport(folder, None, "failed", message=f"{folder}: its process died (killed, or out of memory).")


def _told(report: RunReport, on_done: Callable[[RunReport], None] | None) -> RunReport:
    if on_done:
        on_done(report)
    return report


@contextlib.contextmanager
def _pool(workers: int) -> Iterator[ProcessPoolExecutor]:
    """Fresh processes, so that nothing of this one is inherited; stopped with their kernels when this one is."""
    others = set(multiprocessing.active_children())
    pool = ProcessPoolExecutor(workers, mp_context=multiprocessing.get_context("spawn"), initializer=_stop_on_signal)
    try:
        yield pool
    except BaseException:
        for worker in set(multiprocessing.active_children()) - others:
            worker.terminate()
        raise
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def _stop_on_signal() -> None:
    """SIGTERM ends a worker as Ctrl-C does: kernels are stopped, work folders removed."""
    signal.signal(signal.SIGTERM, _interrupt)


def _interrupt(number: int, frame: object) -> None:
    raise KeyboardInterrupt


@contextlib.contextmanager
def _relay(on_step: OnStep | None, jobs: int) -> Iterator[_Queue | None]:
    """A queue by which worker processes tell their steps; None when there is only this process or nobody listens."""
    if on_step is None or jobs <= 1:
        yield None
        return
    with multiprocessing.get_context("spawn").Manager() as manager:
        queue = manager.Queue()
        listener = threading.Thread(target=_listen, args=(queue, on_step), daemon=True)
        listener.start()
        try:
            yield queue
        finally:
            with contextlib.suppress(OSError, EOFError):
                queue.put(None)
                listener.join(timeout=5)


def _listen(queue: _Queue, on_step: OnStep) -> None:
    with contextlib.suppress(OSError, EOFError):
        while (item := queue.get()) is not None:
            on_step(*item)


def _tell(queue: _Queue, client: str, step: str) -> None:
    queue.put((client, step))
