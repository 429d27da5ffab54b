"""The parts of the HTML pack in reading order, and the figures of each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from itertools import groupby

from workbook.results import Results
from workbook.view import sentences
from workbook.view.figure import Figure, Tile
from workbook.view.figures import followup, start, verdict, week1, week2, week3, week4
from workbook.view.why import Why, tile_whys, why

IN_ANOTHER_PART = {"week4-case", "week2-assumptions", "week3-programmes", "verdict"}
FOLDED = {"start-notes"}
SMALL_HEIGHT = 170
BROAD_COLUMNS = 5
BROAD_LETTERS = 700


@dataclass(frozen=True)
class Card:
    """A figure with how its card is laid out: `chart`, `small`, `table`, `folded` or `gap`."""

    figure: Figure
    layout: str
    formula: str = ""
    source: str = ""
    wide: bool = False


@dataclass(frozen=True)
class Section:
    """A part of the pack: its anchor, step, question, key figures and cards; `gaps` are said in a line each.

    `whys` says of each key figure, by its key, how it is worked out and from what.
    """

    anchor: str
    step: str
    question: str
    tiles: tuple[Tile, ...]
    cards: tuple[Card, ...]
    gaps: tuple[Figure, ...]
    whys: Mapping[str, Why] = field(default_factory=dict)

    @property
    def groups(self) -> tuple[tuple[Card, ...], ...]:
        """The cards in rows of their own where small ones follow each other."""
        runs = groupby(self.cards, key=lambda one: one.layout == "small")
        return tuple(tuple(run) for _, run in runs)


def card(figure: Figure, results: Results) -> Card:
    """The figure's card."""
    formula, source = why(figure.key, results.facts) or ("", "")
    small = (
        figure.spec is not None
        and figure.height <= SMALL_HEIGHT
        and figure.key.startswith(("week1-signal-", "week1-metric-"))
    )
    layout = "small" if small else "chart" if figure.spec is not None else "table" if figure.table else "gap"
    layout = "folded" if figure.key in FOLDED and layout == "table" else layout
    return Card(figure=figure, layout=layout, formula=formula, source=source)


def paired(cards: list[Card]) -> tuple[Card, ...]:
    """The cards two abreast; one that finds no partner, and a table of many columns, takes the whole width."""
    done: list[Card] = []
    waiting = False
    for at, one in enumerate(cards):
        follower = cards[at + 1] if at + 1 < len(cards) else None
        alone = not waiting and (follower is None or _full(follower) or follower.layout == "small")
        wide = one.layout != "small" and (_full(one) or alone)
        done.append(replace(one, wide=wide))
        waiting = not (waiting or wide or one.layout == "small")
    return tuple(done)


def _full(one: Card) -> bool:
    letters = sum(len(cell) for row in one.figure.table for cell in row)
    return one.layout == "table" and (len(one.figure.columns) > BROAD_COLUMNS or letters > BROAD_LETTERS)


def section(
    anchor: str, step: str, question: str, tiles: tuple[Tile, ...], figures: tuple[Figure, ...], results: Results
) -> Section:
    """A section; what could not be measured is gathered in a list instead of empty frames."""
    cards = [card(figure, results) for figure in figures if figure.key not in IN_ANOTHER_PART]
    shown = [c for c in cards if c.layout != "gap"]
    return Section(
        anchor,
        step,
        question,
        tiles,
        paired(shown),
        tuple(c.figure for c in cards if c.layout == "gap"),
        tile_whys(anchor, results.facts),
    )


def sections(results: Results) -> tuple[Section, ...]:
    """Verdict in depth, start, the four weeks, the follow-up, and what everything rests on."""
    r, facts = results, results.facts
    units = sentences.units_of(r.week2.assumptions)
    return (
        section("verdict-detail", "Verdict", "Why this answer?", (), verdict.figures(r.verdict, facts, units), r),
        section(
            "start", "Start", "What were we given?", start.tiles(r.quality, facts), start.figures(r.quality, facts), r
        ),
        section(
            "week1", "Week 1", "Where does it hurt?", week1.tiles(r.week1, facts), week1.figures(r.week1, facts), r
        ),
        section(
            "week2", "Week 2", "What does waiting cost?", week2.tiles(r.week2, facts), week2.figures(r.week2, facts), r
        ),
        section(
            "week3", "Week 3", "What should we buy?", week3.tiles(r.week3, facts), week3.figures(r.week3, facts), r
        ),
        section(
            "week4", "Week 4", "How do we find out?", week4.tiles(r.week4, facts), week4.figures(r.week4, facts), r
        ),
        section(
            "followup",
            "Follow-up",
            "Is it working?",
            followup.tiles(r.followup, facts),
            followup.figures(r.followup, facts),
            r,
        ),
    )


def foundations(results: Results) -> tuple[Card, ...]:
    """Assumptions and programmes with their sources."""
    found = (*week2.figures(results.week2, results.facts), *week3.figures(results.week3, results.facts))
    cards = (card(figure, results) for figure in found if figure.key in {"week2-assumptions", "week3-programmes"})
    return tuple(replace(found, wide=True) for found in cards if found.layout != "gap")
