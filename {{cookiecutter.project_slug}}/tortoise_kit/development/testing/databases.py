"""Databases for tests: created, emptied, checked for leaks, and their schemas compared."""

import asyncio
import os
import re
import sqlite3
from collections.abc import AsyncGenerator, Iterable, Sequence
from contextlib import asynccontextmanager, closing
from typing import Any, Literal
from urllib.parse import urlsplit
from uuid import uuid4

import asyncpg
from tortoise.backends.asyncpg.client import AsyncpgDBClient
from tortoise.backends.sqlite.client import SqliteClient
from tortoise.connection import get_connection
from tortoise.context import TortoiseContext

from tortoise_kit.db.config import PoolSettings, tortoise_config
from tortoise_kit.upstream.asyncpg import slots_in_use

type Row = tuple[object, ...]

CONNECT_TIMEOUT_SECONDS = 10
LOCK_SECONDS = 1  # for SQLite's only connection, which no one should hold between tests
# In transaction mode: databases are made and migrated on the server itself, and the service goes through the pooler.
DIRECT_URL = os.environ.get("TEST_DATABASE_DIRECT_URL")
POOLER: Literal["pgbouncer"] | None = "pgbouncer" if DIRECT_URL else None
# Copying files takes half the time of the default where nothing is flushed to disk, as on the suite's own server.
_OPTIONS = "TEMPLATE template0 STRATEGY file_copy LOCALE_PROVIDER libc LC_COLLATE 'C' LC_CTYPE 'C.UTF-8'"

_OPEN_TRANSACTIONS = """
SELECT count(*) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid() AND state LIKE 'idle in transaction%'
"""

POSTGRES_CATALOG = {
    "columns": (
        "SELECT table_name, column_name, udt_name, character_maximum_length, numeric_precision, numeric_scale, "
        "is_nullable FROM information_schema.columns WHERE table_schema = current_schema()"
    ),
    "constraints": (
        "SELECT conrelid::regclass::text, pg_get_constraintdef(oid) FROM pg_constraint "
        "WHERE connamespace = current_schema()::regnamespace AND contype <> 'n'"
    ),
    "indexes": "SELECT tablename::text, indexdef FROM pg_indexes WHERE schemaname = current_schema()",
    "sequences": (
        "SELECT refobjid::regclass::text, relname::text, seqtypid::regtype::text, seqmax, seqcycle FROM pg_sequence "
        "JOIN pg_class ON pg_class.oid = seqrelid JOIN pg_depend ON objid = seqrelid AND deptype IN ('a', 'i') "
        "WHERE relnamespace = current_schema()::regnamespace"
    ),
    "comments": (
        "SELECT attrelid::regclass::text, attname::text, description FROM pg_description "
        "JOIN pg_attribute ON attrelid = objoid AND attnum = objsubid WHERE classoid = 'pg_class'::regclass "
        "AND attrelid IN (SELECT oid FROM pg_class WHERE relnamespace = current_schema()::regnamespace) "
        "UNION ALL SELECT objoid::regclass::text, '', description FROM pg_description JOIN pg_class ON oid = objoid "
        "WHERE classoid = 'pg_class'::regclass AND objsubid = 0 AND relnamespace = current_schema()::regnamespace"
    ),
}
SQLITE_CATALOG = {
    "columns": 'SELECT t.name, c.name, c.type, c."notnull", c.pk FROM sqlite_master t, pragma_table_info(t.name) c',
    "constraints": 'SELECT t.name, k."from", k."table", k."to", k.on_delete '
    "FROM sqlite_master t, pragma_foreign_key_list(t.name) k",
    "indexes": 'SELECT t.name, i."unique", i.partial, (SELECT group_concat(c.name) FROM pragma_index_info(i.name) c) '
    "FROM sqlite_master t, pragma_index_list(t.name) i",
}


def through_pooler(database_url: str) -> str:
    """The URL that the service gets for a database of the run: PgBouncer's, where one stands before the server."""
    if POOLER is None or database_url.startswith("sqlite"):
        return database_url
    return urlsplit(os.environ["TEST_DATABASE_URL"])._replace(path=urlsplit(database_url).path).geturl()


def new_name() -> str:
    """A name that no database has yet."""
    return f"test_{uuid4().hex}"


@asynccontextmanager
async def new_postgres_database(server: str, name: str | None = None) -> AsyncGenerator[str]:
    """The URL of a new, empty database on `server`; it is dropped afterwards, even while clients are connected.

    It sorts text by code point, as SQLite does, whatever the server's own locale.
    """
    name = name or new_name()
    await _execute(server, f"CREATE DATABASE {name} {_OPTIONS}")
    try:
        yield urlsplit(server)._replace(path=f"/{name}").geturl()
    finally:
        await _execute(server, f"DROP DATABASE {name} WITH (FORCE)")


async def _execute(server: str, statement: str) -> None:
    """On a new connection, since the test may have killed the server in the meantime."""
    connection = await asyncpg.connect(server, timeout=CONNECT_TIMEOUT_SECONDS)
    try:
        await connection.execute(statement)
    finally:
        await connection.close()


async def delete_all_rows() -> None:
    """Empty every table of the connection `default` except that of the migrations."""
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
    """Every slot of the pool is free, and no transaction is open."""
    connection = get_connection("default")
    if isinstance(connection, AsyncpgDBClient):
        busy = slots_in_use(connection)
        assert busy == 0, f"{busy} connections were not released to the pool"
        [row] = await connection.execute_query_dict(_OPEN_TRANSACTIONS)
        assert row["count"] == 0, f"{row['count']} sessions are idle in transaction"
    elif isinstance(connection, SqliteClient):
        async with asyncio.timeout(LOCK_SECONDS), connection.acquire_connection() as opened:
            assert not opened.in_transaction, "a transaction is still open"


def models_config(url: str, *modules: str) -> dict[str, Any]:
    """Tortoise's configuration for some modules of models, and Aerich's, on a database."""
    pool = PoolSettings(max_size=2, command_timeout=30)
    return tortoise_config(url, models=[*modules, "aerich.models"], pool=pool, application_name="tests")


async def catalog(url: str) -> dict[str, set[Row]]:
    """What the schema has except Aerich's table, without the names of constraints and indexes."""
    if url.startswith("sqlite"):
        found = {what: _sqlite_rows(url, f"{sql} WHERE t.type = 'table'") for what, sql in SQLITE_CATALOG.items()}
    else:
        server = await asyncpg.connect(url)
        try:
            found = {what: [tuple(row) for row in await server.fetch(sql)] for what, sql in POSTGRES_CATALOG.items()}
        finally:
            await server.close()
    return {what: _nameless(rows) for what, rows in found.items()}


async def create_from_models(config: dict[str, Any]) -> None:
    """Create the schema as Tortoise itself does; Aerich's table may exist."""
    async with TortoiseContext() as context:
        await context.init(config, init_connections=False)
        client = context.connections.get("default")
        script = client.schema_generator(client).get_create_schema_sql(safe=True)
        await client.execute_script(script)


async def execute(url: str, *statements: str) -> list[Row]:
    """Run statements, each in its own transaction, and return the rows of the last one."""
    if url.startswith("sqlite"):
        return [_sqlite_rows(url, statement) for statement in statements][-1]
    server = await asyncpg.connect(url)
    try:
        return [[tuple(row) for row in await server.fetch(statement)] for statement in statements][-1]
    finally:
        await server.close()


def _sqlite_rows(url: str, statement: str) -> list[Row]:
    with closing(sqlite3.connect(url.removeprefix("sqlite://"), isolation_level=None)) as database:
        database.execute("PRAGMA foreign_keys = ON")
        return database.execute(statement).fetchall()


def _nameless(rows: Iterable[Sequence[object]]) -> set[Row]:
    return {
        tuple(re.sub(r"INDEX \S+ ON", "INDEX ON", one) if isinstance(one, str) else one for one in row)
        for row in rows
        if row[0] not in {"aerich", "sqlite_sequence"}
    }
