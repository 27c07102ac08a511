"""The Postgres statements that change one set of tables into another.

Both come from snapshots of the models, so this needs no server. In Aerich's own difference the order of statements
depends on the hash seed, and names of constraints are not Postgres' own. Here the order is fixed: constraints are
dropped first and added last, under the names that Postgres itself would choose, so that the next change finds them.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from tortoise_kit.development.migrations import conversions
from tortoise_kit.development.migrations.renames import Renames, moved
from tortoise_kit.development.migrations.schema_model import Column, Table, ordered
from tortoise_kit.migrations.files import MigrationError
from tortoise_kit.sql.parsing import column_definitions, quoted, text, with_default

NAME_BYTES = 63  # the longest name Postgres keeps

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
    back = renames.reversed().tables
    pairs = kept_tables(old, new, renames)
    kept = {table.name for table, _ in pairs}
    added = [table for name, table in new.items() if back.get(name, name) not in old]
    removed = [table for name, table in old.items() if name not in kept]
    statements = [drop for a, b in pairs for drop in _drops(a, b, renames)]
    statements += [f"ALTER TABLE {quoted(a)} RENAME TO {quoted(b)}" for a, b in renames.tables.items()]
    statements += [rename for a, b in pairs for rename in _renames(a, b, renames)]
    statements += [
        create for table in ordered(added) for create in (written or {}).get(table.name) or create_table(table)
    ]
    exact = {name: column_definitions(script[0]) for name, script in (written or {}).items()}
    statements += [alter for a, b in pairs for alter in _columns(renamed(a, b, renames), b, exact.get(b.name, {}))]
    statements += [add for a, b in pairs for add in _adds(a, b, renames)]
    statements += [f"DROP TABLE {quoted(table.name)}" for table in reversed(ordered(removed))]
    return statements


def kept_tables(old: Tables, new: Tables, renames: Renames) -> list[tuple[Table, Table]]:
    """The tables that stay, as they were and as they will be."""
    back = renames.reversed().tables
    return [(old[origin], table) for name, table in new.items() if (origin := back.get(name, name)) in old]


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


def constraint_name(table: str, column: str, label: str) -> str:
    """The name that Postgres chooses for a constraint of one column: the longer of the two names is cut to fit."""
    parts = [table.encode(), column.encode()]
    while len(parts[0]) + len(parts[1]) + len(label) + 2 > NAME_BYTES:
        longer = 0 if len(parts[0]) > len(parts[1]) else 1
        parts[longer] = parts[longer][:-1]
    return "_".join([*(part.decode(errors="ignore") for part in parts), label])


def renamed(old: Table, new: Table, renames: Renames) -> Table:
    """The old table with the new names of itself, its columns and the tables it references."""
    names = renames.columns.get(new.name, {})
    columns = {}
    for column in old.columns.values():
        name = names.get(column.name, column.name)
        columns[name] = replace(column, name=name, references=moved(column.references, renames.tables))
    return replace(old, name=new.name, columns=columns)


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
        if after and column.references and _refers_differently(column, after):
            yield _alter(old.name, f"DROP CONSTRAINT {quoted(constraint_name(old.name, before.name, 'fkey'))}")
        if after and column.unique and not after.unique:
            yield _alter(old.name, f"DROP CONSTRAINT {quoted(constraint_name(old.name, before.name, 'key'))}")


def _renames(old: Table, new: Table, renames: Renames) -> Iterator[str]:
    for before, after in renames.columns.get(new.name, {}).items():
        yield _alter(new.name, f"RENAME COLUMN {quoted(before)} TO {quoted(after)}")
    now = renamed(old, new, renames)
    for origin, column in zip(old.columns, now.columns.values(), strict=True):
        kept = new.columns.get(column.name, column)
        labels = {
            "fkey": kept.references and not _refers_differently(column, kept),
            "key": column.unique and kept.unique,
            "seq": column.generated,
        }
        for label in (label for label, stays in labels.items() if stays):
            was, is_now = constraint_name(old.name, origin, label), constraint_name(new.name, column.name, label)
            if was != is_now:
                what = "SEQUENCE" if label == "seq" else f"TABLE {quoted(new.name)} RENAME CONSTRAINT"
                yield f"ALTER {what} {quoted(was)} {'RENAME ' if label == 'seq' else ''}TO {quoted(is_now)}"


def _columns(old: Table, new: Table, exact: Mapping[str, str]) -> Iterator[str]:
    for name, column in new.columns.items():
        if name not in old.columns:
            yield _alter(new.name, f"ADD COLUMN {with_default(exact.get(name) or column.sql(), column.backfill)}")
        else:
            yield from _column(new.name, old.columns[name], column)
    yield from (_alter(new.name, f"DROP COLUMN {quoted(name)}") for name in old.columns if name not in new.columns)


def _column(table: str, old: Column, new: Column) -> Iterator[str]:
    if (old.primary_key, old.generated is None) != (new.primary_key, new.generated is None):
        message = f"The primary key of {table} changes ({new.name}): write this migration by hand."
        raise MigrationError(message)
    alter = f"ALTER COLUMN {quoted(new.name)}"
    conversion = conversions.between(table, old, new, "postgres") or conversions.Conversion()
    if conversion.fits:
        yield _alter(table, f"ADD CONSTRAINT {quoted(conversion.name)} CHECK ({conversion.fits})")
        yield _alter(table, f"DROP CONSTRAINT {quoted(conversion.name)}")
    if conversion.value or (old.backfill and (old.default != new.default or old.type != new.type)):
        yield _alter(table, f"{alter} DROP DEFAULT")  # it may not fit the new type
    if old.type != new.type:
        yield _alter(table, f"{alter} TYPE {new.type}{conversion.value and f' USING {conversion.value}'}")
    if old.type != new.type and new.generated:
        yield f"ALTER SEQUENCE {quoted(constraint_name(table, new.name, 'seq'))} AS {new.type}"
    if new.default and (old.default != new.default or old.type != new.type):
        yield _alter(table, f"{alter} SET DEFAULT {new.default}")
    if old.nullable and not new.nullable and new.backfill:
        yield f"UPDATE {quoted(table)} SET {quoted(new.name)} = {new.backfill} WHERE {quoted(new.name)} IS NULL"  # noqa: S608 - names from models
    if old.nullable != new.nullable:
        yield _alter(table, f"{alter} {'DROP' if new.nullable else 'SET'} NOT NULL")


def _refers_differently(old: Column, new: Column) -> bool:
    return old.references != new.references or old.type != new.type  # in between, the two may not be comparable


def _adds(old: Table, new: Table, renames: Renames) -> Iterator[str]:
    now = renamed(old, new, renames)
    for name, column in new.columns.items():
        before = now.columns.get(name)
        if before and column.unique and not before.unique:
            yield _alter(
                new.name, f"ADD CONSTRAINT {quoted(constraint_name(new.name, name, 'key'))} {_unique((name,))}"
            )
        if before and column.references and _refers_differently(before, column):
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
