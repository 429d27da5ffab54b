"""Small clients for tests of measuring: frames typed as the contract says, without a folder."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

import pandas as pd

from workbook.evidence import TableQuality
from workbook.inputs import Client
from workbook.inputs.contract import tables
from workbook.settings import Settings

AS_OF = dt.date(2025, 12, 31)
DTYPES = {"date": "datetime64[s]", "month": "datetime64[s]", "yes_no": "boolean", "number": "float64"}
Rows = Iterable[Mapping[str, Any]]


def frame(table: str, rows: Rows) -> pd.DataFrame:
    """A table of the contract from rows that may leave columns out."""
    declared, given = tables()[table].columns, list(rows)
    return pd.DataFrame(
        {
            column.name: pd.Series(
                [row.get(column.name) for row in given],
                dtype="float64" if column.type == "performance" else DTYPES.get(column.type, "string"),
            )
            for column in declared
        }
    )


def client(given: Mapping[str, Rows | pd.DataFrame] | None = None, **settings: Any) -> Client:
    """A client who gave the tables named."""
    frames = {
        name: rows if isinstance(rows, pd.DataFrame) else frame(name, rows) for name, rows in (given or {}).items()
    }
    return Client(
        settings=Settings(**{"client": "acme", "currency": "EUR", "as_of": AS_OF, **settings}),
        tables=frames,
        quality=tuple(
            TableQuality(table=name, present=name in frames, rows=len(frames.get(name, ())))
            for name, table in tables().items()
            if not table.settings
        ),
        digests={f"{name}.csv": "0" * 64 for name in frames},
    )


def staff(unit: str | None, people: int, *, prefix: str | None = None, **fields: Any) -> list[dict[str, Any]]:
    """People of one unit, employed since 2020 unless told otherwise."""
    mark = prefix or (unit or "none").lower().replace(" ", "")
    base = {"unit": unit, "level": "individual", "hire_date": dt.date(2020, 1, 1)}
    return [{**base, "employee_id": f"{mark}{k:03d}", **fields} for k in range(people)]


def leaver(person: str, unit: str, left: dt.date, **fields: Any) -> dict[str, Any]:
    """Somebody who left, of their own will unless told otherwise."""
    base = {"level": "individual", "hire_date": dt.date(2020, 1, 1), "exit_type": "voluntary"}
    return {"employee_id": person, "unit": unit, "exit_date": left, **base, **fields}


def answers(
    unit: str | None, scores: Iterable[float], *, item: str = "engagement", wave: dt.date = dt.date(2025, 10, 1)
) -> list[dict[str, Any]]:
    """One answer of each of a unit's people to one item."""
    mark = (unit or "none").lower().replace(" ", "")
    return [
        {"respondent": f"p-{mark}-{k:03d}", "unit": unit, "wave": wave, "item": item, "score": score}
        for k, score in enumerate(scores)
    ]


def varied(n: int, low: int = 2, high: int = 5) -> list[float]:
    """Scores that are not all alike."""
    return [float(low + k % (high - low + 1)) for k in range(n)]


def rated(
    leaders: Iterable[str],
    *,
    raters: int = 6,
    wave: str = "baseline",
    arm: str | None = None,
    gain: float = 0.0,
    competencies: Iterable[str] = ("coaching", "delegation"),
    relationship: str = "direct_report",
) -> list[dict[str, Any]]:
    """Ratings of leaders by their direct reports; leaders, raters and competencies differ a little."""
    return [
        {
            "leader_id": leader,
            "rater_id": f"{leader}-r{r}",
            "relationship": relationship,
            "wave": wave,
            "competency": competency,
            "score": min(5.0, 2.0 + (place + r + c) % 3 + 0.1 * (place % 4) + gain),
            "arm": arm,
        }
        for place, leader in enumerate(leaders)
        for r in range(raters)
        for c, competency in enumerate(competencies)
    ]
