"""Database errors as problems: the same for both databases, and never the database's message."""

from fastapi import FastAPI
from tortoise.exceptions import DoesNotExist

from tortoise_kit.db import (
    ConnectionLost,
    Constraint,
    ConstraintViolation,
    LockNotAvailable,
    QueryTimeout,
    RetryableTransactionError,
)
from tortoise_kit.http import install_problems
from tortoise_kit.problems import Conflict, NotFound, Problem, Unavailable, Unprocessable

_VIOLATIONS = {
    Constraint.UNIQUE: (Conflict, "These values must be unique, and something has them already."),
    Constraint.EXCLUSION: (Conflict, "This overlaps with something that exists already."),
    Constraint.REFERENCE: (Unprocessable, "The request refers to something that does not exist."),
}


def _violation(error: ConstraintViolation) -> Problem:
    fallback = (Unprocessable, "The request breaks a rule for this data.")
    problem, detail = _VIOLATIONS.get(error.kind, fallback)
    return problem(detail)


def install_errors(app: FastAPI) -> None:
    """Respond to every error of `app` with problem+json, database errors too."""
    install_problems(
        app,
        {
            ConstraintViolation: _violation,
            DoesNotExist: lambda _: NotFound("Not found."),
            # What passes by itself: a 503 with Retry-After.
            ConnectionLost: lambda _: Unavailable("The database does not respond; try again."),
            QueryTimeout: lambda _: Unavailable("The database took too long; try again."),
            LockNotAvailable: lambda _: Unavailable("Another request is changing the same data; try again."),
            RetryableTransactionError: lambda _: Unavailable(
                "Too many requests are changing the same data; try again."
            ),
        },
    )
