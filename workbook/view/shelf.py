"""The saved scenarios of the client a page shows: read, kept under a name, compared. A page knows no other file.

The server names the published folder `out/<client>` in WORKBOOK_SCENARIOS; without it, or where it may not be written
to, pages still apply and compare, and say that nothing can be kept.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from workbook import scenarios
from workbook.assumptions import shipped_register
from workbook.errors import BadArgument
from workbook.evidence import Evidence
from workbook.results import Facts
from workbook.scenario import Scenario
from workbook.settings import is_slug
from workbook.view import levers
from workbook.words import Words, clean, listing

OWN: Final = "the client's own"
HERE: Final = "this-page"
MOST_COMPARED: Final = 4
READ_ONLY: Final = (
    "This server keeps no scenarios. The link keeps this one; on the command line `workbook scenario save` keeps it."
)
NOT_HERE: Final = "The address names a scenario that is not saved here; the page shows what client.yml says."
UNUSABLE: Final = "The scenario in the address cannot be used any more; the page shows what client.yml says."


class Shelf:
    """Named scenarios of one client; `home` is the published folder, None where the server named none."""

    def __init__(self, *, home: str | Path | None, evidence: Evidence):
        self.home = Path(home) if home else None
        self.evidence = evidence

    @property
    def writable(self) -> bool:
        """Whether a scenario can be kept here."""
        if self.home is None:
            return False
        folder = self.home / scenarios.FOLDER
        return not folder.is_symlink() and os.access(folder if folder.is_dir() else self.home, os.W_OK)

    def named(self, name: str | None, base: Scenario) -> tuple[Scenario, str]:
        """The scenario of an address on the base's draws, and a sentence where it cannot be had."""
        if name is None or name == scenarios.BASE:
            return base, ""
        if self.home is None or name not in self.names():
            return base, NOT_HERE
        try:
            return self._read(name, base), ""
        except BadArgument:
            return base, UNUSABLE

    def names(self) -> tuple[str, ...]:
        """Names of the saved scenarios, sorted."""
        return scenarios.list_scenarios(self.home) if self.home is not None else ()

    def listed(self, facts: Facts) -> list[dict[str, str]]:
        """Each saved scenario with what it changes, in words; one that cannot be read says so."""
        found = []
        for name in self.names():
            try:
                words = changed_words(self._read(name, Scenario()), facts)
            except BadArgument:
                words = "cannot be read; save it again"
            found.append({"name": name, "words": words})
        return found

    def keep(self, name: object, scenario: Scenario, *, replace: bool) -> dict[str, Any]:
        """Save a page's scenario under a name; answers with a sentence, and `taken` where the name is in use."""
        if self.home is None or not self.writable:
            return {"message": READ_ONLY}
        if not isinstance(name, str) or not is_slug(name) or name in (scenarios.BASE, HERE):
            return {"message": "Use lower-case letters, digits and hyphens, at most 40, such as lean-start."}
        if name in self.names() and not replace:
            return {"message": f"“{name}” is taken. Choose another name, or press Replace.", "taken": True}
        try:
            scenarios.save_scenario(
                self.home, scenario.model_copy(update={"name": name}), self.evidence, replace=replace
            )
        except BadArgument as problem:
            return {"message": clean(str(problem).partition(": ")[2] or problem)}
        except OSError:
            return {"message": "It could not be written. " + READ_ONLY}
        return {"message": f"Saved as “{name}”.", "kept": name}

    def compared(self, names: object, now: Scenario, base: Scenario) -> dict[str, Any]:
        """The client's own setting, saved ones by name and this page's beside each other, on the same draws."""
        from workbook.view.compare import page_table
        from workbook.weeks.compare import compare

        asked = [name for name in names if isinstance(name, str)] if isinstance(names, list) else []
        chosen = [name for name in self.names() if name in asked][: MOST_COMPARED - 2]
        try:
            columns = [base.model_copy(update={"name": scenarios.BASE}), *(self._read(name, base) for name in chosen)]
        except BadArgument as problem:
            return {"message": clean(problem)}
        if all(_same(now, column) is False for column in columns):
            columns.append(now.model_copy(update={"name": HERE}))
        if len(columns) == 1:
            return {"message": "Move a slider, or tick a saved scenario, to have something to compare with."}
        found = compare(self.evidence, columns)
        heads, rows = page_table(found, {scenarios.BASE: "Client's own", HERE: "This page"})
        note = f"All on the same {Words.of(found.facts).count(found.draws)} draws; plans drawn up by rule."
        return {"columns": heads, "rows": rows, "message": note}

    def _read(self, name: str, base: Scenario) -> Scenario:
        assert self.home is not None
        found = scenarios.load_scenario(self.home, name)
        scenarios.check_assumptions(found, self.evidence)
        return found.model_copy(update={"draws": base.draws, "seed": base.seed})


def _same(one: Scenario, other: Scenario) -> bool:
    return one.model_copy(update={"name": ""}) == other.model_copy(update={"name": ""})


def changed_words(scenario: Scenario, facts: Facts) -> str:
    """What a scenario moves away from client.yml, in words: `Budget £300,000, Start in 3 months`."""
    from workbook.weeks.compare import changes

    say = Words.of(facts)
    by_field = {lever.field.removeprefix("overrides."): lever for lever in levers.LEVERS.values()}
    said: list[str] = []
    for field, value in changes(scenario).items():
        lever = by_field.get(field)
        if lever is None and field in (register := shipped_register()):
            said.append(f"{register[field].label} {say.assumption(value, register[field].unit)}")
        elif lever is None:
            said.append(f"{field} {say.number(value)}")
        else:
            found = levers.slider(levers.reach(lever, value), value, say, facts)
            said.append(f"{lever.label} {found.words(value)}")
    return listing(said) if said else "nothing changed"


def names_of(units: Sequence[str], programmes: Sequence[str]) -> dict[str, list[str]]:
    """What can be followed through the charts of a page: units and programmes, by their names."""
    return {"Units": [clean(unit) for unit in units], "Programmes": [clean(name) for name in programmes]}
