"""The grid of reference plans, and all results in one."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Literal

from workbook.frozen import Frozen
from workbook.results.common import Answer, Facts, Provenance
from workbook.results.followup import Followup
from workbook.results.week1 import Start, Week1
from workbook.results.week2 import Week2
from workbook.results.week3 import Week3
from workbook.results.week4 import Verdict, Week4


class GridPoint(Frozen):
    """Figures of the reference plans at one budget and cohort size, for sliders without a kernel."""

    budget: float
    cohort_size: int
    answer: Answer
    certainty: float | None
    npv: dict[Literal["leadership", "technical", "chosen"], float]
    roi_percent: dict[Literal["leadership", "technical", "chosen"], float | None]
    p_npv_positive: dict[Literal["leadership", "technical", "chosen"], float | None]
    payback_month: dict[Literal["leadership", "technical", "chosen"], float | None]
    spent: dict[Literal["leadership", "technical", "chosen"], float]
    seats: int


class Grid(Frozen):
    """budget (11) x cohort size (9)."""

    budgets: tuple[float, ...]
    cohort_sizes: tuple[int, ...]
    points: tuple[GridPoint, ...]


class Results(Frozen):
    """All of it."""

    client: str
    currency: str
    as_of: dt.date
    cohort_size: int
    facts: Facts
    provenance: Provenance
    quality: Start
    week1: Week1
    week2: Week2
    week3: Week3
    week4: Week4
    verdict: Verdict
    followup: Followup
    grid: Grid

    @classmethod
    def load(cls, path: str | Path) -> Results:
        """Read `results.json`."""
        return cls.model_validate_json(Path(path).read_bytes())

    def dump(self, path: str | Path) -> None:
        """Write `results.json`, the same bytes for the same results."""
        Path(path).write_text(self.model_dump_json(indent=1) + "\n", encoding="utf-8", newline="\n")
