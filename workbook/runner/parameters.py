"""Typed parameters: names and types come from the notebook's own `parameters` cell, values are converted exactly.

papermill only warns of unknown names and pastes objects it does not know as code; nothing reaches it from here but a
str, int, float or bool that the notebook declares.
"""

from __future__ import annotations

import ast
import datetime as dt
import difflib
import math
from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Final

from workbook.errors import BadArgument

Plain = str | int | float | bool
TYPES: Final = {"str": str, "int": int, "float": float, "bool": bool}


def declared_parameters(source: str, *, notebook: str) -> dict[str, type]:
    """Names and types of the annotated assignments in a parameters cell (`budget_money: float = 0.0`).

    Raises BadArgument when a line is anything else.
    """
    declared: dict[str, type] = {}
    for line in ast.parse(source).body:
        match line:
            case ast.AnnAssign(target=ast.Name(id=name), annotation=ast.Name(id=kind), value=ast.expr()) if (
                kind in TYPES
            ):
                declared[name] = TYPES[kind]
            case ast.Expr(value=ast.Constant(value=str())):
                continue
            case _:
                raise BadArgument(
                    f"{notebook}: line {line.lineno} of the parameters cell does not declare a parameter. "
                    f"Write `name: type = value` with type {', '.join(TYPES)}."
                )
    return declared


def typed_parameters(declared: Mapping[str, type], given: Mapping[str, object], *, notebook: str) -> dict[str, Plain]:
    """`given` converted to the declared types.

    Raises BadArgument for a name the notebook does not declare or a value its type cannot hold exactly, TypeError for a
    value that is no scalar (a Path, a tuple, an object).
    """
    return {name: _converted(name, value, _declared(name, declared, notebook)) for name, value in given.items()}


def _declared(name: str, declared: Mapping[str, type], notebook: str) -> type:
    if name not in declared:
        near = difflib.get_close_matches(name, declared, n=1)
        hint = f"Did you mean '{near[0]}'?" if near else f"It has {', '.join(declared) or 'none'}."
        raise BadArgument(f"{notebook}: no parameter {name!r}. {hint}")
    return declared[name]


def _converted(name: str, value: object, kind: type) -> Plain:
    scalar = _scalar(name, value)
    if kind is str and isinstance(scalar, str):
        return scalar
    if kind is bool and isinstance(scalar, bool):
        return scalar
    if kind in (int, float) and isinstance(scalar, int | float | Decimal) and not isinstance(scalar, bool):
        if kind is float and math.isfinite(scalar):
            return float(scalar)
        if kind is int and math.isfinite(scalar) and scalar == int(scalar):
            return int(scalar)
    raise BadArgument(f"parameter '{name}': {scalar!r} is not {_WANTED[kind]}.")


_WANTED = {str: "text", bool: "true or false", int: "a whole number", float: "a finite number"}


def _scalar(name: str, value: Any) -> str | int | float | bool | Decimal:
    """`value` as a Python scalar: NumPy scalars unwrapped, dates as ISO text."""
    unwrapped = value.item() if type(value).__module__ == "numpy" and getattr(value, "ndim", None) == 0 else value
    if isinstance(unwrapped, dt.date):
        return unwrapped.isoformat()
    if isinstance(unwrapped, str | int | float | Decimal) and type(unwrapped) in (str, int, float, bool, Decimal):
        return unwrapped
    kind = type(value).__name__
    raise TypeError(f"parameter '{name}': {kind} cannot be given to a notebook. Give text or a number.")
