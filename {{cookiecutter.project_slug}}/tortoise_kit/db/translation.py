"""The errors of both drivers, of the network and of time limits, as those of `tortoise_kit.db.errors`.

It can go once Tortoise raises the base classes itself: a test of the kit fails then.
"""

import sqlite3
from collections.abc import Callable
from types import TracebackType
from typing import Any

import asyncpg
from tortoise.exceptions import DBConnectionError, OperationalError, TransactionManagementError

from tortoise_kit.db.engines.transaction_state import FAILED
from tortoise_kit.db.error_codes import Outcome, of_postgres, of_sqlite
from tortoise_kit.db.errors import (
    AccessRefused,
    ConnectionLost,
    Constraint,
    ConstraintViolation,
    DatabaseError,
    DatabaseFull,
    DataError,
    LockNotAvailable,
    PoolTimeout,
    QueryTimeout,
    ReadOnlyDatabase,
    RetryableTransactionError,
    SchemaMismatch,
)

_CONSTRAINTS = {
    "23505": Constraint.UNIQUE,
    "23503": Constraint.REFERENCE,
    "23001": Constraint.REFERENCE,
    "23502": Constraint.NOT_NULL,
    "23514": Constraint.CHECK,
    "44000": Constraint.CHECK,
    "23P01": Constraint.EXCLUSION,
    "SQLITE_CONSTRAINT_UNIQUE": Constraint.UNIQUE,
    "SQLITE_CONSTRAINT_PRIMARYKEY": Constraint.UNIQUE,
    "SQLITE_CONSTRAINT_ROWID": Constraint.UNIQUE,
    "SQLITE_CONSTRAINT_FOREIGNKEY": Constraint.REFERENCE,
    "SQLITE_CONSTRAINT_TRIGGER": Constraint.REFERENCE,  # how SQLite reports ON DELETE RESTRICT
    "SQLITE_CONSTRAINT_NOTNULL": Constraint.NOT_NULL,
    "SQLITE_CONSTRAINT_CHECK": Constraint.CHECK,
}
_ERRORS: dict[Outcome, tuple[type[DatabaseError], str]] = {
    Outcome.UNAVAILABLE: (ConnectionLost, "The database is not available"),
    Outcome.ACCESS_REFUSED: (AccessRefused, "The database denies access"),
    Outcome.READ_ONLY: (ReadOnlyDatabase, "The database takes no writes"),
    Outcome.FULL: (DatabaseFull, "The database has no room left"),
    Outcome.TIMEOUT: (QueryTimeout, "The statement was cancelled"),
    Outcome.LOCKED: (LockNotAvailable, "A lock was not granted in time"),
    Outcome.RETRY: (RetryableTransactionError, "The transaction lost against a concurrent one"),
    Outcome.SCHEMA: (SchemaMismatch, "The schema does not fit the code"),
    Outcome.VALUE: (DataError, "A value does not fit"),  # without the driver's text, which repeats the value
    Outcome.BUG: (DatabaseError, "The database rejected the statement"),
}
_REASONS = {
    "28": "The server rejects the user or the password",
    "3D": "The server has no such database",
    "42": "The server denies the user a right",
}
SYNTAX_ERROR = "42601"
OVERLAP = "EXCLUSION constraint failed"  # what a trigger of `NoOverlap` raises on SQLite
_ARGUMENTS_MAX_TEXT = "query arguments cannot exceed"  # of asyncpg's InterfaceError, as SQLSTATE 54023


class translated:  # noqa: N801 -- read as a word of `with`; as a generator it would cost four times as much
    """Raise the errors of both drivers, of the network and of time limits as those of `tortoise_kit.db.errors`.

    Args:
        note: Called with each error that is raised in place of another.
    """

    __slots__ = ("_note",)

    def __init__(self, note: Callable[[Exception], None] | None = None) -> None:
        self._note = note

    def __enter__(self) -> None:
        """Needed by `with`."""

    def __exit__(
        self, exc_type: type[BaseException] | None, exc_val: BaseException | None, exc_tb: TracebackType | None
    ) -> None:
        if isinstance(exc_val, Exception) and (ours := translation(exc_val)) is not None:
            if self._note is not None:
                self._note(ours)
            raise ours from exc_val


def is_fatal(error: BaseException | None) -> bool:
    """Whether a connection should not be used again after this error: its session or server serves no writes."""
    if isinstance(error, (asyncpg.PostgresError, sqlite3.Error)):
        error = translation(error)
    lost = isinstance(error, ConnectionLost) and not isinstance(error, (AccessRefused, PoolTimeout))
    return lost or isinstance(error, (ReadOnlyDatabase, DatabaseFull))


def translation(error: Exception) -> Exception | None:
    """The kit's error for one of a driver, the network or a time limit; None for any other."""
    if isinstance(error, (asyncpg.PostgresError, asyncpg.InterfaceError, asyncpg.InternalClientError)):
        return _from_asyncpg(error)
    if isinstance(error, sqlite3.Error):
        return _from_sqlite(error)
    if isinstance(error, DBConnectionError):
        return AccessRefused("The server has no such database.")
    if isinstance(error, TimeoutError):  # an OSError too, so it comes first
        return QueryTimeout("The statement took longer than its time limit.")
    if isinstance(error, OSError):
        return ConnectionLost(f"The server cannot be reached: {str(error) or type(error).__name__}")
    return None


def _from_asyncpg(error: Exception) -> Exception:
    code = str(getattr(error, "sqlstate", None) or "")
    if isinstance(error, asyncpg.PostgresError):
        return _of_outcome(_postgres_outcome(error, code), error, code)
    if _is_lost(error):
        return ConnectionLost("The connection is closed.")
    if _ARGUMENTS_MAX_TEXT in str(error):
        return _error(Outcome.VALUE, error, "54023")
    return DatabaseError(f"The driver rejected the call: {type(error).__name__}.")


def _postgres_outcome(error: asyncpg.PostgresError, code: str) -> Outcome:
    if isinstance(error, asyncpg.InvalidCachedStatementError):  # a table changed under a prepared statement
        return Outcome.RETRY
    if isinstance(error.__cause__, TypeError):  # asyncpg's own check: the code passes a value of another type
        return Outcome.BUG
    at: Any = error  # its fields come from the server
    if code == SYNTAX_ERROR and not (at.position or at.internal_position):  # in a value: a tsquery, a jsonpath
        return Outcome.VALUE
    return of_postgres(code)


def _of_outcome(outcome: Outcome, error: Exception, code: str) -> Exception:
    if outcome is Outcome.CONSTRAINT:
        exclusion = str(error).startswith(OVERLAP)
        return ConstraintViolation(Constraint.EXCLUSION if exclusion else _CONSTRAINTS.get(code, Constraint.OTHER))
    if isinstance(error, asyncpg.InFailedSQLTransactionError):  # after an error that the service caught
        return TransactionManagementError(FAILED)
    if outcome is Outcome.BUG and isinstance(error, asyncpg.InvalidTransactionStateError):
        return TransactionManagementError(f"The transaction's state forbids this: {type(error).__name__} ({code}).")
    if outcome is Outcome.BUG and isinstance(error, (asyncpg.SyntaxOrAccessError, sqlite3.OperationalError)):
        return OperationalError(error)
    return _error(outcome, error, code)


def _error(outcome: Outcome, error: Exception, code: str) -> DatabaseError:
    kind, message = _ERRORS[outcome]
    message = _REASONS.get(code[:2], message) if kind is AccessRefused else message
    names = str(error).partition("\n")[0] if kind is SchemaMismatch else type(error).__name__
    return kind(f"{message}: {names} ({code}).")


def _is_lost(error: Exception) -> bool:
    """Whether asyncpg reports a closed connection or pool, for which it has no error type."""
    text = str(error)
    if isinstance(error, asyncpg.InternalClientError):  # between the server's last message and the end of the stream
        return "another operation (2) is in progress" in text  # asyncpg's PROTOCOL_ERROR_CONSUME
    return isinstance(error, asyncpg.InterfaceError) and ("is closed" in text or "is closing" in text)


def _from_sqlite(error: sqlite3.Error) -> Exception:
    name = getattr(error, "sqlite_errorname", "")
    if isinstance(error, sqlite3.DataError):  # it has no code if a value does not even reach SQLite
        return _error(Outcome.VALUE, error, name)
    return _of_outcome(of_sqlite(getattr(error, "sqlite_errorcode", 0), name, str(error)), error, name)
