"""What depends on a table and is in no migration: views, triggers and indexes that somebody created by hand.

SQLite drops the triggers and indexes of a table with it when a migration rebuilds it, and lets a view go on without the
columns that it reads. Postgres rejects such a change, and advises to drop the view.
"""

import re
import sqlite3
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any, NamedTuple

import asyncpg
from tortoise.backends.base.client import BaseDBAsyncClient
from tortoise.exceptions import OperationalError

from tortoise_kit.sql.parsing import quoted, text, tokens

# Dropping a column makes SQLite read the definitions of all views again.
READ_VIEWS = (
    "CREATE TABLE check__definitions (a, b)",
    "ALTER TABLE check__definitions DROP COLUMN b",
    "DROP TABLE check__definitions",
)
DROP_FIRST = "drop it at the start of the file, and create it again at its end if it is still needed"
# The statements that make SQLite read the definition of each trigger, after the trigger's name. Not EXPLAIN: run
# again after ALTER TABLE, it reads a trigger's program from freed memory (SQLite 3.40.1), and Python crashes.
READ_TRIGGERS = """
SELECT t.name, 'EXPLAIN QUERY PLAN ' || s.start || '"' || replace(t.tbl_name, '"', '""') || '"' || s.rest AS statement
FROM sqlite_master t, (
    SELECT name AS of, 'INSERT INTO ' AS start, ' DEFAULT VALUES' AS rest FROM sqlite_master WHERE type = 'table'
    UNION ALL SELECT name, 'DELETE FROM ', '' FROM sqlite_master WHERE type = 'table'
    UNION ALL SELECT m.name, 'UPDATE ', ' SET ' || group_concat('"' || c.name || '" = "' || c.name || '"')
    FROM sqlite_master m, pragma_table_info(m.name) c WHERE m.type = 'table' GROUP BY m.name
) s WHERE t.type = 'trigger' AND s.of = t.tbl_name
"""
_OBJECTS = "SELECT type, name, tbl_name, sql FROM sqlite_master WHERE sql IS NOT NULL"
_COLUMNS = "SELECT m.name AS owner, c.name FROM sqlite_master m, pragma_table_info(m.name) c WHERE m.type = 'table'"
_BROKEN = re.compile(r"error in (\w+ .+?)(?: after drop column)?: (.*)")


class _Object(NamedTuple):
    kind: str
    table: str
    sql: str
    columns: tuple[str | None, ...]


@asynccontextmanager
async def kept(client: BaseDBAsyncClient, file: str) -> AsyncGenerator[None]:
    """Create again what SQLite drops with a rebuilt table, unless the file's text names it.

    Raises:
        OperationalError: Something cannot be created again, or would no longer work.
    """
    before, whole = await _objects(client), await _broken(client) is None
    columns = await _table_columns(client)
    yield
    after = await _objects(client)
    if reason := _with_missing_column(after, columns, await _table_columns(client)):
        message = f"{reason}: {DROP_FIRST}"
        raise OperationalError(message)
    for name, lost in before.items():
        if name not in after and lost.table in after and lost.kind in {"index", "trigger"} and not is_named(name, file):
            await _create(client, name, lost)
    if whole and (reason := await _broken(client)):
        message = f"{reason}: {DROP_FIRST}"
        raise OperationalError(message)


def broken_view(error: Exception) -> str:
    """What SQLite says about a view that does not work."""
    match = _BROKEN.search(str(error))
    return broken(match[1], match[2]) if match else str(error)


def broken(name: str, reason: object) -> str:
    """Says that something does not work after a change."""
    return f"{name} would not work any more ({reason})"


def is_named(name: str, file: str) -> bool:
    """Whether a file's text names something."""
    return re.search(rf"(?<!\w){re.escape(name)}(?!\w)", file) is not None


def remedy(error: BaseException) -> str:
    """What to do where a database rejects a change because of a view, a trigger or an index; else nothing."""
    on_postgres = isinstance(error, asyncpg.FeatureNotSupportedError) and "used" in str(error)
    on_sqlite = isinstance(error, sqlite3.Error) and _BROKEN.search(str(error))
    depends = on_postgres or on_sqlite or isinstance(error, asyncpg.DependentObjectsStillExistError)
    return f"; {DROP_FIRST}" if depends else ""


def _with_missing_column(
    objects: dict[str, _Object], before: dict[str, set[str]], after: dict[str, set[str]]
) -> str | None:
    """A view or trigger that names a column in quotes that is gone, which SQLite would read as a text."""
    for name, one in objects.items():
        used = [table for table in before if one.kind in {"view", "trigger"} and is_named(table, one.sql)]
        there = set[str]().union(*(after.get(table, set()) for table in used))
        gone = set[str]().union(*(before[table] for table in used)) - there
        if lost := sorted(column for column in gone if quoted(column) in tokens(one.sql)):
            return broken(f"{one.kind} {name}", f"no such column: {lost[0]}")
    return None


async def _table_columns(client: BaseDBAsyncClient) -> dict[str, set[str]]:
    columns: dict[str, set[str]] = {}
    for row in await client.execute_query_dict(_COLUMNS):
        columns.setdefault(row["owner"], set()).add(row["name"])
    return columns


async def _objects(client: BaseDBAsyncClient) -> dict[str, _Object]:
    rows: list[dict[str, Any]] = await client.execute_query_dict(_OBJECTS)
    return {row["name"]: _Object(row["type"], row["tbl_name"], row["sql"], await _columns(client, row)) for row in rows}


async def _columns(client: BaseDBAsyncClient, row: dict[str, Any]) -> tuple[str | None, ...]:
    if row["type"] != "index":
        return ()
    return tuple(one["name"] for one in await client.execute_query_dict(f"PRAGMA index_info({text(row['name'])})"))


async def _create(client: BaseDBAsyncClient, name: str, lost: _Object) -> None:
    try:
        await client.execute_query(lost.sql)
        reason = "" if (await _objects(client))[name].columns == lost.columns else "a column of it is gone"
    except OperationalError as error:
        reason = str(error)
    if reason:
        message = f"the {lost.kind} {name} on {lost.table} would be lost ({reason}): {DROP_FIRST}"
        raise OperationalError(message)


async def _broken(client: BaseDBAsyncClient) -> str | None:
    try:
        for statement in READ_VIEWS:
            await client.execute_query(statement)
    except OperationalError as error:
        await client.execute_query("DROP TABLE IF EXISTS check__definitions")
        return broken_view(error)
    for row in await client.execute_query_dict(READ_TRIGGERS):
        try:
            await client.execute_query(row["statement"])
        except OperationalError as error:
            return broken(f"trigger {row['name']}", error)
    return None
