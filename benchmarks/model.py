"""How close the model comes to bare arithmetic, as ratios in one run.

First the cash-flow model of one track of the sample client, from nothing to net present value, ROI and payback of
every draw, beside a bare NumPy model of 16 inputs that draws them and evaluates a closed form without months. The same
bare model in a pure-Python loop, `monaco` and `squigglepy` (development only: 'not installed' where absent; the slow
ones at fewer draws, scaled up).
Then what a slider costs: week 2 with all plans, both tracks and monthly percentiles.

Run: python benchmarks/model.py
"""

from __future__ import annotations

import importlib.util
import random
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from tests.builders import company
from workbook import weeks
from workbook.evidence import Evidence
from workbook.scenario import Scenario
from workbook.weeks.decision import decision_problem
from workbook.weeks.economics_drivers import drivers
from workbook.weeks.economics_information import information, spending_plan
from workbook.weeks.economics_one_plan import OnePlan, one_plan
from workbook.words import Words

DRAWS, SLIDER_DRAWS, LOOP_DRAWS, MONACO_DRAWS = 131_072, 16_384, 16_384, 1_024
RATIO_LIMIT, SLIDER_LIMIT = 2.0, 0.25
SERVICE, SEATS = 11.3, 40
SAMPLE = Path(__file__).resolve().parents[1] / "data" / "samples" / "saas-scaleup" / "evidence.json"


def seconds(call: Callable[[], object], repeats: int) -> float:
    """Least processor seconds of a call: other work on the machine only ever adds."""
    call()
    took = []
    for _ in range(repeats):
        start = time.process_time()
        call()
        took.append(time.process_time() - start)
    return min(took)


def side_by_side(calls: dict[str, Callable[[], object]], repeats: int) -> dict[str, float]:
    """Least processor seconds of several calls, taken in turn, so that each meets the same machine."""
    took: dict[str, list[float]] = {name: [] for name in calls}
    for _ in range(repeats):
        for name, call in calls.items():
            took[name].append(seconds(call, 1))
    return {name: min(values) for name, values in took.items()}


def closed_form(lognormals, triangulars, betas, price):
    """Three leaks, one effect, a discounted service factor and a price: NPV of 16 inputs. Floats and arrays alike."""
    leaks = (
        lognormals[0] * lognormals[1] * betas[0]
        + lognormals[2] * betas[1] * betas[2]
        + lognormals[3] * lognormals[4] * betas[3] * lognormals[5]
    )
    effect = triangulars[0] * (1 + 0.3 * triangulars[1]) * (1 + 0.2 * triangulars[2])
    return leaks * effect * SERVICE * SEATS - price * 20 * (1 + betas[4]) - 5 * triangulars[3]


def bare_numpy(draws: int = DRAWS) -> list[float]:
    """16 inputs drawn by NumPy's generator and put through the closed form; percentiles of NPV and ROI."""
    rng = np.random.default_rng(1)
    lognormals = [rng.lognormal(0, 0.3, draws) for _ in range(6)]
    triangulars = [rng.triangular(-0.09, 0.31, 0.72, draws) for _ in range(4)]
    betas = [rng.beta(2, 3, draws) for _ in range(5)]
    price = rng.lognormal(0, 0.1, draws)
    npv = closed_form(lognormals, triangulars, betas, price)
    roi = 100 * npv / (price * 20 * (1 + betas[4]))
    return [*np.percentile(npv, [10, 50, 90]), *np.percentile(roi, [10, 50, 90]), float(np.mean(npv > 0))]


def pure_python(draws: int = LOOP_DRAWS) -> float:
    """The same in a plain loop."""
    rng = random.Random(1)
    worth = [
        closed_form(
            [rng.lognormvariate(0, 0.3) for _ in range(6)],
            [rng.triangular(-0.09, 0.72, 0.31) for _ in range(4)],
            [rng.betavariate(2, 3) for _ in range(5)],
            rng.lognormvariate(0, 0.1),
        )
        for _ in range(draws)
    ]
    return statistics.quantiles(worth, n=10)[0]


def in_monaco(draws: int = MONACO_DRAWS) -> None:
    """The same in monaco, one case a draw, in this process."""
    import monaco
    from scipy.stats import beta, lognorm, triang

    def before(case):
        values = [case.invals[f"x{k}"].val for k in range(16)]
        return (values[:6], values[6:10], values[10:15], values[15])

    def after(case, npv):
        case.addOutVal("npv", npv)

    functions = {
        monaco.SimFunctions.PREPROCESS: before,
        monaco.SimFunctions.RUN: closed_form,
        monaco.SimFunctions.POSTPROCESS: after,
    }
    sim = monaco.Sim(
        name="bare", ndraws=draws, fcns=functions, firstcaseismedian=False, samplemethod=monaco.SampleMethod.RANDOM,
        seed=1, singlethreaded=True, verbose=False, debug=False, savecasedata=False, savesimdata=False,
    )  # fmt: skip
    kinds = (
        [(lognorm, {"s": 0.3})] * 6
        + [(triang, {"c": 0.4 / 0.81, "loc": -0.09, "scale": 0.81})] * 4
        + [(beta, {"a": 2, "b": 3})] * 5
        + [(lognorm, {"s": 0.1})]
    )
    for k, (kind, shape) in enumerate(kinds):
        sim.addInVar(name=f"x{k}", dist=kind, distkwargs=shape)
    sim.runSim()


def in_squigglepy(draws: int = DRAWS) -> list[float]:
    """The same in squigglepy's arrays."""
    import squigglepy as sq

    npv = closed_form(
        [sq.lognorm(lognorm_mean=1.046, lognorm_sd=0.321) @ draws for _ in range(6)],
        [sq.triangular(-0.09, 0.31, 0.72) @ draws for _ in range(4)],
        [sq.beta(2, 3) @ draws for _ in range(5)],
        sq.lognorm(lognorm_mean=1.005, lognorm_sd=0.1005) @ draws,
    )
    return list(np.percentile(npv, [10, 50, 90]))


def track_from_nothing(alone: OnePlan, draws: int = DRAWS) -> list[float]:
    """Our model of one track: draw matrix, inputs, leaks, monthly flow, NPV, ROI and payback with percentiles."""
    return figures(alone, alone.uniforms(draws=draws, seed=1))


def figures(alone: OnePlan, uniforms: np.ndarray) -> list[float]:
    """The same from cached uniforms."""
    found = alone.simulated(uniforms)
    roi = 100 * found.npv / found.costs
    curve = np.bincount(np.minimum(found.payback_month, 25).astype(int), minlength=26).cumsum() / len(roi)
    shares = [10, 50, 90]
    return [*np.percentile(found.npv, shares), *np.percentile(roi, shares), float(np.mean(found.npv > 0)), *curve]


def one_track() -> None:
    """The first table."""
    client, scenario = Evidence.model_validate_json(SAMPLE.read_text(encoding="utf-8")), Scenario(draws=4096)
    problem = decision_problem(client, scenario, weeks.week1(client, scenario))
    plans = {track: one_plan(problem, problem.reference[track]) for track in ("leadership", "technical")}
    cached = {track: alone.uniforms(draws=SLIDER_DRAWS, seed=1) for track, alone in plans.items()}
    calls: dict[str, Callable[[], object]] = {"bare": bare_numpy}
    for track, alone in plans.items():
        calls[track] = lambda alone=alone: track_from_nothing(alone)
        calls[f"{track} slider"] = lambda alone=alone, track=track: figures(alone, cached[track])
    took = side_by_side(calls, 5)
    took["python"] = seconds(pure_python, 1) * DRAWS / LOOP_DRAWS
    bare = took["bare"]
    print(f"{f'one track, {DRAWS:,} draws unless said otherwise':62}{'ms':>10}{'x bare NumPy':>15}")
    line("bare NumPy: 16 inputs drawn, closed form, no months", bare, bare)
    for track, alone in plans.items():
        inputs = f"{len(alone.inputs)} inputs drawn, monthly flow"
        line(f"our {track} track from nothing: {inputs}", took[track], bare)
        line(f"the same at {SLIDER_DRAWS:,} draws from cached uniforms", took[f"{track} slider"], bare)
    line(f"pure-Python loop of the closed form (scaled from {LOOP_DRAWS:,})", took["python"], bare)
    peer("squigglepy", lambda: seconds(in_squigglepy, 1), bare)
    peer("monaco", lambda: seconds(in_monaco, 1) * DRAWS / MONACO_DRAWS, bare, f" (scaled from {MONACO_DRAWS:,})")
    for track in plans:
        verdict(f"{track}: from nothing", took[track] / bare, RATIO_LIMIT, "bare NumPy")
        verdict(f"{track}: slider", took[f"{track} slider"] / bare, SLIDER_LIMIT, "bare NumPy")


def line(what: str, took: float, bare: float) -> None:
    """One row."""
    print(f"{what:62}{1000 * took:>10.2f}{took / bare:>15.2f}")


def peer(name: str, measure: Callable[[], float], bare: float, note: str = "") -> None:
    """A row for a package that may be absent."""
    if importlib.util.find_spec(name) is None:
        print(f"{name:62}{'not installed':>25}")
    else:
        line(f"{name}, the same closed form{note}", measure(), bare)


def verdict(what: str, ratio: float, limit: float, of: str) -> None:
    """Whether a ratio is reached."""
    print(f"{what}: {ratio:.2f} of {of}, wanted at most {limit:g}: {'reached' if ratio <= limit else 'NOT reached'}")


def whole_weeks() -> None:
    """The second table: what the stages cost."""
    client, scenario = company(), Scenario(draws=4096)
    week1 = weeks.week1(client, scenario)
    weeks.week2(client, scenario, week1, quick=True)
    budgets = iter(range(10_000))

    def moved(**changes: object) -> Scenario:
        return scenario.model_copy(update={"budget_money": 400_000.0 + next(budgets), **changes})

    whole = decision_problem(client, Scenario(), week1)
    plan, plans = spending_plan(whole), len(whole.plans)
    bare = seconds(lambda: bare_numpy(4096), 9)
    print(f"\n{'stages, 4,096 draws unless said otherwise':62}{'ms':>10}{'x bare NumPy':>15}")
    line("bare NumPy", bare, bare)
    line(
        f"decision problem rebuilt ({plans} plans)", seconds(lambda: decision_problem(client, moved(), week1), 9), bare
    )
    line("week 2 after a slider moved", seconds(lambda: weeks.week2(client, moved(), week1, quick=True), 9), bare)
    line("Sobol indices and rank regression, 16,384", seconds(lambda: drivers(whole, plan, Words()), 2), bare)
    line("all of information, EVPPI and stress test, 16,384", seconds(lambda: information(whole), 1), bare)
    full = seconds(lambda: weeks.week2(client, moved(draws=16_384), week1), 1)
    line("week 2 in full, 16,384", full, bare)
    line("grid 11 x 9, 2,048", seconds(lambda: weeks.grid(client, Scenario(draws=2048), week1), 1), bare)


if __name__ == "__main__":
    one_track()
    whole_weeks()
