"""One client's run: read, measure, six notebooks, merge, pack, publish."""

from __future__ import annotations

import contextlib
import datetime as dt
import time
import traceback
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import workbook
from workbook.errors import RunFailed, WorkbookError
from workbook.evidence import Evidence
from workbook.runner.faults import kind_of
from workbook.runner.kernels.owner import prepare
from workbook.runner.merge import merge
from workbook.runner.notebooks import NOTEBOOKS, notebook_paths, shipped_notebooks
from workbook.runner.paths import local_path, refuse_outside_links
from workbook.runner.provenance import code_digest, code_digest_now, content_key, versions
from workbook.runner.publish import (
    current_run,
    file_digest,
    point_current,
    publish,
    runs_of,
    whole_run,
    work_folder,
    write_made_file,
    write_run_file,
)
from workbook.runner.report import IntegrityError, Outcome, RunReport, Step
from workbook.scenario import Scenario
from workbook.stages import stage_file

if TYPE_CHECKING:
    from workbook.inputs import Client

DRAWS: Final = Scenario().draws
SEED: Final = Scenario().seed
CHANGED: Final = "The program or a notebook was changed while the client ran. Nothing was published; run it again."
STEPS: Final = ("measure", *NOTEBOOKS, "pack", "publish")
OnStep = Callable[[str, str], None]


@dataclass
class _Clock:
    """Tells each step as it begins and keeps how long it took."""

    client: str
    on_step: OnStep | None
    steps: list[Step] = field(default_factory=list)
    kernels: set[str] = field(default_factory=set)
    began: str = field(default_factory=lambda: now())
    _start: float = field(default_factory=time.perf_counter)

    def seconds(self) -> float:
        """Since the run began."""
        return round(time.perf_counter() - self._start, 3)

    @contextlib.contextmanager
    def step(self, name: str) -> Iterator[None]:
        if self.on_step:
            self.on_step(self.client, name)
        began = time.perf_counter()
        yield
        self.steps.append(Step(name, round(time.perf_counter() - began, 3)))


def now() -> str:
    """This moment, in UTC, to the second."""
    return dt.datetime.now(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def read_folder(folder: str | Path) -> Client:
    """A client folder, read whole.

    Raises BadArgument for a path that is no local folder or holds a link leading out of it, InputProblems for what its
    files hold.
    """
    from workbook.inputs import read_client

    root = local_path(folder, what="client folder")
    refuse_outside_links(root, what=str(folder))
    return read_client(root)


def known_before(
    folder: str | Path, out: str | Path, *, notebooks_folder: str | Path, draws: int = DRAWS, seed: int = SEED
) -> tuple[str, str] | None:
    """Client name and content key of a folder whose very bytes were published before; its tables are not read again.

    None where they were not, or anything is wrong with the folder. Whether what was published is still whole is not
    looked at. Raises BadArgument as `read_folder` does.
    """
    from workbook.inputs import identify

    root = local_path(folder, what="client folder")
    refuse_outside_links(root, what=str(folder))
    found = identify(root)
    if found is None:
        return None
    key = content_key(found, notebook_paths(Path(notebooks_folder)), Scenario(draws=draws, seed=seed))
    return (found.client, key) if runs_of(local_path(out, what="output folder") / found.client, key[:16]) else None


def run_client(
    folder: str | Path,
    out: str | Path,
    *,
    notebooks_folder: str | Path | None = None,
    draws: int = DRAWS,
    seed: int = SEED,
    force: bool = False,
    attempt: int = 1,
    on_step: OnStep | None = None,
) -> RunReport:
    """Run one client and publish `out/<client>/runs/<run id>/`; the last good run stays when this one fails.

    A run already published for the same inputs, notebooks, parameters and code is checked byte for byte and not
    repeated, unless `force`. `on_step` is told (client, step) as each of STEPS begins. `attempt` is noted in
    `made.json`. Raises WorkbookError.
    """
    target = local_path(out, what="output folder")
    paths = notebook_paths(Path(notebooks_folder).resolve() if notebooks_folder else shipped_notebooks())
    scenario = Scenario(draws=draws, seed=seed)
    before = None
    if not force:
        before = known_before(folder, target, notebooks_folder=paths["start"].parent, draws=draws, seed=seed)
    if before is not None:
        name, key = before
        with work_folder(target, name):
            there = _again(target / name, key)
        if there is not None:
            return RunReport(str(folder), name, "unchanged", run_folder=there)
    client = read_folder(folder)
    name = client.settings.client
    key = content_key(client, paths, scenario)
    clock = _Clock(name, on_step)
    with work_folder(target, name) as work:
        there = None if force else _again(target / name, key)
        if there is not None:
            return RunReport(str(folder), name, "unchanged", run_folder=there)
        prepare()
        run = work / "run"
        run.mkdir()
        with clock.step("measure"):
            evidence = _measure(client, run)
        _run_notebooks(paths, run, scenario, clock)
        with clock.step("pack"):
            _merge_and_pack(name, run, evidence, scenario)
        with clock.step("publish"):
            write_made_file(run, _made(clock, attempt))
            if code_digest_now() != code_digest() or content_key(client, paths, scenario) != key:
                raise RunFailed(CHANGED)
            write_run_file(run, _record(client, key, paths, scenario))
            published = publish(run, target, name, key[:16])
    return RunReport(
        str(folder), name, "published", run_folder=published, steps=tuple(clock.steps), attempts=attempt,
        began=clock.began, seconds=clock.seconds(),
    )  # fmt: skip


def _again(home: Path, key: str) -> Path | None:
    """The whole run published for this key, made the current one; None when there is none."""
    there = whole_run(home, key[:16], key=key)
    if there is not None and current_run(home) != there:
        point_current(home, there.name)
    return there


def _measure(client: Client, run: Path) -> Evidence:
    """Write `evidence.json`, and the restricted tier beside it, readable by its owner only."""
    from workbook.measure import DisclosureFault, measure, restricted

    try:
        evidence = measure(client)
    except DisclosureFault as fault:
        raise IntegrityError(str(fault)) from fault
    evidence.dump(run / "evidence.json")
    (run / "restricted").mkdir(mode=0o700)
    restricted(client).dump(run / "restricted")
    return evidence


def _run_notebooks(paths: dict[str, Path], run: Path, scenario: Scenario, clock: _Clock) -> None:
    """Execute the notebooks in order inside the run folder, so that no path of this machine is written into them."""
    from workbook.runner.execute import execute

    parameters: dict[str, object] = {
        "evidence_path": "evidence.json",
        "results_folder": "stages",
        "budget_money": scenario.budget_money or 0.0,
        "cohort_size": scenario.cohort_size or 0,
        "draws": scenario.draws,
        "seed": scenario.seed,
    }
    for name, path in paths.items():
        with clock.step(name):
            clock.kernels.add(execute(path, run / path.name, parameters, cwd=run))
            if not stage_file(NOTEBOOKS[name], run / "stages").is_file():
                raise RunFailed(f"{name}: it wrote no {stage_file(NOTEBOOKS[name], Path()).name}.")


def _merge_and_pack(client: str, run: Path, evidence: Evidence, scenario: Scenario) -> None:
    from workbook.pack.html import write_html
    from workbook.pack.ics import write_ics

    results = merge(run / "stages", evidence, scenario, run / "results.json")
    (run / "pack").mkdir()
    write_html(results, run / "pack" / f"{client}.html")
    write_ics(results, run / "pack" / "calendar.ics")


def _record(client: Client, key: str, paths: dict[str, Path], scenario: Scenario) -> dict[str, Any]:
    """What `run.json` says beside the digests of the files: nothing that differs when the same run is made again."""
    until = client.settings.privacy.retain_until
    return {
        "client": client.settings.client,
        "run": key[:16],
        "key": key,
        "version": workbook.__version__,
        "code": code_digest(),
        "versions": dict(versions()),
        "seed": scenario.seed,
        "draws": scenario.draws,
        "scenario": scenario.model_dump(mode="json"),
        "inputs": dict(client.digests),
        "notebooks": {name: file_digest(path) for name, path in paths.items()},
        "steps": list(STEPS),
        "retain_until": until.isoformat() if until else None,
    }


def _made(clock: _Clock, attempt: int) -> dict[str, Any]:
    """What `made.json` says: when this run was made, how long each step took, and at which attempt it succeeded.

    `kernels` holds how kernels were started: `forked`, or `ordinary` and why.
    """
    return {
        "began": clock.began,
        "seconds": clock.seconds(),
        "attempts": attempt,
        "kernels": sorted(clock.kernels),
        "steps": [{"step": step.name, "seconds": step.seconds} for step in clock.steps],
    }


OUTCOMES: Final[dict[str, Outcome]] = {"input": "refused", "integrity": "integrity"}


def reported(folder: str | Path, run: Callable[[], RunReport]) -> RunReport:
    """`run()`, with any error as a report: a client that fails stops no other."""
    began, start = now(), time.perf_counter()
    try:
        report = run()
        seconds = round(time.perf_counter() - start, 3)
        return report if report.began else replace(report, began=began, seconds=seconds)
    except Exception as error:
        kind = kind_of(error)
        return RunReport(
            str(folder), None, OUTCOMES.get(kind, "failed"), message=_said(error), trace=traceback.format_exc(),
            kind=kind, began=began, seconds=round(time.perf_counter() - start, 3),
        )  # fmt: skip


def _said(error: Exception) -> str:
    """The error as a readable block."""
    if isinstance(error, WorkbookError):
        return str(error)
    if isinstance(error, MemoryError):
        return "out of memory."
    if isinstance(error, OSError):
        return f"{error.strerror or type(error).__name__}{f': {error.filename}' if error.filename else ''}"
    return f"an error in the program ({type(error).__name__}: {error}). Run again with --debug and report it."
