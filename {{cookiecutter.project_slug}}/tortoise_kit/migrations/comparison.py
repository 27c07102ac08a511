"""Compare a database with what its migrations create.

The files that the database has are run again where nothing is lost: for SQLite in memory, and for Postgres in new
schemas of the same server, within a transaction that is rolled back. So what a file creates by hand is known too, and
no model is needed. On Postgres the role needs the right to create schemas: CREATE on the database.
"""

import re
import secrets
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from tortoise.backends.base.client import BaseDBAsyncClient
from tortoise.exceptions import BaseORMException
from tortoise.transactions import in_transaction

from tortoise_kit.migrations.catalog import Difference, differences
from tortoise_kit.migrations.commands import DEFAULT_APP
from tortoise_kit.migrations.files import MigrationError, MigrationFile, find
from tortoise_kit.migrations.postgres_catalog import read_postgres
from tortoise_kit.migrations.rows import columns_without_values, sequences_behind
from tortoise_kit.migrations.runner import Database, connected
from tortoise_kit.migrations.sqlite_catalog import read_sqlite
from tortoise_kit.sql.parsing import quoted

IN_MEMORY = {"engine": "tortoise.backends.sqlite", "credentials": {"file_path": ":memory:"}}
LIMITS = "SET LOCAL lock_timeout = '2s'; SET LOCAL statement_timeout = '60s'"  # it must not make the service wait
OTHER_SCHEMAS = """
SELECT nspname::text AS name FROM pg_namespace
WHERE nspname NOT LIKE 'pg\\_%' AND nspname NOT IN ('information_schema', current_schema())
"""
EXTENSION_SCHEMAS = "SELECT DISTINCT extnamespace::regnamespace::text AS name FROM pg_extension"
NEW_SCHEMA = re.compile(r'CREATE\s+SCHEMA\s+(?:IF\s+NOT\s+EXISTS\s+)?"?(\w+)"?', re.IGNORECASE)
NEW_EXTENSION = re.compile(r"CREATE\s+EXTENSION\s+(?!IF\b)", re.IGNORECASE)
BODY = re.compile(r"(\$\w*\$).*?\1", re.DOTALL)  # of a function, in which BEGIN and END open and close blocks
ENDS_TRANSACTION = re.compile(r"(?:^|;)\s*(?:ABORT|BEGIN|COMMIT|END|ROLLBACK)\b", re.IGNORECASE)


class _Undo(Exception):
    pass


async def compare(config: dict[str, Any], *, location: Path, app: str = DEFAULT_APP) -> list[Difference]:
    """What a database has otherwise than the migrations that it has applied; empty if they agree.

    The database is not changed. Tables that no migration created are left out, and so is the order of columns.

    Args:
        config: Tortoise's configuration.
        location: The folder of all apps' migrations.
        app: Tortoise's name of the app.

    Raises:
        MigrationError: The database has a migration that `location` lacks, one does not run again, the role may not
            create schemas, or the file of an SQLite database does not exist.
    """
    _reject_missing_file(config, app)
    async with connected(config, app) as database:
        files = await _applied_files(database, location)
        if database.dialect == "sqlite":
            there = await read_sqlite(database.client)
        else:
            return await _compare_postgres(database, files)
    name = config["apps"][app].get("default_connection") or "default"
    scratch = {**config, "connections": {**config["connections"], name: IN_MEMORY}}
    async with connected(scratch, app) as database:
        for file in files:
            await database.run(file, "upgrade")
        return differences(await read_sqlite(database.client), there)


def _reject_missing_file(config: dict[str, Any], app: str) -> None:
    """Connecting would create it."""
    entry = config["connections"][config["apps"][app].get("default_connection") or "default"]
    file = "" if isinstance(entry, str) else entry["credentials"].get("file_path", "")
    if file and file != ":memory:" and not Path(file).exists():
        message = f"The database {file} does not exist: create it with `migrations upgrade`."
        raise MigrationError(message)


async def _applied_files(database: Database, location: Path) -> list[MigrationFile]:
    applied = await database.applied()
    files = {file.name: file for file in find(location, database.app)}
    if unknown := [name for name in applied if name not in files]:
        message = f"The database has {unknown[0]}, which this version lacks: compare it with the version that has it."
        raise MigrationError(message)
    return [file for name, file in files.items() if name in applied]


async def _compare_postgres(database: Database, files: Sequence[MigrationFile]) -> list[Difference]:
    async with _undone(database) as client:
        (row,) = await client.execute_query_dict("SELECT current_schema()::text AS name")
        current = row["name"]
        copy = _Copy(client, current)
        for file in files:
            await copy.run(file)
        names = {schema: "" if schema == current else quoted(schema) for schema in copy.schemas}
        names |= {copied: names[schema] for schema, copied in copy.schemas.items()}
        there = await read_postgres(client, list(copy.schemas), names)
        wanted = await read_postgres(client, list(copy.schemas.values()), names)
        without_values = await columns_without_values(client, wanted, there, current)
        return [*differences(wanted, there, without_values), *await sequences_behind(client, names)]


@asynccontextmanager
async def _undone(database: Database) -> AsyncGenerator[BaseDBAsyncClient]:
    """A transaction that is rolled back, whatever happens in it."""
    try:
        async with in_transaction(database.connection) as client:
            await client.execute_script(LIMITS)
            yield client
            raise _Undo  # noqa: TRY301 -- to leave the block as an error does
    except _Undo:
        pass


class _Copy:
    """The schemas that a history creates, under other names.

    Attributes:
        schemas: The name of each schema's copy, by the name in the history.
    """

    def __init__(self, client: BaseDBAsyncClient, current: str) -> None:
        self._client = client
        self._current = current
        self._others: set[str] = set()
        self.schemas: dict[str, str] = {}

    async def run(self, file: MigrationFile) -> None:
        """Run what a file does, with all names in the copies."""
        if not self.schemas:
            await self._begin()
        try:
            await self._execute(file, await file.load().upgrade(self._client))
        except BaseORMException as error:
            message = f"{file.name} does not run a second time, in an empty schema: {error}"
            raise MigrationError(message) from error

    async def _begin(self) -> None:
        rows = await self._client.execute_query_dict(OTHER_SCHEMAS)
        self._others = {row["name"] for row in rows}
        extensions = [row["name"] for row in await self._client.execute_query_dict(EXTENSION_SCHEMAS)]
        await self._copy(self._current)
        path = ", ".join([self.schemas[self._current], *(name for name in extensions if name != "pg_catalog")])
        await self._client.execute_script(f"SET LOCAL search_path = {path}")

    async def _copy(self, schema: str) -> None:
        self.schemas[schema] = f"comparison_{secrets.token_hex(6)}"
        try:
            await self._client.execute_script(f"CREATE SCHEMA {self.schemas[schema]}")
        except BaseORMException as error:
            message = (
                f"The role may not create a schema to compare with ({error}): run `GRANT CREATE ON DATABASE`, or use "
                "the database's owner."
            )
            raise MigrationError(message) from error

    async def _execute(self, file: MigrationFile, script: str) -> None:
        if ENDS_TRANSACTION.search(BODY.sub("", script)):
            message = f"{file.name} begins or ends a transaction by itself, so it cannot be run again to compare."
            raise MigrationError(message)
        for schema in sorted(self._others | set(NEW_SCHEMA.findall(script))):
            if schema not in self.schemas and re.search(rf'\b{schema}"?\.', script):
                await self._copy(schema)
        if rest := _copied(NEW_SCHEMA.sub("", script), self.schemas).strip("; \n"):
            await self._client.execute_script(rest)


def _copied(script: str, schemas: Mapping[str, str]) -> str:
    for schema, copied in schemas.items():
        script = re.sub(rf'(?<![\w".])(?:{schema}|"{schema}")(?=\.["\w])', copied, script)
    script = NEW_EXTENSION.sub("CREATE EXTENSION IF NOT EXISTS ", script)  # a database has one of each
    return re.sub(r"\bCONCURRENTLY\b", "", script)  # which is not possible in a transaction
