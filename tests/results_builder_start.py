"""The start page of `results_builder`: literal values only."""

from __future__ import annotations

from workbook import results as r
from workbook.evidence import TableQuality


def build_start() -> r.Start:
    """Five tables given, two missing."""
    table = TableQuality
    return r.Start(
        tables=(
            table(
                table="employees",
                present=True,
                file="employees.csv",
                rows=463,
                completeness_share=0.97,
                notes=("14 rows without pay",),
            ),
            table(table="roles", present=True, file="roles.csv", rows=58, completeness_share=0.91),
            table(table="successors", present=True, file="successors.csv", rows=31, completeness_share=1.0),
            table(
                table="survey",
                present=True,
                file="survey.csv",
                rows=9_120,
                completeness_share=0.88,
                notes=("12 % of answers are blank",),
            ),
            table(table="delivery", present=True, file="delivery.csv", rows=48, completeness_share=0.74),
            table(table="interviews", present=False, costs=("No voices beside the figures.",)),
            table(table="participants", present=False, costs=("Reach is assumed, not measured.",)),
        ),
        completeness_share=0.86,
        missing=("interviews", "participants"),
        checklist=(
            ("Week 1", "HR systems", "Employees, roles, successors", True),
            ("Week 1", "Survey vendor", "Two or more survey waves", True),
            ("Week 2", "Finance", "Replacement cost of a leaver", False),
            ("Week 4", "Sponsor", "Success metrics agreed before the start", False),
        ),
        notes=("Units under ten people were merged into (small units).",),
    )


def empty_start() -> r.Start:
    """Nothing but client.yml."""
    return r.Start(
        tables=(TableQuality(table="employees", present=False, costs=("No turnover, no growth, no pay.",)),),
        completeness_share=0.0,
        missing=("employees",),
        checklist=(),
    )
