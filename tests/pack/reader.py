"""Open a pack in a headless Chromium and note what it fetches, says and fails at."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, sync_playwright

ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
LOCAL = ("file:", "data:", "blob:", "about:")


@dataclass
class Reader:
    page: Page
    requests: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    dialogs: list[str] = field(default_factory=list)

    def count(self, selector: str) -> int:
        return self.page.locator(selector).count()

    def text(self, name: str) -> str:
        return self.page.inner_text(f"#{name}")

    def scroll_through(self) -> None:
        drawn = "(n) => document.querySelectorAll('.plot')[n].querySelector('.live svg') !== null"
        for at in range(self.count(".plot")):
            self.page.locator(".plot").nth(at).evaluate("p => p.scrollIntoView({behavior: 'instant', block: 'center'})")
            self.page.wait_for_function(drawn, arg=at, timeout=60_000)

    def move(self, name: str, value: float) -> None:
        self.page.eval_on_selector(
            f"#{name}",
            "(input, value) => { input.value = value; input.dispatchEvent(new Event('input', {bubbles: true})); }",
            value,
        )


@contextmanager
def open_browser(chromium: str) -> Iterator[Browser]:
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=chromium, args=ARGUMENTS)
        yield browser
        browser.close()


def open_pack(browser: Browser, path: Path, *, width: int = 1280, scripts: bool = True) -> Reader:
    """The pack in a window of its own, without a network; what it asks for, says and fails at is noted."""
    context = browser.new_context(viewport={"width": width, "height": 900}, offline=True, java_script_enabled=scripts)
    reader = Reader(context.new_page())

    def note(request: Any) -> None:
        if not request.url.startswith(LOCAL) or (request.url.startswith("file:") and request.url != path.as_uri()):
            reader.requests.append(request.url)

    def dismiss(dialog: Any) -> None:
        reader.dialogs.append(dialog.message)
        dialog.dismiss()

    reader.page.on("request", note)
    reader.page.on("pageerror", lambda error: reader.errors.append(str(error)))
    reader.page.on(
        "console", lambda line: reader.errors.append(line.text) if line.type in {"error", "warning"} else None
    )
    reader.page.on("dialog", dismiss)
    reader.page.goto(path.as_uri())
    return reader
