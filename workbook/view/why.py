"""Why a headline figure is what it is: its formula, its inputs and its source, in plain words."""

from __future__ import annotations

from workbook.results import Facts
from workbook.words import Words

SHIPPED = "House rule of this workbook."
WHY = {
    "verdict": (
        "Every plan on a grid of spend and mix is valued in every draw. The answer is the kind of plan with the "
        "highest "
        "expected net value among those the gate and readiness admit; certainty is the share of draws in which "
        "its best plan "
        "beats the best of every other kind. Leadership first: more than 75% of the spend to leaders; technical "
        "first: less "
        "than 25%.",
        SHIPPED,
    ),
    "week1-gate": (
        "Two or more signals with one or more degrading metrics, or a hard trigger: over 10% voluntary turnover "
        "among high "
        "performers, or over 30% of critical roles without a successor. What is not known is never counted as clear.",
        "Thresholds of 10% and 30%: the article this diagnostic follows. The rule for what is not known: house rule.",
    ),
    "week1-signals": (
        "Present when the probability of being beyond the threshold is at least 80%, clear when at most 20%, "
        "near in between.",
        SHIPPED,
    ),
    "week1-triggers": (
        "Voluntary leavers divided by person-years at risk, with a Jeffreys interval; it must exceed the "
        "threshold with 90% "
        "probability. Roles are a count and need no interval.",
        "Voluntary turnover per person-year; the 90% rule is this workbook's own.",
    ),
    "week1-succession": (
        "People are matched to roles so that as many critical roles as possible have someone of their own "
        "(maximum matching).",
        "Maximum bipartite matching; one person never covers two roles.",
    ),
    "week2-leaks": (
        "Each leak is a rate, times people or items, times money: exits × replacement share of pay; vacancies × "
        "days to fill × "
        "net daily value; value × months late × cause. Nothing is counted in two leaks.",
        "Definitions stand in each leak's basis; the inputs in the table of assumptions.",
    ),
    "week2-delay": (
        "Net present value if started now, less the same plan started later, over the same {horizon} calendar "
        "months at "
        "{rate} a year.",
        "Cost of delay: Reinertsen (2009), chapter 2. The fixed window is this workbook's own.",
    ),
    "week2-returns": (
        "Net value = discounted benefits − costs over {horizon} months at {rate} a year. ROI = 100 × (benefits − "
        "costs) ÷ "
        "costs. Benefits = leak × the part of it the programme stops × how far training reaches and transfers, "
        "ramping up and "
        "fading month by month.",
        "ROI after Phillips; effects after Morrow, Jarrett & Rupinski (1997).",
    ),
    "week2-payback": (
        "The first month in which cumulative net money is no longer negative, counted over the draws.",
        SHIPPED,
    ),
    "week2-utility-leadership": (
        "Gain = people who stay × effect × spread of performance in money × years, less cost, step by step.",
        "Brogden, Cronbach & Gleser; Schmidt, Hunter & Pearlman; Boudreau.",
    ),
    "week2-utility-technical": (
        "Gain = people who stay × effect × spread of performance in money × years, less cost, step by step.",
        "Brogden, Cronbach & Gleser; Schmidt, Hunter & Pearlman; Boudreau.",
    ),
    "week2-information": (
        "Expected net value when one input is known before deciding, less expected net value when deciding now.",
        "Strong, Oakley & Brennan (2014).",
    ),
    "week3-plan": (
        "Seats of each programme in each unit are chosen for the highest expected net value within budget, cohort "
        "size, whole groups and shares of the tracks; how the search went stands in its own table.",
        SHIPPED,
    ),
    "week3-calendar": (
        "Every combination of starting quarters that the horizon and closed months leave is valued on all draws; the "
        "best is kept, among equals the earliest.",
        SHIPPED,
    ),
    "week1-turnover": (
        "Leavers of a team are Poisson by person-years; team rates vary around a usual rate, so that a team with few "
        "people is drawn towards it.",
        SHIPPED,
    ),
    "week2-rate": (
        "The yearly rate at which a flow of costs and benefits by month is worth nothing, in every draw.",
        "Internal rate of return; draws with none or several are counted and said.",
    ),
    "week2-drivers": (
        "The share of the spread of net value that goes when one input is known (first order), and that stays as long "
        "as it alone is not known (total).",
        "Saltelli et al. (2010); Jansen (1999); rank regression: Iman & Conover (1979).",
    ),
    "week2-groups": (
        "Expected net value when a group of inputs is known before deciding, less expected net value when deciding "
        "now.",
        "Strong, Oakley & Brennan (2014).",
    ),
    "week2-stress": (
        "The inputs most shifted in draws that lose money, each with the threshold that tells losing draws from the "
        "others best.",
        "Rank-biserial correlation: Kerby (2014); threshold: Youden (1950).",
    ),
    "week3-search": (
        "Mixed-integer programming over seats by programme and unit, then over starts; the plan found is valued on "
        "all draws and kept "
        "only if it is worth more than the plan drawn up by rule.",
        "Solver: HiGHS; the comparison is this workbook's own.",
    ),
    "week3-inclusion": (
        "The search run again for single draws, each taken for certain; a line's share is how often it is bought.",
        SHIPPED,
    ),
    "week4-mde": (
        "Smallest effect = (t for 5% + t for 80% power) × standard error of the comparison.",
        "Standard power calculation; the multiplier comes from the t distribution.",
    ),
    "week4-worth": (
        "Pilot's seats now − raters' time + the best continuation nine months later given each simulated result, less "
        "acting at once with the same people; all over the same {horizon} months.",
        "Expected value of sample information; the delay is netted out by a rule of this workbook's own.",
    ),
    "week4-designs": (
        "The same metrics under each design: two arms, units starting one after the other, paired units, a line "
        "continued, before against after.",
        "Stepped wedge: Hussey & Hughes (2007); multiplier: Bloom (1995).",
    ),
    "followup-replan": (
        "Sessions are placed in weeks by an integer program solved exactly: least person-hour-weeks lost, then the "
        "earliest dates.",
        "Solver: HiGHS; prices of moving, splitting and self-paced material: house assumptions.",
    ),
    "followup-postponed": (
        "Seats × hours × weeks late × the cost of a person-hour's delay by a week.",
        SHIPPED,
    ),
    "followup-effect": (
        "Difference of pilot and comparison at the last wave, adjusted for the baseline, in standard deviations of the "
        "baseline.",
        "Analysis of covariance on leaders' mean ratings.",
    ),
    "followup-odds": (
        "Probability that estimate and 80% interval fall on each side of target and break-even, the truth given.",
        "Normal errors of the size this pilot reached.",
    ),
    "followup-cohort-growth": (
        "Score = wave + arm + wave × arm + the leader's own level + error, by restricted maximum likelihood.",
        "Patterson & Thompson (1971).",
    ),
    "followup-metrics": (
        "(What it would have been − what it was) ÷ what it would have been; exits: 1 − ratio of rate ratios.",
        "Analysis of covariance or difference in differences on units; log-rate model.",
    ),
    "followup-readings": (
        "Every draw is weighted by how well it predicts this reading of the result; errors include the spread between "
        "sites.",
        "Bayes' rule by importance weights.",
    ),
    "followup-update": (
        "Every draw is weighted by how well it predicts the pilot's result.",
        "Bayes' rule by importance weights.",
    ),
}


def why(key: str, facts: Facts) -> tuple[str, str] | None:
    """Formula and source behind the figure `key`, or None where none is written."""
    found = WHY.get(key)
    if found is None:
        return None
    say = Words.of(facts)
    formula = found[0].replace("{horizon}", str(facts.horizon_months)).replace("{rate}", say.share(facts.discount_rate))
    return formula, found[1]
