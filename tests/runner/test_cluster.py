"""Runs on a real Dask scheduler and its workers, on this machine: nothing is lost and nothing published twice."""

from __future__ import annotations

import contextlib
import errno
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import psutil
import pytest
from distributed import Client

from tests.runner.cluster_tasks import Raises, Slow, fells
from tests.runner.tiny import PARAMETERS, write_notebook
from tests.runner.tiny_results import CELL
from tests.runner.worker_tasks import behaves
from workbook.__main__ import main
from workbook.errors import BadArgument, RunFailed
from workbook.inputs import scaffold
from workbook.runner import cluster, cluster_round
from workbook.runner.batch import run_clients
from workbook.runner.cluster import Cluster
from workbook.runner.cluster_task import Needs, within
from workbook.runner.limits import Limits, kill_tree
from workbook.runner.notebooks import NOTEBOOKS
from workbook.runner.provenance import code_digest, versions
from workbook.runner.publish import current_run, read_run_file
from workbook.runner.report import exit_code
from workbook.runner.serve import free_port
from workbook.runner.workers import DIED

ROOT = Path(__file__).resolve().parents[2]
SECONDS = 60


def until(true: Callable[[], bool]) -> None:
    end = time.monotonic() + SECONDS
    while not true():
        assert time.monotonic() < end
        time.sleep(0.05)


@contextlib.contextmanager
def meanwhile(act: Callable[[], None], task: Slow) -> Iterator[None]:
    """Acts in a thread of its own while the block runs; when it has, the task may go on."""

    def then_go() -> None:
        try:
            act()
        finally:
            Path(task.go).touch()

    thread = threading.Thread(target=then_go)
    thread.start()
    yield
    thread.join()


class Machines:
    """A scheduler and workers, each a process of its own."""

    def __init__(self) -> None:
        self.port = free_port()
        self.address = f"tcp://127.0.0.1:{self.port}"
        self.started: list[subprocess.Popen[bytes]] = []
        self.workers: list[subprocess.Popen[bytes]] = []
        self._log, name = tempfile.mkstemp()
        os.unlink(name)
        self.scheduler = self.schedule()

    def _start(self, *command: str, code: Path = ROOT) -> subprocess.Popen[bytes]:
        environment = {key: value for key, value in os.environ.items() if key != "PYTHONWARNINGS"}
        environment["PYTHONPATH"] = str(code)
        process = subprocess.Popen(
            [sys.executable, "-m", *command],
            cwd=code,
            env=environment,
            stdout=subprocess.DEVNULL,
            stderr=self._log if "dask_scheduler" in command[0] else subprocess.DEVNULL,
        )
        self.started.append(process)
        return process

    def schedule(self) -> subprocess.Popen[bytes]:
        place = ("--host", "127.0.0.1", "--port", str(self.port))
        return self._start("distributed.cli.dask_scheduler", *place, "--no-dashboard", "--no-jupyter")

    def said(self) -> str:
        """What the scheduler has written so far."""
        return os.pread(self._log, os.fstat(self._log).st_size, 0).decode()

    def work(self, threads: int = 1, *, nanny: bool = False, code: Path = ROOT) -> subprocess.Popen[bytes]:
        options = ("--nthreads", str(threads), "--nanny" if nanny else "--no-nanny", "--no-dashboard")
        command = ("distributed.cli.dask_worker", self.address, *options, "--host", "127.0.0.1")
        return self._start(*command, code=code)

    def need(self, workers: int) -> None:
        """Start the workers that are missing, and wait until the scheduler knows them."""
        self.workers = [process for process in self.workers if process.poll() is None]
        while len(self.workers) < workers:
            self.workers.append(self.work())
        with Client(self.address, set_as_default=False) as client:
            client.wait_for_workers(workers, timeout=SECONDS)

    def stop(self) -> None:
        for process in self.started:
            kill_tree(process.pid)
            process.wait()
        os.close(self._log)


@pytest.fixture(scope="module")
def machines() -> Iterator[Machines]:
    """One scheduler for most tests here; each asks for the workers it needs."""
    made = Machines()
    yield made
    made.stop()


@pytest.fixture
def own_machines() -> Iterator[Machines]:
    """A scheduler for one test, which may end it."""
    made = Machines()
    yield made
    made.stop()


@pytest.fixture
def slow(tmp_path) -> Slow:
    (tmp_path / "told").mkdir()
    return Slow(str(tmp_path / "out"), str(tmp_path / "told"), str(tmp_path / "go"))


def tried(task: Slow) -> list[tuple[str, int]]:
    """Client and worker of every attempt, in order."""
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

    with Cluster(machines.address, slow.out) as executor, meanwhile(kill_one, slow):
        folders = [str(tmp_path / name) for name in ("acme", "beta", "corn")]
        reports = list(executor(slow, folders, on_step=lambda client, step: steps.append((client, step))))
    assert sorted(report.folder for report in reports) == folders
    assert {report.outcome for report in reports} == {"published"}
    assert published(slow) == ["acme", "beta", "corn"]
    assert len(tried(slow)) == 4
    assert {("acme", "waits"), ("beta", "waits"), ("corn", "waits")} == set(steps)
    assert not [path for path in (tmp_path / "out" / ".work").iterdir() if path.name.startswith("cluster-")]


def test_a_worker_told_to_end_while_it_runs_a_client_leaves_it_to_another_which_waits_for_the_lock(
    machines, slow, tmp_path
):
    machines.need(2)

    def end_one() -> None:
        until(lambda: len(tried(slow)) == 1)
        os.kill(tried(slow)[0][1], signal.SIGTERM)
        until(lambda: (Path(slow.told) / "busy").exists())

    with Cluster(machines.address, slow.out) as executor, meanwhile(end_one, slow):
        (report,) = executor(slow, [str(tmp_path / "acme")])
    assert report.ran
    assert published(slow) == ["acme"]
    (ended,) = [process for process in machines.workers if process.pid == tried(slow)[0][1]]
    assert ended.wait(SECONDS) == 0


def test_a_worker_that_joins_late_and_has_other_code_or_two_threads_is_put_aside_by_name_and_loses_nothing(
    machines, slow, tmp_path, caplog
):
    machines.need(1)
    shutil.copytree(ROOT / "workbook", tmp_path / "other" / "workbook", ignore=shutil.ignore_patterns("__pycache__"))
    (tmp_path / "other" / "workbook" / "more.py").touch()
    (tmp_path / "other" / "tests").symlink_to(ROOT / "tests")
    late: list[subprocess.Popen[bytes]] = []

    def join_late() -> None:
        until(lambda: len(tried(slow)) == 1)
        late.extend((machines.work(code=tmp_path / "other"), machines.work(threads=2)))
        until(lambda: len(caplog.messages) == 2)

    with Cluster(machines.address, slow.out) as executor, meanwhile(join_late, slow):
        folders = [str(tmp_path / name) for name in ("acme", "beta", "corn")]
        reports = list(executor(slow, folders))
    assert [report.outcome for report in reports] == ["published"] * 3
    assert len({worker for _, worker in tried(slow)}) == 1
    assert sorted(re.sub(r"^tcp://127\.0\.0\.1:\d+: ", "", message) for message in caplog.messages) == [
        "a worker has another version of this package: install the same one on all machines. It is given nothing.",
        "a worker runs one client at a time. Start it with --nthreads 1. It is given nothing.",
    ]
    for worker in late:
        worker.kill()
        worker.wait()


def test_a_worker_with_a_nanny_keeps_clients_to_their_limits_and_outlives_one_that_dies(own_machines, tmp_path):
    worker = own_machines.work(nanny=True)
    folders = [str(tmp_path / name) for name in ("dies", "hangs", "eats", "a")]
    for folder in folders:
        Path(folder).mkdir()
    told: list[tuple[str, str]] = []
    limits = Limits(minutes=20 / 60, memory_gb=0.4)
    with Cluster(own_machines.address, tmp_path / "out", limits=limits, retries=1) as executor:
        reports = {Path(r.folder).name: r for r in executor(behaves, folders, on_step=lambda *step: told.append(step))}
        left = [int((tmp_path / name / "child").read_text()) for name in ("hangs", "eats")]
    assert {name: (report.outcome, report.kind, report.message) for name, report in reports.items()} == {
        "dies": ("failed", "kernel", DIED),
        "hangs": ("failed", "limit", "it ran longer than 0.333 minutes and was stopped (--limit-minutes)."),
        "eats": ("failed", "limit", "it used more than 0.4 GB of memory and was stopped (--limit-memory)."),
        "a": ("published", "", ""),
    }
    assert reports["dies"].attempts == 2
    assert {client for client, _ in told} == {"dies", "hangs", "eats", "a"}
    below = psutil.Process(worker.pid).children(recursive=True)
    worker.terminate()
    assert worker.wait(SECONDS) is not None
    until(lambda: not any(psutil.pid_exists(process) for process in left))
    assert psutil.wait_procs(below, timeout=SECONDS)[1] == []


def test_a_client_that_always_loses_its_worker_fails_and_its_neighbours_do_not(own_machines, tmp_path, monkeypatch):
    monkeypatch.setattr(cluster_round, "LOSSES", 1)
    folders = [str(tmp_path / name) for name in ("fells", "a", "b")]
    for folder in folders:
        Path(folder).mkdir()
    own_machines.need(1)

    def start_anew() -> None:
        for _ in range(2):
            own_machines.workers[0].wait()
            own_machines.need(1)

    starter = threading.Thread(target=start_anew)
    with Cluster(own_machines.address, tmp_path / "out") as executor:
        starter.start()
        reports = {Path(report.folder).name: report for report in executor(fells, folders)}
    starter.join()
    assert [reports[name].outcome for name in ("a", "b")] == ["published"] * 2
    assert (reports["fells"].outcome, reports["fells"].kind, reports["fells"].attempts) == ("failed", "kernel", 2)
    assert reports["fells"].message == ("2 times its worker was lost while it ran (killed, out of memory, or cut off).")


def test_what_goes_wrong_on_a_worker_outside_the_task_is_that_folders_report(machines, tmp_path):
    machines.need(1)
    with Cluster(machines.address, tmp_path / "out") as executor:
        (report,) = executor(Raises(), [str(tmp_path / "acme")])
    assert (report.outcome, report.kind) == ("failed", "program")
    said = r"tcp://127\.0\.0\.1:\d+: a worker could not run it \(\w+: .*\)\."
    assert re.fullmatch(said, report.message, re.DOTALL), report.message


def test_a_new_worker_that_cannot_even_read_the_task_is_put_aside(own_machines, tmp_path, monkeypatch):
    monkeypatch.setattr(cluster_round, "BACK_SECONDS", 5)
    own_machines.need(1)
    with Cluster(own_machines.address, tmp_path / "out") as executor:
        own_machines.workers[0].kill()
        own_machines.workers[0].wait()
        own_machines.need(1)
        (report,) = executor(Raises(), [str(tmp_path / "acme")])
    assert (report.outcome, report.kind) == ("failed", "network")
    said = r"tcp://127\.0\.0\.1:\d+: a worker could not run it \(\w+: .*\)\."
    assert re.fullmatch(said, report.message, re.DOTALL), report.message


def test_two_batches_on_one_scheduler_are_told_their_own_steps_only(machines, slow, tmp_path):
    machines.need(2)
    (tmp_path / "beta").mkdir()
    steps: dict[str, list[str]] = {"first": [], "second": []}
    first = Cluster(machines.address, slow.out)
    second = Cluster(machines.address, tmp_path / "second")

    def run_first() -> None:
        with first as executor:
            list(executor(slow, [str(tmp_path / "acme")], on_step=lambda client, step: steps["first"].append(client)))

    runner = threading.Thread(target=run_first)
    runner.start()
    until(lambda: len(tried(slow)) == 1)
    with second as executor:
        list(executor(behaves, [str(tmp_path / "beta")], on_step=lambda client, step: steps["second"].append(client)))
    Path(slow.go).touch()
    runner.join()
    assert steps == {"first": ["acme"], "second": ["beta"]}


def test_the_command_runs_clients_on_the_cluster_and_the_second_time_finds_them_done(
    machines, tmp_path, capsys, monkeypatch
):
    machines.need(1)
    said_before = machines.said()
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
    assert "CRITICAL" not in machines.said().removeprefix(said_before)


def test_a_scheduler_restarted_in_the_middle_loses_nothing_and_publishes_nothing_twice(machines, slow, tmp_path):
    machines.need(1)

    def restart() -> None:
        until(lambda: len(tried(slow)) == 1)
        machines.scheduler.kill()
        machines.scheduler.wait()
        machines.schedule()
        machines.workers.append(machines.work())

    with Cluster(machines.address, slow.out) as executor, meanwhile(restart, slow):
        folders = [str(tmp_path / name) for name in ("acme", "beta")]
        reports = list(executor(slow, folders))
    assert sorted(report.folder for report in reports) == folders
    assert {report.outcome for report in reports} <= {"published", "unchanged"}
    assert published(slow) == ["acme", "beta"]


def test_a_scheduler_that_stays_away_fails_what_is_open_and_keeps_what_is_done(
    own_machines, slow, tmp_path, monkeypatch
):
    monkeypatch.setattr(cluster, "BACK_SECONDS", 0.5)
    own_machines.need(1)
    Path(slow.go).touch()

    def leave() -> None:
        until(lambda: len(tried(slow)) == 2)
        own_machines.scheduler.kill()

    leaver = threading.Thread(target=leave)
    with Cluster(own_machines.address, slow.out) as executor:
        leaver.start()
        reports = {}
        for report in executor(slow, [str(tmp_path / name) for name in ("acme", "beta", "corn")]):
            reports[Path(report.folder).name] = report
            Path(slow.go).unlink(missing_ok=True)
        again = list(executor(slow, [str(tmp_path / "acme")]))
    leaver.join()
    gone = f"No scheduler answers at {own_machines.address} within 0.5 seconds."
    assert reports["acme"].outcome == "published"
    for report in (reports["beta"], reports["corn"], *again):
        assert (report.outcome, report.kind, report.message) == ("failed", "network", gone)
    assert exit_code(tuple(reports.values())) == 1


def test_when_the_last_worker_goes_and_none_comes_what_is_open_fails(own_machines, slow, tmp_path, monkeypatch):
    monkeypatch.setattr(cluster_round, "BACK_SECONDS", 0.5)
    own_machines.need(1)

    def end() -> None:
        until(lambda: len(tried(slow)) == 1)
        os.kill(tried(slow)[0][1], signal.SIGKILL)

    ender = threading.Thread(target=end)
    with Cluster(own_machines.address, slow.out) as executor:
        ender.start()
        (report,) = executor(slow, [str(tmp_path / "acme")])
    ender.join()
    none = "The scheduler has no workers any more. Start some: dask worker."
    assert (report.outcome, report.kind, report.message) == ("failed", "network", none)


def test_memory_without_a_limit_is_bound_by_what_the_worker_may_use():
    assert within(Limits(minutes=5), 2_000_000_000) == Limits(minutes=5, memory_gb=1.6)
    assert within(Limits(memory_gb=3), 2_000_000_000) == Limits(memory_gb=3)
    assert within(Limits(), None) == Limits()


def test_a_worker_that_sees_other_files_or_has_other_code_or_libraries_is_told_apart(tmp_path):
    here = dict(versions())
    (tmp_path / ".work").mkdir()
    probe = tmp_path / ".work" / "probe"
    needs = Needs(str(probe), "word", code_digest(), here)
    unseen = f"a worker does not see {tmp_path}: all machines need the same folders at the same paths."
    assert needs.missing() == unseen
    probe.write_text("another word")
    assert needs.missing() == unseen
    probe.write_text("word")
    assert needs.missing() == ""
    other = "a worker has another version of this package: install the same one on all machines."
    assert replace(needs, code="0").missing() == other
    older = (
        f"a worker has numpy {here['numpy']} instead of 2.0.0, scipy {here['scipy']} instead of 1.0.0: "
        "install the same libraries on all machines."
    )
    assert replace(needs, libraries={**here, "numpy": "2.0.0", "scipy": "1.0.0"}).missing() == older


def test_a_file_system_that_does_not_answer_is_told_as_the_worker_s(tmp_path, monkeypatch):
    def stale(path: Path) -> bool:
        raise OSError(errno.ESTALE, "Stale file handle")

    monkeypatch.setattr(Path, "is_file", stale)
    said = f"a worker cannot read {tmp_path} (Stale file handle): look at its file system."
    assert Needs(str(tmp_path / ".work" / "probe"), "word", "0", {}).missing() == said


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
