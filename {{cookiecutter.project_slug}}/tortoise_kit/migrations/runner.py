"""Applying one migration file and taking it back, with its record in the table `aerich`, all or nothing.

Aerich's own loop sends SQLite a script, which commits what came before it, so a failed file leaves half of its tables.
"""

import asyncio
import logging
import random
import sqlite3
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from types import ModuleType
from typing import Any, Literal

from tortoise.backends.base.client import BaseDBAsyncClient
from tortoise.backends.base.executor import EXECUTOR_CACHE
from tortoise.backends.sqlite.client import SqliteClient
from tortoise.context import TortoiseContext
from tortoise.exceptions import OperationalError
from tortoise.transactions import in_transaction

from tortoise_kit.migrations.files import MigrationError, MigrationFile
from tortoise_kit.migrations.invalid_indexes import drop_invalid
from tortoise_kit.migrations.pending import AERICH_TABLE, applied
from tortoise_kit.migrations.timeouts import Limits, is_lock_timeout, limit_sessions, transaction_settings
from tortoise_kit.sql.identifiers import insert_into, parameter_marks
from tortoise_kit.sql.parsing import statements, tokens

OWN_STATEMENTS = {("BEGIN",), ("COMMIT",), ("END",)}  # for `aerich upgrade`; here the transaction is open already

logger = logging.getLogger(__name__)

type Direction = Literal["upgrade", "downgrade"]


@dataclass(frozen=True)
class Database:
    """An open database whose app's history is at hand.

    Attributes:
        client: Tortoise's connection; its current context knows it as `connection`.
        connection: Its name in Tortoise's configuration.
        app: The name of the app whose history this is.
        limits: How long its migrations wait.
    """

    client: BaseDBAsyncClient
    connection: str
    app: str
    limits: Limits

    @property
    def dialect(self) -> str:
        """`postgres` or `sqlite`."""
        return self.client.capabilities.dialect

    async def applied(self) -> list[str]:
        """The names of the applied files, in the order they were applied; empty on an empty database."""
        return await applied(self.client, self.app)

    async def run(self, file: MigrationFile, direction: Direction) -> None:
        """Apply a file or take it back, and record it; on failure the database is as before.

        When others hold its locks for too long, the whole file is tried again. A file with
        `RUN_IN_TRANSACTION = False` is the exception: it is tried once, and what it did before it failed stays.

        Raises:
            MigrationError: The file failed; the error names it and the database's reason.
        """
        module = file.load()
        whole = getattr(module, "RUN_IN_TRANSACTION", True)
        tries = self.limits.tries if whole else 1
        for number in range(1, tries + 1):
            try:
                return await (self._whole if whole else self._in_parts)(file, module, direction)
            except MigrationError:
                raise
            except Exception as error:
                if number == tries or not is_lock_timeout(error):
                    raise MigrationError(self._reason(file, direction, error, whole=whole)) from error
            logger.warning("%s waits for others who use its tables: try %d of %d failed.", file.name, number, tries)
            await asyncio.sleep(self.limits.pause * random.uniform(0.5, 1.5))  # noqa: S311 - jitter, no secret
        return None

    async def _whole(self, file: MigrationFile, module: ModuleType, direction: Direction) -> None:
        async with self._transaction() as client:
            await self._execute(client, await getattr(module, direction)(client))
            await self._record(client, file, direction)

    async def _in_parts(self, file: MigrationFile, module: ModuleType, direction: Direction) -> None:
        if self.dialect != "sqlite":
            await drop_invalid(self.client, file)
        await self._execute(self.client, await getattr(module, direction)(self.client))
        await self._record(self.client, file, direction)

    def _reason(self, file: MigrationFile, direction: Direction, error: Exception, *, whole: bool) -> str:
        left = "nothing is changed" if whole else "what it did before stays, as RUN_IN_TRANSACTION is False"
        message = f"{file.name} failed ({direction} on {self.dialect}; {left}): {_said(error)}"
        if is_lock_timeout(error):
            where = "who has the file open" if self.dialect == "sqlite" else "the oldest xact_start in pg_stat_activity"
            message += f"; others hold a lock that it needs: look for {where}, then run it again"
        return message

    @asynccontextmanager
    async def _transaction(self) -> AsyncGenerator[BaseDBAsyncClient]:
        if self.dialect != "sqlite":
            async with in_transaction(self.connection) as client:
                await client.execute_query(transaction_settings(self.limits))
                yield client
            return
        # SQLite ignores this inside a transaction. A rebuild drops the old table, and its child rows with it, if on.
        await self.client.execute_query("PRAGMA foreign_keys = OFF")
        try:
            async with in_transaction(self.connection) as client:
                yield client
                await _check_foreign_keys(client)
        finally:
            await self.client.execute_query("PRAGMA foreign_keys = ON")

    async def _execute(self, client: BaseDBAsyncClient, script: str) -> None:
        if self.dialect != "sqlite":
            if script.strip():  # asyncpg fails on an empty script
                await client.execute_script(script)
            return
        ours = client is not self.client
        for statement in statements(script):
            if not (ours and tuple(word.upper() for word in tokens(statement)) in OWN_STATEMENTS):
                await client.execute_query(statement)

    async def _record(self, client: BaseDBAsyncClient, file: MigrationFile, direction: Direction) -> None:
        if direction == "upgrade":
            insert = insert_into(AERICH_TABLE, ("version", "app", "content"), parameter_marks(client, 3))
            await client.execute_query(insert, [file.name, self.app, file.state()])
        else:
            delete = f"DELETE FROM {AERICH_TABLE} WHERE (version, app) = {parameter_marks(client, 2)}"  # noqa: S608
            await client.execute_query(delete, [file.name, self.app])


@asynccontextmanager
async def connected(config: dict[str, Any], app: str, limits: Limits | None = None) -> AsyncGenerator[Database]:
    """The database of an app, closed again on the way out; neither it nor Tortoise's state stays open behind it.

    With `limits` its connections have these instead of the configuration's own.

    Tortoise's query builders are left as they are: they belong to the database that the process itself uses.

    Raises:
        MigrationError: The configuration has no such app.
    """
    if app not in config["apps"]:
        message = f"Tortoise's configuration has no app {app!r}; it has: {', '.join(config['apps'])}."
        raise MigrationError(message)
    connection = config["apps"][app].get("default_connection") or "default"
    async with TortoiseContext() as context:
        await context.init(config, init_connections=False)
        try:
            client = context.connections.get(connection)
            if isinstance(client, SqliteClient):  # aiosqlite leaves a thread behind that cannot open its file
                sqlite3.connect(client.filename).close()
            if limits:
                limit_sessions(client, limits)
            yield Database(client, connection, app, limits or Limits())
        finally:
            EXECUTOR_CACHE.clear()  # it knows a connection's name, not its dialect


def _said(error: Exception) -> str:
    """What the database said itself, to whoever runs migrations."""
    said = error.__cause__ or error
    return str(said) or type(said).__name__


async def _check_foreign_keys(client: BaseDBAsyncClient) -> None:
    broken = await client.execute_query_dict("PRAGMA foreign_key_check")
    if broken:
        tables = ", ".join(sorted({f"{row['table']} -> {row['parent']}" for row in broken}))
        message = f"{len(broken)} rows would refer to rows that do not exist ({tables})"
        raise OperationalError(message)
