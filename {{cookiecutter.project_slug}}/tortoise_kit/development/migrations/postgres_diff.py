"""The Postgres statements that change one set of tables into another.

Both come from snapshots of the models, so this needs no server. In Aerich's own difference the order of statements
depends on the hash seed, and names of constraints are not Postgres' own. Here the order is fixed: constraints are
dropped first and added last, under the names that Postgres itself would choose, so that the next change finds them.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from tortoise_kit.development.migrations import conversions, declared_diff
from tortoise_kit.development.migrations.names import ordered
from tortoise_kit.development.migrations.postgres_renames import (
    constraint_name,
    drops_first,
    kept_tables,
    on_postgres,
    refers_differently,
    renamed,
    renamed_with_columns,
    tables_on_postgres,
    without_columns_in_the_way,
)
from tortoise_kit.development.migrations.renames import Renames
from tortoise_kit.development.migrations.schema_model import Column, Table
from tortoise_kit.migrations.files import MigrationError
from tortoise_kit.sql.identifiers import qualified
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
        MigrationError: A primary key changes, or a type to one without a conversion from the old.
    """
    pairs = [*kept_tables(old, new, renames)]
    kept = {table.name for table, _ in pairs}
    added = [table for name, table in new.items() if renames.origin(name) not in old]
    removed = list(reversed(ordered([table for name, table in old.items() if name not in kept])))
    first = removed if renames.in_the_way() or _names(removed) & _names(new.values()) else []
    blocked = [drop for a, b in pairs for drop in drops_first(a, b, renames, {table.name for table in first})]
    pairs = [(without_columns_in_the_way(a, b, renames), b) for a, b in pairs]
    statements = [*declared_diff.prepare(old, new)]
    taken = {name for a, b in pairs for _, _, name in renamed_with_columns(a, b, renames)}
    statements += [drop for a, b in pairs for drop in _drops(a, b, renames, taken)] + blocked
    statements += [f"DROP TABLE {table.sql_name}" for table in first]
    statements += [move for a, b in pairs for move in declared_diff.moves(a, b)]
    statements += tables_on_postgres(new, renames)
    statements += on_postgres(pairs, renames)
    statements += [
        create for table in ordered(added) for create in (written or {}).get(table.name) or create_table(table)
    ]
    exact = {name: column_definitions(script[0]) for name, script in (written or {}).items()}
    statements += [alter for a, b in pairs for alter in _columns(renamed(a, b, renames), b, exact.get(b.name, {}))]
    statements += [add for a, b in pairs for add in _adds(a, b, renames)]
    statements += [f"DROP TABLE {table.sql_name}" for table in removed if table not in first]
    return statements


def _names(tables: Iterable[Table]) -> set[str]:
    return {name for table in tables for name in table.declared.names}


def create_table(table: Table) -> Iterator[str]:
    """The statements that create a table with its indexes and comments."""
    lines = [column.sql() for column in table.columns.values()]
    lines += [f"CONSTRAINT {quoted(name)} {definition}" for name, definition in table.declared.constraints.items()]
    body = ",\n    ".join(lines)
    yield f"CREATE TABLE {table.sql_name} (\n    {body}\n)"
    yield from (index.statement(name, table.sql_name) for name, index in table.declared.indexes.items())
    yield from (_comment(table.sql_name, column) for column in table.columns.values() if column.comment)
    if table.comment:
        yield _table_comment(table)


def _alter(table: str, what: str) -> str:
    return f"ALTER TABLE {table} {what}"


def _drops(old: Table, new: Table, renames: Renames, taken: set[str]) -> Iterator[str]:
    """The constraints that go; those of a column that goes only if another constraint takes the name."""
    now = renamed(old, new, renames)
    yield from declared_diff.drops(old, now, new)
    for before, column in zip(old.columns.values(), now.columns.values(), strict=True):
        after = new.columns.get(column.name)
        for label, there, stays in (
            ("fkey", column.references, after and not refers_differently(column, after)),
            ("key", column.unique, after and after.unique),
        ):
            name = constraint_name(old.name, before.name, label)
            if there and not stays and (after or name in taken):
                yield _alter(old.sql_name, f"DROP CONSTRAINT {quoted(name)}")


def _columns(old: Table, new: Table, exact: Mapping[str, str]) -> Iterator[str]:
    for name, column in new.columns.items():
        if name not in old.columns:
            yield _alter(new.sql_name, f"ADD COLUMN {with_default(exact.get(name) or column.sql(), column.backfill)}")
        else:
            yield from _column(new, old.columns[name], column)
    yield from (_alter(new.sql_name, f"DROP COLUMN {quoted(name)}") for name in old.columns if name not in new.columns)


def _column(of: Table, old: Column, new: Column) -> Iterator[str]:
    if (old.primary_key, old.generated is None) != (new.primary_key, new.generated is None):
        message = f"The primary key of {of.title} changes ({of.name}.{new.name}): write this migration by hand."
        raise MigrationError(message)
    if old.generated != new.generated and not new.primary_key:
        message = f"The expression of {of.name}.{new.name} changes: write this migration by hand."
        raise MigrationError(message)
    table = of.sql_name
    alter = f"ALTER COLUMN {quoted(new.name)}"
    conversion = conversions.between(of.name, old, new, "postgres") or conversions.Conversion()
    if conversion.fits:
        yield _alter(table, f"ADD CONSTRAINT {quoted(conversion.name)} CHECK ({conversion.fits})")
        yield _alter(table, f"DROP CONSTRAINT {quoted(conversion.name)}")
    if conversion.value or (old.backfill and (old.default != new.default or old.type != new.type)):
        yield _alter(table, f"{alter} DROP DEFAULT")  # it may not fit the new type
    if old.type != new.type:
        yield _alter(table, f"{alter} TYPE {new.type}{conversion.value and f' USING {conversion.value}'}")
    if old.type != new.type and new.generated:
        yield f"ALTER SEQUENCE {qualified(of.schema, constraint_name(of.name, new.name, 'seq'))} AS {new.type}"
    if new.default and (old.default != new.default or old.type != new.type):
        yield _alter(table, f"{alter} SET DEFAULT {new.default}")
    if old.nullable and not new.nullable and new.backfill:
        yield f"UPDATE {table} SET {quoted(new.name)} = {new.backfill} WHERE {quoted(new.name)} IS NULL"  # noqa: S608 - names from models
    if old.nullable != new.nullable:
        yield _alter(table, f"{alter} {'DROP' if new.nullable else 'SET'} NOT NULL")


def _adds(old: Table, new: Table, renames: Renames) -> Iterator[str]:
    now = renamed(old, new, renames)
    for name, column in new.columns.items():
        before = now.columns.get(name)
        if before and column.unique and not before.unique:
            yield _alter(
                new.sql_name, f"ADD CONSTRAINT {quoted(constraint_name(new.name, name, 'key'))} UNIQUE ({quoted(name)})"
            )
        if before and column.references and refers_differently(before, column):
            key = f"ADD CONSTRAINT {quoted(constraint_name(new.name, name, 'fkey'))} FOREIGN KEY ({quoted(name)})"
            yield _alter(new.sql_name, f"{key} REFERENCES {column.target}")
        if column.comment != (before.comment if before else None):
            yield _comment(new.sql_name, column)
    yield from declared_diff.adds(now, new)
    if new.comment != old.comment:
        yield _table_comment(new)


def _comment(table: str, column: Column) -> str:
    return f"COMMENT ON COLUMN {table}.{quoted(column.name)} IS {_comment_text(column.comment)}"


def _table_comment(table: Table) -> str:
    return f"COMMENT ON TABLE {table.sql_name} IS {_comment_text(table.comment)}"


def _comment_text(comment: str | None) -> str:
    return text(comment) if comment else "NULL"
