"""Every figure a page or the pack shows says how it is worked out and where that comes from."""

from __future__ import annotations

from typing import Any

import pytest

from tests.results_builder import build_results
from tests.test_samples import DESIGNED, SCENARIO, evidence_of
from tools.notebook_pages import PAGES as NOTEBOOKS
from workbook import weeks
from workbook.pack.sections import foundations, sections
from workbook.results import Results
from workbook.results.portfolio import Portfolio
from workbook.runner.portfolio import row_of
from workbook.scenario import Scenario
from workbook.view.figures import portfolio as portfolio_figures
from workbook.view.live_chart import LiveChart
from workbook.view.page import Page
from workbook.view.page_weeks import PAGES
from workbook.view.portfolio_page import PortfolioPage
from workbook.view.why import tile_whys, why, whys
from workbook.view.widgets import Tiles

QUICK = SCENARIO.model_copy(update={"draws": 256})


@pytest.fixture(scope="module")
def results() -> Results:
    return build_results()


@pytest.fixture(scope="module")
def portfolio(results: Results) -> Portfolio:
    return Portfolio(clients=(row_of(results, run_date=None),), anonymous=False)


def shown_keys(results: Results) -> set[str]:
    parts = sections(results)
    cards = [*(card for part in parts for card in part.cards), *foundations(results)]
    return {card.figure.key for card in cards} | {gap.key for part in parts for gap in part.gaps}


def parts_of(client: str) -> dict[str, Any]:
    """What the pages of a sample client show, as its sliders compute it."""
    evidence = evidence_of(client)
    week1 = weeks.week1(evidence, QUICK)
    verdict = weeks.decide(evidence, QUICK, week1, quick=True)
    week3 = weeks.week3(evidence, QUICK, week1, quick=True)
    return {
        "facts": weeks.facts(evidence, QUICK),
        "start": weeks.start(evidence),
        "week1": week1,
        "verdict": verdict,
        "week2": weeks.week2(evidence, QUICK, week1, quick=True),
        "week3": week3,
        "week4": weeks.week4(evidence, QUICK, week1, week3, verdict, quick=True),
        "followup": weeks.followup(evidence, QUICK, week1),
    }


@pytest.mark.parametrize("client", sorted(DESIGNED))
def test_every_tile_and_chart_of_every_page_of_every_sample_client_says_how_it_is_worked_out(
    client: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    parts = parts_of(client)
    monkeypatch.setattr(Page, "_computed", lambda *_: dict(parts))
    silent, counted = [], 0
    for listed in NOTEBOOKS.values():
        if listed.page not in PAGES:
            continue
        page = PAGES[listed.page](evidence=evidence_of(client), base=Scenario())
        for view in listed.views:
            shown = eval(view.call, {"page": page})
            if isinstance(shown, Tiles):
                counted += len(shown.tiles)
                silent += [tile["key"] for tile in shown.tiles if not all(shown.whys.get(tile["key"], [""]))]
            elif isinstance(shown, LiveChart) and shown.title:
                counted += 1
                silent += [] if all(shown.why or [""]) else [shown.key]
    assert silent == []
    assert counted > 60


def test_every_figure_of_the_built_results_has_a_formula_and_a_source(results: Results) -> None:
    keys = shown_keys(results)
    assert len(keys) > 60
    assert sorted(key for key in keys if why(key, results.facts) is None) == []


def test_every_key_figure_of_the_pack_has_a_formula_and_a_source(results: Results) -> None:
    parts = [part for part in sections(results) if part.tiles]
    assert len(parts) == 6
    assert [tile.key for part in parts for tile in part.tiles if tile.key not in part.whys] == []


def test_the_portfolio_explains_its_tiles_and_charts(portfolio: Portfolio) -> None:
    page = PortfolioPage(portfolio)
    row = page.tiles()
    assert [tile["key"] for tile in row.tiles] == ["clients", "sure", "waiting", "data"]
    assert all(all(row.whys[tile["key"]]) for tile in row.tiles)
    assert all(len(shown.why) == 2 for shown in (page.verdicts(), page.chances(), page.clients()))


def test_every_entry_is_of_a_figure_that_is_shown(results: Results, portfolio: Portfolio) -> None:
    keys = shown_keys(results) | {figure.key for figure in portfolio_figures.figures(portfolio)}
    keys |= {f"tile-{part.anchor}-{tile.key}" for part in sections(results) for tile in part.tiles}
    keys |= {f"tile-portfolio-{tile.key}" for tile in portfolio_figures.tiles(portfolio)}
    by_page_alone = {"what-if", "verdict", "week4-case"}
    where_nothing_is_known = {"tile-week4-pilot", "followup-growth-lines"}
    unused = {
        name
        for name in whys()
        if name not in keys and not (name.endswith("*") and any(key.startswith(name[:-1]) for key in keys))
    }
    assert unused == by_page_alone | where_nothing_is_known


@pytest.mark.parametrize("key", sorted(whys()))
def test_a_formula_and_its_source_are_whole_sentences_without_open_placeholders(key: str, results: Results) -> None:
    said = why(key.removesuffix("*"), results.facts) or why(key.replace("*", "a"), results.facts)
    assert said is not None
    for text in said:
        assert "{" not in text
        assert text == " ".join(text.split())
    assert said[0].endswith(".")
    assert len(said[0]) > 20


def test_the_longest_beginning_speaks_for_a_numbered_figure_and_nothing_for_an_unknown_one(results: Results) -> None:
    assert why("week1-signal-growth", results.facts) == whys()["week1-signal-*"]
    assert why("unknown", results.facts) is None


def test_the_same_key_on_two_pages_has_two_explanations(results: Results) -> None:
    second, third = (tile_whys(page, results.facts)["npv"][0] for page in ("week2", "week3"))
    assert second.startswith("Median over the draws of discounted benefits less costs over 24 months at 8% a year")
    assert third.startswith("Mean over the draws of the plan's discounted benefits less costs over 24 months")
