"""Middlewares that watch a request's queries: repeated ones, the time they take, their text, their spans."""

import logging
from collections import Counter
from time import perf_counter

from opentelemetry.trace import Tracer, format_trace_id, get_current_span
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from tortoise.connection import get_connection

from tortoise_kit.http.asgi import HTTPMiddleware, route_template
from tortoise_kit.sql.fingerprints import Kind, fingerprint
from tortoise_kit.sql.recording import QueryLog, Statement, Watcher, watched_by
from tortoise_kit.traces.statements import StatementSpans
from tortoise_kit.upstream.structlog import bind_contextvars

REMEDY = "read all rows at once by `prefetch_related`, `select_related` or `id__in`; write them by `tortoise_kit.bulk`"

log = logging.getLogger(__name__)


class RepeatedQueryError(Exception):
    """A request sent the same statement too often, usually one for each row of a list."""


class Repeats(Watcher):
    """Counts queries by shape. Bulk calls of the driver do not count: they are what repeated queries should become.

    Args:
        most: Times that each shape may be sent, 1 or more.
        raises: Raise RepeatedQueryError before it is sent once more, so that the traceback leads to the loop.
    """

    def __init__(self, *, most: int, raises: bool) -> None:
        self.most = most
        self.raises = raises
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
            if self.raises:
                message = f"{self._describe(shape)}; at most {self.most} are allowed: {REMEDY}."
                raise RepeatedQueryError(message)

    def start_again(self) -> None:
        """Start counting from 0: a retry is not a loop over rows."""
        self._counts.clear()

    def found(self) -> list[str]:
        """What was sent too often, how often and from which line; for a log."""
        return [self._describe(shape) for shape in self._sites if self._counts[shape] > self.most]

    def _describe(self, shape: str) -> str:
        return f"{self._counts[shape]} x at {self._sites[shape] or 'an unknown line'}: {shape}"


class RepeatedQueriesMiddleware(HTTPMiddleware):
    """Find requests that send the same statement repeatedly, such as one for each row of a list (N+1).

    Each attempt of a retried transaction is counted separately.

    Args:
        app: The application inside.
        most: Times that a request may send one statement, 1 or more; statements that differ only in values, or in the
            length of a list of values, are the same.
        raises: Raise RepeatedQueryError at the first repetition too many, for tests; otherwise log one warning for the
            request.
    """

    def __init__(self, app: ASGIApp, *, most: int, raises: bool) -> None:
        super().__init__(app)
        self.most = most
        self.raises = raises

    async def serve(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        with watched_by(Repeats(most=self.most, raises=self.raises)) as repeats:
            await self.app(scope, receive, send)
        if found := repeats.found():
            where = {"method": scope["method"], "route": route_template(scope)}
            log.warning("statement.repeated", extra={**where, "statements": found, "remedy": REMEDY})


class StatementLogMiddleware(HTTPMiddleware):
    """Log each request's statements at INFO, with their milliseconds and the lines of code that sent them.

    A value is never logged: parameters are not recorded, and a literal in the text becomes `?`.

    """

    async def serve(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        with watched_by(QueryLog()) as queries:
            try:
                await self.app(scope, receive, send)
            finally:
                if queries.statements:
                    title = f"{scope['method']} {route_template(scope)}: {len(queries.queries)} queries"
                    log.info("%s\n%s", title, "\n".join(map(_line, queries.statements)))


def _line(statement: Statement) -> str:
    site = f"  -- {statement.site}" if statement.site else ""
    return f"  {statement.seconds * 1e3:6.1f} ms  {fingerprint(statement.text)}{site}"


class StatementSpansMiddleware(HTTPMiddleware):
    """Trace each request's statements, below the request's span, if that is sampled.

    Traces and logs lead to each other: the span has the request's id as `request.id`, and the lines of the request have
    the trace's id as `trace_id`.

    Args:
        app: The application inside.
        tracer: Starts the spans.
    """

    def __init__(self, app: ASGIApp, *, tracer: Tracer) -> None:
        super().__init__(app)
        self.tracer = tracer

    async def serve(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        span = get_current_span()
        if not span.is_recording():
            await self.app(scope, receive, send)
            return
        if request_id := scope.get("state", {}).get("request_id"):
            span.set_attribute("request.id", request_id)
        bind_contextvars(trace_id=format_trace_id(span.get_span_context().trace_id))
        with watched_by(StatementSpans(self.tracer, get_connection("default").capabilities.dialect)):
            await self.app(scope, receive, send)


class ServerTimingMiddleware(HTTPMiddleware):
    """Show a browser's developer tools, in the header `Server-Timing`, how long a request and its queries took.

    `app` is the time from the request's head to the response's, after COMMIT, in milliseconds. `db` is the sum of all
    statements until then, also of those that ran in parallel, with the number of queries. What a streamed response
    queries later is in neither. It shows strangers which requests are expensive: switch it off in production.
    """

    async def serve(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
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
