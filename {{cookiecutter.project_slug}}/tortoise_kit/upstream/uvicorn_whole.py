"""uvicorn, read at 0.54: a request starts when its body is there, a WebSocket when its library accepts the head."""

import asyncio
import logging
from contextvars import Context
from http import HTTPStatus
from typing import Any

from uvicorn.protocols.http.flow_control import FlowControl
from uvicorn.protocols.http.httptools_impl import RequestResponseCycle
from websockets.extensions.permessage_deflate import ServerPerMessageDeflateFactory
from websockets.http11 import MAX_LINE_LENGTH, MAX_NUM_HEADERS
from websockets.server import ServerProtocol

from tortoise_kit.upstream.uvicorn import BoundedProtocol, RejectedError
from tortoise_kit.upstream.uvicorn_writes import ResponseWriter

PIPELINED_MAX = 16  # requests that wait for their turn, with 2 KiB each; what follows stays as it came
PIPELINED_BYTES_MAX = 2**16  # of their bodies, likewise
PIECE_BYTES = 2**12  # fed to the parser at once

type Call = tuple[RequestResponseCycle, Any]

_SILENT = logging.Logger("handshakes", logging.CRITICAL + 1)  # noqa: LOG001 -- no name to configure: the rejection has a line already


class Flow(FlowControl):
    """Reads no further while bytes are left to be parsed, even if a request asks for more.

    Attributes:
        is_behind: Whether there are such bytes.
    """

    is_behind = False

    def resume_reading(self) -> None:
        """As uvicorn's, which each `receive` calls."""
        if not self.is_behind:
            super().resume_reading()


class WholeRequestProtocol(BoundedProtocol):
    """uvicorn's HTTP/1.1 with whole requests; a subclass decides what becomes of them.

    Attributes:
        held: The request whose body is on its way, if its turn has come.
        body_bytes_max: Bytes of a body that are read ahead. A longer one starts before it is whole.
    """

    body_bytes_max = 2**20

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.held: Call | None = None
        self._backlog = b""  # not parsed yet
        self._responses: Any = None

    def start_whole(self, cycle: RequestResponseCycle, app: Any) -> None:
        """Serve a request whose body is there, or too long to wait for."""
        raise NotImplementedError

    def note_held(self, size: int) -> None:
        """So many more bytes of a body are held; this may reject the connection."""

    def leave_to_websocket(self) -> None:
        """The WebSocket library takes the connection over."""

    def task_of(self, cycle: RequestResponseCycle, app: Any, context: Context) -> asyncio.Task[None]:
        """Serve a request in a new task. What it does not read of its body is freed, not kept until the next one."""
        cycle.transport = self._responses
        self._responses.begin()
        task = self.loop.create_task(cycle.run_asgi(app), context=context)
        task.add_done_callback(self.tasks.discard)
        task.add_done_callback(lambda _: cycle.body.clear())
        self.tasks.add(task)
        return task

    def connection_made(self, transport: Any) -> None:
        """Control the flow of both directions."""
        super().connection_made(transport)
        self._responses = ResponseWriter(transport, self.loop)
        self.flow: Flow = Flow(transport)

    def data_received(self, data: bytes) -> None:
        """Parse what came, as far as the turn of its requests is near."""
        if self._backlog:
            data, self._backlog = self._backlog + data, b""
            self.flow.is_behind = False
            self.flow.resume_reading()
        for start in range(0, len(data), PIECE_BYTES):
            if self.rejected:
                break
            if self.pipeline and self._is_ahead():
                self._backlog = data[start:]
                self.flow.pause_reading()
                self.flow.is_behind = True
                break
            self.feed(data[start : start + PIECE_BYTES])

    def on_response_complete(self) -> None:
        """Send the head of a response without a body, and go on with what came behind."""
        self._responses.flush()
        super().on_response_complete()
        if self._backlog:
            self.loop.call_soon(self.data_received, b"")

    def _is_ahead(self) -> bool:
        bodies = sum(len(cycle.body) for cycle, _ in self.pipeline)
        return len(self.pipeline) >= PIPELINED_MAX or bodies > PIPELINED_BYTES_MAX

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget what is behind the request that runs: the garbage collector would free it much later."""
        super().connection_lost(exc)
        self.pipeline.clear()
        self._backlog = b""

    def on_body(self, body: bytes) -> None:
        """Start what is too long. What is held is read on, however much it is: it has its own limit."""
        super().on_body(body)
        if self._holds(self.cycle):
            self.flow.resume_reading()
            self.note_held(len(body))
            if self._holds(self.cycle) and len(self.cycle.body) > self.body_bytes_max:
                self._start_held()

    def on_message_complete(self) -> None:
        """Start the request."""
        super().on_message_complete()
        if self._holds(self.cycle) and not self.cycle.more_body:
            self._start_held()

    def handle_websocket_upgrade(self) -> None:
        """Reject a handshake that the WebSocket library would reject.

        uvicorn sends its plain text, which repeats headers. Of a head that is too long for the library it sends
        nothing, and leaves the connection open.
        """
        lines = [b"GET %b HTTP/1.1" % self.url, *(b"%b: %b" % header for header in self.scope["headers"]), b"\r\n"]
        judge = ServerProtocol(extensions=[ServerPerMessageDeflateFactory()], logger=_SILENT)
        judge.receive_data(b"\r\n".join(lines))
        request = next(iter(judge.events_received()), None)
        if request is None:
            detail = f"A WebSocket begins with at most {MAX_NUM_HEADERS} headers of at most {MAX_LINE_LENGTH} bytes."
            self.reject(HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE, detail, kind="head-too-large")
            raise RejectedError
        if judge.accept(request).status_code != HTTPStatus.SWITCHING_PROTOCOLS:  # type: ignore[arg-type]  # it is the first
            detail = "A header of the WebSocket's handshake is missing or invalid (RFC 6455, section 4.2.1)."
            self.reject(HTTPStatus.BAD_REQUEST, detail, kind="not-http")
            raise RejectedError
        self.leave_to_websocket()
        super().handle_websocket_upgrade()

    def _start_asgi_task(self, cycle: RequestResponseCycle, app: Any) -> None:
        """The turn of a request has come; of a pipelined one, the body may be there already."""
        if not cycle.more_body or cycle.scope["http_version"] == "1.0":
            cycle.waiting_for_100_continue = False  # RFC 9110, section 10.1.1
        if not cycle.more_body:
            self.start_whole(cycle, app)
            return
        self.held = cycle, app
        self.since = self.loop.time()
        self.note_held(len(cycle.body))
        if not self._holds(cycle):
            return
        if self.declared > self.body_bytes_max or len(cycle.body) > self.body_bytes_max:
            self._start_held()
        elif cycle.waiting_for_100_continue:
            # uvicorn says so when the application reads, which is too late here.
            self.transport.write(b"HTTP/1.1 100 Continue\r\n\r\n")
            cycle.waiting_for_100_continue = False

    def _holds(self, cycle: RequestResponseCycle) -> bool:
        return self.held is not None and self.held[0] is cycle

    def _start_held(self) -> None:
        assert self.held is not None  # noqa: S101 -- callers look
        (cycle, app), self.held = self.held, None
        self.start_whole(cycle, app)
