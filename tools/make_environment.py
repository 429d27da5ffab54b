"""environment.yml from pyproject.toml: conda-forge names for what the package needs, the package itself by pip.

    python tools/make_environment.py            prints it
    python tools/make_environment.py --write    writes environment.yml

A test holds the committed file equal to this, and its names and ranges to requirements.lock. Whether conda-forge can
solve it is not tested: that needs the channel.
"""

from __future__ import annotations

import sys
import tomllib
from pathlib import Path

from packaging.requirements import Requirement

ROOT = Path(__file__).resolve().parent.parent
TARGET = ROOT / "environment.yml"
CONDA_NAMES: dict[str, str] = {}
"""PyPI name to conda-forge name, where they differ; at present every package we need has one name on both."""
HEAD = """\
# Made by tools/make_environment.py from pyproject.toml; change that file, then: make environment
# conda env create -f environment.yml && conda activate leadership-diagnostic
name: leadership-diagnostic
channels:
  - conda-forge
  - nodefaults
dependencies:
"""


def environment(pyproject: Path = ROOT / "pyproject.toml") -> str:
    project = tomllib.loads(pyproject.read_text(encoding="utf-8"))["project"]
    lines = [f"python {project['requires-python']}", *map(conda_spec, project["dependencies"]), "pip"]
    own = ["  - pip:", "      - --editable ."]
    return HEAD + "\n".join([*(f"  - {line}" for line in lines), *own]) + "\n"


def conda_spec(dependency: str) -> str:
    requirement = Requirement(dependency)
    if requirement.marker or requirement.extras or requirement.url:
        raise ValueError(f"{dependency}: conda-forge has no markers, extras or addresses; name the package plainly.")
    name = CONDA_NAMES.get(requirement.name, requirement.name).lower()
    return f"{name} {requirement.specifier}".strip()


if __name__ == "__main__":
    if sys.argv[1:] == ["--write"]:
        TARGET.write_text(environment(), encoding="utf-8")
    else:
        print(environment(), end="")
