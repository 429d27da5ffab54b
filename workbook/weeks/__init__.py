"""One pure function a week: Evidence and Scenario in, a frozen result out. Modules load when first asked for.

Functions are named as their modules are, so `workbook.weeks.week1` is always the function; the module is reached by
`from workbook.weeks.week1 import ...`.
"""

from __future__ import annotations

import sys
from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from workbook.weeks.facts import facts as facts
    from workbook.weeks.followup import followup as followup
    from workbook.weeks.grid import grid as grid
    from workbook.weeks.start import start as start
    from workbook.weeks.verdict import decide as decide
    from workbook.weeks.week1 import week1 as week1
    from workbook.weeks.week2 import week2 as week2
    from workbook.weeks.week3 import week3 as week3
    from workbook.weeks.week4 import week4 as week4

MODULES = {
    "facts": "facts",
    "start": "start",
    "week1": "week1",
    "week2": "week2",
    "week3": "week3",
    "decide": "verdict",
    "grid": "grid",
    "week4": "week4",
    "followup": "followup",
}


class _Weeks(ModuleType):
    """This package: the import system binds a submodule to its parent, which would hide the function of that name."""

    def __setattr__(self, name: str, value: object) -> None:
        if name in MODULES and isinstance(value, ModuleType):
            value = getattr(value, name, value)
        super().__setattr__(name, value)


sys.modules[__name__].__class__ = _Weeks


def __getattr__(name: str) -> Any:
    """The function called `name`, from the module that holds it."""
    if name not in MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{MODULES[name]}"), name)
