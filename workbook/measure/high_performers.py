"""Who counts as a high performer, by the client's own rule and the last rating a person had."""

from __future__ import annotations

import pandas as pd

from workbook.measure.release import Release
from workbook.settings import HighPerformer


def high_performers(employees: pd.DataFrame, *, seen: pd.Series, rule: HighPerformer, release: Release) -> pd.Series:
    """Whether each spell belongs to a high performer.

    A spell without a rating takes the person's earlier one. A top share is taken among people rated in the spells
    `seen`, one rating a person; ties cannot be split, so the cut is the rating whose share comes nearest to the one
    asked for, the smaller on a draw (house assumption).
    """
    nobody = pd.Series(False, index=employees.index)
    if rule.column not in employees.columns or employees[rule.column].isna().all():
        release.note(f"nobody counts as a high performer: employees has no values in '{rule.column}'")
        return nobody
    ordered = employees.sort_values(["employee_id", "hire_date"], kind="stable")
    last = ordered.groupby("employee_id")[rule.column].ffill().reindex(employees.index)
    if rule.labels is not None:
        wanted = {label.strip().casefold() for label in rule.labels}
        return last.astype("string").str.strip().str.casefold().isin(wanted).fillna(False).astype(bool)
    rating = as_numbers(last)
    if rating.isna().all():
        release.note(f"nobody counts as a high performer: '{rule.column}' holds labels; name them in client.yml")
        return nobody
    if rule.at_least is not None:
        return rating.ge(rule.at_least)
    people = ordered.index[seen.reindex(ordered.index)]
    once = pd.DataFrame({"id": employees["employee_id"], "rating": rating}).loc[people].dropna()
    cut, share = top_cut(once.drop_duplicates("id", keep="last")["rating"], share=rule.top_share or 0.0)
    if cut is None:
        return nobody
    release.note(
        f"high performers: the top {share:.0%} of those rated "
        f"({rule.top_share:.0%} asked for; equal ratings cannot be split)"
    )
    return rating.ge(cut)


def as_numbers(column: pd.Series) -> pd.Series:
    """Ratings as floats; labels become missing."""
    converted: pd.Series = pd.to_numeric(column.astype("object"), errors="coerce")
    return converted.astype("Float64").astype("float64")


def top_cut(ratings: pd.Series, *, share: float) -> tuple[float | None, float]:
    """The rating from which people count as the top `share`, and the share they really are."""
    if ratings.empty:
        return None, 0.0
    at_or_above = ratings.value_counts(normalize=True).sort_index(ascending=False).cumsum()
    distance = (at_or_above - share).abs().round(12)
    cut = float(distance.index[int(distance.to_numpy().argmin())])
    return cut, float(at_or_above[cut])
