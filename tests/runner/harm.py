"""Harm done to what is published."""

from __future__ import annotations

import builtins
import errno
import io
import os
from pathlib import Path

import pytest


def make_unreadable(patch: pytest.MonkeyPatch, *paths: Path, number: int = errno.EIO) -> None:
    """Files that cannot be opened and folders that cannot be listed, whoever asks."""

    def failing(call):
        def called(path, *args, **options):
            if isinstance(path, str | os.PathLike) and Path(path) in paths:
                raise OSError(number, os.strerror(number), str(path))
            return call(path, *args, **options)

        return called

    for module, name in ((io, "open"), (builtins, "open"), (os, "listdir"), (os, "scandir")):
        patch.setattr(module, name, failing(getattr(module, name)))
