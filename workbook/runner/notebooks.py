"""Which notebooks a run executes, in which order, and where they are."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import workbook
from workbook.errors import BadArgument

NOTEBOOKS: Final = {
    "start": "start",
    "week1_risk_map": "week1",
    "week2_cost_of_delay": "week2",
    "week3_options": "week3",
    "week4_pilot": "week4",
    "followup_30_60_90": "followup",
}
"""Notebook (file name without .ipynb) and the stage it computes."""


def shipped_notebooks() -> Path:
    """The shipped notebooks: beside the package in a checkout, inside it when installed from a wheel."""
    package = Path(workbook.__file__).resolve().parent
    for folder in (package.parent / "notebooks", package / "_notebooks"):
        if (folder / "start.ipynb").is_file():
            return folder
    raise BadArgument("The notebooks are not with this installation. Install again, or run from a checkout.")


def notebook_paths(folder: Path) -> dict[str, Path]:
    """The six notebooks of a folder by name, in order.

    Raises BadArgument naming those that are missing.
    """
    paths = {name: folder / f"{name}.ipynb" for name in NOTEBOOKS}
    missing = [path.name for path in paths.values() if not path.is_file()]
    if missing:
        raise BadArgument(f"{folder}: no {', '.join(missing)}.")
    return paths
