"""The difference between the history and the models, for each database: what the next migration must contain.

No server is needed, and the configured database is not touched. For Postgres, snapshots of the models are compared;
for SQLite, the history runs on a scratch database in memory.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tortoise.exceptions import ConfigurationError
from tortoise.utils import get_schema_sql

from tortoise_kit.development.migrations import declared_diff, postgres_diff, renames, sqlite_rebuild
from tortoise_kit.development.migrations.renames import Renames
from tortoise_kit.development.migrations.schema_model import Table, tables
from tortoise_kit.development.migrations.snapshot import Snapshot, described, newest, normalized
from tortoise_kit.migrations.files import AERICH_TABLE, MigrationError, MigrationFile, by_hand, find
from tortoise_kit.migrations.runner import Database, connected
from tortoise_kit.sql.parsing import owner, statements, without_comments

DATABASES = ("sqlite", "postgres")
SCRATCH = {
    "postgres": {"engine": "tortoise_kit.db.engines.asyncpg_backend", "credentials": {}},  # never opened
    "sqlite": {"engine": "tortoise_kit.db.engines.sqlite_backend", "credentials": {"file_path": ":memory:"}},
}
AERICH_MODELS = "aerich.models"
NOT_OF_A_TABLE = re.compile(r"CREATE (SCHEMA|EXTENSION)\b")

type Scripts = dict[str, list[str]]


@dataclass(frozen=True)
class Draft:
    """A migration that is not written yet.

    Attributes:
        snapshot: The models as they are now.
        renames: What is treated as a rename.
        upgrade: Statements without semicolons for each dialect; all empty when nothing changed.
        downgrade: The statements that revert them.
        unfillable: New NOT NULL columns, as `table.column`, without a value for existing rows.
        unlisted: What the history has created on SQLite that neither a model declares nor `by_hand.txt` lists.
    """

    snapshot: Snapshot
    renames: Renames = field(default_factory=Renames)
    upgrade: Scripts = field(default_factory=dict)
    downgrade: Scripts = field(default_factory=dict)
    unfillable: Sequence[str] = ()
    unlisted: Sequence[str] = ()

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


async def draft(config: dict[str, Any], *, location: Path, app: str, databases: Sequence[str] = DATABASES) -> Draft:
    """Compare the models with the history at `location`.

    Raises:
        MigrationError: The history does not run on an empty SQLite, a change must be written by hand, or one of the
            databases cannot have what a model declares.
    """
    files = find(location, app)
    states = {dialect: await _states(config, files, app, dialect, databases) for dialect in databases}
    old, new = states.get("postgres") or states["sqlite"]
    declared_diff.check_names(new.tables.values())
    found = renames.find(old.snapshot, new.snapshot, old.tables, new.tables)
    upgrade, downgrade = {}, {}
    for dialect, (before, after) in states.items():
        upgrade[dialect] = CHANGES[dialect](before, after, found)
        downgrade[dialect] = CHANGES[dialect](after, before, found.reversed())
        if not files:
            upgrade[dialect] = [*_records(after), *upgrade[dialect]]
    unlisted: list[str] = []
    if "sqlite" in states:
        known = [*states["sqlite"][0].tables.values(), *new.tables.values()]
        unlisted = declared_diff.unlisted(states["sqlite"][0].statements.values(), known, by_hand(location))
    return Draft(new.snapshot, found, upgrade, downgrade, _unfillable(old.tables, new.tables, found), unlisted)


def _on(config: dict[str, Any], app: str, connection: dict[str, Any]) -> dict[str, Any]:
    """The configuration with another database and Aerich's model for the app; other connections are never opened."""
    apps = config["apps"]
    name = apps.get(app, {}).get("default_connection") or "default"
    if app in apps:
        models = dict.fromkeys([*apps[app]["models"], AERICH_MODELS])
        apps = {**apps, app: {**apps[app], "models": list(models)}}
    return {**config, "apps": apps, "connections": {**config["connections"], name: connection}}


async def _states(
    config: dict[str, Any], files: Sequence[MigrationFile], app: str, dialect: str, databases: Sequence[str]
) -> tuple[SchemaState, SchemaState]:
    """The old models and the new ones, as one database sees them."""
    async with connected(_on(config, app, SCRATCH[dialect]), app) as database:
        declared_diff.check_app(app, databases)
        generator = database.client.schema_generator(database.client)
        before, after = newest(files), normalized(described(app))
        script = _by_table(one for one in statements(_schema_sql(database)) if not NOT_OF_A_TABLE.match(one))
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
        return get_schema_sql(database.client, safe=False)
    except ConfigurationError as error:
        message = f"Tortoise cannot create the schema of the models: {error}."
        raise MigrationError(message) from error


def _for_sqlite(script: Sequence[str]) -> list[str]:
    return [without_comments(statement) for statement in script]


async def _after_history(database: Database, files: Sequence[MigrationFile]) -> dict[str, list[str]]:
    """The statements of each table after the history has run on an empty SQLite."""
    for file in files:
        await database.run(file, "upgrade")
    kept: dict[str, list[str]] = {}
    for row in await database.client.execute_query_dict(sqlite_rebuild.READ_SCHEMA):
        kept.setdefault(row["tbl_name"], []).append(row["sql"])
    return kept


def _sqlite_changes(old: SchemaState, new: SchemaState, found: Renames) -> list[str]:
    fills = {
        name: {column.name: column.backfill for column in table.columns.values() if column.backfill}
        for name, table in new.tables.items()
    }
    known = {name for table in old.tables.values() for name in (table.name, *table.declared.names)}
    before, after = (
        [one for table, own in state.statements.items() if table != AERICH_TABLE for one in own] for state in (old, new)
    )
    statements = sqlite_rebuild.changes(before, after, renames=found, fills=fills, known=known)
    return [*statements, *declared_diff.checks(old.tables, new.tables, found.reversed().tables)]


def _postgres_changes(old: SchemaState, new: SchemaState, found: Renames) -> list[str]:
    return postgres_diff.changes(old.tables, new.tables, found, written=new.statements)


CHANGES = {"postgres": _postgres_changes, "sqlite": _sqlite_changes}


def _by_table(script: Iterable[str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for statement in script:
        found.setdefault(owner(statement), []).append(statement)
    return found


def _records(new: SchemaState) -> list[str]:
    """The table of applied migrations; it stays when the first migration is reverted."""
    first, *more = new.statements[AERICH_TABLE]
    return [first.replace("CREATE TABLE ", "CREATE TABLE IF NOT EXISTS ", 1), *more]


def _unfillable(old: Mapping[str, Table], new: Mapping[str, Table], found: Renames) -> list[str]:
    origins = found.reversed()
    columns = []
    for name, table in new.items():
        before = old.get(origins.tables.get(name, name))
        for column in table.columns.values() if before else ():
            origin = found.columns.get(name, {})
            came = before and column.name not in before.columns and column.name not in origin.values()
            if came and not (column.nullable or column.backfill or column.generated):
                columns.append(f"{name}.{column.name}")
    return columns
