"""What the database refuses, as problems: one answer for both databases, without a word of theirs."""

from http import HTTPStatus

import asyncpg
from fastapi import FastAPI, Request
from starlette.responses import Response
from tortoise.exceptions import DBConnectionError, DoesNotExist, IntegrityError

from app.kit.problems import install_problems, problem_response

# SQLSTATE, PostgreSQL manual appendix A; SQLite says it in words.
_MISSING_REFERENCE = ("23503", "23001", "FOREIGN KEY")
_AWAY = (DBConnectionError, asyncpg.PostgresConnectionError, ConnectionError, TimeoutError)
RETRY_AFTER_SECONDS = 1


def is_reference_error(error: IntegrityError) -> bool:
    """Whether a row refers to one that is not there, or is still referred to."""
    refusal = error.args[0]  # the driver's own error
    return str(getattr(refusal, "sqlstate", refusal)).startswith(_MISSING_REFERENCE)


async def _on_integrity(request: Request, error: Exception) -> Response:
    if isinstance(error, IntegrityError) and is_reference_error(error):
        return problem_response(
            request, HTTPStatus.UNPROCESSABLE_CONTENT, "The request refers to something that does not exist."
        )
    return problem_response(request, HTTPStatus.CONFLICT, "Something with these unique values exists already.")


async def _on_missing(request: Request, _error: Exception) -> Response:
    return problem_response(request, HTTPStatus.NOT_FOUND, "There is no such thing.")


async def _on_away(request: Request, _error: Exception) -> Response:
    return problem_response(
        request,
        HTTPStatus.SERVICE_UNAVAILABLE,
        "The database does not answer; try again.",
        headers={"Retry-After": str(RETRY_AFTER_SECONDS)},
    )


def install_errors(app: FastAPI) -> None:
    """Answer every error of `app`, those of the database too, as problem+json."""
    install_problems(app)
    app.add_exception_handler(IntegrityError, _on_integrity)
    app.add_exception_handler(DoesNotExist, _on_missing)
    for kind in _AWAY:
        app.add_exception_handler(kind, _on_away)
