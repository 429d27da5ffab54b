"""CSV text → records of text cells, with the separator found or refused."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Collection
from dataclasses import dataclass

from workbook.errors import Problem
from workbook.inputs.encoding import decode
from workbook.inputs.raw import RawTable, broken, from_records

SEPARATORS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar"}
SAMPLE_RECORDS = 200


@dataclass(frozen=True)
class Separated:
    """A separator, or why none could be chosen."""

    separator: str = ","
    problem: str | None = None


def read_csv(content: bytes, table: str, file: str, *, known: Collection[str], locale: str = "en_GB") -> RawTable:
    """A table from the bytes of a CSV file; `known` are the headers by which a separator is recognised."""
    decoded = decode(content, file, locale=locale)
    if decoded.problem is not None:
        return broken(table, file, decoded.problem)
    text = decoded.text
    said = re.match(r"sep=(.)\n", text)
    if said:
        text = text[said.end() :]
    found = Separated(said[1]) if said else find_separator(text, known)
    if found.problem is not None:
        return broken(table, file, Problem(file, 1, None, found.problem, "Save it with one separator, such as ','."))
    try:
        records = list(csv.reader(io.StringIO(text, newline=""), delimiter=found.separator, strict=True))
    except csv.Error as error:
        line = _line_of_open_quote(text, found.separator)
        what = f"A quotation mark is opened or closed in the wrong place ({error})."
        return broken(table, file, Problem(file, line, None, what, 'Write a quotation mark inside text twice ("").'))
    name = SEPARATORS.get(found.separator, found.separator)
    return from_records(table, file, records, encoding=decoded.encoding, separator=name)


def find_separator(text: str, known: Collection[str]) -> Separated:
    """The separator under which the header shows the most known names, then the most even records."""
    lines = text.lstrip("\n").split("\n", SAMPLE_RECORDS)[:SAMPLE_RECORDS]
    header = re.sub(r'"[^"]*"', "", lines[0]) if lines else ""
    present = [mark for mark in SEPARATORS if mark in header]
    if len(present) < 2:
        return Separated(present[0] if present else ",")
    ranks = {mark: _fitness(lines, mark, known) for mark in present}
    best = max(ranks.values())
    winners = [mark for mark in present if ranks[mark] == best]
    if len(winners) == 1:
        return Separated(winners[0])
    names = " or ".join(SEPARATORS[mark] for mark in winners)
    return Separated(problem=f"The separator may be {names}.")


def _fitness(lines: list[str], mark: str, known: Collection[str]) -> tuple[int, float]:
    """Known names in the header, and the share of sampled records as wide as the header."""
    records = [record for record in csv.reader(lines, delimiter=mark) if record]
    header = [cell.strip().casefold() for cell in records[0]]
    even = sum(len(record) == len(header) for record in records) / len(records)
    return sum(cell in known for cell in header), even


def _line_of_open_quote(text: str, separator: str) -> int | None:
    """The row in which reading breaks off, as a spreadsheet counts."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    whole = 0
    try:
        while next(reader, None) is not None:
            whole += 1
    except csv.Error:
        return whole + 1
    return None
