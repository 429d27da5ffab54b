"""Where a run's seconds go: one sample client, each step timed by itself (`make bench`).

Figures are wall-clock seconds on this machine. The notebook lines say what papermill and a fresh kernel add to the
computation inside: the difference is overhead, and the place to gain.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from workbook import stages
from workbook.inputs import read_client
from workbook.measure import measure
from workbook.pack.html import write_html
from workbook.runner.execute import execute
from workbook.runner.notebooks import NOTEBOOKS, notebook_paths, shipped_notebooks
from workbook.scenario import Scenario

SAMPLE = Path(__file__).resolve().parents[1] / "data" / "samples" / "saas-scaleup"


def timed(label: str, work: Callable[[], Any]) -> Any:
    """`work()`, with a line saying how long it took."""
    began = time.perf_counter()
    done = work()
    print(f"{label:<28}{time.perf_counter() - began:8.2f} s", flush=True)
    return done


def main(folder: Path) -> None:
    """Time every step of one client."""
    began = time.perf_counter()
    client = timed("read the client folder", lambda: read_client(folder))
    evidence = timed("measure", lambda: measure(client))
    with tempfile.TemporaryDirectory() as name:
        work = Path(name)
        for stage in stages.STAGES:
            timed(f"compute {stage}", lambda stage=stage: stages.run_stage(stage, evidence, Scenario(), work))
        results = stages.load_all(work, evidence, Scenario())
        timed("HTML pack", lambda: write_html(results, work / "pack.html"))
        evidence.dump(work / "evidence.json")
        parameters = {"evidence_path": "evidence.json", "results_folder": "run"}
        for notebook, path in notebook_paths(shipped_notebooks()).items():
            target = work / path.name
            label = f"notebook {NOTEBOOKS[notebook]}"
            timed(label, lambda path=path, target=target: execute(path, target, parameters, cwd=work))
    print(f"{'everything':<28}{time.perf_counter() - began:8.2f} s")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else SAMPLE)
