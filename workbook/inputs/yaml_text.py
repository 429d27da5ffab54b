"""YAML read as text: every scalar stays the characters that were written.

Tags, anchors and aliases, several documents, duplicate keys, deep nests and large files are refused, so that no value
changes silently (`NO`, `007`, `12:30`) and no file costs more than a moment.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import yaml

from workbook.errors import Problem
from workbook.inputs.words import shown

LARGEST_BYTES = 1_000_000
MOST_ENTRIES = 50_000
DEEPEST = 8
Path = tuple[str, ...]


@dataclass(frozen=True)
class YamlText:
    """What a YAML file says: text, lists and mappings; `lines` gives the line of each path."""

    data: Any = None
    lines: Mapping[Path, int] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()


class _Refused(Exception):
    """Reading cannot go on."""


def read_yaml(content: bytes, file: str) -> YamlText:
    """Read `content` as text-only YAML; faults come back as problems that name the line."""
    if len(content) > LARGEST_BYTES:
        what = f"The file has more than {LARGEST_BYTES:,} bytes."
        return YamlText(problems=(Problem(file, None, None, what, "Keep only settings in it."),))
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        return YamlText(problems=(Problem(file, line, None, "The text is not UTF-8.", "Save the file as UTF-8."),))
    builder = _Builder(file)
    try:
        data = builder.build(text)
    except _Refused:
        data = None
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        builder.refuse_syntax(mark.line + 1 if mark else None, error.problem or "not readable")
        data = None
    except yaml.YAMLError as error:
        builder.refuse_syntax(None, str(error).splitlines()[0])
        data = None
    return YamlText(data, builder.lines, tuple(builder.problems))


class _Builder:
    """Builds plain values from YAML events, watching depth, size, tags, aliases and duplicates."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.lines: dict[Path, int] = {}
        self.problems: list[Problem] = []
        self.entries = 0

    def build(self, text: str) -> Any:
        loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
        self.events: Iterator[Any] = iter(yaml.parse(text, Loader=loader))
        next(self.events)
        if isinstance(next(self.events), yaml.StreamEndEvent):
            return None
        data = self.value(next(self.events), ())
        next(self.events)
        after = next(self.events)
        if not isinstance(after, yaml.StreamEndEvent):
            self.stop(after, "A second document begins here.", "Keep one document, without '---'.")
        return data

    def value(self, event: Any, path: Path) -> Any:
        self.entries += 1
        line = event.start_mark.line + 1
        self.lines.setdefault(path, line)
        if self.entries > MOST_ENTRIES:
            self.stop(event, f"The file has more than {MOST_ENTRIES:,} entries.", "Keep only settings in it.")
        if len(path) > DEEPEST:
            self.stop(event, f"The file is nested deeper than {DEEPEST} levels.", "Write it flatter.")
        if isinstance(event, yaml.AliasEvent) or event.anchor is not None:
            self.stop(
                event, "Anchors (&) and aliases (*) are not allowed.", "Write the value out, or put it in quotes."
            )
        if event.tag is not None:
            self.stop(event, f"The tag {shown(event.tag)} is not allowed.", "Write the value without '!'.")
        if isinstance(event, yaml.MappingStartEvent):
            return self.mapping(path)
        if isinstance(event, yaml.SequenceStartEvent):
            return self.sequence(path)
        plain_null = not event.style and event.value in {"", "~", "null", "Null", "NULL"}
        return None if plain_null else event.value

    def mapping(self, path: Path) -> dict[str, Any]:
        data: dict[str, Any] = {}
        while not isinstance(key := next(self.events), yaml.MappingEndEvent):
            if not isinstance(key, yaml.ScalarEvent):
                self.stop(
                    key, "A key must be a word.", "Write 'key: value'; put text that starts with { or [ in quotes."
                )
            if key.anchor is not None or key.tag is not None:
                self.value(key, path)
            inner = (*path, key.value)
            line = key.start_mark.line + 1
            if key.value in data:
                what = f"written twice, in lines {self.lines[inner]} and {line}."
                self.problems.append(Problem(self.file, None, ".".join(inner), what, "Keep one."))
            else:
                self.lines[inner] = line
            data[key.value] = self.value(next(self.events), inner)
        return data

    def sequence(self, path: Path) -> list[Any]:
        data: list[Any] = []
        while not isinstance(event := next(self.events), yaml.SequenceEndEvent):
            data.append(self.value(event, (*path, str(len(data) + 1))))
        return data

    def stop(self, event: Any, what: str, remedy: str) -> None:
        self.problems.append(Problem(self.file, event.start_mark.line + 1, None, what, remedy))
        raise _Refused

    def refuse_syntax(self, line: int | None, reason: str) -> None:
        what = f"The text is not YAML: {reason}."
        remedy = "Indent with spaces, write 'key: value', and put text with special characters in quotes."
        self.problems.append(Problem(self.file, line, None, what, remedy))
