"""The SQLite statements that change one schema into another.

SQLite can add a column to a table and little else. Any other change rebuilds it: create a new table, copy the rows,
drop the old table, rename the new one, then recreate indexes and triggers. This keeps child rows only while foreign
keys are not enforced, which `script` takes care of.
"""

from collections.abc import Iterable, Mapping, Sequence

from tortoise_kit.development.migrations.renames import Renames, on_sqlite
from tortoise_kit.development.migrations.sqlite_copy import Values, check, rebuild
from tortoise_kit.development.migrations.sqlite_schema import Schema, SqliteTable, read, require_working
from tortoise_kit.migrations.files import MigrationError
from tortoise_kit.sql.parsing import (
    is_required,
    meaning,
    part_of,
    quoted,
    split_default,
    tokens,
    unquoted,
    with_default,
)

PREPARE = ("PRAGMA foreign_keys = OFF", "BEGIN")
FINISH = ("COMMIT", "PRAGMA foreign_keys = ON")


def changes(
    old: Sequence[str], new: Sequence[str], *, renames: Renames, values: Mapping[str, Values], known: set[str]
) -> list[str]:
    """The statements, without semicolons, that turn one schema into another; none if only comments differ.

    Args:
        old: The statements of the current schema.
        new: The statements of the wanted schema.
        renames: What keeps its rows under a new name.
        values: By table, what becomes of the values in existing rows.
        known: Names of what the old models declare, and of their tables. Others were created by hand and stay.

    Raises:
        MigrationError: On an empty database the statements do not result in the wanted schema.
    """
    target = read(new)
    first = [*on_sqlite(renames, {name: table.columns for name, table in read(old).items()})]
    statements = [*first, *_changes(read([*old, *first]), target, values, known)]
    require_working(old, statements)
    rest = _changes(read([*old, *statements]), target, {}, known)
    if rest:
        message = f"On SQLite this change would leave out {rest[0].splitlines()[0]!r}: write it by hand."
        raise MigrationError(message)
    return statements


def script(statements: Sequence[str]) -> list[str]:
    """Statements as one transaction in which foreign keys are not enforced, also for `aerich upgrade`."""
    return [*PREPARE, *statements, *FINISH] if statements else []


def in_one_transaction(scripts: Mapping[str, list[str]]) -> dict[str, list[str]]:
    """The scripts with SQLite's as one transaction, as Postgres' is anyway: `aerich upgrade` opens none on SQLite."""
    return {dialect: script(own) if dialect == "sqlite" else own for dialect, own in scripts.items()}


def _changes(old: Schema, new: Schema, values: Mapping[str, Values], known: set[str]) -> list[str]:
    """Check values, drop indexes and triggers, change tables, create indexes and triggers: a name may change tables."""
    checks, drops, work, creates = list[str](), list[str](), list[str](), list[str]()
    for name, table in new.items():
        if name not in old:
            work.append(table.sql)
            creates += table.attached.values()
            continue
        before = old[name]
        own = values.get(name, Values())
        checks += check(table, own.conversions)
        changed, rebuilt = _columns(before, table, own, known)
        wanted = table.attached | _by_hand(before, table, known)
        same = {one for one, sql in before.attached.items() if _means(sql) == _means(wanted.get(one, ""))}
        lost = set() if not rebuilt else same
        drops += [_drop(sql, one) for one, sql in before.attached.items() if one not in same]
        work += changed
        creates += [sql for one, sql in wanted.items() if one not in same or one in lost]
    gone = [f"DROP TABLE {quoted(name)}" for name in old if name not in new and name in known]
    return [*checks, *drops, *work, *gone, *creates]


def _by_hand(old: SqliteTable, new: SqliteTable, known: set[str]) -> dict[str, str]:
    """The old table's indexes and triggers that no model has; they stay."""
    found = {name: sql for name, sql in old.attached.items() if name not in known and name not in new.attached}
    for index, sql in found.items():  # SQLite would read the name of a missing column as a string
        if gone := [name for name in old.columns if name not in new.columns and name in map(unquoted, tokens(sql))]:
            message = (
                f"{index} was created by hand and uses {new.name}.{gone[0]}, which goes: drop it in a migration before."
            )
            raise MigrationError(message)
    return found


def _columns(old: SqliteTable, new: SqliteTable, values: Values, known: set[str]) -> tuple[list[str], bool]:
    """The statements that change the columns, and whether they rebuild the table, which drops what is attached."""
    fills = values.fills
    added = {name: with_default(sql, fills.get(name)) for name, sql in new.columns.items() if name not in old.columns}
    converted = any(one.value for one in values.conversions.values())
    if converted or not _fits(old, new, known) or not all(map(_can_be_added, added.values())):
        return [*rebuild(old, new, values, known)], True
    return [f"ALTER TABLE {quoted(new.name)} ADD COLUMN {definition}" for definition in added.values()], False


def _means(sql: str) -> list[str]:
    return meaning(tokens(sql))


def _drop(sql: str, name: str) -> str:
    return f"DROP {'TRIGGER' if tokens(sql)[1].upper() == 'TRIGGER' else 'INDEX'} {quoted(name)}"


def _fits(old: SqliteTable, new: SqliteTable, known: set[str]) -> bool:
    """Whether adding columns is all that the table needs."""
    kept = old.columns.keys() <= new.columns.keys()
    same = kept and all(_means_same(sql, new.columns[name]) for name, sql in old.columns.items())
    by_hand, before, after = map(_meanings, (old.checks_by_hand(known), old.constraints, new.constraints))
    return same and before - by_hand == after - by_hand


def _means_same(old: str, new: str) -> bool:
    """Whether two definitions mean the same; a default that only the database has was a backfill and may stay."""
    before, after = split_default(old), split_default(new)
    return meaning(before[0]) == meaning(after[0]) and (not after[1] or before[1] == after[1])


def _meanings(constraints: Iterable[str]) -> set[tuple[str, ...]]:
    return {tuple(_means(sql)) for sql in constraints}


def _can_be_added(definition: str) -> bool:
    """Whether ADD COLUMN accepts it on a table with rows: no key, not unique, a constant default if it is NOT NULL."""
    default = split_default(definition)[1]
    computed = default and (default[0] == "(" or default[0].upper().startswith("CURRENT_"))
    unique = part_of(definition, "UNIQUE") or part_of(definition, "PRIMARY")
    return not unique and not computed and (bool(default) or not is_required(definition))
