"""Middlewares that watch a request's queries: those it repeats, and the time they take."""

import logging
from collections import Counter
from time import perf_counter

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from tortoise_kit.http.metrics import route_template
from tortoise_kit.sql.fingerprints import Kind, fingerprint
from tortoise_kit.sql.recording import QueryLog, Statement, Watcher, watched_by

REMEDY = (
    "read the rows of all at once: `prefetch_related`, `select_related` or `id__in`; write them by `tortoise_kit.bulk`"
)

log = logging.getLogger(__name__)


class RepeatedQueryError(Exception):
    """A request sent the same statement too often: one for each row of something, usually."""


class Repeats(Watcher):
    """Counts queries by shape. Bulk calls of the driver are left out: they are what repeated queries should become.

    Args:
        most: How often each shape may be sent, 1 or more.
        refuse: Raise at the one that is too many, before it is sent, so that the traceback leads to the loop.

    Raises:
        RepeatedQueryError: From `begin`, if `refuse`.
    """

    def __init__(self, *, most: int, refuse: bool) -> None:
        self.most = most
        self.refuse = refuse
        self._counts: Counter[str] = Counter()
        self._sites: dict[str, str | None] = {}

    def begin(self, statement: Statement) -> None:
        """Count it."""
        if statement.kind is not Kind.QUERY or statement.many:
            return
        shape = fingerprint(statement.text)
        self._counts[shape] += 1
        if self._counts[shape] > self.most:
            self._sites[shape] = statement.site
            if self.refuse:
                message = f"{self._told(shape)}; at most {self.most} are allowed: {REMEDY}."
                raise RepeatedQueryError(message)

    def start_again(self) -> None:
        """Count from nothing: a retry is no loop over rows."""
        self._counts.clear()

    def found(self) -> list[str]:
        """What was sent too often, how often and from where; in words, for a log."""
        return [self._told(shape) for shape in self._sites if self._counts[shape] > self.most]

    def _told(self, shape: str) -> str:
        return f"{self._counts[shape]} x at {self._sites[shape] or 'an unknown line'}: {shape}"


class RepeatedQueriesMiddleware:
    """Find requests that send the same statement again and again, such as one for each row of a list (N+1).

    Each try of a transaction that lost a race counts for itself.

    Args:
        app: The application inside.
        most: How often a request may send one statement, 1 or more; lists of values of any length are the same.
        refuse: Raise `RepeatedQueryError` at the one too many, for tests; otherwise log one warning for the request.
    """

    def __init__(self, app: ASGIApp, *, most: int, refuse: bool) -> None:
        self.app = app
        self.most = most
        self.refuse = refuse

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        with watched_by(Repeats(most=self.most, refuse=self.refuse)) as repeats:
            await self.app(scope, receive, send)
        if found := repeats.found():
            told = "; ".join(found)
            route = route_template(scope)
            log.warning("%s %s repeats a statement, %s. To cure it, %s.", scope["method"], route, told, REMEDY)


class ServerTimingMiddleware:
    """Tell a browser's developer tools, in the header `Server-Timing`, how long a request and its queries took.

    `app` is from the request's head to that of the answer, in milliseconds, and so after COMMIT; `db` is the part of
    all statements until then, added up where they ran side by side, with the number of queries. What a streamed answer
    asks for later is in neither. It tells strangers which requests are expensive: switch it off in production.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        begun = perf_counter()
        with watched_by(QueryLog()) as queries:

            async def send_with_times(message: Message) -> None:
                if message["type"] == "http.response.start":
                    times = _times(perf_counter() - begun, queries)
                    MutableHeaders(scope=message).append("Server-Timing", times)
                await send(message)

            await self.app(scope, receive, send_with_times)


def _times(seconds: float, queries: QueryLog) -> str:
    count = f"{len(queries.queries)} queries"
    return f'app;dur={seconds * 1e3:.1f}, db;dur={queries.seconds * 1e3:.1f};desc="{count}"'
