"""What one view shows in every medium: the live widget, a picture and plain text."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any, Final

from workbook.view.static import in_voila

WIDGET_VIEW = "application/vnd.jupyter.widget-view+json"
IN_RUN: Final = "WORKBOOK_IN_RUN"
"""Tells a kernel that a run executes it: no browser will ever show its widgets, and the runner draws its charts."""


def in_run() -> bool:
    """Whether this kernel was started by a run; the app's kernels, forked from the same process, were not."""
    return bool(os.environ.get(IN_RUN)) and not in_voila()


def bundle(*, model_id: str | None, text: str, more: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """The data of one display: the widget where it has a model, what else is given, text always."""
    view = {WIDGET_VIEW: {"version_major": 2, "version_minor": 1, "model_id": model_id}} if model_id else {}
    return {**view, **(more or {}), "text/plain": text}
