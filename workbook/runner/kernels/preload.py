"""What the fork server imports, and how it knows that it must start again.

The list is what a kernel that ran the six notebooks was seen to have imported.
"""

from __future__ import annotations

import builtins
import contextlib
import importlib
import importlib.util
import io
import os
import pkgutil
import site
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

MODULES: Final = (
    *("ipykernel.kernelapp", "ipykernel.ipkernel", "ipykernel.debugger"),
    *("IPython.core.completerlib", "IPython.core.debugger", "IPython.core.logger", "IPython.core.oinspect"),
    *("IPython.extensions.storemagic", "IPython.utils.wildcard", "sqlite3", "zmq.utils.garbage"),
    *("tornado.gen", "tornado.locks", "tornado.queues", "tornado.platform.asyncio", "encodings.idna", "statistics"),
    *("numpy.random", "scipy.optimize", "scipy.special", "scipy.stats", "scipy.stats.qmc", "scipy.sparse.csgraph"),
    *("yaml", "babel.numbers", "ipywidgets", "anywidget", "ctypes"),
)
"""vl_convert is not among them: it starts threads, and a process with threads must not fork. A run's kernels, which
leave the drawing to the runner, never need it."""

Stamp = tuple[tuple[str, int, int], ...]

PACKAGES: Final = ("assumptions", "catalogue", "evidence", "model", "results", "scenario", "stages", "view", "weeks")
"""Parts of `workbook` that a notebook reaches. The parts that read clients' records are not among them."""


class _Shell:
    """Stands in for a notebook's shell: pandas, for one, fixes how wide it prints by looking for it when imported."""

    kernel = True


@contextlib.contextmanager
def as_in_a_notebook() -> Iterator[None]:
    """Make `get_ipython` and the output's encoding answer as in a kernel while modules are imported."""
    before = sys.stdout
    builtins.get_ipython = _Shell  # type: ignore[attr-defined]
    sys.stdout = io.TextIOWrapper(io.BytesIO(), encoding="UTF-8")
    try:
        yield
    finally:
        sys.stdout = before
        del builtins.get_ipython  # type: ignore[attr-defined]


def preload(modules: Sequence[str] = ()) -> None:
    """Import these modules, or all a notebook uses, and work out what is the same for every client.

    A part that is missing is left to the kernels.

    A forked kernel has no debugger: runs, pages and tests never ask for one, and it costs every kernel a thread.
    """
    sys.modules.setdefault("debugpy", None)  # type: ignore[arg-type]
    with as_in_a_notebook():
        for name in modules or (*MODULES, *_own()):
            with contextlib.suppress(ImportError):
                importlib.import_module(name)
        if not modules:
            importlib.import_module("workbook.view.warm").warm()


def _own() -> Iterator[str]:
    """The modules of the parts of `workbook` a notebook reaches."""
    for part in PACKAGES:
        name = f"workbook.{part}"
        yield name
        found = importlib.util.find_spec(name)
        for module in pkgutil.walk_packages(found.submodule_search_locations or [] if found else [], f"{name}."):
            yield module.name


def stamp() -> Stamp:
    """Times and sizes of the package's files, and times of the folders packages are installed in."""
    import workbook

    folders = [*site.getsitepackages(), site.getusersitepackages()]
    installed = [(folder, os.stat(folder).st_mtime_ns, 0) for folder in folders if os.path.isdir(folder)]
    own = sorted(_files(Path(workbook.__file__).parent))
    return (*installed, *own)


def _files(folder: Path) -> Iterator[tuple[str, int, int]]:
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.is_dir(follow_symlinks=False):
                if entry.name != "__pycache__":
                    yield from _files(Path(entry.path))
            else:
                seen = entry.stat()
                yield entry.path, seen.st_mtime_ns, seen.st_size


def tasks() -> int:
    """Threads of this process, those of libraries included."""
    return len(os.listdir("/proc/self/task"))


def reseed() -> None:
    """Give a forked process random numbers of its own; Python's and the system's see to themselves."""
    if "numpy.random" in sys.modules:
        sys.modules["numpy"].random.seed()
