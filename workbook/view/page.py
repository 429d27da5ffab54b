"""What a notebook's cells call: `page = open_page("week2", ...)`, then one method a view.

A page holds the parts of the results it shows, and what it has shown. When a slider moves, the parts that depend on it
are computed again and every view already on the page is given its new figure. Under Voilà the first figures come from
the saved results of the last run; nothing is written there.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, ClassVar
from urllib.parse import parse_qs

from workbook import stages, weeks
from workbook.errors import BadArgument
from workbook.evidence import Evidence
from workbook.results import Facts, Results, Verdict
from workbook.scenario import Scenario
from workbook.view.controls import Controls, Slider, Values
from workbook.view.figure import Figure, Tile
from workbook.view.live_chart import LiveChart
from workbook.view.static import in_voila
from workbook.view.why import why
from workbook.view.widgets import Header, Prose, Tiles
from workbook.words import Words

Parts = Mapping[str, Any]
STEPS_EACH_WAY = 40
BUDGET_REACH = 2.5
MOST_PEOPLE = 5_000
MOST_MONEY = 1e13


class Page:
    """One page: its parts of the results, and the views that follow the sliders."""

    stage: ClassVar[str] = ""
    notebook: ClassVar[str] = ""
    title: ClassVar[str] = ""
    needs: ClassVar[tuple[str, ...]] = ("week1", "week3")

    def __init__(self, *, evidence: Evidence, base: Scenario, scenario: Scenario, folder: str, saved: Results | None):
        self.evidence = evidence
        self.base = base
        self.scenario = scenario
        self._follow: list[Callable[[], None]] = []
        if saved is not None and fits(saved, base, evidence):
            self.parts = painted(saved)
            self.base_facts = saved.facts
            if scenario not in (base, self._set_to(saved.facts)):
                self.parts = {**self.parts, **self.recompute(exact=True)}
        else:
            self.parts = self._computed(folder)
            self.base_facts = self.facts if scenario == base else weeks.facts(evidence, base)

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
        """Client, currency, date and the verdict so far."""
        header = Header(facts=self._header_facts())
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
        row = Tiles.of(tiles(self.parts))
        self._follow.append(lambda: row.show(tiles(self.parts)))
        return row

    def prose(self, blocks: Callable[[Parts], list[dict[str, Any]]]) -> Prose:
        """Text that follows the sliders."""
        prose = Prose(blocks=blocks(self.parts))
        self._follow.append(lambda: setattr(prose, "blocks", blocks(self.parts)))
        return prose

    def sliders(self, sliders: Sequence[Slider]) -> Controls:
        """Sliders whose moves this page follows."""
        return Controls(sliders, self.move, on_ready=self.warm)

    def warm(self) -> None:
        """Load what the first move needs; the browser asks for it once it shows the sliders."""
        self.recompute(exact=False)
        self.recompute(exact=True)

    def budget_slider(self) -> Slider:
        """How much may be spent: from nearly nothing to two and a half times the client's budget."""
        base, now = self.base_facts.budget_money, self.facts.budget_money
        step = nice_step(max(base, 1_000.0) / STEPS_EACH_WAY)
        low = base % step
        high = low + step * round((max(base * BUDGET_REACH, now, STEPS_EACH_WAY * step) - low) / step)
        return Slider(
            key="budget",
            label="Budget",
            low=low,
            high=high,
            step=step,
            value=now,
            start=base,
            words=self.say.money_full,
            format={"style": "currency", "currency": self.facts.currency, "maximumFractionDigits": 0},
            locale=self.facts.locale.replace("_", "-"),
        )

    def cohort_slider(self) -> Slider:
        """How many people are trained first."""
        base, now = self.base_facts.cohort_size, self.facts.cohort_size
        return Slider(
            key="cohort",
            label="Cohort size",
            low=min(5, base, now),
            high=max(60, 3 * base, now),
            step=1,
            value=now,
            start=base,
            words=self.say.count,
            format={"maximumFractionDigits": 0},
            locale=self.facts.locale.replace("_", "-"),
            help="people trained in the first wave",
        )

    def move(self, values: Values, exact: bool) -> None:
        """Take the sliders' values, compute what depends on them, show it; `exact` once a slider rests."""
        self.scenario = self.moved(values)
        self.parts = {**self.parts, **self.recompute(exact=exact)}
        for follow in self._follow:
            follow()

    def moved(self, values: Values) -> Scenario:
        """The scenario at the sliders' values."""
        changes: dict[str, Any] = {}
        if "budget" in values:
            changes["budget_money"] = float(values["budget"])
        if "cohort" in values:
            changes["cohort_size"] = round(values["cohort"])
        return self.scenario.model_copy(update=changes)

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

    def _set_to(self, facts: Facts) -> Scenario:
        """The base scenario with the budget and cohort size of `facts` spelt out."""
        spelt = {"budget_money": facts.budget_money, "cohort_size": facts.cohort_size}
        return self.base.model_copy(update=spelt)

    def _computed(self, folder: str) -> Parts:
        """This page's stage and what it needs, computed now, or kept in `folder` by the notebooks before it."""
        parts: dict[str, Any] = {"facts": weeks.facts(self.evidence, self.scenario)}
        for stage in self.needs:
            parts |= _kept(stage, self.evidence, self.scenario, folder)
        parts |= stages.run_stage(self.stage, self.evidence, self.scenario, folder or None)
        return parts

    def part(self, name: str) -> Any:
        """A part of the results that this page needs now and then; computed when first asked for."""
        if name not in self.parts:
            make = weeks.decide if name == "verdict" else getattr(weeks, name)
            before = () if name == "week1" else (self.part("week1"),)
            self.parts = {**self.parts, name: make(self.evidence, self.scenario, *before)}
        return self.parts[name]

    def _header_facts(self) -> dict[str, str]:
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

    Under Voilà the environment names evidence and results, and the address may name budget and cohort size.
    """
    from workbook.view.page_weeks import PAGES

    if name not in PAGES:
        raise BadArgument(f"'{name}' is not a page. Pages: {', '.join(PAGES)}.")
    base = stages.scenario_of(budget_money=budget_money, cohort_size=cohort_size, draws=draws, seed=seed)
    if not in_voila():
        evidence = _evidence(evidence_path)
        return PAGES[name](evidence=evidence, base=base, scenario=base, folder=results_folder, saved=None)
    evidence = _evidence(os.environ.get("WORKBOOK_EVIDENCE") or evidence_path)
    saved = _saved(os.environ.get("WORKBOOK_RESULTS") or results_folder)
    if saved is not None:
        base = base.model_copy(update={"draws": saved.provenance.draws, "seed": saved.provenance.seed})
    return PAGES[name](
        evidence=evidence, base=base, scenario=asked(base, os.environ.get("QUERY_STRING", "")), folder="", saved=saved
    )


def asked(base: Scenario, query: str) -> Scenario:
    """The scenario an address asks for; what is not a sensible number is as if it were not there."""
    given = parse_qs(query[:400], max_num_fields=20)
    budget = _number(given.get("budget"), MOST_MONEY)
    cohort = _number(given.get("cohort"), MOST_PEOPLE)
    changes: dict[str, Any] = {}
    if budget is not None:
        changes["budget_money"] = budget
    if cohort is not None and round(cohort) >= 1:
        changes["cohort_size"] = round(cohort)
    return base.model_copy(update=changes)


def _kept(stage: str, evidence: Evidence, scenario: Scenario, folder: str) -> Parts:
    """What an earlier notebook of this run left in `folder`; empty when it left nothing for this setting."""
    file = stages.stage_file(stage, Path(folder))
    if not folder or not file.is_file():
        return {}
    kept = stages.STAGES[stage].model_validate_json(file.read_bytes())
    if kept.made_from != stages.digest(evidence, scenario):
        return {}
    return {name: getattr(kept, name) for name in type(kept).model_fields if name != "made_from"}


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


def nice_step(about: float) -> float:
    """The largest 1, 2 or 5 times a power of ten that is at most `about`, and at least 1."""
    size = 10.0 ** max(0, len(str(int(about))) - 1)
    return max(1.0, max(factor * size for factor in (1.0, 2.0, 5.0) if factor * size <= max(about, 1.0)))


def _number(texts: list[str] | None, most: float) -> float | None:
    if not texts or len(texts) != 1 or not texts[0].replace(".", "", 1).isascii():
        return None
    try:
        value = float(texts[0])
    except ValueError:
        return None
    return value if 0 <= value <= most else None


def _evidence(path: str) -> Evidence:
    if not Path(path).is_file():
        raise BadArgument(f"{path}: no such evidence file. Run `workbook run` for this client first.")
    return Evidence.load(path)


def _saved(folder: str) -> Results | None:
    file = Path(folder or ".") / "results.json"
    return Results.load(file) if folder and file.is_file() else None
