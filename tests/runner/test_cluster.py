"""Runs on a real Dask scheduler and its workers, on this machine: nothing is lost and nothing published twice."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.runner.cluster_tasks import Slow
from tests.runner.tiny import PARAMETERS, write_notebook
from tests.runner.tiny_results import CELL
from workbook.__main__ import main
from workbook.errors import BadArgument, RunFailed
from workbook.inputs import scaffold
from workbook.runner import cluster
from workbook.runner.batch import run_clients
from workbook.runner.cluster import Cluster
from workbook.runner.notebooks import NOTEBOOKS
from workbook.runner.provenance import code_digest, versions
from workbook.runner.publish import current_run, read_run_file
from workbook.runner.serve import free_port

ROOT = Path(__file__).resolve().parents[2]
SECONDS = 60


def until(true: Callable[[], bool]) -> None:
    end = time.monotonic() + SECONDS
    while not true():
        assert time.monotonic() < end
        time.sleep(0.05)


class Machines:
    """A scheduler and workers, each a process of its own."""

    def __init__(self) -> None:
        self.port = free_port()
        self.address = f"tcp://127.0.0.1:{self.port}"
        self.started: list[subprocess.Popen[bytes]] = []
        self.workers: list[subprocess.Popen[bytes]] = []
        self.scheduler = self.schedule()

    def _start(self, *command: str) -> subprocess.Popen[bytes]:
        environment = {key: value for key, value in os.environ.items() if key != "PYTHONWARNINGS"}
        environment["PYTHONPATH"] = str(ROOT)
        process = subprocess.Popen(
            [sys.executable, "-m", *command], env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        self.started.append(process)
        return process

    def schedule(self) -> subprocess.Popen[bytes]:
        place = ("--host", "127.0.0.1", "--port", str(self.port))
        return self._start("distributed.cli.dask_scheduler", *place, "--no-dashboard", "--no-jupyter")

    def work(self, threads: int = 1) -> subprocess.Popen[bytes]:
        options = ("--nthreads", str(threads), "--no-nanny", "--no-dashboard", "--host", "127.0.0.1")
        return self._start("distributed.cli.dask_worker", self.address, *options)

    def need(self, workers: int) -> None:
        """Start the workers that are missing."""
        self.workers = [process for process in self.workers if process.poll() is None]
        while len(self.workers) < workers:
            self.workers.append(self.work())

    def stop(self) -> None:
        for process in self.started:
            process.kill()
            process.wait()


@pytest.fixture(scope="module")
def machines() -> Iterator[Machines]:
    """One scheduler for all tests here; each asks for the workers it needs."""
    made = Machines()
    yield made
    made.stop()


@pytest.fixture
def slow(tmp_path) -> Slow:
    (tmp_path / "told").mkdir()
    return Slow(str(tmp_path / "out"), str(tmp_path / "told"), str(tmp_path / "go"))


def tried(task: Slow) -> list[tuple[str, int]]:
    """Client and process of every attempt, in order."""
    names = sorted((path.name.split("-") for path in Path(task.told).glob("*-*")), key=lambda parts: int(parts[2]))
    return [(client, int(process)) for client, process, _ in names]


def published(task: Slow) -> list[str]:
    return sorted(Path(task.told, "published").read_text().split())


def test_a_worker_with_two_threads_or_without_our_files_is_refused_before_any_run(machines, tmp_path):
    worker = machines.work(threads=2)
    with pytest.raises(RunFailed, match=r"^tcp://127\.0\.0\.1:\d+: a worker runs one client at a time\. Start it with"):
        Cluster(machines.address, tmp_path / "out").__enter__()
    assert list((tmp_path / "out" / ".work").iterdir()) == []
    worker.kill()
    worker.wait()


def test_a_worker_killed_while_it_runs_a_client_loses_nothing_and_publishes_nothing_twice(machines, slow, tmp_path):
    machines.need(2)
    steps: list[tuple[str, str]] = []

    def kill_one() -> None:
        until(lambda: len(tried(slow)) == 2)
        os.kill(tried(slow)[0][1], signal.SIGKILL)
        Path(slow.go).touch()

    killer = threading.Thread(target=kill_one)
    with Cluster(machines.address, slow.out) as executor:
        killer.start()
        folders = [str(tmp_path / name) for name in ("acme", "beta", "corn")]
        reports = list(executor(slow, folders, on_step=lambda client, step: steps.append((client, step))))
    killer.join()
    assert sorted(report.folder for report in reports) == folders
    assert {report.outcome for report in reports} == {"published"}
    assert published(slow) == ["acme", "beta", "corn"]
    assert len(tried(slow)) == 4
    assert {("acme", "waits"), ("beta", "waits"), ("corn", "waits")} == set(steps)
    assert not [path for path in (tmp_path / "out" / ".work").iterdir() if path.name.startswith("cluster-")]


def test_the_command_runs_clients_on_the_cluster_and_the_second_time_finds_them_done(
    machines, tmp_path, capsys, monkeypatch
):
    machines.need(1)
    scaffold(tmp_path / "acme")
    (tmp_path / "notebooks").mkdir()
    for name, stage in NOTEBOOKS.items():
        write_notebook(tmp_path / "notebooks" / f"{name}.ipynb", CELL.format(stage=stage), parameters=PARAMETERS)
    monkeypatch.setattr("workbook.runner.batch.shipped_notebooks", lambda: tmp_path / "notebooks")
    command = ["run", str(tmp_path / "acme"), "--out", str(tmp_path / "out"), "--cluster", machines.address]
    assert main(command) == 0
    assert "acme: published" in capsys.readouterr().err
    run = current_run(tmp_path / "out" / "acme")
    assert read_run_file(run)["client"] == "acme"
    assert '"forked"' in (run / "made.json").read_text()
    assert main(command) == 0
    assert "acme: unchanged" in capsys.readouterr().err


def test_a_scheduler_restarted_in_the_middle_loses_nothing_and_publishes_nothing_twice(machines, slow, tmp_path):
    machines.need(1)

    def restart() -> None:
        until(lambda: len(tried(slow)) == 1)
        machines.scheduler.kill()
        machines.scheduler.wait()
        machines.schedule()
        machines.workers.append(machines.work())
        Path(slow.go).touch()

    restarter = threading.Thread(target=restart)
    with Cluster(machines.address, slow.out) as executor:
        restarter.start()
        folders = [str(tmp_path / name) for name in ("acme", "beta")]
        reports = list(executor(slow, folders))
    restarter.join()
    assert sorted(report.folder for report in reports) == folders
    assert {report.outcome for report in reports} <= {"published", "unchanged"}
    assert published(slow) == ["acme", "beta"]


def test_a_worker_that_sees_other_files_or_has_other_code_or_libraries_is_told_apart(tmp_path):
    here = dict(versions())
    (tmp_path / ".work").mkdir()
    probe = tmp_path / ".work" / "probe"
    unseen = f"a worker does not see {tmp_path}: all machines need the same folders at the same paths."
    assert cluster.differs(str(probe), "word", code_digest(), here) == unseen
    probe.write_text("another word")
    assert cluster.differs(str(probe), "word", code_digest(), here) == unseen
    probe.write_text("word")
    assert cluster.differs(str(probe), "word", code_digest(), here) == ""
    other = "a worker has another version of this package: install the same one on all machines."
    assert cluster.differs(str(probe), "word", "0", here) == other
    older = (
        f"a worker has numpy {here['numpy']} instead of 2.0.0, scipy {here['scipy']} instead of 1.0.0: "
        "install the same libraries on all machines."
    )
    assert cluster.differs(str(probe), "word", code_digest(), {**here, "numpy": "2.0.0", "scipy": "1.0.0"}) == older


def test_no_scheduler_is_one_readable_line(tmp_path, capsys, monkeypatch):
    monkeypatch.setattr(cluster, "CONNECT_SECONDS", 0.5)
    address = f"tcp://127.0.0.1:{free_port()}"
    assert main(["run", str(tmp_path), "--out", str(tmp_path / "out"), "--cluster", address]) == 2
    assert capsys.readouterr().err.strip().splitlines()[-1] == f"No scheduler answers at {address} within 0.5 seconds."


def test_another_kind_of_address_is_refused(tmp_path):
    with pytest.raises(BadArgument) as refused:
        Cluster("localhost:8786", tmp_path)
    assert str(refused.value) == "--cluster: 'localhost:8786' is no address of a scheduler. Write tcp://HOST:PORT."


def test_a_missing_extra_is_one_readable_line(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(BadArgument) as refused:
        Cluster("tcp://127.0.0.1:8786", tmp_path)
    assert str(refused.value) == (
        "Running on a cluster needs Dask: install the package with its extra, leadership-diagnostic-workbook[cluster]."
    )


def test_a_batch_takes_the_executor_it_is_given(tmp_path):
    asked: list[str] = []

    def executor(task, folders, /, *, on_step=None):
        asked.extend(folders)
        return (task(folder) for folder in folders)

    (tmp_path / "empty").mkdir()
    assert [report.outcome for report in run_clients([tmp_path / "empty"], tmp_path / "out", executor=executor)] == [
        "refused"
    ]
    assert asked == [str(tmp_path / "empty")]
