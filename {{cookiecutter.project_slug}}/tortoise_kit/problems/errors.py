"""Errors as clients see them: problem details, RFC 9457.

    Problem             any of them: status, title, detail
    ├── BadRequest      400  the request cannot be understood
    ├── Unauthorized    401  the caller is unknown
    ├── Forbidden       403  the caller is known, but not allowed
    ├── NotFound        404  it does not exist, or not for this caller
    ├── Conflict        409  the request is valid, but the current state forbids it
    ├── Unprocessable   422  the request is understood, but its values are wrong
    ├── TooManyRequests 429  try again later, and less often
    └── Unavailable     503  try again later

Raise one anywhere below a route. Texts are for clients: name the thing and the remedy, never a table, a constraint or
what was sent. `install_problems` of `tortoise_kit.http` turns them into responses; this room needs no web framework.
"""

from collections.abc import Mapping
from http import HTTPStatus
from typing import ClassVar

MEDIA_TYPE = "application/problem+json"


class Problem(Exception):
    """An error response. Raise a subclass, or derive one with another `status`.

    Args:
        detail: What went wrong this time, for the client's developer.
        kind: A slug that distinguishes problems of one status; becomes the `type`, `urn:problem:KIND`.
        headers: Headers of the response, for example `Retry-After`.
    """

    status: ClassVar[int] = HTTPStatus.INTERNAL_SERVER_ERROR

    def __init__(self, detail: str, *, kind: str | None = None, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(detail)
        self.detail = detail
        self.kind = kind
        self.headers = headers


class BadRequest(Problem):
    """400: the request cannot be understood."""

    status = HTTPStatus.BAD_REQUEST


class Unauthorized(Problem):
    """401: the caller is unknown; the response asks for a bearer token."""

    status = HTTPStatus.UNAUTHORIZED

    def __init__(self, detail: str, *, kind: str | None = None) -> None:
        super().__init__(detail, kind=kind, headers={"WWW-Authenticate": "Bearer"})


class Forbidden(Problem):
    """403: the caller is known, but not allowed."""

    status = HTTPStatus.FORBIDDEN


class NotFound(Problem):
    """404: it does not exist, or not for this caller."""

    status = HTTPStatus.NOT_FOUND


class Conflict(Problem):
    """409: the request is valid, but the current state forbids it."""

    status = HTTPStatus.CONFLICT


class Unprocessable(Problem):
    """422: the request is understood, but its values are wrong."""

    status = HTTPStatus.UNPROCESSABLE_ENTITY


class TooManyRequests(Problem):
    """429: try again after `retry_after` seconds, 1 or more, and less often."""

    status = HTTPStatus.TOO_MANY_REQUESTS

    def __init__(self, detail: str, *, kind: str | None = None, retry_after: int = 1) -> None:
        super().__init__(detail, kind=kind, headers={"Retry-After": str(retry_after)})


class Unavailable(Problem):
    """503: try again after `retry_after` seconds, 1 or more."""

    status = HTTPStatus.SERVICE_UNAVAILABLE

    def __init__(self, detail: str, *, kind: str | None = None, retry_after: int = 1) -> None:
        super().__init__(detail, kind=kind, headers={"Retry-After": str(retry_after)})
