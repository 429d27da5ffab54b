"""Sentences that several pages share: the verdict, how sure it is, what would change it."""

from __future__ import annotations

import re

from workbook import words
from workbook.results import AssumptionUse, Facts, Flip, Verdict, Week2, Week3
from workbook.words import Words

HEADLINES = {
    "leadership first": "Develop leaders first",
    "technical first": "Train technical skills first",
    "split": "Split the budget between leaders and technical skills",
    "neither": "Buy neither now",
    "insufficient data": "The data cannot decide yet",
}


def headline(verdict: Verdict) -> str:
    """The answer as an instruction."""
    return HEADLINES[verdict.answer]


def certainty(verdict: Verdict, facts: Facts) -> str:
    """How sure the answer is, in words and figure."""
    say = Words.of(facts)
    if verdict.answer == "insufficient data":
        first = f" The first thing to ask for: {words.name(verdict.ask_for[0])}." if verdict.ask_for else ""
        return f"No certainty can be given.{first}"
    if verdict.certainty is None:
        return "How sure this is could not be computed."
    close = " It is a close call." if verdict.certainty < 0.6 else ""
    return f"This beats every other kind of plan in {say.chance(verdict.certainty)} of draws.{close}"


def flip(found: Flip, facts: Facts, unit: str = "") -> str:
    """What one assumption would have to be for the answer to change."""
    say = Words.of(facts)
    if found.flips_at is None:
        return f"{found.label}: no value in its range changes the answer."
    side = "below" if found.flips_at < found.value_now else "above"
    odds = "" if found.probability is None else f", which is {say.likelihood(found.probability)}"
    return (
        f"{found.label} {side} {say.assumption(found.flips_at, unit)} (now "
        f"{say.assumption(found.value_now, unit)}) makes it "
        f"“{found.to_answer or 'another answer'}”{odds}."
    )


def units_of(assumptions: tuple[AssumptionUse, ...]) -> dict[str, str]:
    """The unit of each assumption by name."""
    return {use.name: use.unit for use in assumptions}


def gate_against_money(verdict: Verdict) -> str:
    """Whether the risk map and the money point the same way."""
    if verdict.gate_agrees is None:
        return "Whether the risk map agrees with the money is not known."
    if verdict.gate_agrees:
        return "The risk map and the money point the same way."
    return f"The risk map and the money disagree: on money alone the answer would be “{verdict.economic_answer}”."


def cautious(verdict: Verdict) -> str:
    """Whether the answer survives the cautious view."""
    if verdict.survives_conservative is None:
        return "The cautious view (first year only, haircuts applied) could not be taken."
    fate = "survives" if verdict.survives_conservative else "does not survive"
    return f"The plan {fate} the cautious view: first year only, haircuts applied."


def besides(verdict: Verdict) -> tuple[str, ...]:
    """What the reasons leave unsaid: a disagreement of risk map and money, and the cautious view."""
    if verdict.answer == "insufficient data":
        return ()
    said = " ".join(verdict.reasons).lower()
    disagree = verdict.gate_agrees is not True and "by money alone" not in said
    unsaid = verdict.survives_conservative is not None and "conservative" not in said and "cautious" not in said
    return (*((gate_against_money(verdict),) if disagree else ()), *((cautious(verdict),) if unsaid else ()))


def unstated(week2: Week2) -> str:
    """Why no return can be stated, and what to ask for; empty where every leak was measured or the answer is known.

    A leak that was not measured counts as nothing, so a return on the rest alone would look like a loss.
    """
    missing = [leak for leak in week2.leaks.values() if leak.monthly is None]
    if week2.cost_of_delay.track or not missing or not _undecided(week2.cost_of_delay.why):
        return ""
    needed = [leak.why.removeprefix("needs ") for leak in missing if leak.why and leak.why.startswith("needs ")]
    tables = sorted({table for need in needed for table in re.split(r", | and ", need)})
    asked = f"; ask for {words.listing(tables)}" if tables else ""
    return f"on what was measured alone no return can be stated{asked}"


def unbought(week3: Week3) -> str:
    """Why no plan is shown; empty where one could be drawn up."""
    return "on what was measured alone no return can be stated" if any(map(_undecided, week3.binding)) else ""


def _undecided(why: str | None) -> bool:
    return (why or "").lower().startswith("insufficient data")
