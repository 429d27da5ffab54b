"""Rows R01-R03, R05 and R11-R13 of the hostile list: who a client says it is, and what its settings may hold."""

import time

import pytest

from tests.inputs.folder import folder, problems
from workbook.errors import BadArgument
from workbook.inputs import check, read_client, scaffold
from workbook.inputs.settings_file import read_settings
from workbook.settings import is_slug

REST = "\ncurrency: GBP\nas_of: 2026-06-30\n"
REMEDY = "Use 1 to 40 lower-case letters, digits and inner hyphens, such as 'acme-retail'. (line 1)"


def refusals(text: str) -> list[str]:
    return [str(problem) for problem in read_settings(text.encode("utf-8", "surrogatepass")).problems]


@pytest.mark.parametrize("name", ["../../etc", "/etc/passwd", "C:/data", r"\\server\share", "a/b", "..", "a\\b"])
def test_R01_a_client_named_like_a_path_is_refused_in_one_line(name):
    assert refusals(f"client: '{name}'{REST}") == [f"client.yml, key 'client': '{name}' cannot name a client. {REMEDY}"]


@pytest.mark.parametrize(
    "written",
    ['"a\\0b"', '"a\\nb"', '"acme\\u202egnp"', "acme.", "a" * 300, "-acme", "acme-", "ACME", '"acme "', "'a b'", "é"],
)
def test_R02_a_client_name_that_is_no_slug_is_refused_in_one_line(written):
    found = refusals(f"client: {written}{REST}")
    assert len(found) == 1
    assert "\n" not in found[0]
    assert found[0].isprintable()
    assert found[0].startswith("client.yml, key 'client': '")
    assert found[0].endswith(f"cannot name a client. {REMEDY}")


@pytest.mark.parametrize("name", ["con", "nul", "com1", "lpt9"])
def test_R02_names_reserved_by_operating_systems_are_refused(name):
    assert not is_slug(name)
    assert refusals(f"client: {name}{REST}") == [
        f"client.yml, key 'client': '{name}' is reserved by some operating systems; choose another name. (line 1)"
    ]


@pytest.mark.parametrize("written", ["''", "", "~"])
def test_R02_an_empty_client_name_is_refused(written):
    assert len(refusals(f"client: {written}{REST}")) == 1


@pytest.mark.parametrize("name", ["Acme", "ACME", "acmé", "acme\u0301", "ａcme", "acme\u200b"])
def test_R03_a_name_can_only_be_spelt_one_way_so_two_collide_only_when_equal(name):
    assert not is_slug(name)
    assert any("cannot name a client" in line for line in refusals(f'client: "{name}"{REST}'))


def test_R05_a_link_that_points_outside_the_folder_is_refused_and_not_read(tmp_path):
    secret = tmp_path / "secret.csv"
    secret.write_text("employee_id,unit,level,hire_date\nSECRET,S,manager,2020-01-01\n")
    root = folder(tmp_path)
    (root / "employees.csv").symlink_to(secret)
    report = check(root)
    assert [str(problem) for problem in report.problems] == [
        "employees.csv: The file is a link that points outside the client folder. Put the file itself into the folder."
    ]
    assert "SECRET" not in str(report)
    assert secret.read_text().count("SECRET") == 1


def test_R05_a_link_inside_the_folder_is_fine(tmp_path):
    root = folder(tmp_path, export__csv="employee_id,unit,level,hire_date\nE1,S,manager,2020-01-01\n")
    (root / "employees.csv").symlink_to("export.csv")
    assert len(read_client(root).tables["employees"]) == 1


def test_R05_settings_behind_an_outside_link_are_refused(tmp_path):
    root = folder(tmp_path)
    (root / "client.yml").rename(tmp_path / "client.yml")
    (root / "client.yml").symlink_to(tmp_path / "client.yml")
    assert problems(root) == [
        "client.yml: The file is a link that points outside the client folder. Put the file itself into the folder."
    ]


@pytest.mark.parametrize("name", ["007", "1e5", "nan", "none", "no", "12-30", "0x1f", "1-2-3"])
def test_R10_a_client_named_like_a_number_or_a_word_of_yaml_stays_the_same_text(name):
    assert read_settings(f"client: {name}{REST}".encode()).settings.client == name


@pytest.mark.parametrize(
    "name", ["NO", "007", "12:30", "1e5", "0o17", "2026-06-30", "true", "1_000", "0x1F", "=", "<<"]
)
def test_R12_text_that_yaml_would_convert_stays_as_it_was_written(name):
    assert read_settings(f"client: acme\nname: {name}{REST}".encode()).settings.name == name


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("x: !!python/object/apply:os.system [id]", "row 1: The tag 'tag:yaml.org,2002:python/object/apply:os.system'"),
        ("x: 1\ny: !!binary aGk=", "row 2: The tag 'tag:yaml.org,2002:binary' is not allowed."),
        ("x: !local 1", "row 1: The tag '!local' is not allowed."),
        ("x: !!str 007", "row 1: The tag 'tag:yaml.org,2002:str' is not allowed."),
    ],
)
def test_R11_tags_are_refused_with_their_line(text, message):
    assert refusals(text)[0].startswith(f"client.yml, {message}")


def test_R12_a_key_written_twice_is_refused_with_both_lines():
    assert refusals(f"client: acme\nclient: beta{REST}") == [
        "client.yml, key 'client': written twice, in lines 1 and 2. Keep one."
    ]
    assert refusals(f"client: acme\nprivacy:\n  scores_from: 9\n  scores_from: 5{REST}") == [
        "client.yml, key 'privacy.scores_from': written twice, in lines 3 and 4. Keep one."
    ]


BOMB = "a: &a [x,x,x,x,x,x,x,x,x]\n" + "".join(
    f"{chr(98 + i)}: &{chr(98 + i)} [{','.join([f'*{chr(97 + i)}'] * 9)}]\n" for i in range(9)
)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            BOMB,
            "client.yml, row 1: Anchors (&) and aliases (*) are not allowed. Write the value out, or put it in quotes.",
        ),
        ("x: " + "[" * 100_000, "client.yml, row 1: The file is nested deeper than 8 levels. Write it flatter."),
        ("x: " + "{a: " * 100_000, "client.yml, row 1: The file is nested deeper than 8 levels. Write it flatter."),
        ("- " * 100_000, "client.yml, row 1: The file is nested deeper than 8 levels. Write it flatter."),
        ("a: b\n" * 190_000, "client.yml, row 50000: The file has more than 50,000 entries. Keep only settings in it."),
        ("# " + "x" * 2_000_000, "client.yml: The file has more than 1,000,000 bytes. Keep only settings in it."),
        (
            f"client: acme{REST}---\nclient: beta\n",
            "client.yml, row 4: A second document begins here. Keep one document, without '---'.",
        ),
        (
            "? [a, b]\n: c",
            "client.yml, row 1: A key must be a word. Write 'key: value'; put text that starts with { or [ in quotes.",
        ),
    ],
    ids=[
        "alias bomb",
        "deep lists",
        "deep groups",
        "deep dashes",
        "many keys",
        "large",
        "two documents",
        "list as key",
    ],
)
def test_R13_bombs_and_odd_documents_are_refused_quickly(text, message):
    started = time.process_time()
    assert message in refusals(text)
    assert time.process_time() - started < 1


def test_R13_a_settings_file_of_fifty_megabytes_is_refused_without_reading_it(tmp_path):
    root = folder(tmp_path)
    with (root / "client.yml").open("wb") as file:
        file.truncate(50_000_000)
    started = time.process_time()
    assert problems(root) == ["client.yml: The file has more than 1,000,000 bytes. Keep only settings in it."]
    assert time.process_time() - started < 1


def test_R13_text_that_is_no_yaml_or_no_utf8_names_the_line():
    assert refusals("client: acme\nname: 'open\n")[0].startswith("client.yml, row 3: The text is not YAML: ")
    assert str(read_settings(b"client: acme\nname: \xff\xfe\n").problems[0]) == (
        "client.yml, row 2: The text is not UTF-8. Save the file as UTF-8."
    )


@pytest.mark.parametrize("name", ["-", "con", "ä", "x" * 60])
def test_R02_a_new_folder_whose_name_cannot_name_a_client_is_not_made(tmp_path, name):
    with pytest.raises(BadArgument, match="cannot name a client"):
        scaffold(tmp_path / name)
    assert not (tmp_path / name).exists()
