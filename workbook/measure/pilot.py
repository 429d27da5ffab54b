"""Where the pilot runs and since when, exits there, and what its participants say it brought."""

from __future__ import annotations

import pandas as pd

from workbook.evidence import ArmExits, ParticipantEstimate, PilotSites
from workbook.measure.people import window_end
from workbook.measure.release import Release
from workbook.measure.tables import day, numbers, text
from workbook.measure.turnover import arrays, at_risk
from workbook.measure.units import Units
from workbook.settings import Settings

MONTHS_BEFORE = 12
FAR_OUT = 3.0


def sites(
    joined: pd.DataFrame,
    employees: pd.DataFrame,
    frame: pd.DataFrame,
    *,
    units: Units,
    settings: Settings,
    release: Release,
) -> PilotSites | None:
    """Units by arm and exits there before and after the pilot's first day; None without enough people in an arm.

    `frame` holds the spells of employment. A person's unit is that of the last spell.
    """
    people = employees.sort_values("hire_date", kind="stable").drop_duplicates("employee_id", keep="last")
    unit_of = dict(zip(people["employee_id"].astype("object"), units.of(people["unit"]), strict=True))
    taking = pd.DataFrame(
        {
            "person": joined["employee_id"].astype("object"),
            "arm": joined["arm"].astype("object").map(text),
            "start": joined["start_date"],
        }
    )
    taking["unit"] = taking["person"].map(unit_of)
    pilots = taking[taking["arm"] == "pilot"].dropna(subset=["unit"])
    start = pilots["start"].min()
    if pilots["person"].nunique() < release.scores_from or start >= window_end(settings):
        return None
    hosts = {arm: set(taking.loc[taking["arm"] == arm, "unit"].dropna()) for arm in ("pilot", "comparison")}
    mixed = hosts["pilot"] & hosts["comparison"]
    alone = {arm: tuple(sorted(found - mixed)) for arm, found in hosts.items()}
    trained = release.count(
        int(pilots.loc[pilots["unit"].isin(alone["pilot"]), "person"].nunique()), what="number of people trained"
    )
    return PilotSites(
        start=day(start),
        pilot_units=alone["pilot"],
        comparison_units=alone["comparison"],
        mixed_units=tuple(sorted(mixed)),
        trained=trained or 0,
        exits=arm_exits(frame, alone, start=start, settings=settings, release=release),
    )


def arm_exits(
    frame: pd.DataFrame, hosts: dict[str, tuple[str, ...]], *, start: pd.Timestamp, settings: Settings, release: Release
) -> tuple[ArmExits, ...]:
    """Voluntary exits of whole units, twelve months before the start and since; all four counts or none."""
    if frame.empty or not frame["voluntary"].any() or not all(hosts.values()):
        return ()
    spells, rows = arrays(frame), []
    spans = (("before", start - pd.DateOffset(months=MONTHS_BEFORE), start), ("after", start, window_end(settings)))
    for arm in ("pilot", "comparison"):
        here = frame["unit"].isin(hosts[arm]).to_numpy(dtype=bool)
        for period, since, until in spans:
            found = at_risk(spells, here, start=since, end=until)
            if release.count(found.people, what="exits of an arm") is None or found.years <= 0:
                return ()
            rows.append(ArmExits(arm=arm, period=period, person_years=found.years, voluntary_exits=found.exits))
    return tuple(rows)


def participant_estimate(joined: pd.DataFrame, *, release: Release) -> ParticipantEstimate | None:
    """Mean over the pilot's participants of reported gain x programme's share x confidence, money a year.

    Whoever left one of the three out counts as nothing; so do claims beyond the upper quartile by more than three
    quartile ranges (Tukey's far out), if there are five answers or more. After Phillips' guiding principles.
    """
    arm = joined["arm"].astype("object").map(text)
    own = joined[arm.eq("pilot")] if arm.notna().any() else joined
    claims = (
        (numbers(own["reported_gain"]) * numbers(own["programme_share"]) * numbers(own["confidence_share"]))
        .groupby(own["employee_id"].astype("object"))
        .sum(min_count=1)
        .sort_values()
    )
    answers = claims.dropna()
    if answers.empty or release.count(len(answers), what="participants' estimate") is None:
        return None
    low, high = answers.quantile(0.25), answers.quantile(0.75)
    far_out = answers > high + FAR_OUT * (high - low)
    if far_out.any():
        release.note("participants' claims far above the others count as nothing")
    counted = claims.where(claims.notna() & ~far_out.reindex(claims.index, fill_value=False), 0.0).astype(float)
    return ParticipantEstimate(
        participants=len(counted),
        answers=len(answers),
        each_money_per_year=float(counted.mean()),
        each_se=release.spread(counted.std() / len(counted) ** 0.5, people=len(answers)),
        extreme_left_out=bool(far_out.any()),
    )
