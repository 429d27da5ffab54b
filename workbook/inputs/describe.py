"""The table reference in docs/client-folder.md, made from the declarations so that it stays true."""

from __future__ import annotations

from workbook.inputs.contract import Column, Export, Table, exports, tables

HEAD = """# The client folder

*Made from `tables.yml` and `exports.yml` in `workbook/catalogue/` by `python -m workbook.inputs.describe`.*

A client is one folder. Only `client.yml` is required; `workbook new` writes one with every key explained. Tables may be
CSV, XLSX (a sheet a table, or a file a table) or Parquet, named as below. What needs a missing table says
`insufficient data`. `workbook check` reads only and reports every problem at once.

## How cells are read

- Everything is read as text first. Codes keep their zeros (`00007`), a department called `NA` stays one. Only an empty
  cell is missing.
- CSV: comma, semicolon, tab or bar; UTF-8, UTF-16, or Windows-1252 where the client's locale is written with it. Text
  that would come out garbled is refused.
- Numbers: the decimal mark is taken from a value that proves it (`1.234,50`, `0,5`), else from `decimal_mark` in
  `client.yml`, else from the column's limits; `1,234` alone is refused, because it can be read two ways. Currency signs
  must be the client's. Brackets for negatives are refused.
- Shares are fractions between 0 and 1. A column in which every value has a % sign is read as percentages; a mixture is
  refused.
- Dates are year-month-day. Another form must be stated as `date_format` in `client.yml`. Years of two digits,
  spreadsheet day numbers and stand-ins such as 1900-01-01 and 9999-12-31 are refused.
- Yes/no: `yes`, `no`, `y`, `n`, `true`, `false`, `1`, `0`. Other labels are mapped under `values` in `client.yml`.
- Invisible characters are removed and hard spaces made plain, so that equal ids are equal.
- Where both `survey` and `survey_summary` cover a construct in a wave, the records count and the summary is left out.

## Tables

Bold columns are required.
"""
TYPES = {
    "id": "code",
    "text": "text",
    "label": "label",
    "number": "number",
    "performance": "number or label",
    "yes_no": "yes/no",
    "date": "date",
    "month": "month",
    "wave": "wave",
}


def client_folder_document() -> str:
    """The whole document."""
    parts = [HEAD, *(table_section(table) for table in tables().values()), exports_section(exports())]
    return "\n".join(parts)


def table_section(table: Table) -> str:
    """One table: what it is for, its key, and a line a column."""
    key = f"Key: {', '.join(table.key)}. " if table.key else ""
    needs = f"Without it: no {'; no '.join(table.answers)}." if table.answers else "Optional."
    lines = [f"### {table.name}", "", table.description, "", f"{key}{needs}", ""]
    lines += ["| column | type | values | what it is | example |", "|---|---|---|---|---|"]
    lines += [_row(column) for column in table.columns]
    return "\n".join([*lines, ""])


def _row(column: Column) -> str:
    name = f"**{column.name}**" if column.required else column.name
    note = f" Without it: {column.without}." if column.without else ""
    example = f"`{column.example}`" if column.example else ""
    return f"| {name} | {TYPES[column.type]} | {_values(column)} | {column.description}{note} | {example} |"


def _values(column: Column) -> str:
    said = []
    if column.allowed:
        said.append(", ".join(column.allowed))
    if column.unit:
        said.append(column.unit)
    if column.min is not None or column.max is not None:
        low = "" if column.min is None else f"from {column.min:g}"
        high = "" if column.max is None else f"to {column.max:g}"
        said.append(" ".join(part for part in (low, high) if part))
    if column.integer:
        said.append("whole")
    if column.not_after_as_of:
        said.append("not after as_of")
    return "; ".join(said)


def exports_section(known: tuple[Export, ...]) -> str:
    """Headers of known exports, by vendor and table."""
    lines = ["## Known exports", "", "Headers read without a mapping, compared without case and punctuation."]
    lines += ["", "| vendor | table | our column | headers |", "|---|---|---|---|"]
    rows: dict[tuple[str, str, str], list[str]] = {}
    for export in known:
        rows.setdefault((export.vendor, export.table, export.column), []).append(export.header)
    lines += [f"| {v} | {t} | {c} | {', '.join(headers)} |" for (v, t, c), headers in rows.items()]
    return "\n".join([*lines, ""])


if __name__ == "__main__":
    print(client_folder_document(), end="")
