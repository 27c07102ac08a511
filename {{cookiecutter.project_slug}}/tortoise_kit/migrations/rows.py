"""Rows that do not fit: a failed migration, a sequence of Postgres, or a column that must not be NULL.

Where the database names a constraint, an error needs the table, the number of rows and the key of one of them.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

import asyncpg
from tortoise.backends.base.client import BaseDBAsyncClient
from tortoise.exceptions import BaseORMException

from tortoise_kit.migrations.catalog import Catalog, Difference
from tortoise_kit.migrations.postgres_catalog import renamed
from tortoise_kit.sql.parsing import constraint_definitions, quoted, statements, text, unquoted

KEY = {
    "postgres": (
        "SELECT a.attname::text AS name FROM pg_index i JOIN pg_attribute a ON a.attrelid = i.indrelid "
        "AND a.attnum = ANY(i.indkey) WHERE i.indisprimary AND i.indrelid = to_regclass($1)"
    ),
    "sqlite": "SELECT name FROM pragma_table_info(?) WHERE pk",
}
REBUILT = re.compile(r"\bnew__(?=\w)")  # a table of SQLite while a migration rebuilds it
_CHECKED = re.compile(
    r'INSERT INTO "check__[^"]+" \("(?P<column>[^"]+)"\) SELECT .+? FROM (?P<rest>(?P<table>"[^"]+") .+)', re.DOTALL
)
_ADDED = re.compile(r"ALTER TABLE (?P<table>\S+) ADD CONSTRAINT (?P<name>\"[^\"]+\") CHECK (?P<check>.+)", re.DOTALL)
_TYPED = re.compile(r"ALTER TABLE (?P<table>\S+) ALTER COLUMN (?P<column>\"[^\"]+\") TYPE ")
_NULL = re.compile(r"NOT NULL constraint failed: (?:new__)?(.+)\.(\w+)")
OWNED_SEQUENCES = """
SELECT d.objid::regclass::text AS sequence, d.refobjid::regclass::text AS owner, quote_ident(a.attname) AS name
FROM pg_depend d JOIN pg_class c ON c.oid = d.objid AND c.relkind = 'S' AND c.relname NOT LIKE 'aerich\\_id\\_seq%'
JOIN pg_attribute a ON a.attrelid = d.refobjid AND a.attnum = d.refobjsubid
JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE d.deptype IN ('a', 'i') AND d.refclassid = 'pg_class'::regclass AND n.nspname = ANY($1::text[])
"""


class _Rows(NamedTuple):
    table: str
    rest: str


async def misfits(client: BaseDBAsyncClient, script: str, error: BaseException) -> str:
    """A clause with the number of these rows and the key of one of them, or with the columns that one is in.

    Args:
        client: A connection to the database, as it was before the failed script.
        script: The failed script.
        error: The driver's error.
    """
    for found in _candidates(script, error):
        try:
            keys = await client.execute_query_dict(KEY[client.capabilities.dialect], [_plain(client, found.table)])
            key = quoted(keys[0]["name"]) if len(keys) == 1 else "NULL"
            one = f"SELECT {key} FROM {found.rest} ORDER BY 1 LIMIT 1"  # noqa: S608 -- of the script
            query = f"SELECT count(*) AS number, ({one}) AS one FROM {found.rest}"  # noqa: S608
            (row,) = await client.execute_query_dict(query)
        except BaseORMException:  # the script renames what it names
            continue
        if row["number"]:
            return _clause(found.table, row, keys)
    if isinstance(error, asyncpg.DataError):
        columns = [f"{unquoted(one['table'])}.{unquoted(one['column'])}" for one in _TYPED.finditer(script)]
        return f"; a row does not fit the new type of {' or '.join(columns)}" if columns else ""
    return ""


def _plain(client: BaseDBAsyncClient, table: str) -> str:
    return table if client.capabilities.dialect == "postgres" else unquoted(table)


def _clause(table: str, row: dict[str, Any], keys: list[dict[str, Any]]) -> str:
    one = f", such as the one with {keys[0]['name']} = {row['one']}" if len(keys) == 1 else ""
    name = table.replace('"', "").removeprefix("public.")
    return f"; rows of {name} that do not fit: {row['number']}{one}"


def _candidates(script: str, error: BaseException) -> Iterator[_Rows]:
    """Where such rows may be, as a table, and as what follows FROM."""
    message = str(error)
    if isinstance(error, asyncpg.NotNullViolationError):
        at: Any = error
        table = f"{quoted(at.schema_name)}.{quoted(at.table_name)}"
        yield _Rows(table, f"{table} WHERE {quoted(at.column_name)} IS NULL")
    if null := _NULL.search(message):
        yield _Rows(quoted(null[1]), f"{quoted(null[1])} WHERE {quoted(null[2])} IS NULL")
    for statement in statements(script):
        if (added := _ADDED.match(statement)) and unquoted(added["name"]) in message:
            yield _Rows(added["table"], f"{added['table']} WHERE NOT {added['check']}")
        elif (checked := _CHECKED.match(statement)) and f".{checked['column']} fits" in message:
            yield _Rows(checked["table"], checked["rest"])
        elif statement.startswith('CREATE TABLE "new__'):
            table = quoted(unquoted(statement.split()[2]).removeprefix("new__"))
            for definition in constraint_definitions(statement):
                name, _, check = definition.partition(" CHECK ")
                if check and unquoted(name.removeprefix("CONSTRAINT ")) in message:
                    yield _Rows(table, f"{table} WHERE NOT {check}")


async def sequences_behind(client: BaseDBAsyncClient, schemas: Mapping[str, str]) -> list[Difference]:
    """The sequences whose next value is already in their column, as after rows were copied with their keys."""
    found = []
    for row in await client.execute_query_dict(OWNED_SEQUENCES, [list(schemas)]):
        highest = f"(SELECT max({row['name']}) FROM {row['owner']})"  # noqa: S608 -- names that the catalog quoted
        position = f"(SELECT CASE WHEN is_called THEN last_value ELSE last_value - 1 END FROM {row['sequence']})"  # noqa: S608
        (behind,) = await client.execute_query_dict(f"SELECT {highest} > {position} AS behind")
        if behind["behind"]:
            what = f"sequence {row['sequence']} is behind {row['owner']}.{row['name']}: the next insert would fail."
            remedy = f"SELECT setval({text(row['sequence'])}, {highest})"
            found.append(Difference(renamed(what, schemas), [renamed(remedy, schemas)]))
    return found


async def columns_without_values(
    client: BaseDBAsyncClient, wanted: Catalog, there: Catalog, schema: str
) -> set[tuple[str, str]]:
    """The columns, each after its table, that must be NOT NULL, and have no value in a row that is there.

    Args:
        client: The database.
        wanted: What it should have.
        there: What it has.
        schema: Of the tables without one in their names.
    """
    await client.execute_query("SELECT set_config('search_path', $1, TRUE)", [schema])
    found = set()
    for kind, table, column in wanted.keys() - there.keys():
        filled = {("default", table, column), ("generation", table, column)} & wanted.keys()
        is_there = ("column", table, column) in there
        if kind == "NOT NULL" and ("table", table, table) in there and (is_there or not filled):
            condition = f"{column} IS NULL" if is_there else "TRUE"
            query = f"SELECT EXISTS(SELECT FROM {table} WHERE {condition}) AS found"  # noqa: S608 -- names that the catalog quoted
            (row,) = await client.execute_query_dict(query)
            if row["found"]:
                found.add((table, column))
    return found
