"""What a run is made from: the content key by which a client that did not change is known, and what `run.json` says."""

from __future__ import annotations

import hashlib
import json
import platform
from collections.abc import Mapping
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final, Protocol

import workbook
from workbook.runner.publish import file_digest
from workbook.scenario import Scenario


class Source(Protocol):
    """A client folder as far as its bytes go."""

    @property
    def digests(self) -> Mapping[str, str]:
        """SHA-256 of each file that is read, by name."""
        ...

    @property
    def notes(self) -> tuple[str, ...]:
        """What a run notes of files that are not read."""
        ...


LIBRARIES: Final = (
    "altair", "anywidget", "babel", "ipykernel", "ipython", "ipywidgets", "jinja2", "jupyter_client", "nbclient",
    "nbformat", "numpy", "openpyxl", "pandas", "papermill", "pyarrow", "pydantic", "pydantic_core", "python-dateutil",
    "pyyaml", "scipy", "statsmodels", "traitlets", "vl-convert-python",
)  # fmt: skip
"""What reads, computes, draws or writes anything of a run; not what serves pages or shows progress."""


def content_key(inputs: Source, paths: Mapping[str, Path], scenario: Scenario) -> str:
    """SHA-256 of all a run is made from: input files, notebooks, parameters, code and library versions.

    Of files that are not read, those whose names are nearly a table's count, for the run notes them.
    """
    made_from: dict[str, Any] = {
        "inputs": dict(inputs.digests),
        "notes": list(inputs.notes),
        "notebooks": {name: file_digest(path) for name, path in paths.items()},
        "scenario": scenario.model_dump(mode="json"),
        "code": code_digest(),
        "versions": versions(),
    }
    return hashlib.sha256(json.dumps(made_from, sort_keys=True).encode()).hexdigest()


@cache
def code_digest() -> str:
    """SHA-256 of the package's own files when this was first asked: that is the code this process runs."""
    return code_digest_now()


def code_digest_now() -> str:
    """SHA-256 of the package's own files."""
    package = Path(workbook.__file__).resolve().parent
    files = sorted(path for path in package.rglob("*") if path.is_file() and "__pycache__" not in path.parts)
    lines = (f"{path.relative_to(package).as_posix()} {file_digest(path)}" for path in files)
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


@cache
def versions() -> Mapping[str, str]:
    """The versions of Python and of LIBRARIES."""
    return {"python": platform.python_version(), **{library: version(library) for library in LIBRARIES}}
