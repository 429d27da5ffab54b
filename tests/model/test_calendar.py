"""Calendars written out and valued, against the plain sum over months."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest

from workbook.model.calendar import Timing, best_calendar, worths

MONTHS = 25


def timing(seed: int, *, programmes: int = 3, draws: int = 4, starts: tuple[int, ...] = (0, 3, 6)) -> Timing:
    draw = np.random.default_rng(seed)
    together = ((0,), (1,), (2,), (0, 1), (1, 2), (0, 1, 2))[: 2 * programmes]
    paths = []
    for _ in range(programmes):
        own = np.zeros((len(starts), MONTHS))
        course = 0.85 ** np.arange(MONTHS) * draw.uniform(0.5, 1)
        for k, start in enumerate(starts):
            own[k, start + 2 :] = course[: MONTHS - start - 2]
        paths.append(own)
    factors = 1.01 ** -np.arange(MONTHS)
    return Timing(
        together=together,
        money=draw.normal(10, 20, (draws, len(together))),
        months=(starts,) * programmes,
        paths=tuple(paths),
        factors=factors,
        bills=draw.uniform(0, 30, (programmes, 3)),
        weights=draw.uniform(0.9, 1.1, (draws, 3)),
        paid=(factors[list(starts)],) * programmes,
    )


def by_months(made: Timing, calendar: tuple[int, ...]) -> np.ndarray:
    """Worth by draw, month by month and set by set."""
    worth = np.zeros(len(made.money))
    for k, own in enumerate(made.together):
        for month in range(MONTHS):
            share = made.factors[month]
            for p in own:
                share = share * made.paths[p][calendar[p], month]
            worth += made.money[:, k] * share
    for p, start in enumerate(calendar):
        worth -= made.weights @ made.bills[p] * made.paid[p][start]
    return worth


@pytest.mark.parametrize("seed", range(4))
def test_every_calendar_is_worth_its_sum_over_months(seed):
    """Source: the sum over months written out (our own oracle)."""
    made = timing(seed)
    found = np.concatenate([worths(made, first) for first in range(3)], axis=1)
    expected = np.stack([by_months(made, each) for each in product(range(3), repeat=3)], axis=1)
    assert found == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize("seed", range(6))
def test_the_best_calendar_is_that_of_enumeration(seed):
    """Source: every calendar valued month by month (our own enumeration)."""
    made = timing(seed)
    best = max(product(range(3), repeat=3), key=lambda each: by_months(made, each).mean())
    assert best_calendar(made, lambda worth: worth.mean(axis=0)) == tuple(made.months[0][k] for k in best)


def test_of_equal_calendars_the_earliest_is_taken():
    made = timing(1)
    assert best_calendar(made, lambda worth: np.zeros(worth.shape[1])) == (0, 0, 0)


def test_of_equally_early_calendars_the_first_programme_s_earliest_start_is_taken():
    made = timing(1, starts=(0, 3))
    months = list(product((0, 3), repeat=3))

    def only_sum_three(worth):
        part = slice(0, 4) if worth.shape[1] == 4 and only_sum_three.calls == 0 else slice(4, 8)
        only_sum_three.calls += 1
        return np.array([1.0 if sum(each) == 3 else 0.0 for each in months[part]])

    only_sum_three.calls = 0
    assert best_calendar(made, only_sum_three) == (0, 0, 3)
