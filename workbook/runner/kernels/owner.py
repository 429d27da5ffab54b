"""A fork server of one's own: started with a process, or at its first kernel, and ended with it, however it ends."""

from __future__ import annotations

import atexit
import contextlib
import os
import select
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
from collections import Counter
from collections.abc import Mapping, Sequence
from importlib.metadata import entry_points
from pathlib import Path
from types import MappingProxyType, TracebackType
from typing import Final

from workbook.runner.kernels.environment import ONE_THREAD, kernel_environment
from workbook.runner.kernels.protocol import NotForked, fingerprint, read_at_start

SERVER: Final = "WORKBOOK_KERNEL_SERVER"
"""Names the socket of a server that a process's children share."""
SWITCH: Final = "WORKBOOK_FORK"
"""`0` asks for ordinary kernels."""
_KEPT: Final = ("PATH", "HOME", "USER", "LOGNAME", "TMPDIR", "VIRTUAL_ENV")
_STARTS: Final = 3
_END_SECONDS: Final = 5
_LONGEST_PLACE: Final = 40


class ForkServer:
    """A running fork server in a private folder. Closing it, or ending in any way, ends it and its kernels."""

    def __init__(self, environment: Mapping[str, str], modules: Sequence[str] = ()) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="workbook-kernels-", dir=runtime_folder()))
        self.socket = self.folder / "socket"
        try:
            self._start(environment, modules)
        except BaseException:
            shutil.rmtree(self.folder, ignore_errors=True)
            raise

    def _start(self, environment: Mapping[str, str], modules: Sequence[str]) -> None:
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as listener:
            listener.bind(str(self.socket))
            listener.listen(128)
            self._life, theirs = os.pipe()
            passed, mine = [listener.fileno(), theirs], fingerprint(environment).hex()
            self.process = subprocess.Popen(
                [sys.executable, "-m", "workbook.runner.kernels.server", *map(str, passed), mine, *modules],
                pass_fds=passed,
                stdin=subprocess.PIPE,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                cwd="/",
                env=server_environment(environment),
                start_new_session=True,
            )
            os.close(theirs)

    @property
    def alive(self) -> bool:
        """Whether it, or its successor, still holds its end of a pipe open."""
        return not select.select([self._life], [], [], 0)[0]

    def close(self) -> None:
        """End it with its kernels and remove its folder."""
        assert self.process.stdin is not None
        self.process.stdin.close()
        select.select([self._life], [], [], _END_SECONDS)
        os.close(self._life)
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(timeout=_END_SECONDS)
        self.process.kill()
        self.process.wait()
        shutil.rmtree(self.folder, ignore_errors=True)

    def __enter__(self) -> ForkServer:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def possible() -> bool:
    """Whether kernels can be forked here: on Linux, unless WORKBOOK_FORK is 0."""
    return sys.platform == "linux" and os.environ.get(SWITCH) != "0"


def server_environment(environment: Mapping[str, str]) -> dict[str, str]:
    """What a server is told: what a process reads as it starts, and nothing of any client.

    A process that forks must have one thread: libraries are to compute with one unless the environment says another
    number (then there will be no forking), and Arrow's allocator is not to start its own.
    """
    kept = {name: environment[name] for name in _KEPT if name in environment}
    return {**kept, **ONE_THREAD, **read_at_start(environment), "JE_ARROW_MALLOC_CONF": "background_thread:false"}


def runtime_folder() -> str | None:
    """The user's private folder for sockets, if the system gives one; else a temporary folder.

    A socket's path has room for 107 bytes: a place with a long path is passed over for `/tmp`.
    """
    for folder in (os.environ.get("XDG_RUNTIME_DIR"), tempfile.gettempdir(), "/tmp"):
        if folder and len(os.fsencode(folder)) <= _LONGEST_PLACE and os.access(folder, os.W_OK | os.X_OK):
            return folder
    return None


class _Own:
    """This process's servers, one for each set of start-up settings. Not inherited by a forked process."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.servers: dict[bytes, ForkServer] = {}
        self.starts: Counter[bytes] = Counter()
        self.process = 0
        self.shunned: set[str] = set()

    def socket(self, environment: Mapping[str, str]) -> Path:
        with self.lock:
            if self.process != os.getpid():
                self.servers, self.process = {}, os.getpid()
            like = fingerprint(environment)
            server = self.servers.get(like)
            if server is not None and server.alive:
                return server.socket
            if server is not None:
                self.servers.pop(like).close()
            if self.starts[like] >= _STARTS:
                raise NotForked("the fork server keeps dying")
            self.starts[like] += 1
            try:
                self.servers[like] = ForkServer(environment)
            except OSError as error:
                raise NotForked(f"no fork server could be started ({type(error).__name__})") from error
            return self.servers[like].socket

    def close(self) -> None:
        with self.lock:
            for server in self.servers.values() if self.process == os.getpid() else ():
                server.close()
            self.servers = {}


_own = _Own()
atexit.register(_own.close)


def server_socket(environment: Mapping[str, str]) -> Path:
    """The socket to ask for a kernel: of the server this process's parent shares, else of its own, started if need be.

    Raises NotForked when there can be none.
    """
    if not possible():
        raise NotForked("this system cannot fork kernels" if os.environ.get(SWITCH) != "0" else f"{SWITCH} is 0")
    shared = os.environ.get(SERVER)
    if shared and shared not in _own.shunned:
        return Path(shared)
    return _own.socket(environment)


def scratch_folder() -> str | None:
    """Where a kernel's private folder lies so that it goes with the server, even when this process is killed.

    None, the system's temporary folder, where there is no server.
    """
    with contextlib.suppress(NotForked):
        folder = server_socket(kernel_environment(Path())).parent
        if folder.is_dir():
            return str(folder)
    return None


def prepare(more: Mapping[str, str] = MappingProxyType({})) -> None:
    """Let this process's server import while something else is done; harmless where there can be none.

    `more` is what its kernels will find in their environment besides.
    """
    with contextlib.suppress(NotForked):
        server_socket({**kernel_environment(Path()), **more})


def shun(server: Path | None) -> None:
    """Ask this shared server no more; the next kernel comes from a server of one's own."""
    if server is not None and str(server) == os.environ.get(SERVER):
        _own.shunned.add(str(server))


def default_provisioner() -> dict[str, str]:
    """The variable by which Jupyter takes our provisioner; nothing where it does not know it or cannot fork.

    A process given it starts a fork server of its own at its first kernel, and ends it with itself.
    """
    from workbook.runner.kernels.provisioner import NAME

    known = entry_points(group="jupyter_client.kernel_provisioners", name=NAME)
    return {"JUPYTER_DEFAULT_PROVISIONER_NAME": NAME} if possible() and known else {}
