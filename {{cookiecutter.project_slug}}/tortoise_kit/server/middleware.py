"""The same places for requests that come by other ways than the kit's protocol: other servers, clients of tests."""

import asyncio
import random
from functools import partial

from starlette.types import ASGIApp, Receive, Scope, Send

from tortoise_kit.http.asgi import TICKET, WAITED, HTTPMiddleware
from tortoise_kit.http.networks import client_network
from tortoise_kit.http.server_errors import unavailable_response
from tortoise_kit.server.admission import Admission, Ticket, TicketState
from tortoise_kit.server.control import AdmissionControl

RETRY_AFTER_MAX_SECONDS = 3  # by chance from 1 on, so that clients do not come back all at once


class AdmissionMiddleware(HTTPMiddleware):
    """Serve requests that have a place; those that waited too long get a 503 with `Retry-After`.

    Under `ServiceProtocol` a request comes with its place, or with its rejection. Under another server it waits here.
    A request holds its place until its background tasks are done, since they use the same resources.

    Args:
        app: The application inside.
        control: The places; the same that the application yields from its lifespan.
    """

    def __init__(self, app: ASGIApp, *, control: AdmissionControl) -> None:
        super().__init__(app)
        self.control = control

    async def serve(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        ticket: Ticket | None = scope.get(TICKET)
        lane = None if ticket else self.control.lane(scope)
        if lane is not None:
            await self._serve_in(lane, scope, receive, send)
        elif ticket is not None and ticket.state is TicketState.REJECTED:
            await self._reject(scope, receive, send)
        else:
            await self.app(scope, receive, send)

    async def _serve_in(self, lane: Admission, scope: Scope, receive: Receive, send: Send) -> None:
        loop = asyncio.get_running_loop()
        turn = loop.create_future()
        ticket = scope[TICKET] = Ticket(lane, client_network(scope), loop.time(), partial(_begin, turn))
        self.control.offer(ticket)
        try:
            await turn
            scope[WAITED] = loop.time() - ticket.since
            await self.serve(scope, receive, send)
        finally:
            ticket.leave()

    async def _reject(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.control.rejected["overloaded"] += 1
        retry_after = random.randint(1, RETRY_AFTER_MAX_SECONDS)  # noqa: S311 -- no secret
        detail = "The service is overloaded; try again."
        rejection = unavailable_response(scope, detail, kind="overloaded", retry_after=retry_after)
        await rejection(scope, receive, send)


def _begin(turn: asyncio.Future[Ticket], ticket: Ticket) -> None:
    if not turn.done():  # else the one who waited was cancelled, and leaves
        turn.set_result(ticket)
