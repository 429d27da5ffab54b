"""Who works where and who left: headcount, exposure, exits by month, pay, audiences, managers."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from workbook.evidence import COMPANY, AudienceSize, ExitMonth, Exposure, Headcount, Managers, Pay
from workbook.measure.high_performers import high_performers
from workbook.measure.release import Release
from workbook.measure.tables import day, month_starts, numbers, units_first, with_company, yes
from workbook.measure.units import Units
from workbook.settings import Settings

DAYS_A_YEAR = 365.25
LEADER_LEVELS = ("executive", "manager")
LEVELS = ("executive", "manager", "individual")
PAY_FROM = 10
HEADCOUNT_MONTHS = 25
TREND_MONTHS = 24


def window_end(settings: Settings) -> pd.Timestamp:
    """The day after `as_of`: the day itself is inside the window."""
    return pd.Timestamp(settings.as_of) + pd.Timedelta(days=1)


def window_start(settings: Settings) -> pd.Timestamp:
    """`window_months` before the end of the window."""
    return window_end(settings) - pd.DateOffset(months=settings.window_months)


def spells(employees: pd.DataFrame, *, units: Units, settings: Settings, release: Release) -> pd.DataFrame:
    """One row a spell of employment: unit as released, hire and exit, whether the exit was voluntary, groups."""
    level = employees["level"].astype("object")
    frame = pd.DataFrame(
        {
            "person": employees["employee_id"].astype("object"),
            "unit": units.of(employees["unit"]),
            "level": level.where(level.notna(), None),
            "hired": employees["hire_date"],
            "left": employees["exit_date"],
            "voluntary": (employees["exit_type"] == "voluntary").fillna(False).astype(bool)
            & employees["exit_date"].notna(),
            "untyped": employees["exit_date"].notna() & employees["exit_type"].isna(),
            "salary": numbers(employees["salary"]),
            "manager": employees["manager_id"].astype("object"),
            "emerging": yes(employees["emerging_leader"]),
            "role_start": employees["role_start"],
            "all": True,
            "leaders": level.isin(LEADER_LEVELS),
            "critical_teams": yes(employees["critical_team"]),
        }
    ).reset_index(drop=True)
    earliest = window_start(settings) - pd.DateOffset(months=settings.window_months)
    seen = frame["hired"].lt(window_end(settings)) & ~frame["left"].lt(earliest)
    frame["high_performers"] = high_performers(
        employees.reset_index(drop=True), seen=seen, rule=settings.high_performer, release=release
    )
    return frame


def active(frame: pd.DataFrame, at: pd.Timestamp) -> pd.Series:
    """Whether each spell covers `at`: hired by then and not yet gone."""
    return frame["hired"].le(at) & ~frame["left"].le(at)


def headcount(frame: pd.DataFrame, *, units: Units, settings: Settings) -> tuple[Headcount, ...]:
    """People employed on the first day of each month, by unit and level, back 25 months or to the first hire."""
    if frame.empty:
        return ()
    first = frame["hired"].min().replace(day=1)
    months = [m for m in month_starts(pd.Timestamp(settings.as_of), HEADCOUNT_MONTHS) if m >= first]
    counts: dict[tuple[str, str, pd.Timestamp], int] = {}
    for month in months:
        there = with_company(frame.loc[active(frame, month), ["unit", "level"]])
        by_level: dict[Any, int] = there.groupby(["unit", "level"]).size().to_dict()
        counts |= {(unit, level, month): n for (unit, level), n in by_level.items()}
        counts |= {(str(unit), "all", month): int(n) for unit, n in there.groupby("unit").size().items()}
    seen = {(unit, level) for unit, level, _ in counts}
    return tuple(
        Headcount(unit=unit, level=level, month=day(month), headcount=counts.get((unit, level, month), 0))
        for unit in units_first(units.names)
        for level in ("all", *LEVELS)
        if (unit, level) in seen
        for month in months
    )


def note_missing_leavers(frame: pd.DataFrame, *, settings: Settings, release: Release) -> None:
    """Say when leavers seem to be missing from the file: growth and turnover then look better than they are."""
    if frame.empty:
        return
    exits = frame["left"].dropna()
    start = month_starts(pd.Timestamp(settings.as_of), HEADCOUNT_MONTHS)[0]
    if exits.empty:
        release.note("employees has no exits at all: turnover cannot be measured, and growth looks higher than it was")
    elif exits.min() > max(start, frame["hired"].min()) + pd.DateOffset(months=2):
        release.note(
            f"employees has no exits before {day(exits.min()).isoformat()}: headcount before then misses those who "
            "left, so growth looks higher than it was"
        )
    if frame["untyped"].any():
        release.note("exits without exit_type count as not voluntary")


def exposure_in(
    frame: pd.DataFrame, group: str, *, start: pd.Timestamp, end: pd.Timestamp
) -> tuple[pd.DataFrame, pd.Series]:
    """Spells of a group in [start, end) with days at risk and exits, and the people behind them by unit."""
    chosen = frame[frame[group] & frame["hired"].lt(end) & ~frame["left"].lt(start)]
    until = chosen["left"].where(chosen["left"].lt(end), end)
    since = chosen["hired"].where(chosen["hired"].gt(start), start)
    days = (until - since).dt.days.clip(lower=0)
    exits = chosen["voluntary"] & chosen["left"].ge(start) & chosen["left"].lt(end)
    rows = with_company(chosen[["unit", "level", "person"]].assign(years=days / DAYS_A_YEAR, exits=exits))
    return rows, rows.groupby("unit")["person"].nunique()


def gives_away(*, inside: int, everyone: int, floor: int, all_may_belong: bool) -> bool:
    """Whether a group's row would expose the few outside it, or that nobody is outside."""
    outside = everyone - inside
    return inside > 0 and (0 < outside < floor or (outside == 0 and not all_may_belong))


def exposure(frame: pd.DataFrame, *, units: Units, settings: Settings, release: Release) -> tuple[Exposure, ...]:
    """Person-years at risk and voluntary exits in the window and in the one before, by unit and group."""
    if frame.empty or (frame["untyped"].any() and not frame["voluntary"].any()):
        return ()
    end, start = window_end(settings), window_start(settings)
    windows = ((start, end), (start - pd.DateOffset(months=settings.window_months), start))
    rows: list[Exposure] = []
    for since, until in windows:
        if since + pd.DateOffset(months=1) < frame["hired"].min():
            continue
        _, everyone = exposure_in(frame, "all", start=since, end=until)
        for group in ("all", "high_performers", "critical_teams", "leaders"):
            spent, people = exposure_in(frame, group, start=since, end=until)
            rows += released_exposure(
                spent, people.to_dict(), everyone.to_dict(), group=group, since=since, until=until,
                names=units.names, release=release,
            )  # fmt: skip
    return tuple(rows)


def released_exposure(
    spent: pd.DataFrame,
    people: dict[Any, int],
    everyone: dict[Any, int],
    *,
    group: str,
    since: pd.Timestamp,
    until: pd.Timestamp,
    names: tuple[str, ...],
    release: Release,
) -> list[Exposure]:
    """Rows of one group and window that pass the floors."""
    flagged = [
        unit
        for unit, n in people.items()
        if group != "all"
        and gives_away(
            inside=n, everyone=everyone[unit], floor=release.scores_from, all_may_belong=group != "high_performers"
        )
    ]
    what = f"exposure row of {group.replace('_', ' ')}"
    total = people.pop(COMPANY, 0)
    if COMPANY in flagged or release.count(total, what=what) in (None, 0):
        return []
    shown = release.partition(people, what=what, flagged=[unit for unit in flagged if unit != COMPANY])
    sums: dict[Any, dict[Any, Any]] = spent.groupby("unit")[["years", "exits"]].sum().to_dict("index")
    by_level = spent[spent["exits"]].groupby(["unit", "level"]).size()
    return [
        Exposure(
            unit=unit,
            group=group,
            window_start=day(since),
            window_end=day(until),
            person_years=round(float(sums[unit]["years"]), 6),
            voluntary_exits=int(sums[unit]["exits"]),
            exits_by_level={level: int(by_level.get((unit, level), 0)) for level in LEVELS},
        )
        for unit in units_first(names)
        if unit == COMPANY or unit in shown
    ]


def exit_months(frame: pd.DataFrame, *, settings: Settings, release: Release) -> tuple[ExitMonth, ...]:
    """Voluntary exits of the last 24 whole months, company-wide."""
    if frame.empty or not frame["voluntary"].any():
        return ()
    last = window_end(settings).replace(day=1) - pd.DateOffset(months=1)
    starts = [m for m in month_starts(last, TREND_MONTHS) if m >= frame["hired"].min().replace(day=1)]
    company = {group: frame[frame[group]] for group in ("all", "critical_teams")}
    rows: list[ExitMonth] = []
    for month in starts:
        everyone, _, _ = month_of(company["all"], month)
        for group, chosen in company.items():
            n, years, exits = month_of(chosen, month)
            what = "month of exits"
            if n and release.count(n, what=what) is not None and release.count(everyone - n, what=what) is not None:
                rows.append(
                    ExitMonth(
                        group=group,
                        month=day(month),
                        person_years=round(years, 6),
                        voluntary_exits=exits,
                    )
                )
    return tuple(sorted(rows, key=lambda row: (row.group, row.month)))


def month_of(chosen: pd.DataFrame, month: pd.Timestamp) -> tuple[int, float, int]:
    """People, person-years and voluntary exits of the month beginning at `month`."""
    start, end = np.datetime64(month, "D"), np.datetime64(month + pd.DateOffset(months=1), "D")
    hired = chosen["hired"].to_numpy().astype("datetime64[D]")
    left = chosen["left"].to_numpy().astype("datetime64[D]")
    left = np.where(np.isnat(left), np.datetime64("9999-01-01", "D"), left)
    there = (hired < end) & (left >= start)
    days = (np.minimum(left, end) - np.maximum(hired, start))[there].astype("int64").clip(min=0)
    exits = int((chosen["voluntary"].to_numpy() & there & (left < end)).sum())
    return len(set(chosen["person"].to_numpy()[there])), float(days.sum()) / DAYS_A_YEAR, exits


def three_digits(value: float) -> float:
    """Rounded to three significant digits."""
    return float(f"{value:.3g}")


def pay(frame: pd.DataFrame | None, *, settings: Settings, release: Release) -> tuple[Pay, ...]:
    """Yearly pay by level: what client.yml says, else the rounded median of at least ten people at `as_of`."""
    rows: list[Pay] = []
    now = None if frame is None else frame[active(frame, pd.Timestamp(settings.as_of))]
    floor = max(PAY_FROM, settings.privacy.distributions_from)
    for level in LEVELS:
        if level in settings.pay:
            rows.append(Pay(level=level, yearly_money=settings.pay[level], n=None, source="client.yml"))
            continue
        if now is None:
            continue
        salaries = now.loc[now["level"].eq(level), "salary"].dropna()
        n = release.count(len(salaries), what="median of pay", floor=floor)
        if n:
            money = three_digits(float(salaries.median()))
            rows.append(Pay(level=level, yearly_money=money, n=n, source="employees"))
    return tuple(rows)


def audiences(frame: pd.DataFrame, *, settings: Settings, release: Release) -> tuple[AudienceSize, ...]:
    """People of each audience at `as_of`; emerging leaders are individuals too."""
    now = frame[active(frame, pd.Timestamp(settings.as_of))]
    sizes = {level: int(now["level"].eq(level).sum()) for level in LEVELS}
    emerging = release.count(int(now["emerging"].sum()), what="audience") or 0
    listed = (("executive", sizes["executive"]), ("manager", sizes["manager"]), ("emerging", emerging),
              ("individual", sizes["individual"]), ("all", len(now)))  # fmt: skip
    return tuple(AudienceSize(audience=who, headcount=n) for who, n in listed if n)


def managers(frame: pd.DataFrame, *, units: Units, settings: Settings, release: Release) -> tuple[Managers, ...]:
    """Executives and managers in post at `as_of`, how many are under 12 months in role, and their span of control."""
    as_of = pd.Timestamp(settings.as_of)
    now = frame[active(frame, as_of)]
    leaders = now[now["leaders"]]
    if leaders.empty:
        return ()
    started = leaders["role_start"].fillna(leaders["hired"])
    recent = leaders.assign(recent=started > as_of - pd.DateOffset(months=12))
    home = leaders.drop_duplicates("person").set_index("person")["unit"]
    reports = pd.DataFrame({"unit": now["manager"].map(home), "manager": now["manager"]}).dropna()
    posts, taught = with_company(recent[["unit", "recent"]]), with_company(reports)
    count, new = posts.groupby("unit").size(), posts.groupby("unit")["recent"].sum()
    led, spans = taught.groupby("unit").size(), taught.groupby("unit")["manager"].nunique()
    known = bool(frame["role_start"].notna().any())
    shown = release.partition({u: int(count.get(u, 0)) for u in units.names}, what="manager row")
    company = release.count(int(count[COMPANY]), what="manager row") is not None
    return tuple(
        Managers(
            unit=unit,
            managers=int(count.get(unit, 0)),
            managers_under_12_months=int(new.get(unit, 0)) if known and show else None,
            reports_with_manager=int(led.get(unit, 0)) if show and len(reports) else None,
            span_mean=float(np.divide(led[unit], spans[unit])) if show and unit in spans.index else None,
        )
        for unit in units_first(units.names)
        for show in [company if unit == COMPANY else unit in shown]
        if unit in count.index
    )
