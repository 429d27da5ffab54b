"""Every design beside the one chosen: whether it can be had here, and what it could see in each metric."""

from __future__ import annotations

from dataclasses import replace

from workbook.evidence import Evidence
from workbook.results import DesignOption
from workbook.weeks import week4_metrics as metrics
from workbook.weeks.week4_design import (
    HALVES_FROM,
    MATCHED_UNITS,
    TREND_POINTS,
    WAITING_SHARE,
    WEDGE_UNITS,
    Chosen,
    Design,
    trend_points,
)
from workbook.weeks.week4_units import Hosts, Trained, everywhere, hosts_for

DESIGNS: tuple[Design, ...] = (
    "lottery with a wait-list",
    "stepped wedge",
    "matched difference-in-differences",
    "trend line",
    "pre/post",
)


def options(
    evidence: Evidence,
    chosen: Chosen,
    hosts: Hosts,
    trained: Trained,
    *,
    seats: int,
    comparison_seats: int,
    target_d: float | None,
    break_even_d: float | None,
) -> tuple[DesignOption, ...]:
    """The five designs, strongest first. `hosts` are the pilot units and their matches before any design."""
    made = []
    for name in DESIGNS:
        laid = chosen if name == chosen.design else _laid(evidence, name, hosts, trained, seats, comparison_seats)
        if isinstance(laid, str):
            made.append(DesignOption(design=name, chosen=False, possible=False, reason=laid))
            continue
        setting = metrics.frame(evidence, laid, trained, target_d=target_d, break_even_d=break_even_d)
        made.append(
            DesignOption(
                design=name,
                chosen=name == chosen.design,
                possible=True,
                reason=laid.reason,
                arms=(laid.pilot_n, laid.comparison_n),
                mde=metrics.effects(setting),
            )
        )
    return tuple(made)


def _laid(evidence: Evidence, name: Design, hosts: Hosts, trained: Trained, seats: int, waiting: int) -> Chosen | str:
    """A design as it would be laid out, or why it cannot be."""
    total, units = hosts.all_people, len(hosts.candidates)
    alone = replace(hosts, comparison=())
    trained_here = seats if hosts.pilot_people is None else min(seats, hosts.pilot_people)
    if name == "pre/post":
        return Chosen(name, "Needs nothing but the pilot; shows change, not its cause.", alone, trained_here, 0)
    if name == "trend line":
        points = trend_points(evidence)
        if points < TREND_POINTS:
            return f"{points} points before the start are too few; {TREND_POINTS} are needed"
        return Chosen(name, f"{points} points before the start; shows a bend, not its cause.", alone, trained_here, 0)
    if total is None:
        return f"how many {trained.who} each unit has is not known"
    if name == "lottery with a wait-list":
        return _lottery(evidence, hosts, trained, seats, waiting, total)
    if name == "stepped wedge":
        largest = max((one.people or 0 for one in hosts.candidates), default=0)
        if units < WEDGE_UNITS:
            return f"{units} units are too few; {WEDGE_UNITS} are needed"
        if largest > seats:
            return f"the largest unit has {largest} {trained.who}, more than the {seats} places of one step"
        return Chosen(name, f"All {total} {trained.who} start, unit by unit.", everywhere(hosts), total, 0)
    found = len(hosts.pilot) + len(hosts.comparison)
    if found < MATCHED_UNITS or not hosts.comparison:
        return f"{found} units can be paired; {MATCHED_UNITS} are needed"
    pilot, compared = min(seats, hosts.pilot_people or 0), min(waiting, hosts.comparison_people or 0)
    return Chosen(name, "Whole units, each with the one most like it before the start.", hosts, pilot, compared)


def _lottery(evidence: Evidence, hosts: Hosts, trained: Trained, seats: int, waiting: int, total: int) -> Chosen | str:
    wide = hosts_for(evidence, hosts, seats + waiting)
    left = min(waiting, (wide.pilot_people or 0) - seats)
    if left >= WAITING_SHARE * seats:
        return Chosen("lottery with a wait-list", "Places drawn by lot; the others wait.", wide, seats, left)
    if total < HALVES_FROM:
        return f"{total} {trained.who} are too few to draw from; {HALVES_FROM} are needed"
    first = min(seats, total - total // 2)
    reason = f"Only {first} of {total} {trained.who} would start; the others wait."
    return Chosen("lottery with a wait-list", reason, everywhere(hosts), first, total - first)
