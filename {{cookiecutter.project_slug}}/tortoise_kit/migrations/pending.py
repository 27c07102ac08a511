"""Which files a database has, and whether those that this code ships are among them."""

from pathlib import Path

import asyncpg
from tortoise.backends.base.client import BaseDBAsyncClient
from tortoise.exceptions import OperationalError

from tortoise_kit.migrations.files import find
from tortoise_kit.sql.identifiers import parameter_marks

AERICH_TABLE = "aerich"


class ShippedFiles:
    """The files that this code was shipped with; a database is asked for them until it has them all.

    Args:
        location: The folder of all apps' migrations; read once.
        app: Tortoise's name of the app.
    """

    def __init__(self, location: Path, *, app: str) -> None:
        self._app = app
        self._lacking = [file.name for file in find(location, app)]

    async def pending(self, client: BaseDBAsyncClient) -> list[str]:
        """The files that the database lacks, in order; costs one statement, whatever the answer.

        Once it is empty it stays so: what older code takes back later, newer code does not see.
        """
        if not self._lacking:
            await client.execute_query("SELECT 1")
            return []
        there = set(await applied(client, self._app))
        lacking = [name for name in self._lacking if name not in there]
        if not lacking:
            self._lacking = []
        return lacking


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
