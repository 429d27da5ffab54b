"""Where the pilot runs: units by need, readiness and measurability, and their comparison units."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from workbook.evidence import COMPANY, MISSING_UNIT, SMALL_UNITS, Evidence
from workbook.model.matching_units import assignment, baseline_distance, standardised
from workbook.results import Readiness, UnitRank, Week1

Side = Literal["leadership", "technical"]
Audience = Literal["executive", "manager", "emerging", "individual"]
NOT_PLACES = {COMPANY, MISSING_UNIT, SMALL_UNITS}
RATERS_TO_DECIDE = 6
DELIVERY_MONTHS_NEEDED = 6
MIDDLE = 0.5


@dataclass(frozen=True)
class Trained:
    """Who the pilot trains: the programme's audience and how many of them each unit holds (units not known: absent)."""

    side: Side
    audience: Audience
    by_unit: Mapping[str, int]

    @property
    def who(self) -> str:
        """What these people are called."""
        return {"manager": "leaders", "executive": "executives", "emerging": "emerging leaders"}.get(
            self.audience, "people"
        )

    @property
    def lead_teams(self) -> bool:
        """Whether each of them leads a team, whose turnover and answers then count."""
        return self.audience in {"manager", "executive"}


@dataclass(frozen=True)
class Candidate:
    """A unit that could host the pilot. Shares are 0 to 1; `people` are those the pilot's track would train."""

    unit: str
    headcount: int | None
    leaders: int | None
    people: int | None
    need: float
    readiness: float
    measurability: float

    @property
    def score(self) -> float:
        """Need x readiness x measurability, 0 to 1 (house rule)."""
        return self.need * self.readiness * self.measurability


@dataclass(frozen=True)
class Hosts:
    """The units chosen, and how many people of the track each side holds (None: not known)."""

    candidates: tuple[Candidate, ...]
    pilot: tuple[Candidate, ...]
    comparison: tuple[Candidate, ...]

    @property
    def pilot_people(self) -> int | None:
        """People of the track in the pilot units."""
        return people_of(self.pilot)

    @property
    def comparison_people(self) -> int | None:
        """People of the track in the comparison units."""
        return people_of(self.comparison)

    @property
    def all_people(self) -> int | None:
        """People of the track in every unit that could host."""
        return people_of(self.candidates)


def people_of(candidates: Sequence[Candidate]) -> int | None:
    """People of the track in these units; None when no unit's number is known."""
    known = [candidate.people for candidate in candidates if candidate.people is not None]
    return sum(known) if known else None


def latest_headcount(evidence: Evidence, unit: str, level: str) -> int | None:
    """Headcount of a unit and level in the last month given."""
    rows = [row for row in evidence.headcount if row.unit == unit and row.level == level]
    return max(rows, key=lambda row: row.month).headcount if rows else None


def leaders_of(evidence: Evidence, unit: str) -> int | None:
    """Managers in post in a unit."""
    return next((row.managers for row in evidence.managers if row.unit == unit), None)


def unit_readiness(evidence: Evidence, readiness: Readiness, unit: str) -> float:
    """Mean of what is known of the company's rubric (1-5 put on 0-1) and of the unit's managers a year or more in role.

    House assumption: a manager new to the role is less able to host a pilot. Nothing known: one half.
    """
    known = []
    if readiness.score is not None:
        known.append(min(max((readiness.score - 1) / 4, 0.0), 1.0))
    row = next((row for row in evidence.managers if row.unit == unit), None)
    if row is not None and row.managers > 0 and row.managers_under_12_months is not None:
        known.append(1 - row.managers_under_12_months / row.managers)
    return sum(known) / len(known) if known else MIDDLE


def measurable(evidence: Evidence, unit: str) -> dict[str, bool]:
    """Which success metrics could be read in this unit as its data stand."""
    floor = evidence.settings.privacy.scores_from
    surveys = [cell for cell in evidence.survey if cell.unit == unit and not cell.suppressed]
    last = max((cell.wave for cell in surveys), default=None)
    months = {row.month for row in evidence.delivery if row.unit == unit and row.on_time_share is not None}
    managers = next((row for row in evidence.managers if row.unit == unit), None)
    span = None if managers is None else managers.span_mean
    return {
        "engagement": any(cell.wave == last and (cell.n or 0) >= floor for cell in surveys),
        "on_time": len(months) >= DELIVERY_MONTHS_NEEDED,
        "turnover": any(row.unit == unit and row.person_years > 0 for row in evidence.exposure),
        "ratings": span is not None and span >= RATERS_TO_DECIDE,
    }


def candidates(evidence: Evidence, week1: Week1, trained: Trained) -> tuple[Candidate, ...]:
    """Units by score, best first; ties by name. Merged and unnamed units are not places and are left out."""
    made = [
        candidate(evidence, week1.readiness, rank, trained) for rank in week1.units.units if rank.unit not in NOT_PLACES
    ]
    return tuple(sorted(made, key=lambda one: (-one.score, -one.need, one.unit)))


def candidate(evidence: Evidence, readiness: Readiness, rank: UnitRank, trained: Trained) -> Candidate:
    """One unit's claim."""
    everyone = rank.headcount if rank.headcount is not None else latest_headcount(evidence, rank.unit, "all")
    can = measurable(evidence, rank.unit)
    return Candidate(
        unit=rank.unit,
        headcount=everyone,
        leaders=leaders_of(evidence, rank.unit),
        people=trained.by_unit.get(rank.unit),
        need=rank.score,
        readiness=unit_readiness(evidence, readiness, rank.unit),
        measurability=sum(can.values()) / len(can),
    )


def choose(evidence: Evidence, ranked: tuple[Candidate, ...], *, seats: int, comparison_seats: int) -> Hosts:
    """Pilot units down the ranking until they hold `seats` people, at most half of all; comparison units by assignment.

    Comparison units are added a round at a time (one for each pilot unit, the closest on baseline, none used twice)
    until they hold `comparison_seats` people.
    """
    usable = tuple(one for one in ranked if one.people is None or one.people > 0)
    pilot = first_until(usable[: max(1, len(usable) // 2)], seats)
    rest = tuple(one for one in usable if one not in pilot)
    comparison: tuple[Candidate, ...] = ()
    while rest and pilot and (not comparison or (people_of(comparison) or 0) < comparison_seats):
        round_ = closest(evidence, pilot, rest)
        comparison += first_until(round_, comparison_seats - (people_of(comparison) or 0))
        rest = tuple(one for one in rest if one not in round_)
    return Hosts(candidates=usable, pilot=pilot, comparison=comparison)


def first_until(ranked: tuple[Candidate, ...], seats: int) -> tuple[Candidate, ...]:
    """The shortest start of the list that holds `seats` people, or all of it; never empty unless the list is."""
    total = 0
    for place, one in enumerate(ranked, start=1):
        total += one.people or 0
        if total >= seats:
            return ranked[:place]
    return ranked


def closest(evidence: Evidence, pilot: tuple[Candidate, ...], others: tuple[Candidate, ...]) -> tuple[Candidate, ...]:
    """One other unit for each pilot unit, with the least total distance on the baseline; in the pilot units' order."""
    features = standardised(features=np.array([baseline(evidence, one) for one in (*pilot, *others)], dtype=float))
    pairs = assignment(distance=baseline_distance(pilot=features[: len(pilot)], others=features[len(pilot) :]))
    return tuple(others[column] for _, column in sorted(pairs))


def baseline(evidence: Evidence, one: Candidate) -> list[float]:
    """Need, size (log), on-time share, engagement and voluntary turnover before the pilot; NaN where not measured."""
    months = sorted(
        (row.month, row.on_time_share)
        for row in evidence.delivery
        if row.unit == one.unit and row.on_time_share is not None
    )[-DELIVERY_MONTHS_NEEDED:]
    waves = sorted(
        (cell.wave, cell.mean)
        for cell in evidence.survey
        if cell.unit == one.unit and cell.construct_name == "engagement" and cell.mean is not None
    )
    exits = sorted(
        (row for row in evidence.exposure if row.unit == one.unit and row.group == "all" and row.person_years > 0),
        key=lambda row: row.window_end,
    )
    return [
        one.need,
        math.log(one.headcount) if one.headcount else math.nan,
        float(np.mean([share for _, share in months])) if months else math.nan,
        waves[-1][1] if waves else math.nan,
        exits[-1].voluntary_exits / exits[-1].person_years if exits else math.nan,
    ]


def hosts_for(evidence: Evidence, hosts: Hosts, people: int) -> Hosts:
    """Units down the ranking until they hold `people`, with the closest of the others beside them where any are left.

    Under a lottery both arms work in these units; the others serve the metrics that exist only by unit.
    """
    pilot = first_until(hosts.candidates, people)
    rest = tuple(one for one in hosts.candidates if one not in pilot)
    return replace(hosts, pilot=pilot, comparison=closest(evidence, pilot, rest) if rest else ())


def everywhere(hosts: Hosts) -> Hosts:
    """All units as pilot units: a stepped wedge leaves none untrained."""
    return replace(hosts, pilot=hosts.candidates, comparison=())
