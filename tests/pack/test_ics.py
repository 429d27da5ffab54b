"""The calendar file, read back line by line by a reader that knows the standard only."""

from __future__ import annotations

import datetime as dt
import re

import pytest

from tests.results_builder import build_results, empty_results
from workbook.pack.ics import calendar_text, escaped, folded, write_ics
from workbook.results import Results

HOSTILE = "quarter; end, \\n\r\nEND:VCALENDAR\r\nBEGIN:VEVENT\u202e מתכנת " + "é" * 60


def unfolded(text: str) -> list[str]:
    """Content lines: CRLF ends every line, a line that starts with a space continues the one before."""
    assert text.endswith("\r\n")
    assert "\n" not in text.replace("\r\n", "")
    assert "\r" not in text.replace("\r\n", "")
    for line in text.split("\r\n"):
        assert len(line.encode("utf-8")) <= 75
    return text[:-2].replace("\r\n ", "").split("\r\n")


def unescaped(value: str) -> str:
    return re.sub(r"\\([\\;,nN])", lambda found: "\n" if found[1] in "nN" else found[1], value)


def events(text: str) -> list[dict[str, str]]:
    lines = unfolded(text)
    assert (lines[0], lines[-1]) == ("BEGIN:VCALENDAR", "END:VCALENDAR")
    assert "VERSION:2.0" in lines
    assert sum(line.startswith("PRODID:") for line in lines) == 1
    found: list[dict[str, str]] = []
    inside = False
    for line in lines[1:-1]:
        if line == "BEGIN:VEVENT":
            assert not inside
            inside = True
            found.append({})
        elif line == "END:VEVENT":
            inside = False
        elif inside:
            name, value = line.split(":", 1)
            assert name not in found[-1]
            found[-1][name] = value
    assert not inside
    return found


def with_line(results: Results, **changes: object) -> Results:
    replan = results.followup.replan
    lines = (replan.lines[0].model_copy(update=changes), *replan.lines[1:])
    followup = results.followup.model_copy(update={"replan": replan.model_copy(update={"lines": lines})})
    return results.model_copy(update={"followup": followup})


def test_every_date_of_the_plan_and_what_lies_ahead_has_one_entry():
    found = events(calendar_text(build_results()))
    summaries = [unescaped(one["SUMMARY"]) for one in found]
    assert summaries == [
        "Coaching and simulation, Sales",
        "Coaching and simulation, Platform (critical part)",
        "Managers: feedback received",
        "Coaching and simulation, Platform (rest)",
        "Month 9",
    ]
    assert [one["DTSTART;VALUE=DATE"] for one in found] == ["20260710", "20260717", "20260803", "20260807", "20261102"]
    assert [one["STATUS"] for one in found] == ["CONFIRMED", "TENTATIVE", "CONFIRMED", "TENTATIVE", "CONFIRMED"]


def test_an_entry_is_a_whole_day_stamped_from_the_data():
    results = build_results()
    for one in events(calendar_text(results)):
        first = dt.datetime.strptime(one["DTSTART;VALUE=DATE"], "%Y%m%d").date()
        last = dt.datetime.strptime(one["DTEND;VALUE=DATE"], "%Y%m%d").date()
        assert last - first == dt.timedelta(days=1)
        assert one["DTSTAMP"] == f"{results.as_of:%Y%m%d}T000000Z"


def test_identifiers_differ_within_a_file_and_stay_when_a_session_moves():
    results = build_results()
    moved = with_line(results, dates=(dt.date(2026, 7, 13),), action="move")
    before, after = ({one["UID"] for one in events(calendar_text(each))} for each in (results, moved))
    assert len(before) == 5
    assert before == after
    other = results.model_copy(update={"client": "another"})
    assert before.isdisjoint(one["UID"] for one in events(calendar_text(other)))


def test_the_same_results_give_the_same_bytes(tmp_path):
    results = build_results()
    assert write_ics(results, tmp_path / "a.ics")
    assert write_ics(Results.model_validate_json(results.model_dump_json()), tmp_path / "b.ics")
    assert (tmp_path / "a.ics").read_bytes() == (tmp_path / "b.ics").read_bytes()


def test_without_anything_ahead_no_file_is_written(tmp_path):
    assert not write_ics(empty_results(), tmp_path / "calendar.ics")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("field", ["programme", "unit", "session", "reason"])
def test_R14_hostile_text_stays_inside_its_own_property(field):
    results = with_line(build_results(), **{field: HOSTILE})
    found = events(calendar_text(results))
    assert len(found) == 5
    said = unescaped(found[0]["SUMMARY"]) + unescaped(found[0]["DESCRIPTION"])
    assert "quarter; end, \\n" in said or "Quarter; end, \\n" in said
    assert "\u202e" not in said
    assert "מתכנת" in said


def test_text_is_escaped_as_the_standard_asks():
    assert escaped("a,b;c\\d") == "a\\,b\\;c\\\\d"
    assert unescaped(escaped("a,b;c\\n")) == "a,b;c\\n"


@pytest.mark.parametrize("text", ["x" * 75, "x" * 76, "é" * 200, "😀" * 60, "a" * 74 + "é"])
def test_folding_keeps_lines_short_and_gives_the_text_back(text):
    pieces = folded(text).split("\r\n")
    assert all(len(piece.encode("utf-8")) <= 75 for piece in pieces)
    assert "".join([pieces[0], *(piece[1:] for piece in pieces[1:])]) == text
    assert len(pieces) == 1 or all(piece.startswith(" ") for piece in pieces[1:])


def test_a_line_of_75_octets_is_not_folded():
    assert folded("x" * 75) == "x" * 75
    assert folded("x" * 76) == "x" * 75 + "\r\n x"
