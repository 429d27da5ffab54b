"""Rows R14-R28, R34 and R36b of the hostile list: what stands in a client's tables."""

import codecs

import pandas as pd
import pytest

from tests.inputs.folder import EMPLOYEES, GOOD, employees, folder, people, problems
from workbook.inputs import check, read_client

E = "E1,Sales,manager,2020-01-31,,,"
DELIVERY = "unit,month,on_time_share,decision_days,contractor_cost\n"


def salaries(place, *values: str, yml: str = "") -> list[str] | list[float]:
    """Salaries as read, or the problems."""
    rows = [f'E{i},Sales,manager,2020-01-31,,,"{value}"' for i, value in enumerate(values)]
    root = folder(place, yml, employees=people(*rows))
    return problems(root) or read_client(root).tables["employees"]["salary"].tolist()


def shares(place, *values: str) -> list[str] | list[float]:
    """Shares of on-time delivery as read, or the problems."""
    rows = [f'Sales,2025-{i + 1:02d},"{value}",,' for i, value in enumerate(values)]
    root = folder(place, delivery=DELIVERY + "\n".join(rows) + "\n")
    return problems(root) or read_client(root).tables["delivery"]["on_time_share"].tolist()


def hired(place, *values: str, yml: str = "") -> list[str] | list[str]:
    """Hire dates as read, or the problems."""
    rows = [f'E{i},Sales,manager,"{value}",,,' for i, value in enumerate(values)]
    root = folder(place, yml, employees=people(*rows))
    return problems(root) or read_client(root).tables["employees"]["hire_date"].dt.strftime("%Y-%m-%d").tolist()


def test_R14_codes_keep_their_zeros_and_a_department_called_NA_stays_one(tmp_path):
    frame = employees(tmp_path, GOOD).tables["employees"]
    assert frame["employee_id"].tolist() == ["00007", "00008"]
    assert frame["unit"].tolist() == ["NA", "Sales"]


@pytest.mark.parametrize("word", ["NA", "N/A", "nan", "None", "null", "NULL", "-", "true", "1e5", "007", "#N/A"])
def test_R14_words_that_readers_take_for_missing_or_numbers_stay_text(tmp_path, word):
    frame = employees(tmp_path, people(f"{word},{word},manager,2020-01-31,,,1")).tables["employees"]
    assert frame.loc[0, ["employee_id", "unit"]].tolist() == [word, word]


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_R15_any_common_separator_gives_the_same_table(tmp_path, separator):
    expected = employees(tmp_path, GOOD).tables["employees"]
    root = folder(tmp_path, employees=GOOD.replace(",", separator))
    pd.testing.assert_frame_equal(read_client(root).tables["employees"], expected)


def test_R15_a_line_that_names_the_separator_is_obeyed_and_not_counted(tmp_path):
    text = "sep=;\n" + people("E1;Sales;manager;2020-01-31;;;54k", header=EMPLOYEES.replace(",", ";"))
    assert problems(folder(tmp_path, employees=text))[0].startswith("employees.csv, row 2, column salary: '54k'")


def test_R15_a_text_with_commas_does_not_hide_the_semicolons(tmp_path):
    text = "employee_id;unit;level;hire_date\nE1;Sales, North, East;manager;2020-01-31\n"
    assert employees(tmp_path, text).tables["employees"]["unit"].tolist() == ["Sales, North, East"]


def test_R16_semicolons_with_decimal_commas_keep_the_sum_of_money(tmp_path):
    text = EMPLOYEES.replace(",", ";") + "".join(
        f"E{i};Sales;manager;2020-01-31;;;{amount}\n" for i, amount in enumerate(["54.000,50", "1.250,25", "999,25"])
    )
    assert employees(tmp_path, text).tables["employees"]["salary"].sum() == 56_250.0


def test_R16_a_decimal_comma_in_a_comma_separated_file_is_refused_with_its_row(tmp_path):
    assert problems(folder(tmp_path, employees=people("E1,Sales,manager,2020-01-31,,,54000,50"))) == [
        "employees.csv, row 2: 8 cells, but the header has 7. Give every row as many cells as the header. "
        "A text or number that contains 'comma' needs quotes around it."
    ]


def test_R17_trailing_separators_change_nothing(tmp_path):
    expected = employees(tmp_path, GOOD).tables["employees"]
    for text in (
        GOOD.replace("\n", ",,\n"),
        "\n".join([GOOD.splitlines()[0], *(f"{r},," for r in GOOD.splitlines()[1:])]),
    ):
        pd.testing.assert_frame_equal(employees(tmp_path, text).tables["employees"], expected)


def test_R17_blank_lines_are_no_rows_but_count_in_the_row_numbers(tmp_path):
    text = people("E1,Sales,manager,2020-01-31,,,1", "", ",,,,,,", "E2,Sales,boss,2020-01-31,,,1")
    assert problems(folder(tmp_path, employees=text))[0].startswith("employees.csv, row 5, column level: 'boss'")


def test_R17_a_quotation_mark_that_never_closes_is_refused_with_its_row(tmp_path):
    text = people(E + "1", 'E2,"Sales,manager,2020-01-31,,,1', "E3,Sales,manager,2020-01-31,,,1")
    assert problems(folder(tmp_path, employees=text)) == [
        "employees.csv, row 3: A quotation mark is opened or closed in the wrong place (unexpected end of data). "
        'Write a quotation mark inside text twice ("").'
    ]


UMLAUT = people("E1,Vertrieb Süd – Köln,manager,2020-01-31,,,1", "E2,Référentiel d’été,manager,2020-01-31,,,1")


@pytest.mark.parametrize(
    ("encoding", "mark"),
    [
        ("utf-8", b""),
        ("utf-8", codecs.BOM_UTF8),
        ("utf-16", b""),
        ("utf-16-le", b""),
        ("utf-16-be", b""),
        ("cp1252", b""),
        ("utf-32", b""),
    ],
)
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_R18_every_encoding_and_line_end_gives_the_same_names(tmp_path, encoding, mark, end):
    content = mark + UMLAUT.replace("\n", end).encode(encoding)
    frame = employees(tmp_path, content).tables["employees"]
    assert frame["unit"].tolist() == ["Vertrieb Süd – Köln", "Référentiel d’été"]


def test_R18_latin_1_is_read_where_the_locale_is_written_with_it(tmp_path):
    content = people("E1,Süd,manager,2020-01-31,,,1", "E2,Ærø,manager,2020-01-31,,,1").encode("latin-1")
    assert employees(tmp_path, content).tables["employees"]["unit"].tolist() == ["Süd", "Ærø"]


@pytest.mark.parametrize(
    ("name", "encoding"),
    [
        ("Привет", "cp1251"),
        ("Łódź Główna", "cp1250"),
        ("Café", "mac_roman"),
        ("Köln", "cp850"),
        ("Málaga", "cp850"),
        ("Bogotá", "cp850"),
        ("coût", "cp850"),
        ("Ärzte", "cp850"),
        ("Straße", "mac_roman"),
        ("Zürich", "mac_roman"),
        ("Köln", "cp437"),
        ("Αθήνα", "cp1253"),
        ("東京支社", "shift_jis"),
        ("北京分公司", "gb18030"),
        ("100 €", "iso8859_15"),
    ],
)
def test_R18_another_encoding_is_refused_with_its_line_and_never_garbled(tmp_path, name, encoding):
    content = people("E1,Sales,manager,2020-01-31,,,1", f"E2,{name},manager,2020-01-31,,,1").encode(encoding)
    found = problems(folder(tmp_path, employees=content))
    assert len(found) == 1
    assert found[0].startswith("employees.csv, row 3: The text is n")
    assert found[0].endswith("Save it as 'CSV UTF-8' and check names with accents.")


def test_R18_a_locale_with_several_encodings_asks_for_utf_8(tmp_path):
    content = people("E1,Dvořák,manager,2020-01-31,,,1").encode("cp1250")
    assert problems(folder(tmp_path, "locale: cs_CZ\n", employees=content)) == [
        "employees.csv, row 2: The text is not UTF-8, and locale cs_CZ has several other encodings. "
        "Save it as 'CSV UTF-8' and check names with accents."
    ]


def test_R18_zero_bytes_are_refused(tmp_path):
    assert problems(folder(tmp_path, employees=GOOD.encode() + b"\x00\x00\x00")) == [
        "employees.csv: The file holds zero bytes, so it is not plain text. "
        "Save it as 'CSV UTF-8' and check names with accents."
    ]


def test_R19_a_date_that_may_be_day_or_month_first_is_refused_with_its_rows(tmp_path):
    assert hired(tmp_path, "03/04/2020", "05/06/2021") == [
        f"employees.csv, row {row}, column hire_date: '{date}' is not of the form year-month-day. "
        "Write 2026-06-30, or state date_format in client.yml: DD/MM/YYYY or MM/DD/YYYY, "
        "this column does not tell which."
        for row, date in ((2, "03/04/2020"), (3, "05/06/2021"))
    ]


def test_R19_a_column_that_tells_its_order_is_refused_with_the_format_to_state(tmp_path):
    assert hired(tmp_path, "13/04/2020")[0].endswith(
        "or state date_format in client.yml, here date_format: DD/MM/YYYY."
    )
    assert hired(tmp_path, "04-13-2020")[0].endswith(
        "or state date_format in client.yml, here date_format: MM-DD-YYYY."
    )


@pytest.mark.parametrize("written", ["DD/MM/YYYY", "dd/mm/yyyy", "'%d/%m/%Y'"])
def test_R19_a_stated_format_is_read_beside_iso_dates(tmp_path, written):
    yml = f"date_format: {written}\n"
    assert hired(tmp_path, "03/04/2020", "2021-06-05", yml=yml) == ["2020-04-03", "2021-06-05"]


def test_R19_a_third_format_beside_the_stated_one_is_refused(tmp_path):
    assert hired(tmp_path, "03/04/2020", "5 June 2021", yml="date_format: DD/MM/YYYY\n") == [
        "employees.csv, row 3, column hire_date: '5 June 2021' is neither year-month-day nor of the form %d/%m/%Y. "
        "Write every date in one of the two."
    ]


@pytest.mark.parametrize("written", ["DD/MM/YY", "'%d.%m.%y'", "DD/YYYY", "hello"])
def test_R19_a_stated_format_without_day_month_and_full_year_is_refused(tmp_path, written):
    root = folder(tmp_path, f"date_format: {written}\n")
    assert problems(root) == [
        f"client.yml, key 'date_format': '{written.strip(chr(39))}' does not give day, month and a year "
        "of four digits. Write it like DD/MM/YYYY. (line 4)"
    ]


@pytest.mark.parametrize(
    ("date", "message"),
    [
        (
            "43861",
            "'43861' looks like a spreadsheet's day number. Format the column as year-month-day and save it again.",
        ),
        ("03/04/65", "'03/04/65' has a year of two digits. Write the year in full, such as 2026-06-30."),
        ("1900-01-01", "'1900-01-01' stands for an unknown date. Leave the cell empty if it is not known."),
        ("1899-12-30", "'1899-12-30' stands for an unknown date. Leave the cell empty if it is not known."),
        ("9999-12-31", "'9999-12-31' stands for an unknown date. Leave the cell empty if it is not known."),
        ("0001-01-01", "'0001-01-01' stands for an unknown date. Leave the cell empty if it is not known."),
        ("2020-02-30", "'2020-02-30' is not a day of the calendar. Correct it."),
        ("", "is empty. Fill it in, or remove the row."),
    ],
)
def test_R19_serials_stand_ins_and_short_years_are_refused(tmp_path, date, message):
    assert hired(tmp_path, date) == [f"employees.csv, row 2, column hire_date: {message}"]


def test_R19_a_wave_after_as_of_is_refused(tmp_path):
    survey = "respondent,unit,wave,item,score\na,S,2026-07-01,engagement,4\n"
    assert problems(folder(tmp_path, survey=survey)) == [
        "survey.csv, row 2, column wave: 2026-07-01 is after as_of (2026-06-30). "
        "Correct the date, or as_of in client.yml."
    ]


def test_R20_a_key_seen_before_is_refused_with_both_rows(tmp_path):
    assert problems(folder(tmp_path, employees=people(E + "1", "E2,Ops,manager,2020-01-31,,,1", E + "2"))) == [
        "employees.csv, row 4, column employee_id: "
        "employee_id 'E1' and hire_date '2020-01-31' stands in row 2 already. Keep one row."
    ]


def test_R20_spells_of_one_person_may_not_overlap(tmp_path):
    spells = people("E1,Sales,manager,2020-01-01,2022-12-31,transfer,1", "E1,Ops,manager,2022-06-01,,,1")
    assert problems(folder(tmp_path, employees=spells)) == [
        "employees.csv, row 3, column hire_date: the spell of 'E1' begins before that of row 2 has ended. "
        "Give the earlier spell its exit_date, or join the two rows."
    ]
    open_ended = people("E1,Sales,manager,2020-01-01,,,1", "E1,Ops,manager,2022-06-01,,,1")
    assert len(problems(folder(tmp_path, employees=open_ended))) == 1


def test_R20_two_spells_that_follow_each_other_are_one_person_twice(tmp_path):
    spells = people("E1,Ops,manager,2022-06-01,,,1", "E1,Sales,manager,2020-01-01,2022-05-31,transfer,1")
    assert len(employees(tmp_path, spells).tables["employees"]) == 2


def test_R21_missing_ids_are_refused_and_never_equal_each_other(tmp_path):
    text = people(",Sales,manager,2020-01-31,,,1", ",Sales,manager,2020-01-31,,,1")
    assert problems(folder(tmp_path, employees=text)) == [
        f"employees.csv, row {row}, column employee_id: is empty. Fill it in, or remove the row." for row in (2, 3)
    ]


def test_R21_vacant_roles_without_holder_do_not_match_people_without_manager(tmp_path):
    roles = "role_id,unit,is_leadership,is_critical,incumbent_id\nR1,Sales,yes,yes,\nR2,Sales,yes,yes,\n"
    root = folder(tmp_path, employees=people(E + "1", "E2,Sales,manager,2020-01-31,,,1"), roles=roles)
    assert read_client(root).tables["roles"]["incumbent_id"].isna().all()


def test_R22_a_missing_department_becomes_a_group_and_totals_reconcile(tmp_path):
    text = people("E1,,manager,2020-01-31,,,10", "E2,Sales,manager,2020-01-31,,,20", "E3, ,manager,2020-01-31,,,30")
    frame = employees(tmp_path, text).tables["employees"]
    assert frame.groupby("unit")["salary"].sum().to_dict() == {"(missing)": 40, "Sales": 20}


@pytest.mark.parametrize("name", ["(company)", "(small units)"])
def test_R22_a_unit_named_like_one_of_ours_is_refused(tmp_path, name):
    assert problems(folder(tmp_path, employees=people(f"E1,{name},manager,2020-01-31,,,1"))) == [
        f"employees.csv, row 2, column unit: '{name}' is a name the workbook uses itself. Give the unit another name."
    ]


def test_R23_shares_are_fractions_or_all_percentages(tmp_path):
    assert shares(tmp_path, "0.12", "1", "0") == [0.12, 1, 0]
    assert shares(tmp_path, "12%", "50 %", "7.5%") == pytest.approx([0.12, 0.5, 0.075])


def test_R23_a_percentage_without_sign_or_among_fractions_is_refused_with_its_row(tmp_path):
    assert shares(tmp_path, "0.12", "12", "12%") == [
        "delivery.csv, row 3, column on_time_share: '12' is not a share between 0 and 1. "
        "Write a fraction, such as 0.12 for 12 %.",
        "delivery.csv, row 4, column on_time_share: '12%' has a % sign, other cells have none. "
        "Write every share as a fraction, such as 0.12.",
    ]


@pytest.mark.parametrize(
    ("amount", "message"),
    [
        ("-54000", "'-54000' is below 0. Correct it."),
        ("\u221254000", "'\u221254000' is below 0. Correct it."),
        ("(1,234)", "'(1,234)' stands in brackets. Write a negative amount with a minus sign."),
        (
            "1,234",
            "'1,234' can be read in two ways. "
            "Use one decimal mark and no thousands separators, or state decimal_mark in client.yml.",
        ),
        (
            "1.234",
            "'1.234' can be read in two ways. "
            "Use one decimal mark and no thousands separators, or state decimal_mark in client.yml.",
        ),
        ("1,23,456", "'1,23,456' is not a number. Write the yearly amount, such as 54000."),
        ("5%", "'5%' has a % sign. Write a plain number."),
        ("１２", "'１２' is not a number. Write the yearly amount, such as 54000."),
        ("0x1F", "'0x1F' is not a number. Write the yearly amount, such as 54000."),
        ("1_000", "'1_000' is not a number. Write the yearly amount, such as 54000."),
    ],
)
def test_R24_amounts_that_cannot_be_or_can_be_read_twice_are_refused(tmp_path, amount, message):
    assert salaries(tmp_path, amount) == [f"employees.csv, row 2, column salary: {message}"]


@pytest.mark.parametrize(
    ("written", "read"),
    [
        (["1.234,56", "2.000"], [1234.56, 2000]),
        (["1,234.56", "2,000"], [1234.56, 2000]),
        (["1,234,567", "1,234"], [1234567, 1234]),
        (["54 000,5", "54\u00a0000"], [54000.5, 54000]),
        (["54'000.50"], [54000.5]),
        (["£54,000.00", "GBP 1", "1 £"], [54000, 1, 1]),
        (["1e5", "1.5E+03"], [100000, 1500]),
        ([".5", "+7"], [0.5, 7]),
    ],
)
def test_R24_a_column_that_proves_its_decimal_mark_is_read_by_it(tmp_path, written, read):
    assert salaries(tmp_path, *written) == read


def test_R24_a_stated_decimal_mark_settles_what_a_column_leaves_open(tmp_path):
    assert salaries(tmp_path, "1.234", yml="decimal_mark: ','\n") == [1234]
    assert salaries(tmp_path, "1.234", yml="decimal_mark: '.'\n") == [1.234]


def test_R24_limits_settle_what_only_one_reading_can_be(tmp_path):
    survey = 'unit,wave,construct,score,n\nS,2026-01-01,engagement,"3.875",9\nS,2026-02-01,engagement,"4.125",9\n'
    assert read_client(folder(tmp_path, survey_summary=survey)).tables["survey_summary"]["score"].tolist() == [
        3.875,
        4.125,
    ]


def test_R24_two_decimal_marks_in_one_column_are_refused(tmp_path):
    assert len(salaries(tmp_path, "1,5", "1.5")) == 2


@pytest.mark.parametrize("amount", ["€54000", "54000 EUR", "$1", "¥100"])
def test_R25_another_currency_is_refused(tmp_path, amount):
    assert salaries(tmp_path, amount, "£1") == [
        f"employees.csv, row 2, column salary: '{amount}' is not in GBP. "
        "Convert every amount to GBP and write it without a sign."
    ]


@pytest.mark.parametrize("word", ["inf", "-inf", "nan", "NaN", "1e999", "-1e999", "Infinity", "∞", "N/A", "unknown"])
def test_R26_what_is_no_number_is_refused_and_not_taken_for_missing(tmp_path, word):
    assert salaries(tmp_path, word) == [
        f"employees.csv, row 2, column salary: '{word}' is not a number. Leave the cell empty if it is not known."
    ]


def test_R26_a_number_beyond_all_measure_is_refused(tmp_path):
    assert salaries(tmp_path, "9" * 400)[0].endswith("is too large. Correct it.")


def test_R26_undefined_numbers_in_parquet_and_xlsx_are_refused(tmp_path):
    frame = pd.DataFrame({"employee_id": ["E1"], "unit": ["S"], "level": ["manager"], "hire_date": ["2020-01-31"]})
    root = folder(tmp_path)
    frame.assign(salary=float("inf")).to_parquet(root / "employees.parquet")
    assert problems(root) == [
        "employees.parquet, row 2, column salary: 'inf' is not a number. Leave the cell empty if it is not known."
    ]


def test_R27_missing_duplicate_and_extra_columns_are_told(tmp_path):
    text = "employee_id,unit,unit,levle,hire_date,shoe_size\nE1,Sales,Ops,manager,2020-01-31,44\n"
    report = check(folder(tmp_path, employees=text))
    assert [str(problem) for problem in report.problems] == [
        "employees.csv, row 1, column unit: The header 'unit' stands over columns 2 and 3. "
        "Keep one, or give the others other names.",
        "employees.csv, row 1, column level: missing. "
        "Add it, or name yours under columns: employees: level in client.yml. Is it 'levle'?",
    ]
    assert "columns not used: levle, shoe_size" in report.tables[0].notes


def test_R27_values_under_a_column_without_a_name_are_refused(tmp_path):
    text = "employee_id,unit,,level,hire_date\nE1,Sales,7,manager,2020-01-31\n"
    assert problems(folder(tmp_path, employees=text)) == [
        "employees.csv, row 1: Column 3 has values but no name. Name it in the header or remove it."
    ]


@pytest.mark.parametrize("content", [b"", b"\n\n", b"\xef\xbb\xbf", b" , ,\n"])
def test_R28_an_empty_file_is_refused(tmp_path, content):
    assert problems(folder(tmp_path, employees=content)) == [
        "employees.csv: The file is empty. Write at least the header, or remove the file."
    ]


def test_R28_a_header_without_rows_is_insufficient_data(tmp_path):
    client = employees(tmp_path, EMPLOYEES)
    quality = {entry.table: entry for entry in client.quality}["employees"]
    assert "employees" not in client.tables
    assert quality.present is False
    assert quality.notes == ("a header but no rows: insufficient data",)
    assert quality.costs[0] == "turnover of high performers and critical teams (week 1, week 2)"


def test_R28_one_row_is_a_table(tmp_path):
    assert len(employees(tmp_path, people(E + "1")).tables["employees"]) == 1


@pytest.mark.parametrize("name", ["xlsx", "parquet"])
@pytest.mark.parametrize("content", [b"", b"not what it says", b"PK\x03\x04" + b"\x00" * 50, b"PAR1PAR1"])
def test_R28_a_file_that_is_not_what_its_name_says_is_refused(tmp_path, name, content):
    found = problems(folder(tmp_path, **{f"employees__{name}": content}))
    assert len(found) == 1
    assert found[0].startswith(f"employees.{name}: The file cannot be read as ")
    assert found[0].endswith("Save it again from its program, or as CSV UTF-8.")


@pytest.mark.parametrize("id_", ["E1\u00a0", "\u200bE1", "E\u200d1", "\ufeffE1", " E1 ", "E\u00ad1"])
def test_R34_ids_that_differ_by_invisible_characters_are_one(tmp_path, id_):
    successors = f"role_id,employee_id,readiness\nR1,{id_},now\n"
    root = folder(tmp_path, employees=people(E + "1"), successors=successors)
    assert read_client(root).tables["successors"]["employee_id"].tolist() == ["E1"]


def test_R34_composed_and_decomposed_accents_are_one_unit(tmp_path):
    text = people("E1,Caf\u00e9,manager,2020-01-31,,,1", "E2,Cafe\u0301,manager,2020-01-31,,,1")
    assert employees(tmp_path, text).tables["employees"]["unit"].tolist() == ["Caf\u00e9"] * 2


def test_R34_ids_in_letters_that_look_the_same_are_refused_as_a_pair(tmp_path):
    text = people("EA1,Sales,manager,2020-01-31,,,1", "\u0415\u04101,Sales,manager,2020-01-31,,,1")
    assert problems(folder(tmp_path, employees=text)) == [
        "employees.csv, row 3, column employee_id: "
        "'\u0415\u04101' looks like 'EA1' but has letters of another alphabet. Write both with the same letters."
    ]


def test_R34_units_that_differ_only_in_case_are_noted_as_a_pair(tmp_path):
    text = people("E1,Sales,manager,2020-01-31,,,1", "E2,SALES,manager,2020-01-31,,,1")
    notes = {entry.table: entry.notes for entry in employees(tmp_path, text).quality}["employees"]
    assert "units 'SALES' and 'Sales' may be one" in notes


def test_R36b_contradictions_about_people_are_listed_with_rows(tmp_path):
    header = "employee_id,unit,level,hire_date,exit_date,exit_type,manager_id\n"
    text = people(
        "E1,Sales,manager,2020-01-31,2019-12-31,voluntary,",
        "E2,Sales,manager,2020-01-31,,voluntary,",
        "E3,Sales,manager,2020-01-31,,,E3",
        "E4,Sales,manager,2020-01-31,,,E6",
        "E5,Sales,manager,2020-01-31,,,E4",
        "E6,Sales,manager,2020-01-31,,,E5",
        header=header,
    )
    assert problems(folder(tmp_path, employees=text)) == [
        "employees.csv, row 2, column exit_date: 2019-12-31 is before hire_date (2020-01-31). Correct one of them.",
        "employees.csv, row 3, column exit_type: 'voluntary', but exit_date is empty. "
        "Add the date, or empty exit_type.",
        "employees.csv, row 4, column manager_id: 'E3' is their own manager. "
        "Leave the cell empty for the person at the top.",
        "employees.csv, row 5, column manager_id: managers go in a circle: 'E4' → 'E6' → 'E5' → 'E4'. "
        "Correct one of these managers.",
    ]


def test_R36b_successors_must_be_people_in_post_for_roles_that_exist(tmp_path):
    people_ = people(E + "1", "E2,Sales,manager,2020-01-31,2025-01-31,voluntary,1")
    roles = "role_id,unit,is_leadership,is_critical,incumbent_id,vacant_since\nR1,Sales,yes,yes,E1,2026-01-01\n"
    successors = "role_id,employee_id,readiness\nR1,E1,now\nR1,E2,later\nR1,E9,now\nR9,E1,now\n"
    assert problems(folder(tmp_path, employees=people_, roles=roles, successors=successors)) == [
        "roles.csv, row 2, column vacant_since: the role is vacant, but 'E1' holds it. "
        "Empty one of vacant_since and incumbent_id.",
        "successors.csv, row 5, column role_id: 'R9' is not in the table of roles. Correct it, or add the role.",
        "successors.csv, row 4, column employee_id: 'E9' is not in the table of employees. "
        "Correct it, or add the person.",
        "successors.csv, row 3, column employee_id: 'E2' has left. Remove the row.",
    ]


def test_R36b_a_leader_rated_after_leaving_is_noted_and_kept(tmp_path):
    ratings = "leader_id,rater_id,relationship,wave,competency,score\nE1,a,direct_report,2026-01-01,coaching,3\n"
    left = people("E1,Sales,manager,2020-01-31,2025-01-31,voluntary,1")
    client = read_client(folder(tmp_path, employees=left, ratings=ratings))
    assert len(client.tables["ratings"]) == 1
    notes = {entry.table: entry.notes for entry in client.quality}["ratings"]
    assert notes == ("1 row of people who had left by then, kept",)


def test_R36b_scores_outside_their_scale_and_unmapped_items_are_listed(tmp_path):
    rows = "a,S,2026-01-01,engagement,6\nb,S,2026-01-01,enps,10\nc,S,2026-01-01,engagment,3\n"
    survey = f"respondent,unit,wave,item,score\n{rows}"
    assert problems(folder(tmp_path, survey=survey)) == [
        "survey.csv, row 4, column item: 'engagment' is not mapped to a construct. "
        "Map it to a construct under items in client.yml. Did you mean 'engagement'?",
        "survey.csv, row 2, column score: 6 is outside the scale of engagement (1 to 5). "
        "Correct it, or state the scale under scales in client.yml.",
    ]


def test_R36b_a_unit_that_employees_do_not_have_is_a_note(tmp_path):
    survey = "respondent,unit,wave,item,score\na,Slaes,2026-01-01,engagement,4\n"
    client = read_client(folder(tmp_path, employees=people(E + "1"), survey=survey))
    assert "not a unit of employees: 'Slaes'" in {entry.table: entry.notes for entry in client.quality}["survey"]


def test_R36b_a_session_held_in_the_future_is_refused(tmp_path):
    sessions = "session_id,programme,planned_date,status\nS1,P,2026-07-01,held\nS2,P,2026-07-01,planned\n"
    assert problems(folder(tmp_path, sessions=sessions)) == [
        "sessions.csv, row 2, column status: 'held' on 2026-07-01, after as_of (2026-06-30). "
        "Write planned, or correct the date."
    ]
