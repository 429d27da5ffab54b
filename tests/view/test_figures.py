import json
import re
from functools import cache

import pytest

from tests.results_builder import build_facts, build_results, build_week2, empty_results
from workbook.results import Results
from workbook.view.figure import Figure
from workbook.view.figures import draw, followup, start, verdict, week1, week2, week3, week4
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
