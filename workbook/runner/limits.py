"""What one client may take: minutes by the clock, and memory of its process and all processes below it."""

from __future__ import annotations

import contextlib
import os
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

    def passed(self, process: int, client: str, began: float) -> str:
        """The limit that a client's process has passed, as a sentence; empty while it keeps to them.

        `client` finds kernels that were forked elsewhere, `began` is `time.monotonic()` at the client's start.
        """
        if self.minutes is not None and time.monotonic() - began > self.minutes * 60:
            return f"it ran longer than {self.minutes:.3g} minutes and was stopped (--limit-minutes)."
        if (
            self.memory_gb is not None
            and memory_bytes(process, client, least=self.memory_gb * GB) > self.memory_gb * GB
        ):
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


def of_client(process: int, client: str) -> list[psutil.Process]:
    """A worker with all below it, and kernels of its client that a process of ours forked for it.

    A kernel works in `.work/<client>/…`, which no other client's does.
    """
    import psutil

    own = tree(process)
    place = f"{os.sep}.work{os.sep}{client}{os.sep}"
    known = {one.pid for one in own}
    for one in tree(os.getpid())[1:] if client else []:
        with contextlib.suppress(psutil.Error):
            if one.pid not in known and place in one.cwd() + os.sep:
                own.append(one)
    return own


def memory_bytes(process: int, client: str = "", *, least: float = 0.0) -> float:
    """Memory of a client's processes, in bytes.

    Resident memory is summed; where the sum passes `least`, pages that processes share are counted once (proportional
    set size, where the system tells it), because kernels forked from one process share most of theirs.
    """
    found = of_client(process, client)
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


def kill_tree(process: int, client: str = "") -> None:
    """End a client's processes at once, and wait until they are gone."""
    import psutil

    found = of_client(process, client)
    for one in found:
        with contextlib.suppress(psutil.Error):
            one.kill()
    psutil.wait_procs(found, timeout=10)
