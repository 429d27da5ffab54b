"""What the workbook promises about pilots, beside what simulated pilots show (fixed seed; development only).

Every line is a promise (a power, a coverage, an error rate, the odds of a decision), the share of simulated pilots in
which it came true, and the Monte Carlo error of that share. `off` is their distance in such errors; a line is marked
where it exceeds three. Promises marked >= are lower bounds. The last lines run whole pilots from the rows of
ratings.csv, through the floors, the measuring and the follow-up's own reading.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from tests import pilot_simulation as simulate
from tests.measure.clients import client
from workbook.measure import measure
from workbook.model import criteria, detectable
from workbook.weeks.followup_effect import effect as read_effect

SEED = 20_261_122
PILOTS = 4_000
WHOLE = 60
TARGET, BREAK_EVEN = 0.31, 0.10


@dataclass(frozen=True)
class Line:
    """One promise and what came of it; `least` where it is a lower bound."""

    what: str
    promised: float
    hits: list[bool]
    least: bool = False


def rng(place: int) -> np.random.Generator:
    return np.random.default_rng([SEED, place])


def power() -> Iterator[Line]:
    place = 0
    for n in (8, 12, 24):
        for design in ("after only", "adjusted", "difference in differences"):
            place += 1
            d = simulate.detectable_d(design, n=n, correlation=0.6)
            hits = simulate.detected(rng(place), PILOTS, design, n=n, correlation=0.6)
            yield Line(f"power at d = {d:.2f}, {n} an arm, {design}", 0.80, hits)


def coverage() -> Iterator[Line]:
    place = 100
    for n in (6, 12, 24):
        for design in ("adjusted", "difference in differences"):
            for level in (0.80, 0.95):
                place += 1
                hits = simulate.covered(rng(place), PILOTS, design, n=n, correlation=0.6, coverage=level)
                yield Line(f"{level:.0%} interval, {n} an arm, {design}", level, hits)
    yield Line("90% interval, 8 groups of 6, CR2", 0.90,
               simulate.clustered(rng(130), PILOTS, clusters=8, people=6, coverage=0.90))  # fmt: skip
    for reliability in (0.1, 0.3, 0.6):
        hits = simulate.icc_covered(rng(int(131 + 10 * reliability)), PILOTS, leaders=20, reliability=reliability)
        yield Line(f"95% limits of ICC(1,1) = {reliability}, 5 to 9 raters", 0.95, hits)
    hits = simulate.growth_covered(rng(140), 600, n=12, missing=0.25)
    yield Line("90% interval of the lead, mixed model, a quarter missing", 0.90, hits)
    hits = simulate.forecast_covered(rng(141), PILOTS, before=6, after=3)
    yield Line("80% prediction interval, line of 6 months", 0.80, hits)
    for rate in (0.08, 0.15):
        hits = simulate.rates_covered(rng(int(142 + 100 * rate)), PILOTS, years=60.0, rate=rate, fall=0.3)
        yield Line(f"80% interval of exits, 60 person-years at {rate}", 0.80, hits, least=True)
    for units in (2, 3, 6):
        hits = simulate.units_covered(rng(160 + units), PILOTS, units=units, fall=0.1)
        yield Line(f"80% interval of rework, {units} units an arm", 0.80, hits)
    for error in (0.1, 0.3):
        hits = simulate.posterior_covered(rng(int(170 + 10 * error)), PILOTS, error=error)
        yield Line(f"P10 to P90 of the updated d, error {error}", 0.80, hits)


def no_effect() -> Iterator[Line]:
    for n in (8, 12, 24):
        answers = list(simulate.said(rng(200 + n), PILOTS, n=n, d=0.0, correlation=0.6))
        hits = [answer in {"inconclusive", "no effect"} for answer in answers]
        yield Line(f"no effect: none or inconclusive, {n} an arm", 0.95, hits)
    hits = simulate.chance_rejected(rng(240), PILOTS // 2, n=12, shuffles=199)
    yield Line("no effect: randomisation test at 5%, skewed scores", 0.05, hits)


def decisions() -> Iterator[Line]:
    for n in (12, 24):
        error = detectable.standard_error_ancova(sd=1.0, n_per_arm=n, correlation=0.6)
        for place, truth in enumerate((0.0, BREAK_EVEN, TARGET)):
            odds = criteria.operating_characteristics(
                truth=truth, target=TARGET, break_even=BREAK_EVEN, standard_error=error
            )
            found = list(simulate.decided(rng(300 + 10 * n + place), PILOTS, n=n, d=truth, correlation=0.6,
                                          target=TARGET, break_even=BREAK_EVEN))  # fmt: skip
            for answer, promised in odds.items():
                yield Line(f"{answer} when d = {truth:.2f}, {n} an arm", promised, [one == answer for one in found])


def rows(generator: np.random.Generator, *, n: int, d: float) -> list[dict[str, object]]:
    """Rows of ratings.csv: two arms of n leaders, six to nine direct reports each, four competencies, two waves."""
    told: list[dict[str, object]] = []
    for arm in ("pilot", "comparison"):
        for k in range(n):
            level = generator.normal(0, 0.42)
            for wave in ("baseline", "90"):
                own = level + generator.normal(0, 0.15) + (d * 0.5 if (arm, wave) == ("pilot", "90") else 0.0)
                for rater in range(int(generator.integers(6, 10))):
                    taste = generator.normal(0, 0.6)
                    for competency in ("coaching", "delegation", "deciding", "feedback"):
                        score = 3.1 + own + taste + generator.normal(0, 0.5)
                        told.append({
                            "leader_id": f"{arm}{k}", "rater_id": f"{arm}{k}-{rater}", "relationship": "direct_report",
                            "wave": wave, "competency": competency, "score": float(np.clip(score, 1, 5)), "arm": arm,
                        })  # fmt: skip
    return told


def whole() -> Iterator[Line]:
    generator, answers, covers = rng(400), [], []
    for _ in range(WHOLE):
        given = client({"ratings": rows(generator, n=14, d=0.0)}, pilot_assignment="lottery")
        found = read_effect(measure(given), target_d=TARGET, break_even_d=BREAK_EVEN, negligible_d=0.20)
        answers.append(found.answer in {"inconclusive", "no effect"})
        covers.append((found.low or 0.0) <= 0 <= (found.high or 0.0))
    yield Line("whole pilots without effect: none or inconclusive", 0.95, answers)
    yield Line("whole pilots without effect: 80% interval", 0.80, covers)


def main() -> int:
    """Print every promise beside what came of it; 1 if one is missed by more than three Monte Carlo errors."""
    began, missed = time.perf_counter(), 0
    print(f"{'promise':<62}{'promised':>10}{'observed':>10}{'MC error':>10}{'off':>7}")
    for part in (power, coverage, no_effect, decisions, whole):
        print(part.__name__.replace("_", " "))
        for line in part():
            share = simulate.share_of(line.hits)
            error = simulate.monte_carlo_error(line.promised, len(line.hits))
            off = (share - line.promised) / error
            bad = off < -3 if line.least else abs(off) > 3
            missed += bad
            mark = " <- missed" if bad else ""
            sign = ">=" if line.least else "  "
            print(f"  {line.what:<60}{sign}{line.promised:8.3f}{share:10.3f}{error:10.4f}{off:7.1f}{mark}", flush=True)
    print(f"{missed} promises missed by more than three Monte Carlo errors; {time.perf_counter() - began:.0f} s")
    return int(missed > 0)


if __name__ == "__main__":
    raise SystemExit(main())
