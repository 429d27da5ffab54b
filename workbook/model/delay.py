"""The cost of starting later, valued over the same calendar months, and the order of work that costs least."""

from __future__ import annotations

from itertools import permutations
from typing import Any

import numpy as np
import numpy.typing as npt

from workbook.model.returns import discount_factors

Quantity = Any
Floats = npt.NDArray[np.float64]


def npv_by_window(net: Floats, *, yearly_rate: float) -> Floats:
    """NPV of the first n months of a flow for n = 0..H; last axis months 0..H."""
    factors = discount_factors(yearly_rate=yearly_rate, months=np.shape(net)[-1] - 1)
    return np.asarray(np.cumsum(np.asarray(net, dtype=float) * factors, axis=-1))


def npv_started_later(net: Floats, *, months: int, yearly_rate: float) -> Quantity:
    """NPV over the same calendar months when the whole flow starts `months` later: v^k NPV_{H-k}; zero from k > H.

    `net` is the flow of a start today, months 0..H, under stationary leaks.
    """
    horizon = np.shape(net)[-1] - 1
    if months > horizon:
        return np.zeros(np.shape(net)[:-1])
    factor = discount_factors(yearly_rate=yearly_rate, months=months)[months]
    return factor * npv_by_window(net, yearly_rate=yearly_rate)[..., horizon - months]


def cost_of_delay_money(net: Floats, *, months: int, yearly_rate: float) -> Quantity:
    """NPV starting now less NPV starting `months` later, over one fixed window. Negative: waiting is cheaper.

    CoD(k) = (1 - v^k) NPV_{H-k} + sum over t = H-k+1..H of b(t) v^t.
    """
    now = npv_started_later(net, months=0, yearly_rate=yearly_rate)
    return now - npv_started_later(net, months=months, yearly_rate=yearly_rate)


def deferral_money(net: Floats, *, months: int, yearly_rate: float) -> Quantity:
    """The rolling form, pure deferral: NPV (1 - v^k), the window moving with the start."""
    factor = discount_factors(yearly_rate=yearly_rate, months=months)[months]
    return npv_started_later(net, months=0, yearly_rate=yearly_rate) * (1 - factor)


def tail_share(net: Floats, *, months: int, yearly_rate: float) -> Quantity:
    """Part of the cost of delay that is the window's last `months` lost: CoD - (1 - v^k) NPV_{H-k}, over CoD."""
    cost = cost_of_delay_money(net, months=months, yearly_rate=yearly_rate)
    horizon = np.shape(net)[-1] - 1
    factors = discount_factors(yearly_rate=yearly_rate, months=horizon)
    tail = np.asarray(net)[..., horizon - months + 1 :] @ factors[horizon - months + 1 :]
    return tail / cost


def last_worthwhile_month(net: Floats, *, yearly_rate: float) -> int | None:
    """The last start, in months from now, at which the NPV over the fixed window is not below zero; None if never.

    A start after which no month is left to spend in is worth zero and does not count.
    """
    horizon = np.shape(net)[-1] - 1
    worth = [float(npv_started_later(net, months=k, yearly_rate=yearly_rate)) for k in range(horizon)]
    good = [k for k, money in enumerate(worth) if money >= 0]
    return max(good) if good else None


def cd3(*, cost_of_delay_money_per_month: Quantity, duration_months: Quantity) -> Quantity:
    """Cost of delay divided by duration: do the largest first.

    Orders exactly only when undiscounted, at constant cost of delay, in one queue, without horizon (Reinertsen 2009).
    """
    return cost_of_delay_money_per_month / duration_months


def waiting_cost_money(
    order: tuple[int, ...], *, cost_of_delay_money_per_month: Floats, duration_months: Floats
) -> float:
    """Cost of doing the jobs one after another in this order, each costing its rate until it is done."""
    finished = np.cumsum(np.asarray(duration_months)[list(order)])
    return float(np.sum(finished * np.asarray(cost_of_delay_money_per_month)[list(order)]))


def best_order(*, cost_of_delay_money_per_month: Floats, duration_months: Floats) -> tuple[int, ...]:
    """The order that costs least, by trying all: for a handful of jobs, and whatever the shape of their costs."""
    jobs = range(len(duration_months))
    return min(
        permutations(jobs),
        key=lambda order: waiting_cost_money(
            order, cost_of_delay_money_per_month=cost_of_delay_money_per_month, duration_months=duration_months
        ),
    )
