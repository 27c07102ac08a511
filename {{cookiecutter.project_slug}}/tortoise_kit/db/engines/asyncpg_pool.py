"""asyncpg's pool, with a bounded wait for a connection and a reset only of sessions that were touched.

The reset that asyncpg sends at each release is a second round trip: 41 to 48 % of a small query.
"""

import asyncio
import logging
import time
from dataclasses import dataclass
from typing import Any

import asyncpg
from tortoise.backends.base.client import BaseDBAsyncClient

from tortoise_kit.db.engines.asyncpg_connection import Connection
from tortoise_kit.db.engines.asyncpg_failover import FailoverPool, drop
from tortoise_kit.db.engines.sessions import FIND_CHANGING_FUNCTIONS, Touch
from tortoise_kit.db.errors import ConnectionLost, PoolTimeout
from tortoise_kit.db.translation import translated
from tortoise_kit.sql.recording import suppressed
from tortoise_kit.upstream.asyncpg import is_dropped, pool_of

CLEANUP_SECONDS = 1.0  # a server that responds at all rolls back and resets in milliseconds; the slot waits for it

log = logging.getLogger(__name__)


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
        always_reset: Whether to reset a session at each release, or only one that was touched.
        name: For errors.
        options: As for `asyncpg.create_pool`.
    """

    def __init__(
        self, *, acquire_timeout: float | None, always_reset: bool = False, name: str = "", **options: Any
    ) -> None:
        super().__init__(reset=self.reset_session, **options)
        self.acquire_timeout = acquire_timeout
        self.always_reset = always_reset
        self._name = name
        self._waiting = 0
        self._acquire_seconds = 0.0

    def __str__(self) -> str:
        """What an operator knows the pool by; without the password."""
        return self._name or "a pool without a name"

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
        if (owner := pool_of(connection)) is not self:
            await self._reject(connection, owner)
        if is_dropped(connection):
            return
        self.observe(connection)
        if not self.always_reset and self.release_if_clean(connection):
            return
        if connection.touched == Touch.BEYOND_RESET:
            drop(connection)
            return
        await asyncio.shield(self._reset_and_release(connection, CLEANUP_SECONDS if timeout is None else timeout))

    async def _reset_and_release(self, connection: Any, limit: float) -> None:
        try:
            await super().release(connection, timeout=limit)
        except (TimeoutError, OSError, asyncpg.PostgresError, asyncpg.InterfaceError, asyncpg.InternalClientError):
            log.warning("connection.dropped", extra={"reason": "it could not be reset"})

    async def _reject(self, connection: Any, owner: Any) -> None:
        message = f"A connection of {owner or 'no pool'} was released to {self}: it is not a member of this pool."
        if owner is not None:
            await owner.release(connection)  # or else its slot would stay taken
            message += " It was released to its own."
        raise asyncpg.InterfaceError(message)

    async def prepare_session(self, connection: Connection) -> None:
        """Learn whether sessions must be reset even if no statement shows why."""
        with suppressed():
            if not self.always_reset and await connection.execute(FIND_CHANGING_FUNCTIONS) != "SELECT 0":
                log.warning("Functions of the database may change sessions, so %s resets them at each release.", self)
                self.always_reset = True
        connection.touched = Touch.NOTHING

    async def reset_session(self, connection: Connection) -> None:
        """Undo what was left in the session, before its next user has it."""
        touched = connection.touched
        if touched or self.always_reset:
            await connection.execute(connection.get_reset_query())
        if touched == Touch.SCHEMA:
            await self.prepare_session(connection)
        connection.touched = Touch.NOTHING  # afterwards: the reset itself would count as a touch


def pool_status(connection: BaseDBAsyncClient) -> PoolStatus | None:
    """The status of a Tortoise connection's pool; None for SQLite, or before the pool is opened."""
    pool = getattr(connection, "_pool", None)
    return pool.status() if isinstance(pool, Pool) else None
