"""Migrations: one history of Aerich files for Postgres and SQLite.

    make, check                     compare the models with the history; offline
    lint                            what the history does to those who use the tables; offline
    upgrade, downgrade              change a database, one file at a time, each all or nothing, under a lock
    history                         what a database has, and what it lacks
    ShippedFiles                    the same for a running service, at the price of one statement

All take Tortoise's configuration and open what they need themselves, so they also work where no context is open.
`aerich upgrade` works on the same files.

Which module to read for what:

    files                   how a file is named, found, read and written
    runs                    how one file is applied or taken back, all or nothing; what a failure says
        limits                  how long it waits for others, and others for it
        lock                    why two processes never migrate at once
        invalid_indexes         what is left of a failed CREATE INDEX CONCURRENTLY
    shipped                 which files a database has
    drafts                  how the next file comes about: the models against the history, for both databases
        states                  how a file describes models
        model_tables            the tables behind a description of models
        column_defaults         what a new column holds in old rows
        renames                 what is taken for a rename
        postgres_diff           the statements for Postgres, from two sets of tables
        sqlite_rebuild          the statements for SQLite, from two schemas
    linting                 what a file does to those who use the tables
"""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tortoise_kit.development.migrations.linting import Finding, lint
from tortoise_kit.migrations.files import MigrationError, check_name, find, write
from tortoise_kit.migrations.lock import migration_lock
from tortoise_kit.migrations.pending import ShippedFiles
from tortoise_kit.migrations.runner import connected
from tortoise_kit.migrations.timeouts import Limits

if TYPE_CHECKING:
    from tortoise_kit.development.migrations.autogenerate import Draft

__all__ = [
    "Entry",
    "Finding",
    "Limits",
    "MigrationError",
    "ShippedFiles",
    "check",
    "downgrade",
    "history",
    "lint",
    "make",
    "upgrade",
]

DEFAULT_APP = "models"
DEFAULT_LIMITS = Limits()


@dataclass(frozen=True)
class Entry:
    """One migration and whether a database has it."""

    name: str
    applied: bool


async def upgrade(
    config: dict[str, Any], *, location: Path, app: str = DEFAULT_APP, limits: Limits = DEFAULT_LIMITS
) -> list[str]:
    """Apply all files that the database lacks, in order, and return their names.

    Processes that do so at the same time take turns, and each file is applied once.

    Args:
        config: Tortoise's configuration; its own time limits do not count here.
        location: The folder of all apps' migrations.
        app: Tortoise's name of the app.
        limits: How long to wait, for another migration and for those who use the tables.

    Raises:
        MigrationError: A file failed. It left nothing behind; those before it stay applied. Or another migration
            ran all the time.
    """
    async with connected(config, app, limits) as database, migration_lock(database.client, app, limits=limits):
        applied = set(await database.applied())
        lacking = [file for file in find(location, app) if file.name not in applied]
        for file in lacking:
            await database.run(file, "upgrade")
        return [file.name for file in lacking]


async def downgrade(
    config: dict[str, Any],
    *,
    location: Path,
    app: str = DEFAULT_APP,
    steps: int = 1,
    limits: Limits = DEFAULT_LIMITS,
) -> list[str]:
    """Take back the newest applied files, newest first, and return their names. Data in what they made is lost.

    Args:
        config: Tortoise's configuration.
        location: The folder of all apps' migrations.
        app: Tortoise's name of the app.
        steps: How many files at most, 1 or more.
        limits: See `upgrade`.

    Raises:
        MigrationError: A file failed or is missing, `steps` is below 1, or another migration ran all the time.
    """
    if steps < 1:
        message = f"steps is {steps}; give 1 or more."
        raise MigrationError(message)
    files = {file.name: file for file in find(location, app)}
    async with connected(config, app, limits) as database, migration_lock(database.client, app, limits=limits):
        names = (await database.applied())[::-1][:steps]
        if missing := [name for name in names if name not in files]:
            message = f"{missing[0]} is applied but not in {location / app}: take it back with the code that has it."
            raise MigrationError(message)
        for name in names:
            await database.run(files[name], "downgrade")
        return names


async def history(config: dict[str, Any], *, location: Path, app: str = DEFAULT_APP) -> list[Entry]:
    """Every file, oldest first, and whether the database has it."""
    async with connected(config, app) as database:
        applied = set(await database.applied())
    return [Entry(file.name, file.name in applied) for file in find(location, app)]


async def make(
    config: dict[str, Any], *, location: Path, name: str, app: str = DEFAULT_APP, empty: bool = False
) -> Path | None:
    """Write the migration from the history to the models, or return None when they agree.

    The file is a draft to read: a column that left and a like one that came are taken for a rename. Data that must
    move along is added to it by hand, as SQL or in Python through `db`; today's models may not fit the tables of then.

    Args:
        config: Tortoise's configuration; its database is not used. Aerich's own model is added to it.
        location: The folder of all apps' migrations.
        name: What the migration does, of a-z, 0-9 and _.
        app: Tortoise's name of the app.
        empty: Write a file that does nothing yet when they agree.

    Raises:
        MigrationError: The name is not usable, a change must be written by hand, or a new column that is NOT NULL has
            no value for rows there are.
    """
    check_name(name)
    wanted = await _draft(config, location=location, app=app)
    if not (wanted.needed or empty):
        return None
    if wanted.unfillable:
        message = (
            f"{', '.join(wanted.unfillable)} would be NOT NULL and has no value for existing rows: give the field a "
            "constant default or a db_default, or null=True until a migration has filled it."
        )
        raise MigrationError(message)
    return write(location, app=app, name=name, scripts=wanted.scripts, state=wanted.described)


async def check(config: dict[str, Any], *, location: Path, app: str = DEFAULT_APP) -> list[str]:
    """What the history lacks to agree with the models, as statements after their dialect; empty when they agree.

    Comments alone are no difference; the next migration takes them along.

    Args:
        config: Tortoise's configuration; its database is not used. Aerich's own model is added to it.
        location: The folder of all apps' migrations.
        app: Tortoise's name of the app.

    Raises:
        MigrationError: The history does not run on an empty SQLite, or a change must be written by hand.
    """
    wanted = await _draft(config, location=location, app=app)
    return [
        f"{dialect}: {' '.join(statement.split())}"
        for dialect, statements in wanted.upgrade.items()
        for statement in statements
        if wanted.needed
    ]


async def _draft(config: dict[str, Any], *, location: Path, app: str) -> "Draft":
    from tortoise_kit.development.migrations.autogenerate import draft  # noqa: PLC0415 -- imports Aerich, which no server needs

    return await draft(config, location=location, app=app)
