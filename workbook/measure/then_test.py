"""Then-test: leaders' time before the start as raters saw it then and as they see it now."""

from __future__ import annotations

import pandas as pd

from workbook.evidence import ThenTest
from workbook.measure.ratings import ARMS, leader_scores, unpaired_few
from workbook.measure.release import Release

WHAT = "then-test"


def then_tests(leaders: pd.DataFrame, then: pd.DataFrame, *, release: Release) -> tuple[ThenTest, ...]:
    """By arm and competency, over `leaders` with enough raters at baseline, at the last wave and in hindsight.

    Shown only where these leaders are the ones of the published means, or differ from them by enough leaders.
    """
    floor = release.scores_from
    leaders = leaders[~leaders["leader"].isin(unpaired_few(leaders, floor=floor))]
    looked_back = leader_scores(then, floor=floor)
    if leaders["wave"].nunique() < 2 or looked_back.empty:
        return ()
    first, last = leaders["wave"].min(), leaders["wave"].max()
    has_arms = leaders["arm"].notna().any()
    rows = []
    for competency, own in leaders.groupby("competency"):
        back = looked_back[looked_back["competency"] == competency].set_index("leader")["mean"]
        for arm in ARMS if has_arms else ("all",):
            here = own if arm == "all" else own[own["arm"] == arm]
            before, after = (here[here["wave"] == wave].set_index("leader")["mean"] for wave in (first, last))
            both = (
                pd.DataFrame({"before": before, "then": back, "after": after}).dropna().sort_values(["before", "then"])
            )
            if both.empty or release.count(len(both), what=WHAT) is None:
                continue
            if not all(release.beside(set(part.index), set(both.index), what=WHAT) for part in (before, after)):
                continue
            rows.append(_row(both, arm, str(release.label(competency)), int(last), release))
    return tuple(rows)


def _row(both: pd.DataFrame, arm: str, competency: str, last: int, release: Release) -> ThenTest:
    count = len(both)
    shift, gain = both["then"] - both["before"], both["after"] - both["then"]
    return ThenTest(
        arm=arm,
        competency=competency,
        leaders=count,
        last_wave_days=last,
        baseline_mean=float(both["before"].mean()),
        then_mean=float(both["then"].mean()),
        last_mean=float(both["after"].mean()),
        shift_se=release.spread(shift.std() / count**0.5, people=count),
        gain_se=release.spread(gain.std() / count**0.5, people=count),
    )
