"""A run is published whole or not at all, and the last good one stays."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from workbook.errors import RunFailed
from workbook.runner import publish as published
from workbook.runner.publish import (
    MADE_FILE,
    current_run,
    is_whole,
    point_current,
    publish,
    read_sealed,
    work_folder,
    write_made_file,
    write_run_file,
)


def _finished(work, text: str = "figures"):
    run = work / "run"
    (run / "pack").mkdir(parents=True)
    (run / "results.json").write_text(text)
    (run / "pack" / "acme.html").write_text("<p>")
    write_run_file(run, {"client": "acme"})
    return run


def _fail_half_way(work):
    (work / "half").write_text("x")
    raise RunFailed("week2 failed")


def test_a_finished_run_is_moved_into_place_and_current_points_at_it(tmp_path):
    with work_folder(tmp_path, "acme") as work:
        target = publish(_finished(work), tmp_path, "acme", "abc")
    assert target == tmp_path / "acme" / "runs" / "abc"
    assert os.readlink(tmp_path / "acme" / "current") == "runs/abc"
    assert current_run(tmp_path / "acme") == target
    assert is_whole(target)
    assert sorted(path.name for path in (tmp_path / ".work" / "acme").iterdir()) == ["lock"]


def test_a_run_that_fails_leaves_nothing_and_the_last_good_one_stays(tmp_path):
    with work_folder(tmp_path, "acme") as work:
        publish(_finished(work), tmp_path, "acme", "good")
    with pytest.raises(RunFailed, match="week2"), work_folder(tmp_path, "acme") as work:
        _fail_half_way(work)
    assert current_run(tmp_path / "acme").name == "good"
    assert [path.name for path in (tmp_path / ".work" / "acme").iterdir()] == ["lock"]


def test_a_new_run_moves_current_and_keeps_what_people_saved(tmp_path):
    (tmp_path / "acme" / "scenarios").mkdir(parents=True)
    (tmp_path / "acme" / "scenarios" / "mine.json").write_text("{}")
    for run in ("one", "two"):
        with work_folder(tmp_path, "acme") as work:
            publish(_finished(work, run), tmp_path, "acme", run)
    assert current_run(tmp_path / "acme").name == "two"
    assert sorted(path.name for path in (tmp_path / "acme" / "runs").iterdir()) == ["one", "two"]
    assert (tmp_path / "acme" / "scenarios" / "mine.json").exists()


def test_a_run_made_again_with_other_bytes_takes_the_place_of_the_one_before_without_a_gap(tmp_path):
    for text in ("damaged", "sound"):
        with work_folder(tmp_path, "acme") as work:
            publish(_finished(work, text), tmp_path, "acme", "same")
    assert [path.name for path in (tmp_path / "acme" / "runs").iterdir()] == ["same-2"]
    assert (tmp_path / "acme" / "current" / "results.json").read_text() == "sound"


def test_a_run_made_again_with_the_same_bytes_stays_and_only_says_anew_when_it_was_made(tmp_path):
    for second in (1, 2):
        with work_folder(tmp_path, "acme") as work:
            finished = _finished(work)
            write_made_file(finished, {"began": f"2026-01-01T00:00:0{second}Z"})
            target = publish(finished, tmp_path, "acme", "same")
            if second == 1:
                place = target.stat().st_ino
    assert (target.name, target.stat().st_ino) == ("same", place)
    assert read_sealed(target / MADE_FILE) == {"began": "2026-01-01T00:00:02Z"}
    assert is_whole(target)


@pytest.mark.parametrize("at", range(1, 200, 7))
def test_R72_no_byte_of_the_records_can_change_unseen(at, tmp_path):
    path = tmp_path / "run.json"
    write_run_file(tmp_path, {"client": "acme", "seed": 7, "inputs": {"client.yml": "0" * 64}})
    good = path.read_bytes()
    assert read_sealed(path) is not None
    place = at % len(good)
    path.write_bytes(good[:place] + bytes([good[place] ^ 1]) + good[place + 1 :])
    assert read_sealed(path) is None


@pytest.mark.parametrize("harm", ["flip", "remove", "add", "unreadable"])
def test_R72_a_published_run_that_was_touched_is_not_whole(harm, tmp_path):
    with work_folder(tmp_path, "acme") as work:
        run = publish(_finished(work), tmp_path, "acme", "abc")
    if harm == "flip":
        (run / "results.json").write_text("figurez")
    if harm == "remove":
        (run / "pack" / "acme.html").unlink()
    if harm == "add":
        (run / "pack" / "more.html").write_text("")
    if harm == "unreadable":
        (run / "run.json").write_text("{")
    assert not is_whole(run)


def test_R69_a_second_run_of_the_same_client_is_refused_while_the_first_is_under_way(tmp_path):
    with work_folder(tmp_path, "acme"), pytest.raises(RunFailed) as refused, work_folder(tmp_path, "acme"):
        raise AssertionError("both ran")
    assert str(refused.value) == ("acme: another run of this client is under way in this output folder. Wait for it.")
    with work_folder(tmp_path, "acme"), work_folder(tmp_path, "beta"):
        pass


def test_what_a_killed_run_left_is_cleared_by_the_next_and_its_lock_is_free(tmp_path):
    script = (
        "import os, signal, sys; from pathlib import Path\n"
        "from workbook.runner.publish import work_folder\n"
        "with work_folder(Path(sys.argv[1]), 'acme') as work:\n"
        "    (work / 'half').write_text('x'); os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    assert subprocess.run([sys.executable, "-c", script, str(tmp_path)]).returncode == -9
    assert len(list((tmp_path / ".work" / "acme").iterdir())) == 2
    with work_folder(tmp_path, "acme") as work:
        assert [path.name for path in work.parent.iterdir() if path.is_dir()] == [work.name]


def test_where_links_cannot_be_made_a_pointer_file_says_the_same(tmp_path, monkeypatch):
    (tmp_path / "runs" / "abc").mkdir(parents=True)
    monkeypatch.setattr(published.os, "symlink", lambda *_: (_ for _ in ()).throw(OSError("no links here")))
    point_current(tmp_path, "abc")
    assert (tmp_path / "current").read_text() == "runs/abc\n"
    assert current_run(tmp_path) == tmp_path / "runs" / "abc"


@pytest.mark.parametrize("goal", ["../other/runs/abc", "runs/../../x", "runs", "runs/none", "/etc", ""])
def test_R05_current_counts_only_when_it_names_a_run_of_this_client(goal, tmp_path):
    (tmp_path / "acme" / "runs" / "abc").mkdir(parents=True)
    (tmp_path / "acme" / "current").write_text(goal)
    assert current_run(tmp_path / "acme") is None
