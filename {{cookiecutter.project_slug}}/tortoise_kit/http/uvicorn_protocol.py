"""What uvicorn answers by itself, before there is a request to give to an application, as problem+json.

Pass the class as `uvicorn.run(…, http=ProblemProtocol)`.
"""

import json
from http import HTTPStatus
from typing import Literal
from uuid import uuid4

from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol

from tortoise_kit.http.request_id import REQUEST_ID_HEADER
from tortoise_kit.problems.errors import MEDIA_TYPE

HEAD_BYTES_MAX = 2**16  # of the first line and all headers, as uvicorn with h11 has it; with httptools it has no limit


class ProblemProtocol(HttpToolsProtocol):
    """HTTP/1.1 as uvicorn speaks it; bytes that are no HTTP, or too many before a body, get a problem."""

    _part: Literal["none", "head", "body"] = "none"  # of a request, that was read last
    _heads = 0
    _head_bytes = 0

    def data_received(self, data: bytes) -> None:
        """Read on, unless the head of a request has no end."""
        part, heads = self._part, self._heads
        super().data_received(data)
        # A piece that began in an earlier request is not counted: how much of it is this head's is not known.
        is_of_head = part == "head" and self._heads == heads
        is_all_new = part == "none" and self._heads == heads + 1
        if self._part == "head" and (is_of_head or is_all_new):
            self._head_bytes += len(data)
            if self._head_bytes > HEAD_BYTES_MAX and not self.transport.is_closing():
                detail = f"The request line and the headers are larger than {HEAD_BYTES_MAX} bytes."
                self._refuse(HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE, detail)

    def on_message_begin(self) -> None:
        """Count from nothing."""
        super().on_message_begin()
        self._part, self._head_bytes = "head", 0
        self._heads += 1

    def on_headers_complete(self) -> None:
        """Count no more: a body has a limit of its own."""
        self._part = "body"
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        """Wait for the next one."""
        self._part = "none"
        super().on_message_complete()

    def send_400_response(self, msg: str) -> None:
        """Answer bytes that cannot be parsed, and close the connection."""
        self._refuse(HTTPStatus.BAD_REQUEST, msg)

    def _refuse(self, status: HTTPStatus, detail: str) -> None:
        request_id = uuid4().hex
        problem = {"type": "about:blank", "title": status.phrase, "status": status, "detail": detail}
        body = json.dumps({**problem, "request_id": request_id}).encode()
        headers = {
            "content-type": MEDIA_TYPE,
            "content-length": str(len(body)),
            "cache-control": "no-store",
            "x-content-type-options": "nosniff",
            REQUEST_ID_HEADER.lower(): request_id,
            "connection": "close",
        }
        lines = b"".join(f"{name}: {value}\r\n".encode() for name, value in headers.items())
        self.transport.write(STATUS_LINE[status] + lines + b"\r\n" + body)
        self.transport.close()
