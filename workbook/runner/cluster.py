"""An executor for many machines: the same task as everywhere, given to the workers of a Dask scheduler.

Client folders, output and notebooks lie on a file system that this machine and all workers see at the same paths. A
client that ran twice, because a worker or the scheduler died, is locked and found by its content key: it is published
once. Whoever reaches a scheduler can run code on its workers: keep it in a trusted network, or use tls:// addresses.
"""

from __future__ import annotations

import contextlib
import secrets
import time
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import CancelledError
from dataclasses import dataclass, replace
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Final

from workbook.errors import BadArgument, RunFailed
from workbook.runner.provenance import code_digest, versions
from workbook.runner.report import RunReport
from workbook.runner.run import OnStep
from workbook.runner.task import Task

if TYPE_CHECKING:
    from distributed import Client, Future

CONNECT_SECONDS: Final = 30
BACK_SECONDS: Final = 300
BUSY_SECONDS: Final = 600
LOSSES: Final = 3
TOPIC: Final = "workbook-steps"
SCHEMES: Final = ("tcp://", "tls://")
NO_EXTRA: Final = (
    "Running on a cluster needs Dask: install the package with its extra, leadership-diagnostic-workbook[cluster]."
)
DIED: Final = f"{LOSSES + 1} worker processes died on it (killed, or out of memory)."


@dataclass(frozen=True)
class _Work:
    """A task as a worker runs it: after a look at the shared files, telling its steps to whoever listens."""

    task: Task
    probe: str
    word: str
    code: str
    libraries: Mapping[str, str]
    again: bool = False

    def __call__(self, folder: str) -> RunReport:
        wrong = differs(self.probe, self.word, self.code, self.libraries)
        if wrong:
            return RunReport(folder, None, "failed", message=wrong, kind="disk")
        until = time.monotonic() + (BUSY_SECONDS if self.again else 0)
        while True:
            report = self.task(folder, on_step=_tell)
            if report.kind != "busy" or time.monotonic() > until:
                return report
            time.sleep(1)


def differs(probe: str, word: str, code: str, libraries: Mapping[str, str]) -> str:
    """What makes this worker unfit, as a sentence: it does not see our files, or runs other code; empty when fit."""
    path = Path(probe)
    if not path.is_file() or path.read_text(encoding="utf-8") != word:
        return f"a worker does not see {path.parent.parent}: all machines need the same folders at the same paths."
    if code_digest() != code:
        return "a worker has another version of this package: install the same one on all machines."
    other = [
        f"{name} {versions()[name]} instead of {libraries[name]}"
        for name in libraries
        if versions()[name] != libraries[name]
    ]
    if other:
        return f"a worker has {', '.join(other)}: install the same libraries on all machines."
    return ""


def _tell(client: str, step: str) -> None:
    from distributed import get_worker

    get_worker().log_event(TOPIC, [client, step])


class Cluster:
    """The workers of the scheduler at `address` (`tcp://host:port`); a context manager, and an executor.

    Raises BadArgument for an address of another form or without Dask installed, RunFailed when no scheduler answers or
    its workers are unfit. `out` is the output folder, in which a file is put for workers to see.
    """

    def __init__(self, address: str, out: str | Path) -> None:
        if not address.startswith(SCHEMES):
            raise BadArgument(f"--cluster: {address!r} is no address of a scheduler. Write tcp://HOST:PORT.")
        try:
            import distributed
        except ImportError as error:
            raise BadArgument(NO_EXTRA) from error
        self._dask = distributed
        self._address = address
        self._probe = Path(out).resolve() / ".work" / f"cluster-{secrets.token_hex(8)}"
        self._word = secrets.token_hex(16)
        self._client: Client | None = None

    def __enter__(self) -> Cluster:
        self._probe.parent.mkdir(parents=True, exist_ok=True)
        self._probe.write_text(self._word, encoding="utf-8")
        try:
            self._connect(CONNECT_SECONDS)
            self._check()
        except BaseException:
            self.__exit__(None, None, None)
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._disconnect()
        self._probe.unlink(missing_ok=True)

    def __call__(self, task: Task, folders: Sequence[str], /, *, on_step: OnStep | None = None) -> Iterator[RunReport]:
        """Run the task on every folder. What was under way when the scheduler went is given to its successor."""
        work = _Work(task, str(self._probe), self._word, code_digest(), dict(versions()))
        open_folders = dict.fromkeys(folders)
        while open_folders:
            for report in self._round(work, list(open_folders), on_step):
                del open_folders[report.folder]
                yield report
            if open_folders:
                self._connect(BACK_SECONDS)
                work = replace(work, again=True)

    def _round(self, work: _Work, folders: Sequence[str], on_step: OnStep | None) -> Iterator[RunReport]:
        """Reports until all are there or the scheduler has gone."""
        client = self._client
        assert client is not None
        if on_step:
            client.subscribe_topic(TOPIC, lambda event: on_step(*event[1]))
        futures = {client.submit(work, folder, pure=False): folder for folder in folders}
        for future in self._dask.as_completed(list(futures), loop=client.loop):
            try:
                yield self._report(future, futures[future])
            except (CancelledError, OSError):
                return

    def _report(self, future: Future, folder: str) -> RunReport:
        """A task's report. Raises CancelledError or OSError when the scheduler has gone."""
        try:
            report: RunReport = future.result()
            return report
        except self._dask.KilledWorker:
            return RunReport(folder, None, "failed", message=DIED, kind="kernel", attempts=LOSSES + 1)
        finally:
            future.release()

    def _connect(self, seconds: float) -> None:
        """Connect, waiting for a scheduler and one worker."""
        self._disconnect()
        until = time.monotonic() + seconds
        while self._client is None:
            try:
                self._client = self._dask.Client(self._address, timeout=min(5, seconds), set_as_default=False)
            except OSError as error:
                if time.monotonic() > until:
                    raise RunFailed(f"No scheduler answers at {self._address} within {seconds:g} seconds.") from error
                time.sleep(0.2)
        try:
            self._client.wait_for_workers(1, timeout=max(1.0, until - time.monotonic()))
        except TimeoutError as error:
            raise RunFailed(f"The scheduler at {self._address} has no workers. Start some: dask worker.") from error

    def _check(self) -> None:
        """Raise RunFailed when a worker has several threads, other code, or does not see our files."""
        assert self._client is not None
        workers: dict[str, Any] = self._client.scheduler_info(n_workers=-1)["workers"]
        several = [address for address, worker in workers.items() if worker["nthreads"] != 1]
        if several:
            raise RunFailed(f"{several[0]}: a worker runs one client at a time. Start it with --nthreads 1.")
        said = self._client.run(differs, str(self._probe), self._word, code_digest(), dict(versions()))
        wrong = [f"{address}: {sentence}" for address, sentence in sorted(said.items()) if sentence]
        if wrong:
            raise RunFailed("\n".join(wrong))

    def _disconnect(self) -> None:
        if self._client is not None:
            with contextlib.suppress(Exception):
                self._client.close(timeout=5)
        self._client = None
