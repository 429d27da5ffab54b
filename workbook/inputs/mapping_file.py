"""`workbook check --write-mapping`: save the proposed columns in client.yml, leaving every other line as it is."""

from __future__ import annotations

import os
import re
from pathlib import Path

from workbook.errors import BadArgument
from workbook.inputs.report import CheckReport
from workbook.inputs.settings_file import FILE
from workbook.inputs.yaml_text import read_yaml

Proposed = dict[str, dict[str, str]]


def write_mapping(folder: str | os.PathLike[str], report: CheckReport) -> Proposed:
    """Add `report.proposed` under `columns:` in client.yml; returns what was added.

    The new text is read back before it replaces the old: it must say what the old one said and the proposal, nothing
    else. Raises BadArgument when client.yml cannot be extended so; the message holds the lines to add by hand.
    """
    proposed = report.proposed
    if not proposed:
        return {}
    path = Path(folder) / FILE
    if path.is_symlink() or not path.is_file():
        raise BadArgument(f"{path} is not a file of the client folder, so the mapping is not saved.")
    content = path.read_bytes()
    before = read_yaml(content, FILE)
    if before.problems or not isinstance(before.data, dict):
        raise BadArgument("client.yml has problems; mend them before the mapping is saved.")
    text = content.decode("utf-8")
    after = with_columns(text, proposed)
    wanted = _merged(before.data, proposed)
    if read_yaml(after.encode(), FILE).data != wanted:
        lines = "\n".join(block({"columns": proposed}, 0))
        raise BadArgument(f"client.yml cannot take the mapping without other changes. Add it by hand:\n{lines}")
    beside = path.with_name(f".{FILE}.new")
    beside.write_bytes(after.encode())
    beside.replace(path)
    return proposed


def with_columns(text: str, proposed: Proposed) -> str:
    """`text` of client.yml with lines for the proposed columns added."""
    end = "\r\n" if "\r\n" in text else "\n"
    lines = text.splitlines()
    start = next((i for i, line in enumerate(lines) if re.match(r"columns\s*:", line)), None)
    if start is None:
        added = (
            ["", *block({"columns": proposed}, 0)] if lines and lines[-1].strip() else block({"columns": proposed}, 0)
        )
        return end.join([*lines, *added]) + end
    rest = lines[start].split(":", 1)[1].split(" #")[0].strip()
    if rest in {"{}", ""} and not _children(lines, start):
        lines[start : start + 1] = block({"columns": proposed}, 0)
        return end.join(lines) + end
    for table, columns in reversed(list(proposed.items())):
        _add_table(lines, start, table, columns)
    return end.join(lines) + end


def _children(lines: list[str], start: int) -> list[int]:
    """Lines that stand under the key of line `start`."""
    depth = _indent(lines[start])
    under = []
    for i in range(start + 1, len(lines)):
        if not lines[i].strip() or lines[i].lstrip().startswith("#"):
            continue
        if _indent(lines[i]) <= depth:
            break
        under.append(i)
    return under


def _add_table(lines: list[str], start: int, table: str, columns: dict[str, str]) -> None:
    under = _children(lines, start)
    depth = _indent(lines[under[0]]) if under else 2
    for i in under:
        if _indent(lines[i]) == depth and re.match(rf"\s*['\"]?{re.escape(table)}['\"]?\s*:\s*(#.*)?$", lines[i]):
            inner = _children(lines, i)
            inside = _indent(lines[inner[0]]) if inner else depth + 2
            lines[i + 1 : i + 1] = block(columns, inside)
            return
    lines[start + 1 : start + 1] = block({table: columns}, depth)


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip(" "))


def block(data: dict, depth: int) -> list[str]:
    """Lines of YAML for nested groups of text, every text in quotes."""
    lines = []
    for key, value in data.items():
        if isinstance(value, dict):
            lines += [f"{' ' * depth}{key}:", *block(value, depth + 2)]
        else:
            lines.append(f"{' ' * depth}{key}: {_quoted(value)}")
    return lines


def _quoted(text: str) -> str:
    if text.isprintable():
        return "'" + text.replace("'", "''") + "'"
    escaped = text.encode("unicode_escape").decode("ascii").replace('"', '\\"')
    return f'"{escaped}"'


def _merged(data: dict, proposed: Proposed) -> dict:
    columns = {table: dict(names or {}) for table, names in (data.get("columns") or {}).items()}
    for table, names in proposed.items():
        columns.setdefault(table, {}).update(names)
    return {**data, "columns": columns}
