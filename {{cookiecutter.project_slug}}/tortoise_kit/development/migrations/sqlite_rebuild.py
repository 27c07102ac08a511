"""The SQLite statements that change one schema into another.

SQLite can add a column to a table and little else. Any other change rebuilds it: create a new table, copy the rows,
drop the old table, rename the new one, then recreate indexes and triggers. This keeps child rows only while foreign
keys are not enforced, which `script` takes care of.
"""

import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing

from tortoise_kit.development.migrations.renames import Renames
from tortoise_kit.development.migrations.sqlite_copy import SqliteTable, Values, check, rebuild
from tortoise_kit.migrations.files import MigrationError
from tortoise_kit.sql.parsing import (
    column_definitions,
    constraint_definitions,
    is_check,
    meaning,
    quoted,
    split_default,
    tokens,
    with_default,
    without_comments,
)

READ_SCHEMA = (
    "SELECT type, name, tbl_name, sql FROM sqlite_master "
    "WHERE sql IS NOT NULL AND type IN ('table', 'index', 'trigger') AND name NOT LIKE 'sqlite_%' "
    "ORDER BY type = 'trigger', type = 'index', rowid"
)
PREPARE = ("PRAGMA foreign_keys = OFF", "BEGIN")
FINISH = ("COMMIT", "PRAGMA foreign_keys = ON")

type Schema = dict[str, SqliteTable]


def read(statements: Iterable[str], renames: Renames | None = None) -> Schema:
    """The schema after these statements on an empty database, and then these renames."""
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as database:
        for statement in statements:
            database.execute(without_comments(statement))
        for statement in rename(renames or Renames()):
            database.execute(statement)
        return _schema(database)


def rename(renames: Renames) -> Iterator[str]:
    """The statements that rename tables, then columns; SQLite itself updates what references them."""
    for before, after in renames.tables.items():
        yield f"ALTER TABLE {quoted(before)} RENAME TO {quoted(after)}"
    for table, names in renames.columns.items():
        for before, after in names.items():
            yield f"ALTER TABLE {quoted(table)} RENAME COLUMN {quoted(before)} TO {quoted(after)}"


def changes(
    old: Sequence[str], new: Sequence[str], *, renames: Renames, values: Mapping[str, Values], known: set[str]
) -> list[str]:
    """The statements, without semicolons, that turn one schema into another; none if only comments differ.

    Args:
        old: The statements of the current schema.
        new: The statements of the wanted schema.
        renames: What keeps its rows under a new name.
        values: By table, what becomes of the values in existing rows.
        known: Names of the old models' tables and indexes. Others were created by hand and stay.

    Raises:
        MigrationError: On an empty database the statements do not result in the wanted schema.
    """
    try:
        target = read(new)
        statements = [*rename(renames), *_changes(read(old, renames), target, values, known)]
        rest = _changes(read([*old, *statements]), target, {}, known)
    except sqlite3.Error as error:
        message = f"This change cannot be made on SQLite: {error}. Write the migration by hand."
        raise MigrationError(message) from error
    if rest:
        message = f"On SQLite this change would leave out {rest[0].splitlines()[0]!r}: write it by hand."
        raise MigrationError(message)
    return statements


def script(statements: Sequence[str]) -> list[str]:
    """Statements as one transaction in which foreign keys are not enforced, also for `aerich upgrade`."""
    return [*PREPARE, *statements, *FINISH] if statements else []


def in_one_transaction(scripts: Mapping[str, list[str]]) -> dict[str, list[str]]:
    """The scripts with SQLite's as one transaction, as Postgres' is anyway: `aerich upgrade` opens none on SQLite."""
    return {**scripts, "sqlite": script(scripts["sqlite"])}


def _schema(database: sqlite3.Connection) -> Schema:
    schema: Schema = {}
    for kind, name, owner, sql in database.execute(READ_SCHEMA):
        if kind != "table":
            schema[owner].attached[name] = sql
            continue
        schema[name] = SqliteTable(name, sql, column_definitions(sql), constraint_definitions(sql))
    return schema


def _changes(old: Schema, new: Schema, values: Mapping[str, Values], known: set[str]) -> list[str]:
    statements: list[str] = []
    for name, table in new.items():
        if name in old:
            statements += _table(old[name], table, values.get(name, Values()), known)
        else:
            statements += [table.sql, *table.attached.values()]
    return [*statements, *(f"DROP TABLE {quoted(name)}" for name in old if name not in new and name in known)]


def _table(old: SqliteTable, new: SqliteTable, values: Values, known: set[str]) -> list[str]:
    by_hand = {name: sql for name, sql in old.attached.items() if name not in known and name not in new.attached}
    for index, sql in by_hand.items():  # SQLite would read the name of a missing column as a string
        if gone := [name for name in old.columns if name not in new.columns and quoted(name) in tokens(sql)]:
            message = (
                f"{index} was created by hand and uses {new.name}.{gone[0]}, which goes: drop it in a migration before."
            )
            raise MigrationError(message)
    wanted = new.attached | by_hand
    checks = list(check(new, values.conversions))
    fills, converted = values.fills, any(one.value for one in values.conversions.values())
    added = {name: with_default(sql, fills.get(name)) for name, sql in new.columns.items() if name not in old.columns}
    if converted or not _fits(old, new) or not all(map(_can_be_added, added.values())):
        return [*checks, *rebuild(old, new, values), *wanted.values()]
    same = {name for name, sql in old.attached.items() if meaning(tokens(sql)) == meaning(tokens(wanted.get(name, "")))}
    drops = [_drop(sql, name) for name, sql in old.attached.items() if name not in same]
    adds = [f"ALTER TABLE {quoted(new.name)} ADD COLUMN {definition}" for definition in added.values()]
    return [*checks, *drops, *adds, *(sql for name, sql in wanted.items() if name not in same)]


def _drop(sql: str, name: str) -> str:
    return f"DROP {'TRIGGER' if tokens(sql)[1].upper() == 'TRIGGER' else 'INDEX'} {quoted(name)}"


def _fits(old: SqliteTable, new: SqliteTable) -> bool:
    """Whether adding columns is all that the table needs."""
    kept = old.columns.keys() <= new.columns.keys()
    same = kept and all(_means_same(sql, new.columns[name]) for name, sql in old.columns.items())
    return same and _constraints(old) == _constraints(new)


def _means_same(old: str, new: str) -> bool:
    """Whether two definitions mean the same; a default that only the database has was a backfill and may stay."""
    before, after = split_default(old), split_default(new)
    return meaning(before[0]) == meaning(after[0]) and (not after[1] or before[1] == after[1])


def _constraints(table: SqliteTable) -> set[tuple[str, ...]]:
    return {tuple(meaning(tokens(sql))) for sql in table.constraints if not is_check(sql)}


def _can_be_added(definition: str) -> bool:
    """Whether ADD COLUMN accepts it on a table with rows: no key, not unique, a constant default if it is NOT NULL."""
    words, default = split_default(definition)
    upper = {word.upper() for word in words}
    computed = default and (default[0] == "(" or default[0].upper().startswith("CURRENT_"))
    return not upper & {"UNIQUE", "PRIMARY"} and not computed and (bool(default) or "NULL" not in upper)
