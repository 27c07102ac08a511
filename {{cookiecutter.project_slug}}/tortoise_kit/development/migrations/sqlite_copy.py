"""The statements that copy the rows of an SQLite table into one with another schema, converted and checked.

SQLite stores any value in any column, so a value that does not fit is looked for before anything changes.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from tortoise_kit.development.migrations.conversions import Conversion
from tortoise_kit.development.migrations.sqlite_schema import SqliteTable
from tortoise_kit.sql.parsing import is_required, quoted, text, with_default


@dataclass(frozen=True)
class Values:
    """What becomes of the values of one table's columns, by name.

    Attributes:
        fills: The SQL of the value for existing rows that have none.
        conversions: What changes with the type.
    """

    fills: Mapping[str, str] = field(default_factory=dict)
    conversions: Mapping[str, Conversion] = field(default_factory=dict)


def check(table: SqliteTable, conversions: Mapping[str, Conversion]) -> Iterator[str]:
    """The statements that fail, by the name of a conversion, on a row whose value does not fit, or on the next key.

    They copy such values into a table that accepts only NULL.
    """
    checked = {name: conversion for name, conversion in conversions.items() if conversion.fits}
    if not checked:
        return
    name = quoted(f"check__{table.name}")
    columns = (f"{quoted(c)} CONSTRAINT {quoted(one.name)} CHECK ({quoted(c)} IS NULL)" for c, one in checked.items())
    yield f"CREATE TABLE {name} (\n    {',\n    '.join(columns)}\n)"
    for c, one in checked.items():
        sources = [quoted(table.name)]
        if "AUTOINCREMENT" in table.columns[c]:
            sources.append(f"(SELECT seq AS {quoted(c)} FROM sqlite_sequence WHERE name = {text(table.name)})")  # noqa: S608
        for source in sources:
            misfits = f"SELECT {quoted(c)} FROM {source} WHERE {quoted(c)} IS NOT NULL AND ({one.fits}) IS NOT TRUE"  # noqa: S608 - names from models
            yield f"INSERT INTO {name} ({quoted(c)}) {misfits}"
    yield f"DROP TABLE {name}"


def rebuild(old: SqliteTable, new: SqliteTable, values: Values, known: set[str]) -> Iterator[str]:
    """The statements that copy a table into one with the new schema, and put that in its place."""
    temporary = f"new__{new.name}"
    fills = values.fills
    lines = [sql if name in old.columns else with_default(sql, fills.get(name)) for name, sql in new.columns.items()]
    lines += dict.fromkeys([*new.constraints, *old.checks_by_hand(known)])
    common = [name for name in new.columns if name in old.columns]
    names = ", ".join(map(quoted, common))
    copied = ", ".join(_value(name, old.columns[name], new.columns[name], values) for name in common)
    yield f"CREATE TABLE {quoted(temporary)} (\n    {',\n    '.join(lines)}\n)"
    yield f"INSERT INTO {quoted(temporary)} ({names}) SELECT {copied} FROM {quoted(new.name)}"  # noqa: S608 - names from models
    if "AUTOINCREMENT" in new.sql and "AUTOINCREMENT" in old.sql:  # the id of a deleted row must not be reused
        yield f"DELETE FROM sqlite_sequence WHERE name = {text(temporary)}"  # noqa: S608
        sequence = f"SELECT {text(temporary)}, seq FROM sqlite_sequence WHERE name = {text(new.name)}"  # noqa: S608
        yield f"INSERT INTO sqlite_sequence (name, seq) {sequence}"
    yield f"DROP TABLE {quoted(new.name)}"
    yield "PRAGMA legacy_alter_table = ON"  # else SQLite rejects views and triggers that read the table, as it is gone
    yield f"ALTER TABLE {quoted(temporary)} RENAME TO {quoted(new.name)}"
    yield "PRAGMA legacy_alter_table = OFF"


def _value(name: str, old: str, new: str, values: Values) -> str:
    conversion, fill = values.conversions.get(name), values.fills.get(name)
    value = (conversion and conversion.value) or quoted(name)
    becomes_required = is_required(new) and not is_required(old)
    return f"coalesce({value}, {fill})" if becomes_required and fill else value
