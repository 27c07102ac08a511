"""How long a migration waits for other sessions, and how long they wait for it.

A statement that changes a table waits for every session that uses it, and every later query on the table queues behind
that statement. So the wait is short, and the whole file is retried: each pause lets the queue drain.
"""

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass

import asyncpg
from tortoise.backends.asyncpg.client import AsyncpgDBClient
from tortoise.backends.base.client import BaseDBAsyncClient
from tortoise.backends.sqlite.client import SqliteClient

from tortoise_kit.db.config import milliseconds

NO_LIMIT = "0"  # as Postgres writes it
# Without it the statement of a killed migration runs on, and keeps its locks, until the server has a result to send.
ORPHAN_CHECK_MILLISECONDS = 1000


@dataclass(frozen=True, kw_only=True)
class MigrationTimeouts:
    """How long a migration waits. All times are in seconds, above 0. The statements themselves have no time limit.

    Attributes:
        lock_timeout: For a lock on a table (SQLite: on the file). All other queries on that table wait as long, so keep
            it below their own time limit. Default 3.
        wait: For another migration of the same database to end. Also for the locks of a file with
            `RUN_IN_TRANSACTION = False`: building an index CONCURRENTLY blocks nobody, and giving up loses the whole
            build. Default 60, which a deploy can afford.
        tries: How often a file is tried while other sessions hold its locks, 1 or more. Default 10, which with the
            pauses is about the default `wait`.
        pause: Between two tries, on average; the actual pause varies by half of it either way. Default 2: enough for
            short queries that queued up to finish.
    """

    lock_timeout: float = 3.0
    wait: float = 60.0
    tries: int = 10
    pause: float = 2.0


def session_settings(timeouts: MigrationTimeouts) -> dict[str, str]:
    """The server settings of a migration's session on Postgres."""
    return {
        "lock_timeout": str(milliseconds(timeouts.wait)),
        "statement_timeout": NO_LIMIT,
        "idle_in_transaction_session_timeout": NO_LIMIT,
        "tcp_keepalives_idle": "60",  # firewalls drop connections that are silent for some minutes
    }


def set_session_timeouts(client: BaseDBAsyncClient, timeouts: MigrationTimeouts) -> None:
    """Replace the service's time limits on a connection that is not open yet."""
    if isinstance(client, AsyncpgDBClient):
        client.extra["command_timeout"] = None
        client.server_settings.update(session_settings(timeouts))
    elif isinstance(client, SqliteClient):
        vars(client).update(acquire_timeout=None, command_timeout=None)
        client.pragmas["busy_timeout"] = milliseconds(timeouts.lock_timeout)


def transaction_settings(timeouts: MigrationTimeouts) -> str:
    """The statement that sets an open transaction's time limits on Postgres; it skips those an old server lacks."""
    settings = {
        **session_settings(timeouts),
        "lock_timeout": str(milliseconds(timeouts.lock_timeout)),
        "transaction_timeout": NO_LIMIT,
    }
    values = ", ".join(f"('{name}', '{value}')" for name, value in settings.items())
    orphans = f"('client_connection_check_interval', '{ORPHAN_CHECK_MILLISECONDS}')"
    return (
        f"SELECT set_config(name, value, true) FROM (VALUES {values}, {orphans}) wanted (name, value) "  # noqa: S608 - constants and numbers
        # Only some systems report a lost client; elsewhere the server rejects the setting.
        "JOIN pg_settings USING (name) WHERE name <> 'client_connection_check_interval' OR version() LIKE '%linux%'"
    )


def is_lock_timeout(error: BaseException) -> bool:
    """Whether another session held a lock for too long, or a deadlock was resolved by cancelling this one."""
    for cause in _causes(error):
        if isinstance(cause, asyncpg.LockNotAvailableError | asyncpg.DeadlockDetectedError):
            return True
        code = getattr(cause, "sqlite_errorcode", sqlite3.SQLITE_OK)
        if code & 0xFF == sqlite3.SQLITE_BUSY:  # the low byte is the kind of error
            return True
    return False


def _causes(error: BaseException) -> Iterator[BaseException]:
    """The error and its causes; Tortoise passes the driver's error on as its own's first argument."""
    cause: object = error
    while isinstance(cause, BaseException):
        yield cause
        cause = cause.__cause__ or (cause.args[0] if cause.args else None)
