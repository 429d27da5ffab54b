"""Stage files made of the literal sample results, so that a run can be tested without any model."""

from __future__ import annotations

from pathlib import Path

from tests.results_builder import build_results
from workbook.evidence import Evidence
from workbook.scenario import Scenario
from workbook.stages import STAGES, digest, stage_file

CELL = """\
from tests.runner.tiny_results import write_stage
write_stage({stage!r}, evidence_path, results_folder, draws=draws, seed=seed)
"""


def write_stage(name: str, evidence_path: str | Path, folder: str | Path, *, draws: int, seed: int) -> None:
    """A stage file that says it was made from this evidence and scenario, holding the sample's figures."""
    results = build_results()
    evidence = Evidence.load(evidence_path)
    made_from = digest(evidence, Scenario(draws=draws, seed=seed))
    keys = [key for key in STAGES[name].model_fields if key != "made_from"]
    parts = {key: results.quality if key == "start" else getattr(results, key) for key in keys}
    Path(folder).mkdir(exist_ok=True)
    stage_file(name, Path(folder)).write_text(STAGES[name](made_from=made_from, **parts).model_dump_json())
