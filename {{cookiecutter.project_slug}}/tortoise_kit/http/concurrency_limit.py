"""A limit on how many requests one worker serves at once, and counts of what became of requests."""

from collections.abc import Collection
from dataclasses import dataclass
from http import HTTPStatus

from fastapi import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from tortoise_kit.http.asgi import HTTPMiddleware
from tortoise_kit.http.problems import problem_response

RETRY_AFTER_SECONDS = 1  # the overload may be over in a second; clients should add some jitter


@dataclass(slots=True)
class RequestCounts:
    """What became of the requests of one app in one process; the middlewares count, the metrics read.

    Attributes:
        in_flight: Being served now.
        rejected: Rejected at once, since too many were in flight.
        timed_out: Stopped at the deadline.
        client_disconnected: Stopped since the client had disconnected.
    """

    in_flight: int = 0
    rejected: int = 0
    timed_out: int = 0
    client_disconnected: int = 0


class ConcurrencyLimitMiddleware(HTTPMiddleware):
    """Serve at most `limit` requests at once; further ones get a 503 with `Retry-After` immediately.

    A queue in front of a busy database only grows: from some point on, every response comes after its client has left.
    A rejection costs some 30 µs and makes a balancer try another worker. A request holds its place until its background
    tasks are done, since they use the same resources.

    Args:
        app: The application inside.
        limit: Requests per worker, 1 or more; 10 to 20 per database connection keep these busy and the wait short.
        exempt: Paths that are always served and not counted, such as health checks.
        counts: Where to count.
    """

    def __init__(self, app: ASGIApp, *, limit: int, exempt: Collection[str], counts: RequestCounts) -> None:
        super().__init__(app)
        self.limit = limit
        self.exempt = frozenset(exempt)
        self.counts = counts

    async def serve(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["path"] in self.exempt:
            await self.app(scope, receive, send)
            return
        if self.counts.in_flight >= self.limit:
            self.counts.rejected += 1
            rejection = unavailable_response(scope, "The service is overloaded; try again.", kind="overloaded")
            await rejection(scope, receive, send)
            return
        self.counts.in_flight += 1
        try:
            await self.app(scope, receive, send)
        finally:
            self.counts.in_flight -= 1


def unavailable_response(scope: Scope, detail: str, *, kind: str) -> Response:
    """A 503 with `Retry-After`, from a middleware; below a route raise `Unavailable` of `tortoise_kit.problems`."""
    headers = {"Retry-After": str(RETRY_AFTER_SECONDS)}
    return problem_response(Request(scope), HTTPStatus.SERVICE_UNAVAILABLE, detail, kind=kind, headers=headers)
