"""Every number a reader may move, declared once: for the slider, for the page's address and for the scenario.

A lever's `field` is where its value lies in a Scenario: `budget_money`, `thresholds.growth_per_year`, or an assumption
as `overrides.d_leadership`. Its key is its name in the address and must also stand in the page's script
(`voila/templates/workbook/static/page.js`), which carries it from page to page.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final, Literal
from urllib.parse import parse_qs

from workbook.results import Facts
from workbook.scenario import Scenario
from workbook.view.controls import Slider
from workbook.words import Words

Unit = Literal["money", "people", "months", "hours", "share", "SD", "weight"]
STEPS_EACH_WAY: Final = 40
BUDGET_REACH: Final = 2.5
MOST_PEOPLE: Final = 5_000
MOST_MONEY: Final = 1e13
LONGEST_ADDRESS: Final = 2_000
NUMBER: Final = re.compile(r"[0-9]{1,15}(?:\.[0-9]{1,9})?")
CLOSE: Final = 1e-9


@dataclass(frozen=True)
class Lever:
    """One number a reader may move; `top` is what the upper end stands for where it means no limit."""

    key: str
    label: str
    field: str
    low: float
    high: float
    step: float
    unit: Unit
    help: str = ""
    group: str = ""
    top: str = ""


WEIGHTS_GROUP: Final = "Weights of the unit ranking"
MORE: Final = "More: start, effect, confidence"
LIMITS: Final = "More: technical share, risk, hours away"
_LEVERS: Final = (
    Lever("budget", "Budget", "budget_money", 0, MOST_MONEY, 1, "money"),
    Lever("cohort", "Cohort size", "cohort_size", 5, MOST_PEOPLE, 1, "people", "people trained in the first wave"),
    Lever("start", "Start in", "start_month", 0, 12, 1, "months", "months from now", MORE),
    Lever("effect", "Effect of leadership training", "overrides.d_leadership", 0, 1, 0.01, "SD", "", MORE),
    Lever("confidence", "Confidence in the effect", "overrides.confidence_share", 0.3, 1, 0.05, "share",
          "cautious view only", MORE),
    Lever("technical", "Technical, at least", "minimum_technical_share", 0, 1, 0.05, "share", "of the money", LIMITS),
    Lever("risk", "Weight of the worst fifth of draws", "risk_aversion_share", 0, 1, 0.1, "share",
          "0%: the average decides", LIMITS),
    Lever("hours", "Hours away a person, at most", "hours_away_per_person", 4, 80, 4, "hours", "", LIMITS, "no limit"),
    Lever("growth_per_year", "Growth above", "thresholds.growth_per_year", 0.05, 0.6, 0.01, "share"),
    Lever("uncovered_share", "Succession gap above", "thresholds.uncovered_share", 0.05, 0.8, 0.01, "share"),
    Lever("high_performer_turnover", "Turnover trigger above", "thresholds.high_performer_turnover",
          0.02, 0.4, 0.01, "share"),
    Lever("critical_roles_uncovered", "Succession trigger above", "thresholds.critical_roles_uncovered",
          0.05, 0.8, 0.01, "share"),
    Lever("coordination_share", "Friction above", "thresholds.coordination_share", 0.1, 0.9, 0.01, "share"),
    *(
        Lever(f"weight_{name}", name.capitalize(), f"weights.{name}", 0, 3, 0.1, "weight", "", WEIGHTS_GROUP)
        for name in ("turnover", "succession", "engagement", "friction", "delivery")
    ),
)  # fmt: skip
LEVERS: Final[Mapping[str, Lever]] = {lever.key: lever for lever in _LEVERS}


@dataclass(frozen=True)
class Reach:
    """A lever for one client: its range and steps pass through `home`, where it stands before anybody moves it."""

    lever: Lever
    low: float
    high: float
    step: float
    home: float

    def on_step(self, value: float) -> float:
        """The nearest step to `value`; home is one of them."""
        steps = round((min(max(value, self.low), self.high) - self.low) / self.step)
        return round(min(self.low + steps * self.step, self.high), 9)


def reach(lever: Lever, home: float) -> Reach:
    """The lever's range with `home` on one of its steps and inside."""
    low, high, step = lever.low, lever.high, lever.step
    if lever.key == "budget":
        step = nice_step(max(home, 1_000.0) / STEPS_EACH_WAY)
        low, high = 0.0, max(home * BUDGET_REACH, STEPS_EACH_WAY * step)
    elif lever.key == "cohort":
        low, high = min(lever.low, home), max(60.0, 3 * home)
    low, high = min(low, home), max(high, home)
    start = home - step * math.floor((home - low) / step + CLOSE)
    return Reach(lever, round(start, 9), round(start + step * round((high - start) / step), 9), step, home)


def nice_step(about: float) -> float:
    """The largest 1, 2 or 5 times a power of ten that is at most `about`, and at least 1."""
    size = 10.0 ** max(0, len(str(int(about))) - 1)
    return max(1.0, max(factor * size for factor in (1.0, 2.0, 5.0) if factor * size <= max(about, 1.0)))


def value_in(scenario: Scenario, lever: Lever, facts: Facts, assumed: Mapping[str, float]) -> float:
    """Where a lever stands in a scenario; `assumed` has the assumptions by name as they are without an override."""
    group, _, name = lever.field.rpartition(".")
    if group == "overrides":
        return scenario.overrides.get(name, assumed.get(name, lever.low))
    if lever.key in ("budget", "cohort"):
        return facts.budget_money if lever.key == "budget" else float(facts.cohort_size)
    found = getattr(getattr(scenario, group) if group else scenario, name)
    return lever.high if found is None else float(found)


def with_values(
    scenario: Scenario, home: Scenario, values: Mapping[str, float], reaches: Mapping[str, Reach]
) -> Scenario:
    """The scenario with levers at these values; one that stands at home says exactly what `home` says."""
    for key, value in values.items():
        scenario = _with(scenario, home, reaches[key], value)
    return scenario


def _with(scenario: Scenario, home: Scenario, found: Reach, value: float) -> Scenario:
    group, _, name = found.lever.field.rpartition(".")
    back = abs(value - found.home) <= CLOSE * max(1.0, abs(found.home))
    if group == "overrides":
        kept = {other: v for other, v in scenario.overrides.items() if other != name}
        if not back:
            kept[name] = float(value)
        elif name in home.overrides:
            kept[name] = home.overrides[name]
        return scenario.model_copy(update={"overrides": kept})
    if group:
        inner = getattr(home, group)
        new = getattr(inner, name) if back else float(value)
        return scenario.model_copy(update={group: getattr(scenario, group).model_copy(update={name: new})})
    if back:
        return scenario.model_copy(update={name: getattr(home, name)})
    whole = found.lever.unit in ("people", "months")
    limitless = bool(found.lever.top) and value >= found.high - CLOSE
    return scenario.model_copy(update={name: None if limitless else round(value) if whole else float(value)})


@dataclass(frozen=True)
class Asked:
    """What an address asks for: a scenario's name, levers' values as written, and keys that could not be read."""

    scenario: str | None = None
    values: Mapping[str, float] = field(default_factory=dict)
    unread: tuple[str, ...] = ()

    def within(self, reaches: Mapping[str, Reach]) -> tuple[dict[str, float], tuple[str, ...]]:
        """Values put on the levers' steps, and the labels of those that could not be used.

        Budget and cohort size may lie beyond the slider's usual end; it then reaches as far.
        """
        good: dict[str, float] = {}
        bad = [LEVERS[key].label for key in self.unread if key in LEVERS]
        for key, value in self.values.items():
            found = reaches[key]
            most = found.lever.high if key in ("budget", "cohort") else found.high
            least = 1.0 if key == "cohort" else found.low if key != "budget" else 0.0
            if least - CLOSE <= value <= most + CLOSE:
                good[key] = _snapped(found, value)
            else:
                bad.append(found.lever.label)
        return good, tuple(bad)


def _snapped(found: Reach, value: float) -> float:
    return wide(found, value).on_step(value)


def wide(found: Reach, value: float) -> Reach:
    """The reach with its ends moved so that `value` lies inside, on the same steps."""
    more = max(0, math.ceil((value - found.high) / found.step - CLOSE))
    less = max(0, math.ceil((found.low - value) / found.step - CLOSE))
    low = found.low - less * found.step
    return replace(found, low=low if low > 0 else found.low, high=round(found.high + more * found.step, 9))


def read_address(query: str) -> Asked:
    """The parts of an address that are ours; what is not a plain number, or comes twice, is named as unread."""
    if len(query) > LONGEST_ADDRESS:
        return Asked(unread=tuple(LEVERS))
    given = parse_qs(query, keep_blank_values=True, max_num_fields=None)
    values: dict[str, float] = {}
    unread: list[str] = []
    for key in LEVERS:
        texts = given.get(key)
        if texts is None:
            continue
        if len(texts) == 1 and NUMBER.fullmatch(texts[0]):
            values[key] = float(texts[0])
        else:
            unread.append(key)
    names = given.get("scenario", [])
    return Asked(scenario=names[0] if len(names) == 1 else None, values=values, unread=tuple(unread))


def slider(found: Reach, now: float, say: Words, facts: Facts) -> Slider:
    """The slider of a lever at `now`, in the client's language and currency."""
    lever, found = found.lever, wide(found, now)
    formats: dict[Unit, dict[str, Any]] = {
        "money": {"style": "currency", "currency": facts.currency, "maximumFractionDigits": 0},
        "people": {"maximumFractionDigits": 0},
        "months": {"style": "unit", "unit": "month", "unitDisplay": "long", "maximumFractionDigits": 0},
        "hours": {"style": "unit", "unit": "hour", "unitDisplay": "long", "maximumFractionDigits": 0},
        "share": {"style": "percent", "maximumFractionDigits": 0},
        "SD": {"minimumFractionDigits": 2, "maximumFractionDigits": 2},
        "weight": {"minimumFractionDigits": 1, "maximumFractionDigits": 1},
    }

    says: dict[Unit, Callable[[float], str]] = {
        "money": say.money_full,
        "people": say.count,
        "months": lambda value: say.count(value, "month"),
        "hours": lambda value: say.count(value, "hour"),
        "share": say.share,
        "SD": say.effect,
        "weight": lambda value: say.number(value, 1),
    }

    def words(value: float) -> str:
        return lever.top if lever.top and value >= found.high - CLOSE else says[lever.unit](value)

    return Slider(
        key=lever.key,
        label=lever.label,
        low=found.low,
        high=found.high,
        step=found.step,
        value=found.on_step(now),
        start=found.home,
        words=words,
        format=formats[lever.unit],
        locale=facts.locale.replace("_", "-"),
        help=lever.help,
        group=lever.group,
        top=lever.top,
        suffix=" SD" if lever.unit == "SD" else "",
    )


def reaches_of(keys: Sequence[str], home: Scenario, facts: Facts, assumed: Mapping[str, float]) -> dict[str, Reach]:
    """The reach of each lever for a client whose levers stand at `home`."""
    return {key: reach(LEVERS[key], value_in(home, LEVERS[key], facts, assumed)) for key in keys}
