"""The command that says where a figure of a published client comes from: `explain`."""

from __future__ import annotations

import json
from collections.abc import Iterator
from textwrap import fill
from typing import TYPE_CHECKING, Final

import click

if TYPE_CHECKING:
    from workbook.explain import Explanation, Input
    from workbook.results import Results

WIDTH: Final = 100
INDENT: Final = 14
LISTED: Final = 24

_debug = click.option("--debug", is_flag=True, expose_value=False, help="Show the program's own trace with an error.")


@click.command()
@click.argument("published")
@click.argument("key")
@click.option("--json", "as_json", is_flag=True, help="Print it as JSON.")
@_debug
def explain(published: str, key: str, as_json: bool) -> None:
    """Say where a figure of results.json comes from: formula, inputs, sources, and the function that computes it.

    KEY is a path through results.json; a section lists what is below it, and list entries count from 0.

    Example: workbook explain out/acme week2.return.leadership.npv; workbook explain out/acme week3.plan.0.cost
    """
    from workbook.explain import explain as explained
    from workbook.results import Results
    from workbook.runner.serve import published_run

    results = Results.load(published_run(published) / "results.json")
    found = explained(results, key)
    if as_json:
        click.echo(json.dumps(found.model_dump(mode="json"), indent=2, ensure_ascii=False))
    else:
        click.echo(text(found, results))


def text(found: Explanation, results: Results) -> str:
    """An explanation as a block to read."""
    from workbook.words import clean

    return "\n".join([clean(found.label), *_lines(found, results)])


def _lines(found: Explanation, results: Results) -> Iterator[str]:
    yield from _row("Key", found.key)
    if found.value:
        yield from _row("Value", _value(found.value))
    yield from _row("Missing", found.why or "")
    yield from _row("Unit", found.unit)
    yield from _row("Formula", found.formula)
    yield from _row("Computed by", found.computed_by)
    for place, name in enumerate(found.also):
        yield from _row("" if place else "and", name)
    for place, key in enumerate(found.from_keys):
        yield from _row("" if place else "Depends on", key + _now(key, results))
    yield from _row("Tables", ", ".join(found.tables))
    for place, each in enumerate(found.inputs):
        yield from _row("" if place else "Assumptions", _input(each))
    yield from _row("Behind them" if found.inputs else "Behind it", ", ".join(found.behind))
    yield from _row("Source", found.source)
    for place, key in enumerate(found.below[:LISTED]):
        yield from _row("" if place else "Below it", key + _now(key, results))
    if len(found.below) > LISTED:
        yield from _row("", f"and {len(found.below) - LISTED} more, up to {found.below[-1]}")


def _row(name: str, said: str) -> Iterator[str]:
    from workbook.words import clean

    if said:
        lead = f"  {name}".ljust(INDENT)
        yield fill(clean(said), WIDTH, initial_indent=lead, subsequent_indent=" " * INDENT, break_on_hyphens=False,
                   break_long_words=False)  # fmt: skip


def _input(one: Input) -> str:
    from workbook.words import sentence

    span = f", range {one.span}" if one.span else ", fixed"
    told = one.source.lower().startswith(one.evidence.lower())
    return (
        f"{one.label} ({one.name}): {one.value}{span}. " + ("" if told else f"{sentence(one.evidence)} ") + one.source
    )


def _value(value: dict[str, str]) -> str:
    names = {"point": "at point values", "p10": "P10", "p50": "P50", "p90": "P90"}
    if list(value) == ["value"]:
        return value["value"]
    return "; ".join(f"{names.get(part, part)} {said}" for part, said in value.items())


def _now(key: str, results: Results) -> str:
    """The value now of a key that names one figure, behind a colon; nothing for a section or a pattern."""
    from workbook.explain import explain as explained

    value = {} if "*" in key else explained(results, key).value
    first = next(iter(value.values()), "")
    return f": {first}" if first else ""


def register(group: click.Group) -> None:
    """Add this command to the command line."""
    group.add_command(explain)
