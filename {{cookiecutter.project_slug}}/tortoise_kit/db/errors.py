"""Database errors, the same for Postgres and SQLite.

    OperationalError                    Tortoise's own: the statement is wrong
    ├── DatabaseError                   any other error of the driver
    │   ├── RetryableTransactionError   serialization failure or deadlock: run the whole transaction again
    │   ├── LockNotAvailable            a lock was not granted in time, or at once with NOWAIT
    │   ├── QueryTimeout                a statement took too long and was cancelled
    │   ├── DataError                   a value fits no column, or the database cannot compute with it
    │   ├── SchemaMismatch              a table, column or function is missing, or is another than the code expects
    │   ├── ReadOnlyDatabase            the database takes no writes
    │   ├── DatabaseFull                there is no room for another row
    │   └── ConnectionLost              the server is away, or the connection broke
    │       ├── AccessRefused           the server rejects the user, the password, the database, or a right
    │       └── PoolTimeout             no connection of the pool became free in time
    └── IntegrityError                  Tortoise's own
        └── ConstraintViolation         with the kind of the constraint

Tortoise 1.1 translates some of asyncpg's errors, and none at COMMIT or while connecting; the rest is raised raw.
Which code becomes which error: `tortoise_kit.db.error_codes`; where: `tortoise_kit.db.translation`.
Messages are for logs and contain no value of a row. The driver's error is the `__cause__`.
"""

from enum import StrEnum

from tortoise.exceptions import IntegrityError, OperationalError


class DatabaseError(OperationalError):
    """An error that Tortoise leaves raw."""


class RetryableTransactionError(DatabaseError):
    """The transaction lost against another one (SQLSTATE 40001, 40P01): roll back and run all of it again."""


class LockNotAvailable(DatabaseError):
    """A lock was not granted (SQLSTATE 55P03; SQLite: the file is locked)."""


class QueryTimeout(DatabaseError):
    """A statement was cancelled at the server's time limit (SQLSTATE 57014) or at the client's."""


class DataError(DatabaseError):
    """A value fits no column, or the database cannot compute with it (SQLSTATE class 22)."""


class SchemaMismatch(DatabaseError):
    """A table, column or function is missing or another than the code expects: a migration is missing, or too new.

    Its message names what is missing.
    """


class ReadOnlyDatabase(DatabaseError):
    """The database takes no writes: a standby, a server or file that is read-only. Reads may go on."""


class DatabaseFull(DatabaseError):
    """There is no room for another row: on the disk, in the file, or in a sequence. Reads may go on."""


class ConnectionLost(DatabaseError):
    """The server is away, or the connection broke. If that happened at COMMIT, the outcome is unknown."""


class AccessRefused(ConnectionLost):
    """The server rejects the user, the password or the database, or denies a right: a setting is wrong."""


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
