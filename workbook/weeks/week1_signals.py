"""The four signals of week 1 and the two hard triggers, each with what it rests on."""

from __future__ import annotations

from typing import Any, Literal, NamedTuple

from workbook.evidence import COMPANY, Evidence, RoleCounts, SurveyCell
from workbook.model.proportion import (
    annualised_growth,
    exceeds_share,
    jeffreys_share_interval,
    reaches_growth,
    share_beyond_probability,
)
from workbook.model.signals import coordination_share, status, trigger_fired
from workbook.model.survey import (
    below_probability,
    difference_standard_error,
    t_interval,
    welch_degrees_of_freedom,
)
from workbook.model.trend import slope_interval, theil_sen_slope, trend_probability
from workbook.model.turnover import annualised_rate, jeffreys_rate_interval, rate_beyond_probability
from workbook.results import Point, Signal, Trigger
from workbook.scenario import Scenario
from workbook.weeks import week1_read as read

LABELS = {
    "growth": "Rapid growth",
    "succession": "Succession gaps",
    "engagement": "Engagement decline",
    "friction": "Cross-team friction",
    "high_performer_turnover": "Turnover among high performers",
    "critical_roles_uncovered": "Critical roles without a successor",
}
MONTHS_FOR_GROWTH = 6
Unit = Literal["share", "score", "share a year"]


class Reading(NamedTuple):
    """A measured value against its threshold, before it is given a status."""

    value: float
    low: float
    high: float
    n: float
    threshold: float
    p_beyond: float
    point_beyond: bool
    more: dict[str, Any]


def signals(evidence: Evidence, scenario: Scenario) -> dict[str, Signal]:
    """Growth, succession, engagement and friction."""
    thresholds = scenario.thresholds
    growth = growth_reading(evidence, thresholds.growth_per_year)
    succession = succession_reading(evidence, thresholds.uncovered_share)
    engagement = engagement_reading(evidence)
    friction = friction_reading(evidence, scenario)
    return {
        "growth": _signal(evidence, scenario, "growth", growth, thresholds.growth_per_year, unit="share a year"),
        "succession": _signal(evidence, scenario, "succession", succession, thresholds.uncovered_share, unit="share"),
        "engagement": _signal(evidence, scenario, "engagement", engagement, 0.0, unit="score", higher_is_worse=False),
        "friction": _signal(evidence, scenario, "friction", friction, thresholds.coordination_share, unit="share"),
    }


def triggers(evidence: Evidence, scenario: Scenario) -> dict[str, Trigger]:
    """Turnover among high performers, and critical roles without a successor."""
    turnover, uncovered = scenario.thresholds.high_performer_turnover, scenario.thresholds.critical_roles_uncovered
    return {
        "high_performer_turnover": _trigger(
            evidence,
            scenario,
            "high_performer_turnover",
            turnover_reading(evidence, turnover),
            turnover,
            unit="share a year",
        ),
        "critical_roles_uncovered": _trigger(
            evidence,
            scenario,
            "critical_roles_uncovered",
            succession_reading(evidence, uncovered),
            uncovered,
            unit="share",
        ),
    }


def growth_reading(evidence: Evidence, threshold: float) -> Reading | str:
    """Headcount year on year, or the last six months and more annualised. Headcount is a census: no sampling error."""
    months = read.headcount_by_month(evidence)
    if not months:
        return read.ask(evidence, "employees", "Table employees gives no headcount by month.")
    if (why := read.leavers_missing(evidence)) is not None:
        return why
    last = max(months)
    span = {read.months_between(month, last): month for month in months}
    months_back = max((back for back in span if MONTHS_FOR_GROWTH <= back <= 12), default=0)
    before = months.get(span.get(months_back, last), 0)
    if months_back == 0:
        return "Fewer than six months of headcount; ask for hire and exit dates of the last twelve months."
    if before == 0:
        return "Nobody was employed a year earlier, so growth has no base."
    now = months[last]
    value = annualised_growth(now=now, before=before, months=months_back)
    beyond = (
        reaches_growth(now=now, before=before, threshold_share=threshold) if months_back == 12 else value >= threshold
    )
    first = span[months_back]
    series = tuple(
        Point(period=month, value=count / before - 1, n=count) for month, count in months.items() if month >= first
    )
    trend = "year on year" if months_back == 12 else f"annualised from {months_back} months"
    more = {
        "date": last,
        "source": read.source_of(evidence, "employees"),
        "trend": trend,
        "series": series,
    }
    return Reading(value, value, value, now, threshold, float(beyond), beyond, more)


def succession_gap(evidence: Evidence, counts: RoleCounts | None) -> str | None:
    """Why coverage of critical roles cannot be counted, if it cannot."""
    if counts is None:
        return read.ask(evidence, "roles", "Table roles holds no role.")
    if counts.critical == 0:
        return "No role in table roles is marked critical; ask which are."
    if not counts.successors_given:
        return read.ask(evidence, "successors", "Table successors names nobody; ask for it.")
    return None


def succession_reading(evidence: Evidence, threshold: float) -> Reading | str:
    """Critical roles left uncovered by the maximum matching: a census, compared in exact arithmetic."""
    counts = read.roles_of(evidence)
    why = succession_gap(evidence, counts)
    if counts is None or why is not None:
        return why or ""
    uncovered = counts.critical - counts.matched
    value = uncovered / counts.critical
    beyond = exceeds_share(count=uncovered, total=counts.critical, threshold_share=threshold)
    more = {"date": evidence.settings.as_of, "source": read.source_of(evidence, "roles", "successors")}
    return Reading(value, value, value, counts.critical, threshold, float(beyond), beyond, more)


def engagement_reading(evidence: Evidence) -> Reading | str:
    """Change of engagement a year: trend from six waves on, else the last wave against the same month last year."""
    last = read.current_wave(evidence, "engagement")
    if last is None:
        return read.survey_gap(evidence, "engagement")
    more = {
        "date": last.wave,
        "source": read.source_of(evidence, *read.SURVEY_TABLES),
        "series": read.wave_points(read.waves(evidence, "engagement")),
        "unit": read.score_unit(last),
    }
    cells = read.recent_waves(evidence, "engagement")
    if len(cells) >= read.POINTS_NEEDED:
        return _engagement_trend(cells, more)
    same_month = (last.wave.year - 1, last.wave.month)
    earlier = [cell for cell in cells if (cell.wave.year, cell.wave.month) == same_month]
    if not earlier:
        return (
            "Fewer than six waves in three years and none in the same month of last year; "
            "ask for earlier waves of the survey."
        )
    return _engagement_year_on_year(earlier[-1], last, more)


def _engagement_trend(cells: list[SurveyCell], more: dict[str, Any]) -> Reading:
    values = [cell.mean for cell in cells if cell.mean is not None]
    years = [(cell.wave - cells[0].wave).days / 365.25 for cell in cells]
    slope = theil_sen_slope(times=years, values=values)
    low, high = slope_interval(times=years, values=values, coverage=read.COVERAGE)
    p_falling = trend_probability(values=values, rising=False)
    words = f"change a year over {len(cells)} waves (Theil-Sen, Mann-Kendall)"
    return Reading(slope, low, high, cells[-1].n or 0, 0.0, p_falling, slope < 0, {**more, "trend": words})


def _engagement_year_on_year(earlier: SurveyCell, last: SurveyCell, more: dict[str, Any]) -> Reading:
    first_error, last_error = read.wave_error(earlier), read.wave_error(last)
    change = (last.mean or 0.0) - (earlier.mean or 0.0)
    error = difference_standard_error(first=first_error, second=last_error)
    freedom = welch_degrees_of_freedom(
        first=first_error, n_first=earlier.n or 0, second=last_error, n_second=last.n or 0
    )
    low, high = t_interval(estimate=change, standard_error=error, degrees_of_freedom=freedom, coverage=read.COVERAGE)
    p_falling = below_probability(estimate=change, standard_error=error, degrees_of_freedom=freedom, threshold=0.0)
    words = "last wave against the same month of last year"
    return Reading(change, low, high, last.n or 0, 0.0, p_falling, change < 0, {**more, "trend": words})


def friction_reading(evidence: Evidence, scenario: Scenario) -> Reading | str:
    """Cross-team score below its threshold, or coordination behind more than half of delay: the likelier of the two."""
    survey = cross_team_reading(evidence, scenario.thresholds.cross_team_score_share)
    delay = coordination_reading(evidence, scenario.thresholds.coordination_share)
    if isinstance(survey, str):
        return f"{survey} {delay}" if isinstance(delay, str) else _only(delay, survey)
    if isinstance(delay, str):
        return _only(survey, delay)
    worse, other = (survey, delay) if survey.p_beyond >= delay.p_beyond else (delay, survey)
    return _because(worse, f"The likelier of two measures; the other is the {other.more['trend']}.")


def _only(reading: Reading, gap: str) -> Reading:
    return _because(reading, f"Only one of two measures could be taken. {gap}")


def _because(reading: Reading, why: str) -> Reading:
    return reading._replace(more={**reading.more, "why": why})


def cross_team_reading(evidence: Evidence, threshold_share: float) -> Reading | str:
    """Mean cross-team score of the last wave against a share of its scale's range: .625 is 3.5 of 1 to 5."""
    last = read.current_wave(evidence, "cross_team")
    if last is None:
        return read.survey_gap(evidence, "cross_team")
    threshold = last.scale_min + threshold_share * (last.scale_max - last.scale_min)
    mean, low, high = read.wave_mean(last)
    p_below = below_probability(
        estimate=mean,
        standard_error=read.wave_error(last),
        degrees_of_freedom=(last.n or 0) - 1,
        threshold=threshold,
    )
    more = {
        "date": last.wave,
        "source": read.source_of(evidence, *read.SURVEY_TABLES),
        "series": read.wave_points(read.waves(evidence, "cross_team")),
        "unit": read.score_unit(last),
        "higher_is_worse": False,
        "trend": "cross-team score of the survey",
    }
    return Reading(mean, low, high, last.n or 0, threshold, p_below, mean < threshold, more)


def coordination_reading(evidence: Evidence, threshold: float, unit: str = COMPANY) -> Reading | str:
    """Share of delayed value caused by coordination; initiatives count as the sample (house assumption)."""
    rows = [row for row in evidence.initiatives if row.unit == unit]
    money = {row.cause: row.delayed_value_money for row in rows}
    total = sum(money.values())
    if not rows:
        return read.ask(evidence, "initiatives", "Table initiatives holds no initiative.")
    if total <= 0:
        return "No initiative in table initiatives is late, so delay has no cause."
    share = coordination_share(
        coordination_money=money.get("coordination", 0.0),
        both_money=money.get("both", 0.0),
        total_money=total,
        both_share=evidence.settings.switches.both_cause_split,
    )
    n = sum(row.initiatives for row in rows)
    low, high = jeffreys_share_interval(successes=share * n, n=n, coverage=read.COVERAGE)
    p_beyond = share_beyond_probability(successes=share * n, n=n, threshold_share=threshold)
    more = {
        "date": evidence.settings.as_of,
        "source": read.source_of(evidence, "initiatives"),
        "trend": "share of delayed value caused by coordination",
    }
    return Reading(
        share, min(float(low), share), max(float(high), share), n, threshold, float(p_beyond), share > threshold, more
    )


def turnover_reading(evidence: Evidence, threshold: float) -> Reading | str:
    """Annualised voluntary turnover of high performers: leavers over person-years at risk."""
    group = read.exposure_of(evidence, "high_performers")
    if group is None:
        return read.ask(
            evidence,
            "employees",
            "Table employees gives no rate for high performers; ask for exit_type and performance, leavers included.",
        )
    if (why := read.leavers_missing(evidence)) is not None:
        return why
    counts = {"events": group.voluntary_exits, "person_years": group.person_years}
    value = float(annualised_rate(**counts))
    low, high = jeffreys_rate_interval(**counts, coverage=read.COVERAGE)
    p_beyond = rate_beyond_probability(**counts, threshold_per_year=threshold)
    more = {
        "date": group.window_end,
        "source": read.source_of(evidence, "employees"),
        "series": read.rate_points(read.exit_months(evidence, "high_performers")),
    }
    return Reading(
        value, float(low), float(high), group.person_years, threshold, float(p_beyond), value > threshold, more
    )


def _trigger(
    evidence: Evidence,
    scenario: Scenario,
    name: str,
    reading: Reading | str,
    threshold: float,
    *,
    unit: Unit,
) -> Trigger:
    """A hard trigger: present means fired, so its status asks for the trigger's own certainty."""
    certainty = scenario.thresholds.trigger_probability
    signal = _signal(evidence, scenario, name, reading, threshold, unit=unit, present_probability=certainty)
    fired = trigger_fired(
        p_beyond=signal.p_beyond,
        point_beyond=reading.point_beyond if isinstance(reading, Reading) else None,
        trigger_probability=certainty,
        rule=evidence.settings.switches.trigger_rule,
    )
    return Trigger(**signal.model_dump(), fired=fired)


def _signal(
    evidence: Evidence,
    scenario: Scenario,
    name: str,
    reading: Reading | str,
    threshold: float,
    *,
    unit: Unit,
    higher_is_worse: bool = True,
    present_probability: float | None = None,
) -> Signal:
    """A reading, or the reason there is none, as a signal with its status."""
    fields: dict[str, Any] = {
        "name": name,
        "label": LABELS[name],
        "unit": unit,
        "higher_is_worse": higher_is_worse,
        "owner": read.owner_of(evidence, name),
    }
    known = reading if isinstance(reading, Reading) else None
    fields["status"] = status(
        p_beyond=known.p_beyond if known else None,
        point_beyond=known.point_beyond if known else None,
        present_probability=present_probability or scenario.thresholds.present_probability,
        rule=evidence.settings.switches.trigger_rule,
    )
    if isinstance(reading, str):
        gap = dict.fromkeys(("value", "low", "high", "n", "p_beyond"))
        return Signal(**fields, **gap, threshold=threshold, why=reading)
    measured = {key: getattr(reading, key) for key in ("value", "low", "high", "n", "threshold", "p_beyond")}
    return Signal(**{**fields, **measured, **reading.more})
