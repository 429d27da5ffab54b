"""What a notebook's cells call: `page = open_page("week2", ...)`, then one method a view.

A page holds the parts of the results it shows, and what it has shown. When a slider moves, the parts that depend on it
are computed again and every view already on the page is given its new figure. Under Voilà the first figures come from
the saved results of the last run; nothing is written there but a scenario somebody saves under a name.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, ClassVar

from workbook import stages, weeks
from workbook.errors import BadArgument
from workbook.evidence import COMPANY, MISSING_UNIT, SMALL_UNITS, Evidence
from workbook.frozen import Frozen
from workbook.results import Facts, Followup, Results, Verdict, Week1, Week2, Week3, Week4
from workbook.scenario import Scenario
from workbook.view import levers
from workbook.view.controls import Controls, Exactly, Slider, Values
from workbook.view.figure import Figure, Tile
from workbook.view.header import Desk, Header
from workbook.view.levers import Asked, Reach
from workbook.view.live_chart import LiveChart
from workbook.view.shelf import Shelf, names_of
from workbook.view.static import in_voila
from workbook.view.why import tile_whys, why
from workbook.view.widgets import Prose, Tiles
from workbook.words import Words, listing

Parts = Mapping[str, Any]


class Parcel(Frozen):
    """Parts of the results on their way from the process that computed them."""

    facts: Facts
    verdict: Verdict
    week1: Week1 | None = None
    week2: Week2 | None = None
    week3: Week3 | None = None
    week4: Week4 | None = None
    followup: Followup | None = None


class Page:
    """One page: its parts of the results, and the views that follow the sliders."""

    stage: ClassVar[str] = ""
    notebook: ClassVar[str] = ""
    title: ClassVar[str] = ""
    needs: ClassVar[tuple[str, ...]] = ("week1", "week3")
    levers: ClassVar[tuple[str, ...]] = ()

    def __init__(
        self,
        *,
        evidence: Evidence,
        base: Scenario,
        folder: str = "",
        saved: Results | None = None,
        asked: Asked | None = None,
        shelf: Shelf | None = None,
    ):
        """A page at `base`, or where an address asks it to stand; first from `saved` results where they fit."""
        self.evidence = evidence
        self.shelf = shelf or Shelf(home=None, evidence=evidence)
        self.rough = False
        self.notice = ""
        self._follow: list[Callable[[], None]] = []
        self._reaches: dict[str, Reach] = {}
        self.base = self.home = self.scenario = base
        self.folder = folder
        if saved is not None and fits(saved, base, evidence):
            self.parts = painted(saved)
            self.base_facts = saved.facts
        else:
            self.parts = self._computed()
            self.base_facts = self.facts
        self.home_facts = self.base_facts
        if asked is not None:
            self._stand_where(asked)

    def _stand_where(self, asked: Asked) -> None:
        """Take the scenario and values an address asks for; say in a sentence what could not be used."""
        named, self.notice = self.shelf.named(asked.scenario, self.base)
        if named != self.base:
            self.home, self.home_facts = named, weeks.facts(self.evidence, named)
        values, refused = asked.within(self._reached(tuple(asked.values)))
        if refused:
            what = listing([f"“{label}”" for label in refused])
            told = f"The address asks for a value of {what} that cannot be used; the usual one stands instead."
            self.notice = f"{self.notice} {told}".strip()
        self.scenario = levers.with_values(self.home, self.home, values, self._reaches)
        if self.scenario != self.base:
            self.rough = bool(self.levers)
            self._renew(self.base, exact=not self.levers)

    @property
    def facts(self) -> Facts:
        """The client's facts at the present setting."""
        facts: Facts = self.parts["facts"]
        return facts

    @property
    def say(self) -> Words:
        """The client's way of writing money, numbers and dates."""
        return Words.of(self.facts)

    def header(self) -> Header:
        """Client, currency, date and the verdict so far; scenarios to apply, keep and compare."""
        desk = Desk(self.shelf, lambda: self.scenario, self.base, self.base_facts)
        header = Header(facts=self._header_facts(), names=self._names(), desk=desk)
        self._follow.append(lambda: setattr(header, "facts", self._header_facts()))
        return header

    def finish(self) -> None:
        """Print the line that says this notebook came to its end."""
        print(stages.finished(self.notebook))

    def chart(self, figure: Callable[[Parts], Figure]) -> LiveChart:
        """A chart that follows the sliders."""
        first = figure(self.parts)
        chart = LiveChart(first, why(first.key, self.facts))

        def follow() -> None:
            now = figure(self.parts)
            chart.show(now, why(now.key, self.facts))

        self._follow.append(follow)
        return chart

    def row_of_tiles(self, tiles: Callable[[Parts], Sequence[Tile]]) -> Tiles:
        """Key figures that follow the sliders."""
        row = Tiles.of(tiles(self.parts), tile_whys(self.stage, self.facts))
        self._follow.append(lambda: row.show(tiles(self.parts)))
        return row

    def prose(self, blocks: Callable[[Parts], list[dict[str, Any]]]) -> Prose:
        """Text that follows the sliders."""
        prose = Prose(blocks=blocks(self.parts))
        self._follow.append(lambda: setattr(prose, "blocks", blocks(self.parts)))
        return prose

    def controls(self) -> Controls:
        """The sliders of this page."""
        exactly = Exactly(self.exact_parts, self.take)
        sliders = [self.slider(key) for key in self.levers]
        return Controls(sliders, self.move, on_ready=self.warm, rough=self.rough, exactly=exactly)

    def warm(self) -> None:
        """Load what the first move needs; the browser asks for it once it shows the sliders."""
        self.recompute(exact=False)

    def slider(self, key: str) -> Slider:
        """The slider of a lever, where it stands now."""
        found = self._reached((key,))[key]
        now = levers.value_in(self.scenario, found.lever, self.facts, {_name(found): found.home})
        return levers.slider(found, now, self.say, self.facts)

    def _reached(self, keys: Sequence[str]) -> Mapping[str, Reach]:
        """How far each lever goes, around where it stands at home."""
        missing = [key for key in keys if key not in self._reaches]
        if missing:
            assumed = (
                self._assumed() if any(levers.LEVERS[key].field.startswith("overrides.") for key in missing) else {}
            )
            self._reaches |= levers.reaches_of(missing, self.home, self.home_facts, assumed)
        return self._reaches

    def _assumed(self) -> dict[str, float]:
        """The client's assumptions by name, without a scenario's."""
        from workbook.weeks.economics_inputs import register_of

        register, _ = register_of(self.evidence, {})
        return {name: entry.value for name, entry in register.items()}

    def move(self, values: Values, exact: bool) -> None:
        """Take the sliders' values, compute what depends on them, show it; `exact` once a slider rests."""
        before, self.scenario = self.scenario, self.moved(values)
        self._renew(before, exact=exact)
        self._show()

    def exact_parts(self, values: Values) -> bytes:
        """What is exact at the sliders' values, for `take`; called in a process of its own, whose page nobody sees."""
        before, self.scenario = self.scenario, self.moved(values)
        return Parcel(**self._renew(before, exact=True)).model_dump_json().encode()

    def take(self, values: Values, exact: bytes) -> None:
        """Show the parts that `exact_parts` computed at the sliders' values."""
        parcel = Parcel.model_validate_json(exact)
        self.scenario = self.moved(values)
        self.parts = {**self.parts, **{name: part for name, part in parcel if part is not None}}
        self._show()

    def _show(self) -> None:
        """Give every view its new figure."""
        for follow in self._follow:
            follow()

    def moved(self, values: Values) -> Scenario:
        """The scenario at the sliders' values."""
        known = {key: value for key, value in values.items() if key in self.levers}
        return levers.with_values(self.scenario, self.home, known, self._reached(tuple(known)))

    def _renew(self, before: Scenario, *, exact: bool) -> Parts:
        """Compute again and return what the present scenario changes; week 1 only where its own levers moved."""
        now, changed = self.scenario, {}
        if (now.thresholds, now.weights) != (before.thresholds, before.weights):
            changed["week1"] = weeks.week1(self.evidence, now)
            self.parts = {**self.parts, **changed}
        changed |= self.recompute(exact=exact)
        self.parts = {**self.parts, **changed}
        return changed

    def recompute(self, *, exact: bool) -> Parts:
        """The parts that depend on the scenario; on fewer draws and without slow searches unless `exact`."""
        return {"facts": weeks.facts(self.evidence, self.scenario), "verdict": self.verdict(exact=exact)}

    def verdict(self, *, exact: bool) -> Verdict:
        """The answer at the present setting; what only an exact one finds stays from before."""
        if exact:
            return weeks.decide(self.evidence, self.scenario, self.part("week1"))
        before: Verdict = self.part("verdict")
        quick = weeks.decide(self.evidence, self.scenario, self.part("week1"), quick=True)
        return quick.model_copy(update={"flips": before.flips, "evpi": before.evpi})

    def _computed(self) -> Parts:
        """This page's stage and what it needs, computed now, or kept in its folder by the notebooks before it."""
        parts: dict[str, Any] = {"facts": weeks.facts(self.evidence, self.scenario)}
        for stage in self.needs:
            parts |= stages.saved_stage(stage, self.evidence, self.scenario, self.folder) or {}
        parts |= stages.run_stage(self.stage, self.evidence, self.scenario, self.folder)
        return parts

    def part(self, name: str) -> Any:
        """A part of the results that this page needs now and then; computed when first asked for."""
        if name not in self.parts:
            self.parts = {**self.parts, name: self._made(name)}
        return self.parts[name]

    def _made(self, name: str) -> Any:
        """A part computed now; the verdict, which every page's header shows, once for all notebooks of a run."""
        if name == "verdict" and self.folder:
            given = (name, self.evidence, self.scenario, self.folder)
            return (stages.saved_stage(*given) or stages.run_stage(*given))[name]
        make = weeks.decide if name == "verdict" else getattr(weeks, name)
        before = () if name == "week1" else (self.part("week1"),)
        return make(self.evidence, self.scenario, *before)

    def _names(self) -> dict[str, list[str]]:
        """Units and programmes that can be followed through the charts."""
        programmes = [programme.label for programme in self.parts["week3"].programmes] if "week3" in self.parts else []
        return names_of(
            [unit for unit in self.evidence.units if unit not in (COMPANY, MISSING_UNIT, SMALL_UNITS)], programmes
        )

    def _header_facts(self) -> dict[str, Any]:
        facts, say = self.facts, self.say
        verdict: Verdict = self.part("verdict")
        unsure = verdict.certainty is None
        return {
            "name": facts.name,
            "line": f"{facts.currency} · as of {say.date(facts.as_of)}",
            "badge": "synthetic client" if facts.synthetic else "",
            "answer": verdict.answer,
            "answer_words": verdict.answer.capitalize(),
            "certainty": "certainty not known" if unsure else f"{say.share(verdict.certainty)} certain",
            "page": self.title,
            "notice": self.notice,
            "scenario": "" if self.home == self.base else self.home.name,
            "moved": self.scenario != self.home,
        }


def open_page(
    name: str,
    *,
    evidence_path: str,
    results_folder: str = "",
    budget_money: float = 0.0,
    cohort_size: int = 0,
    draws: int = 16_384,
    seed: int = 20_240_101,
) -> Page:
    """Open a page on a client's evidence; 0 for budget or cohort size stands for what client.yml says.

    Under Voilà the environment names evidence and results, and the address may name a scenario and levers' values.
    """
    from workbook.view.page_weeks import PAGES

    if name not in PAGES:
        raise BadArgument(f"'{name}' is not a page. Pages: {', '.join(PAGES)}.")
    base = stages.scenario_of(budget_money=budget_money, cohort_size=cohort_size, draws=draws, seed=seed)
    if not in_voila():
        return PAGES[name](evidence=_evidence(evidence_path), base=base, folder=results_folder)
    evidence = _evidence(os.environ.get("WORKBOOK_EVIDENCE") or evidence_path)
    saved = _saved(os.environ.get("WORKBOOK_RESULTS") or results_folder)
    if saved is not None:
        base = base.model_copy(update={"draws": saved.provenance.draws, "seed": saved.provenance.seed})
    shelf = Shelf(home=os.environ.get("WORKBOOK_SCENARIOS"), evidence=evidence)
    asked = levers.read_address(os.environ.get("QUERY_STRING", ""))
    return PAGES[name](evidence=evidence, base=base, saved=saved, asked=asked, shelf=shelf)


def _name(found: Reach) -> str:
    return found.lever.field.rpartition(".")[2]


def fits(saved: Results, scenario: Scenario, evidence: Evidence) -> bool:
    """Whether saved results are those of this evidence at this setting."""
    facts = saved.facts
    return (
        saved.provenance.inputs == dict(evidence.digests)
        and (saved.provenance.seed, saved.provenance.draws) == (scenario.seed, scenario.draws)
        and scenario.budget_money in (None, facts.budget_money)
        and scenario.cohort_size in (None, facts.cohort_size)
    )


def painted(saved: Results) -> Parts:
    """The parts of saved results, by the names pages use."""
    names = ("facts", "week1", "week2", "week3", "week4", "followup", "verdict")
    return {"start": saved.quality, **{name: getattr(saved, name) for name in names}}


def _evidence(path: str) -> Evidence:
    if not Path(path).is_file():
        raise BadArgument(f"{path}: no such evidence file. Run `workbook run` for this client first.")
    return Evidence.load(path)


def _saved(folder: str) -> Results | None:
    file = Path(folder or ".") / "results.json"
    return Results.load(file) if folder and file.is_file() else None
