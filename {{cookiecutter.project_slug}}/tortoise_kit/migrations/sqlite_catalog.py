"""The objects of an SQLite database, each with the statements that create, change and drop it."""

from collections.abc import Iterator, Mapping

from tortoise.backends.base.client import BaseDBAsyncClient

from tortoise_kit.migrations.catalog import Catalog, SchemaObject
from tortoise_kit.migrations.files import AERICH_TABLE
from tortoise_kit.sql.parsing import (
    column_definitions,
    constraint_definitions,
    is_required,
    meaning,
    part_of,
    quoted,
    split_default,
    tokens,
)

READ = "SELECT type, name, tbl_name, sql FROM sqlite_master WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%'"


async def read_sqlite(client: BaseDBAsyncClient) -> Catalog:
    """The objects of the database; definitions are compared as tokens, so spaces and quotes do not count."""
    rows = await client.execute_query_dict(READ)
    objects = [one for row in rows if row["tbl_name"] != AERICH_TABLE for one in _objects(row)]
    return {one.key: one for one in objects}


def _objects(row: Mapping[str, str]) -> Iterator[SchemaObject]:
    kind, name, owner, sql = row["type"], row["name"], row["tbl_name"], row["sql"]
    drop = f"DROP {kind.upper()} {quoted(name)}"
    if kind != "table":
        yield SchemaObject(kind, owner, name, _meaning(sql), sql, drop)
        return
    yield SchemaObject("table", name, name, "", sql, drop)
    rebuild = f"-- SQLite cannot change this in place. Rebuild the table, with a value for each row, as:\n{sql}"
    for column, definition in column_definitions(sql).items():
        add = f"ALTER TABLE {quoted(name)} ADD COLUMN " if _can_be_added(definition) else rebuild
        remove = f"ALTER TABLE {quoted(name)} DROP COLUMN {quoted(column)}"
        yield SchemaObject("column", name, column, _meaning(definition), add, remove, rebuild, definition)
    for definition in constraint_definitions(sql):
        compared = _meaning(definition)
        yield SchemaObject("constraint", name, compared, compared, rebuild, rebuild, rebuild)


def _can_be_added(definition: str) -> bool:
    """Whether SQLite's ADD COLUMN takes it, also for a table with rows: it is not unique, and has a value for them."""
    unique = part_of(definition, "UNIQUE") or part_of(definition, "PRIMARY")
    return not unique and (bool(split_default(definition)[1]) or not is_required(definition))


def _meaning(sql: str) -> str:
    return " ".join(meaning(tokens(sql)))
