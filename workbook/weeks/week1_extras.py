"""Supporting measures of week 1 that no rule reads, each with its n and interval."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from workbook.evidence import COMPANY, Evidence, SurveyCell
from workbook.model.nps import change_needed_points, net_promoter_points, nps_standard_error_points
from workbook.model.proportion import jeffreys_share_interval
from workbook.model.survey import standard_error, t_interval
from workbook.model.turnover import annualised_rate, jeffreys_rate_interval
from workbook.results import Estimate, Extra
from workbook.settings import Construct
from workbook.weeks import week1_read as read

Z_90, Z_95 = 1.6448536269514722, 1.959963984540054
NPS = {"enps": "Employee net promoter score", "manager_nps": "Manager net promoter score"}
FAVOURABLE: dict[Construct, str] = {"engagement": "Engagement", "promotion_readiness": "Promotion readiness"}
DELIVERY = (
    ("rework_share", "Rework", "share", "Share of work done again, mean of the months given."),
    ("decision_days", "Days to a decision", "days", "Days from question to decision, mean of the months given."),
    ("velocity", "Cross-team velocity", "count", "Work finished a month, mean of the months given."),
)


def extras(evidence: Evidence) -> tuple[Extra, ...]:
    """All supporting measures that the client's tables allow."""
    return (*_bench(evidence), *_flow(evidence), *_managers(evidence), *_people(evidence), *_delivery(evidence))


def share_estimate(successes: int, n: int) -> Estimate:
    """A counted share with its 90% interval."""
    low, high = jeffreys_share_interval(successes=successes, n=n, coverage=read.COVERAGE)
    return Estimate(value=successes / n, low=float(low), high=float(high), n=n)


def mean_estimate(mean: float, sd: float | None, n: int, why: str | None = None) -> Estimate:
    """A mean with its 90% t interval; without an SD, or with n below two, without one."""
    if sd is None or n < 2:
        return Estimate(value=mean, n=n, why=why or "No spread was given, so there is no interval.")
    error = float(standard_error(sd=sd, n=n))
    low, high = t_interval(estimate=mean, standard_error=error, degrees_of_freedom=n - 1, coverage=read.COVERAGE)
    return Estimate(value=mean, low=low, high=high, n=n)


def _bench(evidence: Evidence) -> Iterator[Extra]:
    counts = read.roles_of(evidence)
    if counts is None or counts.critical == 0 or not counts.successors_given:
        return
    yield Extra(
        name="bench_strength",
        label="Bench strength",
        estimate=share_estimate(counts.matched_ready_now, counts.critical),
        unit="share",
        sentence="Share of critical roles with a successor ready now, each person counted for one role.",
    )


def _flow(evidence: Evidence) -> Iterator[Extra]:
    flow = evidence.role_flow
    if flow is not None and flow.days_to_fill_mean is not None and flow.days_to_fill_n > 0:
        yield Extra(
            name="time_to_fill",
            label="Time to fill",
            estimate=mean_estimate(flow.days_to_fill_mean, flow.days_to_fill_sd, flow.days_to_fill_n),
            unit="days",
            sentence="Days a leadership role stays open, mean of the roles last filled.",
        )
    if flow is not None and flow.internal_fill_share is not None and flow.internal_fill_n > 0:
        n = flow.internal_fill_n
        yield Extra(
            name="internal_fill_share",
            label="Filled from inside",
            estimate=share_estimate(round(flow.internal_fill_share * n), n),
            unit="share",
            sentence="Share of leadership roles filled by someone already employed.",
        )


def _managers(evidence: Evidence) -> Iterator[Extra]:
    row = next((row for row in evidence.managers if row.unit == COMPANY and row.managers > 0), None)
    if row is None:
        return
    if row.span_mean is not None:
        yield Extra(
            name="span_of_control",
            label="Span of control",
            estimate=mean_estimate(row.span_mean, None, row.managers, "Spans are counted, not sampled."),
            unit="count",
            sentence="People who report to one manager, on average.",
        )
    if row.managers_under_12_months is not None:
        yield Extra(
            name="managers_under_12_months",
            label="Managers new in their role",
            estimate=share_estimate(row.managers_under_12_months, row.managers),
            unit="share",
            sentence="Share of managers less than twelve months in their role.",
        )
    counts = read.roles_of(evidence)
    if counts is not None:
        low, high = jeffreys_rate_interval(
            events=counts.leadership_vacant, person_years=row.managers / 100, coverage=read.COVERAGE
        )
        vacant = 100 * counts.leadership_vacant / row.managers
        yield Extra(
            name="vacancies_per_100_managers",
            label="Leadership vacancies per 100 managers",
            estimate=Estimate(value=vacant, low=float(low), high=float(high), n=row.managers),
            unit="count",
            sentence="Leadership roles vacant today for every hundred managers in post.",
        )


def _people(evidence: Evidence) -> Iterator[Extra]:
    everyone = read.exposure_of(evidence, "all")
    if everyone is not None and read.leavers_missing(evidence) is None:
        counts = {"events": everyone.voluntary_exits, "person_years": everyone.person_years}
        low, high = jeffreys_rate_interval(**counts, coverage=read.COVERAGE)
        rate = float(annualised_rate(**counts))
        yield Extra(
            name="voluntary_turnover",
            label="Voluntary turnover",
            estimate=Estimate(value=rate, low=float(low), high=float(high), n=everyone.person_years),
            unit="share a year",
            sentence="Voluntary leavers a person-year, everyone.",
        )
    for construct, label in FAVOURABLE.items():
        cell = read.current_wave(evidence, construct)
        if cell is not None:
            yield from _construct(construct, label, cell)
    for name, label in NPS.items():
        cell = read.current_wave(evidence, name)
        if cell is not None and cell.n and cell.promoters is not None and cell.detractors is not None:
            yield from _nps(name, label, cell.n, cell.promoters, cell.detractors)


def _construct(construct: Construct, label: str, cell: SurveyCell) -> Iterator[Extra]:
    yield Extra(
        name=f"{construct}_mean",
        label=f"{label}, mean score",
        estimate=read.wave_estimate(cell),
        unit=read.score_unit(cell),
        sentence="Mean of the last wave.",
    )
    if cell.favourable is not None and cell.n:
        yield Extra(
            name=f"{construct}_favourable",
            label=f"{label}, favourable answers",
            estimate=share_estimate(cell.favourable, cell.n),
            unit="share",
            sentence="Share of favourable answers in the last wave.",
        )


def _nps(name: str, label: str, n: int, promoters: int, detractors: int) -> Iterator[Extra]:
    counts = {"promoters": promoters, "detractors": detractors, "n": n}
    points, error = net_promoter_points(**counts), nps_standard_error_points(**counts)
    yield Extra(
        name=name,
        label=label,
        estimate=Estimate(
            value=points, low=max(points - Z_90 * error, -100.0), high=min(points + Z_90 * error, 100.0), n=n
        ),
        unit="points",
        sentence="Promoters (9-10) less detractors (0-6) in points; passives count in n only.",
    )
    yield Extra(
        name=f"{name}_change_needed",
        label=f"{label}: change that is more than noise",
        estimate=Estimate(value=change_needed_points(standard_error_points=error, z=Z_95), n=n, coverage=0.95),
        unit="points",
        sentence="Between two waves of this size, a smaller change is within the sampling error (95%).",
    )


def _delivery(evidence: Evidence) -> Iterator[Extra]:
    for column, label, unit, sentence in DELIVERY:
        rows = read.deliveries(evidence, column)
        if rows:
            values = np.array([getattr(row, column) for row in rows], dtype=float)
            sd = float(values.std(ddof=1)) if len(values) > 1 else None
            yield Extra(
                name=column.removesuffix("_share"),
                label=label,
                estimate=mean_estimate(float(values.mean()), sd, len(values)),
                unit=unit,
                sentence=sentence,
            )
