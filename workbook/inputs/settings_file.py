"""`client.yml` → Settings: text converted by the declared type of each key, every problem at once, in our own words."""

from __future__ import annotations

import datetime as dt
import re
import types
from dataclasses import dataclass, field
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel, ValidationError

from workbook.errors import Problem
from workbook.inputs.cells import usable_format
from workbook.inputs.words import listed, shown, suggestion
from workbook.inputs.yaml_text import Path, YamlText, read_yaml
from workbook.settings import Settings

FILE = "client.yml"
INTEGER = re.compile(r"[+-]?\d{1,15}")
NUMBER = re.compile(r"[+-]?(\d{1,15}(\.\d+)?|\.\d+)([eE][+-]?\d{1,2})?")
ISO_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
SLUG_REMEDY = "Use 1 to 40 lower-case letters, digits and inner hyphens, such as 'acme-retail'."
STAND_IN = {"client": "unnamed", "currency": "XXX", "as_of": dt.date(9999, 1, 1)}
_GONE = object()


@dataclass(frozen=True)
class SettingsText:
    """What `client.yml` says. With problems, `settings` keeps what was sound, so that tables can still be checked."""

    settings: Settings
    problems: tuple[Problem, ...]
    stand_ins: frozenset[str] = frozenset()


@dataclass
class _Faults:
    """Problems found so far and the line of each key."""

    text: YamlText
    file: str
    problems: list[Problem] = field(default_factory=list)
    paths: set[Path] = field(default_factory=set)

    def add(self, path: Path, what: str, remedy: str = "", value: str | None = None) -> object:
        line = self.text.lines.get(path)
        where = f"(line {line})" if line is not None and path else ""
        remedy = " ".join(part for part in (remedy, where) if part)
        self.problems.append(Problem(self.file, None, ".".join(path) or None, what, remedy, value))
        self.paths.add(path)
        return _GONE


def read_settings(content: bytes, file: str = FILE) -> SettingsText:
    """Settings from the bytes of `client.yml`."""
    text = read_yaml(content, file)
    faults = _Faults(text, file, list(text.problems))
    data: Any = {} if text.data is None else text.data
    if not isinstance(data, dict):
        faults.add((), "The file is not a list of 'key: value' lines.", "Start with 'client: your-client'.")
        data = {}
    unreadable = any(problem.column is None for problem in faults.problems)
    data = _coerce(Settings, data, (), faults)
    settings, stand_ins = _validated(data, faults, report=not unreadable)
    _check_codes(settings, stand_ins, faults)
    _check_correlations(settings, faults)
    return SettingsText(settings, tuple(faults.problems), stand_ins)


def _validated(data: dict[str, Any], faults: _Faults, *, report: bool) -> tuple[Settings, frozenset[str]]:
    """Settings from coerced data; keys at fault are reported and replaced by their defaults."""
    spoilt: set[str] = {path[0] for path in faults.paths if path}
    try:
        return Settings.model_validate(data), frozenset()
    except ValidationError as error:
        for detail in error.errors():
            path = _path_in(data, detail["loc"])
            top = str(detail["loc"][0])
            if report and not any(path[: len(seen)] == seen for seen in faults.paths if seen):
                _translate(path, detail, faults)
            spoilt.add(top)
    sound = {key: value for key, value in data.items() if key not in spoilt}
    stand_ins = frozenset(key for key in STAND_IN if key not in sound)
    return Settings.model_validate({**STAND_IN, **sound}), stand_ins


def _coerce(kind: Any, node: Any, path: Path, faults: _Faults) -> Any:
    """`node` (text, list, mapping) as the declared `kind`; `_GONE` after reporting what cannot be."""
    origin = get_origin(kind)
    if origin is Annotated:
        return _coerce(get_args(kind)[0], node, path, faults)
    if origin in (Union, types.UnionType):
        return _coerce_union(get_args(kind), node, path, faults)
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        return _coerce_model(kind, node, path, faults)
    if origin is dict:
        return _coerce_dict(get_args(kind), node, path, faults)
    if origin is tuple:
        if not isinstance(node, list):
            return faults.add(path, "should be a list.", "Write it as [first, second].")
        inner = get_args(kind)[0]
        values = [_coerce(inner, item, (*path, str(i + 1)), faults) for i, item in enumerate(node)]
        return [value for value in values if value is not _GONE]
    if isinstance(node, dict | list) or node is None:
        return faults.add(path, "should be a single value.")
    return _coerce_scalar(kind, node, path, faults)


def _coerce_union(kinds: tuple[Any, ...], node: Any, path: Path, faults: _Faults) -> Any:
    words = [kind for kind in kinds if get_origin(kind) is Literal]
    others = [kind for kind in kinds if kind is not type(None) and kind not in words]
    if node is None and type(None) in kinds:
        return None
    if any(node in get_args(kind) for kind in words if isinstance(node, str)):
        return node
    return _coerce((others or words)[0], node, path, faults)


def _coerce_model(kind: type[BaseModel], node: Any, path: Path, faults: _Faults) -> Any:
    if not isinstance(node, dict):
        known = listed(kind.model_fields, last="or")
        return faults.add(path, "should be a group of keys.", f"Write it as {{key: value}} with {known}.")
    data = {}
    for key, inner in node.items():
        where = (*path, key)
        if key not in kind.model_fields:
            faults.add(where, "not known.", suggestion(key, kind.model_fields))
        elif inner is not None:
            value = _coerce(kind.model_fields[key].annotation, inner, where, faults)
            if value is not _GONE:
                data[key] = value
    return data


def _coerce_dict(kinds: tuple[Any, ...], node: Any, path: Path, faults: _Faults) -> Any:
    if node is None:
        return {}
    if not isinstance(node, dict):
        return faults.add(path, "should be a group of keys.", "Write it as {name: value}.")
    key_kind, value_kind = kinds
    data = {}
    for key, inner in node.items():
        if get_origin(key_kind) is Literal and key not in get_args(key_kind):
            faults.add((*path, key), "not known.", suggestion(key, get_args(key_kind)))
            continue
        value = _coerce(value_kind, inner, (*path, key), faults)
        if value is not _GONE:
            data[key] = value
    return data


def _coerce_scalar(kind: Any, text: str, path: Path, faults: _Faults) -> Any:
    if kind is bool:
        if text in {"true", "false"}:
            return text == "true"
        return faults.add(path, f"{shown(text)} is neither true nor false.", "Write true or false.", text)
    if kind is int:
        if INTEGER.fullmatch(text):
            return int(text)
        return faults.add(path, f"{shown(text)} is not a whole number.", "Write digits only, such as 24.", text)
    if kind is float:
        if NUMBER.fullmatch(text):
            return float(text)
        remedy = "Write digits with a point for decimals and no separators, such as 250000 or 0.08."
        return faults.add(path, f"{shown(text)} is not a number.", remedy, text)
    if kind is dt.date:
        return _coerce_date(text, path, faults)
    if get_origin(kind) is Literal and text not in get_args(kind):
        return faults.add(path, f"{shown(text)} is not known.", suggestion(text, map(str, get_args(kind))), text)
    return text


def _coerce_date(text: str, path: Path, faults: _Faults) -> Any:
    try:
        if ISO_DATE.fullmatch(text):
            return dt.date.fromisoformat(text)
    except ValueError:
        pass
    return faults.add(path, f"{shown(text)} is not a date.", "Write year-month-day, such as 2026-06-30.", text)


def _path_in(data: Any, loc: tuple[int | str, ...]) -> Path:
    """The part of pydantic's location that the reader wrote; a missing key keeps its name."""
    path: list[str] = []
    for step in loc:
        if isinstance(data, dict) and step in data:
            data = data[step]
            path.append(str(step))
        elif isinstance(data, list) and isinstance(step, int):
            data = data[step]
            path.append(str(step + 1))
        elif isinstance(data, dict) and step == loc[-1] and "[" not in str(step):
            path.append(str(step))
    return tuple(path)


def _translate(path: Path, detail: Any, faults: _Faults) -> None:
    """One of pydantic's findings in our words."""
    kind, limits, value = detail["type"], detail.get("ctx", {}), detail["input"]
    bounds = {
        "greater_than_equal": ("ge", "below {}", "Write {} or more."),
        "greater_than": ("gt", "not above {}", "Write more than {}."),
        "less_than_equal": ("le", "above {}", "Write {} or less."),
        "less_than": ("lt", "not below {}", "Write less than {}."),
    }
    if kind == "missing":
        examples = {"client": "acme-retail", "currency": "GBP", "as_of": "2026-06-30"}
        example = f" such as '{path[-1]}: {examples[path[-1]]}'" if path[-1] in examples else ""
        faults.add(path, "missing.", f"Add it,{example}." if example else "Add it.")
    elif kind in bounds:
        name, what, remedy = bounds[kind]
        limit = f"{limits[name]:g}"
        faults.add(path, f"{value:g} is {what.format(limit)}.", remedy.format(limit), str(value))
    elif path == ("client",) and kind != "value_error":
        faults.add(path, f"{shown(value)} cannot name a client.", SLUG_REMEDY, str(value))
    elif path == ("currency",):
        faults.add(path, f"{shown(value)} is not a currency code.", "Write three capitals, such as GBP.", str(value))
    elif kind == "string_too_short":
        faults.add(path, "empty.", "Write a text or leave the key out.")
    elif kind == "string_too_long":
        faults.add(path, f"longer than {limits['max_length']} characters.", "Shorten it.")
    else:
        reason = detail["msg"].removeprefix("Value error, ")
        faults.add(path, f"{reason[:1].upper()}{reason[1:].rstrip('.')}.")


def _check_correlations(settings: Settings, faults: _Faults) -> None:
    """Correlations must name shipped assumptions, each pair once."""
    if not settings.correlations:
        return
    from workbook.assumptions import problems_of_correlations, shipped_register

    asked = [(pair.a, pair.b, pair.rank) for pair in settings.correlations]
    for problem in problems_of_correlations(shipped_register(), asked):
        faults.add(("correlations",), problem[:1].upper() + problem[1:])


def _check_codes(settings: Settings, stand_ins: frozenset[str], faults: _Faults) -> None:
    """Currency, locale and date format must be ones that can be used."""
    from babel import localedata
    from babel.numbers import list_currencies

    if "currency" not in stand_ins and settings.currency not in list_currencies():
        faults.add(("currency",), f"{shown(settings.currency)} is not a currency code.", "Use ISO 4217, such as GBP.")
    if not localedata.exists(settings.locale):
        faults.add(("locale",), f"{shown(settings.locale)} is not a locale.", "Write language_COUNTRY, such as en_GB.")
    if settings.date_format is not None and not usable_format(settings.date_format):
        what = f"{shown(settings.date_format)} does not give day, month and a year of four digits."
        faults.add(("date_format",), what, "Write it like DD/MM/YYYY.")
