"""What depends on a table and is in no migration: views, triggers and indexes that somebody created by hand.

SQLite drops the triggers and indexes of a table with it when a migration rebuilds it, and lets a view go on without the
columns that it reads. Postgres rejects such a change, and advises to drop the view.
"""

import re
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any, NamedTuple

import asyncpg
from tortoise.backends.base.client import BaseDBAsyncClient
from tortoise.exceptions import OperationalError

from tortoise_kit.sql.parsing import text

# Dropping a column makes SQLite read the definitions of all views and triggers again.
READ_DEFINITIONS = (
    "CREATE TABLE check__definitions (a, b)",
    "ALTER TABLE check__definitions DROP COLUMN b",
    "DROP TABLE check__definitions",
)
DROP_FIRST = "drop it at the start of the file, and create it again at its end if it is still needed"
_OBJECTS = "SELECT type, name, tbl_name, sql FROM sqlite_master WHERE sql IS NOT NULL"
_BROKEN = re.compile(r"error in (\w+ .+?) after drop column: (.*)")


class _Object(NamedTuple):
    kind: str
    table: str
    sql: str
    columns: tuple[str | None, ...]


@asynccontextmanager
async def kept(client: BaseDBAsyncClient, file: str) -> AsyncGenerator[None]:
    """Create again what SQLite drops with a rebuilt table, unless the file's text names it.

    Raises:
        OperationalError: Something cannot be created again, or would not work any more.
    """
    before, whole = await _objects(client), await _broken(client) is None
    yield
    after = await _objects(client)
    for name, lost in before.items():
        if name not in after and lost.table in after and lost.kind in {"index", "trigger"} and not is_named(name, file):
            await _create(client, name, lost)
    if whole and (reason := await _broken(client)):
        message = f"{reason}: {DROP_FIRST}"
        raise OperationalError(message)


def broken_by(error: Exception) -> str | None:
    """What SQLite says about a view or trigger that does not work, without its own words for where it found that."""
    match = _BROKEN.search(str(error))
    return f"{match[1]} would not work any more ({match[2]})" if match else None


def is_named(name: str, file: str) -> bool:
    """Whether a file's text names something."""
    return re.search(rf"(?<!\w){re.escape(name)}(?!\w)", file) is not None


def remedy(error: BaseException) -> str:
    """What to do where Postgres rejects a change because of a view, a trigger or a function; else nothing."""
    used = isinstance(error, asyncpg.FeatureNotSupportedError) and "used" in str(error)
    return f"; {DROP_FIRST}" if used or isinstance(error, asyncpg.DependentObjectsStillExistError) else ""


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
        message = (
            f"the {lost.kind} {name} on {lost.table} was created by hand, and would be lost ({reason}): {DROP_FIRST}"
        )
        raise OperationalError(message)


async def _broken(client: BaseDBAsyncClient) -> str | None:
    try:
        for statement in READ_DEFINITIONS:
            await client.execute_query(statement)
    except OperationalError as error:
        await client.execute_query("DROP TABLE IF EXISTS check__definitions")
        return broken_by(error) or str(error)
    return None
