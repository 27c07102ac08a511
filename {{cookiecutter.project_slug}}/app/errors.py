"""What the database refuses, as problems: one answer for both databases, without a word of theirs."""

from http import HTTPStatus

from fastapi import FastAPI, Request
from starlette.responses import Response
from tortoise.exceptions import DoesNotExist

from tortoise_kit.db import (
    ConnectionLost,
    Constraint,
    ConstraintViolation,
    LockNotAvailable,
    QueryTimeout,
    RetryableTransactionError,
)
from tortoise_kit.http import RETRY_AFTER_SECONDS, install_problems, problem_response

# What goes away by itself, and what to say of it.
_PASSING: dict[type[Exception], str] = {
    ConnectionLost: "The database does not answer; try again.",
    QueryTimeout: "The database took too long; try again.",
    LockNotAvailable: "Somebody else is changing the same; try again.",
    RetryableTransactionError: "Too many are changing the same at once; try again.",
}
_REFUSED = {
    Constraint.UNIQUE: (HTTPStatus.CONFLICT, "Something with these unique values exists already."),
    Constraint.EXCLUSION: (HTTPStatus.CONFLICT, "It overlaps with something that exists already."),
    Constraint.REFERENCE: (HTTPStatus.UNPROCESSABLE_ENTITY, "The request refers to something that does not exist."),
}


async def _on_violation(request: Request, error: Exception) -> Response:
    assert isinstance(error, ConstraintViolation)  # noqa: S101 -- registered for this type
    fallback = (HTTPStatus.UNPROCESSABLE_ENTITY, "The request does not fit the rules for this data.")
    return problem_response(request, *_REFUSED.get(error.kind, fallback))


async def _on_missing(request: Request, _error: Exception) -> Response:
    return problem_response(request, HTTPStatus.NOT_FOUND, "There is no such thing.")


async def _on_passing(request: Request, error: Exception) -> Response:
    detail = next(text for kind, text in _PASSING.items() if isinstance(error, kind))
    headers = {"Retry-After": str(RETRY_AFTER_SECONDS)}
    return problem_response(request, HTTPStatus.SERVICE_UNAVAILABLE, detail, headers=headers)


def install_errors(app: FastAPI) -> None:
    """Answer every error of `app`, those of the database too, as problem+json."""
    install_problems(app)
    app.add_exception_handler(ConstraintViolation, _on_violation)
    app.add_exception_handler(DoesNotExist, _on_missing)
    for kind in _PASSING:
        app.add_exception_handler(kind, _on_passing)
