"""Who works where: spells of employment, headcount, pay, audiences, managers."""

from __future__ import annotations

import numpy as np
import pandas as pd

from workbook.evidence import COMPANY, AudienceSize, Headcount, Managers, Pay
from workbook.measure.high_performers import high_performers
from workbook.measure.release import Release
from workbook.measure.tables import day, month_starts, numbers, units_first, with_company, yes
from workbook.measure.units import Units
from workbook.settings import Settings

LEADER_LEVELS = ("executive", "manager")
LEVELS = ("executive", "manager", "individual")
PAY_FROM = 10
HEADCOUNT_MONTHS = 25


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
    unit_of, unit_names = pd.factorize(frame["unit"])
    level_of = pd.Categorical(frame["level"], categories=LEVELS).codes.astype(int) % (len(LEVELS) + 1)
    counts: dict[tuple[str, str, pd.Timestamp], int] = {}
    for month in months:
        there = active(frame, month).to_numpy()
        size = (len(unit_names), len(LEVELS) + 1)
        place = (unit_of * size[1] + level_of)[there]
        table = np.bincount(place, minlength=size[0] * size[1]).reshape(size)
        for name, row in [*zip(unit_names, table, strict=True), (COMPANY, table.sum(axis=0))]:
            everyone = (("all", row.sum()), *zip(LEVELS, row, strict=False))
            counts |= {(name, level, month): int(n) for level, n in everyone if n}
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
