"""Make `open-survey` from openly licensed teaching tables, as they are.

Source: the PyPI package `peopleanalyticsdata` (MIT licence, copyright 2021 Akshay Kotha), which carries the data sets of
the Handbook of Regression Modeling in People Analytics. Two tables are used: `job_retention` (3,770 people in six fields,
followed for twelve months) and `employee_survey` (2,833 answers on a scale of 1 to 4). They describe different people and
carry no dates; what had to be assumed is listed in the folder's README. Needs the development environment.
"""

from __future__ import annotations

from importlib import resources
from pathlib import Path

import pandas as pd

HERE = Path(__file__).parent
FOLDER = HERE / "open-survey"
WINDOW_START = pd.Timestamp("2024-01-01")
MANAGER_ITEMS = ("Man1", "Man2", "Man3")

README = """# open-survey

Teaching data, openly licensed, mapped as they are by `client.yml`; most tables of a diagnostic are missing, and the
workbook says what that costs.

| file | from | rows |
|---|---|---|
| employees.csv | `job_retention` of the PyPI package `peopleanalyticsdata` 0.1.7 (MIT, copyright 2021 Akshay Kotha) | one a person |
| survey.csv | `job_retention` (sentiment, 1 to 10, by field) and `employee_survey` (Man1 to Man3, 1 to 4, no unit) | one an answer |

Assumed, because the tables do not say:

- the twelve months of follow-up are put in 2024; each person starts on 1 January and leaves at the end of the month given;
- "left" is counted as a voluntary exit: the reason is not recorded;
- levels High, Medium and Low are read as executive, manager and individual;
- the people of `employee_survey` are not those of `job_retention`; their answers stand under the unit `Survey panel`.

Rewrite with `python data/samples/make_open_survey.py`.
"""

CLIENT = """# Openly licensed teaching data (MIT); see README.md in this folder.
client: open-survey
name: Open teaching data
licence: "MIT, peopleanalyticsdata, copyright 2021 Akshay Kotha"
currency: USD
locale: en_US
as_of: 2024-12-31
budget: 300000
cohort_size: 60
scales:
  engagement: {min: 1, max: 10, favourable_from: 8}
  manager_effectiveness: {min: 1, max: 4, favourable_from: 3}
items:
  sentiment: engagement
  Man1: manager_effectiveness
  Man2: manager_effectiveness
  Man3: manager_effectiveness
columns:
  employees:
    unit: field
    exit_type: left
values:
  employees:
    level: {High: executive, Medium: manager, Low: individual}
    exit_type: {"1": voluntary}
"""


def read(name: str) -> pd.DataFrame:
    """One table of the teaching package."""
    with resources.files("peopleanalyticsdata").joinpath("data", f"{name}.csv").open("rb") as file:
        return pd.read_csv(file)


def main() -> None:
    """Write the folder."""
    retention, answers = read("job_retention"), read("employee_survey")
    ids = [f"r{number:05d}" for number in range(1, len(retention) + 1)]
    left = retention.left == 1
    exits = [(WINDOW_START + pd.offsets.MonthEnd(month)).date().isoformat() for month in retention.month]
    employees = pd.DataFrame(
        {
            "employee_id": ids,
            "field": retention.field,
            "level": retention.level,
            "hire_date": WINDOW_START.date().isoformat(),
            "exit_date": pd.Series(exits).where(left),
            "left": left.astype(int).astype(str).where(left),
        }
    )
    sentiment = pd.DataFrame(
        {
            "respondent": ids,
            "unit": retention.field,
            "wave": "2024-01-15",
            "item": "sentiment",
            "score": retention.sentiment,
        }
    )
    panel = answers[list(MANAGER_ITEMS)].assign(respondent=[f"s{number:05d}" for number in range(1, len(answers) + 1)])
    manager = panel.melt(id_vars="respondent", var_name="item", value_name="score").assign(
        unit="Survey panel", wave="2024-01-15"
    )
    survey = pd.concat([sentiment, manager[sentiment.columns]], ignore_index=True)
    FOLDER.mkdir(exist_ok=True)
    for name, table in {"employees": employees, "survey": survey}.items():
        (FOLDER / f"{name}.csv").write_text(
            table.to_csv(index=False, lineterminator="\n"), encoding="utf-8", newline="\n"
        )
    (FOLDER / "client.yml").write_text(CLIENT, encoding="utf-8")
    (FOLDER / "README.md").write_text(README, encoding="utf-8")


if __name__ == "__main__":
    main()
