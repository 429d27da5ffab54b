"""Week 3, the calendar of the plan: when each programme starts, trains, grows into its effect and has it in full."""

from __future__ import annotations

from typing import Final

from workbook import words
from workbook.results import Facts, PlanCalendar, ProgrammeStart, Week3
from workbook.view import sentences
from workbook.view.figure import Figure
from workbook.view.figures import build
from workbook.words import Words

PHASES: Final = ("Training", "Effect grows", "In effect")


def calendar(week3: Week3, facts: Facts) -> Figure:
    """When each programme of the plan starts, and what a later start would cost."""
    say = Words.of(facts)
    found = None if week3.exact is None else week3.exact.calendar
    if found is None or not found.lines or sentences.unbought(week3):
        why = sentences.unbought(week3) or (
            "nothing is bought" if not week3.plan else "the plan drawn up by rule starts everything together"
        )
        return build.gap(key="week3-calendar", title="When the programmes start", why=why)
    lines = sorted(found.lines, key=lambda line: (line.start_month, line.label))
    rows = [row for line in lines for row in _bars(line, facts.horizon_months, say)]
    months = {"title": "Months after the decision", "values": list(range(0, facts.horizon_months + 1, 6))}
    spec = build.base(
        [
            {
                "mark": {"type": "bar", "height": {"band": 0.58}},
                "encoding": {
                    "y": build.labels_y(),
                    "x": build.value("begin", months, scale={"domain": [0, facts.horizon_months]}),
                    "x2": {"field": "end"},
                    "color": {
                        "field": "phase",
                        "type": "nominal",
                        "scale": {"domain": list(PHASES), "range": "category"},
                        "legend": {"title": None, "columns": 2},
                    },
                    "tooltip": build.tips(("label", "Programme"), ("phase", "What"), ("said", "When")),
                },
            }
        ],
        height={"step": 44},
    )
    title = _title(lines, say)
    closed = _closed(found, say)
    return build.figure(
        key="week3-calendar",
        title=title,
        text=f"{title}. {found.finding} "
        + " ".join(
            f"{line.label}: starts {starts(line.start_month, say)}, training ends after "
            f"{_months(line.training_ends_month, say)}, full effect after {_months(line.full_effect_month, say)}; a "
            f"quarter later {_costs(line.quarter_later_money, say)}, half a year later "
            f"{_costs(line.half_year_later_money, say)}."
            for line in lines
        )
        + "".join(f" {each}." for each in closed),
        note=f"{found.finding} Costs of waiting: expected net present value over {facts.horizon_months} months, with "
        "all else as it is." + "".join(f" {each}." for each in closed),
        spec=spec,
        rows=rows,
        columns=(
            "Programme", "Starts", "Training ends", "Full effect", "A quarter later costs", "Half a year later costs",
        ),
        table=[
            (
                line.label,
                starts(line.start_month, say),
                f"after {_months(line.training_ends_month, say)}",
                f"after {_months(line.full_effect_month, say)}",
                say.money_full(line.quarter_later_money),
                say.money_full(line.half_year_later_money),
            )
            for line in lines
        ],
        height=44 * len(lines) + 90,
    )  # fmt: skip


def starts(month: int, say: Words) -> str:
    """When something starts: `at once`, `after 3 months`."""
    return "at once" if month == 0 else f"after {say.count(month, 'month')}"


def _months(months: float, say: Words) -> str:
    return say.count(months, "month")


def _costs(money: float, say: Words) -> str:
    return f"costs {say.money(money)}" if money >= 0 else f"gains {say.money(-money)}"


def _title(lines: list[ProgrammeStart], say: Words) -> str:
    first = {line.start_month for line in lines}
    least = min(lines, key=lambda line: line.quarter_later_money)
    price = f"a quarter's wait {_costs(least.quarter_later_money, say)}"
    if len(lines) == 1:
        return f"{lines[0].label} starts {starts(lines[0].start_month, say)}; {price}"
    if len(first) == 1:
        return f"All {len(lines)} programmes start {starts(lines[0].start_month, say)}; {price} or more"
    late = [line for line in lines if line.start_month > min(first)]
    what = f"{len(late)} of {len(lines)} programmes start" if len(late) > 1 else f"{late[0].label} starts"
    return f"{what} later than the others, {starts(late[0].start_month, say)}" + (" or later" if len(late) > 1 else "")


def _bars(line: ProgrammeStart, horizon_months: int, say: Words) -> list[dict[str, object]]:
    """The phases of a programme that fall within the horizon."""
    edges = (line.start_month, line.training_ends_month, line.full_effect_month, horizon_months)
    return [
        {
            "label": words.label(line.label, 90, 28),
            "phase": phase,
            "begin": float(begin),
            "end": float(min(end, horizon_months)),
            "said": f"month {say.number(begin, 0)} to {say.number(min(end, horizon_months), 0)}",
        }
        for phase, begin, end in zip(PHASES, edges, edges[1:], strict=False)
        if begin < min(end, horizon_months)
    ]


def _closed(found: PlanCalendar, say: Words) -> list[str]:
    """Which starts are closed to which units."""
    return [
        f"Closed to a start in {each.unit}: {words.listing([starts(month, say) for month in each.months])}"
        for each in found.closed
    ]
