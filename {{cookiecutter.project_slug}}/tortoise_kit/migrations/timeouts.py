"""How long a migration waits for others, and how long others wait for it.

A statement that changes a table waits for all who use it, and whoever comes later waits behind it. So the wait is
short, and the whole file is tried again: each pause lets the others pass.
"""

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass

import asyncpg
from tortoise.backends.asyncpg.client import AsyncpgDBClient
from tortoise.backends.base.client import BaseDBAsyncClient
from tortoise.backends.sqlite.client import SqliteClient

from tortoise_kit.db.config import milliseconds

NEVER = "0"  # what Postgres takes for "no limit"
# A killed migration's statement would run on, and keep its locks, until the server has an answer to send.
ORPHAN_CHECK_MILLISECONDS = 1000


@dataclass(frozen=True, kw_only=True)
class Limits:
    """How long a migration waits. All times are in seconds, above 0; a statement itself may take as long as it needs.

    Attributes:
        lock_timeout: For a lock on a table (SQLite: on the file). Everybody else's queries on that table wait as
            long, so it is less than their own time limit. Default 3.
        wait: For another migration of the same database to end; also for a lock that a file with
            `RUN_IN_TRANSACTION = False` wants: building an index CONCURRENTLY stops nobody, and to give up costs the
            whole build. Default 60: a deploy's patience.
        tries: How often a file is tried when others hold its locks, 1 or more. Default 10, which with the pauses is
            about the default `wait`.
        pause: Before a file is tried again, on average; half as much to half as much more. Default 2: short queries
            that queued up are through.
    """

    lock_timeout: float = 3.0
    wait: float = 60.0
    tries: int = 10
    pause: float = 2.0


def session_settings(limits: Limits) -> dict[str, str]:
    """What a session of a migration on Postgres is opened with."""
    return {
        "lock_timeout": str(milliseconds(limits.wait)),
        "statement_timeout": NEVER,
        "idle_in_transaction_session_timeout": NEVER,
        "tcp_keepalives_idle": "60",  # firewalls forget a connection that is silent for some minutes
    }


def limit_sessions(client: BaseDBAsyncClient, limits: Limits) -> None:
    """Give a connection that is not open yet a migration's limits instead of the service's."""
    if isinstance(client, AsyncpgDBClient):
        client.extra["command_timeout"] = None
        client.server_settings.update(session_settings(limits))
    elif isinstance(client, SqliteClient):
        vars(client).update(acquire_timeout=None, command_timeout=None)
        client.pragmas["busy_timeout"] = milliseconds(limits.lock_timeout)


def transaction_settings(limits: Limits) -> str:
    """The statement that gives the open transaction on Postgres its limits, of which old servers lack some."""
    settings = {
        **session_settings(limits),
        "lock_timeout": str(milliseconds(limits.lock_timeout)),
        "transaction_timeout": NEVER,
    }
    values = ", ".join(f"('{name}', '{value}')" for name, value in settings.items())
    orphans = f"('client_connection_check_interval', '{ORPHAN_CHECK_MILLISECONDS}')"
    return (
        f"SELECT set_config(name, value, true) FROM (VALUES {values}, {orphans}) wanted (name, value) "  # noqa: S608 - constants and numbers
        # Only some systems tell that a client is gone; elsewhere the server refuses the setting.
        "JOIN pg_settings USING (name) WHERE name <> 'client_connection_check_interval' OR version() LIKE '%linux%'"
    )


def is_lock_timeout(error: BaseException) -> bool:
    """Whether others held a lock for too long, or two waited for each other and this one was chosen to give up."""
    for cause in _causes(error):
        if isinstance(cause, asyncpg.LockNotAvailableError | asyncpg.DeadlockDetectedError):
            return True
        code = getattr(cause, "sqlite_errorcode", sqlite3.SQLITE_OK)
        if code & 0xFF == sqlite3.SQLITE_BUSY:  # the low byte is the kind, the others tell more of it
            return True
    return False


def _causes(error: BaseException) -> Iterator[BaseException]:
    """The error and what it was made of: Tortoise puts the driver's error into its own's arguments."""
    cause: object = error
    while isinstance(cause, BaseException):
        yield cause
        cause = cause.__cause__ or (cause.args[0] if cause.args else None)
