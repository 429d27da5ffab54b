"""The command that shows many clients on one page: `portfolio`."""

from __future__ import annotations

import click

_debug = click.option("--debug", is_flag=True, expose_value=False, help="Show the program's own trace with an error.")


@click.command()
@click.argument("out", default="out")
@click.option("--anonymous", is_flag=True, help="Labels for names; no currency, no dates of the data, rounded figures.")
@click.option("--to", "target", metavar="FILE", help="Write only this file: .html, .xlsx, .ipynb or .json.")
@_debug
def portfolio(out: str, anonymous: bool, target: str | None) -> None:
    """Put all published clients on one page: verdict, certainty, return, payback, readiness, data, date of the run.

    Writes a web page, a spreadsheet and an executed notebook beside the clients, or the one file named by --to.

    Example: workbook portfolio out; workbook portfolio out --anonymous --to clients.xlsx
    """
    from workbook.runner.paths import local_path, shown
    from workbook.runner.portfolio import gather, write

    root = local_path(out, what="output folder")
    stem = "portfolio-anonymous" if anonymous else "portfolio"
    names = [target] if target else [str(root / f"{stem}.{ending}") for ending in ("html", "xlsx", "ipynb")]
    places = [local_path(name, what="portfolio file") for name in names]
    found = gather(root, anonymous=anonymous)
    for place in places:
        write(found, place)
        click.echo(shown(place))
    if found.left_out:
        why = f"damaged, or made by another version. See: workbook verify {out}"
        click.echo(f"{found.left_out} left out: {why}", err=True)


def register(group: click.Group) -> None:
    """Add this command to the command line."""
    group.add_command(portfolio)
