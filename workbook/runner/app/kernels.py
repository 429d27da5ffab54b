"""One viewer's kernel: it runs the cells of a notebook, then answers the messages of that page's widgets."""

from __future__ import annotations

import asyncio
import logging
import os
import tempfile
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from queue import Empty
from typing import Any, ClassVar, Final

import nbformat
import voila

from workbook.runner.kernels.manager import OwnKernelManager
from workbook.runner.kernels.owner import scratch_folder
from workbook.view.bundle import WIDGET_VIEW

START_SECONDS: Final = 60
_LOOK_SECONDS: Final = 2.0
_MODULE: Final = "anywidget"
_TOLD: Final = ("WORKBOOK_EVIDENCE", "WORKBOOK_RESULTS", "WORKBOOK_SCENARIOS")

State = dict[str, Any]
Said = dict[str, Any]
log = logging.getLogger("workbook.app")


@dataclass
class Cell:
    """A code cell under way: the widgets it displayed, and whether it failed."""

    id: str
    models: list[str] = field(default_factory=list)
    failed: bool = False


def page_environment(query: str) -> dict[str, str]:
    """What a page's kernel is told: where the published figures are, and what its address asked for."""
    told = {name: os.environ[name] for name in _TOLD if name in os.environ}
    return {**told, "SERVER_SOFTWARE": f"voila/{voila.__version__}", "QUERY_STRING": query}


class PageKernel:
    """A running kernel; `said()` gives what the browser must know, first of the cells, then of the widgets."""

    running: ClassVar[set[PageKernel]] = set()

    def __init__(self, notebook: nbformat.NotebookNode, *, query: str, cwd: Path) -> None:
        self._cells = [cell for cell in notebook.cells if cell.cell_type == "code"]
        self._cwd = cwd
        self.told: list[str] = []
        self._home = tempfile.TemporaryDirectory(prefix="wb-", dir=scratch_folder(), ignore_cleanup_errors=True)
        own = {"home": Path(self._home.name), "told": self.told, "more": page_environment(query)}
        self._manager = type("PageKernelManager", (OwnKernelManager,), own)()
        self._client: Any = None
        self._asked: dict[str, Cell] = {}
        self._states: dict[str, State] = {}
        self._shown: set[str] = set()
        self._closed = False

    async def start(self) -> None:
        """Start the kernel. Raises RuntimeError when it does not come up."""
        self.running.add(self)
        with open(os.devnull, "wb") as nowhere:
            await self._manager.start_kernel(cwd=str(self._cwd), stdout=nowhere.fileno(), stderr=nowhere.fileno())
        self._client = self._manager.client()
        self._client.start_channels()
        await self._client.wait_for_ready(timeout=START_SECONDS)

    @property
    def pid(self) -> int:
        """The kernel's process."""
        return int(self._manager.provisioner.pid)

    async def said(self) -> AsyncIterator[Said]:
        """Run the cells, all sent at once, and yield what they show; then what the widgets say, until it is closed."""
        for cell in self._cells:
            asked = self._client.execute(cell.source, store_history=False, allow_stdin=False, stop_on_error=True)
            self._asked[asked] = Cell(id=cell.id)
        left = len(self._asked)
        while not self._closed:
            message = await self._heard()
            if message is None:
                yield {"kind": "died"}
                return
            done = self._note(message)
            if isinstance(done, Cell):
                if left > 0:
                    yield self._cell_said(done)
                left = 0 if done.failed else left - 1
                if left == 0:
                    yield {"kind": "alive", "complete": not done.failed}
            elif done is not None:
                yield done

    def ask(self, model: str, content: Mapping[str, Any]) -> bool:
        """Give a widget its message; False when no such widget was shown."""
        if model not in self._shown:
            return False
        data = {"comm_id": model, "data": {"method": "custom", "content": dict(content)}}
        self._client.shell_channel.send(self._client.session.msg("comm_msg", data))
        return True

    async def close(self) -> None:
        """End the kernel at once and remove its folder; harmless when repeated."""
        if self._closed:
            return
        self._closed = True
        if self._client is not None:
            self._client.stop_channels()
        if self._manager.has_kernel:
            await self._manager.shutdown_kernel(now=True)
        self._home.cleanup()
        self.running.discard(self)

    @classmethod
    async def close_all(cls) -> None:
        """End every kernel."""
        await asyncio.gather(*(kernel.close() for kernel in tuple(cls.running)))

    async def _heard(self) -> Mapping[str, Any] | None:
        """The next message of the kernel; None once it is dead."""
        while True:
            try:
                message: Mapping[str, Any] = await self._client.iopub_channel.get_msg(timeout=_LOOK_SECONDS)
                return message
            except Empty:
                if not await self._manager.is_alive():
                    return None

    def _note(self, message: Mapping[str, Any]) -> Cell | Said | None:
        """Take note of a message: a cell that is done, something to pass on, or neither."""
        content, kind = message["content"], message["header"]["msg_type"]
        cell = self._asked.get(message["parent_header"].get("msg_id", ""))
        match kind:
            case "comm_open" if content["data"].get("state", {}).get("_model_module") == _MODULE:
                self._states[content["comm_id"]] = content["data"]["state"]
            case "comm_msg":
                return self._widget_said(content["comm_id"], content["data"])
            case "display_data" | "execute_result" if cell is not None:
                view = content["data"].get(WIDGET_VIEW)
                if view is not None and view["model_id"] in self._states:
                    cell.models.append(view["model_id"])
            case "error" if cell is not None:
                cell.failed = True
                log.error("A page's cell failed:\n%s", "\n".join(content["traceback"]))
            case "error" | "stream" if cell is None:
                log.error("A page's kernel said:\n%s", content.get("text") or "\n".join(content.get("traceback", ())))
            case "status" if cell is not None and content["execution_state"] == "idle":
                return cell
        return None

    def _widget_said(self, model: str, data: Mapping[str, Any]) -> Said | None:
        match data.get("method"):
            case "update" if model in self._states:
                self._states[model].update(data["state"])
                return {"kind": "update", "id": model, "state": data["state"]} if model in self._shown else None
            case "custom" if model in self._shown:
                return {"kind": "custom", "id": model, "content": data["content"]}
        return None

    def _cell_said(self, cell: Cell) -> Said:
        self._shown.update(cell.models)
        views = [{"id": model, "state": self._states[model]} for model in cell.models]
        return {"kind": "cell", "cell": cell.id, "views": views, "failed": cell.failed}
