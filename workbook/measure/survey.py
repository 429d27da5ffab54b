"""Survey constructs by wave and unit: respondents first, then units, then floors."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from workbook.evidence import COMPANY, SurveyCell
from workbook.inputs.scales import scale_of
from workbook.inputs.survey import with_constructs
from workbook.measure.release import Release
from workbook.measure.tables import day, numbers, units_first, whole, with_company
from workbook.measure.units import Units
from workbook.settings import Construct, Scale, Settings

CONSTRUCTS: tuple[Construct, ...] = (
    "engagement", "enps", "manager_nps", "manager_effectiveness", "capability", "cross_team", "promotion_readiness",
)  # fmt: skip
NET_PROMOTER = ("enps", "manager_nps")
FAVOURABLE_AT = 0.75
WHAT = "survey cell"
KEYS = ["wave", "construct", "unit"]


class Raw(NamedTuple):
    """One cell before release; `alike` when everyone gave the same answer at an end of the scale."""

    n: int
    mean: float
    sd: float | None
    favourable: int | None
    promoters: int | None
    detractors: int | None
    invited: int | None
    alike: bool


def favourable_from(scale: Scale) -> float:
    """The lowest favourable score: stated, else three quarters of the way up (4 on 1-5; house assumption)."""
    return (
        scale.min + FAVOURABLE_AT * (scale.max - scale.min) if scale.favourable_from is None else scale.favourable_from
    )


def respondents(survey: pd.DataFrame, *, units: Units, settings: Settings, release: Release) -> pd.DataFrame:
    """One score a respondent, construct and wave: the mean of the items answered, turned round where reversed."""
    mapped = survey if "construct_name" in survey.columns else with_constructs(survey, settings)
    frame = pd.DataFrame(
        {
            "person": survey["respondent"].astype("object"),
            "unit": units.of(survey["unit"]),
            "wave": survey["wave"],
            "construct": mapped["construct_name"].astype("object"),
            "score": numbers(survey["score"]),
        }
    ).dropna(subset=["person", "wave"])
    frame = frame[frame["construct"].notna() & frame["score"].notna()]
    scales: dict[str, Scale] = {construct: scale_of(settings, construct) for construct in CONSTRUCTS}
    low, high = (frame["construct"].map({c: getattr(s, end) for c, s in scales.items()}) for end in ("min", "max"))
    inside = frame["score"].ge(low) & frame["score"].le(high)
    if not inside.all():
        release.note("survey scores outside their scale are left out; state the scale in client.yml under scales")
    turned = frame["construct"].map({c: s.reversed for c, s in scales.items()}).astype(bool)
    frame = frame.assign(score=frame["score"].where(~turned, low + high - frame["score"]))[inside]
    ordered = frame.sort_values([*KEYS, "score"], kind="stable")
    people = ordered.groupby(["wave", "construct", "person"], as_index=False).agg(
        unit=("unit", "first"), score=("score", "mean")
    )
    return people.sort_values([*KEYS, "score"], ignore_index=True)  # sums must not depend on pseudonyms


def raw_cells(people: pd.DataFrame, settings: Settings) -> dict[tuple[Any, str, str], Raw]:
    """Unreleased cells by wave, construct and unit, the company among them."""
    if people.empty:
        return {}
    scales = {construct: scale_of(settings, construct) for construct in CONSTRUCTS}
    low, high, liked = (
        people["construct"].map({construct: part(scale) for construct, scale in scales.items()})
        for part in (lambda s: s.min, lambda s: s.max, favourable_from)
    )
    score = people["score"]
    rows = people.assign(
        favourable=score.ge(liked - 1e-9),
        promoters=score.ge(9),
        detractors=score.le(6),
        at_low=score.eq(low),
        at_high=score.eq(high),
    )
    grouped = with_company(rows).groupby(KEYS)
    cells = grouped.agg(
        n=("score", "size"), mean=("score", "mean"), sd=("score", "std"), favourable=("favourable", "sum"),
        promoters=("promoters", "sum"), detractors=("detractors", "sum"), at_low=("at_low", "all"),
        at_high=("at_high", "all"),
    )  # fmt: skip
    return {
        key: Raw(
            n=int(row.n),
            mean=float(row.mean),
            sd=None if row.n < 2 else float(row.sd),
            favourable=int(row.favourable),
            promoters=int(row.promoters) if is_nps(key[1], scales) else None,
            detractors=int(row.detractors) if is_nps(key[1], scales) else None,
            invited=None,
            alike=bool(row.at_low or row.at_high),
        )
        for key, row in zip(cells.index, (Cells(*r) for r in cells.itertuples(index=False)), strict=True)
    }


class Cells(NamedTuple):
    """Aggregates of one group, in the order in which they are computed."""

    n: Any
    mean: Any
    sd: Any
    favourable: Any
    promoters: Any
    detractors: Any
    at_low: Any
    at_high: Any


def is_nps(construct: str, scales: dict[Construct, Scale]) -> bool:
    """Whether promoters and detractors make sense: a net promoter question asked on 0 to 10."""
    return construct in NET_PROMOTER and scales[construct].min == 0 and scales[construct].max == 10  # type: ignore[index]


def summary_scales(summary: pd.DataFrame, settings: Settings, release: Release) -> dict[str, Scale]:
    """Scales of released means: as stated, else 0-1 for shares and -100 to 100 for net scores, else the usual ones."""
    scales: dict[str, Scale] = {}
    for construct in CONSTRUCTS:
        found = numbers(summary["score"])[summary["construct"].eq(construct).fillna(False).astype(bool)].dropna()
        usual = scale_of(settings, construct)
        if construct not in settings.scales and len(found):
            if found.between(0, 1).all() and usual.min > 0:
                usual = Scale(min=0, max=1)
                release.note(f"survey_summary: {construct} is read as a share between 0 and 1")
            elif construct in NET_PROMOTER and not found.between(0, 10).all():
                usual = Scale(min=-100, max=100)
                release.note(f"survey_summary: {construct} is read as a net score between -100 and 100")
        scales[construct] = usual
    return scales


def summary_cells(
    summary: pd.DataFrame, *, units: Units, settings: Settings, release: Release
) -> tuple[dict[tuple[Any, str, str], Raw], dict[str, Scale]]:
    """Cells released by a survey vendor, combined by unit and for the company, weighted by n."""
    scales = summary_scales(summary, settings, release)
    frame = pd.DataFrame(
        {
            "unit": units.of(summary["unit"]),
            "wave": summary["wave"],
            "construct": summary["construct"].astype("object"),
            **{name: numbers(summary[name]) for name in ("score", "n", "sd", "favourable_share", "invited")},
        }
    ).dropna(subset=["wave", "construct", "score", "n"])
    low, high = (frame["construct"].map({c: getattr(s, end) for c, s in scales.items()}) for end in ("min", "max"))
    inside = frame["score"].between(low, high) & frame["n"].gt(0)
    if not inside.all():
        release.note(
            "survey_summary scores outside their scale are left out; state the scale in client.yml under scales"
        )
    turned = frame["construct"].map({c: s.reversed for c, s in scales.items()}).astype(bool)
    frame = frame.assign(score=frame["score"].where(~turned, low + high - frame["score"]))[inside]
    cells: dict[tuple[Any, str, str], Raw] = {}
    for key, group in with_company(frame).groupby(KEYS):
        scale = scales[key[1]]  # type: ignore[index]
        cells[key] = combined(group, ends=(scale.min, scale.max))  # type: ignore[index]
    return cells, scales


def combined(group: pd.DataFrame, *, ends: tuple[float, float]) -> Raw:
    """One cell from several: weighted mean; SD from within and between; counts from shares."""
    n, mean = group["n"].to_numpy(), group["score"].to_numpy()
    total = float(n.sum())
    centre = float((n * mean).sum() / total)
    squares = (n - 1) * group["sd"].to_numpy() ** 2 + n * (mean - centre) ** 2
    sd = None if np.isnan(squares).any() or total <= 1 else float(np.sqrt(squares.sum() / (total - 1)))
    liked, invited = group["favourable_share"] * group["n"], group["invited"]
    return Raw(
        n=round(total),
        mean=centre,
        sd=sd,
        favourable=None if liked.isna().any() else round(float(liked.sum())),
        promoters=None,
        detractors=None,
        invited=None if invited.isna().any() else whole(invited.sum()),
        alike=bool(np.isclose(mean, ends[0]).all() or np.isclose(mean, ends[1]).all()),
    )


def survey_cells(
    survey: pd.DataFrame | None, summary: pd.DataFrame | None, *, units: Units, settings: Settings, release: Release
) -> tuple[SurveyCell, ...]:
    """All cells with floors applied; answers by respondent win over a vendor's summary, which adds who was invited."""
    cells: dict[tuple[Any, str, str], Raw] = {}
    scales: dict[str, Scale] = {construct: scale_of(settings, construct) for construct in CONSTRUCTS}
    own = {}
    if survey is not None:
        own = raw_cells(respondents(survey, units=units, settings=settings, release=release), settings)
    if summary is not None:
        cells, theirs = summary_cells(summary, units=units, settings=settings, release=release)
        answered = {key[:2] for key in own}
        own = {key: raw._replace(invited=cells[key].invited if key in cells else None) for key, raw in own.items()}
        cells = {key: raw for key, raw in cells.items() if key[:2] not in answered}
        scales |= {c: s for c, s in theirs.items() if c not in {key[1] for key in own}}
    return released_cells(own | cells, scales=scales, names=units.names, release=release)


def released_cells(
    cells: dict[tuple[Any, str, str], Raw], *, scales: dict[str, Scale], names: tuple[str, ...], release: Release
) -> tuple[SurveyCell, ...]:
    """Floors and complementary suppression within each wave and construct."""
    rows: list[SurveyCell] = []
    for wave, construct in sorted({key[:2] for key in cells}):
        here = {unit: cells[(wave, construct, unit)] for unit in units_first(names) if (wave, construct, unit) in cells}
        means = visible(
            here, floor=release.scores_from, flagged={u for u, raw in here.items() if raw.alike}, release=release
        )
        one_sided = {u for u, raw in here.items() if u not in means or says_it_all(raw)}
        spreads = means & visible(here, floor=release.distributions_from, flagged=one_sided, release=release)
        for unit, raw in here.items():
            place = {"unit": unit, "wave": day(wave), "construct_name": construct}
            scale = {"scale_min": scales[construct].min, "scale_max": scales[construct].max}
            rows.append(
                released_cell(raw, {**place, **scale}, spread=unit in spreads, release=release)
                if unit in means
                else SurveyCell(**place, **scale, n=None, mean=None, suppressed=True)
            )
    return tuple(rows)


def visible(cells: dict[str, Raw], *, floor: int, flagged: set[str], release: Release) -> frozenset[str]:
    """Units that may be shown beside the company, and the company if it may; `flagged` ones may not."""
    what = WHAT if floor == release.scores_from else "distribution of answers"
    parts = {unit: raw.n for unit, raw in cells.items() if unit != COMPANY}
    shown = release.partition(parts, what=what, floor=floor, flagged=flagged - {COMPANY})
    company = cells[COMPANY].n
    if COMPANY in flagged or release.count(company, what=what, floor=floor) is None:
        return shown
    return shown | {COMPANY}


def says_it_all(raw: Raw) -> bool:
    """Whether the counts, or an SD of nothing, say what everyone answered."""
    passives = None if raw.promoters is None or raw.detractors is None else raw.n - raw.promoters - raw.detractors
    return raw.sd == 0 or raw.favourable == 0 or raw.n in (raw.favourable, raw.promoters, raw.detractors, passives)


def released_cell(raw: Raw, place: dict[str, Any], *, spread: bool, release: Release) -> SurveyCell:
    """One cell that may be shown, with its spread and counts if those may be, too."""
    return SurveyCell(
        **place,
        n=raw.n,
        mean=release.mean(raw.mean, people=raw.n, what=WHAT),
        sd=release.spread(raw.sd, people=raw.n) if spread else None,
        favourable=raw.favourable if spread else None,
        promoters=raw.promoters if spread else None,
        detractors=raw.detractors if spread else None,
        invited=raw.invited,
    )
