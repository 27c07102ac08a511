"""The statements that rename tables and columns on Postgres, with all that bears their names."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial

from tortoise_kit.development.migrations.renames import NAME_BYTES, Renames, in_order, moved
from tortoise_kit.development.migrations.schema_model import Column, Table
from tortoise_kit.sql.identifiers import qualified
from tortoise_kit.sql.parsing import quoted, tokens, unquoted

_QUOTED = re.compile(r"'(?:[^']|'')*'|\"([^\"]+)\"")


def kept_tables(old: Mapping[str, Table], new: Mapping[str, Table], renames: Renames) -> Iterator[tuple[Table, Table]]:
    """The tables that stay, as they were and as they will be."""
    return ((old[origin], table) for name, table in new.items() if (origin := renames.origin(name)) in old)


def carried(old: Mapping[str, Table], new: Mapping[str, Table], renames: Renames) -> Iterator[tuple[Table, Table]]:
    """The same after the renames."""
    for before, table in kept_tables(old, new, renames):
        yield renamed(without_columns_in_the_way(before, table, renames), table, renames), table


def renamed(old: Table, new: Table, renames: Renames) -> Table:
    """The old table with the new names of itself, its columns and the tables it references, in its new schema."""
    names = renames.columns.get(new.name, {})
    columns = {}
    for column in old.columns.values():
        name = names.get(column.name, column.name)
        columns[name] = replace(column, name=name, references=moved(column.references, renames.tables))
    own = old.declared.mapped(partial(_with_names, names)) if names else old.declared
    return replace(old, name=new.name, columns=columns, declared=own, schema=new.schema)


def _with_names(names: Mapping[str, str], sql: str) -> str:
    """A definition with new names of columns, as Postgres writes it after it has renamed them.

    Only quoted names are replaced: what has others is empty, so that it is dropped and created again.
    """
    if {*names, *names.values()} & set(re.findall(r"\w+", _QUOTED.sub(" ", sql))):
        return ""
    return _QUOTED.sub(lambda match: quoted(names.get(match[1], match[1])) if match[1] else match[0], sql)


def constraint_name(table: str, column: str, label: str) -> str:
    """The name that Postgres chooses for a constraint of one column: the longer of the two names is cut to fit."""
    parts = [table.encode(), column.encode()]
    while len(parts[0]) + len(parts[1]) + len(label) + 2 > NAME_BYTES:
        longer = 0 if len(parts[0]) > len(parts[1]) else 1
        parts[longer] = parts[longer][:-1]
    return "_".join([*(part.decode(errors="ignore") for part in parts), label])


def drops_first(old: Table, new: Table, renames: Renames, tables: set[str]) -> Iterator[str]:
    """What must go before a rename: columns whose name is taken again, and keys to tables that are dropped first."""
    for column in old.columns.values():
        if column.name in renames.columns_in_the_way(new.name, old.columns):
            yield f"ALTER TABLE {old.sql_name} DROP COLUMN {quoted(column.name)}"
        elif column.references and column.references.partition('" (')[0].removeprefix('"') in tables:
            name = constraint_name(old.name, column.name, "fkey")
            yield f"ALTER TABLE {old.sql_name} DROP CONSTRAINT IF EXISTS {quoted(name)}"


def without_columns_in_the_way(old: Table, new: Table, renames: Renames) -> Table:
    """The old table after `drops_first`, with which also goes what a dropped column is part of."""
    gone = set(renames.columns_in_the_way(new.name, old.columns))
    columns = {name: column for name, column in old.columns.items() if name not in gone}

    def kept(sql: str) -> str:
        return "" if gone & {*map(unquoted, tokens(sql)), *re.findall(r"\w+", sql)} else sql

    return replace(old, columns=columns, declared=old.declared.mapped(kept) if gone else old.declared)


def on_postgres(pairs: Sequence[tuple[Table, Table]], renames: Renames) -> Iterator[str]:
    """The statements that rename columns, then the constraints and sequences that Postgres named after them."""
    names = dict[str, str]()
    commands = dict[str, tuple[str, str]]()
    for old, new in pairs:
        for before, after in in_order(renames.columns.get(new.name, {})):
            yield f"ALTER TABLE {new.sql_name} RENAME COLUMN {quoted(before)} TO {quoted(after)}"
        for label, before, after in renamed_with_columns(old, new, renames):
            names[before] = after
            schema = f"{quoted(new.schema)}." if new.schema else ""
            sequence = (f"SEQUENCE {schema}", " RENAME TO ")
            commands[before] = sequence if label == "seq" else (f"TABLE {new.sql_name} RENAME CONSTRAINT ", " TO ")
    for before, after in in_order(names):
        command, to = commands[before]
        commands.setdefault(after, commands[before])
        yield f"ALTER {command}{quoted(before)}{to}{quoted(after)}"


def renamed_with_columns(old: Table, new: Table, renames: Renames) -> Iterator[tuple[str, str, str]]:
    """What Postgres has named after a table or column that is renamed: its kind, and its names before and after."""
    now = renamed(old, new, renames)
    for origin, column in zip(old.columns, now.columns.values(), strict=True):
        kept = new.columns.get(column.name)
        labels = {
            "fkey": kept and kept.references and not refers_differently(column, kept),
            "key": kept and column.unique and kept.unique,
            "seq": kept and column.primary_key and column.generated,
        }
        for label in (label for label, stays in labels.items() if stays):
            was, is_now = constraint_name(old.name, origin, label), constraint_name(new.name, column.name, label)
            if was != is_now:
                yield label, was, is_now


def refers_differently(old: Column, new: Column) -> bool:
    """Whether a foreign key must go and come again; while types change, the two columns may not be comparable."""
    return old.references != new.references or old.type != new.type


def tables_on_postgres(new: Mapping[str, Table], renames: Renames) -> Iterator[str]:
    """The statements that rename tables, which are in their new schemas already."""
    schemas = {before: new[after].schema for before, after in renames.tables.items()}
    for before, after in in_order(renames.tables):
        schema = schemas[after] = schemas[before]
        yield f"ALTER TABLE {qualified(schema, before)} RENAME TO {quoted(after)}"
