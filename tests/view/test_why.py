"""Every figure a page or the pack shows says how it is worked out and where that comes from."""

from __future__ import annotations

import pytest

from tests.results_builder import build_results
from workbook.pack.sections import foundations, sections
from workbook.results import Results
from workbook.view.why import why, whys


@pytest.fixture(scope="module")
def results() -> Results:
    return build_results()


def shown_keys(results: Results) -> set[str]:
    parts = sections(results)
    cards = [*(card for part in parts for card in part.cards), *foundations(results)]
    return {card.figure.key for card in cards} | {gap.key for part in parts for gap in part.gaps}


def test_every_figure_of_the_built_results_has_a_formula_and_a_source(results: Results) -> None:
    keys = shown_keys(results)
    assert len(keys) > 60
    assert sorted(key for key in keys if why(key, results.facts) is None) == []


def test_every_entry_is_of_a_figure_that_is_shown(results: Results) -> None:
    keys = shown_keys(results)
    by_page_alone = {"what-if", "verdict", "week4-case"}
    unused = {
        name
        for name in whys()
        if name not in keys and not (name.endswith("*") and any(key.startswith(name[:-1]) for key in keys))
    }
    assert unused == by_page_alone


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
