"""uvicorn, read at 0.54: the callbacks of its HTTP/1.1 parser, with limits that it has only for h11, or not at all."""

import asyncio
from collections.abc import Mapping
from contextvars import Context
from http import HTTPStatus
from typing import Any, Literal

from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol, RequestResponseCycle

HEAD_BYTES_MAX = 2**16  # of the request line and all headers: uvicorn's own limit with h11
TRAILER_BYTES_MAX = 2**13  # after a chunked body, or in the extensions of a chunk; nobody reads them
_FRAMING = 32  # bytes that no callback passes on: method, version and line ends of a head, the size of a chunk

type Part = Literal["idle", "head", "body"]
type Call = tuple[RequestResponseCycle, Any]


class RejectedError(Exception):
    """Stops the parser. It never leaves uvicorn, which takes it for bytes that cannot be parsed."""


class WholeRequestProtocol(HttpToolsProtocol):
    """uvicorn's HTTP/1.1; a request starts once its body is there, and no byte is kept without a limit.

    A subclass decides what becomes of a whole request, and how the others are rejected.

    Attributes:
        part: What of a request is being read. A head begins with a connection, or with the first byte after a request.
        since: When that part began, in the loop's time.
        has_sent_nothing: Whether no byte has come over the connection.
        held: The request whose body is on its way, if its turn has come.
        is_forwarded: Whether a proxy has named its client in a request of this connection.
        rejected: Whether the connection ends, and what still comes is dropped.
        body_bytes_max: Bytes of a body that are read ahead. A longer one starts before it is whole.
    """

    body_bytes_max = 2**20

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.part: Part = "head"
        self.since = self.loop.time()
        self.has_sent_nothing = True
        self.held: Call | None = None
        self.is_forwarded = False
        self.rejected = False
        self._fed = 0  # bytes that came last
        self._unclaimed = 0  # bytes that no callback has passed on yet: they lie in the parser
        self._head_bytes = self._trailer_bytes = 0
        self._declared = 0

    def start_whole(self, cycle: RequestResponseCycle, app: Any) -> None:
        """Serve a request whose body is there, or too long to wait for."""
        raise NotImplementedError

    def note_held(self, size: int) -> None:
        """More bytes of a body are held; negative: fewer."""

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

    def task_of(self, cycle: RequestResponseCycle, app: Any, context: Context) -> asyncio.Task[None]:
        """Serve a request in a new task."""
        task = self.loop.create_task(cycle.run_asgi(app), context=context)
        task.add_done_callback(self.tasks.discard)
        self.tasks.add(task)
        return task

    # What asyncio calls

    def data_received(self, data: bytes) -> None:
        """Read on, unless there is no end of what nobody passes on."""
        self.has_sent_nothing = False
        if self.rejected:
            return
        if self.part == "idle":
            self._begin("head")
        self._fed = len(data)
        self._unclaimed += self._fed
        super().data_received(data)
        self._unclaimed = max(0, self._unclaimed)
        if self.part == "head" and self._head_bytes + self._unclaimed > HEAD_BYTES_MAX:
            self._reject_head()
        elif self.part == "body" and self._trailer_bytes + self._unclaimed > TRAILER_BYTES_MAX and not self.rejected:
            detail = f"The trailers, or the extensions of a chunk, are larger than {TRAILER_BYTES_MAX} bytes."
            self.reject(HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE, detail, kind="trailers-too-large")

    # What the parser calls

    def on_message_begin(self) -> None:
        """Begin to count."""
        super().on_message_begin()
        self._begin("head")
        self._head_bytes = self._trailer_bytes = self._declared = 0
        self._unclaimed -= _FRAMING

    def on_url(self, url: bytes) -> None:
        """Count the request line."""
        super().on_url(url)
        self._claim_head(len(url))

    def on_header(self, name: bytes, value: bytes) -> None:
        """Drop trailers: no header of a request may come after what has been decided by its headers."""
        if self.part == "body":
            self._trailer_bytes += len(name) + len(value) + 4
            self._unclaimed -= len(name) + len(value) + 4
            return
        super().on_header(name, value)
        self._claim_head(len(name) + len(value) + 4)
        lower = self.headers[-1][0]
        if lower == b"content-length":
            self._declared = int(value)
        elif lower == b"x-forwarded-for":
            self.is_forwarded = True

    def on_headers_complete(self) -> None:
        """Begin with the body."""
        self._unclaimed -= _FRAMING
        self._begin("body")
        super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        """Keep what is held, and start what is too long."""
        self._unclaimed -= len(body) + _FRAMING
        if self.held is None or self.held[0] is not self.cycle:
            super().on_body(body)
            return
        self.cycle.body += body
        self.note_held(len(body))
        if len(self.cycle.body) > self.body_bytes_max:
            self._start_held()

    def on_message_complete(self) -> None:
        """Start the request, and wait for the next one."""
        self._begin("idle")
        self._unclaimed = min(self._unclaimed, self._fed)  # the rest belongs to the next request
        super().on_message_complete()
        if self.held is not None and self.held[0] is self.cycle:
            self._start_held()

    def send_400_response(self, msg: str) -> None:
        """Reject bytes that cannot be parsed."""
        if not self.rejected:
            self.reject(HTTPStatus.BAD_REQUEST, msg, kind="not-http")

    def _start_asgi_task(self, cycle: RequestResponseCycle, app: Any) -> None:
        """The turn of a request has come; of a pipelined one, the body may be there already."""
        if not cycle.more_body:
            self.start_whole(cycle, app)
            return
        self.held = cycle, app
        self.since = self.loop.time()
        self.note_held(len(cycle.body))
        if self._declared > self.body_bytes_max or len(cycle.body) > self.body_bytes_max:
            self._start_held()
        elif cycle.waiting_for_100_continue:  # uvicorn says so when the application reads
            self.transport.write(b"HTTP/1.1 100 Continue\r\n\r\n")
            cycle.waiting_for_100_continue = False

    def _start_held(self) -> None:
        assert self.held is not None  # noqa: S101 -- callers look
        (cycle, app), self.held = self.held, None
        self.note_held(-len(cycle.body))
        self.start_whole(cycle, app)

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
