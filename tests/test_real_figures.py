"""The whole diagnostic on published figures: UK Civil Service People Survey, organisations as units, years as waves.

Source and licence of the figures: tests/data/README.md.
"""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from workbook.inputs import read_client
from workbook.measure import measure
from workbook.measure.audit import audit
from workbook.scenario import Scenario
from workbook.stages import compute_all

FIGURES = Path(__file__).parent / "data" / "civil_service_people_survey.csv"
THEMES = {"engagement": "engagement", "my_manager": "manager_effectiveness"}
SMALLEST_PUBLISHED_N = 10

CLIENT = """
client: civil-service
name: UK Civil Service, published theme scores
licence: Open Government Licence v3
currency: GBP
as_of: 2024-12-31
budget: 1000000
scales:
  engagement: {min: 0, max: 100, favourable_from: 60}
  manager_effectiveness: {min: 0, max: 100, favourable_from: 60}
"""


def survey_summary() -> pd.DataFrame:
    """Organisations as units, years as waves. How many answered is not in the file: the smallest number is assumed."""
    figures = pd.read_csv(FIGURES)
    everyone = figures.organisation.str.contains("benchmark|mean score|median", case=False) | figures.dept_group.isin(
        ["Civil Service overall", "All Civil Servants", "All Civil Service"]
    )
    figures = figures[~everyone]
    long = figures.melt(id_vars=["organisation", "year"], value_vars=list(THEMES), var_name="theme", value_name="score")
    long = long.dropna(subset=["score"]).drop_duplicates(["organisation", "year", "theme"])
    return pd.DataFrame(
        {
            "unit": long.organisation.str.strip(),
            "wave": long.year.astype(str) + "-10-15",
            "construct": long.theme.map(THEMES),
            "score": long.score.round(4),
            "n": SMALLEST_PUBLISHED_N,
        }
    )


@pytest.fixture(scope="module")
def civil_service(tmp_path_factory: pytest.TempPathFactory):
    """Evidence and results of the published figures."""
    folder = tmp_path_factory.mktemp("clients") / "civil-service"
    folder.mkdir()
    survey_summary().to_csv(folder / "survey_summary.csv", index=False)
    (folder / "client.yml").write_text(CLIENT, encoding="utf-8")
    evidence = measure(read_client(folder))
    return evidence, compute_all(evidence, Scenario(draws=2048))


def test_every_organisation_year_of_the_source_reaches_the_evidence(civil_service) -> None:
    evidence, _ = civil_service
    summary = survey_summary()
    cells = [cell for cell in evidence.survey if cell.unit != "(company)"]
    assert len(cells) == len(summary)
    assert {cell.wave.year for cell in cells} == {*range(2009, 2025)} - {2016}


def test_the_engagement_trend_is_the_published_one(civil_service) -> None:
    evidence, results = civil_service
    series = results.week1.signals["engagement"].series
    by_year = survey_summary().query("construct == 'engagement'").groupby("wave").score.mean()
    assert [point.value for point in series] == pytest.approx(by_year.tolist(), abs=1e-6)
    assert audit(evidence) == ()


def test_it_says_what_it_cannot_tell(civil_service) -> None:
    _, results = civil_service
    assert results.week1.signals["engagement"].status != "insufficient data"
    assert {name for name, signal in results.week1.signals.items() if signal.status == "insufficient data"} == {
        "growth",
        "succession",
        "friction",
    }
    assert results.week1.gate.fired is None
    assert results.verdict.answer == "insufficient data"
    assert {"roles", "employees"} <= {word for ask in results.verdict.ask_for for word in ask.replace(",", " ").split()}
