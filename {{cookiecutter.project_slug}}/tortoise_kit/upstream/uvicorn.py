"""uvicorn, read at 0.54: the callbacks of its HTTP/1.1 parser, and how it rejects what it cannot parse."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Literal

from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol

HEAD_BYTES_MAX = 2**16  # of the request line and all headers: uvicorn's own limit with h11; with httptools it has none


class BoundedHeadProtocol(HttpToolsProtocol):
    """uvicorn's HTTP/1.1 with a limit on the head of a request; a subclass says how to `reject`."""

    _part: Literal["none", "head", "body"] = "none"  # of a request: what was read last
    _heads = 0
    _head_bytes = 0

    def reject(self, status: HTTPStatus, detail: str) -> None:
        """Respond to bytes that make no request, and close the connection."""
        raise NotImplementedError

    def respond_and_close(self, status: HTTPStatus, headers: Mapping[str, str], body: bytes) -> None:
        """Write a whole response, then close the connection."""
        lines = b"".join(f"{name}: {value}\r\n".encode() for name, value in headers.items())
        self.transport.write(STATUS_LINE[status] + lines + b"\r\n" + body)
        self.transport.close()

    def data_received(self, data: bytes) -> None:
        """Read on, unless the head of a request has no end."""
        part, heads = self._part, self._heads
        super().data_received(data)
        # A piece that began in an earlier request is not counted: how much of it belongs to this head is not known.
        is_of_head = part == "head" and self._heads == heads
        is_all_new = part == "none" and self._heads == heads + 1
        if self._part == "head" and (is_of_head or is_all_new):
            self._head_bytes += len(data)
            if self._head_bytes > HEAD_BYTES_MAX and not self.transport.is_closing():
                detail = f"The request line and the headers are larger than {HEAD_BYTES_MAX} bytes."
                self.reject(HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE, detail)

    def on_message_begin(self) -> None:
        """Start counting."""
        super().on_message_begin()
        self._part, self._head_bytes = "head", 0
        self._heads += 1

    def on_headers_complete(self) -> None:
        """Stop counting: bodies have their own limit."""
        self._part = "body"
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        """Wait for the next request."""
        self._part = "none"
        super().on_message_complete()

    def send_400_response(self, msg: str) -> None:
        """Reject bytes that cannot be parsed."""
        self.reject(HTTPStatus.BAD_REQUEST, msg)
