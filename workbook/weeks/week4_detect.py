"""What the pilot could see in each success metric, from the client's own spread and numbers."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np

from workbook.evidence import COMPANY, Evidence, Exposure, SurveyCell
from workbook.model import detectable
from workbook.model.nps import nps_standard_error_points
from workbook.results import DetectableEffect
from workbook.weeks.week4_design import Chosen
from workbook.weeks.week4_units import Candidate, Trained

ALPHA = 0.05
POWER = 0.80
TEAM_CORRELATION = 0.05
BASELINE_CORRELATION = 0.5
PILOT_YEARS = 0.75
WINDOW_MONTHS = 6
CURVE = (6, 9, 12, 18, 24, 36, 48, 72, 96)
MIN_CLUSTERS = 4
UNIT_SERIES = {
    "on_time": ("On-time delivery", "on_time_share", "share"),
    "rework": ("Rework share", "rework_share", "share"),
    "velocity": ("Cross-team velocity", "velocity", "items a month"),
}


@dataclass(frozen=True)
class Frame:
    """Everything the metrics share: the design, the wish (targets by metric, break-evens) and the conventions."""

    evidence: Evidence
    chosen: Chosen
    trained: Trained
    targets: dict[str, float] = field(default_factory=dict)
    break_evens: dict[str, float] = field(default_factory=dict)

    @property
    def sides(self) -> int:
        """One- or two-sided test, as client.yml says."""
        return 1 if self.evidence.settings.switches.sided == "one" else 2

    @property
    def convention(self) -> str:
        """The error rates, in words."""
        return f"{'one' if self.sides == 1 else 'two'}-sided 5%, power 80%"

    @property
    def units(self) -> tuple[tuple[Candidate, ...], tuple[Candidate, ...]]:
        """Pilot and comparison units."""
        return self.chosen.hosts.pilot, self.chosen.hosts.comparison

    def multiplier(self, degrees_of_freedom: float) -> float:
        """M of the t distribution at the client's convention."""
        return detectable.multiplier_t(
            degrees_of_freedom=degrees_of_freedom, alpha=ALPHA, power=POWER, sides=self.sides
        )


@dataclass(frozen=True)
class Precision:
    """Standard error of one metric's effect, its degrees of freedom and how it came about; or why there is none."""

    standard_error: float | None
    degrees_of_freedom: float = 0
    sd: float | None = None
    arms: tuple[int, int] = (0, 0)
    clusters: tuple[int, int] | None = None
    method: str = ""
    why: str | None = None
    adjusted: float = 1.0


def detectable_effect(frame: Frame, metric: str, label: str, unit: str, precision: Precision) -> DetectableEffect:
    """MDE = M x SE beside target and break-even; an effect is seen when it is at least the MDE in size."""
    target = frame.targets.get(metric)
    mde = None
    why = precision.why
    if precision.standard_error is not None and precision.degrees_of_freedom < 1:
        why = "there are too few groups to judge a difference by"
    elif precision.standard_error is not None:
        mde = detectable.minimum_detectable_effect(
            multiplier=frame.multiplier(precision.degrees_of_freedom), standard_error=precision.standard_error
        )
    return DetectableEffect(
        metric=metric,
        label=label,
        unit=unit,
        arms=precision.arms,
        clusters=precision.clusters,
        mde=mde,
        mde_standardised=None if mde is None or not precision.sd else mde / precision.sd,
        target=target,
        break_even=frame.break_evens.get(metric),
        detects_target=None if mde is None or target is None else mde <= abs(target),
        mde_adjusted=None if mde is None or precision.adjusted == 1 else mde * precision.adjusted,
        method=f"{precision.method}; {frame.convention}" if precision.method else "not computed",
        why=why,
    )


def person_score(frame: Frame) -> Precision:
    """A score on which each trained person is one observation, in SD; no credit is taken for the baseline.

    The baseline's correlation with the outcome is unknown before the pilot, so the post-only error is used: adjusting
    for the baseline narrows it by sqrt(1 - r^2), less what its slope costs; under a lottery that is shown beside, at
    r = .5 (house).
    """
    chosen = frame.chosen
    n1, n2 = chosen.pilot_n, chosen.comparison_n
    if chosen.design == "lottery with a wait-list":
        error = detectable.standard_error_two_arms(sd=1.0, n_pilot=n1, n_comparison=n2)
        adjusted = (1 - BASELINE_CORRELATION**2) ** 0.5 * detectable.estimated_slope_penalty(people=max(n1 + n2, 5))
        method = "drawn against waiting, after the pilot"
        return Precision(error, n1 + n2 - 2, 1.0, (n1, n2), None, method, adjusted=adjusted)
    pilot, comparison = frame.units
    counts = (len(pilot), len(comparison))
    if chosen.design == "matched difference-in-differences":
        if sum(counts) < MIN_CLUSTERS:
            return Precision(None, arms=(n1, n2), clusters=counts, why=few_units(sum(counts)))
        inflate = detectable.design_effect(
            people_per_cluster=max((n1 + n2) / sum(counts), 1.0), intraclass_correlation=TEAM_CORRELATION
        )
        error = detectable.standard_error_two_arms(sd=inflate**0.5, n_pilot=n1, n_comparison=n2)
        method = f"pilot against comparison units, design effect {inflate:.2f}, df = units - 2"
        return Precision(
            error, detectable.cluster_degrees_of_freedom(clusters=sum(counts)), 1.0, (n1, n2), counts, method
        )
    if chosen.design == "stepped wedge":
        variance = detectable.stepped_wedge_variance(
            clusters=counts[0],
            periods=counts[0] + 1,
            people_per_cell=max(n1 / counts[0], 1.0),
            variance_person=1 - TEAM_CORRELATION,
            variance_cluster=TEAM_CORRELATION,
        )
        method = "stepped wedge, one unit a step (Hussey & Hughes 2007), df = units - 2"
        return Precision(variance**0.5, counts[0] - 2, 1.0, (n1, 0), counts, method)
    if n1 < 2:
        return Precision(None, arms=(n1, 0), why="one person shows nothing")
    error = detectable.standard_error_post(sd=1.0, n_per_arm=n1)
    return Precision(error, n1 - 1, 1.0, (n1, 0), None, "after against before, no comparison")


def few_units(units: int) -> str:
    """Why too few groups give no answer."""
    return f"{units} units cannot tell the programme's effect from differences between units; four are needed"


def team_size(frame: Frame) -> float | None:
    """Mean reports a manager in the host units, else company-wide."""
    hosts = {one.unit for side in frame.units for one in side}
    spans = [row.span_mean for row in frame.evidence.managers if row.unit in hosts and row.span_mean]
    if not spans:
        spans = [row.span_mean for row in frame.evidence.managers if row.unit == COMPANY and row.span_mean]
    return float(np.mean(spans)) if spans else None


def headcounts(frame: Frame) -> tuple[int | None, int | None]:
    """People employed in the pilot and in the comparison units."""
    totals = []
    for side in frame.units:
        known = [one.headcount for one in side if one.headcount is not None]
        totals.append(sum(known) if known else None)
    return totals[0], totals[1]


def groups(frame: Frame) -> tuple[float, float, int, int] | str:
    """People around the pilot in each arm and the groups they form, or why that is not known.

    Under a lottery the groups are the teams of the leaders drawn and of those who wait, or the people themselves where
    they lead no team; otherwise they are whole units.
    """
    chosen = frame.chosen
    if chosen.design == "lottery with a wait-list":
        span = team_size(frame) if frame.trained.lead_teams else 1.0
        if span is None:
            return "how many people report to a manager is not known"
        return chosen.pilot_n * span, chosen.comparison_n * span, chosen.pilot_n, chosen.comparison_n
    pilot, comparison = frame.units
    first, second = headcounts(frame)
    if chosen.design != "matched difference-in-differences" or not comparison:
        return "without a comparison group a change cannot be told from drift"
    if len(pilot) + len(comparison) < MIN_CLUSTERS:
        return few_units(len(pilot) + len(comparison))
    if not first or not second:
        return "headcount by unit is not known"
    return float(first), float(second), len(pilot), len(comparison)


def inflation(around: tuple[float, float, int, int]) -> float:
    """Design effect of groups of the size given (house assumption: correlation .05 within a team or unit)."""
    people = (around[0] + around[1]) / (around[2] + around[3])
    return detectable.design_effect(people_per_cluster=max(people, 1.0), intraclass_correlation=TEAM_CORRELATION)


def rate(frame: Frame, group: str) -> Precision:
    """Voluntary exits a person-year, from the company's rate and the person-years around the pilot in nine months."""
    row = company_exposure(frame.evidence, group)
    if row is None:
        return Precision(None, why="employees.csv is needed for exits and person-years")
    around = groups(frame)
    if isinstance(around, str):
        return Precision(None, why=around)
    if row.voluntary_exits == 0:
        return Precision(None, why="no exit in the window: a rate of zero gives no spread to plan with")
    share = group_share(frame.evidence, row)
    years = [people * share * PILOT_YEARS for people in around[:2]]
    error = detectable.standard_error_rate(
        rate=row.voluntary_exits / row.person_years, person_years_pilot=years[0], person_years_comparison=years[1]
    )
    inflate = inflation((around[0] * share, around[1] * share, around[2], around[3]))
    method = f"exits over {years[0]:.0f} and {years[1]:.0f} person-years, design effect {inflate:.2f}"
    return Precision(
        error * inflate**0.5,
        around[2] + around[3] - 2,
        None,
        (round(around[0] * share), round(around[1] * share)),
        (around[2], around[3]),
        method,
    )


def company_exposure(evidence: Evidence, group: str) -> Exposure | None:
    """The company's last window of a group, if anyone was at risk in it."""
    rows = [row for row in evidence.exposure if row.unit == COMPANY and row.group == group and row.person_years > 0]
    return max(rows, key=lambda row: row.window_end) if rows else None


def group_share(evidence: Evidence, row: Exposure) -> float:
    """The group's part of everyone's person-years."""
    everyone = company_exposure(evidence, "all")
    return 1.0 if everyone is None else min(row.person_years / everyone.person_years, 1.0)


def last_wave(evidence: Evidence, construct: str) -> SurveyCell | None:
    """The company's last released wave of a construct."""
    cells = [
        cell
        for cell in evidence.survey
        if cell.unit == COMPANY and cell.construct_name == construct and cell.mean is not None and cell.n
    ]
    return max(cells, key=lambda cell: cell.wave) if cells else None


def answers(frame: Frame, cell: SurveyCell) -> tuple[float, float, int, int] | str:
    """Expected answers in each arm at the last wave's response rate (all answer when it is not known)."""
    around = groups(frame)
    if isinstance(around, str):
        return around
    response = min((cell.n or 0) / cell.invited, 1.0) if cell.invited else 1.0
    return around[0] * response, around[1] * response, around[2], around[3]


def survey_score(frame: Frame, construct: str) -> Precision:
    """A survey mean in its own points, from the last wave's SD over people."""
    cell = last_wave(frame.evidence, construct)
    if cell is None or cell.sd is None:
        return Precision(None, why=f"no released wave of {construct.replace('_', ' ')} with a standard deviation")
    around = answers(frame, cell)
    if isinstance(around, str):
        return Precision(None, why=around)
    inflate = inflation(around)
    error = detectable.standard_error_two_arms(sd=cell.sd, n_pilot=around[0], n_comparison=around[1])
    return Precision(
        error * inflate**0.5,
        around[2] + around[3] - 2,
        cell.sd,
        (round(around[0]), round(around[1])),
        (around[2], around[3]),
        f"people's answers, design effect {inflate:.2f}",
    )


def nps(frame: Frame, construct: str) -> Precision:
    """A net promoter score in points, from the last wave's promoters and detractors."""
    cell = last_wave(frame.evidence, construct)
    if cell is None or cell.promoters is None or cell.detractors is None or not cell.n:
        return Precision(None, why=f"no released wave of {construct.replace('_', ' ')} with promoters and detractors")
    around = answers(frame, cell)
    if isinstance(around, str):
        return Precision(None, why=around)
    shares = {"promoters": cell.promoters / cell.n, "detractors": cell.detractors / cell.n}
    errors = [nps_standard_error_points(n=n, **{name: share * n for name, share in shares.items()}) for n in around[:2]]
    inflate = inflation(around)
    return Precision(
        math.hypot(*errors) * inflate**0.5,
        around[2] + around[3] - 2,
        None,
        (round(around[0]), round(around[1])),
        (around[2], around[3]),
        f"difference of two net promoter scores, design effect {inflate:.2f}",
    )


def own_movement(evidence: Evidence, column: str) -> list[float]:
    """How far each unit's six-month mean moved from the six months before, with no programme."""
    series: dict[str, list[tuple[object, float]]] = defaultdict(list)
    for row in evidence.delivery:
        value = getattr(row, column)
        if row.unit != COMPANY and value is not None:
            series[row.unit].append((row.month, value))
    moved = []
    for rows in series.values():
        values = [value for _, value in sorted(rows)]
        if len(values) >= 2 * WINDOW_MONTHS:
            moved.append(mean(values[-WINDOW_MONTHS:]) - mean(values[-2 * WINDOW_MONTHS : -WINDOW_MONTHS]))
    return moved


def mean(values: Iterable[float]) -> float:
    """Arithmetic mean."""
    return float(np.mean(list(values)))


def unit_series(frame: Frame, column: str) -> Precision:
    """A metric kept by unit and month: the spread of units' own six-month changes last year is the noise."""
    moved = own_movement(frame.evidence, column)
    pilot, comparison = (len(side) for side in frame.units)
    if len(moved) < 3:
        return Precision(None, why="three units with twelve months of delivery.csv are needed")
    sd = float(np.std(moved, ddof=1))
    if sd < 1e-12:
        return Precision(None, why="all units moved by the same amount last year, which leaves no spread to plan with")
    matched = frame.chosen.design == "matched difference-in-differences"
    if comparison and (matched or pilot + comparison >= MIN_CLUSTERS):
        if pilot + comparison < MIN_CLUSTERS:
            return Precision(
                None, arms=(pilot, comparison), clusters=(pilot, comparison), why=few_units(pilot + comparison)
            )
        error = detectable.standard_error_two_arms(sd=sd, n_pilot=pilot, n_comparison=comparison)
        method = "change of pilot units less change of comparison units, six months each"
        return Precision(error, pilot + comparison - 2, None, (pilot, comparison), (pilot, comparison), method)
    hosts = pilot + comparison
    error = sd / hosts**0.5
    method = "kept by unit only: six months after less six before over the host units, no comparison"
    return Precision(error, hosts - 1, None, (hosts, 0), (hosts, 0), method)
