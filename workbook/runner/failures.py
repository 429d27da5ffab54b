"""The log of a client's last failure, `out/.work/<client>/failed.log`: where to look; gone with the next good run."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path

from workbook.errors import WorkbookError
from workbook.runner.paths import refuse_linked_output
from workbook.runner.report import RunReport


def failure_log(out: Path, client: str) -> Path:
    """Where it is kept."""
    return out / ".work" / client / "failed.log"


def keep_failure(out: Path, report: RunReport) -> Path | None:
    """Write what is known of a failure; None when even that cannot be written (a full disk, a linked folder)."""
    assert report.client is not None
    log = failure_log(out, report.client)
    text = "\n".join([
        f"client    {report.client}", f"folder    {report.folder}", f"began     {report.began}",
        f"seconds   {report.seconds:g}", f"attempts  {report.attempts}", f"kind      {report.kind}",
        "", report.message, "", report.trace,
    ])  # fmt: skip
    aside = log.with_suffix(f".{os.getpid()}.tmp")
    try:
        refuse_linked_output(out, report.client)
        log.parent.mkdir(parents=True, exist_ok=True)
        aside.write_text(text, encoding="utf-8", errors="backslashreplace", newline="\n")
        os.replace(aside, log)
    except (OSError, WorkbookError):
        with contextlib.suppress(OSError):
            aside.unlink(missing_ok=True)
        return None
    return log


def forget_failure(out: Path, client: str) -> None:
    """Remove the log of a failure that a good run has answered."""
    with contextlib.suppress(OSError):
        failure_log(out, client).unlink(missing_ok=True)
