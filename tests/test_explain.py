"""Every figure of results.json says where it comes from."""

from __future__ import annotations

import importlib
import json
from collections.abc import Iterator
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from tests.results_builder import build_results, empty_results
from workbook.__main__ import main
from workbook.assumptions import shipped_register
from workbook.errors import BadArgument
from workbook.explain import described, entries, entries_from, explain, fields, fits, keys
from workbook.results import AssumptionUse, Estimate, Results
from workbook.runner.commands_explain import text

TRACKS = ("leadership", "technical")


@cache
def leaves() -> dict[tuple[str, ...], tuple[dict[str, Any], bool]]:
    """Every path of the schema that ends in a value, with its type and whether it may be missing."""
    schema = Results.model_json_schema(mode="serialization", by_alias=True)
    return {path: (kind, missing) for path, kind, missing in _walk(schema, schema["$defs"], (), False)}


def _walk(
    part: dict, known: dict, path: tuple[str, ...], missing: bool
) -> Iterator[tuple[tuple[str, ...], dict, bool]]:
    if "$ref" in part:
        part = known[part["$ref"].rsplit("/", 1)[1]]
    if "anyOf" in part:
        for choice in part["anyOf"]:
            if choice.get("type") != "null":
                yield from _walk(choice, known, path, missing or {"type": "null"} in part["anyOf"])
    elif "properties" in part:
        for name, below in part["properties"].items():
            yield from _walk(below, known, (*path, name), False)
    elif part.get("type") == "object":
        yield from _walk(part["additionalProperties"], known, (*path, "*"), missing)
    elif "prefixItems" in part:
        for place, below in enumerate(part["prefixItems"]):
            yield from _walk(below, known, (*path, str(place)), missing)
    elif part.get("type") == "array":
        yield from _walk(part["items"], known, (*path, "*"), missing)
    else:
        yield path, part, missing


def sections() -> set[tuple[str, ...]]:
    return {path[:length] for path in leaves() for length in range(1, len(path))}


def meets(pattern: str, path: tuple[str, ...]) -> bool:
    """Whether a key with wildcards can name `path`, in which `*` stands for any name."""
    parts = pattern.split(".")
    return len(parts) == len(path) and all(
        mine == theirs or "*" in (mine, theirs) for mine, theirs in zip(parts, path, strict=True)
    )


def filled(pattern: str) -> str:
    return pattern.replace("{1}", "*")


def test_the_schema_is_walked_by_the_names_json_has():
    assert len(leaves()) > 500
    assert ("week2", "return", "*", "npv", "p50") in leaves()
    assert ("week3", "exact", "inclusion", "*", "share") in leaves()
    assert not any("returns" in path for path in leaves())


def test_every_value_and_every_section_has_an_entry():
    assert [path for path in [*leaves(), *sorted(sections())] if described(path) is None] == []


def test_every_number_has_a_unit():
    numbers = [path for path, (kind, _) in leaves().items() if kind.get("type") in ("number", "integer")]
    assert len(numbers) > 250
    assert [path for path in numbers if not described(path).unit] == []


def test_a_yes_or_no_that_may_be_missing_is_told_from_a_text_that_is_not_there():
    open_ = [path for path, (kind, missing) in leaves().items() if kind.get("type") == "boolean" and missing]
    assert len(open_) >= 5
    assert {described(path).unit for path in open_} == {"yes or no"}


@pytest.mark.parametrize("field", ["key", "label", "formula", "by"])
def test_no_entry_lacks_a_word(field):
    assert [entry.key for entry in entries() if not getattr(entry, field).strip()] == []


def test_every_key_and_part_names_a_path_of_the_schema():
    known = [*leaves(), *sections()]
    written = [(entry.key, entry.key) for entry in entries()]
    written += [(entry.key, f"{entry.key}.{part}") for entry in entries() for part in entry.parts]
    assert [row for row in written if not any(meets(row[1], path) for path in known)] == []


def test_every_field_with_a_meaning_of_its_own_is_in_the_schema():
    assert set(fields()) - {path[-1] for path in leaves()} == set()


def test_every_key_a_figure_depends_on_names_a_path_of_the_schema():
    known = [*leaves(), *sections()]
    written = [(entry.key, filled(key)) for entry in entries() for key in entry.from_keys]
    assert len(written) > 80
    assert [row for row in written if not any(meets(row[1], path) for path in known)] == []


def test_every_function_named_exists():
    written = [(entry.key, name) for entry in entries() for name in (entry.by, *entry.also)]
    missing = []
    for key, name in written:
        module, function = name.split(":")
        if not callable(getattr(importlib.import_module(f"workbook.{module}"), function, None)):
            missing.append((key, name))
    assert missing == []


def test_every_assumption_named_is_in_the_register():
    written = [(entry.key, name) for entry in entries() for name in entry.uses if name != "{1}"]
    named = [(key, name.replace("{1}", track)) for key, name in written for track in TRACKS]
    assert [row for row in named if not any(fnmatchcase(known, row[1]) for known in shipped_register())] == []


def test_every_table_named_is_in_the_contract():
    from workbook.inputs.contract import tables_schema

    named = {table for entry in entries() for table in entry.tables}
    assert named - set(_names(tables_schema())) == set()


def _names(part: Any) -> Iterator[str]:
    if isinstance(part, dict):
        for name, below in part.items():
            yield name
            yield from _names(below)
    elif isinstance(part, list | str):
        for below in [part] if isinstance(part, str) else part:
            yield from [below] if isinstance(below, str) else _names(below)


def test_the_longest_pattern_speaks_and_of_equals_the_one_with_fewest_wildcards():
    row = {"formula": "f", "by": "m:f"}
    known = entries_from(
        [{"key": key, "label": key, **row} for key in ("a", "a.*", "a.b", "a.*.c")],
    )
    said = {key: described(tuple(key.split(".")), known).entry.key for key in ("a", "a.x", "a.b", "a.b.d", "a.b.c")}
    assert said == {"a": "a", "a.x": "a.*", "a.b": "a.b", "a.b.d": "a.b", "a.b.c": "a.*.c"}
    assert described(("b",), known) is None


def test_a_wildcard_meets_one_segment():
    assert fits(("a", "*", "c"), ("a", "b", "c", "d"))
    assert not fits(("a", "*", "c"), ("a", "c"))
    assert not fits(("a", "b"), ("a", "*"))


def test_a_key_explained_twice_is_refused():
    row = {"key": "a.b", "label": "l", "formula": "f", "by": "m:f"}
    with pytest.raises(BadArgument) as refusal:
        entries_from([row, row])
    assert str(refusal.value) == "explanation of 'a.b': declared twice."


def known_inputs() -> Results:
    """The built results with two assumptions of the register among those used."""
    register = shipped_register()
    used = tuple(
        AssumptionUse(
            name=name,
            label=register[name].label,
            unit=register[name].unit,
            value=value,
            low=low,
            high=high,
            distribution=register[name].distribution,
            evidence=evidence,
            source=source,
        )
        for name, value, low, high, evidence, source in (
            ("d_leadership", 0.31, -0.09, 0.72, "published", "Morrow, Jarrett & Rupinski (1997)."),
            ("working_hours", 1_800.0, 1_600.0, 2_000.0, "client", "Payroll."),
            ("effect_cap_share", 0.8, 0.6, 0.9, "house assumption", "House assumption"),
        )
    )
    results = build_results()
    return results.model_copy(update={"week2": results.week2.model_copy(update={"assumptions": used})})


def said(key: str, results: Results | None = None) -> str:
    results = results or build_results()
    return text(explain(results, key), results).replace("\u00a0", " ")


def test_a_spread_is_told_with_its_percentiles_its_inputs_and_what_it_depends_on():
    assert said("week2.return.leadership.npv", known_inputs()) == NPV


def test_inputs_behind_a_figure_are_those_of_what_it_comes_from_however_far_down():
    """A payback reads no assumption; its running sum reads none; benefit and cost, which that comes from, do."""
    found = explain(known_inputs(), "week2.return.leadership.payback_month")
    assert found.inputs == ()
    assert found.behind == ("d_leadership", "working_hours", "effect_cap_share")
    technical = explain(known_inputs(), "week2.return.technical.payback_month")
    assert "d_leadership" not in technical.behind


def test_what_comes_from_itself_is_told_all_the_same():
    results = build_results()
    for key in (key for key in keys(results) if key.count(".") < 2):
        found = explain(results, key)
        assert not {each.name for each in found.inputs} & set(found.behind)


def test_a_section_lists_what_is_below_it():
    assert said("week2.cost_of_delay") == DELAY


def test_one_number_of_a_list_is_told():
    assert said("week3.plan.0.seats") == SEATS


def test_a_missing_figure_says_why():
    assert said("week2.leaks.slow_decisions.monthly") == MISSING


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("week2.return.leadership.npv.p50", "£320k"),
        ("week2.return.leadership.payback_month.p90", "not within 24 months"),
        ("week2.return.leadership.why", "none"),
        ("week2.return.leadership.challenges", "none"),
        ("week2.return.technical.conservative.survives", "no"),
        ("week2.information.stress.p_loss", "22%"),
        ("verdict.flips.0.flips_at", "0.12 SD"),
        ("verdict.flips.1.flips_at", "none within its range"),
        ("week2.assumptions.1.value", "33.0% of yearly pay"),
        ("week1.signals.growth.n", "412"),
        ("week1.team_turnover.0.rate", "21% a year"),
        ("week3.exact.model_npv", "£366k"),
        ("facts.as_of", "30 June 2026"),
        ("grid.points.50.spent.leadership", "£248k"),
        ("provenance.inputs.employees.csv", "1f" * 32),
    ],
)
def test_a_value_is_worded_by_its_unit(key, value):
    assert [each.replace("\u00a0", " ") for each in explain(build_results(), key).value.values()] == [value]


def test_a_suppressed_figure_is_withheld():
    results = build_results()
    hidden = Estimate(value=None, why="fewer than five people", suppressed=True)
    spend = results.week1.spend.model_copy(update={"leaders_capability": hidden})
    results = results.model_copy(update={"week1": results.week1.model_copy(update={"spend": spend})})
    for key in ("week1.spend.leaders_capability", "week1.spend.leaders_capability.value"):
        found = explain(results, key)
        assert (found.value, found.why) == ({"value": "withheld to protect people"}, "fewer than five people")


def test_the_assumption_a_record_of_a_list_speaks_of_is_its_input():
    assert [each.name for each in explain(build_results(), "verdict.flips.0").inputs] == ["leadership_d"]
    assert [each.name for each in explain(build_results(), "week2.information.evppi.reach.evppi").inputs] == ["reach"]


def test_each_track_names_its_own_effect():
    for track in TRACKS:
        found = explain(known_inputs(), f"week2.return.{track}.d_point")
        assert [each.name for each in found.inputs] == (["d_leadership"] if track == "leadership" else [])


@pytest.mark.parametrize("results", [build_results(), empty_results()], ids=["whole", "empty"])
def test_every_key_of_results_can_be_explained(results):
    every = [key for key in keys(results) if not any(part.isdigit() and int(part) > 1 for part in key.split("."))]
    assert len(every) > 300
    for key in every:
        found = explain(results, key)
        assert found.key == key
        assert found.value or found.below


@pytest.mark.parametrize(
    ("asked", "near"),
    [
        ("week2.return.leadershp.npv", "week2.return.leadership.npv"),
        ("week2.returns.leadership.npv", "week2.return.leadership.npv"),
        ("week3.plan.99.seats", "week3.plan.3.seats"),
        ("verdict.anwser", "verdict.answer"),
        ("week2.return.leadership.npv.p50.x", "week2.return.leadership.npv.p50"),
    ],
)
def test_an_unknown_key_is_refused_with_the_nearest(asked, near):
    with pytest.raises(BadArgument) as refusal:
        explain(build_results(), asked)
    assert str(refusal.value) == f"key '{asked}': not in these results. The nearest is '{near}'."


def test_a_hostile_key_is_cut_and_its_controls_made_visible():
    with pytest.raises(BadArgument) as refusal:
        explain(build_results(), "verdict\x1b[2J." + "x" * 100_000)
    assert str(refusal.value).startswith("key 'verdict\ufffd[2J.xxx")
    assert len(str(refusal.value)) < 400


def test_an_empty_key_is_refused_with_the_parts_there_are():
    with pytest.raises(BadArgument) as refusal:
        explain(build_results(), " ")
    assert str(refusal.value) == (
        "key: empty. Name a part of the results: client, currency, as_of, cohort_size, facts, provenance, quality, "
        "week1, week2, week3, week4, verdict, followup or grid."
    )


def test_a_client_s_own_name_in_a_key_cannot_steer_the_terminal():
    results = build_results()
    growth = {"\x1b[2Jcoaching": next(iter(results.followup.growth.values()))}
    results = results.model_copy(update={"followup": results.followup.model_copy(update={"growth": growth})})
    told = said("followup.growth", results)
    assert "followup.growth.\ufffd[2Jcoaching" in told
    assert "\x1b" not in told + said("followup.growth.\x1b[2Jcoaching.gain", results)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    run = tmp_path / "acme" / "runs" / "one"
    run.mkdir(parents=True)
    build_results().dump(run / "results.json")
    (tmp_path / "acme" / "current").symlink_to("runs/one")
    return tmp_path / "acme"


def test_the_command_prints_the_block(home, capsys):
    assert main(["explain", str(home), "week3.plan.0.seats"]) == 0
    assert capsys.readouterr().out == SEATS + "\n"


def test_the_command_prints_json(home, capsys):
    assert main(["explain", str(home), "week3.plan.0.seats", "--json"]) == 0
    found = explain(build_results(), "week3.plan.0.seats")
    assert json.loads(capsys.readouterr().out) == found.model_dump(mode="json")


def test_the_command_refuses_an_unknown_key(home, capsys):
    assert main(["explain", str(home), "verdict.anwser"]) == 2
    out, error = capsys.readouterr()
    assert out == ""
    assert error == "key 'verdict.anwser': not in these results. The nearest is 'verdict.answer'.\n"


def test_the_command_needs_a_published_run(tmp_path, capsys):
    assert main(["explain", str(tmp_path), "verdict"]) == 2
    assert capsys.readouterr().err == (
        f"{tmp_path}: no published run here. Run the client first: workbook run <client folder>.\n"
    )


NPV = """\
Net present value
  Key         week2.return.leadership.npv
  Value       at point values £348k; P10 £16k; P50 £320k; P90 £735k
  Unit        money
  Formula     Discounted benefits − discounted costs over the horizon at (1 + r)^(1/12) − 1 a month
  Computed by workbook.weeks.economics_returns:plan_return
  and         workbook.model.returns:present_value
              workbook.weeks.economics_returns:spread
  Depends on  week2.return.leadership.benefit.point: £553k
              week2.return.leadership.cost.point: £205k
              facts.horizon_months: 24 months
              facts.discount_rate: 8% a year
  Assumptions Effect size of leadership programmes (d_leadership): 0.31 SD, range −0.09 to 0.72.
              Published. Morrow, Jarrett & Rupinski (1997).
              Most of a leak that one programme may take away (effect_cap_share): 80.0%, range 60.0%
              to 90.0%. House assumption
  Behind them working_hours"""

DELAY = """\
Cost of delay
  Key         week2.cost_of_delay
  Formula     Net present value if started now, less the same plan started later over the same
              calendar months: (1 − v^k)·NPV of H − k months + the last k months' discounted flow
  Computed by workbook.weeks.week2:cost_of_delay
  and         workbook.weeks.week2:delay_points
              workbook.model.delay:cost_of_delay_money
  Depends on  week2.return.*.npv.point
              facts.horizon_months: 24 months
              facts.discount_rate: 8% a year
  Source      Reinertsen (2009), chapter 2. The fixed window: house rule.
  Below it    week2.cost_of_delay.per_month: £22k a month
              week2.cost_of_delay.low: £6.4k a month
              week2.cost_of_delay.high: £41k a month
              week2.cost_of_delay.track: leadership
              week2.cost_of_delay.by_month
              week2.cost_of_delay.tail_share
              week2.cost_of_delay.longer_horizon_per_month
              week2.cost_of_delay.last_worthwhile_month
              week2.cost_of_delay.status_quo_per_month: £63k a month
              week2.cost_of_delay.status_quo_low: £42k a month
              week2.cost_of_delay.status_quo_high: £97k a month
              week2.cost_of_delay.why: none"""

SEATS = """\
Line of the plan: seats
  Key         week3.plan.0.seats
  Value       12 people
  Unit        people
  Formula     Seats of one programme in one unit; a programme's cost is shared by seats, the plan's
              benefit by what each line would bring alone
  Computed by workbook.weeks.economics_returns:plan_lines
  and         workbook.weeks.economics_plans:plan_grid
  Depends on  week3.method: reference plan"""

MISSING = """\
Slow decisions: monthly
  Key         week2.leaks.slow_decisions.monthly
  Value       not known
  Missing     no decision days were given
  Unit        money a month
  Formula     Decisions a month × days above target × paid time lost a day
  Computed by workbook.model.leaks:slow_decisions_money_per_month
  Tables      delivery"""
