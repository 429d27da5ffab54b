"""What can go wrong, said so that the reader knows where, what and what to do."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


def visible(text: str) -> str:
    """`text` on one line, with what cannot be printed (controls, unassigned characters) written as an escape."""
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode("ascii") for c in text)


@dataclass(frozen=True, order=True)
class Problem:
    """One fault in a client's files.

    `file`, `row` (1 is the header, as a spreadsheet counts), `column` and `value` say where;
    `what` is the fault and `remedy` what to write instead, both whole sentences.
    """

    file: str
    row: int | None
    column: str | None
    what: str
    remedy: str = ""
    value: str | None = None

    def __post_init__(self) -> None:
        """A client's own words may stand in the sentences: whatever they hold, a problem is one readable line."""
        object.__setattr__(self, "what", visible(self.what))
        object.__setattr__(self, "remedy", visible(self.remedy))

    def __str__(self) -> str:
        place = self.file
        if self.row is not None:
            place += f", row {self.row}"
        if self.column is not None:
            written = self.file.endswith((".yml", ".yaml"))
            place += f", key '{self.column}'" if written else f", column {self.column}"
        return f"{place}: {self.what}" + (f" {self.remedy}" if self.remedy else "")


class WorkbookError(Exception):
    """Base of every error this package raises on purpose; its text is fit to show to a user as it is."""


class InputProblems(WorkbookError):
    """All problems of one client folder at once; `problems` in the order of file, row, column."""

    def __init__(self, folder: str, problems: Iterable[Problem]) -> None:
        self.folder = folder
        self.problems = tuple(problems)
        count = len(self.problems)
        head = f"{folder}: {count} problem{'s' if count != 1 else ''} to mend before a run"
        super().__init__("\n".join([head, *(f"  {problem}" for problem in self.problems)]))


class BadArgument(WorkbookError):
    """A path, name or parameter given on the command line or to a public function cannot be used."""


class RunFailed(WorkbookError):
    """A client's run did not finish; nothing of it was published."""
