"""Database errors as problems: the same for both databases, and never the database's message."""

from collections.abc import Callable, Mapping
from typing import Any

from tortoise.exceptions import DoesNotExist

from tortoise_kit.db.errors import (
    AccessRefused,
    ConnectionLost,
    Constraint,
    ConstraintViolation,
    DatabaseFull,
    DataError,
    LockNotAvailable,
    PoolTimeout,
    QueryTimeout,
    ReadOnlyDatabase,
    RetryableTransactionError,
    SchemaMismatch,
)
from tortoise_kit.problems.errors import Conflict, NotFound, Problem, Unavailable, Unprocessable

_VIOLATIONS = {
    Constraint.UNIQUE: (Conflict, "These values must be unique, and something has them already.", "not-unique"),
    Constraint.EXCLUSION: (Conflict, "This overlaps with something that exists already.", "overlap"),
    Constraint.REFERENCE: (Unprocessable, "The request refers to something that does not exist.", "no-such-reference"),
}


def _violation(error: ConstraintViolation) -> Problem:
    other = (Unprocessable, "The request breaks a rule for this data.", "rule-broken")
    problem, detail, kind = _VIOLATIONS.get(error.kind, other)
    return problem(detail, kind=kind)


# The error, and the problem that a client sees; docs/errors.md lists the kinds.
DATABASE_PROBLEMS: Mapping[type[Exception], Callable[[Any], Problem]] = {
    ConstraintViolation: _violation,
    DoesNotExist: lambda _: NotFound("Not found."),
    DataError: lambda _: Unprocessable("A value, or what is computed from it, cannot be stored.", kind="not-storable"),
    # What passes by itself, or once an operator acts: a 503 with Retry-After.
    ConnectionLost: lambda _: Unavailable("The database does not respond; try again.", kind="database-away"),
    PoolTimeout: lambda _: Unavailable("All connections to the database are in use; try again.", kind="pool-exhausted"),
    AccessRefused: lambda _: Unavailable("The database rejects the service; try again later.", kind="database-refuses"),
    QueryTimeout: lambda _: Unavailable("The database took too long; try again.", kind="statement-timeout"),
    LockNotAvailable: lambda _: Unavailable(
        "Another request is changing the same data; try again.", kind="lock-timeout"
    ),
    RetryableTransactionError: lambda _: Unavailable(
        "Too many requests are changing the same data; try again.", kind="transaction-conflict"
    ),
    ReadOnlyDatabase: lambda _: Unavailable(
        "The database takes no changes at the moment; try again.", kind="database-read-only"
    ),
    DatabaseFull: lambda _: Unavailable("The database has no room left; try again later.", kind="database-full"),
    SchemaMismatch: lambda _: Unavailable(
        "The database's schema does not fit this version of the service; try again later.", kind="schema-mismatch"
    ),
}
