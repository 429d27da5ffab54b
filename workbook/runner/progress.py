"""Progress on long work: on a terminal a bar for all clients and a line for each that runs; plain lines elsewhere."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Any, Final, TextIO

from workbook.runner.paths import shown
from workbook.runner.report import RunReport
from workbook.runner.run import STEPS

FEW: Final = 5
TELLS: Final = 10
WIDEST_NAME: Final = 40


def time_left(*, seconds: float, steps_done: int, steps_left: int) -> str:
    """How long the steps left will take at the pace so far; empty before the first step is done."""
    if steps_done <= 0 or steps_left <= 0:
        return ""
    left = seconds / steps_done * steps_left
    if left < 60:
        return "under a minute left"
    if left < 5400:
        minutes = round(left / 60)
        return f"about {minutes} minute{'s' if minutes > 1 else ''} left"
    return f"about {left / 3600:.1f} hours left"


def failure_line(report: RunReport) -> str:
    """A failure in one line: who, what, why, and where to look."""
    who = report.client or Path(report.folder).name
    tries = f" after {report.attempts} attempts" if report.attempts > 1 else ""
    reason = report.reason.removeprefix(f"{who}: ")
    said = f": {reason}" if reason != report.outcome else ""
    look = f"look in {shown(report.log)}" if report.log else ""
    if report.kind == "input" and report.client is None:
        look = f"see: workbook check {shown(Path(report.folder))}"
    where = f" ({look})" if look else ""
    return f"{who}: {report.outcome}{tries}{said}{where}"


class Progress:
    """Told of every step and every finished client; writes to standard error so that results can be piped."""

    def __init__(
        self,
        clients: int,
        stream: TextIO | None = None,
        *,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        from tqdm import tqdm

        self._stream = stream or sys.stderr
        self._clients = clients
        self._clock = clock
        self._began: float | None = None
        self._at: dict[str, int] = {}
        self._executed = 0
        self._passed = 0
        self._read = 0
        self._finished = 0
        self._failed = 0
        self._lines = not self._stream.isatty()
        self._running: dict[str, Any] = {}
        self._free: list[int] = []
        self._tqdm = tqdm
        self._bar = tqdm(
            total=clients * len(STEPS),
            file=self._stream,
            disable=self._lines,
            leave=False,
            bar_format="{percentage:3.0f} % |{bar:24}| {desc}",
            dynamic_ncols=True,
        )
        self._show()

    def __enter__(self) -> Progress:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for line in self._running.values():
            line.close()
        self._bar.close()

    def read(self, report: RunReport) -> None:
        """A folder was looked at; none runs before all were."""
        self._read += 1
        if not self._lines:
            left = self._clients - self._read
            self._show() if not left else self._bar.set_description_str(f"reading: {left} of {self._clients} left")
        elif self._clients > FEW and self._read % -(-self._clients // TELLS) == 0:
            self._say(f"read {self._read} of {self._clients} folders")

    def step(self, client: str, step: str) -> None:
        """A client begins a step; after a fault it may begin one for the second time."""
        if self._began is None:
            self._began = self._clock()
        before, number = self._at.get(client, 0), STEPS.index(step) if step in STEPS else 0
        self._executed += max(number - before, 0)
        self._at[client] = max(number, before)
        if not self._lines:
            self._line(client).set_description_str(f"  {client[:WIDEST_NAME]}: {step} ({number + 1} of {len(STEPS)})")
            self._bar.update(max(number - before, 0))
            self._show()
        elif self._clients <= FEW:
            self._say(f"{client}: {step}")

    def done(self, report: RunReport) -> None:
        """A client is finished; a failure is said at once, in one line."""
        before = self._at.pop(report.client or "", 0)
        self._finished += 1
        self._failed += not report.ran
        self._executed += len(STEPS) - before if report.outcome == "published" else 0
        self._passed += len(STEPS)
        if not self._lines:
            self._drop(report.client or "")
            self._bar.update(len(STEPS) - before)
            self._show()
        if not report.ran:
            self._say(self._counted(failure_line(report)))
        elif self._lines:
            took = f" ({report.seconds:.0f} s)" if report.outcome == "published" else ""
            self._say(self._counted(f"{report.client}: {report.outcome}{took}"))

    def left(self) -> str:
        """The time left, in words."""
        seconds = self._clock() - self._began if self._began is not None else 0.0
        ahead = self._clients * len(STEPS) - self._passed - sum(self._at.values())
        return time_left(seconds=seconds, steps_done=self._executed, steps_left=ahead)

    def _counted(self, text: str) -> str:
        """A line with how far the batch is; alone where there is one client."""
        left = self.left() if self._lines else ""
        if self._clients == 1:
            return text
        return f"[{self._finished}/{self._clients}] {text}" + (f" — {left}" if left else "")

    def _say(self, text: str) -> None:
        if self._lines:
            print(text, file=self._stream, flush=True)
        else:
            self._tqdm.write(text, file=self._stream)

    def _show(self) -> None:
        if self._lines:
            return
        failed = f", {self._failed} failed" if self._failed else ""
        left = self.left()
        self._bar.set_description_str(
            f"{self._finished} of {self._clients} client{'s' if self._clients != 1 else ''}{failed}"
            + (f", {left}" if left else "")
        )

    def _line(self, client: str) -> Any:
        """The client's own line below the bar."""
        if client not in self._running:
            place = self._free.pop(0) if self._free else len(self._running) + 1
            self._running[client] = self._tqdm(
                total=0, file=self._stream, position=place, leave=False, bar_format="{desc}", dynamic_ncols=True
            )
        return self._running[client]

    def _drop(self, client: str) -> None:
        line = self._running.pop(client, None)
        if line is not None:
            self._free = sorted([*self._free, -line.pos])
            line.close()
