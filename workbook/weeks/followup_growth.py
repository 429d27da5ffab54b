"""Ratings by cohort and wave: points with intervals, growth and maintenance, hindsight, growth by a mixed model."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import hypot, sqrt

from workbook.evidence import Evidence, GrowthStep, RatingCell, RatingSummary, ThenTest
from workbook.model import growth as model
from workbook.model.survey import t_interval
from workbook.results import CohortGrowth, Growth, GrowthPoint, GrowthWave, Hindsight, ReliableChange

BASELINE = 0
MAINTENANCE_DAYS = 90
COVERAGE = 0.90


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
        panel_mean=cell.panel_mean,
        panel_raters=cell.panel_raters,
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
        panel_gain=panel_gain(base, early),
    )


def panel_gain(base: RatingCell, later: RatingCell) -> float | None:
    """The gain among raters who were there at the start and at the end only, where both means may be shown."""
    if base.panel_mean is None or later.panel_mean is None:
        return None
    return model.gain_points(first=later.panel_mean, baseline=base.panel_mean)


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


def interval(estimate: float, error: float | None, degrees: float) -> tuple[float | None, float | None]:
    """The 90 % t interval; nothing without an error."""
    if error is None:
        return None, None
    return t_interval(estimate=estimate, standard_error=error, degrees_of_freedom=degrees, coverage=COVERAGE)


def hindsight(evidence: Evidence) -> tuple[Hindsight, ...]:
    """Then-tests in the order of arm and competency."""
    rows = sorted(evidence.then_tests, key=lambda row: (row.arm, row.competency))
    return tuple(looked_back(row) for row in rows)


def looked_back(row: ThenTest) -> Hindsight:
    """One then-test: the shift of the yardstick, the gain as scored and the gain on one yardstick."""
    shift = model.response_shift_points(then=row.then_mean, baseline=row.baseline_mean)
    adjusted = model.adjusted_gain_points(last=row.last_mean, then=row.then_mean)
    low, high = interval(shift, row.shift_se, row.leaders - 1)
    adjusted_low, adjusted_high = interval(adjusted, row.gain_se, row.leaders - 1)
    return Hindsight(
        arm=row.arm,
        competency=row.competency,
        leaders=row.leaders,
        shift=shift,
        shift_low=low,
        shift_high=high,
        gain=model.gain_points(first=row.last_mean, baseline=row.baseline_mean),
        adjusted_gain=adjusted,
        adjusted_low=adjusted_low,
        adjusted_high=adjusted_high,
        words=shift_in_words(low, high),
    )


def shift_in_words(low: float | None, high: float | None) -> str:
    """What a moved yardstick means for the gain."""
    if low is None or high is None:
        return "too few leaders to say whether the yardstick moved"
    if high < 0:
        return "raters look back more strictly: the plain gain understates what they now see"
    if low > 0:
        return "raters look back more kindly: the plain gain overstates what they now see"
    return "the yardstick cannot be shown to have moved"


def cohort_growth(summary: RatingSummary | None) -> CohortGrowth | None:
    """Growth over waves by the mixed model, with 90 % intervals."""
    found = None if summary is None else summary.growth_model
    if found is None:
        return None
    total = found.between_variance + found.within_variance
    between = found.between_variance / total if total > 0 else 0.0
    return CohortGrowth(
        leaders=found.leaders,
        scores=found.scores,
        between_share=between,
        waves=tuple(growth_wave(step, found.degrees_of_freedom) for step in found.steps),
        words="leaders do not differ beyond what waves differ: their variance is estimated as none"
        if found.on_the_edge
        else "every score counts, also of leaders who missed a wave; a leader's waves are read together",
    )


def growth_wave(step: GrowthStep, degrees: float) -> GrowthWave:
    """One wave of the mixed model."""
    low, high = t_interval(
        estimate=step.change, standard_error=step.change_se, degrees_of_freedom=degrees, coverage=COVERAGE
    )
    lead_low, lead_high = (None, None) if step.lead is None else interval(step.lead, step.lead_se, degrees)
    return GrowthWave(
        wave_days=step.wave_days,
        change=step.change,
        change_low=low,
        change_high=high,
        lead=step.lead,
        lead_low=lead_low,
        lead_high=lead_high,
    )


def reliable_change(summary: RatingSummary | None) -> ReliableChange | None:
    """How many leaders changed beyond their raters' noise, where the counts may be shown."""
    if summary is None or summary.reliable_leaders is None:
        return None
    return ReliableChange(
        leaders=summary.reliable_leaders, up=summary.reliable_up or 0, down=summary.reliable_down or 0
    )
