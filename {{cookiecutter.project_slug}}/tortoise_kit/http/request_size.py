"""How much a client may send: bytes of a body and of a query string, levels of JSON.

A limit that is passed answers by itself, as problem+json, whatever the handler makes of the error that it sees.
"""

import asyncio
import re
from collections.abc import Iterable
from contextlib import suppress
from http import HTTPStatus
from itertools import accumulate

from fastapi import Request
from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from tortoise_kit.http.problem_responses import problem_response

# What is read of a refused body and thrown away: a socket that is closed with bytes unread is reset, and a client that
# reads nothing before it has sent all would never see the answer. Memory does not grow by it.
DRAIN_BYTES = 128 * 2**20
DRAIN_SECONDS = 3.0

# The closing quote may be missing, so that a text is matched once and never again from each quote inside it.
_STRING = re.compile(rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"?', re.DOTALL)
_OPENING, _CLOSING = b"[{", b"]}"
_NO_BRACKETS = bytes(set(range(256)) - set(_OPENING + _CLOSING))
_STEPS = [(byte in _OPENING) - (byte in _CLOSING) for byte in range(256)]


class Refusal(HTTPException):
    """A limit is passed. It is an `HTTPException` since FastAPI makes a 400 of all other errors in a body."""

    def __init__(self, status: HTTPStatus, detail: str, *, kind: str) -> None:
        super().__init__(status, detail)
        self.kind = kind


def json_depth(text: bytes) -> int:
    """How many levels of lists and objects are open at once, at most; no recursion, and linear in the length.

    Args:
        text: JSON in UTF-8; of anything else the result means nothing, but it comes as fast.
    """
    brackets = _STRING.sub(b"", text).translate(None, delete=_NO_BRACKETS)
    return max(accumulate(map(_STEPS.__getitem__, brackets), initial=0))


class RequestSizeMiddleware:
    """Refuse what is too much before it is parsed: 413, 414 and 422.

    A body is refused by its Content-Length before anything is read, and else while the handler reads it; then the
    connection is closed, after some more was read and thrown away. JSON with a NUL byte is refused, too: that is never
    valid, and so all JSON is UTF-8 (RFC 8259, section 8.1), which Python's parser does not ask for.

    Args:
        app: The application inside.
        body_bytes: Of one body, as it comes over the wire, 1 or more.
        query_bytes: Of one query string, still percent-encoded, 1 or more.
        depth: Levels of JSON, 1 or more.
    """

    def __init__(self, app: ASGIApp, *, body_bytes: int, query_bytes: int, depth: int) -> None:
        self.app = app
        self.body_bytes = body_bytes
        self.query_bytes = query_bytes
        self.depth = depth

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        body = _Body(receive, bytes_max=self.body_bytes, depth=self.depth, is_json=_is_json(headers))
        body.refusal = self._refused_by_head(scope, headers)
        if body.refusal is None:
            await self._serve(scope, body, send)
        else:
            await body.refuse(scope, send)

    def _refused_by_head(self, scope: Scope, headers: Headers) -> Refusal | None:
        if len(scope["query_string"]) > self.query_bytes:
            detail = f"The query string is longer than {self.query_bytes} bytes."
            return Refusal(HTTPStatus.REQUEST_URI_TOO_LONG, detail, kind="query-too-long")
        declared = headers.get("content-length", "")
        return _too_large(self.body_bytes) if declared.isdecimal() and int(declared[:20]) > self.body_bytes else None

    async def _serve(self, scope: Scope, body: "_Body", send: Send) -> None:
        started = False

        async def send_unless_refused(message: Message) -> None:
            nonlocal started
            if body.refusal is None:
                started = True
                await send(message)

        try:
            await self.app(scope, body.receive, send_unless_refused)
        except Exception:
            if body.refusal is None:
                raise
        if body.refusal is not None:
            if started:
                raise body.refusal  # the answer cannot be taken back; the server closes the connection
            await body.refuse(scope, send)


class _Body:
    """One request's body, looked at while it is read."""

    def __init__(self, receive: Receive, *, bytes_max: int, depth: int, is_json: bool) -> None:
        self.refusal: Refusal | None = None
        self._receive = receive
        self._bytes_max = bytes_max
        self._depth = depth
        self._pieces: list[bytes] | None = [] if is_json else None
        self._size = 0
        self._more = True

    async def receive(self) -> Message:
        if self.refusal is not None:
            raise self.refusal
        message = await self._receive()
        if message["type"] == "http.request":
            self.refusal = self._refused(message)
            if self.refusal is not None:
                raise self.refusal
        return message

    def _refused(self, message: Message) -> Refusal | None:
        piece: bytes = message.get("body", b"")
        self._size += len(piece)
        self._more = message.get("more_body", False)
        if self._size > self._bytes_max:
            return _too_large(self._bytes_max)
        if self._pieces is None:
            return None
        self._pieces.append(piece)
        return None if self._more else self._refused_as_json(self._pieces)

    def _refused_as_json(self, pieces: Iterable[bytes]) -> Refusal | None:
        text = b"".join(pieces)
        if b"\0" in text:
            return Refusal(HTTPStatus.BAD_REQUEST, "JSON is sent in UTF-8, without NUL bytes.", kind="not-utf-8")
        if text.count(b"[") + text.count(b"{") > self._depth < json_depth(text):
            detail = f"The JSON is nested deeper than {self._depth} levels."
            return Refusal(HTTPStatus.UNPROCESSABLE_ENTITY, detail, kind="too-deep")
        return None

    async def refuse(self, scope: Scope, send: Send) -> None:
        """Answer, and read on for a while what the client still sends."""
        assert self.refusal is not None  # noqa: S101 -- this is called with one
        status, unread = self.refusal.status_code, self._more and _has_body(Headers(scope=scope))
        headers = {"Connection": "close"} if unread and scope["http_version"] in {"1.0", "1.1"} else None
        detail, kind = self.refusal.detail, self.refusal.kind
        answer = problem_response(Request(scope), status, detail, kind=kind, headers=headers)
        await send({"type": "http.response.start", "status": status, "headers": answer.raw_headers})
        await send({"type": "http.response.body", "body": answer.body, "more_body": True})
        if unread:
            with suppress(TimeoutError):
                async with asyncio.timeout(DRAIN_SECONDS):
                    await self._drain()
        await send({"type": "http.response.body", "body": b""})

    async def _drain(self) -> None:
        drained = 0
        while self._more and drained < DRAIN_BYTES:
            message = await self._receive()
            drained += len(message.get("body", b""))
            self._more = message.get("more_body", False)


def _too_large(bytes_max: int) -> Refusal:
    detail = f"The body is larger than {bytes_max} bytes."
    return Refusal(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, detail, kind="body-too-large")


def _is_json(headers: Headers) -> bool:
    """Whether FastAPI would parse it as JSON, and a few more."""
    return "json" in headers.get("content-type", "").lower()


def _has_body(headers: Headers) -> bool:
    return "content-length" in headers or "transfer-encoding" in headers
