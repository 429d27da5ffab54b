"""From client folders to published runs: papermill, work folders, locks, servers. The only part that may import all."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from workbook.runner.batch import run_clients as run_clients
    from workbook.runner.report import RunReport as RunReport
    from workbook.runner.run import run_client as run_client

_HOMES = {"run_client": "run", "run_clients": "batch", "RunReport": "report"}


def __getattr__(name: str) -> Any:
    """The public functions, loaded when first asked for: papermill takes a second to import."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
