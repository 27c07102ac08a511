"""Apply or revert one migration file, with its record in the table `aerich`, completely or not at all.

Aerich's own loop sends SQLite a script, which commits what came before it, so a failed file leaves half of its tables.
"""

import asyncio
import logging
import random
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, nullcontext
from dataclasses import dataclass
from types import ModuleType
from typing import Any, Literal

from tortoise.backends.base.client import BaseDBAsyncClient
from tortoise.backends.base.executor import EXECUTOR_CACHE
from tortoise.backends.sqlite.client import SqliteClient
from tortoise.context import TortoiseContext
from tortoise.exceptions import OperationalError
from tortoise.transactions import in_transaction

from tortoise_kit.db.writability import try_to_open
from tortoise_kit.migrations.dependents import is_named, kept, remedy
from tortoise_kit.migrations.files import AERICH_TABLE, MigrationError, MigrationFile, applied
from tortoise_kit.migrations.rows import REBUILT, misfits
from tortoise_kit.migrations.timeouts import (
    MigrationTimeouts,
    is_lock_timeout,
    set_session_timeouts,
    transaction_settings,
)
from tortoise_kit.sql.identifiers import insert_into, parameter_marks
from tortoise_kit.sql.parsing import statements, tokens, without_comments

TRANSACTION_STATEMENTS = {"BEGIN", "COMMIT", "END"}  # for `aerich upgrade`; here a transaction is open already
# What a failed CREATE INDEX CONCURRENTLY leaves behind: an index that slows every write down and serves no query.
INVALID_INDEXES = """
SELECT relname::text AS name, indexrelid::regclass::text AS sql_name
FROM pg_index JOIN pg_class ON pg_class.oid = indexrelid
WHERE NOT indisvalid AND relnamespace = current_schema()::regnamespace
"""

logger = logging.getLogger(__name__)

type Direction = Literal["upgrade", "downgrade"]


@dataclass(frozen=True)
class Database:
    """An open database and the app whose history it has.

    Attributes:
        client: Tortoise's connection, which the current context knows as `connection`.
        connection: Its name in Tortoise's configuration.
        app: Tortoise's name of the app.
        timeouts: How long its migrations wait.
    """

    client: BaseDBAsyncClient
    connection: str
    app: str
    timeouts: MigrationTimeouts

    @property
    def dialect(self) -> str:
        """`postgres` or `sqlite`."""
        return self.client.capabilities.dialect

    async def applied(self) -> list[str]:
        """The names of the applied files, in the order they were applied; empty on an empty database."""
        return await applied(self.client, self.app)

    async def run(self, file: MigrationFile, direction: Direction) -> None:
        """Apply or revert a file and record that; after a failure the database is as before.

        When other sessions hold its locks for too long, the whole file is retried. A file with
        `RUN_IN_TRANSACTION = False` is the exception: it is tried once, and its work up to the failure stays.

        Raises:
            MigrationError: The file failed; the error names it and the database's reason.
        """
        module = file.load()
        whole = getattr(module, "RUN_IN_TRANSACTION", True)
        tries = self.timeouts.tries if whole else 1
        for number in range(1, tries + 1):
            try:
                return await (self._whole if whole else self._in_parts)(file, module, direction)
            except MigrationError:
                raise
            except Exception as error:
                if number == tries or not is_lock_timeout(error):
                    script = getattr(module, direction.upper(), {}).get(self.dialect, "")
                    rows = await misfits(self.client, script, error.__cause__ or error)
                    raise MigrationError(self._reason(file, direction, error, whole=whole) + rows) from error
            logger.warning("%s waits for sessions that use its tables: try %d of %d failed.", file.name, number, tries)
            await asyncio.sleep(self.timeouts.pause * random.uniform(0.5, 1.5))  # noqa: S311 - jitter, not a secret
        return None

    async def _whole(self, file: MigrationFile, module: ModuleType, direction: Direction) -> None:
        async with self._transaction() as client:
            async with kept(client, file.source) if self.dialect == "sqlite" else nullcontext():
                await self._execute(client, await getattr(module, direction)(client))
            await self._record(client, file, direction)

    async def _in_parts(self, file: MigrationFile, module: ModuleType, direction: Direction) -> None:
        if self.dialect != "sqlite":
            await _drop_invalid_indexes(self.client, file)
        await self._execute(self.client, await getattr(module, direction)(self.client))
        await self._record(self.client, file, direction)

    def _reason(self, file: MigrationFile, direction: Direction, error: Exception, *, whole: bool) -> str:
        left = "nothing changed" if whole else "its work up to here stays, as RUN_IN_TRANSACTION is False"
        cause = error.__cause__ or error
        said = REBUILT.sub("", str(cause)) or type(cause).__name__
        message = f"{file.name} failed ({direction} on {self.dialect}; {left}): {said}{remedy(cause)}"
        if is_lock_timeout(error):
            process, session = "the process that has the file open", "the oldest xact_start in pg_stat_activity"
            holder = process if self.dialect == "sqlite" else session
            message += f"; another session holds a lock that it needs: find {holder}, then run this again"
        return message

    @asynccontextmanager
    async def _transaction(self) -> AsyncGenerator[BaseDBAsyncClient]:
        if self.dialect != "sqlite":
            async with in_transaction(self.connection) as client:
                await client.execute_query(transaction_settings(self.timeouts))
                yield client
            return
        # SQLite ignores this inside a transaction. If it were on, dropping a rebuilt table would delete its child rows.
        await self.client.execute_query("PRAGMA foreign_keys = OFF")
        try:
            async with in_transaction(self.connection) as client:
                yield client
                await _check_foreign_keys(client)
        finally:
            await self.client.execute_query("PRAGMA foreign_keys = ON")
            await self.client.execute_query("PRAGMA legacy_alter_table = OFF")  # as a file may have failed in between

    async def _execute(self, client: BaseDBAsyncClient, script: str) -> None:
        if self.dialect != "sqlite":
            if script.strip():  # asyncpg fails on an empty script
                await client.execute_script(script)
            return
        open_already = client is not self.client
        for statement in statements(script):
            if not (open_already and tokens(without_comments(statement))[0].upper() in TRANSACTION_STATEMENTS):
                await client.execute_query(statement)

    async def _record(self, client: BaseDBAsyncClient, file: MigrationFile, direction: Direction) -> None:
        if direction == "upgrade":
            insert = insert_into(AERICH_TABLE, ("version", "app", "content"), parameter_marks(client, 3))
            await client.execute_query(insert, [file.name, self.app, file.state()])
        else:
            delete = f"DELETE FROM {AERICH_TABLE} WHERE (version, app) = {parameter_marks(client, 2)}"  # noqa: S608
            await client.execute_query(delete, [file.name, self.app])


@asynccontextmanager
async def connected(
    config: dict[str, Any], app: str, timeouts: MigrationTimeouts | None = None
) -> AsyncGenerator[Database]:
    """An app's database in a context of Tortoise that is closed again on the way out.

    With `timeouts`, its connections have those instead of the configuration's own. Tortoise's query builders stay as
    they are: they belong to the database that the process itself uses.

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
            if isinstance(client, SqliteClient):  # fails here: aiosqlite would leave a thread behind
                try_to_open(client.filename)
                vars(client)["resets_sessions"] = False  # a file's statements share one: BEGIN, pragmas
            if timeouts:
                set_session_timeouts(client, timeouts)
            yield Database(client, connection, app, timeouts or MigrationTimeouts())
        finally:
            EXECUTOR_CACHE.clear()  # its keys hold a connection's name, not its dialect


async def _drop_invalid_indexes(client: BaseDBAsyncClient, file: MigrationFile) -> None:
    """Drop the INVALID indexes on Postgres that a file names: its IF NOT EXISTS would take them for finished ones."""
    for row in await client.execute_query_dict(INVALID_INDEXES):
        if is_named(row["name"], file.source):
            logger.warning("Dropping %s, which an earlier try of %s left half built.", row["sql_name"], file.name)
            await client.execute_script(f"DROP INDEX CONCURRENTLY IF EXISTS {row['sql_name']}")


async def _check_foreign_keys(client: BaseDBAsyncClient) -> None:
    if broken := await client.execute_query_dict("PRAGMA foreign_key_check"):
        tables = ", ".join(sorted({f"{row['table']} -> {row['parent']}" for row in broken}))
        message = f"{len(broken)} rows would reference rows that do not exist ({tables})"
        raise OperationalError(message)
