"""`python -m benchmarks`: the service as rendered, beside twins of its routes by others, on the same rows.

A goal is met or missed if the rounds leave no doubt, and cannot be known otherwise; the command exits with 0 anyway.
`--against FOLDER` measures the service of another checkout instead, in turns with this one.

`python -m benchmarks compare OLD NEW` says whether the service became slower between two results. Compare numbers of
one run with each other; between runs and machines only their ratios mean something.
"""

from contextlib import ExitStack
from pathlib import Path
from typing import Annotated

import typer

from benchmarks import ROOT
from benchmarks.compare.agreement import DisagreementError
from benchmarks.compare.data import Size
from benchmarks.compare.in_process import WorkerError
from benchmarks.compare.memory import UnansweredError
from benchmarks.compare.plot import drawn
from benchmarks.compare.regressions import NOISE, IncomparableError, changes
from benchmarks.compare.results import ResultError, read, write
from benchmarks.compare.run import measure, plan
from benchmarks.compare.server import ServerError
from benchmarks.compare.tables import show, show_changes
from benchmarks.postgres import own_postgres
from tortoise_kit.development.seeding import SeedError

RESULTS = ROOT / ".cache" / "benchmarks"
USAGE_ERROR = 2
FAILURES = (DisagreementError, SeedError, ServerError, UnansweredError, WorkerError)

cli = typer.Typer(add_completion=False, pretty_exceptions_enable=False)


@cli.callback(invoke_without_command=True)
def run(  # noqa: PLR0913, PLR0917  # the options of a command
    context: typer.Context,
    database_url: Annotated[str | None, typer.Option(help="An empty Postgres; a temporary one if none.")] = None,
    size: Annotated[Size, typer.Option(help="A million users and orders, or two thousand.")] = Size.FULL,
    short: Annotated[bool, typer.Option("--short", help="One quick round, for CI.")] = False,  # noqa: FBT002
    against: Annotated[
        Path | None, typer.Option(help="An older service's folder, to measure in place of twins.")
    ] = None,
    output: Annotated[Path, typer.Option(help="Folder of the results and their history.")] = RESULTS,
) -> None:
    """Measure the service and its twins."""
    if context.invoked_subcommand:
        return
    try:
        with ExitStack() as stack:
            result = measure(
                database_url or stack.enter_context(own_postgres()),
                plan(size, short=short),
                against=against,
                tell=lambda part: typer.echo(part, err=True),
            )
    except FAILURES as error:
        typer.echo(f"Not measured: {error}", err=True)
        raise typer.Exit(1) from error
    show(result)
    latest = write(result, output)
    latest.with_suffix(".svg").write_text(drawn(result), encoding="utf-8")
    typer.echo(f"Written: {latest}, {latest.with_suffix('.svg').name} and a line of history.jsonl.")


@cli.command()
def compare(
    old: Annotated[Path, typer.Argument(help="A result, or a history: its last line counts.")],
    new: Annotated[Path, typer.Argument(help="The same, of the code in question.")],
    noise: Annotated[float, typer.Option(min=0, help="Share by which a ratio may grow for no reason.")] = NOISE,
) -> None:
    """Exit 1 if the service became worse by more than the noise, 2 if the results cannot be compared."""
    try:
        found = changes(read(old), read(new))
    except (IncomparableError, ResultError) as error:
        typer.echo(f"Not compared: {error}", err=True)
        raise typer.Exit(USAGE_ERROR) from error
    show_changes(found, noise=noise)
    worse = [each.what for each in found if each.worse > noise]
    if worse:
        typer.echo(f"Worse by more than {noise:.0%}: {', '.join(worse)}.", err=True)
        raise typer.Exit(1)


if __name__ == "__main__":
    cli()
