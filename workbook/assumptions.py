"""The assumption register: every number the money side assumes, declared once with its range and its source.

One declaration feeds validation, sliders, draws, the tornado, the assumptions page and the spreadsheet.
Order of authority: shipped default, then what the client's tables measure, then the client's own `assumptions.csv`,
then a scenario.
"""

from __future__ import annotations

import difflib
import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from typing import Annotated, Any, Literal

import numpy as np
from pydantic import Field, StringConstraints, ValidationError, model_validator

from workbook.catalogue.shipped import read_shipped
from workbook.errors import BadArgument
from workbook.evidence import AssumptionChange
from workbook.frozen import Frozen
from workbook.model import simulation
from workbook.model.correlation import Pair, copula_rows
from workbook.model.simulation import WIDTH, Distribution, Floats

Text = Annotated[str, StringConstraints(min_length=1, strip_whitespace=True)]


class Assumption(Frozen):
    """One number: what it is, its range, its distribution and where it comes from.

    `low` and `high` are the bounds of uniform, triangular and pert, and the 90 % interval otherwise; where `coverage`
    is stated they are the central interval of that probability whatever the distribution. `minimum` and `maximum` are
    limits nobody may cross: draws beyond them are put on them. `column` is its own column of the draw matrix; `mixing`
    (column, weight) makes it move with others by a Gaussian copula. Measured numbers carry `shape` (gamma: events
    + 1/2; beta: both parameters) and `scale` (gamma: 1 / exposure).
    """

    name: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$")]
    label: Text
    unit: Text
    value: float
    low: float
    high: float
    minimum: float
    maximum: float
    step: Annotated[float, Field(gt=0)]
    distribution: Distribution
    evidence: Literal["published", "client", "judgement", "measured"]
    source: Text
    column: Annotated[int, Field(ge=0, lt=WIDTH)]
    defaulted_for: str | None = None
    shape: tuple[float, ...] = ()
    scale: float = 1.0
    coverage: Annotated[float, Field(gt=0, lt=1)] | None = None
    mixing: tuple[tuple[int, float], ...] = ()
    changed_by: Literal["client", "scenario", "measured"] | None = None

    @model_validator(mode="after")
    def _in_order(self) -> Assumption:
        if not self.minimum <= self.low <= self.value <= self.high <= self.maximum:
            raise ValueError("minimum <= low <= value <= high <= maximum must hold")
        if self.distribution == "lognormal" and not self.fixed and self.low <= 0:
            raise ValueError("a lognormal number needs low above 0")
        return self

    @property
    def fixed(self) -> bool:
        """Whether the number does not vary over draws."""
        return self.distribution == "fixed" or self.low == self.high

    @property
    def covered_share(self) -> float | None:
        """Probability between low and high: as stated, all where they are bounds, 90 % otherwise; None if fixed."""
        if self.fixed:
            return None
        if self.coverage is not None:
            return self.coverage
        return 1.0 if self.distribution in ("uniform", "triangular", "pert") else simulation.INTERVAL_COVERAGE

    @property
    def is_default(self) -> bool:
        """Whether the number only stands in for a table the client did not give."""
        return self.defaulted_for is not None and self.changed_by is None

    def draws(self, uniforms: Floats) -> Floats:
        """The number at each uniform, by its inverse distribution, kept within its hard limits."""
        if self.fixed:
            return np.full_like(uniforms, self.value)
        return np.clip(self._quantile(uniforms), self.minimum, self.maximum)

    def drawn_from(self, matrix: Floats, place: Mapping[int, int] | None = None) -> Floats:
        """The number in each row of the draw matrix (draws, WIDTH): its own column, mixed with others if declared.

        `place` tells where each column stands in a matrix that holds only some.
        """
        columns, weights = zip(*self.mixing, strict=True) if self.mixing else ((self.column,), (1.0,))
        at = list(columns) if place is None else [place[column] for column in columns]
        if not self.mixing:
            return self.draws(matrix[:, at[0]])
        return self.draws(simulation.mixed_uniforms(matrix[:, at], np.array(weights)))

    @property
    def columns(self) -> tuple[int, ...]:
        """Columns of the draw matrix the number is drawn from."""
        return tuple(column for column, _ in self.mixing) or (self.column,)

    def _quantile(self, u: Floats) -> Floats:
        low, high = self._bounds
        if self.distribution == "uniform":
            return simulation.uniform_quantile(u, low=low, high=high)
        if self.distribution == "triangular":
            return simulation.triangular_quantile(u, low=low, mode=self.value, high=high)
        if self.distribution == "pert":
            rise = 4 * (self.value - low) / (high - low)
            return low + (high - low) * simulation.from_table(u, simulation.beta_table(1 + rise, 5 - rise))
        if self.distribution == "normal":
            mean = self.value if self.coverage is None else (low + high) / 2
            return simulation.normal_quantile(u, mean=mean, low=low, high=high, z=self._z)
        if self.distribution == "lognormal":
            median = self.value if self.coverage is None else math.sqrt(low * high)
            return simulation.lognormal_quantile(u, median=median, low=low, high=high, z=self._z)
        if self.distribution == "gamma":
            return self.scale * simulation.from_table(u, simulation.gamma_table(self.shape[0]))
        return simulation.from_table(u, simulation.beta_table(*self._beta))

    @property
    def _z(self) -> float:
        if self.coverage is None:
            return simulation.Z_90
        return float(simulation.normal_scores(np.array([(1 + self.coverage) / 2]))[0])

    @property
    def _bounds(self) -> tuple[float, float]:
        """Where the distribution ends: low and high, or what lies beyond them where they are only an interval."""
        if self.coverage is None:
            return self.low, self.high
        if self.distribution == "uniform":
            beyond = (self.high - self.low) * (1 / self.coverage - 1) / 2
            return self.low - beyond, self.high + beyond
        given = {"low": self.low, "mode": self.value, "high": self.high, "coverage": self.coverage}
        if self.distribution == "triangular":
            return simulation.triangular_bounds(**given)
        return simulation.pert_bounds(**given) if self.distribution == "pert" else (self.low, self.high)

    @property
    def _beta(self) -> tuple[float, float]:
        if self.shape:
            return self.shape[0], self.shape[1]
        if self.coverage is None:
            return simulation.beta_parameters(mean=self.value, low=self.low, high=self.high)
        return simulation.beta_of_interval(low=self.low, high=self.high, coverage=self.coverage)


@dataclass(frozen=True)
class Register(Mapping[str, Assumption]):
    """All assumptions by name. Every change makes a new register. `pairs` are the rank correlations it draws with."""

    entries: Mapping[str, Assumption]
    pairs: tuple[Pair, ...] = ()
    unused_pairs: tuple[Pair, ...] = ()

    def __getitem__(self, name: str) -> Assumption:
        return self.entries[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self.entries)

    def __len__(self) -> int:
        return len(self.entries)

    @property
    def point(self) -> dict[str, float]:
        """Every number at its value."""
        return {name: entry.value for name, entry in self.entries.items()}

    @property
    def uncertain(self) -> tuple[str, ...]:
        """Names of the numbers that vary."""
        return tuple(name for name, entry in self.entries.items() if not entry.fixed)

    def draws(self, uniforms: Floats) -> dict[str, Floats]:
        """Draws of every uncertain number, from its own column of `uniforms` (draws, WIDTH)."""
        return {name: self[name].drawn_from(uniforms) for name in self.uncertain}

    @property
    def correlated(self) -> bool:
        """Whether any two numbers are drawn together."""
        return any(pair.used != 0 for pair in self.pairs)

    def with_correlations(self, asked: Iterable[tuple[str, str, float]]) -> Register:
        """This register drawing these pairs (a, b, rank correlation) together by a Gaussian copula.

        Pairs of which one number does not vary, or only stands in for a missing table, are kept aside as unused. A
        matrix that cannot be is replaced by the nearest that can; `pairs` says by how much. The order of the pairs does
        not matter. Raises BadArgument listing every problem.
        """
        wanted = [(a, b, float(rank)) for a, b, rank in asked]
        _refuse(problems_of_correlations(self, wanted))
        free = {name for name in self.uncertain if not self[name].is_default}
        usable = [pair for pair in wanted if pair[0] in free and pair[1] in free]
        named = {name for a, b, _ in usable for name in (a, b)}
        order = sorted(named, key=lambda name: self[name].column)
        rows, used = copula_rows(order, usable) if usable else ({}, [])
        mixed = {
            name: self[name].model_copy(update={"mixing": tuple((self[k].column, w) for k, w in row.items())})
            for name, row in rows.items()
            if len(row) > 1
        }
        unused = tuple(Pair(a, b, rank, 0.0) for a, b, rank in wanted if (a, b, rank) not in usable)
        return replace(self, entries={**self.entries, **mixed}, pairs=tuple(used), unused_pairs=unused)

    def measured(self, found: Iterable[Assumption]) -> Register:
        """This register with what the client's tables say."""
        return replace(self, entries={**self.entries, **{entry.name: entry for entry in found}})

    def changed(self, changes: Iterable[AssumptionChange]) -> Register:
        """This register with the client's own values. Raises BadArgument listing every problem."""
        made = list(changes)
        _refuse([problem for change in made for problem in problems_of_change(self, change)])
        return replace(self, entries={**self.entries, **{c.name: _by_client(self[c.name], c) for c in made}})

    def overridden(self, overrides: Mapping[str, float]) -> Register:
        """This register with a scenario's values; ranges move along. Raises BadArgument listing every problem."""
        _refuse([text for name, value in overrides.items() for text in _problems(self, name, value)])
        return replace(
            self,
            entries={**self.entries, **{name: moved(self[name], value) for name, value in overrides.items()}},
        )


def moved(entry: Assumption, value: float) -> Assumption:
    """`entry` at another value, its range moved along: by ratio if lognormal or gamma, else by difference."""
    low, high, shape, scale = entry.low, entry.high, entry.shape, entry.scale
    if entry.distribution in ("lognormal", "gamma") and entry.value > 0 and value > 0:
        low, high, scale = low * value / entry.value, high * value / entry.value, scale * value / entry.value
    else:
        low, high = low + value - entry.value, high + value - entry.value
    distribution = entry.distribution
    if distribution == "beta":
        shape, distribution = (), "normal"
    if distribution in ("lognormal", "gamma") and (value <= 0 or low <= 0):
        shape, distribution = (), "normal"
    return Assumption.model_validate(
        {
            **entry.model_dump(),
            "value": value,
            "low": min(max(low, entry.minimum), value),
            "high": max(min(high, entry.maximum), value),
            "shape": shape,
            "scale": scale,
            "distribution": distribution,
            "changed_by": "scenario",
        }
    )


def problems_of_correlations(register: Mapping[str, Assumption], asked: Iterable[tuple[str, str, float]]) -> list[str]:
    """What is wrong with rank correlations (a, b, rank), in sentences; empty if nothing."""
    found: list[str] = []
    seen: set[frozenset[str]] = set()
    for a, b, rank in asked:
        unknown = [text for name in dict.fromkeys((a, b)) if name not in register for text in _unknown(register, name)]
        if unknown:
            found += unknown
        elif a == b:
            found.append(f"correlation of '{a}' with itself: it is one. Name two different assumptions.")
        elif frozenset((a, b)) in seen:
            found.append(f"correlation of '{a}' and '{b}': stated twice.")
        elif not -1 <= rank <= 1:
            found.append(f"correlation of '{a}' and '{b}': {rank:g} is outside -1 to 1.")
        seen.add(frozenset((a, b)))
    return found


def problems_of_change(register: Register, change: AssumptionChange) -> list[str]:
    """What is wrong with a client's own value, in sentences; empty if nothing."""
    found = _problems(register, change.name, change.value)
    if change.name not in register:
        return found
    entry = register[change.name]
    low, high = change.low, change.high
    for name, bound in (("low", low), ("high", high)):
        if bound is not None and not entry.minimum <= bound <= entry.maximum:
            found.append(
                f"assumption '{entry.name}': {name} {bound:g} is outside its limits "
                f"{entry.minimum:g} to {entry.maximum:g}."
            )
    if low is not None and low > change.value:
        found.append(f"assumption '{entry.name}': low {low:g} is above the value {change.value:g}.")
    if high is not None and high < change.value:
        found.append(f"assumption '{entry.name}': high {high:g} is below the value {change.value:g}.")
    if not change.source.strip():
        found.append(f"assumption '{entry.name}': no source. Say where {change.value:g} comes from.")
    return found


def _problems(register: Mapping[str, Assumption], name: str, value: float) -> list[str]:
    if name not in register:
        return _unknown(register, name)
    entry = register[name]
    if not math.isfinite(value):
        return [f"assumption '{name}': {value} is not a number."]
    if not entry.minimum <= value <= entry.maximum:
        return [f"assumption '{name}': {value:g} is outside its limits {entry.minimum:g} to {entry.maximum:g}."]
    return []


def _unknown(register: Mapping[str, Assumption], name: str) -> list[str]:
    near = difflib.get_close_matches(name, list(register), n=1)
    hint = f" Did you mean '{near[0]}'?" if near else ""
    return [f"assumption '{name}': not known.{hint}"]


def _by_client(entry: Assumption, change: AssumptionChange) -> Assumption:
    base = moved(entry, change.value)
    low = base.low if change.low is None else change.low
    high = base.high if change.high is None else change.high
    distribution, coverage = base.distribution, base.coverage
    if change.low is not None or change.high is not None:
        coverage = simulation.INTERVAL_COVERAGE
        if distribution not in ("uniform", "triangular", "pert"):
            distribution = simulation.kind_by_rule(
                low=low, value=change.value, high=high, minimum=entry.minimum, maximum=entry.maximum
            )
    return Assumption.model_validate(
        {
            **base.model_dump(),
            "low": low,
            "high": high,
            "distribution": distribution,
            "coverage": coverage,
            "shape": base.shape if distribution == "gamma" else (),
            "evidence": "client",
            "source": change.source,
            "changed_by": "client",
        }
    )


def _refuse(problems: list[str]) -> None:
    if problems:
        raise BadArgument("\n".join(problems))


def register_from(rows: Iterable[Mapping[str, Any]]) -> Register:
    """A register from declarations. Raises BadArgument listing every problem: a missing source, a column used twice."""
    problems: list[str] = []
    entries: dict[str, Assumption] = {}
    columns: dict[int, str] = {}
    for row in rows:
        name = str(row.get("name", "(no name)"))
        try:
            entry = Assumption.model_validate(dict(row))
        except ValidationError as error:
            problems += [f"assumption '{name}': {_sentence(fault)}" for fault in error.errors()]
            continue
        if name in entries:
            problems.append(f"assumption '{name}': declared twice.")
        if entry.column in columns:
            problems.append(f"assumption '{name}': column {entry.column} belongs to '{columns[entry.column]}'.")
        entries[name], columns[entry.column] = entry, columns.get(entry.column, name)
    _refuse(problems)
    return Register(entries)


def _sentence(fault: Mapping[str, Any]) -> str:
    key = ".".join(str(part) for part in fault["loc"])
    if fault["type"] == "missing":
        return f"'{key}' is missing."
    if fault["type"] == "extra_forbidden":
        return f"'{key}' is not known."
    text = str(fault["msg"]).removeprefix("Value error, ")
    return f"'{key}': {text}." if key else f"{text}."


@cache
def shipped_register() -> Register:
    """The assumptions this package ships."""
    return register_from(read_shipped("assumptions.yml"))
