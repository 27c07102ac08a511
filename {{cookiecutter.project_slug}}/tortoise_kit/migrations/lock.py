"""One migration at a time: one process migrates a database while the others wait.

Postgres: a session-level advisory lock on a separate connection. It is polled, never waited for: a waiting statement
keeps its snapshot, and CREATE INDEX CONCURRENTLY waits for all older snapshots, so the two would wait for each other
for ever. SQLite: a lock on an empty file beside the database; the database itself stays free for the migration.

Both locks end with the process that holds them, even if it is killed.
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

from tortoise_kit.db.engines.asyncpg_failover import Hosts
from tortoise_kit.db.writability import create_private
from tortoise_kit.migrations.files import MigrationError
from tortoise_kit.migrations.timeouts import MigrationTimeouts, session_settings

POLL_SECONDS = 0.1  # varied by half, so that waiting processes do not poll in step
STATEMENT_SECONDS = 10.0  # no statement of the lock itself waits for anything
LOCK_FILE_SUFFIX = "-migration"

TRY = "SELECT pg_try_advisory_lock($1)"
HOLDER = """
SELECT pid, application_name, client_addr, backend_start FROM pg_locks JOIN pg_stat_activity USING (pid)
WHERE locktype = 'advisory' AND granted AND objsubid = 1 AND (classid::bigint << 32) | objid::bigint = $1
  AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
"""
POOLER = (
    "The database is reached through a pooler that shares sessions (PgBouncer), which breaks the migration lock: set "
    "DATABASE_MIGRATION_URL to the URL of the server itself."
)

logger = logging.getLogger(__name__)

type TryLock = Callable[[], Awaitable[bool]]


@asynccontextmanager
async def migration_lock(client: BaseDBAsyncClient, app: str, *, timeouts: MigrationTimeouts) -> AsyncGenerator[None]:
    """Hold the lock of a database and an app: the body runs in one process at a time.

    Args:
        client: Tortoise's connection; only its address is used.
        app: Tortoise's name of the app.
        timeouts: `wait` applies to the lock.

    Raises:
        MigrationError: Another process held the lock for longer than `wait`, or the database is behind a pooler.
    """
    if isinstance(client, AsyncpgDBClient):
        async with _advisory_lock(client, app, timeouts):
            yield
    elif isinstance(client, SqliteClient) and client.filename != ":memory:":  # no other process can open that one
        async with _file_lock(client, timeouts):
            yield
    else:
        yield


def lock_file(database: str) -> Path:
    """The file that is locked while an SQLite database is migrated. It stays: deleting it could let two in."""
    path = Path(database).resolve()
    return path.with_name(path.name + LOCK_FILE_SUFFIX)


def advisory_key(app: str) -> int:
    """The number of an app's lock; on Postgres, advisory locks are local to a database."""
    return int.from_bytes(sha256(f"migrations of {app}".encode()).digest()[:8], signed=True)


@asynccontextmanager
async def _advisory_lock(client: AsyncpgDBClient, app: str, timeouts: MigrationTimeouts) -> AsyncGenerator[None]:
    server = await _connect(client, timeouts)
    try:
        key = advisory_key(app)

        async def try_lock() -> bool:
            return bool(await server.fetchval(TRY, key))

        if not await _poll(try_lock, timeouts.wait):
            raise MigrationError(await _describe_holder(server, key, timeouts.wait))
        yield
    finally:
        try:
            await server.close(timeout=STATEMENT_SECONDS)
        except (
            OSError,
            TimeoutError,
            asyncpg.PostgresError,
            asyncpg.InterfaceError,
        ):  # it holds no lock then
            server.terminate()


async def _connect(client: AsyncpgDBClient, timeouts: MigrationTimeouts) -> asyncpg.Connection:
    settings = session_settings(timeouts)
    try:
        server = await Hosts().connect(
            host=client.host,
            port=client.port,
            user=client.user,
            password=client.password,
            database=client.database,
            ssl=client.extra.get("ssl"),
            target_session_attrs=client.extra.get("target_session_attrs"),
            timeout=client.extra.get("timeout", STATEMENT_SECONDS),
            command_timeout=STATEMENT_SECONDS,
            server_settings={**settings, "application_name": f"{client.application_name or 'app'} migration lock"},
        )
    except asyncpg.ProtocolViolationError as error:  # a pooler knows few settings and rejects the others
        raise MigrationError(POOLER) from error
    if await server.fetchval("SELECT setting FROM pg_settings WHERE name = 'lock_timeout'") != settings["lock_timeout"]:
        server.terminate()
        raise MigrationError(POOLER)
    return server


async def _describe_holder(server: asyncpg.Connection, key: int, wait: float) -> str:
    message = f"Another process has been migrating this database for more than {wait:g} s"
    if holder := await server.fetchrow(HOLDER, key):
        pid, name, address, start = holder
        who = f"{name!r} from {address or 'this machine'}, connected since {start:%Y-%m-%d %H:%M:%S%z}"
        return f"{message} (server process {pid}: {who}): check its queries in pg_stat_activity, or wait longer."
    return f"{message} and has just ended: try again."


@asynccontextmanager
async def _file_lock(client: SqliteClient, timeouts: MigrationTimeouts) -> AsyncGenerator[None]:
    path = lock_file(client.filename)
    create_private(str(path))
    with closing(sqlite3.connect(path, timeout=0, isolation_level=None)) as lock:

        async def try_lock() -> bool:
            try:
                lock.execute("BEGIN EXCLUSIVE")
            except sqlite3.OperationalError as error:
                if error.sqlite_errorcode != sqlite3.SQLITE_BUSY:
                    raise
                return False
            return True

        if not await _poll(try_lock, timeouts.wait):
            message = (
                f"Another process has been migrating this database for more than {timeouts.wait:g} s: find the process "
                f"that has {path} open, or wait longer."
            )
            raise MigrationError(message)
        yield


async def _poll(try_lock: TryLock, wait: float) -> bool:
    if await try_lock():
        return True
    logger.warning("Another process is migrating this database: waiting for it, at most %g s.", wait)
    deadline = monotonic() + wait
    while monotonic() < deadline:
        await asyncio.sleep(POLL_SECONDS * random.uniform(0.5, 1.5))  # noqa: S311 - jitter, not a secret
        if await try_lock():
            return True
    return False
