"""A client's changes to shipped programmes and assumptions, checked against what is shipped."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import pandas as pd

from workbook.errors import BadArgument, Problem
from workbook.evidence import AssumptionChange
from workbook.inputs.convert import ROW
from workbook.inputs.yaml_text import read_yaml

PROGRAMMES = "programmes.yml"


def read_programmes(content: bytes, file: str = PROGRAMMES) -> tuple[tuple[dict[str, Any], ...], tuple[Problem, ...]]:
    """Entries of `programmes.yml`: a list, or a group whose keys are the programmes' short names; values stay text."""
    from workbook.catalogue.programmes import merge, validate_change

    text = read_yaml(content, file)
    if text.problems or text.data is None:
        return (), text.problems
    entries: list[Any]
    if isinstance(text.data, Mapping):
        entries = [
            {"programme": key, **(value or {})} if isinstance(value or {}, Mapping) else value
            for key, value in text.data.items()
        ]
    else:
        entries = text.data if isinstance(text.data, list) else [text.data]
    problems: list[Problem] = []
    changes: list[dict[str, Any]] = []
    for i, entry in enumerate(entries, start=1):
        if not isinstance(entry, Mapping):
            problems.append(
                Problem(file, None, None, f"Entry {i} is not a group of keys.", "Begin with 'programme: …'.")
            )
            continue
        change = {str(key): value for key, value in entry.items() if value is not None}
        problems += [Problem(file, None, None, _sentence(fault)) for fault in validate_change(change)]
        changes.append(change)
    if not problems:
        try:
            merge(changes)
        except BadArgument as fault:
            problems.append(Problem(file, None, None, _sentence(str(fault))))
    return tuple(changes), tuple(problems)


def read_assumptions(frame: pd.DataFrame, place: str) -> tuple[tuple[AssumptionChange, ...], tuple[Problem, ...]]:
    """Rows of `assumptions.csv` as changes."""
    from workbook.assumptions import problems_of_change, shipped_register

    register = shipped_register()
    changes, problems = [], []
    for row in frame.to_dict("records"):
        if pd.isna(row["name"]) or pd.isna(row["value"]) or pd.isna(row["source"]):
            continue
        change = AssumptionChange(
            name=row["name"],
            value=row["value"],
            low=_number(row["low"]),
            high=_number(row["high"]),
            source=row["source"],
            agreed_by=None if pd.isna(row["agreed_by"]) else row["agreed_by"],
            agreed_on=None if pd.isna(row["agreed_on"]) else row["agreed_on"].date(),
        )
        problems += [
            Problem(place, int(row[ROW]), None, _sentence(fault)) for fault in problems_of_change(register, change)
        ]
        changes.append(change)
    return tuple(changes), tuple(problems)


def _number(value: float) -> float | None:
    return None if math.isnan(value) else value


def _sentence(fault: str) -> str:
    return fault if fault.endswith((".", "?")) else f"{fault}."
