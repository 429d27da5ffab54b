"""Which paths a run may touch: local ones, and inside the root only."""

from __future__ import annotations

import os
import re
from pathlib import Path

from workbook.errors import BadArgument

_SCHEME = re.compile(r"^[A-Za-z][A-Za-z0-9+.-]+:")


def local_path(text: str | os.PathLike[str], *, what: str) -> Path:
    """An absolute local path, links resolved.

    Raises BadArgument for an address (`s3://…`, `https://…`, `file:…`), standard input (`-`), an empty name, or one
    with a NUL or a line break.
    """
    name = os.fspath(text)
    if not name.strip() or name == "-":
        raise BadArgument(f"{what}: {name!r} is not a path. Give a folder on this machine.")
    if _SCHEME.match(name) or name.startswith(("//", "\\\\")):
        raise BadArgument(f"{what}: {name!r} is an address. Only folders on this machine can be used.")
    if any(ord(character) < 32 for character in name):
        raise BadArgument(f"{what}: {name!r} holds a control character. Rename the folder.")
    return Path(name).resolve()


def refuse_outside_links(root: Path, *, what: str) -> None:
    """Refuse a folder holding a symbolic link that leads out of it; links within it are fine.

    Raises BadArgument naming the link, not its target.
    """
    root = root.resolve()
    for folder, folders, files in os.walk(root):
        for name in (*folders, *files):
            entry = Path(folder) / name
            if entry.is_symlink() and not entry.resolve().is_relative_to(root):
                shown = entry.relative_to(root)
                raise BadArgument(f"{what}: '{shown}' is a link that leads outside the folder. Copy the file instead.")


def refuse_linked_output(out: Path, client: str) -> None:
    """Refuse to write where `out/<client>` or a folder in it is a link that leads elsewhere.

    `current` is ours and is replaced, never followed, so it is not looked at.
    """
    for folder in (out / ".work", out / ".work" / client, out / client, out / client / "runs"):
        if folder.is_symlink():
            shown = folder.relative_to(out)
            raise BadArgument(f"output folder: '{shown}' is a link. Remove it; a run writes only below its own folder.")


def shown(path: Path) -> str:
    """A path as short as it can be typed from here."""
    relative = os.path.relpath(path)
    return str(path) if relative.startswith("..") else relative
