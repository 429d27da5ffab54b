"""The commands on a published client that need no new run: `compare`, `scenario save`, `scenario list`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from workbook.evidence import Evidence
    from workbook.results import Results
    from workbook.scenario import Scenario


def _published(home: str) -> tuple[Evidence, Results]:
    """Evidence and results of the current run of `out/<client>`."""
    from workbook.evidence import Evidence
    from workbook.results import Results
    from workbook.runner.serve import published_run

    run = published_run(home)
    return Evidence.load(run / "evidence.json"), Results.load(run / "results.json")


def _named(home: str, names: Sequence[str], results: Results) -> list[Scenario]:
    """Saved scenarios on the seed and draws of the published run."""
    from workbook.scenarios import load_scenario

    same = {"seed": results.provenance.seed, "draws": results.provenance.draws}
    return [load_scenario(home, name).model_copy(update=same) for name in names]


_set = click.option(
    "--set",
    "settings",
    multiple=True,
    metavar="KEY=NUMBER",
    help="budget_money, cohort_size, start_month, thresholds.…, weights.… or an assumption; may be repeated.",
)


_debug = click.option("--debug", is_flag=True, expose_value=False, help="Show the program's own trace with an error.")


@click.command()
@click.argument("published")
@click.argument("names", nargs=-1)
@click.option(
    "--scenario", "first", multiple=True, help="Scenarios to compare; more names may follow. base by default."
)
@_set
@click.option("--csv", "csv_file", help="Write the figures, not rounded, to this file too.")
@_debug
def compare(
    published: str, names: Sequence[str], first: Sequence[str], settings: Sequence[str], csv_file: str | None
) -> None:
    """Compare scenarios of a published client side by side, on the same draws.

    With --set, one more column is the first scenario with those values.

    Example: workbook compare out/acme --scenario base lean; workbook compare out/acme --set budget_money=300000
    """
    from workbook.runner.paths import local_path
    from workbook.scenarios import check_assumptions, with_settings, write_whole
    from workbook.view.compare import csv_text, table
    from workbook.weeks.compare import compare as compared

    evidence, results = _published(published)
    scenarios = _named(published, [*first, *names] or ["base"], results)
    if settings:
        scenarios.append(with_settings(scenarios[0], settings, name="with-set"))
    for scenario in scenarios:
        check_assumptions(scenario, evidence)
    target = local_path(csv_file, what="csv file") if csv_file else None
    found = compared(evidence, scenarios)
    click.echo(table(found))
    if target is not None:
        write_whole(target, csv_text(found))
        click.echo(f"Written to {csv_file}.")


@click.group()
def scenario() -> None:
    """Save and list named scenarios of a published client; runs leave them alone.

    Example: workbook scenario save out/acme lean --set budget_money=300000
    """


@scenario.command()
@click.argument("published")
@click.argument("name")
@_set
@click.option("--from", "start", default="base", show_default=True, help="Scenario to start from.")
@click.option("--replace", is_flag=True, help="Replace a scenario of this name.")
@_debug
def save(published: str, name: str, settings: Sequence[str], start: str, replace: bool) -> None:
    """Save a scenario under a name.

    Example: workbook scenario save out/acme lean --set budget_money=300000 --set d_leadership=0.2
    """
    from workbook.scenarios import save_scenario, scenario_file, with_settings

    evidence, results = _published(published)
    scenario_file(published, name)
    made = with_settings(_named(published, [start], results)[0], settings, name=name)
    save_scenario(published, made, evidence, replace=replace)
    click.echo(f"Saved. Compare it: workbook compare {published} --scenario base {name}")


@scenario.command(name="list")
@click.argument("published")
@_debug
def list_saved(published: str) -> None:
    """List the saved scenarios and what each changes.

    Example: workbook scenario list out/acme
    """
    from workbook.scenarios import list_scenarios, load_scenario
    from workbook.weeks.compare import changes

    click.echo("base: what client.yml says")
    for name in list_scenarios(published):
        moved = ", ".join(f"{key}={value:.12g}" for key, value in changes(load_scenario(published, name)).items())
        click.echo(f"{name}: {moved or 'nothing changed'}")


def register(group: click.Group) -> None:
    """Add these commands to the command line."""
    for command in (compare, scenario):
        group.add_command(command)
