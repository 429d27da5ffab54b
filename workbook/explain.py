"""Where a figure of results.json comes from: formula in words, function, inputs and sources, from data that ships.

A key is a path through results.json, joined by dots; entries of a list are counted from 0: `week3.plan.0.seats`. What
is said of a key stands in `catalogue/explanations/*.yml`; the longest pattern that fits it speaks.
"""

from __future__ import annotations

import datetime as dt
import difflib
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cache
from typing import Any, Final

from pydantic import BaseModel

from workbook.catalogue.shipped import read_shipped
from workbook.errors import BadArgument
from workbook.frozen import Frozen
from workbook.results import AssumptionUse, Estimate, Results, Spread
from workbook.words import NOT_KNOWN, WITHHELD, Words, clean, judged, listing

KEY_LIMIT: Final = 200
OF_ASSUMPTION: Final = "assumption: "
FIGURES: Final[dict[type, tuple[str, ...]]] = {
    Spread: ("point", "p10", "p50", "p90"),
    Estimate: ("value", "low", "high", "n"),
}
PARTS: Final = ("start_week1.yml", "week2.yml", "week3_on.yml", "calendar_costs.yml", "pilot_designs.yml")
ABSENT: Final = {
    "flips_at": "none within its range",
    "switch_budget": "none up to twice the budget",
}
SHOWN: Final = {"month of payback": "months", "yes or no": "", "count": "", "factor": ""}
Path = tuple[str, ...]


@cache
def _split(key: str) -> Path:
    return tuple(key.split("."))


class Entry(Frozen):
    """What is said of all keys that begin like `key`, in which `*` stands for one name or number.

    `by` and `also` are functions of this package as `module:function`; `uses` are assumptions, with wildcards; `tables`
    are the client's; `from_keys` what it is worked out from. In both `{1}` stands for what the first `*` met. `parts`
    says what single fields below are, as `words | unit`.
    """

    key: str
    label: str
    formula: str
    by: str
    unit: str = ""
    also: tuple[str, ...] = ()
    uses: tuple[str, ...] = ()
    tables: tuple[str, ...] = ()
    from_keys: tuple[str, ...] = ()
    source: str = ""
    parts: dict[str, str] = {}

    @property
    def path(self) -> Path:
        """The key's segments."""
        return _split(self.key)


class Input(Frozen):
    """An assumption behind a figure, as it was used; `value` and `span` in words; no span where it is fixed."""

    name: str
    label: str
    value: str
    span: str
    evidence: str
    source: str


class Explanation(Frozen):
    """Where one figure, or one section, of results.json comes from.

    `value` is worded: one entry named `value`, or one for each part of a spread or an estimate; empty for a section.
    `inputs` are assumptions the formula itself reads; `behind` those read by what it is worked out from, however far
    down. `below` lists the keys beneath a section.
    """

    key: str
    label: str
    value: dict[str, str]
    unit: str
    formula: str
    computed_by: str
    also: tuple[str, ...]
    inputs: tuple[Input, ...]
    behind: tuple[str, ...]
    tables: tuple[str, ...]
    from_keys: tuple[str, ...]
    source: str
    why: str | None = None
    below: tuple[str, ...] = ()


@dataclass(frozen=True)
class Described:
    """What the registry says of one path."""

    entry: Entry
    label: str
    unit: str


@cache
def entries() -> tuple[Entry, ...]:
    """All entries that ship. Raises BadArgument where a key is explained twice."""
    return entries_from([row for name in PARTS for row in read_shipped("explanations", name)])


@cache
def fields() -> dict[str, str]:
    """What a field of this name is where no entry says so itself, as `words | unit`."""
    return dict(read_shipped("explanations", "fields.yml"))


def entries_from(rows: Sequence[Mapping[str, Any]]) -> tuple[Entry, ...]:
    """Entries from declarations. Raises BadArgument where a key is explained twice."""
    made = tuple(Entry.model_validate({"from_keys" if k == "from" else k: v for k, v in row.items()}) for row in rows)
    keys = [entry.key for entry in made]
    twice = sorted({key for key in keys if keys.count(key) > 1})
    if twice:
        raise BadArgument("\n".join(f"explanation of '{key}': declared twice." for key in twice))
    return made


def fits(pattern: Sequence[str], path: Sequence[str]) -> bool:
    """Whether `path` begins like `pattern`, in which `*` meets one segment."""
    return len(pattern) <= len(path) and all(mine in ("*", theirs) for mine, theirs in zip(pattern, path, strict=False))


def described(path: Path, known: Sequence[Entry] | None = None) -> Described | None:
    """What the registry says of a path: the longest pattern speaks, of equals the one with fewest `*`; None if none."""
    found = [entry for entry in (entries() if known is None else known) if fits(entry.path, path)]
    if not found:
        return None
    entry = max(found, key=lambda each: (len(each.path), -each.path.count("*")))
    rest = path[len(entry.path) :]
    exact = [part for part in entry.parts if len(part.split(".")) == len(rest) and fits(part.split("."), rest)]
    said = (
        entry.parts[min(exact, key=lambda part: part.count("*"))] if exact else fields().get(rest[-1] if rest else "")
    )
    if said:
        words, _, unit = said.partition(" | ")
        return Described(entry, f"{entry.label}: {words}", unit)
    below = " ".join(segment.replace("_", " ") for segment in rest if not segment.isdigit())
    return Described(entry, f"{entry.label}: {below}" if below else entry.label, entry.unit)


def children(node: Any) -> dict[str, Any] | None:
    """What lies below a value of results.json by its name there; None if it is a single value."""
    if isinstance(node, BaseModel):
        return {field.alias or name: getattr(node, name) for name, field in type(node).model_fields.items()}
    if isinstance(node, Mapping):
        return {str(name): value for name, value in node.items()}
    return {str(place): value for place, value in enumerate(node)} if isinstance(node, tuple) else None


def nodes(results: Results, key: str) -> tuple[Path, list[Any]]:
    """The segments of a key and the values on the way to it, `results` first. A name with a dot is one segment.

    Raises BadArgument naming the nearest key where there is no such one.
    """
    path, way, rest = [], [results], key.split(".") if key else []
    while rest:
        below = children(way[-1]) or {}
        taken = next((n for n in range(len(rest), 0, -1) if ".".join(rest[:n]) in below), None)
        if taken is None:
            shown = clean(key, KEY_LIMIT)
            raise BadArgument(f"key '{shown}': not in these results. The nearest is '{nearest(results, key)}'.")
        path.append(".".join(rest[:taken]))
        way.append(below[path[-1]])
        rest = rest[taken:]
    return tuple(path), way


def keys(node: Any, above: str = "") -> Iterator[str]:
    """Every key below a value."""
    for name, value in (children(node) or {}).items():
        key = f"{above}.{name}" if above else name
        yield key
        yield from keys(value, key)


def nearest(results: Results, key: str) -> str:
    """The key of these results written most like `key`."""
    wanted = key[:KEY_LIMIT]
    return difflib.get_close_matches(wanted, list(keys(results)), n=1, cutoff=0.0)[0]


def explain(results: Results, key: str) -> Explanation:
    """Where the figure or section `key` comes from.

    Raises BadArgument, naming the nearest key, where these results hold no such one.
    """
    if not key.strip():
        raise BadArgument(f"key: empty. Name a part of the results: {listing(list(children(results) or {}), 'or')}.")
    path, way = nodes(results, key.strip())
    found = described(path)
    if found is None:
        raise BadArgument(f"key '{clean(key, KEY_LIMIT)}': nothing is written about it.")
    node, words, entry = way[-1], Words.of(results.facts), found.entry
    unit = _unit(found.unit, way, results)
    figure = type(node) in FIGURES
    below = {} if figure else children(node)
    inputs, origins = tuple(_inputs(results, entry, path, way, words)), _origins(entry, path)
    return Explanation(
        key=".".join(path),
        label=found.label,
        value=_value(path, way, unit, words) if not below else {},
        unit="" if below else SHOWN.get(unit, unit.removeprefix(OF_ASSUMPTION)),
        formula=entry.formula,
        computed_by=f"workbook.{entry.by}",
        also=tuple(f"workbook.{name}" for name in entry.also),
        inputs=inputs,
        behind=_behind(results, origins, {each.name for each in inputs}),
        tables=entry.tables,
        from_keys=origins,
        source=entry.source,
        why=_why(way),
        below=tuple(f"{'.'.join(path)}.{name}" for name in below or {}),
    )


def _origins(entry: Entry, path: Path) -> tuple[str, ...]:
    return tuple(_filled(pattern, entry.path, path) for pattern in entry.from_keys)


def _behind(results: Results, origins: Sequence[str], known: Set[str]) -> tuple[str, ...]:
    """Names of the assumptions that lie behind some keys, theirs and those of what they in turn come from.

    In the order of the register, without those `known`.
    """
    seen, open_, patterns = set(), list(origins), set()
    while open_:
        for path in _named_by(_split(open_.pop()), results):
            found = described(path)
            if found is None or path in seen:
                continue
            seen.add(path)
            patterns |= {_filled(pattern, found.entry.path, path) for pattern in found.entry.uses}
            open_ += _origins(found.entry, path)
    names = [used.name for used in results.week2.assumptions]
    return tuple(n for n in names if n not in known and any(fnmatchcase(n, pattern) for pattern in patterns))


def _named_by(pattern: Path, node: Any, above: Path = ()) -> Iterator[Path]:
    """Every path below a value that a pattern names; `*` is any one name."""
    if not pattern:
        yield above
        return
    below = children(node) or {}
    for name in below if pattern[0] == "*" else [pattern[0]]:
        if name in below:
            yield from _named_by(pattern[1:], below[name], (*above, name))


def _unit(unit: str, way: Sequence[Any], results: Results) -> str:
    """A unit as it is: of the record itself if `own`, of the assumption the record names if `assumption`."""
    if not isinstance(way[-1], int | float | Spread | Estimate | None) or isinstance(way[-1], bool):
        return ""
    if unit == "own":
        holder = next((node for node in reversed(way) if hasattr(node, "unit")), None)
        mark = OF_ASSUMPTION if isinstance(holder, AssumptionUse) else ""
        return mark + str(getattr(holder, "unit", ""))
    if unit == "assumption":
        named = {_name_of(node, "0") for node in way}
        return next((OF_ASSUMPTION + used.unit for used in results.week2.assumptions if used.name in named), "")
    return unit


def _value(path: Path, way: Sequence[Any], unit: str, words: Words) -> dict[str, str]:
    """The last value of a way in words, by its parts where it is a spread or an estimate."""
    node = way[-1]
    if node is None and path[-1] in ABSENT:
        return {"value": ABSENT[path[-1]]}
    if isinstance(node, Estimate) and node.suppressed:
        return {"value": WITHHELD}
    parts = FIGURES.get(type(node))
    if parts:
        units = {"n": "count"}
        return {part: worded(getattr(node, part), units.get(part, unit), words) for part in parts}
    if children(node) is not None:
        return {"value": "none"}
    if node is None and getattr(way[-2], "suppressed", False):
        return {"value": WITHHELD}
    return {"value": worded(node, unit, words)}


def worded(value: Any, unit: str, words: Words) -> str:
    """A value of results.json in words."""
    if unit == "month of payback":
        return words.payback(value)
    if value is None:
        return NOT_KNOWN if unit else "none"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, dt.date):
        return words.date(value)
    if isinstance(value, str):
        return clean(value)
    if unit.startswith(OF_ASSUMPTION):
        return words.assumption(value, unit.removeprefix(OF_ASSUMPTION))
    if unit == "probability":
        return words.chance(value)
    for kind in ("money", "share", "percent"):
        if unit == kind or unit.startswith(f"{kind} "):
            return words.value(value, kind) + unit.removeprefix(kind)
    if unit in ("SD", "score", "points"):
        return words.value(value, unit)
    return words.number(value) + (f" {unit}" if unit not in ("", "count", "factor", "ratio") else "")


def _why(way: Sequence[Any]) -> str | None:
    """Why a value is missing: its own words, else those of what holds it."""
    node = way[-1]
    own = getattr(node, "why", None)
    if own is None and node is None and len(way) > 1:
        own = getattr(way[-2], "why", None)
    return None if own is None else clean(own)


def _filled(pattern: str, entry: Path, path: Path) -> str:
    """`pattern` with `{1}`, `{2}`, … replaced by what the wildcards of an entry met in `path`."""
    met = [mine for theirs, mine in zip(entry, path, strict=False) if theirs == "*"]
    for place, name in enumerate(met, start=1):
        pattern = pattern.replace(f"{{{place}}}", name)
    return pattern


def _inputs(results: Results, entry: Entry, path: Path, way: Sequence[Any], words: Words) -> Iterator[Input]:
    """The assumptions an entry uses, as these results used them, in the order of the register."""
    named = tuple(_name_of(node, part) for part, node in zip(path, way[1:], strict=True))
    wanted = [_filled(pattern, entry.path, named) for pattern in entry.uses]
    for used in results.week2.assumptions:
        if any(fnmatchcase(used.name, pattern) for pattern in wanted):
            yield _input(used, words)


def _name_of(node: Any, part: str) -> str:
    """A segment, or where it is only a place in a list, the assumption the record there speaks of."""
    own = getattr(node, "assumption", None) or getattr(node, "name", None) if part.isdigit() else None
    return own if isinstance(own, str) else part


def _input(used: AssumptionUse, words: Words) -> Input:
    return Input(
        name=used.name,
        label=used.label,
        value=words.assumption(used.value, used.unit),
        span=words.span(used.low, used.high, lambda value: words.assumption(value, used.unit, bare=True))
        if used.low < used.high
        else "",
        evidence="house assumption" if judged(used.evidence) else used.evidence,
        source=clean(used.source),
    )
