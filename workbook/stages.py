"""The six stages in order: each computes its part of the results once, from Evidence, a Scenario and earlier stages.

A stage's part is written to a folder as `results.<stage>.json` with the digest of what it was made from; a later stage
reads it there instead of computing it again, unless the digest differs. `compute_all` does the same without any file.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final

from workbook import __version__, weeks
from workbook.errors import BadArgument
from workbook.evidence import Evidence
from workbook.frozen import Frozen
from workbook.results import Facts, Followup, Grid, Provenance, Results, Start, Verdict, Week1, Week2, Week3, Week4
from workbook.scenario import Scenario


class Stage(Frozen):
    """One stage's part of the results; `made_from` is the digest of evidence, scenario and package version."""

    made_from: str


class StartStage(Stage):
    """What was given."""

    facts: Facts
    start: Start


class Week1Stage(Stage):
    """Current risks."""

    week1: Week1


class Week2Stage(Stage):
    """What waiting costs."""

    week2: Week2


class VerdictStage(Stage):
    """The answer: every page's header shows it, so the first notebook that needs it works it out for all of them."""

    verdict: Verdict


class Week3Stage(Stage):
    """What to buy, the answer, and both over budget and cohort size."""

    week3: Week3
    verdict: Verdict
    grid: Grid


class Week4Stage(Stage):
    """How to find out."""

    week4: Week4


class FollowupStage(Stage):
    """30-60-90 days."""

    followup: Followup


STAGES: Final[Mapping[str, type[Stage]]] = {
    "start": StartStage,
    "week1": Week1Stage,
    "week2": Week2Stage,
    "week3": Week3Stage,
    "week4": Week4Stage,
    "followup": FollowupStage,
}
SHARED: Final[Mapping[str, type[Stage]]] = {"verdict": VerdictStage}
"""Parts that no notebook computes as its own and several show."""
Obtain = Callable[[str], Mapping[str, Any]]


def scenario_of(*, budget_money: float = 0.0, cohort_size: int = 0, draws: int, seed: int) -> Scenario:
    """A Scenario from a notebook's parameters, where 0 stands for what client.yml says."""
    return Scenario(budget_money=budget_money or None, cohort_size=cohort_size or None, draws=draws, seed=seed)


def run_stage(
    name: str, evidence: Evidence, scenario: Scenario, results_folder: str | Path | None = None
) -> dict[str, Any]:
    """Compute one stage; earlier stages come from `results_folder` where it holds them, else are computed.

    Writes `results.<name>.json` there, unless the folder is None or empty. Returns the stage's results by key.
    """
    folder = Path(results_folder) if results_folder else None
    made_from = digest(evidence, scenario)

    def obtain(earlier: str) -> Mapping[str, Any]:
        saved = _load(earlier, folder, made_from)
        return _compute(earlier, evidence, scenario, obtain) if saved is None else saved

    parts = _compute(_known(name), evidence, scenario, obtain)
    if folder is not None:
        folder.mkdir(parents=True, exist_ok=True)
        text = {**STAGES, **SHARED}[name](made_from=made_from, **parts).model_dump_json(indent=1)
        stage_file(name, folder).write_text(text + "\n", encoding="utf-8", newline="\n")
    return parts


def saved_stage(
    name: str, evidence: Evidence, scenario: Scenario, results_folder: str | Path | None
) -> dict[str, Any] | None:
    """What an earlier notebook of this run left in `results_folder`; None where it left nothing for this setting."""
    return _load(name, Path(results_folder), digest(evidence, scenario)) if results_folder else None


def compute_all(evidence: Evidence, scenario: Scenario | None = None) -> Results:
    """Every stage in memory: what a run publishes, without notebooks."""
    asked = scenario or Scenario()
    done: dict[str, dict[str, Any]] = {}

    def obtain(name: str) -> Mapping[str, Any]:
        if name not in done:
            done[name] = _compute(name, evidence, asked, obtain)
        return done[name]

    for name in STAGES:
        obtain(name)
    return assemble(done, evidence, asked)


def load_all(folder: str | Path, evidence: Evidence, scenario: Scenario) -> Results:
    """Results merged from the stage files of a folder.

    Raises BadArgument naming the stage whose file is missing or was made from something else.
    """
    made_from = digest(evidence, scenario)
    done = {}
    for name in STAGES:
        saved = _load(name, Path(folder), made_from)
        if saved is None:
            raise BadArgument(f"{stage_file(name, Path('.')).name} is missing, or was made from other evidence.")
        done[name] = saved
    return assemble(done, evidence, scenario)


def assemble(done: Mapping[str, Mapping[str, Any]], evidence: Evidence, scenario: Scenario) -> Results:
    """Results from the parts of all stages."""
    parts = {key: part for stage in done.values() for key, part in stage.items()}
    facts: Facts = parts["facts"]
    return Results(
        client=facts.client,
        currency=facts.currency,
        as_of=facts.as_of,
        cohort_size=facts.cohort_size,
        facts=facts,
        provenance=Provenance(
            inputs=dict(evidence.digests), version=__version__, seed=scenario.seed, draws=scenario.draws
        ),
        quality=parts["start"],
        **{key: parts[key] for key in ("week1", "week2", "week3", "week4", "verdict", "followup", "grid")},
    )


def stage_file(name: str, folder: Path) -> Path:
    """Where a stage's part is kept."""
    return folder / f"results.{name}.json"


def digest(evidence: Evidence, scenario: Scenario) -> str:
    """SHA-256 of everything a stage is made from."""
    made_from = "\n".join([__version__, evidence.model_dump_json(), scenario.model_dump_json()])
    return hashlib.sha256(made_from.encode("utf-8", "surrogatepass")).hexdigest()


def finished(notebook: str) -> str:
    """The line a notebook's last cell prints, by which the runner knows that it came to its end."""
    return f"workbook: {notebook} finished"


def _known(name: str) -> str:
    if name not in STAGES and name not in SHARED:
        raise BadArgument(f"'{name}' is not a stage. Stages: {', '.join(STAGES)}.")
    return name


def _load(name: str, folder: Path | None, made_from: str) -> dict[str, Any] | None:
    """A saved stage, or None when there is none or it was made from something else."""
    if folder is None or not stage_file(name, folder).is_file():
        return None
    stage = {**STAGES, **SHARED}[name].model_validate_json(stage_file(name, folder).read_bytes())
    if stage.made_from != made_from:
        return None
    return {key: getattr(stage, key) for key in type(stage).model_fields if key != "made_from"}


def _compute(name: str, evidence: Evidence, scenario: Scenario, obtain: Obtain) -> dict[str, Any]:
    """One stage's parts; `obtain` gives those of an earlier stage."""
    if name == "start":
        return {"facts": weeks.facts(evidence, scenario), "start": weeks.start(evidence)}
    if name == "week1":
        return {"week1": weeks.week1(evidence, scenario)}
    week1: Week1 = obtain("week1")["week1"]
    if name == "week2":
        return {"week2": weeks.week2(evidence, scenario, week1)}
    if name == "verdict":
        return {"verdict": weeks.decide(evidence, scenario, week1)}
    if name == "week3":
        return {
            "week3": weeks.week3(evidence, scenario, week1),
            "verdict": obtain("verdict")["verdict"],
            "grid": weeks.grid(evidence, scenario, week1),
        }
    if name == "week4":
        week3 = obtain("week3")
        return {"week4": weeks.week4(evidence, scenario, week1, week3["week3"], week3["verdict"])}
    return {"followup": weeks.followup(evidence, scenario, week1)}
