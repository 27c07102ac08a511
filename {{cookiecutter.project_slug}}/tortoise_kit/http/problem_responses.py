"""Answers that are problems: of a `Problem` that somebody raised, of the framework's own errors, and of bugs.

install_problems(app)                         an application that answers every error as problem+json
problem_response(request, 503, "Overloaded")  where nothing can be raised, as in a middleware
"""

import json
import re
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import HTTPConnection
from starlette.responses import Response

from tortoise_kit.problems.errors import MEDIA_TYPE, Problem

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,63}")
ERRORS_SHOWN = 20  # a body may be wrong in a thousand places; the first ones are enough to find out


def problem_response(  # noqa: PLR0913 -- the members of RFC 9457
    request: HTTPConnection,
    status: int,
    detail: str,
    *,
    kind: str | None = None,
    headers: Mapping[str, str] | None = None,
    errors: Sequence[Mapping[str, Any]] | None = None,
) -> Response:
    """One problem as a response. Escaped to ASCII, so that any text can be encoded."""
    content: dict[str, Any] = {
        "type": f"urn:problem:{kind}" if kind else "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
        "request_id": getattr(request.state, "request_id", None),
    }
    if errors is not None:
        content["errors"] = errors
    return Response(json.dumps(content), status, headers, MEDIA_TYPE)


async def _on_problem(request: Request, error: Exception) -> Response:
    assert isinstance(error, Problem)  # noqa: S101 -- registered for this type
    return problem_response(request, error.status, error.detail, kind=error.kind, headers=error.headers)


async def _on_http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # noqa: S101 -- registered for this type
    return problem_response(request, error.status_code, str(error.detail), headers=error.headers)


async def _on_invalid(request: Request, error: Exception) -> Response:
    """Where and why, but not what: the framework's own answer repeats the input, passwords too."""
    assert isinstance(error, RequestValidationError)  # noqa: S101 -- registered for this type
    found = error.errors()[:ERRORS_SHOWN]
    errors = [{"loc": _place(each["loc"]), "msg": each["msg"], "type": each["type"]} for each in found]
    return problem_response(
        request, HTTPStatus.UNPROCESSABLE_ENTITY, "The request does not fit its schema; see errors.", errors=errors
    )


def _place(loc: Sequence[str | int]) -> list[str | int]:
    """Where it is wrong. An unknown member is named by the client, at any length: what is no name is left out."""
    if loc[0] == "header":  # the routes name those, and no other is wrong
        return list(loc)
    return [part for part in loc if isinstance(part, int) or _NAME.fullmatch(part)]


def bug_response(request: Request) -> Response:
    """The answer to an error that nobody expected."""
    detail = "The service failed; this is a bug, not your request."
    return problem_response(request, HTTPStatus.INTERNAL_SERVER_ERROR, detail)


async def _on_bug(request: Request, _error: Exception) -> Response:
    return bug_response(request)


def install_problems(app: FastAPI) -> None:
    """Answer every error of `app` as problem+json, the framework's own errors too."""
    app.add_exception_handler(Problem, _on_problem)
    app.add_exception_handler(HTTPException, _on_http)
    app.add_exception_handler(RequestValidationError, _on_invalid)
    app.add_exception_handler(Exception, _on_bug)
