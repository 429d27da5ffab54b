"""How many viewers at once: places, a queue in order of arrival, and whose place may be taken back."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

MOST_WAITING: Final = 100


@dataclass(eq=False)
class Ticket:
    """A viewer who has a place or waits for one. `told` is called with the number of viewers ahead while waiting."""

    told: Callable[[int], None]
    rest: Callable[[], None]
    """Gives the place back; called when the viewer was idle and others wait."""
    admitted: asyncio.Event = field(default_factory=asyncio.Event)
    last_seen: float = field(default_factory=time.monotonic)

    def seen(self) -> None:
        """Note that the viewer did something."""
        self.last_seen = time.monotonic()

    def idle_seconds(self) -> float:
        """How long the viewer has done nothing."""
        return time.monotonic() - self.last_seen


class Places:
    """At most `most` tickets are admitted at once; the others wait in order of arrival."""

    def __init__(self, most: int) -> None:
        self.most = most
        self.inside: list[Ticket] = []
        self.waiting: list[Ticket] = []

    @property
    def crowded(self) -> bool:
        """Whether even the queue is full."""
        return len(self.waiting) >= MOST_WAITING

    async def enter(self, ticket: Ticket) -> None:
        """Return once the ticket has a place. `leave` also takes back a ticket that still waits."""
        self.waiting.append(ticket)
        self._move_up()
        await ticket.admitted.wait()

    def leave(self, ticket: Ticket) -> None:
        """Give back a place, or give up waiting; harmless when repeated."""
        for group in (self.inside, self.waiting):
            if ticket in group:
                group.remove(ticket)
        self._move_up()

    def rest_idle(self, *, idle_seconds: float, idle_seconds_when_full: float) -> None:
        """Take back the places of idle viewers; where others wait, after a shorter time and only as many as needed."""
        longest_first = sorted(self.inside, key=lambda ticket: ticket.last_seen)
        needed = len(self.waiting)
        for ticket in longest_first:
            idle = ticket.idle_seconds()
            if idle >= idle_seconds or (needed > 0 and idle >= idle_seconds_when_full):
                needed -= 1
                ticket.rest()

    def _move_up(self) -> None:
        while self.waiting and len(self.inside) < self.most:
            ticket = self.waiting.pop(0)
            ticket.seen()
            self.inside.append(ticket)
            ticket.admitted.set()
        for ahead, ticket in enumerate(self.waiting):
            ticket.told(ahead)
