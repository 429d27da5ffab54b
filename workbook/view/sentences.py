"""Sentences that several pages share: the verdict, how sure it is, what would change it."""

from __future__ import annotations

from workbook.results import AssumptionUse, Facts, Flip, Verdict
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
        best = verdict.economic_answer
        money = (
            f" On money alone the model leans to “{best}”." if best != "insufficient data" and verdict.classes else ""
        )
        first = f" The first thing to ask for: {verdict.ask_for[0].rstrip('.')}." if verdict.ask_for else ""
        return f"No certainty can be given.{money}{first}"
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
    return (
        *((gate_against_money(verdict),) if verdict.gate_agrees is not True else ()),
        *((cautious(verdict),) if "conservative" not in said and "cautious" not in said else ()),
    )
