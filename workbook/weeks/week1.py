"""Week 1: where does it hurt? Signals, triggers, metrics, the gate, and what stands beside them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from workbook.evidence import Evidence
from workbook.model.gate import METRICS_NEEDED, SIGNALS_NEEDED, at_least, gate_fired
from workbook.results import Gate, Metric, Signal, Trigger, Week1
from workbook.scenario import Scenario
from workbook.weeks import week1_people as people
from workbook.weeks.week1_extras import extras
from workbook.weeks.week1_metrics import metrics
from workbook.weeks.week1_signals import signals, triggers
from workbook.weeks.week1_units import ranking, team_turnover

UNKNOWN = "insufficient data"


def week1(evidence: Evidence, scenario: Scenario) -> Week1:
    """Current risks of a client under a scenario's thresholds and weights."""
    found, degrading, hard = signals(evidence, scenario), metrics(evidence, scenario), triggers(evidence, scenario)
    return Week1(
        signals=found,
        triggers=hard,
        metrics=degrading,
        gate=gate(found, degrading, hard, hard_trigger_alone=evidence.settings.switches.hard_trigger_alone),
        succession=people.succession(evidence),
        spend=people.spend_audit(evidence),
        readiness=people.readiness(evidence),
        involvement=people.involvement(evidence),
        interviews=people.interviews(evidence),
        units=ranking(evidence, scenario),
        extras=extras(evidence),
        team_turnover=team_turnover(evidence),
    )


def gate(
    signals: Mapping[str, Signal],
    metrics: Mapping[str, Metric],
    triggers: Mapping[str, Trigger],
    *,
    hard_trigger_alone: bool,
) -> Gate:
    """The three-valued gate with the clause that decided, or what is missing, as a sentence."""
    present = {name: None if s.status == UNKNOWN else s.status == "present" for name, s in signals.items()}
    degrading = {name: None if m.status == UNKNOWN else m.status == "degrading" for name, m in metrics.items()}
    fired = {name: trigger.fired for name, trigger in triggers.items()}
    opened = gate_fired(
        signals=present.values(),
        metrics=degrading.values(),
        triggers=fired.values(),
        hard_trigger_alone=hard_trigger_alone,
    )
    labels = {name: thing.label for group in (signals, metrics, triggers) for name, thing in group.items()}
    return Gate(
        fired=opened,
        clause=_clause(opened, present, degrading, fired, labels, hard_trigger_alone),
        signals_present=_count(present, True),
        signals_unknown=_count(present, None),
        metrics_degrading=_count(degrading, True),
        metrics_unknown=_count(degrading, None),
        triggers_fired=_which(fired, True),
        triggers_unknown=_which(fired, None),
    )


def _which(values: Mapping[str, bool | None], wanted: bool | None) -> tuple[str, ...]:
    return tuple(name for name, value in values.items() if value is wanted)


def _count(values: Mapping[str, bool | None], wanted: bool | None) -> int:
    return len(_which(values, wanted))


def _listed(names: Iterable[str], labels: Mapping[str, str]) -> str:
    words = [labels[name][0].lower() + labels[name][1:] for name in names]
    return words[0] if len(words) == 1 else ", ".join(words[:-1]) + " and " + words[-1]


def _clause(
    opened: bool | None,
    present: Mapping[str, bool | None],
    degrading: Mapping[str, bool | None],
    fired: Mapping[str, bool | None],
    labels: Mapping[str, str],
    hard_trigger_alone: bool,
) -> str:
    """Which clause fired, or why none did, or what would have to be known."""
    sentences = []
    if opened:
        if _which(fired, True) and hard_trigger_alone:
            head = "A hard trigger fired" if _count(fired, True) == 1 else "Hard triggers fired"
            sentences.append(f"{head}: {_listed(_which(fired, True), labels)}.")
        if _count(present, True) >= SIGNALS_NEEDED and _count(degrading, True) >= METRICS_NEEDED:
            sentences.append(_strands(present, degrading, labels))
        return " ".join(sentences)
    if opened is False:
        sentences.append(_strands(present, degrading, labels, open_=False))
        sentences.append(_no_trigger(fired, labels, hard_trigger_alone))
        return " ".join(sentences)
    missing = [*_which(present, None), *_which(degrading, None)] if _strands_open(present, degrading) else []
    missing += [name for name in _which(fired, None) if hard_trigger_alone]
    return f"It cannot be said yet: {_listed(missing, labels)} could not be measured and could decide it."


def _strands_open(present: Mapping[str, bool | None], degrading: Mapping[str, bool | None]) -> bool:
    """Whether signals and metrics not known could still open the gate."""
    pair = ((present, SIGNALS_NEEDED), (degrading, METRICS_NEEDED))
    return all(at_least(needed=k, true=_count(v, True), unknown=_count(v, None)) is not False for v, k in pair)


def _strands(
    present: Mapping[str, bool | None],
    degrading: Mapping[str, bool | None],
    labels: Mapping[str, str],
    *,
    open_: bool = True,
) -> str:
    """Signals present and metrics degrading, counted and named, against what the rule asks for."""
    first = _counted(_which(present, True), len(present), "signal", "present", labels)
    second = _counted(_which(degrading, True), len(degrading), "metric", "degrading", labels)
    needs = "" if open_ else f"; the rule asks for {SIGNALS_NEEDED} signals and {METRICS_NEEDED} metric"
    unknown = _count(present, None) + _count(degrading, None)
    doubt = f", {unknown} could not be measured and would not change that" if unknown and not open_ else ""
    return f"{first} and {second}{needs}{doubt}."


def _counted(names: tuple[str, ...], of: int, noun: str, state: str, labels: Mapping[str, str]) -> str:
    verb = "is" if len(names) == 1 else "are"
    named = f" ({_listed(names, labels)})" if names else ""
    return f"{len(names)} of {of} {noun}s {verb} {state}{named}"


def _no_trigger(fired: Mapping[str, bool | None], labels: Mapping[str, str], hard_trigger_alone: bool) -> str:
    if hard_trigger_alone:
        return "No hard trigger fired."
    if _which(fired, True):
        return f"A hard trigger fired ({_listed(_which(fired, True), labels)}) and does not suffice by itself here."
    return "Hard triggers do not suffice by themselves here."
