"""A run is published whole or not at all, and the last good one stays."""

from __future__ import annotations

import errno
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.runner.harm import make_unreadable
from workbook.errors import RunFailed
from workbook.runner import publish as published
from workbook.runner.faults import ClientBusy, kind_of
from workbook.runner.publish import (
    MADE_FILE,
    RUN_FILE,
    current_run,
    is_whole,
    point_current,
    publish,
    read_sealed,
    work_folder,
    write_made_file,
    write_run_file,
)


def _finished(work, text: str = "figures", *, name: str = "abc"):
    run = work / "run"
    (run / "pack").mkdir(parents=True)
    (run / "results.json").write_text(text)
    (run / "pack" / "acme.html").write_text("<p>")
    write_made_file(run, {"began": "2026-01-01T00:00:00Z"})
    write_run_file(run, {"client": "acme", "run": name})
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
            publish(_finished(work, run, name=run), tmp_path, "acme", run)
    assert current_run(tmp_path / "acme").name == "two"
    assert sorted(path.name for path in (tmp_path / "acme" / "runs").iterdir()) == ["one", "two"]
    assert (tmp_path / "acme" / "scenarios" / "mine.json").exists()


def test_a_run_made_again_with_other_bytes_takes_the_place_of_the_one_before_without_a_gap(tmp_path):
    for text in ("damaged", "sound"):
        with work_folder(tmp_path, "acme") as work:
            publish(_finished(work, text, name="same"), tmp_path, "acme", "same")
    assert [path.name for path in (tmp_path / "acme" / "runs").iterdir()] == ["same-2"]
    assert (tmp_path / "acme" / "current" / "results.json").read_text() == "sound"


def test_a_run_made_again_with_the_same_bytes_stays_and_only_says_anew_when_it_was_made(tmp_path):
    for second in (1, 2):
        with work_folder(tmp_path, "acme") as work:
            finished = _finished(work, name="same")
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


@pytest.mark.parametrize(
    "harm", ["flip", "remove", "add", "cut record", "cut making", "no making", "bad sector", "closed folder"]
)
def test_R72_a_published_run_that_was_touched_is_not_whole(harm, tmp_path, monkeypatch):
    with work_folder(tmp_path, "acme") as work:
        run = publish(_finished(work), tmp_path, "acme", "abc")
    assert is_whole(run)
    if harm == "flip":
        (run / "results.json").write_text("figurez")
    if harm == "remove":
        (run / "pack" / "acme.html").unlink()
    if harm == "add":
        (run / "pack" / "more.html").write_text("")
    if harm == "cut record":
        (run / RUN_FILE).write_text("{")
    if harm == "cut making":
        (run / MADE_FILE).write_text("{")
    if harm == "no making":
        (run / MADE_FILE).unlink()
    if harm == "bad sector":
        make_unreadable(monkeypatch, run / "results.json")
    if harm == "closed folder":
        make_unreadable(monkeypatch, run / "pack", number=errno.EACCES)
    assert not is_whole(run)


@pytest.mark.parametrize(
    ("place", "whole"),
    [
        ("acme/runs/abc", True),
        ("acme/runs/abc-2", True),
        ("acme/runs/abc-17", True),
        ("beta/runs/abc", False),
        ("acme/runs/abd", False),
        ("acme/runs/abc-x", False),
        ("acme/runs/abc2", False),
    ],
)
def test_R72_a_run_is_whole_only_where_it_was_published(place, whole, tmp_path):
    with work_folder(tmp_path, "acme") as work:
        run = publish(_finished(work), tmp_path / "first", "acme", "abc")
    shutil.copytree(run, tmp_path / "out" / place)
    assert is_whole(tmp_path / "out" / place) is whole


def test_a_run_with_a_file_that_cannot_be_read_is_not_sealed(tmp_path, monkeypatch):
    with work_folder(tmp_path, "acme") as work:
        run = _finished(work)
        (run / RUN_FILE).unlink()
        make_unreadable(monkeypatch, run / "pack" / "acme.html")
        with pytest.raises(OSError, match="Input/output error"):
            write_run_file(run, {"client": "acme", "run": "abc"})
        assert not (run / RUN_FILE).exists()


def test_R69_a_second_run_of_the_same_client_is_refused_while_the_first_is_under_way(tmp_path):
    with work_folder(tmp_path, "acme"), pytest.raises(RunFailed) as refused, work_folder(tmp_path, "acme"):
        raise AssertionError("both ran")
    assert str(refused.value) == ("acme: another run of this client is under way in this output folder. Wait for it.")
    with work_folder(tmp_path, "acme"), work_folder(tmp_path, "beta"):
        pass


@pytest.mark.parametrize("number", [errno.ENOLCK, errno.ENOSYS, errno.EOPNOTSUPP])
def test_R69_a_file_system_without_locks_is_told_and_not_taken_for_another_run(number, tmp_path, monkeypatch):
    def flock(descriptor: int, how: int) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr("fcntl.flock", flock)
    with pytest.raises(OSError, match="no working locks") as refused, work_folder(tmp_path, "acme"):
        raise AssertionError("it ran without a lock")
    assert (kind_of(refused.value), refused.value.filename) == ("disk", str(tmp_path / ".work" / "acme" / "lock"))
    assert refused.value.strerror == (
        f"The file system of the output folder has no working locks ({os.strerror(number)}). "
        "Use an output folder on a local disk, NFS 4, CephFS, Lustre or EFS; this could not be locked"
    )


@pytest.mark.parametrize("number", [errno.EAGAIN, errno.EWOULDBLOCK, errno.EACCES])
def test_R69_a_lock_that_another_holds_is_another_run(number, tmp_path, monkeypatch):
    def flock(descriptor: int, how: int) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr("fcntl.flock", flock)
    with pytest.raises(ClientBusy), work_folder(tmp_path, "acme"):
        raise AssertionError("both ran")


@pytest.mark.parametrize("gone", ["lock", "folder"])
def test_R69_a_lock_whose_file_a_purge_removed_meanwhile_is_taken_anew(gone, tmp_path, monkeypatch):
    whole, tries = published._locked, []

    def locked(descriptor: int, place) -> bool:
        if not tries:
            place.unlink() if gone == "lock" else shutil.rmtree(place.parent)
        tries.append(place)
        return whole(descriptor, place)

    monkeypatch.setattr(published, "_locked", locked)
    with work_folder(tmp_path, "acme"):
        assert len(tries) == 2
        with pytest.raises(ClientBusy), work_folder(tmp_path, "acme"):
            raise AssertionError("both ran")


def test_a_work_folder_that_a_purge_removes_as_it_is_looked_for_is_made_anew(tmp_path, monkeypatch):
    whole, base = Path.mkdir, tmp_path / ".work" / "acme"
    base.mkdir(parents=True)

    def mkdir(path: Path, *given, **options) -> None:
        if path == base and base.exists():
            base.rmdir()
            raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(path))
        whole(path, *given, **options)

    monkeypatch.setattr(Path, "mkdir", mkdir)
    with work_folder(tmp_path, "acme") as work:
        assert work.parent == base


def test_a_file_in_place_of_the_work_folder_is_not_taken_for_another_run(tmp_path):
    (tmp_path / ".work").mkdir()
    (tmp_path / ".work" / "acme").write_text("")
    with pytest.raises(NotADirectoryError), work_folder(tmp_path, "acme"):
        raise AssertionError("it ran")


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


def test_a_current_that_cannot_be_read_names_no_run(tmp_path, monkeypatch):
    (tmp_path / "runs" / "abc").mkdir(parents=True)
    (tmp_path / "current").write_bytes(b"runs/\xff")
    assert current_run(tmp_path) is None
    (tmp_path / "current").write_text("runs/abc\n")
    assert current_run(tmp_path) == tmp_path / "runs" / "abc"
    make_unreadable(monkeypatch, tmp_path / "current")
    assert current_run(tmp_path) is None


@pytest.mark.parametrize("goal", ["../other/runs/abc", "runs/../../x", "runs", "runs/none", "/etc", ""])
def test_R05_current_counts_only_when_it_names_a_run_of_this_client(goal, tmp_path):
    (tmp_path / "acme" / "runs" / "abc").mkdir(parents=True)
    (tmp_path / "acme" / "current").write_text(goal)
    assert current_run(tmp_path / "acme") is None
