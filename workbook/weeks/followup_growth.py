"""Ratings by cohort and wave: points with intervals, growth and maintenance, agreement of raters, the effect."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import hypot, sqrt

from workbook.evidence import Evidence, RatingCell, RatingSummary
from workbook.model import growth as model
from workbook.model.criteria import OUTCOME_COVERAGE
from workbook.model.survey import t_interval
from workbook.results import Effect, Growth, GrowthPoint, Reliability

BASELINE = 0
MAINTENANCE_DAYS = 90
COVERAGE = 0.90
NO_RATINGS = "no ratings were given (ratings.csv)"


def points(evidence: Evidence) -> tuple[GrowthPoint, ...]:
    """Every arm x competency x wave, by arm, competency and wave; the 90% interval is over leaders."""
    cells = sorted(evidence.ratings, key=lambda cell: (cell.arm, cell.competency, cell.wave_days))
    return tuple(point(cell) for cell in cells)


def point(cell: RatingCell) -> GrowthPoint:
    """One cell with its t interval; a suppressed cell carries no number at all."""
    if cell.suppressed:
        return GrowthPoint(
            arm=cell.arm,
            competency=cell.competency,
            wave_days=cell.wave_days,
            mean=None,
            low=None,
            high=None,
            leaders=None,
            raters=None,
            suppressed=True,
        )
    error = leaders_error(cell)
    low, high = (
        (None, None)
        if error is None or cell.mean is None or cell.leaders is None
        else t_interval(
            estimate=cell.mean, standard_error=error, degrees_of_freedom=cell.leaders - 1, coverage=COVERAGE
        )
    )
    return GrowthPoint(
        arm=cell.arm,
        competency=cell.competency,
        wave_days=cell.wave_days,
        mean=cell.mean,
        low=low,
        high=high,
        leaders=cell.leaders,
        raters=cell.raters,
    )


def leaders_error(cell: RatingCell) -> float | None:
    """Standard error of the cohort mean over leaders: from their SD, else from the mean square between leaders."""
    if cell.leaders is None or cell.leaders < 2:
        return None
    if cell.sd is not None:
        return model.cohort_mean_error(sd=cell.sd, leaders=cell.leaders)
    if cell.ms_between is not None and cell.k0:
        return model.cohort_mean_error(sd=sqrt(cell.ms_between / cell.k0), leaders=cell.leaders)
    return None


def raters_error(cell: RatingCell) -> float | None:
    """Standard error of measurement of the cohort mean: raters' noise only, as the leaders are the same each wave."""
    if cell.leaders and cell.ms_within is not None and cell.k0:
        sem = model.leader_score_error(ms_within=cell.ms_within, raters_per_leader=cell.k0)
        return sem / sqrt(cell.leaders)
    return leaders_error(cell)


def shown(cells: Sequence[RatingCell]) -> dict[int, RatingCell]:
    """Cells with a mean, by wave in days."""
    return {cell.wave_days: cell for cell in cells if not cell.suppressed and cell.mean is not None}


def follow_up_waves(waves: Mapping[int, RatingCell]) -> tuple[int | None, int | None]:
    """The first wave after baseline, and the one maintenance is read at: day 90, else the last after the first."""
    after = sorted(day for day in waves if day > BASELINE)
    first = after[0] if after else None
    later = after[1:]
    last = MAINTENANCE_DAYS if MAINTENANCE_DAYS in later else (later[-1] if later else None)
    return first, last


def growth(evidence: Evidence, refreshers: Mapping[str, str]) -> dict[str, Growth]:
    """Growth of each competency in the pilot arm (everyone, where no arm is given), by name of competency."""
    arm = "pilot" if any(cell.arm == "pilot" for cell in evidence.ratings) else "all"
    names = sorted({cell.competency for cell in evidence.ratings})
    return {name: of_competency(evidence, name, arm, refreshers.get(name)) for name in names}


def cells_of(evidence: Evidence, competency: str, arm: str) -> list[RatingCell]:
    """The cells of one competency and arm."""
    return [cell for cell in evidence.ratings if cell.competency == competency and cell.arm == arm]


def of_competency(evidence: Evidence, competency: str, arm: str, refresher: str | None) -> Growth:
    """Gain, what is left of it, its measurement error and the pattern; the comparison arm's gain beside them."""
    cells = cells_of(evidence, competency, arm)
    waves = shown(cells)
    first, last = follow_up_waves(waves)
    if BASELINE not in waves or first is None:
        hidden = any(cell.suppressed for cell in cells)
        missing = "the baseline" if BASELINE not in waves else "a wave after the baseline"
        return Growth(
            competency=competency,
            gain=None,
            maintenance=None,
            sem=None,
            pattern="insufficient data",
            comparison_gain=None,
            why=f"{missing} is {'withheld: too few raters' if hidden else 'missing'}",
        )
    base, early = waves[BASELINE], waves[first]
    gain = gain_between(base, early)
    errors = (raters_error(base), raters_error(early))
    sem = None if errors[0] is None or errors[1] is None else hypot(errors[0], errors[1])
    kept = None
    if last is not None and sem is not None and gain > sem:
        kept = model.maintenance_share(last=mean_of(waves[last]), first=mean_of(early), baseline=mean_of(base))
    found = model.pattern(gain=gain, maintenance=kept, error=sem)
    why: str | None = None
    if found == "insufficient data":
        why = "the error of the means is not known" if sem is None else "a second wave after the baseline is missing"
    return Growth(
        competency=competency,
        gain=gain,
        maintenance=kept,
        sem=sem,
        pattern=found,
        comparison_gain=comparison_gain(evidence, competency, first),
        refresher=refresher if found == "decaying" else None,
        why=why,
    )


def mean_of(cell: RatingCell) -> float:
    """The mean of a cell that is shown."""
    assert cell.mean is not None
    return cell.mean


def gain_between(base: RatingCell, later: RatingCell) -> float:
    """Gain in rating points between two cells that are shown."""
    return model.gain_points(first=mean_of(later), baseline=mean_of(base))


def comparison_gain(evidence: Evidence, competency: str, first: int) -> float | None:
    """The comparison arm's change over the same waves."""
    waves = shown(cells_of(evidence, competency, "comparison"))
    return gain_between(waves[BASELINE], waves[first]) if BASELINE in waves and first in waves else None


def reliability(summary: RatingSummary | None) -> Reliability:
    """Agreement of direct reports at baseline, in figures and in words."""
    if summary is None or summary.suppressed or summary.icck is None:
        why = NO_RATINGS if summary is None else summary.why or "too few leaders or raters to show agreement"
        return Reliability(
            icc1=None,
            icck=None,
            k0=None,
            low=None,
            high=None,
            r_wgj=None,
            lindell=None,
            krippendorff_alpha=None,
            leaders=None,
            words="How far raters agree is not known.",
            why=why,
        )
    return Reliability(
        icc1=summary.icc1,
        icck=summary.icck,
        k0=summary.k0,
        low=summary.icc1_low,
        high=summary.icc1_high,
        r_wgj=summary.r_wgj_median,
        lindell=summary.lindell_median,
        krippendorff_alpha=summary.krippendorff_alpha,
        leaders=summary.leaders,
        words=agreement_in_words(summary.icck, summary.k0),
    )


def agreement_in_words(icck: float, raters: float | None) -> str:
    """What the reliability of a leader's mean score allows (house bounds: .8, .7, .5; deciding needs six raters)."""
    if icck >= 0.8:
        text = "Direct reports of the same leader agree well: their mean score tells leaders apart."
    elif icck >= 0.7:
        text = "Direct reports agree well enough to follow leaders over time."
    elif icck >= 0.5:
        text = "Direct reports agree in part: good enough to compare cohorts, not to rank leaders."
    else:
        return "Direct reports of the same leader hardly agree: read cohort means only, with their intervals."
    if raters is not None and raters < 6:
        text += " With fewer than six raters a leader, no decision about a single leader should rest on it."
    return text


def effect(evidence: Evidence, *, target_d: float | None, break_even_d: float | None) -> Effect:
    """ANCOVA and difference in differences in SD of the baseline score, with the 80% interval of the ANCOVA."""
    summary = evidence.rating_summary
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
        )
    sd = summary.sd_baseline or 1.0
    estimate = (summary.ancova_points or 0.0) / sd
    low, high = t_interval(
        estimate=estimate,
        standard_error=(summary.ancova_se or 0.0) / sd,
        degrees_of_freedom=summary.ancova_df or 1.0,
        coverage=OUTCOME_COVERAGE,
    )
    arms = None
    if summary.pilot_leaders is not None and summary.comparison_leaders is not None:
        arms = (summary.pilot_leaders, summary.comparison_leaders)
    return Effect(
        ancova=estimate,
        did=None if summary.did_points is None else summary.did_points / sd,
        low=low,
        high=high,
        leaders=arms,
        target=target_d,
        break_even=break_even_d,
        design=(
            "pilot against comparison leaders, adjusted for the baseline; causal only if places were drawn by lot, "
            "otherwise as far as both arms would have moved alike"
        ),
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


def effect_error(evidence: Evidence) -> float | None:
    """Standard error of the effect in SD; None when there is no effect."""
    summary = evidence.rating_summary
    if summary is None or effect_missing(summary) is not None:
        return None
    return (summary.ancova_se or 0.0) / (summary.sd_baseline or 1.0)
