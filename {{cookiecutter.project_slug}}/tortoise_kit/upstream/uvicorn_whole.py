"""uvicorn, read at 0.54: a request starts when its body is there."""

import asyncio
from contextvars import Context
from typing import Any

from uvicorn.protocols.http.httptools_impl import RequestResponseCycle

from tortoise_kit.upstream.uvicorn import BoundedProtocol

type Call = tuple[RequestResponseCycle, Any]


class ResponseWriter:
    """A connection's transport for responses: the head is written with the first bytes of the body, by one system call.

    uvloop sends each write at once, and uvicorn writes both separately. A head whose body does not follow in the same
    turn of the event loop, as that of a stream, is sent at its end.
    """

    __slots__ = ("_head", "_is_head", "_loop", "_transport")

    def __init__(self, transport: Any, loop: asyncio.AbstractEventLoop) -> None:
        self._transport = transport
        self._loop = loop
        self._head = b""
        self._is_head = False

    def begin(self) -> None:
        """What is written next is a head."""
        self._is_head = True

    def write(self, data: bytes) -> None:
        """Send this, or keep it as the head."""
        if self._is_head:
            self._is_head, self._head = False, data
            self._loop.call_soon(self.flush)
        elif self._head:
            head, self._head = self._head, b""
            self._transport.write(head + data)
        else:
            self._transport.write(data)

    def flush(self) -> None:
        """Send the head if it is still there."""
        head, self._head = self._head, b""
        if head and not self._transport.is_closing():
            self._transport.write(head)

    def close(self) -> None:
        """Close the connection when everything is sent."""
        self.flush()
        self._transport.close()

    def is_closing(self) -> bool:
        """Whether the connection ends."""
        return bool(self._transport.is_closing())


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
        self._responses: Any = None

    def connection_made(self, transport: Any) -> None:
        """A new connection."""
        super().connection_made(transport)
        self._responses = ResponseWriter(transport, self.loop)

    def on_response_complete(self) -> None:
        """Send the head of a response without a body."""
        self._responses.flush()
        super().on_response_complete()

    def start_whole(self, cycle: RequestResponseCycle, app: Any) -> None:
        """Serve a request whose body is there, or too long to wait for."""
        raise NotImplementedError

    def note_held(self, size: int) -> None:
        """So many more bytes of a body are held; this may reject the connection."""

    def task_of(self, cycle: RequestResponseCycle, app: Any, context: Context) -> asyncio.Task[None]:
        """Serve a request in a new task."""
        cycle.transport = self._responses
        self._responses.begin()
        task = self.loop.create_task(cycle.run_asgi(app), context=context)
        task.add_done_callback(self.tasks.discard)
        self.tasks.add(task)
        return task

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

    def _start_asgi_task(self, cycle: RequestResponseCycle, app: Any) -> None:
        """The turn of a request has come; of a pipelined one, the body may be there already."""
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
        elif cycle.waiting_for_100_continue and cycle.scope["http_version"] != "1.0":
            # uvicorn says so when the application reads, which is too late here.
            self.transport.write(b"HTTP/1.1 100 Continue\r\n\r\n")
            cycle.waiting_for_100_continue = False

    def _holds(self, cycle: RequestResponseCycle) -> bool:
        return self.held is not None and self.held[0] is cycle

    def _start_held(self) -> None:
        assert self.held is not None  # noqa: S101 -- callers look
        (cycle, app), self.held = self.held, None
        self.start_whole(cycle, app)
