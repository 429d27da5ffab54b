"""Roles: counts and coverage by unit, and how leadership roles are filled and what they are worth."""

from __future__ import annotations

from typing import Literal

import pandas as pd

from workbook.evidence import COMPANY, Pay, RoleCounts, RoleFlow
from workbook.measure.people import active, window_end, window_start
from workbook.measure.release import Release
from workbook.measure.tables import numbers, text, units_first, yes
from workbook.measure.units import Units
from workbook.model.succession import maximum_matching, named_roles
from workbook.settings import Settings

STANDARDS = {"named": ("now", "1_year", "later", None), "ready_1_year": ("now", "1_year"), "ready_now": ("now",)}
INTERNAL_AFTER_DAYS = 90
PAY_MULTIPLE = 1.5


def role_frame(roles: pd.DataFrame, *, units: Units, people: pd.DataFrame | None, settings: Settings) -> pd.DataFrame:
    """One row a role, with whether it is vacant at `as_of` and its incumbent's level.

    Vacant: the file says since when; or the incumbent has left; or no incumbent is named in a file that names others.
    """
    as_of = pd.Timestamp(settings.as_of)
    incumbent = roles["incumbent_id"].astype("object")
    frame = pd.DataFrame(
        {
            "role": roles["role_id"].astype(str),
            "unit": units.of(roles["unit"]),
            "leadership": yes(roles["is_leadership"]),
            "critical": yes(roles["is_critical"]),
            "incumbent": incumbent.where(incumbent.notna(), None),
            "vacant_since": roles["vacant_since"],
            "days_to_fill": numbers(roles["days_to_fill"]),
            "monthly_value": numbers(roles["monthly_value"]),
        }
    ).reset_index(drop=True)
    frame["vacant"] = frame["vacant_since"].le(as_of)
    if frame["incumbent"].notna().any():
        frame["vacant"] |= frame["incumbent"].isna()
    frame["level"] = None
    if people is not None:
        now = people[active(people, as_of)].drop_duplicates("person").set_index("person")
        known = frame["incumbent"].isin(set(people["person"]))
        frame["vacant"] |= known & ~frame["incumbent"].isin(set(now.index))
        frame["level"] = frame["incumbent"].map(now["level"])
    return frame


def successor_pairs(
    successors: pd.DataFrame | None, roles: pd.DataFrame, *, people: pd.DataFrame | None, settings: Settings
) -> pd.DataFrame:
    """Namings for critical roles with `counts`: false for leavers, people not in employees and the role's incumbent."""
    columns = ["role", "person", "readiness", "counts"]
    if successors is None:
        return pd.DataFrame(columns=columns)
    readiness = successors["readiness"].astype("object")
    pairs = pd.DataFrame(
        {
            "role": successors["role_id"].astype(str),
            "person": successors["employee_id"].astype("object"),
            "readiness": readiness.where(readiness.notna(), None),
        }
    ).dropna(subset=["person"])
    incumbent = roles.drop_duplicates("role").set_index("role")["incumbent"]
    critical = set(roles.loc[roles["critical"], "role"])
    pairs["counts"] = pairs["role"].isin(critical) & ~pairs["role"].map(incumbent).eq(pairs["person"])
    if people is not None:
        here = set(people.loc[active(people, pd.Timestamp(settings.as_of)), "person"])
        pairs["counts"] &= pairs["person"].isin(here)
    return pairs[columns].reset_index(drop=True)


def matched_roles(roles: pd.DataFrame, pairs: pd.DataFrame) -> dict[str, dict[str, str]]:
    """For each standard, one company-wide maximum matching of critical roles to people, role -> person."""
    critical = roles.loc[roles["critical"], "role"].tolist()
    counted = pairs[pairs["counts"].astype(bool)]
    return {
        standard: maximum_matching(
            critical,
            list(counted.loc[counted["readiness"].isin(ready), ["role", "person"]].itertuples(index=False, name=None)),
        )
        for standard, ready in STANDARDS.items()
    }


def role_counts(
    roles: pd.DataFrame, pairs: pd.DataFrame, *, units: Units, settings: Settings, given: bool
) -> tuple[RoleCounts, ...]:
    """Counts of roles by unit and for the company; a match is credited to the role's unit."""
    matched = matched_roles(roles, pairs)
    counted = pairs[pairs["counts"].astype(bool)]
    critical = roles.loc[roles["critical"], "role"]
    marks = roles.assign(
        leadership_vacant=roles["leadership"] & roles["vacant"],
        named_any=roles["role"].isin(named_roles(critical, zip(counted["role"], counted["person"], strict=True))),
        roles=True,
        **{f"matched_{standard}": roles["role"].isin(set(found)) for standard, found in matched.items()},
    )  # fmt: skip
    marks["matched"] = marks[f"matched_{settings.switches.successor}"]
    columns = ["roles", "critical", "leadership", "leadership_vacant", "named_any", "matched",
               "matched_named", "matched_ready_1_year", "matched_ready_now"]  # fmt: skip
    counts = marks.groupby("unit")[columns].sum()
    counts.loc[COMPANY] = marks[columns].sum()
    return tuple(
        RoleCounts(unit=unit, successors_given=given, **{name: int(counts.loc[unit, name]) for name in columns})  # type: ignore[arg-type]
        for unit in units_first(units.names)
        if unit in counts.index
    )


def leadership_openings(roles: pd.DataFrame, people: pd.DataFrame | None, *, settings: Settings) -> int | None:
    """Leadership roles that came open in the window: the larger of roles vacant since then and leaders who left.

    The larger, not the sum: an exit whose role is still vacant is in both (nothing is counted twice).
    """
    start, end = window_start(settings), window_end(settings)
    dated = bool(roles["vacant_since"].notna().any())
    vacancies = int((roles["leadership"] & roles["vacant_since"].ge(start) & roles["vacant_since"].lt(end)).sum())
    if people is None:
        return vacancies if dated else None
    left = people["leaders"] & people["left"].ge(start) & people["left"].lt(end)
    return max(vacancies, int(left.sum()))


def role_worth(
    roles: pd.DataFrame, pay: tuple[Pay, ...], headcount: int | None, settings: Settings
) -> tuple[float | None, float | None, Literal["roles", "revenue", "pay"] | None]:
    """Value and pay of one leadership role a month, mean over leadership roles, and where the value comes from.

    The role's own value if given; else revenue/headcount/12; else 1.5 x pay (house assumption). A role whose
    incumbent's level is unknown is paid as a manager's.
    """
    leadership = roles[roles["leadership"]]
    by_level = {row.level: row.yearly_money / 12 for row in pay}
    monthly_pay = leadership["level"].where(leadership["level"].notna(), "manager").map(by_level).dropna()
    paid = float(monthly_pay.mean()) if len(monthly_pay) else by_level.get("manager")
    stated = leadership["monthly_value"].dropna()
    if len(stated):
        return float(stated.mean()), paid, "roles"
    if settings.revenue is not None and headcount:
        return settings.revenue / headcount / 12, paid, "revenue"
    if paid is not None:
        return PAY_MULTIPLE * paid, paid, "pay"
    return None, None, None


def internal_fills(people: pd.DataFrame | None, *, settings: Settings, release: Release) -> tuple[float | None, int]:
    """Share of leaders in post who started their role in the window and had been hired over 90 days before."""
    if people is None or people["role_start"].isna().all():
        return None, 0
    leaders = people[active(people, pd.Timestamp(settings.as_of)) & people["leaders"]]
    started = leaders["role_start"].fillna(leaders["hired"])
    fresh = leaders[started.ge(window_start(settings)) & started.lt(window_end(settings))]
    internal = (started.loc[fresh.index] - fresh["hired"]).dt.days > INTERNAL_AFTER_DAYS
    n = release.count(len(fresh), what="internal fill share")
    return (float(internal.mean()), n) if n else (None, 0)


def role_flow(
    roles: pd.DataFrame,
    people: pd.DataFrame | None,
    *,
    pay: tuple[Pay, ...],
    settings: Settings,
    release: Release,
) -> RoleFlow:
    """Days to fill, openings, value and pay of a leadership role, share filled from inside."""
    days = roles.loc[roles["leadership"], "days_to_fill"].dropna()
    headcount = None if people is None else int(active(people, pd.Timestamp(settings.as_of)).sum())
    value, paid, source = role_worth(roles, pay, headcount, settings)
    share, fills = internal_fills(people, settings=settings, release=release)
    return RoleFlow(
        days_to_fill_mean=float(days.mean()) if len(days) else None,
        days_to_fill_sd=float(days.std()) if len(days) > 1 else None,
        days_to_fill_n=len(days),
        leadership_vacancies_opened=leadership_openings(roles, people, settings=settings),
        vacant_value_money_per_month=value,
        vacant_pay_money_per_month=paid,
        role_value_source=source,
        internal_fill_share=share,
        internal_fill_n=fills,
    )


def succession_list(roles: pd.DataFrame, pairs: pd.DataFrame, *, standard: str) -> pd.DataFrame:
    """Named succession list of critical roles for the restricted tier, with who is matched to what."""
    match = matched_roles(roles, pairs)[standard]
    critical = roles.loc[roles["critical"], ["role", "unit", "incumbent", "vacant"]]
    listed = critical.merge(pairs, on="role", how="left").sort_values(["unit", "role", "person"], na_position="last")
    listed["matched"] = [match.get(role) == person and text(person) is not None
                         for role, person in zip(listed["role"], listed["person"], strict=True)]  # fmt: skip
    return listed.reset_index(drop=True)
