"""A limit on how long one request may take, and an end to requests whose client has disconnected."""

import asyncio
from enum import Enum, auto

from fastapi import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from tortoise_kit.http.asgi import WAITED, BufferedReceive, HTTPMiddleware
from tortoise_kit.http.problems import note_problem
from tortoise_kit.http.server_errors import unavailable_response

CLEANUP_SECONDS = 2.0  # for a rollback, longer than the pool allows it; then it is cancelled again, and so on
WATCH_AFTER_SECONDS = 0.05  # most requests are done by then, and need no task that watches the client
KIND = "deadline-exceeded"
_SCOPE_KEY = "app.deadline"
_LAST_MESSAGES = ("http.response.body", "http.response.pathsend")


class DeadlineExceededError(Exception):
    """The deadline passed in the middle of a response; raised so that the server closes the connection."""


class DeadlineMiddleware(HTTPMiddleware):
    """Cancel a request that takes too long, or whose client has disconnected, which frees its query and locks.

    `asyncio.CancelledError` is raised where the handler waits, and in its dependencies: transactions roll back, and
    asyncpg asks the server to stop the query. That cleanup is bounded too: the handler is cancelled again after each
    `cleanup_seconds`. A late request gets a 503 with `Retry-After`, or a closed connection if its response has begun.
    The limit ends with the last byte of the response: background tasks and dependencies of request scope go on, until
    the server's own limit at shutdown. A thread cannot be cancelled: the client of a plain `def` route gets its
    response in time, but the thread runs on.

    A TimeoutError raised by the handler itself is left alone, and a cancellation from outside passes through.

    Args:
        app: The application inside.
        seconds: From a whole request, so with its wait for a place, to the last byte of its response, above 0;
            `allow_seconds` changes it for one.
        cleanup_seconds: Time for a cancelled handler to roll back, above 0.
    """

    def __init__(self, app: ASGIApp, *, seconds: float, cleanup_seconds: float = CLEANUP_SECONDS) -> None:
        super().__init__(app)
        self.seconds = seconds
        self.cleanup_seconds = cleanup_seconds

    async def serve(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        seconds = self.seconds - scope.get(WAITED, 0)
        exchange = _Exchange(receive, send, seconds=seconds, cleanup_seconds=self.cleanup_seconds)
        scope[_SCOPE_KEY] = exchange
        try:
            await self.app(scope, exchange.incoming.receive, exchange.send)
        except asyncio.CancelledError:
            if exchange.is_cancelled_from_outside():
                raise
        finally:
            exchange.close()
            # It refers to the server's `send`, and that to this scope: a cycle that only the garbage collector frees.
            scope.pop(_SCOPE_KEY, None)  # already removed if there is another DeadlineMiddleware inside
        if exchange.reason is _Reason.TIMED_OUT:
            await self._respond(exchange, scope, receive, send)

    async def _respond(self, exchange: "_Exchange", scope: Scope, receive: Receive, send: Send) -> None:
        if exchange.completed:
            return  # the handler could not be stopped, and responded after all
        if exchange.started:
            note_problem(scope, KIND)
            message = f"{scope['method']} was stopped at its deadline, in the middle of its response."
            raise DeadlineExceededError(message)
        detail = "The request took too long and was stopped; try again."
        rejection = unavailable_response(scope, detail, kind=KIND)
        await rejection(scope, receive, send)


def allow_seconds(request: Request, seconds: float) -> None:
    """Set how long this one request may still take, for example an export, a long stream or a large upload.

    Args:
        request: The request being served; without a DeadlineMiddleware around it nothing happens.
        seconds: From now to the last byte of the response, above 0 and finite.
    """
    if exchange := request.scope.get(_SCOPE_KEY):
        exchange.allow(seconds)


class _Reason(Enum):
    TIMED_OUT = auto()
    CLIENT_DISCONNECTED = auto()


class _Exchange:
    """One request and its response: how far they are, and why they were stopped.

    It is served in the caller's own task. As in `asyncio.timeout`, an `uncancel` takes back each `cancel` made here, so
    that those of others still count.
    """

    __slots__ = (
        "_cancels", "_cleanup_seconds", "_loop", "_never_waited", "_others", "_send", "_task", "_timer", "_watcher",
        "completed", "ends", "incoming", "reason", "started",
    )  # fmt: skip

    def __init__(self, receive: Receive, send: Send, *, seconds: float, cleanup_seconds: float) -> None:
        task = asyncio.current_task()
        assert task is not None  # noqa: S101 -- this is called from a coroutine
        self.incoming = BufferedReceive(receive)
        self.started = False
        self.completed = False
        self.reason: _Reason | None = None
        self._task = task
        self._others = task.cancelling()
        self._cancels = 0
        self._never_waited = False
        self._send = send
        self._cleanup_seconds = cleanup_seconds
        self._watcher: asyncio.Task[None] | None = None
        self._loop = asyncio.get_running_loop()
        self.ends = self._loop.time() + seconds
        self._timer = self._loop.call_later(min(seconds, WATCH_AFTER_SECONDS), self._begin_watch)

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.started = True
        await self._send(message)
        if message["type"] in _LAST_MESSAGES:
            if message.get("more_body", False):
                await self._let_others_run()
                return
            self.completed = True
            self._disarm()

    async def _let_others_run(self) -> None:
        """Wait for a round of the event loop if the stream waited for nothing since its last piece.

        A stream that never waits, since its client reads fast or has left, could not be stopped.
        """
        if self._never_waited:
            await asyncio.sleep(0)
        self._never_waited = True
        self._loop.call_soon(self._note_wait)

    def _note_wait(self) -> None:
        self._never_waited = False

    def allow(self, seconds: float) -> None:
        self.ends = self._loop.time() + seconds
        if self._watcher and not (self.reason or self.completed):
            self._timer.cancel()
            self._timer = self._loop.call_at(self.ends, self._stop, _Reason.TIMED_OUT)

    def is_cancelled_from_outside(self) -> bool:
        return self._task.cancelling() - self._cancels > self._others or self.reason is None

    def close(self) -> None:
        self._disarm()
        self._watcher = None  # its traceback refers to this object, and so to the whole request
        for _ in range(self._cancels):
            self._task.uncancel()

    def _disarm(self) -> None:
        self._timer.cancel()
        if self._watcher:
            self._watcher.cancel()

    def _begin_watch(self) -> None:
        self._watcher = self._loop.create_task(self._watch())
        self._timer = self._loop.call_at(self.ends, self._stop, _Reason.TIMED_OUT)

    async def _watch(self) -> None:
        await self.incoming.disconnect()
        if self.reason is None:
            self._stop(_Reason.CLIENT_DISCONNECTED)

    def _stop(self, reason: _Reason) -> None:
        self.reason = reason
        self._cancels += 1
        self._task.cancel()
        self._timer.cancel()
        self._timer = self._loop.call_later(self._cleanup_seconds, self._stop, reason)
