"""What middlewares share: a base class, a request's messages for two readers, and the route that served a request.

Middlewares are pure ASGI: they see each message once, and cost a few microseconds.
"""

import asyncio
from collections import deque
from collections.abc import Awaitable
from typing import ClassVar

from fastapi.routing import iter_route_contexts
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from tortoise_kit.upstream.fastapi import route_path

NO_ROUTE = "none"
TICKET = "tortoise_kit.ticket"  # in a request's scope: its place among those that run
PEER = "tortoise_kit.peer"  # the address that the request came from: the proxy's, where `client` is its client's
WAITED = "tortoise_kit.waited"  # the seconds that it waited for it
CLIENT_DISCONNECTED = "client-disconnected"  # in the middle of its body; only the log sees this kind of problem
STARTS = ("http.response.start", "websocket.http.response.start")  # the second one rejects a WebSocket


class HTTPMiddleware:
    """Base of middlewares: HTTP requests go to `serve`, everything else passes by.

    Args:
        app: The application inside.
    """

    scopes: ClassVar[tuple[str, ...]] = ("http",)

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    def __call__(self, scope: Scope, receive: Receive, send: Send) -> Awaitable[None]:
        """Serve one connection. It is no coroutine itself, so that the base costs no further await."""
        return (self.serve if scope["type"] in self.scopes else self.app)(scope, receive, send)

    async def serve(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request; to be overridden."""
        raise NotImplementedError


class BufferedReceive:
    """Reads `receive` at most one message ahead of the handler, so that a disconnect shows while the handler is busy.

    A server has room for one reader at a time, so the handler and the watcher both read through this object. Until
    somebody watches, nothing is read ahead. A disconnect stays hidden behind a body that the handler never reads.
    """

    __slots__ = ("_ahead", "_reading", "_receive", "_taken")

    def __init__(self, receive: Receive) -> None:
        self._receive = receive
        self._ahead: deque[Message] = deque()
        self._reading = asyncio.Lock()
        self._taken = asyncio.Event()

    async def receive(self) -> Message:
        """The next message, for the handler."""
        if not self._ahead:
            async with self._reading:
                if not self._ahead:
                    return await self._receive()
        message = self._ahead[0]
        if message["type"] != "http.disconnect":  # a disconnect is returned for ever
            self._ahead.popleft()
            self._taken.set()
        return message

    async def disconnect(self) -> None:
        """Wait until the client has disconnected."""
        while not (self._ahead and self._ahead[-1]["type"] == "http.disconnect"):
            if self._ahead and self._ahead[-1].get("more_body", False):
                self._taken.clear()
                await self._taken.wait()
            else:
                async with self._reading:
                    self._ahead.append(await self._receive())


def route_template(scope: Scope) -> str:
    """The template of the route that served a request, such as `/products/{id}`; never the path, which is unbounded.

    FastAPI leaves in `scope["route"]` a route as its own router knows it, and keeps the prefix elsewhere; for a
    WebSocket it is the other way round.
    """
    prefixed: str = getattr(scope.get("fastapi", {}).get("effective_route_context"), "path_format", "")
    return prefixed or getattr(scope.get("route"), "path_format", NO_ROUTE)


def allowed_methods(scope: Scope) -> list[str]:
    """The methods that the routes at a request's path serve, all of them; none if no route fits."""
    path, found = route_path(scope), set[str]()
    for route in iter_route_contexts(scope["app"].routes):
        methods = route.methods or set()
        if methods and route.path_regex.match(path):
            found |= methods
    return sorted(with_head(found))


def with_head(methods: set[str]) -> set[str]:
    """These methods, and HEAD beside GET; see `HeadMiddleware`."""
    return methods | {"HEAD"} if "GET" in methods else methods


def kind_of(error: BaseException) -> str | None:
    """What the framework's own error is, if it is not what it says: it calls half a body a bad one."""
    return CLIENT_DISCONNECTED if isinstance(error.__cause__, ClientDisconnect) else None
