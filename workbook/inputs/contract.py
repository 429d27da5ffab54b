"""The tables a client folder may hold and the headers of known exports, read from the declarations in the catalogue."""

from __future__ import annotations

from functools import cache
from typing import Literal

from workbook.catalogue.shipped import read_shipped
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


@cache
def tables() -> dict[str, Table]:
    """Every declared table by name, in the order of the catalogue."""
    declared = {}
    for name, entry in read_shipped("tables.yml").items():
        columns = tuple(Column(name=column, **entry["columns"][column]) for column in entry["columns"])
        declared[name] = Table(name=name, **{**entry, "columns": columns})
    return declared


@cache
def exports() -> tuple[Export, ...]:
    """Every known header of a vendor's export."""
    return tuple(
        Export(vendor=vendor, table=table, column=column, header=header)
        for vendor, by_table in read_shipped("exports.yml").items()
        for table, by_column in by_table.items()
        for column, headers in by_column.items()
        for header in headers
    )


def tables_schema() -> dict[str, object]:
    """A JSON Schema of every table, one property a table, each an array of rows as text is converted."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Tables of a client folder",
        "type": "object",
        "additionalProperties": False,
        "properties": {table.name: _table_schema(table) for table in tables().values()},
    }


def _table_schema(table: Table) -> dict[str, object]:
    row = {
        "type": "object",
        "required": [column.name for column in table.columns if column.required],
        "properties": {column.name: _column_schema(column) for column in table.columns},
    }
    return {"description": table.description, "type": "array", "items": row, "x-key": list(table.key)}


def _column_schema(column: Column) -> dict[str, object]:
    kinds: dict[str, dict[str, object]] = {
        "number": {"type": "integer" if column.integer else "number"},
        "performance": {"type": ["number", "string"]},
        "yes_no": {"type": "boolean"},
        "date": {"type": "string", "format": "date"},
        "month": {"type": "string", "format": "date"},
    }
    schema = {"description": column.description, **kinds.get(column.type, {"type": "string"})}
    if column.type == "label":
        schema["enum"] = list(column.allowed)
    limits = {"minimum": column.min, "maximum": column.max, "x-unit": column.unit}
    schema.update({name: value for name, value in limits.items() if value is not None})
    if column.example:
        schema["examples"] = [column.example]
    return schema
