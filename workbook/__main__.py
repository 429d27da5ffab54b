"""The command line: `workbook new`, `check`, `run`, `status`, `serve`, `lab`, `compare`, `explain` and the others.

Every error is one readable block on standard error. Exit codes: 0 all good, 1 some clients ran and some did not,
2 nothing could run, 3 integrity. Heavy modules are imported by the command that needs them.
"""

from __future__ import annotations

import json
import signal
import sys
import traceback
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from typing import TYPE_CHECKING, Any, Final

import click

from workbook import __version__
from workbook.errors import WorkbookError
from workbook.runner import commands_batch, commands_explain, commands_portfolio, commands_scenarios

if TYPE_CHECKING:
    from workbook.runner.task import Executor

NOTHING_RAN: Final = 2
INTEGRITY: Final = 3
INTERRUPTED: Final = 130
SCHEMAS: Final = ("client.yml", "tables", "evidence", "results")
EXAMPLES: Final = """\b
In this order:
  workbook new clients/acme        a folder to fill in
  workbook check clients/acme      every problem at once; reads only
  workbook run clients/acme        notebooks, results.json and a pack in out/acme
  workbook serve out/acme          the app in a browser
"""


def _remember_debug(context: click.Context, parameter: click.Parameter, value: bool) -> None:
    if value:
        context.find_root().meta["workbook.debug"] = True


_debug = click.option(
    "--debug",
    is_flag=True,
    expose_value=False,
    callback=_remember_debug,
    help="Show the program's own trace with an error.",
)


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100}, epilog=EXAMPLES)
@click.version_option(__version__, prog_name="workbook")
def cli() -> None:
    """Leadership development or technical training first? A four-week diagnostic on a client's own files."""


@cli.command()
@click.argument("folder")
@_debug
def new(folder: str) -> None:
    """Write a client folder: client.yml with every key explained, each table's header and one example row.

    Example: workbook new clients/acme
    """
    from workbook.runner.paths import local_path

    place = local_path(folder, what="client folder")
    from workbook.inputs import scaffold

    scaffold(place)
    click.echo(f"{folder} is ready. Fill in client.yml, then: workbook check {folder}")


@cli.command()
@click.argument("folder")
@click.option("--write-mapping", is_flag=True, help="Save the proposed column mapping to client.yml.")
@_debug
def check(folder: str, write_mapping: bool) -> int:
    """Read a client folder and report every problem, the mapping it would use, and what each gap costs.

    Nothing is changed without --write-mapping. Example: workbook check clients/acme
    """
    from workbook.runner.paths import local_path, refuse_outside_links

    root = local_path(folder, what="client folder")
    refuse_outside_links(root, what=folder)
    from workbook.inputs import check as check_folder
    from workbook.inputs import write_mapping as save_mapping

    report = check_folder(root)
    click.echo(str(report))
    if write_mapping:
        added = sum(map(len, save_mapping(root, report).values()))
        click.echo(f"\n{added} columns added to client.yml." if added else "\nclient.yml needs no change.")
    return 0 if report.ok else NOTHING_RAN


@cli.command()
@click.argument("folders", nargs=-1, required=True)
@click.option("--out", default="out", show_default=True, help="Where the runs are published.")
@click.option("-j", "--jobs", type=click.IntRange(1, 256), default=1, show_default=True, help="Clients run at once.")
@click.option("--draws", type=click.IntRange(256, 1 << 20), help="Draws of the simulation; a power of two is best.")
@click.option("--seed", type=click.IntRange(0), help="Seed of the simulation.")
@click.option("--force", is_flag=True, help="Run again although nothing has changed.")
@click.option("--retries", type=click.IntRange(0, 10), help="Tries more after a fault of the machinery; 1 by default.")
@click.option(
    "--limit-minutes", type=click.FloatRange(0.01), default=60, show_default=True, help="Longest a client may take."
)
@click.option(
    "--limit-memory",
    type=click.FloatRange(0.1),
    metavar="GB",
    help="Memory a client and its kernels may use; by default 80 % of this machine's, divided by -j, or of what a "
    "worker of the cluster may use.",
)
@click.option("--cluster", metavar="ADDRESS", help="Run on the workers of a Dask scheduler: tcp://HOST:PORT.")
@_debug
@click.pass_context
def run(
    context: click.Context,
    folders: Sequence[str],
    out: str,
    jobs: int,
    draws: int | None,
    seed: int | None,
    force: bool,
    retries: int | None,
    limit_minutes: float,
    limit_memory: float | None,
    cluster: str | None,
) -> int:
    """Run the diagnostic on client folders: executed notebooks, results.json and a pack each.

    All folders are checked first; a bad one is reported and stops no other. Unchanged clients are not run again. A
    client that hangs or eats memory is stopped alone. Ends with 0 when all ran, 1 when some did not, 2 when none did.

    Example: workbook run clients/acme clients/beta --out out -j 2
    """
    from workbook.runner.batch import run_clients
    from workbook.runner.faults import RETRIES
    from workbook.runner.limits import Limits, default_memory_gb
    from workbook.runner.progress import Progress
    from workbook.runner.report import exit_code
    from workbook.runner.run import DRAWS, SEED
    from workbook.runner.table import summary

    there = _cluster(cluster, out, limit_minutes, limit_memory, RETRIES if retries is None else retries)
    with there as executor, Progress(len(folders)) as progress:
        reports = run_clients(
            folders,
            out,
            jobs=jobs,
            draws=DRAWS if draws is None else draws,
            seed=SEED if seed is None else seed,
            force=force,
            retries=RETRIES if retries is None else retries,
            limits=Limits(minutes=limit_minutes, memory_gb=limit_memory or default_memory_gb(jobs)),
            executor=executor,
            on_step=progress.step,
            on_done=progress.done,
            on_read=progress.read,
        )
    for report in reports:
        if not report.ran:
            click.echo("\n" + report.message, err=True)
            if context.find_root().meta.get("workbook.debug"):
                click.echo(report.trace, err=True)
    click.echo(summary(reports))
    return exit_code(reports)


def _cluster(
    address: str | None, out: str, minutes: float, memory_gb: float | None, retries: int
) -> AbstractContextManager[Executor | None]:
    """The executor of a cluster, if one is named."""
    if address is None:
        return nullcontext()
    from workbook.runner.cluster import Cluster
    from workbook.runner.limits import Limits
    from workbook.runner.paths import local_path

    limits = Limits(minutes=minutes, memory_gb=memory_gb)
    return Cluster(address, local_path(out, what="output folder"), limits=limits, retries=retries)


def _server_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """The arguments `serve` and `lab` share."""
    command = _debug(command)
    command = click.option("--no-browser", is_flag=True, help="Do not open a browser; only print the address.")(command)
    command = click.option("--port", type=click.IntRange(0, 65535), default=0, help="Port; any free one by default.")(
        command
    )
    return click.argument("published")(command)


@cli.command()
@_server_options
@click.option("--viewers", type=click.IntRange(1, 1000), default=20, show_default=True, help="Pages open at once.")
@click.option("--key", is_flag=True, help="Let in only who opens the printed address, which then carries a key.")
@click.option("--base-url", default="/", help="Path under which a proxy shows the app, such as /acme/.")
@click.option("--host", multiple=True, help="Name under which a proxy asks for the app; repeatable.")
def serve(
    published: str, port: int, no_browser: bool, viewers: int, key: bool, base_url: str, host: tuple[str, ...]
) -> int:
    """Serve the app of one published client on this machine. Ctrl-C ends it.

    Example: workbook serve out/acme
    """
    from workbook.runner import serve as servers

    return servers.serve(
        published, port=port, browser=not no_browser, viewers=viewers, key=key, base_url=base_url, hosts=host
    )


@cli.command()
@_server_options
def lab(published: str, port: int, no_browser: bool) -> int:
    """Open JupyterLab on a working copy of one client's notebooks. Ctrl-C ends it.

    Example: workbook lab out/acme
    """
    from workbook.runner import serve as servers

    return servers.lab(published, port=port, browser=not no_browser)


@cli.command()
@click.argument("which", type=click.Choice(SCHEMAS), default="results")
@_debug
def schema(which: str) -> None:
    """Print a JSON Schema: of client.yml, the input tables, evidence.json or results.json.

    Example: workbook schema results > results.schema.json
    """
    click.echo(json.dumps(_schema(which), indent=2, ensure_ascii=False))


def _schema(which: str) -> Any:
    if which == "tables":
        from workbook.inputs.contract import tables_schema

        return tables_schema()
    if which == "client.yml":
        from workbook.settings import Settings

        return Settings.model_json_schema()
    if which == "evidence":
        from workbook.evidence import Evidence

        return Evidence.model_json_schema()
    from workbook.results import Results

    return Results.model_json_schema(mode="serialization")


commands_scenarios.register(cli)
commands_explain.register(cli)
commands_batch.register(cli)
commands_portfolio.register(cli)


def _stop(number: int, frame: object) -> None:
    raise KeyboardInterrupt


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command and return its exit code; the console script passes it to the shell."""
    given = sys.argv[1:] if arguments is None else list(arguments)
    signal.signal(signal.SIGTERM, _stop)
    try:
        code = cli.main(args=given, prog_name="workbook", standalone_mode=False)
    except (click.Abort, KeyboardInterrupt):
        click.echo("Stopped. Nothing unfinished was published.", err=True)
        return INTERRUPTED
    except Exception as error:
        click.echo(_block(error), err=True)
        if "--debug" in given:
            click.echo(traceback.format_exc(), err=True)
        return _code(error)
    return code if isinstance(code, int) else 0


def _block(error: Exception) -> str:
    """The error as one readable block."""
    if isinstance(error, click.UsageError) and error.ctx is not None:
        return f"{error.format_message()}\nTry: {error.ctx.command_path} --help"
    if isinstance(error, click.ClickException):
        return error.format_message()
    if isinstance(error, WorkbookError):
        return str(error)
    if isinstance(error, OSError):
        return f"{error.strerror or type(error).__name__}: {error.filename or ''}".rstrip(": ")
    return f"An error in the program ({type(error).__name__}: {error}). Run again with --debug and report it."


def _code(error: Exception) -> int:
    from workbook.runner.report import IntegrityError

    return INTEGRITY if isinstance(error, IntegrityError) else NOTHING_RAN


if __name__ == "__main__":
    sys.exit(main())
