"""A worker that dies, hangs or eats memory takes one client with it, and only that one."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.runner.test_interrupt import _alive, _until
from tests.runner.worker_tasks import behaves
from workbook.runner.limits import Limits, default_memory_gb, memory_bytes
from workbook.runner.workers import DIED, Workers

ROOT = Path(__file__).resolve().parents[2]
GO = """\
import sys
from workbook.runner.workers import Workers
from tests.runner.worker_tasks import behaves
if __name__ == "__main__":
    with Workers(2) as workers:
        list(workers(behaves, sys.argv[1:]))
"""


def _folders(home: Path, *names: str) -> list[str]:
    for name in names:
        (home / name).mkdir()
    return [str(home / name) for name in names]


def _tried(folder: str) -> list[str]:
    return (Path(folder) / "attempts").read_text().split()


def test_R73_clients_that_die_hang_or_eat_memory_fail_alone_with_a_line_each(tmp_path):
    folders = _folders(tmp_path, "a", "dies", "b", "hangs", "c", "eats", "recovers", "d")
    limits = Limits(minutes=4 / 60, memory_gb=0.3)
    told: list[tuple[str, str]] = []
    with Workers(2, limits=limits, retries=1) as workers:
        reports = {Path(r.folder).name: r for r in workers(behaves, folders, on_step=lambda *step: told.append(step))}
    assert {name: (report.outcome, report.kind, report.message) for name, report in reports.items()} == {
        **dict.fromkeys(("a", "b", "c", "d", "recovers"), ("published", "", "")),
        "dies": ("failed", "kernel", DIED),
        "hangs": ("failed", "limit", "it ran longer than 0.0667 minutes and was stopped (--limit-minutes)."),
        "eats": ("failed", "limit", "it used more than 0.3 GB of memory and was stopped (--limit-memory)."),
    }
    assert {name: report.attempts for name, report in reports.items() if report.attempts > 1} == {
        "dies": 2,
        "recovers": 2,
    }
    assert [_tried(folder) for folder in folders if "hangs" in folder or "eats" in folder] == [["1"], ["1"]]
    assert {client for client, _ in told} == {Path(folder).name for folder in folders}
    for name in ("hangs", "eats"):
        assert _until(lambda name=name: not _alive(int((tmp_path / name / "child").read_text())), 10)


def test_without_retries_a_dead_worker_is_one_failure(tmp_path):
    folders = _folders(tmp_path, "dies", "a")
    with Workers(1, retries=0) as workers:
        reports = list(workers(behaves, folders))
    assert [(report.outcome, report.attempts) for report in reports] == [("failed", 1), ("published", 1)]


def test_workers_that_are_done_end_by_themselves_and_say_nothing(tmp_path, capfd):
    folders = _folders(tmp_path, "leaves-1", "leaves-2")
    with Workers(2) as workers:
        assert [report.outcome for report in workers(behaves, folders)] == ["published", "published"]
    assert [(Path(folder) / "left").exists() for folder in folders] == [True, True]
    assert capfd.readouterr().err == ""


def test_R65_workers_end_with_the_process_that_started_them_even_when_it_is_killed(tmp_path):
    (tmp_path / "go.py").write_text(GO)
    folders = _folders(tmp_path, "hangs-1", "hangs-2")
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    run = subprocess.Popen([sys.executable, str(tmp_path / "go.py"), *folders], env=environment)
    assert _until(lambda: all((Path(folder) / "child").exists() for folder in folders), 60)
    children = subprocess.run(["ps", "-o", "pid=", "--ppid", str(run.pid)], capture_output=True, text=True).stdout
    workers = [int(pid) for pid in children.split()]
    assert len(workers) >= 2
    run.send_signal(signal.SIGKILL)
    run.wait()
    assert _until(lambda: not any(map(_alive, workers)), 20)
    for folder in folders:
        os.kill(int((Path(folder) / "child").read_text()), signal.SIGKILL)


@pytest.mark.parametrize(("jobs", "part"), [(1, 1.0), (4, 0.25)])
def test_by_default_a_client_may_use_four_fifths_of_the_machine_divided_by_those_that_run_at_once(jobs, part):
    assert default_memory_gb(jobs) == pytest.approx(default_memory_gb(1) * part)


def test_memory_is_that_of_the_process_and_all_below_it():
    alone = memory_bytes(os.getpid())
    held = "import time; kept = bytearray(200_000_000); print(1, flush=True); time.sleep(60)"
    child = subprocess.Popen([sys.executable, "-c", held], stdout=subprocess.PIPE)
    try:
        child.stdout.readline()
        assert memory_bytes(os.getpid()) - alone > 190e6
    finally:
        child.kill()
        child.communicate()


def test_no_limit_is_no_limit():
    assert not Limits()
    assert Limits().passed(os.getpid(), "", 0.0) == ""
