"""Forked kernels behave as ordinary ones, apart from one another, and where they cannot be forked it is said why."""

from __future__ import annotations

import asyncio
import json
import signal
import socket
import sys
from importlib.metadata import EntryPoint
from pathlib import Path

import pytest
from jupyter_client.kernelspec import KernelSpec
from jupyter_client.manager import AsyncKernelManager
from jupyter_client.provisioning import KernelProvisionerFactory

from tests.runner.tiny import write_notebook
from workbook.runner.execute import execute
from workbook.runner.faults import KernelDied
from workbook.runner.kernels import owner, provisioner
from workbook.runner.kernels.protocol import NotForked

WAITS = "import time; time.sleep(60)"
TELL = "import json; open('said.json', 'w').write(json.dumps({0}))"


def told(folder: Path, *cells: str, said: str) -> tuple[str, object]:
    """How a kernel in `folder` was started, and what it says."""
    folder.mkdir(exist_ok=True)
    source = write_notebook(folder / "n.ipynb", *cells, TELL.format(said))
    started = execute(source, folder / "done.ipynb", {}, cwd=folder)
    return started, json.loads((folder / "said.json").read_text())


def gone(process: int) -> bool:
    state = Path(f"/proc/{process}/stat")
    return not state.exists() or state.read_text().rpartition(")")[2].split()[0] in "ZX"


def test_each_notebook_gets_a_process_of_its_own_in_a_group_of_its_own(tmp_path):
    said = "[os.getpid(), os.getppid(), os.getpgrp(), os.getcwd()]"
    started, first = told(tmp_path / "a", "import os", said=said)
    again, second = told(tmp_path / "b", "import os", said=said)
    assert started == again == "forked"
    assert first[0] == first[2] != second[0] == second[2]
    assert first[1] == second[1]
    assert (first[3], second[3]) == (str(tmp_path / "a"), str(tmp_path / "b"))


def test_what_notebooks_use_is_there_before_the_first_cell_and_nothing_that_reads_records(tmp_path):
    names = ["workbook.view.page_weeks", "workbook.weeks.week2", "scipy.optimize", "ipywidgets"]
    never = ["workbook.inputs", "workbook.measure", "workbook.runner.run", "pandas", "vl_convert"]
    started, said = told(tmp_path, "import sys", said=f"[[n in sys.modules for n in x] for x in ({names}, {never})]")
    assert (started, said) == ("forked", [[True] * 4, [False] * 5])


def test_kernels_do_not_share_random_numbers(tmp_path):
    cell = "import random, numpy"
    said = [
        told(tmp_path / str(n), cell, said="[random.random(), numpy.random.rand(), numpy.random.randn()]")[1]
        for n in range(3)
    ]
    assert [len({numbers[which] for numbers in said}) for which in range(3)] == [3, 3, 3]


def test_a_forked_and_an_ordinary_kernel_give_the_same_bytes(tmp_path, monkeypatch):
    cells = (
        "import sys, os; print('out'); print('err', file=sys.stderr); 'shown'",
        "from IPython.display import HTML, display; display(HTML('<b>x</b>'), raw=False); os.write(1, b'low') and None",
        "from ipywidgets import IntSlider; sorted(get_ipython().kernel.comm_manager.targets)",
        "import locale, sys; [sys.argv[:1], sys.path, sys.flags, __name__, sys.getdefaultencoding(), "
        "locale.getlocale(), sys.stdout.encoding, sorted((k, v) for k, v in os.environ.items() "
        "if not k.startswith(('IPYTHON', 'JUPYTER', 'JPY')))]",
    )
    source = write_notebook(tmp_path / "n.ipynb", *cells)
    assert execute(source, tmp_path / "forked.ipynb", {}, cwd=tmp_path) == "forked"
    monkeypatch.setenv("WORKBOOK_FORK", "0")
    assert execute(source, tmp_path / "ordinary.ipynb", {}, cwd=tmp_path) == "ordinary: WORKBOOK_FORK is 0"
    forked, ordinary = ((tmp_path / f"{name}.ipynb").read_text() for name in ("forked", "ordinary"))
    launcher = json.dumps(str(Path(sys.modules["ipykernel"].__file__).parents[1] / "ipykernel_launcher.py"))[1:-1]
    assert forked == ordinary.replace(launcher, "ipykernel_launcher.py")


def test_libraries_compute_with_one_thread(tmp_path):
    cell = "import os, numpy; before = len(os.listdir('/proc/self/task')); a = numpy.ones((600, 600)); b = a @ a"
    assert told(tmp_path, cell, said="len(os.listdir('/proc/self/task')) - before") == ("forked", 0)


def test_pictures_are_drawn_in_forked_kernels(tmp_path):
    spec = {"data": {"values": [{"x": 1}]}, "mark": "point", "encoding": {"x": {"field": "x", "type": "quantitative"}}}
    cell = f"import vl_convert; drawn = vl_convert.vegalite_to_svg({spec})"
    assert told(tmp_path, cell, said="drawn[:4]") == ("forked", "<svg")


def test_limits_of_the_caller_hold_in_the_kernel(tmp_path):
    import resource

    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    told(tmp_path, said="1")
    resource.setrlimit(resource.RLIMIT_FSIZE, (10**9, before[1]))
    try:
        said = told(tmp_path, "import resource", said="resource.getrlimit(resource.RLIMIT_FSIZE)")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert said == ("forked", [10**9, before[1]])


def test_nothing_of_one_client_is_in_the_memory_of_the_next_ones_kernel(tmp_path, monkeypatch):
    monkeypatch.setenv("CLIENT", "gninraeldetouq"[::-1] + "-acme")
    folder = tmp_path / ("gninraeldetouq"[::-1] + "-folder")
    assert told(folder, said="__import__('os').environ['CLIENT']")[0] == "forked"
    monkeypatch.delenv("CLIENT")
    cell = (
        "import re\nword, found = b'gninraeldetouq'[::-1] + b'-', 0\n"
        "for line in open('/proc/self/maps'):\n"
        "    place, mode = line.split()[:2]\n"
        "    first, last = (int(end, 16) for end in place.split('-'))\n"
        "    if mode.startswith('rw') and 'stack' not in line:\n"
        "        with open('/proc/self/mem', 'rb', 0) as memory:\n"
        "            memory.seek(first)\n"
        "            held = memory.read(last - first)\n"
        "        found += sum(held.count(word + end) for end in (b'ac' + b'me', b'fol' + b'der'))\n"
        "        del held"
    )
    assert told(tmp_path / "next", cell, said="found") == ("forked", 0)


def test_what_a_killed_kernel_had_started_is_gone_with_it(tmp_path):
    cell = (
        "import os, signal, subprocess\nchild = subprocess.Popen(['sleep', '600'])\n"
        "open('child', 'w').write(str(child.pid))\nos.kill(os.getpid(), signal.SIGKILL)"
    )
    source = write_notebook(tmp_path / "n.ipynb", cell)
    with pytest.raises(KernelDied):
        execute(source, tmp_path / "done.ipynb", {}, cwd=tmp_path)
    assert gone(int((tmp_path / "child").read_text()))


def test_when_the_server_dies_its_kernel_fails_the_run_and_the_next_one_comes_from_a_new_server(tmp_path):
    source = write_notebook(tmp_path / "n.ipynb", "import os, signal; os.kill(os.getppid(), signal.SIGKILL)", WAITS)
    with pytest.raises(KernelDied):
        execute(source, tmp_path / "done.ipynb", {}, cwd=tmp_path)
    assert told(tmp_path, said="1")[0] == "forked"


@pytest.fixture
def private(tmp_path_factory) -> Path:
    """A folder only we can enter, with a name short enough for a socket."""
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        yield Path(folder)


def _socket(folder: Path) -> Path:
    with socket.socket(socket.AF_UNIX) as stale:
        stale.bind(str(folder / "socket"))
    return folder / "socket"


@pytest.mark.parametrize(
    ("mode", "said"),
    [
        (0o700, "ordinary: the fork server does not answer (ConnectionRefusedError)"),
        (0o755, "ordinary: the fork server's socket is not private to this user"),
        (None, "ordinary: the fork server's socket is gone"),
    ],
)
def test_a_stale_or_foreign_socket_gives_an_ordinary_kernel_and_is_not_asked_again(
    mode, said, private, tmp_path, monkeypatch
):
    monkeypatch.setenv(owner.SERVER, str(private / "socket"))
    if mode:
        _socket(private)
        private.chmod(mode)
    assert told(tmp_path, said="1")[0] == said
    assert told(tmp_path, said="1")[0] == "forked"


@pytest.mark.parametrize(
    ("command", "said"),
    [
        ((str(Path(sys.executable).parent / "other"), "-m", "ipykernel_launcher"), "of another interpreter"),
        ((sys.executable, "-m", "bash_kernel"), "not started as ipykernel usually is"),
    ],
)
def test_a_kernel_of_another_kind_is_not_forked(command, said):
    with pytest.raises(NotForked, match=said):
        provisioner._arguments([*command, "-f", "x.json"])


class _Spec(AsyncKernelManager):
    """A manager as Voilà's and nbval's: the provisioner is found by its name."""

    @property
    def kernel_spec(self) -> KernelSpec:
        argv = [sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"]
        stanza = {"kernel_provisioner": {"provisioner_name": provisioner.NAME}}
        return KernelSpec(argv=argv, display_name="Python 3", language="python", metadata=stanza)


@pytest.fixture
def managers(tmp_path, monkeypatch):
    found = EntryPoint(provisioner.NAME, "workbook.runner.kernels.provisioner:ForkProvisioner", "")
    monkeypatch.setitem(KernelProvisionerFactory.provisioners, provisioner.NAME, found)
    monkeypatch.setenv("JUPYTER_RUNTIME_DIR", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    made = [_Spec() for _ in range(6)]
    yield made
    for manager in made:
        manager._close_control_socket()
        manager.context.destroy(linger=0)


async def _reply(client, code: str) -> dict:
    return (await client.execute_interactive(code, timeout=60, output_hook=lambda said: None))["content"]


async def _started(manager: _Spec, **options):
    await manager.start_kernel(**options)
    client = manager.client()
    client.start_channels()
    await client.wait_for_ready(timeout=60)
    return client


def test_kernels_started_at_once_never_meet_on_one_socket(managers):
    async def start_all() -> list[str]:
        for manager in managers:
            manager.transport = "ipc"
        clients = await asyncio.gather(*map(_started, managers))
        replies = await asyncio.gather(
            *(_reply(client, f"x = {n}; assert x == {n}") for n, client in enumerate(clients))
        )
        places = [manager.ip for manager in managers]
        for client, manager in zip(clients, managers, strict=True):
            client.stop_channels()
            await manager.shutdown_kernel(now=True)
        assert [manager.provisioner.started for manager in managers] == ["forked"] * 6
        return [*places, *(reply["status"] for reply in replies)]

    said = asyncio.run(start_all())
    assert len(set(said[:6])) == 6
    assert said[6:] == ["ok"] * 6


def test_a_forked_kernel_is_interrupted_restarted_and_shut_down_politely(managers):
    async def use(manager: _Spec) -> list[object]:
        client = await _started(manager)
        pending = asyncio.ensure_future(_reply(client, "import time; time.sleep(60)"))
        await asyncio.sleep(0.5)
        await manager.interrupt_kernel()
        stopped = (await pending)["ename"]
        assert (await _reply(client, "before = 1"))["status"] == "ok"
        client.stop_channels()
        await manager.restart_kernel(now=True)
        client = manager.client()
        client.start_channels()
        await client.wait_for_ready(timeout=60)
        missing = (await _reply(client, "before"))["ename"]
        process = manager.provisioner.pid
        client.stop_channels()
        await manager.shutdown_kernel()
        return [stopped, missing, await manager.is_alive(), gone(process), manager.provisioner.started]

    assert asyncio.run(use(managers[0])) == ["KeyboardInterrupt", "NameError", False, True, "forked"]


def test_a_kernel_that_ends_by_itself_gives_its_exit_code(managers):
    async def use(manager: _Spec) -> int | None:
        client = await _started(manager)
        client.execute("import os; os._exit(7)")
        while await manager.is_alive():
            await asyncio.sleep(0.02)
        client.stop_channels()
        return await manager.provisioner.poll()

    assert asyncio.run(use(managers[0])) == 7


def test_a_folder_that_is_not_there_gives_an_ordinary_kernels_error(managers, tmp_path):
    async def use(manager: _Spec) -> None:
        await manager.start_kernel(cwd=str(tmp_path / "nowhere"))

    with pytest.raises(FileNotFoundError):
        asyncio.run(use(managers[0]))
    assert managers[0].provisioner.started == "ordinary: the forked kernel ended as it started"


def test_signals_reach_only_a_kernel_that_runs(managers):
    async def use(manager: _Spec) -> int | None:
        (await _started(manager)).stop_channels()
        process = manager.provisioner.process
        process.kill()
        process.wait(10)
        process.send_signal(signal.SIGTERM)
        return process.returncode

    assert asyncio.run(use(managers[0])) == -signal.SIGKILL
