"""`workbook verify` finds whatever is not as it was published."""

from __future__ import annotations

import errno
import os
import shutil
from pathlib import Path

import pytest

from tests.runner.harm import make_unreadable
from tests.runner.published import publish_client
from workbook.__main__ import main
from workbook.runner.publish import artefacts
from workbook.runner.verify import Fault, verify

RUN = "runs/0123456789abcdef"


def test_R72_what_is_as_published_ends_with_code_0(tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    publish_client(Path("out"), "acme")
    publish_client(Path("out"), "beta")
    assert main(["verify", "out"]) == 0
    assert capsys.readouterr().out == "acme: as published (1 run, 5 files)\nbeta: as published (1 run, 5 files)\n"


def test_R72_a_flipped_byte_ends_with_code_3_names_the_file_and_says_how_to_rebuild(tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    run = publish_client(Path("out"), "acme")
    publish_client(Path("out"), "beta")
    pack = run / "pack" / "acme.html"
    pack.write_bytes(bytes([pack.read_bytes()[0] ^ 1]) + pack.read_bytes()[1:])
    assert main(["verify", "out/acme", "out/beta"]) == 3
    said = capsys.readouterr()
    assert said.out == "beta: as published (1 run, 5 files)\n"
    assert said.err.splitlines() == [
        "acme: 1 file not as published (1 run, 5 files)",
        f"  {RUN}/pack/acme.html was changed",
        "  To rebuild out/acme: workbook run <client folder> --out out; it leaves out what is whole.",
    ]


@pytest.mark.parametrize("name", ["results.json", "evidence.json", "pack/acme.html", "run.json", "made.json"])
def test_R72_a_flipped_byte_in_any_file_of_a_pack_is_found(name, tmp_path):
    run = publish_client(tmp_path, "acme")
    path = run / name
    whole = path.read_bytes()
    for place in (0, len(whole) // 2, len(whole) - 1):
        path.write_bytes(whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :])
        assert verify(tmp_path / "acme").faults == (Fault(f"{RUN}/{name}", "was changed"),)
    path.write_bytes(whole)
    assert verify(tmp_path / "acme").sound


def test_R72_what_is_missing_added_or_replaced_by_a_link_is_found(tmp_path):
    run = publish_client(tmp_path, "acme")
    assert artefacts(run).keys() == {"evidence.json", "pack/acme.html", "results.json"}
    (run / "evidence.json").unlink()
    (run / "more.html").write_text("")
    text = (run / "results.json").read_bytes()
    (tmp_path / "elsewhere").write_bytes(text)
    (run / "results.json").unlink()
    os.symlink(tmp_path / "elsewhere", run / "results.json")
    os.unlink(tmp_path / "acme" / "current")
    assert [str(fault) for fault in verify(tmp_path / "acme").faults] == [
        f"{RUN}/evidence.json is missing",
        f"{RUN}/more.html was added",
        f"{RUN}/results.json is a link and was none",
        "current names no published run",
    ]


def test_a_folder_without_anything_published_is_refused(tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert main(["verify", "out"]) == 2
    said = "out: nothing is published here. Give out/<client>, or the output folder.\n"
    assert capsys.readouterr().err == said


def test_R72_a_file_that_cannot_be_read_is_named_and_the_other_clients_are_told_all_the_same(
    tmp_path, capsys, monkeypatch
):
    monkeypatch.chdir(tmp_path)
    run = publish_client(tmp_path / "out", "acme")
    publish_client(Path("out"), "beta")
    make_unreadable(monkeypatch, run / "results.json")
    assert main(["verify", "out"]) == 3
    said = capsys.readouterr()
    assert said.out == "beta: as published (1 run, 5 files)\n"
    assert said.err.splitlines() == [
        "acme: 1 file not as published (1 run, 5 files)",
        f"  {RUN}/results.json cannot be read",
        "  What cannot be read may belong to another user: verify as that user. If not, look after the disk.",
        "  To rebuild out/acme: workbook run <client folder> --out out; it leaves out what is whole.",
    ]
    assert main(["portfolio", "out", "--to", "p.json"]) == 0
    assert capsys.readouterr().err == "1 left out: damaged, or made by another version. See: workbook verify out\n"


@pytest.mark.parametrize(
    ("place", "told"),
    [
        (f"{RUN}/pack", [f"{RUN}/pack/acme.html cannot be read"]),
        (
            RUN,
            [f"{RUN}/{name} cannot be read" for name in ("evidence.json", "pack/acme.html", "results.json")],
        ),
        ("runs", ["runs cannot be read"]),
    ],
)
def test_R72_what_lies_in_a_folder_closed_to_us_cannot_be_read_and_is_not_missing(place, told, tmp_path, monkeypatch):
    publish_client(tmp_path, "acme")
    make_unreadable(monkeypatch, tmp_path / "acme" / place, number=errno.EACCES)
    assert [str(fault) for fault in verify(tmp_path / "acme").faults] == told


def test_R72_a_clients_folder_closed_to_us_is_told_and_not_passed_over(tmp_path, capsys, monkeypatch):
    publish_client(tmp_path / "out", "acme")
    make_unreadable(monkeypatch, tmp_path / "out" / "acme", tmp_path / "out" / "acme" / "runs", number=errno.EACCES)
    assert main(["verify", str(tmp_path / "out")]) == 3
    assert capsys.readouterr().err.splitlines()[:2] == [
        "acme: 1 file not as published (0 runs, 0 files)",
        "  runs cannot be read",
    ]


def test_R72_another_clients_run_in_this_ones_place_is_not_as_published(tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    run = publish_client(Path("out"), "acme")
    other = publish_client(Path("out"), "beta")
    shutil.rmtree(run)
    shutil.copytree(other, run)
    assert main(["verify", "out/acme"]) == 3
    assert capsys.readouterr().err.splitlines() == [
        "acme: 1 file not as published (1 run, 5 files)",
        f"  {RUN}/run.json is of client beta",
        "  To rebuild out/acme: workbook run <client folder> --out out; it leaves out what is whole.",
    ]


def test_R72_an_earlier_run_that_was_damaged_is_to_be_deleted_and_then_all_is_as_published(
    tmp_path, capsys, monkeypatch
):
    monkeypatch.chdir(tmp_path)
    earlier = publish_client(Path("out"), "acme")
    publish_client(Path("out"), "acme", run="fedcba9876543210")
    (earlier / "evidence.json").write_text("[]")
    assert main(["verify", "out"]) == 3
    assert capsys.readouterr().err.splitlines() == [
        "acme: 1 file not as published (2 runs, 10 files)",
        f"  {RUN}/evidence.json was changed",
        f"  A run that is not current is not made again. Delete its folder: out/acme/{RUN}",
    ]
    shutil.rmtree(Path("out/acme") / RUN)
    assert main(["verify", "out"]) == 0


@pytest.mark.parametrize("named", ["out", "out/acme"])
def test_R72_a_client_whose_runs_were_removed_is_told_and_not_passed_over(named, tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    publish_client(Path("out"), "acme")
    Path("out/notes").mkdir()
    shutil.rmtree("out/acme/runs")
    assert main(["verify", named]) == 3
    assert capsys.readouterr().err.splitlines() == [
        "acme: 1 file not as published (0 runs, 0 files)",
        "  runs is missing: nothing is published",
        "  To rebuild out/acme: workbook run <client folder> --out out; it leaves out what is whole.",
    ]


def test_R72_runs_that_became_a_link_are_not_followed(tmp_path):
    publish_client(tmp_path / "out", "acme")
    (tmp_path / "out" / "acme" / "runs").rename(tmp_path / "elsewhere")
    (tmp_path / "out" / "acme" / "runs").symlink_to(tmp_path / "elsewhere")
    found = verify(tmp_path / "out" / "acme")
    assert [str(fault) for fault in found.faults] == ["runs is a link and was none"]
