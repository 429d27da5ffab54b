"""What one view shows in every medium: the live widget, a static image and plain text."""

from __future__ import annotations

import base64
import os
from typing import Any

from workbook.view.static import in_voila

WIDGET_VIEW = "application/vnd.jupyter.widget-view+json"
NO_IMAGES = "WORKBOOK_NO_IMAGES"


def wants_images() -> bool:
    """Images are for readers without a kernel: a page in Voilà and a test that compares text do without."""
    return not in_voila() and not os.environ.get(NO_IMAGES)


def bundle(
    *, model_id: str, text: str, image: bytes | None = None, image_width: int | None = None
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Data and metadata of one display: widget, image where given, text always."""
    data: dict[str, Any] = {
        WIDGET_VIEW: {"version_major": 2, "version_minor": 1, "model_id": model_id},
        "text/plain": text,
    }
    metadata: dict[str, Any] = {}
    if image is not None:
        data["image/png"] = base64.b64encode(image).decode("ascii")
        metadata["image/png"] = {"width": image_width}
    return data, metadata
