"""Laws of reading: any bytes give a table or a typed error; order, form and spelling of a file change nothing."""

import csv
import io
import string
import tempfile
from pathlib import Path

import pandas as pd
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from tests.inputs.folder import folder
from workbook.errors import InputProblems
from workbook.inputs import Client, check, read_client
from workbook.inputs.contract import Column, tables
from workbook.inputs.numeric import read_numbers
from workbook.inputs.settings_file import read_settings

FEW = settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.too_slow])
MONEY = Column(name="salary", type="number", unit="money", description="", example="", min=0)
HEADER = tables()["employees"].names


def read(**files: bytes | str) -> Client | InputProblems:
    with tempfile.TemporaryDirectory() as place:
        try:
            return read_client(folder(Path(place), **files))
        except InputProblems as error:
            return error


def written(rows: list[tuple[str, ...]], header: tuple[str, ...], separator: str = ",", end: str = "\n") -> str:
    text = io.StringIO()
    writer = csv.writer(text, delimiter=separator, lineterminator=end)
    writer.writerows([header, *rows])
    return text.getvalue()


units = st.text(st.characters(codec="utf-8", categories=("L", "N", "P", "Zs")), max_size=12)
person = st.tuples(
    units,
    st.sampled_from(["executive", "manager", "individual"]),
    st.dates(min_value=pd.Timestamp("1950-01-01").date(), max_value=pd.Timestamp("2026-06-30").date()).map(str),
    st.sampled_from(["", "1", "4.5"]),
    st.floats(min_value=0, max_value=1e9).map(lambda x: f"{x:.2f}"),
    st.sampled_from(["", "yes", "no"]),
)
NAMES = ("employee_id", "unit", "level", "hire_date", "performance", "salary", "critical_team")


def rows_of(people: list[tuple[str, ...]]) -> list[tuple[str, ...]]:
    return [(f"{i:05d}", *rest) for i, rest in enumerate(people)]


def frame_of(found: Client | InputProblems) -> pd.DataFrame:
    assert isinstance(found, Client), found
    return found.tables["employees"]


safe_person = person.filter(lambda p: p[0].strip() not in {"(company)", "(small units)"})


@FEW
@given(
    st.binary(max_size=300),
    st.sampled_from(["employees.csv", "survey.xlsx", "roles.parquet", "client.yml", "programmes.yml"]),
)
@example(b"\xff\xfe\x00", "employees.csv")
@example(b'"', "employees.csv")
@example(b"\x00\xd8\x00\x00", "employees.csv")
@example(b"\xff\xfe\x00\xd8", "employees.csv")
@example(b"? ", "client.yml")
@example(b"%YAML 9.9\n---\na", "client.yml")
@example(b"a: 1\x85b: 2", "programmes.yml")
def test_any_bytes_give_a_table_or_problems_and_never_a_crash(content, name):
    with tempfile.TemporaryDirectory() as place:
        root = folder(Path(place))
        (root / name).write_bytes(content)
        report = check(root)
        assert all("\n" not in str(problem) for problem in report.problems)
        assert str(report)


cells = st.one_of(
    st.text(max_size=8),
    st.sampled_from(
        [
            "2020-01-01",
            "01/02/2020",
            "1,234",
            "1.234",
            "12%",
            "yes",
            "now",
            "-1",
            "1e999",
            "9" * 400,
            "=1+1",
            "\U0001f600",
        ]
    ),
)


def typical(name: str) -> st.SearchStrategy[tuple[str, ...]]:
    """A row of table `name` in which every cell may be the example, something allowed, empty, or anything at all."""
    choices = []
    for column in tables()[name].columns:
        usual = st.sampled_from([column.example, "", *column.allowed, "E1", "2020-01-01", "2026-07-01"])
        choices.append(st.one_of(usual, usual, cells))
    return st.tuples(*choices)


some_tables = st.lists(st.sampled_from(sorted(tables())), max_size=3, unique=True).flatmap(
    lambda names: st.fixed_dictionaries(
        {name: st.lists(typical(name), max_size=4) for name in ["employees", *(n for n in names if n != "employees")]}
    )
)


UNASSIGNED = ("\U00018cd6", "0", "", "", "E1", "", "")


@FEW
@given(some_tables)
@example({"employees": [], "assumptions": [UNASSIGNED]})
def test_any_cells_in_any_tables_give_tables_or_problems_that_fit_on_a_line(rows):
    texts = {name: written(lines, tables()[name].names) for name, lines in rows.items()}
    with tempfile.TemporaryDirectory() as place:
        report = check(folder(Path(place), **{name: text.encode("utf-8", "replace") for name, text in texts.items()}))
        for problem in report.problems:
            assert "\n" not in str(problem)
            assert str(problem).isprintable()


@FEW
@given(st.text(alphabet=string.printable + "é\u2028\u202e\x85", max_size=200))
def test_any_text_gives_settings_or_problems_that_fit_on_a_line(text):
    found = read_settings(text.encode())
    assert found.problems
    assert all(str(problem).isprintable() for problem in found.problems)


@FEW
@given(st.lists(safe_person, min_size=1, max_size=8), st.randoms(use_true_random=False))
def test_the_order_of_rows_and_columns_changes_nothing_but_the_order(people, random):
    rows = rows_of(people)
    order = list(range(len(NAMES)))
    random.shuffle(order)
    mixed = random.sample(rows, len(rows))
    one = frame_of(read(employees=written(rows, NAMES)))
    turned = written([tuple(row[i] for i in order) for row in mixed], tuple(NAMES[i] for i in order))
    other = frame_of(read(employees=turned)).sort_values("employee_id", ignore_index=True)
    pd.testing.assert_frame_equal(one, other)


@FEW
@given(
    st.lists(safe_person, min_size=1, max_size=6),
    st.sampled_from([",", ";", "\t", "|"]),
    st.sampled_from(["\n", "\r\n", "\r"]),
    st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
)
def test_separator_line_end_and_encoding_change_nothing(people, separator, end, encoding):
    rows = rows_of(people)
    one = frame_of(read(employees=written(rows, NAMES)))
    other = frame_of(read(employees=written(rows, NAMES, separator, end).encode(encoding)))
    pd.testing.assert_frame_equal(one, other)


@FEW
@given(st.lists(safe_person, min_size=1, max_size=6))
def test_what_was_read_can_be_written_and_read_again(people):
    one = frame_of(read(employees=written(rows_of(people), NAMES)))
    again = one.copy()
    again["hire_date"] = again["hire_date"].dt.strftime("%Y-%m-%d")
    again["critical_team"] = again["critical_team"].map({True: "yes", False: "no"})
    pd.testing.assert_frame_equal(frame_of(read(employees=again.to_csv(index=False))), one)


@FEW
@given(st.lists(st.decimals(min_value=0, max_value=10**9, places=2), min_size=1, max_size=8))
def test_a_column_in_any_countrys_notation_has_the_same_sum_or_is_refused(amounts):
    english = [f"{amount:,.2f}" for amount in amounts]
    swap = str.maketrans(",.", ".,")
    notations = [english, [text.translate(swap) for text in english], [text.replace(",", " ") for text in english]]
    expected = [float(amount) for amount in amounts]
    for texts in notations:
        assert list(read_numbers(texts, MONEY, currency="GBP", decimal_mark=None).found) == expected


@FEW
@given(st.lists(st.sampled_from(["1,234", "1.234", "12.345", "999,999", "54000", "1"]), min_size=1, max_size=6))
def test_values_that_can_be_read_in_two_ways_are_never_read(texts):
    found = read_numbers(texts, MONEY, currency="GBP", decimal_mark=None).found
    for text, value in zip(texts, found, strict=True):
        assert isinstance(value, float) == text.isdigit()
