"""`workbook check`, `workbook new`, the saved mapping, the schema and the table reference."""

import json
import re
from importlib.resources import files
from pathlib import Path

import pytest

from tests.inputs.folder import CLIENT, GOOD, folder
from workbook.errors import BadArgument
from workbook.inputs import check, read_client, scaffold, write_mapping
from workbook.inputs.contract import exports, tables, tables_schema
from workbook.inputs.describe import client_folder_document
from workbook.inputs.mapping import plain
from workbook.inputs.settings_file import read_settings
from workbook.settings import Settings

BAMBOO = (
    "Employee #,Department,Job Level,Hire Date,Termination Date,Termination Type,critical_team\n"
    "00007,Sales,manager,2020-01-31,,,yes\n"
)
PROPOSED = {
    "employees": {
        "employee_id": "Employee #",
        "unit": "Department",
        "level": "Job Level",
        "exit_date": "Termination Date",
        "exit_type": "Termination Type",
    }
}


def test_the_report_is_one_readable_block(tmp_path):
    root = folder(
        tmp_path,
        "name: Acme\ncolumns: {employees: {salary: Pay}}\n",
        employees=BAMBOO.replace("critical_team", "Pay").replace("yes", '"1.234,5"'),
    )
    lines = str(check(root)).splitlines()
    assert lines[:14] == [
        "Acme (acme): ready to run",
        "  as of 2026-06-30, money in GBP",
        "",
        "Tables as they would be read",
        "  employees from employees.csv (utf-8, comma-separated): 1 row, 56% complete",
        "    decimals: comma in salary",
        "    by the same name: hire_date",
        "    employee_id ← Employee # (BambooHR export)",
        "    unit ← Department (BambooHR export)",
        "    level ← Job Level (BambooHR export)",
        "    exit_date ← Termination Date (BambooHR export)",
        "    exit_type ← Termination Type (BambooHR export)",
        "    salary ← Pay (client.yml)",
        "    cost: no performance: high performers cannot be told apart",
    ]
    assert "Tables not given, and what they would answer" in lines
    assert "  successors: succession coverage and bench (week 1)" in lines
    assert lines[-1] == "Columns matched by a vendor's usual header are saved with --write-mapping."


def test_a_report_with_problems_lists_them_first_and_is_not_ok(tmp_path):
    report = check(folder(tmp_path, "horizon: 3\n", employees=GOOD))
    assert not report.ok
    assert report.settings is None
    assert str(report).splitlines()[:2] == [
        f"{tmp_path / 'acme'}: 1 problem to mend before a run",
        "  client.yml, key 'horizon': not known. Did you mean 'horizon_months'? (line 4)",
    ]


def test_checking_writes_nothing(tmp_path):
    root = folder(tmp_path, employees=BAMBOO)
    before = {path: path.read_bytes() for path in root.rglob("*")}
    check(root)
    assert {path: path.read_bytes() for path in root.rglob("*")} == before


@pytest.mark.parametrize("vendor", ["Workday", "SAP SuccessFactors", "BambooHR", "Culture Amp", "Qualtrics", "Glint"])
def test_every_known_header_of_a_vendor_is_matched_to_its_column(tmp_path, vendor):
    known = [export for export in exports() if export.vendor == vendor]
    assert known
    for export in known:
        table = tables()[export.table]
        root = folder(tmp_path, **{export.table: f'"{export.header}"\nx\n'})
        report = next(entry for entry in check(root).tables if entry.table == table.name)
        assert any(match.column == export.column and match.header == export.header for match in report.matches)
        (root / f"{export.table}.csv").unlink()


def test_no_header_of_an_export_means_two_columns_of_one_table():
    meanings: dict[tuple[str, str], set[str]] = {}
    for export in exports():
        meanings.setdefault((export.table, plain(export.header)), set()).add(export.column)
    assert {key: columns for key, columns in meanings.items() if len(columns) > 1} == {}


def test_two_headers_for_one_column_ask_which(tmp_path):
    text = "employee_id,Supervisory Organization,Cost Center,level,hire_date\nE1,Sales,C9,manager,2020-01-31\n"
    assert [str(problem) for problem in check(folder(tmp_path, employees=text)).problems] == [
        "employees.csv, row 1, column unit: may be 'Supervisory Organization' or 'Cost Center'. "
        "Say which under columns: employees: unit in client.yml."
    ]


def test_a_header_named_in_client_yml_must_be_in_the_file(tmp_path):
    root = folder(tmp_path, "columns: {employees: {unit: Departement}}\n", employees=BAMBOO)
    assert [str(problem) for problem in check(root).problems] == [
        "client.yml, key 'columns.employees.unit': employees.csv has no column 'Departement'. "
        "Did you mean 'Department'?"
    ]


@pytest.mark.parametrize(
    "rest",
    [
        "",
        "budget: 12 # a comment\n",
        "columns:\n  # ours and theirs\n  roles:\n    role_id: Code   # kept\nbudget: 12\n",
        "columns:\n    employees:\n        salary: Pay\nbudget: 12\n",
        "columns: {}\n# the end",
        "columns:\nbudget: 12\n",
    ],
)
def test_the_mapping_is_saved_and_every_other_line_stays(tmp_path, rest):
    text = BAMBOO.replace("critical_team\n", "Pay\n").replace("yes", "1")
    root = folder(tmp_path, rest, employees=text, roles="Code,unit,is_leadership,is_critical\nR,Sales,no,no\n")
    if "Code" not in rest:
        (root / "roles.csv").unlink()
    before = (root / "client.yml").read_text()
    assert write_mapping(root, check(root)) == PROPOSED
    after = (root / "client.yml").read_text()
    assert all(line in after.splitlines() for line in before.splitlines() if line != "columns: {}")
    settings = read_settings(after.encode()).settings
    assert PROPOSED["employees"].items() <= settings.columns["employees"].items()
    assert check(root).proposed == {}
    assert read_client(root).tables["employees"]["employee_id"].tolist() == ["00007"]


def test_a_mapping_that_cannot_be_added_as_text_is_printed_instead(tmp_path):
    root = folder(tmp_path, "columns: {employees: {salary: critical_team}}\n", employees=BAMBOO.replace("yes", "1"))
    before = (root / "client.yml").read_bytes()
    with pytest.raises(BadArgument, match=r"Add it by hand:\ncolumns:\n  employees:\n    employee_id: 'Employee #'"):
        write_mapping(root, check(root))
    assert (root / "client.yml").read_bytes() == before


def test_headers_with_quotes_survive_being_saved(tmp_path):
    root = folder(tmp_path, employees=BAMBOO)
    report = check(root)
    odd = {"employees": {"unit": 'Manager\'s "unit": #1', "level": "a\tb"}}
    object.__setattr__(report.tables[0], "matches", ())
    from workbook.inputs.mapping_file import with_columns
    from workbook.inputs.yaml_text import read_yaml

    assert read_yaml(with_columns(CLIENT, odd).encode(), "client.yml").data["columns"] == odd


def test_a_new_folder_passes_its_own_check_and_holds_every_table(tmp_path):
    scaffold(tmp_path / "acme-retail")
    report = check(tmp_path / "acme-retail")
    assert report.ok, str(report)
    assert report.settings is not None
    assert report.settings.client == "acme-retail"
    client = read_client(tmp_path / "acme-retail")
    assert set(client.tables) == {name for name, table in tables().items() if not table.settings}
    assert all(len(frame) == 1 for frame in client.tables.values())
    assert [note for entry in client.quality for note in entry.notes] == []


def test_a_new_folder_is_measured_without_a_crash_and_shows_nobody(tmp_path):
    from workbook.measure import measure

    scaffold(tmp_path / "acme")
    evidence = measure(read_client(tmp_path / "acme"))
    assert all(cell.mean is None or cell.n == 12 for cell in evidence.survey)
    assert all(cell.mean is None for cell in evidence.ratings)
    assert evidence.units == ("(small units)",)


def test_a_folder_that_is_not_empty_is_left_alone(tmp_path):
    root = folder(tmp_path)
    with pytest.raises(BadArgument) as refused:
        scaffold(root)
    assert str(refused.value) == f"{root} exists and is not empty. Name a new folder."
    assert [path.name for path in root.iterdir()] == ["client.yml"]


def test_the_new_client_yml_explains_every_key_and_every_line_is_valid():
    template = (files("workbook.inputs") / "client_template.yml").read_text(encoding="utf-8")
    template = template.replace("CLIENT_NAME", "Acme").replace("CLIENT", "acme")
    offered = re.sub(r"^# (?=[a-z_]+: \S+$|[a-z_]+: [\[{'])", "", template, flags=re.MULTILINE)
    found = read_settings(offered.encode())
    assert [str(problem) for problem in found.problems] == []
    keys = set(re.findall(r"^(?:# )?([a-z_]+): ", template, flags=re.MULTILINE))
    assert set(Settings.model_fields) <= keys
    assert found.settings.model_fields_set == set(Settings.model_fields)


def test_every_example_of_the_declarations_can_be_read_and_every_required_column_has_one():
    for table in tables().values():
        for column in table.columns:
            assert column.description.endswith(".")
            assert column.example or not column.required or table.settings


def test_keys_and_limits_of_the_declarations_make_sense():
    for table in tables().values():
        assert set(table.key) <= {column.name for column in table.columns if column.required}
        for column in table.columns:
            assert bool(column.allowed) == (column.type in {"label", "wave"})
            assert column.min is None or column.max is None or column.min < column.max
            assert column.type != "number" or column.unit


def test_the_schema_of_the_tables_is_json_and_names_every_column():
    schema = json.loads(json.dumps(tables_schema()))
    for name, table in tables().items():
        row = schema["properties"][name]["items"]
        assert set(row["properties"]) == set(table.names)
        assert row["required"] == [column.name for column in table.columns if column.required]


def test_the_table_reference_is_the_one_the_declarations_make():
    document = Path(__file__).parents[2] / "docs" / "client-folder.md"
    assert document.read_text(encoding="utf-8") == client_folder_document()
