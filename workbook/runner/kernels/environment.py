"""What a run's kernels find in their environment."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

_DROPPED = ("JUPYTER", "IPYTHON", "WORKBOOK_", "PYTHONWARNINGS", "PYTHONSTARTUP", "PYTHONINSPECT", "PYTHONBREAKPOINT")
ONE_THREAD: Final = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
FIXED: Final = {
    "PYTHONHASHSEED": "0",
    "PYDEVD_DISABLE_FILE_VALIDATION": "1",
    "PYDEVD_USE_FRAME_EVAL": "NO",
    "WORKBOOK_IN_RUN": "1",
}
"""The debugger of an ordinary kernel sets the third, a forked one has none; the last says that a run executes it
(workbook/view/bundle.py)."""


def kernel_environment(home: Path) -> dict[str, str]:
    """The kernel's environment: ours without Jupyter's, IPython's and Python's user settings, one thread a library."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(_DROPPED)}
    folders = {
        name: str(home) for name in ("IPYTHONDIR", "JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR")
    }
    return {**kept, **folders, **ONE_THREAD, **FIXED}
