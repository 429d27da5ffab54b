"""Direct reports' ratings of leaders by arm, competency and wave; the leader is the unit."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any, Literal

import pandas as pd

from workbook.evidence import RatingCell
from workbook.measure.release import Release
from workbook.measure.tables import numbers, text
from workbook.model.ratings import one_way_from_groups

ALL = "all"
THEN = "then"
KEYS = ["competency", "wave", "leader"]
WHAT = "rating cell"
Arm = Literal["pilot", "comparison", "all"]
ARMS: tuple[Arm, ...] = ("pilot", "comparison")


def wave_days(waves: pd.Series) -> pd.Series:
    """Days since the start: baseline is 0, '30' is 30, dates count from the first date."""
    labels = {text(label) for label in waves.unique()} - {None, THEN}
    dates = {label: dt.date.fromisoformat(label) for label in labels if label and "-" in label}
    first = min(dates.values(), default=dt.date.min)
    days = {label: (dates[label] - first).days if label in dates else int({"baseline": 0}.get(str(label), label or 0))
            for label in labels}  # fmt: skip
    return waves.astype("object").map(text).map(days)


def arms_of(ratings: pd.DataFrame, participants: pd.DataFrame | None) -> dict[str, str]:
    """Arm by leader: as the ratings say, else as the participants table says; a leader in both arms has none."""
    stated = ratings[["leader_id", "arm"]].rename(columns={"leader_id": "who"}).dropna()
    if stated.empty and participants is not None:
        stated = participants[["employee_id", "arm"]].rename(columns={"employee_id": "who"}).dropna()
    distinct = stated.astype("object").drop_duplicates()
    sure = distinct[~distinct["who"].duplicated(keep=False)]
    return dict(zip(sure["who"], sure["arm"], strict=True))


def direct_reports(ratings: pd.DataFrame, participants: pd.DataFrame | None) -> pd.DataFrame:
    """One score a leader, rater, wave and competency, competency 'all' being the rater's mean over competencies.

    Ratings in hindsight (wave `then`) are no wave and are left out.
    """
    return _by_rater(ratings[~_in_hindsight(ratings)], arms_of(ratings, participants), wave_days)


def then_reports(ratings: pd.DataFrame, participants: pd.DataFrame | None) -> pd.DataFrame:
    """The same of ratings in hindsight: how the time before the start is seen now; all in wave 0."""
    arms = arms_of(ratings, participants)
    return _by_rater(ratings[_in_hindsight(ratings)], arms, lambda waves: pd.Series(0, index=waves.index))


def _in_hindsight(ratings: pd.DataFrame) -> pd.Series:
    return ratings["wave"].eq(THEN).fillna(False).astype(bool)


def _by_rater(ratings: pd.DataFrame, arms: dict[str, str], days: Callable[[pd.Series], pd.Series]) -> pd.DataFrame:
    frame = pd.DataFrame(
        {
            "leader": ratings["leader_id"].astype("object"),
            "rater": ratings["rater_id"].astype("object"),
            "wave": days(ratings["wave"]),
            "competency": ratings["competency"].astype("object"),
            "score": numbers(ratings["score"]),
        }
    )[ratings["relationship"].eq("direct_report").fillna(False).astype(bool)].dropna()
    once = frame.groupby([*KEYS, "rater"], as_index=False)["score"].mean()
    overall = once.groupby(["wave", "leader", "rater"], as_index=False)["score"].mean().assign(competency=ALL)
    scores = pd.concat([once[once["competency"] != ALL], overall], ignore_index=True)
    scores["wave"] = scores["wave"].astype(int)
    return scores.assign(arm=scores["leader"].map(arms).astype("object"))


def leader_scores(scores: pd.DataFrame, *, floor: int) -> pd.DataFrame:
    """Leaders with enough raters, by competency and wave: raters, mean, sum of squares about the mean, arm."""
    made = (
        scores.sort_values([*KEYS, "score"])
        .groupby(KEYS, as_index=False)
        .agg(raters=("score", "size"), mean=("score", "mean"), variance=("score", "var"), arm=("arm", "first"))
    )
    made["spread"] = made.pop("variance").fillna(0.0) * (made["raters"] - 1)
    made["place"] = made["arm"].fillna("")
    by_size = made.sort_values(["competency", "wave", "place", "mean", "raters", "spread"], kind="stable")
    return by_size[by_size["raters"] >= floor].drop(columns="place").reset_index(drop=True)  # sums ignore names


def unpaired_few(leaders: pd.DataFrame, *, floor: int) -> set[str]:
    """Leaders seen at only one of first and last wave, in an arm with fewer than `floor` of them.

    Their scores would be the difference between the means of an arm and the effect on those seen at both, so they
    are left out of every cell.
    """
    overall = leaders[leaders["competency"] == ALL]
    if overall["wave"].nunique() < 2:
        return set()
    left_out: set[str] = set()
    for arm in ARMS:
        own = overall[overall["arm"] == arm]
        waves = sorted(own["wave"].unique())
        if len(waves) < 2:
            continue
        first, last = (set(own.loc[own["wave"] == wave, "leader"]) for wave in (waves[0], waves[-1]))
        left_out |= {leader for few in (first - last, last - first) if len(few) < floor for leader in few}
    return left_out


def panel(scores: pd.DataFrame, *, floor: int) -> pd.DataFrame:
    """Scores of raters who were there at baseline, too; at baseline, of those still there at the last wave."""
    waves = sorted(scores["wave"].unique())
    if len(waves) < 2:
        return scores.iloc[:0]
    pair = ["competency", "leader", "rater"]
    at_first = scores.loc[scores["wave"] == waves[0], pair]
    at_last = scores.loc[scores["wave"] == waves[-1], pair]
    later = scores[scores["wave"] != waves[0]].merge(at_first, on=pair)
    start = scores[scores["wave"] == waves[0]].merge(at_last, on=pair)
    both = pd.concat([start, later], ignore_index=True)
    enough = both.groupby(KEYS)["rater"].transform("size") >= floor
    return both[enough]


def cell(
    arm: Arm, competency: str, wave: int, *, scores: pd.DataFrame, leaders: pd.DataFrame, stable: pd.DataFrame,
    release: Release,
) -> RatingCell:  # fmt: skip
    """One released cell from its leaders' scores; `stable` holds the stable panel's, both with the rater's `pair`."""
    place: dict[str, Any] = {"arm": arm, "competency": competency, "wave_days": wave}
    count = len(leaders)
    if count == 0 or scores["score"].min() == scores["score"].max() or release.count(count, what=WHAT) is None:
        return RatingCell(**place, leaders=None, raters=None, mean=None, suppressed=True)
    anova = None
    if count >= release.distributions_from:
        anova = one_way_from_groups(sizes=leaders["raters"], means=leaders["mean"], squares_within=leaders["spread"])
    panel_mean, panel_raters = released_panel(scores, stable, release)
    return RatingCell(
        **place,
        leaders=count,
        raters=int(scores["rater"].nunique()),
        mean=release.mean(leaders["mean"].mean(), people=count, what=WHAT),
        sd=release.spread(leaders["mean"].std(), people=count),
        ms_between=None if anova is None else anova.ms_between,
        ms_within=None if anova is None else anova.ms_within,
        k0=None if anova is None else anova.k0,
        panel_mean=panel_mean,
        panel_raters=panel_raters,
    )


def released_panel(scores: pd.DataFrame, stable: pd.DataFrame, release: Release) -> tuple[float | None, int | None]:
    """The stable panel's mean over leaders beside the mean of all raters, if few cannot be told from the difference.

    `stable` is in the order of leaders and scores: sums ignore the order of the records.
    """
    if stable["leader"].nunique() < release.scores_from:
        return None, None
    what = "stable-panel mean"
    for who in ("leader", "pair"):
        if not release.beside(set(scores[who].tolist()), set(stable[who].tolist()), what=what):
            return None, None
    means = stable.groupby("leader", sort=False)["score"].mean().sort_values()
    return float(means.mean()), int(stable["rater"].nunique())


def rating_cells(scores: pd.DataFrame, leaders: pd.DataFrame, *, release: Release) -> tuple[RatingCell, ...]:
    """All cells, by arm, competency and wave; the sum over arms only where no arm is small.

    `leaders` are those with enough raters, as `leader_scores` gives them.
    """
    floor = release.scores_from
    out = unpaired_few(leaders, floor=floor)
    if out:
        release.note("leaders rated at only the first or the last wave are left out where they are few")
    leaders = leaders[~leaders["leader"].isin(out)]
    kept = scores.merge(leaders[KEYS], on=KEYS)
    kept["pair"] = kept.groupby(["leader", "rater"]).ngroup()
    stable = panel(kept, floor=floor).sort_values(["leader", "score"])
    parts: dict[Any, pd.DataFrame] = dict(iter(kept.groupby(["competency", "wave"])))
    by_leader: dict[Any, pd.DataFrame] = dict(iter(leaders.groupby(["competency", "wave"])))
    by_panel: dict[Any, pd.DataFrame] = dict(iter(stable.groupby(["competency", "wave"])))
    rows: list[RatingCell] = []
    for competency, wave in sorted(parts, key=lambda key: (key[0] != ALL, key[0], key[1])):
        everyone, own = parts[(competency, wave)], by_leader[(competency, wave)]
        panelled = by_panel.get((competency, wave), everyone.iloc[:0])
        label = str(release.label(competency))
        sizes = own["arm"].fillna("none").value_counts()
        made = [
            cell(
                arm,
                label,
                int(wave),
                scores=everyone[everyone["arm"] == arm],
                leaders=own[own["arm"] == arm],
                stable=panelled[panelled["arm"] == arm],
                release=release,
            )
            for arm in ARMS
            if arm in sizes.index
        ]
        rows += made
        no_arms = list(sizes.index) == ["none"]
        if no_arms or ((sizes >= floor).all() and not any(row.suppressed for row in made)):
            rows.append(cell("all", label, int(wave), scores=everyone, leaders=own, stable=panelled, release=release))
        else:
            release.withhold("sum over arms", rule="or a small arm could be worked out")
    return tuple(rows)
