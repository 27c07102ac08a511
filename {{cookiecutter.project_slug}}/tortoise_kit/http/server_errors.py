"""Unhandled errors: a 500 problem for the client, and one log entry without values."""

import asyncio
import logging
from contextlib import suppress
from http import HTTPStatus

from fastapi import Request
from starlette.requests import ClientDisconnect, HTTPConnection
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from starlette.websockets import WebSocketDisconnect

from tortoise_kit.http.asgi import HTTPMiddleware, route_template
from tortoise_kit.http.problems import problem_response, server_error_response
from tortoise_kit.logs.errors import own_part, without_values
from tortoise_kit.logs.records import log_error

RETRY_AFTER_SECONDS = 1  # the overload may be over in a second; clients should add some jitter
INTERNAL_ERROR = 1011  # RFC 6455, section 7.4.1, and its registry
log = logging.getLogger(__name__)


class ResponseInterrupted(Exception):
    """An error occurred in the middle of a response; raised in its place, so that the server closes the connection."""

    is_logged = True  # as `request.failed`; the server's own entry would be another one


class ServerErrorMiddleware(HTTPMiddleware):
    """Respond to an unhandled error with a 500 problem. Put it inside the middlewares that add headers.

    A WebSocket that was accepted is closed with the code 1011. What the application's lifespan raises is logged, too,
    as `start.failed` or `stop.failed`, in place of the server's text.

    Args:
        app: The application inside.
        reraise: Raise the error again, so that a test fails, in place of logging it. A server would log its text.
        values: Log the error with its text, which may repeat what the client sent; for a developer's console.
    """

    scopes = ("http", "websocket", "lifespan")

    def __init__(self, app: ASGIApp, *, reraise: bool = False, values: bool = False) -> None:
        super().__init__(app)
        self.reraise = reraise
        self.values = values

    async def serve(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection, or the application's lifespan."""
        if scope["type"] == "lifespan":
            await self._live(scope, receive, send)
            return
        started = ""

        async def send_and_note(message: Message) -> None:
            nonlocal started
            started = message["type"]
            await send(message)

        try:
            await self.app(scope, receive, send_and_note)
        except (ClientDisconnect, WebSocketDisconnect):
            if self.reraise:
                raise
        except BaseException as error:
            if _is_cancelled(error):
                raise
            if not self.reraise:
                where = {"method": scope.get("method", "WEBSOCKET"), "route": route_template(scope)}
                self._log(error, **where)
            await self._respond(scope, receive, send, started)
            if self.reraise:
                raise
            if started.startswith("http."):
                raise ResponseInterrupted(type(error).__name__) from None

    async def _respond(self, scope: Scope, receive: Receive, send: Send, started: str) -> None:
        if not started:
            await server_error_response(HTTPConnection(scope))(scope, receive, send)
        elif started in {"websocket.accept", "websocket.send"}:
            with suppress(OSError):  # its client may have left
                await send({"type": "websocket.close", "code": INTERNAL_ERROR})

    async def _live(self, scope: Scope, receive: Receive, send: Send) -> None:
        failed = "start.failed"

        async def send_without_text(message: Message) -> None:
            nonlocal failed
            if message["type"] == "lifespan.startup.complete":
                failed = "stop.failed"
            await send(message if self.values else {**message, "message": ""})

        try:
            await self.app(scope, receive, send_without_text)
        except Exception as error:
            if not self.values:
                log_error(failed, error)
            raise

    def _log(self, error: BaseException, **fields: str) -> None:
        """One entry, which an error tracker groups by the error's type and its lines of code."""
        shown = error.with_traceback(own_part(error.__traceback__)) if self.values else without_values(error)
        log.error("request.failed", exc_info=shown, extra=fields)


def _is_cancelled(error: BaseException) -> bool:
    """Whether the request was stopped from outside; a handler that raises this by itself has a bug."""
    task = asyncio.current_task()
    return isinstance(error, asyncio.CancelledError) and task is not None and task.cancelling() > 0


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


def unavailable_response(scope: Scope, detail: str, *, kind: str, retry_after: int = RETRY_AFTER_SECONDS) -> Response:
    """A 503 with `Retry-After`, from a middleware; below a route raise `Unavailable` of `tortoise_kit.problems`."""
    headers = {"Retry-After": str(retry_after)}
    return problem_response(Request(scope), HTTPStatus.SERVICE_UNAVAILABLE, detail, kind=kind, headers=headers)
