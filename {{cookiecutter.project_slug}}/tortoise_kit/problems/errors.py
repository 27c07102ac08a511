"""Errors as clients see them: problem details, RFC 9457.

    Problem             any of them: status, title, detail
    ├── BadRequest      400  the request cannot be understood
    ├── Unauthorized    401  who asks is not known
    ├── Forbidden       403  who asks is known, and may not
    ├── NotFound        404  there is no such thing, or not for you
    ├── Conflict        409  the request is well formed, but the state of things forbids it
    ├── Unprocessable   422  the request is understood and makes no sense
    ├── TooManyRequests 429  try again later, and less often
    └── Unavailable     503  try again later

Raise one anywhere below a route. Texts are for clients: name the thing and the remedy, never a table, a constraint or
what was sent. `tortoise_kit.http.problem_responses` makes answers of them; here nothing needs a web framework.
"""

from collections.abc import Mapping
from http import HTTPStatus
from typing import ClassVar

MEDIA_TYPE = "application/problem+json"


class Problem(Exception):
    """An answer that is an error.

    Args:
        detail: What went wrong this time, for the client's developer.
        kind: A slug that tells apart problems of one status; becomes the `type`, `urn:problem:KIND`.
        headers: To send along, for example `Retry-After`.
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
    """401: who asks is not known; a bearer token would tell."""

    status = HTTPStatus.UNAUTHORIZED

    def __init__(self, detail: str, *, kind: str | None = None) -> None:
        super().__init__(detail, kind=kind, headers={"WWW-Authenticate": "Bearer"})


class Forbidden(Problem):
    """403: who asks is known, and may not."""

    status = HTTPStatus.FORBIDDEN


class NotFound(Problem):
    """404: there is no such thing, or not for you."""

    status = HTTPStatus.NOT_FOUND


class Conflict(Problem):
    """409: the request is well formed, but the state of things forbids it."""

    status = HTTPStatus.CONFLICT


class Unprocessable(Problem):
    """422: the request is understood and makes no sense."""

    status = HTTPStatus.UNPROCESSABLE_ENTITY


class TooManyRequests(Problem):
    """429: try again after `retry_after` seconds, and less often."""

    status = HTTPStatus.TOO_MANY_REQUESTS

    def __init__(self, detail: str, *, kind: str | None = None, retry_after: int = 1) -> None:
        super().__init__(detail, kind=kind, headers={"Retry-After": str(retry_after)})


class Unavailable(Problem):
    """503: try again after `retry_after` seconds."""

    status = HTTPStatus.SERVICE_UNAVAILABLE

    def __init__(self, detail: str, *, kind: str | None = None, retry_after: int = 1) -> None:
        super().__init__(detail, kind=kind, headers={"Retry-After": str(retry_after)})
