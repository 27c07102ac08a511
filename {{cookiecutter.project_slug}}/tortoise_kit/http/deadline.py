"""A limit on how long one request may take, and an end to a request that nobody waits for any more."""

import asyncio
from enum import Enum, auto

from fastapi import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from tortoise_kit.http.concurrency_limit import RequestCounts, try_later
from tortoise_kit.http.receive_buffer import BufferedReceive

CLEANUP_SECONDS = 2.0  # for a rollback, more than the pool gives it; then it is cancelled once more, and so on
WATCH_AFTER_SECONDS = 0.05  # most requests are done by then, and are spared the task that watches the client
_SCOPE_KEY = "app.deadline"
_LAST_MESSAGES = ("http.response.body", "http.response.pathsend")


class DeadlineExceededError(Exception):
    """The deadline came in the middle of a response; raised so that the server closes the connection."""


class DeadlineMiddleware:
    """Cancel a request that takes too long, and one whose client has gone, so that its query and locks are freed.

    The handler sees `asyncio.CancelledError` where it waits, and so do its dependencies: transactions roll back, and
    asyncpg asks the server to stop the query. What it does then is bounded too: it is cancelled again after each
    `cleanup_seconds`. A request that is late gets a 503 with `Retry-After`, or a closed connection if its response
    had begun. The limit ends with the last byte of the response: background tasks and dependencies of the request's
    scope go on, until the server's own limit at shutdown. A thread cannot be cancelled: a plain `def` route is
    answered in time, and its thread goes on alone.

    A `TimeoutError` of the handler's own is none of ours, and a cancellation from outside passes through.

    Args:
        app: The application inside.
        seconds: From the request's head to the last byte of its response, above 0; `allow_seconds` changes it for one.
        cleanup_seconds: What a cancelled handler may take to roll back, above 0.
        counts: Where to count.
    """

    def __init__(
        self, app: ASGIApp, *, seconds: float, counts: RequestCounts, cleanup_seconds: float = CLEANUP_SECONDS
    ) -> None:
        self.app = app
        self.seconds = seconds
        self.cleanup_seconds = cleanup_seconds
        self.counts = counts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        exchange = _Exchange(receive, send, seconds=self.seconds, cleanup_seconds=self.cleanup_seconds)
        scope[_SCOPE_KEY] = exchange
        try:
            await self.app(scope, exchange.inbox.receive, exchange.send)
        except asyncio.CancelledError:
            if exchange.is_cancelled_from_outside():
                raise
        finally:
            exchange.close()
            # It holds the server's `send`, which holds this scope: all of the request would wait for the collector.
            scope.pop(_SCOPE_KEY, None)  # gone where another `DeadlineMiddleware` inside took its own away
            self._count(exchange.reason)
        if exchange.reason is _Reason.OVERDUE:
            await self._answer(exchange, scope, receive, send)

    def _count(self, reason: "_Reason | None") -> None:
        if reason is _Reason.OVERDUE:
            self.counts.overdue += 1
        elif reason is _Reason.CLIENT_GONE:
            self.counts.abandoned += 1

    async def _answer(self, exchange: "_Exchange", scope: Scope, receive: Receive, send: Send) -> None:
        if exchange.completed:
            return  # the handler would not be stopped, and answered after all
        if exchange.started:
            message = f"{scope['method']} was cut off in the middle of its response, at its deadline."
            raise DeadlineExceededError(message)
        refusal = try_later(scope, "The request took too long and was stopped; try again.", kind="deadline-exceeded")
        await refusal(scope, receive, send)


def allow_seconds(request: Request, seconds: float) -> None:
    """Let this one request take so many seconds from now on: for an export, a long stream or a large upload.

    Args:
        request: The request being served; without a `DeadlineMiddleware` around it nothing happens.
        seconds: Above 0 and finite.
    """
    if exchange := request.scope.get(_SCOPE_KEY):
        exchange.allow(seconds)


class _Reason(Enum):
    OVERDUE = auto()
    CLIENT_GONE = auto()


class _Exchange:
    """One request and its response: how far they are, and who stopped them.

    It is served in the caller's own task. As in `asyncio.timeout`, each `cancel` of ours is taken back by an
    `uncancel`, so that those of others still count.
    """

    __slots__ = (
        "_cancels", "_cleanup_seconds", "_loop", "_others", "_send", "_task", "_timer", "_watcher",
        "completed", "ends", "inbox", "reason", "started",
    )  # fmt: skip

    def __init__(self, receive: Receive, send: Send, *, seconds: float, cleanup_seconds: float) -> None:
        task = asyncio.current_task()
        assert task is not None  # noqa: S101 -- this is called from a coroutine
        self.inbox = BufferedReceive(receive)
        self.started = False
        self.completed = False
        self.reason: _Reason | None = None
        self._task = task
        self._others = task.cancelling()
        self._cancels = 0
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
        if message["type"] in _LAST_MESSAGES and not message.get("more_body", False):
            self.completed = True
            self._disarm()

    def allow(self, seconds: float) -> None:
        self.ends = self._loop.time() + seconds
        if self._watcher and not (self.reason or self.completed):
            self._timer.cancel()
            self._timer = self._loop.call_at(self.ends, self._stop, _Reason.OVERDUE)

    def is_cancelled_from_outside(self) -> bool:
        return self._task.cancelling() - self._cancels > self._others or self.reason is None

    def close(self) -> None:
        self._disarm()
        self._watcher = None  # its traceback holds this object, and so all of the request
        for _ in range(self._cancels):
            self._task.uncancel()

    def _disarm(self) -> None:
        self._timer.cancel()
        if self._watcher:
            self._watcher.cancel()

    def _begin_watch(self) -> None:
        self._watcher = self._loop.create_task(self._watch())
        self._timer = self._loop.call_at(self.ends, self._stop, _Reason.OVERDUE)

    async def _watch(self) -> None:
        await self.inbox.disconnect()
        if self.reason is None:
            self._stop(_Reason.CLIENT_GONE)

    def _stop(self, reason: _Reason) -> None:
        self.reason = reason
        self._cancels += 1
        self._task.cancel()
        self._timer.cancel()
        self._timer = self._loop.call_later(self._cleanup_seconds, self._stop, reason)
