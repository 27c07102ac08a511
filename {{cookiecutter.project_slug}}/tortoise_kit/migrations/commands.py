"""Bring a database to another point of its history, and see where it is."""

from pathlib import Path
from typing import Any, NamedTuple

from tortoise_kit.migrations.files import MigrationError, find
from tortoise_kit.migrations.lock import migration_lock
from tortoise_kit.migrations.runner import connected
from tortoise_kit.migrations.timeouts import MigrationTimeouts

DEFAULT_APP = "models"
DEFAULT_TIMEOUTS = MigrationTimeouts()


class HistoryEntry(NamedTuple):
    """One migration: the name of its file, and whether the database has it."""

    name: str
    applied: bool


async def upgrade(
    config: dict[str, Any], *, location: Path, app: str = DEFAULT_APP, timeouts: MigrationTimeouts = DEFAULT_TIMEOUTS
) -> list[str]:
    """Apply all pending files in order and return their names.

    Processes that upgrade one database at the same time take turns, and each file is applied once.

    Args:
        config: Tortoise's configuration; its own time limits do not apply here.
        location: The folder of all apps' migrations.
        app: Tortoise's name of the app.
        timeouts: How long to wait, for another migration and for locks on tables.

    Raises:
        MigrationError: A file failed and left nothing behind; the files before it stay applied. Or another process
            held the lock for longer than `timeouts.wait`.
    """
    async with connected(config, app, timeouts) as database, migration_lock(database.client, app, timeouts=timeouts):
        applied = set(await database.applied())
        pending = [file for file in find(location, app) if file.name not in applied]
        for file in pending:
            await database.run(file, "upgrade")
        return [file.name for file in pending]


async def downgrade(
    config: dict[str, Any],
    *,
    location: Path,
    app: str = DEFAULT_APP,
    steps: int = 1,
    timeouts: MigrationTimeouts = DEFAULT_TIMEOUTS,
) -> list[str]:
    """Revert the newest applied files, newest first, and return their names. Data in what they created is lost.

    Args:
        config: Tortoise's configuration.
        location: The folder of all apps' migrations.
        app: Tortoise's name of the app.
        steps: The largest number of files to revert, 1 or more.
        timeouts: See `upgrade`.

    Raises:
        MigrationError: A file failed or is missing, `steps` is below 1, or another process held the lock for longer
            than `timeouts.wait`.
    """
    if steps < 1:
        message = f"steps is {steps}: use 1 or more."
        raise MigrationError(message)
    files = {file.name: file for file in find(location, app)}
    async with connected(config, app, timeouts) as database, migration_lock(database.client, app, timeouts=timeouts):
        names = (await database.applied())[::-1][:steps]
        if missing := [name for name in names if name not in files]:
            message = (
                f"{missing[0]} is applied but missing in {location / app}: revert it with the version that has it."
            )
            raise MigrationError(message)
        for name in names:
            await database.run(files[name], "downgrade")
        return names


async def history(config: dict[str, Any], *, location: Path, app: str = DEFAULT_APP) -> list[HistoryEntry]:
    """Every file, oldest first, and whether the database has it."""
    async with connected(config, app) as database:
        applied = set(await database.applied())
    return [HistoryEntry(file.name, file.name in applied) for file in find(location, app)]
