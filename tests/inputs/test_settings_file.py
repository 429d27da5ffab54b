"""client.yml: text converted by declared type, every problem at once, in our own words."""

import pytest

from tests.inputs.folder import folder, problems
from workbook.inputs.settings_file import read_settings
from workbook.settings import Settings

HEAD = "client: acme\ncurrency: GBP\nas_of: 2026-06-30\n"


def said(text: str) -> list[str]:
    return [str(problem) for problem in read_settings((HEAD + text).encode()).problems]


def test_every_problem_of_the_settings_is_reported_at_once():
    text = "horizon: 3\nswitches: {hard_trigger_alone: yes, sided: both}\n"
    text += "scales: {engagment: {min: 1, max: 5}}\nbudget: 1,000\ncohort_size: 0\n"
    assert said(text) == [
        "client.yml, key 'horizon': not known. Did you mean 'horizon_months'? (line 4)",
        "client.yml, key 'switches.hard_trigger_alone': 'yes' is neither true nor false. Write true or false. (line 5)",
        "client.yml, key 'switches.sided': 'both' is not known. Known: two and one. (line 5)",
        "client.yml, key 'scales.engagment': not known. Did you mean 'engagement'? (line 6)",
        "client.yml, key 'budget': '1,000' is not a number. "
        "Write digits with a point for decimals and no separators, such as 250000 or 0.08. (line 7)",
        "client.yml, key 'cohort_size': 0 is below 1. Write 1 or more. (line 8)",
    ]


def test_missing_keys_are_named_with_an_example():
    assert [str(problem) for problem in read_settings(b"name: Acme\n").problems] == [
        "client.yml, key 'client': missing. Add it, such as 'client: acme-retail'.",
        "client.yml, key 'currency': missing. Add it, such as 'currency: GBP'.",
        "client.yml, key 'as_of': missing. Add it, such as 'as_of: 2026-06-30'.",
    ]


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("as_of: 20260630", "'20260630' is not a date. Write year-month-day, such as 2026-06-30. (line 3)"),
        ("as_of: 2026-02-30", "'2026-02-30' is not a date. Write year-month-day, such as 2026-06-30. (line 3)"),
    ],
)
def test_a_date_is_year_month_day_and_nothing_else(line, message):
    text = f"client: acme\ncurrency: GBP\n{line}\n"
    assert [str(problem) for problem in read_settings(text.encode()).problems] == [
        f"client.yml, key 'as_of': {message}"
    ]


def test_a_currency_or_locale_that_does_not_exist_is_refused():
    wrong = b"client: acme\ncurrency: ZZZ\nas_of: 2026-06-30\nlocale: en_English\n"
    assert [str(problem) for problem in read_settings(wrong).problems] == [
        "client.yml, key 'currency': 'ZZZ' is not a currency code. Use ISO 4217, such as GBP. (line 2)",
        "client.yml, key 'locale': 'en_English' is not a locale. Write language_COUNTRY, such as en_GB. (line 4)",
    ]


def test_numbers_lists_and_groups_arrive_typed():
    settings = read_settings(
        (
            HEAD + "budget: 2.5e5\npriorities: [growth, 007]\nswitches: {tax: 0.25, hard_trigger_alone: false}\n"
            "high_performer: {labels: [A, NO]}\nblackout: [{unit: Ops, start: 2026-12-15, end: 2027-01-20}]\n"
            "pay: {manager: 70000}\nrevenue:\n"
        ).encode()
    ).settings
    assert settings == Settings(
        client="acme",
        currency="GBP",
        as_of="2026-06-30",
        budget=250_000,
        priorities=("growth", "007"),
        switches={"tax": 0.25, "hard_trigger_alone": False},
        high_performer={"labels": ("A", "NO")},
        blackout=({"unit": "Ops", "start": "2026-12-15", "end": "2027-01-20"},),
        pay={"manager": 70_000},
    )


def test_a_privacy_floor_can_only_be_raised():
    assert said("privacy: {scores_from: 4}") == [
        "client.yml, key 'privacy.scores_from': 4 is below 5. Write 5 or more. (line 4)"
    ]


def test_two_rules_for_high_performers_are_one_too_many():
    assert said("high_performer: {at_least: 4, top_share: 0.2}") == [
        "client.yml, key 'high_performer': Give exactly one of at_least, top_share and labels. (line 4)"
    ]


def test_names_of_tables_columns_and_labels_in_the_settings_must_exist(tmp_path):
    yml = (
        "columns:\n  employee: {unit: Dept}\n  employees: {untis: Dept}\n"
        "values:\n  employees: {level: {IC: indivdual}}\n"
    )
    assert problems(folder(tmp_path, yml)) == [
        "client.yml, key 'columns.employee': not known. Did you mean 'employees'?",
        "client.yml, key 'columns.employees.untis': not known. Did you mean 'unit'?",
        "client.yml, key 'values.employees.level.IC': 'indivdual' is not known. Did you mean 'individual'?",
    ]


def test_problems_of_settings_and_tables_come_together(tmp_path):
    root = folder(tmp_path, "horizon: 3\n", employees="employee_id,unit,level,hire_date\nE1,Sales,boss,2020-01-01\n")
    assert problems(root) == [
        "client.yml, key 'horizon': not known. Did you mean 'horizon_months'? (line 4)",
        "employees.csv, row 2, column level: 'boss' is not known. Known: executive, manager and individual. "
        "Correct it, or map it under values: employees: level in client.yml.",
    ]


def test_a_folder_without_client_yml_says_how_to_get_one(tmp_path):
    (tmp_path / "acme").mkdir()
    assert problems(tmp_path / "acme") == [
        "client.yml: missing. Write one with client, currency and as_of; workbook new shows how."
    ]


def test_programme_and_assumption_changes_are_checked_at_the_door(tmp_path):
    root = folder(
        tmp_path,
        programmes__yml="no_such_thing:\n  money_per_participant: 12\n",
        assumptions="name,value,low,high,source\nno_such_assumption,0.5,,,the CFO\n",
    )
    found = problems(root)
    assert any(line.startswith("assumptions.csv, row 2: assumption 'no_such_assumption': not known.") for line in found)
    assert any(line.startswith("programmes.yml: ") and "no_such_thing" in line for line in found)
