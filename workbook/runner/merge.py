"""The stage files of a run become its `results.json`."""

from __future__ import annotations

import shutil
from pathlib import Path

from workbook.errors import BadArgument, RunFailed
from workbook.evidence import Evidence
from workbook.results import Results
from workbook.scenario import Scenario
from workbook.stages import load_all


def merge(stages: Path, evidence: Evidence, scenario: Scenario, target: Path) -> Results:
    """Write `results.json` from the stage files and remove them: one copy of a figure is published, not two.

    Raises RunFailed when a stage is missing or was made from other evidence or another scenario.
    """
    try:
        results = load_all(stages, evidence, scenario)
    except BadArgument as error:
        raise RunFailed(str(error)) from error
    results.dump(target)
    shutil.rmtree(stages)
    return results
