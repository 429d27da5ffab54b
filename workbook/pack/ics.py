"""The calendar as an iCalendar file (RFC 5545): sessions as planned again, and what is due from whom. No names.

Everything in it follows from the results: identifiers from client, kind and key, the time stamp from the as-of date, so
that a later file replaces the entries of an earlier one instead of doubling them.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from workbook.results import ReplanLine, Results
from workbook.words import clean, lower_first, sentence, topic

FOLD_OCTETS: Final = 75
PARTS: Final = {1: ("",), 2: ("critical part", "rest")}


@dataclass(frozen=True)
class Event:
    """One whole-day entry; `key` tells it from all others of the client."""

    key: str
    day: dt.date
    summary: str
    description: str
    category: str
    settled: bool


def write_ics(results: Results, path: Path) -> bool:
    """Write the calendar; False, and no file, where nothing lies ahead (an empty calendar is not allowed)."""
    text = calendar_text(results)
    if text is None:
        return False
    path.write_text(text, encoding="utf-8", newline="")
    return True


def calendar_text(results: Results) -> str | None:
    """The whole file with its line ends, or None without any entry."""
    events = sorted(_events(results), key=lambda event: (event.day, event.key))
    if not events:
        return None
    title = results.facts.name or results.client
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Leadership Diagnostic Workbook//Calendar//EN",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        f"X-WR-CALNAME:{escaped(f'{title}: learning calendar')}",
    ]
    for event in events:
        lines += _lines(event, results.client, results.as_of)
    return "".join(f"{folded(line)}\r\n" for line in [*lines, "END:VCALENDAR"])


def _events(results: Results) -> Iterator[Event]:
    followup = results.followup
    for line in followup.replan.lines if followup.replan else ():
        yield from _of_session(line)
    for point in followup.touchpoints:
        if point.state == "ahead":
            yield Event(
                key=f"touchpoint {point.what}",
                day=point.due,
                summary=point.what.split(":", 1)[0],
                description=sentence(f"{point.what}. From: {point.who}"),
                category="Touchpoint",
                settled=True,
            )
    for due in followup.involvement_due:
        if due.state == "ahead":
            known = "" if due.of_managers is None else f" of {due.of_managers}"
            yield Event(
                key=f"involvement {due.kind}",
                day=due.due,
                summary=f"Managers: {lower_first(due.label)}",
                description=f"Done by {due.managers}{known} managers so far.",
                category="Managers",
                settled=True,
            )


def _of_session(line: ReplanLine) -> Iterator[Event]:
    for part, day in zip(PARTS.get(len(line.dates), ()), line.dates, strict=True):
        title = f"{topic(line.programme)}, {line.unit}" + (f" ({part})" if part else "")
        yield Event(
            key=f"session {line.session} {part}".strip(),
            day=day,
            summary=title,
            description=f"Session {line.session}, planned for {line.planned.isoformat()}: {sentence(line.reason)}",
            category="Session",
            settled=line.action == "keep",
        )


def _lines(event: Event, client: str, as_of: dt.date) -> list[str]:
    identity = hashlib.sha256(f"{client}\n{event.key}".encode("utf-8", "surrogatepass")).hexdigest()[:32]
    return [
        "BEGIN:VEVENT",
        f"UID:{identity}@leadership-diagnostic-workbook",
        f"DTSTAMP:{as_of:%Y%m%d}T000000Z",
        f"SEQUENCE:{as_of.toordinal()}",
        f"DTSTART;VALUE=DATE:{event.day:%Y%m%d}",
        f"DTEND;VALUE=DATE:{event.day + dt.timedelta(days=1):%Y%m%d}",
        f"SUMMARY:{escaped(event.summary)}",
        f"DESCRIPTION:{escaped(event.description)}",
        f"CATEGORIES:{escaped(event.category)}",
        f"STATUS:{'CONFIRMED' if event.settled else 'TENTATIVE'}",
        "TRANSP:OPAQUE",
        "END:VEVENT",
    ]


def escaped(text: str) -> str:
    """Text of a property: control and direction marks made visible, then backslash, semicolon, comma escaped."""
    shown = clean(text)
    return shown.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,").replace("\n", "\\n")


def folded(line: str) -> str:
    """A line of at most 75 octets, continued after CRLF and a space; no character is cut in two."""
    pieces, piece, size, room = [], "", 0, FOLD_OCTETS
    for character in line:
        octets = len(character.encode("utf-8"))
        if size + octets > room:
            pieces.append(piece)
            piece, size, room = "", 0, FOLD_OCTETS - 1
        piece += character
        size += octets
    return "\r\n ".join([*pieces, piece])
