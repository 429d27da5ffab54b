"""Where no plan that spends money keeps to all limits: the fewest that would have to give."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations

import numpy as np

from workbook.model.allocation_milp import solve
from workbook.results import LimitToRelax
from workbook.weeks import economics_exact as exact
from workbook.weeks import economics_flow as flow
from workbook.weeks.economics_exact_search import Search


def limits_to_relax(search: Search, budget_money: float) -> tuple[LimitToRelax, ...]:
    """The fewest limits that must give way before anything at all can be bought, by the least money; empty if none."""
    asked = _with_room(search).asked(budget_money)
    if not asked.lines:
        return ()
    low, high = asked.limits.leadership_share
    if low > high:
        return _shares_exclude(search, budget_money)
    offers = search.problem.offers
    weights = flow.cost_features(search.problem.point, 1)[0]
    first = [line.segments[0] for line in asked.lines if line.segments]
    seat = min((float(weights @ (each.fixed / each.high + each.per_seat)) for each in first), default=0.0)
    hour = max(
        (o.time_money_per_participant / max(o.programme.hours_per_participant, 1.0) for o in offers), default=1.0
    )
    prices = {"budget": 1.0, "cohort": seat}
    if np.isfinite(asked.limits.hours_per_unit).any():
        prices["hours"] = hour
    prices |= {"least leadership share": 1.0} if low > 0 else {}
    prices |= {"most leadership share": 1.0} if high < 1 else {}
    if solve(asked, spend=True, relaxed={}).status != "infeasible":
        return ()
    for size in range(1, len(prices) + 1):
        found = [
            (name_set, solve(asked, spend=True, relaxed={name: prices[name] for name in name_set}))
            for name_set in combinations(prices, size)
        ]
        open_ = [(sum(prices[n] * each.exceeded[n] for n in names), names, each) for names, each in found
                 if each.status != "infeasible"]  # fmt: skip
        if open_:
            _, names, best = min(open_, key=lambda row: row[0])
            return tuple(_relaxed(name, best.exceeded[name], prices[name]) for name in names)
    return ()


def _relaxed(name: str, amount: float, price: float) -> LimitToRelax:
    unit = {"cohort": "seats", "hours": "hours"}.get(name, "money")
    return LimitToRelax.model_validate({"limit": name, "amount": amount, "unit": unit, "money": price * amount})


def _shares_exclude(search: Search, budget_money: float) -> tuple[LimitToRelax, ...]:
    """Two least shares that cannot both hold: how much of a budget spent in full they ask for twice."""
    low, high = exact.share_limits(search.problem, search.wishes, None)
    return (_relaxed("least leadership share", (low - high) * budget_money, 1.0),)


def _with_room(search: Search) -> Search:
    """The same search with seats for one group of any programme, however small the cohort."""
    problem = search.problem
    largest = max((offer.programme.group_min for offer in problem.offers), default=1)
    if largest <= problem.terms.cohort_size:
        return search
    offers = flow.offers_of(
        [offer.programme for offer in problem.offers],
        problem.company,
        problem.point,
        transfer=problem.terms.transfer,
        most_seats=largest,
    )
    return replace(search, problem=replace(problem, offers=offers))
