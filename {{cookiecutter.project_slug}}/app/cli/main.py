"""All commands and their names.

Commands import what only they need when they are called: `serve` keeps it in memory otherwise, and a production image
does not contain what is for development.
"""

import sys

import typer
from pydantic import ValidationError

from app.cli import migrations, schemas, users
from app.cli.check import check
from app.cli.doctor import doctor
from app.cli.feature import FORWARDED, feature
from app.cli.maintenance import cleanup, slow_queries
from app.cli.seed import seed
from app.cli.server import dev, serve
from app.cli.shell import shell

DEVELOPMENT = "tortoise_kit.development"

cli = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,  # tracebacks would show variables, and passwords in them
    help="Run, migrate, seed and clean up the service.",
)
cli.command()(dev)
cli.command()(serve)
cli.command()(seed)
cli.command()(check)
cli.command()(doctor)
cli.command()(slow_queries)
cli.command()(cleanup)
cli.command()(shell)
cli.add_typer(migrations.app, name="migrations", help="Change the database's schema with migrations.")
cli.add_typer(schemas.app, name="schemas", help="Let type checkers and editors see the columns of schemas.")
cli.command(context_settings=FORWARDED)(feature)
cli.add_typer(users.app, name="users", help="List, create and change accounts, and log them out.")


def main() -> None:
    """Run a command; a wrong setting ends it with the setting's name and the remedy."""
    try:
        cli()
    except ValidationError as error:
        for each in error.errors():
            name = "".join(f"{part}: " for part in each["loc"][:1]).upper()  # empty if settings disagree
            typer.echo(f"{name}{each['msg']}", err=True)
        sys.exit(1)
    except ModuleNotFoundError as error:
        name = error.name or ""
        if not name.startswith(DEVELOPMENT) and not name.endswith(".seed"):
            raise
        typer.echo(f"{DEVELOPMENT} is not installed here: run this command in a checkout of the project.", err=True)
        sys.exit(1)
