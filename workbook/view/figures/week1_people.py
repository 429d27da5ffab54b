"""Week 1, people: succession bench, units by need, readiness, involvement, interviews and supporting measures."""

from __future__ import annotations

from functools import partial

from workbook import words
from workbook.results import Facts, UnitRank, Week1
from workbook.view.figure import Figure
from workbook.view.figures import build
from workbook.words import Words

SURE = 0.9
MOST_TEAMS = 12
STRANDS = ("turnover", "succession", "engagement", "friction", "delivery")
RISK = {"green": "low", "amber": "medium", "red": "high", "insufficient data": "not known"}


def figures(week1: Week1, facts: Facts) -> tuple[Figure, ...]:
    """Succession, units, readiness and what stands beside them."""
    return (
        succession(week1, facts),
        units(week1, facts),
        turnover(week1, facts),
        readiness(week1, facts),
        involvement(week1, facts),
        interviews(week1, facts),
        extras(week1, facts),
    )


def succession(week1: Week1, facts: Facts) -> Figure:
    """Critical roles covered by a name, by maximum matching, and by someone ready now."""
    say = Words.of(facts)
    found = week1.succession
    if found.critical_roles is None:
        return build.gap(key="week1-succession", title="Succession bench: insufficient data", why=found.why)
    bars = (
        ("A name is written down", found.coverage_named),
        ("A person of their own", found.coverage_matched),
        ("Someone ready now", found.ready_now_matched),
    )
    uncovered = None if found.coverage_matched is None else 1 - found.coverage_matched
    title = (
        f"{say.share(uncovered)} of {say.count(found.critical_roles, 'critical role')} have no successor of their own"
        if uncovered is not None
        else f"Succession of {say.count(found.critical_roles, 'critical role')} is not known"
    )
    rows = [
        {
            "label": words.label(label),
            "value": share,
            "end": share,
            "said": f"{say.share(share)} ({say.count(round(share * found.critical_roles))})",
        }
        for label, share in bars
        if share is not None
    ]
    spec = build.plain_bars(
        axis=build.share_axis(None), tooltip=build.tips(("label", "Covered by"), ("said", "Roles")), step=38
    )
    spec["layer"][0]["encoding"]["x"]["scale"] = {"domain": [0, 1.3]}
    spec["layer"][0]["encoding"]["x"]["axis"] = build.share_axis(None, values=[0, 0.25, 0.5, 0.75, 1])
    worst = max(found.uncovered_by_unit, key=lambda row: row[1], default=None)
    text = f"{title}. " + " ".join(f"{label}: {say.share(share)}." for label, share in bars)
    return build.figure(
        key="week1-succession",
        title=title,
        text=text + (f" Most uncovered roles: {worst[0]}, {worst[1]} of {worst[2]}." if worst and worst[1] else ""),
        note="One person named for three roles covers one: people are matched to roles so that most roles are "
        "covered. A count.",
        spec=spec,
        rows=rows,
        columns=("Unit", "Critical roles", "Without a successor"),
        table=[(unit, of, none) for unit, none, of in found.uncovered_by_unit],
        height=38 * len(rows) + 34,
    )


def units(week1: Week1, facts: Facts) -> Figure:
    """Units ranked by need, with how stable the top is."""
    say = Words.of(facts)
    ranked = sorted(week1.units.units, key=lambda unit: (-unit.score, unit.unit))
    if not ranked:
        return build.gap(key="week1-units", title="Units by need: insufficient data", why=week1.units.why)
    top = ranked[0]
    stays = week1.units.top_share
    title = f"{top.unit} needs help most" + (
        f"; it stays on top in {say.chance(stays)} of weightings" if stays is not None else ""
    )
    rows = [_unit_row(unit, say) for unit in ranked]
    axis = build.plain_axis("Need, 0 to 1", values=[0, 0.2, 0.4, 0.6, 0.8, 1])
    spec = build.plain_bars(
        axis=axis,
        tooltip=build.tips(
            ("label", "Unit"), ("said", "Need"), ("delivery", "Delivery risk"), ("capability", "Capability risk")
        ),
        step=34,
    )
    spec["layer"][0]["encoding"]["x"]["scale"] = {"domain": [0, 1.15]}
    return build.figure(
        key="week1-units",
        title=title,
        text=f"{title}. " + " ".join(_unit_sentence(unit, say) for unit in ranked[:5]),
        note="Need is the weighted mean of the strands measured in the unit; weights can be moved. Delivery risk is "
        "short-term, capability risk long-term.",
        spec=spec,
        rows=rows,
        columns=("Unit", "People", "Need", *map(words.name, STRANDS), "Delivery risk", "Capability risk"),
        table=[
            (
                unit.unit,
                say.count(unit.headcount),
                say.number(unit.score, 2),
                *("–" if unit.strands.get(s) is None else say.number(unit.strands[s], 2) for s in STRANDS),
                RISK[unit.delivery_risk],
                RISK[unit.capability_risk],
            )
            for unit in ranked
        ],
        height=34 * len(rows) + 50,
    )


def _unit_row(unit: UnitRank, say: Words) -> dict:
    return {
        "label": words.label(unit.unit),
        "value": unit.score,
        "end": unit.score,
        "said": say.number(unit.score, 2),
        "delivery": RISK[unit.delivery_risk],
        "capability": RISK[unit.capability_risk],
    }


def _unit_sentence(unit: UnitRank, say: Words) -> str:
    return (
        f"{unit.unit}: need {say.number(unit.score, 2)}, delivery risk {RISK[unit.delivery_risk]}, "
        f"capability risk {RISK[unit.capability_risk]}."
    )


def readiness(week1: Week1, facts: Facts) -> Figure:
    """Whether the organisation is ready to carry a leadership programme."""
    say = Words.of(facts)
    found = week1.readiness
    scored = [item for item in found.areas.values() if item.score is not None]
    if not scored:
        return build.gap(key="week1-readiness", title="Readiness: insufficient data", why=found.why)
    weak = [item.label.lower() for item in scored if item.colour == "red"]
    head = {
        "green": "The organisation is ready",
        "amber": "The organisation is partly ready",
        "red": "The organisation is not ready",
    }
    title = head.get(found.colour, "Readiness is not known") + (f"; weakest: {words.listing(weak)}" if weak else "")
    rows = [
        {
            "label": words.label(item.label),
            "value": item.score,
            "end": item.score,
            "said": f"{say.number(item.score, 1)}, {words.name(item.colour).lower()}",
            "tone": build.tone_of(item.colour),
        }
        for item in scored
    ]
    spec = build.plain_bars(
        axis=build.plain_axis("Mean answer, 1 to 5", values=[1, 2, 3, 4, 5]),
        tooltip=build.tips(("label", "Area"), ("said", "Score")),
        colour=build.tone_colour(),
        step=32,
    )
    spec["layer"][0]["encoding"]["x"]["scale"] = {"domain": [0, 7]}
    remedies = [item.remedy for item in scored if item.remedy]
    items = [*found.areas.values(), *found.tactics]
    return build.figure(
        key="week1-readiness",
        title=title,
        text=f"{title}. Training is expected to transfer {say.number(found.transfer_factor, 2)} times as well as "
        "at the average "
        f"site of the evidence. {' '.join(words.sentence(remedy) for remedy in dict.fromkeys(remedies))}",
        note="Mean answer on a 1 to 5 scale. Training supports change; it does not cause it.",
        spec=spec,
        rows=rows,
        columns=("Area", "Score", "n", "State", "Remedy"),
        table=[(i.label, say.number(i.score, 1), say.count(i.n), words.name(i.colour), i.remedy or "") for i in items],
        height=32 * len(rows) + 50,
    )


def involvement(week1: Week1, facts: Facts) -> Figure:
    """What managers did for their people's training."""
    say = Words.of(facts)
    if not week1.involvement:
        why = "no involvement log was given"
        return build.gap(key="week1-involvement", title="Manager involvement: not known", why=why)
    least = min(week1.involvement, key=lambda kind: kind.managers)
    title = f"Managers' involvement is thinnest in “{least.label.lower()}”: {say.count(least.managers, 'manager')}"
    return build.figure(
        key="week1-involvement",
        title=title,
        text=f"{title}. "
        + " ".join(
            f"{k.label}: {say.count(k.events)} times by {say.count(k.managers, 'manager')}." for k in week1.involvement
        ),
        note="Counts from the involvement log.",
        columns=("What", "Times", "Managers", "Share of managers"),
        table=[
            (k.label, say.count(k.events), say.count(k.managers), say.share_full(k.manager_share))
            for k in week1.involvement
        ],
        height=0,
    )


def interviews(week1: Week1, facts: Facts) -> Figure:
    """What people said in interviews; never scored."""
    if not week1.interviews:
        return build.gap(key="week1-interviews", title="Interviews: none given", why="no interview counts were given")
    most = max(week1.interviews, key=lambda theme: theme.worse)
    title = (
        f"“{most.theme}” is what people most often say is getting worse: {most.worse} interviews"
        if most.worse
        else "No theme was said to be getting worse"
    )
    return build.figure(
        key="week1-interviews",
        title=title,
        text=f"{title}. "
        + " ".join(f"{t.theme}: better {t.better}, same {t.same}, worse {t.worse}." for t in week1.interviews),
        note="Coded counts stand beside the signals and are never scored.",
        columns=("Theme", "Better", "Same", "Worse"),
        table=[(t.theme, t.better, t.same, t.worse) for t in week1.interviews],
        height=0,
    )


def extras(week1: Week1, facts: Facts) -> Figure:
    """Supporting measures that no rule reads."""
    say = Words.of(facts)
    if not week1.extras:
        return build.gap(key="week1-extras", title="Supporting measures: none", why="none could be measured")
    known = [extra for extra in week1.extras if extra.estimate.value is not None]
    title = f"{say.count(len(known), 'supporting measure')} beside the rules"
    return build.figure(
        key="week1-extras",
        title=title,
        text=" ".join(words.sentence(extra.sentence) for extra in week1.extras),
        note="No rule reads these.",
        columns=("Measure", "Value", "Interval", "n", "In words"),
        table=[
            (
                e.label,
                words.WITHHELD if e.estimate.suppressed else say.value(e.estimate.value, e.unit),
                say.span(e.estimate.low, e.estimate.high, partial(say.value, unit=e.unit)),
                say.count(e.estimate.n),
                e.sentence,
            )
            for e in week1.extras
        ],
        height=0,
    )


def turnover(week1: Week1, facts: Facts) -> Figure:
    """Voluntary turnover by team, pooled so that a small team does not look extreme by chance."""
    say = Words.of(facts)
    teams = sorted(week1.team_turnover, key=lambda team: (-team.rate, team.unit))
    if not teams:
        why = "exits by month and team were not given, or had to be withheld"
        return build.gap(key="week1-turnover", title="Turnover by team: not known", why=why)
    sure = [team for team in teams if team.p_above_company >= SURE]
    top = teams[0]
    title = (
        f"{words.listing([team.unit for team in sure[:3]])} lose{'s' if len(sure) == 1 else ''} more people than the "
        "company does"
        if sure
        else f"{top.unit} loses {say.share(top.rate)} a year"
        if len(teams) == 1
        else f"No team stands out: {top.unit} loses most, {say.share(top.rate)} a year"
    )
    rows = build.room(
        [
            {
                "label": words.label(team.unit),
                "value": team.rate,
                "low": team.low,
                "high": team.high,
                "said": say.share(team.rate),
                "interval": say.span(team.low, team.high, say.share),
                "odds": say.likelihood(team.p_above_company),
            }
            for team in teams[:MOST_TEAMS]
        ],
        "value",
        "high",
    )
    axis = build.share_axis("Voluntary leavers a person-year")
    spec = build.interval_bars(
        axis=axis,
        tooltip=build.tips(
            ("label", "Team"), ("said", "A year"), ("interval", "90% interval"), ("odds", "Above the company's")
        ),
        step=38,
    )
    years = say.count(sum(team.person_years for team in teams), "person-year")
    return build.figure(
        key="week1-turnover",
        title=title,
        text=f"{title}. "
        + " ".join(
            f"{t.unit}: {say.share(t.rate)} a year ({say.between(t.low, t.high, say.share)}, 90% interval), "
            f"{say.likelihood(t.p_above_company)} to be above the company's."
            for t in teams[:MOST_TEAMS]
        ),
        note=f"Voluntary leavers a person-year, pooled over teams; lines: 90% intervals; n = {years}.",
        spec=build.with_room(spec, axis),
        data=build.padded(rows, share=0.2),
        columns=("Team", "A year", "90% interval", "Above the company's", "Person-years"),
        table=[
            (
                t.unit,
                say.share_full(t.rate),
                say.span(t.low, t.high, say.share_full),
                say.likelihood(t.p_above_company),
                say.number(t.person_years, 1),
            )
            for t in teams
        ],
        height=38 * len(rows) + 50,
    )
