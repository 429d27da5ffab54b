"""Widgets that show words: key figures and prose. Each also says itself in plain text."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from functools import cache
from typing import Any

import anywidget
import traitlets

from workbook.view import theme
from workbook.view.bundle import bundle, in_run
from workbook.view.figure import Tile
from workbook.view.static import HERE, in_voila, stylesheet

WRAP = 100
_COMPLETE: dict[type, type] = {}
"""Classes of widgets, and the same with the traits that anywidget adds."""


@cache
def script(name: str) -> str:
    """One widget's ES module: the shared helpers followed by its own file. No build step."""
    return "".join((HERE / "assets" / f"{part}.js").read_text(encoding="utf-8") for part in ("common", name))


class Shown(anywidget.AnyWidget):
    """A widget with a text: displaying it emits one bundle. In Voilà the page already has the CSS."""

    _css = "" if in_voila() else stylesheet()

    def add_traits(self, **traits: Any) -> None:
        """Add what every widget of its class gets, once a class: a new class for each widget costs milliseconds."""
        plain = type(self)
        if plain not in _COMPLETE:
            super().add_traits(**traits)
            _COMPLETE[plain] = type(self)
            return
        self.__class__ = _COMPLETE[plain]
        for name in traits:
            self.traits()[name].instance_init(self)

    def open(self) -> None:
        """Tell the browser of this widget; in a run there is none to tell."""
        if not in_run():
            super().open()

    def shown_as(self) -> str | None:
        """The name of its model, or None in a run."""
        return None if in_run() else self.model_id

    def words(self) -> str:
        """What a reader without widgets reads."""
        return ""

    def _repr_mimebundle_(self, **_: object) -> tuple[dict[str, Any], dict[str, Any]]:
        return bundle(model_id=self.shown_as(), text=self.words()), {}


class Tiles(Shown):
    """Key figures side by side, each with why it is what it is: formula and source by the tile's key, sent once."""

    _esm = script("tiles")
    tiles: traitlets.List[dict[str, str]] = traitlets.List().tag(sync=True)
    whys: traitlets.Dict[str, list[str]] = traitlets.Dict().tag(sync=True)

    @classmethod
    def of(cls, tiles: Iterable[Tile], whys: Mapping[str, Sequence[str]] | None = None) -> Tiles:
        """A row of tiles."""
        return cls(tiles=_tile_rows(tiles), whys={key: list(told) for key, told in (whys or {}).items()})

    def show(self, tiles: Iterable[Tile]) -> None:
        """Replace what is shown."""
        self.tiles = _tile_rows(tiles)

    def words(self) -> str:
        """One line a tile."""
        return "\n".join(_tile_line(tile) for tile in self.tiles)


def _tile_rows(tiles: Iterable[Tile]) -> list[dict[str, str]]:
    return [asdict(tile) | {"tone": theme.tone(tile.status)} for tile in tiles]


def _tile_line(tile: Mapping[str, str]) -> str:
    status = f" [{tile['status']}]" if tile["status"] else ""
    note = f" ({tile['note']})" if tile["note"] else ""
    return f"{tile['label']}: {tile['value']}{status}{note}"


class Prose(Shown):
    """Headings, paragraphs, lists, term-and-words pairs and tables, as blocks of plain text."""

    _esm = script("prose")
    blocks: traitlets.List[dict[str, Any]] = traitlets.List().tag(sync=True)

    def words(self) -> str:
        """The blocks as text."""
        return "\n".join(_block_text(block) for block in self.blocks)


def heading(text: str) -> dict[str, Any]:
    """A heading."""
    return {"kind": "heading", "text": text}


def lead(text: str) -> dict[str, Any]:
    """The sentence that matters most."""
    return {"kind": "lead", "text": text}


def paragraph(text: str) -> dict[str, Any]:
    """A paragraph."""
    return {"kind": "paragraph", "text": text}


def note(text: str) -> dict[str, Any]:
    """A small line beneath."""
    return {"kind": "note", "text": text}


def bullets(items: Sequence[str]) -> dict[str, Any]:
    """A list."""
    return {"kind": "list", "items": list(items)}


def pairs(items: Sequence[tuple[str, str]]) -> dict[str, Any]:
    """Terms with their words."""
    return {"kind": "facts", "items": [list(item) for item in items]}


def table(columns: Sequence[str], rows: Sequence[Sequence[str]], caption: str = "") -> dict[str, Any]:
    """A table of worded cells."""
    return {"kind": "table", "columns": list(columns), "rows": [list(row) for row in rows], "caption": caption}


def _block_text(block: Mapping[str, Any]) -> str:
    match block["kind"]:
        case "heading":
            return f"\n{block['text']}"
        case "list":
            return "\n".join(f"  - {item}" for item in block["items"])
        case "facts":
            return "\n".join(f"  {term}: {words}" for term, words in block["items"])
        case "table":
            return table_text(block["columns"], block["rows"])
        case _:
            return textwrap.fill(str(block["text"]), WRAP)


def table_text(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A table in columns of equal width."""
    lines = [list(columns), *(list(row) for row in rows)]
    widths = [max(len(line[index]) for line in lines) for index in range(len(columns))]
    return "\n".join(
        "  " + "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip() for line in lines
    )
