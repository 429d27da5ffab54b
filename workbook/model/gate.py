"""The gate in three values: true, false, or None for not known (Kleene's strong logic)."""

from __future__ import annotations

from collections.abc import Iterable

SIGNALS_NEEDED = 2
METRICS_NEEDED = 1


def at_least(*, needed: int, true: int, unknown: int) -> bool | None:
    """Whether at least `needed` hold, given `true` that do and `unknown` that may; None while the unknown decide."""
    if true >= needed:
        return True
    return None if true + unknown >= needed else False


def both(first: bool | None, second: bool | None) -> bool | None:
    """And: false if either is false, else unknown if either is."""
    if first is False or second is False:
        return False
    return None if first is None or second is None else True


def either(values: Iterable[bool | None]) -> bool | None:
    """Or: true if any is true, else unknown if any is, else false."""
    seen = tuple(values)
    if any(seen):
        return True
    return None if None in seen else False


def gate_fired(
    *,
    signals: Iterable[bool | None],
    metrics: Iterable[bool | None],
    triggers: Iterable[bool | None],
    hard_trigger_alone: bool,
) -> bool | None:
    """(>= 2 signals present and >= 1 metric degrading) or a hard trigger; None while what is unknown could decide.

    With hard_trigger_alone=False the triggers are shown and do not open the gate. Each input appears once, so the
    answer is the one all completions of the unknowns agree on, or None. Source: the leadership article's own rule.
    """
    signals, metrics = tuple(signals), tuple(metrics)
    strands = both(
        at_least(needed=SIGNALS_NEEDED, true=signals.count(True), unknown=signals.count(None)),
        at_least(needed=METRICS_NEEDED, true=metrics.count(True), unknown=metrics.count(None)),
    )
    return either((strands, *triggers)) if hard_trigger_alone else strands
