"""The command line: `python -m app`."""

import sys

import typer
from pydantic import ValidationError

from app.cli import migrations
from app.cli.seed import seed
from app.cli.server import dev, serve
from app.cli.statements import statements

cli = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,  # it would print variables, and passwords with them
    help="Run, migrate and fill the service.",
)
cli.command()(dev)
cli.command()(serve)
cli.command()(seed)
cli.command()(statements)
cli.add_typer(migrations.app, name="migrations", help="The database's schema, step by step.")


def main() -> None:
    """Run a command; a setting that is wrong ends it with the setting's name and the remedy."""
    try:
        cli()
    except ValidationError as error:
        for each in error.errors():
            typer.echo(f"{'.'.join(map(str, each['loc'])).upper()}: {each['msg']}", err=True)
        sys.exit(1)


if __name__ == "__main__":
    main()
