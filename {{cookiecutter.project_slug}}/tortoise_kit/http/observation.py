"""What each request was: measured once, then passed to the log and to the metrics.

Middleware(RequestObserverMiddleware, observers=(log_request, metrics.observe))
identify_caller(user.id)            the lines of a request name its user from here on
"""

import logging
from collections.abc import Callable, Collection
from time import perf_counter
from typing import NamedTuple

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from tortoise_kit.http.asgi import CLIENT_DISCONNECTED, WAITED, HTTPMiddleware, route_template
from tortoise_kit.http.networks import client_network
from tortoise_kit.http.problems import problem_of
from tortoise_kit.logs.configuration import log_line, logs_lines
from tortoise_kit.sql.fingerprints import Kind, call_site, fingerprint
from tortoise_kit.sql.recording import Statement, Watcher, watched_by
from tortoise_kit.upstream.structlog import bind_contextvars

WEBSOCKET = "WEBSOCKET"
METHODS = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", WEBSOCKET}
OTHER_METHOD = "other"  # a client may send any word as a method, and each would be a series
STATUS_ERROR = 500
STATUS_CLIENT_DISCONNECTED = 499  # nginx's number for a client that did not wait
STATUS_OK_MAX = 299
STATUS_SWITCHING = 101
_HANDSHAKES = {"websocket.accept": STATUS_SWITCHING, "websocket.close": 403, "websocket.http.response.start": 403}
log = logging.getLogger(__name__)


class ServedRequest(NamedTuple):
    """One request after its end.

    Attributes:
        method: In capitals; `other` for a word that no standard has, `WEBSOCKET` for a WebSocket.
        route: The template of its route, such as `/products/{product_id}`; `none` if none fits.
        status: Of its response; 101 for an accepted WebSocket; 499 if the client left before it began.
        seconds: From the whole request to the end of its work, with its wait for a place and with background tasks.
        waited: The seconds of that for a place.
        queries: Statements sent, without BEGIN, COMMIT and settings of the session.
        database_seconds: The time of all statements; those that ran concurrently are added up.
        retries: Of transactions.
        problem: The kind of its problem, such as `overloaded`; `about:blank` for one without a kind, None without one.
        network: Where it came from: an IPv4 address, or the /64 network of an IPv6 address.
    """

    method: str
    route: str
    status: int
    seconds: float
    waited: float
    queries: int
    database_seconds: float
    retries: int
    problem: str | None
    network: str


type Observer = Callable[[ServedRequest], None]


class RequestObserverMiddleware(HTTPMiddleware):
    """Measure each request and each WebSocket, and pass it to observers at its end.

    Args:
        app: The application inside.
        observers: Called in turn; they must not raise.
        slow_seconds: A statement that takes longer is logged by its fingerprint, without values.
    """

    scopes = ("http", "websocket")

    def __init__(self, app: ASGIApp, *, observers: Collection[Observer], slow_seconds: float) -> None:
        super().__init__(app)
        self.observers = tuple(observers)
        self.slow_seconds = slow_seconds

    async def serve(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        status = STATUS_CLIENT_DISCONNECTED if scope["type"] == "http" else STATUS_ERROR
        begun = perf_counter() - scope.get(WAITED, 0)

        async def send_and_note(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            elif message["type"] in _HANDSHAKES and status == STATUS_ERROR:
                status = message.get("status") or _HANDSHAKES[message["type"]]
            await send(message)

        queries = _Queries(self.slow_seconds)
        try:
            with watched_by(queries):
                await self.app(scope, receive, send_and_note)
        except BaseException:
            status = STATUS_ERROR if status == STATUS_CLIENT_DISCONNECTED else status
            raise
        finally:
            served = _served(scope, status, perf_counter() - begun, queries)
            for observe in self.observers:
                observe(served)


class _Queries(Watcher):
    """Counts the statements of a request, and logs slow ones."""

    needs_site = False

    def __init__(self, slow_seconds: float) -> None:
        self._slow_seconds = slow_seconds
        self.count = self.retries = 0
        self.seconds = 0.0

    def end(self, statement: Statement, error: BaseException | None) -> None:  # noqa: ARG002 -- as the base
        """Add it."""
        self.seconds += statement.seconds
        if statement.kind is Kind.QUERY:
            self.count += 1
        if statement.seconds > self._slow_seconds:
            fields = {"statement": fingerprint(statement.text), "ms": _ms(statement.seconds), "place": call_site()}
            log.warning("statement.slow", extra=fields)

    def start_again(self) -> None:
        """Count it."""
        self.retries += 1


def _served(scope: Scope, status: int, seconds: float, queries: _Queries) -> ServedRequest:
    method, problem = scope.get("method", WEBSOCKET), problem_of(scope)
    return ServedRequest(
        method=method if method in METHODS else OTHER_METHOD,
        route=route_template(scope),
        status=STATUS_CLIENT_DISCONNECTED if problem == CLIENT_DISCONNECTED else int(status),
        seconds=seconds,
        waited=scope.get(WAITED, 0),
        queries=queries.count,
        database_seconds=queries.seconds,
        retries=queries.retries,
        problem=problem,
        network=client_network(scope),
    )


def log_request(served: ServedRequest) -> None:
    """The access log: one line, `request`, with what is measured, and the ids of request and user."""
    if not logs_lines():
        return
    log_line(
        "request",
        method=served.method,
        route=served.route,
        status=served.status,
        ms=_ms(served.seconds),
        queries=served.queries,
        database_ms=_ms(served.database_seconds),
        network=served.network,
        **({"problem": served.problem} if served.problem else {}),
        **({"retries": served.retries} if served.retries else {}),
    )


def log_requests_except(routes: Collection[str]) -> Observer:
    """The same without successful requests for these routes, such as health checks, which come every few seconds."""

    def observe(served: ServedRequest) -> None:
        if served.route not in routes or served.status > STATUS_OK_MAX:
            log_request(served)

    return observe


def identify_caller(user_id: int | str) -> None:
    """Let all further lines of this request name its user."""
    bind_contextvars(user_id=user_id)


def _ms(seconds: float) -> float:
    return round(seconds * 1e3, 1)
