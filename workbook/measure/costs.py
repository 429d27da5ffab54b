"""What each missing or thin table costs: one short sentence a table."""

from __future__ import annotations

from workbook.evidence import TableQuality

LOST = {
    "employees": "growth, turnover, pay and team sizes cannot be measured",
    "roles": "succession gaps and the cost of vacancies cannot be measured",
    "successors": "whether critical roles have a successor is unknown",
    "survey": "engagement, manager scores and cross-team friction cannot be measured",
    "survey_summary": "who was invited is unknown, so response rates are missing",
    "delivery": "on-time delivery, rework and decision times cannot be measured",
    "initiatives": "what late work costs, and why it is late, is unknown",
    "training": "today's spend cannot be audited",
    "readiness": "whether the company is ready for training is assumed, not measured",
    "involvement": "managers' part in the training is unknown",
    "interviews": "the signals stand without what people said",
    "ratings": "whether behaviour changed cannot be shown",
    "sessions": "sessions held, postponed and cancelled are unknown",
    "participants": "who started and completed is unknown",
    "metrics": "who agreed to which success metric is unknown",
}
THIN_SHARE = 0.8


def with_costs(quality: tuple[TableQuality, ...]) -> tuple[TableQuality, ...]:
    """Table quality with what is lost: the answers themselves where a table is missing, certainty where it is thin.

    Under 80 % of its cells filled a table is thin (house assumption). Costs already given are kept. A survey makes up
    for a missing summary in all but response rates, a summary for a missing survey in all but respondents' spread.
    """
    given = {table.table for table in quality if table.present}
    return tuple(row if row.costs else row.model_copy(update={"costs": cost_of(row, given)}) for row in quality)


def cost_of(row: TableQuality, given: set[str]) -> tuple[str, ...]:
    """Answers lost by one table's gaps."""
    lost = LOST.get(row.table)
    if lost is None:
        return ()
    if row.present:
        thin = row.completeness_share is not None and row.completeness_share < THIN_SHARE
        return (f"gaps make these less certain: {lost}",) if thin else ()
    if row.table == "survey" and "survey_summary" in given:
        return ("scores come as the vendor released them; answers cannot be regrouped",)
    if row.table == "survey_summary" and "survey" not in given:
        return (LOST["survey"],)
    return (lost,)
