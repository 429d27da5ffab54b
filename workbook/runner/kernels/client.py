"""The caller's side: ask a fork server for a kernel and hold on to it as to a process."""

from __future__ import annotations

import asyncio
import os
import select
import signal
import socket
import stat
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from workbook.runner.kernels.protocol import (
    AGAIN,
    ANSWER,
    EXIT,
    FORKED,
    HELLO,
    OTHER,
    READY,
    THREADS,
    NotForked,
    Request,
    fingerprint,
    limits_here,
    same_user,
    send_request,
)

START_SECONDS: Final = 60
_TRIES: Final = 3
_REFUSALS: Final = {
    OTHER: "the fork server was started with other settings",
    THREADS: "the fork server has more than one thread",
}


class ForkedKernel:
    """A forked kernel, with the methods of `subprocess.Popen` that jupyter_client uses. It ends when this is closed."""

    stdin = stdout = stderr = None

    def __init__(self, connection: socket.socket, pid: int) -> None:
        self.pid = pid
        self.returncode: int | None = None
        self._connection = connection

    def poll(self) -> int | None:
        """The exit code, or None while the kernel runs. A server that died took its kernels along."""
        return self._read(0)

    def wait(self, timeout: float | None = None) -> int | None:
        """Wait until the kernel has ended; None when it runs on after `timeout` seconds."""
        return self._read(timeout)

    def _read(self, timeout: float | None) -> int | None:
        if self.returncode is None and self._connection.fileno() < 0:
            self.returncode = -signal.SIGKILL
        if self.returncode is None and select.select([self._connection], [], [], timeout)[0]:
            try:
                said = self._connection.recv(EXIT.size)
            except OSError:
                said = b""
            self.returncode = EXIT.unpack(said)[0] if len(said) == EXIT.size else -signal.SIGKILL
            self._connection.close()
        return self.returncode

    def close(self) -> None:
        """Let go of the kernel; it ends."""
        self._connection.close()

    def send_signal(self, number: int) -> None:
        """Signal the kernel and what it started. The server sends it, so that no other process can be hit."""
        if self.poll() is None:
            try:
                self._connection.send(bytes([number]))
            except OSError:
                self.poll()

    def terminate(self) -> None:
        """SIGTERM."""
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        """SIGKILL."""
        self.send_signal(signal.SIGKILL)


def private_socket(path: Path) -> Path:
    """`path`, when it is a socket of ours in a folder only we can enter.

    Raises NotForked otherwise, for then somebody else may be listening.
    """
    try:
        folder, entry = path.parent.lstat(), path.lstat()
    except OSError as error:
        raise NotForked("the fork server's socket is gone") from error
    ours = folder.st_uid == entry.st_uid == os.geteuid()
    if not ours or not stat.S_ISDIR(folder.st_mode) or folder.st_mode & 0o077 or not stat.S_ISSOCK(entry.st_mode):
        raise NotForked("the fork server's socket is not private to this user")
    return path


async def fork_kernel(
    server: Path, arguments: Sequence[str], environment: Mapping[str, str], cwd: str, streams: Sequence[int] = (1, 2)
) -> ForkedKernel:
    """A kernel forked by the server at `server`, its sockets bound.

    Raises NotForked when there is no such server, it refuses, or the child does not come up.
    """
    request = Request(tuple(arguments), environment, cwd, limits_here())
    try:
        async with asyncio.timeout(START_SECONDS):
            for _ in range(_TRIES):
                kernel = await _asked(private_socket(server), request, streams)
                if kernel is not None:
                    return kernel
    except (OSError, TimeoutError) as error:
        raise NotForked(f"the fork server does not answer ({type(error).__name__})") from error
    raise NotForked("packages keep changing")


async def _asked(server: Path, request: Request, streams: Sequence[int]) -> ForkedKernel | None:
    """One try; None when the server wants to be asked again because it starts anew."""
    loop = asyncio.get_running_loop()
    connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    mine, theirs = socket.socketpair()
    try:
        connection.setblocking(False)
        mine.setblocking(False)
        await loop.sock_connect(connection, str(server))
        if not same_user(connection):
            raise NotForked("the fork server belongs to another user")
        socket.send_fds(connection, [HELLO.pack(fingerprint(request.environment))], [theirs.fileno()])
        theirs.close()
        verdict, pid = ANSWER.unpack(await _exactly(connection, ANSWER.size))
        if verdict == AGAIN:
            connection.close()
            return None
        if verdict != FORKED:
            raise NotForked(_REFUSALS[verdict])
        mine.setblocking(True)
        mine.settimeout(START_SECONDS)
        send_request(mine, request, streams)
        mine.setblocking(False)
        if await loop.sock_recv(mine, 1) != READY:
            raise NotForked("the forked kernel ended as it started")
        return ForkedKernel(connection, pid)
    except BaseException:
        connection.close()
        raise
    finally:
        mine.close()
        theirs.close()


async def _exactly(connection: socket.socket, size: int) -> bytes:
    """`size` bytes; OSError when the other side goes first."""
    loop, said = asyncio.get_running_loop(), b""
    while len(said) < size:
        more = await loop.sock_recv(connection, size - len(said))
        if not more:
            raise ConnectionResetError("the fork server hung up")
        said += more
    return said
