"""Limits on what a client may send: bytes of a body and of a query string, levels of JSON, headers that come once.

The rejection is sent as problem+json, whatever the handler does with the error that it gets.
"""

import asyncio
import re
from collections.abc import Iterable
from contextlib import suppress
from http import HTTPStatus

from fastapi import Request
from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from tortoise_kit.http.asgi import HTTPMiddleware
from tortoise_kit.http.json_depth import is_utf_8, json_depth
from tortoise_kit.http.problems import problem_response

# Of a rejected body this much is read and discarded: a socket that is closed with bytes unread is reset, and a client
# that reads nothing before it has sent everything would never see the response. It takes no memory.
DRAIN_BYTES = 128 * 2**20
DRAIN_SECONDS = 3.0

# Of two of these, a proxy, a log and the service may each believe another one.
SENT_ONCE = {b"authorization", b"content-encoding", b"content-type", b"host", b"idempotency-key"}
# RFC 3986, section 3.2.2: an IP literal, or a name, which includes IPv4 addresses and may be empty.
_HOST = re.compile(rb"(\[[\dA-Fa-f:.]+\]|[\w.~%!$&'()*+,;=-]*)(:\d{1,5})?", re.ASCII)
PLAIN = {b"", b"identity"}  # content codings that change nothing
ENCODED = "Send the body as it is, without a Content-Encoding."


class RequestRejected(HTTPException):
    """A limit is exceeded. It is an HTTPException since FastAPI turns all other errors in a body into a 400."""

    def __init__(self, status: HTTPStatus, detail: str, *, kind: str, headers: dict[str, str] | None = None) -> None:
        super().__init__(status, detail, headers)
        self.kind = kind


class RequestSizeMiddleware(HTTPMiddleware):
    """Reject requests that are too large before they are parsed: 413, 414 and 422; and ambiguous or compressed ones.

    A body is rejected by its Content-Length before anything is read, or else while the handler reads it; then some more
    is read and discarded, and the connection is closed. JSON with a NUL byte is rejected too, and JSON that is not
    UTF-8 (RFC 8259, section 8.1), on which Python's parser does not insist. A header that must come once gets a 400 if
    it comes twice, and so does an invalid `Host` (RFC 9112, section 3.2): links would name the server's own address. A
    compressed body gets a 415 (RFC 9110, section 12.5.3), as its real size is unknown.

    Args:
        app: The application inside.
        body_bytes: Limit for one body, as sent, 1 or more.
        query_bytes: Limit for one query string, percent-encoded, 1 or more.
        depth: Levels of nested JSON, 1 or more.
    """

    def __init__(self, app: ASGIApp, *, body_bytes: int, query_bytes: int, depth: int) -> None:
        super().__init__(app)
        self.body_bytes = body_bytes
        self.query_bytes = query_bytes
        self.depth = depth

    async def serve(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        headers = dict(reversed(scope["headers"]))  # of several with one name, the first
        is_json = b"json" in headers.get(b"content-type", b"").lower()
        body = _Body(receive, bytes_max=self.body_bytes, depth=self.depth, is_json=is_json)
        body.rejection = self._check_head(scope, headers)
        if body.rejection is None:
            await self._pass_on(scope, body, send)
        else:
            await body.reject(scope, send)

    def _check_head(self, scope: Scope, headers: dict[bytes, bytes]) -> RequestRejected | None:
        if len(headers) < len(scope["headers"]) and (once := _repeated(scope)):
            name = once.decode().title()
            detail = f"The request has several {name} headers; send only one."
            return RequestRejected(HTTPStatus.BAD_REQUEST, detail, kind="repeated-header")
        if not _HOST.fullmatch(headers.get(b"host", b"")):
            detail = "The Host header is not a host, with or without a port."
            return RequestRejected(HTTPStatus.BAD_REQUEST, detail, kind="invalid-host")
        if headers.get(b"content-encoding", b"").strip().lower() not in PLAIN:
            asked = {"Accept-Encoding": "identity"}
            return RequestRejected(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, ENCODED, kind="content-encoding", headers=asked)
        if len(scope["query_string"]) > self.query_bytes:
            detail = f"The query string is longer than {self.query_bytes} bytes."
            return RequestRejected(HTTPStatus.REQUEST_URI_TOO_LONG, detail, kind="query-too-long")
        declared = declared_bytes(headers.get(b"content-length", b"").decode("latin-1"))
        return too_large(self.body_bytes) if declared > self.body_bytes else None

    async def _pass_on(self, scope: Scope, body: "_Body", send: Send) -> None:
        started = False

        async def send_unless_rejected(message: Message) -> None:
            nonlocal started
            if body.rejection is None:
                started = True
                await send(message)

        try:
            await self.app(scope, body.receive, send_unless_rejected)
        except Exception:
            if body.rejection is None:
                raise
        if body.rejection is not None:
            if started:
                raise body.rejection  # the response cannot be taken back; the server closes the connection
            await body.reject(scope, send)


class _Body:
    """One request's body, checked while it is read."""

    def __init__(self, receive: Receive, *, bytes_max: int, depth: int, is_json: bool) -> None:
        self.rejection: RequestRejected | None = None
        self._receive = receive
        self._bytes_max = bytes_max
        self._depth = depth
        self._pieces: list[bytes] | None = [] if is_json else None
        self._size = 0
        self._more = True

    async def receive(self) -> Message:
        if self.rejection is not None:
            raise self.rejection
        message = await self._receive()
        if message["type"] == "http.request":
            self.rejection = self._check(message)
            if self.rejection is not None:
                raise self.rejection
        return message

    def _check(self, message: Message) -> RequestRejected | None:
        piece: bytes = message.get("body", b"")
        self._size += len(piece)
        self._more = message.get("more_body", False)
        if self._size > self._bytes_max:
            return too_large(self._bytes_max)
        if self._pieces is None:
            return None
        self._pieces.append(piece)
        return None if self._more else self._check_json(self._pieces)

    def _check_json(self, pieces: Iterable[bytes]) -> RequestRejected | None:
        text = b"".join(pieces)
        if not is_utf_8(text):
            return RequestRejected(HTTPStatus.BAD_REQUEST, "JSON must be UTF-8 without NUL bytes.", kind="not-utf-8")
        if text.count(b"[") + text.count(b"{") > self._depth < json_depth(text):
            detail = f"The JSON is nested deeper than {self._depth} levels."
            return RequestRejected(HTTPStatus.UNPROCESSABLE_ENTITY, detail, kind="too-deep")
        return None

    async def reject(self, scope: Scope, send: Send) -> None:
        """Respond, and for a while read on what the client still sends."""
        assert self.rejection is not None  # noqa: S101 -- this is called with one
        status, unread = self.rejection.status_code, self._more and has_body(Headers(scope=scope))
        closing = {"Connection": "close"} if unread and scope["http_version"] in {"1.0", "1.1"} else {}
        headers = {**(self.rejection.headers or {}), **closing}
        detail, kind = self.rejection.detail, self.rejection.kind
        response = problem_response(Request(scope), status, detail, kind=kind, headers=headers)
        await send({"type": "http.response.start", "status": status, "headers": response.raw_headers})
        await send({"type": "http.response.body", "body": response.body, "more_body": True})
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


def declared_bytes(content_length: str | None) -> int:
    """The value of a Content-Length; 0 without one."""
    return int(content_length[:20]) if content_length and content_length.isdecimal() else 0


def _repeated(scope: Scope) -> bytes | None:
    """A header that must come once, and comes again."""
    names = [name for name, _ in scope["headers"] if name in SENT_ONCE]
    return max(names, key=names.count) if len(set(names)) < len(names) else None


def too_large(bytes_max: int) -> RequestRejected:
    """The error for a body of more bytes."""
    detail = f"The body is larger than {bytes_max} bytes."
    return RequestRejected(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, detail, kind="body-too-large")


def has_body(headers: Headers) -> bool:
    """Whether a body follows, which may be empty if it is sent in chunks."""
    return declared_bytes(headers.get("content-length")) > 0 or "transfer-encoding" in headers
