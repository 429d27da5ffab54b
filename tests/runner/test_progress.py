"""What a person sees while clients run."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from workbook.runner.progress import Progress, failure_line, time_left
from workbook.runner.report import RunReport
from workbook.runner.run import STEPS


class Terminal(io.StringIO):
    """A stream that says it is a terminal."""

    def isatty(self) -> bool:
        return True


def _run(progress: Progress, client: str, outcome: str = "published", **fields) -> None:
    for step in STEPS:
        progress.step(client, step)
    progress.done(RunReport(f"clients/{client}", client, outcome, seconds=9.4, **fields))


def test_away_from_a_terminal_every_client_is_a_line_and_a_failure_says_why_and_where_to_look(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    stream, ticks = io.StringIO(), iter(range(0, 10_000, 60))
    with Progress(6, stream, clock=lambda: next(ticks)) as progress:
        _run(progress, "acme")
        _run(progress, "beta", "failed", message="week2: no such unit\nmore", attempts=2, log=tmp_path / "out" / "log")
        progress.done(RunReport("clients/none", None, "refused", message="clients/none: no client.yml", kind="input"))
        progress.done(RunReport("clients/gamma", "gamma", "unchanged"))
    assert stream.getvalue().splitlines() == [
        "[1/6] acme: published (9 s) — about 5 minutes left",
        "[2/6] beta: failed after 2 attempts: week2: no such unit (look in out/log) — about 4 minutes left",
        "[3/6] none: refused: no client.yml (see: workbook check clients/none) — about 5 minutes left",
        "[4/6] gamma: unchanged — about 4 minutes left",
    ]


def test_while_folders_are_read_it_says_how_many_are_left():
    stream, terminal = io.StringIO(), Terminal()
    with Progress(20, stream) as lines, Progress(20, terminal) as bar:
        for number in range(20):
            for progress in (lines, bar):
                progress.read(RunReport(f"clients/{number}", f"client-{number}", "unchanged"))
    assert stream.getvalue().splitlines() == [f"read {number} of 20 folders" for number in range(2, 21, 2)]
    assert "reading: 7 of 20 left" in terminal.getvalue()


def test_few_clients_tell_their_steps_too_and_one_alone_is_not_counted():
    stream = io.StringIO()
    with Progress(1, stream) as progress:
        _run(progress, "acme")
    assert stream.getvalue().splitlines() == [*(f"acme: {step}" for step in STEPS), "acme: published (9 s)"]


def test_on_a_terminal_there_is_a_bar_for_all_and_a_line_for_each_that_runs(monkeypatch):
    monkeypatch.setenv("COLUMNS", "120")
    stream = Terminal()
    with Progress(3, stream) as progress:
        progress.step("acme", "measure")
        progress.step("beta", "measure")
        progress.step("acme", "start")
        progress.done(RunReport("clients/beta", "beta", "failed", message="week2: no such unit"))
    said = stream.getvalue()
    assert "  acme: start (2 of 9)" in said
    assert "  beta: measure (1 of 9)" in said
    assert "1 of 3 clients, 1 failed" in said
    assert "beta: failed: week2: no such unit\n" in said


def test_a_step_told_again_after_a_fault_is_not_counted_twice():
    progress = Progress(2, io.StringIO(), clock=lambda: 0.0)
    for step in (*STEPS[:5], *STEPS):
        progress.step("acme", step)
    progress.done(RunReport("clients/acme", "acme", "published"))
    assert progress._executed == len(STEPS)


@pytest.mark.parametrize(
    ("seconds", "done", "left", "said"),
    [
        (10, 0, 90, ""),
        (10, 9, 0, ""),
        (10, 10, 30, "under a minute left"),
        (60, 10, 10, "about 1 minute left"),
        (60, 10, 300, "about 30 minutes left"),
        (60, 10, 1800, "about 3.0 hours left"),
    ],
)
def test_the_time_left_follows_from_the_pace_so_far(seconds, done, left, said):
    assert time_left(seconds=seconds, steps_done=done, steps_left=left) == said


def test_a_refusal_names_the_first_of_its_problems():
    message = "clients/acme: 2 problems to mend before a run\n  client.yml: no key.\n  client.yml: no other."
    report = RunReport("clients/acme", None, "refused", message=message, kind="input")
    assert (
        failure_line(report)
        == "acme: refused: 2 problems to mend before a run: client.yml: no key. (see: workbook check clients/acme)"
    )
    assert failure_line(RunReport("x", "acme", "failed", log=Path("log"))) == "acme: failed (look in log)"
