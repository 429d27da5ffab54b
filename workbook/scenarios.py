"""Named scenarios of a client, beside its runs and replaced by none of them.

```
out/acme/scenarios/lean.json    budget, cohort, thresholds, weights, assumptions; seed and draws belong to the run
```
"""

from __future__ import annotations

import difflib
import json
import os
import tempfile
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Final

from pydantic import ValidationError

from workbook.errors import BadArgument
from workbook.evidence import Evidence
from workbook.scenario import Scenario
from workbook.settings import is_slug

FOLDER: Final = "scenarios"
BASE: Final = "base"
MOST_BYTES: Final = 65_536
MOST_SAVED: Final = 50
OF_THE_RUN: Final = ("name", "draws", "seed")
GROUPS: Final = ("thresholds", "weights")


def save_scenario(home: str | Path, scenario: Scenario, evidence: Evidence, *, replace: bool = False) -> Path:
    """Write a scenario under its name, whole or not at all; returns the file.

    Raises BadArgument for a name that is no slug or is `base`, for a name already taken unless `replace`, for
    assumptions the client's register does not know or allow, and when MOST_SAVED are there already.
    """
    path = scenario_file(home, scenario.name)
    check_assumptions(scenario, evidence)
    if not path.exists() and len(list_scenarios(home)) >= MOST_SAVED:
        raise BadArgument(
            f"scenario '{scenario.name}': {MOST_SAVED} are saved already. Remove one from {FOLDER}/ first."
        )
    if path.exists() and not replace:
        raise BadArgument(f"scenario '{scenario.name}': this name is taken. Choose another, or replace it: --replace.")
    path.parent.mkdir(parents=True, exist_ok=True)
    write_whole(path, scenario.model_dump_json(indent=1, exclude=set(OF_THE_RUN[1:])) + "\n")
    return path


def load_scenario(home: str | Path, name: str) -> Scenario:
    """A saved scenario; `base` is what client.yml says and needs no file.

    Raises BadArgument for a name that is not there, with the nearest one, and for a file that cannot be used.
    """
    if name == BASE:
        return Scenario()
    path = scenario_file(home, name)
    if not path.is_file():
        known = [BASE, *list_scenarios(home)]
        near = difflib.get_close_matches(name, known, n=1)
        hint = f"Did you mean '{near[0]}'?" if near else f"Saved here: {', '.join(known)}."
        raise BadArgument(f"scenario '{name}': not saved here. {hint}")
    return scenario_from(_read(path), name=name)


def list_scenarios(home: str | Path) -> tuple[str, ...]:
    """Names of the saved scenarios, sorted; other files are not ours and are not looked at."""
    folder = _folder(home)
    if not folder.is_dir():
        return ()
    return tuple(sorted(path.stem for path in folder.glob("*.json") if is_slug(path.stem) and path.is_file()))


def scenario_from(fields: Mapping[str, Any], *, name: str) -> Scenario:
    """A scenario from a saved file's keys. Raises BadArgument listing every problem."""
    problems = [
        f"scenario '{name}': key '{key}' is not known.{_near(key, _keys())}" for key in sorted(_unknown(fields))
    ]
    if fields.get("name", name) != name:
        problems.append(f"scenario '{name}': its file says name '{fields['name']}'. Rename one of them.")
    if problems:
        raise BadArgument("\n".join(problems))
    try:
        return Scenario.model_validate({**fields, "name": name})
    except ValidationError as error:
        raise BadArgument("\n".join(_sentence(fault, name) for fault in error.errors())) from None


def with_settings(scenario: Scenario, settings: Iterable[str], *, name: str) -> Scenario:
    """`scenario` with `key=value` settings, under another name.

    Keys are budget_money, cohort_size and the like, `thresholds.…`, `weights.…`, or the name of an assumption. Raises
    BadArgument listing every setting that is not `key=number`; assumptions are checked by `check_assumptions`.
    """
    fields = scenario.model_dump()
    problems = []
    for setting in settings:
        key, equals, text = setting.partition("=")
        value = _number(text)
        if not equals or value is None:
            problems.append(f"--set {setting}: write key=number, such as budget_money=300000.")
            continue
        group, dot, field = key.strip().partition(".")
        if dot and group in GROUPS:
            fields[group][field] = value
        elif not dot and group in fields and not isinstance(fields[group], dict | str) and group not in OF_THE_RUN:
            fields[group] = value
        else:
            fields["overrides"][field if dot and group == "overrides" else key.strip()] = value
    if problems:
        raise BadArgument("\n".join(problems))
    return scenario_from({**fields, "name": name}, name=name)


def check_assumptions(scenario: Scenario, evidence: Evidence) -> None:
    """Raise BadArgument listing every assumption of the scenario that is unknown or out of its limits."""
    from workbook.assumptions import shipped_register
    from workbook.weeks.economics_inputs import register_of

    known = shipped_register()
    strange = sorted(set(scenario.overrides) - set(known))
    if strange:
        raise BadArgument(
            "\n".join(f"scenario '{scenario.name}': '{k}' is not known.{_near(k, [*known, *_keys()])}" for k in strange)
        )
    register_of(evidence, scenario.overrides)


def scenario_file(home: str | Path, name: str) -> Path:
    """Where a scenario is kept. Raises BadArgument for a name that could lead elsewhere."""
    if not is_slug(name):
        raise BadArgument(
            f"scenario {name!r}: not a name. Use lower-case letters, digits and hyphens, at most 40, such as 'lean'."
        )
    if name == BASE:
        raise BadArgument("scenario 'base': this name stands for what client.yml says. Choose another.")
    return _folder(home) / f"{name}.json"


def _folder(home: str | Path) -> Path:
    folder = Path(home) / FOLDER
    if folder.is_symlink():
        raise BadArgument(
            f"published folder: '{FOLDER}' is a link. Remove it; scenarios are kept in a folder of their own."
        )
    return folder


def _read(path: Path) -> Mapping[str, Any]:
    """The keys of a scenario file."""
    if path.is_symlink() or path.stat().st_size > MOST_BYTES:
        raise BadArgument(f"scenario '{path.stem}': its file is a link or too large to be a scenario. Remove it.")
    try:
        found = json.loads(path.read_text(encoding="utf-8"), object_pairs_hook=_once)
    except (ValueError, RecursionError) as error:
        why = str(error) if isinstance(error, _Twice) else "not readable as JSON"
        raise BadArgument(f"scenario '{path.stem}': {why}. Save it again.") from None
    if not isinstance(found, dict):
        raise BadArgument(f"scenario '{path.stem}': not a set of keys and values. Save it again.")
    return found


class _Twice(ValueError):
    """A key given twice."""


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    keys = [key for key, _ in pairs]
    for key in keys:
        if keys.count(key) > 1:
            raise _Twice(f"key '{key}' is given twice")
    return dict(pairs)


def write_whole(path: Path, text: str) -> None:
    """Write aside, flush to the disk, rename: a reader finds the old file or the new one, never a part."""
    handle, aside = tempfile.mkstemp(dir=path.parent, prefix=".saving-", suffix=".tmp")
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        os.chmod(aside, 0o644)
        os.replace(aside, path)
    except BaseException:
        Path(aside).unlink(missing_ok=True)
        raise
    if os.name != "nt":
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


def _keys() -> list[str]:
    return [key for key in Scenario.model_fields if key not in OF_THE_RUN]


def _unknown(fields: Mapping[str, Any]) -> set[str]:
    return {str(key) for key in fields} - set(Scenario.model_fields)


def _near(key: str, known: Iterable[str]) -> str:
    near = difflib.get_close_matches(key, list(known), n=1)
    return f" Did you mean '{near[0]}'?" if near else ""


def _sentence(fault: Mapping[str, Any], name: str) -> str:
    key = ".".join(str(part) for part in fault["loc"])
    if fault["type"] == "extra_forbidden":
        group = Scenario.model_fields[str(fault["loc"][0])].annotation
        hint = _near(str(fault["loc"][-1]), getattr(group, "model_fields", ()))
        return f"scenario '{name}': key '{key}' is not known.{hint}"
    return f"scenario '{name}': key '{key}' should be {_wanted(fault)}, not {fault['input']!r}."


def _wanted(fault: Mapping[str, Any]) -> str:
    """What a value should be, in plain words."""
    if fault["type"].startswith("int_"):
        return "a whole number"
    text = str(fault["msg"]).removeprefix("Value error, ").removeprefix("Input should be ")
    return text.replace("greater than or equal to", "at least").replace("less than or equal to", "at most")


def _number(text: str) -> float | int | None:
    """A plain number; whole ones stay whole. `nan`, `inf`, `1_000` and words are none."""
    plain = text.strip()
    if "_" in plain:
        return None
    try:
        value = float(plain)
    except ValueError:
        return None
    if value != value or value in (float("inf"), float("-inf")):
        return None
    return int(value) if value == int(value) and abs(value) < 2**53 else value
