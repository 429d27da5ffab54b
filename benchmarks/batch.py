"""Many clients, by plain ways and by ours, in one run on this machine.

Run: python benchmarks/batch.py [--clients N] [--parts compare command dask]        (ten minutes; dask: ten)

Every way executes the same six notebooks on the same evidence of the six sample clients in turn, and what they made is
compared, charts included. The plain ways are slow, so they run fewer clients; every figure is given a notebook, and
nothing is extrapolated. Work is what papermill itself says the cells took, and drawing the charts, which the plain ways
do within cells and ours does for all notebooks in one process; overhead is the rest of a worker's time, its start
included.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from multiprocessing import get_context
from pathlib import Path

import nbformat

from workbook.evidence import Evidence
from workbook.inputs import read_client
from workbook.measure import measure
from workbook.runner.batch import run_clients
from workbook.runner.notebooks import notebook_paths, shipped_notebooks

SAMPLES = Path(__file__).resolve().parents[1] / "data" / "samples"
KINDS = (
    "saas-scaleup", "enterprise-legacy", "technical-first", "retail-network", "open-survey", "thin-data",
)  # fmt: skip
PARAMETERS = {"evidence_path": "evidence.json", "results_folder": "stages"}


@dataclass(frozen=True)
class Timed:
    """A way's wall-clock seconds, the seconds of work in them, and how much it did with how many workers."""

    wall: float
    work: float
    notebooks: int
    workers: int

    @property
    def a_notebook(self) -> float:
        return self.wall / self.notebooks

    @property
    def overhead(self) -> float:
        """Seconds of a worker, a notebook, that were not work."""
        return (self.wall * self.workers - self.work) / self.notebooks


def cell_seconds(notebook: nbformat.NotebookNode) -> float:
    return sum(cell.metadata.get("papermill", {}).get("duration") or 0.0 for cell in notebook.cells)


def shell(folder: Path) -> float:
    """`papermill` from the shell, a notebook after the other."""
    seconds = 0.0
    for name, path in notebook_paths(shipped_notebooks()).items():
        given = [word for key, value in PARAMETERS.items() for word in ("-p", key, value)]
        target = folder / f"{name}.ipynb"
        command = [sys.executable, "-m", "papermill", str(path), str(target), "--no-progress-bar", *given]
        subprocess.run(command, cwd=folder, check=True, capture_output=True)
        seconds += cell_seconds(nbformat.read(target, as_version=4))
    return seconds


def tuned(folder: Path) -> float:
    """`papermill.execute_notebook` in a warm process, told not to wait for the kernel's end."""
    import papermill

    seconds = 0.0
    for name, path in notebook_paths(shipped_notebooks()).items():
        done = papermill.execute_notebook(
            str(path), str(folder / f"{name}.ipynb"), parameters=PARAMETERS, cwd=str(folder), progress_bar=False,
            shutdown_kernel="immediate", coalesce_streams=True,
        )  # fmt: skip
        seconds += cell_seconds(done)
    return seconds


def ours(folder: Path) -> float:
    """Kernels forked from a process that has imported beforehand."""
    from workbook.runner.execute import by_papermill, cleaned, judge, read_notebook, with_pictures, write

    seconds = 0.0
    for name, path in notebook_paths(shipped_notebooks()).items():
        done = by_papermill(read_notebook(path), PARAMETERS, name=name, cwd=folder)
        seconds += cell_seconds(done)
        judge(done, name=name)
        began = time.perf_counter()
        drawn = with_pictures(done)
        seconds += time.perf_counter() - began
        write(cleaned(drawn), folder / f"{name}.ipynb")
    return seconds


def one_thread() -> None:
    os.environ.update(OMP_NUM_THREADS="1", OPENBLAS_NUM_THREADS="1")


def timed(way: Callable[[Path], float], folders: list[Path], *, workers: int) -> Timed:
    """All folders by one way; worker processes are started and ended within the time."""
    began = time.perf_counter()
    if way is shell:
        work = sum(map(way, folders))
    else:
        with ProcessPoolExecutor(workers, mp_context=get_context("spawn"), initializer=one_thread) as pool:
            work = sum(pool.map(way, folders))
    return Timed(time.perf_counter() - began, work, 6 * len(folders), workers)


def prepared(home: Path, evidence: dict[str, Evidence], clients: int) -> list[Path]:
    """A folder a client with its evidence."""
    folders = [home / f"client-{number:03d}" for number in range(clients)]
    for number, folder in enumerate(folders):
        folder.mkdir(parents=True)
        evidence[KINDS[number % len(KINDS)]].dump(folder / "evidence.json")
    return folders


def results(folder: Path) -> bytes:
    """What the six notebooks computed: their stage files, of which `results.json` is put together."""
    files = sorted((folder / "stages").glob("results.*.json"))
    assert len(files) >= 6, [path.name for path in folder.rglob("*")]
    return b"".join(path.read_bytes() for path in files)


def notebooks(folder: Path) -> list[str]:
    """The executed notebooks as a run keeps them: without times and widgets, outputs and pictures included."""
    from workbook.runner.execute import cleaned

    read = (nbformat.read(folder / path.name, as_version=4) for path in notebook_paths(shipped_notebooks()).values())
    return [nbformat.writes(cleaned(notebook)) for notebook in read]


def client_folders(home: Path, clients: int) -> list[Path]:
    """Copies of the samples under names of their own."""
    made = []
    for number in range(clients):
        kind = KINDS[number % len(KINDS)]
        folder = home / f"{kind}-{number:03d}"
        shutil.copytree(SAMPLES / kind, folder, ignore=shutil.ignore_patterns("evidence.json"))
        settings = folder / "client.yml"
        settings.write_text(settings.read_text().replace(f"client: {kind}", f"client: {folder.name}"))
        made.append(folder)
    return made


def compare(home: Path, clients: int, slow: int) -> None:
    """The table of ways."""
    evidence = {kind: measure(read_client(SAMPLES / kind)) for kind in KINDS}
    ways = (("shell loop of papermill", shell, 1, slow), ("tuned process pool of 2", tuned, 2, slow))
    done = {}
    for label, way, workers, count in (*ways, ("forked kernels, 2 workers", ours, 2, clients)):
        folders = prepared(home / way.__name__, evidence, count)
        done[label] = timed(way, folders, workers=workers)
        print(f"  {label}: {count} clients, {done[label].wall:.1f} s", flush=True)
        for made, what in ((results, "results"), (notebooks, "notebooks")):
            assert made(folders[0]) == made(home / "shell" / "client-000"), f"the ways made different {what}"
    first, second, last = done.values()
    print(f"\n{'way':<28}{'s a notebook':>13}{'x shell':>9}{'work':>8}{'overhead a notebook':>21}")
    for label, one in done.items():
        share = one.work / one.notebooks
        print(
            f"{label:<28}{one.a_notebook:13.2f}{first.a_notebook / one.a_notebook:9.1f}{share:8.2f}{one.overhead:21.2f}"
        )
    loop, pool = first.a_notebook / last.a_notebook, second.a_notebook / last.a_notebook
    bare = first.overhead / (last.overhead / last.workers)
    print("results and executed notebooks equal by all ways, charts included: yes")
    print(f"{loop:.1f} x the shell loop (target 10), {pool:.1f} x the tuned pool (target 2)")
    print(f"{bare:.1f} x the shell loop with the work itself taken out (target 15)")
    print(f"{last.overhead / last.workers:.2f} s of each notebook's time are not work (target .25), ", end="")
    print(f"{last.overhead:.2f} s of a worker")


def command(home: Path, clients: int) -> None:
    """`workbook run` on client folders, from files to packs, twice."""
    folders = client_folders(home / "clients", clients)
    seconds = []
    for outcome in ("published", "unchanged"):
        began = time.perf_counter()
        reports = run_clients(folders, home / "out", jobs=2)
        seconds.append(time.perf_counter() - began)
        assert {report.outcome for report in reports} == {outcome}, [report.message for report in reports]
    print(f"\nworkbook run -j 2, {clients} clients, from files to packs: {seconds[0]:.1f} s")
    print(f"{seconds[0] / clients:.1f} s a client; again with nothing changed: {seconds[1]:.1f} s")
    print(f"{seconds[1] / seconds[0]:.1%} of the first time (target 2 %)")


def loop(rounds: int) -> float:
    """Nothing but computing; its seconds."""
    began = time.perf_counter()
    sum(number * number % 7 for number in range(rounds))
    return time.perf_counter() - began


def two_at_once(rounds: int = 20_000_000) -> float:
    """How much longer this machine needs for two loops one after the other than for both at once: at most two."""
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
        list(pool.map(loop, [rounds, rounds]))
        began = time.perf_counter()
        list(pool.map(loop, [rounds, rounds]))
        both = time.perf_counter() - began
        return (pool.submit(loop, rounds).result() + pool.submit(loop, rounds).result()) / both


def dask(home: Path, clients: int) -> None:
    """One Dask worker and two on this machine, warm, in turns: one, two, two, one."""
    from distributed import LocalCluster

    from workbook.runner.cluster import Cluster

    folders = client_folders(home / "dask", clients)
    seconds: dict[int, list[float]] = {1: [], 2: []}
    possible = [two_at_once()]
    one, two = (LocalCluster(n_workers=workers, threads_per_worker=1, dashboard_address=":0") for workers in (1, 2))
    with one, two:
        workers = {1: one, 2: two}
        for turn, number in enumerate((1, 2, 1, 2, 2, 1)):
            out, given = home / f"dask-{turn}", folders if turn > 1 else folders[-number:]
            with Cluster(workers[number].scheduler_address, out) as executor:
                began = time.perf_counter()
                reports = run_clients(given, out, executor=executor)
                passed = time.perf_counter() - began
            assert [report.outcome for report in reports] == ["published"] * len(given), reports
            if turn > 1:
                seconds[number].append(passed)
                print(f"  {number} Dask worker{'s' * (number - 1)}: {clients} clients, {passed:.1f} s", flush=True)
    possible.append(two_at_once())
    ratio = sum(seconds[1]) / sum(seconds[2])
    print(f"two Dask workers finish {clients} clients {ratio:.2f} x as fast as one (target 1.8)")
    before, after = possible
    print(f"two loops of Python at once ran {before:.2f} x as fast as in turn before that, {after:.2f} x after it")


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--clients", type=int, default=20, help="clients by our way (default 20)")
    options.add_argument("--slow-clients", type=int, default=6, help="clients by the plain ways (default 6)")
    options.add_argument("--parts", nargs="+", choices=("compare", "command", "dask"), default=["compare", "command"])
    given = options.parse_args()
    one_thread()
    with tempfile.TemporaryDirectory() as name:
        home = Path(name)
        parts = {"compare": partial(compare, slow=given.slow_clients), "command": command, "dask": dask}
        for part in (parts[name] for name in given.parts):
            part(home, given.clients)


if __name__ == "__main__":
    main()
