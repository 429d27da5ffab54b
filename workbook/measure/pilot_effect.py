"""The pilot's effect on leaders' mean scores, their growth over waves, and how many changed beyond raters' noise."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

import numpy as np
import pandas as pd

from workbook.evidence import GrowthModel, GrowthStep
from workbook.measure.ratings import ALL
from workbook.measure.release import Release
from workbook.model.effect import (
    EffectEstimate,
    ancova_design,
    ancova_effect,
    clustered_effect,
    difference_in_differences,
    morris_d,
    pooled_sd,
    randomisation_p,
)
from workbook.model.growth import RELIABLE_Z, change_sem, reliable_change
from workbook.model.mixed import MixedFit, random_intercept
from workbook.settings import PilotAssignment

NO_ARM = "no comparison arm: who is in the pilot and who is compared is not given"
NO_WAVE = "no later wave in which enough leaders of both arms were rated"
ONE_UNIT: Final = "an arm of the pilot is one unit: whatever else happened there looks like its effect"
SEED = 1935


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


def whole_units(rows: pd.DataFrame, unit_of: Mapping[str, str], *, release: Release) -> list[str] | None:
    """The unit of each leader, where the arms are whole units: none has leaders of both, and one has several.

    Then leaders of a unit share what happens there, and units are counted, not leaders. None where leaders were chosen
    one by one, and where an arm has one unit only, which is noted: from one unit no spread can be told.
    """
    units = [unit_of.get(str(leader), f"leader {leader}") for leader in rows.index]
    arms = rows["arm"].groupby(units).nunique()
    if arms.max() > 1 or len(arms) == len(rows):
        return None
    counts = rows["arm"].groupby(units).first().value_counts()
    if counts.min() < 2:
        release.note(ONE_UNIT)
        return None
    release.note(
        f"the arms of the pilot are whole units: its errors count {counts.sum()} units, not {len(rows)} leaders"
    )
    return units


def estimates(rows: pd.DataFrame, units: list[str] | None) -> tuple[EffectEstimate, EffectEstimate]:
    """The effect adjusted for the baseline and the difference in differences, with errors of leaders or of units."""
    treated = rows["arm"].eq("pilot").to_numpy(dtype=float)
    if units is None:
        data: dict[str, Any] = {"after": rows["after"], "before": rows["before"], "treated": treated}
        return ancova_effect(**data), difference_in_differences(**data)
    after, before = (rows[name].to_numpy(dtype=float) for name in ("after", "before"))
    plain = np.column_stack([np.ones_like(treated), treated]).astype(float)
    return (
        clustered_effect(design=ancova_design(before=before, treated=treated), outcome=after, column=1, clusters=units),
        clustered_effect(design=plain, outcome=after - before, column=1, clusters=units),
    )


def effects(
    leaders: pd.DataFrame,
    *,
    release: Release,
    assignment: PilotAssignment,
    unit_of: Mapping[str, str] = MappingProxyType({}),
    seed: int = SEED,
) -> dict[str, Any]:
    """Effect of the pilot on the mean over competencies, in rating points, or why there is none.

    The randomisation test is made only where the client says that a lottery drew the arms, leader by leader.
    """
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
    units = whole_units(rows, unit_of, release=release)
    ancova, did = estimates(rows, units)
    pilot, comparison = rows.loc[treated == 1, "before"], rows.loc[treated == 0, "before"]
    gains = rows["after"] - rows["before"]
    sd = release.spread(pooled_sd(pilot, comparison), people=len(rows))
    made: dict[str, Any] = {
        "pilot_leaders": len(pilot),
        "comparison_leaders": len(comparison),
        "last_wave_days": last,
        "ancova_points": ancova.points,
        "ancova_se": ancova.standard_error,
        "ancova_df": ancova.degrees_of_freedom,
        "did_points": did.points,
        "did_se": did.standard_error,
        "sd_baseline": sd,
        "pilot_before": float(pilot.mean()),
        "comparison_before": float(comparison.mean()),
    }
    if sd:
        made["before_gap_se"] = sd * float(np.sqrt(1 / len(pilot) + 1 / len(comparison)))
        made["d_ppc"] = morris_d(
            pilot_gain=float(gains[treated == 1].mean()),
            comparison_gain=float(gains[treated == 0].mean()),
            pilot_sd=float(pilot.std()),
            comparison_sd=float(comparison.std()),
            pilot_n=len(pilot),
            comparison_n=len(comparison),
        )
    if assignment == "lottery" and units is None:
        test = randomisation_p(**data, seed=seed)
        made |= {"randomisation_p": test.p_value, "randomisation_arms": test.arms, "randomisation_exact": test.exact}
    return made


def growth_model(leaders: pd.DataFrame, *, release: Release) -> GrowthModel | None:
    """Mixed model of leaders' scores over waves; None with one wave or too few leaders.

    Waves and, where both arms have enough leaders, arms and their product are fixed; leaders differ by a random
    intercept. Leaders without an arm are left out where there are arms.
    """
    overall = leaders[leaders["competency"] == ALL]
    sizes = overall.dropna(subset=["arm"]).groupby("arm")["leader"].nunique()
    arms = {"pilot", "comparison"} <= set(sizes.index)
    if arms:
        overall = overall[overall["arm"].isin(["pilot", "comparison"])]
    elif overall["arm"].notna().any():
        overall = overall[overall["arm"] == "pilot"]
    counts = overall.groupby("wave")["leader"].size()
    waves = [int(wave) for wave in sorted(counts.index) if counts[wave] >= release.scores_from]
    rows = overall[overall["wave"].isin(waves)].sort_values(["arm", "wave", "mean"])
    per_arm = rows.groupby(rows["arm"].fillna(ALL))["leader"].nunique()
    if len(waves) < 2 or rows["leader"].nunique() < release.distributions_from or per_arm.min() < release.scores_from:
        return None
    later = np.column_stack([rows["wave"].eq(wave).to_numpy(dtype=float) for wave in waves[1:]])
    columns = [np.ones((len(rows), 1)), later]
    if arms:
        treated = rows["arm"].eq("pilot").to_numpy(dtype=float)[:, None]
        columns += [treated, later * treated]
    fit = random_intercept(design=np.hstack(columns), outcome=rows["mean"], groups=rows["leader"])
    if fit is None:
        return None
    return GrowthModel(
        leaders=int(rows["leader"].nunique()),
        scores=len(rows),
        between_variance=fit.between_variance,
        within_variance=fit.within_variance,
        degrees_of_freedom=fit.degrees_of_freedom,
        on_the_edge=fit.on_the_edge,
        steps=tuple(step(fit, place, wave, len(waves), arms) for place, wave in enumerate(waves[1:], start=1)),
    )


def step(fit: MixedFit, place: int, wave: int, waves: int, arms: bool) -> GrowthStep:
    """Change since the first wave at the wave in this place, and the pilot's lead over the comparison."""
    weights = np.zeros(len(fit.effects))
    weights[place] = 1.0
    if not arms:
        change, error = fit.contrast(weights)
        return GrowthStep(wave_days=wave, change=change, change_se=error)
    lead = np.zeros_like(weights)
    lead[waves + place] = 1.0
    change, error = fit.contrast(weights + lead)
    ahead, ahead_error = fit.contrast(lead)
    return GrowthStep(wave_days=wave, change=change, change_se=error, lead=ahead, lead_se=ahead_error)


def changes(leaders: pd.DataFrame) -> pd.DataFrame:
    """Each leader's change from the first to the last wave by competency, and its size in errors of measurement.

    The error comes from raters' differences within leaders at both waves, pooled over leaders of the competency.
    """
    parts = []
    for competency, own in leaders.groupby("competency"):
        first, last = own["wave"].min(), own["wave"].max()
        if first == last:
            continue
        ends = own[own["wave"].isin([first, last])]
        free = (ends["raters"] - 1).sum()
        noise = float(ends["spread"].sum() / free) if free > 0 else 0.0
        before, after = (ends[ends["wave"] == wave].set_index("leader") for wave in (first, last))
        later = after[["raters", "mean"]].rename(columns={"raters": "raters_after", "mean": "mean_after"})
        both = before.join(later, how="inner")
        sem = change_sem(ms_within=noise, raters_before=both["raters"], raters_after=both["raters_after"])
        moved = both["mean_after"] - both["mean"]
        parts.append(
            pd.DataFrame(
                {
                    "leader": both.index,
                    "arm": both["arm"],
                    "competency": competency,
                    "first": int(first),
                    "last": int(last),
                    "raters": np.minimum(both["raters"], both["raters_after"]),
                    "change": moved,
                    "reliable_z": np.where(sem > 0, reliable_change(change=moved, sem=np.maximum(sem, 1e-12)), 0.0),
                }
            )
        )
    columns = ["leader", "arm", "competency", "first", "last", "raters", "change", "reliable_z"]
    return pd.concat(parts, ignore_index=True)[columns] if parts else pd.DataFrame(columns=columns)


def reliable_changes(leaders: pd.DataFrame, *, release: Release) -> dict[str, int]:
    """How many pilot leaders (all, without arms) rose and fell beyond raters' noise, where that gives nobody away."""
    found = changes(leaders[leaders["competency"] == ALL])
    own = found[found["arm"].eq("pilot")] if found["arm"].notna().any() else found
    up, down = (int((own["reliable_z"].gt(RELIABLE_Z) & (own["change"] * sign > 0)).sum()) for sign in (1, -1))
    count = len(own)
    if count < release.distributions_from or count in (up, down):
        return {}
    return {"reliable_leaders": count, "reliable_up": up, "reliable_down": down}
