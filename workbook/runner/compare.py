"""Scenarios side by side on the same draws, so that a difference is the scenarios' and not the dice's."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator, Sequence
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from workbook import weeks
from workbook.errors import BadArgument
from workbook.evidence import Evidence
from workbook.frozen import Frozen
from workbook.model.returns import payback_month, present_value, roi_percent
from workbook.results import Answer, Facts
from workbook.scenario import Scenario
from workbook.weeks.decision import DecisionProblem, decision_problem
from workbook.weeks.verdict import answer_of
from workbook.words import Words

Floats = npt.NDArray[np.float64]
SAME_FOR_ALL: Final = ("name", "draws", "seed")
LABEL_WIDTH, COLUMN_WIDTH = 26, 20


class Percentiles(Frozen):
    """P10, P50 and P90 over the draws; None where the figure is not reached within the horizon or does not exist."""

    p10: float | None
    p50: float | None
    p90: float | None


class Paired(Frozen):
    """Net present value less the first scenario's, draw by draw. Draws in which both are equal are not better."""

    mean: float
    p10: float
    p50: float
    p90: float
    p_better: float


class Compared(Frozen):
    """One scenario's decision: the plan it would choose and what that plan is worth. `versus_first` is the pair."""

    scenario: Scenario
    changed: dict[str, float]
    budget_money: float
    answer: Answer
    certainty: float | None
    plan_cost: float
    leadership_share: float | None
    expected_npv: float
    npv: Percentiles
    roi_percent: Percentiles
    payback_month: Percentiles
    p_npv_positive: float | None
    versus_first: Paired | None


class Comparison(Frozen):
    """Scenarios of one client on the same draws; the first is what the others are compared with."""

    facts: Facts
    draws: int
    seed: int
    columns: tuple[Compared, ...]


def compare(evidence: Evidence, scenarios: Sequence[Scenario]) -> Comparison:
    """Work every scenario out on the first one's seed and draws and pair each with the first, draw by draw.

    Each assumption has its own column of the draws, so a scenario that moves one assumption moves no other. Raises
    BadArgument when there is no scenario or two bear the same name.
    """
    if not scenarios:
        raise BadArgument("compare: no scenario was named. Name one at least, such as base.")
    names = [scenario.name for scenario in scenarios]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise BadArgument(f"compare: '{twice[0]}' is named twice. Name each scenario once.")
    first = scenarios[0]
    same = {"draws": first.draws, "seed": first.seed}
    columns: list[Compared] = []
    base: Floats | None = None
    for scenario in scenarios:
        worth, column = _column(evidence, scenario.model_copy(update=same), base)
        base = worth if base is None else base
        columns.append(column)
    return Comparison(facts=weeks.facts(evidence, columns[0].scenario), columns=tuple(columns), **same)


def _column(evidence: Evidence, scenario: Scenario, base: Floats | None) -> tuple[Floats, Compared]:
    """The chosen plan's worth by draw, and the scenario's column."""
    problem = decision_problem(evidence, scenario, weeks.week1(evidence, scenario))
    chosen, answer = problem.chosen, answer_of(problem)
    plan, worth = problem.plans[chosen], problem.utilities_of([problem.chosen])[:, 0]
    spends = plan.cost > 0
    roi, back = _returns(problem, chosen) if spends else (None, None)
    return worth, Compared(
        scenario=scenario,
        changed=changes(scenario),
        budget_money=problem.terms.budget_money,
        answer=answer,
        certainty=None if answer == "insufficient data" else problem.certainty[problem.classes[chosen]],
        plan_cost=plan.cost,
        leadership_share=plan.leadership_share,
        expected_npv=float(worth.mean()),
        npv=_percentiles(worth),
        roi_percent=_percentiles(roi),
        payback_month=_percentiles(back),
        p_npv_positive=float(np.mean(worth > 0)) if spends else None,
        versus_first=None if base is None else paired(worth, base),
    )


def _returns(problem: DecisionProblem, plan: int) -> tuple[Floats, Floats]:
    """ROI in percent and month of payback, by draw."""
    benefits, costs = problem.monthly(plan, point=False)
    rate = problem.terms.yearly_rate
    worth, bill = (present_value(flow, yearly_rate=rate) for flow in (benefits, costs))
    return np.asarray(roi_percent(benefits=worth, costs=bill)), payback_month(benefits - costs)


def paired(worth: Floats, base: Floats) -> Paired:
    """Difference of two scenarios' worth over common draws (S,), and how often the first of them is better."""
    gain = worth - base
    p10, p50, p90 = (float(value) for value in np.percentile(gain, [10, 50, 90]))
    return Paired(mean=float(gain.mean()), p10=p10, p50=p50, p90=p90, p_better=float(np.mean(gain > 0)))


def _percentiles(values: Floats | None) -> Percentiles:
    """Values that actual draws took, so that months may be infinite: those become None."""
    if values is None:
        return Percentiles(p10=None, p50=None, p90=None)
    found = np.percentile(values, [10, 50, 90], method="inverted_cdf")
    p10, p50, p90 = (float(value) if np.isfinite(value) else None for value in found)
    return Percentiles(p10=p10, p50=p50, p90=p90)


def changes(scenario: Scenario) -> dict[str, float]:
    """What a scenario moves away from client.yml, by key; assumptions under their own names."""
    plain = Scenario().model_dump()
    moved: dict[str, float] = {}
    for key, value in scenario.model_dump().items():
        if key in SAME_FOR_ALL or value == plain[key]:
            continue
        if key == "overrides":
            moved.update(value)
        elif isinstance(value, dict):
            moved.update({f"{key}.{part}": v for part, v in value.items() if v != plain[key].get(part)})
        else:
            moved[key] = value
    return moved


Say = Callable[[Compared], str]


def table(comparison: Comparison) -> str:
    """The comparison as aligned text, a column a scenario, in the client's locale and currency."""
    lines = [_line("scenario", [column.scenario.name for column in comparison.columns])]
    lines.append(_line("-" * (LABEL_WIDTH - 2), ["-" * (COLUMN_WIDTH - 2)] * len(comparison.columns)))
    for label, say in _rows(Words.of(comparison.facts), comparison.columns[0].scenario.name):
        lines.append(_line(label, [say(column) for column in comparison.columns]))
    lines.append("")
    for column in comparison.columns:
        if column.changed:
            moved = ", ".join(f"{key}={value:.12g}" for key, value in column.changed.items())
            lines.append(f"{column.scenario.name}: {moved}")
    lines.append(f"All on the same {comparison.draws:,} draws (seed {comparison.seed}).")
    return "\n".join(lines)


def _rows(say: Words, first: str) -> Iterator[tuple[str, Say]]:
    yield "verdict", lambda column: column.answer
    yield "certainty", lambda column: say.chance(column.certainty)
    yield "budget", lambda column: say.money_full(column.budget_money)
    yield "plan cost", lambda column: say.money_full(column.plan_cost)
    yield "share to leadership", lambda column: say.share(column.leadership_share)
    yield "NPV expected", lambda column: say.money_full(column.expected_npv)
    for name in ("p10", "p50", "p90"):
        yield f"NPV {name.upper()}", _money(say, name)
    yield "ROI P50", lambda column: say.percent(column.roi_percent.p50)
    yield (
        "payback P50",
        lambda column: say.payback(column.payback_month.p50) if column.plan_cost > 0 else "nothing is bought",
    )
    yield "P(NPV above 0)", lambda column: say.chance(column.p_npv_positive)
    for name in ("mean", "p10", "p90"):
        yield f"NPV less {first}'s, {name.upper() if name != 'mean' else name}", _difference(say, name)
    yield f"P(better than {first})", lambda column: _better(say, column.versus_first)


def _money(say: Words, name: str) -> Say:
    return lambda column: say.money_full(getattr(column.npv, name))


def _difference(say: Words, name: str) -> Say:
    return lambda c: "" if c.versus_first is None else say.money_full(getattr(c.versus_first, name))


def _better(say: Words, pair: Paired | None) -> str:
    if pair is None:
        return ""
    same = pair.mean == pair.p10 == pair.p90 == 0
    return "equal in all draws" if same else say.chance(pair.p_better)


def _line(label: str, cells: Sequence[str]) -> str:
    return (label.ljust(LABEL_WIDTH) + "".join(cell.ljust(COLUMN_WIDTH) for cell in cells)).rstrip()


def csv_text(comparison: Comparison) -> str:
    """The comparison as CSV, a row a scenario, nothing rounded; an empty cell is a figure that does not exist."""
    rows = [_flat(column) for column in comparison.columns]
    made = io.StringIO()
    writer = csv.DictWriter(made, list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return made.getvalue()


def _flat(column: Compared) -> dict[str, Any]:
    flat: dict[str, Any] = {
        "scenario": column.scenario.name,
        "changed": "; ".join(f"{key}={value!r}" for key, value in column.changed.items()),
    }
    for key in ("answer", "certainty", "budget_money", "plan_cost", "leadership_share", "expected_npv"):
        flat[key] = getattr(column, key)
    for key in ("npv", "roi_percent", "payback_month"):
        flat.update({f"{key}_{name}": value for name, value in getattr(column, key).model_dump().items()})
    flat["p_npv_positive"] = column.p_npv_positive
    pair = column.versus_first
    for name in Paired.model_fields:
        flat[f"npv_less_first_{name}" if name != "p_better" else "p_better_than_first"] = getattr(pair, name, None)
    return flat
