"""The Postgres statements that change one set of tables into another.

Both come from snapshots of the models, so this needs no server. In Aerich's own difference the order of statements
depends on the hash seed, a dropped table cannot be restored, foreign keys are dropped by a name that Postgres never
gave them, and the unique index of a join table is missing. Here the order is fixed: constraints are dropped first and
added last, under the names that Postgres itself would choose, so that the next change finds them.
"""

from collections.abc import Iterator, Mapping, Sequence

from tortoise_kit.development.migrations.renames import (
    Renames,
    constraint_name,
    drops_first,
    in_order,
    on_postgres,
    renamed,
    without_columns_in_the_way,
)
from tortoise_kit.development.migrations.schema_model import Column, Table, ordered
from tortoise_kit.migrations.files import MigrationError
from tortoise_kit.sql.parsing import column_definitions, quoted, text, with_default

type Tables = Mapping[str, Table]


def changes(
    old: Tables, new: Tables, renames: Renames, *, written: Mapping[str, Sequence[str]] | None = None
) -> list[str]:
    """The statements, without semicolons, that turn `old` into `new`.

    Args:
        old: The current tables.
        new: The wanted tables.
        renames: What keeps its rows under a new name.
        written: Tortoise's own statements for new tables, by table; the others are written here.

    Raises:
        MigrationError: A primary key changes; that migration must be written by hand.
    """
    pairs = [(old[origin], table) for name, table in new.items() if (origin := renames.origin(name)) in old]
    kept = {table.name for table, _ in pairs}
    added = [table for name, table in new.items() if renames.origin(name) not in old]
    removed = list(reversed(ordered([table for name, table in old.items() if name not in kept])))
    first = removed if renames.in_the_way() else []
    blocked = [drop for a, b in pairs for drop in drops_first(a, b, renames, {table.name for table in first})]
    pairs = [(without_columns_in_the_way(a, b, renames), b) for a, b in pairs]
    statements = [drop for a, b in pairs for drop in _drops(a, b, renames)] + blocked
    statements += [f"DROP TABLE {quoted(table.name)}" for table in first]
    statements += [f"ALTER TABLE {quoted(a)} RENAME TO {quoted(b)}" for a, b in in_order(renames.tables)]
    statements += on_postgres(pairs, renames)
    statements += [
        create for table in ordered(added) for create in (written or {}).get(table.name) or create_table(table)
    ]
    exact = {name: column_definitions(script[0]) for name, script in (written or {}).items()}
    statements += [alter for a, b in pairs for alter in _columns(renamed(a, b, renames), b, exact.get(b.name, {}))]
    statements += [add for a, b in pairs for add in _adds(a, b, renames)]
    statements += [f"DROP TABLE {quoted(table.name)}" for table in removed if table not in first]
    return statements


def create_table(table: Table) -> Iterator[str]:
    """The statements that create a table with its indexes and comments."""
    lines = [column.sql() for column in table.columns.values()]
    lines += [f"CONSTRAINT {quoted(name)} {_unique(columns)}" for name, columns in table.uniques.items()]
    body = ",\n    ".join(lines)
    yield f"CREATE TABLE {quoted(table.name)} (\n    {body}\n)"
    yield from table.indexes.values()
    yield from (_comment(table.name, column) for column in table.columns.values() if column.comment)
    if table.comment:
        yield _table_comment(table)


def _alter(table: str, what: str) -> str:
    return f"ALTER TABLE {quoted(table)} {what}"


def _unique(columns: tuple[str, ...]) -> str:
    return f"UNIQUE ({', '.join(map(quoted, columns))})"


def _drops(old: Table, new: Table, renames: Renames) -> Iterator[str]:
    now = renamed(old, new, renames)
    for name, statement in old.indexes.items():
        if new.indexes.get(name) != statement:
            yield f"DROP INDEX IF EXISTS {quoted(name)}"
    for name, columns in old.uniques.items():
        if new.uniques.get(name) != columns:  # Aerich may have created it as an index
            yield _alter(old.name, f"DROP CONSTRAINT IF EXISTS {quoted(name)}")
            yield f"DROP INDEX IF EXISTS {quoted(name)}"
    for before, column in zip(old.columns.values(), now.columns.values(), strict=True):
        after = new.columns.get(column.name)
        if after and column.references and column.references != after.references:
            yield _alter(old.name, f"DROP CONSTRAINT {quoted(constraint_name(old.name, before.name, 'fkey'))}")
        if after and column.unique and not after.unique:
            yield _alter(old.name, f"DROP CONSTRAINT {quoted(constraint_name(old.name, before.name, 'key'))}")


def _columns(old: Table, new: Table, exact: Mapping[str, str]) -> Iterator[str]:
    for name, column in new.columns.items():
        if name not in old.columns:
            yield _alter(new.name, f"ADD COLUMN {with_default(exact.get(name) or column.sql(), column.backfill)}")
        else:
            yield from _column(new, old.columns[name], column)
    yield from (_alter(new.name, f"DROP COLUMN {quoted(name)}") for name in old.columns if name not in new.columns)


def _column(of: Table, old: Column, new: Column) -> Iterator[str]:
    if (old.primary_key, old.generated is None) != (new.primary_key, new.generated is None):
        message = f"The primary key of {of.title} changes ({of.name}.{new.name}): write this migration by hand."
        raise MigrationError(message)
    table = of.name
    alter = f"ALTER COLUMN {quoted(new.name)}"
    if old.backfill and (old.default != new.default or old.type != new.type):  # it may not fit the new type
        yield _alter(table, f"{alter} DROP DEFAULT")
    if old.type != new.type:
        yield _alter(table, f"{alter} TYPE {new.type} USING {quoted(new.name)}::{new.type}")
    if new.default and (old.default != new.default or old.type != new.type):
        yield _alter(table, f"{alter} SET DEFAULT {new.default}")
    if old.nullable and not new.nullable and new.backfill:
        yield f"UPDATE {quoted(table)} SET {quoted(new.name)} = {new.backfill} WHERE {quoted(new.name)} IS NULL"  # noqa: S608 - names from models
    if old.nullable != new.nullable:
        yield _alter(table, f"{alter} {'DROP' if new.nullable else 'SET'} NOT NULL")


def _adds(old: Table, new: Table, renames: Renames) -> Iterator[str]:
    now = renamed(old, new, renames)
    for name, column in new.columns.items():
        before = now.columns.get(name)
        if before and column.unique and not before.unique:
            yield _alter(
                new.name, f"ADD CONSTRAINT {quoted(constraint_name(new.name, name, 'key'))} {_unique((name,))}"
            )
        if before and column.references and column.references != before.references:
            key = f"ADD CONSTRAINT {quoted(constraint_name(new.name, name, 'fkey'))} FOREIGN KEY ({quoted(name)})"
            yield _alter(new.name, f"{key} REFERENCES {column.references}")
        if column.comment != (before.comment if before else None):
            yield _comment(new.name, column)
    for name, columns in new.uniques.items():
        if old.uniques.get(name) != columns:
            yield _alter(new.name, f"ADD CONSTRAINT {quoted(name)} {_unique(columns)}")
    yield from (statement for name, statement in new.indexes.items() if old.indexes.get(name) != statement)
    if new.comment != old.comment:
        yield _table_comment(new)


def _comment(table: str, column: Column) -> str:
    return f"COMMENT ON COLUMN {quoted(table)}.{quoted(column.name)} IS {_comment_text(column.comment)}"


def _table_comment(table: Table) -> str:
    return f"COMMENT ON TABLE {quoted(table.name)} IS {_comment_text(table.comment)}"


def _comment_text(comment: str | None) -> str:
    return text(comment) if comment else "NULL"
