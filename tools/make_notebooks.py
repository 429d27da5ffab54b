"""Write the notebooks and execute them on the committed samples: `python tools/make_notebooks.py`.

A notebook is a list of views, each a sentence and a call; the list is `tools/notebook_pages.py`. Outputs are what
readers without a kernel see and what nbval compares.
"""

from __future__ import annotations

import sys
from pathlib import Path

import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from tools.notebook_pages import EXTRA, PAGES, NotebookPage
from workbook.inputs import read_client
from workbook.measure import measure
from workbook.results.portfolio import Portfolio
from workbook.runner.execute import execute
from workbook.runner.portfolio import row_of
from workbook.stages import compute_all

SAMPLES = Path(__file__).resolve().parents[1] / "data" / "samples"
NOTEBOOKS = Path(__file__).resolve().parents[1] / "notebooks"
PARAMETERS = """\
evidence_path: str = "../data/samples/saas-scaleup/evidence.json"
results_folder: str = ""
budget_money: float = 0.0
cohort_size: int = 0
draws: int = 16384
seed: int = 20240101"""
SETTING = "Whose evidence, and at which setting; 0 stands for the client's own."
OPENING = """\
from workbook.view.page import open_page

page = open_page("{page}", evidence_path=evidence_path, results_folder=results_folder,
                 budget_money=budget_money, cohort_size=cohort_size, draws=draws, seed=seed)
page.header()"""


def source(name: str, page: NotebookPage) -> nbformat.NotebookNode:
    """A notebook without outputs."""
    cells = [
        new_markdown_cell(f"# {page.title}\n\n{page.question}", metadata={"tags": ["title"]}),
        new_markdown_cell("Whose clients." if page.opening else SETTING, metadata={"tags": ["setup"]}),
        new_code_cell(page.parameters or PARAMETERS, metadata={"tags": ["parameters"]}),
        new_markdown_cell(
            "What was published." if page.opening else "The client, and the answer so far.",
            metadata={"tags": ["setup"]},
        ),
        new_code_cell(page.opening or OPENING.format(page=page.page), metadata={"tags": ["header"]}),
    ]
    for shown in page.views:
        tags = {"tags": [shown.tag]} if shown.tag else {}
        cells += [new_markdown_cell(shown.sentence, metadata=tags), new_code_cell(shown.call, metadata=dict(tags))]
    cells += [
        new_markdown_cell("The last line tells the runner that the page is whole.", metadata={"tags": ["setup"]}),
        new_code_cell("page.finish()", metadata={"tags": ["finish"]}),
    ]
    for number, cell in enumerate(cells):
        cell.id = f"{page.page}-{number:02d}"
    return new_notebook(
        cells=cells,
        metadata={
            "title": page.title,
            "kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"},
            "language_info": {"name": "python"},
        },
    )


def write_portfolio() -> None:
    """`data/samples/portfolio.json`: a line for each sample client, which the portfolio notebook shows."""
    rows = []
    for folder in sorted(path.parent for path in SAMPLES.glob("*/client.yml")):
        rows.append(row_of(compute_all(measure(read_client(folder))), run_date=None))
    (SAMPLES / "portfolio.json").write_text(Portfolio(clients=tuple(rows), anonymous=False).text(), encoding="utf-8")


def main() -> None:
    """Write, execute, keep."""
    write_portfolio()
    for name, page in (PAGES | EXTRA).items():
        path = NOTEBOOKS / f"{name}.ipynb"
        nbformat.write(source(name, page), path)
        execute(path, path, {}, cwd=NOTEBOOKS)
        print(f"{path.name}: {path.stat().st_size // 1024} KB")


if __name__ == "__main__":
    main()
