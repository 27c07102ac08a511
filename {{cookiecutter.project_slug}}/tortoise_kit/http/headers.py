"""Middlewares about headers: request ids, security headers, trusted hosts, CORS."""

import re
from collections.abc import Collection, Sequence
from http import HTTPStatus
from secrets import token_hex
from typing import Any

from fastapi import Request
from fastapi.routing import iter_route_contexts
from starlette.datastructures import Headers
from starlette.middleware import cors
from starlette.responses import Response
from starlette.routing import BaseRoute
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from tortoise_kit.http.asgi import STARTS, HTTPMiddleware, with_head
from tortoise_kit.http.problems import problem_response
from tortoise_kit.upstream.fastapi import dependants, header_parameters
from tortoise_kit.upstream.structlog import bind_contextvars, clear_contextvars

REQUEST_ID_HEADER = "X-Request-ID"
_REQUEST_ID_NAME = REQUEST_ID_HEADER.lower().encode()
_ACCEPTED_ID = re.compile(rb"[A-Za-z0-9._-]{1,64}")

ERROR = 400  # statuses from here on are errors
# What pages may send to every route, with W3C Trace Context, and what they may read from any response.
ANY_REQUEST = ("Authorization", "Content-Type", REQUEST_ID_HEADER, "traceparent", "tracestate")
ANY_RESPONSE = ("Link", "Location", "Retry-After", REQUEST_ID_HEADER)

# OWASP REST Security Cheat Sheet: an API's responses are not pages, not framed, of no other type, and not cached.
ALWAYS = (
    (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'"),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"cache-control", b"no-store"),
)
HSTS_SECONDS = 31_536_000  # a year, as hstspreload.org asks for; browsers heed it only over https
_HSTS = (b"strict-transport-security", f"max-age={HSTS_SECONDS}".encode())


class RequestIdMiddleware(HTTPMiddleware):
    """Assign each request an id: the client's if it is harmless, else a new one.

    It is in `request.state.request_id`, in the response's `X-Request-ID`, in every problem and in every line that
    structlog renders for the request, so that a client's report leads to them. Because it reaches the log, a client's
    id is accepted only if it has 1 to 64 letters, digits, `.`, `_` and `-`.
    """

    scopes = ("http", "websocket")

    async def serve(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        given = next((value for name, value in scope["headers"] if name == _REQUEST_ID_NAME), b"")
        request_id = given if _ACCEPTED_ID.fullmatch(given) else token_hex(16).encode()
        scope.setdefault("state", {})["request_id"] = request_id.decode()
        clear_contextvars()
        bind_contextvars(request_id=request_id.decode())

        async def send_with_id(message: Message) -> None:
            if message["type"] in STARTS:
                message["headers"] = [*message.get("headers", ()), (_REQUEST_ID_NAME, request_id)]
            await send(message)

        await self.app(scope, receive, send_with_id)


class SecurityHeadersMiddleware(HTTPMiddleware):
    """Add security headers for an API to each response; headers that the response has already stay as they are."""

    scopes = ("http", "websocket")

    async def serve(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        wanted = (*ALWAYS, _HSTS) if scope["scheme"] in {"https", "wss"} else ALWAYS

        async def send_with_headers(message: Message) -> None:
            if message["type"] in STARTS:
                given = list(message.get("headers", ()))
                names = [name.lower() for name, _ in given]
                message["headers"] = given + [header for header in wanted if header[0] not in names]
            await send(message)

        await self.app(scope, receive, send_with_headers)


class TrustedHostMiddleware(HTTPMiddleware):
    """Serve requests only for these hosts: links in responses contain the header `Host`, which anybody can forge.

    Args:
        app: The application inside.
        hosts: Names without ports, in lower case; `*.example.com` is every name below that one.
        exempt: Paths that are always served, such as health checks, which platforms request by address.
    """

    def __init__(self, app: ASGIApp, *, hosts: Collection[str], exempt: Collection[str]) -> None:
        super().__init__(app)
        self.names = frozenset(host for host in hosts if not host.startswith("*"))
        self.endings = tuple(host.removeprefix("*") for host in hosts if host.startswith("*."))
        self.exempt = frozenset(exempt)

    async def serve(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["path"] in self.exempt or self._is_trusted(Headers(scope=scope)):
            await self.app(scope, receive, send)
            return
        detail = "The Host header does not name a host of this service."
        rejection = problem_response(Request(scope), HTTPStatus.BAD_REQUEST, detail, kind="unknown-host")
        await rejection(scope, receive, send)

    def _is_trusted(self, headers: Headers) -> bool:
        host = headers.get("host", "").lower()
        name = host if host.endswith("]") else host.rpartition(":")[0] or host
        return name in self.names or name.endswith(self.endings)


class CORSMiddleware(HTTPMiddleware):
    """Let pages of other origins use the routes of the application, by Starlette's CORSMiddleware.

    Pages may send the methods of all routes, the headers that these declare as parameters, and those that every route
    reads; they may read the headers that routes document in `responses`, and those that any response may have. A
    preflight that asks for more is rejected with a problem.

    Args:
        app: The application inside.
        allow_origins: Such as `https://www.example.com`.
    """

    def __init__(self, app: ASGIApp, *, allow_origins: Sequence[str]) -> None:
        super().__init__(app)
        self.allow_origins = allow_origins
        self._cors: cors.CORSMiddleware | None = None

    async def serve(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if self._cors is None:
            self._cors = cors.CORSMiddleware(self.app, self.allow_origins, **options_of(scope["app"].routes))
        headers = Headers(scope=scope)
        is_preflight = "origin" in headers and "access-control-request-method" in headers
        if is_preflight and scope["method"] == "OPTIONS":
            response = self._cors.preflight_response(headers)
            await (_rejected(scope, response) if response.status_code >= ERROR else response)(scope, receive, send)
        else:
            await self._cors(scope, receive, send)


def options_of(routes: Sequence[BaseRoute]) -> dict[str, Any]:
    """What pages of other origins need to use these routes, as options of Starlette's middleware."""
    methods, sent, read = set[str](), set[str](ANY_REQUEST), set[str](ANY_RESPONSE)
    for route in iter_route_contexts(routes):
        methods |= with_head(route.methods or set())
        for each in dependants(route.dependant) if hasattr(route, "dependant") else ():
            sent.update(header_parameters(each))
        for documented in getattr(route, "responses", {}).values():
            read.update(documented.get("headers", ()))
    return {"allow_methods": sorted(methods), "allow_headers": sorted(sent), "expose_headers": sorted(read)}


def _rejected(scope: Scope, response: Response) -> Response:
    """A problem in place of Starlette's text; its headers say what pages may send."""
    allowed = {
        name: value for name, value in response.headers.items() if name not in {"content-length", "content-type"}
    }
    detail = "Pages may not send this: the origin, the method or a header is not allowed."
    return problem_response(Request(scope), response.status_code, detail, headers=allowed)
