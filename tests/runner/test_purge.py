"""`workbook purge`: nothing of a client is left, and nobody else loses anything."""

from __future__ import annotations

import contextlib
import datetime as dt
import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from tests.runner.published import publish_client
from workbook.__main__ import cli
from workbook.errors import BadArgument
from workbook.runner.failures import keep_failure
from workbook.runner.faults import ClientBusy
from workbook.runner.ledger import Ledger
from workbook.runner.publish import work_folder
from workbook.runner.purge import client_home, expired, purge
from workbook.runner.report import RunReport
from workbook.runner.status import status
from workbook.runner.verify import verify

TODAY = dt.date(2026, 4, 1)


def holding(out: Path, marker: str) -> list[str]:
    """Files below `out` with the marker in their name or bytes."""
    files = [path for path in out.rglob("*") if path.is_file() or path.is_symlink()]
    return [
        path.relative_to(out).as_posix()
        for path in files
        if marker in path.as_posix().removeprefix(str(out)) or (path.is_file() and marker.encode() in path.read_bytes())
    ]


@pytest.fixture
def out(tmp_path) -> Path:
    """Two clients; one has runs, a scenario, a lab copy, a failure, ledger rows and a place in a portfolio."""
    out = tmp_path / "out"
    publish_client(out, "zebra-marker")
    publish_client(out, "zebra-marker", run="fedcba9876543210")
    publish_client(out, "other")
    for name in ("scenarios", "lab"):
        (out / "zebra-marker" / name).mkdir()
        (out / "zebra-marker" / name / "mine.json").write_text("zebra-marker")
    keep_failure(out, RunReport("clients/zebra-marker", "zebra-marker", "failed", message="zebra-marker: broke"))
    with Ledger.open(out) as ledger:
        ledger.sync(out)
        for number in range(40):
            said = f"the zebra-marker said {number}"
            ledger.add(RunReport("z", "zebra-marker", "failed", message=said), seed=1, draws=2)
        ledger.add(RunReport("z", None, "refused", message="zebra-marker again", kind="input"), seed=1, draws=2)
        ledger.add(RunReport("o", "other", "unchanged"), seed=1, draws=2)
    for ending in ("html", "xlsx", "ipynb"):
        (out / f"portfolio.{ending}").write_text("zebra-marker and other")
    return out


def test_R60_nothing_of_a_purged_client_is_left_anywhere_and_the_other_is_whole(out):
    assert len(holding(out, "zebra-marker")) > 10
    done = purge(out, "zebra-marker", reason="asked for", today=TODAY)
    assert (done.runs, done.ledger_rows, done.portfolio) == (2, 43, True)
    assert holding(out, "zebra-marker") == []
    assert sorted(path.name for path in out.iterdir()) == [".work", "deletions.jsonl", "other"]
    assert verify(out / "other").sound
    with Ledger.open(out) as ledger:
        assert {row.client for row in ledger.rows()} == {"other"}


def test_R60_the_deletion_record_says_when_and_why_and_not_whose(out):
    purge(out, "zebra-marker", reason="asked for", today=TODAY)
    record = json.loads((out / "deletions.jsonl").read_text())
    assert record == {
        "deleted": "2026-04-01", "files": 14, "runs": 2, "ledger_rows": 43, "why": "asked for", "version": "0.1.0",
    }  # fmt: skip


def test_R60_a_purge_that_was_interrupted_is_finished_by_the_next(out, monkeypatch):
    def stops(ledger, client):
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr("workbook.runner.purge.Ledger.forget", stops)
        with pytest.raises(KeyboardInterrupt):
            purge(out, "zebra-marker", reason="asked for", today=TODAY)
    assert not (out / "zebra-marker").exists()
    assert client_home(str(out / "zebra-marker")) == (out, "zebra-marker")
    purge(out, "zebra-marker", reason="asked for", today=TODAY)
    assert holding(out, "zebra-marker") == []


def test_R60_a_client_that_is_being_run_is_not_purged(out):
    with work_folder(out, "zebra-marker"), pytest.raises(ClientBusy):
        purge(out, "zebra-marker", reason="asked for", today=TODAY)
    assert verify(out / "zebra-marker").sound


def test_R60_a_run_that_begins_as_the_purge_gives_up_its_lock_keeps_its_work_folder(out, monkeypatch):
    whole = Path.rmdir
    with contextlib.ExitStack() as run:

        def begins(folder: Path) -> None:
            if folder == out / ".work" / "zebra-marker":
                (run.enter_context(work_folder(out, "zebra-marker")) / "figures").write_text("new")
            whole(folder)

        monkeypatch.setattr(Path, "rmdir", begins)
        purge(out, "zebra-marker", reason="asked for", today=TODAY)
        monkeypatch.undo()
        kept = [path.read_text() for path in (out / ".work" / "zebra-marker").glob("*/figures")]
        assert kept == ["new"]
        with pytest.raises(ClientBusy), work_folder(out, "zebra-marker"):
            raise AssertionError("both ran")


def test_R61_a_retention_date_that_has_passed_is_told_and_acted_on(tmp_path):
    out = tmp_path / "out"
    publish_client(out, "late", retain_until="2026-03-31")
    publish_client(out, "last-day", retain_until="2026-04-01")
    publish_client(out, "open-end")
    assert expired(out, TODAY) == [(out / "late", dt.date(2026, 3, 31))]
    assert status(out, today=TODAY).splitlines()[-1] == "  late: to be kept until 2026-03-31"
    past = tmp_path / "past"
    publish_client(past, "overdue-marker", retain_until="2020-03-31")
    publish_client(past, "open-end")
    done = CliRunner().invoke(cli, ["purge", "--expired", str(past), "--yes"])
    assert done.output == "overdue-marker: 6 files of 1 run and 0 ledger rows deleted.\n"
    assert holding(past, "overdue-marker") == []
    assert CliRunner().invoke(cli, ["purge", "--expired", str(past)]).output == (
        "No client's retention date has passed.\n"
    )


def test_R61_the_date_in_client_yml_reaches_the_record_of_the_run(tmp_path):
    from workbook.inputs import read_client, scaffold

    scaffold(tmp_path / "acme")
    path = tmp_path / "acme" / "client.yml"
    path.write_text(path.read_text() + "\nprivacy: {retain_until: 2027-12-31}\n")
    assert read_client(tmp_path / "acme").settings.privacy.retain_until == dt.date(2027, 12, 31)


def test_without_yes_it_asks_and_a_no_deletes_nothing(out):
    asked = CliRunner().invoke(cli, ["purge", str(out / "other")], input="n\n")
    assert asked.output.startswith("Delete everything that was made of other? This cannot be undone. [y/N]: n\n")
    assert verify(out / "other").sound


def test_only_a_clients_own_output_can_be_named(out, tmp_path):
    (tmp_path / "clients" / "acme").mkdir(parents=True)
    (tmp_path / "link").symlink_to(out / "other")
    with pytest.raises(BadArgument, match="nothing of a client is here"):
        client_home(str(tmp_path / "clients" / "acme"))
    with pytest.raises(BadArgument, match="this is a link"):
        client_home(str(tmp_path / "link"))
