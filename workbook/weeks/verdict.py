"""The answer: which track should come first, how sure that is, and what would change it."""

from __future__ import annotations

from typing import Final

from workbook.evidence import Evidence
from workbook.results import Answer, ClassValue, Verdict, Week1
from workbook.scenario import Scenario
from workbook.weeks.decision import DecisionProblem, decision_problem
from workbook.weeks.economics_information import (
    ENOUGH_FOR_INFORMATION,
    defaulted_evppi,
    flips,
    tables_to_ask_for,
)
from workbook.weeks.economics_returns import conservative
from workbook.words import Words, listing

GATE_TABLES: Final = ("employees", "roles", "successors", "delivery", "initiatives")
ASK_FROM: Final = 0.01


def decide(evidence: Evidence, scenario: Scenario, week1: Week1, *, quick: bool = False) -> Verdict:
    """The verdict, as docs/verdict.md explains it. `quick` leaves out flips and EVPI."""
    problem = decision_problem(evidence, scenario, week1, quick=quick)
    answer = answer_of(problem)
    chosen = problem.classes[problem.chosen]
    survives = conservative(problem, problem.chosen).survives if problem.plans[problem.chosen].cost > 0 else None
    found = () if quick else tuple(flips(problem))
    return Verdict(
        answer=answer,
        economic_answer=problem.classes[problem.economic_best],
        reasons=tuple(reasons(problem, week1, answer, survives, Words.for_settings(evidence.settings))),
        certainty=None if answer == "insufficient data" else problem.certainty[chosen],
        classes=tuple(class_values(problem, week1)),
        evpi=None if quick else _evpi(problem),
        flips=found,
        survives_conservative=survives,
        gate_agrees=None if problem.terms.gate_fired is None else problem.classes[problem.economic_best] == chosen,
        ask_for=() if quick else tuple(ask_for(problem, evidence)),
    )


def _evpi(problem: DecisionProblem) -> float:
    from workbook.model.information import evpi

    return evpi(problem.utilities[:, problem.admissible])


def ask_for(problem: DecisionProblem, evidence: Evidence) -> list[str]:
    """Tables worth asking for: what they would show is worth over 1% of the budget, or the gate cannot do without."""
    least = ASK_FROM * problem.terms.budget_money
    wanted = [table for table, worth in tables_to_ask_for(problem).items() if worth > least]
    if problem.terms.gate_fired is None:
        wanted += [table for table in GATE_TABLES if not evidence.has(table) and table not in wanted]
        if not evidence.has("survey") and not evidence.has("survey_summary"):
            wanted.append("survey")
    return wanted


def answer_of(problem: DecisionProblem) -> Answer:
    """The class of the best admissible plan, unless the gate is unknown or the stand-ins matter too much."""
    if problem.terms.gate_fired is None or stand_ins_matter(problem):
        return "insufficient data"
    return problem.classes[problem.chosen]


def stand_ins_matter(problem: DecisionProblem) -> bool:
    """Whether learning what the missing tables would show is worth more than 5% of the budget."""
    return defaulted_evppi(problem) > ENOUGH_FOR_INFORMATION * problem.terms.budget_money


def class_values(problem: DecisionProblem, week1: Week1) -> list[ClassValue]:
    """The best plan of each class that occurs, admitted or not; `p_best` is among the admitted."""
    made = []
    for kind in ("leadership first", "technical first", "split", "neither"):
        plans = [k for k, own in enumerate(problem.classes) if own == kind]
        if not plans:
            continue
        allowed = kind in problem.best
        best = problem.best[kind] if allowed else max(plans, key=lambda k: (problem.means[k], -k))
        plan = problem.plans[best]
        made.append(
            ClassValue(
                answer=kind,
                expected_npv=float(problem.means[best]),
                p_best=problem.certainty.get(kind, 0.0),
                spend=plan.cost,
                share_leadership=plan.leadership_share,
                admissible=allowed,
                why_not=None if allowed else why_not(problem, week1),
            )
        )
    return made


def why_not(problem: DecisionProblem, week1: Week1) -> str:
    """Why a class is not admitted."""
    if problem.terms.readiness_red:
        remedy = f" {week1.readiness.remedy}" if week1.readiness.remedy else ""
        return f"Readiness is red: a leadership programme would not carry.{remedy}"
    if problem.terms.gate_fired is None:
        return "Whether the gate of week 1 fires could not be established."
    if not problem.terms.gate_fired:
        return "The gate of week 1 did not fire: the signals do not make a case for leadership first."
    return "The scenario asks for a larger technical share."


def reasons(problem: DecisionProblem, week1: Week1, answer: Answer, survives: bool | None, words: Words) -> list[str]:
    """Why this answer, in sentences."""
    made = []
    chosen = problem.chosen
    kind, npv, plan = problem.classes[chosen], float(problem.means[chosen]), problem.plans[chosen]
    if answer == "insufficient data":
        made += _why_insufficient(problem, words)
        made.append(
            "On what was measured alone no return can be stated."
            if kind == "neither"
            else f"On what is measured alone the best choice would be: {kind}."
        )
    elif kind == "neither":
        rival = max((float(problem.means[k]) for k, p in enumerate(problem.plans) if p.cost > 0), default=None)
        made.append(
            "No plan that spends money has a positive expected net present value"
            + (f": the best would return {words.money(rival)} over {problem.terms.horizon_months} months."
               if rival is not None and rival <= 0 else
               " among those week 1 admits." if rival is not None else ": there is no budget to spend.")
        )  # fmt: skip
    else:
        share = plan.leadership_share or 0.0
        made.append(
            f"Of the reference plans, the best spends {words.money(plan.cost)}, {words.share(share)} of it on "
            f"leadership, and is expected to return {words.money(npv)} more than it costs over "
            f"{problem.terms.horizon_months} months."
        )
        others = [
            (float(problem.means[k]), other) for other, k in problem.best.items() if other not in (kind, "neither")
        ]
        if others:
            value, other = max(others)
            made.append(f"The best alternative ({other}) is expected to return {words.money(value)}.")
    economic = problem.classes[problem.economic_best]
    if "leadership first" not in problem.best and economic == "leadership first":
        made.append(f"By money alone the answer would be leadership first. {why_not(problem, week1)}")
    elif problem.terms.gate_fired is not None:
        made.append(week1.gate.clause if problem.terms.gate_fired else why_not(problem, week1))
    if answer != "insufficient data" and kind != "neither":
        sure = problem.certainty[kind]
        if kind == "split" and sure < 0.5:
            made.append("A split is seldom the very best in a single draw; it is best on average, as it hedges.")
        made.append(
            f"This plan beats the best plan of every other kind in {words.share(sure)} of "
            f"{words.count(len(problem.features))} draws."
        )
        made.append(
            "It survives the conservative view: the first year alone pays, effects cut by attribution and confidence."
            if survives
            else "It does not survive the conservative view: the first year alone, with effects cut by attribution and "
            "confidence, does not pay it back."
        )
    return made


def _why_insufficient(problem: DecisionProblem, words: Words) -> list[str]:
    made = []
    if problem.terms.gate_fired is None:
        made.append("The gate of week 1 is unknown: too little was measured to say whether it fires.")
    if stand_ins_matter(problem):
        worth = defaulted_evppi(problem)
        tables = [table for table, part in tables_to_ask_for(problem).items() if part > 0]
        share = words.share(worth / problem.terms.budget_money) if problem.terms.budget_money > 0 else words.share(0)
        made.append(
            f"What {listing(tables)} would show is worth {words.money(worth)} to this decision, {share} of the "
            f"budget; more than {words.share(ENOUGH_FOR_INFORMATION)} is too much to decide without."
        )
    return made
