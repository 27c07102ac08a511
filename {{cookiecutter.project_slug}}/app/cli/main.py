"""All commands, under their names."""

import sys

import typer
from pydantic import ValidationError

from app.cli import migrations, users
from app.cli.check import check
from app.cli.cleanup import cleanup
from app.cli.seed import seed
from app.cli.server import dev, serve
from app.cli.statements import statements
from tortoise_kit.development import features

cli = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,  # it would print variables, and passwords with them
    help="Run, migrate, fill and clean up the service.",
)
cli.command()(dev)
cli.command()(serve)
cli.command()(seed)
cli.command()(check)
cli.command()(statements)
cli.command()(cleanup)
cli.add_typer(migrations.app, name="migrations", help="The database's schema, step by step.")
cli.add_typer(features.app, name="feature", help="Begin and delete features.")
cli.add_typer(users.app, name="users", help="Accounts that nobody can register by themselves.")


def main() -> None:
    """Run a command; a setting that is wrong ends it with the setting's name and the remedy."""
    try:
        cli()
    except ValidationError as error:
        for each in error.errors():
            name = "".join(f"{part}: " for part in each["loc"][:1]).upper()  # none where several do not fit each other
            typer.echo(f"{name}{each['msg']}", err=True)
        sys.exit(1)
