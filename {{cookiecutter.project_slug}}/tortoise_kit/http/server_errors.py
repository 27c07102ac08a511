"""Unhandled errors: a 500 problem for the client, and one log entry without client data."""

import logging
from http import HTTPStatus

from fastapi import Request
from starlette.requests import HTTPConnection
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from tortoise_kit.http.asgi import HTTPMiddleware, route_template
from tortoise_kit.http.problems import problem_response, server_error_response
from tortoise_kit.logs.errors import own_part, without_values

RETRY_AFTER_SECONDS = 1  # the overload may be over in a second; clients should add some jitter
log = logging.getLogger(__name__)


class ResponseInterrupted(Exception):
    """An error occurred in the middle of a response; raised in its place, so that the server closes the connection."""


class ServerErrorMiddleware(HTTPMiddleware):
    """Respond to an unhandled error with a 500 problem. Put it inside the middlewares that add headers.

    Args:
        app: The application inside.
        reraise: Raise the error again, so that a test fails, in place of logging it. A server would log its text.
        values: Log the error with its text, which may repeat what the client sent; for a developer's console.
    """

    def __init__(self, app: ASGIApp, *, reraise: bool = False, values: bool = False) -> None:
        super().__init__(app)
        self.reraise = reraise
        self.values = values

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
                self._log(scope, error)
            if not started:
                await server_error_response(Request(scope))(scope, receive, send)
            if self.reraise:
                raise
            if started:
                raise ResponseInterrupted(type(error).__name__) from None

    def _log(self, scope: Scope, error: Exception) -> None:
        """One entry, which an error tracker groups by the error's type and its lines of code."""
        shown = error.with_traceback(own_part(error.__traceback__)) if self.values else without_values(error)
        where = {"method": scope["method"], "route": route_template(scope)}
        log.error("request.failed", exc_info=shown, extra=where)


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
