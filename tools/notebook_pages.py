"""What each notebook shows, in order: a sentence for the reader and one call."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class View:
    """One view: `tag` says how it lies on the page (half, third, wide: a card; controls: stays in sight)."""

    sentence: str
    call: str
    tag: str = ""


@dataclass(frozen=True)
class NotebookPage:
    """A notebook: its page, title, question and views."""

    page: str
    title: str
    question: str
    views: tuple[View, ...]


PAGES = {
    "start": NotebookPage(
        page="start",
        title="What do we have to go on?",
        question=(
            "The diagnostic takes four weeks and answers one question: **leadership first, technical first, split, neither "
            "— or not enough data to say**. Here is what was given, how good it is, and what each gap costs."
        ),
        views=(
            View("In one glance.", "page.tiles()", "tiles"),
            View("How complete is each table?", "page.completeness()", "half"),
            View("What does each gap cost?", "page.gaps()", "half"),
            View("Who supplies what, and by when?", "page.checklist()", "wide"),
        ),
    ),
    "week1_risk_map": NotebookPage(
        page="week1",
        title="Week 1 — Where does it hurt?",
        question=(
            "Four signals, three business metrics and two hard triggers decide whether the case for leadership development "
            "is open at all. Every share comes with its interval; what cannot be known is said to be unknown."
        ),
        views=(
            View("Move a threshold, and see whether the answer hangs on it.", "page.controls()", "controls"),
            View("The four signals.", "page.tiles()", "tiles"),
            View("Is the gate open, and by which clause?", "page.gate()", "half"),
            View("How far is each signal from its threshold?", "page.signals()", "half"),
            View("Growth over time.", 'page.signal("growth")', "half"),
            View("Succession: roles without a successor.", 'page.signal("succession")', "half"),
            View("Engagement over time.", 'page.signal("engagement")', "half"),
            View("Friction between teams.", 'page.signal("friction")', "half"),
            View("Do the hard triggers fire?", "page.triggers()", "half"),
            View("Is delivery slipping?", 'page.metric("on_time_delivery")', "half"),
            View("Are critical teams losing people?", 'page.metric("critical_team_turnover")', "half"),
            View("Are people ready for promotion?", 'page.metric("promotion_readiness")', "half"),
            View("How deep is the bench?", "page.succession()", "half"),
            View("Which units need it most, and does the order hold when the weights move?", "page.units()", "half"),
            View("Where does today's training money go?", "page.spend()", "half"),
            View("Are leaders and employees developed alike?", "page.quadrant()", "half"),
            View("Which audiences have no development in which competency?", "page.coverage()", "half"),
            View("Is there one learning journey for all levels?", "page.journey()", "half"),
            View("Is the organisation ready to carry a programme?", "page.readiness()", "half"),
            View("What do managers already do for development?", "page.involvement()", "half"),
            View(
                "What did the interviews say? They stand beside the signals and are never scored.",
                "page.interviews()",
                "half",
            ),
            View("Other measures that no rule reads.", "page.extras()", "half"),
        ),
    ),
}
