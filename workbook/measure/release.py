"""The one door through which numbers about people leave the records.

`Release` applies the floors of `client.yml` and keeps a ledger of what it withheld: what kind of thing, under which
rule and how often, never who or how many people. Its notes are part of the Evidence.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Collection, Hashable, Iterable, Mapping
from typing import Any, TypeVar

from workbook.measure.tables import text
from workbook.model.privacy import hidden_cells, is_small, sets_differ_safely
from workbook.settings import Privacy

Cell = TypeVar("Cell", bound=Hashable)
EMAIL = re.compile(r"[^\s@]+@[^\s@]+\.[^\s@]+")
WITHHELD = "(withheld)"


def number(value: Any) -> float | None:
    """A finite float, or None for anything missing or undefined."""
    written = text(value)
    if written is None or not math.isfinite(float(value)):
        return None
    return float(value)


def plural(what: str) -> str:
    """'survey cell' → 'survey cells', 'median of pay' → 'medians of pay'."""
    head, of, tail = what.partition(" of ")
    return f"{head}s{of}{tail}"


class Release:
    """Applies anonymity floors to everything that leaves, and remembers by rule what was withheld."""

    def __init__(self, privacy: Privacy, *, identifiers: Iterable[str] = ()) -> None:
        """`identifiers` are people's ids: a label that holds one of them is withheld."""
        self.scores_from = privacy.scores_from
        self.distributions_from = privacy.distributions_from
        self._identifiers = frozenset(one for one in identifiers if len(one) > 2)
        self._ledger: Counter[tuple[str, str]] = Counter()
        self._notes: list[str] = []

    def note(self, sentence: str) -> None:
        """Say something about the measurement in the Evidence's notes, once."""
        if sentence not in self._notes:
            self._notes.append(sentence)

    def withhold(self, what: str, *, rule: str, times: int = 1) -> None:
        """Record that `times` things of a kind were not released under `rule`."""
        if times:
            self._ledger[(what, rule)] += times

    def notes(self) -> tuple[str, ...]:
        """All notes, then the ledger as sentences such as '3 survey cells withheld (fewer than 5 people)'."""
        withheld = (
            f"{times} {what if times == 1 else plural(what)} withheld ({rule})"
            for (what, rule), times in sorted(self._ledger.items())
        )
        return (*self._notes, *withheld)

    def few(self, floor: int | None = None) -> str:
        """The rule 'fewer than n people' in words."""
        return f"fewer than {floor or self.scores_from} people"

    def count(self, people: int, *, what: str, floor: int | None = None) -> int | None:
        """The number of people, or None when there are some but fewer than the floor."""
        if is_small(people, floor=floor or self.scores_from):
            self.withhold(what, rule=self.few(floor))
            return None
        return people

    def mean(self, value: Any, *, people: int, what: str) -> float | None:
        """A mean or share over `people`, or None under the floor for scores."""
        if people < self.scores_from:
            self.withhold(what, rule=self.few(), times=int(people > 0))
            return None
        return number(value)

    def spread(self, value: Any, *, people: int) -> float | None:
        """A standard deviation, variance or median over `people`, or None under the floor for distributions."""
        return number(value) if people >= self.distributions_from else None

    def partition(
        self, people: Mapping[Cell, int], *, what: str, floor: int | None = None, flagged: Collection[Cell] = ()
    ) -> frozenset[Cell]:
        """Cells that may be shown beside their total; empty cells are not among them."""
        least = floor or self.scores_from
        hidden = hidden_cells(people, floor=least, flagged=flagged)
        small = sum(people[cell] < least for cell in hidden)
        alike = sum(people[cell] >= least and cell in flagged for cell in hidden)
        self.withhold(what, rule=self.few(least), times=small)
        self.withhold(what, rule="the cell itself gives people away", times=alike)
        self.withhold(what, rule="or a smaller group could be worked out", times=len(hidden) - small - alike)
        return frozenset(cell for cell, n in people.items() if n > 0) - hidden

    def beside(self, first: Collection[Hashable], second: Collection[Hashable], *, what: str) -> bool:
        """Whether figures over two sets of people may both be shown: they differ by nobody or by enough people."""
        safe = sets_differ_safely(first, second, floor=self.scores_from)
        self.withhold(what, rule="or the few who joined or left could be worked out", times=int(not safe))
        return safe

    def label(self, written: Any) -> str | None:
        """A label written by a person, or '(withheld)' when it holds an e-mail address or somebody's id."""
        words = (text(written) or "").strip()
        if EMAIL.search(words) or not self._identifiers.isdisjoint(re.split(r"[^\w-]+", words)):
            self.withhold("label", rule="it holds an e-mail address or a person's id")
            return WITHHELD
        return words or None
