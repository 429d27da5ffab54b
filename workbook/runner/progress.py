"""Progress on long work: one bar on a terminal, plain lines elsewhere."""

from __future__ import annotations

import sys
from types import TracebackType
from typing import TextIO

from workbook.runner.report import RunReport
from workbook.runner.run import STEPS


class Progress:
    """Told of every step and every finished client; writes to standard error so that results can be piped."""

    def __init__(self, clients: int, stream: TextIO | None = None) -> None:
        from tqdm import tqdm

        self._stream = stream or sys.stderr
        self._lines = not self._stream.isatty()
        self._bar = tqdm(total=clients * len(STEPS), file=self._stream, disable=self._lines, unit="step", leave=False)

    def __enter__(self) -> Progress:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._bar.close()

    def step(self, client: str, step: str) -> None:
        """A client begins a step."""
        if self._lines:
            print(f"{client}: {step}", file=self._stream, flush=True)
        else:
            self._bar.set_description(f"{client}: {step}")
            self._bar.update()

    def done(self, report: RunReport) -> None:
        """A client is finished; a failure is said at once, in one line."""
        if report.ran and self._lines:
            print(f"{report.client}: {report.outcome}", file=self._stream, flush=True)
        if not report.ran:
            self._bar.clear()
            print(f"{report.client or report.folder}: {report.outcome}", file=self._stream, flush=True)
