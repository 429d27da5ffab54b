"""How values, lists and near misses are worded in messages about a client's files."""

from __future__ import annotations

import difflib
from collections.abc import Iterable

from workbook.errors import visible

LONGEST_SHOWN = 60


def shown(value: object) -> str:
    """`value` in quotes, fit for one line: invisible characters escaped, long text cut."""
    text = visible(str(value))
    return f"'{text if len(text) <= LONGEST_SHOWN else text[: LONGEST_SHOWN - 1] + '…'}'"


def listed(names: Iterable[object], *, most: int = 8, last: str = "and") -> str:
    """'a, b and c'; beyond `most` names, how many more there are."""
    words = [str(name) for name in names]
    if len(words) > most:
        words = [*words[:most], f"{len(words) - most} more"]
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} {last} {words[-1]}"


def nearest(name: str, known: Iterable[str]) -> str | None:
    """The known name most like `name`, if one is like it at all."""
    known = list(known)
    lower = {candidate.casefold(): candidate for candidate in reversed(known)}
    folded = name.casefold().strip()
    close = difflib.get_close_matches(folded, lower, n=1, cutoff=0.6)
    if close:
        return lower[close[0]]
    starting = [candidate for key, candidate in lower.items() if len(folded) > 2 and key.startswith(folded)]
    return min(starting, key=lambda candidate: (len(candidate), candidate)) if starting else None


def suggestion(name: str, known: Iterable[str]) -> str:
    """'Did you mean …?', or the known names when none is near."""
    known = list(known)
    near = nearest(name, known)
    if near is not None:
        return f"Did you mean '{near}'?"
    return f"Known: {listed(known, most=20)}." if known else ""


def counted(n: int, one: str, many: str | None = None) -> str:
    """'1 row', '3 rows'."""
    return f"{n:,} {one if n == 1 else many or one + 's'}"
