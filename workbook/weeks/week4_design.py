"""Which comparison the pilot allows, strongest first: lottery, stepped wedge, matched units, trend line, pre/post."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from workbook.evidence import COMPANY, Evidence
from workbook.weeks.week4_units import Hosts, everywhere, hosts_for

Design = Literal[
    "lottery with a wait-list", "stepped wedge", "matched difference-in-differences", "trend line", "pre/post"
]
WAITING_SHARE = 0.5
WEDGE_UNITS = 4
MATCHED_UNITS = 4
HALVES_FROM = 12
TREND_POINTS = 6


@dataclass(frozen=True)
class Chosen:
    """The design, why, the units it uses and people in each arm (comparison 0: no arm to compare with)."""

    design: Design
    reason: str
    hosts: Hosts
    pilot_n: int
    comparison_n: int


def trend_points(evidence: Evidence) -> int:
    """The longest company-wide series a trend line could be drawn through, in points."""
    months = {row.month for row in evidence.delivery if row.unit == COMPANY}
    waves = {cell.wave for cell in evidence.survey if cell.unit == COMPANY}
    return max(len(months), len(waves), len({row.month for row in evidence.exit_months}))


def design(evidence: Evidence, hosts: Hosts, who: str, *, seats: int, comparison_seats: int) -> Chosen:
    """The strongest design the numbers allow.

    A lottery needs at least half a cohort to be left waiting; a stepped wedge four units that all fit into the
    cohort; matching four units. With fewer units a smaller lottery, half starting and half waiting, shows more than
    two or three units can. A trend line needs six points. House rules.
    """
    pilot, comparison, total = hosts.pilot_people, hosts.comparison_people, hosts.all_people
    if pilot is None or total is None:
        return without_comparison(evidence, hosts, seats, f"how many {who} each unit has is not known")
    units = len(hosts.candidates)
    wide = hosts_for(evidence, hosts, seats + comparison_seats)
    pool = wide.pilot_people or 0
    waiting = min(comparison_seats, pool - seats)
    if waiting >= WAITING_SHARE * seats:
        return Chosen("lottery with a wait-list", lottery_reason(pool, seats, waiting, who), wide, seats, waiting)
    if total <= seats and units >= WEDGE_UNITS:
        reason = (
            f"All {total} {who} fit into the cohort, so nobody can be left out. Units start one after the other in an "
            f"order drawn by lot; those that have not started yet are the comparison."
        )
        return Chosen("stepped wedge", reason, everywhere(hosts), total, 0)
    if len(hosts.pilot) + len(hosts.comparison) < MATCHED_UNITS and total >= HALVES_FROM:
        first, second = total - total // 2, total // 2
        reason = (
            f"{seats} places for {total} {who} in {units} unit{'s' if units != 1 else ''} leave too few to compare "
            f"with. The first wave is therefore cut to {first}, drawn by lot, while {second} wait."
        )
        return Chosen("lottery with a wait-list", reason, everywhere(hosts), first, second)
    if comparison:
        reason = (
            f"{seats} of {total} {who} can start: too few would be left waiting for a lottery. "
            f"Each pilot unit is compared with the unit most like it before the start; the claim rests on both "
            f"moving alike without the programme."
        )
        first, second = min(seats, pilot), min(comparison_seats, comparison)
        return Chosen("matched difference-in-differences", reason, hosts, first, second)
    return without_comparison(evidence, hosts, min(seats, pilot), "there is no second unit to compare with")


def lottery_reason(pool: int, seats: int, waiting: int, who: str) -> str:
    """Why a lottery can be offered."""
    return (
        f"The chosen units hold {pool} {who} for {seats} places: more than can start at once. Drawing the places by "
        f"lot, unit by unit, among those equally eligible is fair, and {waiting} of those who wait are the comparison. "
        f"It is the design here that shows cause."
    )


def without_comparison(evidence: Evidence, hosts: Hosts, seats: int, because: str) -> Chosen:
    """Trend line when there are six points before the start, else before against after."""
    points = trend_points(evidence)
    if points >= TREND_POINTS:
        reason = f"A comparison group cannot be formed: {because}. {points} points before the start allow a trend line."
        return Chosen("trend line", reason, hosts, seats, 0)
    reason = (
        f"A comparison group cannot be formed: {because}, and {points} points before the start are too few for a trend "
        f"line. Before against after shows change, not its cause."
    )
    return Chosen("pre/post", reason, hosts, seats, 0)
