"""Words every part uses: statuses, answers, who the client is, a number with its interval."""

from __future__ import annotations

import datetime as dt
from typing import Literal

from workbook.frozen import Frozen
from workbook.settings import Switches

Status = Literal["present", "near", "clear", "insufficient data"]
TrendStatus = Literal["degrading", "stable", "improving", "insufficient data"]
Answer = Literal["leadership first", "technical first", "split", "neither", "insufficient data"]
Colour = Literal["green", "amber", "red", "insufficient data"]


class Facts(Frozen):
    """Who the client is and by what conventions the figures were made."""

    client: str
    name: str
    currency: str
    locale: str
    as_of: dt.date
    budget_money: float
    budget_source: Literal["client.yml", "training", "assumption", "scenario"]
    cohort_size: int
    comparison_size: int
    horizon_months: int
    discount_rate: float
    headcount: int | None
    synthetic: bool
    licence: str | None
    priorities: tuple[str, ...]
    switches: Switches


class Provenance(Frozen):
    """What made these figures: digest (SHA-256) of each input file, version, seed, draws."""

    inputs: dict[str, str]
    version: str
    seed: int
    draws: int


class Point(Frozen):
    """One observation of a series; low and high are the 90 % interval."""

    period: dt.date
    value: float | None
    low: float | None = None
    high: float | None = None
    n: float | None = None


class Estimate(Frozen):
    """A measured number with its 90 % interval (95 % where `coverage` says so)."""

    value: float | None
    low: float | None = None
    high: float | None = None
    n: float | None = None
    coverage: float = 0.90
    why: str | None = None
    suppressed: bool = False
