"""The six pages: which part of the results each shows, its views by name, and what its sliders recompute."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from workbook import weeks
from workbook.assumptions import shipped_register
from workbook.results import Return, Week2, Week3
from workbook.scenario import UnitWeights
from workbook.view.figure import Figure
from workbook.view.figures import (
    followup,
    start,
    verdict,
    week1,
    week1_people,
    week1_spend,
    week2,
    week2_drivers,
    week2_rate,
    week2_return,
    week2_unknown,
    week3,
    week4,
)
from workbook.view.levers import LEVERS
from workbook.view.live_chart import LiveChart
from workbook.view.page import Page, Parts
from workbook.view.widgets import Tiles

THRESHOLDS: Final = tuple(key for key, lever in LEVERS.items() if lever.field.startswith("thresholds."))
WEIGHTS: Final = tuple(f"weight_{strand}" for strand in UnitWeights.model_fields)


def view(draw: Callable[[Any, Any], Figure], part: str) -> Callable[[Page], LiveChart]:
    """A page's method that shows one figure of one part."""

    def method(self: Page) -> LiveChart:
        return self.chart(lambda now: draw(self.part(part), now["facts"]))

    method.__doc__ = draw.__doc__
    return method


def item(draw: Callable[[Any, Any], Figure], part: str, collection: str) -> Callable[[Page, str], LiveChart]:
    """A page's method that shows the figure of one named thing of a part, such as one signal."""

    def method(self: Page, name: str) -> LiveChart:
        return self.chart(lambda now: draw(getattr(self.part(part), collection)[name], now["facts"]))

    method.__doc__ = draw.__doc__
    return method


def by_track(draw: Callable[[Any, Any, str], Figure], part: str) -> Callable[[Page, str], LiveChart]:
    """A page's method that shows the figure of one track."""

    def method(self: Page, track: str) -> LiveChart:
        return self.chart(lambda now: draw(self.part(part), now["facts"], track))

    method.__doc__ = draw.__doc__
    return method


def tile_row(draw: Callable[[Any, Any], Any], part: str) -> Callable[[Page], Tiles]:
    """A page's method that shows its key figures."""

    def method(self: Page) -> Tiles:
        return self.row_of_tiles(lambda now: draw(self.part(part), now["facts"]))

    method.__doc__ = draw.__doc__
    return method


class StartPage(Page):
    """What we were given, and what it can answer."""

    stage = "start"
    notebook = "start"
    title = "Start"
    tiles = tile_row(start.tiles, "start")
    completeness = view(start.completeness, "start")
    gaps = view(start.gaps, "start")
    checklist = view(start.checklist, "start")
    notes = view(start.notes, "start")


class Week1Page(Page):
    """Where does it hurt?"""

    stage = "week1"
    notebook = "week1_risk_map"
    title = "Week 1"
    levers = (*THRESHOLDS, *WEIGHTS)
    tiles = tile_row(week1.tiles, "week1")
    gate = view(week1.gate, "week1")
    signals = view(week1.signals, "week1")
    signal = item(week1.signal, "week1", "signals")
    triggers = view(week1.triggers, "week1")
    metric = item(week1.metric, "week1", "metrics")
    succession = view(week1_people.succession, "week1")
    units = view(week1_people.units, "week1")
    turnover = view(week1_people.turnover, "week1")
    readiness = view(week1_people.readiness, "week1")
    involvement = view(week1_people.involvement, "week1")
    interviews = view(week1_people.interviews, "week1")
    extras = view(week1_people.extras, "week1")
    spend = view(week1_spend.spend, "week1")
    quadrant = view(week1_spend.quadrant, "week1")
    coverage = view(week1_spend.coverage, "week1")
    journey = view(week1_spend.journey, "week1")


SLOW_IN_WEEK3: Final = ("frontier", "shadow_price", "switch_budget", "exact")
RATES: Final = ("irr_percent", "irr_expected_percent", "irr_none_share", "irr_multiple_share", "irr_note")


class Week2Page(Page):
    """What does waiting cost?"""

    stage = "week2"
    notebook = "week2_cost_of_delay"
    title = "Week 2"
    levers = ("budget", "cohort", "start", "effect", "confidence")
    tiles = tile_row(week2.tiles, "week2")
    leaks = view(week2.leaks, "week2")
    doing_nothing = view(week2.doing_nothing, "week2")
    delay = view(week2.delay, "week2")
    returns = view(week2.returns, "week2")
    payback = view(week2_return.payback, "week2")
    cumulative = by_track(week2_return.cumulative, "week2")
    utility = by_track(week2_return.utility, "week2")
    rate = view(week2_rate.rate, "week2")
    tornado = view(week2_unknown.tornado, "week2")
    drivers = view(week2_drivers.drivers, "week2")
    groups = view(week2_drivers.groups, "week2")
    stress = view(week2_drivers.stress, "week2")
    information = view(week2_unknown.information, "week2")
    assumptions = view(week2_unknown.assumptions, "week2")

    def recompute(self, *, exact: bool) -> Parts:
        """Week 2 and the verdict; what drives them, what to learn and rates of return wait for the exact answer."""
        before: Week2 = self.part("week2")
        now = weeks.week2(self.evidence, self.scenario, self.part("week1"), quick=not exact)
        kept = {} if exact else {"information": before.information, "returns": _with_rates(now, before)}
        return {**super().recompute(exact=exact), "week2": now.model_copy(update=kept)}


def _with_rates(now: Week2, before: Week2) -> dict[str, Return]:
    """Returns of now with the internal rates of the last exact answer."""
    return {
        track: found.model_copy(update={name: getattr(before.returns[track], name) for name in RATES})
        if track in before.returns
        else found
        for track, found in now.returns.items()
    }


class Week3Page(Page):
    """What should we buy?"""

    stage = "week3"
    notebook = "week3_options"
    title = "Week 3"
    levers = ("budget", "cohort", "technical", "risk", "hours")
    tiles = tile_row(week3.tiles, "week3")
    answer = view(verdict.headline, "verdict")
    classes = view(verdict.classes, "verdict")
    plan = view(week3.plan, "week3")
    calendar = view(week3.calendar, "week3")
    frontier = view(week3.frontier, "week3")
    share = view(week3.share, "week3")
    alternatives = view(week3.alternatives, "week3")
    search = view(week3.search, "week3")
    inclusion = view(week3.inclusion, "week3")
    cost_per_person = view(week3.cost_per_person, "week3")
    binding = view(week3.binding, "week3")
    programmes = view(week3.programmes, "week3")

    def recompute(self, *, exact: bool) -> Parts:
        """The plan and the verdict; the frontier and the price of money wait for the exact answer."""
        before: Week3 = self.part("week3")
        now = weeks.week3(self.evidence, self.scenario, self.part("week1"), quick=not exact)
        kept = {} if exact else {name: getattr(before, name) for name in SLOW_IN_WEEK3}
        return {**super().recompute(exact=exact), "week3": now.model_copy(update=kept)}


class Week4Page(Page):
    """How do we find out?"""

    stage = "week4"
    notebook = "week4_pilot"
    title = "Week 4"
    levers = ("cohort",)
    tiles = tile_row(week4.tiles, "week4")
    ranking = view(week4.ranking, "week4")
    mde = view(week4.mde, "week4")
    detectable = view(week4.detectable, "week4")
    designs = view(week4.designs, "week4")
    worth = view(week4.worth, "week4")
    criteria = view(week4.criteria, "week4")
    milestones = view(week4.milestones, "week4")
    metrics = view(week4.metrics, "week4")
    business_case = view(week4.business_case, "week4")

    def flips(self) -> LiveChart:
        """What would change the answer."""
        units = {name: entry.unit for name, entry in shipped_register().items()}
        return self.chart(lambda now: verdict.flips(self.part("verdict"), now["facts"], units))

    def recompute(self, *, exact: bool) -> Parts:
        """The pilot at another size, with the plan and the answer it follows from."""
        changed = super().recompute(exact=exact)
        week1_now, verdict_now = self.part("week1"), changed["verdict"]
        week3_now = weeks.week3(self.evidence, self.scenario, week1_now, quick=not exact, compared=exact)
        pilot = weeks.week4(self.evidence, self.scenario, week1_now, week3_now, verdict_now, quick=not exact)
        return {**changed, "week3": week3_now, "week4": pilot}


class FollowupPage(Page):
    """Is it working?"""

    stage = "followup"
    notebook = "followup_30_60_90"
    title = "Follow-up"
    tiles = tile_row(followup.tiles, "followup")
    growth = view(followup.growth, "followup")
    cohort_growth = view(followup.cohort_growth, "followup")
    hindsight = view(followup.hindsight, "followup")
    effect = view(followup.effect, "followup")
    odds = view(followup.odds, "followup")
    metrics = view(followup.metrics, "followup")
    readings = view(followup.readings, "followup")
    update = view(followup.update, "followup")
    reliability = view(followup.reliability, "followup")
    kpis = view(followup.kpis, "followup")
    costs = view(followup.costs, "followup")
    at_scale = view(followup.at_scale, "followup")
    calendar = view(followup.calendar, "followup")
    postponed = view(followup.postponed, "followup")
    replan = view(followup.replan, "followup")
    due = view(followup.due, "followup")

    def recompute(self, *, exact: bool) -> Parts:
        """The verdict, and what the ratings say about it at another setting."""
        changed = super().recompute(exact=exact)
        return {**changed, "followup": weeks.followup(self.evidence, self.scenario, self.part("week1"))}

    def competency(self, number: int) -> LiveChart:
        """The scores over time of the competency with this number, from 1."""
        return self.chart(lambda now: followup.growth_line(now["followup"], now["facts"], number))


PAGES: Final[dict[str, type[Page]]] = {
    "start": StartPage,
    "week1": Week1Page,
    "week2": Week2Page,
    "week3": Week3Page,
    "week4": Week4Page,
    "followup": FollowupPage,
}
