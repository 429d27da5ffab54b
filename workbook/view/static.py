"""The files a page needs in the browser: the Vega bundle, the palette as CSS, and where Voilà finds them.

The bundle (0.9 MB) is made once a machine by vl-convert and kept in the user's cache folder. Voilà serves it as a
versioned static file; elsewhere a chart asks its kernel for it, once a page. Nothing is fetched from the network.
"""

from __future__ import annotations

import atexit
import json
import os
import shutil
import sys
import tempfile
from functools import cache
from importlib.metadata import version
from pathlib import Path

from workbook.view import theme

HERE = Path(__file__).parent
TEMPLATE = "workbook"
TEMPLATE_STATIC = Path("voila", "templates", TEMPLATE, "static")
SNIPPET = "window.workbookVegaEmbed = vegaEmbed;"


def in_voila() -> bool:
    """Whether this kernel was started by Voilà for a page."""
    return os.environ.get("SERVER_SOFTWARE", "").startswith("voila")


def stylesheet() -> str:
    """All CSS of the widgets: palette and rules."""
    return palette_css() + (HERE / TEMPLATE_STATIC / "workbook.css").read_text(encoding="utf-8")


def palette_css() -> str:
    """The palette as CSS custom properties: light, dark by the reader's system, dark or light by choice."""
    light, dark = _variables(dark=False), _variables(dark=True)
    chosen_light = ':not([data-theme="light"]):not(:has(> body[data-jp-theme-light="true"]))'
    return (
        f":root{{{light}}}\n"
        f"@media screen and (prefers-color-scheme: dark){{:root{chosen_light}{{{dark}}}}}\n"
        f'@media screen{{:root[data-theme="dark"],:root:has(> body[data-jp-theme-light="false"]){{{dark}}}}}\n'
    )


def _variables(*, dark: bool) -> str:
    mode = "dark" if dark else "light"
    return f"--wb-mode:{mode};color-scheme:{mode};" + theme.css_variables(dark).replace("--", "--wb-")


def cache_folder() -> Path:
    """Where this user's programs keep what can be made again."""
    if own := os.environ.get("WORKBOOK_CACHE"):
        return Path(own)
    if sys.platform == "win32":
        base = Path(os.environ.get("LOCALAPPDATA") or tempfile.gettempdir())
    elif sys.platform == "darwin":
        base = Path.home() / "Library" / "Caches"
    else:
        base = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    return base / "leadership-diagnostic-workbook"


@cache
def vega_bundle() -> bytes:
    """Vega, Vega-Lite, Vega-Embed and our look as one JavaScript module that sets two names on `window`."""
    import vl_convert

    kept = _folder() / f"vega-{version('vl-convert-python')}.js"
    if not kept.is_file():
        _write(kept, vl_convert.javascript_bundle(SNIPPET).encode())
    look = json.dumps({"light": theme.config(dark=False), "dark": theme.config(dark=True)})
    return kept.read_bytes() + f"\nwindow.workbookThemes = {look};\n".encode()


def prepare() -> Path:
    """Write the bundle where Voilà can serve it; returns the folder to put on JUPYTER_PATH beside our own."""
    folder = _folder()
    static = folder / TEMPLATE_STATIC
    _write(static / "vega.js", vega_bundle())
    return folder


def jupyter_path() -> str:
    """The value JUPYTER_PATH needs for Voilà to find the template and its files."""
    return os.pathsep.join(filter(None, (str(HERE), str(prepare()), os.environ.get("JUPYTER_PATH"))))


@cache
def _folder() -> Path:
    folder = cache_folder()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if os.access(folder, os.W_OK):
            return folder
    except OSError:
        pass
    own = tempfile.mkdtemp(prefix="workbook-")
    atexit.register(shutil.rmtree, own, ignore_errors=True)
    return Path(own)


def _write(path: Path, content: bytes) -> None:
    """Write by rename, so that two processes never see half a file; leave an equal file alone."""
    if path.is_file() and path.read_bytes() == content:
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor, name = tempfile.mkstemp(dir=path.parent)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
    os.chmod(name, 0o644)
    os.replace(name, path)
