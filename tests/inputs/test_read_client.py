"""From files to frames typed by contract."""

import datetime as dt
import time

import numpy as np
import pandas as pd
import pytest

from tests.inputs.folder import EMPLOYEES, GOOD, employees, folder, people, problems
from workbook.errors import BadArgument
from workbook.inputs import check, read_client
from workbook.inputs.contract import tables


def test_columns_are_typed_by_the_contract_and_absent_ones_are_missing(tmp_path):
    frame = employees(tmp_path, GOOD).tables["employees"]
    assert list(frame.columns) == list(tables()["employees"].names)
    kinds = {name: str(dtype) for name, dtype in frame.dtypes.items()}
    assert kinds["employee_id"] == "string"
    assert kinds["hire_date"] == "datetime64[s]"
    assert kinds["salary"] == kinds["performance"] == "float64"
    assert kinds["critical_team"] == "boolean"
    assert frame["critical_team"].isna().all()
    assert frame["exit_date"].tolist() == [pd.NaT, pd.Timestamp("2025-03-31")]


@pytest.mark.parametrize("form", ["csv", "xlsx sheet", "xlsx file", "parquet"])
def test_every_file_format_gives_the_same_table(tmp_path, form):
    frame = pd.DataFrame(
        {
            "employee_id": ["00007", "00008"],
            "unit": ["NA", "Sales"],
            "level": ["manager", "individual"],
            "hire_date": [dt.date(2020, 1, 31), dt.date(2021, 2, 28)],
            "exit_date": [None, dt.date(2025, 3, 31)],
            "exit_type": [None, "voluntary"],
            "salary": [54000, 31000.5],
        }
    )
    root = folder(tmp_path)
    if form == "csv":
        (root / "employees.csv").write_text(GOOD)
    elif form == "xlsx sheet":
        with pd.ExcelWriter(root / "export.xlsx") as book:
            pd.DataFrame({"about": ["us"]}).to_excel(book, sheet_name="Notes", index=False)
            frame.to_excel(book, sheet_name="Employees", index=False)
    elif form == "xlsx file":
        frame.to_excel(root / "employees.xlsx", index=False)
    else:
        frame.to_parquet(root / "employees.parquet")
    pd.testing.assert_frame_equal(
        read_client(root).tables["employees"], employees(tmp_path / "..", GOOD).tables["employees"]
    )


def test_a_number_formatted_with_zeros_in_a_spreadsheet_keeps_them(tmp_path):
    import openpyxl

    book = openpyxl.Workbook()
    book.active.append(["employee_id", "unit", "level", "hire_date"])
    book.active.append([7, "Sales", "manager", dt.datetime(2020, 1, 31)])
    book.active["A2"].number_format = "00000"
    root = folder(tmp_path)
    book.save(root / "employees.xlsx")
    assert read_client(root).tables["employees"]["employee_id"].tolist() == ["00007"]


def test_the_clients_own_headers_and_labels_are_read_as_client_yml_says(tmp_path):
    text = "Nr;Abteilung;Stufe;Eintritt;Austritt;Grund\n1;Vertrieb;Leitung;31.01.2020;30.06.2025;Kündigung\n"
    yml = (
        "columns: {employees: {employee_id: Nr, unit: Abteilung, level: Stufe, hire_date: Eintritt, "
        "exit_date: Austritt, exit_type: Grund}}\n"
        "values: {employees: {level: {Leitung: manager}, exit_type: {Kündigung: voluntary}}}\ndate_format: DD.MM.YYYY\n"
    )
    row = employees(tmp_path, text, yml).tables["employees"].iloc[0]
    assert (row["level"], row["exit_type"], row["hire_date"]) == ("manager", "voluntary", pd.Timestamp("2020-01-31"))


def test_labels_of_high_performers_stay_text_and_numbers_become_numbers(tmp_path):
    text = "employee_id,unit,level,hire_date,performance\nE1,Sales,manager,2020-01-31,Exceeds\n"
    by_label = employees(tmp_path, text, "high_performer: {labels: [Exceeds]}\n")
    assert by_label.tables["employees"]["performance"].tolist() == ["Exceeds"]
    by_number = employees(tmp_path, text, "values: {employees: {performance: {Exceeds: 5}}}\n")
    assert by_number.tables["employees"]["performance"].tolist() == [5.0]


def test_a_label_without_a_number_asks_for_one(tmp_path):
    text = "employee_id,unit,level,hire_date,performance\nE1,Sales,manager,2020-01-31,Exceeds\n"
    assert problems(folder(tmp_path, employees=text)) == [
        "employees.csv, row 2, column performance: 'Exceeds' is not a number. "
        "Give it a number under values: employees: performance in client.yml."
    ]


def test_high_performers_may_be_told_by_a_column_of_the_clients_own(tmp_path):
    text = "employee_id,unit,level,hire_date,potential\nE1,Sales,manager,2020-01-31,3\n"
    yml = "high_performer: {column: potential, at_least: 3}\n"
    assert employees(tmp_path, text, yml).tables["employees"]["potential"].tolist() == [3.0]
    (tmp_path / "acme" / "employees.csv").write_text(GOOD)
    assert problems(tmp_path / "acme") == [
        "employees.csv, row 1, column potential: missing. "
        "Add it, or name yours under columns: employees: potential in client.yml."
    ]


def test_the_message_on_a_wrong_number_is_the_one_the_house_style_shows(tmp_path):
    root = folder(tmp_path, employees=people("E1,Sales,manager,2020-01-31,,,54k"))
    assert problems(root) == [
        "employees.csv, row 2, column salary: '54k' is not a number. Write the yearly amount, such as 54000."
    ]


def test_the_same_problem_in_many_rows_is_told_five_times_and_counted(tmp_path):
    rows = [f"E{i},Sales,manager,2020-01-31,,,{i}k" for i in range(42)]
    found = problems(folder(tmp_path, employees=people(*rows)))
    assert len(found) == 6
    assert found[5] == "employees.csv, column salary: and 37 more rows like these, the last is row 43."


def test_items_map_to_constructs_and_items_of_none_are_left_out_with_a_note(tmp_path):
    survey = "respondent,unit,wave,item,score\na,S,2026-01-01,Q7,4\na,S,2026-01-01,enps,9\na,S,2026-01-01,Q99,3\n"
    client = read_client(folder(tmp_path, "items: {Q7: engagement}\n", survey=survey))
    assert client.tables["survey"]["construct_name"].tolist() == ["engagement", "enps", pd.NA]
    quality = {entry.table: entry for entry in client.quality}["survey"]
    assert quality.notes == ("items of no construct are left out: 'Q99'",)


def test_a_summary_counts_only_where_there_are_no_records(tmp_path):
    survey = "respondent,unit,wave,item,score\na,S,2026-01-01,engagement,4\n"
    summary = "unit,wave,construct,score,n\nS,2026-01-01,engagement,3.5,9\nS,2025-01-01,engagement,3.4,9\n"
    client = read_client(folder(tmp_path, survey=survey, survey_summary=summary))
    assert client.tables["survey_summary"]["wave"].tolist() == [pd.Timestamp("2025-01-01")]
    quality = {entry.table: entry for entry in client.quality}["survey_summary"]
    assert quality.notes == ("1 row left out: survey has the records of the same wave and construct",)


def test_quality_names_every_table_and_what_its_gaps_cost(tmp_path):
    quality = {entry.table: entry for entry in employees(tmp_path, GOOD).quality}
    assert list(quality) == [name for name, table in tables().items() if not table.settings]
    assert quality["employees"].rows == 2
    assert quality["employees"].completeness_share == pytest.approx(5 / 9)
    assert "no performance: high performers cannot be told apart" in quality["employees"].costs
    assert quality["roles"].present is False
    assert quality["roles"].costs == tables()["roles"].answers


def test_digests_name_each_file_read_and_change_with_one_byte(tmp_path):
    import hashlib

    client = employees(tmp_path, GOOD)
    assert set(client.digests) == {"client.yml", "employees.csv"}
    assert client.digests["employees.csv"] == hashlib.sha256(GOOD.encode()).hexdigest()


def test_a_folder_that_does_not_exist_is_said_so(tmp_path):
    with pytest.raises(BadArgument, match="no such folder"):
        read_client(tmp_path / "nowhere")


def test_a_table_found_twice_is_a_problem(tmp_path):
    root = folder(tmp_path, employees=GOOD, employees__txt=GOOD)
    assert problems(root) == ["employees.txt: The table employees is in employees.csv already. Keep one of the two."]


def test_a_misspelt_file_is_noted_with_the_name_it_may_mean(tmp_path):
    client = read_client(folder(tmp_path, employes=GOOD))
    assert client.notes == ("employes.csv is not read. Did you mean 'employees.csv'?",)
    assert "employes.csv" not in client.digests


def test_names_of_files_that_are_no_tables_stay_in_the_check(tmp_path):
    root = folder(tmp_path, employees=GOOD, pay_of_john_smith__docx="x")
    assert check(root).notes == ("pay_of_john_smith.docx is not read.",)
    assert read_client(root).notes == ()


def test_a_hundred_thousand_survey_rows_take_about_a_second(tmp_path):
    rng = np.random.default_rng(1)
    items = ("engagement", "cross_team", "capability", "promotion_readiness", "manager_effectiveness")
    scores = rng.integers(1, 6, size=(20_000, 5))
    lines = [f"p{i},U{i % 40},2026-01-01,{item},{scores[i, j]}" for i in range(20_000) for j, item in enumerate(items)]
    root = folder(tmp_path, survey="respondent,unit,wave,item,score\n" + "\n".join(lines) + "\n")
    started = time.process_time()
    frame = read_client(root).tables["survey"]
    assert time.process_time() - started < 5
    assert frame["score"].sum() == scores.sum()


def test_notes_say_which_rows_a_blank_unit_went_to(tmp_path):
    client = employees(tmp_path, people("E1,,manager,2020-01-31,,,1", "E2,Sales,manager,2020-01-31,,,1"))
    assert client.tables["employees"]["unit"].tolist() == ["(missing)", "Sales"]
    assert {entry.table: entry for entry in client.quality}["employees"].notes[
        0
    ] == "unit: 1 empty cell counted as (missing)"


def test_the_order_of_columns_does_not_matter(tmp_path):
    turned = "\n".join(",".join(reversed(line.split(","))) for line in GOOD.splitlines())
    one = employees(tmp_path, GOOD).tables["employees"]
    pd.testing.assert_frame_equal(employees(tmp_path, turned).tables["employees"], one)


def test_employees_header_of_the_helper_is_part_of_the_contract():
    assert set(EMPLOYEES.strip().split(",")) <= set(tables()["employees"].names)
