"""How close the model comes to bare arithmetic, as ratios in one run.

A slider move recomputes week 2 (all plans, both tracks, percentiles) at 4,096 draws. Beside it: a bare NumPy form of
the same number of inputs and months for one fixed plan (no plans, no percentiles by month), and a pure-Python loop over
draws and months. Run: python benchmarks/model.py
"""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from tests.builders import company
from workbook import weeks
from workbook.scenario import Scenario
from workbook.weeks.decision import decision_problem

DRAWS, INPUTS, MONTHS = 4096, 30, 24


def seconds(call: Callable[[], object], repeats: int) -> float:
    """Median processor seconds of a call (other work on the machine does not count)."""
    took = []
    for _ in range(repeats):
        start = time.process_time()
        call()
        took.append(time.process_time() - start)
    return statistics.median(took)


def bare_numpy(inputs: np.ndarray) -> float:
    """Six leaks, one programme, 24 months, from `inputs` (DRAWS, INPUTS): the least any model of this size must do."""
    leaks = np.stack([inputs[:, 3 * k] * inputs[:, 3 * k + 1] * inputs[:, 3 * k + 2] for k in range(6)], axis=1)
    effects = np.minimum(0.35, inputs[:, 18:24] * inputs[:, 24:25])
    course = np.clip((np.arange(1, MONTHS + 1) - 3) / 3, 0, 1) * 1.08 ** (-np.arange(1, MONTHS + 1) / 12)
    flow = (leaks * effects).sum(axis=1)[:, None] * course * inputs[:, 25:26]
    net = np.cumsum(flow, axis=1) - inputs[:, 26:30].sum(axis=1)[:, None]
    return float(np.percentile(net[:, -1], 50))


def pure_python(inputs: list[list[float]]) -> float:
    """The same in plain loops."""
    worth = []
    for row in inputs:
        saved = sum(row[3 * k] * row[3 * k + 1] * row[3 * k + 2] * min(0.35, row[18 + k] * row[24]) for k in range(6))
        total = -sum(row[26:30])
        for month in range(1, MONTHS + 1):
            total += saved * min(max((month - 3) / 3, 0), 1) * 1.08 ** (-month / 12) * row[25]
        worth.append(total)
    return statistics.median(worth)


def main() -> None:
    """Print the table."""
    client, scenario = company(), Scenario(draws=DRAWS)
    week1 = weeks.week1(client, scenario)
    weeks.week2(client, scenario, week1, quick=True)
    budgets = iter(range(10_000))

    def moved() -> Scenario:
        return scenario.model_copy(update={"budget_money": 400_000.0 + next(budgets)})

    inputs = np.random.default_rng(1).random((DRAWS, INPUTS))
    rows = inputs.tolist()
    ours = seconds(lambda: weeks.week2(client, moved(), week1, quick=True), 9)
    problem = seconds(lambda: decision_problem(client, moved(), week1), 9)
    bare, python = seconds(lambda: bare_numpy(inputs), 25), seconds(lambda: pure_python(rows), 3)
    full = seconds(lambda: weeks.week2(client, Scenario(budget_money=5e5 + next(budgets)), week1), 1)
    grid = seconds(lambda: weeks.grid(client, Scenario(draws=2048), week1), 1)
    plans = len(decision_problem(client, scenario, week1).plans)
    print(f"{'what':58}{'ms':>10}{'x bare NumPy':>15}")
    for what, took in (
        (f"bare NumPy, one plan, {DRAWS:,} draws", bare),
        (f"pure-Python loop, one plan, {DRAWS:,} draws", python),
        (f"decision problem rebuilt ({plans} plans), {DRAWS:,} draws", problem),
        (f"week 2 after a slider moved, {DRAWS:,} draws", ours),
        ("week 2 in full: tornado, EVPPI, 16,384 draws", full),
        ("grid 11 x 9, 2,048 draws", grid),
    ):
        print(f"{what:58}{1000 * took:>10.2f}{took / bare:>15.1f}")
    print(f"week 2 after a slider moved costs {ours / python:.2f} of the pure-Python loop over a single plan")


if __name__ == "__main__":
    main()
