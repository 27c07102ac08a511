"""The schema of a database, to be compared with another one's."""

import re
from collections.abc import Collection, Iterable

from tortoise_kit.development.testing.databases import Row, results
from tortoise_kit.sql.parsing import constraint_definitions, meaning, tokens, without_comments

type Catalog = dict[str, set[Row]]

# Each row: what `by_hand.txt` calls it, its table, and what it is, without its name.
POSTGRES_CATALOG = {
    "columns": (
        "SELECT table_name || '.' || column_name, format('%I.%I', table_schema, table_name)::regclass::text, "
        "column_name, udt_name, character_maximum_length, numeric_precision, numeric_scale, is_nullable "
        "FROM information_schema.columns WHERE table_schema NOT IN ('pg_catalog', 'information_schema')"
    ),
    "constraints": (
        "SELECT conname::text, conrelid::regclass::text, pg_get_constraintdef(c.oid) FROM pg_constraint c "
        "JOIN pg_namespace n ON n.oid = connamespace "
        "WHERE nspname NOT IN ('pg_catalog', 'information_schema') AND contype <> 'n'"
    ),
    "indexes": (
        "SELECT indexname::text, format('%I.%I', schemaname, tablename)::regclass::text, indexdef FROM pg_indexes "
        "WHERE schemaname NOT IN ('pg_catalog', 'information_schema', 'pg_toast')"
    ),
    "sequences": (
        "SELECT s.relname::text, refobjid::regclass::text, s.relname::text, seqtypid::regtype::text, seqmax, seqcycle "
        "FROM pg_sequence JOIN pg_class s ON s.oid = seqrelid "
        "JOIN pg_depend ON objid = seqrelid AND deptype IN ('a', 'i')"
    ),
    "comments": (
        "SELECT relname || coalesce('.' || attname, ''), c.oid::regclass::text, attname::text, description "
        "FROM pg_description JOIN pg_class c ON c.oid = objoid JOIN pg_namespace n ON n.oid = relnamespace "
        "LEFT JOIN pg_attribute ON attrelid = objoid AND attnum = objsubid AND objsubid > 0 "
        "WHERE classoid = 'pg_class'::regclass AND nspname NOT IN ('pg_catalog', 'information_schema')"
    ),
    "triggers": (
        "SELECT tgname::text, tgrelid::regclass::text, tgname::text, pg_get_triggerdef(oid) FROM pg_trigger "
        "WHERE NOT tgisinternal"
    ),
    "views": (
        "SELECT relname::text, c.oid::regclass::text, pg_get_viewdef(c.oid) FROM pg_class c "
        "JOIN pg_namespace n ON n.oid = relnamespace "
        "WHERE relkind IN ('v', 'm') AND nspname NOT IN ('pg_catalog', 'information_schema')"
    ),
    "functions": (
        "SELECT proname::text, p.oid::regprocedure::text FROM pg_proc p "
        "WHERE pronamespace = current_schema()::regnamespace "
        "AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = p.oid AND d.deptype = 'e')"
    ),
}
SQLITE_CATALOG = {
    "columns": (
        "SELECT t.name || '.' || c.name, t.name, c.name, c.type, c.\"notnull\", c.pk "
        "FROM sqlite_master t, pragma_table_info(t.name) c WHERE t.type = 'table'"
    ),
    "foreign keys": (
        'SELECT NULL, t.name, k."from", k."table", k."to", k.on_delete '
        "FROM sqlite_master t, pragma_foreign_key_list(t.name) k WHERE t.type = 'table'"
    ),
    "uniques": (
        "SELECT NULL, t.name, (SELECT group_concat(c.name) FROM pragma_index_info(i.name) c) "
        "FROM sqlite_master t, pragma_index_list(t.name) i WHERE t.type = 'table' AND i.origin <> 'c'"
    ),
    "indexes": "SELECT name, tbl_name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL",
    "triggers": "SELECT name, tbl_name, name, sql FROM sqlite_master WHERE type = 'trigger'",
    "views": "SELECT name, name, sql FROM sqlite_master WHERE type = 'view'",
}


STATEMENTS = ("CREATE ", "CHECK")


async def catalog(url: str, *, without: Collection[str] = ()) -> Catalog:
    """What a database has besides Aerich's table, by its kind: columns, constraints, indexes and so on.

    Indexes and constraints are without their names, so that those of one meaning are equal.

    Args:
        url: The database.
        without: Names of tables and other objects, and columns as `table.column`, that are left out.
    """
    queries = SQLITE_CATALOG if url.startswith("sqlite") else POSTGRES_CATALOG
    found = dict(zip(queries, await results(url, *queries.values()), strict=True))
    if queries is SQLITE_CATALOG:
        [tables] = await results(url, "SELECT name, sql FROM sqlite_master WHERE type = 'table'")
        found["checks"] = [*_checks(tables)]
        found = {what: [tuple(map(_as_compared, row)) for row in rows] for what, rows in found.items()}
    return {what: _nameless(rows, without) for what, rows in found.items()}


def only_in(database: Catalog, models: Catalog) -> list[str]:
    """What a database has and the models have not, each with the remedy."""
    remedy = "declare it in the model, or list its name in migrations/by_hand.txt"
    extra = [(what, row) for what, rows in database.items() for row in sorted(rows - models[what], key=str)]
    return [f"{what}: {' '.join(map(str, row))}: {remedy}" for what, row in extra]


def _checks(tables: Iterable[Row]) -> Iterable[Row]:
    for table, sql in tables:
        for each in constraint_definitions(without_comments(str(sql))):
            words = tokens(each)
            label = words[1].strip('"') if words[0].upper() == "CONSTRAINT" else None
            if "CHECK" in map(str.upper, words[:3]):
                yield label, table, each[each.upper().index("CHECK") :]


def _nameless(rows: Iterable[Row], without: Collection[str]) -> set[Row]:
    kept = (row[1:] for row in rows if row[0] not in without and row[1] not in without)
    return {
        tuple(_without_name(one) if isinstance(one, str) else one for one in row)
        for row in kept
        if row[0] not in {"aerich", "sqlite_sequence"}
    }


def _as_compared(value: object) -> object:
    """SQLite keeps the text of statements: here without quotes around names, in upper case."""
    return " ".join(meaning(tokens(value))) if isinstance(value, str) and value.startswith(STATEMENTS) else value


def _without_name(sql: str) -> str:
    return re.sub(r"INDEX (IF NOT EXISTS )?\S+ ON", "INDEX ON", sql)
