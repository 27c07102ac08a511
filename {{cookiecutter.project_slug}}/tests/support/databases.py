"""Databases for tests: made, emptied and looked at."""

import os
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Literal
from urllib.parse import urlsplit
from uuid import uuid4

import asyncpg
from tortoise.backends.asyncpg.client import AsyncpgDBClient
from tortoise.backends.sqlite.client import SqliteClient
from tortoise.connection import get_connection

from tortoise_kit.upstream.asyncpg import slots_in_use

CONNECT_TIMEOUT_SECONDS = 10
# In transaction mode: databases are made and migrated on the server itself, and the service goes through the pooler.
DIRECT_URL = os.environ.get("TEST_DATABASE_DIRECT_URL")
POOLER: Literal["pgbouncer"] | None = "pgbouncer" if DIRECT_URL else None
# Copying files takes half the time of the default where nothing is flushed to disk, as on the suite's own server.
_OPTIONS = "TEMPLATE template0 STRATEGY file_copy LOCALE_PROVIDER libc LC_COLLATE 'C' LC_CTYPE 'C.UTF-8'"

_OPEN_TRANSACTIONS = """
SELECT count(*) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid() AND state LIKE 'idle in transaction%'
"""


def through_pooler(database_url: str) -> str:
    """The URL that the service gets for a database of the run: PgBouncer's, where one stands before the server."""
    if POOLER is None or database_url.startswith("sqlite"):
        return database_url
    return urlsplit(os.environ["TEST_DATABASE_URL"])._replace(path=urlsplit(database_url).path).geturl()


def new_name() -> str:
    """A name that no database has."""
    return f"test_{uuid4().hex}"


@asynccontextmanager
async def new_postgres_database(server: str, name: str | None = None) -> AsyncGenerator[str]:
    """The URL of a new, empty database on `server`; it is dropped afterwards, whoever is still connected.

    It sorts text by code point, as SQLite does, whatever the server's own locale.
    """
    name = name or new_name()
    await _execute(server, f"CREATE DATABASE {name} {_OPTIONS}")
    try:
        yield urlsplit(server)._replace(path=f"/{name}").geturl()
    finally:
        await _execute(server, f"DROP DATABASE {name} WITH (FORCE)")


async def _execute(server: str, statement: str) -> None:
    """On a connection of its own, since the test may have killed the server meanwhile."""
    connection = await asyncpg.connect(server, timeout=CONNECT_TIMEOUT_SECONDS)
    try:
        await connection.execute(statement)
    finally:
        await connection.close()


async def delete_all_rows() -> None:
    """Empty every table but the migrations' own."""
    connection = get_connection("default")
    if connection.capabilities.dialect == "postgres":
        rows = await connection.execute_query_dict(
            "SELECT tablename AS name FROM pg_tables WHERE schemaname = current_schema() AND tablename <> 'aerich'"
        )
        # One statement, so that foreign keys are checked once every table is empty.
        deletes = ", ".join(f'_{number} AS (DELETE FROM "{row["name"]}")' for number, row in enumerate(rows))
        await connection.execute_script(f"WITH {deletes} SELECT")
        return
    rows = await connection.execute_query_dict(
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND name <> 'aerich'"
    )
    deletes = "; ".join(f'DELETE FROM "{row["name"]}"' for row in rows)
    await connection.execute_script(f"PRAGMA foreign_keys = OFF; {deletes}; PRAGMA foreign_keys = ON")


async def assert_nothing_leaked() -> None:
    """Every slot of the pool is back, and no transaction is left open."""
    connection = get_connection("default")
    if isinstance(connection, AsyncpgDBClient):
        pool = connection._pool
        if pool is not None:
            # Its free slots, and not its sizes: those do not count a slot that was lost with its connection.
            busy = slots_in_use(pool)
            assert busy == 0, f"{busy} connections were not given back to the pool"
            left_open = await pool.fetchval(_OPEN_TRANSACTIONS)
            assert left_open == 0, f"{left_open} sessions are idle in transaction"
    elif isinstance(connection, SqliteClient):
        assert not connection._lock.locked(), "the connection's lock was not given back"
        if connection._connection is not None:
            assert not connection._connection.in_transaction, "a transaction was left open"
