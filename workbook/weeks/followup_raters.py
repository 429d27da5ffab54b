"""How far raters agree, measure by measure, and what each figure allows."""

from __future__ import annotations

from workbook.evidence import RatingSummary
from workbook.model.ratings import raters_needed, spearman_brown
from workbook.results import RaterReading, Reliability

NO_RATINGS = "no ratings were given (ratings.csv)"
WANTED = 0.70
SHOW_FROM, DECIDE_FROM = 5, 6


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
    needed = None if summary.icc1 is None else raters_needed(reliability=summary.icc1, wanted=WANTED)
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
        readings=tuple(readings(summary)),
        raters_wanted=needed if needed is not None and needed < 1000 else None,
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
    if raters is not None and raters < DECIDE_FROM:
        text += " With fewer than six raters a leader, no decision about a single leader should rest on it."
    return text


def readings(summary: RatingSummary) -> list[RaterReading]:
    """Every measure that could be made, with what it means."""
    one, mean, k0 = summary.icc1, summary.icck, summary.k0
    made = []
    if one is not None:
        made.append(
            RaterReading(
                measure="one rater, ICC(1,1)",
                value=one,
                low=summary.icc1_low,
                high=summary.icc1_high,
                words=single_in_words(one),
            )
        )
    if mean is not None and k0 is not None:
        made.append(
            RaterReading(
                measure=f"mean of {k0:.1f} raters, ICC(1,k)",
                value=mean,
                low=summary.icck_low,
                high=summary.icck_high,
                words=band(mean, "tells leaders apart", "follows leaders over time", "compares cohorts only"),
            )
        )
    if one is not None and one > 0:
        made += [
            RaterReading(
                measure=f"mean of {times} raters, Spearman-Brown",
                value=spearman_brown(reliability=one, times=times),
                words=purpose,
            )
            for times, purpose in (
                (SHOW_FROM, "the fewest a score is shown from"),
                (DECIDE_FROM, "the fewest a decision may rest on"),
                (10, "what ten raters would give"),
            )
        ]
    made += [
        RaterReading(measure=measure, value=value, words=words)
        for measure, value, words in (
            (
                "agreement within a team, r_wg(j), median",
                summary.r_wgj_median,
                "against answers spread evenly over the scale; rises with the number of competencies",
            ),
            (
                "agreement within a team, r*_wg (Lindell), median",
                summary.lindell_median,
                "the same without that rise; the two may differ widely",
            ),
            (
                "Krippendorff's alpha, ordinal",
                summary.krippendorff_alpha,
                "whether raters give the same score, not only the same order; .67 and .80 are Krippendorff's bounds",
            ),
            (
                "Cronbach's alpha of the rubric",
                summary.cronbach_alpha,
                "whether the competencies hang together; says nothing about agreement between raters",
            ),
        )
        if value is not None
    ]
    return made + panel_readings(summary)


def panel_readings(summary: RatingSummary) -> list[RaterReading]:
    """Two-way forms, where the same raters rated every leader."""
    if summary.panel_icc1 is None:
        return []
    rows = [
        RaterReading(
            measure="one rater of a panel, ICC(2,1)",
            value=summary.panel_icc1,
            low=summary.panel_icc1_low,
            high=summary.panel_icc1_high,
            words="the same raters rated every leader, so their strictness is told apart from disagreement",
        )
    ]
    for measure, value, words in (
        ("mean of the panel, ICC(2,k)", summary.panel_icck, "agreement of the panel's mean with another panel's"),
        ("mean of the panel, ICC(3,k)", summary.panel_consistency, "consistency of this very panel"),
    ):
        if value is not None:
            rows.append(RaterReading(measure=measure, value=value, words=words))
    return rows


def single_in_words(icc1: float) -> str:
    """What one rater's word is worth; published values for single subordinates lie near .30."""
    if icc1 <= 0:
        return "raters of one leader agree no more than raters of different leaders"
    usual = "about what single subordinates usually reach (.30)"
    return usual if 0.2 <= icc1 <= 0.4 else f"{'above' if icc1 > 0.4 else 'below'} what is usual (.30)"


def band(value: float, best: str, good: str, fair: str) -> str:
    """House bounds .8, .7, .5."""
    return best if value >= 0.8 else good if value >= 0.7 else fair if value >= 0.5 else "tells nothing reliably"
