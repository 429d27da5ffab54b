"""The grid of plans: spend levels x leadership shares, each a reference mix, fixed before any draw is looked at."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from workbook.model import plans as planning
from workbook.weeks import economics_flow as flow
from workbook.weeks.economics_company import Company
from workbook.weeks.economics_leaks import COMPONENTS, NAMES

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]
TRACKS: Final = ("leadership", "technical")
SPEND_STEPS: Final = 10
MOST_SPEND_LEVELS: Final = 20
LEADERSHIP_SHARES: Final = tuple(step / 8 for step in range(9))


@dataclass(frozen=True)
class Terms:
    """What the decision is about besides the evidence: money, people, months, and what week 1 admits."""

    budget_money: float
    step_money: float
    cohort_size: int
    horizon_months: int
    yearly_rate: float
    start_month: int
    gate_fired: bool | None
    readiness_red: bool
    transfer: float
    minimum_technical_share: float


@dataclass(frozen=True)
class Plan:
    """One plan of the grid: its point cost, the leadership share of that, and seats by programme and block."""

    cost: float
    leadership_share: float | None
    seats: Mapping[str, tuple[int, ...]]


def spend_levels(*, budget_money: float, step_money: float) -> Floats:
    """Amounts a plan may spend up to: multiples of the step below the budget, and the budget. At most twenty."""
    if budget_money <= 0:
        return np.zeros(0)
    step = step_money
    while budget_money / step > MOST_SPEND_LEVELS * (1 + 1e-9):
        step *= 2
    below = step * np.arange(1, int(np.ceil(budget_money / step - 1e-9)))
    return np.append(below[below < budget_money * (1 - 1e-9)], budget_money)


def plan_grid(
    terms: Terms,
    company: Company,
    offers: Sequence[flow.Offer],
    parts: Floats,
    effects: Sequence[Mapping[str, Any]],
    counted: Bools,
) -> tuple[list[Ints], Floats, Floats, dict[str, tuple[int, ...]]]:
    """Seats of every plan, the spend level each was drawn up for, the levels, and each track's own plan at each level.

    Spend levels x leadership shares, each a reference mix, besides one a level that buys by benefit over cost
    alone; and the same again with stand-in leaks where tables are missing, so that there is a plan for what
    they might show. Equal plans are kept once; the first plan spends nothing, and cheaper levels come first.
    """
    levels = spend_levels(budget_money=terms.budget_money, step_money=terms.step_money)
    shares = np.stack([company.shares[name] for name in NAMES])
    blocks = [[np.zeros((1, len(offer.targets)), dtype=np.int64) for offer in offers]]
    caps = [np.zeros(1)]
    rows = 1
    own: dict[str, list[list[int]]] = {track: [] for track in TRACKS}
    for view in [counted] if counted.all() else [counted, np.ones_like(counted)]:
        options = flow.planning_options(
            offers, parts, effects, view, yearly_rate=terms.yearly_rate, horizon_months=terms.horizon_months
        )
        blocks.append(_mixes(offers, options, levels, terms.cohort_size, shares))
        caps.append(np.repeat(levels, len(LEADERSHIP_SHARES)))
        starts = rows + len(LEADERSHIP_SHARES) * np.arange(len(levels))
        own["technical"].append(starts.tolist())
        own["leadership"].append((starts + len(LEADERSHIP_SHARES) - 1).tolist())
        blocks.append(_greedy(options, levels, terms.cohort_size, shares))
        caps.append(levels)
        rows += (len(LEADERSHIP_SHARES) + 1) * len(levels)
    if not offers:
        return [], np.zeros(1), levels, {track: (0,) * len(levels) for track in TRACKS}
    seats = [np.concatenate([block[k] for block in blocks]) for k in range(len(offers))]
    kept, place = _distinct(seats)
    first_caps = np.full(len(kept[0]), np.inf)
    np.minimum.at(first_caps, place, np.concatenate(caps))
    chosen = {track: found[0 if _measured(track, counted, offers) else -1] for track, found in own.items()}
    return kept, first_caps, levels, {track: tuple(place[found].tolist()) for track, found in chosen.items()}


def _measured(track: str, counted: Bools, offers: Sequence[flow.Offer]) -> bool:
    """Whether anything a track acts on is measured; where nothing is, its own plan is drawn up from stand-ins."""
    acted = {leak for offer in offers if offer.track == track for leak in offer.programme.effect_at_ref}
    return any(counted[k] and COMPONENTS[name].leak in acted for k, name in enumerate(NAMES))


def _mixes(
    offers: Sequence[flow.Offer], options: Sequence[planning.Option], levels: Floats, people: int, shares: Floats
) -> list[Ints]:
    """Seats of the mixes of every spend level, from all technical to all leadership."""
    mix = np.tile(np.array(LEADERSHIP_SHARES), len(levels))
    money = np.repeat(levels, len(LEADERSHIP_SHARES))
    leading = np.floor(people * mix + 0.5).astype(np.int64)
    limits = {"leadership": (money * mix, leading), "technical": (money * (1 - mix), people - leading)}
    found: dict[int, Ints] = {}
    for track, (budgets, seats) in limits.items():
        own = [k for k, offer in enumerate(offers) if offer.track == track]
        filled = planning.fill([options[k] for k in own], budgets_money=budgets, seats=seats, unit_shares=shares)
        found.update(zip(own, filled, strict=True))
    return [found[k] for k in range(len(offers))]


def _greedy(options: Sequence[planning.Option], levels: Floats, people: int, shares: Floats) -> list[Ints]:
    """Plans that buy by expected benefit over cost, whatever the track."""
    seats = np.full(len(levels), people, dtype=np.int64)
    most = 2 * planning.MOST_PROGRAMMES
    return planning.fill(
        options, budgets_money=levels, seats=seats, unit_shares=shares, rule="ratio", most_programmes=most
    )


def _distinct(seats: list[Ints]) -> tuple[list[Ints], Ints]:
    """Different plans in order of first appearance, and where each row went."""
    rows = np.ascontiguousarray(np.concatenate(seats, axis=1))
    seen: dict[bytes, int] = {}
    place = np.array([seen.setdefault(row.tobytes(), len(seen)) for row in rows], dtype=np.int64)
    first = np.unique(place, return_index=True)[1]
    return [block[first] for block in seats], place


def described(
    offers: Sequence[flow.Offer], seats: Sequence[Ints], company: Company, point: Mapping[str, float]
) -> list[Plan]:
    """Cost, leadership share and seats of each plan at point values."""
    count = len(seats[0]) if seats else 1
    costs = {track: np.zeros(count) for track in TRACKS}
    weights = flow.cost_features(point, 1)[0]
    for offer, bought in zip(offers, seats, strict=True):
        costs[offer.track] += weights @ flow.cost_parts([offer], [bought])
    total = costs["leadership"] + costs["technical"]
    return [
        Plan(
            cost=float(total[row]),
            leadership_share=float(costs["leadership"][row] / total[row]) if total[row] > 0 else None,
            seats={o.key: tuple(b[row].tolist()) for o, b in zip(offers, seats, strict=True) if b[row].any()},
        )
        for row in range(count)
    ]
