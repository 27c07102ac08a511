"""How a connection pool fares, in numbers."""

from dataclasses import dataclass

import asyncpg
from tortoise.backends.base.client import BaseDBAsyncClient


@dataclass(frozen=True, kw_only=True)
class PoolStatus:
    """One pool of one process at one moment.

    Attributes:
        size: Connections that are open.
        idle: Open connections that nobody uses.
        in_use: Open connections that somebody uses.
        waiting: Tasks that wait for a connection; above 0 for long means that the pool is too small, or queries slow.
        max_size: Connections at most.
        acquired: How often a connection was acquired since the start.
        acquire_seconds: How long all these waited for it, together.
    """

    size: int
    idle: int
    in_use: int
    waiting: int
    max_size: int
    acquired: int = 0
    acquire_seconds: float = 0.0


def pool_status(connection: BaseDBAsyncClient) -> PoolStatus | None:
    """The status of a Tortoise connection's pool; None when it has none (SQLite), or none yet.

    asyncpg's own pool does not count who waits; a subclass may, in `waiting`, `acquired` and `acquire_seconds`.
    """
    pool = getattr(connection, "_pool", None)
    if not isinstance(pool, asyncpg.Pool):
        return None
    size, idle = pool.get_size(), pool.get_idle_size()
    return PoolStatus(
        size=size,
        idle=idle,
        in_use=size - idle,
        waiting=getattr(pool, "waiting", 0),
        max_size=pool.get_max_size(),
        acquired=getattr(pool, "acquired", 0),
        acquire_seconds=getattr(pool, "acquire_seconds", 0.0),
    )
