"""The fork server: `python -m workbook.runner.kernels.server LISTENER LIFE FINGERPRINT [MODULE…]`.

LISTENER is the descriptor of a listening socket, LIFE of a pipe it holds open while it lives; FINGERPRINT is that of
the environment it was given. It imports, freezes, and forks a child for each caller; its loop ends when standard input
does, that is, with its owner. It has one thread, reads nothing a caller sends but a digest and signals, and starts a
successor when packages change.
"""

from __future__ import annotations

import contextlib
import ctypes
import gc
import os
import selectors
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Mapping, Sequence
from typing import Final

from workbook.runner.kernels import preload
from workbook.runner.kernels.protocol import (
    AGAIN,
    ANSWER,
    EXIT,
    FORKED,
    HELLO,
    OTHER,
    READY,
    THREADS,
    apply_limits,
    receive_request,
    same_user,
)

_HELLO_SECONDS: Final = 2
_DIE_WITH_PARENT: Final = 1


class Server:
    """Callers' connections, one a kernel, and the loop that serves them."""

    def __init__(
        self, listener: socket.socket, life: int, mine: str, modules: Sequence[str], stamp: preload.Stamp
    ) -> None:
        self.listener: socket.socket | None = listener
        self.life = life
        self.modules = tuple(modules)
        self.stamp = stamp
        self.mine = mine
        self.kernels: dict[int, socket.socket] = {}
        self.selector = selectors.DefaultSelector()
        self.ended, self._wake = os.pipe()
        for descriptor in (self.ended, self._wake):
            os.set_blocking(descriptor, False)
        signal.set_wakeup_fd(self._wake, warn_on_full_buffer=False)
        signal.signal(signal.SIGCHLD, lambda number, frame: None)
        self.selector.register(0, selectors.EVENT_READ, None)
        self.selector.register(self.ended, selectors.EVENT_READ, None)
        self.selector.register(listener, selectors.EVENT_READ, None)

    def serve(self) -> socket.socket | None:
        """Fork kernels until the owner has gone, or a successor took over and the last kernel ended: then None.

        In a forked child it returns the channel the child's request comes by.
        """
        while self.listener or self.kernels:
            for key, _ in self.selector.select():
                if key.fileobj == 0 and not os.read(0, 1):
                    return None
                if key.fileobj == self.ended:
                    self._reap()
                elif self.listener and key.fileobj is self.listener:
                    channel = self._answer()
                    if channel:
                        return channel
                elif key.data is not None:
                    self._hear(key.data)
        return None

    def stop(self) -> None:
        """Kill every kernel left, with whatever it started; the last server removes the socket's private folder."""
        for pid in self.kernels:
            _signal_group(pid, signal.SIGKILL)
        if self.listener is not None:
            shutil.rmtree(os.path.dirname(self.listener.getsockname()), ignore_errors=True)

    def _answer(self) -> socket.socket | None:
        """Serve one caller; returns in the child with its channel."""
        assert self.listener is not None
        connection, _ = self.listener.accept()
        passed: list[int] = []
        try:
            connection.settimeout(_HELLO_SECONDS)
            said, passed, _, _ = socket.recv_fds(connection, HELLO.size, 1)
            if not same_user(connection) or len(said) != HELLO.size or len(passed) != 1:
                raise OSError("not a caller of ours")
            verdict = self._verdict(HELLO.unpack(said)[0])
            if verdict is not FORKED:
                connection.sendall(ANSWER.pack(verdict, 0))
                connection.close()
                if verdict is AGAIN:
                    self._hand_over()
                return None
            server = os.getpid()
            pid = os.fork()
            if pid == 0:
                connection.close()
                return self._child(socket.socket(fileno=passed.pop()), server)
            self.kernels[pid] = connection
            self.selector.register(connection, selectors.EVENT_READ, pid)
            with contextlib.suppress(OSError):
                connection.sendall(ANSWER.pack(FORKED, pid))
        except OSError:
            connection.close()
        finally:
            for descriptor in passed:
                os.close(descriptor)
        return None

    def _verdict(self, theirs: bytes) -> bytes:
        if preload.stamp() != self.stamp:
            return AGAIN
        if theirs.hex() != self.mine:
            return OTHER
        return FORKED if preload.tasks() == 1 else THREADS

    def _child(self, channel: socket.socket, server: int) -> socket.socket:
        """Drop what is the server's; end with it."""
        os.setsid()
        ctypes.CDLL(None).prctl(_DIE_WITH_PARENT, signal.SIGKILL)
        if os.getppid() != server:
            os._exit(1)
        signal.set_wakeup_fd(-1)
        for number, handler in (
            (signal.SIGCHLD, signal.SIG_DFL),
            (signal.SIGTERM, signal.SIG_DFL),
            (signal.SIGINT, signal.default_int_handler),
        ):
            signal.signal(number, handler)
        self.selector.close()
        for connection in (*self.kernels.values(), *([self.listener] if self.listener else [])):
            connection.close()
        for descriptor in (self.ended, self._wake, self.life):
            os.close(descriptor)
        self.kernels.clear()
        return channel

    def _hear(self, pid: int) -> None:
        """A caller sends signals, one a byte; when it has gone, its kernel goes."""
        connection = self.kernels.get(pid)
        if connection is None:
            return
        try:
            said = connection.recv(64)
        except OSError:
            said = b""
        for number in said or bytes([signal.SIGKILL]):
            _signal_group(pid, number)
        if not said:
            self.selector.unregister(connection)
            connection.close()

    def _reap(self) -> None:
        """Tell callers how their kernels ended; nothing a kernel started outlives it."""
        with contextlib.suppress(BlockingIOError):
            os.read(self.ended, 4096)
        for pid in list(self.kernels):
            done, status = os.waitpid(pid, os.WNOHANG)
            if not done:
                continue
            _signal_group(pid, signal.SIGKILL)
            connection = self.kernels.pop(pid)
            if connection.fileno() >= 0:
                self.selector.unregister(connection)
                with contextlib.suppress(OSError):
                    connection.sendall(EXIT.pack(os.waitstatus_to_exitcode(status)))
                connection.close()

    def _hand_over(self) -> None:
        """Start a successor on the same socket; this server only sees its own kernels to their end."""
        assert self.listener is not None
        passed = [self.listener.fileno(), self.life]
        subprocess.Popen(
            [sys.executable, "-m", __spec__.name, *map(str, passed), self.mine, *self.modules], pass_fds=passed
        )
        self.selector.unregister(self.listener)
        self.listener.close()
        self.listener = None


def _signal_group(pid: int, number: int) -> None:
    """Signal a kernel and what it started."""
    try:
        os.killpg(pid, number)
    except OSError:
        with contextlib.suppress(OSError):
            os.kill(pid, number)


def become_kernel(channel: socket.socket, set_by_imports: Mapping[str, str]) -> None:
    """Take over a request's folder, environment, streams and limits, and be an ipykernel until it is shut down.

    Variables that the interpreter or an imported module sets hold in the kernel too.
    """
    request, streams = receive_request(channel)
    for target, descriptor in zip((1, 2), streams, strict=True):
        os.dup2(descriptor, target)
        os.close(descriptor)
    silent = os.open(os.devnull, os.O_RDONLY)
    os.dup2(silent, 0)
    os.close(silent)
    os.environ.clear()
    os.environ.update({**request.environment, **set_by_imports})
    os.chdir(request.cwd)
    apply_limits(request.limits)
    preload.reseed()
    sys.argv = ["ipykernel_launcher.py", *request.arguments]
    from ipykernel.kernelapp import IPKernelApp

    app = IPKernelApp.instance()
    app.parent_handle = os.getppid()
    app.initialize(sys.argv[1:])
    if "ipywidgets" in sys.modules:
        sys.modules["ipywidgets"].load_ipython_extension(app.shell)
    channel.sendall(READY)
    channel.close()
    app.start()


def main(arguments: Sequence[str]) -> None:
    """Import, freeze, serve."""
    os.chdir("/")
    sys.path[:] = [place for place in sys.path if place not in ("", "/")]
    listener, life, mine, *modules = arguments
    before = {name: value for name, value in os.environ.items() if name != "LC_CTYPE"}
    stamp = preload.stamp()
    preload.preload(modules)
    set_by_imports = {name: value for name, value in os.environ.items() if before.get(name) != value}
    server = Server(socket.socket(fileno=int(listener)), int(life), mine, modules, stamp)
    gc.collect()
    gc.freeze()
    channel = None
    try:
        channel = server.serve()
    finally:
        if channel is None:
            server.stop()
    del server
    if channel is not None:
        become_kernel(channel, set_by_imports)


if __name__ == "__main__":
    main(sys.argv[1:])
