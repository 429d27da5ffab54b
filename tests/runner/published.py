"""Published clients made in a moment, without any notebook."""

from __future__ import annotations

from pathlib import Path

from tests.results_builder import build_results
from workbook.results import Results
from workbook.runner.publish import publish, work_folder, write_made_file, write_run_file
from workbook.runner.run import STEPS


def results_of(client: str) -> Results:
    """The sample results under another name."""
    results = build_results()
    return results.model_copy(
        update={"client": client, "facts": results.facts.model_copy(update={"client": client, "name": client.title()})}
    )


def publish_client(
    out: Path, client: str, *, run: str = "0123456789abcdef", retain_until: str | None = None, results=None
) -> Path:
    """`out/<client>` with one run; returns the run folder."""
    with work_folder(out, client) as work:
        made = work / "run"
        (made / "pack").mkdir(parents=True)
        (results or results_of(client)).dump(made / "results.json")
        (made / "evidence.json").write_text("{}\n")
        (made / "pack" / f"{client}.html").write_text(f"<p>{client}</p>\n")
        write_made_file(made, {"began": "2026-03-01T09:00:00Z", "seconds": 12.5, "attempts": 1, "steps": []})
        record = {"client": client, "run": run, "version": "0.1.0", "seed": 7, "draws": 1024, "steps": list(STEPS)}
        write_run_file(made, {**record, "retain_until": retain_until})
        return publish(made, out, client, run)
