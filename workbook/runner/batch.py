"""Many clients: all are checked before the first one runs, then each runs on its own and is told as it is finished."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from workbook.errors import BadArgument, WorkbookError
from workbook.runner.failures import forget_failure, keep_failure
from workbook.runner.faults import RETRIES
from workbook.runner.ledger import Ledger
from workbook.runner.limits import Limits
from workbook.runner.notebooks import notebook_paths, shipped_notebooks
from workbook.runner.paths import local_path
from workbook.runner.publish import work_folder
from workbook.runner.report import RunReport
from workbook.runner.run import DRAWS, SEED, OnStep, now
from workbook.runner.task import ClientTask, Executor, ReadTask, in_this_process
from workbook.runner.workers import Workers

OnDone = Callable[[RunReport], None]
LEFT_BEHIND: Final = ("kernel", "limit")


@dataclass(frozen=True)
class _Told:
    """Where news of a batch goes; every field may be left out."""

    on_step: OnStep | None = None
    on_done: OnDone | None = None
    on_read: OnDone | None = None

    def read(self, report: RunReport) -> RunReport:
        if self.on_read:
            self.on_read(report)
        return report

    def done(self, report: RunReport) -> RunReport:
        if self.on_done:
            self.on_done(report)
        return report


def run_clients(
    folders: Sequence[str | Path],
    out: str | Path,
    *,
    jobs: int = 1,
    notebooks_folder: str | Path | None = None,
    draws: int = DRAWS,
    seed: int = SEED,
    force: bool = False,
    retries: int = RETRIES,
    limits: Limits | None = None,
    executor: Executor | None = None,
    on_step: OnStep | None = None,
    on_done: OnDone | None = None,
    on_read: OnDone | None = None,
) -> tuple[RunReport, ...]:
    """Run several client folders, `jobs` at a time. One report a folder, in the order given.

    Without an `executor`, one job without limits runs in this process, anything else in worker processes. A bad folder
    is reported and nothing is published for it. Raises BadArgument before any run for a folder or output that is no
    local path, and for two folders with the same client name. `on_read` is told of each folder that was looked at
    before the first client runs, `on_step` of each step of a client, `on_done` of each client that is finished.
    """
    places = [str(local_path(folder, what="client folder")) for folder in folders]
    target = local_path(out, what="output folder")
    notebooks = Path(notebooks_folder).resolve() if notebooks_folder else shipped_notebooks()
    notebook_paths(notebooks)
    for first, second in zip(sorted(places), sorted(places)[1:], strict=False):
        if first == second:
            raise BadArgument(f"{first} is given twice.")
    task = ClientTask(str(target), str(notebooks), draws, seed, force, retries)
    told = _Told(on_step, on_done, on_read)
    with _executor(executor, min(jobs, len(places)), limits, retries) as execute:
        checks = {report.folder: told.read(report) for report in execute(ReadTask(task), places)}
        _refuse_same_names({place: checks[place] for place in places})
        good = [place for place in places if checks[place].client]
        with Ledger.if_possible(target, wanted=bool(good)) as ledger:
            for place in places:
                if not checks[place].client:
                    checks[place] = _settled(told.done(checks[place]), target, ledger, task)
            for report in execute(task, good, on_step=on_step):
                known = replace(report, client=checks[report.folder].client)
                checks[report.folder] = told.done(_settled(known, target, ledger, task))
    return tuple(checks[place] for place in places)


@contextlib.contextmanager
def _executor(given: Executor | None, jobs: int, limits: Limits | None, retries: int) -> Iterator[Executor]:
    """The executor given, or this process, or worker processes that are ended with the batch."""
    if given is not None:
        yield given
    elif jobs <= 1 and not limits:
        yield in_this_process
    else:
        with Workers(jobs, limits=limits, retries=retries) as workers:
            yield workers


def _settled(report: RunReport, out: Path, ledger: Ledger | None, task: ClientTask) -> RunReport:
    """The report with its log kept, what a killed process left behind cleared, and a row in the ledger."""
    report = replace(report, began=report.began or now())
    client = report.client
    if client and report.ran:
        forget_failure(out, client)
    elif client:
        report = replace(report, log=keep_failure(out, report))
        if report.kind in LEFT_BEHIND:
            with contextlib.suppress(WorkbookError, OSError), work_folder(out, client):
                pass
    if ledger is not None:
        ledger.add(report, seed=task.seed, draws=task.draws)
    return report


def validate(folder: str) -> RunReport:
    """Read a client folder and throw the records away; `client` is set when a run can start."""
    return ReadTask()(folder)


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
