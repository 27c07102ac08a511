"""What a migration does with the rows that are there: how their values change, and which columns have none for them."""

from collections.abc import Iterator, Mapping

from tortoise_kit.development.migrations import conversions
from tortoise_kit.development.migrations.conversions import Conversion
from tortoise_kit.development.migrations.defaults import is_constant
from tortoise_kit.development.migrations.postgres_renames import carried
from tortoise_kit.development.migrations.renames import Renames
from tortoise_kit.development.migrations.schema_model import Column, Table
from tortoise_kit.development.migrations.sqlite_copy import Values

type Tables = Mapping[str, Table]

FILL = "give the field a constant default or a db_default, or null=True until a migration has filled it"
FILL_UNIQUE = "give the field null=True and no default until a migration has filled it"
BACK = "before it goes, make a migration that adds {remedy}"


def values(old: Tables, new: Tables, renames: Renames) -> dict[str, Values]:
    """By table, what becomes of the values on SQLite.

    Raises:
        MigrationError: A type changes to one without a conversion from the old.
    """
    kept = carried(old, new, renames)
    return {after.name: Values(_fills(after), _conversions(before, after)) for before, after in kept}


def unfillable(old: Tables, new: Tables, renames: Renames) -> Iterator[str]:
    """A sentence for each new column that has no value for existing rows, with the remedy."""
    for table, name, column in _added(old, new, renames):
        if _joins(table):
            through = f'the table "{table.name}" joins other models now: give the relation another `through`'
            yield f"{table.title}: {through}."
        elif _lacks_value(column):
            yield f"{name} would be NOT NULL and has no value for existing rows: {FILL}."
        elif _repeats_value(column):
            yield f"{name} is unique, and its default would be the same in all existing rows: {FILL_UNIQUE}."


def unrestorable(old: Tables, new: Tables, renames: Renames) -> Iterator[str]:
    """The same for the way back, in which the columns that go now are added again."""
    for table, name, column in _added(new, old, renames.reversed()):
        if _joins(table):
            continue  # so it does in the new models
        if _lacks_value(column):
            remedy = BACK.format(remedy="null=True or a db_default")
            yield f"{name} is NOT NULL, and a downgrade would have no value for existing rows: {remedy}."
        elif _repeats_value(column):
            remedy = BACK.format(remedy="null=True and no db_default")
            yield f"{name} is unique, and a downgrade would have the same default in all existing rows: {remedy}."


def _fills(table: Table) -> dict[str, str]:
    return {column.name: column.backfill for column in table.columns.values() if column.backfill}


def _conversions(old: Table, new: Table) -> dict[str, Conversion]:
    pairs = ((old.columns[name], column) for name, column in new.columns.items() if name in old.columns)
    found = {column.name: conversions.between(new.name, before, column, "sqlite") for before, column in pairs}
    return {name: conversion for name, conversion in found.items() if conversion}


def _added(old: Tables, new: Tables, renames: Renames) -> Iterator[tuple[Table, str, Column]]:
    """The new columns of tables that stay, each after its table and the name of its field."""
    for before, table in carried(old, new, renames):
        for column in table.columns.values():
            if column.name not in before.columns:
                yield table, f"{table.title}.{column.described.get('name', column.name)}", column


def _joins(table: Table) -> bool:
    """Whether it is a join table, which has no key, and no field that could have a default."""
    return not any(column.primary_key for column in table.columns.values())


def _lacks_value(column: Column) -> bool:
    return not (column.nullable or column.backfill or column.generated)


def _repeats_value(column: Column) -> bool:
    return bool(column.unique and column.backfill and is_constant(column.described))
