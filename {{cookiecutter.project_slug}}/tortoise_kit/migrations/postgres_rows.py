"""What is wrong with the rows of a Postgres database, rather than with its schema."""

from collections.abc import Mapping

from tortoise.backends.base.client import BaseDBAsyncClient

from tortoise_kit.migrations.catalog import Catalog, Difference
from tortoise_kit.migrations.postgres_catalog import renamed
from tortoise_kit.sql.parsing import text

OWNED_SEQUENCES = """
SELECT d.objid::regclass::text AS sequence, d.refobjid::regclass::text AS owner, quote_ident(a.attname) AS name
FROM pg_depend d JOIN pg_class c ON c.oid = d.objid AND c.relkind = 'S' AND c.relname NOT LIKE 'aerich\\_id\\_seq%'
JOIN pg_attribute a ON a.attrelid = d.refobjid AND a.attnum = d.refobjsubid
JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE d.deptype IN ('a', 'i') AND d.refclassid = 'pg_class'::regclass AND n.nspname = ANY($1::text[])
"""


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
