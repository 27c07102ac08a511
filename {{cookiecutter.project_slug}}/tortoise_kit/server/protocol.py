"""HTTP/1.1 by uvicorn, with whole requests, places for them, and a limit on each wait for a client.

Pass the class by name: `uvicorn.run(…, http="tortoise_kit.server.protocol:ServiceProtocol")`.
"""

import asyncio
from functools import partial
from http import HTTPStatus
from typing import Any
from uuid import uuid4

from tortoise_kit.http.asgi import PEER, TICKET, WAITED
from tortoise_kit.logs.configuration import log_line
from tortoise_kit.server.admission import Ticket, TicketState
from tortoise_kit.server.control import AdmissionControl
from tortoise_kit.server.rejections import cors_headers, problem
from tortoise_kit.upstream.uvicorn_whole import WholeRequestProtocol

LINGER_SECONDS = 2.0  # what a rejected client still sends is read and dropped, so that it sees its response
FIRST_REQUEST_SECONDS = 1.0  # at shutdown, for connections that have just been accepted


class ServiceProtocol(WholeRequestProtocol):
    """uvicorn's HTTP/1.1 under the `AdmissionControl` that the application yields from its lifespan.

    A request starts when its body is there and a place is free. Until then there is no task: the wait costs 8 kB for
    the connection, and a client that leaves has left at once. What makes no request is rejected with a problem.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.control: AdmissionControl = self.app_state.get("admission") or AdmissionControl()
        self.body_bytes_max = self.control.limits.body_bytes
        self._ticket: Ticket | None = None
        self._current: Any = None  # the cycle that runs or waits for a place
        self._peer, self.held_bytes = "", 0
        self._unread_since: float | None = None
        self._deferred: Any = None  # a cycle and its application, while the client does not read

    # Rejections

    def reject(self, status: HTTPStatus, detail: str, *, kind: str) -> None:
        """Respond with a problem, and end the connection. If a request still runs, its response is the last one."""
        request_id = uuid4().hex
        self.control.rejected[kind] += 1
        log_line("request.rejected", status=int(status), problem=kind, request_id=request_id)
        self.since = self.loop.time()
        if self._is_serving:
            self.rejected, self._current.keep_alive = True, False
            self.pipeline.clear()
        else:
            self._let_go()
            cors = cors_headers(self.headers or (), self.control.allow_origins)
            self.respond_and_close(status, *problem(status, detail, kind=kind, request_id=request_id, cors=cors))

    def abort(self) -> None:
        """Close the connection now, whatever is still to be sent."""
        self.rejected = True
        self.transport.abort()

    def sweep(self, now: float) -> None:
        """End what takes too long: a head, a body, a response that nobody reads."""
        limits = self.control.limits
        if self._is_unread(now, limits.unread):
            self.control.connections.close(self, "response-unread")
        elif self.rejected:
            busy = self._is_serving or self.transport.get_write_buffer_size()
            if now - self.since > LINGER_SECONDS and not busy:
                self.abort()
        elif self.held is not None and now - self.since > limits.body:
            detail = f"The body did not arrive within {limits.body:g} seconds."
            self.reject(HTTPStatus.REQUEST_TIMEOUT, detail, kind="body-timeout")
        elif self.part == "head" and not self._is_serving and now - self.since > limits.head:
            self._end_head(limits.head)

    def _end_head(self, seconds: float) -> None:
        if self.has_sent_nothing:
            self.control.connections.close(self, "connection-silent")
        else:
            detail = f"The request line and the headers did not arrive within {seconds:g} seconds."
            self.reject(HTTPStatus.REQUEST_TIMEOUT, detail, kind="head-timeout")

    def _is_unread(self, now: float, seconds: float) -> bool:
        """Whether a client reads nothing of what the next bytes wait for, or does not read the end."""
        waits = self.flow.write_paused or not self._is_serving or self.transport.is_closing()
        if not waits or not self.transport.get_write_buffer_size():
            self._unread_since = None
            return False
        self._unread_since = self._unread_since or now
        return now - self._unread_since > seconds

    @property
    def _is_serving(self) -> bool:
        return self._current is not None and not self._current.response_complete

    # Requests

    def start_whole(self, cycle: Any, app: Any) -> None:
        """Ask for a place; a body that is too long is rejected inside and needs none."""
        self.control.connections.busy(self)
        self._current = cycle
        cycle.keep_alive = cycle.keep_alive and not cycle.more_body
        if self.flow.write_paused:  # the client does not read what it has: see resume_writing
            self._deferred = cycle, app
            return
        cycle.scope[PEER] = self._peer
        if self.is_forwarded:
            self.control.check_proxy(self._peer)
        lane = self.control.lane(cycle.scope)
        if lane is None or cycle.more_body:
            self._start(cycle, app)
            return
        network = "" if lane.has_place else self.control.network(self._peer, cycle.scope["headers"])
        self._ticket = Ticket(lane, network, self.loop.time(), partial(self._begin_request, cycle, app))
        self.control.offer(self._ticket)

    def _begin_request(self, cycle: Any, app: Any, ticket: Ticket) -> None:
        cycle.scope.update({TICKET: ticket, WAITED: self.loop.time() - ticket.since})
        self._start(cycle, app).add_done_callback(lambda _: ticket.leave())

    def _start(self, cycle: Any, app: Any) -> asyncio.Task[None]:
        self._hold_nothing()
        if self.control.is_draining:
            cycle.keep_alive = False
        return self.task_of(cycle, app, self.control.context())

    def note_held(self, size: int) -> None:
        """Count the bytes of bodies whose requests do not run yet; too many cost the largest that is not whole."""
        self.held_bytes += size
        self.control.bodies_bytes += size
        if self.control.bodies_bytes > self.control.limits.bodies_bytes:
            incomplete = [each for each in self.control.connections if isinstance(each, ServiceProtocol) and each.held]
            largest = max(incomplete, key=lambda each: each.held_bytes)
            detail = "The service is receiving too many large bodies; try again."
            largest.reject(HTTPStatus.SERVICE_UNAVAILABLE, detail, kind="bodies-full")

    def _hold_nothing(self) -> None:
        self.control.bodies_bytes -= self.held_bytes
        self.held_bytes = 0

    def _let_go(self) -> None:
        """Hold nothing for a request that will not start: the garbage collector would free its body much later."""
        for cycle, _ in filter(None, (self.held, self._deferred)):
            cycle.body.clear()
        self.held = self._deferred = None
        self._hold_nothing()
        if self._ticket is not None and self._ticket.state is TicketState.WAITING:
            self._ticket.leave()
            self._current.body.clear()
        self._ticket = None

    # What asyncio and uvicorn call

    def connection_made(self, transport: Any) -> None:
        """Count the connection, and close another one if there are too many."""
        super().connection_made(transport)
        if self.client:  # of IPv4, also where a socket of IPv6 serves both
            self.client = self.client[0].removeprefix("::ffff:"), self.client[1]
            self._peer = self.client[0]
        self.control.context()
        self.control.connections.opened(self)

    def connection_lost(self, exc: Exception | None) -> None:
        """Leave the line."""
        super().connection_lost(exc)
        self.control.connections.closed(self)
        if self.held is not None or (self._ticket is not None and self._ticket.state is TicketState.WAITING):
            self.control.rejected["client-left"] += 1
        self._let_go()
        if self._is_serving:  # of several, uvicorn looks at the last one only
            self._current.disconnected = True
            self._current.message_event.set()

    def on_response_complete(self) -> None:
        """It is free again, unless there is a further request already."""
        super().on_response_complete()
        if not self._is_serving:
            self.control.connections.idle(self)

    def resume_writing(self) -> None:
        """The client has read on."""
        self._unread_since = None
        super().resume_writing()
        if self._deferred:
            (cycle, app), self._deferred = self._deferred, None
            self.start_whole(cycle, app)

    def leave_to_websocket(self) -> None:
        """Count it no longer, and read no more of it."""
        self.rejected = True
        self.control.connections.closed(self)

    def shutdown(self) -> None:
        """Close the connection, or let its request end; one that was just accepted may still send its first."""
        self.control.is_draining = True
        if self._current is None and self.part == "head":
            self.loop.call_later(FIRST_REQUEST_SECONDS, super().shutdown)
        else:
            super().shutdown()
