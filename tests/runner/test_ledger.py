"""The ledger remembers, is made anew when lost, and is never the source of truth."""

from __future__ import annotations

import datetime as dt
import os
import sqlite3
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from tests.runner.published import publish_client
from workbook.__main__ import main
from workbook.runner.failures import keep_failure
from workbook.runner.ledger import Ledger, ledger_file
from workbook.runner.report import RunReport
from workbook.runner.status import status

TODAY = dt.date(2026, 4, 1)
FAILED = RunReport(
    "clients/beta", "beta", "failed", message="week2: no such unit", kind="run", attempts=2,
    began="2026-03-02T09:00:00Z", seconds=4.0,
)  # fmt: skip
ADDS = """\
import sys
from pathlib import Path
from workbook.runner.ledger import Ledger
from workbook.runner.report import RunReport
with Ledger.open(Path(sys.argv[1])) as ledger:
    for number in range(50):
        ledger.add(RunReport("f", f"{sys.argv[2]}-{number}", "published"), seed=1, draws=2)
"""


def rows(out: Path) -> list[tuple[str, str]]:
    with Ledger.open(out) as ledger:
        return [(row.client, row.outcome) for row in ledger.rows()]


def test_status_says_who_ran_when_with_what_and_where_to_look_for_a_failure(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    publish_client(Path("out"), "acme")
    keep_failure(Path("out"), FAILED)
    with Ledger.open(Path("out")) as ledger:
        ledger.add(FAILED, seed=7, draws=1024)
    lines = status(Path("out"), today=TODAY).splitlines()
    assert [line.split() for line in lines[:4] if "-----" not in line] == [
        ["client", "last", "run", "when", "(UTC)", "took", "tries", "run", "version", "published"],
        ["acme", "published", "2026-03-01", "09:00:00", "12", "s", "1", "0123456789abcdef", "0.1.0", "yes"],
        ["beta", "failed", "2026-03-02", "09:00:00", "4", "s", "2", "-", "0.1.0", "no"],
    ]
    assert lines[4:] == [
        "",
        "2 clients, the last run of 1 failed.",
        "",
        "Failed:",
        "  beta: week2: no such unit (look in out/.work/beta/failed.log)",
    ]


def test_the_log_of_a_failure_holds_the_reason_the_attempts_and_the_trace(tmp_path):
    log = keep_failure(tmp_path, FAILED)
    assert log == tmp_path / ".work" / "beta" / "failed.log"
    said = log.read_text().splitlines()
    assert said[4:8] == ["attempts  2", "kind      run", "", "week2: no such unit"]


@pytest.mark.parametrize("harm", ["missing", "empty", "text", "half", "other tables"])
def test_a_missing_or_damaged_ledger_is_made_anew_from_what_is_published(harm, tmp_path):
    publish_client(tmp_path, "acme")
    publish_client(tmp_path, "beta")
    assert "2 clients, all good." in status(tmp_path, today=TODAY)
    path = ledger_file(tmp_path)
    if harm == "missing":
        path.unlink()
    if harm == "empty":
        path.write_bytes(b"")
    if harm == "text":
        path.write_text("this is no ledger" * 400)
    if harm == "half":
        path.write_bytes(path.read_bytes()[:5000])
    if harm == "other tables":
        path.unlink()
        base = sqlite3.connect(path)
        base.execute("CREATE TABLE runs (x)")
        base.close()
    assert "2 clients, all good." in status(tmp_path, today=TODAY)
    assert rows(tmp_path) == [("acme", "published"), ("beta", "published")]


def test_rebuilding_forgets_past_failures_and_keeps_every_published_run(tmp_path):
    publish_client(tmp_path, "acme")
    with Ledger.open(tmp_path) as ledger:
        ledger.add(FAILED, seed=7, draws=1024)
    assert status(tmp_path, rebuild=True, today=TODAY).splitlines()[-1] == "1 client, all good."
    assert rows(tmp_path) == [("acme", "published")]


def test_two_processes_write_at_once_and_no_row_is_lost(tmp_path):
    command = [sys.executable, "-c", ADDS, str(tmp_path)]
    writers = [subprocess.Popen([*command, name]) for name in ("one", "two")]
    assert [writer.wait(120) for writer in writers] == [0, 0]
    assert sorted(rows(tmp_path)) == sorted((f"{who}-{n}", "published") for who in ("one", "two") for n in range(50))
    base = sqlite3.connect(ledger_file(tmp_path))
    assert base.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    base.close()


def test_a_ledger_that_cannot_be_written_stops_no_run(tmp_path):
    (tmp_path / ".work").mkdir()
    ledger_file(tmp_path).mkdir()
    with Ledger.if_possible(tmp_path, wanted=True) as ledger:
        assert ledger is None


def test_a_published_run_stands_although_the_last_one_failed(tmp_path):
    publish_client(tmp_path, "beta")
    with Ledger.open(tmp_path) as ledger:
        ledger.add(FAILED, seed=7, draws=1024)
    line = next(line for line in status(tmp_path, today=TODAY).splitlines() if line.startswith("beta"))
    assert (line.split()[1], line.split()[-1]) == ("failed", "yes")


def test_a_client_whose_files_are_bad_today_has_failed_today_and_the_one_that_is_good_again_has_not(tmp_path):
    good = RunReport("clients/acme", "acme", "published", began="2026-03-01T09:00:00Z")
    bad = RunReport(
        "clients/acme", None, "refused", message="clients/acme: 1 problem\n  client.yml: no", kind="input",
        began="2026-03-02T09:00:00Z",
    )  # fmt: skip
    with Ledger.open(tmp_path) as ledger:
        ledger.add(good, seed=7, draws=1024)
        ledger.add(bad, seed=7, draws=1024)
    lines = status(tmp_path, today=TODAY).splitlines()
    assert lines[-4] == "1 client, the last run of 1 failed."
    assert lines[-1] == "  acme: 1 problem: client.yml: no (workbook check clients/acme)"
    with Ledger.open(tmp_path) as ledger:
        ledger.add(replace(good, began="2026-03-03T09:00:00Z"), seed=7, draws=1024)
    assert status(tmp_path, today=TODAY).splitlines()[-1] == "1 client, all good."


def test_a_folder_that_could_not_be_read_is_the_client_it_turns_out_to_be(tmp_path):
    bad = RunReport("clients/new", None, "refused", kind="input", began="2026-03-02T09:00:00Z")
    with Ledger.open(tmp_path) as ledger:
        ledger.add(bad, seed=7, draws=1024)
        assert [row.client for row in ledger.last()] == [""]
        ledger.add(
            replace(bad, client="new", outcome="published", kind="", began="2026-03-03T09:00:00Z"), seed=7, draws=1
        )
        assert [(row.client, row.outcome) for row in ledger.last()] == [("new", "published")]


def test_nothing_run_here_ends_with_code_2_and_says_what_to_do(tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert main(["status", "out"]) == 2
    said = "out: nothing was run here. Run a client first: workbook run <client folder>.\n"
    assert capsys.readouterr().err == said
    assert os.listdir(tmp_path) == []
