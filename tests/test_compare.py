"""Scenarios compared on common draws."""

from __future__ import annotations

import csv
import io

import numpy as np
import pytest

from tests.economics_builders import DRAWS, skills_gap, whole
from workbook import weeks
from workbook.errors import BadArgument
from workbook.scenario import Scenario
from workbook.view.compare import csv_text, table
from workbook.weeks.compare import changes, compare, paired
from workbook.weeks.decision import decision_problem

BASE = Scenario(draws=DRAWS)
LEAN = Scenario(name="lean", draws=DRAWS, budget_money=60_000)
WEAK = Scenario(name="weak", draws=DRAWS, overrides={"d_leadership": 0.27, "d_technical": 0.6})


def worth(scenario: Scenario) -> np.ndarray:
    """NPV by draw of the plan a scenario would choose, straight from the decision problem."""
    problem = decision_problem(whole(), scenario, weeks.week1(whole(), scenario))
    return problem.utilities_of([problem.chosen])[:, 0]


def test_the_difference_is_taken_draw_by_draw():
    found = compare(whole(), [BASE, LEAN]).columns[1].versus_first
    gain = worth(LEAN) - worth(BASE)
    assert found.mean == pytest.approx(gain.mean())
    assert (found.p10, found.p50, found.p90) == pytest.approx(tuple(np.percentile(gain, [10, 50, 90])))
    assert found.p_better == np.mean(gain > 0)


def test_a_scenario_that_changes_nothing_differs_by_nothing():
    same = BASE.model_copy(update={"name": "same"})
    found = compare(whole(), [BASE, same]).columns[1].versus_first
    assert found.model_dump() == {"mean": 0, "p10": 0, "p50": 0, "p90": 0, "p_better": 0}


def test_other_seeds_and_draws_give_way_to_the_first_scenario_s():
    other = LEAN.model_copy(update={"seed": 99, "draws": 256})
    assert compare(whole(), [BASE, other]) == compare(whole(), [BASE, LEAN])


def test_common_draws_make_the_difference_narrower_than_draws_of_its_own():
    first, second = worth(BASE), worth(WEAK)
    shuffled = np.random.default_rng(1).permutation(second)
    mine, theirs = paired(second, first), paired(shuffled, first)
    assert mine.mean == pytest.approx(theirs.mean)
    assert mine.p90 - mine.p10 < 0.8 * (theirs.p90 - theirs.p10)


def test_turning_the_pair_round_turns_the_sign():
    there, back = (compare(whole(), pair).columns[1].versus_first for pair in ([BASE, LEAN], [LEAN, BASE]))
    assert (there.mean, there.p10, there.p90) == pytest.approx((-back.mean, -back.p90, -back.p10))


def test_the_first_column_agrees_with_the_verdict_of_a_run():
    column = compare(skills_gap(), [BASE]).columns[0]
    verdict = weeks.decide(skills_gap(), BASE, weeks.week1(skills_gap(), BASE))
    assert (column.answer, column.certainty) == (verdict.answer, verdict.certainty)
    chosen = next(row for row in verdict.classes if row.answer == verdict.answer)
    assert column.expected_npv == pytest.approx(chosen.expected_npv)
    assert column.versus_first is None


def test_a_bigger_budget_is_never_worth_less_and_none_buys_nothing():
    budgets = [Scenario(name=f"b{k}", draws=DRAWS, budget_money=k * 100_000.0) for k in (0, 1, 2, 4)]
    columns = compare(whole(), budgets).columns
    values = [column.expected_npv for column in columns]
    assert values == sorted(values)
    assert columns[0].plan_cost == 0
    assert columns[0].roi_percent.p50 is columns[0].payback_month.p50 is columns[0].p_npv_positive is None


def test_what_a_scenario_changes_is_said_by_key():
    assert changes(
        Scenario(name="x", seed=5, budget_money=3.0, weights={"turnover": 2}, overrides={"d_leadership": 0.2})
    ) == {
        "budget_money": 3.0,
        "weights.turnover": 2.0,
        "d_leadership": 0.2,
    }


def test_the_table_has_a_column_a_scenario_and_says_what_was_changed():
    lines = table(compare(whole(), [BASE, LEAN, WEAK])).splitlines()
    assert lines[0].split() == ["scenario", "base", "lean", "weak"]
    labels = [line[:24].strip() for line in lines]
    for label in ("verdict", "certainty", "plan cost", "NPV P10", "NPV P50", "NPV P90", "ROI P50", "payback P50"):
        assert label in labels
    assert "P(better than base)" in labels
    assert lines[-3:] == [
        "lean: budget_money=60000",
        "weak: d_leadership=0.27, d_technical=0.6",
        f"All on the same {DRAWS} draws (seed {BASE.seed}).",
    ]


def test_the_csv_holds_the_figures_not_rounded():
    found = compare(whole(), [BASE, LEAN])
    rows = list(csv.DictReader(io.StringIO(csv_text(found))))
    assert [row["scenario"] for row in rows] == ["base", "lean"]
    assert float(rows[1]["npv_p10"]) == found.columns[1].npv.p10
    assert float(rows[1]["p_better_than_first"]) == found.columns[1].versus_first.p_better
    assert rows[0]["npv_less_first_mean"] == ""
    assert rows[1]["changed"] == "budget_money=60000.0"


@pytest.mark.parametrize(
    ("scenarios", "message"),
    [
        ([], "compare: no scenario was named. Name one at least, such as base."),
        ([LEAN, BASE, LEAN], "compare: 'lean' is named twice. Name each scenario once."),
    ],
)
def test_no_scenario_or_one_twice_is_refused(scenarios: list, message: str):
    with pytest.raises(BadArgument) as caught:
        compare(whole(), scenarios)
    assert str(caught.value) == message
