"""The difference between the history and the models, for each database: what the next migration must contain.

No server is needed, and the configured database is not touched. For Postgres, snapshots of the models are compared;
for SQLite, the history runs on a scratch database in memory.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from tortoise.exceptions import ConfigurationError

from tortoise_kit.development.migrations import existing_rows, postgres_diff, renames, sqlite_rebuild
from tortoise_kit.development.migrations.defaults import field_sql
from tortoise_kit.development.migrations.renames import Renames
from tortoise_kit.development.migrations.schema_model import Table, tables
from tortoise_kit.development.migrations.snapshot import Snapshot, current, newest
from tortoise_kit.migrations.files import AERICH_TABLE, MigrationError, MigrationFile, find
from tortoise_kit.migrations.runner import Database, connected
from tortoise_kit.sql.parsing import column_definitions, owner, statements, target_of, without_comments
from tortoise_kit.upstream.tortoise import schema_sql

POSTGRES = {"engine": "tortoise.backends.asyncpg", "credentials": {}}
SQLITE = {"engine": "tortoise.backends.sqlite", "credentials": {"file_path": ":memory:"}}
AERICH_MODELS = "aerich.models"
NOT_ON_SQLITE = re.compile(r"CREATE (?!TABLE|INDEX|UNIQUE)")  # an index type that only Postgres has, such as GIN

type Scripts = dict[str, list[str]]


@dataclass(frozen=True)
class Draft:
    """A migration that is not written yet.

    Attributes:
        snapshot: The models as they are now.
        renames: What is treated as a rename.
        upgrade: Statements without semicolons for each dialect; all empty when nothing changed.
        downgrade: The statements that revert them.
        missing: What existing rows lack in either direction, and the remedy, as sentences.
    """

    snapshot: Snapshot
    renames: Renames = field(default_factory=Renames)
    upgrade: Scripts = field(default_factory=dict)
    downgrade: Scripts = field(default_factory=dict)
    missing: Sequence[str] = ()

    @property
    def needed(self) -> bool:
        """Whether more changed than comments, which wait for the next migration."""
        return any(not one.startswith("COMMENT ON ") for script in self.upgrade.values() for one in script)

    @property
    def scripts(self) -> tuple[Scripts, Scripts]:
        """`upgrade` and `downgrade` as a file holds them."""
        return sqlite_rebuild.in_one_transaction(self.upgrade), sqlite_rebuild.in_one_transaction(self.downgrade)


@dataclass(frozen=True)
class SchemaState:
    """The old or the new models as one database sees them, with the statements of each table."""

    snapshot: Snapshot
    tables: Mapping[str, Table]
    statements: Mapping[str, Sequence[str]]


async def draft(config: dict[str, Any], *, location: Path, app: str) -> Draft:
    """Compare the models with the history at `location`.

    Raises:
        MigrationError: The history does not run on an empty SQLite, or a change must be written by hand.
    """
    files = find(location, app)
    old_sqlite, new_sqlite = await _states(config, files, app, SQLITE)
    described = await _states(config, files, app, POSTGRES)
    old, new = (_with_targets(state, sqlite) for state, sqlite in zip(described, (old_sqlite, new_sqlite), strict=True))
    found = renames.find(old.snapshot, new.snapshot, old.tables, new.tables)
    upgrade = {
        "postgres": postgres_diff.changes(old.tables, new.tables, found, written=new.statements),
        "sqlite": _sqlite_changes(old_sqlite, new_sqlite, found),
    }
    downgrade = {
        "postgres": postgres_diff.changes(new.tables, old.tables, found.reversed()),
        "sqlite": _sqlite_changes(new_sqlite, old_sqlite, found.reversed()),
    }
    if not files:
        upgrade["postgres"] = [*_records(new), *upgrade["postgres"]]
        upgrade["sqlite"] = [*_records(new_sqlite), *upgrade["sqlite"]]
    missing = [
        *existing_rows.unfillable(new.snapshot, old.tables, new.tables, found),
        *existing_rows.unrestorable(old.snapshot, old.tables, new.tables, found),
    ]
    return Draft(new.snapshot, found, upgrade, downgrade, missing)


def _on(config: dict[str, Any], app: str, connection: dict[str, Any]) -> dict[str, Any]:
    """The configuration with another database and Aerich's model for the app; other connections are never opened."""
    apps = config["apps"]
    name = apps.get(app, {}).get("default_connection") or "default"
    if app in apps:
        models = dict.fromkeys([*apps[app]["models"], AERICH_MODELS])
        apps = {**apps, app: {**apps[app], "models": list(models)}}
    return {**config, "apps": apps, "connections": {**config["connections"], name: connection}}


async def _states(
    config: dict[str, Any], files: Sequence[MigrationFile], app: str, connection: dict[str, Any]
) -> tuple[SchemaState, SchemaState]:
    async with connected(_on(config, app, connection), app) as database:
        generator = database.client.schema_generator(database.client)
        before, after = newest(files), current(app)
        script = _by_table(statements(_schema_sql(database)))
        unmanaged = {model["table"] for model in after.values() if model.get("managed") is False}
        written = {table: script[table] for table in script if table not in unmanaged}
        kept = {}
        if database.dialect == "sqlite":
            written = {table: _for_sqlite(own) for table, own in written.items()}
            kept = await _after_history(database, files)
        old = SchemaState(before, tables(before, generator), kept)
        return old, SchemaState(after, tables(after, generator), written)


def _schema_sql(database: Database) -> str:
    try:
        return schema_sql(database.client, lambda field, model: field_sql(field, model, database.dialect))
    except ConfigurationError as error:
        message = f"Tortoise cannot create the schema of the models: {error}."
        raise MigrationError(message) from error


def _with_targets(state: SchemaState, sqlite: SchemaState) -> SchemaState:
    """The state with each foreign key's true target (`to_field`), which a snapshot lacks and SQLite keeps."""
    targeted = {}
    for name, table in state.tables.items():
        definitions = column_definitions(next(iter(sqlite.statements.get(name, [])), ""))
        columns = {
            column.name: replace(column, references=target_of(definitions.get(column.name, ""), column.references))
            for column in table.columns.values()
        }
        targeted[name] = replace(table, columns=columns)
    return replace(state, tables=targeted)


def _for_sqlite(script: Sequence[str]) -> list[str]:
    return [without_comments(statement) for statement in script if not NOT_ON_SQLITE.match(statement)]


async def _after_history(database: Database, files: Sequence[MigrationFile]) -> dict[str, list[str]]:
    """The statements of each table after the history has run on an empty SQLite."""
    for file in files:
        await database.run(file, "upgrade")
    kept: dict[str, list[str]] = {}
    for row in await database.client.execute_query_dict(sqlite_rebuild.READ_SCHEMA):
        kept.setdefault(row["tbl_name"], []).append(row["sql"])
    return kept


def _sqlite_changes(old: SchemaState, new: SchemaState, found: Renames) -> list[str]:
    values = existing_rows.values(old.tables, new.tables, found)
    known = {name for table in old.tables.values() for name in (table.name, *table.indexes)}
    before, after = (
        [one for table, own in state.statements.items() if table != AERICH_TABLE for one in own] for state in (old, new)
    )
    return sqlite_rebuild.changes(before, after, renames=found, values=values, known=known)


def _by_table(script: Iterable[str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for statement in script:
        found.setdefault(owner(statement), []).append(statement)
    return found


def _records(new: SchemaState) -> list[str]:
    """The table of applied migrations; it stays when the first migration is reverted."""
    first, *more = new.statements[AERICH_TABLE]
    return [first.replace("CREATE TABLE ", "CREATE TABLE IF NOT EXISTS ", 1), *more]
