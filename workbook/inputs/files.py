"""What lies in a client folder: which file holds which table; nothing outside the folder is ever read."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from pathlib import Path

from workbook.errors import Problem
from workbook.inputs.words import nearest

TEXT_ENDINGS = (".csv", ".tsv", ".txt")
TABLE_ENDINGS = (*TEXT_ENDINGS, ".xlsx", ".parquet")
KNOWN_OTHERS = {"client.yml", "programmes.yml", "readme.md", "evidence.json"}
LARGEST_FILE_BYTES = 2_000_000_000


@dataclass
class Folder:
    """Contents of a client folder by file name, digests of what was read, and problems met."""

    path: Path
    contents: dict[str, bytes] = field(default_factory=dict)
    digests: dict[str, str] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    unread: list[str] = field(default_factory=list)


def open_folder(path: Path, tables: Collection[str]) -> Folder:
    """Read the files of a client folder that may hold settings or tables."""
    folder = Folder(path)
    root = path.resolve()
    for entry in sorted(path.iterdir(), key=lambda entry: entry.name):
        name = entry.name
        if name.startswith((".", "~$")):
            continue
        wanted = _wanted(name, tables)
        if entry.is_symlink() and not _inside(entry, root):
            what = "The file is a link that points outside the client folder."
            folder.problems.append(Problem(name, None, None, what, "Put the file itself into the folder."))
        elif not wanted:
            folder.unread.append(name)
        elif not entry.is_file():
            folder.problems.append(Problem(name, None, None, "This is not a file.", "Put the table here as a file."))
        elif entry.stat().st_size > LARGEST_FILE_BYTES:
            folder.problems.append(
                Problem(name, None, None, "The file is larger than 2 GB.", "Split it or leave rows out.")
            )
        else:
            _read(entry, folder)
    return folder


def _wanted(name: str, tables: Collection[str]) -> bool:
    stem, ending = split_name(name)
    if name.lower() in {"client.yml", "programmes.yml"}:
        return True
    return ending == ".xlsx" or (ending in TABLE_ENDINGS and stem in tables)


def split_name(name: str) -> tuple[str, str]:
    """Lower-case stem and ending of a file name."""
    lower = Path(name.lower())
    return lower.stem, lower.suffix


def _inside(entry: Path, root: Path) -> bool:
    try:
        return entry.resolve().is_relative_to(root)
    except (OSError, RuntimeError):
        return False


def _read(entry: Path, folder: Folder) -> None:
    try:
        if entry.name.lower().endswith(".yml") and entry.stat().st_size > 1_000_000:
            content = b" " * 1_000_001
        else:
            content = entry.read_bytes()
    except OSError as error:
        what = f"The file cannot be opened ({error.strerror})."
        folder.problems.append(Problem(entry.name, None, None, what, "Close it elsewhere and check its permissions."))
        return
    folder.contents[entry.name] = content
    folder.digests[entry.name] = hashlib.sha256(content).hexdigest()


def unread_notes(folder: Folder, tables: Collection[str]) -> tuple[str, ...]:
    """Notes on the files that are not read, by name."""
    return tuple(note for name in sorted(folder.unread) if (note := unread_note(name, tables)))


def near(notes: Iterable[str]) -> tuple[str, ...]:
    """Of these notes, those on names that are nearly a table's: other names may tell of people."""
    return tuple(note for note in notes if note.endswith("?"))


def unread_note(name: str, tables: Collection[str]) -> str | None:
    """A note on a file that is not read, when its name is nearly a table's."""
    if name.lower() in KNOWN_OTHERS:
        return None
    stem, ending = split_name(name)
    near = nearest(stem, [*tables, "client", "programmes"])
    if near is None:
        return f"{name} is not read."
    table_ending = ending if ending in TABLE_ENDINGS else ".csv"
    wanted = near + (".yml" if near in {"client", "programmes"} else table_ending)
    return f"{name} is not read. Did you mean '{wanted}'?"
