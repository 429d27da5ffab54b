"""Week 3, how the plan was found: proof of the optimum, how firm each line is, and which limits would have to give."""

from __future__ import annotations

from workbook import words
from workbook.results import ExactPlan, Facts, LimitToRelax, Week3
from workbook.view import sentences
from workbook.view.figure import Figure
from workbook.view.figures import build
from workbook.words import Words

PROOF = {
    "optimal": "The best plan within the limits, by the model",
    "node limit": "The best plan found when the search was stopped",
    "reference plan kept": "The plan drawn up by rule is kept: the search found nothing better",
    "nothing bought": "Buying nothing is best",
    "no plan keeps to the limits": "No plan that spends money keeps to all limits",
}


def search(week3: Week3, facts: Facts) -> Figure:
    """How the plan was found, what it gains over the plan drawn up by rule, and what limits would have to give."""
    say = Words.of(facts)
    found = week3.exact
    if found is None or sentences.unbought(week3):
        why = sentences.unbought(week3) or "the plan is the one drawn up by rule; no exact search was run"
        return build.gap(key="week3-search", title="How the plan was found", why=why)
    title = _title(found, say)
    rows: list[tuple[str, str]] = [
        ("Search", f"{PROOF[found.status]}; gap to the proven bound {say.share(found.gap)}"),
        ("Expected net value, on all draws", say.money_full(found.npv)),
        ("The search's own figure", say.money_full(found.model_npv)),
        (f"That is too {'hopeful' if found.optimism >= 0 else 'cautious'} by", say.money_full(abs(found.optimism))),
        ("Plan drawn up by rule", say.money_full(found.reference_npv)),
        ("Gain over the plan drawn up by rule", say.money_full(found.gain_over_reference)),
        ("Same as the plan drawn up by rule", "yes" if found.same_as_reference else "no"),
        ("Same as best benefit for cost first", "yes" if found.same_as_greedy else "no"),
        (f"Mean of the worst {say.share(found.tail_share)} of draws", say.money_full(found.shortfall)),
    ]
    if found.risk_aversion_share > 0:
        rows.append(("Weight of the worst draws in the choice", say.share_full(found.risk_aversion_share)))
    rows += [("Limit to relax", _relax(limit, say)) for limit in found.relax]
    rows += [("Limit not kept", words.sentence(text)) for text in found.violations]
    rows += [("Note", words.sentence(text)) for text in found.notes]
    give = f" What would have to give: {words.listing([_relax(r, say) for r in found.relax])}." if found.relax else ""
    return build.figure(
        key="week3-search",
        title=title,
        text=f"{title}. Expected net value {say.money(found.npv)}; in the worst {say.share(found.tail_share)} of draws "
        f"{say.money(found.shortfall)} on average.{give} {' '.join(words.sentence(text) for text in found.notes)}",
        note=f"n = {say.count(len(week3.plan), 'line')}. All figures: expected net present value over "
        f"{facts.horizon_months} months.",
        columns=("What", "Answer"),
        table=rows,
        height=0,
    )


def _title(found: ExactPlan, say: Words) -> str:
    if found.status in {"nothing bought", "no plan keeps to the limits", "reference plan kept"}:
        return PROOF[found.status]
    if found.same_as_reference:
        return f"{PROOF[found.status]}; it is the plan drawn up by rule"
    return f"{PROOF[found.status]}; worth {say.money(found.gain_over_reference)} more than the plan drawn up by rule"


def _relax(limit: LimitToRelax, say: Words) -> str:
    amount = say.money(limit.amount) if limit.unit == "money" else say.count(limit.amount, limit.unit, limit.unit)
    cost = f", worth {say.money(limit.money)}" if limit.unit != "money" else ""
    return f"{words.lower_first(words.sentence(limit.limit).rstrip('.'))} by {amount}{cost}"


def inclusion(week3: Week3, facts: Facts) -> Figure:
    """How often each line is bought when the plan is drawn up anew for single draws."""
    say = Words.of(facts)
    found = week3.exact
    if found is None or not found.inclusion or sentences.unbought(week3):
        why = sentences.unbought(week3) or "no line was tried on single draws"
        return build.gap(key="week3-inclusion", title="How firm each line is: not known", why=why)
    labels = {p.programme: p.label for p in week3.programmes} | {line.programme: line.label for line in week3.plan}
    lines = sorted(found.inclusion, key=lambda line: (-line.share, line.programme, line.unit))
    firmest, weakest = lines[0], lines[-1]
    name = f"{labels.get(firmest.programme, words.topic(firmest.programme))} in {firmest.unit}"
    title = (
        f"The firmest line, {name}, is bought in {say.share(firmest.share)} of {found.inclusion_draws} draws; "
        f"the least firm in {say.share(weakest.share)}"
    )
    rows = [
        {
            "label": words.label(f"{labels.get(x.programme, words.topic(x.programme))}, {x.unit}", 90, 28),
            "value": x.share,
            "end": x.share,
            "said": say.share(x.share),
        }
        for x in lines
    ]
    axis = build.share_axis("Share of draws in which it is bought", values=[0, 0.25, 0.5, 0.75, 1])
    spec = build.plain_bars(axis=axis, tooltip=build.tips(("label", "Line"), ("said", "Bought in")), step=44)
    spec["layer"][0]["encoding"]["x"]["scale"] = {"domain": [0, 1.15]}
    nothing = (
        f" In {say.share(found.bought_nothing_share)} of them nothing is bought."
        if found.bought_nothing_share is not None
        else ""
    )
    return build.figure(
        key="week3-inclusion",
        title=title,
        text=f"{title}.{nothing} "
        + " ".join(
            f"{labels.get(x.programme, words.topic(x.programme))} in {x.unit}: {say.share(x.share)}." for x in lines
        ),
        note=f"The plan drawn up anew for each of {say.count(found.inclusion_draws, 'single draw')}, taken for certain "
        f"(a rough figure).{nothing}",
        spec=spec,
        rows=rows,
        columns=("Programme", "Unit", "Bought in"),
        table=[(labels.get(x.programme, words.topic(x.programme)), x.unit, say.share_full(x.share)) for x in lines],
        height=44 * len(rows) + 50,
    )
