"""Text cells → values by the declared type; one pure function a type, working on the distinct texts of a column."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from workbook.inputs.contract import Column
from workbook.inputs.words import shown, suggestion

INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]")
SPACES = re.compile("[\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]")
CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")
YES, NO = frozenset({"yes", "y", "true", "1"}), frozenset({"no", "n", "false", "0"})
ISO = re.compile(r"(\d{4})-(\d{2})-(\d{2})(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:?\d{2})?)?")
ISO_MONTH = re.compile(r"\d{4}-\d{2}")
SLASHED = re.compile(r"(\d{1,4})([./-])(\d{1,2})\2(\d{1,4})")
SENTINELS = frozenset({dt.date(1900, 1, 1), dt.date(1899, 12, 30), dt.date(1899, 12, 31), dt.date(9999, 12, 31)})
EARLIEST, LATEST = dt.date(1920, 1, 1), dt.date(2199, 12, 31)
LEAVE_EMPTY = "Leave the cell empty if it is not known."


@dataclass(frozen=True)
class Refusal:
    """Why a cell cannot be read and what to write; refusals of one remedy in one column are reported together."""

    what: str
    remedy: str


@dataclass(frozen=True)
class Reading:
    """Values of a column's distinct texts: a value, None where empty, or a Refusal; `notes` on what was done."""

    found: Sequence[object]
    mark: str | None = None
    notes: tuple[str, ...] = ()


def clean(text: str) -> str:
    """`text` in composed form, without invisible characters, with plain spaces, trimmed; controls become visible."""
    if text.isascii() and text.isprintable():
        return text.strip()
    text = SPACES.sub(" ", INVISIBLE.sub("", unicodedata.normalize("NFC", text))).strip()
    return CONTROLS.sub("\ufffd", text)


def read_text(texts: Sequence[str]) -> Reading:
    """Text as it stands; only an empty cell is missing."""
    return Reading([text or None for text in texts])


def read_labels(texts: Sequence[str], column: Column, place: str) -> Reading:
    """Labels in any case, with spaces or hyphens for underscores."""
    known = {_folded(label): label for label in column.allowed}
    remedy = f"or map it under values: {place} in client.yml."

    def one(text: str) -> object:
        if not text:
            return None
        label = known.get(_folded(text))
        return label or Refusal(
            f"{shown(text)} is not known.", f"{suggestion(text, column.allowed)} Correct it, {remedy}"
        )

    return Reading([one(text) for text in texts])


def _folded(text: str) -> str:
    return re.sub(r"[\s\-_/]+", "_", text.casefold())


def read_yes_no(texts: Sequence[str], place: str) -> Reading:
    """yes/no, y/n, true/false, 1/0."""
    remedy = f"Write yes or no, or map it under values: {place} in client.yml."

    def one(text: str) -> object:
        word = text.casefold()
        if word in YES or word in NO:
            return word in YES
        return Refusal(f"{shown(text)} is neither yes nor no.", remedy) if text else None

    return Reading([one(text) for text in texts])


def strptime_format(written: str) -> str:
    """A format such as DD/MM/YYYY as Python writes it; `%d/%m/%Y` stays."""
    if "%" in written:
        return written
    for word, code in (("yyyy", "%Y"), ("yy", "%y"), ("mmm", "%b"), ("mm", "%m"), ("dd", "%d")):
        written = re.sub(rf"(?<![%\w]){word}(?!\w)", code, written, flags=re.IGNORECASE)
    return written


def usable_format(written: str) -> bool:
    """Whether a date format names day, month and a year of four digits, and can be read back."""
    code = strptime_format(written)
    day = dt.date(2024, 11, 28)
    try:
        return "%Y" in code and dt.datetime.strptime(day.strftime(code), code).date() == day
    except ValueError:
        return False


def read_dates(texts: Sequence[str], *, date_format: str | None, month: bool = False) -> Reading:
    """ISO dates always; another form only as client.yml states it; never a guess between day and month."""
    code = strptime_format(date_format) if date_format else None
    hint = _format_hint(texts) if code is None else ""
    return Reading([_date(text, code, month, hint) for text in texts])


def _date(text: str, code: str | None, month: bool, hint: str) -> object:
    if not text:
        return None
    try:
        day = _parsed(text, code, month)
    except ValueError:
        return Refusal(f"{shown(text)} is not a day of the calendar.", "Correct it.")
    if day is None:
        return _unreadable_date(text, code, hint)
    if day in SENTINELS or not EARLIEST <= day <= LATEST:
        return Refusal(f"{shown(text)} stands for an unknown date.", LEAVE_EMPTY)
    return day.replace(day=1) if month else day


def _parsed(text: str, code: str | None, month: bool) -> dt.date | None:
    match = ISO.fullmatch(text)
    if match:
        return dt.date(int(match[1]), int(match[2]), int(match[3]))
    if month and ISO_MONTH.fullmatch(text):
        return dt.date.fromisoformat(f"{text}-01")
    if code is None:
        return None
    try:
        return dt.datetime.strptime(text, code).date()
    except ValueError:
        return None


def _unreadable_date(text: str, code: str | None, hint: str) -> Refusal:
    if re.fullmatch(r"\d{5}(\.\d+)?", text):
        return Refusal(
            f"{shown(text)} looks like a spreadsheet's day number.",
            "Format the column as year-month-day and save it again.",
        )
    slashed = SLASHED.fullmatch(text)
    if slashed and max(len(slashed[1]), len(slashed[4])) <= 2:
        return Refusal(f"{shown(text)} has a year of two digits.", "Write the year in full, such as 2026-06-30.")
    if code is not None:
        return Refusal(
            f"{shown(text)} is neither year-month-day nor of the form {code}.", "Write every date in one of the two."
        )
    return Refusal(
        f"{shown(text)} is not of the form year-month-day.",
        f"Write 2026-06-30, or state date_format in client.yml{hint}.",
    )


def _format_hint(texts: Sequence[str]) -> str:
    """Which order of day and month fits every date of the column, when only one does."""
    parts = [match.groups() for match in map(SLASHED.fullmatch, texts) if match]
    parts = [part for part in parts if len(part[3]) == 4 and len(part[0]) <= 2]
    if not parts:
        return ", such as date_format: DD/MM/YYYY"
    mark = parts[0][1]
    day_first, month_first = all(int(p[2]) <= 12 for p in parts), all(int(p[0]) <= 12 for p in parts)
    forms = {"DD": f"DD{mark}MM{mark}YYYY", "MM": f"MM{mark}DD{mark}YYYY"}
    if day_first == month_first:
        return f": {forms['DD']} or {forms['MM']}, this column does not tell which"
    return f", here date_format: {forms['DD'] if day_first else forms['MM']}"


def read_waves(texts: Sequence[str], column: Column, *, date_format: str | None) -> Reading:
    """baseline, days since the start, or a date; dates come back as ISO text."""
    dates = read_dates(texts, date_format=date_format).found

    def one(text: str, date: object) -> object:
        if not text:
            return None
        label = re.sub(r"\s*(days?|d)$", "", _folded(text).replace("_", " "))
        if label in column.allowed:
            return label
        if isinstance(date, dt.date):
            return date.isoformat()
        return Refusal(
            f"{shown(text)} is not a wave.", f"Write {', '.join(column.allowed)} or a date as year-month-day."
        )

    return Reading([one(text, date) for text, date in zip(texts, dates, strict=True)])


def translate(texts: Sequence[str], labels: Mapping[str, str]) -> list[str]:
    """Texts with the client's own labels replaced as client.yml says; exact spelling first, then any case."""
    folded = {theirs.casefold().strip(): ours for theirs, ours in labels.items()}
    return [labels[text] if text in labels else folded.get(text.casefold(), text) for text in texts]
