"""A figure as a PNG, for readers without a kernel."""

from __future__ import annotations

import copy
import struct
import textwrap
import zlib
from typing import Any

from workbook.view import theme
from workbook.view.figure import Figure
from workbook.view.figures.draw import fixed_spec

WIDTH = 720
SCALE = 1.5
TITLE_LETTERS = 88
PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"
COMPOSITIONS = ("facet", "hconcat", "vconcat", "concat", "repeat")


def spec_with_data(figure: Figure, *, width: int = WIDTH) -> dict[str, Any]:
    """The figure's Vega-Lite with its data, title, width and the light look: complete in itself."""
    if figure.spec is None:
        raise ValueError(f"figure {figure.key} has no chart")
    spec = copy.deepcopy(fixed_spec(figure))
    look = theme.config(dark=False) | {"background": theme.palette().card, "padding": 16}
    spec["config"] = look
    spec["datasets"] = dict(figure.data)
    spec.setdefault("height", figure.height)
    spec["title"] = {
        "text": textwrap.wrap(figure.title, TITLE_LETTERS),
        "anchor": "start",
        "frame": "group",
        "color": theme.palette().ink,
        "font": theme.FONT,
        "fontSize": 15,
        "offset": 14,
    }
    if not any(key in spec for key in COMPOSITIONS):
        spec["width"] = width
        spec["autosize"] = {"type": "fit-x", "contains": "padding"}
    return spec


def png(figure: Figure) -> bytes:
    """The figure drawn 720 wide, sharp on dense screens; nothing is loaded from the network or the disk."""
    import vl_convert

    return squeeze(bytes(vl_convert.vegalite_to_png(spec_with_data(figure), scale=SCALE, allowed_base_urls=[])))


def squeeze(image: bytes) -> bytes:
    """The same PNG with its pixels compressed well (level 9 saves 4 % more and takes three times as long)."""
    pixels, kept = b"", []
    position = len(PNG_SIGNATURE)
    while position < len(image):
        (length,) = struct.unpack_from(">I", image, position)
        kind, end = image[position + 4 : position + 8], position + 12 + length
        if kind == b"IDAT":
            pixels += image[position + 8 : end - 4]
        else:
            kept.append(image[position:end])
        position = end
    packed = b"IDAT" + zlib.compress(zlib.decompress(pixels), 6)
    data = struct.pack(">I", len(packed) - 4) + packed + struct.pack(">I", zlib.crc32(packed))
    return PNG_SIGNATURE + b"".join(kept[:-1]) + data + kept[-1]
