"""docs/methods.md names only what exists."""

import importlib
import re
from pathlib import Path

PAGE = Path(__file__).parents[1] / "docs" / "methods.md"
REFERENCE = re.compile(r"`([a-z_/0-9]+\.py):\s([A-Za-z0-9_,\s]+)`")


def named() -> list[tuple[str, str]]:
    return [
        (path, name.strip())
        for path, names in REFERENCE.findall(PAGE.read_text(encoding="utf-8"))
        for name in names.split(",")
    ]


def test_every_function_the_methods_page_names_exists():
    missing = [
        f"{path}: {name}"
        for path, name in named()
        if not hasattr(importlib.import_module("workbook." + path[:-3].replace("/", ".")), name)
    ]
    assert missing == []


def test_the_methods_page_names_functions_of_every_week():
    assert len(named()) > 80
    files = {path.split("_")[0] for path, _ in named()}
    assert {"weeks/week1", "weeks/economics", "weeks/week3.py", "weeks/week4", "weeks/followup"} <= files
