"""Scenarios kept from a page: named, refused, replaced, compared; a page writes nothing else and nowhere else."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from tests.builders import company
from workbook import weeks
from workbook.scenario import Scenario
from workbook.scenarios import list_scenarios, load_scenario, save_scenario
from workbook.view.header import Desk, Header
from workbook.view.shelf import READ_ONLY, Shelf, changed_words

CLIENT = company()
BASE = Scenario(draws=256)
LEAN = Scenario(name="lean", budget_money=60_000, start_month=3, overrides={"d_leadership": 0.2, "days_to_fill": 80})
TAKEN = "“lean” is taken. Choose another name, or press Replace."
NAME = "Use lower-case letters, digits and hyphens, at most 40, such as lean-start."


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    return Shelf(home=tmp_path, evidence=CLIENT)


def test_a_page_keeps_its_setting_and_reads_it_back_on_the_runs_draws(shelf: Shelf, tmp_path: Path) -> None:
    assert shelf.keep("lean", LEAN.model_copy(update={"draws": 256}), replace=False) == {
        "message": "Saved as “lean”.",
        "kept": "lean",
    }
    assert load_scenario(tmp_path, "lean") == LEAN
    assert shelf.named("lean", BASE) == (LEAN.model_copy(update={"draws": 256}), "")
    assert [path.name for path in tmp_path.iterdir()] == ["scenarios"]


def test_a_taken_name_is_replaced_only_when_asked(shelf: Shelf, tmp_path: Path) -> None:
    save_scenario(tmp_path, LEAN, CLIENT)
    assert shelf.keep("lean", BASE, replace=False) == {"message": TAKEN, "taken": True}
    assert load_scenario(tmp_path, "lean") == LEAN
    assert shelf.keep("lean", Scenario(cohort_size=7), replace=True)["kept"] == "lean"
    assert load_scenario(tmp_path, "lean").cohort_size == 7


@pytest.mark.parametrize("name", ["", "Lean", "../lean", "a" * 41, "base", "this-page", None, 7, ["lean"], "con"])
def test_R41_a_forged_name_writes_nothing(name: object, shelf: Shelf, tmp_path: Path) -> None:
    assert shelf.keep(name, LEAN, replace=True) == {"message": NAME}
    assert list(tmp_path.iterdir()) == []


def test_a_server_without_a_folder_keeps_nothing_and_says_so() -> None:
    shelf = Shelf(home=None, evidence=CLIENT)
    assert (shelf.writable, shelf.names()) == (False, ())
    assert shelf.keep("lean", LEAN, replace=False) == {"message": READ_ONLY}


def test_a_folder_that_is_a_link_is_not_written_through(shelf: Shelf, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    os.symlink(elsewhere, tmp_path / "scenarios")
    assert shelf.keep("lean", LEAN, replace=False) == {"message": READ_ONLY}
    assert list(elsewhere.iterdir()) == []


def test_a_saved_scenario_says_what_it_changes_in_the_clients_words() -> None:
    facts = weeks.facts(CLIENT, Scenario())
    assert changed_words(LEAN, facts) == (
        "Budget €60,000, Start in 3 months, Effect of leadership training 0.20\u00a0SD"
        " and Days to fill a leadership vacancy 80 days"
    )
    assert changed_words(Scenario(), facts) == "nothing changed"


def test_a_spoilt_file_is_listed_as_spoilt_and_is_not_applied(shelf: Shelf, tmp_path: Path) -> None:
    save_scenario(tmp_path, LEAN, CLIENT)
    (tmp_path / "scenarios" / "lean.json").write_text('{"budget_money": "lots"}', encoding="utf-8")
    facts = weeks.facts(CLIENT, Scenario())
    assert shelf.listed(facts) == [{"name": "lean", "words": "cannot be read; save it again"}]
    assert shelf.named("lean", BASE) == (
        BASE,
        "The scenario in the address cannot be used any more; the page shows what client.yml says.",
    )


def test_compared_scenarios_stand_beside_the_clients_own_on_the_same_draws(shelf: Shelf, tmp_path: Path) -> None:
    from workbook.weeks.compare import compare
    from workbook.words import Words

    save_scenario(tmp_path, LEAN, CLIENT)
    here = Scenario(draws=256, cohort_size=9)
    found = shelf.compared(["lean", "gone", 5], here, BASE)
    assert found["columns"] == ["", "Client's own", "lean", "This page"]
    rows = {row[0]: row[1:] for row in found["rows"]}
    same = compare(CLIENT, [BASE, LEAN, here.model_copy(update={"name": "here"})])
    say = Words.of(same.facts)
    assert rows["NPV expected"] == [say.money_full(column.expected_npv) for column in same.columns]
    assert rows["Verdict"] == [column.answer for column in same.columns]
    assert found["message"] == "All on the same 256 draws; plans drawn up by rule."


def test_nothing_moved_leaves_nothing_to_compare(shelf: Shelf) -> None:
    assert shelf.compared([], BASE, BASE) == {
        "message": "Move a slider, or tick a saved scenario, to have something to compare with."
    }


def test_the_header_answers_what_a_browser_asks_and_nothing_else(
    shelf: Shelf, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = Desk(shelf, lambda: LEAN, BASE, weeks.facts(CLIENT, BASE))
    header = Header(
        facts={"name": "Acme", "line": "", "badge": "", "answer_words": "Split", "certainty": ""}, desk=desk
    )
    sent: list[Any] = []
    monkeypatch.setattr(header, "send", lambda content, buffers=None: sent.append(content))
    for forged in (None, 7, "keep", {"kind": "delete", "name": "lean"}, {"kind": ["keep"]}):
        header._asked(header, forged, [])
    assert sent == []
    header._asked(header, {"kind": "keep", "name": "lean", "replace": "yes"}, [])
    assert sent == [{"kind": "keep", "message": "Saved as “lean”.", "kept": "lean"}]
    assert [row["name"] for row in header.saved] == ["lean"]
    assert list_scenarios(tmp_path) == ("lean",)


def test_a_failure_becomes_one_sentence(shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails() -> Scenario:
        raise RuntimeError("secret")

    header = Header(facts={}, desk=Desk(shelf, fails, BASE, weeks.facts(CLIENT, BASE)))
    sent: list[Any] = []
    monkeypatch.setattr(header, "send", lambda content, buffers=None: sent.append(content))
    header._asked(header, {"kind": "compare", "names": []}, [])
    assert sent == [{"kind": "compare", "message": "This could not be done; the server's log says why."}]
