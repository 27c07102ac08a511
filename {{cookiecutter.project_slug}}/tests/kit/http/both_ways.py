"""The same routes twice, served by FastAPI's class of routes and by the kit's, and requests to both."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from types import FrameType
from typing import Any

from fastapi import APIRouter, FastAPI
from fastapi.routing import APIRoute

from tortoise_kit.http.compiled_routes import CompiledRoute

type Add = Callable[[APIRouter], object]
type Options = dict[str, Any]

JSON = (b"content-type", b"application/json")
ANALYSES = "fastapi._compat.shared"  # where FastAPI looks at annotations


@dataclass(frozen=True)
class Sent:
    """A request; `failing` is raised in place of its body."""

    method: str = "GET"
    path: str = "/"
    query: bytes = b""
    headers: tuple[tuple[bytes, bytes], ...] = ()
    body: bytes = b""
    failing: Exception | None = None


@dataclass
class Received:
    """A response, and what was called meanwhile; `error` is what the app raised."""

    status: int = 0
    headers: list[tuple[bytes, bytes]] = field(default_factory=list)
    body: bytes = b""
    error: str = ""
    events: list[str] = field(default_factory=list)


class BothWays:
    """An app with FastAPI's routes, and one with compiled routes.

    Args:
        add: Adds the routes to a router.
        included: Options of `include_router`.
        options: Options of the app.
    """

    def __init__(self, add: Add, included: Options | None = None, **options: Any) -> None:
        self.by_fastapi, self.compiled = (
            _app(add, kind, included or {}, options) for kind in (APIRoute, CompiledRoute)
        )

    async def same(self, sent: Sent) -> Received:
        """The response, which is the same from both."""
        expected, received = [await ask(app, sent) for app in (self.by_fastapi, self.compiled)]
        assert received == expected, sent
        return received


def _app(add: Add, kind: type[APIRoute], included: Options, options: Options) -> FastAPI:
    app, router = FastAPI(**options), APIRouter(route_class=kind)
    add(router)
    app.include_router(router, **included)
    return app


async def ask(app: FastAPI, sent: Sent, *, prefix: str = "") -> Received:
    """Send a request, as a server does, below a prefix that a proxy strips; of the app's errors, keep the text."""
    received, body = Received(), [sent.failing or {"type": "http.request", "body": sent.body}]
    app.state.events = received.events

    async def receive() -> dict[str, Any]:
        message = body.pop() if body else {"type": "http.disconnect"}
        if isinstance(message, Exception):
            raise message
        return message

    async def send(message: Any) -> None:
        received.status = message.get("status", received.status)
        received.headers += message.get("headers", [])
        received.body += message.get("body", b"")

    scope = {
        "type": "http",
        "method": sent.method,
        "path": prefix + sent.path,
        "root_path": prefix,
        "query_string": sent.query,
        "headers": [(b"host", b"test"), *sent.headers],
        "client": ("127.0.0.1", 4711),
    }
    try:
        await app(scope, receive, send)
    except Exception as error:  # noqa: BLE001 -- compared
        received.error = repr(error)
    return received


@contextmanager
def calls_in(module: str) -> Iterator[set[str]]:
    """The names of the functions of a module that are called in this block."""
    found: set[str] = set()

    def keep(frame: FrameType, event: str, _: object) -> None:
        if event == "call" and frame.f_globals.get("__name__") == module:
            found.add(frame.f_code.co_name)

    sys.setprofile(keep)
    try:
        yield found
    finally:
        sys.setprofile(None)
