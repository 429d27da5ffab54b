"""The verdict: the answer, how sure it is, the kinds of plan compared, and what would change our mind."""

from __future__ import annotations

from collections.abc import Mapping

from workbook import words
from workbook.results import Facts, Verdict
from workbook.view import sentences
from workbook.view.figure import Figure, Tile
from workbook.view.figures import build
from workbook.words import Words


def figures(verdict: Verdict, facts: Facts, units: Mapping[str, str] | None = None) -> tuple[Figure, ...]:
    """Every figure of the verdict; `units` gives each assumption's unit."""
    return (headline(verdict, facts), classes(verdict, facts), flips(verdict, facts, units or {}))


def tiles(verdict: Verdict, facts: Facts) -> tuple[Tile, ...]:
    """Answer, certainty, price of not knowing."""
    say = Words.of(facts)
    undecided = verdict.answer == "insufficient data"
    return (
        build.tile(
            key="answer", label="Verdict so far", value=words.name(verdict.answer), note=sentences.headline(verdict)
        ),
        build.tile(
            key="certainty",
            label="Certainty",
            value=say.chance(verdict.certainty),
            note="no certainty can be given yet" if undecided else "of draws favour this kind of plan",
        ),
        build.tile(
            key="evpi",
            label="Worth of knowing everything",
            value=words.NOT_KNOWN if undecided else say.money(verdict.evpi),
            note="first the tables that are missing" if undecided else "an upper limit for any study",
        ),
    )


def headline(verdict: Verdict, facts: Facts) -> Figure:
    """The answer and its reasons in sentences."""
    reasons = [words.sentence(reason) for reason in verdict.reasons]
    others = sentences.besides(verdict)
    return build.figure(
        key="verdict",
        title=sentences.headline(verdict),
        text=" ".join(
            [
                f"{sentences.headline(verdict)} ({verdict.answer}).",
                sentences.certainty(verdict, facts),
                *reasons,
                *others,
            ]
        ),
        columns=("Reason",),
        table=[(reason,) for reason in (*reasons, *others)],
        height=0,
    )


def classes(verdict: Verdict, facts: Facts) -> Figure:
    """The best plan of each kind."""
    say = Words.of(facts)
    found = sorted(verdict.classes, key=lambda c: -c.expected_npv)
    if not found or verdict.answer == "insufficient data":
        why = "on what was measured alone no return can be stated" if found else "no plan could be valued"
        return build.gap(key="verdict-classes", title="The kinds of plan: insufficient data", why=why)
    allowed = [c for c in found if c.admissible]
    if len(allowed) > 1:
        lead = allowed[0].expected_npv - allowed[1].expected_npv
        title = (
            f"“{words.name(allowed[0].answer)}” is worth {say.money(lead)} more than the next kind, "
            f"“{allowed[1].answer}”"
        )
    else:
        title = f"Only “{(allowed or found)[0].answer}” is admissible"
    rows = [
        {
            "label": words.name(c.answer),
            "value": c.expected_npv,
            "end": max(c.expected_npv, 0.0),
            "low": None,
            "high": None,
            "said": f"{say.money(c.expected_npv)}, best in {say.chance(c.p_best)}"
            if c.admissible
            else f"{say.money(c.expected_npv)}, not admissible",
            "kind": "chosen" if c.answer == verdict.answer else "other",
            "why": c.why_not or "admissible",
        }
        for c in found
    ]
    axis = build.money_axis(say, "Expected net value of the best plan of its kind")
    colour = {
        "field": "kind",
        "type": "nominal",
        "legend": None,
        "scale": {"domain": ["chosen", "a", "b", "c", "other"], "range": "category"},
    }
    spec = build.plain_bars(
        axis=axis,
        tooltip=build.tips(("label", "Kind"), ("said", "Worth"), ("why", "Admissible")),
        colour=colour,
        step=38,
    )
    barred = [
        f"{words.name(c.answer)} is not admissible: {words.sentence(c.why_not or 'ruled out')}"
        for c in found
        if not c.admissible
    ]
    return build.figure(
        key="verdict-classes",
        title=title,
        text=f"{title}. "
        + " ".join(
            f"{words.name(c.answer)}: {say.money(c.expected_npv)}, best in {say.chance(c.p_best)} of draws."
            for c in found
        )
        + " "
        + " ".join(barred),
        note=f"Expected net present value over {facts.horizon_months} months; the share of draws in which each "
        "kind is best stands beside.",
        spec=build.with_room(spec, axis),
        data=build.padded(rows, share=0.55),
        columns=("Kind of plan", "Expected net value", "Best in", "Spends", "To leadership", "Admissible"),
        table=[
            (
                words.name(c.answer),
                say.money_full(c.expected_npv),
                say.chance(c.p_best),
                say.money_full(c.spend),
                say.share_full(c.share_leadership) if c.share_leadership is not None else "–",
                "yes" if c.admissible else words.sentence(c.why_not or "no"),
            )
            for c in found
        ],
        height=38 * len(rows) + 50,
    )


def flips(verdict: Verdict, facts: Facts, units: Mapping[str, str]) -> Figure:
    """What would change our mind."""
    say = Words.of(facts)
    if not verdict.flips or verdict.answer == "insufficient data":
        asked = words.listing([words.name(table).lower() for table in verdict.ask_for])
        why = f"first the missing tables: {asked}" if asked else "no assumption could be tested"
        return build.gap(key="verdict-flips", title="What would change our mind: not known", why=why)
    found = sorted(verdict.flips, key=lambda flip: (flip.flips_at is None, -(flip.probability or 0.0), flip.assumption))
    turning = [flip for flip in found if flip.flips_at is not None]
    title = (
        f"{say.count(len(turning), 'assumption')} could change the answer; first of all "
        f"{turning[0].label[:1].lower() + turning[0].label[1:]}"
        if turning
        else "No single assumption changes the answer inside its range"
    )
    return build.figure(
        key="verdict-flips",
        title=title,
        text=f"{title}. " + " ".join(sentences.flip(flip, facts, units.get(flip.assumption, "")) for flip in turning),
        note="One assumption moved at a time, the others as they are.",
        columns=("Assumption", "Now", "Answer changes at", "To", "Chance"),
        table=[
            (
                flip.label,
                say.assumption(flip.value_now, units.get(flip.assumption, "")),
                say.assumption(flip.flips_at, units.get(flip.assumption, ""))
                if flip.flips_at is not None
                else "nowhere in its range",
                flip.to_answer or "–",
                say.chance(flip.probability) if flip.probability is not None else "–",
            )
            for flip in turning
        ]
        + (
            [(_others(len(found) - len(turning)), "", "nowhere in its range", "–", "–")]
            if len(found) > len(turning)
            else []
        ),
        height=0,
    )


def _others(number: int) -> str:
    return "One other assumption" if number == 1 else f"{number} other assumptions, each"
