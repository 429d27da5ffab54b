"""Hostile rows R50, R52 and R55 on a pilot: no score of fewer than five raters in any artefact."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd
import pytest

from tests.measure.clients import client, rated, staff
from workbook import weeks
from workbook.measure import audit, measure, restricted
from workbook.scenario import Scenario
from workbook.view.figures import followup as pages

SCENARIO = Scenario(draws=256)
WAVES = ("baseline", "30", "90", "then")


def uneven_ratings() -> list[dict[str, Any]]:
    """Twelve leaders an arm; each wave some have four raters or fewer; scores with digits of their own."""
    rng = np.random.default_rng(23)
    told = []
    for arm in ("pilot", "comparison"):
        for place in range(12):
            for wave in WAVES:
                for row in rated(
                    [f"{arm}{place:02d}"], raters=int(rng.integers(3, 9)), wave=wave, arm=arm,
                    competencies=("coaching", "delegation", "deciding"),
                ):  # fmt: skip
                    told.append({**row, "score": float(np.round(rng.uniform(1, 5), 9))})
    return told


def small_means(told: list[dict[str, Any]]) -> list[float]:
    """Mean scores of leaders with fewer than five raters, by competency and wave, and over competencies."""
    frame = pd.DataFrame(told)
    raters = frame.groupby(["leader_id", "wave"])["rater_id"].transform("nunique")
    few = frame[raters < 5]
    found = list(few.groupby(["leader_id", "wave", "competency"])["score"].mean())
    return found + list(few.groupby(["leader_id", "wave"])["score"].mean())


def numbers(part: Any) -> Iterator[float]:
    """Every number of a JSON document."""
    if isinstance(part, dict):
        part = list(part.values())
    if isinstance(part, list):
        for below in part:
            yield from numbers(below)
    elif isinstance(part, int | float) and not isinstance(part, bool):
        yield float(part)


def exposed(written: str, secrets: list[float]) -> list[float]:
    """Secret means that stand in a JSON document, to nine digits."""
    shown = np.array(sorted(numbers(json.loads(written))))
    near = np.clip(np.searchsorted(shown, secrets), 1, len(shown) - 1)
    return [
        secret
        for secret, at in zip(secrets, near, strict=True)
        if min(abs(shown[at] - secret), abs(shown[at - 1] - secret)) < 1e-9
    ]


@pytest.fixture(scope="module")
def pilot() -> tuple[list[dict[str, Any]], Any]:
    told = uneven_ratings()
    people = [*staff("Sales", 30), *staff("Tech", 30)]
    return told, client({"ratings": told, "employees": people}, pilot_assignment="lottery")


def test_R50_no_score_of_fewer_than_five_raters_is_in_the_evidence_or_the_restricted_tier(pilot, tmp_path):
    told, given = pilot
    secrets = small_means(told)
    evidence = measure(given)
    restricted(given).dump(tmp_path)

    assert len(secrets) > 60
    assert audit(evidence) == ()
    assert any(not cell.suppressed for cell in evidence.ratings)
    assert exposed(evidence.model_dump_json(), secrets) == []
    assert exposed((tmp_path / "restricted.json").read_text(encoding="utf-8"), secrets) == []
    for path in tmp_path.glob("leader_*.csv"):
        raters = pd.read_csv(path).filter(regex="raters").to_numpy()
        assert raters.min() >= 5


def test_R50_no_score_of_fewer_than_five_raters_is_in_the_results_or_on_a_page(pilot):
    told, given = pilot
    evidence = measure(given)
    week1 = weeks.week1(evidence, SCENARIO)
    followup = weeks.followup(evidence, SCENARIO, week1)
    figures = pages.figures(followup, weeks.facts(evidence, SCENARIO))
    page = json.dumps([[figure.spec, figure.data, figure.table, figure.text, figure.note] for figure in figures])
    secrets = small_means(told)

    assert len(page) > 20_000
    assert exposed(followup.model_dump_json(), secrets) == []
    digits = {round(float(found), 5) for found in re.findall(r"\d\.\d{5,}", page)}
    assert digits
    assert not digits & {round(secret, 5) for secret in secrets}
    for point in followup.points:
        assert point.suppressed or (point.leaders >= 5 and point.raters >= 5)
    for row in followup.hindsight:
        assert row.leaders >= 5


def test_R52_hindsight_of_leaders_beside_means_of_others_is_withheld():
    pilots = [f"a{k}" for k in range(9)]
    told = [*rated(pilots), *rated(pilots, wave="90"), *rated(pilots[:-1], wave="then")]
    evidence = measure(client({"ratings": told}))

    assert evidence.then_tests == ()
    assert any("then-test" in note for note in evidence.notes)


def test_R55_a_pilot_of_four_has_no_effect_no_growth_and_no_claims():
    four = [f"a{k}" for k in range(4)]
    told = [*rated(four, arm="pilot"), *rated([f"b{k}" for k in range(12)], arm="comparison")]
    told += [{**row, "wave": "90"} for row in told]
    claims = [
        {"employee_id": who, "programme": "Leading", "start_date": "2025-03-03", "arm": "pilot",
         "reported_gain": 1e4, "programme_share": 0.5, "confidence_share": 0.5}
        for who in four
    ]  # fmt: skip
    evidence = measure(client({"ratings": told, "participants": claims}, pilot_assignment="lottery"))
    summary = evidence.rating_summary

    assert (summary.ancova_points, summary.randomisation_p, summary.d_ppc, summary.growth_model) == (None,) * 4
    assert (evidence.participant_estimate, evidence.pilot_sites) == (None, None)
    assert math.isfinite(summary.icck)
