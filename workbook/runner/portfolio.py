"""All clients of an output folder on one page: as JSON, HTML, XLSX and an executed notebook."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterable
from math import floor
from pathlib import Path
from typing import Final

from workbook.errors import BadArgument
from workbook.results import Answer, Results
from workbook.results.portfolio import Portfolio, PortfolioRow
from workbook.runner.ledger import clients_in
from workbook.runner.publish import MADE_FILE, current_run, is_whole, read_sealed
from workbook.scenarios import write_whole

NOTEBOOK: Final = "portfolio"
FORMATS: Final = (".json", ".html", ".xlsx", ".ipynb")
FUNDED: Final[dict[Answer, str]] = {"technical first": "technical"}


def gather(out: Path, *, anonymous: bool = False) -> Portfolio:
    """What is published of every client, in a line each.

    A client whose published run is damaged, or made by another version of `results.json`, is left out and counted.
    Raises BadArgument where no client is published.
    """
    homes = clients_in(out)
    found = [row for row in map(_row, homes) if row is not None]
    if not found:
        raise BadArgument(f"{out}: no client is published here. Run one first: workbook run <client folder>.")
    rows = sorted(found, key=lambda row: (row.name.casefold(), row.client))
    left_out = len(homes) - len(rows)
    return Portfolio(clients=tuple(anonymised(rows) if anonymous else rows), anonymous=anonymous, left_out=left_out)


def _row(home: Path) -> PortfolioRow | None:
    run = current_run(home)
    if run is None or not is_whole(run):
        return None
    try:
        results = Results.load(run / "results.json")
    except (OSError, ValueError):
        return None
    made = read_sealed(run / MADE_FILE) or {}
    return row_of(results, run_date=str(made.get("began", ""))[:10] or None)


def row_of(results: Results, *, run_date: str | None) -> PortfolioRow:
    """A client's line from its results."""
    known = results.verdict.answer != "insufficient data"
    track = FUNDED.get(results.verdict.answer, "leadership")
    found = next((one for name, one in results.week2.returns.items() if name == track), None) if known else None
    start, readiness = results.quality, results.week1.readiness
    return PortfolioRow(
        client=results.client,
        name=results.facts.name,
        answer=results.verdict.answer,
        certainty=results.verdict.certainty,
        track=track if found else None,
        roi_p10=found.roi_percent.p10 if found else None,
        roi_p50=found.roi_percent.p50 if found else None,
        roi_p90=found.roi_percent.p90 if found else None,
        payback_month=found.payback_month.p50 if found else None,
        horizon_months=results.facts.horizon_months,
        readiness=readiness.colour,
        readiness_score=readiness.score,
        completeness_share=start.completeness_share,
        tables_given=sum(table.present for table in start.tables),
        tables_asked=len(start.tables),
        currency=results.currency,
        as_of=results.as_of,
        run_date=run_date,
        synthetic=results.facts.synthetic,
    )


def anonymised(rows: Iterable[PortfolioRow]) -> list[PortfolioRow]:
    """The rows without what names a client, and rounded more coarsely than a pack shows its figures.

    Labels go to rows sorted by their remaining figures (answer, then certainty and return from high to low, then the
    rest), so that neither the alphabet nor chance decides: the same clients get the same labels, whatever they are
    called. Name, folder, currency and date of the data go; of the date of the run the year stays. Who knows a client's
    figures may still guess which row it is, the more so the fewer rows there are.
    """
    bare = [
        row.model_copy(
            update={
                "client": "", "name": "", "currency": None, "as_of": None, "run_date": (row.run_date or "")[:4] or None,
                "certainty": to_step(row.certainty, 0.05),
                "completeness_share": floor(row.completeness_share * 10 + 1e-9) / 10,
                "readiness_score": to_step(row.readiness_score, 0.5), "payback_month": to_step(row.payback_month, 3),
                **{name: _roi_step(getattr(row, name)) for name in ("roi_p10", "roi_p50", "roi_p90")},
            }
        )
        for row in rows
    ]  # fmt: skip
    ordered = sorted(bare, key=_by_figures)
    labels = (f"Client {letters(number)}" for number in range(len(ordered)))
    return [row.model_copy(update={"client": label, "name": label}) for row, label in zip(ordered, labels, strict=True)]


def _by_figures(row: PortfolioRow) -> tuple[str, float, float, str]:
    """The order of anonymised rows."""
    return row.answer, -(row.certainty or 0.0), -(row.roi_p50 or 0.0), json.dumps(row.model_dump(mode="json"))


def to_step(value: float | None, step: float) -> float | None:
    """The nearest multiple of a step."""
    return None if value is None else round(round(value / step) * step, 2)


def _roi_step(percent: float | None) -> float | None:
    """A return to tens of percent; above 1,000 percent to hundreds."""
    return to_step(percent, 10 if percent is None or abs(percent) < 1000 else 100)


def letters(number: int) -> str:
    """0 is A, 25 is Z, 26 is AA."""
    text, left = "", number + 1
    while left:
        left, place = divmod(left - 1, 26)
        text = chr(ord("A") + place) + text
    return text


def write(portfolio: Portfolio, target: Path) -> Path:
    """Write one format, by the ending of `target`, whole or not at all.

    Raises BadArgument for an ending we do not write.
    """
    if target.suffix not in FORMATS:
        raise BadArgument(f"{target.name}: the ending says the format. Use one of {', '.join(FORMATS)}.")
    target.parent.mkdir(parents=True, exist_ok=True)
    if target.suffix == ".json":
        write_whole(target, portfolio.text())
    elif target.suffix == ".html":
        from workbook.pack.portfolio_html import render

        write_whole(target, render(portfolio))
    elif target.suffix == ".xlsx":
        from workbook.pack.portfolio_xlsx import write_xlsx

        with tempfile.TemporaryDirectory(dir=target.parent, prefix=".portfolio-") as aside:
            write_xlsx(portfolio, Path(aside) / "portfolio.xlsx").replace(target)
    else:
        _notebook(portfolio, target)
    return target


def _notebook(portfolio: Portfolio, target: Path) -> None:
    """Execute the shipped notebook on the portfolio; `portfolio.json` beside it lets it run again."""
    from workbook.runner.execute import execute
    from workbook.runner.notebooks import shipped_notebooks

    source = shipped_notebooks() / f"{NOTEBOOK}.ipynb"
    if not source.is_file():
        raise BadArgument("The portfolio notebook is not with this installation. Install again.")
    data = target.with_suffix(".json")
    with tempfile.TemporaryDirectory(dir=target.parent, prefix=".portfolio-") as aside:
        work = Path(aside)
        (work / data.name).write_text(portfolio.text(), encoding="utf-8", newline="\n")
        execute(source, work / f"{NOTEBOOK}.ipynb", {"portfolio_path": data.name}, cwd=work)
        (work / data.name).replace(data)
        (work / f"{NOTEBOOK}.ipynb").replace(target)
