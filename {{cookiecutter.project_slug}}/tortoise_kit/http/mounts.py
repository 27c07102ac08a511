"""Mounted applications, such as static files, an admin UI or an MCP server, each behind a policy.

mount(app, "/admin", pages, policy=Admin, csp="default-src 'self'")
"""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any, cast, get_args, override

from fastapi import FastAPI, Request
from fastapi.params import Depends
from fastapi.responses import Response
from fastapi.routing import APIRoute
from starlette.routing import Match, Mount
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from tortoise_kit.http.asgi import STARTS
from tortoise_kit.http.route_checks import OpenRouteError

_CSP = b"content-security-policy"
_WEBSOCKET = "tortoise_kit.websocket"  # the scope of a handshake, while its policy runs
_SERVER_ERROR = 1011  # RFC 6455, section 7.4.1, and its registry
_OWN_KEYS = {"fastapi", "route", _WEBSOCKET}  # written by routing: the mounted application writes its own


def mount(app: FastAPI, path: str, mounted: ASGIApp, *, policy: Any, csp: str | None = None) -> None:
    """Serve an ASGI application below a path, behind a policy.

    The policy runs before the application sees a request, for every method and for the handshake of a WebSocket. It
    rejects with a problem, as for a route. All middlewares of `app` apply: the deadline, size limits, security headers
    and metrics, whose route is `path`. The application's lifespan, if it has one, runs inside that of `app`.

    Args:
        app: The service. The routes that it already has take precedence.
        path: Such as `/admin`; the application finds it in `root_path`.
        mounted: The application.
        policy: What a route would take as a parameter, such as `Admin`: `Annotated[User, Depends(...)]`.
        csp: The Content-Security-Policy of responses that have none; that of the API by default.

    Raises:
        OpenRouteError: `policy` has no dependency. `check_routes` checks that it is marked as a policy.
        TypeError: `mounted` is not an application.
    """
    if not callable(cast("Any", mounted)):
        message = f"{path} needs an ASGI application; {type(mounted).__name__} is not callable."
        raise TypeError(message)
    dependencies = [each for each in get_args(policy)[1:] if isinstance(each, Depends)]
    if not dependencies:
        message = f"The policy of {path} has no dependency: pass one of the policies, `Annotated[..., Depends(...)]`."
        raise OpenRouteError(message)
    app.router.routes.append(PolicyMount(path, mounted, dependencies=dependencies, csp=csp, service=app))
    if (lifespan := getattr(getattr(mounted, "router", None), "lifespan_context", None)) is not None:
        _nest_lifespan(app, mounted, lifespan)


def _nest_lifespan(app: FastAPI, mounted: ASGIApp, lifespan: Any) -> None:
    outer = app.router.lifespan_context

    @asynccontextmanager
    async def both(_: Any) -> AsyncGenerator[Any]:
        async with outer(app) as state, lifespan(mounted):
            yield state

    app.router.lifespan_context = both


class PolicyMount(Mount):
    """A mount with a policy; see `mount`."""

    def __init__(
        self, path: str, app: ASGIApp, *, dependencies: list[Depends], csp: str | None, service: FastAPI
    ) -> None:
        super().__init__(path, app)
        self.csp = csp.encode("latin-1") if csp else None
        self.guard = APIRoute(
            self.path or "/",
            self._let_in,
            dependencies=dependencies,
            include_in_schema=False,
            dependency_overrides_provider=service,
        )
        self.dependant = self.guard.dependant

    @override
    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        match, child = super().matches(scope)
        return match, {**child, "route": self.guard} if child else child

    @override
    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket":  # its handshake is a GET, and policies read it as one
            handshake = {**scope, "type": "http", "method": "GET", _WEBSOCKET: scope}
            await self.guard.app(handshake, receive, _Handshake(scope, send).send)
        else:
            await self.guard.app(scope, receive, send)

    async def _let_in(self, _: Request) -> Response:
        return _Mounted(self)

    async def serve(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve a request that the policy has let in."""
        inner = {key: value for key, value in scope.get(_WEBSOCKET, scope).items() if key not in _OWN_KEYS}
        await self.app(inner, receive, self._with_csp(send) if self.csp else send)

    def _with_csp(self, send: Send) -> Send:
        async def send_with_csp(message: Message) -> None:
            if message["type"] in STARTS:
                given = list(message.get("headers", ()))
                if _CSP not in {name.lower() for name, _ in given}:
                    message = {**message, "headers": [*given, (_CSP, self.csp)]}
            await send(message)

        return send_with_csp


class _Mounted(Response):
    """What the mounted application sends, as a response of the guarding route."""

    def __init__(self, mounted: PolicyMount) -> None:
        super().__init__()
        self._mounted = mounted

    @override
    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self._mounted.serve(scope, receive, send)
        if self.background is not None:
            await self.background()


class _Handshake:
    """Sends an HTTP response in place of an accepted WebSocket, where the server can."""

    def __init__(self, scope: Scope, send: Send) -> None:
        self._can_respond = "websocket.http.response" in scope.get("extensions", {})
        self._send = send
        self._accepted = False

    async def send(self, message: Message) -> None:
        kind = message["type"]
        self._accepted = self._accepted or kind == "websocket.accept"
        if not kind.startswith("http."):
            await self._send(message)
        elif self._can_respond and not self._accepted:
            await self._send({**message, "type": f"websocket.{kind}"})
        elif kind == "http.response.start":
            await self._send({"type": "websocket.close", "code": _SERVER_ERROR})
