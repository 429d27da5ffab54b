"""The programme catalogue: what can be bought, for whom, at what price, and what it is held to do to which leak."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Annotated, Any, Final, Literal

from pydantic import Field, StringConstraints, ValidationError, field_validator, model_validator

from workbook.catalogue.shipped import read_shipped
from workbook.errors import BadArgument
from workbook.frozen import Frozen

Leak = Literal[
    "leadership_vacancies",
    "regretted_exits",
    "cross_team_delay",
    "rework",
    "slow_decisions",
    "technical_skill_gap",
]
Effect = tuple[float, float, float]
Text = Annotated[str, StringConstraints(min_length=1, strip_whitespace=True)]
Amount = Annotated[float, Field(ge=0)]
MODERATORS: Final = ("needs_analysis", "feedback", "practice", "spaced", "on_site")
PRICES: Final = ("fixed_money", "money_per_participant", "money_tiers")
REFERENCE_MANAGER_PAY_MONEY: Final = 95_000.0
"""Yearly pay of managers, in US dollars, at which the shipped prices hold (house assumption)."""


class Programme(Frozen):
    """One programme. Money is in the client's currency once priced; effects are reduction shares (low, likely, high).

    `money_tiers` maps a number of seats to the price a participant that holds for all seats from there on.
    `own` lists the fields the client stated itself.
    """

    programme: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
    name: Text
    track: Literal["leadership", "technical"]
    audience: Literal["executive", "manager", "emerging", "individual"]
    outcome: Literal["behaviour", "capability", "technical"]
    delivery: Literal["workshop", "mobile", "microlearning", "portal", "coaching"]
    fixed_money: Amount = 0.0
    money_per_participant: Amount
    money_tiers: dict[Annotated[int, Field(ge=1)], Amount] = Field(default_factory=dict)
    hours_per_participant: Annotated[float, Field(ge=0, le=2000)]
    group_min: Annotated[int, Field(ge=1)] = 1
    group_max: Annotated[int, Field(ge=1)] = 1000
    groups_per_month: Annotated[int, Field(ge=1)] = 4
    months: Annotated[float, Field(ge=0, le=36)]
    months_to_effect: Annotated[float, Field(ge=0, le=36)]
    decay_share_per_month: Annotated[float, Field(ge=0, lt=1)] | None = None
    reinforcement: tuple[str, ...] = ()
    effect_at_ref: dict[Leak, Effect]
    moderators: tuple[Literal["needs_analysis", "feedback", "practice", "spaced", "on_site"], ...] = ()
    competencies: tuple[str, ...] = ()
    journey_stage: Literal["new", "individual", "emerging", "manager", "executive"]
    evidence: Literal["published", "client", "judgement"]
    source: Text
    available: bool = True
    own: tuple[str, ...] = ()

    @field_validator("effect_at_ref", mode="before")
    @classmethod
    def _triples(cls, given: Any) -> Any:
        if not isinstance(given, Mapping):
            return given
        return {key: value.split(",") if isinstance(value, str) else value for key, value in given.items()}

    @field_validator("reinforcement", "moderators", "competencies", mode="before")
    @classmethod
    def _lists(cls, given: Any) -> Any:
        return [part.strip() for part in given.split(",") if part.strip()] if isinstance(given, str) else given

    @model_validator(mode="after")
    def _in_order(self) -> Programme:
        if self.group_max < self.group_min:
            raise ValueError("group_max must not be below group_min")
        for leak, (low, likely, high) in self.effect_at_ref.items():
            if not -1 <= low <= likely <= high <= 1:
                raise ValueError(f"effect_at_ref of {leak}: low <= likely <= high must hold, each from -1 to 1")
        if not self.effect_at_ref:
            raise ValueError("effect_at_ref names no leak")
        return self


@cache
def shipped_programmes() -> tuple[Programme, ...]:
    """The programmes this package ships, in the order of its file."""
    return tuple(Programme.model_validate(row) for row in read_shipped("programmes.yml"))


def features_changed(programme: Programme) -> int:
    """Design features (`moderators`) added less those left out against the programme as shipped.

    0 for a programme that is not shipped, and where the client stated its effects anew: they hold for its own design.
    """
    return 0 if "effect_at_ref" in programme.own else _changed(programme, "moderators")


def reinforcements_changed(programme: Programme) -> int:
    """Kinds of reinforcement added less those left out against the programme as shipped.

    All of them where nobody states how fast the effect fades; 0 where the client states that itself.
    """
    if programme.decay_share_per_month is None:
        return len(set(programme.reinforcement))
    return 0 if "decay_share_per_month" in programme.own else _changed(programme, "reinforcement")


def _changed(programme: Programme, field: str) -> int:
    base = next((entry for entry in shipped_programmes() if entry.programme == programme.programme), programme)
    return len(set(getattr(programme, field))) - len(set(getattr(base, field)))


def validate_change(change: Mapping[str, Any]) -> list[str]:
    """What is wrong with one entry of a client's programmes.yml, in sentences; empty if nothing."""
    return _checked(change)[1]


NOTHING_OFFERED: Final = "every programme is withdrawn. Leave at least one available, or there is nothing to weigh."


def merge(changes: Iterable[Mapping[str, Any]]) -> tuple[Programme, ...]:
    """The shipped catalogue with the client's changes; `available: false` takes a programme out.

    Values may be text. A change of a shipped programme needs its `programme`, what changes, and a `source`; a new one
    needs everything. Raises BadArgument listing every problem.
    """
    catalogue = {entry.programme: entry for entry in shipped_programmes()}
    problems: list[str] = []
    for change in changes:
        entry, found = _checked(change)
        problems += found
        if entry is not None:
            catalogue[entry.programme] = entry
    if problems:
        raise BadArgument("\n".join(problems))
    offered = tuple(entry for entry in catalogue.values() if entry.available)
    if not offered:
        raise BadArgument(NOTHING_OFFERED)
    return offered


def _checked(change: Mapping[str, Any]) -> tuple[Programme | None, list[str]]:
    key = str(change.get("programme") or "").strip()
    if not key:
        return None, [
            "a programme without the key 'programme'. Write its short name, such as 'programme: manager_essentials'."
        ]
    problems = [_unknown(key, name) for name in change if name not in Programme.model_fields or name == "own"]
    base = next((entry for entry in shipped_programmes() if entry.programme == key), None)
    given = {name: value for name, value in change.items() if name in Programme.model_fields and name != "own"}
    if base is not None and not str(change.get("source") or "").strip():
        problems.append(f"programme '{key}': 'source' is missing. Say where the changed values come from.")
    merged = {**(base.model_dump() if base else {}), **given, "own": tuple(given), "programme": key}
    if base is not None and "money_per_participant" in given and "money_tiers" not in given:
        merged["money_tiers"] = {}
    try:
        return Programme.model_validate(merged), problems
    except ValidationError as error:
        told = [
            _sentence(key, fault)
            for fault in error.errors()
            if not (fault["type"] == "missing" and fault["loc"] == ("source",) and base)
        ]
        return None, problems + told


def _unknown(programme: str, name: str) -> str:
    near = difflib.get_close_matches(name, [field for field in Programme.model_fields if field != "own"], n=1)
    hint = f" Did you mean '{near[0]}'?" if near else ""
    return f"programme '{programme}', key '{name}': not known.{hint}"


def _sentence(programme: str, fault: Mapping[str, Any]) -> str:
    where = ".".join(str(part) for part in fault["loc"] if part != "[key]")
    if fault["type"] == "missing":
        return f"programme '{programme}', key '{where}': missing. A programme the catalogue does not ship needs it."
    text = str(fault["msg"]).removeprefix("Value error, ")
    return f"programme '{programme}', key '{where}': {text}." if where else f"programme '{programme}': {text}."
