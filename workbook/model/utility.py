"""The utility method (Brogden-Cronbach-Gleser; Schmidt, Hunter & Pearlman; Boudreau): it triangulates, never adds."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

Quantity = Any


class Step(NamedTuple):
    """One step of the shrinkage cascade."""

    step: str
    money: float


def service_factor(
    *,
    years: int,
    survival_share: float,
    decay_share: float,
    yearly_rate: float,
    variable_cost_share: float,
    tax_share: float,
) -> float:
    """Sum over t = 1..T of s^(t-1) delta^(t-1) (1 + V)(1 - tax) / (1 + i)^t: SD-years one participant is worth."""
    t = np.arange(1, years + 1)
    kept = (survival_share * decay_share) ** (t - 1)
    return float(np.sum(kept * (1 + variable_cost_share) * (1 - tax_share) / (1 + yearly_rate) ** t))


def utility_money(
    *,
    people: Quantity,
    d: Quantity,
    sd_y_money: Quantity,
    service_years: Quantity,
    cost_money: Quantity,
    tax_share: float,
) -> Quantity:
    """N x d x SD_y x service factor - cost x (1 - tax). `service_years` is `service_factor`, after tax already."""
    return people * d * sd_y_money * service_years - cost_money * (1 - tax_share)


def break_even_d_simple(*, cost_money: Quantity, people: Quantity, years: Quantity, sd_y_money: Quantity) -> Quantity:
    """C / (N T SD_y): needs no assumption about the effect."""
    return cost_money / (people * years * sd_y_money)


def break_even_d_full(
    *, cost_money: Quantity, people: Quantity, sd_y_money: Quantity, service_years: Quantity, tax_share: float = 0.0
) -> Quantity:
    """C (1 - tax) / (SD_y N x service factor)."""
    return cost_money * (1 - tax_share) / (sd_y_money * people * service_years)


def cascade(
    *,
    people: float,
    d: float,
    sd_y_money: float,
    years: int,
    survival_share: float,
    decay_share: float,
    variable_cost_share: float,
    tax_share: float,
    yearly_rate: float,
    attribution_share: float,
) -> tuple[Step, ...]:
    """Gross utility shrinking step by step from the naive N T d SD_y: one correction more at each step."""
    neutral = {
        "survival_share": 1.0, "decay_share": 1.0, "variable_cost_share": 0.0, "tax_share": 0.0, "yearly_rate": 0.0,
    }  # fmt: skip
    wanted = {
        "attrition": ("survival_share", survival_share),
        "decay": ("decay_share", decay_share),
        "variable cost": ("variable_cost_share", variable_cost_share),
        "tax": ("tax_share", tax_share),
        "discount": ("yearly_rate", yearly_rate),
    }
    gross = people * d * sd_y_money
    steps = [Step("naive", gross * service_factor(years=years, **neutral))]
    for name, (argument, value) in wanted.items():
        neutral[argument] = value
        steps.append(Step(name, gross * service_factor(years=years, **neutral)))
    steps.append(Step("attribution", steps[-1].money * attribution_share))
    return tuple(steps)
