"""Tiny clients, each with a marker of its own, and notebooks that show what the client is called."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from tests.runner.tiny import PARAMETERS, write_notebook
from tests.runner.tiny_results import CELL
from workbook.inputs import scaffold
from workbook.runner.notebooks import NOTEBOOKS

KEPT = ("client.yml", "employees.csv")
SHOWS = """\
import json
shown = json.load(open(evidence_path))["settings"]["name"]
print(shown)
open("beside.txt", "w").write(shown)
"""


def marker(number: int) -> str:
    """A word that stands nowhere else."""
    return f"Marker{number:04d}Quartz"


def write_clients(home: Path, numbers: Sequence[int]) -> list[str]:
    """Client folders of one small table, each named by its marker."""
    folders = []
    for number in numbers:
        folder = home / f"client-{number:04d}"
        scaffold(folder)
        for path in folder.iterdir():
            if path.name not in KEPT:
                path.unlink()
        settings = folder / "client.yml"
        lines = [line for line in settings.read_text().splitlines() if not line.startswith("name:")]
        settings.write_text("\n".join([*lines, f"name: {marker(number)}", ""]))
        folders.append(str(folder))
    return folders


def write_notebooks(folder: Path) -> Path:
    """Six notebooks that print the client's name and leave a file beside themselves."""
    folder.mkdir()
    for name, stage in NOTEBOOKS.items():
        write_notebook(folder / f"{name}.ipynb", SHOWS, CELL.format(stage=stage), parameters=PARAMETERS)
    return folder


def holding(root: Path, word: str) -> set[str]:
    """First folder below `root` (and the one below `.work`) of every file that holds the word in name or bytes."""
    found = set()
    for path in root.rglob("*"):
        if path.is_file() and (word in path.name or word.encode() in path.read_bytes()):
            parts = path.relative_to(root).parts
            found.add(parts[1] if parts[0] == ".work" else parts[0])
    return found
