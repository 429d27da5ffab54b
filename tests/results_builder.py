"""A complete, realistic small `Results` made of literal values, and a nearly empty one, for tests of views and packs.

The figures are invented for the tests; they agree with one another closely enough to be read as a case.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from tests.results_builder_depth import deeper_week1, deeper_week2, deeper_week3
from tests.results_builder_followup import build_followup, empty_followup
from tests.results_builder_start import build_start, empty_start
from tests.results_builder_week1 import build_week1, empty_week1
from tests.results_builder_week2 import build_week2, empty_week2
from tests.results_builder_week34 import build_week3, build_week4, empty_week4
from workbook import results as r
from workbook.settings import Switches

AS_OF = dt.date(2026, 6, 30)


def build_results(**changes: Any) -> r.Results:
    """A measured client whose answer is `leadership first`; `changes` replace top-level fields."""
    base: dict[str, Any] = {
        "client": "acme",
        "currency": "GBP",
        "as_of": AS_OF,
        "cohort_size": 24,
        "facts": build_facts(),
        "provenance": r.Provenance(
            inputs={"employees.csv": "1f" * 32, "survey.csv": "2e" * 32}, version="0.1.0", seed=20_240_101, draws=16_384
        ),
        "quality": build_start(),
        "week1": deeper_week1(build_week1()),
        "week2": deeper_week2(build_week2()),
        "week3": deeper_week3(build_week3()),
        "week4": build_week4(),
        "verdict": build_verdict(),
        "followup": build_followup(),
        "grid": build_grid(),
    }
    return r.Results(**{**base, **changes})


def empty_results() -> r.Results:
    """A client who gave only `client.yml`: everything that can be missing is missing."""
    return build_results(
        facts=build_facts(headcount=None, synthetic=False, licence="MIT (teaching tables)", priorities=()),
        provenance=r.Provenance(inputs={}, version="0.1.0", seed=20_240_101, draws=16_384),
        quality=empty_start(),
        week1=empty_week1(),
        week2=empty_week2(),
        week3=r.Week3(
            plan=(),
            spent=0.0,
            budget=250_000.0,
            unallocated=250_000.0,
            binding=(),
            share_leadership=None,
            expected_npv=0.0,
            shadow_price=None,
            frontier=(),
            switch_budget=None,
            alternatives=(),
            programmes=(),
            method="reference",
        ),
        week4=empty_week4(),
        verdict=r.Verdict(
            answer="insufficient data",
            economic_answer="neither",
            reasons=("No employee records were given, so the gate cannot be checked.",),
            certainty=None,
            classes=(),
            evpi=None,
            flips=(),
            survives_conservative=None,
            gate_agrees=None,
            ask_for=("employees.csv: hire and exit dates, unit, level",),
        ),
        followup=empty_followup(),
        grid=r.Grid(budgets=(), cohort_sizes=(), points=()),
    )


def build_facts(**changes: Any) -> r.Facts:
    """Facts of the sample client."""
    base: dict[str, Any] = {
        "client": "acme",
        "name": "Acme Software",
        "currency": "GBP",
        "locale": "en_GB",
        "as_of": AS_OF,
        "budget_money": 250_000.0,
        "budget_source": "client.yml",
        "cohort_size": 24,
        "comparison_size": 24,
        "horizon_months": 24,
        "discount_rate": 0.08,
        "headcount": 412,
        "synthetic": True,
        "licence": None,
        "priorities": ("Ship the platform on time", "Keep our best people"),
        "switches": Switches(),
    }
    return r.Facts(**{**base, **changes})


def build_verdict(**changes: Any) -> r.Verdict:
    """Leadership first, 78 % certain."""
    base: dict[str, Any] = {
        "answer": "leadership first",
        "economic_answer": "leadership first",
        "reasons": (
            "Three of four signals are present and one metric is degrading, so the gate is open.",
            "The best leadership plan returns about £364k net over 24 months.",
        ),
        "certainty": 0.78,
        "classes": (
            r.ClassValue(
                answer="leadership first",
                expected_npv=364_000.0,
                p_best=0.78,
                spend=227_000.0,
                share_leadership=0.9,
                admissible=True,
            ),
            r.ClassValue(
                answer="split",
                expected_npv=301_000.0,
                p_best=0.12,
                spend=240_000.0,
                share_leadership=0.5,
                admissible=True,
            ),
            r.ClassValue(
                answer="technical first",
                expected_npv=82_000.0,
                p_best=0.06,
                spend=180_000.0,
                share_leadership=0.0,
                admissible=True,
            ),
            r.ClassValue(
                answer="neither", expected_npv=0.0, p_best=0.04, spend=0.0, share_leadership=None, admissible=True
            ),
        ),
        "evpi": 31_000.0,
        "flips": (
            r.Flip(
                assumption="leadership_d",
                label="Effect of leadership training (d)",
                value_now=0.31,
                flips_at=0.12,
                to_answer="split",
                probability=0.17,
            ),
            r.Flip(
                assumption="replacement_share",
                label="Replacement cost as share of pay",
                value_now=0.33,
                flips_at=None,
                to_answer=None,
                probability=None,
            ),
        ),
        "survives_conservative": True,
        "gate_agrees": True,
    }
    return r.Verdict(**{**base, **changes})


def build_grid() -> r.Grid:
    """Eleven budgets by nine cohort sizes; NPV grows with both and flattens."""
    budgets = tuple(float(b) for b in range(0, 550_000, 50_000))
    cohorts = (6, 12, 18, 24, 30, 36, 48, 60, 72)
    return r.Grid(
        budgets=budgets, cohort_sizes=cohorts, points=tuple(_grid_point(b, c) for b in budgets for c in cohorts)
    )


def _grid_point(budget: float, cohort: int) -> r.GridPoint:
    seats = int(min(cohort, budget // 8_000))
    spent = {"leadership": seats * 8_000.0, "technical": min(budget, cohort * 2_400.0), "chosen": seats * 8_000.0}
    npv = {"leadership": seats * 15_000.0 - seats**2 * 60.0, "technical": spent["technical"] * 0.4}
    best = max(npv.values())
    return r.GridPoint(
        budget=budget,
        cohort_size=cohort,
        answer="leadership first" if seats else "neither",
        certainty=0.78 if seats else 0.9,
        npv={**npv, "chosen": best},
        roi_percent={
            "leadership": 100 * npv["leadership"] / spent["leadership"] if seats else None,
            "technical": 40.0 if budget else None,
            "chosen": 100 * best / spent["chosen"] if seats else None,
        },
        p_npv_positive={
            "leadership": 0.84 if seats else None,
            "technical": 0.58 if budget else None,
            "chosen": 0.84 if seats else None,
        },
        payback_month={
            "leadership": 11.0 if seats else None,
            "technical": 17.0 if budget else None,
            "chosen": 11.0 if seats else None,
        },
        spent=spent,
        seats=seats,
    )
