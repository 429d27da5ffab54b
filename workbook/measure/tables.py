"""Small helpers for frames: months, rows by unit and for the company, missing values."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import pandas as pd

from workbook.evidence import COMPANY


def day(value: pd.Timestamp | dt.datetime) -> dt.date:
    """A timestamp's date."""
    return pd.Timestamp(value).date()


def month_starts(last: pd.Timestamp, months: int) -> list[pd.Timestamp]:
    """First days of `months` months, the last being the month of `last`."""
    first = pd.Timestamp(year=last.year, month=last.month, day=1)
    return [first - pd.DateOffset(months=k) for k in range(months - 1, -1, -1)]


def with_company(frame: pd.DataFrame) -> pd.DataFrame:
    """Every row twice: once in its unit and once in the company."""
    return pd.concat([frame, frame.assign(unit=COMPANY)], ignore_index=True)


def units_first(names: tuple[str, ...]) -> Iterator[str]:
    """Unit names, then the company."""
    yield from names
    yield COMPANY


def yes(column: pd.Series) -> pd.Series:
    """A yes/no column as plain booleans, missing being no."""
    return column.astype("boolean").fillna(False).astype(bool)


def numbers(column: pd.Series) -> pd.Series:
    """A number column as floats, missing being NaN."""
    return column.astype("Float64").astype("float64")


def text(value: object) -> str | None:
    """Text, or None for a missing value."""
    return None if value is None or value is pd.NA or value != value else str(value)


def whole(value: object) -> int | None:
    """A whole number, or None for a missing one."""
    return None if value is None or value is pd.NA or value != value else round(float(value))  # type: ignore[arg-type]
