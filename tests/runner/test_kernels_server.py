"""The fork server itself: what it refuses, when it starts anew, and that it never outlives its owner."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
import time
import tomllib
import urllib.request
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path

import pytest

import workbook
from tests.runner.test_kernels import gone
from tests.runner.tiny import write_notebook
from workbook.runner.execute import execute
from workbook.runner.kernels import owner, preload
from workbook.runner.kernels.client import ForkedKernel, fork_kernel
from workbook.runner.kernels.environment import kernel_environment
from workbook.runner.kernels.owner import ForkServer
from workbook.runner.kernels.protocol import NotForked
from workbook.runner.serve import ADDRESS, free_port, server_environment, wait_until_open

ROOT = Path(__file__).resolve().parents[2]

THREADS = "import threading, time\nthreading.Thread(target=time.sleep, args=[600], daemon=True).start()"
FEW = ("ipykernel.kernelapp", "ctypes")
OPTIONS = (
    "import json, pandas\nfrom pandas._config.config import _registered_options\n"
    "said = {key: str(pandas.get_option(key)) for key in sorted(_registered_options)\n"
    "        if not _registered_options[key].key.startswith('mode.')}\n"
    "open('said.json', 'w').write(json.dumps(said))"
)
OWNER = """\
import asyncio, json, os, sys, time
from pathlib import Path
from workbook.runner.kernels.client import fork_kernel
from workbook.runner.kernels.owner import ForkServer
server = ForkServer(os.environ, ["ipykernel.kernelapp", "ctypes"])
kernel = asyncio.run(fork_kernel(server.socket, ["-f", sys.argv[1]], os.environ, sys.argv[2]))
print(json.dumps([server.process.pid, kernel.pid, str(server.folder)]), flush=True)
time.sleep(600)
"""


def kernel(server: ForkServer, environment: dict[str, str], folder: Path) -> ForkedKernel:
    """A kernel that nobody talks to."""
    arguments = ["-f", str(folder / "kernel.json"), "--transport=ipc", f"--ip={folder / 'socket'}"]
    return asyncio.run(fork_kernel(server.socket, arguments, environment, str(folder)))


def until(true: Callable[[], bool], seconds: float = 20) -> bool:
    end = time.monotonic() + seconds
    while not true() and time.monotonic() < end:
        time.sleep(0.02)
    return true()


@pytest.fixture
def home(tmp_path_factory) -> Path:
    """A folder with a name short enough for sockets."""
    with tempfile.TemporaryDirectory() as folder:
        yield Path(folder)


@pytest.fixture
def package(home) -> Path:
    """A copy of the package, to change, with a module that starts a thread when imported."""
    copy = shutil.copytree(
        Path(workbook.__file__).parent, home / "workbook", ignore=shutil.ignore_patterns("__pycache__")
    )
    (home / "threads.py").write_text(THREADS)
    return copy


def environment(home: Path, **more: str) -> dict[str, str]:
    return {**kernel_environment(home), "PYTHONPATH": str(home), "PYTHONDONTWRITEBYTECODE": "1", **more}


def test_pandas_imported_beforehand_prints_as_in_an_ordinary_kernel(tmp_path, monkeypatch):
    source = write_notebook(tmp_path / "n.ipynb", OPTIONS)
    said = {}
    with ForkServer(kernel_environment(tmp_path), [*FEW, "pandas"]) as server:
        for name, value in ((owner.SERVER, str(server.socket)), (owner.SWITCH, "0")):
            monkeypatch.setenv(name, value)
            way = execute(source, tmp_path / "done.ipynb", {}, cwd=tmp_path)
            said[way] = json.loads((tmp_path / "said.json").read_text())
    assert said["forked"] == said["ordinary: WORKBOOK_FORK is 0"]
    assert said["forked"]["display.max_columns"] == "20"


def test_what_is_imported_beforehand_starts_no_thread_and_all_of_it_is_there():
    script = (
        "import importlib.util, sys\nfrom workbook.runner.kernels import preload\npreload.preload(); import pandas\n"
        "print([name for name in (*preload.MODULES, *preload._own()) if name not in sys.modules], preload.tasks())"
    )
    said = subprocess.run(
        [sys.executable, "-c", script],
        env=owner.server_environment(os.environ),
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert said.stdout == "[] 1\n", said.stderr


def test_a_server_that_has_a_second_thread_forks_no_kernel(home, package):
    own = environment(home)
    with (
        ForkServer(own, [*FEW, "threads"]) as server,
        pytest.raises(NotForked, match=r"^the fork server has more than one thread$"),
    ):
        kernel(server, own, home)


def test_a_kernel_that_would_need_another_start_is_not_forked(home, package):
    own = environment(home)
    with ForkServer(own, FEW) as server:
        for name, value in (("OMP_NUM_THREADS", "2"), ("PYTHONPATH", "elsewhere"), ("PYTHONHASHSEED", "1")):
            with pytest.raises(NotForked, match=r"^the fork server was started with other settings$"):
                kernel(server, {**own, name: value}, home)


def test_the_server_starts_anew_when_a_file_of_the_package_changes_and_runs_its_kernels_to_their_end(home, package):
    own = environment(home)
    (package / "scenario.py").write_text((package / "scenario.py").read_text() + "\nCHANGED = 1\n")
    with ForkServer(own, FEW) as server:
        first = kernel(server, own, home)
        before = _parent(first.pid)
        (package / "scenario.py").write_text((package / "scenario.py").read_text() + "\nCHANGED = 22\n")
        second = kernel(server, own, home)
        assert before == server.process.pid != _parent(second.pid)
        assert (first.poll(), second.poll(), server.alive) == (None, None, True)
        first.kill()
        assert first.wait(10) == -signal.SIGKILL
        assert until(lambda: gone(before))
        assert second.poll() is None
    assert until(lambda: gone(second.pid))
    assert second.wait(10) == -signal.SIGKILL
    assert not server.folder.exists()


def test_a_temporary_folder_with_a_long_path_is_passed_over_and_a_server_that_cannot_start_leaves_no_folder(
    tmp_path, monkeypatch
):
    long = tmp_path / ("long" * 20)
    long.mkdir()
    monkeypatch.delenv("XDG_RUNTIME_DIR", raising=False)
    monkeypatch.setattr(tempfile, "tempdir", str(long))
    assert owner.runtime_folder() == "/tmp"
    monkeypatch.setattr(owner, "runtime_folder", lambda: str(long))
    with pytest.raises(OSError, match="AF_UNIX path too long"):
        ForkServer({}, FEW)
    assert list(long.iterdir()) == []


def test_a_file_that_changes_while_the_server_imports_makes_it_start_anew(home, package):
    own = environment(home)
    (home / "edits.py").write_text(
        "from pathlib import Path\n"
        f"path, once = Path({str(package / 'scenario.py')!r}), Path({str(home / 'once')!r})\n"
        "if not once.exists():\n"
        "    once.touch()\n"
        "    path.write_text(path.read_text() + 'CHANGED = 1')\n"
    )
    with ForkServer(own, (*FEW, "edits")) as server:
        forked = kernel(server, own, home)
        assert _parent(forked.pid) != server.process.pid
        forked.close()


def _parent(process: int) -> int:
    return int(Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[1])


def test_a_new_package_is_noticed(tmp_path, monkeypatch):
    monkeypatch.setattr(preload.site, "getsitepackages", lambda: [str(tmp_path)])
    before = preload.stamp()
    assert preload.stamp() == before
    (tmp_path / "new.dist-info").mkdir()
    assert preload.stamp() != before


@pytest.fixture
def installed(home, monkeypatch) -> Path:
    """A folder with what an installation says of this package, for Jupyter to find our provisioner by its name."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    said = home / "leadership_diagnostic_workbook-0.dist-info"
    said.mkdir()
    (said / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {project['name']}\nVersion: 0\n")
    points = [
        line
        for group, names in project["entry-points"].items()
        for line in (f"[{group}]", *(f"{name} = {place}" for name, place in names.items()))
    ]
    (said / "entry_points.txt").write_text("\n".join(points) + "\n")
    monkeypatch.syspath_prepend(str(home))
    monkeypatch.setenv("PYTHONPATH", f"{home}{os.pathsep}{ROOT}")
    return home


def test_a_jupyter_server_that_knows_our_provisioner_forks_its_kernels(installed, monkeypatch):
    cell = "import os; open('said', 'w').write(open(f'/proc/{os.getppid()}/cmdline').read())"
    write_notebook(installed / "n.ipynb", cell)
    port = free_port()
    known = {**server_environment(installed), **owner.default_provisioner()}
    known["SERVER_SOFTWARE"] = f"voila/{version('voila')}"
    command = [sys.executable, "-m", "voila", str(installed), "--no-browser", f"--port={port}"]
    command += [f"--Voila.ip={ADDRESS}", "--KernelManager.transport=ipc", "--template=workbook"]
    server = subprocess.Popen(command, env=known, stderr=subprocess.DEVNULL)
    try:
        wait_until_open(server, f"http://{ADDRESS}:{port}/")
        with urllib.request.urlopen(f"http://{ADDRESS}:{port}/voila/render/n.ipynb", timeout=30) as answer:
            answer.read()
    finally:
        server.terminate()
        server.wait(20)
    assert (installed / "said").read_text().split("\0")[1:3] == ["-m", "workbook.runner.kernels.server"]


def test_nothing_is_asked_of_jupyter_where_kernels_are_not_to_be_forked(installed, monkeypatch):
    assert owner.default_provisioner() == {"JUPYTER_DEFAULT_PROVISIONER_NAME": "workbook-fork"}
    monkeypatch.setenv(owner.SWITCH, "0")
    assert owner.default_provisioner() == {}


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGINT])
def test_an_owner_that_is_killed_or_interrupted_leaves_no_server_no_kernel_and_no_folder(number, home):
    script = [sys.executable, "-c", OWNER, str(home / "kernel.json"), str(home)]
    asked = subprocess.Popen(
        script, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, start_new_session=True
    )
    server, child, folder = json.loads(asked.stdout.readline())
    assert stat.S_IMODE(Path(folder).stat().st_mode) == 0o700
    os.killpg(asked.pid, number)
    asked.communicate(timeout=20)
    assert until(lambda: gone(server) and gone(child) and not Path(folder).exists())


def test_a_caller_that_goes_away_takes_its_kernel_along_and_no_other(home):
    own = kernel_environment(home)
    with ForkServer(own, FEW) as server:
        (home / "b").mkdir()
        first, second = kernel(server, own, home), kernel(server, own, home / "b")
        first.close()
        assert until(lambda: gone(first.pid))
        assert second.poll() is None
        second.close()


def test_a_caller_that_says_something_else_gets_nothing_and_harms_nobody(home):
    import socket

    own = kernel_environment(home)
    with ForkServer(own, FEW) as server:
        with socket.socket(socket.AF_UNIX) as stranger:
            stranger.connect(str(server.socket))
            stranger.sendall(b"x" * 32)
            stranger.settimeout(20)
            assert stranger.recv(1) == b""
        welcome = kernel(server, own, home)
        assert welcome.poll() is None
        welcome.close()
