"""Unhandled errors: a 500 problem for the client, and a log entry without client data.

An error's own text may repeat what was sent: asyncpg's `DataError` quotes parameters, `int()` its argument. So the
entry has the types of the errors, SQLSTATE and the lines of code, and no text.
"""

import logging
import traceback
from collections.abc import Iterator
from http import HTTPStatus

from fastapi import Request
from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from tortoise_kit.http.asgi import HTTPMiddleware, route_template
from tortoise_kit.http.problems import problem_response, server_error_response

log = logging.getLogger(__name__)


class ResponseInterrupted(Exception):
    """An error occurred in the middle of a response; raised in its place, so that the server closes the connection."""


def describe_error(error: BaseException) -> str:
    """An error, its causes and its lines of code, without any text or value."""
    return (
        " <- ".join(_named(each) for each in _chain(error)) + "\n" + "".join(traceback.format_tb(error.__traceback__))
    )


def _chain(error: BaseException) -> Iterator[BaseException]:
    current: BaseException | None = error
    seen = set[int]()
    while current is not None and id(current) not in seen:
        seen.add(id(current))
        yield current
        current = current.__cause__ or (None if current.__suppress_context__ else current.__context__)


def _named(error: BaseException) -> str:
    kind = type(error)
    name = kind.__qualname__ if kind.__module__ == "builtins" else f"{kind.__module__}.{kind.__qualname__}"
    state = getattr(error, "sqlstate", None) or getattr(error, "sqlite_errorname", None)
    return f"{name} ({state})" if state else name


class ServerErrorMiddleware(HTTPMiddleware):
    """Respond to an unhandled error with a 500 problem. Put it inside the middlewares that add headers.

    Args:
        app: The application inside.
        reraise: Raise the error again, so that a test fails and a developer's console shows its text. Never in
            production: servers log the text.
    """

    def __init__(self, app: ASGIApp, *, reraise: bool) -> None:
        super().__init__(app)
        self.reraise = reraise

    async def serve(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        started = False

        async def send_and_note(message: Message) -> None:
            nonlocal started
            started = True
            await send(message)

        try:
            await self.app(scope, receive, send_and_note)
        except Exception as error:
            if not self.reraise:
                log.error("%s %s failed: %s", scope["method"], route_template(scope), describe_error(error))  # noqa: TRY400 -- values
            if not started:
                await server_error_response(Request(scope))(scope, receive, send)
            if self.reraise:
                raise
            if started:
                raise ResponseInterrupted(type(error).__name__) from None


class RejectWebSocketsMiddleware(HTTPMiddleware):
    """Reject WebSockets with problem+json instead of the server's plain text.

    This is for a service without WebSockets, and for a route that closes one before accepting it.
    """

    scopes = ("websocket",)

    async def serve(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one WebSocket."""
        if "websocket.http.response" not in scope.get("extensions", {}):
            await self.app(scope, receive, send)
            return
        begun = False

        async def send_or_reject(message: Message) -> None:
            nonlocal begun
            if message["type"] == "websocket.close" and not begun:
                detail = "There is no WebSocket at this path, or you may not open it."
                rejection = problem_response(HTTPConnection(scope), HTTPStatus.FORBIDDEN, detail)
                await rejection(scope, receive, send)
            else:
                begun = True
                await send(message)

        await self.app(scope, receive, send_or_reject)
