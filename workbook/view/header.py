"""The strip under the title: client, verdict so far, the scenario in use, and which unit or programme to follow."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import traitlets

from workbook.results import Facts
from workbook.scenario import Scenario
from workbook.view.shelf import READ_ONLY, Shelf
from workbook.view.widgets import Shown, script


@dataclass(frozen=True)
class Desk:
    """What keeping and comparing need: the shelf, the page's present scenario, where the page starts, its facts."""

    shelf: Shelf
    now: Callable[[], Scenario]
    base: Scenario
    base_facts: Facts

    def listed(self) -> list[dict[str, str]]:
        """Saved scenarios with what they change."""
        return self.shelf.listed(self.base_facts)


class Header(Shown):
    """The client, the date and the verdict so far; scenarios to apply, keep, compare; names to follow in the charts."""

    _esm = script("header")
    facts = traitlets.Dict().tag(sync=True)
    saved: traitlets.List[dict[str, str]] = traitlets.List().tag(sync=True)
    cannot_keep = traitlets.Unicode().tag(sync=True)
    names = traitlets.Dict().tag(sync=True)

    def __init__(
        self,
        *,
        facts: Mapping[str, Any],
        names: Mapping[str, Sequence[str]] | None = None,
        desk: Desk | None = None,
    ):
        """`facts` in words; `names` to follow by group; `desk`, where there is one, keeps and compares scenarios."""
        super().__init__(
            facts=dict(facts),
            saved=desk.listed() if desk else [],
            cannot_keep="" if desk and desk.shelf.writable else READ_ONLY,
            names={group: list(found) for group, found in (names or {}).items()},
        )
        self.desk = desk
        self.on_msg(self._asked)

    def words(self) -> str:
        """Two lines."""
        facts = self.facts
        badge = f" · {facts['badge']}" if facts["badge"] else ""
        return (
            f"{facts['name']} · {facts['line']}{badge}\nVerdict so far: {facts['answer_words']} ({facts['certainty']})"
        )

    def _asked(self, _: object, content: object, buffers: object) -> None:
        desk = self.desk
        if desk is None or not isinstance(content, dict) or content.get("kind") not in ("keep", "compare"):
            return
        kind = content["kind"]
        try:
            if kind == "keep":
                reply = desk.shelf.keep(content.get("name"), desk.now(), replace=content.get("replace") is True)
                self.saved = desk.listed()
            else:
                reply = desk.shelf.compared(content.get("names"), desk.now(), desk.base)
        except Exception:  # whatever fails, a viewer reads one sentence and the kernel's log keeps the rest
            self.log.exception("A scenario could not be kept or compared")
            reply = {"message": "This could not be done; the server's log says why."}
        self.send({"kind": kind, **reply})
