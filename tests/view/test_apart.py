"""Exact figures computed in a child of the kernel: they come, or are dropped whole when something newer is asked."""

from __future__ import annotations

import asyncio
import os
import signal
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import psutil
import pytest

from tests.builders import company
from tests.view.test_widgets import slider
from workbook.view.apart import Apart
from workbook.view.controls import TROUBLE, Controls, Exactly
from workbook.view.page import Page, open_page

PATIENCE = 30.0


async def until(reached: Callable[[], Any]) -> None:
    end = time.monotonic() + PATIENCE
    while not reached() and time.monotonic() < end:
        await asyncio.sleep(0.005)
    assert reached()


class Heard:
    """What an `Apart` told."""

    def __init__(self, apart: Apart | None = None) -> None:
        self.apart = apart or Apart()
        self.answers: list[bytes] = []
        self.failures: list[str] = []

    def start(self, work: Callable[[], bytes]) -> bool:
        return self.apart.start(work, self.answers.append, self.failures.append)

    async def told(self) -> None:
        await until(lambda: self.answers or self.failures)


def forever() -> bytes:
    time.sleep(600)
    return b"never"


def children() -> list[int]:
    return [child.pid for child in psutil.Process().children() if child.status() != psutil.STATUS_ZOMBIE]


def test_an_answer_of_any_length_comes_whole_and_its_process_is_gone() -> None:
    async def run() -> Heard:
        heard = Heard()
        assert heard.start(lambda: bytes([7]) * 3_000_000)
        assert heard.apart.busy
        await heard.told()
        return heard

    before = children()
    heard = asyncio.run(run())
    assert heard.answers == [bytes([7]) * 3_000_000]
    assert heard.failures == []
    assert not heard.apart.busy
    assert children() == before


def test_what_is_changed_in_the_child_is_not_changed_here() -> None:
    held = [1]

    async def run() -> Heard:
        heard = Heard()
        heard.start(lambda: (held.append(2), str(held).encode())[1])
        await heard.told()
        return heard

    assert asyncio.run(run()).answers == [b"[1, 2]"]
    assert held == [1]


def test_a_newer_wish_ends_the_older_process_and_nothing_of_it_is_heard(tmp_path: Path) -> None:
    def writes_at_last() -> bytes:
        time.sleep(0.3)
        (tmp_path / "done").touch()
        return b"old"

    async def run() -> Heard:
        heard = Heard()
        heard.start(writes_at_last)
        heard.start(lambda: b"new")
        await heard.told()
        await asyncio.sleep(0.5)
        return heard

    before = children()
    assert asyncio.run(run()).answers == [b"new"]
    assert not (tmp_path / "done").exists()
    assert children() == before


def test_what_fails_in_the_child_is_told_with_its_trace() -> None:
    async def run() -> Heard:
        heard = Heard()
        heard.start(lambda: b"%d" % (1 // 0))
        await heard.told()
        return heard

    heard = asyncio.run(run())
    assert heard.answers == []
    assert heard.failures[0].splitlines()[-1] == "ZeroDivisionError: integer division or modulo by zero"


def test_a_child_that_is_killed_is_told() -> None:
    async def run() -> Heard:
        heard = Heard()
        heard.start(lambda: (os.kill(os.getpid(), signal.SIGKILL), b"")[1])
        await heard.told()
        return heard

    assert asyncio.run(run()).failures == ["the process that computed it was ended"]


def test_a_child_that_takes_too_long_is_ended_and_none_is_tried_again() -> None:
    async def run() -> Heard:
        heard = Heard(Apart(longest_seconds=0.2))
        heard.start(forever)
        await heard.told()
        assert not heard.start(lambda: b"again")
        return heard

    before = children()
    said = asyncio.run(run()).failures
    assert said == ["no answer within 0 seconds; from now on nothing is computed apart"]
    assert children() == before


def test_without_a_running_loop_the_caller_computes_by_itself() -> None:
    heard = Heard()
    assert not heard.start(lambda: b"")
    assert (heard.answers, heard.failures, heard.apart.busy) == ([], [], False)


def test_where_the_system_gives_no_process_the_caller_computes_by_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuses() -> int:
        raise BlockingIOError(11, "Resource temporarily unavailable")

    async def run() -> bool:
        return Heard().start(lambda: b"")

    monkeypatch.setattr(os, "fork", refuses)
    descriptors = len(os.listdir("/proc/self/fd"))
    assert asyncio.run(run()) is False
    assert len(os.listdir("/proc/self/fd")) == descriptors


def test_a_child_solves_after_the_solver_ran_here() -> None:
    from scipy.optimize import milp

    def solved() -> bytes:
        found = milp(-np.arange(1.0, 9.0), integrality=np.ones(8), bounds=(0, 1))
        return str(float(found.fun)).encode()

    async def run() -> Heard:
        heard = Heard()
        assert heard.start(solved)
        await heard.told()
        return heard

    here = solved()
    assert asyncio.run(run()).answers == [here]


def asked(controls: Controls, number: int, value: float, *, exact: bool) -> None:
    controls._asked(controls, {"kind": "move", "number": number, "values": {"budget": value}, "exact": exact}, [])


def controls_of(monkeypatch: pytest.MonkeyPatch, compute: Callable[[Any], bytes]) -> tuple[Controls, list[Any]]:
    """Controls, and in order what they showed and sent."""
    seen: list[Any] = []
    exactly = Exactly(compute, lambda values, said: seen.append(("exact", values["budget"], said)))
    controls = Controls([slider()], lambda values, exact: seen.append(("quick", values["budget"])), exactly=exactly)
    monkeypatch.setattr(controls, "send", lambda content, buffers=None: seen.append(content))
    return controls, seen


def done(number: int, message: str = "") -> dict[str, object]:
    return {"kind": "done", "number": number, "message": message}


def test_a_newer_move_is_answered_at_once_and_the_exact_figures_under_way_never_appear(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    controls, seen = controls_of(
        monkeypatch, lambda values: forever() if values["budget"] == slider().low else b"exact figures"
    )

    async def run() -> None:
        asked(controls, 1, slider().low, exact=True)
        assert seen == []
        asked(controls, 2, slider().high, exact=False)
        assert seen == [("quick", slider().high), done(2)]
        asked(controls, 3, slider().high, exact=True)
        await until(lambda: len(seen) > 2)

    before = children()
    asyncio.run(run())
    assert seen[2:] == [("exact", slider().high, b"exact figures"), done(3)]
    assert controls.values == {"budget": slider().high}
    assert children() == before


def test_R77_exact_figures_that_fail_apart_tell_the_reader_the_same_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    controls, seen = controls_of(monkeypatch, lambda values: b"%d" % (1 // 0))

    async def run() -> None:
        asked(controls, 1, slider().low, exact=True)
        await until(lambda: seen)

    asyncio.run(run())
    assert seen == [done(1, TROUBLE)]
    assert controls.values == {"budget": slider().value}


def test_without_a_loop_exact_figures_are_computed_here(monkeypatch: pytest.MonkeyPatch) -> None:
    controls, seen = controls_of(monkeypatch, lambda values: b"")
    asked(controls, 1, slider().low, exact=True)
    assert seen == [("quick", slider().low), done(1)]


@pytest.mark.parametrize(
    ("name", "moved"),
    [
        ("week1", {"growth_per_year": 0.6}),
        ("week2", {"budget": 60_000.0}),
        ("week3", {"cohort": 12.0}),
        ("week4", {"cohort": 12.0}),
    ],
)
def test_figures_computed_apart_are_those_computed_here(name: str, moved: dict[str, float], tmp_path: Path) -> None:
    company().dump(tmp_path / "evidence.json")

    def opened() -> Page:
        return open_page(name, evidence_path=str(tmp_path / "evidence.json"), draws=256)

    here, there, shown = opened(), opened(), opened()
    tiles = shown.tiles()
    here.move(moved, True)
    shown.take(moved, there.exact_parts(moved))
    assert shown.parts == {name: here.parts[name] for name in shown.parts}
    assert shown.scenario == here.scenario
    assert tiles.tiles == here.tiles().tiles
