"""Which client a folder holds and which bytes, without reading its tables: enough to know that nothing changed."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from workbook.inputs.contract import tables
from workbook.inputs.files import near, open_folder, unread_notes
from workbook.inputs.settings_file import FILE, read_settings


@dataclass(frozen=True)
class Identity:
    """The client's name, the SHA-256 of each file that may be read, by file name, and what is noted of others."""

    client: str
    digests: Mapping[str, str]
    notes: tuple[str, ...]


def identify(folder: str | os.PathLike[str]) -> Identity | None:
    """Name and digests of a client folder; None where its files or its settings have a problem."""
    path = Path(folder)
    if not path.is_dir():
        return None
    found = open_folder(path, tables())
    if found.problems or FILE not in found.contents:
        return None
    said = read_settings(found.contents[FILE])
    if said.problems:
        return None
    return Identity(said.settings.client, dict(found.digests), near(unread_notes(found, tables())))
