"""A second look at finished Evidence, by other means than those that made it: floors, complements and sums."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator
from typing import Any, TypeVar

from workbook.evidence import COMPANY, Evidence
from workbook.model.privacy import is_small

Row = TypeVar("Row")
PAY_FROM = 10
PLACED = ("headcount", "exposure", "roles", "managers", "survey", "delivery", "initiatives", "interviews",
          "sessions_open")  # fmt: skip


def audit(evidence: Evidence) -> tuple[str, ...]:
    """Every rule the Evidence breaks, as sentences without people's numbers; empty when it may be published."""
    checks: tuple[Callable[[Evidence], Iterator[str]], ...] = (
        known_units,
        survey_floors,
        survey_complements,
        rating_floors,
        rating_complements,
        pilot_floors,
        other_floors,
        sums,
        exposure_within_company,
    )
    return tuple(fault for check in checks for fault in check(evidence))


def grouped(rows: Iterable[Row], key: Callable[[Row], Hashable]) -> dict[Any, list[Row]]:
    """Rows by key, in order."""
    found: dict[Any, list[Row]] = defaultdict(list)
    for row in rows:
        found[key(row)].append(row)
    return found


def known_units(evidence: Evidence) -> Iterator[str]:
    """Rows name released units only."""
    known = {*evidence.units, COMPANY}
    for field in (
        "headcount",
        "exposure",
        "roles",
        "managers",
        "survey",
        "delivery",
        "initiatives",
        "interviews",
        "sessions_open",
    ):
        if any(row.unit not in known for row in getattr(evidence, field)):
            yield f"{field}: a row names a unit that was not released"


def survey_floors(evidence: Evidence) -> Iterator[str]:
    """Means from the floor for scores on, spread and counts from the floor for distributions on; else nothing."""
    privacy = evidence.settings.privacy
    for cell in evidence.survey:
        place = f"survey, {cell.unit}, {cell.wave}, {cell.construct_name}"
        spread = (cell.sd, cell.favourable, cell.promoters, cell.detractors)
        shown = [value for value in (cell.n, cell.mean, *spread, cell.invited) if value is not None]
        if cell.suppressed and shown:
            yield f"{place}: a withheld cell holds a number"
        if not cell.suppressed and (cell.n is None or cell.n < privacy.scores_from):
            yield f"{place}: shown below the floor for scores"
        if any(value is not None for value in spread) and (cell.n or 0) < privacy.distributions_from:
            yield f"{place}: spread or counts shown below the floor for distributions"
        if any(count is not None and count == cell.n for count in (cell.favourable, cell.promoters, cell.detractors)):
            yield f"{place}: the counts say what everyone answered"


def survey_complements(evidence: Evidence) -> Iterator[str]:
    """What the company's total less the shown units leaves is nobody or enough people, for means and for counts."""
    privacy = evidence.settings.privacy
    kinds = (("means", "mean", privacy.scores_from), ("counts", "favourable", privacy.distributions_from),
             ("spreads", "sd", privacy.distributions_from))  # fmt: skip
    for (wave, construct), cells in grouped(evidence.survey, lambda c: (c.wave, c.construct_name)).items():
        total = next((cell for cell in cells if cell.unit == COMPANY), None)
        if total is None or total.n is None:
            continue
        for name, field, floor in kinds:
            shown = sum(c.n or 0 for c in cells if c.unit != COMPANY and getattr(c, field) is not None)
            if getattr(total, field) is not None and is_small(total.n - shown, floor=floor):
                yield f"survey, {wave}, {construct}: {name} of a few people can be had by subtraction"
        hidden = [cell for cell in cells if cell.suppressed and cell.unit != COMPANY]
        if len(hidden) == 1 and not total.suppressed:
            yield f"survey, {wave}, {construct}: the only withheld unit can be had by subtraction"


def rating_floors(evidence: Evidence) -> Iterator[str]:
    """Cells of enough leaders; spread from the floor for distributions on."""
    privacy = evidence.settings.privacy
    for cell in evidence.ratings:
        place = f"ratings, {cell.arm}, {cell.competency}, day {cell.wave_days}"
        spread = (cell.sd, cell.ms_between, cell.ms_within)
        shown = [value for value in (cell.leaders, cell.mean, cell.panel_mean, *spread) if value is not None]
        if cell.suppressed and shown:
            yield f"{place}: a withheld cell holds a number"
        if not cell.suppressed and min(cell.leaders or 0, cell.raters or 0) < privacy.scores_from:
            yield f"{place}: shown below the floor for scores"
        if any(value is not None for value in spread) and (cell.leaders or 0) < privacy.distributions_from:
            yield f"{place}: spread shown below the floor for distributions"
    found = evidence.rating_summary
    if found is not None and found.ancova_points is not None:
        arms = (found.pilot_leaders or 0, found.comparison_leaders or 0)
        if min(arms) < privacy.scores_from:
            yield "ratings: an effect is shown for an arm below the floor for scores"


def pilot_floors(evidence: Evidence) -> Iterator[str]:
    """Then-tests, growth, counts of reliable changes and participants' estimates rest on enough people."""
    privacy, found = evidence.settings.privacy, evidence.rating_summary
    for row in evidence.then_tests:
        place = f"then-test, {row.arm}, {row.competency}"
        if row.leaders < privacy.scores_from:
            yield f"{place}: shown below the floor for scores"
        if (row.shift_se, row.gain_se) != (None, None) and row.leaders < privacy.distributions_from:
            yield f"{place}: spread shown below the floor for distributions"
    model = None if found is None else found.growth_model
    if model is not None and model.leaders < privacy.distributions_from:
        yield "ratings: variances of growth are shown below the floor for distributions"
    if found is not None and found.reliable_leaders is not None:
        if found.reliable_leaders < privacy.distributions_from:
            yield "ratings: counts of reliable changes are shown below the floor for distributions"
        if found.reliable_leaders in (found.reliable_up, found.reliable_down):
            yield "ratings: the counts say how every leader changed"
    said = evidence.participant_estimate
    if said is not None and said.answers < privacy.scores_from:
        yield "participants' estimate: shown below the floor for scores"


def rating_complements(evidence: Evidence) -> Iterator[str]:
    """All leaders less the arms shown leaves nobody or enough leaders; likewise panels beside all raters."""
    floor = evidence.settings.privacy.scores_from
    for (competency, wave), cells in grouped(evidence.ratings, lambda c: (c.competency, c.wave_days)).items():
        leaders = {cell.arm: cell.leaders or 0 for cell in cells if not cell.suppressed}
        if "all" in leaders and is_small(2 * leaders["all"] - sum(leaders.values()), floor=floor):
            yield f"ratings, {competency}, day {wave}: a small arm can be had by subtraction"
        for cell in cells:
            if cell.panel_raters is not None and is_small((cell.raters or 0) - cell.panel_raters, floor=floor):
                yield f"ratings, {cell.arm}, {competency}, day {wave}: those who joined can be had by subtraction"


def other_floors(evidence: Evidence) -> Iterator[str]:
    """Pay, readiness, participants and interviews."""
    privacy = evidence.settings.privacy
    for pay in evidence.pay:
        if pay.source == "employees" and (pay.n or 0) < PAY_FROM:
            yield f"pay, {pay.level}: a median of fewer than {PAY_FROM} people"
    for area in evidence.readiness:
        if area.sd is not None and area.n < privacy.distributions_from:
            yield f"readiness, {area.area}: spread shown below the floor for distributions"
    for group, counts in grouped(evidence.participants, lambda c: (c.programme, c.arm)).items():
        if any(row.started < privacy.scores_from for row in counts):
            yield f"participants, {group[0]}, {group[1]}: a cohort below the floor is shown"
    by_unit = grouped(evidence.interviews, lambda row: row.unit)
    totals = {unit: sum(row.interviews for row in rows) for unit, rows in by_unit.items()}
    for unit, total in totals.items():
        if total < privacy.distributions_from:
            yield f"interviews, {unit}: fewer statements than the floor for comments"
    rest = totals.get(COMPANY, 0) - sum(total for unit, total in totals.items() if unit != COMPANY)
    if is_small(rest, floor=privacy.distributions_from):
        yield "interviews: statements of a few people can be had by subtraction"


ADDED = {
    "headcount": (("level", "month"), ("headcount",)),
    "roles": ((), ("roles", "critical", "leadership", "leadership_vacant", "named_any", "matched",
                   "matched_named", "matched_ready_1_year", "matched_ready_now")),
    "managers": ((), ("managers",)),
    "initiatives": (("cause",), ("initiatives", "value_money_per_month", "delayed_value_money", "cross_team")),
    "delivery": (("month",), ("items_due", "decisions", "contractor_money")),
}  # fmt: skip


def sums(evidence: Evidence) -> Iterator[str]:
    """Units add up to the company wherever every unit is shown."""
    for field, (keys, columns) in ADDED.items():
        rows = getattr(evidence, field)
        for key, group in grouped(rows, lambda row, keys=keys: tuple(getattr(row, name) for name in keys)).items():  # type: ignore[misc]
            total = [row for row in group if row.unit == COMPANY]
            for column in columns:
                parts = sum(getattr(row, column) or 0 for row in group if row.unit != COMPANY)
                if len(total) != 1 or not close(parts, getattr(total[0], column) or 0):
                    place = ", ".join([field, column, *map(str, key)])
                    yield f"{place}: units do not add up to the company"


def exposure_within_company(evidence: Evidence) -> Iterator[str]:
    """Exits and person-years of the units never exceed the company's, a group's never those of all."""
    for (group, start), rows in grouped(evidence.exposure, lambda row: (row.group, row.window_start)).items():
        total = [row for row in rows if row.unit == COMPANY]
        if len(total) != 1:
            yield f"exposure, {group}, {start}: units without the company"
            continue
        years = sum(row.person_years for row in rows if row.unit != COMPANY)
        exits = sum(row.voluntary_exits for row in rows if row.unit != COMPANY)
        company = total[0]
        too_long = years > company.person_years and not close(years, company.person_years)
        if too_long or exits > company.voluntary_exits:
            yield f"exposure, {group}, {start}: units exceed the company"


def close(first: float, second: float) -> bool:
    """Equal but for rounding."""
    return abs(first - second) <= 1e-5 * max(1.0, abs(first), abs(second))
