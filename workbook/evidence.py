"""Evidence: the released aggregates of one client, the only thing a notebook may see.

Built by `workbook.measure.measure` from a Client, through one `Release` object. No field holds a person. Rates are
fractions, money is in the client's currency, months are the first day of the month. A number that may not be shown is
`None` with `suppressed=True`. `unit` is a released unit's name, or `COMPANY` for the whole company.
"""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Literal

from workbook.evidence_pilot import (
    ArmExits as ArmExits,
)
from workbook.evidence_pilot import (
    GrowthModel as GrowthModel,
)
from workbook.evidence_pilot import (
    GrowthStep as GrowthStep,
)
from workbook.evidence_pilot import (
    ParticipantEstimate as ParticipantEstimate,
)
from workbook.evidence_pilot import (
    PilotSites as PilotSites,
)
from workbook.evidence_pilot import (
    RatingCell as RatingCell,
)
from workbook.evidence_pilot import (
    RatingSummary as RatingSummary,
)
from workbook.evidence_pilot import (
    ThenTest as ThenTest,
)
from workbook.frozen import Frozen
from workbook.settings import Construct, Level, Settings

COMPANY = "(company)"
SMALL_UNITS = "(small units)"
MISSING_UNIT = "(missing)"
Group = Literal["all", "high_performers", "critical_teams", "leaders"]
Audience = Literal["executive", "manager", "emerging", "individual", "all"]
Track = Literal["leadership", "technical", "other"]
Cause = Literal["coordination", "skills", "both", "other"]


class TableQuality(Frozen):
    """How complete one table is and what its gaps cost. `present=False` when the client gave no such table."""

    table: str
    present: bool
    file: str | None = None
    rows: int = 0
    completeness_share: float | None = None
    notes: tuple[str, ...] = ()
    costs: tuple[str, ...] = ()


class Headcount(Frozen):
    """People employed on the first day of `month`."""

    unit: str
    level: Level | Literal["all"]
    month: dt.date
    headcount: int


class Exposure(Frozen):
    """Voluntary exits and person-years at risk in [window_start, window_end)."""

    unit: str
    group: Group
    window_start: dt.date
    window_end: dt.date
    person_years: float
    voluntary_exits: int
    exits_by_level: dict[Level, int] = {}


class ExitMonth(Frozen):
    """Voluntary exits and person-years of one month, company-wide, for trends."""

    group: Group
    month: dt.date
    person_years: float
    voluntary_exits: int


class Pay(Frozen):
    """Yearly pay of a level: rounded median of at least ten people, or what client.yml says."""

    level: Level
    yearly_money: float
    n: int | None
    source: Literal["employees", "client.yml"]


class RoleCounts(Frozen):
    """Counts of roles. Coverage is by critical roles; `matched` counts come from one company-wide maximum matching.

    `matched` follows the client's switch (`successor`); named, ready_1_year, ready_now are matchings at each standard,
    `named_any` counts roles with at least one name, double use of a person included.
    """

    unit: str
    roles: int
    critical: int
    leadership: int
    leadership_vacant: int
    named_any: int
    matched: int
    matched_named: int
    matched_ready_1_year: int
    matched_ready_now: int
    successors_given: bool


class RoleFlow(Frozen):
    """How leadership roles are filled, company-wide."""

    days_to_fill_mean: float | None
    days_to_fill_sd: float | None
    days_to_fill_n: int
    leadership_vacancies_opened: int | None
    vacant_value_money_per_month: float | None
    vacant_pay_money_per_month: float | None
    role_value_source: Literal["roles", "revenue", "pay"] | None
    internal_fill_share: float | None
    internal_fill_n: int


class Managers(Frozen):
    """Managers in post at `as_of`."""

    unit: str
    managers: int
    managers_under_12_months: int | None
    reports_with_manager: int | None
    span_mean: float | None


class SurveyCell(Frozen):
    """One construct in one wave. favourable, promoters, detractors are counts of people."""

    unit: str
    wave: dt.date
    construct_name: Construct
    n: int | None
    mean: float | None
    sd: float | None = None
    favourable: int | None = None
    promoters: int | None = None
    detractors: int | None = None
    invited: int | None = None
    scale_min: float
    scale_max: float
    suppressed: bool = False


class DeliveryMonth(Frozen):
    """Delivery records of one unit and month (company: weighted by items due, else by unit)."""

    unit: str
    month: dt.date
    on_time_share: float | None = None
    items_due: float | None = None
    rework_share: float | None = None
    decision_days: float | None = None
    decisions: float | None = None
    velocity: float | None = None
    contractor_money: float | None = None


class DelayValue(Frozen):
    """Initiatives by cause: how many, their value a month, and value a month x months late, summed."""

    unit: str
    cause: Cause
    initiatives: int
    value_money_per_month: float
    delay_months_mean: float
    delayed_value_money: float
    cross_team: int


class Spend(Frozen):
    """Training records of one audience x track x competency x journey stage."""

    audience: Audience
    track: Track
    competency: str | None = None
    journey_stage: str | None = None
    programmes: int
    participants: int
    money: float
    hours: float
    budget_money: float | None = None
    priority_money: float = 0.0
    priority_with_metric_money: float = 0.0
    delivery: str | None = None


class AudienceSize(Frozen):
    """People of an audience at `as_of` (emerging leaders are individuals too)."""

    audience: Audience
    headcount: int


class ReadinessArea(Frozen):
    """Mean readiness answer (1-5) of one area."""

    area: Literal["sponsor", "management", "hr_systems", "processes", "culture", "individuals"]
    mean: float
    n: int
    sd: float | None = None


class Involvement(Frozen):
    """How often managers took part, and how many different managers did."""

    kind: str
    events: int
    managers: int


class InterviewTheme(Frozen):
    """Coded interview counts; shown beside the signals, never scored."""

    unit: str
    theme: str
    direction: Literal["better", "same", "worse"]
    interviews: int


class SessionCount(Frozen):
    """Sessions by programme, status and reason.

    `person_hours` is seats x hours where both are given; `late_person_hour_days` weighs the days from the planned date
    to the new one (to the as-of date where there is none, and for cancelled sessions) by them.
    """

    programme: str
    status: Literal["planned", "held", "postponed", "cancelled"]
    reason: str | None
    sessions: int
    seats: int | None
    attended: int | None
    hours: float | None
    upcoming: tuple[dt.date, ...] = ()
    person_hours: float | None = None
    late_person_hour_days: float | None = None


class SessionOpen(Frozen):
    """A session still to be held. `due` is its new date, else the planned one.

    `blocked` are the busy times of its unit (first and last day), `wished` the Mondays of the weeks its unit's managers
    chose, `most_a_week` the most sessions of its programme that the calendar ever put in one week.
    """

    session: str
    programme: str
    unit: str
    status: Literal["planned", "postponed"]
    planned: dt.date
    due: dt.date
    seats: int | None
    hours: float | None
    most_a_week: int = 1
    blocked: tuple[tuple[dt.date, dt.date], ...] = ()
    wished: tuple[dt.date, ...] = ()


class CostMonth(Frozen):
    """What a programme was to cost and did in one month of the window; month None: the month was not given."""

    programme: str
    track: Track
    month: dt.date | None
    money: float
    budget_money: float | None
    participants: int


class ParticipantCount(Frozen):
    """Participants by programme and arm."""

    programme: str
    arm: Literal["pilot", "comparison", "all"]
    cohort: str | None
    started: int
    completed: int
    first_start: dt.date | None = None


class MetricAgreed(Frozen):
    """One line of the metric dictionary; `changed_on` is the day its definition, formula or target last changed."""

    metric: str
    definition: str
    formula: str
    purpose: str
    owner: str
    baseline: float | None = None
    target: float | None = None
    agreed_by: str | None = None
    agreed_on: dt.date | None = None
    added_after_start: bool = False
    changed_on: dt.date | None = None


class AssumptionChange(Frozen):
    """A client's own value for a shipped assumption (`assumptions.csv`)."""

    name: str
    value: float
    low: float | None = None
    high: float | None = None
    source: str
    agreed_by: str | None = None
    agreed_on: dt.date | None = None


class Evidence(Frozen):
    """All released aggregates of one client."""

    settings: Settings
    digests: dict[str, str]
    quality: tuple[TableQuality, ...]
    units: tuple[str, ...]
    headcount: tuple[Headcount, ...] = ()
    exposure: tuple[Exposure, ...] = ()
    exit_months: tuple[ExitMonth, ...] = ()
    pay: tuple[Pay, ...] = ()
    roles: tuple[RoleCounts, ...] = ()
    role_flow: RoleFlow | None = None
    managers: tuple[Managers, ...] = ()
    survey: tuple[SurveyCell, ...] = ()
    delivery: tuple[DeliveryMonth, ...] = ()
    initiatives: tuple[DelayValue, ...] = ()
    spend: tuple[Spend, ...] = ()
    audiences: tuple[AudienceSize, ...] = ()
    readiness: tuple[ReadinessArea, ...] = ()
    involvement: tuple[Involvement, ...] = ()
    interviews: tuple[InterviewTheme, ...] = ()
    ratings: tuple[RatingCell, ...] = ()
    rating_summary: RatingSummary | None = None
    then_tests: tuple[ThenTest, ...] = ()
    participant_estimate: ParticipantEstimate | None = None
    pilot_sites: PilotSites | None = None
    sessions: tuple[SessionCount, ...] = ()
    sessions_open: tuple[SessionOpen, ...] = ()
    cost_months: tuple[CostMonth, ...] = ()
    participants: tuple[ParticipantCount, ...] = ()
    metrics: tuple[MetricAgreed, ...] = ()
    assumption_changes: tuple[AssumptionChange, ...] = ()
    programme_changes: tuple[dict, ...] = ()
    notes: tuple[str, ...] = ()

    def has(self, table: str) -> bool:
        """Whether the client gave `table`."""
        return any(quality.table == table and quality.present for quality in self.quality)

    @classmethod
    def load(cls, path: str | Path) -> Evidence:
        """Read `evidence.json`."""
        return cls.model_validate_json(Path(path).read_bytes())

    def dump(self, path: str | Path) -> None:
        """Write `evidence.json`, the same bytes for the same evidence."""
        Path(path).write_text(self.model_dump_json(indent=1) + "\n", encoding="utf-8", newline="\n")
