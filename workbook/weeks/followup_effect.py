"""The pilot's effect on ratings: how large, how sure, by chance or not, and what else may lie behind it."""

from __future__ import annotations

from workbook.evidence import Evidence, ParticipantEstimate, RatingSummary
from workbook.model.criteria import OUTCOME_COVERAGE, operating_characteristics
from workbook.model.effect import EffectAnswer, answer_of
from workbook.model.growth import regression_to_mean_points
from workbook.model.survey import t_interval
from workbook.results import Chance, Effect, ParticipantView, RuleOdds
from workbook.settings import PilotAssignment
from workbook.weeks.followup_raters import NO_RATINGS

SURE, LIKELY = 0.95, 0.90
LOWER_BY_ERRORS = 1.645
ANSWERS: dict[EffectAnswer, str] = {
    "works": "The pilot works: its 95% interval lies above zero.",
    "harms": "The pilot does harm: its 95% interval lies below zero.",
    "no effect": "The pilot shows no effect worth having: its 90% interval lies within {limit:.2f} SD of zero.",
    "inconclusive": "The pilot is inconclusive: what was seen fits both an effect and none. That is a result.",
}
DESIGNS: dict[PilotAssignment, str] = {
    "lottery": "places were drawn by lot, so the difference is the programme's doing or chance",
    "matched": "causal as far as both arms, matched on the baseline, would have moved alike",
    "volunteers": "leaders came of their own will, so part of it may be theirs and not the programme's",
    "lowest_scores": "leaders were picked for low scores, so part of the rise would have come by itself",
    "unknown": "causal only if places were drawn by lot, otherwise as far as both arms would have moved alike",
}


def effect(evidence: Evidence, *, target_d: float | None, break_even_d: float | None, negligible_d: float) -> Effect:
    """ANCOVA and difference in differences in SD of the baseline score, their intervals, and what they say."""
    summary = evidence.rating_summary
    participants = participants_view(evidence.participant_estimate)
    why = effect_missing(summary)
    if summary is None or why is not None:
        return Effect(
            ancova=None,
            did=None,
            low=None,
            high=None,
            leaders=None,
            target=target_d,
            break_even=break_even_d,
            design="no comparison could be made",
            why=why,
            participants=participants,
        )
    sd = summary.sd_baseline or 1.0
    estimate, error = (summary.ancova_points or 0.0) / sd, (summary.ancova_se or 0.0) / sd
    degrees = summary.ancova_df or 1.0

    def interval(coverage: float) -> tuple[float, float]:
        return t_interval(estimate=estimate, standard_error=error, degrees_of_freedom=degrees, coverage=coverage)

    low, high = interval(OUTCOME_COVERAGE)
    low95, high95 = interval(SURE)
    answer = answer_of(inner=interval(LIKELY), outer=(low95, high95), negligible=negligible_d)
    did_low, did_high = did_interval(summary, sd)
    arms = None
    if summary.pilot_leaders is not None and summary.comparison_leaders is not None:
        arms = (summary.pilot_leaders, summary.comparison_leaders)
    assignment = evidence.settings.pilot_assignment
    back = regression(summary, assignment)
    return Effect(
        ancova=estimate,
        did=None if summary.did_points is None else summary.did_points / sd,
        low=low,
        high=high,
        leaders=arms,
        target=target_d,
        break_even=break_even_d,
        design=f"pilot against comparison leaders, adjusted for the baseline; {DESIGNS[assignment]}",
        answer=answer,
        answer_words=ANSWERS[answer].format(limit=negligible_d),
        standard_error=error,
        degrees_of_freedom=degrees,
        low95=low95,
        high95=high95,
        did_low=did_low,
        did_high=did_high,
        d_ppc=summary.d_ppc,
        chance=chance(summary),
        participants=participants,
        regression_points=back,
        warnings=tuple(warnings(summary, assignment, back)),
    )


def did_interval(summary: RatingSummary, sd: float) -> tuple[float | None, float | None]:
    """The 80 % interval of the difference in differences in SD; degrees of freedom leaders - 2."""
    if summary.did_points is None or summary.did_se is None:
        return None, None
    people = (summary.pilot_leaders or 0) + (summary.comparison_leaders or 0)
    return t_interval(
        estimate=summary.did_points / sd,
        standard_error=summary.did_se / sd,
        degrees_of_freedom=max(people - 2.0, 1.0),
        coverage=OUTCOME_COVERAGE,
    )


def effect_missing(summary: RatingSummary | None) -> str | None:
    """Why there is no effect, if there is none."""
    if summary is None:
        return NO_RATINGS
    if summary.suppressed:
        return summary.why or "withheld: too few leaders or raters"
    parts = (summary.ancova_points, summary.ancova_se, summary.ancova_df)
    if summary.sd_baseline is None and not any(part is None for part in parts):
        return "too few leaders to show the spread that turns rating points into standard deviations"
    if any(part is None for part in parts) or not summary.sd_baseline:
        return summary.why or "pilot and comparison leaders need a baseline and a follow-up wave each"
    return None


def chance(summary: RatingSummary) -> Chance | None:
    """The randomisation test, where a lottery drew the arms."""
    if summary.randomisation_p is None:
        return None
    return Chance(
        p_value=summary.randomisation_p,
        arms=summary.randomisation_arms or 0,
        exact=bool(summary.randomisation_exact),
    )


def participants_view(found: ParticipantEstimate | None) -> ParticipantView | None:
    """What participants say, with its 80 % interval over answers."""
    if found is None:
        return None
    low, high = None, None
    if found.each_se is not None:
        low, high = t_interval(
            estimate=found.each_money_per_year,
            standard_error=found.each_se,
            degrees_of_freedom=found.answers - 1,
            coverage=OUTCOME_COVERAGE,
        )
    return ParticipantView(
        participants=found.participants,
        answers=found.answers,
        each_money=found.each_money_per_year,
        low=low,
        high=high,
        total_money=found.each_money_per_year * found.participants,
    )


def started_lower(summary: RatingSummary) -> bool:
    """Whether the pilot began lower than the comparison beyond chance (one-sided 5 %)."""
    if summary.pilot_before is None or summary.comparison_before is None or not summary.before_gap_se:
        return False
    return summary.pilot_before - summary.comparison_before < -LOWER_BY_ERRORS * summary.before_gap_se


def regression(summary: RatingSummary, assignment: PilotAssignment) -> float | None:
    """Points the pilot's leaders would gain by themselves, where they were picked as the worst or began as such."""
    picked = assignment == "lowest_scores" or (assignment != "lottery" and started_lower(summary))
    if not picked or summary.icck is None or summary.pilot_before is None or summary.comparison_before is None:
        return None
    pilots, others = summary.pilot_leaders or 0, summary.comparison_leaders or 0
    everyone = (pilots * summary.pilot_before + others * summary.comparison_before) / max(pilots + others, 1)
    back = regression_to_mean_points(
        reliability=min(max(summary.icck, 0.0), 1.0), selected_mean=summary.pilot_before, everyone_mean=everyone
    )
    return back if back > 0 else None


def warnings(summary: RatingSummary, assignment: PilotAssignment, back: float | None) -> list[str]:
    """What else may lie behind the difference, in sentences."""
    made = []
    if back is not None:
        picked = "were picked for their low scores" if assignment == "lowest_scores" else "began lower than the others"
        made.append(
            f"Pilot leaders {picked}: about {back:.2f} points of their rise would have come by itself (regression to "
            "the mean). Adjusting for the baseline takes it out as far as it is linear; the plain gain does not."
        )
    if assignment == "unknown":
        made.append("How leaders came into the pilot is not said: state pilot_assignment in client.yml.")
    if assignment == "volunteers":
        made.append("Leaders came of their own will: those who expect to improve come first.")
    if assignment == "lottery" and started_lower(summary):
        made.append("The lottery left the pilot lower at the start, as one draw in twenty does; the adjustment counts.")
    return made


def rule_odds(effect: Effect) -> tuple[RuleOdds, ...]:
    """What the criteria say how often, at the precision the pilot reached, if nothing, break-even or target is true."""
    target, even, error = effect.target, effect.break_even, effect.standard_error
    if target is None or even is None or not error:
        return ()
    made = []
    for label, truth in (("no effect", 0.0), ("break-even", even), ("target", target)):
        odds = operating_characteristics(truth=truth, target=target, break_even=even, standard_error=error)
        made.append(RuleOdds(label=label, truth=truth, scale=odds["scale"], extend=odds["extend"], stop=odds["stop"]))
    return tuple(made)
