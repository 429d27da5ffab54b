"""Units ranked by need, and their short-term delivery risk beside their long-term capability risk."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

import numpy as np

from workbook.evidence import COMPANY, MISSING_UNIT, SMALL_UNITS, Evidence
from workbook.model.pooled import Pooled, pooled_turnover
from workbook.model.signals import status
from workbook.model.survey import below_probability, difference_standard_error, standard_error
from workbook.model.units import fill_unmeasured, need_scores, top_share
from workbook.results import Colour, TeamTurnover, UnitRank, UnitRanking
from workbook.scenario import Scenario
from workbook.settings import Construct
from workbook.weeks import week1_read as read

WEIGHT_DRAWS = 4096
INTERVAL_COVERAGE = 0.90
REMAINDERS = (COMPANY, MISSING_UNIT, SMALL_UNITS)
STRANDS = ("turnover", "succession", "engagement", "friction", "delivery")
COLOURS: dict[str, Colour] = {"present": "red", "near": "amber", "clear": "green"}


def ranking(evidence: Evidence, scenario: Scenario) -> UnitRanking:
    """Units by weighted need. A strand is the probability of doing worse than the company (succession: the share bare).

    Units measured on no strand are left out and named; units merged for being small are no place to act and are not
    ranked. Ties go by name.
    """
    weights = scenario.weights.model_dump()
    seen = {unit: strands(evidence, unit) for unit in evidence.units if unit not in REMAINDERS}
    units = sorted(unit for unit, found in seen.items() if any(value is not None for value in found.values()))
    left_out = sorted(set(seen) - set(units))
    used = [name for name in STRANDS if weights[name] > 0 and any(seen[unit][name] is not None for unit in units)]
    why = f"Nothing could be measured in {', '.join(left_out)}." if left_out else None
    if not used:
        weightless = "Every strand that could be measured has weight zero."
        unmeasured = "No unit could be measured; ask for employees, roles, survey or delivery by unit."
        nothing = weightless if units else unmeasured
        return UnitRanking(units=(), top_share=None, weights=weights, why=nothing)
    table = np.array([[np.nan if seen[u][s] is None else seen[u][s] for s in used] for u in units], dtype=float)
    filled, counts = fill_unmeasured(strands=table), np.array([weights[name] for name in used])
    scores = need_scores(strands=filled, weights=counts)
    several = len(units) > 1
    rows = [
        UnitRank(
            unit=unit,
            headcount=read.headcount_now(evidence, unit),
            score=float(score),
            strands=seen[unit],
            delivery_risk=delivery_risk(evidence, scenario, unit),
            capability_risk=capability_risk(evidence, scenario, unit),
        )
        for unit, score in zip(units, scores, strict=True)
    ]
    return UnitRanking(
        units=tuple(sorted(rows, key=lambda row: (-row.score, row.unit))),
        top_share=top_share(strands=filled, weights=counts, draws=WEIGHT_DRAWS, seed=scenario.seed)
        if several
        else None,
        weights=weights,
        why=why if several else "There is one unit only, so nothing can be ranked.",
    )


def strands(evidence: Evidence, unit: str) -> dict[str, float | None]:
    """Need of a unit by strand, 0 to 1; None where it could not be measured."""
    usual = _on_time(evidence, COMPANY)
    teams = pooled_teams(evidence)
    return {
        "turnover": _at(teams[0], teams[1].above_company, unit) if teams else None,
        "succession": _uncovered(evidence, unit),
        "engagement": _below_company(evidence, unit, "engagement"),
        "friction": _below_company(evidence, unit, "cross_team"),
        "delivery": _on_time_below(evidence, unit, usual[0]) if usual else None,
    }


def delivery_risk(evidence: Evidence, scenario: Scenario, unit: str) -> Colour:
    """Short term: cross-team score below its threshold, or delivery on time below the company's, whichever is likelier.

    Colours follow the rule of the signals: red when established, green when ruled out (house assumption).
    """
    usual = _on_time(evidence, COMPANY)
    late = _on_time_below(evidence, unit, usual[0]) if usual else None
    return _colour(scenario, (_friction_beyond(evidence, scenario, unit), late))


def capability_risk(evidence: Evidence, scenario: Scenario, unit: str) -> Colour:
    """Long term: critical roles uncovered beyond the threshold, or turnover beyond the trigger's rate.

    Turnover is of everyone in the unit, against the rate that counts for high performers (house assumption).
    """
    uncovered = _uncovered(evidence, unit)
    bare = None if uncovered is None else float(uncovered > scenario.thresholds.uncovered_share)
    leaving = _turnover_beyond(evidence, unit, scenario.thresholds.high_performer_turnover)
    return _colour(scenario, (bare, leaving))


def _colour(scenario: Scenario, certainties: tuple[float | None, ...]) -> Colour:
    worst = max((value for value in certainties if value is not None), default=None)
    found = status(
        p_beyond=worst,
        point_beyond=None if worst is None else worst > 0.5,
        present_probability=scenario.thresholds.present_probability,
        rule="established",
    )
    return COLOURS.get(found, "insufficient data")


def team_turnover(evidence: Evidence) -> tuple[TeamTurnover, ...]:
    """Turnover of each named unit, each borrowing from the others; surest to be above the company first.

    Units merged for being small count in the company but are not listed.
    """
    found = pooled_teams(evidence)
    if found is None:
        return ()
    rows, pooled = found
    low, high = _interval(tuple(zip(pooled.events.tolist(), pooled.person_years.tolist(), strict=True)))
    above = pooled.above_company
    listed = [
        TeamTurnover(
            unit=unit,
            rate=float(pooled.mean[k]),
            low=float(low[k]),
            high=float(high[k]),
            p_above_company=float(above[k]),
            person_years=float(pooled.person_years[k]),
        )
        for unit, k in rows.items()
        if unit not in REMAINDERS
    ]
    return tuple(sorted(listed, key=lambda row: (-row.p_above_company, row.unit)))


def pooled_teams(evidence: Evidence) -> tuple[Mapping[str, int], Pooled] | None:
    """Rows by unit and the pooled posterior of their rates; None where no unit's exits can be believed."""
    if read.leavers_missing(evidence) is not None:
        return None
    units = sorted({row.unit for row in evidence.exposure if row.unit != COMPANY})
    found = {unit: group for unit in units if (group := read.exposure_of(evidence, "all", unit)) is not None}
    if not found:
        return None
    counts = tuple((group.voluntary_exits, group.person_years) for group in found.values())
    return {unit: row for row, unit in enumerate(found)}, _pooled(counts)


@lru_cache(maxsize=8)
def _pooled(counts: tuple[tuple[float, float], ...]) -> Pooled:
    events, person_years = np.array(counts, dtype=float).T
    return pooled_turnover(events=events, person_years=person_years)


@lru_cache(maxsize=8)
def _interval(counts: tuple[tuple[float, float], ...]) -> tuple[np.ndarray, np.ndarray]:
    return _pooled(counts).interval(INTERVAL_COVERAGE)


def _at(rows: Mapping[str, int], values: np.ndarray, unit: str) -> float | None:
    return float(values[rows[unit]]) if unit in rows else None


def _turnover_beyond(evidence: Evidence, unit: str, rate: float) -> float | None:
    """P(the unit's pooled turnover is beyond a rate)."""
    teams = pooled_teams(evidence)
    return _at(teams[0], teams[1].beyond(rate), unit) if teams else None


def _uncovered(evidence: Evidence, unit: str) -> float | None:
    counts, company = read.roles_of(evidence, unit), read.roles_of(evidence)
    if counts is None or counts.critical == 0 or company is None or not company.successors_given:
        return None
    return (counts.critical - counts.matched) / counts.critical


def _below_company(evidence: Evidence, unit: str, construct: Construct) -> float | None:
    """P(the unit's score is below the company's) in the last wave, errors of both."""
    whole, cell = read.current_wave(evidence, construct), read.current_wave(evidence, construct, unit)
    if whole is None or cell is None or cell.n is None or whole.mean is None or cell.wave != whole.wave:
        return None
    error = difference_standard_error(first=read.wave_error(cell), second=read.wave_error(whole))
    return below_probability(
        estimate=cell.mean or 0.0, standard_error=error, degrees_of_freedom=cell.n - 1, threshold=whole.mean
    )


def _friction_beyond(evidence: Evidence, scenario: Scenario, unit: str) -> float | None:
    cell = read.current_wave(evidence, "cross_team", unit)
    if cell is None or cell.n is None:
        return None
    share = scenario.thresholds.cross_team_score_share
    return below_probability(
        estimate=cell.mean or 0.0,
        standard_error=read.wave_error(cell),
        degrees_of_freedom=cell.n - 1,
        threshold=cell.scale_min + share * (cell.scale_max - cell.scale_min),
    )


def _on_time(evidence: Evidence, unit: str) -> tuple[float, float, int] | None:
    """Mean on-time share over the window, its standard error between months, and the months; None below three."""
    shares = np.array([row.on_time_share for row in read.deliveries(evidence, "on_time_share", unit)], dtype=float)
    if len(shares) < 3:
        return None
    return float(shares.mean()), float(standard_error(sd=float(shares.std(ddof=1)), n=len(shares))), len(shares)


def _on_time_below(evidence: Evidence, unit: str, usual_share: float) -> float | None:
    found = _on_time(evidence, unit)
    if found is None:
        return None
    mean, error, months = found
    return below_probability(estimate=mean, standard_error=error, degrees_of_freedom=months - 1, threshold=usual_share)
