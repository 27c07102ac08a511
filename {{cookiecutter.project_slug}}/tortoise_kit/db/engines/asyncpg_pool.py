"""asyncpg's pool, with a bounded wait for a connection and a reset only of sessions that were touched.

The reset that asyncpg sends at each release is a second round trip: 41 to 48 % of a small query. What needs neither a
reset nor a wait gets no task and no timer either, which asyncpg spends on it: a quarter of that query's CPU.
"""

import asyncio
import contextlib
import logging
import time
from typing import Any, cast

import asyncpg
from asyncpg.pool import PoolConnectionProxy

from tortoise_kit.db.engines.asyncpg_connection import reset_if_touched
from tortoise_kit.db.engines.fair_queue import FairQueue
from tortoise_kit.db.errors import ConnectionLost, PoolTimeout, translated

CLEANUP_SECONDS = 1.0  # a server that answers at all rolls back and resets in milliseconds; the slot waits for it

log = logging.getLogger(__name__)


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
