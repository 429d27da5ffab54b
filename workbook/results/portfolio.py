"""`portfolio.json`: what a page of many clients shows of each, and nothing more."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from workbook.frozen import Frozen
from workbook.results.common import Answer, Colour


class PortfolioRow(Frozen):
    """One client in a line. ROI in percent and payback in months of the track the answer funds; shares are fractions.

    `client` is the folder's name, `name` the client's own; anonymised, both are a label such as `Client A`, and
    `currency`, `as_of` and month and day of `run_date` are gone.
    """

    client: str
    name: str
    answer: Answer
    certainty: float | None
    track: str | None
    roi_p10: float | None
    roi_p50: float | None
    roi_p90: float | None
    payback_month: float | None
    horizon_months: int
    readiness: Colour
    readiness_score: float | None
    completeness_share: float
    tables_given: int
    tables_asked: int
    currency: str | None
    as_of: dt.date | None
    run_date: str | None
    synthetic: bool


class Portfolio(Frozen):
    """All clients, sorted by name; anonymised ones in the order of their labels."""

    clients: tuple[PortfolioRow, ...]
    anonymous: bool
    left_out: int = 0

    @classmethod
    def load(cls, path: str | Path) -> Portfolio:
        """Read `portfolio.json`."""
        return cls.model_validate_json(Path(path).read_bytes())

    def text(self) -> str:
        """The JSON text, the same bytes for the same clients."""
        return self.model_dump_json(indent=1) + "\n"
