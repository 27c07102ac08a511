"""What tests need of a database beside the code they test: its configuration, its catalog and plain SQL."""

import re
import sqlite3
from collections.abc import Iterable, Sequence
from contextlib import closing
from typing import Any

import asyncpg
from tortoise.context import TortoiseContext

from tortoise_kit import db

type Row = tuple[object, ...]

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
}
SQLITE_CATALOG = {
    "columns": 'SELECT t.name, c.name, c.type, c."notnull", c.pk FROM sqlite_master t, pragma_table_info(t.name) c',
    "constraints": 'SELECT t.name, k."from", k."table", k."to", k.on_delete '
    "FROM sqlite_master t, pragma_foreign_key_list(t.name) k",
    "indexes": 'SELECT t.name, i."unique", i.partial, (SELECT group_concat(c.name) FROM pragma_index_info(i.name) c) '
    "FROM sqlite_master t, pragma_index_list(t.name) i",
}


def tortoise_config(url: str, *modules: str) -> dict[str, Any]:
    """Tortoise's configuration for some modules of models on a database."""
    pool = db.PoolSettings(max_size=2, command_timeout=30)
    return db.tortoise_config(url, models=[*modules, "aerich.models"], pool=pool, application_name="tests")


async def catalog(url: str) -> dict[str, set[Row]]:
    """The columns, constraints and indexes of all tables but Aerich's, without the names of the last two."""
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
    """Make the schema as Tortoise itself does; Aerich's table may be there."""
    async with TortoiseContext() as context:
        await context.init(config, init_connections=False)
        client = context.connections.get("default")
        script = client.schema_generator(client).get_create_schema_sql(safe=True)
        await client.execute_script(script)


async def execute(url: str, *statements: str) -> list[Row]:
    """Run statements, each in a transaction of its own, and return the rows of the last one."""
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
