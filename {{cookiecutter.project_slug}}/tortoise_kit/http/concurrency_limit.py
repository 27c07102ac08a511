"""A limit on how many requests one worker serves at once."""

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
class RequestsInFlight:
    """How many requests one app serves now in one process: the middleware counts, the metrics read."""

    count: int = 0


class ConcurrencyLimitMiddleware(HTTPMiddleware):
    """Serve at most `limit` requests at once; further ones get a 503 with `Retry-After` immediately.

    A queue in front of a busy database only grows: from some point on, every response comes after its client has left.
    A rejection costs some 30 µs and makes a balancer try another worker. A request holds its place until its background
    tasks are done, since they use the same resources.

    Args:
        app: The application inside.
        limit: Requests per worker, 1 or more; 10 to 20 per database connection keep these busy and the wait short.
        exempt: Paths that are always served and not counted, such as health checks.
        in_flight: Where to count.
    """

    def __init__(self, app: ASGIApp, *, limit: int, exempt: Collection[str], in_flight: RequestsInFlight) -> None:
        super().__init__(app)
        self.limit = limit
        self.exempt = frozenset(exempt)
        self.in_flight = in_flight

    async def serve(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["path"] in self.exempt:
            await self.app(scope, receive, send)
            return
        if self.in_flight.count >= self.limit:
            rejection = unavailable_response(scope, "The service is overloaded; try again.", kind="overloaded")
            await rejection(scope, receive, send)
            return
        self.in_flight.count += 1
        try:
            await self.app(scope, receive, send)
        finally:
            self.in_flight.count -= 1


def unavailable_response(scope: Scope, detail: str, *, kind: str) -> Response:
    """A 503 with `Retry-After`, from a middleware; below a route raise `Unavailable` of `tortoise_kit.problems`."""
    headers = {"Retry-After": str(RETRY_AFTER_SECONDS)}
    return problem_response(Request(scope), HTTPStatus.SERVICE_UNAVAILABLE, detail, kind=kind, headers=headers)
