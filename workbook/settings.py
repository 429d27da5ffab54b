"""`client.yml`: who, when, money, priorities, conventions and column names."""

from __future__ import annotations

import datetime as dt
import re
from typing import Annotated, Literal

from pydantic import Field, StringConstraints, field_validator, model_validator

from workbook.frozen import Frozen

SLUG = r"[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?"
Slug = Annotated[str, StringConstraints(pattern=f"^{SLUG}$", max_length=40)]
Name = Annotated[str, StringConstraints(min_length=1, max_length=120, strip_whitespace=True)]
Share = Annotated[float, Field(ge=0, le=1)]
Money = Annotated[float, Field(ge=0)]
Level = Literal["executive", "manager", "individual"]
Construct = Literal[
    "engagement",
    "enps",
    "manager_nps",
    "manager_effectiveness",
    "capability",
    "cross_team",
    "promotion_readiness",
]
PilotAssignment = Literal["unknown", "lottery", "matched", "volunteers", "lowest_scores"]
RESERVED_NAMES = {"con", "prn", "aux", "nul", *(f"com{i}" for i in range(1, 10)), *(f"lpt{i}" for i in range(1, 10))}


class HighPerformer(Frozen):
    """Who counts as a high performer: a column's number, the top share of it, or labels."""

    column: str = "performance"
    at_least: float | None = None
    top_share: Annotated[float, Field(gt=0, lt=1)] | None = None
    labels: tuple[str, ...] | None = None

    @model_validator(mode="after")
    def one_rule(self) -> HighPerformer:
        """Exactly one rule is given."""
        if sum(rule is not None for rule in (self.at_least, self.top_share, self.labels)) != 1:
            raise ValueError("give exactly one of at_least, top_share and labels")
        return self


class Scale(Frozen):
    """The scale a construct is scored on; `favourable_from` is the lowest favourable score."""

    min: float
    max: float
    favourable_from: float | None = None
    reversed: bool = False

    @model_validator(mode="after")
    def ordered(self) -> Scale:
        """The ends are in order and the favourable part lies between them."""
        if self.max <= self.min:
            raise ValueError("max must be above min")
        if self.favourable_from is not None and not self.min <= self.favourable_from <= self.max:
            raise ValueError("favourable_from must lie between min and max")
        return self


class Target(Frozen):
    """A success target: the change wanted in a metric and within how many months."""

    change: float
    within_months: Annotated[int, Field(ge=1, le=60)] = 12


class Privacy(Frozen):
    """Anonymity floors, which may be raised, never lowered; and until when what was made may be kept."""

    scores_from: Annotated[int, Field(ge=5)] = 5
    distributions_from: Annotated[int, Field(ge=10)] = 10
    units_from: Annotated[int, Field(ge=10)] = 10
    retain_until: dt.date | None = None


class Switches(Frozen):
    """Conventions on which authors differ; the first value is the default, all are printed with the assumptions."""

    hard_trigger_alone: bool = True
    trigger_rule: Literal["established", "point"] = "established"
    successor: Literal["ready_1_year", "named", "ready_now"] = "ready_1_year"
    turnover_change: Literal["relative", "points"] = "relative"
    npv_view: Literal["horizon", "first_year"] = "horizon"
    both_cause_split: Share = 0.5
    sided: Literal["two", "one"] = "two"
    tax: Literal["none"] | Share = "none"
    cost_timing: Literal["when_due"] = "when_due"


class Correlation(Frozen):
    """Two assumptions that rise together (rank above 0) or against each other: Spearman's rank correlation."""

    a: str
    b: str
    rank: Annotated[float, Field(ge=-1, le=1)]


class Blackout(Frozen):
    """Weeks in which a unit cannot attend."""

    unit: str
    start: dt.date
    end: dt.date


class Settings(Frozen):
    """Everything `client.yml` may say. Only `client` and `as_of` and `currency` have no default."""

    client: Slug
    name: Name | None = None
    currency: Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")]
    locale: str = "en_GB"
    as_of: dt.date
    window_months: Annotated[int, Field(ge=3, le=36)] = 12
    budget: Money | None = None
    cohort_size: Annotated[int, Field(ge=1, le=5000)] = 24
    comparison_size: Annotated[int, Field(ge=1, le=5000)] | None = None
    horizon_months: Annotated[int, Field(ge=6, le=120)] = 24
    discount_rate: Annotated[float, Field(ge=0, le=1)] = 0.08
    revenue: Money | None = None
    working_days: Annotated[int, Field(ge=150, le=366)] = 230
    pay: dict[Level, Annotated[float, Field(gt=0)]] = {}
    priorities: tuple[str, ...] = ()
    targets: dict[str, Target] = {}
    high_performer: HighPerformer = HighPerformer(top_share=0.2)
    scales: dict[Construct, Scale] = {}
    columns: dict[str, dict[str, str]] = {}
    values: dict[str, dict[str, dict[str, str]]] = {}
    items: dict[str, Construct] = {}
    privacy: Privacy = Privacy()
    blackout: tuple[Blackout, ...] = ()
    pilot_assignment: PilotAssignment = "unknown"
    switches: Switches = Switches()
    correlations: tuple[Correlation, ...] = ()
    date_format: str | None = None
    decimal_mark: Literal[".", ","] | None = None
    synthetic: bool = False
    licence: str | None = None

    @property
    def counted_months(self) -> int:
        """Months whose money counts: the horizon, or its first year where the switch `npv_view` says so."""
        return min(12, self.horizon_months) if self.switches.npv_view == "first_year" else self.horizon_months

    @field_validator("client")
    @classmethod
    def usable_as_a_folder_name(cls, client: str) -> str:
        """Some names cannot be folders on some systems."""
        if client in RESERVED_NAMES:
            raise ValueError(f"'{client}' is reserved by some operating systems; choose another name")
        return client


def is_slug(text: str) -> bool:
    """Whether `text` can name a client: lower-case letters, digits and inner hyphens, 1 to 40 long."""
    return re.fullmatch(SLUG, text) is not None and text not in RESERVED_NAMES
