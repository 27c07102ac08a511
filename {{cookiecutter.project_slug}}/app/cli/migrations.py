"""`migrations`: bring the database to what the models say, one reviewed file at a time."""

from typing import Annotated

import typer

from app.cli.failures import fail, run
from app.database import DATABASES, MIGRATIONS, compare_database, migrate, migration_timeouts
from app.features import MODELS_APP
from app.settings import Settings
from tortoise_kit import migrations

app = typer.Typer(no_args_is_help=True)

Name = Annotated[str, typer.Argument(help="What the migration does, such as add_nickname: a-z, 0-9 and _.")]
Empty = Annotated[bool, typer.Option("--empty", help="Write a file to fill by hand if nothing changed.")]
Renames = Annotated[
    list[str] | None,
    typer.Option("--rename", metavar="OLD:NEW", help="A table, or TABLE.COLUMN, that has a new name. Repeatable."),
]
Drops = Annotated[
    list[str] | None,
    typer.Option("--drop", metavar="NAME", help="A table, or TABLE.COLUMN, that goes with its rows. Repeatable."),
]
Steps = Annotated[int, typer.Option(min=1, help="How many migrations to revert, newest first.")]
Database = Annotated[
    bool, typer.Option("--database", help="Compare the configured database with the migrations that it has applied.")
]
Yes = Annotated[bool, typer.Option("--yes", help="Do not ask for confirmation.")]


@app.command()
def upgrade() -> None:
    """Apply all pending migrations."""
    names = run(migrate(Settings()), migrations.MigrationError)
    typer.echo("\n".join(f"Applied {name}" for name in names) or "Nothing to do: the database is up to date.")


@app.command()
def downgrade(steps: Steps = 1, *, yes: Yes = False) -> None:
    """Revert the newest migrations; data in the tables and columns they created is lost."""
    if not yes:
        typer.confirm(f"Revert {steps} migration(s)? Data in the tables and columns they created is lost", abort=True)
    settings = Settings()
    work = migrations.downgrade(
        settings.tortoise_for_migrations(),
        location=MIGRATIONS,
        app=MODELS_APP,
        steps=steps,
        timeouts=migration_timeouts(settings),
    )
    names = run(work, migrations.MigrationError)
    typer.echo("\n".join(f"Reverted {name}" for name in names) or "Nothing to do: no migration is applied.")


@app.command()
def history() -> None:
    """List all migrations, oldest first; an x marks those that the database has."""
    work = migrations.history(Settings().tortoise_for_migrations(), location=MIGRATIONS, app=MODELS_APP)
    for entry in run(work, migrations.MigrationError):
        typer.echo(f"[{'x' if entry.applied else ' '}] {entry.name}")


@app.command()
def make(name: Name, *, empty: Empty = False, rename: Renames = None, drop: Drops = None) -> None:
    """Write the next migration from the models; needs no database."""
    from tortoise_kit.development.migrations import make

    config = Settings().tortoise()
    decided = {"rename": rename or (), "drop": drop or ()}
    work = make(config, location=MIGRATIONS, app=MODELS_APP, name=name, empty=empty, databases=DATABASES, **decided)
    path = run(work, migrations.MigrationError)
    if path is None:
        typer.echo("Nothing to do: the models and the migrations agree.")
    else:
        typer.echo(f"Wrote {path}. Review it: a removed column and a similar new one are treated as a rename.")


@app.command()
def check(*, database: Database = False) -> None:
    """Fail if the models have changes that no migration contains; with --database, if the database was changed."""
    if database:
        return _check_database()
    from tortoise_kit.development.migrations import check

    work = check(Settings().tortoise(), location=MIGRATIONS, app=MODELS_APP, databases=DATABASES)
    if differences := run(work, migrations.MigrationError):
        typer.echo("\n".join(differences))
        fail("The models and the migrations differ: run `migrations make NAME`, if no line says otherwise.")
    typer.echo("The models and the migrations agree.")
    return None


def _check_database() -> None:
    """Print what the database has otherwise than its migrations, each with the statements that fix it."""
    differences = run(compare_database(Settings()), migrations.MigrationError)
    for each in differences:
        typer.echo("\n".join([each.what, *(f"    {statement};" for statement in each.remedy)]))
    if differences:
        fail("The database differs from its migrations: run these statements, or write them into a migration.")
    typer.echo("The database has what its migrations create.")


@app.command()
def lint() -> None:
    """Fail if a migration would block or break a running service on Postgres; needs no database."""
    from tortoise_kit.development.migrations import lint

    findings = run(lint(MIGRATIONS, app=MODELS_APP), migrations.MigrationError)
    for each in findings:
        typer.echo(f"{each.file}: {each.statement}\n    {each.rule}: {each.remedy}")
    if findings:
        fail(
            "Change them as docs/migrations.md shows, or accept one with `-- squawk-ignore RULE` above it. "
            "If no database has the last files yet, delete them and run `migrations make` once for all of them."
        )
    typer.echo("No migration blocks or breaks a running service.")
