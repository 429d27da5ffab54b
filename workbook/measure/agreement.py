"""Reliability of the raters at baseline; the summary of all ratings."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

import numpy as np
import pandas as pd

from workbook.evidence import RatingSummary
from workbook.measure.pilot_effect import effects, growth_model, reliable_changes
from workbook.measure.ratings import ALL, unpaired_few
from workbook.measure.release import Release, number
from workbook.model.ratings import (
    cronbach_alpha,
    icc_1_1,
    icc_1_1_interval,
    icc_1_k,
    icc_1_k_interval,
    icc_2_1,
    icc_2_1_interval,
    icc_2_k,
    icc_3_k,
    krippendorff_alpha_ordinal,
    lindell_r_wg,
    one_way_from_groups,
    r_wg_j,
    two_way,
)
from workbook.settings import PilotAssignment

RUBRIC_OPTIONS = 5
COVERAGE = 0.95


def reliability(scores: pd.DataFrame, leaders: pd.DataFrame, *, release: Release) -> dict[str, Any]:
    """One-way ICC of the mean over competencies at the first wave, and agreement within leaders on the rubric."""
    overall = leaders[leaders["competency"] == ALL]
    first = overall[overall["wave"] == overall["wave"].min()]
    wave = scores[scores["wave"].eq(first["wave"].iloc[0]) & scores["leader"].isin(first["leader"])]
    found: dict[str, Any] = {"leaders": len(first), "raters": int(wave["rater"].nunique())}
    if len(first) >= release.distributions_from:
        anova = one_way_from_groups(sizes=first["raters"], means=first["mean"], squares_within=first["spread"])
        low, high = icc_1_1_interval(anova, coverage=COVERAGE)
        found |= {"icc1": number(icc_1_1(anova)), "icc1_low": number(low), "icc1_high": number(high)}
        low, high = icc_1_k_interval(anova, coverage=COVERAGE)
        found |= {"icck": number(icc_1_k(anova)), "icck_low": number(low), "icck_high": number(high)}
        found |= {"k0": number(anova.k0)} | within_leaders(wave[wave["competency"] != ALL])
        found |= panel_forms(wave[wave["competency"] == ALL], release=release)
    return found


def within_leaders(items: pd.DataFrame) -> dict[str, float | None]:
    """Median r_wg(j) and r*_wg over leaders, and ordinal alpha over leader x competency, a unit being one of them."""
    if items.empty:
        return {"r_wgj_median": None, "lindell_median": None, "krippendorff_alpha": None}
    variances = items.groupby(["leader", "competency"])["score"].var().dropna()
    by_leader = variances.sort_values().groupby("leader").agg(["mean", "size"])
    agreed = [
        (
            r_wg_j(mean_item_variance=float(row["mean"]), items=int(row["size"]), options=RUBRIC_OPTIONS),
            lindell_r_wg(mean_item_variance=float(row["mean"]), options=RUBRIC_OPTIONS),
        )
        for _, row in by_leader.iterrows()
    ]
    unit = items.groupby(["leader", "competency"]).ngroup()
    counts = pd.crosstab(unit, items["score"]).to_numpy()
    return {
        "r_wgj_median": float(np.median([pair[0] for pair in agreed])) if agreed else None,
        "lindell_median": float(np.median([pair[1] for pair in agreed])) if agreed else None,
        "krippendorff_alpha": number(krippendorff_alpha_ordinal(counts)),
        "cronbach_alpha": rubric_alpha(items),
    }


def rubric_alpha(items: pd.DataFrame) -> float | None:
    """Cronbach's alpha of the competencies over raters who scored all of them: whether the rubric hangs together."""
    answers = items.pivot_table(index=["leader", "rater"], columns="competency", values="score").dropna()
    if answers.shape[1] < 2 or len(answers) < 2:
        return None
    return number(cronbach_alpha(answers.to_numpy()))


def panel_forms(overall: pd.DataFrame, *, release: Release) -> dict[str, float | None]:
    """Two-way correlations where the same raters, enough of them, rated every leader; else nothing."""
    raters = overall.groupby("leader")["rater"].agg(frozenset)
    if len(set(raters)) != 1 or len(raters.iloc[0]) < release.scores_from:
        return {}
    anova = two_way(overall.pivot_table(index="leader", columns="rater", values="score").to_numpy())
    low, high = icc_2_1_interval(anova, coverage=COVERAGE)
    return {
        "panel_icc1": number(icc_2_1(anova)),
        "panel_icc1_low": number(low),
        "panel_icc1_high": number(high),
        "panel_icck": number(icc_2_k(anova)),
        "panel_consistency": number(icc_3_k(anova)),
        "panel_raters": anova.judges,
    }


def rating_summary(
    scores: pd.DataFrame,
    leaders: pd.DataFrame,
    *,
    release: Release,
    assignment: PilotAssignment = "unknown",
    unit_of: Mapping[str, str] = MappingProxyType({}),
) -> RatingSummary:
    """Reliability, effect and growth from `leaders` with enough raters; nothing when too few leaders have them.

    `unit_of` says in which unit a leader works.
    """
    overall = leaders[leaders["competency"] == ALL]
    first = overall[overall["wave"] == overall["wave"].min()]
    left_out = {"suppressed", "why"}
    empty = {name: None for name in RatingSummary.model_fields if name not in left_out}
    if first.empty or release.count(len(first), what="rating summary") is None:
        why = f"fewer than {release.scores_from} leaders with {release.scores_from} raters each"
        return RatingSummary(**empty, suppressed=True, why=why)
    found = reliability(scores, leaders, release=release)
    found |= effects(leaders, release=release, assignment=assignment, unit_of=unit_of)
    kept = leaders[~leaders["leader"].isin(unpaired_few(leaders, floor=release.scores_from))]
    found |= reliable_changes(kept, release=release) | {"growth_model": growth_model(kept, release=release)}
    return RatingSummary(**{**empty, **found})
