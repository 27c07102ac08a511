"""What the next migration must hold: the difference between the history and the models, for each database.

Nothing here needs a server or touches the user's database. Postgres is compared by description; for SQLite the
history is run on a scratch database in memory.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from aerich.utils import get_models_describe
from tortoise.utils import get_schema_sql

from app.kit.migrations import model_tables, postgres_diff, renames, sqlite_rebuild
from app.kit.migrations.files import MigrationError, MigrationFile, State, find, normal, state_of
from app.kit.migrations.model_tables import Table
from app.kit.migrations.renames import Renames
from app.kit.migrations.runs import AERICH_TABLE, connected
from app.kit.migrations.sql_text import owner, statements, without_comments

POSTGRES = {"engine": "tortoise.backends.asyncpg", "credentials": {}}
SQLITE = {"engine": "tortoise.backends.sqlite", "credentials": {"file_path": ":memory:"}}
TABLE_OR_INDEX = ("CREATE TABLE", "CREATE INDEX", "CREATE UNIQUE")  # SQLite has no GIN index and the like

type Scripts = dict[str, list[str]]


@dataclass(frozen=True)
class Draft:
    """A migration that is not written yet.

    Attributes:
        state: The models as they are now.
        renames: What was taken for a rename.
        upgrade: Statements without semicolons for each dialect; all empty when nothing changed.
        downgrade: The way back.
        unfillable: Columns, as `table.column`, that rows there are could not have.
    """

    state: State
    renames: Renames = field(default_factory=Renames)
    upgrade: Scripts = field(default_factory=dict)
    downgrade: Scripts = field(default_factory=dict)
    unfillable: Sequence[str] = ()


@dataclass(frozen=True)
class _Side:
    """The old or the new models as one database sees them."""

    state: State
    tables: Mapping[str, Table]
    statements: Sequence[str]


async def draft(config: dict[str, Any], *, location: Path, app: str) -> Draft:
    """Compare the models with the history at `location`.

    Raises:
        MigrationError: The history does not run on an empty SQLite, or a change must be written by hand.
    """
    files = find(location, app)
    old, new = await _postgres(config, files, app)
    found = renames.find(old.state, new.state, old.tables, new.tables)
    written = _by_table(new.statements)
    upgrade = {"postgres": postgres_diff.changes(old.tables, new.tables, found, written=written)}
    downgrade = {"postgres": postgres_diff.changes(new.tables, old.tables, found.reversed())}
    records = {"postgres": written.get(AERICH_TABLE, [])}
    old_lite, new_lite = await _sqlite(config, files, app)
    upgrade["sqlite"] = _sqlite_changes(old_lite, new_lite, found)
    downgrade["sqlite"] = _sqlite_changes(new_lite, old_lite, found.reversed())
    records["sqlite"] = _by_table(new_lite.statements).get(AERICH_TABLE, [])
    if not files:
        upgrade = {dialect: [*_records(records[dialect]), *script] for dialect, script in upgrade.items()}
    for scripts in (upgrade, downgrade):
        scripts["sqlite"] = sqlite_rebuild.script(scripts["sqlite"])
    return Draft(new.state, found, upgrade, downgrade, _unfillable(old.tables, new.tables, found))


def _on(config: dict[str, Any], app: str, connection: dict[str, Any]) -> dict[str, Any]:
    """The configuration with another database behind the app; other connections are never opened."""
    name = config["apps"].get(app, {}).get("default_connection") or "default"
    return {**config, "connections": {**config["connections"], name: connection}}


async def _postgres(config: dict[str, Any], files: Sequence[MigrationFile], app: str) -> tuple[_Side, _Side]:
    async with connected(_on(config, app, POSTGRES), app) as database:
        generator = database.client.schema_generator(database.client)
        before = state_of(files)
        after = normal(get_models_describe(app))
        script = list(statements(get_schema_sql(database.client, safe=False)))
        old = _Side(before, model_tables.tables(before, generator), ())
        return old, _Side(after, model_tables.tables(after, generator), script)


async def _sqlite(config: dict[str, Any], files: Sequence[MigrationFile], app: str) -> tuple[_Side, _Side]:
    async with connected(_on(config, app, SQLITE), app) as database:
        generator = database.client.schema_generator(database.client)
        before = state_of(files)
        after = normal(get_models_describe(app))
        script = [without_comments(one) for one in statements(get_schema_sql(database.client, safe=False))]
        foreign = {model["table"] for model in after.values() if model.get("managed") is False}
        script = [one for one in script if one.startswith(TABLE_OR_INDEX) and owner(one) not in foreign]
        for file in files:
            await database.run(file, "upgrade")
        rows = await database.client.execute_query_dict(sqlite_rebuild.READ_SCHEMA)
        old = _Side(before, model_tables.tables(before, generator), [str(row["sql"]) for row in rows])
        return old, _Side(after, model_tables.tables(after, generator), script)


def _sqlite_changes(old: _Side, new: _Side, found: Renames) -> list[str]:
    fills = {
        name: {column.name: column.fill for column in table.columns.values() if column.fill}
        for name, table in new.tables.items()
    }
    known = {name for table in old.tables.values() for name in (table.name, *table.indexes)}
    before, after = ([one for one in side.statements if owner(one) != AERICH_TABLE] for side in (old, new))
    return sqlite_rebuild.changes(before, after, renames=found, fills=fills, known=known)


def _by_table(script: Sequence[str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for statement in script:
        found.setdefault(owner(statement), []).append(statement)
    return found


def _records(script: Sequence[str]) -> list[str]:
    """The table of applied migrations; it stays when the first one is taken back."""
    if not script:
        message = "Tortoise's configuration lacks 'aerich.models' among the app's models: add it."
        raise MigrationError(message)
    return [script[0].replace("CREATE TABLE ", "CREATE TABLE IF NOT EXISTS ", 1), *script[1:]]


def _unfillable(old: Mapping[str, Table], new: Mapping[str, Table], found: Renames) -> list[str]:
    origins = found.reversed()
    columns = []
    for name, table in new.items():
        before = old.get(origins.tables.get(name, name))
        for column in table.columns.values() if before else ():
            origin = found.columns.get(name, {})
            came = before and column.name not in before.columns and column.name not in origin.values()
            if came and not (column.nullable or column.fill or column.generated):
                columns.append(f"{name}.{column.name}")
    return columns
