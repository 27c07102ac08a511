"""What changes besides columns: on Postgres indexes, constraints and schemas, on SQLite what only triggers guard."""

from collections.abc import Collection, Iterable, Iterator, Mapping

from tortoise import Tortoise
from tortoise.exceptions import ConfigurationError

from tortoise_kit.development.migrations.renames import Renames
from tortoise_kit.development.migrations.schema_model import Table
from tortoise_kit.development.migrations.sqlite_schema import read
from tortoise_kit.migrations.files import MigrationError
from tortoise_kit.models.support import check_models
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


def drops(old: Table, now: Table, new: Table) -> Iterator[str]:
    """The statements that drop what goes or changes; `now` is the old table under its new names."""
    for name, index in now.declared.indexes.items():
        if new.declared.indexes.get(name) != index:
            yield f"DROP INDEX IF EXISTS {qualified(old.schema, name)}"
    for name, definition in now.declared.constraints.items():
        if new.declared.constraints.get(name) != definition:
            yield f"ALTER TABLE {old.sql_name} DROP CONSTRAINT IF EXISTS {quoted(name)}"
            if old.declared.constraints[name].startswith("UNIQUE"):  # Aerich may have created it as an index
                yield f"DROP INDEX IF EXISTS {qualified(old.schema, name)}"


def adds(now: Table, new: Table) -> Iterator[str]:
    """The statements that create what comes or changes; `now` is the old table under its new names."""
    for name, definition in new.declared.constraints.items():
        if now.declared.constraints.get(name) != definition:
            yield f"ALTER TABLE {new.sql_name} ADD CONSTRAINT {quoted(name)} {definition}"
    for name, index in new.declared.indexes.items():
        if now.declared.indexes.get(name) != index:
            yield index.statement(name, new.sql_name)


def checks(old: Mapping[str, Table], new: Mapping[str, Table], renames: Renames) -> Iterator[str]:
    """SQLite's statements that fail if rows violate what only new triggers guard."""
    for name, table in new.items():
        before = old.get(renames.origin(name))
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


def unlisted(there: Iterable[Iterable[str]], tables: Iterable[Table], listed: Collection[str]) -> list[str]:
    """The names of indexes, triggers and CHECKs of an SQLite schema that no model declares and no list has."""
    declared = {name for table in tables for name in table.declared.names}
    schema = read(statement for own in there for statement in own).values()
    names = [name for table in schema for name in (*table.attached, *table.checks)]
    return [name for name in names if name not in {*declared, *listed}]
