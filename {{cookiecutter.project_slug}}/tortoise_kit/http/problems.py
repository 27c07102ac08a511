"""Errors as problem details (RFC 9457): the responses, and the OpenAPI document that describes them.

install_problems(app)                         an application that responds to every error with problem+json
problem_response(request, 503, "Overloaded")  where nothing can be raised, as in a middleware
"""

import json
import logging
import re
from collections.abc import Callable, Mapping, Sequence
from http import HTTPStatus
from inspect import iscoroutinefunction
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException
from starlette.requests import HTTPConnection
from starlette.responses import Response
from starlette.types import Scope
from tortoise.exceptions import ValidationError

from tortoise_kit.db.errors import DatabaseError, LockNotAvailable, PoolTimeout, RetryableTransactionError
from tortoise_kit.http.asgi import allowed_methods, kind_of, route_template
from tortoise_kit.http.database_problems import DATABASE_PROBLEMS
from tortoise_kit.http.docs import document_problems
from tortoise_kit.problems.errors import MEDIA_TYPE, Problem
from tortoise_kit.schemas.conversion import OutOfRange

log = logging.getLogger(__name__)

ERRORS_SHOWN = 20  # a body may be wrong in a thousand places; the first ones are enough to correct it
_UNDER_LOAD = (LockNotAvailable, PoolTimeout, RetryableTransactionError)  # a line for each would add to the load
WITH_BODY = {"PATCH", "POST", "PUT"}
NO_KIND = "about:blank"  # the status says all (RFC 9457, section 4.2.1)
_SCOPE_KEY = "app.problem"
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,63}")


class InvalidField(BaseModel):
    """One part of a request that does not fit its schema."""

    loc: list[str | int] = Field(
        description="Where it is: `body`, `query`, `path` or `header`, then the names that lead there."
    )
    msg: str
    type: str = Field(description="The kind of error, for programs.")


class ProblemDetails(BaseModel):
    """The body of every 4xx and 5xx response."""

    type: str = Field(description="`urn:problem:KIND` if the status has several kinds of problems, else `about:blank`.")
    title: str = Field(description="The name of the HTTP status.")
    status: int
    detail: str = Field(description="What went wrong this time, for developers.")
    request_id: str | None = Field(description="The request's id, as in the service's log and `X-Request-ID`.")
    errors: list[InvalidField] | None = Field(default=None, description="With status 422: the first invalid fields.")


def install_problems(app: FastAPI, translate: Mapping[type[Exception], Callable[[Any], Problem]] | None = None) -> None:
    """Respond to every error of `app` with problem+json, the framework's own errors too, and document it in OpenAPI.

    Call it before routes are added: one `default` response documents all errors of an operation, in place of the
    framework's own 422, which is never sent.

    Args:
        app: The application.
        translate: For other exceptions, or in place of the kit's own text for an error of the database: a function from
            the exception to the problem that is sent. An error of the database is logged with its code, since the
            response does not contain it.

    Raises:
        TypeError: A function of `translate` is a coroutine function.
    """
    app.add_exception_handler(Problem, _on_problem)
    app.add_exception_handler(HTTPException, _on_http)
    app.add_exception_handler(RequestValidationError, _on_invalid)
    app.add_exception_handler(ValidationError, _on_invalid_value)
    app.add_exception_handler(Exception, _on_bug)
    for kind, problem_of in {**DATABASE_PROBLEMS, **(translate or {})}.items():
        if iscoroutinefunction(problem_of):
            message = f"install_problems translates {kind.__name__} by a plain function, not by a coroutine function."
            raise TypeError(message)
        app.add_exception_handler(kind, _translated(problem_of))
    app.router.responses["default"] = {
        "model": ProblemDetails,
        "description": "The request failed; problem details (RFC 9457).",
    }
    document_problems(app)


def problem_response(  # noqa: PLR0913 -- the members of RFC 9457
    request: HTTPConnection,
    status: int,
    detail: str,
    *,
    kind: str | None = None,
    headers: Mapping[str, str] | None = None,
    errors: Sequence[Mapping[str, Any]] | None = None,
) -> Response:
    """One problem as a response, escaped to ASCII, so that any text can be encoded."""
    note_problem(request.scope, kind)
    content: dict[str, Any] = {
        "type": f"urn:problem:{kind}" if kind else NO_KIND,
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
        "request_id": getattr(request.state, "request_id", None),
    }
    if errors is not None:
        content["errors"] = errors
    return Response(json.dumps(content), status, headers, MEDIA_TYPE)


def note_problem(scope: Scope, kind: str | None) -> None:
    """Let log and metrics know what became of a request."""
    scope[_SCOPE_KEY] = kind or NO_KIND


def problem_of(scope: Scope) -> str | None:
    """The kind of the problem that a request got; `about:blank` for one without a kind, None for no problem."""
    kind: str | None = scope.get(_SCOPE_KEY)
    return kind


def server_error_response(request: HTTPConnection) -> Response:
    """The response to an unhandled error."""
    detail = "The service failed. This is a bug in the service, not in your request."
    return problem_response(request, HTTPStatus.INTERNAL_SERVER_ERROR, detail)


async def _on_problem(request: Request, error: Exception) -> Response:
    assert isinstance(error, Problem)  # noqa: S101 -- registered for this type
    return problem_response(request, error.status, error.detail, kind=error.kind, headers=error.headers)


def _translated(problem_of: Callable[[Any], Problem]) -> Any:
    async def handle(request: Request, error: Exception) -> Response:
        if isinstance(error, DatabaseError) and not isinstance(error, _UNDER_LOAD):
            where = {"method": request.method, "route": route_template(request.scope)}
            log.warning("database.error", extra={**where, "reason": str(error)})  # it has no values
        return await _on_problem(request, problem_of(error))

    return handle


async def _on_http(request: Request, error: Exception) -> Response:
    """The framework's own errors; its 405 names the methods of one route of several."""
    assert isinstance(error, HTTPException)  # noqa: S101 -- registered for this type
    status, headers = error.status_code, dict(error.headers or {})
    if status == HTTPStatus.METHOD_NOT_ALLOWED and (methods := allowed_methods(request.scope)):
        headers["Allow"] = ", ".join(methods)
    kind = kind_of(error) or getattr(error, "kind", None)
    return problem_response(request, status, str(error.detail), kind=kind, headers=headers)


async def _on_invalid(request: Request, error: Exception) -> Response:
    """Where and why, but not what: the framework's own response repeats the input, passwords too."""
    assert isinstance(error, RequestValidationError)  # noqa: S101 -- registered for this type
    found = error.errors()[:ERRORS_SHOWN]
    errors = [{"loc": _path(each["loc"]), "msg": each["msg"], "type": each["type"]} for each in found]
    return problem_response(
        request, HTTPStatus.UNPROCESSABLE_ENTITY, "The request does not fit its schema; see errors.", errors=errors
    )


async def _on_invalid_value(request: Request, error: Exception) -> Response:
    """A model's validator, or the type of a column, rejects a value; Tortoise's text begins with the field's name."""
    name, _, _ = str(error).partition(": ") if isinstance(error.__cause__, ValidationError) else ("", "", "")
    field = name if _NAME.fullmatch(name) else "a field"
    if isinstance(error.__cause__, OutOfRange):  # the schemas would have rejected it, so the service computed it
        detail = f"The request leads to a value of {field} that is out of range."
        return problem_response(request, HTTPStatus.UNPROCESSABLE_ENTITY, detail, kind="out-of-range")
    errors = [{"loc": ["body", field], "msg": "The value breaks a rule of this field", "type": "column_validator"}]
    detail = f"The value of {field} is not allowed."
    return problem_response(
        request, HTTPStatus.UNPROCESSABLE_ENTITY, detail, errors=errors if request.method in WITH_BODY else None
    )


def _path(loc: Sequence[str | int]) -> list[str | int]:
    """The path to an error. The client names unknown members, at any length: what is not a name is left out."""
    if loc[0] == "header":  # the routes name those, and no other is wrong
        return list(loc)
    return [part for part in loc if isinstance(part, int) or _NAME.fullmatch(part)]


async def _on_bug(request: Request, _error: Exception) -> Response:
    return server_error_response(request)
