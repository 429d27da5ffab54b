"""Client folder → Client (frozen), or every problem at once.

Names are loaded when first used, so that importing the package costs nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from workbook.inputs.client import Client, read_client
    from workbook.inputs.identity import Identity, identify
    from workbook.inputs.mapping_file import write_mapping
    from workbook.inputs.new_folder import scaffold
    from workbook.inputs.report import CheckReport, check

_HOMES = {
    "Client": "client",
    "read_client": "client",
    "Identity": "identity",
    "identify": "identity",
    "CheckReport": "report",
    "check": "report",
    "scaffold": "new_folder",
    "write_mapping": "mapping_file",
}
__all__ = ["CheckReport", "Client", "Identity", "check", "identify", "read_client", "scaffold", "write_mapping"]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"workbook.inputs.{_HOMES[name]}"), name)
