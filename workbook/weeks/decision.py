"""The one decision problem from which verdict, certainty, information and flips all follow (docs/verdict.md)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from workbook.assumptions import Assumption, Register, shipped_register
from workbook.catalogue.programmes import merge, shipped_programmes
from workbook.errors import BadArgument
from workbook.evidence import Evidence
from workbook.model.prioritise import Class, best_plans, plan_class, probability_best
from workbook.model.returns import discount_factors
from workbook.model.simulation import sobol_uniforms
from workbook.results import Week1
from workbook.scenario import Scenario
from workbook.weeks import economics_flow as flow
from workbook.weeks.economics_company import Company
from workbook.weeks.economics_inputs import register_of
from workbook.weeks.economics_leaks import NAMES, components, missing_tables, stacked
from workbook.weeks.economics_plans import SPEND_STEPS, Plan, Terms, described, plan_grid
from workbook.weeks.facts import budget

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]
QUICK_DRAWS: Final = 4096


@dataclass(frozen=True)
class DecisionProblem:
    """Draws, plans and their worth. S draws, X plans, C cost components, M features.

    `utilities` (S, X) is NPV counted from measured leaks only; leaks that stand in for missing tables are in `parts`
    and `coefficients` and are used for nothing but the worth of learning them. `caps` is the spend level each plan was
    drawn up for; `effects` are each offer's reductions by leak; `references` gives each track's own plan (all money and
    people to it) at every spend level.
    """

    terms: Terms
    register: Register
    company: Company
    offers: tuple[flow.Offer, ...]
    draws: Mapping[str, Floats]
    point: Mapping[str, float]
    values: Mapping[str, Any]
    parts: Floats
    point_parts: Floats
    missing: Mapping[str, tuple[str, ...]]
    counted: Bools
    seats: tuple[Ints, ...]
    plans: tuple[Plan, ...]
    classes: tuple[Class, ...]
    admissible: Bools
    levels: Floats
    caps: Floats
    references: Mapping[str, tuple[int, ...]]
    feature_terms: tuple[flow.Term, ...]
    effects: tuple[Mapping[str, Any], ...]
    features: Floats
    coefficients: Floats
    cost_rows: Floats
    cost_features: Floats

    @cached_property
    def counted_coefficients(self) -> Floats:
        """Coefficients with those of uncounted components at zero."""
        keep = np.array([self.counted[term.component] for term in self.feature_terms], dtype=bool)
        return self.coefficients * keep[:, None]

    @cached_property
    def means(self) -> Floats:
        """Expected NPV of each plan (X,)."""
        return self.expected(self.features.mean(axis=0), self.cost_features.mean(axis=0))

    def expected(self, feature_means: Floats, cost_means: Floats) -> Floats:
        """Expected NPV of each plan from the means of the features."""
        return feature_means @ self.counted_coefficients - cost_means @ self.cost_rows * self.start_factor

    @cached_property
    def start_factor(self) -> float:
        """Discount factor of the month in which costs fall due."""
        months = self.terms.start_month
        return float(discount_factors(yearly_rate=self.terms.yearly_rate, months=months)[months])

    @cached_property
    def utilities(self) -> Floats:
        """NPV of every plan in every draw (S, X)."""
        return self.utilities_of(range(len(self.plans)))

    def utilities_of(self, plans: Sequence[int]) -> Floats:
        """NPV of some plans in every draw."""
        at = list(plans)
        benefits = self.features @ self.counted_coefficients[:, at]
        return np.asarray(benefits - self.cost_features @ self.cost_rows[:, at] * self.start_factor)

    @cached_property
    def best(self) -> dict[Class, int]:
        """The best admissible plan of each class."""
        return best_plans(self.means, self.classes, self.admissible)

    @cached_property
    def economic_best(self) -> int:
        """The best plan whatever week 1 admits."""
        allowed = np.array([self._mix_allowed(k) for k in range(len(self.plans))]) & self.affordable
        return max(best_plans(self.means, self.classes, allowed).values(), key=lambda k: (self.means[k], -k))

    @property
    def affordable(self) -> Bools:
        """Plans drawn up for no more than the budget."""
        return self.caps <= self.terms.budget_money * (1 + 1e-9)

    @property
    def reference(self) -> dict[str, int]:
        """Each track's own plan at the whole budget."""
        last = int(np.sum(self.levels <= self.terms.budget_money * (1 + 1e-9))) - 1
        return {track: rows[last] if last >= 0 else 0 for track, rows in self.references.items()}

    def within(self, budget_money: float) -> DecisionProblem:
        """The same problem with a smaller budget: only plans drawn up for spend levels up to it are admitted."""
        kept = self.admissible & (self.caps <= budget_money * (1 + 1e-9))
        return replace(self, terms=replace(self.terms, budget_money=budget_money), admissible=kept)

    def _mix_allowed(self, plan: int) -> bool:
        share = self.plans[plan].leadership_share
        return share is None or 1 - share >= self.terms.minimum_technical_share - 1e-12

    @cached_property
    def chosen(self) -> int:
        """The admissible plan of highest expected NPV."""
        return max(self.best.values(), key=lambda k: (self.means[k], -k))

    @cached_property
    def certainty(self) -> dict[Class, float]:
        """How often the best plan of each class beats those of all other admissible classes."""
        kinds = list(self.best)
        utilities = self.utilities_of([self.best[kind] for kind in kinds])
        return probability_best(utilities, {kind: index for index, kind in enumerate(kinds)})

    @cached_property
    def _unit_shares(self) -> Floats:
        return np.stack([self.company.shares[name] for name in NAMES])

    def features_at(self, values: Mapping[str, Any], parts: Floats) -> tuple[Floats, Floats]:
        """Features and cost features of other values, for flips, tornado and break-even."""
        made = flow.features(self.feature_terms, self.offers, values, parts)
        return made, flow.cost_features(values, *parts.shape[1:])

    def parts_at(self, values: Mapping[str, Any], *shape: int) -> Floats:
        """Leak components of other values (C, draws); of more axes for a `shape` of several."""
        priced = not self.missing["vacancies"]
        return stacked(components(values, self.company, vacancies_priced=priced), *shape)

    def monthly(self, plan: int, *, point: bool, months: int | None = None) -> tuple[Floats, Floats]:
        """Benefits and costs of a plan by month 0..H, undiscounted: (S, H + 1) each; S is 1 at point values."""
        key = (plan, point, self.terms.horizon_months if months is None else months)
        if key not in self._flows:
            self._flows[key] = self._monthly(*key)
        return self._flows[key]

    @cached_property
    def _flows(self) -> dict[tuple[int, bool, int], tuple[Floats, Floats]]:
        return {}

    def _monthly(self, plan: int, point: bool, months: int) -> tuple[Floats, Floats]:
        values, parts = (self.point, self.point_parts) if point else (self.values, self.parts)
        effects = [flow.reductions(values, offer) for offer in self.offers] if point else self.effects
        own = [bought[plan : plan + 1] for bought in self.seats]
        acting = [k for k, bought in enumerate(own) if bought.sum() > 0]
        offers, seats = [self.offers[k] for k in acting], [own[k] for k in acting]
        draws = parts.shape[1]
        benefits, costs = np.zeros((draws, months + 1)), np.zeros((draws, months + 1))
        if not acting:
            return benefits, costs
        terms = tuple(term for term in flow.terms_of(offers, seats) if self.counted[term.component])
        if terms:
            time = flow.times(terms, offers, start_month=self.terms.start_month, months=months)
            rows = flow.coefficients(terms, offers, flow.reaches(offers, seats), self._unit_shares, time)[:, 0, :]
            benefits = flow.products(terms, [effects[k] for k in acting], parts) @ rows
        weights = flow.cost_features(values, draws)
        for offer, bought in zip(offers, seats, strict=True):
            due = self.terms.start_month + offer.start_month
            if due <= months:
                costs[:, due] += (weights @ flow.cost_parts([offer], [bought]))[:, 0]
        return benefits, costs


def decision_problem(evidence: Evidence, scenario: Scenario, week1: Week1, *, quick: bool = False) -> DecisionProblem:
    """The decision problem of a client under a scenario; `quick` uses at most 4,096 draws. Kept for the next caller."""
    draws = min(scenario.draws, QUICK_DRAWS) if quick else scenario.draws
    return _kept(_Held(evidence), scenario.model_copy(update={"draws": draws}).model_dump_json(), _admission(week1))


class _Held:
    """Evidence as a key: the same object is the same key, and it cannot be recycled while the key lives."""

    def __init__(self, evidence: Evidence) -> None:
        self.evidence = evidence

    def __hash__(self) -> int:
        return id(self.evidence)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Held) and self.evidence is other.evidence


def _admission(week1: Week1) -> tuple[bool | None, bool, float]:
    return week1.gate.fired, week1.readiness.colour == "red", week1.readiness.transfer_factor


@lru_cache(maxsize=4)
def _kept(held: _Held, scenario_json: str, admission: tuple[bool | None, bool, float]) -> DecisionProblem:
    scenario = Scenario.model_validate_json(scenario_json)
    return build(held.evidence, scenario, terms_of_decision(held.evidence, scenario, admission))


def terms_of_decision(evidence: Evidence, scenario: Scenario, admission: tuple[bool | None, bool, float]) -> Terms:
    """Budget, cohort, window and admission. The ladder's step hangs on the client's own budget, not the slider."""
    money, _ = budget(evidence, scenario)
    own, _ = budget(evidence, scenario.model_copy(update={"budget_money": None}))
    fired, red, transfer = admission
    return Terms(
        budget_money=money,
        step_money=(own or money) / SPEND_STEPS,
        cohort_size=scenario.cohort_size or evidence.settings.cohort_size,
        horizon_months=evidence.settings.counted_months,
        yearly_rate=evidence.settings.discount_rate,
        start_month=scenario.start_month,
        gate_fired=fired,
        readiness_red=red,
        transfer=transfer,
        minimum_technical_share=scenario.minimum_technical_share,
    )


def build(evidence: Evidence, scenario: Scenario, terms: Terms) -> DecisionProblem:
    """Draws, plans and coefficients, in that order: the plans know the prior only by its means."""
    register, company = register_of(evidence, scenario.overrides)
    draws = drawn(register, draws=scenario.draws, seed=scenario.seed)
    point, values = register.point, {**register.point, **draws}
    missing = missing_tables(register)
    priced = not missing["vacancies"]
    parts = stacked(components(values, company, vacancies_priced=priced), scenario.draws)
    point_parts = stacked(components(point, company, vacancies_priced=priced), 1)
    counted = np.array([not missing[name] for name in NAMES])
    programmes = merge(evidence.programme_changes)
    offers = flow.offers_of(programmes, company, point, transfer=terms.transfer, most_seats=terms.cohort_size)
    effects = tuple(flow.reductions(values, offer) for offer in offers)
    seats, caps, levels, references = plan_grid(terms, company, offers, parts, effects, counted)
    feature_terms = flow.terms_of(offers, seats)
    shares = np.stack([company.shares[name] for name in NAMES])
    factors = discount_factors(yearly_rate=terms.yearly_rate, months=terms.horizon_months)
    time = flow.times(feature_terms, offers, start_month=terms.start_month, months=terms.horizon_months)
    worth = {offered: np.asarray(course @ factors) for offered, course in time.items()}
    reach = flow.reaches(offers, seats)
    coefficients = flow.coefficients(feature_terms, offers, reach, shares, worth)
    plans = tuple(described(offers, seats, company, point))
    classes = tuple(_class_of(plan) for plan in plans)
    return DecisionProblem(
        terms=terms,
        register=register,
        company=company,
        offers=offers,
        draws=draws,
        point=point,
        values=values,
        parts=parts,
        point_parts=point_parts,
        missing=missing,
        counted=counted,
        seats=tuple(seats),
        plans=plans,
        classes=classes,
        admissible=np.array([admitted(plan, kind, terms) for plan, kind in zip(plans, classes, strict=True)]),
        levels=levels,
        caps=caps,
        references=references,
        feature_terms=feature_terms,
        effects=effects,
        features=flow.products(feature_terms, effects, parts),
        coefficients=coefficients,
        cost_rows=flow.cost_parts(offers, seats),
        cost_features=flow.cost_features(values, scenario.draws),
    )


def drawn(register: Register, *, draws: int, seed: int) -> dict[str, Floats]:
    """Draws of all uncertain assumptions. Raises BadArgument where `draws` is not a power of two."""
    if draws & (draws - 1):
        raise BadArgument(f"draws: {draws} is not a power of two. Write {1 << (draws.bit_length() - 1)}.")
    return {name: _drawn(register[name], draws, seed) for name in register.uncertain}


def shipped_draws(*, draws: int, seed: int) -> dict[str, Floats]:
    """Draws of the assumptions as they ship, kept like a client's: most clients leave most assumptions as they are."""
    shipped_programmes()
    return drawn(shipped_register(), draws=draws, seed=seed)


@lru_cache(maxsize=2)
def _uniforms(draws: int, seed: int) -> Floats:
    return sobol_uniforms(draws=draws, seed=seed)


@lru_cache(maxsize=160)
def _drawn(entry: Assumption, draws: int, seed: int) -> Floats:
    made = entry.drawn_from(_uniforms(draws, seed))
    made.flags.writeable = False
    return made


def _class_of(plan: Plan) -> Class:
    share = plan.leadership_share or 0.0
    return plan_class(leadership_money=plan.cost * share, technical_money=plan.cost * (1 - share))


def admitted(plan: Plan, kind: Class, terms: Terms) -> bool:
    """Whether week 1 and the scenario admit a plan: leadership first needs the gate open and readiness not red."""
    if plan.leadership_share is not None and 1 - plan.leadership_share < terms.minimum_technical_share - 1e-12:
        return False
    return kind != "leadership first" or (terms.gate_fired is True and not terms.readiness_red)
