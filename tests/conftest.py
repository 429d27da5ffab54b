"""Shared by all tests: where Chromium is. Missing it is loud locally and a failure in CI."""

from __future__ import annotations

import os
import shutil

import pytest

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
NO_BROWSER = "no Chromium found (install chromium, or name one in WORKBOOK_CHROMIUM)"


def find_chromium() -> str | None:
    named = os.environ.get("WORKBOOK_CHROMIUM")
    return named or next(filter(None, map(shutil.which, BROWSERS)), None)


def browser_required() -> bool:
    return any(
        os.environ.get(name, "").lower() not in ("", "0", "false") for name in ("CI", "WORKBOOK_REQUIRE_BROWSER")
    )


@pytest.fixture(scope="session")
def chromium() -> str:
    """Path of a Chromium to drive."""
    path = find_chromium()
    if path is None and browser_required():
        pytest.fail(NO_BROWSER)
    if path is None:
        pytest.skip(NO_BROWSER)
    return path


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    left_out = [report for report in terminalreporter.stats.get("skipped", []) if NO_BROWSER in str(report.longrepr)]
    if left_out:
        terminalreporter.section("THE PAGES WERE NOT TESTED", sep="!", red=True, bold=True)
        terminalreporter.write_line(f"{len(left_out)} browser tests did not run: {NO_BROWSER}.", red=True)
