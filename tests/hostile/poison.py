"""Put a payload into every text of a result that a client may have supplied."""

from __future__ import annotations

from itertools import cycle
from typing import Any

from pydantic import BaseModel

OURS = {"currency"}


def poisoned(value: Any, payloads: list[str]) -> Any:
    """`value` with a payload before every free text and every free key; codes keep their meaning."""
    return _poison(value, cycle(payloads), {})


def _poison(value: Any, payloads: Any, seen: dict[str, str]) -> Any:
    if isinstance(value, BaseModel):
        fields = type(value).model_fields
        changed = {
            name: _field(getattr(value, name), str(fields[name].annotation), payloads, seen)
            for name in fields
            if name not in OURS
        }
        return value.model_copy(update=changed)
    if isinstance(value, tuple):
        return tuple(_poison(item, payloads, seen) for item in value)
    return value


def _field(value: Any, kind: str, payloads: Any, seen: dict[str, str]) -> Any:
    free = "str" in kind and "Literal" not in kind
    if isinstance(value, str):
        return _text(value, payloads, seen) if free else value
    if isinstance(value, tuple):
        return tuple(_field(item, kind, payloads, seen) for item in value)
    if isinstance(value, dict):
        names = {key: _text(key, payloads, seen) if kind.startswith("dict[str") else key for key in value}
        return {names[key]: _field(item, kind, payloads, seen) for key, item in value.items()}
    return _poison(value, payloads, seen)


def _text(text: str, payloads: Any, seen: dict[str, str]) -> str:
    """The same text is poisoned the same way, so that names still meet."""
    return seen.setdefault(text, next(payloads) + text)
