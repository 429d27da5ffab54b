"""Runs one client again and again in forked children, each failing at another file operation, and checks what is left.

    python -m tests.faults.driver HOME PART…

A part is `crash:1:7` (mode, first operation, step) or `mutant:copies:2` (its name, step; from the last operation back,
until it is noticed). Prints one JSON object a fault: which operation, what broke. Everything is imported once, before
the first fork.
"""

from __future__ import annotations

import json
import os
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

from tests.faults.mutants import MUTANTS
from tests.faults.shim import CRASHED, Shim
from tests.runner.tiny import write_six
from tests.runner.tiny_results import write_stage
from workbook.inputs import scaffold
from workbook.pack import html
from workbook.results import Results
from workbook.runner import execute as engine
from workbook.runner import run as runs
from workbook.runner.batch import run_clients
from workbook.runner.ledger import Ledger
from workbook.runner.notebooks import NOTEBOOKS
from workbook.runner.publish import current_run, is_whole
from workbook.runner.report import RunReport
from workbook.runner.verify import verify

KEPT = ("client.yml", "employees.csv")


def prepare(home: Path) -> None:
    """A client of few tables, six notebooks, one published run, and a change that makes the next run another one."""
    scaffold(home / "acme")
    for path in (home / "acme").iterdir():
        if path.name not in KEPT:
            path.unlink()
    write_six(home / "notebooks")
    stand_in()
    assert go(home, 256).outcome == "published"


def stand_in() -> None:
    """In place of kernels and of drawing, which are not at stake here; the renderer must not be used before a fork."""

    def executed(source: Path, target: Path, parameters: dict, *, cwd: Path) -> str:
        shutil.copy(source, target)
        options = {"draws": parameters["draws"], "seed": parameters["seed"]}
        write_stage(NOTEBOOKS[source.stem], cwd / "evidence.json", cwd / "stages", **options)
        return "forked"

    def drawn(results: Results, path: Path) -> None:
        path.write_text(f"<p>{results.client}</p>", encoding="utf-8")

    engine.execute = executed
    html.write_html = drawn
    runs.prepare = lambda *given, **options: None


def go(home: Path, draws: int) -> RunReport:
    """One run through the batch, in this process."""
    return run_clients([home / "acme"], home / "out", notebooks_folder=home / "notebooks", draws=draws)[0]


def in_child(work: Callable[[], int]) -> int:
    """The exit code of `work` in a forked child."""
    child = os.fork()
    if child == 0:
        code = 1
        try:
            code = work()
        finally:
            os._exit(code)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def broken(home: Path, *, before: str) -> list[str]:
    """Which invariants do not hold after a fault."""
    place = home / "out" / "acme"
    found = []
    run = current_run(place)
    if run is None:
        return ["current names no run"]
    if not is_whole(run):
        found.append("current names a run that is not whole")
    good = place / "runs" / before
    if not good.is_dir() or not is_whole(good):
        found.append("the last good run was harmed")
    found += [f"a torn run is published: {each.name}" for each in (place / "runs").iterdir() if not is_whole(each)]
    return found


def after(home: Path, draws: int) -> list[str]:
    """Which invariants do not hold after a clean run that follows."""
    report = go(home, draws)
    found = [] if report.ran else [f"a clean run failed: {report.message}"]
    faults = verify(home / "out" / "acme").faults
    found += [f"after a clean run {fault}" for fault in faults]
    left = [path.name for path in (home / "out" / ".work" / "acme").iterdir() if path.name != "lock"]
    found += [f"left behind: {name}" for name in left]
    with Ledger.open(home / "out") as ledger:
        ledger.sync(home / "out")
        rows = {row.run for row in ledger.rows()}
    run = current_run(home / "out" / "acme")
    return found if run is not None and run.name in rows else [*found, "the ledger misses the run"]


def fault(home: Path, *, at: int, mode: str, mutant: str = "") -> tuple[str, list[str]]:
    """One run that fails at operation `at`, and one clean run after it: the operation, and what broke."""
    before = current_run(home / "out" / "acme").name
    told = home / "told"
    draws = 512

    def work() -> int:
        if mutant:
            MUTANTS[mutant]()
        shim = Shim(home / "out", at=at, mode=mode)
        shim.install()
        report = go(home, draws)
        told.write_text(json.dumps([shim.seen, shim.done[at - 1] if 0 < at <= shim.seen else "", report.outcome]))
        return 0

    told.unlink(missing_ok=True)
    code = in_child(work)
    found = broken(home, before=before)
    said = json.loads(told.read_text()) if told.exists() else ["", "crash", "crash"]
    if code not in (0, CRASHED):
        found.append(f"the run ended with code {code}")
    checked = home / "checked"
    checked.unlink(missing_ok=True)

    def clean() -> int:
        checked.write_text(json.dumps(after(home, draws)))
        return 0

    in_child(clean)
    found += json.loads(checked.read_text()) if checked.exists() else ["the clean run crashed"]
    return str(said[1]), found


def operations(home: Path) -> int:
    """How many operations a run that makes a new run folder takes."""
    told = home / "told"

    def work() -> int:
        shim = Shim(home / "out", at=0, mode="crash")
        shim.install()
        go(home, 512)
        told.write_text(str(shim.seen))
        return 0

    in_child(work)
    return int(told.read_text())


def again(home: Path, *, at: int, mode: str, mutant: str = "") -> list[str]:
    """A fault in a fresh copy of the published folder, told in a line."""
    shutil.rmtree(home / "out")
    shutil.copytree(home / "pristine", home / "out", symlinks=True)
    name, found = fault(home, at=at, mode=mode, mutant=mutant)
    told = {"part": f"mutant {mutant}" if mutant else mode, "at": at, "operation": name, "broken": found}
    print(json.dumps(told), flush=True)
    return found


def main(arguments: list[str]) -> None:
    """All parts, one after the other."""
    home = Path(arguments[0])
    home.mkdir(parents=True, exist_ok=True)
    prepare(home)
    shutil.copytree(home / "out", home / "pristine", symlinks=True)
    count = operations(home)
    print(json.dumps({"operations": count}), flush=True)
    for part in arguments[1:]:
        kind, first, step = part.split(":")
        if kind == "mutant":
            next((at for at in range(count, 0, -int(step)) if again(home, at=at, mode="crash", mutant=first)), None)
        else:
            for at in range(int(first), count + 1, int(step)):
                again(home, at=at, mode=kind)


if __name__ == "__main__":
    main(sys.argv[1:])
