"""Pure ASGI middlewares: they see each message once and cost a few microseconds."""

import re
from http import HTTPStatus
from secrets import token_hex

from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from tortoise_kit.http.problem_responses import problem_response

REQUEST_ID_HEADER = "X-Request-ID"
STARTS = ("http.response.start", "websocket.http.response.start")  # of an answer; the second refuses a WebSocket
_RAW_NAME = REQUEST_ID_HEADER.lower().encode()
_ACCEPTED_ID = re.compile(rb"[A-Za-z0-9._-]{1,64}")


class RequestIdMiddleware:
    """Give each request an id: the caller's when it is harmless, else a new one.

    It is in `request.state.request_id`, in the answer's `X-Request-ID` and in every problem, so that a client's
    report finds its log lines. A caller's id is taken only in 1 to 64 letters, digits, `.`, `_` and `-`, since it
    reaches the log.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection."""
        if scope["type"] not in {"http", "websocket"}:
            await self.app(scope, receive, send)
            return
        given = next((value for name, value in scope["headers"] if name == _RAW_NAME), b"")
        request_id = given if _ACCEPTED_ID.fullmatch(given) else token_hex(16).encode()
        scope.setdefault("state", {})["request_id"] = request_id.decode()

        async def send_with_id(message: Message) -> None:
            if message["type"] in STARTS:
                message["headers"] = [*message.get("headers", ()), (_RAW_NAME, request_id)]
            await send(message)

        await self.app(scope, receive, send_with_id)


class RejectWebSocketsMiddleware:
    """Refuse WebSockets by a problem; a server's own refusal is a line of text.

    It speaks for a service that has none, and for a route that closes before it accepts.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection."""
        if scope["type"] != "websocket" or "websocket.http.response" not in scope.get("extensions", {}):
            await self.app(scope, receive, send)
            return
        begun = False

        async def send_or_refuse(message: Message) -> None:
            nonlocal begun
            if message["type"] == "websocket.close" and not begun:
                detail = "There is no WebSocket here, or not for you."
                refusal = problem_response(HTTPConnection(scope), HTTPStatus.FORBIDDEN, detail)
                await refusal(scope, receive, send)
            else:
                begun = True
                await send(message)

        await self.app(scope, receive, send_or_refuse)
