"""The six pages as a browser first gets them: the notebook's text, and the figures of the last run."""

from __future__ import annotations

import asyncio
import gzip
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import nbformat
from voila.exporter import VoilaExporter

from workbook.runner.app.assets import module_of, widget_modules
from workbook.runner.notebooks import NOTEBOOKS, notebook_paths
from workbook.view.static import TEMPLATE

_LAST: Final = "<!--last-->"
_HIDDEN: Final = ("layout", "tabbable", "tooltip")
_PACKING: Final = 4

Said = dict[str, Any]


@dataclass
class AppPage:
    """A page: its notebook, its HTML without figures, and what its widgets last showed at the client's own setting."""

    name: str
    notebook: nbformat.NotebookNode
    shell: str
    last: dict[str, list[Said]] = field(default_factory=dict)
    digest: str = "0"
    """Names what `last` holds, so that a browser can say which figures it already shows; 0 for none."""
    _packed: tuple[bytes, bytes] | None = None

    def html(self) -> tuple[bytes, bytes]:
        """The page as sent: plain and compressed."""
        if self._packed is None:
            plain = self.shell.replace(_LAST, _data_block(self.digest, self.last)).encode()
            self._packed = plain, gzip.compress(plain, _PACKING, mtime=0)
        return self._packed

    def remember(self, last: dict[str, list[Said]]) -> None:
        """Keep what a complete run at the client's own setting showed, for the next viewer's first sight."""
        if last != self.last:
            text = json.dumps(last, sort_keys=True)
            self.last, self.digest, self._packed = last, hashlib.sha256(text.encode()).hexdigest()[:16], None


def cell_message(said: Mapping[str, Any], known: Mapping[str, list[Said]]) -> Said:
    """What the browser is told of a finished cell; views equal to those it has from its HTML go without their state."""
    views = [view_message(view["id"], view["state"]) for view in said["views"]]
    before = known.get(said["cell"], [])
    short = [
        {"id": view["id"]} if place < len(before) and _same(view, before[place]) else view
        for place, view in enumerate(views)
    ]
    return {"kind": "cell", "cell": said["cell"], "views": short, "failed": said["failed"]}


def view_message(model: str, state: Mapping[str, Any]) -> Said:
    """A widget for the browser: its id, its module by digest, and what it shows."""
    shown = {key: value for key, value in state.items() if not key.startswith("_") and key not in _HIDDEN}
    return {"id": model, "module": module_of(state.get("_esm")), "state": shown}


def _same(view: Said, known: Said) -> bool:
    return bool(view["module"] == known["module"] and view["state"] == known["state"])


def _data_block(digest: str, last: Mapping[str, list[Said]]) -> str:
    """A block of JSON inside HTML: nothing in it can end the block."""
    text = json.dumps(last, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
    for character in "<>&\u2028\u2029":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return f'<script type="application/json" id="wb-last" data-digest="{digest}">{text}</script>'


def read_pages(folder: Path, *, base_url: str, template_paths: list[str]) -> dict[str, AppPage]:
    """All pages of the notebooks in `folder`, rendered by Voilà's exporter with our template."""
    return {
        name: _page(name, path, base_url=base_url, template_paths=template_paths)
        for name, path in notebook_paths(folder).items()
        if name in NOTEBOOKS
    }


def _page(name: str, path: Path, *, base_url: str, template_paths: list[str]) -> AppPage:
    notebook = nbformat.read(path, as_version=4)
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
    shell = asyncio.run(_rendered(name, notebook, base_url=base_url, template_paths=template_paths))
    return AppPage(name=name, notebook=notebook, shell=shell)


async def _rendered(name: str, notebook: nbformat.NotebookNode, *, base_url: str, template_paths: list[str]) -> str:
    exporter = VoilaExporter(template_paths=template_paths, template_name=TEMPLATE, base_url=base_url, theme="light")
    resources = {"base_url": base_url, "theme": "light", "template": TEMPLATE, "metadata": {"name": name}}
    context = {"live": True, "modules": list(widget_modules()), "last": _LAST}
    parts = exporter.generate_from_notebook_node(notebook, resources=resources, extra_context=context)
    return "".join([part async for part, _ in parts])
