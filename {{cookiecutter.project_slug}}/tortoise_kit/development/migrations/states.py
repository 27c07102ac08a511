"""The old and the new models as each database sees them: by the history's files, and by Tortoise.

No server is needed: for SQLite, the history runs on a scratch database in memory. A model with `managed = False` on one
side is left out on both.
"""

import re
from collections.abc import AsyncGenerator, Iterable, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from tortoise.exceptions import ConfigurationError
from tortoise.models import Model

from tortoise_kit.db.engines.schema_generators import schema_sql
from tortoise_kit.development.migrations import declared_diff
from tortoise_kit.development.migrations.defaults import field_sql
from tortoise_kit.development.migrations.names import require_usable
from tortoise_kit.development.migrations.schema_model import Table, tables
from tortoise_kit.development.migrations.snapshot import (
    Snapshot,
    current,
    joins,
    managed,
    newest,
    snapshot_of,
)
from tortoise_kit.development.migrations.sqlite_schema import READ_SCHEMA
from tortoise_kit.migrations.files import AERICH_TABLE, MigrationError, MigrationFile
from tortoise_kit.migrations.runner import Database, connected
from tortoise_kit.sql.parsing import owner, statements, without_comments

DATABASES = ("sqlite", "postgres")
SCRATCH = {
    "postgres": {"engine": "tortoise_kit.db.engines.asyncpg_backend", "credentials": {}},  # never opened
    "sqlite": {"engine": "tortoise_kit.db.engines.sqlite_backend", "credentials": {"file_path": ":memory:"}},
}
AERICH_MODELS = "aerich.models"


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


def _on(config: dict[str, Any], app: str, connection: dict[str, Any]) -> dict[str, Any]:
    """The configuration with another database and Aerich's model for the app; other connections are never opened."""
    apps = config["apps"]
    name = apps.get(app, {}).get("default_connection") or "default"
    if app in apps:
        models = dict.fromkeys([*apps[app]["models"], AERICH_MODELS])
        apps = {**apps, app: {**apps[app], "models": list(models)}}
    return {**config, "apps": apps, "connections": {**config["connections"], name: connection}}


async def states(
    config: dict[str, Any], files: Sequence[MigrationFile], app: str, dialect: str, databases: Sequence[str]
) -> tuple[SchemaState, SchemaState]:
    """The old models and the new ones on one of the databases that the service runs on."""
    async with _loaded(_on(config, app, SCRATCH[dialect]), app) as database:
        declared_diff.check_app(app, databases)
        generator = database.client.schema_generator(database.client)
        after = current(app)
        before = comparable(newest(files), after, files)
        may_exist = [*adopted(before, after), *([] if files else [AERICH_TABLE])]
        described_tables = tables(after, generator)
        require_usable(after, described_tables)
        new_tables = {name: table for name, table in described_tables.items() if name not in may_exist}
        left = {name: table for name, table in described_tables.items() if name in may_exist}
        script = _by_table(statements(_schema_sql(database)))
        kept = {}
        if database.dialect == "sqlite":
            script = {table: [*map(without_comments, own)] for table, own in script.items()}
            kept = await _after_history(database, files)
        old = SchemaState(before, tables(before, generator), kept)
        written = {table: own for table, own in script.items() if table in new_tables}
        first = [*declared_diff.prepare({}, left), *_if_missing(script, may_exist)]
        return old, SchemaState(after, new_tables, written, first)


@asynccontextmanager
async def _loaded(config: dict[str, Any], app: str) -> AsyncGenerator[Database]:
    try:
        async with connected(config, app) as database:
            yield database
    except ConfigurationError as error:
        referring = _referring(str(error), config["apps"][app]["models"])
        message = f"Tortoise cannot load the models: {str(error).removesuffix('.')}{referring}."
        raise MigrationError(message) from error


def _referring(reason: str, modules: Sequence[str]) -> str:
    """The fields that refer to a model which Tortoise does not find: it names only the model."""
    match = re.search(r"No model with name '(\w+)' registered in app '(\w+)'", reason)
    missing = f"{match[2]}.{match[1]}" if match else ""
    fields = [
        f"{model.__name__}.{name}"
        for model in Model.__subclasses__()
        for name, one in model._meta.fields_map.items()
        if missing and model.__module__ in modules and getattr(one, "model_name", None) == missing
    ]
    return (
        f", to which {', '.join(sorted(set(fields)))} refers: correct it, or add the model to the app" if fields else ""
    )


def _schema_sql(database: Database) -> str:
    try:
        return schema_sql(database.client, lambda field, model: field_sql(field, model, database.dialect))
    except ConfigurationError as error:
        message = f"Tortoise cannot create the schema of the models: {str(error).removesuffix('.')}."
        raise MigrationError(message) from error


async def _after_history(database: Database, files: Sequence[MigrationFile]) -> dict[str, list[str]]:
    """The statements of each table after the history has run on an empty SQLite."""
    for file in files:
        await database.run(file, "upgrade")
    kept: dict[str, list[str]] = {}
    for row in await database.client.execute_query_dict(READ_SCHEMA):
        kept.setdefault(row["tbl_name"], []).append(row["sql"])
    return kept


def _by_table(script: Iterable[str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for statement in script:
        found.setdefault(owner(statement), []).append(statement)
    return found


def _if_missing(script: Mapping[str, Sequence[str]], names: Iterable[str]) -> Iterator[str]:
    """The statements that create these tables, also on a database that has them; a downgrade leaves them."""
    for statement in (one for name in script if name in names for one in script[name]):
        yield re.sub(r"^(CREATE (?:UNIQUE )?(?:TABLE|INDEX|TRIGGER) )(?!IF NOT)", r"\1IF NOT EXISTS ", statement)


def comparable(old: Snapshot, new: Snapshot, files: Sequence[MigrationFile]) -> Snapshot:
    """The old models as far as migrations have to compare them with the new ones.

    A model that is not managed any more is left out, so its table is not dropped. One that is managed again is as the
    last file described it that managed it: the history has not changed the table since.
    """
    names = {model["name"] for model in _unmanaged(new)}
    left_out = {model["table"] for model in _unmanaged(new)}
    left_out |= {model["table"] for model in old.values() if model["name"] in names}
    before = {key: model | {"managed": False} if model["table"] in left_out else model for key, model in old.items()}
    again = {model["table"] for model in _unmanaged(old)} & {model["table"] for model in managed(new)}
    for file in reversed(files if again else ()):
        found = {key: model for key, model in snapshot_of(file).items() if model["table"] in again}
        managed_then = {key: model for key, model in found.items() if model.get("managed") is not False}
        before |= managed_then
        again -= {model["table"] for model in managed_then.values()}
    return before


def adopted(old: Snapshot, new: Snapshot) -> set[str]:
    """The tables that become managed and that no migration has created.

    A database may have them: they are created where they are missing, and a downgrade leaves them.
    """
    models = {model["table"] for model in _unmanaged(old)} & {model["table"] for model in managed(new)}
    return models | {join["through"] for model, join in joins(new) if model["table"] in models}


def _unmanaged(snapshot: Snapshot) -> Iterator[dict[str, Any]]:
    return (model for model in snapshot.values() if model.get("managed") is False)
