"""What is private of asyncpg 0.32."""

from typing import Any

from tortoise.backends.asyncpg.client import AsyncpgDBClient


def busy_slots(client: AsyncpgDBClient) -> int:
    """How many slots of a client's pool are in use or lost; 0 while it has no pool.

    asyncpg's public sizes do not count a slot that was lost together with its connection.
    """
    pool: Any = client._pool
    return 0 if pool is None else pool.get_max_size() - pool._queue.qsize()
