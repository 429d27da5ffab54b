"""Whether what is published is still what was published, byte for byte; and what to do where it is not."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from workbook.errors import BadArgument
from workbook.runner.ledger import clients_in
from workbook.runner.paths import local_path
from workbook.runner.publish import (
    LINK,
    MADE_FILE,
    RUN_FILE,
    artefacts,
    current_run,
    read_run_file,
    read_sealed,
)

SHOWN: Final = 20


@dataclass(frozen=True)
class Fault:
    """A file of a published run that is not what it was: `what` is changed, missing, added, a link or damaged."""

    file: str
    what: str

    def __str__(self) -> str:
        return f"{self.file} {self.what}"


@dataclass(frozen=True)
class Verified:
    """One client's published runs: how many, how many files, and what is wrong."""

    client: str
    home: Path
    runs: int
    files: int
    faults: tuple[Fault, ...]

    @property
    def sound(self) -> bool:
        """Whether nothing is wrong."""
        return not self.faults


def homes(places: tuple[str, ...]) -> list[Path]:
    """The clients' folders that were named, each alone or by the output folder they are in, once each.

    Raises BadArgument for a folder that holds neither.
    """
    found: dict[Path, None] = {}
    for place in places:
        path = local_path(place, what="published folder")
        inside = [path] if (path / "runs").is_dir() else clients_in(path)
        if not inside:
            raise BadArgument(f"{place}: nothing is published here. Give out/<client>, or the output folder.")
        found |= dict.fromkeys(inside)
    return list(found)


def verify(home: Path) -> Verified:
    """Compare every file of every published run of a client with what its `run.json` says."""
    runs = sorted(path for path in (home / "runs").iterdir() if path.is_dir() and not path.is_symlink())
    faults: list[Fault] = []
    files = 0
    for run in runs:
        present = artefacts(run)
        files += len(present) + 2
        faults += [Fault(f"runs/{run.name}/{name}", what) for name, what in sorted(_differences(run, present).items())]
    if current_run(home) is None:
        faults.append(Fault("current", "names no published run"))
    return Verified(home.name, home, len(runs), files, tuple(faults))


def _differences(run: Path, present: dict[str, str]) -> dict[str, str]:
    """What is wrong with one run folder, by file."""
    found = {name: "is a link and was none" for name, digest in present.items() if digest == LINK}
    if read_sealed(run / MADE_FILE) is None:
        found[MADE_FILE] = "is missing" if not (run / MADE_FILE).is_file() else "was changed"
    record = read_run_file(run)
    if record is None:
        return {**found, RUN_FILE: "is missing" if not (run / RUN_FILE).is_file() else "was changed"}
    written: dict[str, str] = record.get("artefacts", {})
    for name in written.keys() | present.keys():
        if name not in present:
            found[name] = "is missing"
        elif name not in written:
            found[name] = "was added"
        elif written[name] != present[name] and name not in found:
            found[name] = "was changed"
    return found


def said(found: Verified, place: str) -> str:
    """One client's finding, in lines."""
    runs = f"{found.runs} run{'s' if found.runs != 1 else ''}, {found.files} files"
    if found.sound:
        return f"{found.client}: as published ({runs})"
    count = len(found.faults)
    lines = [f"{found.client}: {count} file{'s' if count != 1 else ''} not as published ({runs})"]
    lines += [f"  {fault}" for fault in found.faults[:SHOWN]]
    lines += [f"  and {count - SHOWN} more"] if count > SHOWN else []
    lines.append(
        f"  To rebuild {place}: workbook run <client folder> --out {Path(place).parent}; it leaves out what is whole."
    )
    return "\n".join(lines)
