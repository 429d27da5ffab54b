"""A client's output folder: one run at a time, worked on aside, published by a rename.

```
out/.work/acme/lock            held while a run of acme is under way
out/.work/acme/<random>/       its work folder, on the same file system
out/acme/runs/<run id>/        written once
out/acme/current -> runs/<run id>
```
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from workbook.errors import RunFailed
from workbook.runner.paths import refuse_linked_output

RUN_FILE = "run.json"


@contextlib.contextmanager
def work_folder(out: Path, client: str) -> Iterator[Path]:
    """An empty work folder for one run of `client`, alone; removed afterwards, whatever happens.

    What a killed run left there is removed first. Raises RunFailed when another run of the client is under way.
    """
    refuse_linked_output(out, client)
    base = out / ".work" / client
    base.mkdir(parents=True, exist_ok=True)
    with (base / "lock").open("a") as lock:
        if not _locked(lock.fileno()):
            raise RunFailed(f"{client}: another run of this client is under way in this output folder. Wait for it.")
        for left in base.iterdir():
            if left.is_dir() and not left.is_symlink():
                shutil.rmtree(left)
        work = Path(tempfile.mkdtemp(dir=base))
        try:
            yield work
        finally:
            shutil.rmtree(work, ignore_errors=True)


def _locked(descriptor: int) -> bool:
    """Take an exclusive lock that the operating system gives back when the process ends, however it ends."""
    try:
        if os.name == "nt":
            import msvcrt

            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined,unused-ignore]
        else:
            import fcntl

            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def publish(finished: Path, out: Path, client: str, run: str) -> Path:
    """Move a finished run folder to `runs/<run>` and point `current` at it. Returns the published folder.

    A run of the same content that is already there, and was found wanting or is made again, is replaced.
    """
    refuse_linked_output(out, client)
    runs = out / client / "runs"
    runs.mkdir(parents=True, exist_ok=True)
    _flush_tree(finished)
    target = runs / run
    if target.exists():
        os.replace(target, finished.parent / "replaced")
    os.replace(finished, target)
    _flush(runs)
    point_current(out / client, run)
    return target


def point_current(home: Path, run: str) -> None:
    """Swap the relative link `current` to `runs/<run>` in one step; a pointer file where links cannot be made."""
    goal = f"runs/{run}"
    with tempfile.TemporaryDirectory(dir=home, prefix=".current-") as aside:
        fresh = Path(aside) / "current"
        try:
            os.symlink(goal, fresh)
        except OSError:
            fresh.write_text(goal + "\n", encoding="utf-8")
        os.replace(fresh, home / "current")
    _flush(home)


def current_run(home: Path) -> Path | None:
    """The published run folder of `out/<client>`; None when there is none.

    Only a direct child of `runs/` counts, whatever the link or the pointer file says.
    """
    pointer = home / "current"
    if pointer.is_symlink():
        goal = os.readlink(pointer)
    elif pointer.is_file():
        goal = pointer.read_text(encoding="utf-8").strip()
    else:
        return None
    run = home / "runs" / Path(goal).name
    return run if Path(goal).parent == Path("runs") and run.is_dir() and not run.is_symlink() else None


def artefacts(folder: Path) -> dict[str, str]:
    """SHA-256 of every file of a run folder but `run.json`, by relative path, sorted."""
    files = sorted(path for path in folder.rglob("*") if path.is_file() and path != folder / RUN_FILE)
    return {path.relative_to(folder).as_posix(): file_digest(path) for path in files}


def file_digest(path: Path) -> str:
    """SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def write_run_file(folder: Path, record: Mapping[str, Any]) -> None:
    """`run.json`, written last: its presence says that the folder is whole."""
    text = json.dumps({**record, "artefacts": artefacts(folder)}, indent=1, ensure_ascii=False)
    (folder / RUN_FILE).write_text(text + "\n", encoding="utf-8", newline="\n")


def read_run_file(folder: Path) -> dict[str, Any] | None:
    """`run.json` of a published run, or None when it is missing or unreadable."""
    try:
        record = json.loads((folder / RUN_FILE).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return record if isinstance(record, dict) else None


def is_whole(folder: Path) -> bool:
    """Whether a published run holds exactly the files its `run.json` lists, byte for byte."""
    record = read_run_file(folder)
    return record is not None and record.get("artefacts") == artefacts(folder)


def _flush_tree(folder: Path) -> None:
    """Force a folder's files to the disk before it is renamed."""
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            _flush(path)
    for path in [*(entry for entry in folder.rglob("*") if entry.is_dir()), folder]:
        _flush(path)


def _flush(path: Path) -> None:
    """fsync; a folder cannot be opened for it on every system."""
    if path.is_dir() and os.name == "nt":
        return
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
