"""A client's output folder: one run at a time, worked on aside, published by a rename.

```
out/.work/acme/lock            held while a run of acme is under way
out/.work/acme/<random>/       its work folder, on the same file system
out/acme/runs/<run id>/        written once; made again and found different, it is <run id>-2
out/acme/current -> runs/<run id>
```
A run folder holds `run.json`, which lists every other file with its digest, and `made.json`: when, how long, how many
attempts. All but `made.json` are the same bytes whenever the same run is made again.
"""

from __future__ import annotations

import contextlib
import errno
import hashlib
import itertools
import json
import os
import re
import shutil
import stat
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import IO, Any, Final

from workbook.runner.faults import ClientBusy
from workbook.runner.paths import refuse_linked_output

RUN_FILE: Final = "run.json"
MADE_FILE: Final = "made.json"
SEALED: Final = (RUN_FILE, MADE_FILE)
LINK: Final = "a link"
UNREADABLE: Final = "unreadable"
LOCK: Final = "lock"
LOCK_TRIES: Final = 100
BUSY: Final = frozenset({errno.EWOULDBLOCK, errno.EAGAIN, errno.EACCES})


@contextlib.contextmanager
def work_folder(out: Path, client: str) -> Iterator[Path]:
    """An empty work folder for one run of `client`, alone; removed afterwards, whatever happens.

    What a killed run left there is removed first. Raises ClientBusy when another run of the client is under way, and
    OSError where the file system does not lock files.
    """
    refuse_linked_output(out, client)
    base = out / ".work" / client
    with _lock(base, client):
        for left in base.iterdir():
            if left.is_dir() and not left.is_symlink():
                shutil.rmtree(left)
        work = Path(tempfile.mkdtemp(dir=base))
        try:
            yield work
        finally:
            shutil.rmtree(work, ignore_errors=True)


def _lock(base: Path, client: str) -> IO[str]:
    """The open lock file of a client, held until it is closed; `base` is made where it is missing.

    A purge removes the lock it holds and then `base`, which may happen between any two steps here: a lock on a file
    that is no longer there keeps nobody out and is taken anew.
    """
    place = base / LOCK
    for _ in range(LOCK_TRIES):
        with contextlib.suppress(FileExistsError):
            base.mkdir(parents=True, exist_ok=True)
        with contextlib.suppress(FileNotFoundError), contextlib.ExitStack() as opened:
            lock = opened.enter_context(place.open("a"))
            if not _locked(lock.fileno(), place):
                break
            if os.path.samestat(os.fstat(lock.fileno()), place.stat()):
                opened.pop_all()
                return lock
    raise ClientBusy(f"{client}: another run of this client is under way in this output folder. Wait for it.")


def _locked(descriptor: int, place: Path) -> bool:
    """Take an exclusive lock that the operating system gives back when the process ends; False when another holds it.

    Raises OSError where files cannot be locked at all.
    """
    try:
        if os.name == "nt":
            import msvcrt

            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined,unused-ignore]
        else:
            import fcntl

            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        if error.errno in BUSY:
            return False
        said = (
            f"The file system of the output folder has no working locks ({error.strerror}). "
            "Use an output folder on a local disk, NFS 4, CephFS, Lustre or EFS; this could not be locked"
        )
        raise OSError(error.errno, said, str(place)) from error
    return True


def publish(finished: Path, out: Path, client: str, run: str) -> Path:
    """Move a finished run folder to `runs/<run>` and point `current` at it. Returns the published folder.

    At every moment `current` names a whole folder. A published run with the same bytes stays where it is; one that
    differs, because it was damaged, is left only after `current` points at the new one.
    """
    refuse_linked_output(out, client)
    home = out / client
    runs = home / "runs"
    runs.mkdir(parents=True, exist_ok=True)
    _flush_tree(finished)
    target = whole_run(home, run)
    if target is not None and read_run_file(target) == read_run_file(finished):
        if (finished / MADE_FILE).is_file():
            os.replace(finished / MADE_FILE, target / MADE_FILE)
            _flush(target)
    else:
        target = _free(runs, run)
        os.replace(finished, target)
        _flush(runs)
    point_current(home, target.name)
    _flush(out)
    for superseded in runs_of(home, run):
        if superseded != target:
            os.replace(superseded, finished.parent / f"superseded-{superseded.name}")
    return target


def whole_run(home: Path, run: str, *, key: str | None = None) -> Path | None:
    """The published folder of this content that is byte for byte what it says; None when there is none.

    With `key`, the whole content key must be the same, not only the part of it that names the run.
    """
    found = (path for path in runs_of(home, run) if key is None or (read_run_file(path) or {}).get("key") == key)
    return next(filter(is_whole, found), None)


def runs_of(home: Path, run: str) -> list[Path]:
    """`runs/<run>` of a client and its later versions `<run>-2`, …, as far as they are there."""
    runs = home / "runs"
    found = [path for path in (runs / run, *runs.glob(f"{run}-*")) if os.path.isdir(path) and not os.path.islink(path)]
    return sorted(found, key=lambda path: (len(path.name), path.name))


def _free(runs: Path, run: str) -> Path:
    """The first of `<run>`, `<run>-2`, … that is not taken."""
    names = itertools.chain([run], (f"{run}-{number}" for number in itertools.count(2)))
    return next(path for name in names if not os.path.lexists(path := runs / name))


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

    Only a direct child of `runs/` counts, whatever the link or the pointer file says. An unreadable one names none.
    """
    pointer = home / "current"
    try:
        goal = os.readlink(pointer) if os.path.islink(pointer) else pointer.read_text(encoding="utf-8").strip()
    except (OSError, ValueError):
        return None
    run = home / "runs" / Path(goal).name
    there = Path(goal).parent == Path("runs") and os.path.isdir(run) and not os.path.islink(run)
    return run if there else None


def artefacts(folder: Path, *, strict: bool = False) -> dict[str, str]:
    """SHA-256 of every file of a run folder but `run.json` and `made.json`, by relative path, sorted.

    LINK stands for a link, UNREADABLE for a file or folder that cannot be read ("" is the run folder itself); with
    `strict` the OSError is let out instead.
    """
    found: dict[str, str] = {}
    names = [""]
    while names:
        name = names.pop()
        try:
            seen = _look(folder / name)
        except OSError:
            if strict:
                raise
            seen = UNREADABLE
        if isinstance(seen, str):
            found[name] = seen
        else:
            names += [f"{name}/{each}" if name else each for each in seen if name or each not in SEALED]
    return dict(sorted(found.items()))


def _look(path: Path) -> str | list[str]:
    """The digest of a file, LINK for a link, the names in a folder; what is neither (a socket) holds nothing."""
    mode = os.lstat(path).st_mode
    if stat.S_ISLNK(mode):
        return LINK
    if stat.S_ISDIR(mode):
        return os.listdir(path)
    return file_digest(path) if stat.S_ISREG(mode) else []


def file_digest(path: Path) -> str:
    """SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def write_run_file(folder: Path, record: Mapping[str, Any]) -> None:
    """`run.json`, written last: its presence says that the folder is whole.

    Raises OSError for a file of the folder that cannot be read.
    """
    _write_text(folder / RUN_FILE, sealed({**record, "artefacts": artefacts(folder, strict=True)}))


def write_made_file(folder: Path, record: Mapping[str, Any]) -> None:
    """`made.json`: what differs between two makings of the same run."""
    _write_text(folder / MADE_FILE, sealed(record))


def sealed(record: Mapping[str, Any]) -> str:
    """A record as JSON text that ends with its own SHA-256, so that a changed byte shows."""
    digest = hashlib.sha256(_json(record).encode()).hexdigest()
    return _json({**record, "digest": digest})


def read_sealed(path: Path) -> dict[str, Any] | None:
    """A record written by `sealed`; None when it is missing, unreadable or any byte of it was changed."""
    try:
        text = path.read_bytes().decode("utf-8")
        record = json.loads(text)
    except (OSError, ValueError, RecursionError):
        return None
    if not isinstance(record, dict):
        return None
    said = {key: value for key, value in record.items() if key != "digest"}
    return said if sealed(said) == text else None


def read_run_file(folder: Path) -> dict[str, Any] | None:
    """`run.json` of a published run, or None when it is missing or not what was written."""
    return read_sealed(folder / RUN_FILE)


def is_whole(folder: Path) -> bool:
    """Whether a published run is what was published, byte for byte, and where: `verify` finds nothing wrong with it."""
    record = read_run_file(folder)
    if record is None or misplaced(folder, record) or read_sealed(folder / MADE_FILE) is None:
        return False
    return record.get("artefacts") == artefacts(folder)


def misplaced(folder: Path, record: Mapping[str, Any]) -> str:
    """Whose run a record is of, where `out/<client>/runs/<run>` is not its place; empty where it is."""
    client, run = str(record.get("client")), str(record.get("run"))
    if client != folder.parents[1].name:
        return f"client {client}"
    return "" if re.fullmatch(rf"{re.escape(run)}(-[0-9]+)?", folder.name) else f"run {run}"


def _json(record: Mapping[str, Any]) -> str:
    return json.dumps(record, indent=1, ensure_ascii=False) + "\n"


def _write_text(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8", newline="\n")


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
