"""Internal rate of return of many flows at once, saying 'none' and 'multiple' plainly."""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
LOWEST_RATE: Final = -0.99
HIGHEST_RATE: Final = 10.0
RATES: Final = 257
STEPS: Final = 12
CHUNK: Final = 1024


class Rates(NamedTuple):
    """Yearly rates of flows (S,): nan where there is none or are several; -inf and inf beyond the rates looked for.

    `none` and `multiple` mark those flows; a flow that loses at every rate counts as none and its rate is -inf.
    """

    yearly: Floats
    none: npt.NDArray[np.bool_]
    multiple: npt.NDArray[np.bool_]


def irr_of_flows(net: Floats) -> Rates:
    """The yearly rate at which each monthly flow (S, months 0..H) is worth nothing, from -99 % to 1,000 % a year.

    Present values on a grid of rates show how often each flow crosses zero: never, once (narrowed down by false
    position, Illinois variant) or several times, when none of the rates is the answer. A flow that is negative at every
    rate never earns its money back (-inf); one positive at every rate earns more than 1,000 % or costs nothing (inf
    if it has costs, else nan). Two crossings inside one grid interval (about 3 % of the growth factor) look like none.
    """
    flow = np.atleast_2d(np.asarray(net, dtype=float))
    if len(flow) > CHUNK:
        parts = [irr_of_flows(flow[at : at + CHUNK]) for at in range(0, len(flow), CHUNK)]
        return Rates(*(np.concatenate(same) for same in zip(*parts, strict=True)))
    growth = np.geomspace(1 + LOWEST_RATE, 1 + HIGHEST_RATE, RATES)
    months = np.arange(flow.shape[1])
    values = flow @ (growth[None, :] ** (-months[:, None] / 12))
    above = values > 0
    changes = np.count_nonzero(above[:, 1:] != above[:, :-1], axis=1)
    losing, gaining = ~above.any(axis=1), above.all(axis=1)
    single = changes == 1
    yearly = np.full(len(flow), np.nan)
    yearly[losing] = -np.inf
    yearly[gaining & (flow < 0).any(axis=1)] = np.inf
    if single.any():
        at = np.argmax(above[single, 1:] != above[single, :-1], axis=1)
        rows = np.arange(len(at))
        ends = values[single][rows, at], values[single][rows, at + 1]
        yearly[single] = _narrowed(flow[single], (growth[at], growth[at + 1]), ends) - 1
    return Rates(yearly=yearly, none=(changes == 0) & ~np.isposinf(yearly), multiple=changes > 1)


def _narrowed(flow: Floats, ends: tuple[Floats, Floats], worth: tuple[Floats, Floats]) -> Floats:
    """Growth factors a year between `ends` at which each flow is worth nothing."""
    left, right = (end ** (-1 / 12) for end in ends)
    months = np.ascontiguousarray(flow.T)
    at_left, at_right = worth
    for _ in range(STEPS):
        gap = at_right - at_left
        middle = np.where(gap != 0, right - at_right * (right - left) / np.where(gap == 0, 1.0, gap), right)
        found = _worth(months, middle)
        other = np.sign(found) != np.sign(at_right)
        at_left = np.where(other, at_right, at_left / 2)
        left = np.where(other, right, left)
        right, at_right = middle, found
    return np.asarray(right**-12.0)


def _worth(months: Floats, monthly_factor: Floats) -> Floats:
    """Present value by Horner's rule of flows (H + 1, S), each at its own monthly discount factor."""
    total = np.zeros(months.shape[1])
    for due in months[::-1]:
        total *= monthly_factor
        total += due
    return total


def finite_rates(rates: Rates) -> list[float | None]:
    """The rate of each flow, None where there is none, are several, or it is beyond the rates looked for."""
    return [float(rate) if np.isfinite(rate) else None for rate in rates.yearly]


def percentiles(rates: Rates, shares: tuple[float, ...]) -> list[float | None]:
    """Rates at these shares of all flows that have one answer; None where it is beyond -99 % or 1,000 %.

    Flows that lose at every rate count as lower than any rate; flows with several rates are left out.
    """
    known = np.sort(rates.yearly[~np.isnan(rates.yearly)])
    if len(known) == 0:
        return [None for _ in shares]
    picked = [float(known[min(int(share * len(known)), len(known) - 1)]) for share in shares]
    return [rate if np.isfinite(rate) else None for rate in picked]
