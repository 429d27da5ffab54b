"""File operations that fail at the k-th: the process ends there, or the call raises, as a disk would.

Counted are the calls that change files below a folder: open for writing, mkdir, rename, link, unlink, rmdir, fsync.
What SQLite does is not seen; a ledger may be lost without harm.
"""

from __future__ import annotations

import builtins
import errno
import io
import os
import pathlib
from collections.abc import Callable
from typing import Any

CRASHED = 86
PATH_CALLS = ("mkdir", "replace", "rename", "symlink", "unlink", "remove", "rmdir", "chmod")
MODES = {"crash": None, "EIO": errno.EIO, "ENOSPC": errno.ENOSPC}


class Shim:
    """Counts operations below `root` and fails the one numbered `at`; with ENOSPC every later one that needs room."""

    def __init__(self, root: pathlib.Path, *, at: int, mode: str) -> None:
        self.root = str(root)
        self.at = at
        self.mode = mode
        self.seen = 0
        self.done: list[str] = []

    def install(self) -> None:
        """Take the place of the calls, for good: use it in a process of its own."""
        for name in PATH_CALLS:
            setattr(os, name, self._counting(name, getattr(os, name)))
        os.fsync = self._counting("fsync", os.fsync, always=True)
        os.open = self._opening(os.open)
        opened = self._opening(io.open)
        builtins.open = io.open = opened

    def _counting(self, name: str, call: Callable[..., Any], *, always: bool = False) -> Callable[..., Any]:
        def counted(*args: Any, **options: Any) -> Any:
            if always or any(self._ours(arg) for arg in args[:2]):
                self._step(name)
            return call(*args, **options)

        return counted

    def _opening(self, call: Callable[..., Any]) -> Callable[..., Any]:
        def counted(path: Any, mode: Any = "r", *args: Any, **options: Any) -> Any:
            writes = any(letter in mode for letter in "wax+") if isinstance(mode, str) else bool(mode & os.O_WRONLY)
            if writes and self._ours(path):
                self._step("open")
            return call(path, mode, *args, **options)

        return counted

    def _ours(self, path: Any) -> bool:
        return isinstance(path, str | os.PathLike) and os.fspath(path).startswith(self.root)

    def _step(self, name: str) -> None:
        self.seen += 1
        self.done.append(name)
        if self.at == 0 or self.seen < self.at:
            return
        number = MODES[self.mode]
        if number is None:
            os._exit(CRASHED)
        needs_room = name in ("open", "mkdir", "symlink", "fsync")
        if self.seen == self.at or (self.mode == "ENOSPC" and needs_room):
            raise OSError(number, os.strerror(number))
