"""Survey tables: items mapped to constructs, scores within the scale, records before summaries."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from workbook.errors import Problem
from workbook.inputs.rules import Company
from workbook.inputs.scales import DEFAULT_SCALES, scale_of
from workbook.inputs.words import counted, listed, nearest, shown
from workbook.settings import Construct, Settings


def construct_of(item: str, settings: Settings) -> Construct | None:
    """The construct an item measures: as client.yml says, else the construct of the same name."""
    if item in settings.items:
        return settings.items[item]
    name = item.casefold().replace(" ", "_").replace("-", "_")
    return next((construct for construct in DEFAULT_SCALES if construct == name), None)


def with_constructs(survey: pd.DataFrame, settings: Settings) -> pd.DataFrame:
    """The survey with the column `construct_name`; items that measure no construct have none."""
    codes, items = pd.factorize(survey["item"])
    names = [construct_of(str(item), settings) for item in items]
    column = pd.array([*[name or pd.NA for name in names], pd.NA], dtype="string").take(codes)
    return survey.assign(construct_name=column)


def check_items(company: Company) -> tuple[list[Problem], tuple[str, ...]]:
    """Items that no construct claims: an error when one is misspelt or none is mapped, else a note."""
    frame = company.frames.get("survey")
    if frame is None or not len(frame):
        return [], ()
    items = frame.drop_duplicates("item")[["item", "construct_name"]].dropna(subset=["item"])
    unmapped = items.loc[items["construct_name"].isna(), "item"].tolist()
    remedy = "Map it to a construct under items in client.yml."
    nothing = len(unmapped) == len(items)
    known = [*DEFAULT_SCALES, *company.settings.items]
    near = {item: nearest(str(item), known) for item in unmapped}
    wrong = [item for item in unmapped if nothing or _typing_error(str(item), near[item])]
    problems: list[Problem] = []
    for item in wrong:
        hint = f" Did you mean '{near[item]}'?" if near[item] and not nothing else ""
        first = frame["item"] == item
        row = int(frame.loc[first, "__row__"].iloc[0])
        what = f"{shown(item)} is not mapped to a construct."
        problems.append(Problem(company.places["survey"], row, "item", what, remedy + hint, str(item)))
    left = [item for item in unmapped if item not in wrong]
    notes = (f"items of no construct are left out: {listed([shown(item) for item in left])}",) if left else ()
    return problems[:20] + _and_more(company, len(problems) - 20), notes


def _typing_error(item: str, near: str | None) -> bool:
    """Whether an item is a construct's name with a slip of the pen."""
    if near is None or any(c.isdigit() for c in item):
        return False
    import difflib

    return difflib.SequenceMatcher(None, item.casefold(), near.casefold()).ratio() >= 0.85


def _and_more(company: Company, rest: int) -> list[Problem]:
    return [Problem(company.places["survey"], None, "item", f"and {counted(rest, 'more item')}.")] if rest > 0 else []


def check_scores(company: Company) -> list[Problem]:
    """Scores outside the scale of their construct, in both survey tables."""
    problems: list[Problem] = []
    for table, column in (("survey", "construct_name"), ("survey_summary", "construct")):
        frame = company.frames.get(table)
        if frame is None or not len(frame):
            continue
        low, high = _bounds(frame[column], company.settings, summary=table == "survey_summary")
        scores = frame["score"].to_numpy()
        with np.errstate(invalid="ignore"):
            outside = (scores < low) | (scores > high)

        def what(row: pd.Series, column: str = column, table: str = table) -> str:
            low, high = _limits(row[column], company.settings, summary=table == "survey_summary")
            return f"{row['score']:g} is outside the scale of {row[column]} ({low:g} to {high:g})."

        problems += company.problems(
            table, outside, "score", what, "Correct it, or state the scale under scales in client.yml."
        )
    return problems


def _limits(construct: str, settings: Settings, *, summary: bool) -> tuple[float, float]:
    scale = scale_of(settings, construct)  # type: ignore[arg-type]
    if summary and construct in {"enps", "manager_nps"}:
        return -100.0, 100.0
    return scale.min, scale.max


def _bounds(constructs: pd.Series, settings: Settings, *, summary: bool) -> tuple[np.ndarray, np.ndarray]:
    limits: Mapping[str, tuple[float, float]] = {
        construct: _limits(construct, settings, summary=summary) for construct in DEFAULT_SCALES
    }
    low = constructs.map({construct: limit[0] for construct, limit in limits.items()})
    high = constructs.map({construct: limit[1] for construct, limit in limits.items()})
    return pd.to_numeric(low).astype(float).to_numpy(), pd.to_numeric(high).astype(float).to_numpy()


def summaries_beside_records(frames: dict[str, pd.DataFrame]) -> str | None:
    """Drop summary rows of waves and constructs that records cover; says how many."""
    if "survey" not in frames or "survey_summary" not in frames:
        return None
    records, summary = frames["survey"], frames["survey_summary"]
    covered = set(zip(records["wave"], records["construct_name"], strict=True))
    again = np.array([pair in covered for pair in zip(summary["wave"], summary["construct"], strict=True)], dtype=bool)
    frames["survey_summary"] = summary[~again].reset_index(drop=True)
    if not again.any():
        return None
    return f"{counted(int(again.sum()), 'row')} left out: survey has the records of the same wave and construct"
