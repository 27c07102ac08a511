"""asyncpg's pool, with a bounded wait for a connection and a reset only of sessions that were touched.

The reset that asyncpg sends at each release is a second round trip: 41 to 48 % of a small query.
"""

import contextlib
import logging
import re
import time
from functools import lru_cache
from types import TracebackType
from typing import Any

import asyncpg
from tortoise.backends.base.client import PoolConnectionWrapper

from app.kit.errors import ConnectionLost, PoolTimeout, translated
from app.kit.queries import noted, observed

CLEANUP_SECONDS = 2.0  # a server that answers at all rolls back and resets in milliseconds

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


async def reset_if_touched(connection: Connection) -> None:
    """Reset the session before its connection goes back to the pool, when there is something to reset."""
    if connection.touched:
        connection.touched = False
        await connection.execute(connection.get_reset_query())


class Pool(asyncpg.Pool):  # type: ignore[misc]  # asyncpg is untyped
    """A pool whose callers wait for a bounded time, and that counts them.

    Attributes:
        waiting: Callers that wait for a connection now.
        acquired: Connections handed out so far.
        acquire_seconds: What all callers together have waited.
    """

    def __init__(self, *, acquire_timeout: float | None, **options: Any) -> None:
        defaults = {"max_queries": 50_000, "max_inactive_connection_lifetime": 300.0, "record_class": asyncpg.Record}
        super().__init__(**{**defaults, **options})
        self.acquire_timeout = acquire_timeout
        self.waiting = 0
        self.acquired = 0
        self.acquire_seconds = 0.0

    async def _acquire(self, timeout: float | None) -> Any:  # noqa: ASYNC109 -- asyncpg's signature
        limit = self.acquire_timeout if timeout is None else timeout
        begun = time.perf_counter()
        self.waiting += 1
        try:
            with translated():
                connection = await self._acquire_within(limit)
        finally:
            self.waiting -= 1
            self.acquire_seconds += time.perf_counter() - begun
        self.acquired += 1
        return connection

    async def _acquire_within(self, limit: float | None) -> Any:
        try:
            return await super()._acquire(limit)
        except TimeoutError as error:
            if self.get_idle_size() == 0 and self.get_size() >= self.get_max_size():
                message = f"No connection became free within {limit} s; all {self.get_max_size()} are in use."
                raise PoolTimeout(message) from error
            message = "The server did not take a connection in time."
            raise ConnectionLost(message) from error


class Acquired(PoolConnectionWrapper[Any]):
    """A connection for one statement; it goes back in bounded time."""

    async def __aexit__(
        self, exc_type: type[BaseException] | None, exc_val: BaseException | None, exc_tb: TracebackType | None
    ) -> None:
        await release(self.client._pool, self.connection)


async def release(pool: Any, connection: Any) -> None:
    """Give a connection back; one that cannot be reset in time is dropped, and the pool opens another."""
    try:
        await pool.release(connection, timeout=CLEANUP_SECONDS)
    except (TimeoutError, OSError, asyncpg.PostgresError, asyncpg.InterfaceError, asyncpg.InternalClientError):
        log.warning("A connection could not be reset; it is dropped.")


def drop(connection: Any) -> None:
    """Close a connection whose state is unknown; its slot is free at once."""
    with contextlib.suppress(asyncpg.InterfaceError):  # it went away by itself
        connection.terminate()
