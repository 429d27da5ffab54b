"""Work in a forked child of the kernel, which is killed when a newer wish arrives: nobody waits for what is outdated.

```
slider rests ──► kernel ── fork ──► child computes ── bytes through a pipe ──► kernel's loop ──► done(bytes)
slider moves ──► kernel kills the child and answers at once; what the child had so far is never seen
```

On Linux only, and only inside a running event loop, as a kernel's is; elsewhere `start` says no, and the caller
computes by itself. A child touches neither sockets nor output of the kernel, and ends with it.
"""

from __future__ import annotations

import asyncio
import contextlib
import ctypes
import io
import os
import signal
import sys
import traceback
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, NoReturn

LONGEST_SECONDS: Final = 60.0
_DIE_WITH_PARENT: Final = 1
_ANSWER, _FAILURE = b"+", b"-"
_SOLVER: Final = "scipy.optimize._highspy._core"
_PIECE: Final = 1 << 20

Work = Callable[[], bytes]


@dataclass
class _Child:
    """A child under way: its process, the end of the pipe it writes to, what it has written, and its last moment."""

    pid: int
    pipe: int
    said: bytearray
    done: Callable[[bytes], None]
    failed: Callable[[str], None]
    late: asyncio.TimerHandle | None = None


class Apart:
    """At most one child at a time. A newer `start` or `abandon` ends it, and its answer with it."""

    def __init__(self, longest_seconds: float = LONGEST_SECONDS) -> None:
        self.longest_seconds = longest_seconds
        self.trusted = sys.platform == "linux"
        """Whether work is put into children; no more once one was killed because it took too long."""
        self._child: _Child | None = None
        self._loop: asyncio.AbstractEventLoop | None = None

    @property
    def busy(self) -> bool:
        """Whether a child is computing."""
        return self._child is not None

    def start(self, work: Work, done: Callable[[bytes], None], failed: Callable[[str], None]) -> bool:
        """Compute `work()` in a child; later, on this loop, `done` gets its bytes or `failed` what went wrong.

        False, and nothing happens, where no child can be had: the caller then computes by itself.
        """
        self.abandon()
        try:
            self._loop = asyncio.get_running_loop()
        except RuntimeError:
            return False
        if not self.trusted or not _solver_rests():
            return False
        reading, writing = os.pipe()
        try:
            pid = _fork()
        except OSError:
            os.close(reading)
            os.close(writing)
            return False
        if pid == 0:
            os.close(reading)
            _compute_and_end(work, writing)
        os.close(writing)
        os.set_blocking(reading, False)
        self._child = _Child(pid, reading, bytearray(), done, failed)
        self._child.late = self._loop.call_later(self.longest_seconds, self._too_late)
        self._loop.add_reader(reading, self._hear)
        return True

    def abandon(self) -> None:
        """End the child, if there is one; nothing of it is ever heard."""
        child, self._child = self._child, None
        if child is None:
            return
        assert self._loop is not None
        assert child.late is not None
        child.late.cancel()
        self._loop.remove_reader(child.pipe)
        os.close(child.pipe)
        with contextlib.suppress(ProcessLookupError):
            os.kill(child.pid, signal.SIGKILL)
        with contextlib.suppress(ChildProcessError):
            os.waitpid(child.pid, 0)

    def _hear(self) -> None:
        child = self._child
        assert child is not None
        with contextlib.suppress(BlockingIOError):
            while piece := os.read(child.pipe, _PIECE):
                child.said += piece
            self.abandon()
            said = bytes(child.said)
            if said[:1] == _ANSWER:
                child.done(said[1:])
            else:
                child.failed(said[1:].decode(errors="replace") or "the process that computed it was ended")

    def _too_late(self) -> None:
        child = self._child
        assert child is not None
        self.trusted = False
        self.abandon()
        child.failed(f"no answer within {self.longest_seconds:.0f} seconds; from now on nothing is computed apart")


def _solver_rests() -> bool:
    """End the threads the solver keeps between its calls: a child would wait for them, and they are not forked.

    False where the solver has no way to; it starts new ones when it is next called.
    """
    solver = sys.modules.get(_SOLVER)
    if solver is None:
        return True
    try:
        solver._Highs.resetGlobalScheduler(True)
    except (AttributeError, TypeError):
        return False
    return True


def _fork() -> int:
    """Fork. Other threads of a kernel (sockets, heartbeat) hold nothing the child uses, so the warning is not shown."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        return os.fork()


def _compute_and_end(work: Work, pipe: int) -> NoReturn:
    """In the child: compute, write, end; no clean-up of the kernel's runs here."""
    try:
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        with contextlib.suppress(OSError, AttributeError):
            ctypes.CDLL(None).prctl(_DIE_WITH_PARENT, signal.SIGKILL)
        sys.stdout = sys.stderr = io.StringIO()
        try:
            said = _ANSWER + work()
        except Exception:
            said = _FAILURE + traceback.format_exc().encode(errors="replace")
        with open(pipe, "wb", closefd=False) as file:
            file.write(said)
    finally:
        os._exit(0)
