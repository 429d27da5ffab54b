"""Key figures of the learning function. A share of nothing is None, never zero or one."""

from __future__ import annotations


def share(*, part: float, whole: float) -> float | None:
    """Part of a whole; None when the whole is zero."""
    return part / whole if whole > 0 else None


def money_per_person(*, money: float, people: float) -> float | None:
    """Money spent a participant; None without participants."""
    return money / people if people > 0 else None


def overspend_share(*, spent_money: float, budget_money: float) -> float | None:
    """(Spent - budget)/budget; positive is over budget; None without a budget."""
    return (spent_money - budget_money) / budget_money if budget_money > 0 else None
