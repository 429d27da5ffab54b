"""What each notebook shows, in order: a sentence for the reader and one call."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class View:
    """One view: `tag` says how it lies on the page (half, third, wide: a card; controls: stays in sight)."""

    sentence: str
    call: str
    tag: str = ""


@dataclass(frozen=True)
class NotebookPage:
    """A notebook: its page, title, question and views; parameters and opening where they differ from the six's."""

    page: str
    title: str
    question: str
    views: tuple[View, ...]
    parameters: str = ""
    opening: str = ""


PAGES = {
    "start": NotebookPage(
        page="start",
        title="What do we have to go on?",
        question=(
            "The diagnostic takes four weeks and answers one question: **leadership first, technical first, split, "
            "neither — or not enough data to say**. Here is what was given, how good it is, and what each gap costs."
        ),
        views=(
            View("In one glance.", "page.tiles()", "tiles"),
            View("How complete is each table?", "page.completeness()", "half"),
            View("What does each gap cost?", "page.gaps()", "half"),
            View("Who supplies what, and by when?", "page.checklist()", "wide"),
            View("What did we notice while reading?", "page.notes()", "wide"),
        ),
    ),
    "week1_risk_map": NotebookPage(
        page="week1",
        title="Week 1 — Where does it hurt?",
        question=(
            "Four signals, three business metrics and two hard triggers decide whether the case for leadership "
            "development is open at all. Every share comes with its interval; what cannot be known is called unknown."
        ),
        views=(
            View("Move a threshold, and see whether the answer hangs on it.", "page.controls()", "controls"),
            View("The four signals.", "page.tiles()", "tiles"),
            View("Is the gate open, and by which clause?", "page.gate()", "half"),
            View("How far is each signal from its threshold?", "page.signals()", "half"),
            View("How fast is the company growing?", 'page.signal("growth")', "half"),
            View("How many critical roles have no successor?", 'page.signal("succession")', "half"),
            View("Is engagement falling?", 'page.signal("engagement")', "half"),
            View("Is work stuck between teams?", 'page.signal("friction")', "half"),
            View("Do the hard triggers fire?", "page.triggers()", "half"),
            View("Is delivery slipping?", 'page.metric("on_time_delivery")', "half"),
            View("Are critical teams losing people?", 'page.metric("critical_team_turnover")', "half"),
            View("Are people ready for promotion?", 'page.metric("promotion_readiness")', "half"),
            View("How deep is the bench?", "page.succession()", "half"),
            View("Which units need it most, and does the order hold when the weights move?", "page.units()", "half"),
            View("Which teams lose people faster than the company, beyond chance?", "page.turnover()", "half"),
            View("Where does today's training money go?", "page.spend()", "half"),
            View("Are leaders and employees developed alike?", "page.quadrant()", "half"),
            View("Which audiences have no development in which competency?", "page.coverage()", "half"),
            View("Is there one learning journey for all levels?", "page.journey()", "half"),
            View("Is the organisation ready to carry a programme?", "page.readiness()", "half"),
            View("What do managers already do for development?", "page.involvement()", "half"),
            View(
                "What did the interviews say? They are never scored.",
                "page.interviews()",
                "half",
            ),
            View("Other measures that no rule reads.", "page.extras()", "wide"),
        ),
    ),
    "week2_cost_of_delay": NotebookPage(
        page="week2",
        title="Week 2 — What does waiting cost?",
        question=(
            "What the present state costs every month, what each month of delay costs, and what either track would "
            "return on the same money. Move the budget and the cohort size; everything on this page follows."
        ),
        views=(
            View("What if the budget or the first cohort were different?", "page.controls()", "controls"),
            View("In one glance.", "page.tiles()", "tiles"),
            View("Where does money leak every month? The line is the 90% interval.", "page.leaks()", "half"),
            View("What does doing nothing add up to?", "page.doing_nothing()", "half"),
            View("What does each month of delay cost?", "page.delay()", "half"),
            View("What does each track return on the same budget?", "page.returns()", "half"),
            View("When is the money back? The band marks months 9 to 18.", "page.payback()", "half"),
            View("What rate of return is that a year?", "page.rate()", "half"),
            View("How does the leadership plan's net money develop?", 'page.cumulative("leadership")', "half"),
            View("And the technical plan's?", 'page.cumulative("technical")', "half"),
            View("Does a second method agree? It is a check and never added.", 'page.utility("leadership")', "half"),
            View("Which assumption moves the result most?", "page.tornado()", "half"),
            View("Which inputs make the result spread?", "page.drivers()", "half"),
            View("Which unknown is worth measuring first?", "page.information()", "half"),
            View("Which kind of knowledge is worth most?", "page.groups()", "half"),
            View("What have the draws that lose money in common?", "page.stress()", "half"),
            View("Which assumptions stand behind these figures, and who says so?", "page.assumptions()", "wide"),
        ),
    ),
    "week3_options": NotebookPage(
        page="week3",
        title="Week 3 — What should we buy?",
        question=(
            "Programmes, units and seats that return most on the budget, against what else could be done with the "
            "money. While a slider moves, figures come from fewer draws and are approximate."
        ),
        views=(
            View("What if the budget or the first cohort were different?", "page.controls()", "controls"),
            View("In one glance.", "page.tiles()", "tiles"),
            View("What is the answer, and why?", "page.answer()", "half"),
            View("How do the kinds of plan compare?", "page.classes()", "half"),
            View("Which seats, in which units?", "page.plan()", "wide"),
            View("When does each programme start, and what would waiting cost?", "page.calendar()", "wide"),
            View("What keeps the plan from growing?", "page.binding()", "wide"),
            View("What does more money buy?", "page.frontier()", "half"),
            View("How much of it goes to leadership?", "page.share()", "half"),
            View("How much better is this than the alternatives?", "page.alternatives()", "half"),
            View("How was the plan found, and how good is it?", "page.search()", "half"),
            View("Which lines stay in the plan when the inputs move?", "page.inclusion()", "half"),
            View("What does a seat cost as more people take part?", "page.cost_per_person()", "half"),
            View("What was on the list?", "page.programmes()", "wide"),
        ),
    ),
    "week4_pilot": NotebookPage(
        page="week4",
        title="Week 4 — How do we find out?",
        question=(
            "A pilot that can tell success from luck: where, with whom as comparison, how large an effect it can see, "
            "and whether it is worth its cost. At the end, the page for the finance director."
        ),
        views=(
            View("What if the pilot were larger or smaller?", "page.controls()", "controls"),
            View("In one glance.", "page.tiles()", "tiles"),
            View("Which units should host the pilot, and which compare?", "page.ranking()", "half"),
            View("How small an effect can a pilot of this size see?", "page.mde()", "half"),
            View("Metric by metric: would it see the target?", "page.detectable()", "wide"),
            View("What would each design show?", "page.designs()", "wide"),
            View("Is the pilot worth its cost and its delay: run, enlarge or skip it?", "page.worth()", "half"),
            View("What is looked at, when?", "page.milestones()", "half"),
            View("What counts as success? Written down before the start.", "page.criteria()", "wide"),
            View("Who agreed to which metric, and when?", "page.metrics()", "wide"),
            View("What would change the answer?", "page.flips()", "wide"),
            View("The business case on one page.", "page.business_case()", "wide"),
        ),
    ),
    "followup_30_60_90": NotebookPage(
        page="followup",
        title="Follow-up — Is it working?",
        question=(
            "Direct reports rate their leaders before the start and after 30, 60 and 90 days, in confidence. Growth "
            "counts when it exceeds the comparison's; it lasts when it is still there at the last wave."
        ),
        views=(
            View("In one glance.", "page.tiles()", "tiles"),
            View("Did the pilot's leaders improve more than the comparison's?", "page.effect()", "half"),
            View("What do we believe now, compared with before?", "page.update()", "half"),
            View("How often do the criteria err?", "page.odds()", "half"),
            View("Did leaders grow, every wave and every leader counted?", "page.cohort_growth()", "half"),
            View("Did the work itself change in the pilot's units?", "page.metrics()", "wide"),
            View("What if the result is read another way, and which plan is best now?", "page.readings()", "wide"),
            View("All competencies together, over time.", "page.competency(1)", "half"),
            View("One competency over time.", "page.competency(2)", "half"),
            View("Another competency over time.", "page.competency(3)", "half"),
            View("And another.", "page.competency(4)", "half"),
            View("Did raters' own yardstick move?", "page.hindsight()", "wide"),
            View("Do raters agree well enough to trust the scores?", "page.reliability()", "wide"),
            View("Are sessions held as planned?", "page.calendar()", "half"),
            View("What has postponing cost?", "page.postponed()", "half"),
            View("Which week suits each session still to be held?", "page.replan()", "wide"),
            View("What is due, and from whom?", "page.due()", "wide"),
            View("Is the money spent as planned?", "page.costs()", "half"),
            View("What does a person cost as more take part?", "page.at_scale()", "half"),
            View("Which competencies grew, and which growth lasted?", "page.growth()", "wide"),
            View("The learning function's key figures. Activity is no result.", "page.kpis()", "wide"),
        ),
    ),
}

EXTRA = {
    "portfolio": NotebookPage(
        page="portfolio",
        title="All clients on one page",
        question=(
            "Verdict, certainty, return, payback, readiness and data of every client that was run. It is no page of a "
            "client's own run; `workbook portfolio` makes it."
        ),
        views=(
            View("In one glance.", "page.tiles()", "tiles"),
            View("Which answers were given, and how often?", "page.verdicts()", "half"),
            View("How sure are they, and what do they return?", "page.chances()", "half"),
            View("Every client in a line.", "page.clients()", "wide"),
        ),
        parameters='portfolio_path: str = "../data/samples/portfolio.json"',
        opening="""\
from workbook.view.portfolio_page import open_portfolio

page = open_portfolio(portfolio_path)""",
    ),
}
