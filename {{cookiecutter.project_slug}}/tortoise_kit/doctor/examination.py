"""Run all checks of a database: read-only, each within limits, and each whatever became of the others."""

import asyncio
import sqlite3
import time
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager, closing
from functools import partial
from pathlib import Path
from typing import Any

from tortoise.backends.base.client import BaseDBAsyncClient
from tortoise.backends.base.executor import EXECUTOR_CACHE
from tortoise.context import TortoiseContext
from tortoise.exceptions import BaseORMException

from tortoise_kit.db.config import POSTGRES_ENGINE
from tortoise_kit.db.engines.savepoints import open_block
from tortoise_kit.db.errors import AccessRefused, ConnectionLost, QueryTimeout
from tortoise_kit.doctor import (
    postgres_indexes,
    postgres_server,
    postgres_sessions,
    postgres_statements,
    sqlite,
    sqlite_indexes,
)
from tortoise_kit.doctor.context import CheckContext, Deployment
from tortoise_kit.doctor.drift import History, drift, keeping_journal, without_contradictions
from tortoise_kit.doctor.findings import Finding, NotChecked, Report
from tortoise_kit.migrations.files import MigrationError

STATEMENT_SECONDS = 5.0
CHECK_SECONDS = 10.0  # of several statements, and of the waits between them
PROGRESS_STEPS = 10_000  # of SQLite's virtual machine between two looks at the clock: less than a millisecond
LIMITS = f"SET LOCAL statement_timeout = '{STATEMENT_SECONDS:g}s'; SET LOCAL lock_timeout = '1s'"
IN_MEMORY = ":memory:"

POSTGRES_CHECKS: Mapping[str, Callable[[CheckContext], Awaitable[list[Finding]]]] = {
    "sessions and statements of other roles": postgres_sessions.right_to_see,
    "settings of the server": postgres_server.unsafe_settings,
    "limits of time": postgres_server.missing_limits,
    "connections": postgres_sessions.connections,
    "pools": postgres_sessions.busy_pools,
    "locks": postgres_sessions.blocking_sessions,
    "open transactions": postgres_sessions.open_transactions,
    "replica": postgres_sessions.replica,
    "transaction ids": postgres_server.transaction_ids,
    "sequences": postgres_server.sequences,
    "dead rows": postgres_server.dead_rows,
    "cache": postgres_server.cache,
    "invalid indexes": postgres_indexes.invalid_indexes,
    "indexes of foreign keys": postgres_indexes.missing_foreign_key_indexes,
    "duplicate indexes": postgres_indexes.duplicate_indexes,
    "unused indexes": postgres_indexes.unused_indexes,
    "sequential scans": postgres_statements.sequential_scans,
    "repeated statements": postgres_statements.repeated_statements,
    "slow statements": postgres_statements.slow_statements,
}
SQLITE_CHECKS: Mapping[str, Callable[[sqlite.SQLiteFile], list[Finding]]] = {
    "integrity": sqlite.integrity,
    "foreign keys": sqlite.foreign_key_violations,
    "permissions": sqlite.permissions,
    "journal": sqlite.journal,
    "free pages": sqlite.free_pages,
    "statistics": sqlite.statistics,
    "indexes of foreign keys": sqlite_indexes.foreign_key_indexes,
    "duplicate indexes": sqlite_indexes.duplicate_indexes,
}


async def examine(config: Mapping[str, Any], deployment: Deployment, history: History | None = None) -> Report:
    """Look for the faults of `KINDS` in a database; nothing is changed, and no context has to be open.

    Each check has 10 s, the comparison with the migrations 60 s. A check that takes longer, or that the role may not
    run, is named in the report's `unchecked`.

    Args:
        config: Tortoise's configuration, from `tortoise_config`, with the connection `default`, and `replica` if any.
        deployment: How the service uses the database.
        history: The migrations to compare the schema with; None compares nothing.

    Raises:
        ConnectionLost: The Postgres database is away, or rejects the user or the password.
        sqlite3.OperationalError: The SQLite file does not exist, or cannot be opened.
        sqlite3.DatabaseError: It is no SQLite database.
    """
    credentials = config["connections"]["default"]["credentials"]
    report = Report()
    if "file_path" not in credentials:
        await _examine_postgres(config, deployment, report)
        await _compare(report, history)
    elif credentials["file_path"] == IN_MEMORY:
        report.unchecked.append("the database: it is in memory, and another process has its own.")
    else:
        mode = await asyncio.to_thread(_examine_sqlite, Path(credentials["file_path"]), report)
        await _compare(report, history and keeping_journal(history, mode))
    return Report(without_contradictions(report.findings), report.unchecked)


async def _examine_postgres(config: Mapping[str, Any], deployment: Deployment, report: Report) -> None:
    lag = config["connections"].get("replica", {}).get("credentials", {}).get("max_lag", 0)
    async with _connected(config) as (client, replica):
        await client.execute_query("SELECT 1")
        for what, check in POSTGRES_CHECKS.items():
            await _note(report, what, _limited(check, client, deployment, replica, lag))


@asynccontextmanager
async def _connected(
    config: Mapping[str, Any],
) -> AsyncGenerator[tuple[BaseDBAsyncClient, BaseDBAsyncClient | None]]:
    """Clients of the database and its replica, under another name than the service's, without its fallback."""
    connections = {}
    for name, each in config["connections"].items():
        known = {key: value for key, value in each["credentials"].items() if key != "max_lag"}
        credentials = {**known, "application_name": "doctor", "min_size": 0, "max_size": 1}
        connections[name] = {"engine": POSTGRES_ENGINE, "credentials": credentials}
    async with TortoiseContext() as context:
        await context.init({**config, "connections": connections, "routers": []}, init_connections=False)
        try:
            yield (
                context.connections.get("default"),
                context.connections.get("replica") if "replica" in connections else None,
            )
        finally:
            EXECUTOR_CACHE.clear()  # its keys hold a connection's name, not its dialect


async def _limited(
    check: Callable[[CheckContext], Awaitable[list[Finding]]],
    client: BaseDBAsyncClient,
    deployment: Deployment,
    replica: BaseDBAsyncClient | None,
    max_lag: float,
) -> list[Finding]:
    """What a check finds in a read-only transaction."""
    async with (
        asyncio.timeout(CHECK_SECONDS + max_lag),
        open_block(client, isolation=None, readonly=True) as transaction,
    ):
        await transaction.execute_script(LIMITS)
        return await check(CheckContext(transaction, deployment, replica, max_lag))


async def _note(report: Report, what: str, checking: Awaitable[list[Finding]]) -> None:
    """Add to the report what a check finds, or why it could not be run."""
    try:
        report.findings.extend(await checking)
    except (TimeoutError, QueryTimeout):
        report.unchecked.append(f"{what}: it took too long.")
    except (NotChecked, MigrationError, BaseORMException, sqlite3.Error) as error:
        if isinstance(error, ConnectionLost) and not isinstance(error, AccessRefused):
            raise
        reason = error.__cause__ if isinstance(error, AccessRefused) else error  # it names what the role may not use
        report.unchecked.append(f"{what}: {' '.join(str(reason).split())}")


async def _compare(report: Report, history: History | None) -> None:
    if history is not None:
        await _note(report, "schema", drift(history))


def _examine_sqlite(path: Path, report: Report) -> str:
    """Run the checks of a file; returns the mode of its journal."""
    file = sqlite.SQLiteFile(path)
    with closing(file.connection):
        mode: str = file.pragma("journal_mode")
        for what, check in SQLITE_CHECKS.items():
            end = time.monotonic() + CHECK_SECONDS
            file.connection.set_progress_handler(partial(_is_over, end), PROGRESS_STEPS)
            try:
                report.findings.extend(check(file))
            except sqlite3.Error as error:
                slow = getattr(error, "sqlite_errorname", "") == "SQLITE_INTERRUPT"
                report.unchecked.append(f"{what}: {'it took too long.' if slow else error}")
    return mode


def _is_over(end: float) -> bool:
    return time.monotonic() > end
