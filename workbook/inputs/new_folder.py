"""`workbook new`: a client folder with the header and an example row of every table, and client.yml explained."""

from __future__ import annotations

import csv
import io
import os
import re
from importlib.resources import files
from pathlib import Path

from workbook.errors import BadArgument
from workbook.inputs.contract import Table, tables
from workbook.inputs.words import shown
from workbook.settings import is_slug

README = """# {name}

One client. Nothing outside this folder belongs to the client, and a run never writes into it.

1. Fill in `client.yml`.
2. Replace the example row of each table by the client's data, or remove the tables you do not have: what needs them
   will say `insufficient data` and what to ask for. CSV, XLSX (a sheet or a file a table) and Parquet are read.
3. Columns may keep the client's names: state them under `columns` in `client.yml`.
4. `workbook check {folder}` reports every problem at once; `workbook run {folder}` runs the diagnostic.

Give people pseudonyms before the files come here, where you can. Empty cells are missing; `NA` and `-` are text.

| file | holds | key |
|---|---|---|
{rows}
| programmes.yml | changes to the shipped programmes | |
"""
PROGRAMMES = """# Changes to shipped programmes, or programmes of the client's own; each needs a source. The rest stays.
# Example:
#
# manager_essentials:
#   money_per_participant: 1200
#   source: offer of 2025-11-03
"""


def scaffold(folder: str | os.PathLike[str]) -> None:
    """Write a new client folder. Raises BadArgument if it exists and is not empty."""
    path = Path(folder)
    if path.exists() and (not path.is_dir() or any(path.iterdir())):
        raise BadArgument(f"{folder} exists and is not empty. Name a new folder.")
    client = client_name(path)
    path.mkdir(parents=True, exist_ok=True)
    template = (files("workbook.inputs") / "client_template.yml").read_text(encoding="utf-8")
    name = client.replace("-", " ").title()
    _write(path / "client.yml", template.replace("CLIENT_NAME", name).replace("CLIENT", client))
    _write(path / "programmes.yml", PROGRAMMES)
    _write(path / "README.md", readme(path.name or client, name))
    for table in tables().values():
        _write(path / f"{table.name}.csv", example_csv(table))


def client_name(path: Path) -> str:
    """A client's short name from the folder's; raises BadArgument if it cannot be made into one."""
    spelled = re.sub(r"[\s_.]+", "-", path.resolve().name.lower()).strip("-")
    if not is_slug(spelled):
        remedy = "Use 1 to 40 lower-case letters, digits and inner hyphens."
        raise BadArgument(f"{shown(path.name)} cannot name a client. {remedy}")
    return spelled


def example_csv(table: Table) -> str:
    """Header and one example row; changes to assumptions have none, since an example would count."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(table.names)
    if not table.settings:
        writer.writerow([column.example for column in table.columns])
    return text.getvalue()


def readme(folder: str, name: str) -> str:
    """The folder's README with a line for each table."""
    rows = "\n".join(f"| {t.name}.csv | {t.description} | {', '.join(t.key)} |" for t in tables().values())
    return README.format(name=name, folder=folder, rows=rows)


def _write(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8", newline="\n")
