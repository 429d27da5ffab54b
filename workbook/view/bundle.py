"""What one view shows in every medium: the live widget, a picture and plain text."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

WIDGET_VIEW = "application/vnd.jupyter.widget-view+json"


def bundle(*, model_id: str, text: str, more: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """The data of one display: widget, what else is given, text always."""
    view = {"version_major": 2, "version_minor": 1, "model_id": model_id}
    return {WIDGET_VIEW: view, **(more or {}), "text/plain": text}
