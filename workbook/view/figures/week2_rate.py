"""Week 2, the internal rate of return of each track, beside net value and never instead of it."""

from __future__ import annotations

from workbook import words
from workbook.results import Facts, Return, Spread, Week2
from workbook.view import sentences
from workbook.view.figure import Figure
from workbook.view.figures import build
from workbook.words import Words

NONE = Spread(point=None, p10=None, p50=None, p90=None)


def rate(week2: Week2, facts: Facts) -> Figure:
    """Median and spread of the yearly rate at which a track's money flows are worth nothing."""
    say = Words.of(facts)
    found = {name: r for name, r in week2.returns.items() if _irr(r).p50 is not None}
    if not found or sentences.unstated(week2):
        why = next((r.irr_note or _irr(r).why for r in week2.returns.values() if r.irr_note or _irr(r).why), None)
        return build.gap(
            key="week2-rate",
            title="Internal rate of return: not known",
            why="no return can be stated yet" if sentences.unstated(week2) else why or "none was computed",
        )
    best = max(found, key=lambda name: _irr(found[name]).p50 or 0.0)
    middle = _irr(found[best])
    title = (
        f"{words.name(best)} training returns {say.percent(middle.p50)} a year on the money in it, in the median"
        + (
            f"; {say.span(middle.p10, middle.p90, say.percent)} in 8 of 10 draws"
            if middle.p10 is not None and middle.p90 is not None
            else ""
        )
    )
    axis = build.plain_axis("Internal rate of return, per cent a year")
    drawn = build.track_intervals({name: _irr(r) for name, r in found.items()}, axis, say.percent, say, share=0.25)
    return build.figure(
        key="week2-rate",
        title=title,
        text=f"{title}. " + " ".join(_sentence(name, r, say) for name, r in found.items()),
        note="The yearly rate at which costs and benefits balance. Bars: median over the draws; lines: 8 in 10 draws. "
        "Net value decides: a rate says nothing of the size, and some flows have none or several.",
        columns=("Figure", *(words.name(name) for name in found)),
        table=[
            ("Median", *(say.percent(_irr(r).p50) for r in found.values())),
            ("8 in 10 draws", *(say.span(_irr(r).p10, _irr(r).p90, say.percent) for r in found.values())),
            ("Every input at its value", *(say.percent(_irr(r).point) for r in found.values())),
            ("Of the expected flow", *(say.percent(r.irr_expected_percent) for r in found.values())),
            ("Draws without a rate", *(_portion(r.irr_none_share, say) for r in found.values())),
            ("Draws with several rates", *(_portion(r.irr_multiple_share, say) for r in found.values())),
        ],
        **drawn,
    )


def _irr(found: Return) -> Spread:
    return found.irr_percent or NONE


def _portion(part: float | None, say: Words) -> str:
    return "none" if part == 0 else say.share(part)


def _sentence(name: str, found: Return, say: Words) -> str:
    middle = _irr(found)
    spread = say.between(middle.p10, middle.p90, say.percent) or "no interval"
    without = f" {say.share(found.irr_none_share)} of draws have no rate." if found.irr_none_share else ""
    several = f" {say.share(found.irr_multiple_share)} have several." if found.irr_multiple_share else ""
    note = f" {words.sentence(found.irr_note)}" if found.irr_note else ""
    return f"{words.name(name)}: {say.percent(middle.p50)} a year ({spread} in 8 of 10 draws).{without}{several}{note}"
