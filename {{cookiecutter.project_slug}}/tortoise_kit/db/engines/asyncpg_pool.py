"""asyncpg's pool, with a bounded wait for a connection and a reset only of sessions that were touched.

The reset that asyncpg sends at each release is a second round trip: 41 to 48 % of a small query.
"""

import asyncio
import logging
import re
import time
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import asyncpg
from tortoise.backends.base.client import BaseDBAsyncClient

from tortoise_kit.db.engines.asyncpg_failover import FailoverPool
from tortoise_kit.db.errors import ConnectionLost, PoolTimeout
from tortoise_kit.db.translation import translated
from tortoise_kit.sql.recording import instrument, record
from tortoise_kit.upstream.asyncpg import HookedConnection, is_dropped

CLEANUP_SECONDS = 1.0  # a server that responds at all rolls back and resets in milliseconds; the slot waits for it

# Not seen: a SET inside a function. `reset="always"` is for those.
_TOUCHES_SESSION = re.compile(
    r"(?:^|;)\s*(?:/\*.*?\*/\s*)*(?:set\s+(?!local\b|transaction\b|constraints\b)|reset\b|listen\b|declare\b|discard\b"
    r"|create\s+(?:global\s+|local\s+)?temp)|pg_(?:try_)?advisory_lock|set_config\(",
    re.IGNORECASE | re.DOTALL,
)

log = logging.getLogger(__name__)


@lru_cache(maxsize=2048)
def touches_session(query: str) -> bool:
    """Whether a statement may leave something in the session that the next user of the connection would find."""
    return _TOUCHES_SESSION.search(query) is not None


class Connection(HookedConnection):
    """Remembers whether its session was touched since it was clean, and reports its statements."""

    __slots__ = ()

    touches = staticmethod(touches_session)
    instrument = staticmethod(instrument)

    async def execute(self, query: str, *args: Any, timeout: float | None = None) -> str:  # noqa: ASYNC109 -- asyncpg's
        """As asyncpg's."""
        work = super().execute(query, *args, timeout=timeout)
        self.touched |= touches_session(query)
        status: str = await (work if args else instrument(query, work))  # with arguments it is instrumented later
        return status

    async def copy_records_to_table(self, table_name: str, **options: Any) -> Any:
        """As asyncpg's."""
        return await instrument(f'COPY "{table_name}"', super().copy_records_to_table(table_name, **options), many=True)

    async def prepare(self, query: str, **options: Any) -> Any:
        """As asyncpg's; the runs of the prepared statement are not seen."""
        self.touched = True
        return await instrument(query, super().prepare(query, **options))

    def cursor(self, query: str, *args: Any, **options: Any) -> Any:
        """As asyncpg's."""
        record(query)
        return super().cursor(query, *args, **options)

    async def add_listener(self, channel: str, callback: Any) -> None:
        """As asyncpg's."""
        self.touched = True
        await super().add_listener(channel, callback)


async def reset_if_touched(connection: Connection) -> None:
    """Reset the session before its connection goes back to the pool, when there is something to reset."""
    if connection.touched:
        await connection.execute(connection.get_reset_query())
        connection.touched = False  # afterwards: the reset itself would count as a touch


@dataclass(frozen=True, kw_only=True)
class PoolStatus:
    """One pool of one process, now.

    Attributes:
        size: Open connections.
        idle: Open connections that are free.
        in_use: Open connections that are in use.
        waiting: Tasks waiting for a connection; above 0 for long, the pool is too small or queries are slow.
        max_size: Connections at most.
        acquired: Connections handed out since the start.
        acquire_seconds: Total time that callers have waited for them.
    """

    size: int
    idle: int
    in_use: int
    waiting: int
    max_size: int
    acquired: int
    acquire_seconds: float


class Pool(FailoverPool):
    """A pool whose callers wait for a bounded time, and that counts them.

    It opens without its server and connects on demand: while the server is away each caller finds out at once, not one
    after the other behind the opening.

    Args:
        acquire_timeout: Seconds that a caller waits for a connection; None for ever.
        options: As for `asyncpg.create_pool`.
    """

    def __init__(self, *, acquire_timeout: float | None, **options: Any) -> None:
        super().__init__(**options)
        self.acquire_timeout = acquire_timeout
        self._resets_only_touched = options.get("reset") is reset_if_touched
        self._waiting = 0
        self._acquire_seconds = 0.0

    def status(self) -> PoolStatus:
        """The pool's numbers, now."""
        size, idle = self.get_size(), self.get_idle_size()
        return PoolStatus(
            size=size,
            idle=idle,
            in_use=size - idle,
            waiting=self._waiting,
            max_size=self.get_max_size(),
            acquired=self.acquired,
            acquire_seconds=self._acquire_seconds,
        )

    async def take(self, timeout: float | None) -> Any:  # noqa: ASYNC109 -- asyncpg's signature
        """What `acquire` awaits.

        Raises:
            PoolTimeout: All connections were in use for too long.
            ConnectionLost: The server did not accept a connection in time.
        """
        self.leave_read_only_server()
        with translated():
            if self.has_open_idle():
                connection = await super().take(None)  # it does not wait, so no timer has to end it
            else:
                connection = await self._wait(self.acquire_timeout if timeout is None else timeout)
        self.count_acquired()
        return connection

    async def _wait(self, limit: float | None) -> Any:
        begun = time.perf_counter()
        self._waiting += 1
        try:
            return await super().take(limit)
        except TimeoutError as error:
            if self.get_idle_size() == 0 and self.get_size() >= self.get_max_size():
                message = f"No connection became free within {limit} s; all {self.get_max_size()} are in use."
                raise PoolTimeout(message) from error
            message = "The server did not accept a connection in time."
            raise ConnectionLost(message) from error
        finally:
            self._waiting -= 1
            self._acquire_seconds += time.perf_counter() - begun

    async def release(self, connection: Any, *, timeout: float | None = None) -> None:  # noqa: ASYNC109 -- asyncpg's
        """Return a connection in bounded time; one that cannot be reset by then is dropped, which frees its slot.

        A clean one goes back without a wait, so a cancellation cannot interrupt it; the reset of any other goes on
        after its caller is cancelled.
        """
        if is_dropped(connection):
            return
        self.observe(connection)
        if self._resets_only_touched and self.release_if_clean(connection):
            return
        await asyncio.shield(self._reset_and_release(connection, CLEANUP_SECONDS if timeout is None else timeout))

    async def _reset_and_release(self, connection: Any, limit: float) -> None:
        try:
            await super().release(connection, timeout=limit)
        except (TimeoutError, OSError, asyncpg.PostgresError, asyncpg.InterfaceError, asyncpg.InternalClientError):
            log.warning("A connection could not be reset; it is dropped.")


def pool_status(connection: BaseDBAsyncClient) -> PoolStatus | None:
    """The status of a Tortoise connection's pool; None for SQLite, or before the pool is opened."""
    pool = getattr(connection, "_pool", None)
    return pool.status() if isinstance(pool, Pool) else None
