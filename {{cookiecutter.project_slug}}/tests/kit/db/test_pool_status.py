import asyncio
from types import SimpleNamespace
from typing import Any, cast

import asyncpg
from tortoise.backends.base.client import BaseDBAsyncClient

from tortoise_kit.db.pool_status import PoolStatus, pool_status
from tortoise_kit.http.metrics import PoolMetrics


class CountingPool(asyncpg.Pool):  # type: ignore[misc]
    """As a pool that counts its waits has been used for a while."""

    waiting, acquired, acquire_seconds = 2, 5, 0.75


async def connection_of(kind: type[asyncpg.Pool]) -> BaseDBAsyncClient:
    """A connection with a pool of 3 that has not connected yet."""
    options: dict[str, Any] = {
        "min_size": 0,
        "max_size": 3,
        "max_queries": 1,
        "max_inactive_connection_lifetime": 0,
        "connection_class": asyncpg.Connection,
        "record_class": asyncpg.Record,
    }
    pool = kind("postgres://127.0.0.1:1/none", loop=asyncio.get_running_loop(), setup=None, init=None, **options)
    return cast("BaseDBAsyncClient", SimpleNamespace(_pool=pool))


def shown(status: PoolStatus | None) -> dict[str, float]:
    return {sample.name: sample.value for family in PoolMetrics(lambda: status).collect() for sample in family.samples}


async def test_asyncpgs_own_pool_has_its_sizes() -> None:
    status = pool_status(await connection_of(asyncpg.Pool))

    assert status == PoolStatus(size=0, idle=0, in_use=0, waiting=0, max_size=3)


async def test_a_pool_that_counts_its_waits_shows_them() -> None:
    status = pool_status(await connection_of(CountingPool))

    assert status == PoolStatus(size=0, idle=0, in_use=0, waiting=2, max_size=3, acquired=5, acquire_seconds=0.75)
    assert shown(status) == {
        "db_pool_size": 0,
        "db_pool_idle": 0,
        "db_pool_in_use": 0,
        "db_pool_waiting": 2,
        "db_pool_max_size": 3,
        "db_pool_acquire_seconds_count": 5,
        "db_pool_acquire_seconds_sum": 0.75,
    }


async def test_a_connection_without_a_pool_shows_nothing() -> None:
    assert pool_status(cast("BaseDBAsyncClient", SimpleNamespace())) is None
    assert shown(None) == {}
