"""The papermill engine of a run: a fresh kernel of ours a notebook, killed when it is done, and no file written."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any, Final

from nbformat import NotebookNode
from papermill.engines import NBClientEngine, papermill_engines

from workbook.runner.kernels.manager import OwnKernelManager
from workbook.runner.kernels.owner import scratch_folder

NAME: Final = "workbook"


class ForkEngine(NBClientEngine):
    """Executes in a kernel that `OwnKernelManager` starts; says in `metadata.papermill.kernel` how it was started."""

    @classmethod
    def execute_managed_notebook(cls, nb_man: Any, kernel_name: str, **options: Any) -> NotebookNode:
        """Execute with messages of one stream put together; at the end the kernel, with nothing to save, is killed.

        Widgets live in a browser: their state is not gathered.
        """
        ours = {"shutdown_kernel": "immediate", "coalesce_streams": True, "store_widget_state": False}
        started: list[str] = []
        with tempfile.TemporaryDirectory(prefix="wb-", dir=scratch_folder(), ignore_cleanup_errors=True) as home:
            manager = type("KernelManager", (OwnKernelManager,), {"home": Path(home), "told": started})
            done = super().execute_managed_notebook(
                nb_man, kernel_name, **{**ours, **options, "kernel_manager_class": manager}
            )
        nb_man.nb.metadata.papermill["kernel"] = "; ".join(started)
        return done


def register() -> str:
    """Make the engine known to papermill, also where this package was installed before it had one. Returns its name."""
    papermill_engines.register(NAME, ForkEngine)
    return NAME
