"""An executor for many machines: the same task as everywhere, given to the workers of a Dask scheduler.

Client folders, output and notebooks lie on a file system that this machine and all workers see at the same paths. A
client that ran twice, because a worker or the scheduler died, is locked and found by its content key: it is published
once. Whoever reaches a scheduler can run code on its workers: keep it in a trusted network, or use tls:// addresses.
"""

from __future__ import annotations

import contextlib
import secrets
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import CancelledError
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Final

from workbook.errors import BadArgument, RunFailed
from workbook.runner.cluster_round import BACK_SECONDS, Round
from workbook.runner.cluster_task import SEVERAL, Needs, Work
from workbook.runner.faults import RETRIES
from workbook.runner.limits import Limits
from workbook.runner.provenance import code_digest, versions
from workbook.runner.report import RunReport
from workbook.runner.run import OnStep
from workbook.runner.task import Task

if TYPE_CHECKING:
    from distributed import Client

CONNECT_SECONDS: Final = 30
SCHEMES: Final = ("tcp://", "tls://")
NO_EXTRA: Final = (
    "Running on a cluster needs Dask: install the package with its extra, leadership-diagnostic-workbook[cluster]."
)


class Cluster:
    """The workers of the scheduler at `address` (`tcp://host:port`); a context manager, and an executor.

    Raises BadArgument for an address of another form or without Dask installed, RunFailed when no scheduler answers or
    its workers are unfit. `out` is the output folder, in which a file is put for workers to see. `limits` bind each
    client on its worker; a client whose process died there is tried again `retries` times.
    """

    def __init__(self, address: str, out: str | Path, *, limits: Limits | None = None, retries: int = RETRIES) -> None:
        if not address.startswith(SCHEMES):
            raise BadArgument(f"--cluster: {address!r} is no address of a scheduler. Write tcp://HOST:PORT.")
        try:
            import distributed
        except ImportError as error:
            raise BadArgument(NO_EXTRA) from error
        self._dask = distributed
        self._address = address
        self._limits = limits or Limits()
        self._retries = retries
        self._probe = Path(out).resolve() / ".work" / f"cluster-{secrets.token_hex(8)}"
        self._needs = Needs(str(self._probe), secrets.token_hex(16), code_digest(), dict(versions()))
        self._proven: set[str] = set()
        self._client: Client | None = None

    def __enter__(self) -> Cluster:
        self._probe.parent.mkdir(parents=True, exist_ok=True)
        self._probe.write_text(self._needs.word, encoding="utf-8")
        try:
            self._check(self._connect(CONNECT_SECONDS))
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
        """Run the task on every folder. What was under way when the scheduler went is given to its successor.

        When none comes, or no fit worker, every folder still open is reported as failed.
        """
        open_folders = dict.fromkeys(folders)
        tried: Counter[str] = Counter()
        while open_folders:
            try:
                client = self._client or self._connect(BACK_SECONDS)
                work = Work(task, self._needs, _told(client, on_step), self._limits)
                for report in Round(client, work, open_folders, tried, self._proven, self._retries):
                    del open_folders[report.folder]
                    yield report
            except RunFailed as error:
                said = str(error)
                yield from (RunReport(one, None, "failed", message=said, kind="network") for one in open_folders)
                return
            except Exception as error:
                if not isinstance(error, (CancelledError, OSError)) and client.status == "running":
                    raise
                self._disconnect()

    def _connect(self, seconds: float) -> Client:
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
        return self._client

    def _check(self, client: Client) -> None:
        """Raise RunFailed when a worker has several threads, other code, or does not see our files."""
        workers: dict[str, Any] = client.scheduler_info(n_workers=-1)["workers"]
        several = [address for address, worker in workers.items() if worker["nthreads"] != 1]
        if several:
            raise RunFailed(f"{several[0]}: {SEVERAL}")
        said = client.run(self._needs.missing, on_error="return")
        wrong = [f"{address}: {sentence}" for address, sentence in sorted(said.items()) if sentence]
        if wrong:
            raise RunFailed("\n".join(wrong))
        self._proven = set(said)

    def _disconnect(self) -> None:
        if self._client is not None:
            with contextlib.suppress(Exception):
                self._client.unsubscribe_topic(self._client.id)
            with contextlib.suppress(Exception):
                self._client.close(timeout=5)
        self._client = None


def _told(client: Client, on_step: OnStep | None) -> str:
    """The topic under which workers tell steps to this client alone; Dask clears it when the client has gone."""
    topic: str = client.id

    def pass_on(event: tuple[float, Any]) -> None:
        if on_step and not isinstance(event[1], dict):
            on_step(*event[1])

    client.subscribe_topic(topic, pass_on)
    return topic
