"""Reliability of the raters at baseline, and the pilot's effect on leaders' mean scores."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from workbook.evidence import RatingSummary
from workbook.measure.ratings import ALL, leader_scores
from workbook.measure.release import Release, number
from workbook.model.effect import ancova_effect, difference_in_differences, pooled_sd
from workbook.model.ratings import (
    icc_1_1,
    icc_1_1_interval,
    icc_1_k,
    krippendorff_alpha_ordinal,
    lindell_r_wg,
    one_way_from_groups,
    r_wg_j,
)

RUBRIC_OPTIONS = 5
NO_ARM = "no comparison arm: who is in the pilot and who is compared is not given"
NO_WAVE = "no later wave in which enough leaders of both arms were rated"


def reliability(scores: pd.DataFrame, leaders: pd.DataFrame, *, release: Release) -> dict[str, Any]:
    """One-way ICC of the mean over competencies at the first wave, and agreement within leaders on the rubric."""
    overall = leaders[leaders["competency"] == ALL]
    first = overall[overall["wave"] == overall["wave"].min()]
    wave = scores[scores["wave"].eq(first["wave"].iloc[0]) & scores["leader"].isin(first["leader"])]
    found: dict[str, Any] = {"leaders": len(first), "raters": int(wave["rater"].nunique())}
    if len(first) >= release.distributions_from:
        anova = one_way_from_groups(sizes=first["raters"], means=first["mean"], squares_within=first["spread"])
        low, high = icc_1_1_interval(anova, coverage=0.95)
        found |= {"icc1": number(icc_1_1(anova)), "icc1_low": number(low), "icc1_high": number(high)}
        found |= {"icck": number(icc_1_k(anova)), "k0": number(anova.k0)}
        found |= within_leaders(wave[wave["competency"] != ALL])
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
    }


def paired(leaders: pd.DataFrame, *, last: int) -> pd.DataFrame:
    """Leaders with a baseline score: before, after, arm.

    Without a score at `last`, a pilot leader counts as unchanged (missing data is no improvement) and a comparison
    leader is left out.
    """
    overall = leaders[leaders["competency"] == ALL]
    before = overall[overall["wave"] == overall["wave"].min()].set_index("leader")
    after = overall[overall["wave"] == last].set_index("leader")["mean"]
    rows = pd.DataFrame({"before": before["mean"], "after": after.reindex(before.index), "arm": before["arm"]})
    unchanged = rows["after"].isna() & rows["arm"].eq("pilot")
    return (
        rows.assign(measured=rows["after"].notna(), after=rows["after"].where(~unchanged, rows["before"]))
        .dropna()
        .sort_values(["arm", "before", "after"])
    )


def last_wave(leaders: pd.DataFrame, *, least: int) -> int | None:
    """The latest wave after the first at which both arms have at least `least` leaders measured twice."""
    waves = sorted(leaders.loc[leaders["competency"] == ALL, "wave"].unique())
    for wave in reversed(waves[1:]):
        rows = paired(leaders, last=int(wave))
        if (rows[rows["measured"]].groupby("arm").size().reindex(["pilot", "comparison"]).fillna(0) >= least).all():
            return int(wave)
    return None


def effects(leaders: pd.DataFrame, *, release: Release) -> dict[str, Any]:
    """Effect of the pilot on the mean over competencies, in rating points, or why there is none."""
    arms = leaders.loc[leaders["competency"] == ALL, ["leader", "arm"]].drop_duplicates()["arm"].value_counts()
    if not {"pilot", "comparison"} <= set(arms.index):
        return {"why": NO_ARM}
    last = last_wave(leaders, least=release.scores_from)
    if last is None:
        release.withhold("pilot effect", rule=f"fewer than {release.scores_from} leaders an arm at both waves")
        return {"why": NO_WAVE}
    rows = paired(leaders, last=last)
    if not rows["measured"].all():
        release.note("pilot leaders without a score at the last wave count as unchanged")
    treated = rows["arm"].eq("pilot").to_numpy(dtype=float)
    data: dict[str, Any] = {"after": rows["after"], "before": rows["before"], "treated": treated}
    ancova, did = ancova_effect(**data), difference_in_differences(**data)
    pilot, comparison = rows.loc[treated == 1, "before"], rows.loc[treated == 0, "before"]
    return {
        "pilot_leaders": len(pilot),
        "comparison_leaders": len(comparison),
        "last_wave_days": last,
        "ancova_points": ancova.points,
        "ancova_se": ancova.standard_error,
        "ancova_df": ancova.degrees_of_freedom,
        "did_points": did.points,
        "did_se": did.standard_error,
        "sd_baseline": release.spread(pooled_sd(pilot, comparison), people=len(rows)),
    }


def rating_summary(scores: pd.DataFrame, *, release: Release) -> RatingSummary:
    """Reliability and effect from leaders with enough raters; nothing when too few leaders have them."""
    leaders = leader_scores(scores, floor=release.scores_from)
    overall = leaders[leaders["competency"] == ALL]
    first = overall[overall["wave"] == overall["wave"].min()]
    empty = dict.fromkeys(field for field in RatingSummary.model_fields if field not in {"suppressed", "why"})
    if first.empty or release.count(len(first), what="rating summary") is None:
        why = f"fewer than {release.scores_from} leaders with {release.scores_from} raters each"
        return RatingSummary(**empty, suppressed=True, why=why)
    found = reliability(scores, leaders, release=release) | effects(leaders, release=release)
    return RatingSummary(**{**empty, **found})
