"""Database errors, the same for Postgres and SQLite.

    OperationalError                    Tortoise's own: the statement is wrong
    ├── DatabaseError                   any other error of the driver
    │   ├── RetryableTransactionError   serialization failure or deadlock: run the whole transaction again
    │   ├── LockNotAvailable            a lock was not granted in time, or at once with NOWAIT
    │   ├── QueryTimeout                a statement took too long and was cancelled
    │   └── ConnectionLost              the server is away, or the connection broke
    │       ├── AccessRefused           the server rejects the user, the password or the database
    │       └── PoolTimeout             no connection of the pool became free in time
    └── IntegrityError                  Tortoise's own
        └── ConstraintViolation         with the kind of the constraint

Tortoise 1.1 translates some of asyncpg's errors, and none at COMMIT or while connecting; the rest is raised raw.
Messages are for logs and contain no value of a row. The driver's error is the `__cause__`.
"""

import sqlite3
from enum import StrEnum
from types import TracebackType

import asyncpg
from tortoise.exceptions import DBConnectionError, IntegrityError, OperationalError, TransactionManagementError

# The translation can go once Tortoise raises the base classes itself: a test of the kit fails then.


class DatabaseError(OperationalError):
    """An error that Tortoise leaves raw."""


class RetryableTransactionError(DatabaseError):
    """The transaction lost against another one (SQLSTATE 40001, 40P01): roll back and run all of it again."""


class LockNotAvailable(DatabaseError):
    """A lock was not granted (SQLSTATE 55P03; SQLite: the file is locked)."""


class QueryTimeout(DatabaseError):
    """A statement was cancelled at the server's time limit (SQLSTATE 57014) or at the client's."""


class ConnectionLost(DatabaseError):
    """The server is away, or the connection broke. If that happened at COMMIT, the outcome is unknown."""


class AccessRefused(ConnectionLost):
    """The server rejects the user, the password or the database: a setting is wrong, here or on the server."""


class PoolTimeout(ConnectionLost):
    """All connections were in use for as long as a caller may wait."""


class Constraint(StrEnum):
    """The kinds of constraints that a row can violate."""

    UNIQUE = "unique"
    REFERENCE = "reference"
    NOT_NULL = "not null"
    CHECK = "check"
    EXCLUSION = "exclusion"
    OTHER = "other"


class ConstraintViolation(IntegrityError):
    """A row violates a constraint.

    Attributes:
        kind: The kind of constraint. Its name and the values are only in the driver's error.
    """

    def __init__(self, kind: Constraint) -> None:
        super().__init__(f"The row violates a constraint: {kind.value}.")
        self.kind = kind


# SQLSTATE classes and codes: PostgreSQL manual, appendix A.
_POSTGRES_CONSTRAINTS = {
    "23505": Constraint.UNIQUE,
    "23503": Constraint.REFERENCE,
    "23001": Constraint.REFERENCE,
    "23502": Constraint.NOT_NULL,
    "23514": Constraint.CHECK,
    "23P01": Constraint.EXCLUSION,
}
_SQLITE_CONSTRAINTS = {
    "SQLITE_CONSTRAINT_UNIQUE": Constraint.UNIQUE,
    "SQLITE_CONSTRAINT_PRIMARYKEY": Constraint.UNIQUE,
    "SQLITE_CONSTRAINT_ROWID": Constraint.UNIQUE,
    "SQLITE_CONSTRAINT_FOREIGNKEY": Constraint.REFERENCE,
    "SQLITE_CONSTRAINT_TRIGGER": Constraint.REFERENCE,  # how SQLite reports ON DELETE RESTRICT
    "SQLITE_CONSTRAINT_NOTNULL": Constraint.NOT_NULL,
    "SQLITE_CONSTRAINT_CHECK": Constraint.CHECK,
}
_POSTGRES: tuple[tuple[type[Exception], type[OperationalError | TransactionManagementError], str], ...] = (
    # 40003, statement completion unknown, is a sibling of these two and must not be retried.
    (asyncpg.SerializationError, RetryableTransactionError, "The transaction lost against a concurrent one."),
    (asyncpg.DeadlockDetectedError, RetryableTransactionError, "The transaction was in a deadlock."),
    (asyncpg.InvalidCachedStatementError, RetryableTransactionError, "A table changed under a prepared statement."),
    (asyncpg.LockNotAvailableError, LockNotAvailable, "A lock was not granted in time."),
    (asyncpg.QueryCanceledError, QueryTimeout, "The server cancelled the statement."),
    (asyncpg.PostgresConnectionError, ConnectionLost, "The connection to the server broke."),
    (asyncpg.AdminShutdownError, ConnectionLost, "The server ended the session."),
    (asyncpg.CrashShutdownError, ConnectionLost, "The server crashed."),
    (asyncpg.IdleSessionTimeoutError, ConnectionLost, "The session was idle too long."),
    (asyncpg.DatabaseDroppedError, ConnectionLost, "The database was dropped."),
    (asyncpg.CannotConnectNowError, ConnectionLost, "The server does not accept connections now."),
    (asyncpg.TooManyConnectionsError, ConnectionLost, "The server has too many connections."),
    (asyncpg.InvalidCatalogNameError, AccessRefused, "The server has no such database."),
    (asyncpg.InvalidAuthorizationSpecificationError, AccessRefused, "The server rejects the user or the password."),
    (asyncpg.IdleInTransactionSessionTimeoutError, ConnectionLost, "The session was idle in a transaction too long."),
    (asyncpg.InvalidTransactionStateError, TransactionManagementError, "The transaction's state forbids this."),
    (asyncpg.PostgresError, DatabaseError, "The server rejected the statement."),
)


class translated:  # noqa: N801 -- read as a word of `with`; as a generator it would cost four times as much
    """Raise the errors of both drivers, of the network and of time limits as those above."""

    __slots__ = ()

    def __enter__(self) -> None:
        """Needed by `with`."""

    def __exit__(
        self, exc_type: type[BaseException] | None, exc_val: BaseException | None, exc_tb: TracebackType | None
    ) -> None:
        if isinstance(exc_val, Exception) and (ours := _translation(exc_val)) is not None:
            raise ours from exc_val


def _translation(error: Exception) -> Exception | None:
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
    state = getattr(error, "sqlstate", None)
    if isinstance(error, asyncpg.IntegrityConstraintViolationError):
        return ConstraintViolation(_POSTGRES_CONSTRAINTS.get(str(state), Constraint.OTHER))
    if isinstance(error, asyncpg.SyntaxOrAccessError):
        return OperationalError(error)
    if isinstance(error, asyncpg.DataError):  # its text repeats the value
        return OperationalError(f"A value does not fit its column: {type(error).__name__}.")
    for kind, ours, message in _POSTGRES:
        if isinstance(error, kind):
            return ours(f"{message} (SQLSTATE {state})")
    if _is_lost(error):
        return ConnectionLost("The connection is closed.")
    return DatabaseError(f"The driver rejected the call: {type(error).__name__}.")


def _is_lost(error: Exception) -> bool:
    """Whether asyncpg reports a closed connection or pool, for which it has no error type."""
    text = str(error)
    if isinstance(error, asyncpg.InternalClientError):  # between the server's last message and the end of the stream
        return "another operation (2) is in progress" in text  # asyncpg's PROTOCOL_ERROR_CONSUME
    return isinstance(error, asyncpg.InterfaceError) and ("is closed" in text or "is closing" in text)


def _from_sqlite(error: sqlite3.Error) -> Exception:
    name = getattr(error, "sqlite_errorname", "")
    if isinstance(error, sqlite3.IntegrityError):
        kind = _SQLITE_CONSTRAINTS.get(name, Constraint.OTHER)
        exclusion = str(error).startswith("EXCLUSION constraint failed")  # a trigger of `NoOverlap`
        return ConstraintViolation(Constraint.EXCLUSION if exclusion else kind)
    if name == "SQLITE_BUSY_SNAPSHOT":
        return RetryableTransactionError("The transaction read before another one wrote.")
    if name.startswith(("SQLITE_BUSY", "SQLITE_LOCKED")):
        return LockNotAvailable("The database is locked.")
    if name == "SQLITE_INTERRUPT":
        return QueryTimeout("The statement was interrupted.")
    if name.startswith(("SQLITE_CANTOPEN", "SQLITE_IOERR", "SQLITE_NOTADB")) or "closed database" in str(error):
        return ConnectionLost(f"The database file cannot be used: {name or 'it is closed'}.")
    return OperationalError(error)
