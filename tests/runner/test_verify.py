"""`workbook verify` finds whatever is not as it was published."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

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
