"""`migrations`: change the database to what the models say, one reviewed file at a time."""

import asyncio
import sqlite3
from collections.abc import Coroutine
from typing import Annotated, Any, NoReturn

import asyncpg
import typer
from tortoise.exceptions import BaseORMException

from app.database import MIGRATIONS, migration_limits
from app.features import MODELS_APP
from app.settings import Settings
from tortoise_kit import migrations

EXPECTED = (OSError, TimeoutError, BaseORMException, asyncpg.PostgresError, asyncpg.InterfaceError, sqlite3.Error)

app = typer.Typer(help="Change the database to what the models say.", no_args_is_help=True)


@app.command()
def make(
    name: Annotated[str, typer.Argument(help="What it does, such as add_nickname: a-z, 0-9 and _.")],
    *,
    empty: Annotated[bool, typer.Option("--empty", help="Also when nothing changed, to be filled by hand.")] = False,
) -> None:
    """Write the next migration from the models; needs no database."""
    path = _run(migrations.make(Settings().tortoise(), location=MIGRATIONS, app=MODELS_APP, name=name, empty=empty))
    if path is None:
        typer.echo("Nothing to do: the models and the migrations agree.")
    else:
        typer.echo(f"Wrote {path}. Read it first: a column that left and a like one that came are taken for a rename.")


@app.command()
def upgrade() -> None:
    """Apply all migrations that the database lacks."""
    settings = Settings()
    config, limits = settings.tortoise_for_migrations(), migration_limits(settings)
    names = _run(migrations.upgrade(config, location=MIGRATIONS, app=MODELS_APP, limits=limits))
    typer.echo("\n".join(f"Applied {name}" for name in names) or "Nothing to do: the database is up to date.")


@app.command()
def downgrade(
    steps: Annotated[int, typer.Option(min=1, help="How many migrations, newest first.")] = 1,
    *,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """Take back the newest migrations; the data in what they made is lost."""
    if not yes:
        typer.confirm(f"Take back {steps} migration(s)? Data in the tables and columns they made is lost", abort=True)
    settings = Settings()
    config, limits = settings.tortoise_for_migrations(), migration_limits(settings)
    names = _run(migrations.downgrade(config, location=MIGRATIONS, app=MODELS_APP, steps=steps, limits=limits))
    typer.echo("\n".join(f"Took back {name}" for name in names) or "Nothing to do: no migration is applied.")


@app.command()
def check() -> None:
    """Fail when the models have changes that no migration holds; needs no database."""
    differences = _run(migrations.check(Settings().tortoise(), location=MIGRATIONS, app=MODELS_APP))
    if differences:
        typer.echo("\n".join(differences))
        _fail("The models and the migrations differ: run `migrations make NAME`.")
    typer.echo("The models and the migrations agree.")


@app.command()
def lint() -> None:
    """Fail when a migration would stop a running service on Postgres; needs no database."""
    findings = _run(migrations.lint(MIGRATIONS, app=MODELS_APP))
    for each in findings:
        typer.echo(f"{each.file}: {each.statement}\n    {each.rule}: {each.remedy}")
    if findings:
        _fail("Change them as docs/migrations.md shows, or accept one by `-- squawk-ignore RULE` on the line above it.")
    typer.echo("No migration stops a running service.")


@app.command()
def history() -> None:
    """List all migrations, oldest first, with an x for those the database has."""
    for entry in _run(migrations.history(Settings().tortoise_for_migrations(), location=MIGRATIONS, app=MODELS_APP)):
        typer.echo(f"[{'x' if entry.applied else ' '}] {entry.name}")


def _fail(message: str) -> NoReturn:
    typer.echo(" ".join(message.split()), err=True)
    raise typer.Exit(1)


def _run[T](work: Coroutine[Any, Any, T]) -> T:
    try:
        return asyncio.run(work)
    except migrations.MigrationError as error:
        _fail(str(error))
    except EXPECTED as error:
        reason = str(error) or type(error).__name__
        _fail(f"The database cannot be used: {reason}. Is DATABASE_URL right, and does it run?")
