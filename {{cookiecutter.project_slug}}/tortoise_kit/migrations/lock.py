"""One migration at a time: of all processes that want to migrate a database, one does, and the others wait.

Postgres: a session's advisory lock, on a connection of its own. It is asked for again and again and never waited for:
a statement that waits keeps its snapshot, CREATE INDEX CONCURRENTLY waits for all older snapshots, and so both would
wait for ever. SQLite: a lock on an empty file beside the database, which itself stays free for the migration.

Either lock ends with the process that holds it, however that ends.
"""

import asyncio
import logging
import random
import sqlite3
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager, closing
from hashlib import sha256
from pathlib import Path
from time import monotonic

import asyncpg
from tortoise.backends.asyncpg.client import AsyncpgDBClient
from tortoise.backends.base.client import BaseDBAsyncClient
from tortoise.backends.sqlite.client import SqliteClient

from tortoise_kit.migrations.files import MigrationError
from tortoise_kit.migrations.timeouts import Limits, session_settings

POLL_SECONDS = 0.1  # half as much to half as much more, so that many who wait do not ask at once
STATEMENT_SECONDS = 10.0  # no statement of the lock itself waits for anything
LOCK_FILE_SUFFIX = "-migration"

TRY = "SELECT pg_try_advisory_lock($1)"
HOLDER = """
SELECT pid, application_name, client_addr, backend_start FROM pg_locks JOIN pg_stat_activity USING (pid)
WHERE locktype = 'advisory' AND granted AND objsubid = 1 AND (classid::bigint << 32) | objid::bigint = $1
  AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
"""
POOLER = (
    "The database is reached through a pooler that shares sessions (PgBouncer), where a lock does not hold: set "
    "DATABASE_MIGRATION_URL to the URL of the server itself."
)

logger = logging.getLogger(__name__)

type Attempt = Callable[[], Awaitable[bool]]


@asynccontextmanager
async def migration_lock(client: BaseDBAsyncClient, app: str, *, limits: Limits) -> AsyncGenerator[None]:
    """Hold the lock of a database and an app; nobody else is here at the same time.

    Args:
        client: Tortoise's connection; it says where the database is and is not used itself.
        app: Tortoise's name of the app.
        limits: `wait` is for the lock.

    Raises:
        MigrationError: Another process held the lock all the time, or the database is behind a pooler.
    """
    if isinstance(client, AsyncpgDBClient):
        async with _advisory_lock(client, app, limits):
            yield
    elif isinstance(client, SqliteClient) and client.filename != ":memory:":  # which is this process' alone
        async with _file_lock(client, limits):
            yield
    else:
        yield


def lock_file(database: str) -> Path:
    """The file that is locked while an SQLite database is migrated. It stays: to delete it could let in a second."""
    path = Path(database).resolve()
    return path.with_name(path.name + LOCK_FILE_SUFFIX)


def advisory_key(app: str) -> int:
    """The number of an app's lock; Postgres keeps the locks of each database apart."""
    return int.from_bytes(sha256(f"migrations of {app}".encode()).digest()[:8], signed=True)


@asynccontextmanager
async def _advisory_lock(client: AsyncpgDBClient, app: str, limits: Limits) -> AsyncGenerator[None]:
    server = await _connect(client, limits)
    try:
        key = advisory_key(app)

        async def attempt() -> bool:
            return bool(await server.fetchval(TRY, key))

        if not await _polled(attempt, limits.wait):
            raise MigrationError(await _who_holds(server, key, limits.wait))
        yield
    finally:
        try:
            await server.close(timeout=STATEMENT_SECONDS)
        except (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError):  # what is lost holds no lock
            server.terminate()


async def _connect(client: AsyncpgDBClient, limits: Limits) -> asyncpg.Connection:
    settings = session_settings(limits)
    try:
        server = await asyncpg.connect(
            host=client.host,
            port=client.port,
            user=client.user,
            password=client.password,
            database=client.database,
            ssl=client.extra.get("ssl"),
            timeout=client.extra.get("timeout", STATEMENT_SECONDS),
            command_timeout=STATEMENT_SECONDS,
            server_settings={**settings, "application_name": f"{client.application_name or 'app'} migration lock"},
        )
    except asyncpg.ProtocolViolationError as error:  # a pooler knows few settings and refuses the others
        raise MigrationError(POOLER) from error
    if await server.fetchval("SELECT setting FROM pg_settings WHERE name = 'lock_timeout'") != settings["lock_timeout"]:
        server.terminate()
        raise MigrationError(POOLER)
    return server


async def _who_holds(server: asyncpg.Connection, key: int, wait: float) -> str:
    message = f"Another process has migrated this database for more than {wait:g} s"
    if holder := await server.fetchrow(HOLDER, key):
        pid, name, address, start = holder
        who = f"{name!r} from {address or 'this machine'}, connected since {start:%Y-%m-%d %H:%M:%S%z}"
        return (
            f"{message} (process {pid} of the server: {who}): look at its queries in pg_stat_activity, or wait longer."
        )
    return f"{message}, and has ended just now: try again."


@asynccontextmanager
async def _file_lock(client: SqliteClient, limits: Limits) -> AsyncGenerator[None]:
    path = lock_file(client.filename)
    with closing(sqlite3.connect(path, timeout=0, isolation_level=None)) as lock:

        async def attempt() -> bool:
            try:
                lock.execute("BEGIN EXCLUSIVE")
            except sqlite3.OperationalError as error:
                if error.sqlite_errorcode != sqlite3.SQLITE_BUSY:
                    raise
                return False
            return True

        if not await _polled(attempt, limits.wait):
            message = (
                f"Another process has migrated this database for more than {limits.wait:g} s: look who has {path} "
                "open, or wait longer."
            )
            raise MigrationError(message)
        yield


async def _polled(attempt: Attempt, wait: float) -> bool:
    if await attempt():
        return True
    logger.warning("Another process migrates this database: waiting for it, at most %g s.", wait)
    deadline = monotonic() + wait
    while monotonic() < deadline:
        await asyncio.sleep(POLL_SECONDS * random.uniform(0.5, 1.5))  # noqa: S311 - jitter, no secret
        if await attempt():
            return True
    return False
