"""asyncpg's pool, read at 0.32: its queue and its holders.

None of it is documented. The kit's own tests fail when a release changes it.
"""

import asyncio
from collections import deque
from typing import Any, cast

import asyncpg
from asyncpg.pool import PoolConnectionProxy, _PoolConnectionHolderQueue

RETRY_SECONDS, RETRY_SECONDS_MAX = 1.0, 60.0
POOL_DEFAULTS = {"max_queries": 50_000, "max_inactive_connection_lifetime": 300.0, "record_class": asyncpg.Record}


class FairQueue(_PoolConnectionHolderQueue):  # type: ignore[misc]  # asyncpg is untyped
    """Hands a returned connection to the caller that has waited longest.

    asyncio's queue wakes that caller, but leaves the connection to any newcomer that asks before it runs, and then puts
    it at the end of the line. With 32 callers on 5 connections p99 was 343 ms; here it is 89 ms.
    """

    def __init__(self, maxsize: int) -> None:
        super().__init__(maxsize)
        self._line = deque[asyncio.Future[Any]]()

    async def get(self) -> Any:
        """An idle holder, or the one that is returned when it is this caller's turn."""
        if not self.empty():
            return self.get_nowait()
        turn = asyncio.get_running_loop().create_future()
        self._line.append(turn)
        try:
            return await turn
        except asyncio.CancelledError:
            if not turn.cancelled():
                self.put_nowait(turn.result())  # it was handed over just before, so the next caller gets it
            raise

    def put_nowait(self, item: Any) -> None:
        """Hand it to the first caller that still waits, or keep it."""
        while self._line:
            if not (turn := self._line.popleft()).cancelled():
                turn.set_result(item)
                return
        super().put_nowait(item)


class LazyPool(asyncpg.Pool):  # type: ignore[misc]  # asyncpg is untyped
    """A pool that opens without its server, serves its callers in turn, and takes clean connections back at once.

    Attributes:
        acquired: Connections handed out so far; the subclass counts by `count_acquired`.
        opening: Whether a slot is in use for a connection that nobody waits for.
    """

    def __init__(self, **options: Any) -> None:
        self.acquired, self.opening = 0, False
        super().__init__(**{**POOL_DEFAULTS, **options})
        self._initsize = 0  # asyncpg's own `init_size` may not be below `min_size`

    def take(self, timeout: float | None) -> Any:
        """What `acquire` awaits; a subclass overrides it to bound the wait."""
        return super()._acquire(timeout)

    def _acquire(self, timeout: float | None) -> Any:
        return self.take(timeout)

    async def prepare_session(self, connection: Any) -> None:
        """Called with each new connection; to be overridden."""

    async def _get_new_connection(self) -> Any:
        connection = await super()._get_new_connection()
        try:
            await self.prepare_session(connection)
        except BaseException:
            connection.terminate()
            raise
        return connection

    async def _initialize(self) -> None:
        await super()._initialize()
        self._queue = FairQueue(self._maxsize)
        for holder in self._holders:
            self._queue.put_nowait(holder)

    def count_acquired(self) -> None:
        """Count one, and at the first one start to keep `min_size` connections open."""
        self.acquired += 1
        if self.acquired == 1:
            self._schedule_min_size_maintenance()

    def _schedule_min_size_maintenance(self) -> None:
        if self.acquired:  # before, the callers' own attempts report what is wrong; asyncpg's log a traceback each
            super()._schedule_min_size_maintenance()

    async def _maintain_min_size(self) -> None:
        """Keep `min_size` connections open. asyncpg logs a traceback of 150 lines for each try that fails."""
        pause = RETRY_SECONDS
        try:
            while not self.is_closing() and self.get_size() < self._minsize:
                try:
                    if not await self._open_idle():
                        return
                except Exception as error:  # noqa: BLE001 -- whatever it is, callers get it, too
                    self.report_upkeep(error)
                    await asyncio.sleep(pause)
                    pause = min(2 * pause, RETRY_SECONDS_MAX)
        finally:
            self._maintenance_task = None

    def report_upkeep(self, error: Exception) -> None:
        """Called with the reason why `min_size` connections cannot be kept open, at each try."""

    async def _open_idle(self) -> bool:
        """Open a connection that nobody waits for; False if callers open all that are missing."""
        try:
            holder = cast("Any", self._queue).get_disconnected_nowait()
        except asyncio.QueueEmpty:
            return False
        self.opening = True
        try:
            holder.terminate()  # what is left of the last one
            await holder.connect()
        finally:
            self.opening = False
            cast("Any", self._queue).put_nowait(holder)
        return True

    def expire(self) -> None:
        """Replace all connections: close the idle ones now, the others when they are released."""
        self._generation += 1
        for holder in self._holders:
            if holder.is_idle():
                holder.terminate()

    def has_open_idle(self) -> bool:
        """Whether `acquire`, which takes the last open one, would neither wait nor open a connection."""
        holder = next((each for each in reversed(cast("Any", self._queue)._queue) if each.is_connected()), None)
        return holder is not None and holder._generation == self._generation and self._setup is None

    def release_if_clean(self, connection: Any) -> bool:
        """Take a connection back where asyncpg would do nothing else either; whether it was.

        asyncpg spends a task and a timer on it: a quarter of a small query's CPU.
        """
        holder, session = connection._holder, cast("Any", connection._con)
        if not (
            holder._generation == self._generation
            and session._protocol.queries_count < holder._max_queries
            and session.is_clean()
        ):
            return False
        session._on_release()
        holder._release()
        holder._setup_inactive_callback()
        return True


def slots_in_use(client: Any) -> int:
    """Slots of a client's pool that are handed out, or lost with their connection, which a pool's sizes do not show."""
    pool: Any = client._pool
    return int(pool.get_max_size()) - pool._queue.qsize() - getattr(pool, "opening", 0) if pool and pool._queue else 0


def pool_of(connection: Any) -> Any:
    """The pool that a connection was acquired from; None if it was opened by itself."""
    return connection._holder._pool if type(connection) is PoolConnectionProxy else None


def is_dropped(connection: Any) -> bool:
    """Whether a pool's connection is closed and its slot free already."""
    return connection._con is None
