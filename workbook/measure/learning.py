"""Training, readiness, involvement, interviews, sessions, participants and the metric dictionary."""

from __future__ import annotations

from typing import Any

import pandas as pd

from workbook.evidence import (
    COMPANY,
    InterviewTheme,
    Involvement,
    MetricAgreed,
    ParticipantCount,
    ReadinessArea,
    SessionCount,
    Spend,
)
from workbook.measure.people import window_end, window_start
from workbook.measure.release import Release, number
from workbook.measure.tables import day, numbers, text, units_first, whole, with_company, yes
from workbook.measure.units import Units
from workbook.settings import Settings

AUDIENCES = ("executive", "manager", "emerging", "individual", "all")
AREAS = ("sponsor", "management", "hr_systems", "processes", "culture", "individuals")
NONE = ""


def spend(training: pd.DataFrame, *, settings: Settings, release: Release) -> tuple[Spend, ...]:
    """Training of the window by audience, track, competency and journey stage; rows without a month count as of it."""
    month = training["month"]
    first = window_start(settings).replace(day=1)
    inside = month.isna() | (month.ge(first) & month.lt(window_end(settings)))
    rows = training[inside]
    if not inside.all():
        release.note("training outside the window is left out of today's spend")
    stated = {priority.strip().casefold() for priority in settings.priorities}
    priority = rows["priority"].astype("object").map(text)
    serves = priority.notna() & (priority.fillna("").str.strip().str.casefold().isin(stated) if stated else True)
    agreed = serves & rows["metric"].notna() & rows["metric_agreed_by"].notna()
    cost = numbers(rows["cost"]).fillna(0.0)
    frame = pd.DataFrame(
        {
            "audience": rows["audience"].astype("object"),
            "track": rows["track"].astype("object"),
            "competency": rows["competency"].astype("object").map(release.label).fillna(NONE),
            "stage": rows["journey_stage"].astype("object").map(text).fillna(NONE),
            "programme": rows["programme"].astype("object"),
            "delivery": rows["delivery"].astype("object").map(text),
            "participants": numbers(rows["participants"]).fillna(0.0),
            "money": cost,
            "hours": numbers(rows["hours"]).fillna(0.0),
            "budget": numbers(rows["budget"]),
            "priority": cost.where(serves, 0.0),
            "metric": cost.where(agreed, 0.0),
        }
    )
    made = [
        Spend(
            audience=audience,
            track=track,
            competency=competency or None,
            journey_stage=stage or None,
            programmes=int(group["programme"].nunique()),
            participants=int(group["participants"].sum()),
            money=float(group["money"].sum()),
            hours=float(group["hours"].sum()),
            budget_money=number(group["budget"].sum(min_count=1)),
            priority_money=float(group["priority"].sum()),
            priority_with_metric_money=float(group["metric"].sum()),
            delivery=only(group["delivery"]),
        )
        for (audience, track, competency, stage), group in frame.groupby(["audience", "track", "competency", "stage"])
    ]
    return tuple(sorted(made, key=lambda row: AUDIENCES.index(row.audience)))


def only(values: pd.Series) -> str | None:
    """The value that all rows share, if they do."""
    distinct = set(values)
    return distinct.pop() if len(distinct) == 1 else None


def readiness(answers: pd.DataFrame, *, release: Release) -> tuple[ReadinessArea, ...]:
    """Mean answer by area over respondents; a rubric filled in without respondents is not about people's opinions."""
    frame = pd.DataFrame(
        {
            "area": answers["area"].astype("object"),
            "who": answers["respondent"].astype("object").map(text),
            "score": numbers(answers["score"]),
        }
    ).dropna(subset=["area", "score"])
    rows: list[ReadinessArea] = []
    for area in AREAS:
        here = frame[frame["area"] == area]
        if here.empty:
            continue
        named = here["who"].notna()
        if named.any():
            scores = here[named].groupby("who")["score"].mean()
            mean = release.mean(scores.mean(), people=len(scores), what="readiness area")
            if mean is None:
                continue
            sd = release.spread(scores.std(), people=len(scores))
            rows.append(ReadinessArea(area=area, mean=mean, n=len(scores), sd=sd))
        else:
            release.note("readiness answers without a respondent are read as one rubric, not as people's opinions")
            rows.append(ReadinessArea(area=area, mean=float(here["score"].mean()), n=len(here)))
    return tuple(rows)


def involvement(log: pd.DataFrame, *, settings: Settings) -> tuple[Involvement, ...]:
    """Events of the window by kind, and how many managers took part."""
    inside = log["date"].ge(window_start(settings)) & log["date"].lt(window_end(settings))
    grouped = log[inside].assign(kind=log["kind"].astype("object")).groupby("kind")["manager_id"]
    return tuple(Involvement(kind=str(kind), events=len(who), managers=int(who.nunique())) for kind, who in grouped)


def interviews(
    coded: pd.DataFrame, *, units: Units, settings: Settings, release: Release
) -> tuple[InterviewTheme, ...]:
    """Coded statements by theme and direction, where a unit has enough of them; the floor for comments applies."""
    inside = coded["date"].lt(window_end(settings))
    frame = pd.DataFrame(
        {
            "unit": units.of(coded["unit"]),
            "theme": coded["theme"].astype("object").map(release.label),
            "direction": coded["direction"].astype("object"),
        }
    )[inside].dropna()
    if frame.empty:
        return ()
    what, floor = "unit of interview statements", release.distributions_from
    sizes = {str(unit): int(n) for unit, n in frame.groupby("unit").size().items()}
    if release.count(len(frame), what="interview table", floor=floor) is None:
        return ()
    shown = release.partition(sizes, what=what, floor=floor) | {COMPANY}
    counts: dict[Any, int] = with_company(frame).groupby(["unit", "theme", "direction"]).size().to_dict()
    return tuple(
        InterviewTheme(unit=unit, theme=theme, direction=direction, interviews=int(n))
        for at in units_first(units.names)
        if at in shown
        for (unit, theme, direction), n in counts.items()
        if unit == at
    )


def sessions(held: pd.DataFrame, *, settings: Settings, release: Release) -> tuple[SessionCount, ...]:
    """Sessions by programme, status and reason, with the dates still to come."""
    frame = pd.DataFrame(
        {
            "programme": held["programme"].astype("object").map(release.label),
            "status": held["status"].astype("object"),
            "reason": held["reason"].astype("object").map(release.label).fillna(NONE),
            "seats": numbers(held["seats"]),
            "attended": numbers(held["attended"]),
            "hours": numbers(held["hours"]),
            "date": held["new_date"].where(held["new_date"].notna(), held["planned_date"]),
        }
    )
    frame["person_hours"] = frame["seats"] * frame["hours"]
    frame["late"] = frame["person_hours"] * late_days(held, settings)
    ahead = frame["date"].gt(pd.Timestamp(settings.as_of)) & frame["status"].isin(["planned", "postponed"])
    return tuple(
        SessionCount(
            programme=programme,
            status=status,
            reason=reason or None,
            sessions=len(group),
            seats=whole(group["seats"].sum(min_count=1)),
            attended=whole(group["attended"].sum(min_count=1)),
            hours=number(group["hours"].sum(min_count=1)),
            upcoming=tuple(sorted(day(date) for date in group.loc[ahead.loc[group.index], "date"])),
            person_hours=number(group["person_hours"].sum(min_count=1)),
            late_person_hour_days=number(group["late"].sum(min_count=1)),
        )
        for (programme, status, reason), group in frame.groupby(["programme", "status", "reason"])
    )


def late_days(held: pd.DataFrame, settings: Settings) -> pd.Series:
    """Days from the planned date to the new one; without one, and for cancelled sessions, to the as-of date. Else 0."""
    until = held["new_date"].where(held["new_date"].notna() & (held["status"] == "postponed"))
    until = until.where(until.notna(), pd.Timestamp(settings.as_of))
    days = (until - held["planned_date"]).dt.days.clip(lower=0)
    return days.where(held["status"].isin(["postponed", "cancelled"]), 0).astype("float64")


def participants(table: pd.DataFrame, *, release: Release) -> tuple[ParticipantCount, ...]:
    """Who started and completed, by programme, arm and cohort; small cohorts of an arm are shown together."""
    frame = pd.DataFrame(
        {
            "person": table["employee_id"].astype("object"),
            "programme": table["programme"].astype("object").map(release.label),
            "arm": table["arm"].astype("object").map(text).fillna("all"),
            "cohort": table["cohort"].astype("object").map(release.label).fillna(NONE),
            "done": table["completed_date"].notna(),
            "start": table["start_date"],
        }
    )
    rows: list[ParticipantCount] = []
    for (programme, arm), group in frame.groupby(["programme", "arm"]):
        sizes = {str(cohort): int(n) for cohort, n in group.groupby("cohort")["person"].nunique().items()}
        if release.count(int(group["person"].nunique()), what="group of participants") is None:
            continue
        shown = release.partition(sizes, what="cohort of participants")
        together = group.assign(cohort=group["cohort"].where(group["cohort"].isin(shown), NONE))
        rows += [
            ParticipantCount(
                programme=programme,
                arm=arm,
                cohort=cohort or None,
                started=int(part["person"].nunique()),
                completed=int(part.loc[part["done"], "person"].nunique()),
                first_start=None if part["start"].isna().all() else day(part["start"].min()),
            )
            for cohort, part in together.groupby("cohort")
        ]
    return tuple(rows)


def metrics(dictionary: pd.DataFrame) -> tuple[MetricAgreed, ...]:
    """The metric dictionary as agreed, in the order of its names."""
    late = yes(dictionary["added_after_start"])
    rows = [
        MetricAgreed(
            metric=str(row.metric),
            definition=str(row.definition),
            formula=str(row.formula),
            purpose=str(row.purpose),
            owner=str(row.owner),
            baseline=number(text(row.baseline)),
            target=number(text(row.target)),
            agreed_by=text(row.agreed_by),
            agreed_on=None if agreed is pd.NaT else day(agreed),
            added_after_start=bool(added),
            changed_on=None if changed is pd.NaT else day(changed),
        )
        for row, added, agreed, changed in zip(
            dictionary.itertuples(index=False), late, dictionary["agreed_on"], dictionary["changed_on"], strict=True
        )
    ]
    return tuple(sorted(rows, key=lambda row: row.metric))
