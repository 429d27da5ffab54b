"""Small client folders for tests."""

from pathlib import Path

from workbook.errors import InputProblems
from workbook.inputs import Client, read_client

CLIENT = "client: acme\ncurrency: GBP\nas_of: 2026-06-30\n"
EMPLOYEES = "employee_id,unit,level,hire_date,exit_date,exit_type,salary\n"
GOOD = (
    EMPLOYEES + "00007,NA,manager,2020-01-31,,,54000\n00008,Sales,individual,2021-02-28,2025-03-31,voluntary,31000.5\n"
)


def folder(place: Path, yml: str = "", **files: str | bytes) -> Path:
    """A client folder with `client.yml` and files; `__` in a name stands for the dot."""
    root = place / "acme"
    root.mkdir(exist_ok=True)
    (root / "client.yml").write_text(CLIENT + yml, encoding="utf-8")
    for name, content in files.items():
        file = root / (name.replace("__", ".") if "__" in name else f"{name}.csv")
        file.write_bytes(content.encode("utf-8") if isinstance(content, str) else content)
    return root


def people(*rows: str, header: str = EMPLOYEES) -> str:
    """A table of employees."""
    return header + "".join(f"{row}\n" for row in rows)


def problems(root: Path) -> list[str]:
    """The problems of a folder as they are printed."""
    try:
        read_client(root)
    except InputProblems as error:
        return [str(problem) for problem in error.problems]
    return []


def employees(place: Path, content: str | bytes, yml: str = "") -> Client:
    """A client with only employees."""
    return read_client(folder(place, yml, employees=content))
