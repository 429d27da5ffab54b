"""The restricted tier: succession by name, leaders' scores, attendance by team. For analysts; never served."""

from __future__ import annotations

import json
from dataclasses import dataclass, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from workbook.inputs.text_columns import with_python_text
from workbook.measure.people import active, spells
from workbook.measure.pilot_effect import changes
from workbook.measure.ratings import direct_reports, leader_scores
from workbook.measure.release import Release
from workbook.measure.roles import role_frame, succession_list, successor_pairs
from workbook.measure.tables import text
from workbook.measure.units import find_units
from workbook.model.growth import RELIABLE_Z

if TYPE_CHECKING:
    from workbook.inputs import Client

DECIDE_FROM = 6
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True)
class Successor:
    """One naming for a critical role; `counts` is false for leavers and incumbents; `person` None: nobody named."""

    unit: str
    role: str
    incumbent: str | None
    vacant: bool
    person: str | None
    readiness: str | None
    counts: bool
    matched: bool


@dataclass(frozen=True)
class LeaderScore:
    """A leader's mean on one competency at one wave, from at least the floor's raters."""

    leader: str
    arm: str | None
    competency: str
    wave_days: int
    raters: int
    mean: float


@dataclass(frozen=True)
class LeaderChange:
    """A leader's change on one competency from the first to the last wave, both from at least the floor's raters.

    `reliable_z` is the change in errors of measurement; `reading` says up or down beyond 1.96 of them, else within
    error. Only with six raters or more at both waves may a decision about the leader rest on it (`may_decide`).
    """

    leader: str
    arm: str | None
    competency: str
    first_wave_days: int
    last_wave_days: int
    fewest_raters: int
    change: float
    reliable_z: float
    reading: str
    may_decide: bool


@dataclass(frozen=True)
class TeamAttendance:
    """Participants of a manager's team: how many started and completed a programme."""

    manager: str
    programme: str
    started: int
    completed: int


@dataclass(frozen=True)
class Restricted:
    """Rows with people in them, and how many leaders and teams could not be shown."""

    succession: tuple[Successor, ...]
    leader_scores: tuple[LeaderScore, ...]
    leader_changes: tuple[LeaderChange, ...]
    leaders_not_shown: int
    attendance: tuple[TeamAttendance, ...]
    teams_not_shown: int

    def dump(self, folder: str | Path) -> tuple[Path, ...]:
        """Write a CSV of each list and restricted.json; returns their paths."""
        place = Path(folder)
        place.mkdir(parents=True, exist_ok=True)
        kinds: dict[str, Any] = {
            "succession": Successor,
            "leader_scores": LeaderScore,
            "leader_changes": LeaderChange,
            "attendance": TeamAttendance,
        }
        tables = {name: getattr(self, name) for name in kinds}
        paths = []
        for name, rows in tables.items():
            frame = pd.DataFrame([vars(row) for row in rows], columns=[field.name for field in fields(kinds[name])])
            paths.append(place / f"{name}.csv")
            frame.map(no_formula).to_csv(paths[-1], index=False, lineterminator="\n")
        counts = {"leaders_not_shown": self.leaders_not_shown, "teams_not_shown": self.teams_not_shown}
        full = {**{name: [vars(row) for row in rows] for name, rows in tables.items()}, **counts}
        paths.append(place / "restricted.json")
        paths[-1].write_text(json.dumps(full, indent=1, ensure_ascii=False) + "\n", encoding="utf-8", newline="\n")
        return tuple(paths)


def no_formula(value: object) -> object:
    """Text that a spreadsheet would run as a formula, with an apostrophe before it."""
    return f"'{value}" if isinstance(value, str) and value.startswith(FORMULA_STARTS) else value


@with_python_text
def restricted(client: Client) -> Restricted:
    """What analysts may see beside the Evidence, with the floors for scores applied to leaders and teams."""
    release = Release(client.settings.privacy)
    rated = rated_leaders(client, release)
    scores, few_leaders = scores_by_leader(rated)
    teams, few_teams = attendance_by_team(client, release)
    return Restricted(
        succession=named_succession(client, release),
        leader_scores=scores,
        leader_changes=changes_by_leader(rated),
        leaders_not_shown=few_leaders,
        attendance=teams,
        teams_not_shown=few_teams,
    )


def named_succession(client: Client, release: Release) -> tuple[Successor, ...]:
    """Critical roles with everybody named for them, matched at the client's own standard."""
    tables, settings = client.tables, client.settings
    if "roles" not in tables:
        return ()
    units = find_units(client, release)
    people = None
    if "employees" in tables:
        people = spells(tables["employees"], units=units, settings=settings, release=release)
    posts = role_frame(tables["roles"], units=units, people=people, settings=settings)
    pairs = successor_pairs(tables.get("successors"), posts, people=people, settings=settings)
    listed = succession_list(posts, pairs, standard=settings.switches.successor)
    return tuple(
        Successor(
            unit=str(row.unit),
            role=str(row.role),
            incumbent=text(row.incumbent),
            vacant=bool(row.vacant),
            person=text(row.person),
            readiness=text(row.readiness),
            counts=text(row.person) is not None and bool(row.counts),
            matched=bool(row.matched),
        )
        for row in listed.itertuples(index=False)
    )


@dataclass(frozen=True)
class Rated:
    """Direct reports' scores by leader, rater, wave and competency, and leaders with enough raters."""

    scores: pd.DataFrame
    leaders: pd.DataFrame


def rated_leaders(client: Client, release: Release) -> Rated | None:
    """The ratings of leaders; None where none were given."""
    if "ratings" not in client.tables:
        return None
    scores = direct_reports(client.tables["ratings"], client.tables.get("participants"))
    return Rated(scores, leader_scores(scores, floor=release.scores_from))


def scores_by_leader(rated: Rated | None) -> tuple[tuple[LeaderScore, ...], int]:
    """Leader x competency x wave, and how many leaders were rated by too few at every wave."""
    if rated is None:
        return (), 0
    shown = rated.leaders.sort_values(["leader", "competency", "wave"])
    rows = tuple(
        LeaderScore(
            leader=str(row.leader),
            arm=text(row.arm),
            competency=str(row.competency),
            wave_days=int(row.wave),  # type: ignore[arg-type]
            raters=int(row.raters),  # type: ignore[arg-type]
            mean=float(row.mean),  # type: ignore[arg-type]
        )
        for row in shown.itertuples(index=False)
    )
    return rows, rated.scores["leader"].nunique() - shown["leader"].nunique()


def changes_by_leader(rated: Rated | None) -> tuple[LeaderChange, ...]:
    """Leader x competency: change from the first to the last wave beside what raters' noise alone would make."""
    if rated is None:
        return ()
    found = changes(rated.leaders).sort_values(["leader", "competency"])
    return tuple(
        LeaderChange(
            leader=str(row.leader),
            arm=text(row.arm),
            competency=str(row.competency),
            first_wave_days=int(row.first),  # type: ignore[arg-type]
            last_wave_days=int(row.last),  # type: ignore[arg-type]
            fewest_raters=int(row.raters),  # type: ignore[arg-type]
            change=float(row.change),  # type: ignore[arg-type]
            reliable_z=float(row.reliable_z),  # type: ignore[arg-type]
            reading=reading_of(float(row.change), float(row.reliable_z)),  # type: ignore[arg-type]
            may_decide=int(row.raters) >= DECIDE_FROM,  # type: ignore[arg-type]
        )
        for row in found.itertuples(index=False)
    )


def reading_of(change: float, reliable_z: float) -> str:
    """Up, down, or within the error of measurement."""
    if reliable_z <= RELIABLE_Z:
        return "within error"
    return "up" if change > 0 else "down"


def attendance_by_team(client: Client, release: Release) -> tuple[tuple[TeamAttendance, ...], int]:
    """Participants by their manager, where the team has enough of them."""
    tables = client.tables
    if "participants" not in tables or "employees" not in tables:
        return (), 0
    people = tables["employees"].rename(columns={"hire_date": "hired", "exit_date": "left"})
    now = people[active(people, pd.Timestamp(client.settings.as_of))].drop_duplicates("employee_id")
    manager = dict(zip(now["employee_id"].astype("object"), now["manager_id"].astype("object").map(text), strict=True))
    joined = tables["participants"]
    frame = pd.DataFrame(
        {
            "person": joined["employee_id"].astype("object"),
            "manager": joined["employee_id"].astype("object").map(manager),
            "programme": joined["programme"].astype("object"),
            "done": joined["completed_date"].notna(),
        }
    ).dropna(subset=["manager"])
    teams = frame.groupby(["manager", "programme"]).agg(started=("person", "nunique"), completed=("done", "sum"))
    shown = teams[teams["started"] >= release.scores_from]
    rows = tuple(
        TeamAttendance(manager=str(who), programme=str(programme), started=int(started), completed=int(completed))
        for (who, programme), started, completed in zip(shown.index, shown["started"], shown["completed"], strict=True)
    )
    return rows, len(teams) - len(shown)
