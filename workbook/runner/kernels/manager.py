"""The kernel manager of a run: this interpreter's ipykernel, forked where that can be, on sockets of its own."""

from __future__ import annotations

import os
import sys
import uuid
from collections.abc import Mapping
from pathlib import Path
from queue import Empty
from typing import Any, Final

from jupyter_client.asynchronous.client import AsyncKernelClient
from jupyter_client.kernelspec import KernelSpec
from jupyter_client.manager import AsyncKernelManager

from workbook.runner.kernels.environment import kernel_environment
from workbook.runner.kernels.provisioner import ForkProvisioner

_ASK_AGAIN_SECONDS: Final = 1.0
_HEARD_SECONDS: Final = 0.2
_LONGEST_SOCKET_FOLDER: Final = 80


class OwnKernelClient(AsyncKernelClient):
    """A client that waits for what the kernel says, where the usual one also waits for silence (0.2 seconds)."""

    async def wait_for_ready(self, timeout: float | None = None) -> None:
        """Return once the kernel answers and its messages reach us. Raises RuntimeError when it dies or is silent."""
        tries = int((timeout or float(sys.maxsize)) / _ASK_AGAIN_SECONDS)
        for _ in range(max(1, tries)):
            asked = self.kernel_info()
            try:
                reply = await self.shell_channel.get_msg(timeout=_ASK_AGAIN_SECONDS)
                if reply["msg_type"] == "kernel_info_reply":
                    self._handle_kernel_info_reply(reply)
                    await self._idle(asked)
                    return
            except Empty:
                pass
            if not await self._async_is_alive():
                raise RuntimeError("Kernel died before replying to kernel_info")
        raise RuntimeError(f"Kernel didn't respond in {timeout} seconds")

    async def _idle(self, asked: str) -> None:
        """Wait for the status that follows a reply; raise Empty when none comes, as before a subscription holds."""
        while True:
            said = await self.iopub_channel.get_msg(timeout=_HEARD_SECONDS)
            if said["parent_header"].get("msg_id") == asked and said["content"].get("execution_state") == "idle":
                return


class OwnKernelManager(AsyncKernelManager):
    """Starts this interpreter's ipykernel whatever kernel specifications are installed, apart from the user's settings.

    `home` is a private folder: kernels started at once talk over sockets there and never meet on a port.
    """

    home: Path
    told: list[str]
    """How each kernel was started is added to it."""
    more: Mapping[str, str] = {}
    """What its kernels find in their environment besides."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.client_factory = OwnKernelClient
        self.connection_file = str(self.home / "kernel.json")
        if os.name == "posix" and len(str(self.home)) < _LONGEST_SOCKET_FOLDER:
            self.transport = "ipc"
            self.ip = str(self.home / "socket")

    @property
    def kernel_spec(self) -> KernelSpec:
        """This interpreter's ipykernel."""
        argv = [sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"]
        return KernelSpec(argv=argv, display_name="Python 3", language="python")

    async def _async_start_kernel(self, **options: Any) -> None:
        self.kernel_id = str(uuid.uuid4())
        ours = ForkProvisioner(kernel_id=self.kernel_id, kernel_spec=self.kernel_spec, parent=self)
        self.provisioner = ours
        await super()._async_start_kernel(**{**options, "env": {**kernel_environment(self.home), **self.more}})
        self.told.append(ours.started)

    start_kernel = _async_start_kernel
