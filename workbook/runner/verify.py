"""Whether what is published is still what was published, byte for byte; and what to do where it is not."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Final

from workbook.errors import BadArgument
from workbook.runner.paths import local_path
from workbook.runner.publish import (
    LINK,
    MADE_FILE,
    RUN_FILE,
    UNREADABLE,
    artefacts,
    current_run,
    misplaced,
    read_run_file,
    read_sealed,
)
from workbook.settings import is_slug

SHOWN: Final = 20
CANNOT: Final = "cannot be read"


@dataclass(frozen=True)
class Fault:
    """A file of a published run that is not what it was, and what is wrong with it."""

    file: str
    what: str

    def __str__(self) -> str:
        return f"{self.file} {self.what}"


@dataclass(frozen=True)
class Verified:
    """One client's published runs: how many, how many files, and what is wrong.

    The next run mends what is `rebuilt`: all but the faults of `earlier` runs, the ones that are not current.
    """

    client: str
    home: Path
    runs: int
    files: int
    faults: tuple[Fault, ...]
    rebuilt: bool = False
    earlier: tuple[str, ...] = ()

    @property
    def sound(self) -> bool:
        """Whether nothing is wrong."""
        return not self.faults


def homes(places: tuple[str, ...]) -> list[Path]:
    """The clients' folders that were named, each alone or by the output folder they are in, once each.

    A folder whose runs were removed is a client's by the `current` it still holds; one that is gone altogether is not
    known here. Raises BadArgument for a folder that holds nothing of ours.
    """
    found: dict[Path, None] = {}
    for place in places:
        path = local_path(place, what="published folder")
        inside = [path] if os.path.isdir(path / "runs") else _clients(path)
        if not inside and os.path.lexists(path / "current"):
            inside = [path]
        if not inside:
            raise BadArgument(f"{place}: nothing is published here. Give out/<client>, or the output folder.")
        found |= dict.fromkeys(inside)
    return list(found)


def _clients(out: Path) -> list[Path]:
    """The clients' folders in an output folder, by name; one that cannot be read is taken for one by its name."""
    if not os.path.isdir(out):
        return []
    folders = (path for path in out.iterdir() if not path.name.startswith(".") and not os.path.islink(path))
    return sorted(filter(_is_home, folders))


def _is_home(path: Path) -> bool:
    try:
        names = os.listdir(path)
    except NotADirectoryError:
        return False
    except OSError:
        return is_slug(path.name)
    return os.path.isdir(path / "runs") or "current" in names


def verify(home: Path) -> Verified:
    """Compare every file of every published run of a client with what its `run.json` says."""
    runs, faults = _runs(home)
    current = current_run(home)
    if current is None and not faults:
        faults.append(Fault("current", "names no published run"))
    rebuilt = bool(faults)
    files = 0
    found: list[Fault] = []
    earlier: list[str] = []
    for run in runs:
        present = artefacts(run)
        files += len(present) + 2
        wrong = _differences(run, present)
        found += [Fault(f"runs/{run.name}/{name}".rstrip("/"), what) for name, what in sorted(wrong.items())]
        if wrong and current not in (None, run):
            earlier.append(run.name)
        elif wrong:
            rebuilt = True
    return Verified(home.name, home, len(runs), files, (*found, *faults), rebuilt=rebuilt, earlier=tuple(earlier))


def _runs(home: Path) -> tuple[list[Path], list[Fault]]:
    """The folders of a client's runs, and what keeps us from knowing them."""
    place = home / "runs"
    if os.path.islink(place):
        return [], [Fault("runs", "is a link and was none")]
    try:
        names = sorted(os.listdir(place))
    except FileNotFoundError:
        return [], [Fault("runs", "is missing: nothing is published")]
    except OSError:
        return [], [Fault("runs", CANNOT)]
    return [run for run in (place / name for name in names) if not os.path.islink(run) and not os.path.isfile(run)], []


def _differences(run: Path, present: dict[str, str]) -> dict[str, str]:
    """What is wrong with one run folder, by file."""
    record = read_run_file(run)
    written: dict[str, str] = present if record is None else record.get("artefacts", {})
    names = written.keys() | present.keys()
    found = {name: what for name in names if (what := _compared(name, written, present))}
    if read_sealed(run / MADE_FILE) is None:
        found[MADE_FILE] = _harm(run / MADE_FILE)
    if record is None:
        found[RUN_FILE] = _harm(run / RUN_FILE)
    elif whose := misplaced(run, record):
        found[RUN_FILE] = f"is of {whose}"
    return found


def _compared(name: str, written: dict[str, str], present: dict[str, str]) -> str:
    """What is wrong with one file; nothing for a folder that cannot be read, as each file in it is told."""
    digest = present.get(name)
    if digest is None:
        folders = ("", *map(str, PurePosixPath(name).parents))
        return CANNOT if any(present.get(folder) == UNREADABLE for folder in folders) else "is missing"
    if digest == UNREADABLE:
        inside = f"{name}/" if name else ""
        return "" if any(other.startswith(inside) for other in written if other != name) else CANNOT
    if name not in written:
        return "was added"
    if digest == LINK:
        return "is a link and was none"
    return "" if written[name] == digest else "was changed"


def _harm(path: Path) -> str:
    """What is wrong with a record that does not read as it was written."""
    try:
        path.read_bytes()
    except FileNotFoundError:
        return "is missing"
    except OSError:
        return CANNOT
    return "was changed"


def said(found: Verified, place: str) -> str:
    """One client's finding, in lines."""
    runs = f"{found.runs} run{'s' if found.runs != 1 else ''}, {found.files} files"
    if found.sound:
        return f"{found.client}: as published ({runs})"
    count = len(found.faults)
    lines = [f"{found.client}: {count} file{'s' if count != 1 else ''} not as published ({runs})"]
    lines += [f"  {fault}" for fault in found.faults[:SHOWN]]
    lines += [f"  and {count - SHOWN} more"] if count > SHOWN else []
    return "\n".join([*lines, *(f"  {line}" for line in _remedies(found, place))])


def _remedies(found: Verified, place: str) -> list[str]:
    """What to do about it, a line each."""
    lines = []
    if any(fault.what == CANNOT for fault in found.faults):
        lines.append(
            "What cannot be read may belong to another user: verify as that user. If not, look after the disk."
        )
    if found.rebuilt:
        lines.append(
            f"To rebuild {place}: workbook run <client folder> --out {Path(place).parent}; it leaves out what is whole."
        )
    if found.earlier:
        folders = ", ".join(f"{place}/runs/{run}" for run in found.earlier)
        lines.append(f"A run that is not current is not made again. Delete its folder: {folders}")
    return lines
