"""Which units may be shown at all: small ones are merged before anything is measured."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from workbook.evidence import COMPANY, MISSING_UNIT, SMALL_UNITS
from workbook.measure.release import Release
from workbook.model.privacy import small_groups

if TYPE_CHECKING:
    from workbook.inputs import Client

UNIT_TABLES = ("employees", "roles", "survey", "survey_summary", "delivery", "initiatives", "interviews")


@dataclass(frozen=True)
class Units:
    """The released units, in alphabetical order, and which released unit every unit of the files belongs to."""

    names: tuple[str, ...]
    released: Mapping[str, str]

    def of(self, units: pd.Series) -> pd.Series:
        """The released unit of each row; a unit nobody is known to work in goes to the small units."""
        return pd.Series(
            plain(units).map(self.released).astype("object").fillna(SMALL_UNITS), index=units.index, dtype="object"
        )


def plain(units: pd.Series) -> pd.Series:
    """Unit names as plain text: missing ones are '(missing)', and nobody may pose as a name of ours."""
    names = units.astype("object").where(units.notna(), MISSING_UNIT).astype(str)
    posing = names.isin([COMPANY, SMALL_UNITS])
    return names.where(~posing, names + " unit")


def unit_sizes(tables: Mapping[str, pd.DataFrame], as_of: pd.Timestamp) -> dict[str, int]:
    """People by unit at `as_of`; without employees, the largest wave of the survey. Units of unknown size have 0."""
    sizes: dict[str, int] = {}
    for table in UNIT_TABLES:
        if table in tables:
            sizes |= dict.fromkeys(plain(tables[table]["unit"]), 0)
    if "employees" in tables:
        people = tables["employees"]
        active = (people["hire_date"] <= as_of) & ~(people["exit_date"] <= as_of)
        at_work = people[active.fillna(False)]
        counts = at_work.groupby(plain(at_work["unit"]))["employee_id"].nunique()
        return sizes | {str(unit): int(n) for unit, n in counts.items()}
    if "survey" in tables:
        answers = tables["survey"]
        waves = answers.groupby([plain(answers["unit"]), "wave"])["respondent"].nunique()
        sizes = larger(sizes, waves.groupby(level=0).max())
    if "survey_summary" in tables:
        cells = tables["survey_summary"]
        people_asked = cells[["n", "invited"]].astype("float64").max(axis=1).fillna(0)
        sizes = larger(sizes, people_asked.groupby(plain(cells["unit"])).max())
    return sizes


def larger(sizes: dict[str, int], found: pd.Series) -> dict[str, int]:
    """`sizes` with each unit's number raised to what was found."""
    return sizes | {str(unit): max(sizes.get(str(unit), 0), int(n)) for unit, n in found.items()}


def find_units(client: Client, release: Release) -> Units:
    """Merge units under the floor, and the next smallest while the merged group is itself under it."""
    floor = client.settings.privacy.units_from
    sizes = unit_sizes(client.tables, pd.Timestamp(client.settings.as_of))
    merged = small_groups(sizes, floor=floor)
    if merged:
        what = "one unit" if len(merged) == 1 else f"{len(merged)} units"
        release.note(f"{what} shown as {SMALL_UNITS}: fewer than {floor} people, of unknown size, or next to them")
    released = {unit: SMALL_UNITS if unit in merged else unit for unit in sizes}
    return Units(names=tuple(sorted(set(released.values()))), released=released)
