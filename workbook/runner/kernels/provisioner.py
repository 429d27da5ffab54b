"""The `jupyter_client` provisioner: forks ipykernels of this interpreter, starts every other kernel as usual."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import tempfile
from pathlib import Path
from typing import Any, Final

from jupyter_client.provisioning.local_provisioner import LocalProvisioner

from workbook.runner.kernels.client import ForkedKernel, fork_kernel
from workbook.runner.kernels.owner import server_socket, shun
from workbook.runner.kernels.protocol import NotForked

NAME: Final = "workbook-fork"
FORKED: Final = "forked"
_LAUNCHER: Final = ("-m", "ipykernel_launcher")
_KILL_SECONDS: Final = 2.0


class ForkProvisioner(LocalProvisioner):
    """Kernels from the fork server. `started` says how the kernel came to be: `forked`, or `ordinary` and why."""

    started = ""
    process: Any = None
    sockets: tempfile.TemporaryDirectory[str] | None = None

    async def pre_launch(self, **kwargs: Any) -> dict[str, Any]:
        """As usual; sockets that are files get a path of their own, or kernels started at once meet on one."""
        manager = self.parent
        if manager is not None and manager.transport == "ipc" and not os.path.isabs(manager.ip):
            self.sockets = tempfile.TemporaryDirectory(prefix="wb-", ignore_cleanup_errors=True)
            manager.ip = os.path.join(self.sockets.name, "socket")
        return await super().pre_launch(**kwargs)

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> Any:
        """Fork a kernel, or start an ordinary one where that cannot be."""
        server: Path | None = None
        try:
            arguments = _arguments(cmd)
            server = server_socket(kwargs["env"])
            streams = [_descriptor(kwargs.get(name), number) for name, number in (("stdout", 1), ("stderr", 2))]
            cwd = os.path.abspath(kwargs.get("cwd") or os.getcwd())
            self.process = await fork_kernel(server, arguments, kwargs["env"], cwd, streams)
        except NotForked as reason:
            shun(server)
            self.started = f"ordinary: {reason}"
            return await super().launch_kernel(cmd, **kwargs)
        self.pid, self.pgid, self.cwd, self.started = self.process.pid, None, Path(cwd), FORKED
        return self.connection_info

    async def cleanup(self, restart: bool = False) -> None:
        """As usual; the folder of its sockets goes with the kernel."""
        await super().cleanup(restart)
        if isinstance(self.process, ForkedKernel):
            self.process.close()
        if self.sockets is not None and not restart:
            self.sockets.cleanup()

    async def kill(self, restart: bool = False) -> None:
        """Kill the kernel; a forked one is gone when this returns, so that nobody sleeps until he looks again."""
        if not isinstance(self.process, ForkedKernel):
            await super().kill(restart)
            return
        self.process.send_signal(signal.SIGKILL)
        until = asyncio.get_running_loop().time() + _KILL_SECONDS
        while self.process.poll() is None and asyncio.get_running_loop().time() < until:
            await asyncio.sleep(0.001)


def _arguments(command: list[str]) -> list[str]:
    """The kernel's own arguments. Raises NotForked for a kernel that is not this interpreter's ipykernel."""
    if os.path.abspath(command[0]) != os.path.abspath(sys.executable):
        raise NotForked("the kernel is of another interpreter")
    if tuple(command[1:3]) != _LAUNCHER:
        raise NotForked("the kernel is not started as ipykernel usually is")
    return command[3:]


def _descriptor(stream: Any, otherwise: int) -> int:
    """A stream's descriptor. Raises NotForked for one that has to be made by starting a process."""
    if stream is None:
        return otherwise
    number = stream if isinstance(stream, int) else stream.fileno()
    if number < 0:
        raise NotForked("the kernel's output is asked for by a pipe")
    return number
