"""Places among the viewers: order of arrival, whose place is taken back, and when the queue is full."""

from __future__ import annotations

import asyncio

from workbook.runner.app.places import MOST_WAITING, Places, Ticket


class Viewer(Ticket):
    """A ticket that keeps what it was told."""

    def __init__(self, places: Places, idle_seconds: float = 0.0) -> None:
        super().__init__(told=self.heard_of, rest=self.sent_away)
        self.places, self.ahead, self.rested = places, [], False
        self.idle = idle_seconds

    def heard_of(self, ahead: int) -> None:
        self.ahead.append(ahead)

    def sent_away(self) -> None:
        self.rested = True
        self.places.leave(self)

    def idle_seconds(self) -> float:
        return self.idle


def arrived(most: int, idle: list[float]) -> tuple[Places, list[Viewer]]:
    """Viewers who came in this order, as far as they got."""

    async def arrive() -> tuple[Places, list[Viewer]]:
        places = Places(most)
        viewers = [Viewer(places, seconds) for seconds in idle]
        tasks = [asyncio.create_task(places.enter(viewer)) for viewer in viewers]
        await asyncio.sleep(0)
        for task in tasks:
            task.cancel()
        for viewer, seconds in zip(viewers, idle, strict=True):
            viewer.last_seen -= seconds
        return places, viewers

    return asyncio.run(arrive())


def test_who_comes_first_gets_in_and_the_others_hear_how_many_are_ahead():
    places, viewers = arrived(2, [0, 0, 0, 0])
    assert places.inside == viewers[:2]
    assert [viewer.ahead[-1:] for viewer in viewers] == [[], [], [0], [1]]
    places.leave(viewers[0])
    assert places.inside == viewers[1:3]
    assert viewers[3].ahead[-1] == 0


def test_leaving_twice_or_while_waiting_frees_nothing_that_was_not_taken():
    places, viewers = arrived(1, [0, 0, 0])
    places.leave(viewers[1])
    places.leave(viewers[1])
    assert places.inside == viewers[:1]
    assert places.waiting == viewers[2:]


def test_R81_an_idle_viewer_rests_after_a_while_and_sooner_where_others_wait():
    places, viewers = arrived(3, [1300, 200, 5])
    places.rest_idle(idle_seconds=1200, idle_seconds_when_full=120)
    assert [viewer.rested for viewer in viewers] == [True, False, False]
    places, viewers = arrived(3, [150, 200, 5, 0])
    places.rest_idle(idle_seconds=1200, idle_seconds_when_full=120)
    assert [viewer.rested for viewer in viewers] == [False, True, False, False]
    assert places.inside == [viewers[0], viewers[2], viewers[3]]


def test_R81_even_the_queue_has_an_end():
    places, viewers = arrived(1, [0] * (MOST_WAITING + 1))
    assert places.crowded
    places.leave(viewers[5])
    assert not places.crowded
