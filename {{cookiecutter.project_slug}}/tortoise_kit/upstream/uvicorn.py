"""uvicorn, read at 0.54: the callbacks of its HTTP/1.1 parser, with limits that it has only for h11, or not at all."""

import sys
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, Literal

from httptools import HttpRequestParser
from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol

HEAD_BYTES_MAX = 2**16  # of the request line and all headers: uvicorn's own limit with h11
TRAILER_BYTES_MAX = 2**13  # after a chunked body, or in the extensions of a chunk; nobody reads them
_LENGTHS = (b"content-length", b"transfer-encoding")
_FRAMING = 32  # bytes that no callback passes on: method, version and line ends of a head, the size of a chunk

type Part = Literal["idle", "head", "body"]


class RejectedError(Exception):
    """Stops the parser. It never leaves uvicorn, which takes it for bytes that cannot be parsed."""


class BoundedProtocol(HttpToolsProtocol):
    """uvicorn's HTTP/1.1; no byte of what makes no request is kept without a limit.

    A subclass says how to `reject`.

    Attributes:
        part: What of a request is being read. A head begins with a connection, or with the first byte after a request.
        since: When that part began, in the loop's time.
        has_sent_nothing: Whether no byte has come over the connection.
        is_forwarded: Whether a proxy has named its client in a request of this connection.
        declared: Bytes of the body, as the last head says.
        rejected: Whether the connection ends, and what still comes is dropped.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.part: Part = "head"
        self.since = self.loop.time()
        self.has_sent_nothing = True
        self.is_forwarded = self.rejected = False
        self.declared = 0
        self._upgrade: BaseException | None = None  # what stopped the parser, at a head that asks for another protocol
        self._stopped = self._is_repeating = False
        self._length = b""  # the header that says how long the body is
        self._has_host, self._is_chunked_only = False, True
        self._data = b""  # fed last
        self._unclaimed = 0  # bytes that no callback has passed on yet: they lie in the parser
        self._head_bytes = self._trailer_bytes = 0

    def reject(self, status: HTTPStatus, detail: str, *, kind: str) -> None:
        """Respond to what makes no request, and close the connection."""
        raise NotImplementedError

    def respond_and_close(self, status: HTTPStatus, headers: Mapping[str, str], body: bytes) -> None:
        """Write a whole response, and end the connection: what still comes is dropped."""
        lines = b"".join(f"{name}: {value}\r\n".encode() for name, value in headers.items())
        self.rejected = True
        self.transport.write(STATUS_LINE[status] + lines + b"\r\n" + body)
        # A socket that is closed with bytes unread is reset, and the client would never see the response.
        if self.transport.can_write_eof():
            self.transport.write_eof()

    def feed(self, data: bytes) -> None:
        """Parse a piece, unless there is no end of what nobody passes on."""
        self.has_sent_nothing = False
        if self.part == "idle":
            self._begin("head")
        self._data = data
        self._unclaimed += len(data)
        super().data_received(data)
        if self._stopped and not self.rejected:
            self._parse_on()
        self._unclaimed = max(0, self._unclaimed)
        if self.part == "head" and self._head_bytes + self._unclaimed > HEAD_BYTES_MAX:
            self._reject_head()
        elif self.part == "body" and self._trailer_bytes + self._unclaimed > TRAILER_BYTES_MAX and not self.rejected:
            detail = f"The trailers, or the extensions of a chunk, are larger than {TRAILER_BYTES_MAX} bytes."
            self.reject(HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE, detail, kind="trailers-too-large")

    # What the parser calls

    def on_message_begin(self) -> None:
        """Begin to count."""
        if self._is_repeating:
            return
        super().on_message_begin()
        self._begin("head")
        self._head_bytes = self._trailer_bytes = self.declared = 0
        self._length = b""
        self._has_host, self._is_chunked_only = False, True
        self._unclaimed -= _FRAMING

    def on_url(self, url: bytes) -> None:
        """Count the request line."""
        if self._is_repeating:
            return
        super().on_url(url)
        self._claim_head(len(url))

    def on_header(self, name: bytes, value: bytes) -> None:
        """Drop trailers: no header of a request may come after what has been decided by its headers."""
        if self._is_repeating:
            return
        if self.part == "body":
            self._trailer_bytes += len(name) + len(value) + 4
            self._unclaimed -= len(name) + len(value) + 4
            return
        super().on_header(name, value)
        self._claim_head(len(name) + len(value) + 4)
        lower = self.headers[-1][0]
        if lower == b"content-length":
            self.declared = int(value)
        if lower in _LENGTHS:
            self._length = name + b": " + value + b"\r\n"
            self._is_chunked_only &= lower == b"content-length" or value.strip().lower() == b"chunked"
        elif lower == b"host":
            self._has_host = True
        elif lower == b"x-forwarded-for":
            self.is_forwarded = True

    def on_headers_complete(self) -> None:
        """Begin with the body."""
        if self._is_repeating:
            return
        self._unclaimed -= _FRAMING
        self._begin("body")
        if not self._has_host and self.parser.get_http_version() == "1.1":
            self._end_parsing(HTTPStatus.BAD_REQUEST, "HTTP/1.1 needs a Host header (RFC 9112, section 3.2).")
        if not self._is_chunked_only:
            self._end_parsing(HTTPStatus.NOT_IMPLEMENTED, "The only transfer coding is chunked.")
        if self.parser.should_upgrade():
            self._stopped = not self._should_upgrade()
            if not self._stopped and (self._length or self.parser.get_method() != b"GET"):
                self._end_parsing(HTTPStatus.BAD_REQUEST, "A WebSocket begins with a GET without a body.")
        super().on_headers_complete()

    def _end_parsing(self, status: HTTPStatus, detail: str) -> None:
        self.reject(status, detail, kind="not-http")
        raise RejectedError

    def on_body(self, body: bytes) -> None:
        """Count a piece of a body."""
        self._unclaimed -= len(body) + _FRAMING
        super().on_body(body)

    def on_message_complete(self) -> None:
        """Start the request, and wait for the next one."""
        if self._stopped and self._length and not self._is_repeating:
            return  # its body comes
        self._begin("idle")
        self._unclaimed = min(self._unclaimed, len(self._data))  # the rest belongs to the next request
        super().on_message_complete()

    def send_400_response(self, msg: str) -> None:
        """Reject bytes that cannot be parsed."""
        if not self.rejected:
            self.reject(HTTPStatus.BAD_REQUEST, msg, kind="not-http")

    def _parse_on(self) -> None:
        """Ignore what was asked for beside a request (RFC 9110, section 7.8), such as h2c: the parser stops there."""
        rest = self._data[self._upgrade.args[0] :] if self._upgrade else b""
        self.parser = HttpRequestParser(self)
        self.parser.set_dangerous_leniencies(lenient_data_after_close=True)
        if self._length:
            self._is_repeating = True
            self.parser.feed_data(b"POST / HTTP/1.1\r\n" + self._length + b"\r\n")
            self._is_repeating = False
        self._stopped, self._upgrade = False, None
        if rest:
            super().data_received(rest)

    def _unsupported_upgrade_warning(self) -> None:
        self._upgrade = sys.exception()

    def _begin(self, part: Part) -> None:
        self.part, self.since = part, self.loop.time()

    def _claim_head(self, size: int) -> None:
        self._unclaimed -= size
        self._head_bytes += size
        if self._head_bytes > HEAD_BYTES_MAX:
            self._reject_head()
            raise RejectedError

    def _reject_head(self) -> None:
        if not self.rejected:
            detail = f"The request line and the headers are larger than {HEAD_BYTES_MAX} bytes."
            self.reject(HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE, detail, kind="head-too-large")
