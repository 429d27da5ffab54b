"""Stopping a run leaves nothing behind: no kernel, no work folder, nothing half published."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.runner.tiny import PARAMETERS, write_notebook
from workbook.inputs import scaffold
from workbook.runner.notebooks import NOTEBOOKS

SCRIPT = """\
import sys
from pathlib import Path
from workbook import __main__ as command
from workbook.runner import batch
if __name__ == "__main__":
    batch.shipped_notebooks = lambda: Path(sys.argv[1])
    sys.exit(command.main(sys.argv[2:]))
"""
HANGS = "import os, time; open({told!r} + str(os.getpid()), 'w').write(str(os.getppid())); time.sleep(600)"


def _until(true: Callable[[], bool], seconds: float) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if true():
            return True
        time.sleep(0.1)
    return true()


def _alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    state = Path(f"/proc/{process}/stat")
    return not state.exists() or state.read_text().rpartition(")")[2].split()[0] != "Z"


@pytest.fixture
def scratch() -> Iterator[Path]:
    """A temporary folder of the run's own, with a path short enough for sockets."""
    with tempfile.TemporaryDirectory() as folder:
        yield Path(folder)


@pytest.mark.parametrize(("number", "jobs"), [(signal.SIGINT, 1), (signal.SIGTERM, 2), (signal.SIGKILL, 2)])
def test_R65_a_stopped_run_leaves_no_kernel_no_server_no_folder_and_publishes_nothing(number, jobs, tmp_path, scratch):
    for name in ("acme", "beta"):
        scaffold(tmp_path / name)
    told = tmp_path / "told"
    for folder in (told, tmp_path / "notebooks"):
        folder.mkdir()
    for name in NOTEBOOKS:
        cell = HANGS.format(told=f"{told}{os.sep}")
        write_notebook(tmp_path / "notebooks" / f"{name}.ipynb", cell, parameters=PARAMETERS)
    (tmp_path / "go.py").write_text(SCRIPT)
    command = [sys.executable, str(tmp_path / "go.py"), str(tmp_path / "notebooks"), "run"]
    folders = [str(tmp_path / name) for name in ("acme", "beta")]
    run = subprocess.Popen(
        [*command, *folders, "--out", str(tmp_path / "out"), "-j", str(jobs)],
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
        env={
            **{name: value for name, value in os.environ.items() if name != "XDG_RUNTIME_DIR"},
            "TMPDIR": str(scratch),
        },
    )
    assert _until(lambda: len(list(told.iterdir())) == jobs, 120)
    kernels = [int(path.name) for path in told.iterdir()]
    assert _until(lambda: all(path.read_text() for path in told.iterdir()), 20)
    servers = [int(path.read_text()) for path in told.iterdir()]
    run.send_signal(number)
    said = run.communicate(timeout=60)[1]
    assert _until(lambda: not any(map(_alive, [*kernels, *servers])), 20)
    assert _until(lambda: list(scratch.iterdir()) == [], 10), list(scratch.iterdir())
    assert [path.name for path in (tmp_path / "out").iterdir()] == [".work"]
    assert "Traceback" not in said
    if number == signal.SIGKILL:
        return
    assert run.returncode == 130, said
    assert "Stopped. Nothing unfinished was published." in said
    homes = [path for path in (tmp_path / "out" / ".work").iterdir() if path.is_dir()]
    assert {path.name for home in homes for path in home.iterdir()} == {"lock"}
