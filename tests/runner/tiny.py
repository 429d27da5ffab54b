"""Small notebooks for tests of the runner."""

from __future__ import annotations

from pathlib import Path

import nbformat
from nbformat.v4 import new_code_cell, new_notebook

from workbook.runner.notebooks import NOTEBOOKS

PARAMETERS = """\
evidence_path: str = "evidence.json"
results_folder: str = ""
budget_money: float = 0.0
cohort_size: int = 0
draws: int = 16384
seed: int = 20240101
"""
STAGE = """\
from workbook import stages
from workbook.evidence import Evidence
evidence = Evidence.load(evidence_path)
scenario = stages.scenario_of(budget_money=budget_money, cohort_size=cohort_size, draws=draws, seed=seed)
parts = stages.run_stage({stage!r}, evidence, scenario, results_folder)
"""


def write_notebook(path: Path, *cells: str, parameters: str = "text: str = ''", ends: bool = True) -> Path:
    """A notebook of code cells; `ends` adds the line by which the runner knows that it came to its end."""
    last = [f"print('workbook: {path.stem} finished')"] if ends else []
    tagged = new_code_cell(parameters, metadata={"tags": ["parameters"]}, id="parameters")
    code = [new_code_cell(cell, id=f"cell-{number}") for number, cell in enumerate([*cells, *last])]
    nbformat.write(new_notebook(cells=[tagged, *code]), path)
    return path


def write_six(folder: Path, **instead: str) -> Path:
    """The six notebooks of a run, without any view; `instead` replaces the cell of one of them."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, stage in NOTEBOOKS.items():
        cell = instead.get(name, STAGE.format(stage=stage))
        write_notebook(folder / f"{name}.ipynb", cell, parameters=PARAMETERS)
    return folder
