"""The declarations this package ships, read fast: by libyaml where PyYAML has it, which is ten times as quick."""

from __future__ import annotations

from importlib.resources import files
from typing import Any


def read_shipped(*path: str) -> Any:
    """What a YAML file of the catalogue holds; `path` is its folder, if any, and its name."""
    import yaml

    text = files("workbook.catalogue").joinpath(*path).read_text(encoding="utf-8")
    return yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
