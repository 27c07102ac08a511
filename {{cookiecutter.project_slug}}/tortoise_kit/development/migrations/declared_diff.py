"""What changes besides columns: on Postgres indexes, constraints and schemas, on SQLite what only triggers guard."""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace

from tortoise import Tortoise
from tortoise.exceptions import ConfigurationError

from tortoise_kit.development.migrations.schema_model import Table
from tortoise_kit.development.migrations.sqlite_rebuild import CHECK, read
from tortoise_kit.migrations.files import MigrationError
from tortoise_kit.models.support import check_models
from tortoise_kit.sql.declared import Declared
from tortoise_kit.sql.identifiers import qualified
from tortoise_kit.sql.parsing import quoted, text


def prepare(old: Mapping[str, Table], new: Mapping[str, Table]) -> Iterator[str]:
    """The statements that create schemas and extensions; they stay when a migration is reverted."""
    schemas = {table.schema for table in new.values() if table.schema} - {table.schema for table in old.values()}
    yield from (f"CREATE SCHEMA IF NOT EXISTS {quoted(schema)}" for schema in sorted(schemas))
    here, wanted = ({name for table in tables.values() for name in table.declared.extensions} for tables in (old, new))
    yield from (f"CREATE EXTENSION IF NOT EXISTS {quoted(name)}" for name in sorted(wanted - here))


def moves(old: Table, new: Table) -> Iterator[str]:
    """The statement that moves a table, still under its old name, to another schema."""
    if old.schema == new.schema:
        return
    if new.schema:
        yield f"ALTER TABLE {old.sql_name} SET SCHEMA {quoted(new.schema)}"
    else:  # the first schema of the search path, where tables without one are created
        change = f"format({text(f'ALTER TABLE {old.sql_name} SET SCHEMA %I')}, current_schema())"
        yield f"DO $$ BEGIN EXECUTE {change}; END $$"


def renamed(own: Declared, columns: Mapping[str, str]) -> Declared:
    """The same with new names of columns, which the database gives them when it renames a column.

    Only quoted names are replaced: what has others is dropped and created again.
    """
    if not columns:
        return own

    def new(sql: str) -> str:
        return re.sub(r"'(?:[^']|'')*'|\"([^\"]+)\"", lambda m: quoted(columns.get(m[1], m[1])) if m[1] else m[0], sql)

    indexes = {name: replace(index, definition=new(index.definition)) for name, index in own.indexes.items()}
    constraints = {name: new(definition) for name, definition in own.constraints.items()}
    return Declared(indexes, constraints, extensions=own.extensions)


def drops(old: Table, now: Table, new: Table) -> Iterator[str]:
    """The statements that drop what goes or changes; `now` is the old table under its new names."""
    for name, index in now.declared.indexes.items():
        if new.declared.indexes.get(name) != index:
            yield f"DROP INDEX IF EXISTS {qualified(old.schema, name)}"
    for name, definition in now.declared.constraints.items():
        if new.declared.constraints.get(name) != definition:
            yield f"ALTER TABLE {old.sql_name} DROP CONSTRAINT IF EXISTS {quoted(name)}"
            if definition.startswith("UNIQUE"):  # Aerich may have created it as an index
                yield f"DROP INDEX IF EXISTS {qualified(old.schema, name)}"


def adds(now: Table, new: Table) -> Iterator[str]:
    """The statements that create what comes or changes; `now` is the old table under its new names."""
    for name, definition in new.declared.constraints.items():
        if now.declared.constraints.get(name) != definition:
            yield f"ALTER TABLE {new.sql_name} ADD CONSTRAINT {quoted(name)} {definition}"
    for name, index in new.declared.indexes.items():
        if now.declared.indexes.get(name) != index:
            yield index.statement(name, new.sql_name)


def checks(old: Mapping[str, Table], new: Mapping[str, Table], origins: Mapping[str, str]) -> Iterator[str]:
    """SQLite's statements that fail if rows violate what only new triggers guard; `origins` are old names by new."""
    for name, table in new.items():
        before = old.get(origins.get(name, name))
        for constraint, statements in table.declared.checks.items() if before else ():
            if before and before.declared.checks.get(constraint) != statements:
                yield from statements


def check_app(app: str, databases: Collection[str]) -> None:
    """Check the models of an app of the current context.

    Raises:
        MigrationError: One of the databases cannot have what a model declares.
    """
    try:
        check_models(Tortoise.apps[app].values() if Tortoise.apps else (), databases)
    except ConfigurationError as error:
        raise MigrationError(str(error)) from error


def check_names(tables: Iterable[Table]) -> None:
    """Check that no two tables of a schema have indexes of one name, or constraints that are indexes.

    Raises:
        MigrationError: Two have.
    """
    owners: dict[tuple[str | None, str], str] = {}
    for table in tables:
        unique = {name for name, sql in table.declared.constraints.items() if not sql.startswith("CHECK")}
        for name in {*table.declared.indexes, *unique}:
            if owners.setdefault((table.schema, name), table.name) != table.name:
                both = f"{owners[table.schema, name]} and {table.name}"
                message = f"The tables {both} both have an index {name!r}: give one another name."
                raise MigrationError(message)


def unlisted(there: Iterable[Iterable[str]], tables: Iterable[Table], listed: Collection[str]) -> list[str]:
    """The names of indexes, triggers and CHECKs of an SQLite schema that no model declares and no list has."""
    declared = {name for table in tables for name in table.declared.names}
    schema = read(statement for own in there for statement in own).values()
    names = [name for table in schema for name in table.attached]
    names += [match[1].strip('"') for table in schema for each in table.constraints if (match := CHECK.match(each))]
    return [name for name in names if name not in {*declared, *listed}]
