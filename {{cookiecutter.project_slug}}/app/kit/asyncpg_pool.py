"""asyncpg's pool, with a bounded wait for a connection and a reset only of sessions that were touched.

The reset that asyncpg sends at each release is a second round trip: 41 to 48 % of a small query. What needs neither a
reset nor a wait gets no task and no timer either, which asyncpg spends on it: a quarter of that query's CPU.
"""

import asyncio
import contextlib
import logging
import re
import time
from collections import deque
from functools import lru_cache
from typing import Any, cast

import asyncpg
from asyncpg.pool import PoolConnectionProxy, _PoolConnectionHolderQueue

from app.kit.errors import ConnectionLost, PoolTimeout, translated
from app.kit.queries import noted, observed

CLEANUP_SECONDS = 1.0  # a server that answers at all rolls back and resets in milliseconds; the slot waits for it

log = logging.getLogger(__name__)

# Not seen: a SET inside a function. `reset="always"` is for those.
_TOUCHES_SESSION = re.compile(
    r"(?:^|;)\s*(?:/\*.*?\*/\s*)*(?:set\s+(?!local\b|transaction\b|constraints\b)|reset\b|listen\b|declare\b|discard\b"
    r"|create\s+(?:global\s+|local\s+)?temp)|pg_(?:try_)?advisory_lock|set_config\(",
    re.IGNORECASE | re.DOTALL,
)


@lru_cache(maxsize=2048)
def touches_session(query: str) -> bool:
    """Whether a statement may leave something in the session that the next user of the connection would find."""
    return _TOUCHES_SESSION.search(query) is not None


class Connection(asyncpg.Connection):  # type: ignore[misc]  # asyncpg is untyped
    """Remembers whether the session was touched since it was clean, and reports its statements to `app.kit.queries`."""

    __slots__ = ("touched",)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.touched = False

    async def execute(self, query: str, *args: Any, timeout: float | None = None) -> str:  # noqa: ASYNC109 -- asyncpg's
        """As asyncpg's."""
        self.touched |= touches_session(query)
        work = super().execute(query, *args, timeout=timeout)
        status: str = await (work if args else observed(query, work))  # with arguments it comes to `_execute`
        return status

    async def _execute(self, query: str, *args: Any, **options: Any) -> Any:
        """What fetch, fetchrow and fetchval run on."""
        self.touched |= touches_session(query)
        return await observed(query, super()._execute(query, *args, **options))

    async def _executemany(self, query: str, *args: Any, **options: Any) -> Any:
        """What executemany and fetchmany run on."""
        return await observed(query, super()._executemany(query, *args, **options), many=True)

    async def copy_records_to_table(self, table_name: str, **options: Any) -> Any:
        """As asyncpg's."""
        return await observed(f'COPY "{table_name}"', super().copy_records_to_table(table_name, **options), many=True)

    async def prepare(self, query: str, **options: Any) -> Any:
        """As asyncpg's; what is done with the statement is not seen."""
        self.touched = True
        return await observed(query, super().prepare(query, **options))

    def cursor(self, query: str, *args: Any, **options: Any) -> Any:
        """As asyncpg's."""
        noted(query)
        return super().cursor(query, *args, **options)

    async def add_listener(self, channel: str, callback: Any) -> None:
        """As asyncpg's."""
        self.touched = True
        await super().add_listener(channel, callback)

    def is_clean(self) -> bool:
        """Whether the next user finds it as new: nothing to reset, to roll back, to remove or to wait for."""
        return not (
            self.touched
            or self._top_xact is not None
            or self._listeners
            or self._log_listeners
            or self.is_closed()
            or self._protocol.is_in_transaction()  # pyright: ignore[reportOptionalMemberAccess]
            or self._protocol._is_cancelling()  # pyright: ignore[reportOptionalMemberAccess]
        )


async def reset_if_touched(connection: Connection) -> None:
    """Reset the session before its connection goes back to the pool, when there is something to reset."""
    if connection.touched:
        connection.touched = False
        await connection.execute(connection.get_reset_query())


class FairQueue(_PoolConnectionHolderQueue):  # type: ignore[misc]  # asyncpg is untyped
    """Gives a connection that comes back to whoever has waited longest.

    asyncio's queue wakes that one up, but leaves the connection to any newcomer who asks before it runs, and then puts
    it at the end of the line: of 32 callers of 5 connections one in a hundred waited 350 ms, where 120 are enough.
    """

    def __init__(self, maxsize: int) -> None:
        super().__init__(maxsize)
        self._line = deque[asyncio.Future[Any]]()

    async def get(self) -> Any:
        """An idle one, or the one that somebody gives back when it is this caller's turn."""
        if not self.empty():
            return self.get_nowait()
        turn = asyncio.get_running_loop().create_future()
        self._line.append(turn)
        try:
            return await turn
        except asyncio.CancelledError:
            if not turn.cancelled():
                self.put_nowait(turn.result())  # it was given just before, and is the next one's now
            raise

    def put_nowait(self, item: Any) -> None:
        """Give it to the first of the line who still waits, or keep it."""
        while self._line:
            if not (turn := self._line.popleft()).cancelled():
                turn.set_result(item)
                return
        super().put_nowait(item)


class Pool(asyncpg.Pool):  # type: ignore[misc]  # asyncpg is untyped
    """A pool whose callers wait for a bounded time, and that counts them.

    It opens without its server, and connects when somebody asks. So callers meet a server that is away each by
    themselves, and not one after the other behind the opening.

    Attributes:
        waiting: Callers that wait for a connection now.
        acquired: Connections handed out so far.
        acquire_seconds: What all callers together have waited.
    """

    def __init__(self, *, acquire_timeout: float | None, **options: Any) -> None:
        defaults = {"max_queries": 50_000, "max_inactive_connection_lifetime": 300.0, "record_class": asyncpg.Record}
        self.acquired = 0
        super().__init__(**{**defaults, **options})
        self._initsize = 0  # asyncpg's own `init_size` may not be below `min_size`
        self.acquire_timeout = acquire_timeout
        self.waiting = 0
        self.acquire_seconds = 0.0

    async def _initialize(self) -> None:
        await super()._initialize()
        self._queue = FairQueue(self._maxsize)
        for holder in self._holders:
            self._queue.put_nowait(holder)

    async def _acquire(self, timeout: float | None) -> Any:  # noqa: ASYNC109 -- asyncpg's signature
        with translated():
            if self._has_open_idle():
                connection = await super()._acquire(None)  # which waits for nothing, so nothing has to end it
            else:
                connection = await self._wait(self.acquire_timeout if timeout is None else timeout)
        self.acquired += 1
        if self.acquired == 1:
            self._schedule_min_size_maintenance()
        return connection

    def _schedule_min_size_maintenance(self) -> None:
        if self.acquired:  # before, the callers' own attempts say what is wrong; asyncpg's log a traceback each
            super()._schedule_min_size_maintenance()

    def _has_open_idle(self) -> bool:
        """Whether asyncpg, which takes the last open one, would neither wait for a connection nor open one."""
        holder = next((each for each in reversed(cast("Any", self._queue)._queue) if each.is_connected()), None)
        return holder is not None and holder._generation == self._generation and self._setup is None

    async def _wait(self, limit: float | None) -> Any:
        begun = time.perf_counter()
        self.waiting += 1
        try:
            return await self._acquire_within(limit)
        finally:
            self.waiting -= 1
            self.acquire_seconds += time.perf_counter() - begun

    async def _acquire_within(self, limit: float | None) -> Any:
        try:
            return await super()._acquire(limit)
        except TimeoutError as error:
            if self.get_idle_size() == 0 and self.get_size() >= self.get_max_size():
                message = f"No connection became free within {limit} s; all {self.get_max_size()} are in use."
                raise PoolTimeout(message) from error
            message = "The server did not take a connection in time."
            raise ConnectionLost(message) from error

    async def release(self, connection: Any, *, timeout: float | None = None) -> None:  # noqa: ASYNC109 -- asyncpg's
        """Give a connection back, in bounded time; one that cannot be reset by then is dropped, and its slot is free.

        A clean one goes back without a wait, so nothing can cancel that; the rest goes on behind a caller who is.
        """
        if connection._con is None:
            return  # it was dropped
        if self._goes_back_as_it_is(connection):
            connection._con._on_release()
            holder = connection._holder
            holder._release()
            holder._setup_inactive_callback()
        else:
            await asyncio.shield(self._reset_and_give_back(connection, CLEANUP_SECONDS if timeout is None else timeout))

    async def _reset_and_give_back(self, connection: Any, limit: float) -> None:
        try:
            await super().release(connection, timeout=limit)
        except (TimeoutError, OSError, asyncpg.PostgresError, asyncpg.InterfaceError, asyncpg.InternalClientError):
            log.warning("A connection could not be reset; it is dropped.")

    def _goes_back_as_it_is(self, proxy: Any) -> bool:
        """Whether asyncpg would do nothing with the connection but put it back."""
        if self._reset is not reset_if_touched or type(proxy) is not PoolConnectionProxy:
            return False
        holder, connection = proxy._holder, cast("Any", proxy._con)
        return (
            holder._pool is self
            and holder._generation == self._generation
            and connection._protocol.queries_count < holder._max_queries
            and connection.is_clean()
        )


def drop(connection: Any) -> None:
    """Close a connection whose state is unknown; its slot is free at once."""
    with contextlib.suppress(asyncpg.InterfaceError):  # it went away by itself
        connection.terminate()
