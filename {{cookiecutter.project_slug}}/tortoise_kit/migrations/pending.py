"""Which files a database has, and whether it lacks any of this code's."""

from pathlib import Path

import asyncpg
from tortoise.backends.base.client import BaseDBAsyncClient
from tortoise.exceptions import OperationalError

from tortoise_kit.migrations.files import find
from tortoise_kit.sql.identifiers import parameter_marks

AERICH_TABLE = "aerich"


class PendingMigrations:
    """The files that came with this code and that a database still lacks.

    Args:
        location: The folder of all apps' migrations; read once.
        app: Tortoise's name of the app.
    """

    def __init__(self, location: Path, *, app: str) -> None:
        self._app = app
        self._pending = [file.name for file in find(location, app)]

    async def names(self, client: BaseDBAsyncClient) -> list[str]:
        """The names of the files that the database lacks, in order; always exactly one statement.

        Once the list is empty it stays empty: newer code does not notice when older code reverts a migration later.
        """
        if not self._pending:
            await client.execute_query("SELECT 1")
            return []
        there = set(await applied(client, self._app))
        pending = [name for name in self._pending if name not in there]
        if not pending:
            self._pending = []
        return pending


async def applied(client: BaseDBAsyncClient, app: str) -> list[str]:
    """The names of an app's applied files, in the order they were applied; empty on an empty database."""
    select = f"SELECT version FROM {AERICH_TABLE} WHERE app = {parameter_marks(client, 1)} ORDER BY id"  # noqa: S608 - constants
    try:
        return [str(row["version"]) for row in await client.execute_query_dict(select, [app])]
    except OperationalError as error:
        reason = error.args[0]  # the driver's own error
        if isinstance(reason, asyncpg.UndefinedTableError) or "no such table" in str(reason):
            return []
        raise
