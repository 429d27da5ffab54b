"""Every file a browser may ask for: a closed list, read and compressed once, kept by browsers under its digest."""

from __future__ import annotations

import gzip
import hashlib
import mimetypes
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from workbook.view import static
from workbook.view.widgets import script

_SHARED: Final = "common"
_TEXT: Final = ("text/", "application/javascript", "text/javascript", "image/svg")


@dataclass(frozen=True)
class Asset:
    """A file as served."""

    kind: str
    plain: bytes
    packed: bytes
    digest: str


def asset(name: str, content: bytes) -> Asset:
    """A file by the kind its name says, plain and compressed."""
    kind = "text/javascript" if name.endswith(".js") else mimetypes.guess_type(name)[0] or "application/octet-stream"
    kind = f"{kind}; charset=utf-8" if kind.startswith(_TEXT) else kind
    return Asset(kind, content, gzip.compress(content, 6, mtime=0), hashlib.sha256(content).hexdigest()[:32])


@cache
def template_files() -> dict[str, Asset]:
    """The template's static files by name: ours, and the Vega bundle made on this machine."""
    folders = (static.HERE / static.TEMPLATE_STATIC, static.prepare() / static.TEMPLATE_STATIC)
    paths = [path for folder in folders for path in sorted(folder.iterdir()) if path.is_file()]
    return {path.name: asset(path.name, path.read_bytes()) for path in paths}


@cache
def widget_modules() -> dict[str, Asset]:
    """The widgets' ES modules by digest: what the package ships, and nothing that comes from a kernel."""
    names = [path.stem for path in sorted(Path(static.HERE, "assets").glob("*.js")) if path.stem != _SHARED]
    made = [asset(f"{name}.js", script(name).encode()) for name in names]
    return {one.digest: one for one in made}


def module_of(esm: object) -> str:
    """The digest of a widget's module; empty when it is not one of ours."""
    digest = hashlib.sha256(str(esm).encode()).hexdigest()[:32]
    return digest if digest in widget_modules() else ""
