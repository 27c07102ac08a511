"""The difference between the history and the models, for each database: what the next migration must contain.

No server is needed, and the configured database is not touched. For Postgres, snapshots of the models are compared;
for SQLite, the history runs on a scratch database in memory.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from tortoise.exceptions import ConfigurationError
from tortoise.utils import get_schema_sql

from tortoise_kit.development.migrations import postgres_diff, sqlite_rebuild
from tortoise_kit.development.migrations.decisions import Decisions
from tortoise_kit.development.migrations.identity import Identity, Models
from tortoise_kit.development.migrations.renames import Renames
from tortoise_kit.development.migrations.schema_model import Table, tables
from tortoise_kit.development.migrations.snapshot import Snapshot, described, newest, normalized
from tortoise_kit.development.migrations.unmanaged import adopted, comparable
from tortoise_kit.migrations.files import AERICH_TABLE, MigrationError, MigrationFile, find
from tortoise_kit.migrations.runner import Database, connected
from tortoise_kit.sql.parsing import column_definitions, owner, statements, target_of, without_comments

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
        questions: What a person must decide before this may be written, one sentence each.
        upgrade: Statements without semicolons for each dialect; all empty when nothing changed.
        downgrade: The statements that revert them.
        unfillable: New NOT NULL columns, as `table.column`, without a value for existing rows.
    """

    snapshot: Snapshot
    renames: Renames = field(default_factory=Renames)
    upgrade: Scripts = field(default_factory=dict)
    downgrade: Scripts = field(default_factory=dict)
    unfillable: Sequence[str] = ()
    questions: Sequence[str] = ()

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
    """The old or the new models as one database sees them.

    Attributes:
        snapshot: All models.
        tables: The tables that are compared.
        statements: The statements of each table, on SQLite also of those that no model has.
        first: The statements that create tables which a database may have already.
    """

    snapshot: Snapshot
    tables: Mapping[str, Table]
    statements: Mapping[str, Sequence[str]]
    first: Sequence[str] = ()


async def draft(config: dict[str, Any], *, location: Path, app: str, decided: Decisions = Decisions()) -> Draft:  # noqa: B008 - frozen
    """Compare the models with the history at `location`.

    Raises:
        MigrationError: The history does not run on an empty SQLite, a change must be written by hand, or a decision
            fits nothing.
    """
    files = find(location, app)
    old_sqlite, new_sqlite = await _states(config, files, app, SQLITE)
    described = await _states(config, files, app, POSTGRES)
    old, new = (_with_targets(state, sqlite) for state, sqlite in zip(described, (old_sqlite, new_sqlite), strict=True))
    identity = Identity(Models.of(old.snapshot, old.tables), Models.of(new.snapshot, new.tables), decided)
    found = identity.renames()
    if unused := identity.unused():
        message = (
            f"{', '.join(unused)} fits no table or column of this change: names are the old ones, as TABLE.COLUMN."
        )
        raise MigrationError(message)
    upgrade = {
        "postgres": postgres_diff.changes(old.tables, new.tables, found, written=new.statements),
        "sqlite": _sqlite_changes(old_sqlite, new_sqlite, found),
    }
    downgrade = {
        "postgres": postgres_diff.changes(new.tables, old.tables, found.reversed()),
        "sqlite": _sqlite_changes(new_sqlite, old_sqlite, found.reversed()),
    }
    upgrade = {
        dialect: [*state.first, *upgrade[dialect]] for dialect, state in (("postgres", new), ("sqlite", new_sqlite))
    }
    return Draft(
        new.snapshot, found, upgrade, downgrade, _unfillable(old.tables, new.tables, found), identity.questions
    )


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
        after = normalized(described(app))
        before = comparable(newest(files), after, files)
        may_exist = [*adopted(before, after), *([] if files else [AERICH_TABLE])]
        script = _by_table(statements(_schema_sql(database)))
        new_tables = {name: table for name, table in tables(after, generator).items() if name not in may_exist}
        kept = {}
        if database.dialect == "sqlite":
            script = {table: _for_sqlite(own) for table, own in script.items()}
            kept = await _after_history(database, files)
        old = SchemaState(before, tables(before, generator), kept)
        written = {table: own for table, own in script.items() if table in new_tables}
        return old, SchemaState(after, new_tables, written, [*_if_missing(script, may_exist)])


def _schema_sql(database: Database) -> str:
    try:
        return get_schema_sql(database.client, safe=False)
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
    fills = {
        name: {column.name: column.backfill for column in table.columns.values() if column.backfill}
        for name, table in new.tables.items()
    }
    known = {name for table in old.tables.values() for name in (table.name, *table.indexes)}
    before, after = (
        [one for table, own in state.statements.items() if table != AERICH_TABLE for one in own] for state in (old, new)
    )
    return sqlite_rebuild.changes(before, after, renames=found, fills=fills, known=known)


def _by_table(script: Iterable[str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for statement in script:
        found.setdefault(owner(statement), []).append(statement)
    return found


def _if_missing(script: Mapping[str, Sequence[str]], names: Iterable[str]) -> Iterator[str]:
    """The statements that create these tables, also on a database that has them; a downgrade leaves them."""
    for statement in (one for name in script if name in names for one in script[name]):
        yield re.sub(r"^(CREATE (?:UNIQUE )?(?:TABLE|INDEX) )(?!IF NOT)", r"\1IF NOT EXISTS ", statement)


def _unfillable(old: Mapping[str, Table], new: Mapping[str, Table], found: Renames) -> list[str]:
    columns = []
    for name, table in new.items():
        before = old.get(found.origin(name))
        for column in table.columns.values() if before else ():
            origin = found.columns.get(name, {})
            came = before and column.name not in before.columns and column.name not in origin.values()
            if came and not (column.nullable or column.backfill or column.generated):
                columns.append(f"{name}.{column.name}")
    return columns
