"""Plain sentences of the money side need figures: this says them simply. The view words figures for display."""

from __future__ import annotations


def money(amount: float, currency: str) -> str:
    """An amount with its currency, to three significant digits: 'GBP 1,230,000', '-EUR 4,560'."""
    if abs(amount) < 0.5:
        return f"{currency} 0"
    digits = len(str(int(abs(amount))))
    rounded = round(abs(amount), 3 - digits) if digits > 3 else round(abs(amount))
    return f"{'-' if amount < 0 else ''}{currency} {rounded:,.0f}"


def percent(share: float) -> str:
    """A share as a whole percentage: '12 %'."""
    return f"{100 * share:.0f} %"


def number(value: float) -> str:
    """A number to three significant digits, with thousands separators."""
    if value == 0:
        return "0"
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"


def listed(words: list[str] | tuple[str, ...]) -> str:
    """'a', 'a and b', 'a, b and c'."""
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} and {words[-1]}"
