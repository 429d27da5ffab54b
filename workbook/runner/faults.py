"""Why a run failed, by type: only faults of the machinery are worth another try.

| kind | what | tried again |
|---|---|---|
| `input` | the client's own files, or an argument | no: the same files fail the same way |
| `run` | a notebook raised, came to no end, or wrote no results | no: it would raise again |
| `kernel` | a kernel or worker process died without our doing, or did not start | yes |
| `limit` | it took longer, or more memory, than allowed; a cell ran too long | no: it would again |
| `disk` | no space, no permission, a read or write error | no: somebody has to make room or mend it |
| `network` | a connection or a mounted folder went away | yes |
| `busy` | another run of this client is under way | no: the other one is doing it |
| `integrity` | what was about to leave is not what it should be | never |
| `program` | an error of this program | no |
"""

from __future__ import annotations

import errno
from typing import Final, Literal

from workbook.errors import BadArgument, InputProblems, RunFailed, WorkbookError

Kind = Literal["", "input", "run", "kernel", "limit", "disk", "network", "busy", "integrity", "program"]
RETRIED: Final[frozenset[Kind]] = frozenset({"kernel", "network"})
RETRIES: Final = 1
PASSING: Final = frozenset(
    number
    for name in ("EINTR", "EAGAIN", "ESTALE", "ETIMEDOUT", "ECONNRESET", "ECONNABORTED", "EHOSTUNREACH", "ENETDOWN")
    if (number := getattr(errno, name, None)) is not None
)


class KernelDied(RunFailed):
    """A kernel ended, or never answered, without any cell's doing."""


class LimitExceeded(RunFailed):
    """A client took more time or memory than it may."""


class ClientBusy(RunFailed):
    """Another run of the same client is under way in the same output folder."""


class IntegrityError(WorkbookError):
    """Something about to leave, or already published, is not what it should be; the command ends with code 3."""


def kind_of(error: BaseException) -> Kind:
    """The kind of a fault; the table above says what becomes of it."""
    by_type: tuple[tuple[type[BaseException], Kind], ...] = (
        (InputProblems, "input"),
        (BadArgument, "input"),
        (KernelDied, "kernel"),
        (LimitExceeded, "limit"),
        (ClientBusy, "busy"),
        (IntegrityError, "integrity"),
        (RunFailed, "run"),
        (MemoryError, "limit"),
    )
    for known, kind in by_type:
        if isinstance(error, known):
            return kind
    if isinstance(error, OSError):
        return "network" if isinstance(error, ConnectionError) or error.errno in PASSING else "disk"
    return "program"
