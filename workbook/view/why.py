"""Why a figure is what it is: its formula and its source in plain words, from data that ships.

What is said stands in `catalogue/explanations/whys.json`: a figure's key, or the beginning of several keys with `*`,
to formula and source; a tile's key is `tile-`, its page and its own key. `{horizon}` and `{rate}` stand for the
client's own.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

from workbook.results import Facts
from workbook.words import Words

Why = tuple[str, str]


@cache
def whys() -> Mapping[str, Why]:
    """All formulas and sources by key, as they ship."""
    text = files("workbook.catalogue").joinpath("explanations", "whys.json").read_text(encoding="utf-8")
    return {key: (formula, source) for key, (formula, source) in json.loads(text).items()}


def why(key: str, facts: Facts | None) -> Why | None:
    """Formula and source behind the figure `key`, or None where none is written.

    Without `facts`, on a page of many clients, there is no horizon and no rate to fill in.
    """
    found = _found(key)
    return None if found is None else _filled(found, facts)


def tile_whys(page: str, facts: Facts | None) -> dict[str, Why]:
    """Formula and source of every tile `page` may show, by the tile's key."""
    start = f"tile-{page}-"
    return {key.removeprefix(start): _filled(found, facts) for key, found in whys().items() if key.startswith(start)}


def _filled(found: Why, facts: Facts | None) -> Why:
    formula, source = found
    if facts is None:
        return found
    rate = Words.of(facts).share(facts.discount_rate)
    return formula.replace("{horizon}", str(facts.horizon_months)).replace("{rate}", rate), source


def _found(key: str) -> Why | None:
    """The entry of the key itself, else of the longest beginning of it that is written with `*`."""
    known = whys()
    if key in known:
        return known[key]
    fitting = [name for name in known if name.endswith("*") and key.startswith(name[:-1])]
    return known[max(fitting, key=len)] if fitting else None
