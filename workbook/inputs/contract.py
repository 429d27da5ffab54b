"""The tables a client folder may hold and the headers of known exports, read from the declarations in the catalogue."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import Literal

from workbook.frozen import Frozen

ColumnType = Literal["id", "text", "label", "number", "performance", "yes_no", "date", "month", "wave"]


class Column(Frozen):
    """One column: what may stand in it and what its absence costs."""

    name: str
    type: ColumnType
    description: str
    example: str
    required: bool = False
    unit: str | None = None
    min: float | None = None
    max: float | None = None
    integer: bool = False
    allowed: tuple[str, ...] = ()
    not_after_as_of: bool = False
    blank: str | None = None
    conditional: bool = False
    without: str | None = None

    @property
    def is_money(self) -> bool:
        """Whether the column holds amounts in the client's currency."""
        return self.unit is not None and self.unit.startswith("money")

    @property
    def may_be_blank(self) -> bool:
        """Whether a cell of this column may be empty."""
        return not self.required or self.blank is not None


class Table(Frozen):
    """One table: its columns in order, its key, and the answers that need it."""

    name: str
    description: str
    key: tuple[str, ...]
    answers: tuple[str, ...]
    columns: tuple[Column, ...]
    settings: bool = False

    def column(self, name: str) -> Column:
        """The declaration of column `name`."""
        return next(column for column in self.columns if column.name == name)

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the columns, in order."""
        return tuple(column.name for column in self.columns)


class Export(Frozen):
    """The header under which one vendor exports one of our columns."""

    vendor: str
    table: str
    column: str
    header: str


def _catalogue(name: str) -> dict:
    import yaml

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    text = (files("workbook") / "catalogue" / name).read_text(encoding="utf-8")
    return yaml.load(text, Loader=loader)


@cache
def tables() -> dict[str, Table]:
    """Every declared table by name, in the order of the catalogue."""
    declared = {}
    for name, entry in _catalogue("tables.yml").items():
        columns = tuple(Column(name=column, **entry["columns"][column]) for column in entry["columns"])
        declared[name] = Table(name=name, **{**entry, "columns": columns})
    return declared


@cache
def exports() -> tuple[Export, ...]:
    """Every known header of a vendor's export."""
    return tuple(
        Export(vendor=vendor, table=table, column=column, header=header)
        for vendor, by_table in _catalogue("exports.yml").items()
        for table, by_column in by_table.items()
        for column, headers in by_column.items()
        for header in headers
    )
