import json
import re
from functools import cache

import pytest

from tests.results_builder import build_facts, build_results, build_verdict, build_week2, empty_results
from tests.results_builder_depth import IMPOSSIBLE
from workbook.results import AssumptionUse, Results, Week2
from workbook.view.figure import Figure
from workbook.view.figures import draw, followup, start, verdict, week1, week2, week2_unknown, week3, week4
from workbook.view.figures.what_if import what_if
from workbook.view.sentences import units_of


def all_figures(results: Results) -> tuple[Figure, ...]:
    facts = results.facts
    return (
        *start.figures(results.quality, facts),
        *week1.figures(results.week1, facts),
        *week2.figures(results.week2, facts),
        *week3.figures(results.week3, facts),
        *week4.figures(results.week4, facts),
        *followup.figures(results.followup, facts),
        *verdict.figures(results.verdict, facts, units_of(results.week2.assumptions)),
        what_if(results.grid, facts),
    )


@cache
def full() -> dict[str, Figure]:
    return {figure.key: figure for figure in all_figures(build_results())}


@cache
def empty() -> dict[str, Figure]:
    return {figure.key: figure for figure in all_figures(empty_results())}


def test_every_figure_has_a_key_of_its_own():
    assert len(full()) == len(all_figures(build_results()))


def test_every_spec_is_valid_vega_lite():
    import altair
    from altair.utils.schemapi import validate_jsonschema

    schema = altair.load_schema()
    for figure in full().values():
        if figure.spec is not None:
            spec = {**figure.spec, "width": "container"}
            validate_jsonschema(spec, {"$ref": "#/definitions/TopLevelLayerSpec"}, schema)


def test_specs_name_no_colour_so_that_one_spec_serves_light_dark_and_paper():
    for figure in full().values():
        assert not re.search(r"#[0-9a-f]{3,6}\b|rgb\(", json.dumps(figure.spec)), figure.key


def test_specs_leave_title_and_width_to_the_page():
    for figure in full().values():
        assert not {"title", "width", "config"} & set(figure.spec or {}), figure.key


def test_a_chart_gets_its_spec_once_and_afterwards_only_rows():
    doubled = json.loads(build_week2().model_dump_json())
    for leak in doubled["leaks"].values():
        for name in ("monthly", "low", "high"):
            leak[name] = None if leak[name] is None else 2 * leak[name]
    changed = {f.key: f for f in week2.figures(type(build_week2()).model_validate(doubled), build_facts())}
    leaks = full()["week2-leaks"]
    assert changed["week2-leaks"].spec == leaks.spec
    assert changed["week2-leaks"].data != leaks.data


def test_every_layer_draws_named_data_that_the_figure_brings():
    for figure in full().values():
        asked = set(re.findall(r'"data": \{"name": "(\w+)"', json.dumps(figure.spec)))
        assert asked == set(figure.data), figure.key


@pytest.mark.parametrize("figures", [full, empty])
def test_every_figure_says_itself_in_words_without_programmers_words(figures):
    for figure in figures().values():
        said = " ".join([figure.title, figure.text, figure.note, *(cell for row in figure.table for cell in row)])
        assert figure.text, figure.key
        assert not re.search(r"\b(nan|True|False|null)\b|\bNone\b(?! yet)|\d\.\d{5}", said), (figure.key, said)


def test_every_table_row_has_a_cell_for_each_column():
    for figure in (*full().values(), *empty().values()):
        assert {len(row) for row in figure.table} <= {len(figure.columns)}, figure.key


def test_what_could_not_be_measured_is_a_sentence_and_not_an_empty_chart():
    charts = {key for key, figure in empty().items() if figure.spec is not None}
    assert charts == {"start-completeness"}


def test_titles_state_the_finding_with_its_figure():
    titles = {key: figure.title for key, figure in full().items()}
    assert titles["week2-leaks"] == "The status quo leaks about £63k a month, mostly regretted exits"
    assert titles["week2-delay"] == "Each month's delay of leadership training costs £22k"
    assert titles["week1-signals"] == (
        "3 of 4 signals are present: rapid growth, succession gaps and cross-team friction"
    )
    assert titles["week3-plan"] == "Buy 34 seats for £227k; expect £364k net over 24 months"
    assert (
        titles["week4-mde"] == "24 leaders against 24 can see an effect of 0.83\u00a0SD, not the target of 0.31\u00a0SD"
    )
    assert titles["verdict"] == "Develop leaders first"


def test_waiting_that_is_cheaper_is_said_as_a_saving():
    week = build_week2()
    cheaper = week.model_copy(update={"cost_of_delay": week.cost_of_delay.model_copy(update={"per_month": -4_000.0})})
    assert week2.delay(cheaper, build_facts()).title == (
        "Waiting is cheaper: each month's delay of leadership training saves £4k"
    )


def test_a_withheld_score_is_absent_from_data_and_table():
    figure = full()["followup-competency-3"]
    assert figure.data == {}
    assert figure.text == "Feedback: insufficient data: withheld to protect people."


def test_a_plain_sentence_says_what_flips_the_answer():
    assert full()["verdict-flips"].text.endswith(
        "Effect of leadership training (d) below 0.12 SD (now 0.31 SD) makes it “split”, which is unlikely (17%)."
    )


def test_the_static_picture_needs_nothing_from_outside():
    picture = draw.svg(full()["week2-leaks"])
    assert picture.startswith("<svg")
    assert "Regretted exits" in picture
    assert "href" not in picture.replace("xlink", "")


def test_an_analyst_gets_an_altair_chart_with_the_same_rows():
    chart = draw.altair_chart(full()["week2-leaks"])
    assert chart.to_dict()["datasets"]["rows"] == full()["week2-leaks"].data["rows"]


def test_a_figure_without_a_chart_cannot_be_drawn():
    with pytest.raises(ValueError, match=r"^the figure 'week1-gate' has no chart; show its text$"):
        draw.svg(full()["week1-gate"])


def test_figures_of_later_models_state_their_finding():
    titles = {key: figure.title for key, figure in full().items()}
    assert titles["week1-turnover"] == "Platform loses more people than the company does"
    assert titles["week2-rate"] == (
        "Leadership training returns 58% a year on the money in it, in the median; −4% to 140% in 8 of 10 draws"
    )
    assert titles["week2-drivers"] == (
        "Effect of leadership training (d) accounts for 62% of the uncertainty in the plan's net value"
    )
    assert titles["week2-groups"] == "A study of what programmes achieve would be worth up to £24k"
    assert titles["week2-stress"] == (
        "The plan loses money in 22% of draws, mostly with a low effect of leadership training (d)"
    )
    assert titles["week3-search"] == (
        "The best plan within the limits, by the model; worth £13k more than the plan drawn up by rule"
    )
    assert titles["week3-inclusion"] == (
        "The firmest line, Coaching and simulation in Platform, is bought in 88% of 16 draws; the least firm in 25%"
    )


def test_a_result_without_the_later_models_says_so():
    found = empty()
    assert found["week2-drivers"].text == "What drives the result: insufficient data: it was not computed for this run."
    assert found["week3-search"].text == (
        "How the plan was found: the plan is the one drawn up by rule; no exact search was run."
    )
    assert found["week1-turnover"].spec is None


def test_an_impossible_plan_names_the_limit_that_would_have_to_give():
    week = build_results().week3.model_copy(update={"exact": IMPOSSIBLE})
    figure = week3.search(week, build_facts())
    assert figure.title == "No plan that spends money keeps to all limits"
    assert "What would have to give: budget by £12k." in figure.text


def undecided_week2() -> Week2:
    """A client whose leaks were measured in part, so that no track would be funded."""
    week = build_results().week2
    name = next(iter(week.leaks))
    half = {
        **week.leaks,
        name: week.leaks[name].model_copy(update={"monthly": None, "why": "needs roles and delivery"}),
    }
    nothing = {"track": None, "per_month": None, "why": "insufficient data: no track would be funded yet"}
    return week.model_copy(update={"leaks": half, "cost_of_delay": week.cost_of_delay.model_copy(update=nothing)})


def test_an_undecided_client_is_told_what_to_ask_for_instead_of_a_return():
    week, facts = undecided_week2(), build_facts()
    tiles = {tile.key: tile for tile in week2.tiles(week, facts)}
    assert tiles["npv"].value == "not known"
    assert tiles["npv"].note == "On what was measured alone no return can be stated; ask for delivery and roles."
    shown = {figure.key: figure for figure in week2.figures(week, facts)}
    for key in ("returns", "payback", "cumulative-leadership", "utility-technical", "rate", "tornado", "drivers"):
        assert shown[f"week2-{key}"].spec is None, key
    said = " ".join(figure.text for figure in shown.values()) + " ".join(str(tile) for tile in tiles.values())
    assert "ROI" not in said


def test_an_undecided_verdict_compares_no_plans():
    undecided = build_verdict().model_copy(update={"answer": "insufficient data", "ask_for": ("roles",)})
    shown = verdict.figures(undecided, build_facts())
    assert [figure.spec for figure in shown] == [None, None, None]
    assert shown[2].text == "What would change our mind: not known: first the missing tables: roles."


@pytest.mark.parametrize("evidence", ["judgement", "house assumption"])
def test_assumptions_on_judgement_are_counted_by_either_name(evidence):
    week = build_week2()
    used = tuple(AssumptionUse(**{**use.model_dump(), "evidence": evidence}) for use in week.assumptions)
    title = week2_unknown.assumptions(week.model_copy(update={"assumptions": used}), build_facts()).title
    assert title.endswith(f"{len(used)} resting on judgement")


def test_all_together_is_not_counted_among_the_competencies():
    follow = build_results().followup
    whole = follow.growth["Coaching"].model_copy(update={"competency": "all"})
    counted = follow.model_copy(update={"growth": {**follow.growth, "all": whole}})
    assert followup.growth(counted, build_facts()).title == "1 of 2 competencies last; deciding fades"


def test_a_hole_of_the_coverage_map_is_quiet_in_the_picture_and_named_in_the_table():
    figure = full()["week1-coverage"]
    assert {row["said"] for row in figure.data["rows"] if not row["value"]} <= {"–"}
    assert all(cell[2] != "0" for cell in figure.table)


def test_a_height_in_steps_becomes_one_in_pixels_for_rows_that_stay():
    figure = full()["week2-leaks"]
    assert draw.fixed_spec(figure)["height"] == 40 * len({row["label"] for row in figure.data["rows"]})


def test_the_published_case_of_the_grid_keeps_the_verdicts_certainty():
    results = build_results()
    figure = what_if(results.grid, results.facts, results.verdict)
    row = next(row for row in figure.table if row[0] == "£250,000")
    assert row[2] == f"{100 * results.verdict.certainty:.0f}%"


def test_the_calendar_says_who_starts_later_what_waiting_costs_and_what_is_closed():
    figure = full()["week3-calendar"]
    assert figure.title == "Rotation and mentoring starts later than the others, after 3 months"
    assert figure.table[2] == (
        "Rotation and mentoring",
        "after 3 months",
        "after 9 months",
        "after 13 months",
        "£11,500",
        "£24,000",
    )
    assert figure.note.endswith("Closed to a start in Sales: at once.")
    ends = [(row["phase"], row["begin"], row["end"]) for row in figure.data["rows"]][-3:]
    assert ends == [("Training", 3, 9), ("Effect grows", 9, 13), ("In effect", 13, 24)]


def test_where_all_start_at_once_the_calendar_names_the_least_price_of_waiting():
    found = build_results().week3.exact
    line = found.calendar.lines[0]
    for lines, title in (
        ((line,), "Coaching and simulation starts at once; a quarter's wait costs £41k"),
        ((line, found.calendar.lines[2]), "All 2 programmes start at once; a quarter's wait costs £5k or more"),
    ):
        exact = found.model_copy(update={"calendar": found.calendar.model_copy(update={"lines": lines})})
        assert week3.calendar(build_results().week3.model_copy(update={"exact": exact}), build_facts()).title == title


def test_without_an_exact_plan_the_calendar_says_why_there_is_none():
    figure = week3.calendar(build_results().week3.model_copy(update={"exact": None}), build_facts())
    assert figure.text == "When the programmes start: the plan drawn up by rule starts everything together."


def test_the_calendar_costs_and_designs_state_their_finding():
    found = full()
    assert found["followup-replan"].title == (
        "3 sessions still to be held: 1 split, 1 given as self-paced material and 1 as planned"
    )
    assert "critical part 17 July 2026, rest 7 August 2026" in found["followup-replan"].table[1]
    assert found["followup-postponed"].title == "4 sessions postponed or cancelled cost £1.2k so far"
    assert found["followup-due"].title == (
        "Next: feedback received, 3 August 2026; managers are behind in 1 of 2 parts"
    )
    assert found["followup-costs"].title == "Spent £84k of £80k: 5% over budget"
    assert [row[1] for row in found["followup-costs"].table] == ["all", "Feb 2026", "Mar 2026"]
    assert found["followup-scale"].title == "Coaching and simulation: £11k a person for 6, £6.5k for 24"
    assert found["week4-designs"].title == (
        "2 designs are possible here; the chosen one, wait-list lottery, sees no target"
    )
    assert found["week4-designs"].table[1][2].endswith("*")
    assert found["week4-worth"].title == "Run it as planned. Piloting first is worth £6.3k more than acting at once"


def test_without_sessions_training_or_pilot_the_later_figures_say_so():
    found = empty()
    titles = {key: found[f"followup-{key}"].title for key in ("replan", "postponed", "due", "costs", "scale")}
    assert titles == {
        "replan": "Re-plan: nothing to plan",
        "postponed": "Cost of postponing: nothing to count",
        "due": "What is due: nothing yet",
        "costs": "Budget against actual: nothing to show",
        "scale": "Cost a person as more take part: not known",
    }
    assert found["week4-designs"].title == "Designs: insufficient data"
