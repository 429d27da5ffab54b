"""From plans to money: the saturating product of docs/methods.md, multiplied out, evaluated for all draws.

Benefits of a component are leak x sum over units of share x (1 - product over programmes of (1 - e reach R k(t)));
only the leak and e depend on the draw. Multiplied out, the product is a sum over sets of programmes; each set gives one
feature of the draws (leak x product of e R) and one coefficient of the plan (reach and time). All plans are then one
matrix product, exact for every draw.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from workbook.catalogue.programmes import (
    PRICES,
    REFERENCE_MANAGER_PAY_MONEY,
    Programme,
    features_changed,
    reinforcements_changed,
)
from workbook.model import returns
from workbook.model.plans import Option, whole_groups
from workbook.weeks.economics_company import Company
from workbook.weeks.economics_leaks import COMPONENTS, NAMES

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Quantity = Any
D_REF: Final = {"leadership": 0.31, "technical": 0.64}
D_NAME: Final = {"leadership": "d_leadership", "technical": "d_technical"}


@dataclass(frozen=True)
class Offer:
    """One programme as this client meets it: priced, its audience located, its course over time known.

    `start_month` counts from the month in which the scenario lets anything start.
    """

    programme: Programme
    blocks: tuple[str, ...]
    targets: Floats
    cover: Floats
    cost_by_seats: Floats
    bought_by_seats: Floats
    own_by_seats: Floats
    time_money_per_participant: float
    transfer: float
    attribution: float
    design_factor: float
    keep_share: float
    start_month: int = 0

    @cached_property
    def own_cover(self) -> Floats | None:
        """Reach a seat adds where every block is a unit of its own; None where a block reaches several units."""
        square = self.cover.shape[0] == self.cover.shape[1]
        own = np.diagonal(self.cover)
        return own if square and np.count_nonzero(self.cover) == np.count_nonzero(own) else None

    @property
    def key(self) -> str:
        """The programme's short name."""
        return self.programme.programme

    @property
    def track(self) -> str:
        """Leadership or technical."""
        return self.programme.track


@dataclass(frozen=True)
class Term:
    """One feature: a component and the set of offers that reduce it together."""

    component: int
    offers: tuple[int, ...]


def price_scale(company: Company) -> float:
    """What a shipped US dollar is in the client's currency: its managers' pay over the reference pay."""
    return company.pay["manager"] / REFERENCE_MANAGER_PAY_MONEY


def offers_of(
    programmes: Sequence[Programme], company: Company, point: Mapping[str, float], *, transfer: float, most_seats: int
) -> tuple[Offer, ...]:
    """Programmes priced in the client's currency with their audience by unit."""
    return tuple(_offer(entry, company, point, transfer, most_seats) for entry in programmes)


def _offer(entry: Programme, company: Company, point: Mapping[str, float], transfer: float, most_seats: int) -> Offer:
    blocks, targets, cover = _audience(entry, company, point)
    hourly = company.pay[pay_level(entry)] / (company.working_days * point["working_hours"])
    scale = price_scale(company)
    shipped = {name: 0.0 if name in entry.own else scale for name in PRICES}
    own = {name: 1.0 if name in entry.own else 0.0 for name in PRICES}
    seats = int(min(most_seats, np.ceil(targets).sum()))
    bought, stated = (_money(entry, seats, part) for part in (shipped, own))
    time = hourly * entry.hours_per_participant
    whole = whole_groups(
        np.arange(seats + 1),
        group_min=entry.group_min,
        group_max=entry.group_max,
        most_groups=entry.groups_per_month,
    )
    loaded = time * (1 + point["on_cost_share"]) * np.arange(seats + 1)
    return Offer(
        programme=entry,
        blocks=blocks,
        targets=targets,
        cover=cover,
        cost_by_seats=np.where(whole, bought * point["price_level"] + stated + loaded, np.inf),
        bought_by_seats=bought,
        own_by_seats=stated,
        time_money_per_participant=time,
        transfer=transfer if entry.track == "leadership" else 1.0,
        attribution=point["attribution_share"] if entry.evidence == "client" else 1.0,
        design_factor=float(
            returns.redesigned_factor(
                loss_share_per_feature=point["design_feature_share"], features_changed=features_changed(entry)
            )
        ),
        keep_share=1 - _fading(entry, point),
    )


def _fading(entry: Programme, point: Mapping[str, float]) -> float:
    """Share of the effect lost a month, after the reinforcement the client buys or leaves out."""
    stated = entry.decay_share_per_month
    return float(
        returns.reinforced_decay_share_per_month(
            decay_share_per_month=point["decay_per_month"] if stated is None else stated,
            slowing_share=point["reinforcement_share"],
            reinforcements_changed=reinforcements_changed(entry),
        )
    )


def _money(entry: Programme, most_seats: int, part: Mapping[str, float]) -> Floats:
    """Money for 0..most_seats seats from the prices that belong to this part (shipped, scaled; or the client's own)."""
    seats = np.arange(most_seats + 1)
    price = np.full(most_seats + 1, entry.money_per_participant * part["money_per_participant"])
    for start in sorted(entry.money_tiers):
        price[start:] = entry.money_tiers[start] * part["money_tiers"]
    return np.where(seats > 0, entry.fixed_money * part["fixed_money"] + seats * price, 0.0)


def pay_level(entry: Programme) -> str:
    """Level at whose pay participants' time is costed."""
    return entry.audience if entry.audience in ("executive", "manager") else "individual"


def _audience(entry: Programme, company: Company, point: Mapping[str, float]) -> tuple[tuple[str, ...], Floats, Floats]:
    """Blocks in which seats are bought, people worth training there, and the reach a seat adds to each unit."""
    if entry.audience == "executive":
        people = np.array([max(round(company.executives), 1)], dtype=float)
        return ("(company)",), people, np.full((1, len(company.units)), 1 / people[0])
    sizes = {
        "manager": company.managers,
        "emerging": company.emerging,
        "individual": company.individuals * (point["technical_target_share"] if entry.track == "technical" else 1.0),
    }[entry.audience]
    people = np.maximum(np.round(sizes), np.where(sizes > 0, 1.0, 0.0))
    return company.units, people, np.diag(np.divide(1.0, people, out=np.zeros_like(people), where=people > 0))


def course(entry: Programme, keep_share: float, *, start_month: int, months: int) -> Floats:
    """Share of the full effect in months 0..months when the programme starts at `start_month`."""
    since = np.arange(months + 1.0) - start_month
    shape: dict[str, Any] = {"month": since, "end_month": entry.months, "months_to_effect": entry.months_to_effect}
    grown = returns.ramp(**shape) * returns.maintenance(**shape, keep_share_per_month=keep_share)
    return np.where(since > 0, grown, 0.0)


def started(offer: Offer, *, start_month: int, months: int) -> Floats:
    """Course of an offer that starts its own months after `start_month`."""
    first = start_month + offer.start_month
    return course(offer.programme, offer.keep_share, start_month=first, months=months)


def reductions(values: Mapping[str, Quantity], offer: Offer) -> dict[str, Quantity]:
    """Share of each leak the programme removes where everyone took part: min(cap, effect at ref x d / d_ref) x R."""
    made: dict[str, Quantity] = {}
    for leak, (low, likely, high) in offer.programme.effect_at_ref.items():
        effect = returns.effect_share(
            effect_at_ref=offer.design_factor
            * returns.effect_in_range(low=low, likely=likely, high=high, position=values[f"effect_on_{leak}"]),
            d=values[D_NAME[offer.track]],
            d_ref=D_REF[offer.track],
            cap=values["effect_cap_share"],
        )
        made[leak] = effect * offer.transfer * offer.attribution
    return made


def planning_options(
    offers: Sequence[Offer],
    parts: Floats,
    effects: Sequence[Mapping[str, Quantity]],
    counted: npt.NDArray[np.bool_],
    *,
    yearly_rate: float,
    horizon_months: int,
) -> list[Option]:
    """What the planner needs of each offer: expected benefit and reduction a component.

    `parts` (C, draws) are the leaks, `effects` the reductions of each offer.
    """
    factors = returns.discount_factors(yearly_rate=yearly_rate, months=horizon_months)
    made = []
    for offer, reduced in zip(offers, effects, strict=True):
        service = float(course(offer.programme, offer.keep_share, start_month=0, months=horizon_months) @ factors)
        benefit, mean = np.zeros(len(NAMES)), np.zeros(len(NAMES))
        for index, name in enumerate(NAMES):
            share = reduced.get(COMPONENTS[name].leak)
            if share is not None and counted[index]:
                benefit[index] = float(np.mean(parts[index] * share)) * service
                mean[index] = float(np.mean(share))
        made.append(
            Option(
                key=offer.key, capacity=offer.targets.astype(np.int64), cover=offer.cover,
                cost_by_seats=offer.cost_by_seats, benefit=benefit, reduction=mean,
            )
        )  # fmt: skip
    return made


def terms_of(offers: Sequence[Offer], seats: Sequence[Ints]) -> tuple[Term, ...]:
    """Every set of offers that act together on a component in some plan. `seats[p]` (plans, blocks)."""
    used = np.stack([bought.sum(axis=1) > 0 for bought in seats], axis=1)
    patterns = {tuple(np.flatnonzero(row).tolist()) for row in used}
    made: dict[Term, None] = {}
    for index, name in enumerate(NAMES):
        leak = COMPONENTS[name].leak
        for pattern in sorted(patterns):
            acting = [p for p in pattern if leak in offers[p].programme.effect_at_ref]
            for size in range(1, len(acting) + 1):
                for chosen in combinations(acting, size):
                    made.setdefault(Term(index, chosen))
    return tuple(made)


def features(terms: Sequence[Term], offers: Sequence[Offer], values: Mapping[str, Quantity], parts: Floats) -> Floats:
    """Leak x product of reductions for each term: (draws, terms), or (values, draws, terms) as `parts` are."""
    return products(terms, [reductions(values, offer) for offer in offers], parts)


def products(terms: Sequence[Term], effects: Sequence[Mapping[str, Quantity]], parts: Floats) -> Floats:
    """The same from the reductions of each offer, already worked out."""
    made = np.empty((len(terms), *parts.shape[1:]))
    known: dict[Term, int] = {}
    for row, term in enumerate(terms):
        leak = COMPONENTS[NAMES[term.component]].leak
        shorter = known.get(Term(term.component, term.offers[:-1]))
        before = parts[term.component] if len(term.offers) == 1 or shorter is None else made[shorter]
        last = term.offers[-1:] if len(term.offers) == 1 or shorter is not None else term.offers
        made[row] = before
        for p in last:
            made[row] *= effects[p][leak]
        known[term] = row
    return np.moveaxis(made, 0, -1)


def reaches(offers: Sequence[Offer], seats: Sequence[Ints]) -> list[Floats]:
    """Share of each unit's audience reached, for each offer: (plans, units), at most one."""
    made = []
    for offer, bought in zip(offers, seats, strict=True):
        own = offer.own_cover
        made.append(np.minimum(bought @ offer.cover if own is None else bought * own, 1.0))
    return made


def coefficients(
    terms: Sequence[Term],
    offers: Sequence[Offer],
    reach: Sequence[Floats],
    shares: Floats,
    time: Mapping[tuple[int, ...], Floats],
) -> Floats:
    """Plans' part of each term. `shares` (C, U); `time` maps a set of offers to a number or a vector over months.

    Gives (terms, plans), or (terms, plans, months) when `time` holds vectors.
    """
    made = []
    for term in terms:
        together = reach[term.offers[0]]
        for p in term.offers[1:]:
            together = together * reach[p]
        located = together @ shares[term.component]
        sign = 1.0 if len(term.offers) % 2 else -1.0
        made.append(sign * np.multiply.outer(located, time[term.offers]))
    count = len(reach[0]) if reach else 0
    return np.stack(made) if made else np.zeros((0, count))


def times(
    terms: Sequence[Term], offers: Sequence[Offer], *, start_month: int, months: int
) -> dict[tuple[int, ...], Floats]:
    """Product of the courses of each set of offers, months 0..months. Offers start that long after `start_month`."""
    single = [started(offer, start_month=start_month, months=months) for offer in offers]
    return {term.offers: np.prod([single[p] for p in term.offers], axis=0) for term in terms}


def cost_parts(offers: Sequence[Offer], seats: Sequence[Ints]) -> Floats:
    """Money of each plan as (3, plans): shipped prices, the client's own prices, participants' time before on-costs."""
    rows = np.zeros((3, len(seats[0]) if seats else 0))
    for offer, bought in zip(offers, seats, strict=True):
        n = bought.sum(axis=1)
        rows += np.stack([offer.bought_by_seats[n], offer.own_by_seats[n], n * offer.time_money_per_participant])
    return rows


def present_cost_parts(offers: Sequence[Offer], seats: Sequence[Ints], *, yearly_rate: float) -> Floats:
    """The same as worth in the month in which anything may start: what starts later is paid later."""
    factors = returns.discount_factors(yearly_rate=yearly_rate, months=max((o.start_month for o in offers), default=0))
    parts = [
        cost_parts([offer], [bought]) * factors[offer.start_month] for offer, bought in zip(offers, seats, strict=True)
    ]
    return np.asarray(sum(parts, np.zeros((3, len(seats[0]) if seats else 0))))


def cost_features(values: Mapping[str, Quantity], *shape: int) -> Floats:
    """What multiplies the three parts of the cost: price level, one, one plus on-costs: (draws, 3) for `draws`."""
    one = np.ones(shape)
    return np.stack([values["price_level"] * one, one, (1 + values["on_cost_share"]) * one], axis=-1)
