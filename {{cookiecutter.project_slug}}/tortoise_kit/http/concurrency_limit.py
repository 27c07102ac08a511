"""A limit on how many requests one worker serves at once, and the counts that show how it fares."""

from collections.abc import Collection
from dataclasses import dataclass
from http import HTTPStatus

from fastapi import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from tortoise_kit.http.problem_responses import problem_response

RETRY_AFTER_SECONDS = 1  # what is too much now may be done in a second; a client should add some chance of its own


@dataclass(slots=True)
class RequestCounts:
    """What became of the requests of one app in one process; the middlewares count, the metrics read.

    Attributes:
        in_flight: Being served now.
        shed: Refused at once, since too many were in flight.
        overdue: Stopped at the deadline.
        abandoned: Stopped since the client had gone.
    """

    in_flight: int = 0
    shed: int = 0
    overdue: int = 0
    abandoned: int = 0


class ConcurrencyLimitMiddleware:
    """Serve at most `limit` requests at once; the next one gets a 503 with `Retry-After`, at once.

    A queue in front of a busy database only grows: past a point every answer comes after its client has left. A
    refusal costs some 30 µs and tells a balancer to try another worker. A request holds its place until its
    background tasks are done, since they use what it used.

    Args:
        app: The application inside.
        limit: Requests of one worker, 1 or more; 10 to 20 times its connections keeps these busy and the wait short.
        exempt: Paths that are always served and not counted, such as those of health.
        counts: Where to count.
    """

    def __init__(self, app: ASGIApp, *, limit: int, exempt: Collection[str], counts: RequestCounts) -> None:
        self.app = app
        self.limit = limit
        self.exempt = frozenset(exempt)
        self.counts = counts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection."""
        if scope["type"] != "http" or scope["path"] in self.exempt:
            await self.app(scope, receive, send)
            return
        if self.counts.in_flight >= self.limit:
            self.counts.shed += 1
            refusal = try_later(scope, "The service has too much to do; try again.", kind="overloaded")
            await refusal(scope, receive, send)
            return
        self.counts.in_flight += 1
        try:
            await self.app(scope, receive, send)
        finally:
            self.counts.in_flight -= 1


def try_later(scope: Scope, detail: str, *, kind: str) -> Response:
    """A 503 with `Retry-After`, from a middleware; below a route raise `tortoise_kit.problems.errors.Unavailable`."""
    headers = {"Retry-After": str(RETRY_AFTER_SECONDS)}
    return problem_response(Request(scope), HTTPStatus.SERVICE_UNAVAILABLE, detail, kind=kind, headers=headers)
