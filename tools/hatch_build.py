"""Puts the notebooks into a wheel; an editable install reads them in the checkout."""

from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class NotebooksInWheel(BuildHookInterface):
    """Adds notebooks/ to a wheel as workbook/_notebooks, where workbook/runner/notebooks.py looks for them."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        if version == "standard":
            build_data["force_include"]["notebooks"] = "workbook/_notebooks"
