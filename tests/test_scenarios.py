"""Named scenarios: saved whole, read back exactly, refused in whole sentences, left alone by runs."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from click.testing import CliRunner

from tests.economics_builders import whole
from tests.results_builder import build_results
from workbook import scenarios
from workbook.__main__ import cli, main
from workbook.errors import BadArgument
from workbook.results import Provenance
from workbook.runner.publish import publish
from workbook.scenario import Scenario, Thresholds
from workbook.scenarios import (
    check_assumptions,
    list_scenarios,
    load_scenario,
    save_scenario,
    scenario_from,
    with_settings,
)

LEAN = Scenario(
    name="lean", budget_money=90_000.5, thresholds=Thresholds(growth_per_year=0.3), overrides={"d_leadership": 0.2}
)


def saved_text(home: Path, **fields: object) -> Path:
    (home / "scenarios").mkdir(exist_ok=True)
    path = home / "scenarios" / "lean.json"
    path.write_text(json.dumps(fields), encoding="utf-8")
    return path


def refusal(call) -> str:
    with pytest.raises(BadArgument) as caught:
        call()
    return str(caught.value)


def test_a_saved_scenario_reads_back_as_it_was(tmp_path: Path):
    path = save_scenario(tmp_path, LEAN, whole())
    assert path == tmp_path / "scenarios" / "lean.json"
    assert load_scenario(tmp_path, "lean") == LEAN
    assert list_scenarios(tmp_path) == ("lean",)


def test_base_is_always_there_and_is_never_saved(tmp_path: Path):
    assert load_scenario(tmp_path, "base") == Scenario()
    assert refusal(lambda: save_scenario(tmp_path, Scenario(), whole())) == (
        "scenario 'base': this name stands for what client.yml says. Choose another."
    )


def test_seed_and_draws_belong_to_the_run_and_are_not_saved(tmp_path: Path):
    path = save_scenario(tmp_path, LEAN.model_copy(update={"seed": 7, "draws": 512}), whole())
    assert {"seed", "draws"}.isdisjoint(json.loads(path.read_text(encoding="utf-8")))


def test_a_taken_name_is_replaced_only_when_asked(tmp_path: Path):
    save_scenario(tmp_path, LEAN, whole())
    richer = LEAN.model_copy(update={"budget_money": 200_000.0})
    assert refusal(lambda: save_scenario(tmp_path, richer, whole())) == (
        "scenario 'lean': this name is taken. Choose another, or replace it: --replace."
    )
    assert load_scenario(tmp_path, "lean") == LEAN
    save_scenario(tmp_path, richer, whole(), replace=True)
    assert load_scenario(tmp_path, "lean") == richer


@pytest.mark.parametrize(
    "name", ["../lean", "Lean", "", "con", "a" * 41, "le an", "lean\n", "-lean", "/etc/x", "lean.json"]
)
def test_a_name_that_is_no_slug_is_refused_and_writes_nothing(tmp_path: Path, name: str):
    message = refusal(lambda: save_scenario(tmp_path, LEAN.model_copy(update={"name": name}), whole()))
    assert message == (
        f"scenario {name!r}: not a name. Use lower-case letters, digits and hyphens, at most 40, such as 'lean'."
    )
    assert list(tmp_path.iterdir()) == []


def test_a_write_that_fails_leaves_the_old_scenario_and_nothing_else(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    save_scenario(tmp_path, LEAN, whole())

    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(scenarios.os, "fsync", full)
    with pytest.raises(OSError, match="No space left"):
        save_scenario(tmp_path, LEAN.model_copy(update={"budget_money": 1.0}), whole(), replace=True)
    monkeypatch.undo()
    assert load_scenario(tmp_path, "lean") == LEAN
    assert [path.name for path in (tmp_path / "scenarios").iterdir()] == ["lean.json"]


def test_publishing_a_run_leaves_scenarios_as_they_are(tmp_path: Path):
    home = tmp_path / "out" / "acme"
    home.mkdir(parents=True)
    path = save_scenario(home, LEAN, whole())
    before = path.read_bytes()
    for run in ("0001", "0002"):
        (tmp_path / run).mkdir()
        (tmp_path / run / "results.json").write_text("{}", encoding="utf-8")
        publish(tmp_path / run, tmp_path / "out", "acme", run)
    assert path.read_bytes() == before


def test_a_scenario_that_is_not_there_names_the_nearest(tmp_path: Path):
    save_scenario(tmp_path, LEAN, whole())
    assert refusal(lambda: load_scenario(tmp_path, "leen")) == "scenario 'leen': not saved here. Did you mean 'lean'?"
    assert refusal(lambda: load_scenario(tmp_path, "zzz")) == "scenario 'zzz': not saved here. Saved here: base, lean."


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"budget": 3}, "scenario 'lean': key 'budget' is not known. Did you mean 'budget_money'?"),
        (
            {"thresholds": {"growth_per_yaer": 0.2}},
            "scenario 'lean': key 'thresholds.growth_per_yaer' is not known. Did you mean 'growth_per_year'?",
        ),
        ({"budget_money": -1}, "scenario 'lean': key 'budget_money' should be at least 0, not -1."),
        ({"cohort_size": 2.5}, "scenario 'lean': key 'cohort_size' should be a whole number, not 2.5."),
        ({"name": "fat"}, "scenario 'lean': its file says name 'fat'. Rename one of them."),
    ],
)
def test_a_scenario_file_with_a_fault_is_refused_in_a_sentence(tmp_path: Path, fields: dict, message: str):
    saved_text(tmp_path, **fields)
    assert refusal(lambda: load_scenario(tmp_path, "lean")) == message


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{", "scenario 'lean': not readable as JSON. Save it again."),
        ("[1]", "scenario 'lean': not a set of keys and values. Save it again."),
        ("[" * 60_000, "scenario 'lean': not readable as JSON. Save it again."),
        ('{"cohort_size": 3, "cohort_size": 4}', "scenario 'lean': key 'cohort_size' is given twice. Save it again."),
        (" " * 70_000, "scenario 'lean': its file is a link or too large to be a scenario. Remove it."),
    ],
)
def test_a_file_that_is_no_scenario_is_refused(tmp_path: Path, text: str, message: str):
    saved_text(tmp_path).write_text(text, encoding="utf-8")
    assert refusal(lambda: load_scenario(tmp_path, "lean")) == message


def test_R05_a_link_in_place_of_the_folder_is_refused_and_its_target_untouched(tmp_path: Path):
    home, elsewhere = tmp_path / "acme", tmp_path / "elsewhere"
    home.mkdir()
    elsewhere.mkdir()
    os.symlink(elsewhere, home / "scenarios")
    assert refusal(lambda: save_scenario(home, LEAN, whole())) == (
        "published folder: 'scenarios' is a link. Remove it; scenarios are kept in a folder of their own."
    )
    assert list(elsewhere.iterdir()) == []


def test_settings_reach_fields_groups_and_assumptions():
    made = with_settings(
        Scenario(), ["budget_money=3e5", "weights.turnover=2", "d_leadership=.2", "cohort_size=30"], name="lean"
    )
    assert made == Scenario(
        name="lean",
        budget_money=300_000,
        cohort_size=30,
        weights={"turnover": 2},
        overrides={"d_leadership": 0.2},
    )


@pytest.mark.parametrize(
    "setting", ["budget_money", "budget_money=", "budget_money=nan", "budget_money=1_000", "x=inf"]
)
def test_a_setting_that_is_no_number_is_refused(setting: str):
    assert refusal(lambda: with_settings(Scenario(), [setting], name="lean")) == (
        f"--set {setting}: write key=number, such as budget_money=300000."
    )


def test_seed_and_draws_cannot_be_set():
    made = with_settings(Scenario(), ["seed=4"], name="lean")
    assert refusal(lambda: check_assumptions(made, whole())) == "scenario 'lean': 'seed' is not known."


def test_unknown_assumptions_and_values_out_of_limits_are_refused():
    strange = scenario_from({"overrides": {"d_leadershp": 0.2, "budgt_money": 1}}, name="lean")
    assert refusal(lambda: check_assumptions(strange, whole())) == (
        "scenario 'lean': 'budgt_money' is not known. Did you mean 'budget_money'?\n"
        "scenario 'lean': 'd_leadershp' is not known. Did you mean 'd_leadership'?"
    )
    far = scenario_from({"overrides": {"d_leadership": 9.0}}, name="lean")
    assert refusal(lambda: check_assumptions(far, whole())) == (
        "assumption 'd_leadership': 9 is outside its limits -0.5 to 1.5."
    )


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A published client."""
    run = tmp_path / "acme" / "runs" / "r1"
    run.mkdir(parents=True)
    whole().dump(run / "evidence.json")
    made = Provenance(inputs={}, version="0.1.0", seed=3, draws=512)
    build_results(provenance=made).dump(run / "results.json")
    os.symlink("runs/r1", tmp_path / "acme" / "current")
    return tmp_path / "acme"


def test_the_commands_save_list_and_compare(home: Path):
    runner = CliRunner()
    saved = runner.invoke(cli, ["scenario", "save", str(home), "lean", "--set", "budget_money=90000"])
    assert saved.output == f"Saved. Compare it: workbook compare {home} --scenario base lean\n"
    listed = runner.invoke(cli, ["scenario", "list", str(home)])
    assert listed.output == "base: what client.yml says\nlean: budget_money=90000\n"
    table = home.parent / "table.csv"
    compared = runner.invoke(
        cli, ["compare", str(home), "--scenario", "base", "lean", "--set", "d_technical=0.3", "--csv", str(table)]
    )
    assert compared.exit_code == 0, compared.output
    assert compared.output.splitlines()[0].split() == ["scenario", "base", "lean", "with-set"]
    assert "All on the same 512 draws (seed 3)." in compared.output
    assert [line.split(",")[0] for line in table.read_text(encoding="utf-8").splitlines()] == [
        "scenario",
        "base",
        "lean",
        "with-set",
    ]


def test_a_scenario_that_is_not_there_ends_with_code_2(home: Path, capsys: pytest.CaptureFixture[str]):
    assert main(["compare", str(home), "--scenario", "base", "bse"]) == 2
    assert capsys.readouterr().err == "scenario 'bse': not saved here. Did you mean 'base'?\n"


def test_a_client_keeps_fifty_scenarios_and_replaces_one_of_them_even_then(tmp_path: Path):
    for number in range(scenarios.MOST_SAVED):
        save_scenario(tmp_path, Scenario(name=f"s{number}", cohort_size=10), whole())
    assert refusal(lambda: save_scenario(tmp_path, LEAN, whole())) == (
        "scenario 'lean': 50 are saved already. Remove one from scenarios/ first."
    )
    save_scenario(tmp_path, Scenario(name="s7", cohort_size=11), whole(), replace=True)
    assert load_scenario(tmp_path, "s7").cohort_size == 11
