"""Rows R03 to R10 of the list of hostile input: paths, links, parameters, names on the command line."""

from __future__ import annotations

import datetime as dt
import fractions
import os
from decimal import Decimal
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.runner.tiny import write_notebook
from workbook.__main__ import cli, main
from workbook.errors import BadArgument
from workbook.runner.execute import execute
from workbook.runner.parameters import typed_parameters
from workbook.runner.paths import local_path, refuse_linked_output, refuse_outside_links
from workbook.runner.publish import work_folder

ADDRESSES = [
    "s3://bucket/x",
    "https://host/x",
    "http://h",
    "gs://b",
    "abfs://c",
    "file:///etc",
    "hdfs:x",
    "//host/share",
    r"\\host\share",
]
NASTY = "a'\"\\\n\r\t\u2028\u2029\ud800\x00{x}{{y}}%s$HOME`id`\N{PILE OF POO}'''\"\"\""


@pytest.mark.parametrize("address", ADDRESSES)
@pytest.mark.parametrize("what", ["client folder", "output folder"])
def test_R04_an_address_is_no_path(address, what, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    arguments = ["run", address] if what == "client folder" else ["run", ".", "--out", address]
    assert main(arguments) == 2
    said = capsys.readouterr().err.splitlines()
    assert said == [f"{what}: {address!r} is an address. Only folders on this machine can be used."]
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("dash", ["-", "", " "])
def test_R04_standard_input_and_nothing_are_no_paths(dash, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert main(["run", ".", "--out", dash]) == 2
    assert capsys.readouterr().err == f"output folder: {dash!r} is not a path. Give a folder on this machine.\n"
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("command", ["new", "check", "serve", "lab"])
def test_R04_every_command_that_takes_a_folder_refuses_an_address(command, capsys):
    assert main([command, "s3://bucket/x"]) == 2
    assert "'s3://bucket/x' is an address." in capsys.readouterr().err


def test_R04_a_colon_inside_a_folder_name_is_fine(tmp_path):
    (tmp_path / "plan: b").mkdir()
    assert local_path(tmp_path / "plan: b", what="client folder") == tmp_path / "plan: b"


def test_R05_a_link_out_of_the_client_folder_is_refused_and_its_target_untouched(tmp_path):
    secret = tmp_path / "secret.csv"
    secret.write_text("do not read")
    client = tmp_path / "client"
    (client / "deep").mkdir(parents=True)
    (client / "deep" / "employees.csv").symlink_to(secret)
    with pytest.raises(BadArgument) as refused:
        refuse_outside_links(client, what="client")
    assert str(refused.value) == (
        f"client: '{Path('deep/employees.csv')}' is a link that leads outside the folder. Copy the file instead."
    )
    assert main(["run", str(client), "--out", str(tmp_path / "out")]) == 2
    assert secret.read_text() == "do not read"


def test_R05_a_link_within_the_client_folder_is_fine(tmp_path):
    (tmp_path / "staff.csv").write_text("x")
    (tmp_path / "employees.csv").symlink_to("staff.csv")
    refuse_outside_links(tmp_path, what="client")


@pytest.mark.parametrize("linked", ["acme", "acme/runs", ".work", ".work/acme"])
def test_R05_an_output_folder_that_is_a_link_is_refused_and_its_target_untouched(linked, tmp_path):
    out, elsewhere = tmp_path / "out", tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "precious").write_text("keep")
    link = out / linked
    link.parent.mkdir(parents=True)
    link.symlink_to(elsewhere)
    with pytest.raises(BadArgument, match="is a link"):
        refuse_linked_output(out, "acme")
    with pytest.raises(BadArgument, match="is a link"), work_folder(out, "acme"):
        raise AssertionError("a run began")
    assert [path.name for path in elsewhere.iterdir()] == ["precious"]


def test_R06_text_arrives_in_the_notebook_as_it_was_given(tmp_path):
    source = write_notebook(
        tmp_path / "{braces}.ipynb",
        "open('got', 'w', encoding='utf-8', errors='surrogatepass', newline='').write(text)",
    )
    execute(source, tmp_path / "done.ipynb", {"text": NASTY}, cwd=tmp_path)
    with (tmp_path / "got").open(encoding="utf-8", errors="surrogatepass", newline="") as file:
        assert file.read() == NASTY


@settings(max_examples=60, deadline=None)
@given(st.text(alphabet=st.characters()))
def test_R06_the_cell_written_for_any_text_reads_back_the_same(text):
    from papermill.translators import PythonTranslator

    scope: dict[str, object] = {}
    exec(PythonTranslator.codify(typed_parameters({"text": str}, {"text": text}, notebook="n")), scope)
    assert scope["text"] == text


@pytest.mark.parametrize(
    "value", [Path("x"), ("a", "b"), ["a"], {"a": 1}, None, object(), b"x", 1j, np.array([1]), fractions.Fraction(1, 2)]
)
@pytest.mark.parametrize("kind", [str, float])
def test_R07_what_is_no_scalar_is_a_type_error_before_a_kernel_starts(value, kind, tmp_path, monkeypatch):
    monkeypatch.setattr("workbook.runner.execute.by_papermill", lambda *a, **k: pytest.fail("a kernel started"))
    source = write_notebook(tmp_path / "n.ipynb", parameters=f"x: {kind.__name__} = {kind()!r}")
    with pytest.raises(TypeError) as refused:
        execute(source, tmp_path / "done.ipynb", {"x": value}, cwd=tmp_path)
    said = f"parameter 'x': {type(value).__name__} cannot be given to a notebook. Give text or a number."
    assert str(refused.value) == said
    assert not (tmp_path / "done.ipynb").exists()


@pytest.mark.parametrize(
    "name", ["budgett", "__import__('os').system('id')", "x=1;import os", "text: str", "", "\n", "None"]
)
def test_R08_a_name_the_notebook_does_not_declare_is_refused_before_a_kernel_starts(name, tmp_path, monkeypatch):
    monkeypatch.setattr("workbook.runner.execute.by_papermill", lambda *a, **k: pytest.fail("a kernel started"))
    source = write_notebook(tmp_path / "n.ipynb", parameters="text: str = ''\nbudget: float = 0.0")
    with pytest.raises(BadArgument, match=r"^n: no parameter "):
        execute(source, tmp_path / "done.ipynb", {name: "1"}, cwd=tmp_path)


@pytest.mark.parametrize("option", ["--budgett", "--p=x:1", "-p", "--parameters"])
def test_R08_an_unknown_option_ends_with_code_2_and_one_hint(option, capsys):
    assert main(["run", ".", option]) == 2
    assert capsys.readouterr().err.splitlines()[1:] == ["Try: workbook run --help"]


@pytest.mark.parametrize(
    ("kind", "value", "expected"),
    [
        (int, np.int64(7), 7),
        (int, np.uint8(7), 7),
        (int, Decimal("7"), 7),
        (int, 7.0, 7),
        (float, np.float32(0.5), 0.5),
        (float, np.int16(3), 3.0),
        (float, Decimal("0.25"), 0.25),
        (float, 3, 3.0),
        (bool, np.True_, True),
        (str, np.str_("NA"), "NA"),
        (str, dt.date(2025, 1, 31), "2025-01-31"),
        (str, dt.datetime(2025, 1, 31, 12, 30), "2025-01-31T12:30:00"),
    ],
)
def test_R09_scalars_of_other_libraries_and_dates_become_the_declared_type(kind, value, expected):
    converted = typed_parameters({"x": kind}, {"x": value}, notebook="n")["x"]
    assert converted == expected
    assert type(converted) is kind


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        (int, np.float64(2.5)),
        (int, Decimal("2.5")),
        (int, Decimal("NaN")),
        (int, np.datetime64("2025-01-31")),
        (float, np.float64("inf")),
        (float, Decimal("Infinity")),
        (float, dt.date(2025, 1, 31)),
        (float, np.True_),
        (str, np.float64(1)),
        (bool, np.int64(1)),
    ],
)
def test_R09_a_scalar_the_declared_type_cannot_hold_is_refused(kind, value):
    with pytest.raises(BadArgument, match=r"^parameter 'x': "):
        typed_parameters({"x": kind}, {"x": value}, notebook="n")


@pytest.mark.parametrize("name", ["007", "1e5", "nan", "None", "true", "0x1F", "1_000"])
def test_R10_names_that_look_like_numbers_stay_text(name, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    given_folders = []
    monkeypatch.setattr(
        "workbook.runner.batch.run_clients", lambda folders, out, **_: given_folders.append((*folders, out)) or ()
    )
    main(["run", name, "--out", name])
    assert given_folders == [(name, name)]
    assert typed_parameters({"x": str}, {"x": name}, notebook="n") == {"x": name}
    capsys.readouterr()


def test_every_command_explains_itself_with_an_example(capsys):
    for name in cli.commands:
        assert main([name, "--help"]) == 0
        assert f"Example: workbook {name} " in " ".join(capsys.readouterr().out.split())


def test_R05_links_are_looked_for_without_following_them_in_circles(tmp_path):
    os.symlink(".", tmp_path / "again")
    refuse_outside_links(tmp_path, what="client")
