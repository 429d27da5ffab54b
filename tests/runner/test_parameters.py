"""Parameters are what the notebook declares, exactly."""

from __future__ import annotations

import pytest

from workbook.errors import BadArgument
from workbook.runner.parameters import declared_parameters, typed_parameters


def test_names_and_types_are_read_from_the_cell():
    lines = ['"""What may be set."""', 'text: str = ""', "cohort_size: int = 0", "budget: float = 0.0  # money"]
    source = "\n".join([*lines, "fast: bool = False", ""])
    assert declared_parameters(source, notebook="n") == {"text": str, "cohort_size": int, "budget": float, "fast": bool}


@pytest.mark.parametrize("line", ["x = 1", "import os", "x: list = []", "x: int", "print(1)", "x.y: int = 1"])
def test_a_parameters_cell_holds_nothing_but_typed_values(line):
    with pytest.raises(BadArgument) as refused:
        declared_parameters(f"good: int = 1\n{line}", notebook="week9")
    assert str(refused.value) == (
        "week9: line 2 of the parameters cell does not declare a parameter. "
        "Write `name: type = value` with type str, int, float, bool."
    )


def test_an_unknown_name_is_refused_with_the_nearest_known_one():
    with pytest.raises(BadArgument) as refused:
        typed_parameters({"cohort_size": int}, {"cohort_sise": 3}, notebook="week2")
    assert str(refused.value) == "week2: no parameter 'cohort_sise'. Did you mean 'cohort_size'?"


@pytest.mark.parametrize(
    ("kind", "value", "words"),
    [
        (int, 2.5, "2.5 is not a whole number"),
        (int, True, "True is not a whole number"),
        (int, "3", "'3' is not a whole number"),
        (float, float("nan"), "nan is not a finite number"),
        (float, float("inf"), "inf is not a finite number"),
        (str, 7, "7 is not text"),
        (bool, 1, "1 is not true or false"),
    ],
)
def test_a_value_its_type_cannot_hold_is_refused(kind, value, words):
    with pytest.raises(BadArgument) as refused:
        typed_parameters({"x": kind}, {"x": value}, notebook="n")
    assert str(refused.value) == f"parameter 'x': {words}."
