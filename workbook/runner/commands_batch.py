"""The commands on an output folder: `status`, `verify`, `purge`."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from workbook.runner.purge import Purged, Reason

INTEGRITY = 3

_debug = click.option("--debug", is_flag=True, expose_value=False, help="Show the program's own trace with an error.")


@click.command()
@click.argument("out", default="out")
@click.option(
    "--rebuild", is_flag=True, help="Make the ledger anew from what is published; past failures are forgotten."
)
@_debug
def status(out: str, rebuild: bool) -> None:
    """Say who ran, when, with what, what failed and why.

    The ledger only remembers; what is published is looked at each time. A missing or damaged ledger is made anew.

    Example: workbook status out
    """
    from workbook.runner.paths import local_path
    from workbook.runner.status import status as told

    click.echo(told(local_path(out, what="output folder"), rebuild=rebuild, today=dt.date.today()))


@click.command()
@click.argument("published", nargs=-1, required=True)
@_debug
def verify(published: tuple[str, ...]) -> int:
    """Check that published clients are byte for byte what was published; ends with 3 when one is not.

    Name out/<client>, or the output folder for all. Example: workbook verify out/acme; workbook verify out
    """
    from workbook.runner.paths import shown
    from workbook.runner.verify import homes, said
    from workbook.runner.verify import verify as verified

    found = [verified(home) for home in homes(published)]
    for one in found:
        click.echo(said(one, shown(one.home)), err=not one.sound)
    return 0 if all(one.sound for one in found) else INTEGRITY


@click.command()
@click.argument("published", nargs=-1)
@click.option("--expired", metavar="OUT", help="All clients of an output folder whose retention date has passed.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@_debug
def purge(published: tuple[str, ...], expired: str | None, yes: bool) -> None:
    """Delete all that was made of a client: runs, scenarios, lab copies, logs, ledger rows, portfolios.

    The client's own folder and files you exported elsewhere stay: delete those yourself. A line without any name in
    deletions.jsonl says that something was deleted and when. The retention date is privacy.retain_until in client.yml.

    Example: workbook purge out/acme; workbook purge --expired out --yes
    """
    from workbook.errors import BadArgument
    from workbook.runner.paths import local_path
    from workbook.runner.purge import client_home
    from workbook.runner.purge import expired as past

    if bool(published) == bool(expired):
        raise BadArgument("purge: name clients such as out/acme, or give --expired out.")
    today = dt.date.today()
    why: Reason = "retention date passed" if expired else "asked for"
    if expired:
        late = past(local_path(expired, what="output folder"), today)
        chosen = [(home.parent, home.name) for home, _ in late]
        if not chosen:
            click.echo("No client's retention date has passed.")
            return
    else:
        chosen = [client_home(place) for place in published]
    names = ", ".join(client for _, client in chosen)
    if not yes:
        click.confirm(f"Delete everything that was made of {names}? This cannot be undone.", abort=True)
    for out, client in chosen:
        click.echo(_purged(out, client, why, today))


def _purged(out: Path, client: str, why: Reason, today: dt.date) -> str:
    from workbook.runner.purge import purge as purged

    done: Purged = purged(out, client, reason=why, today=today)
    runs = f"{done.runs} run{'s' if done.runs != 1 else ''}"
    besides = ", and the portfolio that showed it" if done.portfolio else ""
    return f"{client}: {done.files} files of {runs} and {done.ledger_rows} ledger rows deleted{besides}."


def register(group: click.Group) -> None:
    """Add these commands to the command line."""
    for command in (status, verify, purge):
        group.add_command(command)
