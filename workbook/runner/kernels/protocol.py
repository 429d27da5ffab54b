"""What the fork server and its clients say to each other, and which of a kernel's settings fork cannot change."""

from __future__ import annotations

import hashlib
import json
import os
import socket
import struct
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

HELLO: Final = struct.Struct("!32s")
ANSWER: Final = struct.Struct("!ci")
FORKED: Final = b"F"
AGAIN: Final = b"A"
OTHER: Final = b"O"
THREADS: Final = b"T"
EXIT: Final = struct.Struct("!i")
READY: Final = b"1"
_AT_START = (
    *("PYTHON", "PYDEVD", "LD_", "LC_", "LANG", "OMP_", "OPENBLAS_", "MKL_", "MALLOC_", "GLIBC_", "NPY_", "NUMPY_"),
    *("SCIPY_", "OPENSSL_", "TZ", "SERVER_SOFTWARE"),
)


class NotForked(Exception):
    """Why no kernel could be forked; an ordinary one is started instead."""


@dataclass(frozen=True)
class Request:
    """A kernel as asked for: arguments of ipykernel, its whole environment, its folder, limits of its resources."""

    arguments: tuple[str, ...]
    environment: Mapping[str, str]
    cwd: str
    limits: Mapping[str, tuple[int, int]]


def read_at_start(environment: Mapping[str, str]) -> dict[str, str]:
    """The variables that a process reads once, as it starts: a forked kernel has those of its server."""
    return {name: environment[name] for name in sorted(environment) if name.startswith(_AT_START)}


def fingerprint(environment: Mapping[str, str]) -> bytes:
    """Digest of interpreter and start-up variables: two processes with the same one may share a fork server."""
    same = [sys.executable, sys.prefix, sys.version, read_at_start(environment)]
    return hashlib.sha256(json.dumps(same, sort_keys=True).encode()).digest()


def send_request(channel: socket.socket, request: Request, streams: Sequence[int]) -> None:
    """Write a request and the kernel's stdout and stderr into the channel only the child reads."""
    body = json.dumps([list(request.arguments), dict(request.environment), request.cwd, dict(request.limits)])
    socket.send_fds(channel, [READY], list(streams))
    channel.sendall(body.encode("utf-8", "surrogateescape"))
    channel.shutdown(socket.SHUT_WR)


def receive_request(channel: socket.socket) -> tuple[Request, list[int]]:
    """Read a request and the descriptors that came with it."""
    _, streams, _, _ = socket.recv_fds(channel, 1, 2)
    body = b"".join(iter(lambda: channel.recv(65536), b""))
    arguments, environment, cwd, limits = json.loads(body.decode("utf-8", "surrogateescape"))
    return Request(tuple(arguments), environment, cwd, {name: tuple(pair) for name, pair in limits.items()}), streams


def same_user(connection: socket.socket) -> bool:
    """Whether the process at the other end is ours."""
    size = struct.calcsize("3i")
    _, user, _ = struct.unpack("3i", connection.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, size))
    return bool(user == os.geteuid())


def limits_here() -> dict[str, tuple[int, int]]:
    """This process's limits of memory, time, files and file size, which a kernel takes over."""
    import resource

    names = ("RLIMIT_AS", "RLIMIT_DATA", "RLIMIT_CPU", "RLIMIT_FSIZE", "RLIMIT_NOFILE", "RLIMIT_CORE")
    return {name: resource.getrlimit(getattr(resource, name)) for name in names}


def apply_limits(limits: Mapping[str, tuple[int, int]]) -> None:
    """Take over limits; where one is laxer than what holds already, what holds stays."""
    import resource

    for name, (soft, hard) in limits.items():
        kind = getattr(resource, name)
        top = _lower(hard, resource.getrlimit(kind)[1])
        resource.setrlimit(kind, (_lower(soft, top), top))


def _lower(first: int, second: int) -> int:
    """The stricter of two limits, of which -1 is none."""
    return max(first, second) if -1 in (first, second) else min(first, second)
