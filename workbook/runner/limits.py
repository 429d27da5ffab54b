"""What one client may take: minutes by the clock, and memory of its process and all processes below it."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import psutil

LOOK_SECONDS: Final = 0.25
SHARE_OF_MACHINE: Final = 0.8
GB: Final = 1e9


@dataclass(frozen=True)
class Limits:
    """None stands for no limit. Memory is looked at four times a second, so a client may pass it for a moment."""

    minutes: float | None = None
    memory_gb: float | None = None

    def __bool__(self) -> bool:
        return self.minutes is not None or self.memory_gb is not None

    def passed(self, process: int, began: float) -> str:
        """The limit that a client's process has passed, as a sentence; empty while it keeps to them.

        `began` is `time.monotonic()` at the client's start.
        """
        if self.minutes is not None and time.monotonic() - began > self.minutes * 60:
            return f"it ran longer than {self.minutes:g} minutes and was stopped (--limit-minutes)."
        if self.memory_gb is not None and tree_bytes(process, least=self.memory_gb * GB) > self.memory_gb * GB:
            return f"it used more than {self.memory_gb:.3g} GB of memory and was stopped (--limit-memory)."
        return ""


def default_memory_gb(jobs: int) -> float:
    """Four fifths of this machine's memory, shared by the clients that run at once."""
    import psutil

    return float(psutil.virtual_memory().total) * SHARE_OF_MACHINE / max(jobs, 1) / GB


def tree(process: int) -> list[psutil.Process]:
    """A process and all below it; those that end meanwhile are left out."""
    import psutil

    with contextlib.suppress(psutil.NoSuchProcess):
        top = psutil.Process(process)
        return [top, *top.children(recursive=True)]
    return []


def tree_bytes(process: int, *, least: float = 0.0) -> float:
    """Memory of a process and all below it, in bytes.

    Resident memory is summed; where the sum passes `least`, pages that processes share are counted once (proportional
    set size, where the system tells it), because kernels forked from one process share most of theirs.
    """
    found = tree(process)
    resident = sum(_read(found, lambda one: float(one.memory_info().rss)))
    if resident <= least:
        return resident
    return sum(_read(found, _proportional))


def _proportional(process: psutil.Process) -> float:
    full = process.memory_full_info()
    return float(getattr(full, "pss", 0) or full.rss)


def _read(processes: Iterable[psutil.Process], figure: Callable[[psutil.Process], float]) -> Iterator[float]:
    import psutil

    for process in processes:
        with contextlib.suppress(psutil.Error):
            yield figure(process)


def kill_tree(process: int) -> None:
    """End a process and all below it at once, and wait until they are gone."""
    import psutil

    found = tree(process)
    for one in found:
        with contextlib.suppress(psutil.Error):
            one.kill()
    psutil.wait_procs(found, timeout=10)
